package store

import (
	"context"
	"fmt"
	"os"
	"strings"

	"mingjing/internal/disclosure"
)

// takeLease makes this process the one writer. The embedded engine's lease is
// the lock on its folder. On a server it is a row of the guard with an epoch
// of its own: the seqs that this writer gives begin there, and rows that an
// older writer appends afterwards are known by their epoch and left out.
func (w *writer) takeLease(ctx context.Context) (err error) {
	s := w.store
	if w.lastInLog, err = s.maxSeq(ctx); err != nil {
		return err
	}
	w.seq = w.lastInLog
	if !s.dialect.server {
		return nil
	}
	taken, err := s.lastEpoch(ctx)
	if err != nil {
		return err
	}
	w.epoch = max(taken, uint32(w.lastInLog>>epochShift)) + 1
	host, _ := os.Hostname() // only a hint for people who look
	err = s.db.Exec(named(ctx, "lease", nil), "INSERT INTO guard SELECT {epoch:UInt32}, {after:UInt64}, {holder:String}, {at:DateTime64(3, 'UTC')}",
		parameters("epoch", w.epoch, "after", w.lastInLog, "holder", fmt.Sprintf("%s:%d", host, os.Getpid()), "at", clickhouseTime(s.options.Clock()))...)
	if err != nil {
		return err
	}
	// What the last writer appended until its rows were refused counts still:
	// nothing of it is beyond what the guard says, so look once more.
	w.seq = uint64(w.epoch) << epochShift
	return w.checkLease(ctx)
}

// checkLease refuses to write when another writer took the lease.
func (w *writer) checkLease(ctx context.Context) error {
	if w.epoch == 0 {
		return nil
	}
	taken, err := w.store.lastEpoch(ctx)
	if err != nil {
		return domainError(err)
	}
	if taken != w.epoch {
		return disclosure.Errorf(disclosure.ErrUnavailable, "另一个明镜进程已接管写入,本进程不再写入;请只保留一个可写进程。").
			Because(fmt.Errorf("epoch %d, taken %d", w.epoch, taken))
	}
	return nil
}

func (s *Store) lastEpoch(ctx context.Context) (uint32, error) {
	var epoch uint32
	err := s.db.QueryRow(named(ctx, "lease", nil), "SELECT max(epoch) FROM guard").Scan(&epoch)
	return epoch, err
}

// bootID names the machine's current boot, "" where the system does not tell.
func bootID() string {
	data, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}
