package office

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

var ruler = people.Machine("os:ruler", "cli")

// What a district decides on rules is kept with its history, and makes the
// findings on file old.
func TestRulesAreData(t *testing.T) {
	ctx := context.Background()
	o := familyOffice(t, time.Date(2025, 1, 20, 0, 0, 0, 0, time.UTC))
	if n, err := o.Recheck(ctx, nil); err != nil || n != 4 {
		t.Fatalf("%d checked, %v", n, err)
	}
	book, err := o.Rules(ctx, ruler)
	if err != nil || book.Version != check.Version || book.Seen != 0 || len(book.History) != 0 {
		t.Fatalf("%+v, %v", book, err)
	}
	def := check.LocalRuleDef{ID: "LOC-R1", Title: "办结不少于新收", Expression: "办结 >= 新收 + 1", Severity: check.Notice}
	trial, err := o.TryLocalRule(ctx, ruler, def, nil, nil)
	if err != nil || trial.Tried != 4 || len(trial.Lines) != 4 || trial.Lines[1].Unit.Number != 2 || trial.Lines[1].Finding.Rule != "LOC-R1" {
		t.Fatalf("%+v, %v", trial, err)
	}
	if trial, err := o.TryLocalRule(ctx, ruler, def, []disclosure.Year{2023}, nil); err != nil || trial.Tried != 0 {
		t.Errorf("a year without reports: %+v, %v", trial, err)
	}
	for i, change := range []func(seen uint64) error{
		func(seen uint64) error { return o.SetLocalRule(ctx, ruler, def, seen, uuid.NewString()) }, // off as yet
		func(seen uint64) error {
			on := def
			on.On = true
			return o.SetLocalRule(ctx, ruler, on, seen, uuid.NewString())
		},
		func(seen uint64) error {
			return o.SetRuleSettings(ctx, ruler, check.RuleSettings{"T3-R3": {Severity: check.Explain}}, seen, uuid.NewString())
		},
	} {
		before, err := o.Rules(ctx, ruler)
		if err != nil {
			t.Fatal(err)
		}
		if err := change(before.Seen); err != nil {
			t.Fatal(err)
		}
		if err := change(before.Seen); disclosure.CodeOf(err) != disclosure.ErrConflict {
			t.Errorf("change %d with what was seen before: %v", i, err)
		}
		if n, err := o.Recheck(ctx, nil); err != nil || n != 4 {
			t.Errorf("after change %d %d were checked, %v", i, n, err)
		}
		if got, want := slices.Contains(rulesOn(t, o, 4), "LOC-R1"), i > 0; got != want {
			t.Errorf("after change %d the rule finds %v", i, got)
		}
	}
	rows, err := o.store.Checks(ctx, store.HeadQuery{Basis: store.Approved, Units: []disclosure.UnitNumber{4}})
	if err != nil || rows[0].Errors != 0 || rows[0].Explains == 0 || rows[0].Notices == 0 {
		t.Errorf("softened, and one notice more: %+v, %v", rows[0], err)
	}
	book, err = o.Rules(ctx, ruler)
	if err != nil || len(book.History) != 3 || book.History[0].Actor.Name != "os:ruler" || !strings.Contains(book.History[0].Says[0], "T3-R3程度改为“需说明”") ||
		!strings.Contains(book.History[1].Says[0], "LOC-R1启用") {
		t.Errorf("history %+v, %v", book.History, err)
	}
	if err := o.SetRuleSettings(ctx, ruler, check.RuleSettings{"T3-R3": {Off: true}}, book.Seen, uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("beyond the limits: %v", err)
	}
	if err := o.SetRuleSettings(ctx, ruler, check.RuleSettings{"T3-R3": {Severity: check.Explain}}, book.Seen, uuid.NewString()); err != nil {
		t.Error(err)
	}
	if err := o.SetRuleSettings(ctx, ruler, check.RuleSettings{"T3-R3": {}}, book.Seen, uuid.NewString()); err != nil {
		t.Error(err)
	}
	book, _ = o.Rules(ctx, ruler)
	if len(book.History) != 4 {
		t.Errorf("a change that changed nothing has an entry: %+v", book.History)
	}
	if err := o.DropLocalRule(ctx, ruler, "LOC-R1", book.Seen, uuid.NewString()); err != nil {
		t.Error(err)
	}
	if book, _ = o.Rules(ctx, ruler); book.Version != check.Version {
		t.Errorf("all taken back, and the version is %s", book.Version)
	}
	if err := o.DropLocalRule(ctx, ruler, "LOC-R1", book.Seen, uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrNotFound {
		t.Errorf("dropped twice: %v", err)
	}
}

// Last year of a unit that was merged follows to its successor, and its new
// revision makes the successor's findings old.
func TestSuccessorsAreChecked(t *testing.T) {
	ctx := context.Background()
	o := familyOffice(t, time.Date(2025, 1, 20, 0, 0, 0, 0, time.UTC))
	old := disclosure.Unit{Number: 9, Name: "澜汀区农机局", Kind: disclosure.UnitDepartment, Parent: 1, Sort: 9, Last: 2023}
	appendAct(t, o, store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(9), Verb: store.VerbCreate, State: old},
		carriedOut(9, 2023, 3, 1), carriedOut(2, 2023, 1, 1))
	recheck := func(want int) {
		t.Helper()
		if n, err := o.Recheck(ctx, nil); err != nil || n != want {
			t.Fatalf("%d checked, want %d, %v", n, want, err)
		}
	}
	carry := func() (found []check.Finding) {
		t.Helper()
		rows, err := o.store.Checks(ctx, store.HeadQuery{Basis: store.Provisional, Units: []disclosure.UnitNumber{2}, Years: []disclosure.Year{2024}})
		if err != nil || len(rows) != 1 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		all, err := decodeFindings(rows[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range all {
			if f.Rule == "T3-R4" {
				found = append(found, f)
			}
		}
		return found
	}
	recheck(6)
	if got := carry(); len(got) != 1 || got[0].Expected != "1" {
		t.Fatalf("before the merger: %+v", got)
	}
	seen, err := o.store.Latest(ctx, store.KindUnit, store.UnitEntityID(9))
	if err != nil {
		t.Fatal(err)
	}
	old.Successors = []disclosure.UnitNumber{2}
	appendAct(t, o, store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(9), Verb: store.VerbChange, Seen: seen.Seq, State: old})
	recheck(1)
	if got := carry(); len(got) != 1 || got[0].Expected != "4" || !strings.Contains(got[0].Message, "澜汀区农机局") {
		t.Fatalf("after it: %+v", got)
	}
	recheck(0)
	head, err := o.store.Heads(ctx, store.HeadQuery{Basis: store.Approved, Units: []disclosure.UnitNumber{9}})
	if err != nil {
		t.Fatal(err)
	}
	again := carriedOut(9, 2023, 5, 2)
	again.Seen = head[0].Seq
	appendAct(t, o, again)
	recheck(2)
	if got := carry(); len(got) != 1 || got[0].Expected != "6" {
		t.Errorf("after the predecessor's revision: %+v", got)
	}
	old.Successors = []disclosure.UnitNumber{2, 3}
	seen, _ = o.store.Latest(ctx, store.KindUnit, store.UnitEntityID(9))
	appendAct(t, o, store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(9), Verb: store.VerbChange, Seen: seen.Seq, State: old})
	recheck(2)
	if got := carry(); len(got) != 1 || got[0].Severity != check.NotAssessable {
		t.Errorf("a split was asserted: %+v", got)
	}
}

