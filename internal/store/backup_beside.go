package store

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/klauspost/compress/zstd"
)

// Besides the log a backup holds what people sign in with and the drafts as
// they stand: credentials/000001.json.zst and drafts/000001.json.zst and on,
// each a list.

const (
	credentialsFolder = "credentials/"
	draftsFolder      = "drafts/"
	// tombstonesFolder holds what stands in place of files that were erased.
	tombstonesFolder = "erased/"
	// besideSince is the schema with which their tables came.
	besideSince = 3
)

// beside adds them to a backup.
func (b *backup) beside(ctx context.Context, s *Store) error {
	if b.manifest.Schema < besideSince { // made before the migration that makes the tables
		return nil
	}
	rows, err := s.db.Query(named(ctx, "backup", longRun), question("secrets", ""), parameters("person", "")...)
	if err := addList(b, credentialsFolder, rows, err, scanSecret); err != nil {
		return err
	}
	rows, err = s.db.Query(named(ctx, "backup", longRun), question("standing_drafts", ""))
	return addList(b, draftsFolder, rows, err, func(rows driver.Rows) (Draft, error) {
		d, err := scanDraft(rows)
		return d.Draft, err
	})
}

// addList adds an answer as lists of about backupBlock bytes.
func addList[T any](b *backup, folder string, rows driver.Rows, err error, scan func(driver.Rows) (T, error)) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	var list []json.RawMessage
	size, members := 0, 0
	flush := func() error {
		if len(list) == 0 {
			return nil
		}
		data, err := json.Marshal(list)
		if err != nil {
			return err
		}
		packer, err := zstd.NewWriter(nil)
		if err != nil {
			return err
		}
		defer packer.Close()
		members++
		list, size = nil, 0
		return b.member(fmt.Sprintf("%s%06d.json.zst", folder, members), packer.EncodeAll(data, nil))
	}
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return err
		}
		data, err := json.Marshal(v)
		if err != nil {
			return err
		}
		list = append(list, data)
		if size += len(data); size >= backupBlock {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return flush()
}

// restoreBeside takes one member of a backup back, if it is one of these.
func (s *Store) restoreBeside(ctx context.Context, name string, r io.Reader) error {
	ctx = named(ctx, "restore", longRun)
	switch {
	case strings.HasPrefix(name, tombstonesFolder):
		sum := strings.TrimPrefix(name, tombstonesFolder)
		if !sha256Name.MatchString(sum) {
			return damaged(fmt.Errorf("%s names no file", name))
		}
		mark, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		return s.putTombstone(sum, mark)
	case strings.HasPrefix(name, credentialsFolder):
		secrets, err := readList[Secret](name, r)
		if err != nil {
			return err
		}
		return s.insertSecrets(ctx, secrets)
	case strings.HasPrefix(name, draftsFolder):
		drafts, err := readList[Draft](name, r)
		if err != nil {
			return err
		}
		var rows []draftRow
		for _, d := range drafts {
			rows = append(rows, draftRow{Draft: d, slot: recentSlots})
		}
		return s.insertDrafts(ctx, rows)
	}
	return nil
}

func readList[T any](name string, r io.Reader) ([]T, error) {
	unpacker, err := zstd.NewReader(r)
	if err != nil {
		return nil, err
	}
	defer unpacker.Close()
	var out []T
	if err := json.NewDecoder(unpacker).Decode(&out); err != nil {
		return nil, damaged(fmt.Errorf("%s: %w", name, err))
	}
	return out, nil
}
