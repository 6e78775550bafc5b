package office

import (
	"crypto/rand"
	"sync"
	"time"
)

// After so many failures in a row an account is locked for a while.
const (
	mostFailures = 5
	lockTime     = 15 * time.Minute
)

var zeroTime time.Time

// signIns counts tries by account, known or not: a guesser must not learn from
// a lock which accounts there are. Counts are lost at a restart; the locks of
// accounts stand in the log.
type signIns struct {
	mu      sync.Mutex
	tries   map[string]int
	until   map[string]time.Time // locks
	pending map[string]pendingSignIn
}

// pendingSignIn is a person whose password was right and whose code is waited for.
type pendingSignIn struct {
	account string
	expiry  time.Time
}

// codeTime is how long a code is waited for.
const codeTime = 5 * time.Minute

// begin counts a try before it is made, so that tries at the same moment
// cannot be more than are allowed. It returns until when the name is locked.
func (s *signIns) begin(account string, now time.Time) (locked time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tries == nil || len(s.tries) > 10_000 { // names that guessers make up must not fill the memory
		s.tries, s.until = map[string]int{}, map[string]time.Time{}
	}
	if until, ok := s.until[account]; ok {
		if now.Before(until) {
			return until
		}
		delete(s.until, account)
		delete(s.tries, account)
	}
	if s.tries[account] >= mostFailures { // as many are being looked at now
		return now.Add(lockTime)
	}
	s.tries[account]++
	return zeroTime
}

// failed says whether the try that failed is the one that locks the name.
func (s *signIns) failed(account string, now time.Time) (locks bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tries[account] < mostFailures {
		return false
	}
	s.until[account] = now.Add(lockTime)
	return true
}

// undo takes a try back that was no failure.
func (s *signIns) undo(account string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tries[account] > 0 {
		s.tries[account]--
	}
}

func (s *signIns) forget(account string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.tries, account)
	delete(s.until, account)
}

// wait keeps that a person's code is waited for, under a name that nobody can guess.
func (s *signIns) wait(account string, now time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for step, p := range s.pending {
		if now.After(p.expiry) {
			delete(s.pending, step)
		}
	}
	if s.pending == nil {
		s.pending = map[string]pendingSignIn{}
	}
	step := rand.Text()
	s.pending[step] = pendingSignIn{account, now.Add(codeTime)}
	return step
}

func (s *signIns) waited(step string, now time.Time) (account string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.pending[step]
	return p.account, ok && now.Before(p.expiry)
}

func (s *signIns) done(step string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.pending, step)
}
