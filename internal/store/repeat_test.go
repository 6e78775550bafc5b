package store

import (
	"context"
	"testing"

	"mingjing/internal/disclosure"
)

// An act's id names one act: the same person's, and the same things done.
func TestAnIDThatWasUsedIsRefused(t *testing.T) {
	setting := func(id string, verb Verb, seen uint64) Entry {
		return Entry{Kind: KindSetting, ID: id, Verb: verb, Seen: seen, State: 1}
	}
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		first := anAct(setting("甲", VerbCreate, 0), setting("乙", VerbCreate, 0))
		seq := must[[]Receipt](t)(s.Append(ctx, first))[0].Seq
		later := must[[]Receipt](t)(s.Append(ctx, anAct(setting("甲", VerbChange, seq-1))))[0].Seq
		for _, c := range []struct {
			name    string
			actor   string
			entries []Entry
			repeats bool
		}{
			{"the same", "", first.Entries, true},
			{"part of it", "", first.Entries[:1], true},
			{"what it made was there already", "", []Entry{setting("甲", VerbChange, seq-1)}, true},
			{"another person's", "somebody else", first.Entries, false},
			{"another thing", "", []Entry{setting("丙", VerbCreate, 0)}, false},
			{"another thing besides", "", append([]Entry{setting("丙", VerbCreate, 0)}, first.Entries...), false},
			{"something else done to it", "", []Entry{setting("甲", VerbWithdraw, 0)}, false},
			{"another kind", "", []Entry{{Kind: KindMark, ID: "甲", Verb: VerbCreate, State: 1}}, false},
			{"what came later was seen", "", []Entry{setting("甲", VerbChange, later)}, false},
		} {
			act := Act{ID: first.ID, Actor: tester, Entries: c.entries}
			if c.actor != "" {
				act.Actor.Name = c.actor
			}
			receipts, err := s.Append(ctx, act)
			if c.repeats {
				if err != nil || !receipts[0].Repeated || receipts[0].Seq != seq {
					t.Errorf("%s: %+v, %v", c.name, receipts, err)
				}
			} else if wantCode(t, err, disclosure.ErrConflict); receipts[0].Repeated || receipts[0].Seq != 0 {
				t.Errorf("%s: %+v", c.name, receipts)
			}
		}
		// The same rule within one batch.
		twin, other := anAct(setting("丁", VerbCreate, 0)), anAct(setting("戊", VerbCreate, 0))
		other.ID = twin.ID
		receipts, err := s.Append(ctx, twin, twin, other)
		wantCode(t, err, disclosure.ErrConflict)
		if receipts[0].Err != nil || !receipts[1].Repeated || receipts[2].Err == nil {
			t.Errorf("twins %+v", receipts)
		}
		for _, c := range []struct {
			name  string
			actor string
			part  Part
			done  bool
			want  disclosure.ErrorCode
		}{
			{"by kind", tester.Name, Part{Kind: KindSetting}, true, ""},
			{"by thing", tester.Name, Part{Kind: KindSetting, ID: "乙", Verb: VerbCreate}, true, ""},
			{"another thing", tester.Name, Part{Kind: KindSetting, ID: "丁"}, false, disclosure.ErrConflict},
			{"another person", "somebody else", Part{Kind: KindSetting}, false, disclosure.ErrConflict},
			{"seen later", tester.Name, Part{ID: "甲", Seen: later}, false, disclosure.ErrConflict},
		} {
			if done, err := s.Acted(ctx, first.ID, c.actor, c.part); done != c.done || (err != nil) == done || err != nil && disclosure.CodeOf(err) != c.want {
				t.Errorf("%s: %v, %v", c.name, done, err)
			}
		}
		if done, err := s.Acted(ctx, "never sent", tester.Name, Part{}); done || err != nil {
			t.Errorf("never sent: %v, %v", done, err)
		}
		_, err = s.Acted(ctx, "", tester.Name, Part{})
		wantCode(t, err, disclosure.ErrInvalid)
	})
}
