package office

import (
	"context"
	"slices"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/people"
)

// IssueListLine is a list with what became of its issues, as far as the
// visitor sees them.
type IssueListLine struct {
	issue.List
	Seq     uint64
	Issues  int
	Settled int
	Overdue int
	// States count the issues by state.
	States map[issue.State]int
	// Waiting are those that nobody has handed over yet.
	Waiting int
	// May change it: title, evaluators, due time, state.
	May bool
	// Enter: put single issues on it by hand.
	Enter bool
	// Scored says that the list has a score table that the visitor may see,
	// Differences how many findings it and the deductions give, see Reconcile.
	Scored      int // units that have a mark
	Differences int
	// Persons are the evaluators' names, in the order of Evaluators.
	Persons []string
}

// IssueLists are the lists of a quarter (zero: all), the latest first.
// Error: ErrForbidden.
func (o *Office) IssueLists(ctx context.Context, v people.Visitor, quarter disclosure.Period) ([]IssueListLine, error) {
	if err := demandIssues(v); err != nil {
		return nil, err
	}
	accounts, err := o.directory(ctx)
	if err != nil {
		return nil, err
	}
	out := []IssueListLine{}
	err = o.issuesNow(ctx, func(b *issueBook) error {
		now := o.clock()
		lines := map[string]*IssueListLine{}
		for _, h := range b.filter(v, IssueFilter{Quarter: quarter}, now, func(disclosure.Period) {}) {
			l := lines[h.List]
			if l == nil {
				l = &IssueListLine{}
				lines[h.List] = l
			}
			l.count(h, now)
		}
		for id, l := range b.lists {
			line := lines[id]
			switch {
			case quarter.Year != 0 && l.Quarter != quarter:
				continue
			case line == nil && !mayKeepList(v, &l.List) && !v.Anywhere(people.SeeIssues):
				continue // nothing of it is the visitor's to see
			case line == nil:
				line = &IssueListLine{}
			}
			line.List, line.Seq, line.May, line.Enter = l.List, l.Seq, mayKeepList(v, &l.List), mayEnterOn(v, &l.List)
			line.show(b, v, accounts)
			out = append(out, *line)
		}
		slices.SortFunc(out, func(a, b IssueListLine) int {
			switch {
			case earlierThan(b.Quarter, a.Quarter):
				return -1
			case earlierThan(a.Quarter, b.Quarter):
				return 1
			}
			return b.Created.Compare(a.Created)
		})
		return nil
	})
	return out, err
}

// seesScores says who sees a list's marks: who keeps it, and who looks at the
// whole district's issues.
func seesScores(v people.Visitor, l *issue.List) bool {
	return mayKeepList(v, l) || v.Everywhere(people.SeeIssues)
}

// show fills in what the visitor may know of the list beside its issues.
func (l *IssueListLine) show(b *issueBook, v people.Visitor, accounts *directory) {
	if !seesScores(v, &l.List) {
		l.Scores, l.Files = nil, nil // other units' marks
	}
	if !l.May && !v.Anywhere(people.SeeIssues) {
		l.Evaluators = nil
	}
	for _, account := range l.Evaluators {
		l.Persons = append(l.Persons, accounts.nameOf(account))
	}
	if l.Scores != nil {
		l.Scored, l.Differences = l.Scores.Entered(), len(l.Scores.Reconcile(b.contentsOf(l.ID)))
	}
}

func (l *IssueListLine) count(h *heldIssue, now time.Time) {
	if h.State == issue.Withdrawn {
		return
	}
	l.Issues++
	if l.States == nil {
		l.States = map[issue.State]int{}
	}
	l.States[h.State]++
	if h.State.Settled() {
		l.Settled++
	}
	if h.State == issue.Found {
		l.Waiting++
	}
	if h.Overdue(now) {
		l.Overdue++
	}
}
