package office

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
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
	Counted    bool // see issue.List.Counted
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
	if !makesLists(v) {
		return nil, nil, v.Demand(people.Supervise, 0)
	}
	named := strings.TrimSpace(f.Title) != ""
	if err := o.checkList(ctx, v, &f); err != nil {
		return nil, nil, err
	}
	accounts, err := o.directory(ctx)
	if err != nil {
		return nil, nil, err
	}
	l := issue.List{ID: issueID(act, 0), Quarter: f.Quarter, Created: o.clock().UTC(), By: v.Account}
	err = o.issuesNow(ctx, func(b *issueBook) error {
		if !named {
			f.Title = b.freeTitle(f.Title, f.ID)
		}
		if f.ID == "" {
			return nil
		}
		held := b.lists[f.ID]
		switch {
		case held == nil || !mayKeepList(v, &held.List):
			return disclosure.Errorf(disclosure.ErrNotFound, "没有这份问题清单,请从列表中选择。")
		case held.Seq != f.Seq:
			return disclosure.Errorf(disclosure.ErrConflict, "清单“%s”在您打开之后已由%s修改,请刷新页面,看过变化再保存。", held.Title, accounts.nameOf(held.Actor))
		case held.State == issue.ListClosed && f.State != issue.ListClosed && !v.Everywhere(people.Supervise):
			return disclosure.Errorf(disclosure.ErrForbidden, "清单“%s”已由区里结束,需要补录请联系区级审核员重新打开。", held.Title)
		}
		l = held.List
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	l.Round, l.Title, l.Source, l.State, l.Due = f.Round, f.Title, f.Source, f.State, f.Due
	if v.Everywhere(people.Supervise) {
		l.Evaluators, l.Counted = f.Evaluators, f.Counted
	} else if !slices.Contains(l.Evaluators, v.Account) {
		l.Evaluators = append(slices.Clone(l.Evaluators), v.Account)
	}
	verb := store.VerbChange
	if f.Seq == 0 {
		verb = store.VerbCreate
	}
	return &store.Entry{Kind: store.KindIssueList, ID: l.ID, Verb: verb, Seen: f.Seq, State: l, Year: l.Quarter.Year}, &l, nil
}

// freeTitle is a title that no other list bears: two lists of a quarter and a
// round are told apart by a number.
func (b *issueBook) freeTitle(title, own string) string {
	taken := map[string]bool{}
	for id, l := range b.lists {
		if id != own {
			taken[l.Title] = true
		}
	}
	free := title
	for n := 2; taken[free]; n++ {
		free = fmt.Sprintf("%s之%d", title, n)
	}
	return free
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
	if !v.Everywhere(people.Supervise) {
		return nil
	}
	d, err := o.directory(ctx)
	if err != nil {
		return err
	}
	var named []string // before: whoever is no evaluator any more stays on the list
	if f.ID != "" {
		held, _, err := o.heldList(ctx, f.ID)
		if err != nil {
			return err
		}
		named = held.Evaluators
	}
	for _, account := range f.Evaluators {
		if slices.Contains(named, account) {
			continue
		}
		if a, ok := d.accounts[account]; !ok || !a.Has(people.Evaluator) {
			return disclosure.Errorf(disclosure.ErrInvalid, "“%s”不是评估员账号,请从评估员中选择。", account)
		}
	}
	return nil
}

// makesLists says who makes lists: a list and its marks are of all units, so that
// a supervisor of some of them makes and keeps none.
func makesLists(v people.Visitor) bool {
	return v.Everywhere(people.Supervise) || v.Anywhere(people.Evaluate)
}

// mayKeepList says who changes a list, sees its marks and brings files for it.
func mayKeepList(v people.Visitor, l *issue.List) bool {
	return v.Everywhere(people.Supervise) || v.Anywhere(people.Evaluate) && slices.Contains(l.Evaluators, v.Account)
}

// mayEnterOn says who puts single issues on a list: who keeps it, and a supervisor
// of some units, for these; issue.Apply looks at the units.
func mayEnterOn(v people.Visitor, l *issue.List) bool {
	return mayKeepList(v, l) || v.Anywhere(people.Supervise)
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
	case held == nil || !mayEnterOn(v, &held.List):
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有这份问题清单,请从列表中选择。")
	}
	return &held.List, needsOpen(&held.List)
}
