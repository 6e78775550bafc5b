package office

import (
	"context"
	"slices"
	"strings"
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/people"
)

// IssueFilter narrows a list of issues; empty fields mean all. It stands in
// the address of a page.
type IssueFilter struct {
	Quarter    disclosure.Period // zero: all quarters
	List       string
	Round      issue.Round
	Unit       disclosure.UnitNumber // that answers or helps
	Lead       disclosure.UnitNumber // that answers
	States     []issue.State
	Categories []issue.Category
	Indicator  string // 二级指标, as the issue has it
	// Overdue, Recurring, Unassigned (none answers yet), Waiting (a request for
	// more time or an appeal waits for a decision), Appealed.
	Overdue, Recurring, Unassigned, Waiting bool
	// Late: not answered in time, or not yet and overdue. Reopened, Returned: at
	// least once.
	Late, Reopened, Returned bool
	Stand                    IssueStand
	// Came keeps issues that came at least as far as a step, so that a count of
	// the statistics can be followed; "" means all, the withdrawn included.
	Came          issue.StepCode
	Text          string // in number, facts, indicators, unit
	Sort          IssueSort
	Offset, Limit int // Limit 0: 100
}

// IssueStand narrows a list to issues that are not over.
type IssueStand string

// The stands.
const (
	StandOpen  IssueStand = "open"  // not ended
	StandGoing IssueStand = "going" // not ended, and not overdue
	StandOwed  IssueStand = "owed"  // the unit owes an answer
)

// IssueSort is an order of a list.
type IssueSort string

// The orders.
const (
	SortNumber    IssueSort = ""          // latest quarter first, then by number
	SortDue       IssueSort = "due"       // the earliest first, none last
	SortDeduction IssueSort = "deduction" // the heaviest first
	SortUnit      IssueSort = "unit"
)

// IssueLine is an issue in a list. The issue is shared: it must not be changed.
type IssueLine struct {
	*issue.Issue
	Seq       uint64
	UnitName  string // "" when none answers yet
	Helping   []string
	ListTitle string
	Overdue   bool
	Recurs    int // earlier issues of the same kind that the visitor may see
	// OnTime holds when Known: see issue.Issue.OnTime.
	OnTime, Known bool
	// Acts are what the visitor may do now, conditions aside.
	Acts []issue.Act
}

// May says whether the visitor may do an act now.
func (l *IssueLine) May(act issue.Act) bool { return slices.Contains(l.Acts, act) }

// IssueRows are a filter's answer.
type IssueRows struct {
	Rows  []IssueLine
	Total int // before Offset and Limit
	// States count the rows by state, Overdue those overdue, over all pages.
	States  map[issue.State]int
	Overdue int
	// Requests wait for a decision (延期, 申诉); Unassigned answers nobody yet.
	Requests, Unassigned int
	// Quarters are those that the visitor sees issues of, the latest first.
	Quarters []disclosure.Period
}

const usualIssueRows = 100

// Issues lists what the visitor may see: units their own once handed over,
// evaluators those of their lists, supervisors and leaders their subtree.
// Error: ErrForbidden for who has nothing to do with issues at all.
func (o *Office) Issues(ctx context.Context, v people.Visitor, f IssueFilter) (*IssueRows, error) {
	if err := demandIssues(v); err != nil {
		return nil, err
	}
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	out := &IssueRows{Rows: []IssueLine{}, States: map[issue.State]int{}}
	return out, o.issuesNow(ctx, func(b *issueBook) error {
		now := o.clock()
		found := b.filter(v, f, now, func(q disclosure.Period) {
			if n := len(out.Quarters); n == 0 || out.Quarters[n-1] != q {
				out.Quarters = append(out.Quarters, q)
			}
		})
		out.Total = len(found)
		for _, h := range found {
			out.States[h.State]++
			if h.Overdue(now) {
				out.Overdue++
			}
			if h.waits() {
				out.Requests++
			}
			if h.Unit == 0 && h.State == issue.Found {
				out.Unassigned++
			}
		}
		sortIssues(found, f.Sort, units)
		if f.Limit <= 0 {
			f.Limit = usualIssueRows
		}
		from := min(max(f.Offset, 0), len(found))
		for _, h := range found[from:min(from+f.Limit, len(found))] {
			out.Rows = append(out.Rows, b.line(v, h, units, now))
		}
		return nil
	})
}

