package office

import (
	"context"
	"fmt"
	"testing"
	"time"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// testFiling is a report of the tests: unit, year, scope, received, granted, closed.
type testFiling struct {
	unit     disclosure.UnitNumber
	year     disclosure.Year
	scope    disclosure.Scope
	received int64
	granted  int64
	closed   int64
	status   store.Status
}

// readOffice is a district of six units: 1 the government, which sums up the
// others; 2 to 4 departments of one group, 5 of another; 6 files nothing.
func readOffice(t *testing.T) *Office {
	t.Helper()
	o, closeStore := openReadOffice(t)
	t.Cleanup(closeStore)
	return o
}

// openReadOffice is readOffice for who closes its store when it is done.
func openReadOffice(t *testing.T) (*Office, func()) {
	t.Helper()
	ctx := context.Background()
	clock := func() time.Time { return time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC) }
	s, err := store.Open(ctx, store.Options{Temporary: true, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	entries := []store.Entry{}
	for n, group := range map[disclosure.UnitNumber]string{1: "", 2: "甲组", 3: "甲组", 4: "甲组", 5: "乙组", 6: "甲组"} {
		u := disclosure.Unit{Number: n, Name: "示例单位" + string(rune('0'+n)), Kind: disclosure.UnitDepartment, Sort: int(n),
			Years: []disclosure.UnitYear{{From: 2019, Group: group, Scope: disclosure.ScopeAgency, Counted: true}}}
		if n == 1 {
			u.Kind, u.Years[0].Scope = disclosure.UnitGovernment, disclosure.ScopeRegion
		}
		if n == 4 {
			u.Years = append(u.Years, disclosure.UnitYear{From: 2024, Group: group, Scope: disclosure.ScopeLevel, Counted: true})
		}
		entries = append(entries, store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(n), Verb: store.VerbCreate, State: u})
	}
	for _, f := range []testFiling{
		{1, 2024, disclosure.ScopeRegion, 1000, 500, 1000, store.StatusApproved},
		{2, 2023, disclosure.ScopeAgency, 4, 1, 4, store.StatusApproved},
		{2, 2024, disclosure.ScopeAgency, 10, 5, 10, store.StatusApproved},
		{3, 2023, disclosure.ScopeAgency, 9, 1, 9, store.StatusApproved},
		{3, 2024, disclosure.ScopeAgency, 10, 1, 3, store.StatusApproved},
		{4, 2024, disclosure.ScopeLevel, 99, 1, 99, store.StatusApproved},
		{5, 2024, disclosure.ScopeAgency, 0, 0, 0, store.StatusApproved},
		{5, 2025, disclosure.ScopeAgency, 7, 2, 7, store.StatusSubmitted},
	} {
		entries = append(entries, f.entry())
	}
	if _, err := s.Append(ctx, store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: "os:test", Address: "cli"}, Entries: entries}); err != nil {
		t.Fatal(err)
	}
	return New(s, nil, clock), func() {
		if err := s.Close(); err != nil {
			panic(err)
		}
	}
}

func (f testFiling) entry() store.Entry {
	form := disclosure.FormFor(disclosure.FamilyNational, f.year)
	cells := map[disclosure.Code]disclosure.Cell{}
	for _, def := range form.Cells() {
		cells[def.Code] = disclosure.Number(0)
	}
	for code, n := range map[disclosure.Code]int64{"T3_NEW_RECEIVED_TOT": f.received, "T3_GRANTED_TOT": f.granted, "T3_RESULT_TOTAL_TOT": f.closed} {
		cells[code] = disclosure.Number(n)
	}
	key := store.ReportKey{Unit: f.unit, Period: disclosure.Period{Year: f.year}, Family: disclosure.FamilyNational, Scope: f.scope}
	verb := store.VerbApprove
	if f.status == store.StatusSubmitted {
		verb = store.VerbSubmit
	}
	return store.Entry{Kind: store.KindReport, ID: key.EntityID(), Verb: verb, State: store.ReportState{Key: key, Revision: 1, Status: f.status, FormID: form.ID, Cells: cells}}
}

