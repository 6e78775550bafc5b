package store

import (
	"context"
	"sync"

	"mingjing/internal/disclosure"
)

// queue hands requests to the one goroutine that serves them, until it is
// stopped; what was handed over by then is still served.
type queue[R any] struct {
	requests chan R
	ended    chan struct{} // closed by the goroutine when it ends
	// life ends what the goroutine runs in the engine, when the store is closed
	// under a statement that does not end.
	life context.Context
	kill context.CancelFunc

	gate    sync.RWMutex // held for reading while a request is handed over
	stopped bool
}

// newQueue makes a queue in which so many requests can wait.
func newQueue[R any](most int) *queue[R] {
	q := &queue[R]{requests: make(chan R, most), ended: make(chan struct{})}
	q.life, q.kill = context.WithCancel(context.Background())
	return q
}

// hand gives r to the goroutine. Error: ErrUnavailable.
func (q *queue[R]) hand(ctx context.Context, r R) error {
	q.gate.RLock()
	defer q.gate.RUnlock()
	if q.stopped {
		return disclosure.Errorf(disclosure.ErrUnavailable, sentenceClosed)
	}
	select {
	case q.requests <- r:
		return nil
	case <-ctx.Done():
		return domainError(ctx.Err())
	}
}

// stop ends the goroutine after what it has taken.
func (q *queue[R]) stop() {
	q.gate.Lock()
	already := q.stopped
	q.stopped = true
	q.gate.Unlock()
	if !already {
		close(q.requests)
	}
	<-q.ended
	q.kill()
}