func demandIssues(v people.Visitor) error {
	for _, r := range []people.Right{people.SeeIssues, people.AnswerIssue, people.Evaluate} {
		if v.Anywhere(r) {
			return nil
		}
	}
	return v.Demand(people.SeeIssues, 0)
}

// filter gives the issues that fit, the latest quarter first; quarter is told
// of each quarter that the visitor sees something of.
func (b *issueBook) filter(v people.Visitor, f IssueFilter, now time.Time, quarter func(disclosure.Period)) []*heldIssue {
	views := map[string]issue.Viewer{}
	for id, l := range b.lists {
		views[id] = issue.On(v, &l.List)
	}
	wanted, text := wantedStates(f.States), disclosure.NormalName(strings.ToLower(f.Text))
	var out []*heldIssue
	for k := len(b.order); k > 0; {
		end := k // of the quarter, which runs from k to end
		for k > 0 && b.order[k-1].Quarter == b.order[end-1].Quarter {
			k--
		}
		seen, other := false, f.Quarter.Year != 0 && b.order[k].Quarter != f.Quarter
		for _, h := range b.order[k:end] {
			if other && seen {
				break // nothing of this quarter fits
			}
			viewer, listed := views[h.List]
			if !listed {
				viewer = issue.On(v, nil)
			}
			if !viewer.Sees(&h.Issue) {
				continue
			}
			seen = true
			if b.fits(h, f, wanted, text, now) {
				out = append(out, h)
			}
		}
		if seen {
			quarter(b.order[k].Quarter)
		}
	}
	return out
}

func (h *heldIssue) late(now time.Time) bool {
	kept, known := h.OnTime(now)
	return known && !kept
}

func (h *heldIssue) stands(s IssueStand, now time.Time) bool {
	open := h.Came(issue.StepFound) && !h.State.Settled()
	switch s {
	case StandOpen:
		return open
	case StandGoing:
		return open && !h.Overdue(now)
	case StandOwed:
		return h.State.Owed()
	}
	return s == ""
}

func wantedStates(states []issue.State) map[issue.State]bool {
	out := map[issue.State]bool{}
	for _, s := range states {
		out[s] = true
	}
	return out
}

func (b *issueBook) fits(h *heldIssue, f IssueFilter, states map[issue.State]bool, text string, now time.Time) bool {
	switch {
	case f.Quarter.Year != 0 && h.Quarter != f.Quarter,
		f.List != "" && h.List != f.List,
		f.Unit != 0 && !h.Concerns(f.Unit),
		f.Lead != 0 && h.Unit != f.Lead,
		f.Came != "" && !h.Came(f.Came),
		f.Late && !h.late(now),
		!h.stands(f.Stand, now),
		f.Reopened && h.Reopens == 0,
		f.Returned && h.Returns == 0,
		len(states) > 0 && !states[h.State],
		len(f.Categories) > 0 && !slices.Contains(f.Categories, h.Category),
		f.Unassigned && h.Unit != 0,
		f.Indicator != "" && h.Indicator2 != f.Indicator,
		f.Waiting && !h.waits(),
		f.Overdue && !h.Overdue(now),
		f.Round != "" && (b.lists[h.List] == nil || b.lists[h.List].Round != f.Round),
		text != "" && !strings.Contains(h.text, text),
		f.Recurring && len(b.recurs(h)) == 0:
		return false
	}
	return true
}

// searchable is what a text is looked for in.
func searchable(i *issue.Issue) string {
	return disclosure.NormalName(strings.ToLower(strings.Join([]string{i.Number, i.Facts, i.Indicator1, i.Indicator2, i.UnitText}, "|")))
}

func sortIssues(list []*heldIssue, by IssueSort, units *unitIndex) {
	switch by {
	case SortDue:
		slices.SortStableFunc(list, func(a, b *heldIssue) int { return dueOrder(a.Due, b.Due) })
	case SortDeduction:
		slices.SortStableFunc(list, func(a, b *heldIssue) int { return b.Deduction.Decimal.Cmp(a.Deduction.Decimal) })
	case SortUnit:
		rank := map[disclosure.UnitNumber]int{}
		for k := range units.list {
			rank[units.list[k].Number] = k - len(units.list) // units that are not there come last
		}
		slices.SortStableFunc(list, func(a, b *heldIssue) int { return rank[a.Unit] - rank[b.Unit] })
	}
}

func (u *unitIndex) name(n disclosure.UnitNumber) string {
	if x := u.byNumber[n]; x != nil {
		return x.Display()
	}
	return ""
}

