package office

import (
	"maps"
	"sync"
	"time"

	"mingjing/internal/intake/document"
)

// ledgerFiles are the files whose columns are being settled: in memory only,
// and not for long.
type ledgerFiles struct {
	mu   sync.Mutex
	held map[string]heldLedger
}

type heldLedger struct {
	doc  *document.Document
	time time.Time
}

// ledgerHeld is how long a file stays in memory; mostHeld how many do.
const (
	ledgerHeld = 20 * time.Minute
	mostHeld   = 8
)

func (l *ledgerFiles) hold(id string, doc *document.Document, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held == nil {
		l.held = map[string]heldLedger{}
	}
	maps.DeleteFunc(l.held, func(_ string, h heldLedger) bool { return now.Sub(h.time) > ledgerHeld })
	for len(l.held) >= mostHeld {
		oldest := ""
		for k, h := range l.held {
			if oldest == "" || h.time.Before(l.held[oldest].time) {
				oldest = k
			}
		}
		delete(l.held, oldest)
	}
	l.held[id] = heldLedger{doc, now}
}

func (l *ledgerFiles) at(id string, now time.Time) *document.Document {
	l.mu.Lock()
	defer l.mu.Unlock()
	if h, ok := l.held[id]; ok && now.Sub(h.time) <= ledgerHeld {
		return h.doc
	}
	delete(l.held, id)
	return nil
}

func (l *ledgerFiles) drop(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.held, id)
}
