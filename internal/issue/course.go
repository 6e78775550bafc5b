package issue

import (
	"cmp"
	"slices"
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// Change is a count beside the one of the quarter before.
type Change struct {
	Category Category `json:"category"` // "" for all
	Now      int      `json:"now"`
	Before   int      `json:"before"`
}

// Percent is by how much the count rose, in percent to one place; ok is false
// when there was nothing before.
func (c Change) Percent() (p decimal.Decimal, ok bool) {
	if c.Before == 0 {
		return decimal.Zero, false
	}
	return decimal.NewFromInt(int64(c.Now-c.Before)*100).DivRound(decimal.NewFromInt(int64(c.Before)), 1), true
}

// Changes hold a quarter's statistics against those of the one before: all
// issues first, then each category that either has.
func Changes(now, before *Statistics) []Change {
	out := []Change{{Now: now.All.Issues, Before: before.All.Issues}}
	counts := map[Category]*Change{}
	order := map[Category]*tallier{}
	for k, s := range []*Statistics{now, before} {
		for _, c := range s.Categories {
			if counts[c.Category] == nil {
				counts[c.Category], order[c.Category] = &Change{Category: c.Category}, &tallier{}
			}
			if k == 0 {
				counts[c.Category].Now = c.Issues
			} else {
				counts[c.Category].Before = c.Issues
			}
		}
	}
	for _, c := range categoryOrder(order) {
		out = append(out, *counts[c])
	}
	return out
}

// DayCount is a day of the burn-down.
type DayCount struct {
	Day     calendar.Date `json:"day"`
	Open    int           `json:"open"` // handed over and not ended at the day's end
	Handed  int           `json:"handed"`
	Settled int           `json:"settled"` // on the day
}

// mostDays bounds a burn-down.
const mostDays = 200

// BurnDown counts day by day from the first 交办 to the present day, or to the
// day of the last end when all came to one. Issues of the past, of which nobody
// knows when they were handed over, are left out.
func BurnDown(lines []Line, now time.Time) []DayCount {
	first, last := calendar.Date(0), calendar.Date(0)
	open := false
	var counted []Line
	for _, l := range lines {
		if l.Handed.IsZero() || l.State == Withdrawn {
			continue
		}
		counted = append(counted, l)
		if d := calendar.DayOf(l.Handed); first == 0 || d < first {
			first = d
		}
		last = max(last, calendar.DayOf(l.Settled), calendar.DayOf(l.Handed))
		open = open || !l.State.Settled()
	}
	if len(counted) == 0 {
		return nil
	}
	if open {
		last = max(last, calendar.DayOf(now))
	}
	var out []DayCount
	for d := max(first, last-mostDays+1); d <= last; d++ {
		c := DayCount{Day: d}
		for _, l := range counted {
			count(&c.Open, l.openAt(d.End()))
			count(&c.Handed, calendar.DayOf(l.Handed) == d)
			count(&c.Settled, !l.openAt(d.End()) && l.openAt(d.Start()) || l.endedOn(d))
		}
		out = append(out, c)
	}
	return out
}

// endedOn: handed over and ended on one and the same day.
func (i *Issue) endedOn(d calendar.Date) bool {
	return calendar.DayOf(i.Handed) == d && !i.openAt(d.End())
}

// openAt says whether the issue was handed over and not ended before a moment.
func (i *Issue) openAt(t time.Time) bool {
	if !i.Handed.Before(t) {
		return false
	}
	open := true
	for _, r := range i.Reviews {
		if !r.Time.Before(t) {
			break
		}
		switch r.Act {
		case Close, EndInapplicable:
			open = false
		case Reopen:
			open = true
		}
	}
	return open
}

// Ranked is a unit's place within its group.
type Ranked struct {
	Unit     disclosure.UnitNumber `json:"unit,omitempty"`
	UnitText string                `json:"unit_text"`
	Score    decimal.Decimal       `json:"score"` // out of 100 of what applies
	Earned   decimal.Decimal       `json:"earned"`
	Of       decimal.Decimal       `json:"of"`   // applicable marks
	Rank     int                   `json:"rank"` // 1, 2, 2, 4
	Tied     bool                  `json:"tied"`
}

// RankedGroup is a 考核分组 with its units, the best first.
type RankedGroup struct {
	Group string   `json:"group"` // "" for units of no group
	Units []Ranked `json:"units"`
	// Unscored are units to which nothing applies.
	Unscored []string `json:"unscored,omitempty"`
	// Waiting (未评分) are units of which nothing was entered yet.
	Waiting []string `json:"waiting,omitempty"`
}

// Rank orders the units of a score table within their groups; equal scores
// share a place. Groups stand in the order of groups' names; units of none last.
func (t *ScoreTable) Rank(groupOf func(disclosure.UnitNumber) string) []RankedGroup {
	groups := map[string]*RankedGroup{}
	for k := range t.Units {
		u := &t.Units[k]
		name := ""
		if u.Unit != 0 {
			name = groupOf(u.Unit)
		}
		g := groups[name]
		if g == nil {
			g = &RankedGroup{Group: name, Units: []Ranked{}}
			groups[name] = g
		}
		earned, of, score, ok := t.Rebased(u)
		if !u.Entered() {
			g.Waiting = append(g.Waiting, u.UnitText)
			continue
		}
		if !ok {
			g.Unscored = append(g.Unscored, u.UnitText)
			continue
		}
		g.Units = append(g.Units, Ranked{Unit: u.Unit, UnitText: u.UnitText, Score: score, Earned: earned, Of: of})
	}
	out := []RankedGroup{}
	for _, g := range groups {
		slices.SortStableFunc(g.Units, func(a, b Ranked) int { return b.Score.Cmp(a.Score) })
		for k := range g.Units {
			g.Units[k].Rank = k + 1
			if k > 0 && g.Units[k].Score.Equal(g.Units[k-1].Score) {
				g.Units[k].Rank, g.Units[k].Tied, g.Units[k-1].Tied = g.Units[k-1].Rank, true, true
			}
		}
		out = append(out, *g)
	}
	slices.SortFunc(out, func(a, b RankedGroup) int {
		if (a.Group == "") != (b.Group == "") {
			return map[bool]int{true: 1, false: -1}[a.Group == ""]
		}
		return cmp.Compare(a.Group, b.Group)
	})
	return out
}
