package office

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// matterVisitor is a person of the family district.
func matterVisitor(t *testing.T, o *Office, role people.Role, unit disclosure.UnitNumber) people.Visitor {
	t.Helper()
	units, err := o.store.Units(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return people.NewVisitor(people.Person{Account: string(role), Name: "某" + string(role), Grants: []people.Grant{{Role: role, Unit: unit}}}, "test", people.NewTree(units))
}

// matterOf is one matter of a unit by its rule.
func matterOf(t *testing.T, o *Office, unit disclosure.UnitNumber, rule string) *Matter {
	t.Helper()
	all, err := o.yearMatters(context.Background(), 2024, store.Provisional)
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		if all[i].Unit.Number == unit && all[i].Rule == rule && slices.Contains(all[i].Codes, "T3_NEW_RECEIVED_TOT") {
			return &all[i]
		}
	}
	t.Fatalf("unit %d has no matter of %s among %d", unit, rule, len(all))
	return nil
}

func seenOf(m *Matter) SeenMatter { return SeenMatter{ID: m.ID, Seen: m.Seen, Own: m.Own} }

func order(d Disposition, of ...*Matter) MarkOrder {
	out := MarkOrder{Year: 2024, Basis: store.Provisional, Disposition: d, Reason: "已电话核实"}
	for _, m := range of {
		out.Matters = append(out.Matters, seenOf(m))
	}
	return out
}

