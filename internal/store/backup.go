package store

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"mingjing/internal/disclosure"
)

// Progress hears how far a long task is: rows or files done, of total. nil is
// nobody.
type Progress func(step string, done, total uint64)

func (p Progress) tell(step string, done, total uint64) {
	if p != nil {
		p(step, done, total)
	}
}

// Steps of backup and restore, as Progress hears them.
const (
	StepLog   = "日志"
	StepFiles = "文件"
)

// backupBlock is about how many bytes of the log one member of a backup holds.
const backupBlock = 16 << 20

// Backup writes a backup to path, in place of what is there, while reading and
// writing go on: the log as it stands when it begins, the files it names, what
// people sign in with, and drafts.
// An interrupted backup leaves nothing at path. Error: ErrInvalid when a file
// that the log names is missing.
func (s *Store) Backup(ctx context.Context, path string, progress Progress) (*Manifest, error) {
	partial := path + ".partial"
	f, err := os.OpenFile(partial, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, disclosure.Errorf(disclosure.ErrUnavailable, "不能写备份文件 %s,请检查目录和权限。", path).Because(err)
	}
	defer os.Remove(partial)
	defer f.Close()
	m, err := s.backupTo(ctx, f, progress)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return nil, fileError(err)
	}
	if err := os.Rename(partial, path); err != nil {
		return nil, fileError(err)
	}
	s.noteBackup(ctx, path, m)
	return m, fileError(syncFolder(filepath.Dir(path)))
}

// BackupTo streams a backup, see Backup.
func (s *Store) BackupTo(ctx context.Context, w io.Writer, progress Progress) (*Manifest, error) {
	m, err := s.backupTo(ctx, w, progress)
	if err == nil {
		s.noteBackup(ctx, "", m)
	}
	return m, err
}

func (s *Store) backupTo(ctx context.Context, w io.Writer, progress Progress) (*Manifest, error) {
	engine, err := s.EngineVersion(ctx)
	if err != nil {
		return nil, err
	}
	last, err := s.LastSeq(ctx)
	if err != nil {
		return nil, err
	}
	schema, _, err := s.applied(ctx)
	if err != nil {
		return nil, domainError(err)
	}
	b := &backup{archive: tar.NewWriter(w), progress: progress, files: map[string]bool{},
		manifest: Manifest{Product: backupProduct, Format: backupFormat, Schema: len(schema), Engine: engine,
			Made: s.options.Clock().UTC(), LastSeq: last}}
	if err := b.log(ctx, s, last); err != nil {
		return nil, domainError(err)
	}
	if err := b.beside(ctx, s); err != nil {
		return nil, domainError(err)
	}
	if err := b.namedFiles(ctx, s); err != nil {
		return nil, fileError(err)
	}
	data, err := json.MarshalIndent(b.manifest, "", " ")
	if err != nil {
		return nil, domainError(err)
	}
	if err := errors.Join(b.write(manifestName, data), b.archive.Close()); err != nil {
		return nil, fileError(err)
	}
	return &b.manifest, nil
}

// backup is one being written.
type backup struct {
	archive  *tar.Writer
	manifest Manifest
	files    map[string]bool // sha256 of those that the log names
	progress Progress
}

var namedFile = regexp.MustCompile(`"sha256":"([0-9a-f]{64})"`)

