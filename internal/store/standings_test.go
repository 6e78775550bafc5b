package store

import (
	"context"
	"slices"
	"testing"

	"mingjing/internal/disclosure"
)

// The way of a report through the unit's own review, recall and reopening:
// what stands, and what the two bases show meanwhile.
func TestStandingOfAReport(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		key := national(7, 2023, disclosure.ScopeAgency)
		_, err := s.ReportAtStanding(ctx, key)
		wantCode(t, err, disclosure.ErrNotFound)
		show := func(b Basis) string {
			got := ask(t, s, FigureQuery{Basis: b, Codes: []disclosure.Code{received}})
			if len(got) == 0 {
				return ""
			}
			return got[0][len("7/2023/本机关 T3_NEW_RECEIVED_TOT="):]
		}
		var seen uint64
		restored := 0
		for _, step := range []struct {
			verb                  Verb
			revision              int
			status                Status
			value                 int64
			approved, provisional string
			restores              bool
		}{
			{VerbReview, 1, StatusReview, 1, "", "", false},
			{VerbSendBack, 1, StatusDraft, 1, "", "", false},
			{VerbReview, 1, StatusReview, 2, "", "", false},
			{VerbSubmit, 1, StatusSubmitted, 2, "", "2", false},
			{VerbRecall, 1, StatusDraft, 2, "", "", false},
			{VerbSubmit, 1, StatusSubmitted, 3, "", "3", false},
			{VerbReturn, 1, StatusReturned, 3, "", "", false},
			{VerbTake, 2, StatusApproved, 4, "4", "4", false},
			{VerbReopen, 2, StatusReturned, 4, "4", "4", false}, // 退回重开
			{VerbReview, 3, StatusReview, 5, "4", "4", false},
			{VerbSubmit, 3, StatusSubmitted, 5, "4", "5", false},
			{VerbRecall, 3, StatusDraft, 5, "4", "4", true},
			{VerbSubmit, 3, StatusSubmitted, 6, "4", "6", false},
			{VerbExplain, 3, StatusSubmitted, 6, "4", "6", false},
			{VerbReturn, 3, StatusReturned, 6, "4", "4", true},
			{VerbApprove, 4, StatusApproved, 7, "7", "7", false},
			{VerbRevoke, 4, StatusRevoked, 7, "4", "4", true},
			{VerbReview, 5, StatusReview, 8, "4", "4", false},
			{VerbSubmit, 5, StatusSubmitted, 8, "4", "8", false},
			{VerbWithdraw, 5, StatusWithdrawn, 8, "", "", false},
			{VerbReview, 6, StatusReview, 9, "", "", false},
			{VerbSubmit, 6, StatusSubmitted, 9, "", "9", false},
			{VerbRecall, 6, StatusDraft, 9, "", "", false},
		} {
			name := string(step.verb) + " " + string(step.status)
			state := aReport(key, step.revision, step.status, cells{received: disclosure.Number(step.value)})
			state.FiledBy = "zhang"
			seen = must[[]Receipt](t)(s.Append(ctx, anAct(Entry{Kind: KindReport, ID: key.EntityID(), Verb: step.verb, Seen: seen, State: state})))[0].Seq
			if a, p := show(Approved), show(Provisional); a != step.approved || p != step.provisional {
				t.Errorf("%s: approved %q, provisional %q; want %q and %q", name, a, p, step.approved, step.provisional)
			}
			list := must[[]Standing](t)(s.Standings(ctx, HeadQuery{Units: []disclosure.UnitNumber{7}}))
			if len(list) != 1 || list[0].Key != key || list[0].Seq != seen || list[0].Verb != step.verb || list[0].Status != step.status ||
				list[0].Revision != step.revision || list[0].By != tester || list[0].FormID != state.FormID {
				t.Errorf("%s: standings %+v", name, list)
			}
			at := must[*StoredReport](t)(s.ReportAtStanding(ctx, key))
			if at.Seq != seen || at.Status != step.status || !at.Cells[received].Value.Equal(disclosure.Number(step.value).Value) || at.FiledBy != "zhang" {
				t.Errorf("%s: report %+v", name, at)
			}
			if step.restores {
				restored++
			}
		}
		revisions := must[[]Revision](t)(s.Revisions(ctx, key))
		n := len(slices.DeleteFunc(revisions, func(r Revision) bool { return r.Verb != VerbRestore }))
		if n != restored {
			t.Errorf("%d times an approved revision was written once more, want %d", n, restored)
		}
		e := must[LogEntry](t)(s.Latest(ctx, KindReport, key.EntityID()))
		if before := must[LogEntry](t)(s.Before(ctx, e)); before.Verb != VerbSubmit || before.Seq != e.Seen {
			t.Errorf("before %+v", before)
		}
		if d := must[[]Difference](t)(s.Rebuild(ctx)); len(d) != 0 {
			t.Errorf("projections differ: %+v", d)
		}
		if none := must[[]Standing](t)(s.Standings(ctx, HeadQuery{Units: []disclosure.UnitNumber{}})); len(none) != 0 {
			t.Errorf("an empty selection gives %+v", none)
		}
		if none := must[[]Standing](t)(s.Standings(ctx, HeadQuery{Years: []disclosure.Year{2022}, Family: key.Family})); len(none) != 0 {
			t.Errorf("another year gives %+v", none)
		}
	})
}
