package demo

import (
	"slices"
	"testing"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
)

// What was planted is what the issues say of themselves.
func TestPlantedIssuesHaveTheirFates(t *testing.T) {
	now := time.Date(2026, 8, 20, 8, 0, 0, 0, time.UTC)
	d := Generate(Spec{})
	p, err := d.Issues(slices.Collect(d.Units()), now)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Issues) != 2*issueUnits*issuesEach || len(p.Lists) != 2 || p.Lists[1].Quarter != (disclosure.Period{Year: 2026, Quarter: 3}) {
		t.Fatalf("%d issues on %d lists", len(p.Issues), len(p.Lists))
	}
	states := map[Fate]issue.State{FateClosed: issue.Closed, FateOverdue: issue.Handed, FateWaiting: issue.Answered, FateReturned: issue.Returned, FateNone: issue.NotApplicable,
		FateRectifying: issue.Rectifying, FateRechecked: issue.Rechecked, FateFound: issue.Found, FateSigned: issue.Signed}
	met := map[Fate]int{}
	for k, i := range p.Issues {
		met[i.Fate]++
		if want, ok := states[i.Fate]; ok && i.State != want {
			t.Errorf("%s (%s) is %s", i.Number, i.Fate, i.State)
		}
		if got := i.Overdue(now); got != (i.Fate == FateOverdue) {
			t.Errorf("%s (%s) overdue: %t", i.Number, i.Fate, got)
		}
		kept, known := i.OnTime(now)
		if late := known && !kept; late != (i.Fate == FateOverdue || i.Fate == FateLate) {
			t.Errorf("%s (%s) late: %t", i.Number, i.Fate, late)
		}
		recurs := false
		for _, e := range p.Issues[:k] {
			recurs = recurs || e.Quarter != i.Quarter && issue.SameKind(&i.Content, &e.Content, issue.PrintOf(i.Facts), issue.PrintOf(e.Facts))
		}
		if recurs != i.Recurs {
			t.Errorf("%s (%s, %s) recurs: %t", i.Number, i.Category, i.UnitText, recurs)
		}
	}
	if len(met) != 10 {
		t.Errorf("fates %v", met)
	}
	for k, l := range p.Lists {
		var rows []*issue.Content
		for n := range p.Issues {
			if p.Issues[n].List == l.ID {
				rows = append(rows, &p.Issues[n].Content)
			}
		}
		if got := l.Scores.Reconcile(rows); len(got) != 1 || got[0].Unit != l.Scores.Units[0].Unit {
			t.Errorf("list %d differs from its scores by %+v", k, got)
		}
	}
}
