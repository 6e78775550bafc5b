package store

import "testing"

func TestChangesByKind(t *testing.T) {
	c := &changes{}
	s := &Store{writer: &writer{}}
	now := func(kinds []EntityKind, of ...ReportsOf) string {
		t.Helper()
		c.Lock()
		s.changes.all, s.changes.kinds, s.changes.reports = c.all, c.kinds, c.reports
		c.Unlock()
		v, err := s.VersionOf(t.Context(), kinds, of...)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	units, mine := []EntityKind{KindUnit}, ReportsOf{Unit: 7, Year: 2025}
	for _, tc := range []struct {
		what          string
		row           *row
		units, report bool // whose version changes
	}{
		{"a sign-in", &row{Kind: string(KindSign)}, false, false},
		{"a unit", &row{Kind: string(KindUnit), Unit: 7}, true, true},
		{"the report", &row{Kind: string(KindReport), Unit: 7, Year: 2025}, false, true},
		{"another year's", &row{Kind: string(KindReport), Unit: 7, Year: 2024}, false, false},
		{"another unit's", &row{Kind: string(KindReport), Unit: 8, Year: 2025}, false, false},
		{"an erasure", &row{Kind: string(KindErasure)}, true, true},
	} {
		u, r := now(units), now(units, mine)
		c.note([]*row{tc.row})
		if got := now(units) != u; got != tc.units {
			t.Errorf("%s changes the units' version: %t", tc.what, got)
		}
		if got := now(units, mine) != r; got != tc.report {
			t.Errorf("%s changes the report's version: %t", tc.what, got)
		}
	}
	before := now(units)
	if c.noteAll(); now(units) == before {
		t.Error("a repair changes nothing")
	}
}

// The mirror answers only what it is sure of.
func TestDraftMirror(t *testing.T) {
	m := &draftMirror{}
	k := draftKey{unit: 7, period: year2023}
	if _, ok := m.get(k); ok {
		t.Error("it knows before it has learnt")
	}
	m.learn(map[draftKey]*draftHead{})
	if d, ok := m.get(k); !ok || d.Version != 0 {
		t.Errorf("of no draft it says %+v, %t", d, ok)
	}
	d := Draft{Unit: 7, Period: year2023, Version: 3, State: []byte(`{}`)}
	m.put(d)
	if got, ok := m.get(k); !ok || got.Version != 3 {
		t.Errorf("it holds %+v, %t", got, ok)
	}
	old := d
	old.Version = 2
	m.found(old) // a late answer
	if got, _ := m.get(k); got.Version != 3 {
		t.Errorf("a late answer replaced the draft: %+v", got)
	}
	d.State = make([]byte, mostMirrored+1)
	d.Version = 4
	m.put(d)
	if _, ok := m.get(k); ok {
		t.Error("it holds more than it may")
	}
	d.Removed, d.Version = true, 5
	m.put(d)
	if got, ok := m.get(k); !ok || got.Version != 0 {
		t.Errorf("of a removed draft it says %+v, %t", got, ok)
	}
	m.forget()
	if _, ok := m.get(k); ok {
		t.Error("it is sure after it was told to forget")
	}
}
