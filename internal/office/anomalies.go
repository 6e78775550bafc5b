package office

import (
	"context"
	"slices"

	"mingjing/internal/anomaly"
	"mingjing/internal/disclosure"
	"mingjing/internal/store"
)

// anomalyYears is how many years on either side of the tested one are read.
const anomalyYears = 8

// AnomalyList is what a year's reports should be asked about.
type AnomalyList struct {
	Year    disclosure.Year
	Reports int // of the year, that were looked at
	Lines   []AnomalyLine
}

// AnomalyLine is an anomaly with its unit.
type AnomalyLine struct {
	Unit *disclosure.Unit
	anomaly.Anomaly
}

// Anomalies looks for anomalies in the reports of a year, 0 for the latest one
// on file. Every report that was submitted is looked at; only approved ones
// serve other units as peers. The gravest stand first.
func (o *Office) Anomalies(ctx context.Context, y disclosure.Year) (*AnomalyList, error) {
	f := Filter{Year: y, Basis: store.Provisional}
	base, err := o.scene(ctx, &f)
	if err != nil {
		return nil, err
	}
	y, units := f.Year, base.units
	list := &AnomalyList{Year: y, Lines: []AnomalyLine{}}
	scan := anomaly.NewScan(y, units.list)
	q := store.HistoryQuery{Basis: store.Provisional, Family: disclosure.FamilyNational, Codes: slices.Clone(anomaly.Codes()),
		First: max(y-anomalyYears, 0), Last: y + anomalyYears}
	for h, err := range o.store.Histories(ctx, q) {
		if err != nil {
			return nil, err
		}
		if h.Year == y {
			list.Reports++
		}
		scan.Add(&anomaly.Report{Unit: h.Unit, Year: h.Year, Scope: h.Scope, Approved: h.Approved, Figures: h.Values})
	}
	for _, a := range scan.Finish() {
		u := units.byNumber[a.Unit]
		if u == nil {
			u = &disclosure.Unit{Number: a.Unit, Name: store.UnitEntityID(a.Unit)}
		}
		list.Lines = append(list.Lines, AnomalyLine{Unit: u, Anomaly: a})
	}
	return list, nil
}
