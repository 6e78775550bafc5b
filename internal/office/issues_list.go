package office

import (
	"context"
	"io"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/people"
)

// IssueListView is one list as its page shows it.
type IssueListView struct {
	IssueListLine
	// Groups are the scores within 考核分组; nil without scores, or for who does
	// not see them.
	Groups []issue.RankedGroup
	// Findings are what the marks and the deductions do not agree on.
	Findings []ScoreFinding
	// UnitNames are the names of the score table's units.
	UnitNames map[disclosure.UnitNumber]string
	// Book: the score table can go out as a workbook. Open: the list takes more in.
	Book, Open bool
	// Creator is who made the list.
	Creator string
}

// ScoreFinding is a difference with the issues that it is about.
type ScoreFinding struct {
	issue.Difference
	Issues []IssueLine
}

// IssueList shows a list to who keeps it, sees issues at large, or has an issue
// on it. Errors: ErrForbidden, ErrNotFound.
func (o *Office) IssueList(ctx context.Context, v people.Visitor, id string) (*IssueListView, error) {
	lines, err := o.IssueLists(ctx, v, disclosure.Period{})
	if err != nil {
		return nil, err
	}
	k := slices.IndexFunc(lines, func(l IssueListLine) bool { return l.ID == id })
	if k < 0 {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有这份问题清单,请从列表中选择。")
	}
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	accounts, err := o.directory(ctx)
	if err != nil {
		return nil, err
	}
	out := &IssueListView{IssueListLine: lines[k], UnitNames: map[disclosure.UnitNumber]string{}, Open: lines[k].State != issue.ListClosed, Creator: accounts.nameOf(lines[k].By)}
	if out.Scores == nil {
		return out, nil
	}
	out.Book = out.May && len(out.Scores.Items) > 0
	out.Groups = out.Scores.Rank(func(n disclosure.UnitNumber) string {
		if u := units.byNumber[n]; u != nil {
			return u.In(out.Quarter.Year).Group
		}
		return ""
	})
	for _, u := range out.Scores.Units {
		out.UnitNames[u.Unit] = units.name(u.Unit)
	}
	return out, o.issuesNow(ctx, func(b *issueBook) error {
		now := o.clock()
		for _, d := range out.Scores.Reconcile(b.contentsOf(id)) {
			f := ScoreFinding{Difference: d}
			for _, h := range b.order {
				if h.List != id || h.State == issue.Withdrawn || h.Unit != d.Unit || d.Unit == 0 && h.UnitText != d.UnitText || d.Indicator == "" ||
					disclosure.NormalName(h.Indicator2) != disclosure.NormalName(d.Indicator) {
					continue
				}
				if _, _, err := b.see(v, h.ID); err == nil {
					f.Issues = append(f.Issues, b.line(v, h, units, now))
				}
			}
			out.Findings = append(out.Findings, f)
		}
		return nil
	})
}

// Evaluator is an account that can be named on a list.
type Evaluator struct{ Account, Name string }

// Evaluators are the evaluators that a supervisor of all units chooses from. Error:
// ErrForbidden for anybody else.
func (o *Office) Evaluators(ctx context.Context, v people.Visitor) ([]Evaluator, error) {
	if !v.Everywhere(people.Supervise) {
		return nil, v.Demand(people.Supervise, 0)
	}
	d, err := o.directory(ctx)
	if err != nil {
		return nil, err
	}
	out := []Evaluator{}
	for account, a := range d.accounts {
		if a.Has(people.Evaluator) && !a.Disabled {
			out = append(out, Evaluator{Account: account, Name: d.nameOf(account)})
		}
	}
	slices.SortFunc(out, func(a, b Evaluator) int {
		if a.Name != b.Name {
			return map[bool]int{true: -1, false: 1}[a.Name < b.Name]
		}
		return map[bool]int{true: -1, false: 1}[a.Account < b.Account]
	})
	return out, nil
}

// IssueListFile is one of the files that a list was read from. Errors:
// ErrNotFound, also for who does not see the list's marks.
func (o *Office) IssueListFile(ctx context.Context, v people.Visitor, list, sum string) (*issue.File, []byte, error) {
	view, err := o.IssueList(ctx, v, list)
	if err != nil {
		return nil, nil, err
	}
	k := slices.IndexFunc(view.Files, func(f issue.File) bool { return f.SHA256 == sum })
	if k < 0 {
		return nil, nil, disclosure.Errorf(disclosure.ErrNotFound, "这份清单没有这个文件,请从清单页面下载。")
	}
	kept, err := o.store.OpenFile(sum)
	if err != nil {
		return nil, nil, err
	}
	defer kept.Close()
	data, err := io.ReadAll(kept)
	if err != nil {
		return nil, nil, disclosure.Errorf(disclosure.ErrUnavailable, "读取文件失败,请稍后再试。").Because(err)
	}
	return &view.Files[k], data, nil
}
