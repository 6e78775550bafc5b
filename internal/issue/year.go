package issue

import (
	"cmp"
	"slices"

	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// YearTable is a year's quarter scores by unit, within 考核分组.
type YearTable struct {
	Year disclosure.Year
	// Lists are those whose scores stand for each quarter, the first quarter first.
	Lists  [4][]List
	Groups []YearGroup
	// Unknown are names in the score tables that no unit bears.
	Unknown []string
}

// YearGroup is a 考核分组 with its units, the best average first.
type YearGroup struct {
	Group string // "" for units of no group
	Units []YearRow
}

// YearRow is a unit's year.
type YearRow struct {
	Unit     disclosure.UnitNumber
	UnitText string
	// Quarters are the scores out of 100 of what applied; none where the unit
	// was not scored.
	Quarters [4]decimal.NullDecimal
	Average  decimal.Decimal // of the quarters with a score, to two places
	N        int             // how many these are
	Rank     int             // 1, 2, 2, 4
	Tied     bool
}

// Standing picks the lists of a quarter whose scores stand for it: those that
// are marked 计入年度成绩, or else the latest with scores.
func Standing(quarter disclosure.Period, lists []List) []List {
	var counted []List
	var latest *List
	for k := range lists {
		l := &lists[k]
		if l.Quarter != quarter || !l.Scores.scored() {
			continue
		}
		if l.Counted {
			counted = append(counted, *l)
		}
		if latest == nil || l.Created.After(latest.Created) {
			latest = l
		}
	}
	if len(counted) == 0 && latest != nil {
		return []List{*latest}
	}
	slices.SortFunc(counted, func(a, b List) int { return a.Created.Compare(b.Created) })
	return counted
}

// scored says whether any unit has a mark: a table that was only set up for a
// workbook has none.
func (t *ScoreTable) scored() bool {
	return t != nil && slices.ContainsFunc(t.Units, func(u UnitScore) bool {
		return slices.ContainsFunc(u.Marks, func(m Mark) bool { return m.Value.Valid })
	})
}

// YearScores sets a year's four quarters side by side. A unit that several lists
// of a quarter score has their mean; the average is of the quarters that have a
// score. groupOf gives a unit's 考核分组 and name.
func YearScores(year disclosure.Year, lists []List, groupOf func(disclosure.UnitNumber) (group, name string)) *YearTable {
	t := &YearTable{Year: year}
	type sum struct {
		of [4]decimal.Decimal
		n  [4]int64
	}
	sums, order := map[disclosure.UnitNumber]*sum{}, []disclosure.UnitNumber{}
	for q := range 4 {
		t.Lists[q] = Standing(disclosure.Period{Year: year, Quarter: q + 1}, lists)
		for _, l := range t.Lists[q] {
			for k := range l.Scores.Units {
				u := &l.Scores.Units[k]
				_, _, score, ok := l.Scores.Rebased(u)
				if u.Unit == 0 {
					if !slices.Contains(t.Unknown, u.UnitText) {
						t.Unknown = append(t.Unknown, u.UnitText)
					}
					continue
				}
				if !ok {
					continue
				}
				if sums[u.Unit] == nil {
					sums[u.Unit], order = &sum{}, append(order, u.Unit)
				}
				sums[u.Unit].of[q], sums[u.Unit].n[q] = sums[u.Unit].of[q].Add(score), sums[u.Unit].n[q]+1
			}
		}
	}
	groups := map[string]*YearGroup{}
	for _, n := range order {
		group, name := groupOf(n)
		row, all := YearRow{Unit: n, UnitText: name}, decimal.Zero
		for q := range 4 {
			if n := sums[row.Unit].n[q]; n > 0 {
				row.Quarters[q] = decimal.NewNullDecimal(sums[row.Unit].of[q].DivRound(decimal.NewFromInt(n), 2))
				all, row.N = all.Add(row.Quarters[q].Decimal), row.N+1
			}
		}
		row.Average = all.DivRound(decimal.NewFromInt(int64(row.N)), 2)
		if groups[group] == nil {
			groups[group] = &YearGroup{Group: group}
		}
		groups[group].Units = append(groups[group].Units, row)
	}
	for _, g := range groups {
		g.rank()
		t.Groups = append(t.Groups, *g)
	}
	slices.SortFunc(t.Groups, func(a, b YearGroup) int {
		if (a.Group == "") != (b.Group == "") {
			return map[bool]int{true: 1, false: -1}[a.Group == ""]
		}
		return cmp.Compare(a.Group, b.Group)
	})
	return t
}

func (g *YearGroup) rank() {
	slices.SortStableFunc(g.Units, func(a, b YearRow) int {
		return cmp.Or(b.Average.Cmp(a.Average), cmp.Compare(a.Unit, b.Unit))
	})
	for k := range g.Units {
		g.Units[k].Rank = k + 1
		if k > 0 && g.Units[k].Average.Equal(g.Units[k-1].Average) {
			g.Units[k].Rank, g.Units[k].Tied, g.Units[k-1].Tied = g.Units[k-1].Rank, true, true
		}
	}
}