func (b *backup) log(ctx context.Context, s *Store, last uint64) error {
	var total uint64
	if err := s.db.QueryRow(named(ctx, "backup", longRun), "SELECT count() FROM entries WHERE seq <= {to:UInt64}", parameters("to", last)...).Scan(&total); err != nil {
		return err
	}
	rows, err := s.db.Query(named(ctx, "backup", longRun), question("whole_log", ""), parameters("to", last)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	block := newLogBlock()
	flush := func() error {
		if block.rows() == 0 {
			return nil
		}
		data, err := block.encode()
		if err != nil {
			return err
		}
		b.manifest.Rows += uint64(block.rows())
		block = newLogBlock()
		b.progress.tell(StepLog, b.manifest.Rows, total)
		return b.member(fmt.Sprintf("log/%06d.native.zst", len(b.manifest.Members)+1), data)
	}
	for rows.Next() {
		r, err := scanRow(rows)
		if err != nil {
			return err
		}
		for _, m := range namedFile.FindAllStringSubmatch(r.State, -1) {
			b.files[m[1]] = true
		}
		if block.add(r); block.bytes >= backupBlock {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := errors.Join(rows.Err(), flush()); err != nil {
		return err
	}
	if b.manifest.Rows != total {
		return fmt.Errorf("%d rows read, %d counted", b.manifest.Rows, total)
	}
	return nil
}

func (b *backup) namedFiles(ctx context.Context, s *Store) error {
	sums := slices.Sorted(maps.Keys(b.files))
	for i, sum := range sums {
		if err := ctx.Err(); err != nil {
			return domainError(err)
		}
		if err := b.file(s, sum); err != nil {
			return err
		}
		b.progress.tell(StepFiles, uint64(i+1), uint64(len(sums)))
	}
	return nil
}

func (b *backup) file(s *Store, sum string) error {
	if mark, err := s.fileTombstone(sum); mark != nil || err != nil {
		if err != nil {
			return err
		}
		return b.member(tombstonesFolder+sum, mark)
	}
	f, err := s.OpenFile(sum)
	if err != nil {
		return disclosure.Errorf(disclosure.ErrInvalid, "数据目录缺少原始文件 %s…,备份没有完成;请先找回这个文件。", sum[:12]).Because(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := b.archive.WriteHeader(b.header("files/"+sum, info.Size())); err != nil {
		return err
	}
	hash := sha256.New()
	if _, err := io.Copy(io.MultiWriter(b.archive, hash), f); err != nil {
		return err
	}
	if hex.EncodeToString(hash.Sum(nil)) != sum {
		return disclosure.Errorf(disclosure.ErrInvalid, "原始文件 %s… 的内容已损坏,备份没有完成;请先找回这个文件。", sum[:12])
	}
	b.manifest.Members = append(b.manifest.Members, Member{Name: "files/" + sum, Size: info.Size(), SHA256: sum})
	return nil
}

func (b *backup) member(name string, data []byte) error {
	sum := sha256.Sum256(data)
	b.manifest.Members = append(b.manifest.Members, Member{Name: name, Size: int64(len(data)), SHA256: hex.EncodeToString(sum[:])})
	return b.write(name, data)
}

func (b *backup) write(name string, data []byte) error {
	if err := b.archive.WriteHeader(b.header(name, int64(len(data)))); err != nil {
		return err
	}
	_, err := io.Copy(b.archive, bytes.NewReader(data))
	return err
}

func (b *backup) header(name string, size int64) *tar.Header {
	return &tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: b.manifest.Made.Truncate(time.Second), Format: tar.FormatPAX}
}

// backupBeforeMigration makes and verifies a backup in the folder of backups
// before the schema changes, if the disk has room for it twice over.
func (s *Store) backupBeforeMigration(ctx context.Context, from int) error {
	var size uint64
	if err := s.db.QueryRow(named(ctx, "migrate", nil),
		"SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = currentDatabase()").Scan(&size); err != nil {
		return err
	}
	free, err := freeSpace(s.backups)
	if err != nil {
		return err
	}
	if free < 2*size+s.options.MinFree {
		return disclosure.Errorf(disclosure.ErrUnavailable, "磁盘空间不足,升级数据前不能做备份;请先腾出约 %d MB。", (2*size+s.options.MinFree)>>20)
	}
	path := filepath.Join(s.backups, fmt.Sprintf("before-schema-%d.tar", from+1))
	last, err := s.maxSeq(ctx)
	if err != nil {
		return err
	}
	s.lastSeq.Store(last)
	s.changes.noteAll()
	if _, err := s.Backup(ctx, path, nil); err != nil {
		return err
	}
	_, err = VerifyBackup(path)
	return err
}
