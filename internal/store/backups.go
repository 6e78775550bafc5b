package store

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"mingjing/internal/disclosure"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// BackupRecord is a backup that was made of this store, or that it was
// restored from.
type BackupRecord struct {
	Path    string    `json:"path,omitempty"` // "" for one that was streamed to a place unknown
	Made    time.Time `json:"made"`
	LastSeq uint64    `json:"last_seq"`
	Size    int64     `json:"size,omitempty"` // bytes
	Gone    bool      `json:"-"`              // no file is there now
}

// keyBackup begins the keys of backups in the store's memory of itself.
const keyBackup = "backup/"

func (r BackupRecord) metaKey() string {
	return keyBackup + r.Made.UTC().Format("20060102T150405.000") + "/" + r.Path
}

// noteBackup remembers a backup: an erasure names those that hold what it
// erased. A backup that cannot be noted is good all the same.
func (s *Store) noteBackup(ctx context.Context, path string, m *Manifest) {
	if s.options.ReadOnly {
		return
	}
	r := BackupRecord{Path: path, Made: m.Made, LastSeq: m.LastSeq}
	if absolute, err := filepath.Abs(path); err == nil && path != "" {
		r.Path = absolute
	}
	if info, err := os.Stat(path); err == nil {
		r.Size = info.Size()
	}
	data, err := json.Marshal(r)
	if err == nil {
		err = s.writeMeta(ctx, r.metaKey(), string(data))
	}
	if err != nil {
		s.options.Logger.Warn("a backup was made but not noted", "path", path, "error", err)
	}
}

// Backups returns the backups on record and those in the data folder, newest
// first. Files that were moved away are still listed, as gone.
func (s *Store) Backups(ctx context.Context) ([]BackupRecord, error) {
	rows, err := s.db.Query(named(ctx, "backups", nil), question("backups", ""), parameters("prefix", keyBackup)...)
	out, err := collect(rows, err, func(rows driver.Rows) (r BackupRecord, err error) {
		var text string
		if err = rows.Scan(&text); err == nil {
			err = json.Unmarshal([]byte(text), &r)
		}
		return r, err
	})
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for i := range out {
		known[out[i].Path] = true
		if out[i].Path != "" {
			_, err := os.Stat(out[i].Path)
			out[i].Gone = errors.Is(err, os.ErrNotExist)
		}
	}
	files, _ := filepath.Glob(filepath.Join(s.backups, "*.tar")) // the pattern is well-formed
	for _, path := range files {
		if absolute, err := filepath.Abs(path); err == nil {
			path = absolute
		}
		if known[path] {
			continue
		}
		if m, err := readManifest(path); err == nil { // others are no backups
			out = append(out, BackupRecord{Path: path, Made: m.Made, LastSeq: m.LastSeq})
		}
	}
	slices.SortStableFunc(out, func(a, b BackupRecord) int { return b.Made.Compare(a.Made) })
	return out, nil
}

// readManifest reads a backup's manifest alone, without proving the rest.
func readManifest(path string) (*Manifest, error) {
	var m *Manifest
	err := eachMember(path, func(h *tar.Header, r io.Reader) error {
		if h.Name != manifestName {
			return nil
		}
		m = &Manifest{}
		return json.NewDecoder(r).Decode(m)
	})
	if err == nil && m == nil {
		err = errors.New("no manifest")
	}
	return m, err
}

// LastBackup returns the newest backup that is, as far as is known, still
// there. Error: ErrNotFound.
func (s *Store) LastBackup(ctx context.Context) (BackupRecord, error) {
	all, err := s.Backups(ctx)
	if err != nil {
		return BackupRecord{}, err
	}
	for _, b := range all {
		if !b.Gone {
			return b, nil
		}
	}
	return BackupRecord{}, disclosure.Errorf(disclosure.ErrNotFound, "还没有备份,请尽快做一次。")
}

// scheduledName is how BackupInto names its files: by UTC time.
const scheduledName = "mingjing-20060102T150405Z.tar"

// BackupInto makes a backup in a folder, "" for the data folder's own, proves
// that it is whole, and deletes the oldest that it made there beyond keep. It
// returns the backup's path. Errors as of Backup, and ErrInvalid when what was
// written cannot be read back: nothing is deleted then.
func (s *Store) BackupInto(ctx context.Context, folder string, keep int) (string, error) {
	if folder == "" {
		folder = s.backups
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", disclosure.Errorf(disclosure.ErrUnavailable, "不能建立备份目录 %s,请检查权限和磁盘。", folder).Because(err)
	}
	path := filepath.Join(folder, s.options.Clock().UTC().Format(scheduledName))
	if _, err := s.Backup(ctx, path, nil); err != nil {
		return "", err
	}
	if _, err := VerifyBackup(path); err != nil {
		return "", err
	}
	return path, s.pruneBackups(ctx, folder, max(keep, 1))
}

func (s *Store) pruneBackups(ctx context.Context, folder string, keep int) error {
	files, _ := filepath.Glob(filepath.Join(folder, "mingjing-*.tar"))
	files = slices.DeleteFunc(files, func(path string) bool {
		_, err := time.Parse(scheduledName, filepath.Base(path))
		return err != nil
	})
	slices.Sort(files)
	for len(files) > keep {
		if err := os.Remove(files[0]); err != nil {
			return disclosure.Errorf(disclosure.ErrUnavailable, "旧备份 %s 不能删除,请检查权限。", files[0]).Because(err)
		}
		files = files[1:]
	}
	return s.forgetGoneBackups(ctx, folder)
}

// forgetGoneBackups takes files of a folder that are not there any more off
// the record.
func (s *Store) forgetGoneBackups(ctx context.Context, folder string) error {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return fileError(err)
	}
	all, err := s.Backups(ctx)
	if err != nil {
		return err
	}
	for _, b := range all {
		if b.Gone && filepath.Dir(b.Path) == folder {
			if err := s.writeMeta(ctx, b.metaKey(), ""); err != nil {
				return domainError(err)
			}
		}
	}
	return nil
}
