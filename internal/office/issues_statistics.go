package office

import (
	"context"
	"slices"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/people"
)

// IssueFigures are a quarter's statistics as the pages and the bulletin have
// them, one and the same.
type IssueFigures struct {
	Quarter disclosure.Period
	*issue.Statistics
	// Before are the quarter before's, Changes the two held together.
	Before  *issue.Statistics
	Changes []issue.Change
	// BurnDown counts what was open day by day.
	BurnDown []issue.DayCount
	// Rankings are of each list with scores, within 考核分组; nil for a unit,
	// which does not see others' marks.
	Rankings []ListRanking
	// UnitNames are the names of all units mentioned.
	UnitNames map[disclosure.UnitNumber]string
	// Quarters are those that the visitor sees issues of, the latest first.
	Quarters []disclosure.Period
	// Groups are the units' 考核分组 of the year.
	Groups map[disclosure.UnitNumber]string
	At     time.Time // when it was counted
}

// ListRanking is a list's score table in order.
type ListRanking struct {
	List   issue.List
	Groups []issue.RankedGroup
	// Differences are what the marks and the deductions do not agree on.
	Differences []issue.Difference
}

// IssueFigures counts the quarter's issues that the visitor may see; f narrows
// them further (unit, list, round, categories); its States and paging do not
// matter. A zero quarter is the latest that has issues. Who answers for units
// only gets the figures of what these answer for: where they help, the figures
// are another unit's. Errors: ErrForbidden, also for a Lead whose figures are
// not the visitor's.
func (o *Office) IssueFigures(ctx context.Context, v people.Visitor, f IssueFilter) (*IssueFigures, error) {
	return o.issueFigures(ctx, v, f, func(*IssueFigures, *issueBook) {})
}

// issueFigures counts, and shows the book that was counted to who needs the
// issues behind the figures.
func (o *Office) issueFigures(ctx context.Context, v people.Visitor, f IssueFilter, also func(*IssueFigures, *issueBook)) (*IssueFigures, error) {
	if err := demandIssues(v); err != nil {
		return nil, err
	}
	if f.Lead != 0 && !seesAcross(v) {
		if err := v.Demand(people.AnswerIssue, f.Lead); err != nil {
			return nil, err
		}
	}
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	out := &IssueFigures{UnitNames: map[disclosure.UnitNumber]string{}, Groups: map[disclosure.UnitNumber]string{}, At: o.clock()}
	err = o.issuesNow(ctx, func(b *issueBook) error {
		none := IssueFilter{Quarter: disclosure.Period{Year: 1}} // which quarters there are, and no issue
		b.filter(v, none, out.At, func(q disclosure.Period) { out.Quarters = append(out.Quarters, q) })
		out.Quarter = f.Quarter
		if f.Quarter.Year == 0 && len(out.Quarters) > 0 {
			out.Quarter = out.Quarters[0]
		}
		if out.Quarter.Year == 0 {
			out.Quarter = issue.QuarterOf(out.At)
		}
		f.States = nil
		order := make([]disclosure.UnitNumber, len(units.list))
		for k := range units.list {
			order[k] = units.list[k].Number
		}
		lines := b.lines(v, f, out.Quarter, out.At)
		out.Statistics = issue.Summarise(lines, order, out.At)
		out.Before = issue.Summarise(b.lines(v, f, issue.Before(out.Quarter), out.At), order, out.At)
		out.Changes, out.BurnDown = issue.Changes(out.Statistics, out.Before), issue.BurnDown(lines, out.At)
		out.rank(b, v, f, units)
		for k := range units.list {
			out.UnitNames[units.list[k].Number] = units.list[k].Display()
			out.Groups[units.list[k].Number] = units.list[k].In(out.Quarter.Year).Group
		}
		also(out, b)
		return nil
	})
	return out, err
}

// seesAcross says whether the visitor looks at issues of many units, as those
// who supervise, lead or evaluate do, not at their own unit's alone.
func seesAcross(v people.Visitor) bool {
	return v.Anywhere(people.SeeIssues) || v.Anywhere(people.Evaluate)
}

// FigureUnits says whether a visitor sees figures across units, and if not,
// which units' own they are, in the order of the list. Error: ErrForbidden for
// who has nothing to do with issues.
func (o *Office) FigureUnits(ctx context.Context, v people.Visitor) (own []disclosure.Unit, across bool, err error) {
	if err := demandIssues(v); err != nil {
		return nil, false, err
	}
	if seesAcross(v) {
		return nil, true, nil
	}
	units, err := o.units(ctx)
	if err != nil {
		return nil, false, err
	}
	for _, u := range units.list {
		if v.May(people.AnswerIssue, u.Number) && u.MergedInto == 0 {
			own = append(own, u)
		}
	}
	return own, false, nil
}

// lines are a quarter's issues for counting.
func (b *issueBook) lines(v people.Visitor, f IssueFilter, quarter disclosure.Period, now time.Time) []issue.Line {
	f.Quarter = quarter
	var out []issue.Line
	across := seesAcross(v)
	for _, h := range b.filter(v, f, now, func(disclosure.Period) {}) {
		if !across && !v.May(people.AnswerIssue, h.Unit) {
			continue
		}
		out = append(out, issue.Line{Issue: &h.Issue, Earlier: b.recursFor(v, h)})
	}
	return out
}

// rank orders the score tables of the quarter's lists.
func (out *IssueFigures) rank(b *issueBook, v people.Visitor, f IssueFilter, units *unitIndex) {
	group := func(n disclosure.UnitNumber) string {
		if u := units.byNumber[n]; u != nil {
			return u.In(out.Quarter.Year).Group
		}
		return ""
	}
	for id, l := range b.lists {
		if l.Scores == nil || l.Quarter != out.Quarter || f.List != "" && f.List != id || f.Round != "" && f.Round != l.Round ||
			!mayKeepList(v, &l.List) && !v.Everywhere(people.SeeIssues) {
			continue
		}
		var rows []*issue.Content
		for _, h := range b.order {
			if h.List == id && h.State != issue.Withdrawn {
				rows = append(rows, &h.Content)
			}
		}
		out.Rankings = append(out.Rankings, ListRanking{List: l.List, Groups: l.Scores.Rank(group), Differences: l.Scores.Reconcile(rows)})
	}
	slices.SortFunc(out.Rankings, func(a, b ListRanking) int { return a.List.Created.Compare(b.List.Created) })
}
