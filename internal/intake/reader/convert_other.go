//go:build !unix

package reader

import "os/exec"

// killWithChildren: without process groups the command alone is killed.
func killWithChildren(*exec.Cmd) {}

func killChildren(*exec.Cmd) {}
