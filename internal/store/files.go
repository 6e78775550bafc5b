package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"mingjing/internal/disclosure"
)

// Files (originals, evidence, published documents) lie under their sha256 and
// are never overwritten. They are written and synced before the act that names
// them is appended.

var sha256Name = regexp.MustCompile(`^[0-9a-f]{64}$`)

// incoming is how files are named until they are whole.
const incoming = "incoming-*"

func (s *Store) filePath(sum string) string {
	return filepath.Join(s.files, sum[:2], sum)
}

// incomingAge is how old a file on its way must be to be one that a process
// left behind when it was killed: others may be filling theirs.
const incomingAge = 24 * time.Hour

// removeLeftFiles removes what killed processes left of files on their way.
func (s *Store) removeLeftFiles() {
	left, _ := filepath.Glob(filepath.Join(s.files, incoming)) // the pattern is well-formed
	for _, name := range left {
		info, err := os.Stat(name)
		if err != nil || time.Since(info.ModTime()) < incomingAge {
			continue
		}
		if err := os.Remove(name); err != nil {
			s.options.Logger.Warn("a file left half written cannot be removed", "file", name, "error", err)
		}
	}
}

// PutFile keeps what r holds and returns its name, the sha256 in hex, and its
// size in bytes. When it returns, the file survives a power cut. Putting the
// same content again changes nothing. Error: ErrForbidden for content that was
// erased (清除).
func (s *Store) PutFile(r io.Reader) (sum string, size int64, err error) {
	if s.options.ReadOnly {
		return "", 0, disclosure.Errorf(disclosure.ErrUnavailable, sentenceReadOnly)
	}
	if err := s.spaceError(); err != nil {
		return "", 0, err
	}
	temp, err := os.CreateTemp(s.files, incoming)
	if err != nil {
		return "", 0, fileError(err)
	}
	defer os.Remove(temp.Name()) // gone already when all went well
	defer temp.Close()
	hash := sha256.New()
	if size, err = io.Copy(io.MultiWriter(temp, hash), r); err != nil {
		return "", 0, fileError(err)
	}
	if err := temp.Sync(); err != nil {
		return "", 0, fileError(err)
	}
	sum = hex.EncodeToString(hash.Sum(nil))
	if mark, err := s.fileTombstone(sum); mark != nil || err != nil {
		if err == nil {
			err = ErasedContent()
		}
		return "", 0, err
	}
	target := s.filePath(sum)
	if _, err := os.Stat(target); err == nil {
		return sum, size, nil
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return "", 0, fileError(err)
	}
	if err := os.Chmod(temp.Name(), 0o400); err != nil {
		return "", 0, fileError(err)
	}
	if err := os.Rename(temp.Name(), target); err != nil {
		return "", 0, fileError(err)
	}
	for _, folder := range []string{filepath.Dir(target), s.files} {
		if err := syncFolder(folder); err != nil {
			return "", 0, fileError(err)
		}
	}
	return sum, size, nil
}

// OpenFile opens a kept file for reading; the caller closes it.
// Error: ErrNotFound, also for one that was erased (清除).
func (s *Store) OpenFile(sum string) (*os.File, error) {
	if !sha256Name.MatchString(sum) {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有这个文件。")
	}
	if mark, err := s.fileTombstone(sum); mark != nil || err != nil {
		if err == nil {
			err = erasedFile()
		}
		return nil, err
	}
	f, err := os.Open(s.filePath(sum))
	if errors.Is(err, os.ErrNotExist) {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有这个文件,数据目录可能不完整。").Because(err)
	}
	return f, fileError(err)
}

// syncFolder makes a rename in the folder survive a power cut.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

func fileError(err error) error {
	if err == nil {
		return nil
	}
	if e := domainError(err); disclosure.CodeOf(e) != disclosure.ErrInternal {
		return e
	}
	return disclosure.Errorf(disclosure.ErrUnavailable, "读写数据目录失败,请检查磁盘和权限。").Because(err)
}
