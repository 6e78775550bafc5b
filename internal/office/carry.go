package office

import (
	"context"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/store"
)

// A unit's history goes on in the unit that took it over: comparisons show the
// predecessors' figures under their only successor, added to its own of the
// same year, and say so. Where several took over (a split) nothing is added.

// carried says what a unit's figures of a year hold besides its own.
type carried struct{ added, leftOut []string }

// predecessors are the units that were merged into a unit or renamed to it, at
// once or in turn, and whose last year is over.
func (x *unitIndex) predecessors(n disclosure.UnitNumber) []*disclosure.Unit {
	if x.merged == nil {
		return nil
	}
	var out []*disclosure.Unit
	seen := map[disclosure.UnitNumber]bool{n: true}
	for next := []disclosure.UnitNumber{n}; len(next) > 0; {
		var further []disclosure.UnitNumber
		for _, heir := range next {
			for _, u := range x.merged[heir] {
				if !seen[u.Number] {
					seen[u.Number] = true
					out, further = append(out, u), append(further, u.Number)
				}
			}
		}
		next = further
	}
	return out
}

// splitFrom names the units of which a unit took over a part.
func (x *unitIndex) splitFrom(n disclosure.UnitNumber) []string {
	var out []string
	for _, u := range x.split[n] {
		out = append(out, u.Name)
	}
	return out
}

// succeed fills in who took over from whom.
func (x *unitIndex) succeed() {
	x.merged, x.split = map[disclosure.UnitNumber][]*disclosure.Unit{}, map[disclosure.UnitNumber][]*disclosure.Unit{}
	for i := range x.list {
		u := &x.list[i]
		if u.Last == 0 || u.MergedInto != 0 {
			continue
		}
		into := x.merged
		if len(u.Successors) > 1 {
			into = x.split
		}
		for _, heir := range u.Successors {
			into[heir] = append(into[heir], u)
		}
	}
}

// withPredecessors adds to the units of a question those whose history they
// carry; nil asks for all already. only bounds what may be asked for.
func withPredecessors(x *unitIndex, units, only []disclosure.UnitNumber) []disclosure.UnitNumber {
	if units == nil {
		return nil
	}
	out := slices.Clone(units)
	for _, n := range units {
		for _, u := range x.predecessors(n) {
			if (only == nil || slices.Contains(only, u.Number)) && !slices.Contains(out, u.Number) {
				out = append(out, u.Number)
			}
		}
	}
	return out
}

// carryOver adds predecessors' figures to their successors'. A predecessor that
// still reported in the shown year stands for itself there. Reports of another
// scope than the successor's are left out, and named.
func (idx figureIndex) carryOver(units *unitIndex, shown disclosure.Year, years []disclosure.Year) {
	sums := map[unitYear]map[disclosure.Code]store.Figure{}
	for heir := range units.merged {
		for _, y := range years {
			key := unitYear{heir, y}
			sum, note := idx.sumOver(units.predecessors(heir), key, shown)
			if len(note.added)+len(note.leftOut) > 0 {
				sums[key], idx.carried[key] = sum, note
			}
		}
	}
	for key, sum := range sums {
		idx.figures[key] = sum
	}
}

// sumOver is a unit's year with its predecessors'.
func (idx figureIndex) sumOver(predecessors []*disclosure.Unit, key unitYear, shown disclosure.Year) (map[disclosure.Code]store.Figure, carried) {
	sum, note := idx.figures[key], carried{}
	whose, own := key.unit, len(sum) > 0
	for _, p := range predecessors {
		theirs := idx.figures[unitYear{p.Number, key.year}]
		if p.Last >= shown || key.year > p.Last || len(theirs) == 0 {
			continue
		}
		if len(sum) > 0 && scopeOf(sum) != scopeOf(theirs) {
			note.leftOut = append(note.leftOut, p.Display())
			continue
		}
		if !own && len(note.added) == 0 {
			whose = p.Number // the link leads to the first of them
		}
		note.added = append(note.added, p.Display())
		sum = addFigures(sum, theirs, whose)
	}
	return sum, note
}

func scopeOf(figures map[disclosure.Code]store.Figure) disclosure.Scope {
	for _, f := range figures {
		return f.Scope
	}
	return ""
}

// addFigures adds what are numbers; where one of two is none, the other stands.
func addFigures(a, b map[disclosure.Code]store.Figure, whose disclosure.UnitNumber) map[disclosure.Code]store.Figure {
	out := make(map[disclosure.Code]store.Figure, max(len(a), len(b)))
	for code, f := range a {
		out[code] = f
	}
	for code, f := range b {
		have, ok := out[code]
		switch {
		case !ok, have.Kind != disclosure.CellNumber && f.Kind == disclosure.CellNumber:
			out[code] = f
		case have.Kind == disclosure.CellNumber && f.Kind == disclosure.CellNumber:
			have.Value = have.Value.Add(f.Value)
			out[code] = have
		}
	}
	for code, f := range out {
		f.Unit = whose
		out[code] = f
	}
	return out
}

// predecessorYears adds the years that are only the predecessors'.
func (o *Office) predecessorYears(ctx context.Context, page *UnitPage) error {
	if len(page.Predecessors) == 0 {
		return nil
	}
	q := store.HeadQuery{Basis: page.Basis, Family: disclosure.FamilyNational}
	for _, u := range page.Predecessors {
		q.Units = append(q.Units, u.Number)
	}
	heads, err := o.store.Heads(ctx, q)
	if err != nil {
		return err
	}
	for _, h := range heads {
		page.Years = append(page.Years, h.Key.Period.Year)
	}
	slices.Sort(page.Years)
	page.Years = slices.Compact(page.Years)
	return nil
}
