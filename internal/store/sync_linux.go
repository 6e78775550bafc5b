package store

import (
	"os"

	"golang.org/x/sys/unix"
)

// syncDisk writes out everything that the system still holds back for the file
// system at path.
func syncDisk(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return unix.Syncfs(int(f.Fd()))
}
