//go:build unix

package reader

import (
	"os/exec"
	"syscall"
)

// killWithChildren puts the command into a process group of its own, all of
// which dies with it: soffice is a script that starts soffice.bin.
func killWithChildren(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// killChildren ends what the command left behind.
func killChildren(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
}
