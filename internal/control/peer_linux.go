package control

import (
	"net"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"

	"golang.org/x/sys/unix"
)

var umask sync.Mutex

// listenPrivately makes the socket with mode 0600 from its first moment on.
func listenPrivately(path string) (net.Listener, error) {
	address, done, err := reachable(path)
	if err != nil {
		return nil, err
	}
	defer done()
	umask.Lock()
	defer umask.Unlock()
	old := unix.Umask(0o177)
	defer unix.Umask(old)
	l, err := net.Listen("unix", address)
	if u, ok := l.(*net.UnixListener); ok {
		u.SetUnlinkOnClose(false) // Close knows the path by which it can be reached
	}
	return l, err
}

// maxSocketPath is what sun_path holds, less the closing NUL.
const maxSocketPath = 107

// reachable gives a name for the socket that fits into an address: a folder
// deep down is opened and named by its descriptor. done lets go of it.
func reachable(path string) (address string, done func(), err error) {
	if len(path) <= maxSocketPath {
		return path, func() {}, nil
	}
	fd, err := unix.Open(filepath.Dir(path), unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return "", nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	return "/proc/self/fd/" + strconv.Itoa(fd) + "/" + filepath.Base(path), func() { _ = unix.Close(fd) }, nil
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
