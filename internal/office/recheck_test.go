package office

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// familyOffice is a government of the whole district (1), two departments
// under it (2 and 3) and a unit that stands alone (4), all on file for 2024;
// those in waiting are not approved yet.
func familyOffice(t *testing.T, now time.Time, waiting ...disclosure.UnitNumber) *Office {
	t.Helper()
	ctx := context.Background()
	clock := func() time.Time { return now }
	s, err := store.Open(ctx, store.Options{Temporary: true, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	o := New(s, nil, clock)
	entries := []store.Entry{}
	for n, name := range map[disclosure.UnitNumber]string{1: "澜汀区人民政府", 2: "澜汀区水务局", 3: "澜汀区教育局", 4: "筠岑市水务局"} {
		u := disclosure.Unit{Number: n, Name: name, Kind: disclosure.UnitDepartment, Sort: int(n),
			Years: []disclosure.UnitYear{{From: 2019, Scope: disclosure.ScopeAgency, Counted: true}}}
		switch n {
		case 1:
			u.Kind, u.Years[0].Scope = disclosure.UnitGovernment, disclosure.ScopeRegion
		case 2, 3:
			u.Parent = 1
		}
		entries = append(entries, store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(n), Verb: store.VerbCreate, State: u})
	}
	for _, f := range []testFiling{{1, 2024, disclosure.ScopeRegion, 5, 5, 5, store.StatusApproved}, {2, 2024, disclosure.ScopeAgency, 3, 3, 3, store.StatusApproved},
		{3, 2024, disclosure.ScopeAgency, 2, 2, 2, store.StatusApproved}, {4, 2024, disclosure.ScopeAgency, 9, 9, 9, store.StatusApproved}} {
		if slices.Contains(waiting, f.unit) {
			f.status = store.StatusSubmitted
		}
		entries = append(entries, f.entry())
	}
	appendAct(t, o, entries...)
	return o
}

func appendAct(t *testing.T, o *Office, entries ...store.Entry) {
	t.Helper()
	act := store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: "os:test", Address: "cli"}, Entries: entries}
	receipts, err := o.store.Append(context.Background(), act)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range receipts {
		if r.Err != nil {
			t.Fatal(r.Err)
		}
	}
}

// rulesOn lists the rules that found something in a unit's report of 2024.
func rulesOn(t *testing.T, o *Office, unit disclosure.UnitNumber) []string {
	t.Helper()
	rows, err := o.store.Checks(context.Background(), store.HeadQuery{Basis: store.Provisional, Units: []disclosure.UnitNumber{unit}, Years: []disclosure.Year{2024}})
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	var findings []check.Finding
	if err := json.Unmarshal(rows[0].Findings, &findings); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range findings {
		if f.Rule != "T3-R3" && !slices.Contains(out, f.Rule) {
			out = append(out, f.Rule) // the filings leave the applicants' columns at 0
		}
	}
	return out
}

// A unit's new revision changes what its government's report is held against:
// the government's is checked again though nobody touched it.
func TestNeighboursAreCheckedAgain(t *testing.T) {
	ctx := context.Background()
	o := familyOffice(t, time.Date(2025, 1, 20, 0, 0, 0, 0, time.UTC))
	if n, err := o.Recheck(ctx, nil); err != nil || n != 4 {
		t.Fatalf("%d checked, %v", n, err)
	}
	if got := rulesOn(t, o, 1); len(got) > 0 {
		t.Fatalf("a sound sum: %v", got)
	}
	head, err := o.store.Heads(ctx, store.HeadQuery{Basis: store.Approved, Units: []disclosure.UnitNumber{3}})
	if err != nil || len(head) != 1 {
		t.Fatal(head, err)
	}
	more := testFiling{3, 2024, disclosure.ScopeAgency, 8, 8, 8, store.StatusApproved}.entry()
	state := more.State.(store.ReportState)
	state.Revision = 2
	more.State, more.Seen = state, head[0].Seq
	appendAct(t, o, more)
	if n, err := o.Recheck(ctx, nil); err != nil || n != 1 {
		t.Fatalf("%d checked, %v", n, err)
	}
	if got := rulesOn(t, o, 1); !slices.Equal(got, []string{"AGG-R1"}) {
		t.Errorf("the government's report after a unit's revision: %v", got)
	}
	if n, err := o.Recheck(ctx, nil); err != nil || n != 0 {
		t.Errorf("nothing changed, %d checked, %v", n, err)
	}
}

func TestCheckYear(t *testing.T) {
	ctx := context.Background()
	o := familyOffice(t, time.Date(2025, 2, 20, 0, 0, 0, 0, time.UTC), 1, 2, 4)
	silent := disclosure.Unit{Number: 5, Name: "澜汀区民政局", Kind: disclosure.UnitDepartment, Parent: 1, Sort: 5}
	appendAct(t, o, store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(5), Verb: store.VerbCreate, State: silent})
	year, err := o.CheckYear(ctx, 2024, nil)
	if err != nil || len(year.Reports) != 4 || len(year.Silent) != 1 || year.Silent[0].Number != 5 {
		t.Fatalf("%+v, %v", year, err)
	}
	for _, r := range year.Reports {
		late := slices.ContainsFunc(r.Findings, func(f check.Finding) bool { return f.Rule == "DUE-R1" })
		if want := r.Unit.Number == 2 || r.Unit.Number == 4; late != want { // 1 has until March, 3 was approved that day
			t.Errorf("%s on 20 February: late %v", r.Unit.Name, late)
		}
	}
	if _, err := o.CheckYear(ctx, 2011, nil); disclosure.CodeOf(err) != disclosure.ErrNotFound || !strings.Contains(disclosure.Sentence(err), "2011") {
		t.Errorf("a year without reports: %v", err)
	}
}
