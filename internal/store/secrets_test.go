package store

import (
	"context"
	"testing"
	"time"

	"mingjing/internal/disclosure"
)

func TestSecrets(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		_, err := s.Secret(ctx, "zhang")
		wantCode(t, err, disclosure.ErrNotFound)
		put := func(c Secret) error { return s.PutSecret(ctx, c) }
		wantCode(t, put(Secret{Person: "zhang", Hash: "a", Version: 1}), disclosure.ErrConflict)
		if err := put(Secret{Person: "zhang", Hash: "a"}); err != nil {
			t.Fatal(err)
		}
		seen := must[Secret](t)(s.Secret(ctx, "zhang"))
		if seen.Hash != "a" || seen.TOTP != nil || seen.Version != 1 || !seen.Changed.Equal(testDay) {
			t.Fatalf("secret %+v", seen)
		}
		if err := put(Secret{Person: "zhang", Hash: "b"}); err != nil {
			t.Fatal(err)
		}
		wantCode(t, put(seen), disclosure.ErrConflict)
		seen = must[Secret](t)(s.Secret(ctx, "zhang"))
		seen.TOTP = []byte("k")
		if err := put(seen); err != nil {
			t.Fatal(err)
		}
		if got := must[Secret](t)(s.Secret(ctx, "zhang")); got.Hash != "b" || string(got.TOTP) != "k" {
			t.Fatalf("secret %+v", got)
		}
		wantCode(t, put(Secret{Hash: "x"}), disclosure.ErrInternal)
	})
}

func TestSessions(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		_, err := s.Session(ctx, "s1")
		wantCode(t, err, disclosure.ErrNotFound)
		_, err = s.Session(ctx, "")
		wantCode(t, err, disclosure.ErrNotFound)
		put := func(list ...SessionRow) {
			t.Helper()
			if err := s.PutSessions(ctx, list); err != nil {
				t.Fatal(err)
			}
		}
		row := func(hash, data string, hours int, ended bool) SessionRow {
			return SessionRow{Hash: hash, Person: "zhang", Data: []byte(data), Expiry: testDay.Add(time.Duration(hours) * time.Hour), Ended: ended}
		}
		put()
		put(row("s1", "1", 1, false), row("s2", "1", 9, false), row("s3", "1", -1, false))
		put(row("s1", "2", 2, false), row("s2", "2", 9, true))
		put(row("s2", "late", 9, false)) // the last-seen of a session that ended meanwhile
		if got := must[SessionRow](t)(s.Session(ctx, "s1")); string(got.Data) != "2" || got.Ended || !got.Expiry.Equal(testDay.Add(2*time.Hour)) || got.Person != "zhang" {
			t.Errorf("session %+v", got)
		}
		if got := must[SessionRow](t)(s.Session(ctx, "s2")); !got.Ended || string(got.Data) != "2" {
			t.Errorf("a session that ended came back: %+v", got)
		}
		if live := must[[]SessionRow](t)(s.LiveSessions(ctx)); len(live) != 1 || live[0].Hash != "s1" {
			t.Errorf("live %+v", live)
		}
		s.options.Clock = func() time.Time { return testDay.AddDate(0, 0, 2) }
		put(row("s4", "1", 99, false))
		_, err = s.Session(ctx, "s1") // expired ones are deleted once a day
		wantCode(t, err, disclosure.ErrNotFound)
		if live := must[[]SessionRow](t)(s.LiveSessions(ctx)); len(live) != 1 || live[0].Hash != "s4" {
			t.Errorf("live %+v", live)
		}
	})
}
