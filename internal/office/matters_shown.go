package office

import (
	"context"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// reportMatters are the matters that are found in one report, the gravest first.
func (o *Office) reportMatters(ctx context.Context, v people.Visitor, key store.ReportKey, basis store.Basis) ([]Matter, error) {
	if err := demandBasis(v, basis, key.Unit); err != nil {
		return nil, err
	}
	if !v.May(people.SeeFindings, key.Unit) {
		return nil, nil
	}
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	all, err := o.yearMatters(ctx, key.Period.Year, basis)
	if err != nil {
		return nil, err
	}
	var out []Matter
	for i := range all {
		if all[i].Report == key && all[i].State.Found() {
			out = append(out, units.seen(v, all[i]))
		}
	}
	return out, nil
}

// MatterPoints are the matters that charts show, by year and unit; see
// PointMatters.
type MatterPoints map[disclosure.Year]map[disclosure.UnitNumber][]*Matter

// MatterPoints finds the matters of some years that wait for somebody, of the
// units within the visitor's reach; nil units means all. It is empty for whom
// they are not.
func (o *Office) MatterPoints(ctx context.Context, v people.Visitor, basis store.Basis, years []disclosure.Year, units []disclosure.UnitNumber) (MatterPoints, error) {
	out := MatterPoints{}
	if !v.Anywhere(people.SeeFindings) {
		return out, nil
	}
	for _, y := range years {
		all, err := o.yearMatters(ctx, y, basis)
		if err != nil {
			return nil, err
		}
		byUnit := map[disclosure.UnitNumber][]*Matter{}
		for i := range all {
			m := &all[i]
			n := m.Unit.Number
			if m.Charted() && v.May(people.SeeFindings, n) && (basis == store.Approved || v.May(people.SeeFiled, n)) && (units == nil || slices.Contains(units, n)) {
				byUnit[n] = append(byUnit[n], m)
			}
		}
		out[y] = byUnit
	}
	return out, nil
}

// Of are the matters of one unit's year that concern an indicator.
func (p MatterPoints) Of(y disclosure.Year, unit disclosure.UnitNumber, ind Indicator) []*Matter {
	var out []*Matter
	codes := ind.Codes()
	for _, m := range p[y][unit] {
		if m.concerns(codes) {
			out = append(out, m)
		}
	}
	return out
}

// Count is how many matters of a year concern an indicator, over all units.
func (p MatterPoints) Count(y disclosure.Year, ind Indicator) int {
	n := 0
	for unit := range p[y] {
		n += len(p.Of(y, unit, ind))
	}
	return n
}

// DistrictPoints are MatterPoints of the units that a filter takes, for the
// years of the district's sums.
func (o *Office) DistrictPoints(ctx context.Context, v people.Visitor, f Filter, years []YearLine) (MatterPoints, error) {
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	var of []disclosure.Year
	for _, l := range years {
		of = append(of, l.Year)
	}
	return o.MatterPoints(ctx, v, f.Basis, of, f.units(units.list))
}

// UnitMatters are a unit's matters that wait for somebody, for its charts and
// as a list, the latest year first.
func (o *Office) UnitMatters(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, basis store.Basis, years []disclosure.Year) (MatterPoints, []Matter, error) {
	points, err := o.MatterPoints(ctx, v, basis, years, []disclosure.UnitNumber{unit})
	if err != nil {
		return nil, nil, err
	}
	units, err := o.units(ctx)
	if err != nil {
		return nil, nil, err
	}
	var list []Matter
	for i := len(years) - 1; i >= 0; i-- {
		for _, m := range points[years[i]][unit] {
			list = append(list, units.seen(v, *m))
		}
	}
	return points, list, nil
}
