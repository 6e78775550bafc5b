package store

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"mingjing/internal/disclosure"
)

// Waiting is a foreign file that somebody brought and nobody has decided on. It
// lies apart from the kept files: no act names it, no backup holds it, and it
// is gone for good when it is dropped or after waitingAge.
type Waiting struct {
	ID     string          `json:"id"`
	Time   time.Time       `json:"time"`
	Person string          `json:"person"` // account that brought it
	File   SourceFile      `json:"file"`
	State  json.RawMessage `json:"state,omitempty"` // what internal/office keeps of it
}

// waitingAge is how long a file may wait for a decision.
const waitingAge = 24 * time.Hour

// mostWaiting bounds what may wait at once, in files and bytes: two districts'
// worth of reports with pictures.
const (
	mostWaiting      = 2000
	mostWaitingBytes = 8 << 30
)

var waitingID = regexp.MustCompile(`^[0-9a-f-]{36}$`)

func (s *Store) waitingPath(id, kind string) string {
	return filepath.Join(s.files, "waiting", id+kind)
}

// PutWaiting keeps a file until it is decided on; its hash and size are filled
// in. Errors: ErrConflict (too much waits already), ErrForbidden (content that was
// erased), ErrUnavailable.
func (s *Store) PutWaiting(w Waiting, data []byte) (Waiting, error) {
	if s.options.ReadOnly {
		return w, disclosure.Errorf(disclosure.ErrUnavailable, sentenceReadOnly)
	}
	if !waitingID.MatchString(w.ID) {
		return w, disclosure.Errorf(disclosure.ErrInvalid, "页面缺少操作编号,请刷新页面后重试。")
	}
	if err := s.spaceError(); err != nil {
		return w, err
	}
	if err := s.roomForWaiting(int64(len(data))); err != nil {
		return w, err
	}
	sum := sha256.Sum256(data)
	w.File.SHA256, w.File.Size = hex.EncodeToString(sum[:]), int64(len(data))
	if mark, err := s.fileTombstone(w.File.SHA256); mark != nil || err != nil {
		if err == nil {
			err = ErasedContent()
		}
		return w, err
	}
	if err := os.MkdirAll(filepath.Dir(s.waitingPath(w.ID, "")), 0o700); err != nil {
		return w, fileError(err)
	}
	if err := os.WriteFile(s.waitingPath(w.ID, ".data"), data, 0o600); err != nil {
		return w, fileError(err)
	}
	return w, s.ChangeWaiting(w)
}

func (s *Store) roomForWaiting(more int64) error {
	names, err := filepath.Glob(s.waitingPath("*", ".data"))
	if err != nil {
		return fileError(err)
	}
	for _, name := range names {
		if info, err := os.Stat(name); err == nil {
			more += info.Size()
		}
	}
	if len(names) >= mostWaiting || more > mostWaitingBytes {
		return disclosure.Errorf(disclosure.ErrConflict, "等待处理的上传文件已经太多,请先处理或丢弃一些,再上传。")
	}
	return nil
}

// ChangeWaiting keeps what is known of a waiting file. The old state stands
// until the new one is whole.
func (s *Store) ChangeWaiting(w Waiting) error {
	if s.options.ReadOnly {
		return disclosure.Errorf(disclosure.ErrUnavailable, sentenceReadOnly)
	}
	data, err := json.Marshal(w)
	if err != nil {
		return disclosure.Errorf(disclosure.ErrInternal, "上传的文件无法登记,请联系管理员。").Because(err)
	}
	temp, err := os.CreateTemp(filepath.Dir(s.waitingPath(w.ID, "")), "change-*")
	if err != nil {
		return fileError(err)
	}
	defer os.Remove(temp.Name()) // gone already when all went well
	defer temp.Close()
	if _, err := temp.Write(data); err != nil {
		return fileError(err)
	}
	if err := temp.Sync(); err != nil {
		return fileError(err)
	}
	return fileError(os.Rename(temp.Name(), s.waitingPath(w.ID, ".json")))
}

