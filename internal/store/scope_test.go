package store

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"mingjing/internal/disclosure"
)

// Which report of a unit and year comparisons use, and which the sum counts.
func TestScopeOfComparisons(t *testing.T) {
	agency, level, region, unknown := disclosure.ScopeAgency, disclosure.ScopeLevel, disclosure.ScopeRegion, disclosure.ScopeUnknown
	years := func(scope disclosure.Scope, counted bool) []disclosure.UnitYear {
		return []disclosure.UnitYear{{From: 2020, Scope: scope, Counted: counted}}
	}
	cases := []struct {
		name     string
		years    []disclosure.UnitYear
		filed    []disclosure.Scope
		compared []disclosure.Scope
		summed   []disclosure.Scope
	}{
		{"one report, no agreement", nil, []disclosure.Scope{agency}, []disclosure.Scope{agency}, []disclosure.Scope{agency}},
		{"one report of another scope than named", years(agency, true), []disclosure.Scope{region}, []disclosure.Scope{region}, nil},
		{"one report of unknown scope", nil, []disclosure.Scope{unknown}, []disclosure.Scope{unknown}, []disclosure.Scope{unknown}},
		{"several, no agreement", nil, []disclosure.Scope{region, agency, level}, []disclosure.Scope{agency}, []disclosure.Scope{agency}},
		{"several, one named", years(region, true), []disclosure.Scope{region, agency}, []disclosure.Scope{region}, []disclosure.Scope{agency}},
		{"several, named one missing", years(level, true), []disclosure.Scope{region, unknown}, []disclosure.Scope{region}, []disclosure.Scope{unknown}},
		{"unknown beside the agency's", nil, []disclosure.Scope{unknown, agency}, []disclosure.Scope{agency}, []disclosure.Scope{agency}},
		{"does not count", years(agency, false), []disclosure.Scope{agency}, []disclosure.Scope{agency}, nil},
		{"agreement without a scope", years(unknown, true), []disclosure.Scope{unknown, level}, []disclosure.Scope{level}, []disclosure.Scope{unknown}},
	}
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		var acts []Act
		for i, c := range cases {
			n := disclosure.UnitNumber(i + 1)
			acts = append(acts, anAct(unitEntry(disclosure.Unit{Number: n, Name: c.name, Years: c.years}, 0)))
			for j, scope := range c.filed {
				acts = append(acts, anAct(reportEntry(aReport(national(n, 2023, scope), 1, StatusApproved, cells{received: disclosure.Number(int64(j))}), 0)))
			}
		}
		must[[]Receipt](t)(s.Append(ctx, acts...))
		scopes := func(n int, q FigureQuery) (out []disclosure.Scope) {
			q.Basis, q.Codes, q.Units = Approved, []disclosure.Code{received}, []disclosure.UnitNumber{disclosure.UnitNumber(n)}
			for _, f := range must[[]Figure](t)(s.Figures(ctx, q)) {
				out = append(out, f.Scope)
			}
			return out
		}
		for i, c := range cases {
			if got := scopes(i+1, FigureQuery{}); !slices.Equal(got, c.compared) {
				t.Errorf("%s: compared %v, want %v", c.name, got, c.compared)
			}
			if got := scopes(i+1, FigureQuery{CountedOnly: true}); !slices.Equal(got, c.summed) {
				t.Errorf("%s: summed %v, want %v", c.name, got, c.summed)
			}
			if got := scopes(i+1, FigureQuery{AllScopes: true}); len(got) != len(c.filed) {
				t.Errorf("%s: all scopes %v, want %v", c.name, got, c.filed)
			}
		}
	})
}

// A change of the unit's agreement, a second report, and a revocation each
// move the comparison at once.
func TestScopeFollowsWhatHappens(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		q := FigureQuery{Basis: Approved, Codes: []disclosure.Code{received}}
		check := func(step string, q FigureQuery, want ...string) {
			t.Helper()
			if want == nil {
				want = []string{}
			}
			if got := ask(t, s, q); !slices.Equal(got, want) {
				t.Fatalf("%s: %v, want %v", step, got, want)
			}
		}
		unit := disclosure.Unit{Number: 1, Name: "区政府"}
		seen := must[[]Receipt](t)(s.Append(ctx, anAct(unitEntry(unit, 0))))[0].Seq
		file(t, s, aReport(national(1, 2023, disclosure.ScopeRegion), 1, StatusApproved, cells{received: disclosure.Number(100)}), 0)
		check("only one", q, "1/2023/全域 T3_NEW_RECEIVED_TOT=100")
		own := aReport(national(1, 2023, disclosure.ScopeAgency), 1, StatusApproved, cells{received: disclosure.Number(5)})
		ownSeq := file(t, s, own, 0)
		check("a second one", q, "1/2023/本机关 T3_NEW_RECEIVED_TOT=5")
		unit.Years = []disclosure.UnitYear{{From: 2022, Scope: disclosure.ScopeRegion, Counted: true}}
		seen = must[[]Receipt](t)(s.Append(ctx, anAct(unitEntry(unit, seen))))[0].Seq
		check("the other one named", q, "1/2023/全域 T3_NEW_RECEIVED_TOT=100")
		check("but summed by itself", FigureQuery{Basis: Approved, Codes: q.Codes, CountedOnly: true}, "1/2023/本机关 T3_NEW_RECEIVED_TOT=5")
		unit.Years[0].Counted = false
		seen = must[[]Receipt](t)(s.Append(ctx, anAct(unitEntry(unit, seen))))[0].Seq
		check("no longer counted", FigureQuery{Basis: Approved, Codes: q.Codes, CountedOnly: true})
		unit.Years = nil
		must[[]Receipt](t)(s.Append(ctx, anAct(unitEntry(unit, seen))))
		check("agreement taken back", q, "1/2023/本机关 T3_NEW_RECEIVED_TOT=5")
		own.Status = StatusRevoked
		file(t, s, own, ownSeq)
		check("the second one revoked", q, "1/2023/全域 T3_NEW_RECEIVED_TOT=100")
	})
}

