package issue

import (
	"cmp"
	"slices"
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// Line is an issue for the statistics.
type Line struct {
	*Issue
	Earlier int // issues of the same kind in earlier quarters
}

// Rate is a share with its denominator; without one it is no rate at all.
type Rate struct {
	Part  int `json:"part"`
	Whole int `json:"whole"`
}

// Percent is the rate in percent to one place; ok is false for a denominator
// of 0.
func (r Rate) Percent() (p decimal.Decimal, ok bool) {
	if r.Whole == 0 {
		return decimal.Zero, false
	}
	return decimal.NewFromInt(int64(r.Part)*100).DivRound(decimal.NewFromInt(int64(r.Whole)), 1), true
}

// Tally counts issues of one unit, of one category, or of all. Withdrawn ones
// count nowhere.
type Tally struct {
	Issues        int             `json:"issues"`
	Deduction     decimal.Decimal `json:"deduction"` // sum
	Handed        int             `json:"handed"`    // 交办, whatever came after
	Signed        int             `json:"signed"`
	Answered      int             `json:"answered"` // an answer was given, whatever came after
	Rechecked     int             `json:"rechecked"`
	Settled       int             `json:"settled"`        // 销号 and 不适用
	NotApplicable int             `json:"not_applicable"` // of these 不适用
	Returned      int             `json:"returned"`       // returned at least once
	Reopened      int             `json:"reopened"`
	Overdue       int             `json:"overdue"` // now
	Recurring     int             `json:"recurring"`
	Appealed      int             `json:"appealed"`
	Extended      int             `json:"extended"` // more time was given
	// OnTime: the first answer kept its due time, of those of which it can be
	// said. Rectified (整改完成率): 销号 and 不适用, of those handed over.
	OnTime    Rate `json:"on_time"`
	Rectified Rate `json:"rectified"`
	// Days from 交办 to the end, of those that came to one.
	Days Days `json:"days"`
}

// Days are how long issues took, in days begun.
type Days struct {
	N      int     `json:"n"`
	Median float64 `json:"median"` // 0 when N is 0
	Worst  int     `json:"worst"`
}

// Statistics are a quarter's figures.
type Statistics struct {
	All Tally `json:"all"`
	// Units has one line a unit with issues, in the order asked for; unit 0 are
	// those that nobody answers for yet.
	Units      []UnitTally     `json:"units"`
	Categories []CategoryTally `json:"categories"`
	// Matrix is issues by unit and category, in the order of both.
	Matrix [][]Cell `json:"matrix"`
	// Funnel counts how many came at least as far as each step.
	Funnel []Step        `json:"funnel"`
	States map[State]int `json:"states"`
	// Overdue are the issues that are overdue, the longest first.
	Overdue []Line `json:"-"`
	// Silent are units with issues handed over and not a single answer.
	Silent []disclosure.UnitNumber `json:"silent"`
	// Repeat are units with issues of a kind that they had before.
	Repeat []Offender `json:"repeat"`
}

// UnitTally is one unit's line.
type UnitTally struct {
	Unit disclosure.UnitNumber `json:"unit"`
	Tally
}

// CategoryTally is one category's line.
type CategoryTally struct {
	Category Category `json:"category"`
	Tally
}

// Cell is a unit's issues of one category.
type Cell struct {
	Issues    int             `json:"issues"`
	Open      int             `json:"open"`
	Overdue   int             `json:"overdue"`
	Deduction decimal.Decimal `json:"deduction"`
}

// Step is a step of the funnel.
type Step struct {
	Code  StepCode `json:"code"`
	Name  string   `json:"name"`
	Count int      `json:"count"`
}

// Offender (同类问题反复出现) is a unit with a kind of issue that it had before.
type Offender struct {
	Unit     disclosure.UnitNumber `json:"unit"`
	Category Category              `json:"category"`
	Now      int                   `json:"now"`     // recurring issues of this quarter
	Earlier  int                   `json:"earlier"` // the most that one of them had before
	Reopened int                   `json:"reopened"`
}

// Summarise counts issues at a time. units gives the order of the lines; units
// that are not in it follow by number.
func Summarise(lines []Line, units []disclosure.UnitNumber, now time.Time) *Statistics {
	s := &Statistics{States: map[State]int{}, Silent: []disclosure.UnitNumber{}, Repeat: []Offender{}}
	all, byUnit, byCategory := &tallier{now: now}, map[disclosure.UnitNumber]*tallier{}, map[Category]*tallier{}
	cells := map[disclosure.UnitNumber]map[Category]*Cell{}
	for _, l := range lines {
		if l.State == Withdrawn || l.State == Missing {
			continue
		}
		s.States[l.State]++
		all.add(l)
		adding(byUnit, l.Unit, now).add(l)
		adding(byCategory, l.Category, now).add(l)
		if cells[l.Unit] == nil {
			cells[l.Unit] = map[Category]*Cell{}
		}
		c := cells[l.Unit][l.Category]
		if c == nil {
			c = &Cell{}
			cells[l.Unit][l.Category] = c
		}
		c.add(l, now)
		if l.Overdue(now) {
			s.Overdue = append(s.Overdue, l)
		}
	}
	s.All = all.done()
	slices.SortStableFunc(s.Overdue, func(a, b Line) int { return cmp.Or(a.Due.End().Compare(b.Due.End()), cmp.Compare(a.Number, b.Number)) })
	for _, u := range unitOrder(byUnit, units) {
		t := UnitTally{Unit: u, Tally: byUnit[u].done()}
		s.Units = append(s.Units, t)
		if u != 0 && t.Handed > 0 && t.Answered == 0 && t.Settled == 0 {
			s.Silent = append(s.Silent, u)
		}
	}
	for _, c := range categoryOrder(byCategory) {
		s.Categories = append(s.Categories, CategoryTally{Category: c, Tally: byCategory[c].done()})
	}
	for _, u := range s.Units {
		row := make([]Cell, len(s.Categories))
		for k, c := range s.Categories {
			if cell := cells[u.Unit][c.Category]; cell != nil {
				row[k] = *cell
			}
		}
		s.Matrix = append(s.Matrix, row)
	}
	for k, n := range []int{s.All.Issues, s.All.Handed, s.All.Signed, s.All.Answered, s.All.Rechecked, s.All.Settled} {
		s.Funnel = append(s.Funnel, Step{Code: Steps[k], Name: StepNames[Steps[k]], Count: n})
	}
	s.Repeat = offenders(lines, s.Units)
	return s
}

// tallier adds issues up.
type tallier struct {
	Tally
	now  time.Time
	days []int
}

func adding[K comparable](m map[K]*tallier, k K, now time.Time) *tallier {
	if m[k] == nil {
		m[k] = &tallier{now: now}
	}
	return m[k]
}

func count(n *int, yes bool) {
	if yes {
		*n++
	}
}

func (t *tallier) add(l Line) {
	settled, handed := l.State.Settled(), !l.Handed.IsZero()
	t.Issues++
	t.Deduction = t.Deduction.Add(l.Deduction.Decimal)
	count(&t.Rechecked, l.Came(StepRechecked))
	count(&t.Answered, l.Came(StepAnswered))
	count(&t.Signed, l.Came(StepSigned))
	count(&t.Handed, l.Came(StepHanded))
	count(&t.Settled, settled)
	count(&t.NotApplicable, l.State == NotApplicable)
	count(&t.Returned, l.Returns > 0)
	count(&t.Reopened, l.Reopens > 0)
	count(&t.Overdue, l.Overdue(t.now))
	count(&t.Recurring, l.Earlier > 0)
	count(&t.Appealed, len(l.Appeals) > 0)
	count(&t.Extended, slices.ContainsFunc(l.Extensions, func(e Extension) bool { return e.Outcome == Granted }))
	if kept, known := l.OnTime(t.now); known {
		t.OnTime.Whole++
		count(&t.OnTime.Part, kept)
	}
	if settled && handed && !l.Settled.IsZero() {
		t.days = append(t.days, max(0, int(calendar.DayOf(l.Settled)-calendar.DayOf(l.Handed)))+1)
	}
}

func (t *tallier) done() Tally {
	out := t.Tally
	out.Rectified = Rate{Part: out.Settled, Whole: out.Handed}
	if n := len(t.days); n > 0 {
		slices.Sort(t.days)
		out.Days = Days{N: n, Median: float64(t.days[(n-1)/2]+t.days[n/2]) / 2, Worst: t.days[n-1]}
	}
	return out
}

func (c *Cell) add(l Line, now time.Time) {
	c.Issues++
	count(&c.Open, !l.State.Settled())
	count(&c.Overdue, l.Overdue(now))
	c.Deduction = c.Deduction.Add(l.Deduction.Decimal)
}

// unitOrder: as asked, then by number; what nobody answers for comes last.
func unitOrder(met map[disclosure.UnitNumber]*tallier, asked []disclosure.UnitNumber) []disclosure.UnitNumber {
	var out, rest []disclosure.UnitNumber
	for _, u := range asked {
		if met[u] != nil && u != 0 && !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	for u := range met {
		if u != 0 && !slices.Contains(asked, u) {
			rest = append(rest, u)
		}
	}
	slices.Sort(rest)
	out = append(out, rest...)
	if met[0] != nil {
		out = append(out, 0)
	}
	return out
}

// categoryOrder: the shipped ones in their order, then others by name.
func categoryOrder(met map[Category]*tallier) []Category {
	var out, rest []Category
	for _, c := range categories {
		if met[c.Name] != nil {
			out = append(out, c.Name)
		}
	}
	for c := range met {
		if !slices.Contains(out, c) {
			rest = append(rest, c)
		}
	}
	slices.Sort(rest)
	return append(out, rest...)
}

// offenders are sorted by how often, then in the order of the units.
func offenders(lines []Line, units []UnitTally) []Offender {
	type key struct {
		unit     disclosure.UnitNumber
		category Category
	}
	met := map[key]*Offender{}
	for _, l := range lines {
		if l.Unit == 0 || l.State == Withdrawn || l.Earlier == 0 && l.Reopens == 0 {
			continue
		}
		k := key{l.Unit, l.Category}
		if met[k] == nil {
			met[k] = &Offender{Unit: l.Unit, Category: l.Category}
		}
		count(&met[k].Now, l.Earlier > 0)
		count(&met[k].Reopened, l.Reopens > 0)
		met[k].Earlier = max(met[k].Earlier, l.Earlier)
	}
	out := []Offender{}
	for _, o := range met {
		out = append(out, *o)
	}
	rank := map[disclosure.UnitNumber]int{}
	for k, u := range units {
		rank[u.Unit] = k
	}
	slices.SortFunc(out, func(a, b Offender) int {
		return cmp.Or(cmp.Compare(b.Now+b.Reopened, a.Now+a.Reopened), cmp.Compare(b.Earlier, a.Earlier), cmp.Compare(rank[a.Unit], rank[b.Unit]), cmp.Compare(a.Category, b.Category))
	})
	return out
}