func (b *issueBook) line(v people.Visitor, h *heldIssue, units *unitIndex, now time.Time) IssueLine {
	l := IssueLine{Issue: &h.Issue, Seq: h.Seq, UnitName: units.name(h.Unit), Overdue: h.Overdue(now)}
	l.Recurs = b.recursFor(v, h)
	l.OnTime, l.Known = h.OnTime(now)
	for _, n := range h.Helpers {
		l.Helping = append(l.Helping, units.name(n))
	}
	viewer := issue.On(v, nil)
	if list := b.lists[h.List]; list != nil {
		l.ListTitle, viewer = list.Title, issue.On(v, &list.List)
	}
	l.Issue, l.Acts = viewer.Shown(&h.Issue), issue.Possible(&h.Issue, viewer)
	return l
}

// recursFor counts the earlier issues of the kind that the visitor may see. Who
// sees the unit's issues sees them all.
func (b *issueBook) recursFor(v people.Visitor, h *heldIssue) int {
	earlier := b.recurs(h)
	if v.May(people.SeeIssues, h.Unit) {
		return len(earlier)
	}
	n := 0
	for _, e := range earlier {
		if _, _, err := b.see(v, e.ID); err == nil {
			n++
		}
	}
	return n
}

// IssueView is one issue as a page shows it.
type IssueView struct {
	IssueLine
	List issue.List
	// Earlier are the unit's issues of the same kind in earlier quarters that
	// the visitor may see.
	Earlier []IssueLine
	// Standing is where an unanswered issue stands on the ladder of reminders;
	// nil when nothing is owed or it has no due time.
	Standing *calendar.Standing
	// Persons are the names behind the accounts that the issue mentions.
	Persons map[string]string
}

// Issue shows one issue. Errors: ErrNotFound, also for one that the visitor may
// not see.
func (o *Office) Issue(ctx context.Context, v people.Visitor, id string) (*IssueView, error) {
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	accounts, err := o.directory(ctx)
	if err != nil {
		return nil, err
	}
	ladder, err := o.IssueLadder(ctx)
	if err != nil {
		return nil, err
	}
	workdays, err := o.Workdays(ctx)
	if err != nil {
		return nil, err
	}
	var out *IssueView
	err = o.issuesNow(ctx, func(b *issueBook) error {
		h, _, err := b.see(v, id)
		if err != nil {
			return err
		}
		now := o.clock()
		out = &IssueView{IssueLine: b.line(v, h, units, now)}
		out.Persons = personsOf(out.Issue, accounts)
		if l := b.lists[h.List]; l != nil {
			out.List = l.List
		}
		for _, e := range b.recurs(h) {
			if _, _, err := b.see(v, e.ID); err == nil {
				out.Earlier = append(out.Earlier, b.line(v, e, units, now))
			}
		}
		if h.State.Owed() && !h.Due.IsZero() {
			s := calendar.Stage(ladder, h.Due, now, workdays)
			out.Standing = &s
		}
		return nil
	})
	return out, err
}

// see finds an issue that the visitor may see.
func (b *issueBook) see(v people.Visitor, id string) (*heldIssue, issue.Viewer, error) {
	h := b.issues[id]
	if h == nil {
		return nil, issue.Viewer{}, disclosure.Errorf(disclosure.ErrNotFound, "没有这个问题,请从问题清单中选择。")
	}
	viewer := issue.On(v, nil)
	if l := b.lists[h.List]; l != nil {
		viewer = issue.On(v, &l.List)
	}
	if !viewer.Sees(&h.Issue) {
		return nil, viewer, disclosure.Errorf(disclosure.ErrNotFound, "没有这个问题,请从问题清单中选择。")
	}
	return h, viewer, nil
}

// personsOf are the names behind the accounts that an issue mentions.
func personsOf(i *issue.Issue, d *directory) map[string]string {
	out := map[string]string{}
	name := func(account string) {
		if a, ok := d.accounts[account]; ok && account != "" {
			out[account] = a.Name
		}
	}
	name(i.Origin.By)
	for _, a := range i.Answers {
		name(a.By)
	}
	for _, r := range i.Reviews {
		name(r.By)
	}
	for _, e := range i.Extensions {
		name(e.By)
		name(e.Decider)
	}
	for _, a := range i.Appeals {
		name(a.By)
		name(a.Decider)
	}
	return out
}
