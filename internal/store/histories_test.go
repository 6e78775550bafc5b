package store

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

func TestHistories(t *testing.T) {
	const fee disclosure.Code = "T2_FEE_AMOUNT_WAN"
	onEachStore(t, func(t *testing.T, s *Store) {
		file(t, s, aReport(national(2, 2023, disclosure.ScopeAgency), 1, StatusApproved, cells{received: disclosure.Number(7), granted: {Kind: disclosure.CellBlank}}), 0)
		file(t, s, aReport(national(1, 2024, disclosure.ScopeAgency), 1, StatusSubmitted, cells{received: disclosure.Number(0),
			fee: {Kind: disclosure.CellNumber, Value: decimal.RequireFromString("96.1716")}}), 0)
		file(t, s, aReport(national(1, 2023, disclosure.ScopeRegion), 1, StatusApproved, cells{received: disclosure.Number(9487)}), 0)
		file(t, s, aReport(national(1, 2023, disclosure.ScopeAgency), 1, StatusApproved, cells{received: disclosure.Number(5), fee: {Kind: disclosure.CellSlash}}), 0)
		ask := func(q HistoryQuery) string {
			t.Helper()
			q.Family, q.Codes = disclosure.FamilyNational, []disclosure.Code{received, granted, fee}
			var out []string
			for h, err := range s.Histories(context.Background(), q) {
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, fmt.Sprint(h.Unit, " ", h.Year, " ", h.Scope, " ", h.Approved, " ", h.Values))
			}
			return strings.Join(out, "\n")
		}
		for _, c := range []struct {
			name string
			q    HistoryQuery
			want []string
		}{
			{"every scope, by unit and year", HistoryQuery{Basis: Provisional, First: 2020, Last: 2025}, []string{
				"1 2023 本机关 true [5 NaN NaN]", "1 2023 全域 true [9487 NaN NaN]", "1 2024 本机关 false [0 NaN 96.1716]", "2 2023 本机关 true [7 NaN NaN]"}},
			{"approved only", HistoryQuery{Basis: Approved, First: 2024, Last: 2024}, nil},
			{"years", HistoryQuery{Basis: Provisional, First: 2024, Last: 2024}, []string{"1 2024 本机关 false [0 NaN 96.1716]"}},
			{"units", HistoryQuery{Basis: Provisional, First: 2020, Last: 2025, Units: []disclosure.UnitNumber{2}}, []string{"2 2023 本机关 true [7 NaN NaN]"}},
		} {
			if got := ask(c.q); got != strings.Join(c.want, "\n") {
				t.Errorf("%s:\n%s", c.name, got)
			}
		}
		for _, err := range s.Histories(context.Background(), HistoryQuery{}) {
			wantCode(t, err, disclosure.ErrInternal)
		}
	})
}
