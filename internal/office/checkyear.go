package office

import (
	"context"
	"slices"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/store"
)

// YearCheck is every rule's outcome on a year's reports.
type YearCheck struct {
	Year    disclosure.Year
	Reports []CheckedReport // in the district's order
	// Silent are the units that had to file the national report by now and did
	// not, in the district's order.
	Silent []*disclosure.Unit
	// Missing is what DUE-R1 says of each of them.
	Missing []check.Finding
}

// recheckStep is after how many reports progress is told.
const recheckStep = 20

// CheckedReport is a report on file with what the rules found in it.
type CheckedReport struct {
	Unit     *disclosure.Unit
	Report   *disclosure.Report
	Findings []check.Finding
}

// CheckYear runs every rule over the latest submitted revisions of a year,
// whether or not anything changed, and keeps the outcomes. Error: ErrNotFound
// when no report of the year is on file.
func (o *Office) CheckYear(ctx context.Context, year disclosure.Year, progress func(done, total int)) (*YearCheck, error) {
	if _, err := o.Recheck(ctx, progress); err != nil {
		return nil, err
	}
	x, err := o.examiner(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := o.store.Checks(ctx, store.HeadQuery{Basis: store.Provisional, Years: []disclosure.Year{year}})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有%s年度的报告,请先导入或核对年度。", year)
	}
	stale := make([]store.StaleCheck, len(rows))
	had := map[uint64]store.CheckRow{}
	for i, row := range rows {
		stale[i] = store.StaleCheck{Key: row.Key, Seq: row.Seq, LastSeq: row.LastSeq}
		had[row.Seq] = row
	}
	out := &YearCheck{Year: year}
	filed := map[disclosure.UnitNumber]bool{}
	for _, part := range byFamilyAndYear(stale) {
		items := make([]recheckItem, len(part))
		for i, c := range part {
			items[i] = recheckItem{StaleCheck: c, had: had[c.Seq].Findings}
			filed[c.Key.Unit] = filed[c.Key.Unit] || c.Key.Family == disclosure.FamilyNational
		}
		if items, err = x.withNeighbours(ctx, items); err != nil {
			return nil, err
		}
		err := x.recheckItems(ctx, items, func(it recheckItem, r *store.StoredReport, findings []check.Finding) {
			if progress != nil && len(out.Reports)%recheckStep == 0 {
				progress(len(out.Reports), len(rows))
			}
			if _, asked := had[it.Seq]; asked {
				u := x.districts.units[it.Key.Unit]
				out.Reports = append(out.Reports, CheckedReport{Unit: u, Report: namedReport(r, u), Findings: findings})
			}
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(out.Reports, func(a, b CheckedReport) int { return byOrder(a.Unit, b.Unit) })
	for i := range x.units {
		u := &x.units[i]
		if !filed[u.Number] && u.ReportsIn(year) && !u.Unconfirmed && !o.clock().Before(check.Deadline(year, u)) {
			out.Silent = append(out.Silent, u)
		}
	}
	slices.SortStableFunc(out.Silent, byOrder)
	out.Missing, err = o.silentFindings(ctx, year, out.Silent)
	return out, err
}
