package office

import (
	"context"
	"fmt"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/shopspring/decimal"
)

// peerFigure is a figure of one unit in a group of like units.
type peerFigure struct {
	unit  disclosure.UnitNumber
	value decimal.Decimal
}

// peersBeside are the medians of like units for every cell of a form: approved
// reports of the year, of the same kind, group and scope, this unit's own left
// out. Over few units they are told only to who sees single reports anyway.
func (o *Office) peersBeside(ctx context.Context, v people.Visitor, u *disclosure.Unit, key store.ReportKey, form *disclosure.Form) (map[disclosure.Code]PeerMedian, error) {
	figures, err := o.peerFigures(ctx, u, key, form)
	if err != nil {
		return nil, err
	}
	out := make(map[disclosure.Code]PeerMedian, len(figures))
	for code, all := range figures {
		values := make([]decimal.Decimal, 0, len(all))
		for _, f := range all {
			if f.unit != u.Number {
				values = append(values, f.value)
			}
		}
		if len(values) == 0 || len(values) < fewestPeers && !v.May(people.Supervise, u.Number) {
			continue
		}
		out[code] = PeerMedian{Median: medianOf(values), N: len(values)}
	}
	return out, nil
}

func medianOf(values []decimal.Decimal) float64 {
	slices.SortFunc(values, func(a, b decimal.Decimal) int { return a.Cmp(b) })
	mid := len(values) / 2
	m := values[mid]
	if len(values)%2 == 0 {
		m = values[mid-1].Add(m).Div(decimal.NewFromInt(2))
	}
	return m.InexactFloat64()
}

// peerFigures reads the group's figures once for all of its units; the answer
// is shared and must not be changed.
func (o *Office) peerFigures(ctx context.Context, u *disclosure.Unit, key store.ReportKey, form *disclosure.Form) (map[disclosure.Code][]peerFigure, error) {
	year := key.Period.Year
	group := u.In(year).Group
	return cached(ctx, o, fmt.Sprintf("peer figures %s %s %s %s %s", u.Kind, group, key.Period, form.ID, key.Scope), func() (map[disclosure.Code][]peerFigure, error) {
		units, err := o.units(ctx)
		if err != nil {
			return nil, err
		}
		q := store.FigureQuery{Basis: store.Approved, Years: []disclosure.Year{year}, Units: []disclosure.UnitNumber{}, Codes: []disclosure.Code{}}
		for i := range units.list {
			other := &units.list[i]
			if other.Kind == u.Kind && other.In(year).Group == group && other.ReportsIn(year) {
				q.Units = append(q.Units, other.Number)
			}
		}
		for _, def := range form.Cells() {
			q.Codes = append(q.Codes, def.Code)
		}
		figures, err := o.store.Figures(ctx, q)
		if err != nil {
			return nil, err
		}
		out := map[disclosure.Code][]peerFigure{}
		for _, f := range figures {
			if f.Kind == disclosure.CellNumber && f.Scope == key.Scope {
				out[f.Code] = append(out[f.Code], peerFigure{unit: f.Unit, value: f.Value})
			}
		}
		return out, nil
	})
}
