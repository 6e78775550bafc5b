package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"mingjing/internal/disclosure"
)

// erasedMark is what the name of a file's tombstone ends with.
const erasedMark = ".erased"

// eraseFile removes a file's content; a tombstone says so to who opens it.
func (s *Store) eraseFile(sum string, t Tombstone) error {
	data, err := json.Marshal(t)
	if err != nil {
		return err
	}
	if err := s.putTombstone(sum, data); err != nil {
		return err
	}
	if err := os.Remove(s.filePath(sum)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fileError(err)
	}
	return fileError(syncFolder(filepath.Dir(s.filePath(sum))))
}

// eraseWaiting removes the uploads of the same content that wait for a decision.
func (s *Store) eraseWaiting(sums []string) error {
	if len(sums) == 0 {
		return nil
	}
	all, err := s.AllWaiting()
	if err != nil {
		return err
	}
	for _, w := range all {
		if slices.Contains(sums, w.File.SHA256) {
			for _, kind := range []string{".data", ".json"} { // the registration last: what breaks off is found again
				if err := os.Remove(s.waitingPath(w.ID, kind)); err != nil && !errors.Is(err, os.ErrNotExist) {
					return fileError(err)
				}
			}
		}
	}
	return nil
}

// FileErased says whether a kept file was erased.
func (s *Store) FileErased(sum string) bool {
	if !sha256Name.MatchString(sum) {
		return false
	}
	mark, err := s.fileTombstone(sum)
	return mark != nil && err == nil
}

func (s *Store) putTombstone(sum string, data []byte) error {
	folder := filepath.Dir(s.filePath(sum))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fileError(err)
	}
	temp, err := os.CreateTemp(s.files, incoming)
	if err != nil {
		return fileError(err)
	}
	defer os.Remove(temp.Name()) // gone already when all went well
	_, err = temp.Write(data)
	if err := errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return fileError(err)
	}
	return fileError(errors.Join(os.Rename(temp.Name(), s.filePath(sum)+erasedMark), syncFolder(folder), syncFolder(s.files)))
}

// fileTombstone is what stands in place of a file that was erased, nil for others.
func (s *Store) fileTombstone(sum string) ([]byte, error) {
	data, err := os.ReadFile(s.filePath(sum) + erasedMark)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return data, fileError(err)
}

// eraseDrafts deletes drafts with all their versions, the removed ones too.
func (s *Store) eraseDrafts(ctx context.Context, drafts []DraftName) error {
	if len(drafts) == 0 {
		return nil
	}
	var which []string
	for _, d := range drafts {
		which = append(which, fmt.Sprintf("unit = %d AND year = %d AND quarter = %d", d.Unit, d.Period.Year, d.Period.Quarter))
	}
	condition := strings.Join(which, " OR ")
	if s.drafter == nil { // while opening: heads are read afterwards
		return s.deleteDrafts(ctx, condition)
	}
	_, err := s.askDrafter(ctx, draftRequest{task: func(ctx context.Context) error {
		if err := s.deleteDrafts(ctx, condition); err != nil {
			return err
		}
		return s.drafter.readHeads(ctx)
	}})
	return err
}

// oldPartsWait is how long removeOldParts waits for the engine.
const oldPartsWait = time.Minute

// removeOldParts has the engine delete what mutations and merges left behind
// of the tables that hold content: it keeps old parts for minutes, the text of
// mutations (with states in it) for ever, and a table's cleaning sleeps for
// half a minute.
func (s *Store) removeOldParts(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(named(ctx, "remove old parts", longRun), oldPartsWait)
	defer cancel()
	tables := []string{"log", "secret_drafts", "checks", "entity_states"}
	onCluster := s.dialect.words()[3]
	for _, table := range tables {
		if err := s.db.Exec(ctx, "ALTER TABLE "+table+" "+onCluster+" MODIFY SETTING old_parts_lifetime = 0, finished_mutations_to_keep = 1"); err != nil {
			return err
		}
		defer func() {
			err := s.db.Exec(context.WithoutCancel(ctx), "ALTER TABLE "+table+" "+onCluster+" RESET SETTING old_parts_lifetime, finished_mutations_to_keep")
			if err != nil {
				s.options.Logger.Warn("the lifetime of old parts is not what it was", "table", table, "error", err)
			}
		}()
	}
	// The engine keeps a table's last mutation, so one follows that does nothing.
	if err := s.db.Exec(ctx, "ALTER TABLE log DELETE WHERE seq = 0 AND 0 SETTINGS mutations_sync = 2"); err != nil {
		return err
	}
	for {
		var left uint64
		if err := s.db.QueryRow(ctx, question("old_parts", ""), parameters("tables", tables)...).Scan(&left); err != nil {
			return err
		}
		if left == 0 {
			return nil
		}
		for _, table := range tables { // stopping and starting wakes it
			for _, verb := range []string{"STOP", "START"} {
				if err := s.db.Exec(ctx, "SYSTEM "+verb+" CLEANUP "+onCluster+" "+table); err != nil {
					return err
				}
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d parts and mutations: %w", left, ctx.Err())
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// backupsBefore names the backups made before an erasure that hold what it
// erased.
func (s *Store) backupsBefore(ctx context.Context, ordered uint64, e *Erased) ([]BackupRecord, error) {
	all, err := s.Backups(ctx)
	if err != nil {
		return nil, err
	}
	first := uint64(0) // files and drafts may be in any
	if len(e.Files)+len(e.Drafts) == 0 && len(e.Rows) > 0 {
		first = e.Rows[0].Seq
	}
	var out []BackupRecord
	for _, b := range all {
		if b.LastSeq >= first && b.LastSeq < ordered && !b.Gone {
			out = append(out, b)
		}
	}
	return out, nil
}

// ErasedContent refuses content that was erased: it is never put again.
func ErasedContent() error {
	return disclosure.Errorf(disclosure.ErrForbidden, "这个文件的内容此前已按规定清除,不能再次上传,请换用不含该内容的文件。")
}

func erasedFile() error {
	return disclosure.Errorf(disclosure.ErrNotFound, "这个文件的内容已清除,只留有清除记录。")
}
