package anomaly

import (
	"math"
	"slices"

	"mingjing/internal/disclosure"
)

// lineage knows which units took over from which. A split is no lineage: its
// parts have no figures of their own before it.
type lineage struct {
	predecessors map[disclosure.UnitNumber][]*disclosure.Unit
	// involved units' reports are needed beside one another.
	involved map[disclosure.UnitNumber]bool
}

func lineageOf(units []disclosure.Unit) lineage {
	l := lineage{map[disclosure.UnitNumber][]*disclosure.Unit{}, map[disclosure.UnitNumber]bool{}}
	for i := range units {
		u := &units[i]
		if len(u.Successors) != 1 || u.Last == 0 || u.Successors[0] == u.Number {
			continue
		}
		l.predecessors[u.Successors[0]] = append(l.predecessors[u.Successors[0]], u)
		l.involved[u.Number], l.involved[u.Successors[0]] = true, true
	}
	return l
}

// series gives a unit's reports of one scope for a test of year y: years in
// which predecessors still reported hold their figures too, and are left out
// when one of their reports is missing. For a year before a merger only years
// before it are comparable.
func (l lineage) series(u disclosure.UnitNumber, scope disclosure.Scope, y disclosure.Year, reports map[disclosure.UnitNumber][]*Report) series {
	own := ofScope(reports[u], scope)
	for _, p := range l.predecessors[u] {
		if y <= p.Last {
			own = slices.DeleteFunc(slices.Clone(own), func(r *Report) bool { return r.Year > p.Last })
			continue
		}
		own = l.joined(own, p, l.series(p.Number, scope, p.Last, reports))
	}
	return own
}

func (l lineage) joined(own series, p *disclosure.Unit, theirs series) series {
	var out series
	for _, r := range own {
		if !p.ReportsIn(r.Year) {
			out = append(out, r)
		} else if t := theirs.at(r.Year); t != nil {
			out = append(out, together(r, t))
		}
	}
	for _, t := range theirs {
		if own.at(t.Year) == nil {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b *Report) int { return int(a.Year - b.Year) })
	return out
}

// together adds two reports up; a figure that neither gives stays none.
func together(a, b *Report) *Report {
	sum := *a
	sum.Figures = slices.Clone(a.Figures)
	for i, v := range b.Figures {
		if !math.IsNaN(v) {
			sum.Figures[i] = orZero(sum.Figures[i]) + v
		}
	}
	return &sum
}

func ofScope(reports []*Report, scope disclosure.Scope) series {
	var out series
	for _, r := range reports {
		if r.Scope == scope {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b *Report) int { return int(a.Year - b.Year) })
	return out
}
