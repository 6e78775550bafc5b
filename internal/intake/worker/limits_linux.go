package worker

import (
	"math"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// restrictedVariable marks the second start of a child, under landlock.
const restrictedVariable = "MINGJING_WORKER_RESTRICTED"

// maxCached is the largest file in the cache; pdfium compiled is some 30 MB.
const maxCached = 256 << 20

// restrictSelf takes rights from this process for good.
//
//   - RLIMIT_DATA bounds private writable memory; the Go runtime dies of "out
//     of memory" at it. RLIMIT_AS would count the address space that Go and
//     WebAssembly reserve without using it.
//   - No core files, which would hold the report; no large files in the cache.
//   - landlock as far as the kernel knows it, see landlockThread.
//
// Landlock binds a thread, and threads that exist already stay free. The
// binary loads its engine with purego, under which Go cannot make a system
// call on all threads (go-landlock then fails, best effort or not: tried). So
// one thread restricts itself and starts the binary anew: execve ends all other
// threads, and every thread of the new image inherits the restriction.
func restrictSelf(l limits) {
	if os.Getenv(restrictedVariable) != "" {
		return
	}
	if l.MemoryBytes > 0 {
		hard := uint64(l.MemoryBytes + l.MemoryBytes/4) // see endOnMemoryLimit
		limit := unix.Rlimit{Cur: hard, Max: hard}
		_ = unix.Setrlimit(unix.RLIMIT_DATA, &limit)
	}
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	written := unix.Rlimit{Cur: maxCached, Max: maxCached}
	if l.CacheDir == "" {
		written = unix.Rlimit{}
	}
	_ = unix.Setrlimit(unix.RLIMIT_FSIZE, &written)
	self, err := os.Executable()
	if err != nil {
		return
	}
	// Runs on a goroutine of its own that never gives its thread back: should
	// execve fail, the child serves on its other threads without landlock.
	failed := make(chan struct{})
	go func() {
		runtime.LockOSThread()
		if landlockThread(l, self) {
			_ = syscall.Exec(self, os.Args, append(os.Environ(), restrictedVariable+"=1"))
		}
		close(failed)
		select {}
	}()
	<-failed
}

// endOnCPULimit ends this process at SIGXCPU, which the Go runtime would ignore.
// A hard limit would kill without it, but could not be raised for the next file.
func endOnCPULimit() {
	spent := make(chan os.Signal, 1)
	signal.Notify(spent, unix.SIGXCPU)
	go func() {
		<-spent
		os.Stderr.WriteString("SIGXCPU: processor time is used up\n")
		os.Exit(3)
	}()
}

// allowCPU lets this process use so many more seconds of processor time. The
// limit of the kernel counts from the process's start.
func allowCPU(seconds int) {
	if seconds <= 0 {
		return
	}
	var used unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &used) != nil {
		return
	}
	spent := int64(used.Utime.Sec) + int64(used.Stime.Sec)
	_ = unix.Setrlimit(unix.RLIMIT_CPU, &unix.Rlimit{Cur: uint64(spent + int64(seconds) + 1), Max: math.MaxUint64})
}

// separate keeps a terminal's Ctrl-C from reaching the child: the parent ends
// what it has in hand first.
func separate(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}
