package store

import (
	"context"
	"slices"
	"testing"

	"mingjing/internal/disclosure"
)

// The life of one report, step by step: what stands approved and provisional
// after each.
func TestLifeOfAReport(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		key := national(7, 2023, disclosure.ScopeAgency)
		q := func(b Basis) []string {
			return ask(t, s, FigureQuery{Basis: b, Codes: []disclosure.Code{received, granted, "T3_OTHER_MERGED_TOT", "H_OLD_1"}})
		}
		first := cells{received: disclosure.Number(10), granted: disclosure.Number(4), "T3_OTHER_MERGED_TOT": disclosure.Number(1), "H_OLD_1": disclosure.Number(5)}
		second := cells{received: disclosure.Number(11), granted: {Kind: disclosure.CellBlank}}
		third := cells{received: disclosure.Number(12), granted: {Kind: disclosure.CellSlash}}
		rev1 := []string{"7/2023/本机关 H_OLD_1=5", "7/2023/本机关 T3_GRANTED_TOT=4", "7/2023/本机关 T3_NEW_RECEIVED_TOT=10", "7/2023/本机关 T3_OTHER_MERGED_TOT=1"}
		rev2 := []string{"7/2023/本机关 T3_GRANTED_TOT=blank", "7/2023/本机关 T3_NEW_RECEIVED_TOT=11"}
		rev3 := []string{"7/2023/本机关 T3_GRANTED_TOT=slash", "7/2023/本机关 T3_NEW_RECEIVED_TOT=12"}
		none := []string{}
		var seen uint64
		for _, step := range []struct {
			name                  string
			revision              int
			status                Status
			cells                 cells
			approved, provisional []string
		}{
			{"submitted", 1, StatusSubmitted, first, none, rev1},
			{"returned with nothing approved", 1, StatusReturned, first, none, none},
			{"submitted again", 1, StatusSubmitted, first, none, rev1},
			{"approved", 1, StatusApproved, first, rev1, rev1},
			{"a new revision with fewer codes submitted", 2, StatusSubmitted, second, rev1, rev2},
			{"returned: the approved one is in force", 2, StatusReturned, second, rev1, rev1},
			{"approved with fewer codes: nothing old stays", 2, StatusApproved, second, rev2, rev2},
			{"a third approved", 3, StatusApproved, third, rev3, rev3},
			{"third revoked: the second stands again", 3, StatusRevoked, third, rev2, rev2},
			{"second revoked: the first stands again", 2, StatusRevoked, second, rev1, rev1},
			{"first revoked: the view is empty", 1, StatusRevoked, first, none, none},
			{"a fourth approved", 4, StatusApproved, third, rev3, rev3},
			{"fourth revoked: none of the revoked comes back", 4, StatusRevoked, third, none, none},
			{"a fifth approved", 5, StatusApproved, first, rev1, rev1},
			{"a sixth approved", 6, StatusApproved, second, rev2, rev2},
			{"withdrawn: no revision stands again", 6, StatusWithdrawn, second, none, none},
			{"a seventh submitted", 7, StatusSubmitted, third, none, rev3},
			{"returned: what was withdrawn does not come back", 7, StatusReturned, third, none, none},
			{"an eighth approved", 8, StatusApproved, third, rev3, rev3},
			{"eighth revoked: what was withdrawn does not come back", 8, StatusRevoked, third, none, none},
			{"a ninth submitted", 9, StatusSubmitted, first, none, rev1},
			{"withdrawn before it was approved", 9, StatusWithdrawn, first, none, none},
		} {
			seen = file(t, s, aReport(key, step.revision, step.status, step.cells), seen)
			if got := q(Approved); !slices.Equal(got, step.approved) {
				t.Errorf("%s: approved %v, want %v", step.name, got, step.approved)
			}
			ofUnit := ask(t, s, FigureQuery{Basis: Approved, Units: []disclosure.UnitNumber{7}, Codes: []disclosure.Code{received, granted, "T3_OTHER_MERGED_TOT", "H_OLD_1"}})
			if !slices.Equal(ofUnit, step.approved) {
				t.Errorf("%s: approved of the unit %v, want %v", step.name, ofUnit, step.approved)
			}
			if got := q(Provisional); !slices.Equal(got, step.provisional) {
				t.Errorf("%s: provisional %v, want %v", step.name, got, step.provisional)
			}
			stored, err := s.Report(ctx, key, Approved)
			if len(step.approved) == 0 {
				wantCode(t, err, disclosure.ErrNotFound)
			} else if err != nil || stored.Status != StatusApproved {
				t.Errorf("%s: report %+v, %v", step.name, stored, err)
			}
			latest := must[LogEntry](t)(s.Latest(ctx, KindReport, key.EntityID()))
			if latest.Seq != seen {
				t.Errorf("%s: latest is %d, want %d", step.name, latest.Seq, seen)
			}
		}
		if d := must[[]Difference](t)(s.Rebuild(ctx)); len(d) != 0 {
			t.Errorf("the projections were not what the log says: %+v", d)
		}
		revisions := must[[]Revision](t)(s.Revisions(ctx, key))
		restored := 0
		for _, r := range revisions {
			if r.Verb == VerbRestore {
				restored++
			}
		}
		if len(revisions) != 25 || restored != 3 {
			t.Errorf("%d revisions, %d restored; want 25 and 3", len(revisions), restored)
		}
	})
}