func recheck(t *testing.T, o *Office) {
	t.Helper()
	if _, err := o.Recheck(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
}

// refile hands a report of the family district in anew.
func refile(t *testing.T, o *Office, unit disclosure.UnitNumber, change func(*store.ReportState)) {
	t.Helper()
	ctx := context.Background()
	key := store.ReportKey{Unit: unit, Period: disclosure.Period{Year: 2024}, Family: disclosure.FamilyNational, Scope: disclosure.ScopeAgency}
	r, err := o.store.Report(ctx, key, store.Provisional)
	if err != nil {
		t.Fatal(err)
	}
	state := r.ReportState
	state.Revision, state.Status = r.Revision+1, store.StatusSubmitted
	change(&state)
	appendAct(t, o, store.Entry{Kind: store.KindReport, ID: key.EntityID(), Verb: store.VerbSubmit, Seen: r.Seq, State: state})
	recheck(t, o)
}

// A mark stays over every re-run, another wording and other units' figures; it
// lapses, visibly, when the unit's own figures in those cells changed.
func TestMarksSurviveAndLapse(t *testing.T) {
	ctx := context.Background()
	o := familyOffice(t, time.Date(2025, 1, 20, 0, 0, 0, 0, time.UTC))
	recheck(t, o)
	boss := matterVisitor(t, o, people.Supervisor, 0)
	m := matterOf(t, o, 2, "T3-R3")
	if m.State != MatterOpen {
		t.Fatalf("before any mark: %+v", m)
	}
	act := uuid.NewString()
	if out, err := o.MarkMatters(ctx, boss, order(Dismissed, m), act); err != nil || out.Done != 1 {
		t.Fatalf("%+v, %v", out, err)
	}
	if out, err := o.MarkMatters(ctx, boss, order(Dismissed, m), act); err != nil || out.Done != 1 {
		t.Errorf("the same order sent twice: %+v, %v", out, err)
	}
	stands := func(when string, want MatterState) {
		t.Helper()
		if now := matterOf(t, o, 2, "T3-R3"); now.State != want || now.Mark.Reason != "已电话核实" {
			t.Errorf("%s the matter is %s (%q), want %s", when, now.State, now.Mark.Reason, want)
		}
	}
	stands("once marked", MatterDismissed)
	if _, err := o.CheckYear(ctx, 2024, nil); err != nil {
		t.Fatal(err)
	}
	stands("after a re-run", MatterDismissed)
	book, err := o.Rules(ctx, ruler)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.SetRuleSettings(ctx, ruler, check.RuleSettings{"T3-R3": {Severity: check.Explain, Title: "横向合计", Advice: "可电询区政府办"}}, book.Seen, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	recheck(t, o)
	stands("after another wording and severity", MatterDismissed)
	refile(t, o, 3, func(s *store.ReportState) { s.Cells["T3_NEW_RECEIVED_TOT"] = disclosure.Number(77) })
	stands("after another unit's figures changed", MatterDismissed)
	refile(t, o, 2, func(s *store.ReportState) { s.Cells["T2_PENALTY_DECISIONS"] = disclosure.Number(8) })
	stands("after another figure of its own changed", MatterDismissed)
	refile(t, o, 2, func(s *store.ReportState) { s.Cells["T3_NEW_RECEIVED_TOT"] = disclosure.Number(12) })
	stands("after its own figure changed", MatterLapsed)
	lapsed := matterOf(t, o, 2, "T3-R3")
	page, err := o.Matter(ctx, boss, 2024, store.Provisional, lapsed.ID)
	if err != nil || len(page.History) != 1 || page.History[0].Disposition != Dismissed || page.History[0].Own == page.Own || len(page.Cells) == 0 {
		t.Errorf("its history %+v, %v", page, err)
	}
	// Put right, it is gone, and the list says so.
	refile(t, o, 2, func(s *store.ReportState) {
		s.Cells["T3_NEW_RECEIVED_NP"], s.Cells["T3_NEW_RECEIVED_TOT"] = disclosure.Number(12), disclosure.Number(12)
	})
	list, err := o.Matters(ctx, boss, MatterFilter{Filter: Filter{Year: 2024, Basis: store.Provisional}, State: MatterGone})
	if err != nil || len(list.Matters) != 1 || list.Matters[0].ID != m.ID || list.Matters[0].Message == "" {
		t.Errorf("after it was put right: %+v, %v", list, err)
	}
}

// Several at once: what somebody else marked meanwhile stays as it is, and is
// told; the others are marked.
func TestBatchWithOneStale(t *testing.T) {
	ctx := context.Background()
	o := familyOffice(t, time.Date(2025, 1, 20, 0, 0, 0, 0, time.UTC))
	recheck(t, o)
	boss := matterVisitor(t, o, people.Supervisor, 0)
	a, b, c := matterOf(t, o, 2, "T3-R3"), matterOf(t, o, 3, "T3-R3"), matterOf(t, o, 4, "T3-R3")
	batch := order(Confirmed, a, b, c)
	if _, err := o.MarkMatters(ctx, boss, order(Explained, b), uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	out, err := o.MarkMatters(ctx, boss, batch, uuid.NewString())
	if err != nil || out.Done != 2 || !slices.Equal(out.Stale, []string{b.ID}) {
		t.Fatalf("%+v, %v", out, err)
	}
	for unit, want := range map[disclosure.UnitNumber]MatterState{2: MatterConfirmed, 3: MatterExplained, 4: MatterConfirmed} {
		if m := matterOf(t, o, unit, "T3-R3"); m.State != want {
			t.Errorf("unit %d is %s, want %s", unit, m.State, want)
		}
	}
	if _, err := o.MarkMatters(ctx, boss, batch, uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrConflict {
		t.Errorf("all of them stale: %v", err)
	}
	for name, bad := range map[string]MarkOrder{"nothing chosen": order(Confirmed), "no reason": {Year: 2024, Basis: store.Provisional, Matters: []SeenMatter{seenOf(a)}, Disposition: Confirmed},
		"no such disposition": order("maybe", a)} {
		if _, err := o.MarkMatters(ctx, boss, bad, uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := o.MarkMatters(ctx, matterVisitor(t, o, people.Filer, 2), order(Dismissed, matterOf(t, o, 2, "T3-R3")), uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrForbidden {
		t.Errorf("a unit marks its own: %v", err)
	}
}

// What is found true goes to the unit; its answer comes back to the list.
func TestUnitAnswers(t *testing.T) {
	ctx := context.Background()
	o := familyOffice(t, time.Date(2025, 1, 20, 0, 0, 0, 0, time.UTC))
	recheck(t, o)
	boss, unit, other := matterVisitor(t, o, people.Supervisor, 0), matterVisitor(t, o, people.Filer, 2), matterVisitor(t, o, people.Filer, 3)
	if _, err := o.MarkMatters(ctx, boss, order(Confirmed, matterOf(t, o, 2, "T3-R3")), uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	m := matterOf(t, o, 2, "T3-R3")
	if n, err := o.MattersWaiting(ctx, unit); err != nil || n != 1 {
		t.Errorf("%d wait for the unit, %v", n, err)
	}
	if err := o.AnswerMatter(ctx, other, 2024, store.Provisional, seenOf(m), "不是我们的", uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrNotFound {
		t.Errorf("another unit answers: %v", err)
	}
	if err := o.AnswerMatter(ctx, matterVisitor(t, o, people.Leader, 0), 2024, store.Approved, seenOf(m), "批示", uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrForbidden {
		t.Errorf("a leader answers: %v", err)
	}
	if err := o.AnswerMatter(ctx, unit, 2024, store.Provisional, seenOf(m), " ", uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("an empty answer: %v", err)
	}
	if err := o.AnswerMatter(ctx, unit, 2024, store.Provisional, seenOf(m), "漏填自然人一列", uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	if err := o.AnswerMatter(ctx, unit, 2024, store.Provisional, seenOf(m), "再答一次", uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrConflict {
		t.Errorf("answered over what was not seen: %v", err)
	}
	if m = matterOf(t, o, 2, "T3-R3"); m.State != MatterAnswered || m.Mark.Answer != "漏填自然人一列" || m.Mark.Disposition != Confirmed {
		t.Errorf("answered: %+v", m)
	}
	if _, err := o.MatterIssue(ctx, boss, 2024, store.Provisional, m.ID); err != nil {
		t.Errorf("what is true becomes an issue: %v", err)
	}
	if _, err := o.MarkMatters(ctx, boss, order(Explained, m), uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	if m = matterOf(t, o, 2, "T3-R3"); m.State != MatterExplained {
		t.Errorf("after the answer was accepted: %s", m.State)
	}
	if page, err := o.Matter(ctx, unit, 2024, store.Provisional, m.ID); err != nil || len(page.History) != 3 || !page.History[1].Answer || page.MayMark || !page.MayAnswer {
		t.Errorf("the unit reads %+v, %v", page, err)
	}
}

// An explanation that was filed with the report counts.
func TestFiledExplanation(t *testing.T) {
	o := familyOffice(t, time.Date(2025, 1, 20, 0, 0, 0, 0, time.UTC))
	recheck(t, o)
	m := matterOf(t, o, 2, "T3-R3")
	refile(t, o, 2, func(s *store.ReportState) {
		s.Explanations = []store.Explanation{{Rule: m.Rule, Codes: m.Codes, Text: "系统只给出总数", By: "filer"}}
	})
	if m = matterOf(t, o, 2, "T3-R3"); m.State != MatterFiled || m.Explanation == nil || m.Explanation.Text != "系统只给出总数" {
		t.Errorf("%+v", m)
	}
}

// A unit sees its own matters only, and of an approved basis nothing that
// waits; what CPY-R1 quotes of another unit is for supervisors.
func TestMattersKeepToTheirReaders(t *testing.T) {
	ctx := context.Background()
	o := familyOffice(t, time.Date(2025, 1, 20, 0, 0, 0, 0, time.UTC), 3)
	recheck(t, o)
	count := func(v people.Visitor, basis store.Basis) map[disclosure.UnitNumber]int {
		t.Helper()
		list, err := o.Matters(ctx, v, MatterFilter{Filter: Filter{Year: 2024, Basis: basis}})
		if err != nil {
			t.Fatal(err)
		}
		out := map[disclosure.UnitNumber]int{}
		for _, m := range list.Matters {
			out[m.Unit.Number]++
		}
		return out
	}
	if got := count(matterVisitor(t, o, people.Filer, 2), store.Provisional); len(got) != 1 || got[2] == 0 {
		t.Errorf("a filer of unit 2 sees %v", got)
	}
	if got := count(matterVisitor(t, o, people.Leader, 0), store.Approved); got[3] != 0 || got[2] == 0 || got[4] == 0 {
		t.Errorf("a leader sees %v", got)
	}
	if _, err := o.Matters(ctx, matterVisitor(t, o, people.Leader, 0), MatterFilter{Filter: Filter{Year: 2024, Basis: store.Provisional}}); disclosure.CodeOf(err) != disclosure.ErrForbidden {
		t.Errorf("a leader asks for what waits: %v", err)
	}
	if got := count(matterVisitor(t, o, people.Supervisor, 0), store.Provisional); got[2] == 0 || got[3] == 0 || got[4] == 0 {
		t.Errorf("a supervisor sees %v", got)
	}
	units, err := o.units(ctx)
	if err != nil {
		t.Fatal(err)
	}
	copied := ofFinding(check.Finding{Rule: "CPY-R1", Aspect: "another", Message: "与另一单位报告雷同", Copied: &check.Copied{Unit: "澜汀区教育局", Passages: []check.Passage{{There: "别人的话"}}}},
		store.ReportKey{Unit: 2, Period: disclosure.Period{Year: 2024}}, units.byNumber[2])
	for _, c := range []struct {
		role people.Role
		unit disclosure.UnitNumber
		sees bool
	}{{people.Filer, 2, false}, {people.Leader, 0, false}, {people.Evaluator, 0, false}, {people.Supervisor, 2, false}, {people.Supervisor, 0, true}, {people.Supervisor, 1, true}} {
		if got := units.seen(matterVisitor(t, o, c.role, c.unit), copied).Finding.Copied != nil; got != c.sees {
			t.Errorf("%s of %d sees the copied passages: %v", c.role, c.unit, got)
		}
	}
	if copied.Finding.Copied == nil {
		t.Error("the shared matter was changed")
	}
}

// Each run that found work is recorded, with what was new and what went away.
func TestRunsAreRecorded(t *testing.T) {
	ctx := context.Background()
	o := familyOffice(t, time.Date(2025, 1, 20, 0, 0, 0, 0, time.UTC))
	boss := matterVisitor(t, o, people.Supervisor, 0)
	run := func(ask *runAsk) {
		t.Helper()
		if _, err := o.runChecks(ctx, ask); err != nil {
			t.Fatal(err)
		}
	}
	runs := func(want int) []RunEntry {
		t.Helper()
		list, err := o.Runs(ctx, boss)
		if err != nil || len(list) != want {
			t.Fatalf("%d runs, want %d, %v", len(list), want, err)
		}
		return list
	}
	run(nil)
	if r := runs(1)[0]; r.Why != "首次核对" || r.Reports != 4 || r.Findings == 0 || r.NewCount == 0 || r.Rules != check.Version {
		t.Errorf("the first run %+v", r)
	}
	run(nil)
	runs(1)
	appendAct(t, o, func() store.Entry {
		e := testFiling{2, 2024, disclosure.ScopeAgency, 3, 3, 3, store.StatusSubmitted}.entry()
		s := e.State.(store.ReportState)
		for _, row := range []string{"NEW_RECEIVED", "GRANTED", "RESULT_TOTAL"} {
			s.Cells[disclosure.Code("T3_"+row+"_NP")] = disclosure.Number(3)
		}
		s.Revision = 2
		r, err := o.store.Report(ctx, s.Key, store.Provisional)
		if err != nil {
			t.Fatal(err)
		}
		e.State, e.Verb, e.Seen = s, store.VerbSubmit, r.Seq
		return e
	}())
	run(nil)
	r := runs(2)[0]
	if r.GoneCount == 0 || r.Why != "澜汀区水务局的报告有变动" || r.Gone[0].Unit != 2 || !strings.HasPrefix(r.Gone[0].Name, "T3-R3") {
		t.Errorf("after a correction %+v", r)
	}
	if err := o.AskCheck(ctx, matterVisitor(t, o, people.Filer, 2), 2024); disclosure.CodeOf(err) != disclosure.ErrForbidden {
		t.Errorf("a unit asks for a run: %v", err)
	}
	if err := o.AskCheck(ctx, boss, 2024); err != nil {
		t.Fatal(err)
	}
	if err := o.AskCheck(ctx, boss, 2024); disclosure.CodeOf(err) != disclosure.ErrConflict {
		t.Errorf("asked twice: %v", err)
	}
	run(o.runs.take())
	if p, err := o.CheckProgress(boss); err != nil || p.Waiting || p.Running || p.Total != 4 {
		t.Errorf("after the run %+v, %v", p, err)
	}
	if r := runs(3)[0]; r.ByName != "某区级审核员" || r.Reports != 4 || r.NewCount != 0 || !strings.HasPrefix(r.Why, "手动") {
		t.Errorf("on demand %+v", r)
	}
}