func TestSumsAndMedians(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		for i, v := range []int64{1, 2, 4, 9} {
			file(t, s, aReport(national(disclosure.UnitNumber(i+1), 2023, disclosure.ScopeAgency), 1, StatusApproved,
				cells{received: disclosure.Number(v), granted: {Kind: disclosure.CellBlank}}), 0)
		}
		q := FigureQuery{Basis: Approved, Codes: []disclosure.Code{received, granted}, CountedOnly: true}
		if got := fmt.Sprint(must[[]YearSum](t)(s.Sums(ctx, q))); got != "[{2023 T3_NEW_RECEIVED_TOT 16 4}]" {
			t.Errorf("sums %s", got)
		}
		if got := fmt.Sprint(must[[]YearMedian](t)(s.Medians(ctx, q))); got != "[{2023 T3_NEW_RECEIVED_TOT 3 4}]" {
			t.Errorf("medians %s", got)
		}
		q.Years = []disclosure.Year{2022}
		if got := must[[]YearSum](t)(s.Sums(ctx, q)); len(got) != 0 {
			t.Errorf("sums of another year %v", got)
		}
		_, err := s.Sums(ctx, FigureQuery{Basis: Approved})
		wantCode(t, err, disclosure.ErrInternal)
		_, err = s.Sums(ctx, FigureQuery{Codes: q.Codes})
		wantCode(t, err, disclosure.ErrInternal)
	})
}

// A selection that names nothing selects nothing: a filter that no unit meets
// must not show the whole district.
func TestAnEmptySelectionSelectsNothing(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		seq := file(t, s, oneReport, 0)
		if err := s.PutChecks(ctx, []CheckRow{{Key: oneReport.Key, Seq: seq, Rules: "1", Findings: []byte("[]"), CheckedAt: testDay}}); err != nil {
			t.Fatal(err)
		}
		codes, years, units := []disclosure.Code{received}, []disclosure.Year{2023}, []disclosure.UnitNumber{1}
		for _, c := range []struct {
			name    string
			figures FigureQuery
			heads   HeadQuery
			want    int
		}{
			{"all", FigureQuery{Codes: codes}, HeadQuery{}, 1},
			{"named", FigureQuery{Codes: codes, Years: years, Units: units}, HeadQuery{Years: years, Units: units}, 1},
			{"no units", FigureQuery{Codes: codes, Units: units[:0]}, HeadQuery{Units: units[:0]}, 0},
			{"no years", FigureQuery{Codes: codes, Years: years[:0]}, HeadQuery{Years: years[:0]}, 0},
		} {
			c.figures.Basis, c.heads.Basis = Approved, Approved
			reports := 0
			for _, err := range s.Reports(ctx, c.heads) {
				if reports++; err != nil {
					t.Fatal(err)
				}
			}
			for reader, n := range map[string]int{
				"figures": len(must[[]Figure](t)(s.Figures(ctx, c.figures))),
				"sums":    len(must[[]YearSum](t)(s.Sums(ctx, c.figures))),
				"medians": len(must[[]YearMedian](t)(s.Medians(ctx, c.figures))),
				"heads":   len(must[[]ReportHead](t)(s.Heads(ctx, c.heads))),
				"checks":  len(must[[]CheckRow](t)(s.Checks(ctx, c.heads))),
				"totals":  len(must[[]FindingTotal](t)(s.FindingTotals(ctx, c.heads))),
				"reports": reports,
			} {
				if n != c.want {
					t.Errorf("%s: %s gives %d rows, want %d", c.name, reader, n, c.want)
				}
			}
		}
		if got := ask(t, s, FigureQuery{Basis: Approved, Codes: codes[:0]}); len(got) != 0 {
			t.Errorf("no codes: %v", got)
		}
	})
}
