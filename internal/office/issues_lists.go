package office

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// IssueListForm is a list as a person gives it.
type IssueListForm struct {
	ID         string // "" for a new one
	Seq        uint64 // seen; 0 for a new one
	Quarter    disclosure.Period
	Round      issue.Round
	Title      string // "" makes one of quarter, round and source
	Source     string
	State      issue.ListState // "" is open
	Evaluators []string
	Due        calendar.Moment
}

// IssueListLine is a list with what became of its issues, as far as the
// visitor sees them.
type IssueListLine struct {
	issue.List
	Seq     uint64
	Issues  int
	Settled int
	Overdue int
	// Waiting are those that nobody has handed over yet.
	Waiting int
	// May change it: title, evaluators, due time, state.
	May bool
}

// PutIssueList makes or changes a list. An evaluator makes lists of his own; a
// supervisor says who evaluates. The quarter of a list does not change.
// Errors: ErrForbidden, ErrInvalid, ErrConflict.
func (o *Office) PutIssueList(ctx context.Context, v people.Visitor, act string, f IssueListForm) (*issue.List, error) {
	id := cmp.Or(f.ID, issueID(act, 0))
	done, err := o.store.Acted(ctx, act, v.Account, store.Part{Kind: store.KindIssueList, ID: id})
	if err != nil {
		return nil, err
	}
	if done {
		return o.issueList(ctx, v, id)
	}
	entry, l, err := o.listEntry(ctx, v, act, f)
	if err != nil {
		return nil, err
	}
	return l, o.append(ctx, v, act, *entry)
}

// issueList is a list that the visitor keeps. Error: ErrNotFound.
func (o *Office) issueList(ctx context.Context, v people.Visitor, id string) (l *issue.List, err error) {
	err = o.issuesNow(ctx, func(b *issueBook) error {
		held := b.lists[id]
		if held == nil || !mayKeepList(v, &held.List) {
			return disclosure.Errorf(disclosure.ErrNotFound, "没有这份问题清单,请从列表中选择。")
		}
		list := held.List
		l = &list
		return nil
	})
	return l, err
}

// listEntry is the log entry of a list as a person gives it.
func (o *Office) listEntry(ctx context.Context, v people.Visitor, act string, f IssueListForm) (*store.Entry, *issue.List, error) {
	if !v.Anywhere(people.Supervise) && !v.Anywhere(people.Evaluate) {
		return nil, nil, v.Demand(people.Supervise, 0)
	}
	if err := o.checkList(ctx, v, &f); err != nil {
		return nil, nil, err
	}
	l := issue.List{ID: issueID(act, 0), Quarter: f.Quarter, Created: o.clock().UTC(), By: v.Account}
	err := o.issuesNow(ctx, func(b *issueBook) error {
		if f.ID == "" {
			return nil
		}
		held := b.lists[f.ID]
		switch {
		case held == nil || !mayKeepList(v, &held.List):
			return disclosure.Errorf(disclosure.ErrNotFound, "没有这份问题清单,请从列表中选择。")
		case held.Seq != f.Seq:
			return disclosure.Errorf(disclosure.ErrConflict, "清单“%s”在您打开之后已由%s修改,请刷新页面,看过变化再保存。", held.Title, held.Actor)
		}
		l = held.List
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	l.Round, l.Title, l.Source, l.State, l.Due = f.Round, f.Title, f.Source, f.State, f.Due
	if v.Anywhere(people.Supervise) {
		l.Evaluators = f.Evaluators
	} else if !slices.Contains(l.Evaluators, v.Account) {
		l.Evaluators = append(slices.Clone(l.Evaluators), v.Account)
	}
	verb := store.VerbChange
	if f.Seq == 0 {
		verb = store.VerbCreate
	}
	return &store.Entry{Kind: store.KindIssueList, ID: l.ID, Verb: verb, Seen: f.Seq, State: l, Year: l.Quarter.Year}, &l, nil
}

func (o *Office) checkList(ctx context.Context, v people.Visitor, f *IssueListForm) error {
	f.Title, f.Source = strings.TrimSpace(f.Title), strings.TrimSpace(f.Source)
	if f.State == "" {
		f.State = issue.ListOpen
	}
	if f.Title == "" {
		f.Title = issue.QuarterName(f.Quarter) + string(f.Round) + "问题清单"
		if f.Source != "" {
			f.Title += "(" + f.Source + ")"
		}
	}
	switch {
	case !f.Quarter.Year.Valid() || f.Quarter.Quarter < 1 || f.Quarter.Quarter > 4:
		return disclosure.Errorf(disclosure.ErrInvalid, "请选择季度,如2026Q3。")
	case !slices.Contains(issue.Rounds, f.Round):
		return disclosure.Errorf(disclosure.ErrInvalid, "请选择轮次:区测、整改、区复测、市测、复核或日常监测。")
	case utf8.RuneCountInString(f.Title) > 80 || utf8.RuneCountInString(f.Source) > 60:
		return disclosure.Errorf(disclosure.ErrInvalid, "清单名称最多80字,来源最多60字,请写得简短些。")
	case issue.ListStateNames[f.State] == "":
		return disclosure.Errorf(disclosure.ErrInvalid, "清单的状态只能是“进行中”或“已结束”。")
	}
	if !v.Anywhere(people.Supervise) {
		return nil
	}
	d, err := o.directory(ctx)
	if err != nil {
		return err
	}
	for _, account := range f.Evaluators {
		if a, ok := d.accounts[account]; !ok || !a.Has(people.Evaluator) {
			return disclosure.Errorf(disclosure.ErrInvalid, "“%s”不是评估员账号,请从评估员中选择。", account)
		}
	}
	return nil
}

// mayKeepList says who changes a list and puts issues on it.
func mayKeepList(v people.Visitor, l *issue.List) bool {
	return v.Anywhere(people.Supervise) || v.Anywhere(people.Evaluate) && slices.Contains(l.Evaluators, v.Account)
}

// openList is the list that issues are put on: entry's when it changes with
// them, the one on file otherwise.
func (b *issueBook) openList(v people.Visitor, id string, entry *store.Entry) (*issue.List, error) {
	if entry != nil {
		l := entry.State.(issue.List)
		return &l, nil
	}
	held := b.lists[id]
	switch {
	case held == nil || !mayKeepList(v, &held.List):
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有这份问题清单,请从列表中选择。")
	case held.State == issue.ListClosed:
		return nil, disclosure.Errorf(disclosure.ErrConflict, "清单“%s”已经结束,不再录入;确需补录,请先把清单改回“进行中”。", held.Title)
	}
	return &held.List, nil
}

// IssueLists are the lists of a quarter (zero: all), the latest first.
// Error: ErrForbidden.
func (o *Office) IssueLists(ctx context.Context, v people.Visitor, quarter disclosure.Period) ([]IssueListLine, error) {
	if err := demandIssues(v); err != nil {
		return nil, err
	}
	out := []IssueListLine{}
	err := o.issuesNow(ctx, func(b *issueBook) error {
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
			line.List, line.Seq, line.May = l.List, l.Seq, mayKeepList(v, &l.List)
			if !line.May && !v.Anywhere(people.SeeIssues) {
				line.Scores, line.Files, line.Evaluators = nil, nil, nil // other units' marks
			}
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

func (l *IssueListLine) count(h *heldIssue, now time.Time) {
	if h.State == issue.Withdrawn {
		return
	}
	l.Issues++
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