func TestOverviewCountsOnceAndNamesTheMissing(t *testing.T) {
	o := readOffice(t)
	page, err := o.Overview(context.Background(), machine, Filter{Year: 2024, Basis: Approved})
	if err != nil {
		t.Fatal(err)
	}
	if page.Expected != 6 || page.Reported != 5 || len(page.Missing) != 1 || page.Missing[0].Number != 6 {
		t.Errorf("%d of %d reported, missing %v; want 5 of 6 and unit 6", page.Reported, page.Expected, page.Missing)
	}
	if page.Summed != 2 {
		t.Errorf("%d summed reports, want 2", page.Summed)
	}
	line := page.Line(2024)
	if got := line.Values["T3_NEW_RECEIVED_TOT"].Number.String(); got != "20" {
		t.Errorf("received %s, want 20: reports that sum others up count no second time", got)
	}
	rate := line.Values["M_DISCLOSURE"]
	if !rate.OK() || !rate.Few || rate.Numerator.String() != "6" || rate.Denominator.String() != "13" {
		t.Errorf("disclosure rate %+v, want 6/13, on few cases", rate)
	}
	if rate.Reports != 3 || page.Line(2023).Values["M_DISCLOSURE"].Reports != 2 {
		t.Errorf("the rate rests on %d reports, want 3", rate.Reports)
	}
	if y := page.Line(2023).Values["T3_NEW_RECEIVED_TOT"].Number.String(); y != "13" {
		t.Errorf("2023 received %s, want 13", y)
	}
}

func TestOverviewOfSubmittedReportsIsProvisional(t *testing.T) {
	o := readOffice(t)
	for basis, want := range map[store.Basis]disclosure.Year{Approved: 2024, Provisional: 2025} {
		page, err := o.Overview(context.Background(), machine, Filter{Basis: basis})
		if err != nil {
			t.Fatal(err)
		}
		if page.Filter.Year != want || page.Line(want).Provisional != (basis == Provisional) {
			t.Errorf("%s: latest year %d, provisional %t", basis, page.Filter.Year, page.Line(want).Provisional)
		}
	}
}

func TestRanksWithinGroupsAndScopes(t *testing.T) {
	o := readOffice(t)
	page, err := o.Compare(context.Background(), machine, CompareQuery{Filter: Filter{Year: 2024, Basis: Approved}, Code: "T3_NEW_RECEIVED_TOT"})
	if err != nil {
		t.Fatal(err)
	}
	got := map[disclosure.UnitNumber]RankRow{}
	group := map[disclosure.UnitNumber]string{}
	for _, g := range page.Groups {
		for _, r := range g.Rows {
			got[r.Unit.Number], group[r.Unit.Number] = r, g.Name
		}
	}
	for _, want := range []struct {
		unit     disclosure.UnitNumber
		group    string
		rank     int
		tied     bool
		lastRank int
		other    bool
		state    State
	}{
		{2, "甲组", 1, true, 2, false, StateNumber},
		{3, "甲组", 1, true, 1, false, StateNumber},
		{4, "甲组", 0, false, 0, true, StateNumber},
		{6, "甲组", 0, false, 0, false, StateMissing},
		{5, "乙组", 1, false, 0, false, StateNumber},
		{1, "", 1, false, 0, false, StateNumber},
	} {
		r := got[want.unit]
		if group[want.unit] != want.group || r.Rank != want.rank || r.Tied != want.tied || r.LastRank != want.lastRank ||
			r.OtherScope != want.other || r.Values[2024].State != want.state {
			t.Errorf("unit %d: group %q rank %d tied %t last %d other scope %t state %s; want %+v", want.unit, group[want.unit],
				r.Rank, r.Tied, r.LastRank, r.OtherScope, r.Values[2024].State, want)
		}
	}
	if last := page.Groups[len(page.Groups)-1]; last.Name != "" {
		t.Errorf("the units of no group stand before %q", last.Name)
	}
}

