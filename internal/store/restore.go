package store

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"mingjing/internal/disclosure"
)

// Restore fills an empty store, embedded or on a server, from a backup and
// closes it again. Errors: ErrConflict when the store holds anything;
// ErrInvalid when the backup is damaged or from a newer version, found before
// anything is written; a restore that breaks off leaves a store that Open refuses.
func Restore(ctx context.Context, options Options, path string, progress Progress) (*Manifest, error) {
	m, err := VerifyBackup(path)
	if err != nil {
		return nil, err
	}
	if options.Temporary || options.ReadOnly {
		return nil, disclosure.Errorf(disclosure.ErrInternal, "不能恢复到临时或只读的库。")
	}
	s, err := open(ctx, options, purposeRestore)
	if err != nil {
		return nil, err
	}
	err = s.restore(ctx, path, m, progress)
	return m, errors.Join(domainError(err), s.Close())
}

func (s *Store) restore(ctx context.Context, path string, m *Manifest, progress Progress) error {
	if err := s.requireEmpty(ctx); err != nil {
		return err
	}
	if err := s.writeMeta(ctx, keyRestoring, "1"); err != nil {
		return err
	}
	// Files first: no row may name a file that is not there.
	if err := s.restoreFiles(path, m, progress); err != nil {
		return err
	}
	rows, last := uint64(0), uint64(0)
	err := eachMember(path, func(h *tar.Header, r io.Reader) error {
		if !strings.HasPrefix(h.Name, "log/") {
			return s.restoreBeside(ctx, h.Name, r)
		}
		block, err := decodeLogBlock(r)
		if err != nil {
			return damaged(fmt.Errorf("%s: %w", h.Name, err))
		}
		for _, r := range block {
			if r.Seq <= last {
				return damaged(fmt.Errorf("%s: seq %d after %d", h.Name, r.Seq, last))
			}
			last = r.Seq
		}
		if err := s.insertRows(named(ctx, "restore", longRun), block); err != nil {
			return err
		}
		rows += uint64(len(block))
		progress.tell(StepLog, rows, m.Rows)
		return nil
	})
	if err != nil {
		return err
	}
	if rows != m.Rows || last != m.LastSeq {
		return damaged(fmt.Errorf("%d rows to seq %d, the manifest says %d to %d", rows, last, m.Rows, m.LastSeq))
	}
	s.noteBackup(ctx, path, m)
	return s.writeMeta(ctx, keyRestoring, "")
}

// requireEmpty refuses a store that holds anything. A guard row of a server's
// store that was opened but never written would condemn the rows restored, so
// it goes.
func (s *Store) requireEmpty(ctx context.Context) error {
	var rows uint64
	if err := s.db.QueryRow(named(ctx, "restore", nil), "SELECT count() FROM log").Scan(&rows); err != nil {
		return err
	}
	if rows > 0 {
		return disclosure.Errorf(disclosure.ErrConflict, "只能恢复到空的数据目录或数据库,这里已有数据;请换一个。")
	}
	return s.db.Exec(named(ctx, "restore", nil), "TRUNCATE TABLE guard "+s.dialect.words()[3])
}

func (s *Store) restoreFiles(path string, m *Manifest, progress Progress) error {
	total := uint64(0)
	for _, member := range m.Members {
		if strings.HasPrefix(member.Name, "files/") {
			total++
		}
	}
	done := uint64(0)
	return eachMember(path, func(h *tar.Header, r io.Reader) error {
		sum, isFile := strings.CutPrefix(h.Name, "files/")
		if !isFile {
			return nil
		}
		got, _, err := s.PutFile(r)
		if err != nil {
			return err
		}
		if got != sum {
			return damaged(fmt.Errorf("%s holds %s", h.Name, got))
		}
		done++
		progress.tell(StepFiles, done, total)
		return nil
	})
}
