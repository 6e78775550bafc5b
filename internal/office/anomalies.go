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
	list := &AnomalyList{Year: f.Year, Lines: []AnomalyLine{}}
	found, reports, err := o.anomaliesOf(ctx, store.Provisional, []disclosure.Year{f.Year})
	if err != nil {
		return nil, err
	}
	list.Reports = reports[f.Year]
	for _, a := range found[f.Year] {
		u := base.units.byNumber[a.Unit]
		if u == nil {
			u = &disclosure.Unit{Number: a.Unit, Name: store.UnitEntityID(a.Unit)}
		}
		list.Lines = append(list.Lines, AnomalyLine{Unit: u, Anomaly: a})
	}
	return list, nil
}

// anomaliesOf looks for the anomalies of several years in one pass over the
// figures, and counts the years' reports. On the approved basis nothing else is
// looked at, on the provisional one only approved reports serve as peers.
func (o *Office) anomaliesOf(ctx context.Context, basis store.Basis, years []disclosure.Year) (map[disclosure.Year][]anomaly.Anomaly, map[disclosure.Year]int, error) {
	units, err := o.units(ctx)
	if err != nil {
		return nil, nil, err
	}
	scans, reports := map[disclosure.Year]*anomaly.Scan{}, map[disclosure.Year]int{}
	for _, y := range years {
		scans[y] = anomaly.NewScan(y, units.list)
	}
	first, last := slices.Min(years), slices.Max(years)
	q := store.HistoryQuery{Basis: basis, Family: disclosure.FamilyNational, Codes: slices.Clone(anomaly.Codes()),
		First: max(first-anomalyYears, 0), Last: last + anomalyYears}
	for h, err := range o.store.Histories(ctx, q) {
		if err != nil {
			return nil, nil, err
		}
		reports[h.Year]++
		r := &anomaly.Report{Unit: h.Unit, Year: h.Year, Scope: h.Scope, Approved: h.Approved, Figures: h.Values}
		for y, scan := range scans {
			if h.Year >= y-anomalyYears && h.Year <= y+anomalyYears {
				scan.Add(r)
			}
		}
	}
	out := map[disclosure.Year][]anomaly.Anomaly{}
	for y, scan := range scans {
		out[y] = scan.Finish()
	}
	return out, reports, nil
}
