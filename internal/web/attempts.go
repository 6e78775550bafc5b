package web

import (
	"sync"

	"golang.org/x/time/rate"
)

// limiter bounds how often something is done under a name.
type limiter struct {
	perSecond rate.Limit
	atOnce    int
	mu        sync.Mutex
	tries     map[string]*rate.Limiter
}

// newAttempts bounds how often sign-in is tried from one address: a whole office
// may stand behind one, so it is generous; the lock of an account is what stops
// guessing at one person.
func newAttempts() *limiter { return &limiter{perSecond: 2, atOnce: 60} }

// newPace bounds what one person asks for: far more than a page with its parts,
// far less than a script that pulls everything.
func newPace() *limiter { return &limiter{perSecond: 50, atOnce: 200} }

const mostNames = 10_000

func (a *limiter) allow(name string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.tries == nil || len(a.tries) > mostNames {
		a.tries = map[string]*rate.Limiter{}
	}
	l := a.tries[name]
	if l == nil {
		l = rate.NewLimiter(a.perSecond, a.atOnce)
		a.tries[name] = l
	}
	return l.Allow()
}
