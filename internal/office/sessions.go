package office

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"sync"
	"time"

	"mingjing/internal/store"
)

// Sessions keeps who is signed in: in memory, and in the store so that a
// restart signs nobody out. Only hashes of tokens are kept. It has the methods
// that alexedwards/scs asks of a store, with contexts.
//
// A session's data is JSON with the field "account". A new session and its end
// are stored at once; that it was used, in one batch by Flush.
type Sessions struct {
	store *store.Store
	mu    sync.Mutex
	rows  map[string]*session
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
	k := &Sessions{store: s, rows: map[string]*session{}}
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
	var says struct {
		Account string `json:"account"`
	}
	if err := json.Unmarshal(data, &says); err != nil {
		return err
	}
	hash := hashToken(token)
	k.mu.Lock()
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
	delete(k.rows, hash)
	k.mu.Unlock()
	if s == nil {
		return nil
	}
	return k.put(ctx, store.SessionRow{Hash: hash, Person: s.account, Expiry: s.expiry, Ended: true})
}

func (k *Sessions) put(ctx context.Context, rows ...store.SessionRow) error {
	if len(rows) == 0 {
		return nil
	}
	return k.store.PutSessions(ctx, rows)
}

// End ends every session of an account.
func (k *Sessions) End(ctx context.Context, account string) error {
	var ended []store.SessionRow
	k.mu.Lock()
	for hash, s := range k.rows {
		if s.account == account {
			ended = append(ended, store.SessionRow{Hash: hash, Person: account, Expiry: s.expiry, Ended: true})
			delete(k.rows, hash)
		}
	}
	k.mu.Unlock()
	return k.put(ctx, ended...)
}

// Count is how many sessions an account has now.
func (k *Sessions) Count(account string) int {
	k.mu.Lock()
	defer k.mu.Unlock()
	n := 0
	for _, s := range k.rows {
		if s.account == account && time.Now().Before(s.expiry) {
			n++
		}
	}
	return n
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
