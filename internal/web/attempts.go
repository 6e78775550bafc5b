package web

import (
	"sync"

	"golang.org/x/time/rate"
)

// attempts bounds how often sign-in is tried from one address: a whole office
// may stand behind one, so it is generous; the lock of an account is what stops
// guessing at one person.
type attempts struct {
	mu    sync.Mutex
	tries map[string]*rate.Limiter
}

const (
	attemptsPerSecond = 2
	attemptsAtOnce    = 60
	mostAddresses     = 10_000
)

func (a *attempts) allow(address string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.tries == nil || len(a.tries) > mostAddresses {
		a.tries = map[string]*rate.Limiter{}
	}
	l := a.tries[address]
	if l == nil {
		l = rate.NewLimiter(attemptsPerSecond, attemptsAtOnce)
		a.tries[address] = l
	}
	return l.Allow()
}
