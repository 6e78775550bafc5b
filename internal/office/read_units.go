package office

import (
	"context"
	"fmt"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// UnitList is the units of a year with where their report stands.
type UnitList struct {
	Filter  Filter
	Choices Choices
	Rows    []UnitRow
}

// UnitRow is a unit in the list. Reports are those of the national form for the
// year, more than one when scopes differ; none means that it has not filed, or
// had nothing to file (Expected false).
type UnitRow struct {
	Unit     *disclosure.Unit
	Expected bool
	Waiting  bool // a report is handed in, and not approved yet
	Reports  []ReportLine
}

// UnitList answers the list of units. How many findings a report has is told
// of units within the visitor's reach only. Error: ErrForbidden.
func (o *Office) UnitList(ctx context.Context, v people.Visitor, f Filter) (*UnitList, error) {
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	if err := f.reach(v, units, ""); err != nil {
		return nil, err
	}
	list, err := o.unitList(ctx, f)
	if err != nil || v.Everywhere(people.SeeFindings) {
		return list, err
	}
	own := *list // the answer is shared with other requests
	own.Rows = slices.Clone(list.Rows)
	for i := range own.Rows {
		if v.May(people.SeeFindings, own.Rows[i].Unit.Number) {
			continue
		}
		own.Rows[i].Reports = slices.Clone(own.Rows[i].Reports)
		for r := range own.Rows[i].Reports {
			own.Rows[i].Reports[r].Errors, own.Rows[i].Reports[r].Others, own.Rows[i].Reports[r].Hidden = 0, 0, true
		}
	}
	return &own, nil
}

func (o *Office) unitList(ctx context.Context, f Filter) (*UnitList, error) {
	return cached(ctx, o, fmt.Sprintf("unit list %#v", f), func() (*UnitList, error) {
		base, err := o.scene(ctx, &f)
		if err != nil {
			return nil, err
		}
		units := base.units
		page := &UnitList{Filter: f, Choices: base.choices}
		heads, waiting, err := o.standing(ctx, f)
		if err != nil {
			return nil, err
		}
		checks, err := o.store.Checks(ctx, store.HeadQuery{Basis: f.Basis, Family: disclosure.FamilyNational, Years: []disclosure.Year{f.Year}})
		if err != nil {
			return nil, err
		}
		byKey := map[store.ReportKey]store.CheckRow{}
		for _, c := range checks {
			byKey[c.Key] = c
		}
		byUnit := map[disclosure.UnitNumber][]ReportLine{}
		for _, h := range heads {
			row := byKey[h.Key]
			byUnit[h.Key.Unit] = append(byUnit[h.Key.Unit], ReportLine{Head: h, Errors: int(row.Errors), Others: int(row.Explains + row.Notices + row.Untried)})
		}
		for i := range units.list {
			u := &units.list[i]
			if !f.includes(u) || f.Year != 0 && !u.ReportsIn(f.Year) && len(byUnit[u.Number]) == 0 {
				continue
			}
			page.Rows = append(page.Rows, UnitRow{Unit: u, Expected: f.expects(u), Waiting: waiting[u.Number], Reports: byUnit[u.Number]})
		}
		return page, nil
	})
}
