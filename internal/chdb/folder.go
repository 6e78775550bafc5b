//go:build linux && amd64

package chdb

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// folderLock is the lease on a data folder. libchdb has a lock of its own,
// but says nothing when it meets it; ours refuses a second process at once,
// before half a gigabyte of library is loaded. The kernel frees it when the
// process dies, however it dies.
type folderLock struct{ file *os.File }

const lockName = "chdb.lock"

// lockFolder makes the folder, readable by its owner only, and locks it.
func lockFolder(path string) (*folderLock, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("chdb: data folder: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(path, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("chdb: data folder: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("%w: %s is locked by another process", ErrInUse, path)
		}
		return nil, fmt.Errorf("chdb: lock of the data folder: %w", err)
	}
	return &folderLock{file}, nil
}

func (l *folderLock) release() { _ = l.file.Close() }

// engineLocked says whether a ClickHouse that does not know our lock, such as
// another program with libchdb, holds the folder: its lock is on the file status.
func engineLocked(path string) bool {
	file, err := os.Open(filepath.Join(path, "status"))
	if err != nil {
		return false
	}
	defer file.Close()
	return errors.Is(syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB), syscall.EWOULDBLOCK)
}
