//go:build !linux

package worker

import "os/exec"

// Elsewhere the Go runtime's own memory limit, the wall time that the parent
// keeps, and the process boundary are what holds.
func restrictSelf(limits) {}

func endOnCPULimit() {}

func allowCPU(int) {}

func separate(*exec.Cmd) {}