// WaitingFile returns one file that waits. Error: ErrNotFound when it was decided
// on, dropped, or has waited too long.
func (s *Store) WaitingFile(id string) (Waiting, error) {
	var w Waiting
	gone := disclosure.Errorf(disclosure.ErrNotFound, "这个上传的文件已经处理、丢弃或超过一天没有确认,请重新上传。")
	if !waitingID.MatchString(id) {
		return w, gone
	}
	data, err := os.ReadFile(s.waitingPath(id, ".json"))
	if errors.Is(err, os.ErrNotExist) {
		return w, gone
	}
	if err != nil {
		return w, fileError(err)
	}
	if err := json.Unmarshal(data, &w); err != nil {
		return w, disclosure.Errorf(disclosure.ErrInternal, "上传的文件登记损坏,请重新上传。").Because(err)
	}
	if s.options.Clock().Sub(w.Time) > waitingAge {
		s.removeWaiting(id)
		return w, gone
	}
	return w, nil
}

// WaitingData is the content of a file that waits. Error: ErrNotFound.
func (s *Store) WaitingData(id string) ([]byte, error) {
	if _, err := s.WaitingFile(id); err != nil {
		return nil, err
	}
	f, err := os.Open(s.waitingPath(id, ".data"))
	if err != nil {
		return nil, fileError(err)
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	return data, fileError(err)
}

// AllWaiting lists the files that wait, oldest first, and removes those that
// have waited too long.
func (s *Store) AllWaiting() ([]Waiting, error) {
	names, err := filepath.Glob(s.waitingPath("*", ".json"))
	if err != nil {
		return nil, fileError(err)
	}
	var out []Waiting
	for _, name := range names {
		w, err := s.WaitingFile(strings.TrimSuffix(filepath.Base(name), ".json"))
		if err != nil {
			continue // decided on meanwhile, or too old
		}
		out = append(out, w)
	}
	s.removeOrphans()
	slices.SortFunc(out, func(a, b Waiting) int {
		return cmp.Or(a.Time.Compare(b.Time), strings.Compare(a.File.Name, b.File.Name), strings.Compare(a.ID, b.ID))
	})
	return out, nil
}

// removeOrphans removes contents whose registration is gone: what a killed
// process left.
func (s *Store) removeOrphans() {
	names, _ := filepath.Glob(s.waitingPath("*", ".data")) // the pattern is well-formed
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil || time.Since(info.ModTime()) < waitingAge {
			continue
		}
		id := strings.TrimSuffix(filepath.Base(name), ".data")
		if _, err := os.Stat(s.waitingPath(id, ".json")); errors.Is(err, os.ErrNotExist) {
			_ = os.Remove(name)
		}
	}
}

// EmptyWaiting removes the content of a file that waits; that it came stays
// known for its day.
func (s *Store) EmptyWaiting(id string) error {
	if !waitingID.MatchString(id) {
		return nil
	}
	if s.options.ReadOnly {
		return disclosure.Errorf(disclosure.ErrUnavailable, sentenceReadOnly)
	}
	if err := os.Truncate(s.waitingPath(id, ".data"), 0); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fileError(err)
	}
	return nil
}

// DropWaiting forgets a file that waits; none is no error.
func (s *Store) DropWaiting(id string) error {
	if !waitingID.MatchString(id) {
		return nil
	}
	if s.options.ReadOnly {
		return disclosure.Errorf(disclosure.ErrUnavailable, sentenceReadOnly)
	}
	s.removeWaiting(id)
	return nil
}

func (s *Store) removeWaiting(id string) {
	if s.options.ReadOnly {
		return
	}
	for _, kind := range []string{".json", ".data"} {
		if err := os.Remove(s.waitingPath(id, kind)); err != nil && !errors.Is(err, os.ErrNotExist) {
			s.options.Logger.Warn("a waiting file cannot be removed", "id", id, "error", err)
		}
	}
}
