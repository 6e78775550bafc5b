package store

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"mingjing/internal/disclosure"
)

// What wants checking, and what the checks say, as reports come and change.
func TestChecksFollowReportsAndRules(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		stale := func(rules string) string {
			t.Helper()
			out := ""
			for _, c := range must[[]StaleCheck](t)(s.StaleChecks(ctx, rules)) {
				out += fmt.Sprintf("%d/%d:%d,%d ", c.Key.Unit, c.Key.Period.Year, c.Seq, c.LastSeq)
			}
			return out
		}
		expect := func(step, got, format string, args ...any) {
			t.Helper()
			if want := fmt.Sprintf(format, args...); got != want {
				t.Fatalf("%s: %q, want %q", step, got, want)
			}
		}
		check := func(rules string, errors uint32) {
			t.Helper()
			var rows []CheckRow
			for _, c := range must[[]StaleCheck](t)(s.StaleChecks(ctx, rules)) {
				rows = append(rows, CheckRow{Key: c.Key, Seq: c.Seq, LastSeq: c.LastSeq, Rules: rules, Errors: errors, Untried: 1,
					Findings: json.RawMessage(`[{"rule":"T3-R1"}]`), CheckedAt: testDay})
			}
			if err := s.PutChecks(ctx, rows); err != nil {
				t.Fatal(err)
			}
		}
		last := aReport(national(1, 2022, disclosure.ScopeAgency), 1, StatusApproved, nil)
		this := aReport(national(1, 2023, disclosure.ScopeAgency), 1, StatusApproved, nil)
		a, b := file(t, s, last, 0), file(t, s, this, 0)
		expect("new", stale("1"), "1/2022:%d,0 1/2023:%d,%d ", a, b, a)
		before := must[string](t)(s.Version(ctx))
		check("1", 2)
		if after := must[string](t)(s.Version(ctx)); after == before {
			t.Error("checks did not change the version that caches go by")
		}
		expect("checked", stale("1"), "")
		expect("other rules", stale("2"), "1/2022:%d,0 1/2023:%d,%d ", a, b, a)
		last.Revision = 2
		a2 := file(t, s, last, a)
		expect("last year's report changed", stale("1"), "1/2022:%d,0 1/2023:%d,%d ", a2, b, a2)
		check("1", 3)
		this.Revision, this.Status = 2, StatusSubmitted
		b2 := file(t, s, this, b)
		expect("a revision submitted beside the approved one", stale("1"), "1/2023:%d,%d ", b2, a2)
		check("1", 0)
		for basis, want := range map[Basis]string{
			Approved:    "[{2022 1 1 3 0 0 1} {2023 1 1 3 0 0 1}]",
			Provisional: "[{2022 1 1 3 0 0 1} {2023 1 0 0 0 0 1}]",
		} {
			expect("totals "+string(basis), fmt.Sprint(must[[]FindingTotal](t)(s.FindingTotals(ctx, HeadQuery{Basis: basis}))), "%s", want)
		}
		rows := must[[]CheckRow](t)(s.Checks(ctx, HeadQuery{Basis: Provisional, Years: []disclosure.Year{2023}}))
		if len(rows) != 1 || rows[0].Seq != b2 || rows[0].LastSeq != a2 || rows[0].Key != this.Key || string(rows[0].Findings) != `[{"rule":"T3-R1"}]` || !rows[0].CheckedAt.Equal(testDay) {
			t.Fatalf("checks %+v", rows)
		}
	})
}