func TestReportComesBackWhole(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		state := aReport(national(3, 2022, disclosure.ScopeRegion), 1, StatusApproved, cells{
			received: {Kind: disclosure.CellNumber, Value: disclosure.Number(22).Value, Raw: "22(其中修订16件)", Remark: "其中修订16件", Source: "第3页"},
			granted:  {Kind: disclosure.CellUnread, Raw: "若干", Problem: "不是数字"},
		})
		state.Title, state.HasProse, state.Historic, state.UnitText = "某区2022年报告", true, true, "某区"
		state.Prose = []disclosure.ProsePart{{Number: 1, Title: "一、总体情况", Text: "甲\n乙\t“丙”"}}
		state.Sources = []SourceFile{{Name: "a.html", SHA256: "00", Size: 3, Format: "html"}}
		seq := file(t, s, state, 0)
		got := must[*StoredReport](t)(s.Report(ctx, state.Key, Provisional))
		if got.Seq != seq || got.By != tester || got.Prose[0] != state.Prose[0] || got.Sources[0] != state.Sources[0] ||
			got.Title != state.Title || !got.Historic || got.Cells[received].Remark != "其中修订16件" || got.Cells[granted].Problem != "不是数字" {
			t.Fatalf("got %+v", got)
		}
		if diff := disclosure.DifferingCodes(got.Report(""), (&StoredReport{ReportState: state}).Report("")); len(diff) > 0 {
			t.Fatalf("figures differ: %v", diff)
		}
		q := HeadQuery{Basis: Approved, Family: disclosure.FamilyNational, Years: []disclosure.Year{2022}, Units: []disclosure.UnitNumber{3}}
		n := 0
		for r, err := range s.Reports(ctx, q) {
			if n++; err != nil || r.Title != state.Title {
				t.Fatalf("reports %+v, %v", r, err)
			}
		}
		heads := must[[]ReportHead](t)(s.Heads(ctx, q))
		if n != 1 || len(heads) != 1 || heads[0].Key != state.Key || heads[0].FormID != "national-2021" || !heads[0].Historic {
			t.Fatalf("%d reports, heads %+v", n, heads)
		}
		if h := must[[]ReportHead](t)(s.Heads(ctx, HeadQuery{Basis: Approved, Years: []disclosure.Year{2021}})); len(h) != 0 {
			t.Fatalf("heads of another year: %+v", h)
		}
	})
}