// carriedOut is a report that hands on some applications.
func carriedOut(unit disclosure.UnitNumber, year disclosure.Year, n int64, revision int) store.Entry {
	e := testFiling{unit, year, disclosure.ScopeAgency, n, 0, 0, store.StatusApproved}.entry()
	state := e.State.(store.ReportState)
	state.Revision = revision
	state.Cells["T3_CARRIED_OUT_TOT"] = disclosure.Number(n)
	e.State = state
	return e
}

// A unit whose scope changed is not compared with its last year, and that is
// said.
func TestAnotherScopeIsNotCompared(t *testing.T) {
	ctx := context.Background()
	o := familyOffice(t, time.Date(2025, 1, 20, 0, 0, 0, 0, time.UTC))
	wide := carriedOut(3, 2023, 7, 1)
	state := wide.State.(store.ReportState)
	state.Key.Scope = disclosure.ScopeLevel
	wide.ID, wide.State = state.Key.EntityID(), state
	appendAct(t, o, wide)
	if _, err := o.Recheck(ctx, nil); err != nil {
		t.Fatal(err)
	}
	rows, err := o.store.Checks(ctx, store.HeadQuery{Basis: store.Provisional, Units: []disclosure.UnitNumber{3}, Years: []disclosure.Year{2024}})
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	found, err := decodeFindings(rows[0])
	if err != nil {
		t.Fatal(err)
	}
	said := slices.ContainsFunc(found, func(f check.Finding) bool {
		return f.Rule == "T3-R4" && f.Severity == check.NotAssessable && strings.Contains(f.Message, "口径不同不作比较")
	})
	if !said {
		t.Errorf("%+v", found)
	}
	if n, err := o.Recheck(ctx, nil); err != nil || n != 0 {
		t.Errorf("%d checked again, %v", n, err)
	}
}
