package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"mingjing/internal/disclosure"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// A log row and its projections are no atom: a process that dies between them,
// or a view that fails, leaves the log ahead. The log is the truth. The store
// therefore remembers a watermark, a seq up to which the projections are known
// to hold the log, and projects everything beyond it once more at start and
// whenever an append ends in anything but success. Projecting a row twice
// changes nothing: its copies collapse.

// watermarkEvery is after how many rows of the log the watermark moves.
const watermarkEvery = 1000

const keyWatermark = "watermark"

// recover brings the writer to where the log stands, taking the lease first.
func (w *writer) recover(ctx context.Context) error {
	s := w.store
	if err := w.takeLease(ctx); err != nil {
		return err
	}
	value, err := s.readMeta(ctx, keyWatermark)
	if err != nil {
		return err
	}
	seq, boot := parseWatermark(value)
	if seq > w.lastInLog {
		return disclosure.Errorf(disclosure.ErrUnavailable, "日志比上次关闭时短,数据可能已损坏;请从备份恢复。").
			Because(fmt.Errorf("watermark %d, last seq %d", seq, w.lastInLog))
	}
	switch {
	case boot != "" && boot != bootID() && !s.dialect.server:
		// The machine went down under an open store. Projections are not synced,
		// so parts of them may be gone however old they are.
		if _, err := s.rebuild(ctx); err != nil {
			return err
		}
	case seq < w.lastInLog:
		s.options.Logger.Info("projecting what the log is ahead by", "from", seq+1, "to", w.lastInLog)
		if err := s.reproject(ctx, seq+1); err != nil {
			return err
		}
	}
	if w.exclusions, err = loadExclusions(ctx, s); err != nil {
		return err
	}
	w.projected = w.lastInLog
	s.lastSeq.Store(w.lastInLog)
	if err := s.db.QueryRow(named(ctx, "units", nil), question("last_unit", "")).Scan(&w.numbers.last); err != nil {
		return err
	}
	return w.saveWatermark(false)
}

// advance notes that projections hold the log up to seq.
func (w *writer) advance(seq uint64) {
	w.projected = seq
	if w.projected-w.watermark < watermarkEvery {
		return
	}
	if err := w.saveWatermark(false); err != nil {
		// Only a longer repair at the next start.
		w.store.options.Logger.Warn("watermark not saved", "error", err)
	}
}

// saveWatermark writes how far the projections hold the log. A clean one names
// no boot of the machine: what was written before it is on the disk.
func (w *writer) saveWatermark(clean bool) error {
	ctx, cancel := context.WithTimeout(w.life, 30*time.Second)
	defer cancel()
	if err := w.checkLease(ctx); err != nil {
		return err // the watermark is its successor's, and of rows that count
	}
	boot := bootID()
	if clean && syncDisk(w.store.files) == nil {
		boot = ""
	}
	if err := w.store.writeMeta(ctx, keyWatermark, strconv.FormatUint(w.projected, 10)+" "+boot); err != nil {
		return err
	}
	w.watermark = w.projected
	return nil
}

func parseWatermark(value string) (seq uint64, boot string) {
	_, _ = fmt.Sscan(value, &seq, &boot) // "" and a clean one leave the rest empty
	return seq, boot
}

// readBack settles an append that did not end well: rows first to last may
// stand in the log or not, and cause is what was heard.
func (w *writer) readBack(first, last uint64, cause error) error {
	ctx, cancel := context.WithTimeout(w.life, time.Minute)
	defer cancel()
	s := w.store
	s.options.Logger.Error("an append did not end well", "first", first, "last", last, "error", cause)
	found, err := s.maxSeq(ctx)
	if err != nil {
		// The next append, or the next start, asks again.
		return disclosure.Errorf(disclosure.ErrUnavailable, "写入是否成功尚不清楚,请稍后重试;重试不会重复写入。").Because(errors.Join(cause, err))
	}
	w.seq = max(w.seq, found)
	inLog := found >= last // the block is the atom: all of it is there or nothing
	if err := w.repair(ctx); err != nil && inLog {
		return disclosure.Errorf(disclosure.ErrUnavailable, "内容已记入日志,但汇总数据还没有更新;系统会自动补齐,请稍后重试,重试不会重复写入。").Because(errors.Join(cause, err))
	}
	if inLog {
		return nil
	}
	return domainError(cause)
}

// repair projects what the log has beyond what is known to be projected.
func (w *writer) repair(ctx context.Context) error {
	err := w.projectRest(ctx)
	w.setBehind(err)
	return err
}

func (w *writer) projectRest(ctx context.Context) error {
	s := w.store
	found, err := s.maxSeq(ctx)
	if err != nil {
		return err
	}
	w.seq = max(w.seq, found)
	if err := s.reproject(ctx, w.projected+1); err != nil {
		return err
	}
	if w.exclusions, err = loadExclusions(ctx, s); err != nil {
		return err
	}
	// Not w.seq: on a server that may be beyond all that was ever appended.
	w.projected = found
	s.lastSeq.Store(found)
	s.changes.noteAll()
	return nil
}

// maxSeq asks the log where it stands.
func (s *Store) maxSeq(ctx context.Context) (uint64, error) {
	var seq uint64
	err := s.db.QueryRow(named(ctx, "last seq", nil), question("last_seq", "")).Scan(&seq)
	return seq, err
}

// LastSeq is the log's last seq: what caches of figures go by, see Version.
func (s *Store) LastSeq(ctx context.Context) (uint64, error) {
	if s.writer != nil {
		return s.lastSeq.Load(), nil
	}
	seq, err := s.maxSeq(ctx)
	return seq, domainError(err)
}

func (s *Store) readMeta(ctx context.Context, key string) (string, error) {
	rows, err := s.db.Query(named(ctx, "meta", nil), "SELECT value FROM meta FINAL WHERE key = {key:String}", parameters("key", key)...)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var value string
	for rows.Next() {
		if err := rows.Scan(&value); err != nil {
			return "", err
		}
	}
	return value, rows.Err()
}

func (s *Store) writeMeta(ctx context.Context, key, value string) error {
	return s.db.Exec(named(ctx, "meta", clickhouse.Settings{"max_execution_time": 30}),
		"INSERT INTO meta SELECT {key:String}, {value:String}, (SELECT max(version) + 1 FROM meta WHERE key = {key:String})", parameters("key", key, "value", value)...)
}
