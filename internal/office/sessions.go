package office

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"mingjing/internal/store"
)

// Sessions keeps who is signed in: in memory, and in the store so that a
// restart signs nobody out. Only hashes of tokens are kept. It has the methods
// that alexedwards/scs asks of a store, with contexts.
//
// A session's data is JSON with the fields of SessionFacts. A new session and
// its end are stored at once; that it was used, in one batch by Flush.
type Sessions struct {
	store *store.Store
	mu    sync.Mutex
	rows  map[string]*session
	// ended are those that ended before their time: a request that was under
	// way meanwhile must not bring its session back.
	ended map[string]time.Time // by hash, until when they would have been good
}

// SessionFacts is what a session's data says to the office.
type SessionFacts struct {
	Account string    `json:"account"`
	Since   time.Time `json:"since"`
	Address string    `json:"address,omitempty"`
	Agent   string    `json:"agent,omitempty"` // the browser, as it calls itself
}

// OpenSession is one of a person's sessions, as the person is shown it.
type OpenSession struct {
	ID string // the hash of its token
	SessionFacts
	Expiry time.Time
}

type session struct {
	account string
	data    []byte
	expiry  time.Time
	unsaved bool // used since it was stored
}

// loadSessions reads who was signed in when the process ended.
func loadSessions(ctx context.Context, s *store.Store) (*Sessions, error) {
	rows, err := s.LiveSessions(ctx)
	if err != nil {
		return nil, err
	}
	k := &Sessions{store: s, rows: map[string]*session{}, ended: map[string]time.Time{}}
	for _, r := range rows {
		k.rows[r.Hash] = &session{account: r.Person, data: r.Data, expiry: r.Expiry}
	}
	return k, nil
}

// Sessions returns the office's sessions; loaded at the first call.
func (o *Office) Sessions(ctx context.Context) (*Sessions, error) {
	o.sessionsOnce.Lock()
	defer o.sessionsOnce.Unlock()
	if o.sessions != nil {
		return o.sessions, nil
	}
	k, err := loadSessions(ctx, o.store)
	if err != nil {
		return nil, err
	}
	o.sessions = k
	return k, nil
}

func (o *Office) endSessions(ctx context.Context, account string) error {
	k, err := o.Sessions(ctx)
	if err != nil {
		return err
	}
	return k.End(ctx, account)
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// FindCtx returns a session's data.
func (k *Sessions) FindCtx(_ context.Context, token string) ([]byte, bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	s := k.rows[hashToken(token)]
	if s == nil || time.Now().After(s.expiry) {
		return nil, false, nil
	}
	return s.data, true, nil
}

// CommitCtx keeps a session. It is stored at once when it is new or its person
// changed.
func (k *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	var says SessionFacts
	if err := json.Unmarshal(data, &says); err != nil {
		return err
	}
	hash := hashToken(token)
	k.mu.Lock()
	if _, over := k.ended[hash]; over {
		k.mu.Unlock()
		return nil
	}
	old := k.rows[hash]
	k.rows[hash] = &session{account: says.Account, data: data, expiry: expiry, unsaved: true}
	k.mu.Unlock()
	if old != nil && old.account == says.Account {
		return nil
	}
	return k.put(ctx, store.SessionRow{Hash: hash, Person: says.Account, Data: data, Expiry: expiry})
}

// DeleteCtx ends a session.
func (k *Sessions) DeleteCtx(ctx context.Context, token string) error {
	hash := hashToken(token)
	k.mu.Lock()
	s := k.rows[hash]
	row := k.end(hash, s)
	k.mu.Unlock()
	if s == nil {
		return nil
	}
	return k.put(ctx, row)
}

// mostSession is longer than any session lasts.
const mostSession = 24 * time.Hour

// end takes a session out and gives the row that says so. The caller holds mu.
func (k *Sessions) end(hash string, s *session) store.SessionRow {
	delete(k.rows, hash)
	k.ended[hash] = time.Now().Add(mostSession)
	if s == nil {
		return store.SessionRow{}
	}
	return store.SessionRow{Hash: hash, Person: s.account, Expiry: s.expiry, Ended: true}
}

func (k *Sessions) put(ctx context.Context, rows ...store.SessionRow) error {
	if len(rows) == 0 {
		return nil
	}
	return k.store.PutSessions(ctx, rows)
}

// End ends every session of an account.
func (k *Sessions) End(ctx context.Context, account string) error {
	return k.endWhere(ctx, func(_ string, s *session) bool { return s.account == account })
}

// EndOne ends one of an account's sessions, by its ID.
func (k *Sessions) EndOne(ctx context.Context, account, id string) error {
	return k.endWhere(ctx, func(hash string, s *session) bool { return s.account == account && hash == id })
}

// EndOthers ends an account's sessions but that of a token.
func (k *Sessions) EndOthers(ctx context.Context, account, token string) error {
	own := hashToken(token)
	return k.endWhere(ctx, func(hash string, s *session) bool { return s.account == account && hash != own })
}

func (k *Sessions) endWhere(ctx context.Context, which func(hash string, s *session) bool) error {
	var ended []store.SessionRow
	k.mu.Lock()
	for hash, s := range k.rows {
		if which(hash, s) {
			ended = append(ended, k.end(hash, s))
		}
	}
	k.mu.Unlock()
	return k.put(ctx, ended...)
}

// Of lists an account's sessions, the newest first. own is the one of a token.
func (k *Sessions) Of(account, token string) (list []OpenSession, own string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for hash, s := range k.rows {
		if s.account != account || time.Now().After(s.expiry) {
			continue
		}
		open := OpenSession{ID: hash, Expiry: s.expiry}
		_ = json.Unmarshal(s.data, &open.SessionFacts) // CommitCtx has read it before
		list = append(list, open)
	}
	slices.SortFunc(list, func(a, b OpenSession) int { return cmp.Or(b.Since.Compare(a.Since), cmp.Compare(a.ID, b.ID)) })
	return list, hashToken(token)
}

// Flush stores until when the sessions last used are good, and forgets those
// that ended by themselves.
func (k *Sessions) Flush(ctx context.Context) error {
	var rows []store.SessionRow
	k.mu.Lock()
	for hash, s := range k.rows {
		switch {
		case time.Now().After(s.expiry):
			delete(k.rows, hash)
		case s.unsaved:
			s.unsaved = false
			rows = append(rows, store.SessionRow{Hash: hash, Person: s.account, Data: s.data, Expiry: s.expiry})
		}
	}
	for hash, until := range k.ended {
		if time.Now().After(until) {
			delete(k.ended, hash)
		}
	}
	k.mu.Unlock()
	return k.put(ctx, rows...)
}

// Without contexts, as scs asks too.

// Find is FindCtx.
func (k *Sessions) Find(token string) ([]byte, bool, error) {
	return k.FindCtx(context.Background(), token)
}

// Commit is CommitCtx.
func (k *Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return k.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx.
func (k *Sessions) Delete(token string) error { return k.DeleteCtx(context.Background(), token) }
