package store

import (
	"context"
	"fmt"
	"testing"

	"mingjing/internal/disclosure"
)

// A ratio adds up the reports that hold all of it; a subtotal takes the merged
// row of a report only where it holds none of the rows.
func TestMeasuresSpeakOfTheSameReports(t *testing.T) {
	const closed, row, merged = disclosure.Code("T3_RESULT_TOTAL_TOT"), disclosure.Code("T3_OTHER_MISC_TOT"), disclosure.Code("T3_OTHER_MERGED_TOT")
	blank := disclosure.Cell{Kind: disclosure.CellBlank}
	n := disclosure.Number
	onEachStore(t, func(t *testing.T, s *Store) {
		for i, c := range []cells{
			{granted: n(2), closed: n(4), row: n(3), merged: n(3)},
			{granted: n(9), closed: blank, row: blank, merged: n(5)},
			{granted: n(0), closed: n(0), row: blank, merged: blank},
			{granted: n(1), closed: n(1), row: n(0), merged: blank},
		} {
			file(t, s, aReport(national(disclosure.UnitNumber(i+1), 2023, disclosure.ScopeAgency), 1, StatusApproved, c), 0)
		}
		file(t, s, aReport(national(5, 2023, disclosure.ScopeRegion), 1, StatusSubmitted, cells{granted: n(700), closed: n(1000)}), 0)
		measures := []MeasureParts{
			{Code: "M", Numerator: []disclosure.Code{granted}, Plus: []disclosure.Code{closed}},
			{Code: "D", Rows: []disclosure.Code{row}, Instead: []disclosure.Code{merged}},
		}
		got := fmt.Sprint(must[[]MeasureSum](t)(s.Measures(context.Background(), FigureQuery{Basis: Provisional}, measures)))
		if want := "[{2023 D 本机关 3 8 0 3 3} {2023 M 全域 1 700 1000 1 70} {2023 M 本机关 3 3 5 2 75}]"; got != want {
			t.Errorf("measures %s, want %s", got, want)
		}
		years := must[[]YearReports](t)(s.ReportYears(context.Background(), HeadQuery{Basis: Provisional}))
		if got := fmt.Sprint(years); got != "[{2023 5 1}]" {
			t.Errorf("years %s", got)
		}
	})
}
