package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"mingjing/internal/disclosure"
)

// The states of people and marks as they stand, by id, and what was before.
func TestStatesAreTheLatest(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		_, err := s.State(ctx, KindPerson, "zhang")
		wantCode(t, err, disclosure.ErrNotFound)
		person := func(id, name string, seen uint64, verb Verb) uint64 {
			return must[[]Receipt](t)(s.Append(ctx, anAct(Entry{Kind: KindPerson, ID: id, Verb: verb, Seen: seen, State: map[string]string{"name": name}, Unit: 7, Year: 2023})))[0].Seq
		}
		first := person("zhang", "张三", 0, VerbCreate)
		person("li", "李四", 0, VerbCreate)
		last := person("zhang", "张三丰", first, VerbChange)
		got := must[[]LogEntry](t)(s.States(ctx, KindPerson))
		if len(got) != 2 || got[0].ID != "li" || got[1].ID != "zhang" || string(got[1].State) != `{"name":"张三丰"}` {
			t.Fatalf("states %+v", got)
		}
		one := must[LogEntry](t)(s.State(ctx, KindPerson, "zhang"))
		if one.Seq != last || one.Seen != first || one.Unit != 7 || one.Year != 2023 || one.Verb != VerbChange || one.Actor != tester || !one.Time.Equal(testDay) {
			t.Errorf("state %+v", one)
		}
		if latest := must[LogEntry](t)(s.Latest(ctx, KindPerson, "zhang")); fmt.Sprintf("%+v", latest) != fmt.Sprintf("%+v", one) {
			t.Errorf("state %+v, latest entry %+v", one, latest)
		}
		before := must[LogEntry](t)(s.Before(ctx, one))
		if before.Seq != first || string(before.State) != `{"name":"张三"}` {
			t.Errorf("before %+v", before)
		}
		_, err = s.Before(ctx, before)
		wantCode(t, err, disclosure.ErrNotFound)
		if none := must[[]LogEntry](t)(s.States(ctx, KindSeal)); len(none) != 0 {
			t.Errorf("seals %+v", none)
		}
		if d := must[[]Difference](t)(s.Rebuild(ctx)); len(d) != 0 {
			t.Errorf("projections differ: %+v", d)
		}
	})
}

func TestEntriesAreFiltered(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		var day time.Duration
		s.options.Clock = func() time.Time { return testDay.Add(day * 24 * time.Hour) }
		add := func(actor string, e Entry) uint64 {
			act := anAct(e)
			act.Actor.Name = actor
			day++
			return must[[]Receipt](t)(s.Append(ctx, act))[0].Seq
		}
		add("zhang", Entry{Kind: KindPerson, ID: "zhang", Verb: VerbSignIn, State: "从 10.0.0.1"})
		second := add("li", Entry{Kind: KindMark, ID: "m1", Verb: VerbMark, State: map[string]string{"reason": "Explained <A&B>"}, Unit: 3})
		add("li", Entry{Kind: KindSeal, ID: "2023", Verb: VerbCreate, State: nil, Year: 2023})
		add("zhang", unitEntry(disclosure.Unit{Number: 3, Name: "甲局"}, 0))
		for name, c := range map[string]struct {
			filter EntryFilter
			want   []string
		}{
			"all":            {EntryFilter{}, []string{"zhang", "m1", "2023", "3"}},
			"newest":         {EntryFilter{Newest: true, Limit: 2}, []string{"3", "2023"}},
			"page":           {EntryFilter{Newest: true, Limit: 2, Before: second + 1}, []string{"m1", "zhang"}},
			"first page":     {EntryFilter{Newest: true, Before: 1}, nil},
			"kinds":          {EntryFilter{Kinds: []EntityKind{KindMark, KindSeal}}, []string{"m1", "2023"}},
			"no kinds":       {EntryFilter{Kinds: []EntityKind{}}, nil},
			"actor":          {EntryFilter{Actor: "li"}, []string{"m1", "2023"}},
			"part of actor":  {EntryFilter{Actor: "l"}, nil},
			"verbs":          {EntryFilter{Verbs: []Verb{VerbSignIn, VerbMark}}, []string{"zhang", "m1"}},
			"unit":           {EntryFilter{Unit: 3}, []string{"m1", "3"}},
			"since":          {EntryFilter{Since: testDay.Add(3 * 24 * time.Hour)}, []string{"2023", "3"}},
			"until":          {EntryFilter{Until: testDay.Add(2 * 24 * time.Hour)}, []string{"zhang"}},
			"text":           {EntryFilter{Text: "10.0.0."}, []string{"zhang"}},
			"case":           {EntryFilter{Text: "explained"}, []string{"m1"}},
			"escaped":        {EntryFilter{Text: "<a&b>"}, []string{"m1"}},
			"id":             {EntryFilter{Text: "ZHANG"}, []string{"zhang"}},
			"quote":          {EntryFilter{Text: `' OR 1 --`}, nil},
			"text and actor": {EntryFilter{Text: "甲", Actor: "zhang"}, []string{"3"}},
		} {
			var got []string
			for _, e := range must[[]LogEntry](t)(s.Entries(ctx, c.filter)) {
				got = append(got, e.ID)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
		}
	})
}

// fillBeside puts a row into every table beside the log.
func fillBeside(t *testing.T, s *Store) {
	t.Helper()
	ctx := context.Background()
	must[Draft](t)(s.SaveDraft(ctx, aDraft(1, 0, `{"a":1}`)))
	if err := s.PutSecret(ctx, Secret{Person: "zhang", Hash: "h", TOTP: []byte{0, 0xff, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := s.PutSessions(ctx, []SessionRow{{Hash: "s1", Person: "zhang", Data: []byte("{}"), Expiry: testDay.Add(time.Hour)}}); err != nil {
		t.Fatal(err)
	}
	must[[]Receipt](t)(s.Append(ctx, anAct(Entry{Kind: KindSetting, ID: "fill", Verb: VerbCreate, State: 1})))
}

func aDraft(unit disclosure.UnitNumber, version uint64, state string) Draft {
	return Draft{Unit: unit, Period: disclosure.Period{Year: 2023}, Version: version, Person: "zhang", Name: "张三", State: json.RawMessage(state)}
}
