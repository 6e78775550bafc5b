//go:build !linux

package store

// syncDisk has nothing to do: the embedded engine runs on Linux only.
func syncDisk(string) error { return nil }
