package control

import (
	"net"
	"os/user"
	"strconv"
	"sync"

	"golang.org/x/sys/unix"
)

var umask sync.Mutex

// listenPrivately makes the socket with mode 0600 from its first moment on.
func listenPrivately(path string) (net.Listener, error) {
	umask.Lock()
	defer umask.Unlock()
	old := unix.Umask(0o177)
	defer unix.Umask(old)
	return net.Listen("unix", path)
}

// peerUser names the user at the other end, as the kernel knows it.
func peerUser(c net.Conn) string {
	u, ok := c.(*net.UnixConn)
	if !ok {
		return ""
	}
	raw, err := u.SyscallConn()
	if err != nil {
		return ""
	}
	var cred *unix.Ucred
	if err := raw.Control(func(fd uintptr) { cred, err = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED) }); err != nil || cred == nil {
		return ""
	}
	uid := strconv.Itoa(int(cred.Uid))
	if p, err := user.LookupId(uid); err == nil {
		return p.Username
	}
	return "uid:" + uid
}
