package web

import (
	"crypto/rand"
	"sync"
	"time"

	"mingjing/internal/issue"
	"mingjing/internal/office"
)

// batchOutcome is what an act on several issues did and left.
type batchOutcome struct {
	act   issue.Act
	batch *office.IssueBatch
}

// outcomes keep for a short while what an act on several issues came to, for the
// page that its sender is led to.
type outcomes struct {
	mu   sync.Mutex
	held map[string]heldOutcome
}

type heldOutcome struct {
	batchOutcome
	account string
	until   time.Time
}

const (
	outcomeTime  = 10 * time.Minute
	mostOutcomes = 500
)

func (o *outcomes) put(account string, b batchOutcome, now time.Time) (id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for id, h := range o.held {
		if now.After(h.until) {
			delete(o.held, id)
		}
	}
	if o.held == nil || len(o.held) >= mostOutcomes {
		o.held = map[string]heldOutcome{}
	}
	id = rand.Text()
	o.held[id] = heldOutcome{batchOutcome: b, account: account, until: now.Add(outcomeTime)}
	return id
}

// get is the outcome of an account's act; ok is false when it is gone or another's.
func (o *outcomes) get(account, id string, now time.Time) (b batchOutcome, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	h, ok := o.held[id]
	return h.batchOutcome, ok && h.account == account && !now.After(h.until)
}