func TestMeasuresGuardTheirDenominators(t *testing.T) {
	o := readOffice(t)
	page, err := o.Compare(context.Background(), machine, CompareQuery{Filter: Filter{Year: 2024, Basis: Approved}, Code: "M_DISCLOSURE"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[disclosure.UnitNumber]struct {
		state State
		few   bool
	}{2: {StateNumber, false}, 3: {StateNumber, true}, 5: {StateNoDenominator, false}, 6: {StateMissing, false}}
	for _, g := range page.Groups {
		for _, r := range g.Rows {
			if r.Rank != 0 {
				t.Errorf("unit %d is ranked %d by the mix of its applications", r.Unit.Number, r.Rank)
			}
			if w, ok := want[r.Unit.Number]; ok && (r.Values[2024].State != w.state || r.Values[2024].Few != w.few) {
				t.Errorf("unit %d: %+v, want %+v", r.Unit.Number, r.Values[2024], w)
			}
		}
	}
}

func TestUnitPageTakesTheMedianOfOthers(t *testing.T) {
	o := readOffice(t)
	page, err := o.UnitPage(context.Background(), machine, 2, Approved)
	if err != nil {
		t.Fatal(err)
	}
	if page.Peers != 3 || len(page.Reports) != 2 || page.Reports[0].Head.Key.Period.Year != 2024 {
		t.Errorf("%d peers, reports %v", page.Peers, page.Reports)
	}
	line := page.Lines[0]
	if m := line.Medians[2024]; m.N != 1 || m.Median != 10 || m.OtherScope != 1 {
		t.Errorf("median %+v, want 10 of unit 3 alone: unit 4's report has another scope", m)
	}
	if _, err := o.UnitPage(context.Background(), machine, 77, Approved); disclosure.CodeOf(err) != disclosure.ErrNotFound {
		t.Errorf("a unit that is none answers %v", err)
	}
}

// A filter that takes no unit shows none, never the whole district.
func TestFilterThatTakesNoUnit(t *testing.T) {
	ctx := context.Background()
	o := readOffice(t)
	for _, f := range []Filter{{Year: 2024, Basis: Approved, Group: "无此组"}, {Year: 2024, Basis: Approved, Kind: disclosure.UnitLocality}} {
		overview, err := o.Overview(ctx, machine, f)
		if err != nil || len(overview.Years) != 0 || overview.Expected != 0 || overview.Reported != 0 {
			t.Errorf("%+v: %d years, %d expected, %v", f, len(overview.Years), overview.Expected, err)
		}
		compared, err := o.Compare(ctx, machine, CompareQuery{Filter: f, Code: "T3_NEW_RECEIVED_TOT"})
		if err != nil || len(compared.Groups) != 0 {
			t.Errorf("%+v: %d groups, %v", f, len(compared.Groups), err)
		}
		found, err := o.Matters(ctx, machine, MatterFilter{Filter: f})
		if err != nil || len(found.Matters) != 0 {
			t.Errorf("%+v: %d matters, %v", f, len(found.Matters), err)
		}
	}
}

// Two rights on different units open nothing together, and never the answer
// that was made for who sees everything.
func TestRightsThatDoNotMeet(t *testing.T) {
	ctx := context.Background()
	o := readOffice(t)
	v := people.NewVisitor(people.Person{Account: "both", Grants: []people.Grant{{Role: people.Leader, Unit: 2}, {Role: people.Filer, Unit: 5}}}, "", nil)
	f := Filter{Year: 2024, Basis: Provisional}
	for _, who := range []people.Visitor{machine, v} {
		if _, err := o.Overview(ctx, who, f); (err == nil) != who.IsMachine() {
			t.Errorf("%s: %v", who.Account, err)
		}
	}
	none, all := Filter{only: []disclosure.UnitNumber{}}, Filter{}
	if a, b := fmt.Sprintf("%#v", none), fmt.Sprintf("%#v", all); a == b {
		t.Errorf("no unit and all units share the key %s", a)
	}
}

func TestMergedRowCountsOnce(t *testing.T) {
	ind, err := IndicatorByCode("D_OTHER")
	if err != nil || len(ind.Codes()) != 4 {
		t.Fatalf("%+v, %v", ind, err)
	}
	for name, tc := range map[string]struct {
		cells map[disclosure.Code]int64
		want  string
	}{
		"rows and merged row": {map[disclosure.Code]int64{"T3_OTHER_MISC_TOT": 2, "T3_OTHER_NO_FEE_TOT": 1, "T3_OTHER_MERGED_TOT": 3}, "3"},
		"merged row alone":    {map[disclosure.Code]int64{"T3_OTHER_MERGED_TOT": 4}, "4"},
	} {
		v := ind.value(func(c disclosure.Code) (store.Figure, bool) {
			n, ok := tc.cells[c]
			return store.Figure{Kind: disclosure.CellNumber, Value: disclosure.Number(n).Value}, ok
		})
		if !v.OK() || v.Number.String() != tc.want {
			t.Errorf("%s: %+v, want %s", name, v, tc.want)
		}
	}
}

// Answers are remembered until the log or the checks change.
func TestAnswersFollowTheLog(t *testing.T) {
	ctx := context.Background()
	o := readOffice(t)
	f := Filter{Year: 2024, Basis: Approved}
	first, err := o.Overview(ctx, machine, f)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := o.Overview(ctx, machine, f); again != first {
		t.Error("the same question is asked of the store twice")
	}
	if first.Findings.Reports != 0 {
		t.Fatalf("%d reports are checked before the checks ran", first.Findings.Reports)
	}
	if _, err := o.Recheck(ctx, nil); err != nil {
		t.Fatal(err)
	}
	checked, err := o.Overview(ctx, machine, f)
	if err != nil || checked.Findings.Reports != 5 || checked.Findings.BySeverity[check.Error] == 0 {
		t.Errorf("after the checks: %+v, %v", checked.Findings, err)
	}
	late := testFiling{6, 2024, disclosure.ScopeAgency, 1, 0, 1, store.StatusApproved}
	if _, err := o.store.Append(ctx, store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: "os:test", Address: "cli"}, Entries: []store.Entry{late.entry()}}); err != nil {
		t.Fatal(err)
	}
	after, err := o.Overview(ctx, machine, f)
	if err != nil || len(after.Missing) != 0 || after.Line(2024).Values["T3_NEW_RECEIVED_TOT"].Number.String() != "21" {
		t.Errorf("after the last report: missing %v, %v", after.Missing, err)
	}
}

func TestEveryIndicatorCanBeCompared(t *testing.T) {
	seen := map[disclosure.Code]bool{}
	for _, g := range Indicators() {
		for _, ind := range g.Indicators {
			if seen[ind.Code] || len(ind.Codes()) == 0 || ind.Name == "" || ind.Short == "" {
				t.Errorf("%s %q stands twice, reads nothing or has no name", ind.Code, ind.Name)
			}
			seen[ind.Code] = true
		}
	}
	for _, code := range []disclosure.Code{"M_CARRY", "D_DENY", "T3_GRANTED_TOT", "T2_19_PROCURE_COUNT", "T4_REV_TOTAL"} {
		if !seen[code] {
			t.Errorf("%s is not offered", code)
		}
	}
	if _, err := IndicatorByCode("T3_NOTHING"); disclosure.CodeOf(err) != disclosure.ErrNotFound {
		t.Errorf("an unknown code answers %v", err)
	}
}

// machine may see everything.
var machine = people.Machine("os:test", "cli")
