package store

import (
	"context"
	"fmt"
	"sync"
	"time"

	"mingjing/internal/disclosure"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// One insert holds at most so many acts and about so many bytes.
const (
	mostActs  = 500
	mostBytes = 64 << 20
)

// seqs holds an epoch in its high 16 bits: see guard.
const epochShift = 48

// longRun is for statements that may take longer than a question.
var longRun = clickhouse.Settings{"max_execution_time": 3600}

// writer is the one goroutine that appends to the log. Everything that decides
// whether an act may be appended happens in it, one batch after the other.
type writer struct {
	*queue[*appendRequest]
	store *Store

	// Owned by the goroutine, and by newWriter before it runs.
	lastInLog  uint64 // where the log stood at start
	epoch      uint32 // of this writer on a server, 0 embedded
	seq        uint64 // last one given
	projected  uint64 // up to here the projections are known to hold the log
	watermark  uint64 // up to here the store knows that they do
	behind     error  // why projections may lack what the log has; nil: they do not
	exclusions *exclusions
	spaceAt    time.Time
	spaceErr   error

	numbers struct {
		sync.Mutex
		last uint32 // last unit number given
	}
	health struct {
		sync.Mutex
		behind, space error
	}
}

// appendRequest is a call of Append on its way.
type appendRequest struct {
	task     func(context.Context) error // runs in place of acts
	ctx      context.Context
	acts     []Act
	receipts []Receipt
	err      error // of the request as a whole
	done     chan struct{}
}

func newWriter(ctx context.Context, s *Store) (*writer, error) {
	w := &writer{queue: newQueue[*appendRequest](mostActs), store: s}
	if err := w.recover(ctx); err != nil {
		w.kill()
		return nil, err
	}
	return w, nil
}

// run takes requests until the writer is stopped and none is waiting.
func (w *writer) run() {
	defer close(w.ended)
	var held *appendRequest
	for {
		first := held
		held = nil
		if first == nil {
			var open bool
			if first, open = <-w.requests; !open {
				w.saveWatermark(true)
				return
			}
		}
		requests := []*appendRequest{first}
		acts := len(first.acts)
	waiting:
		for acts < mostActs {
			select {
			case r, open := <-w.requests:
				if !open {
					break waiting
				}
				if acts+len(r.acts) > mostActs {
					held = r
					break waiting
				}
				requests = append(requests, r)
				acts += len(r.acts)
			default:
				break waiting
			}
		}
		w.serve(requests)
	}
}

// Append appends acts to the log and returns when they and their projections
// are in place. Each act stands alone: it is appended whole or refused, and
// its receipt says which (Err); the error returned is the first of them. Acts
// that wait at the same time share an insert.
//
// Errors: ErrConflict (an entity changed since it was seen; the same entity
// created twice), ErrInvalid (values that cannot be kept), ErrUnavailable
// (read-only, disk full, engine gone). After ErrUnavailable, and after ctx
// ended, the act may stand in the log: appending it again with its ID is safe.
func (s *Store) Append(ctx context.Context, acts ...Act) ([]Receipt, error) {
	if s.writer == nil {
		return nil, disclosure.Errorf(disclosure.ErrUnavailable, sentenceReadOnly)
	}
	r := &appendRequest{ctx: ctx, acts: acts, receipts: make([]Receipt, len(acts)), done: make(chan struct{})}
	if err := s.writer.hand(ctx, r); err != nil {
		return nil, err
	}
	select {
	case <-r.done:
	case <-ctx.Done():
		return nil, domainError(ctx.Err())
	}
	if r.err != nil {
		return r.receipts, r.err
	}
	for _, receipt := range r.receipts {
		if receipt.Err != nil {
			return r.receipts, receipt.Err
		}
	}
	return r.receipts, nil
}

// serve appends what the requests hold and answers them.
func (w *writer) serve(requests []*appendRequest) {
	defer func() {
		for _, r := range requests {
			close(r.done)
		}
	}()
	fail := func(err error) {
		for _, r := range requests {
			if r.task == nil {
				r.err = err
			}
		}
	}
	defer func() {
		// A fault of ours must not take the writer, and with it the store, away.
		if p := recover(); p != nil {
			w.setBehind(fmt.Errorf("panic in the writer: %v", p))
			fail(disclosure.Errorf(disclosure.ErrInternal, "写入时出现内部错误,请把请求编号告诉管理员。").Because(fmt.Errorf("%v", p)))
		}
	}()
	for _, r := range requests {
		if r.task != nil {
			r.err = r.task(r.ctx)
		}
	}
	ctx, cancel := context.WithTimeout(w.life, 2*time.Minute)
	defer cancel()
	if err := w.ready(ctx); err != nil {
		fail(err)
		return
	}
	var pending []*pendingAct
	for _, r := range requests {
		if r.ctx.Err() != nil { // nobody waits for it any more
			r.err = domainError(r.ctx.Err())
			continue
		}
		for i := range r.acts {
			pending = append(pending, &pendingAct{act: &r.acts[i], receipt: &r.receipts[i]})
		}
	}
	for len(pending) > 0 {
		n := min(len(pending), mostActs)
		n, err := w.appendBatch(ctx, pending[:n])
		if err != nil {
			for _, p := range pending {
				if p.receipt.Seq == 0 && p.receipt.Err == nil {
					p.receipt.ActID, p.receipt.Err = p.act.ID, err
				}
			}
			return
		}
		pending = pending[n:]
	}
}

// ready says why nothing can be appended now: the disk is full, another writer
// took over, or projections are behind and cannot be repaired.
func (w *writer) ready(ctx context.Context) error {
	if err := w.checkSpace(); err != nil {
		return err
	}
	if err := w.checkLease(ctx); err != nil {
		return err
	}
	if w.behind == nil {
		return nil
	}
	if err := w.repair(ctx); err != nil {
		return disclosure.Errorf(disclosure.ErrUnavailable, "汇总数据落后于日志,补齐之前暂不能写入;请稍后重试,重试不会重复写入。").Because(err)
	}
	return nil
}

func (w *writer) setBehind(err error) {
	w.behind = err
	w.health.Lock()
	w.health.behind = err
	w.health.Unlock()
}

// whileNothingIsAppended runs task in the writer, between two appends; without
// a writer (while opening) at once.
func (s *Store) whileNothingIsAppended(ctx context.Context, task func(context.Context) error) error {
	if s.writer == nil {
		return task(ctx)
	}
	r := &appendRequest{ctx: ctx, task: task, done: make(chan struct{})}
	if err := s.writer.hand(ctx, r); err != nil {
		return err
	}
	<-r.done
	return r.err
}
