package office

import (
	"context"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

var ctxb = context.Background()

func year2025() disclosure.Period { return disclosure.Period{Year: 2025} }

// cell is a change of one cell.
func cell(code disclosure.Code, was, now string) Patch {
	return Patch{Cells: []CellPatch{{Code: code, Was: was, Now: now}}}
}

func (d *desk) save(account string, unit disclosure.UnitNumber, p Patch) (*Sitting, []Clash) {
	d.t.Helper()
	s, clashes, err := d.SaveDraft(ctxb, d.visitor(account), unit, year2025(), p)
	if err != nil {
		d.t.Fatal(err)
	}
	return s, clashes
}

func (d *desk) do(account string, s *Sitting, act filing.Act) *Sitting {
	d.t.Helper()
	after, err := moved(d.Office, ctxb, d.visitor(account), move(s, act))
	if err != nil {
		d.t.Fatalf("%s %s: %v", account, act, err)
	}
	return after
}

func refusedWith(t *testing.T, err error, code disclosure.ErrorCode, says string) {
	t.Helper()
	if err == nil || disclosure.CodeOf(err) != code || !strings.Contains(disclosure.Sentence(err), says) {
		t.Errorf("answered %v, want %s with %q", err, code, says)
	}
}

func TestErrorsAndUnexplainedFindingsHoldAReportBack(t *testing.T) {
	d, _ := atDesk(t)
	const direct = withLastYear
	filer := d.visitor("filer")
	d.fill("filer", direct, 2025)
	s, _ := d.save("filer", direct, cell("T3_NEW_RECEIVED_TOT", "0", "3"))
	_, err := moved(d.Office, ctxb, filer, move(s, filing.Submit))
	refusedWith(t, err, disclosure.ErrInvalid, "必须改正")
	d.save("filer", direct, cell("T3_NEW_RECEIVED_TOT", "3", "0"))

	// Last year's report of unit 3 carried nothing out; this one carries 2 in and closes them.
	s, _ = d.save("filer", direct, Patch{Cells: []CellPatch{{"T3_CARRIED_IN_NP", "0", "2"}, {"T3_CARRIED_IN_TOT", "0", "2"}, {"T3_GRANTED_NP", "0", "2"},
		{"T3_GRANTED_TOT", "0", "2"}, {"T3_RESULT_TOTAL_NP", "0", "2"}, {"T3_RESULT_TOTAL_TOT", "0", "2"}}})
	_, err = moved(d.Office, ctxb, filer, move(s, filing.Submit))
	refusedWith(t, err, disclosure.ErrInvalid, "没有写说明")
	verdict := s.Judge()
	if verdict.Errors != 0 || verdict.Unexplained == 0 {
		t.Fatalf("%d errors, %d unexplained: %+v", verdict.Errors, verdict.Unexplained, verdict.Findings)
	}
	explain := func(was, now string) {
		patch := Patch{}
		for _, f := range verdict.Findings {
			if MustExplain(f) {
				patch.Explanations = append(patch.Explanations, ExplanationPatch{Rule: f.Rule, Codes: f.Codes, Aspect: f.Aspect, Was: was, Now: now})
			}
		}
		s, _ = d.save("filer", direct, patch)
	}
	was := ""
	for _, nothing := range []string{"……", "同上", "12345。"} { // says nothing
		explain(was, nothing)
		_, err = moved(d.Office, ctxb, filer, move(s, filing.Submit))
		refusedWith(t, err, disclosure.ErrInvalid, "不同的字")
		was = nothing
	}
	explain(was, "机构合并,接收了原单位的两件。")
	s = d.do("filer", s, filing.Submit)
	if s.State != filing.Submitted || len(s.Standing.Explanations) == 0 || s.Standing.Explanations[0].By != "filer" || s.Standing.Explanations[0].Time.IsZero() {
		t.Errorf("handed in as %q with explanations %+v", s.State, s.Standing.Explanations)
	}
	// They travel on: the approved revision has them too.
	s = d.do("supervisor", s, filing.Approve)
	if len(s.Approved.Explanations) == 0 {
		t.Error("the explanations were lost on the way")
	}
}

func TestNobodyReviewsTheirOwn(t *testing.T) {
	d, _ := atDesk(t)
	reviewed := d.reviewedUnit()
	s := d.do("both", d.fill("both", reviewed, 2025), filing.HandOn)
	_, err := moved(d.Office, ctxb, d.visitor("both"), move(s, filing.Pass))
	refusedWith(t, err, disclosure.ErrForbidden, "由您本人")
	// Nor one who only touched it.
	d.do("both", s, filing.Recall)
	d.save("both", reviewed, cell("T2_LICENSE_DECISIONS", "0", "1"))
	s, _ = d.save("filer", reviewed, cell("T2_LICENSE_DECISIONS", "1", "0"))
	s = d.do("filer", s, filing.HandOn)
	_, err = moved(d.Office, ctxb, d.visitor("both"), move(s, filing.Pass))
	refusedWith(t, err, disclosure.ErrForbidden, "由您本人")

	settings, seen, err := d.Settings(ctxb)
	if err != nil {
		t.Fatal(err)
	}
	settings.OwnApproval = true
	if err := d.PutSettings(ctxb, d.visitor("admin"), settings, seen, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	defer func() {
		settings, seen, _ := d.Settings(ctxb)
		settings.OwnApproval = false
		if err := d.PutSettings(ctxb, d.visitor("admin"), settings, seen, uuid.NewString()); err != nil {
			t.Error(err)
		}
	}()
	if after := d.do("both", s, filing.Pass); after.State != filing.Submitted || after.Standing.ReviewedBy != "both" {
		t.Errorf("with the setting: %q, reviewed by %q", after.State, after.Standing.ReviewedBy)
	}
}

func TestARepeatedPressChangesNothing(t *testing.T) {
	d, direct := atDesk(t)
	s := d.fill("filer", direct, 2025)
	m := move(s, filing.Submit)
	for range 2 {
		after, err := moved(d.Office, ctxb, d.visitor("filer"), m)
		if err != nil || after.State != filing.Submitted || after.Standing.Revision != 1 {
			t.Fatalf("%v, %+v", err, after)
		}
	}
	m = move(d.open(machine, direct, 2025), filing.Submit)
	_, err := moved(d.Office, ctxb, d.visitor("filer"), m)
	refusedWith(t, err, disclosure.ErrConflict, "已提交")
	m.ID = ""
	_, err = moved(d.Office, ctxb, d.visitor("filer"), m)
	refusedWith(t, err, disclosure.ErrInvalid, "操作编号")
}

func TestAStalePageDoesNotHandOn(t *testing.T) {
	d, direct := atDesk(t)
	seen := d.fill("filer", direct, 2025)
	d.save("filer2", direct, cell("T2_LICENSE_DECISIONS", "0", "3"))
	_, err := moved(d.Office, ctxb, d.visitor("filer"), move(seen, filing.Submit))
	refusedWith(t, err, disclosure.ErrConflict, "李四")
	empty := d.open(machine, d.reviewedUnit(), 2025)
	_, err = moved(d.Office, ctxb, d.visitor("filer"), Move{Act: filing.HandOn, Unit: empty.Unit.Number, Period: empty.Period, ID: uuid.NewString()})
	refusedWith(t, err, disclosure.ErrConflict, "未开始")
}

func TestTwoSaversKeepBothTheirWork(t *testing.T) {
	d, direct := atDesk(t)
	d.save("filer", direct, cell("T2_REG_ISSUED", "", "1"))
	s, clashes := d.save("filer2", direct, cell("T2_REG_REPEALED", "", "2"))
	if len(clashes) > 0 || Typed(s.Content.Forms[0].Cells["T2_REG_ISSUED"]) != "1" || Typed(s.Content.Forms[0].Cells["T2_REG_REPEALED"]) != "2" {
		t.Fatalf("clashes %v, cells %v", clashes, s.Content.Forms[0].Cells)
	}
	d.save("filer", direct, cell("T2_REG_IN_FORCE", "", "3"))
	// 张三 saw 2 in REPEALED nowhere: he thinks it is blank.
	s, clashes = d.save("filer", direct, Patch{Cells: []CellPatch{{"T2_REG_REPEALED", "", "9"}, {"T2_NORM_ISSUED", "", "4"}}})
	if len(clashes) != 1 || clashes[0].Theirs != "2" || clashes[0].Yours != "9" || clashes[0].By != "李四" || clashes[0].Time.IsZero() {
		t.Errorf("clashes %+v, want 李四's 2 against 9", clashes)
	}
	if Typed(s.Content.Forms[0].Cells["T2_NORM_ISSUED"]) != "4" {
		t.Error("what does not clash was not kept")
	}
	// Chosen: mine, over theirs.
	if _, clashes = d.save("filer", direct, cell("T2_REG_REPEALED", "2", "9")); len(clashes) > 0 {
		t.Errorf("a choice clashes: %+v", clashes)
	}
	// Prose and explanations likewise.
	d.save("filer", direct, Patch{Prose: []ProsePatch{{Part: 1, Now: "甲"}}})
	if _, clashes = d.save("filer2", direct, Patch{Prose: []ProsePatch{{Part: 1, Now: "乙"}}}); len(clashes) != 1 || clashes[0].Place != "part1" || clashes[0].By != "张三" {
		t.Errorf("prose: %+v", clashes)
	}
	s, _ = d.save("filer", direct, Patch{})
	version := s.Draft.Version
	if s, _ = d.save("filer2", direct, cell("T2_REG_ISSUED", "1", "1")); s.Draft.Version != version || len(s.Content.Authors) != 2 {
		t.Errorf("saving nothing made version %d of %d", s.Draft.Version, version)
	}
}

func TestBadPatchesAreRefusedWhole(t *testing.T) {
	d, direct := atDesk(t)
	s, _ := d.save("filer", direct, cell("T2_REG_ISSUED", "", "1"))
	for name, p := range map[string]Patch{
		"unknown code":   {Cells: []CellPatch{{"T2_REG_ISSUED", "1", "7"}, {"T9_NOTHING", "", "1"}}},
		"huge cell":      cell("T2_REG_ISSUED", "1", strings.Repeat("9", 201)),
		"table as prose": {Prose: []ProsePatch{{Part: 3, Now: "x"}}},
		"no such part":   {Prose: []ProsePatch{{Part: -1, Now: "x"}}},
		"huge prose":     {Prose: []ProsePatch{{Part: 1, Now: strings.Repeat("长", mostProse+1)}}},
		"unknown rule":   {Explanations: []ExplanationPatch{{Rule: "NO-R1", Now: "x"}}},
		"huge note":      {Explanations: []ExplanationPatch{{Rule: "T3-R4", Now: strings.Repeat("长", 1001)}}},
	} {
		_, _, err := d.SaveDraft(ctxb, d.visitor("filer"), direct, year2025(), p)
		if disclosure.CodeOf(err) != disclosure.ErrInvalid {
			t.Errorf("%s: %v", name, err)
		}
		_, _, err = d.TryPatch(ctxb, d.visitor("filer"), direct, year2025(), p)
		if disclosure.CodeOf(err) != disclosure.ErrInvalid {
			t.Errorf("%s, tried: %v", name, err)
		}
	}
	if now := d.open(machine, direct, 2025); now.Draft.Version != s.Draft.Version {
		t.Errorf("version %d, want %d", now.Draft.Version, s.Draft.Version)
	}
}

// A draft that was begun before the report moved on waits for a decision, and
// both ways are open.
func TestADraftOutOfStepIsDecidedOn(t *testing.T) {
	for _, keep := range []bool{true, false} {
		d, direct := atDesk(t)
		const code = "T2_LICENSE_DECISIONS"
		d.stand(direct, 2025, filing.Returned)
		d.fill("filer", direct, 2025)
		d.save("filer", direct, cell(code, "0", "5"))
		d.moveOn(direct) // by a command on the machine, say
		s := d.open(machine, direct, 2025)
		if !s.OutOfStep || Typed(s.Content.Forms[0].Cells[code]) != "5" {
			t.Fatalf("out of step %t, content %v", s.OutOfStep, s.Content.Forms[0].Cells[code])
		}
		_, err := moved(d.Office, ctxb, d.visitor("filer"), move(s, filing.Submit))
		refusedWith(t, err, disclosure.ErrConflict, "选择")
		if err := d.Decide(ctxb, d.visitor("stranger"), direct, year2025(), keep); disclosure.CodeOf(err) != disclosure.ErrForbidden {
			t.Errorf("a stranger decides: %v", err)
		}
		if err := d.Decide(ctxb, d.visitor("filer"), direct, year2025(), keep); err != nil {
			t.Fatal(err)
		}
		s = d.open(machine, direct, 2025)
		want := map[bool]string{true: "5", false: "0"}[keep]
		if s.OutOfStep || Typed(s.Content.Forms[0].Cells[code]) != want {
			t.Errorf("keep %t: out of step %t, cell %q, want %q", keep, s.OutOfStep, Typed(s.Content.Forms[0].Cells[code]), want)
		}
		if keep {
			d.do("filer", s, filing.Submit)
			continue
		}
		if _, old, err := d.DraftHistory(ctxb, d.visitor("filer"), direct, year2025()); err != nil || len(old) == 0 || !old[0].Removed || old[0].Cells != 1 {
			t.Errorf("the dropped draft is not among %+v, %v", old, err)
		}
	}
}

// moveOn appends the report's state once more.
func (d *desk) moveOn(unit disclosure.UnitNumber) {
	d.t.Helper()
	r := d.open(machine, unit, 2025).Standing
	e := store.Entry{Kind: store.KindReport, ID: r.Key.EntityID(), Verb: store.VerbChange, Seen: r.Seq, State: r.ReportState}
	if err := d.append(ctxb, machine, uuid.NewString(), e); err != nil {
		d.t.Fatal(err)
	}
}

// What another person saves in the moment of handing on is not lost.
func TestADraftThatOutlivedItsFilingIsTold(t *testing.T) {
	d, direct := atDesk(t)
	s := d.fill("filer", direct, 2025)
	draft := s.Draft
	d.do("filer", s, filing.Submit)
	draft.Version, draft.Person, draft.Name = 0, "filer2", "李四" // as if it had stayed
	if _, err := d.store.SaveDraft(ctxb, draft); err != nil {
		t.Fatal(err)
	}
	if s = d.open(machine, direct, 2025); s.OutOfStep {
		t.Error("a draft that holds what was handed in asks for a decision")
	}
	d.do("supervisor", s, filing.Return)
	s, _ = d.save("filer", direct, cell("T2_LICENSE_DECISIONS", "0", "1"))
	d.do("filer", s, filing.Submit)
	draft = d.open(machine, direct, 2025).Draft
	if draft.Version != 0 {
		t.Errorf("a draft is left: %+v", draft)
	}
}

func TestAnnexesGoInTheSameAct(t *testing.T) {
	d, direct := atDesk(t)
	s := d.fill("filer", direct, 2025)
	if s.Content.Forms[1].Form != "annex-example-2025" {
		t.Fatalf("forms %v", s.Content.Forms)
	}
	s, _ = d.save("filer", direct, Patch{Cells: []CellPatch{{"A1_WEBSITE_COUNT", "", "10"}, {"A1_NEW_MEDIA_COUNT", "", "5"}, {"A1_PUBLISHED_COUNT", "", "15"}}})
	s = d.do("filer", s, filing.Submit)
	annex := s.Standing.Key
	annex.Family = "annex-example"
	r, err := d.store.ReportAtStanding(ctxb, annex)
	if err != nil || r.Status != store.StatusSubmitted || Typed(r.Cells["A1_PUBLISHED_COUNT"]) != "15" {
		t.Fatalf("the annex: %v %+v", err, r)
	}
	if r.Time != s.Standing.Time {
		t.Error("the annex was filed in an act of its own")
	}
	// A returned cell of the annex is forgotten like one of the report, and the others stay as they were.
	back := move(s, filing.Return)
	back.Cells = []store.CellReturn{{Code: "A1_WEBSITE_COUNT", Reason: "与网站统计不符"}}
	back.Reason = "附表请核对"
	if s, err = moved(d.Office, ctxb, d.visitor("supervisor"), back); err != nil {
		t.Fatal(err)
	}
	if got := s.ReturnedUnchanged(); len(got) != 1 || got[0] != "A1_WEBSITE_COUNT" {
		t.Errorf("returned and unchanged: %v", got)
	}
	s, _ = d.save("filer", direct, Patch{Cells: []CellPatch{{"A1_WEBSITE_COUNT", "10", "11"}, {"A1_PUBLISHED_COUNT", "15", "16"}}})
	if got := s.ReturnedUnchanged(); len(got) != 0 {
		t.Errorf("after the correction: %v", got)
	}
	s = d.do("filer", s, filing.Submit)
	if r, err = d.store.ReportAtStanding(ctxb, annex); err != nil || Typed(r.Cells["A1_WEBSITE_COUNT"]) != "11" || Typed(r.Cells["A1_NEW_MEDIA_COUNT"]) != "5" {
		t.Errorf("the corrected annex: %v %+v", err, r.Cells)
	}
	d.do("supervisor", s, filing.Approve)
	if r, _ = d.store.ReportAtStanding(ctxb, annex); r.Status != store.StatusApproved {
		t.Errorf("the annex stands as %s after the approval", r.Status)
	}
	// A wrong annex holds the whole sitting back.
	s, _ = d.save("filer", direct, cell("A1_PUBLISHED_COUNT", "16", "99"))
	_, err = moved(d.Office, ctxb, d.visitor("filer"), move(s, filing.Submit))
	refusedWith(t, err, disclosure.ErrInvalid, "必须改正")
}

func TestZeroReportFillsOnlyBlanks(t *testing.T) {
	d, direct := atDesk(t)
	d.save("filer", direct, Patch{Cells: []CellPatch{{"T3_NEW_RECEIVED_NP", "", "2"}, {"T3_GRANTED_NP", "", "/"}, {"T3_PARTIAL_NP", "", "两件"}}})
	s, err := d.FillZeros(ctxb, d.visitor("filer"), direct, year2025())
	if err != nil {
		t.Fatal(err)
	}
	cells := s.Content.Forms[0].Cells
	for code, want := range map[disclosure.Code]string{"T3_NEW_RECEIVED_NP": "2", "T3_GRANTED_NP": "/", "T3_PARTIAL_NP": "两件", "T3_NEW_RECEIVED_TOT": "0", "T4_LITR_TOTAL": "0", "T2_REG_ISSUED": ""} {
		if got := Typed(cells[code]); got != want {
			t.Errorf("%s is %q, want %q", code, got, want)
		}
	}
}

// What is approved stays in force while a correction goes the same way, and
// what is provisional follows what is handed in.
func TestFiguresInForceAtEachStep(t *testing.T) {
	d, direct := atDesk(t)
	const code = "T2_LICENSE_DECISIONS"
	see := func(step, approved, provisional string) {
		t.Helper()
		for basis, want := range map[store.Basis]string{store.Approved: approved, store.Provisional: provisional} {
			figures, err := d.store.Figures(ctxb, store.FigureQuery{Basis: basis, Codes: []disclosure.Code{code}, Years: []disclosure.Year{2025}, Units: []disclosure.UnitNumber{direct}})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, f := range figures {
				if f.Kind == disclosure.CellNumber {
					got = f.Value.String()
				}
			}
			if got != want {
				t.Errorf("%s: %s figure %q, want %q", step, basis, got, want)
			}
		}
	}
	d.fill("filer", direct, 2025)
	s, _ := d.save("filer", direct, cell(code, "0", "7"))
	see("draft", "", "")
	s = d.do("filer", s, filing.Submit)
	see("submitted", "", "7")
	d.do("supervisor", s, filing.Return)
	see("returned", "", "")
	s, _ = d.save("filer", direct, cell(code, "7", "8"))
	s = d.do("filer", s, filing.Submit)
	if s.Standing.Revision != 2 {
		t.Errorf("revision %d, want 2", s.Standing.Revision)
	}
	d.do("supervisor", s, filing.Approve)
	see("approved", "8", "8")
	s, _ = d.save("filer", direct, cell(code, "8", "9"))
	if s.State != filing.Approved || s.Approved == nil || Typed(s.Approved.Cells[code]) != "8" {
		t.Errorf("a correction in draft: %q", s.State)
	}
	see("correction in draft", "8", "8")
	s = d.do("filer", s, filing.Submit)
	see("correction submitted", "8", "9")
	d.do("supervisor", s, filing.Return)
	see("correction returned", "8", "8")
	s, _ = d.save("filer", direct, cell(code, "9", "10"))
	s = d.do("filer", s, filing.Submit)
	d.do("filer", s, filing.Recall)
	see("correction recalled", "8", "8")
	s, _ = d.save("filer", direct, cell(code, "10", "11"))
	s = d.do("filer", s, filing.Submit)
	s = d.do("supervisor", s, filing.Approve)
	see("correction approved", "11", "11")
	d.do("supervisor", s, filing.Revoke)
	see("correction revoked", "8", "8")
}

func TestEarlierVersionsComeBack(t *testing.T) {
	d, direct := atDesk(t)
	d.save("filer", direct, cell("T2_REG_ISSUED", "", "1"))
	s, _ := d.save("filer2", direct, cell("T2_REG_ISSUED", "1", "2"))
	_, history, err := d.DraftHistory(ctxb, d.visitor("filer"), direct, year2025())
	if err != nil || len(history) != 1 || history[0].Version == s.Draft.Version || history[0].Cells != 1 {
		t.Fatalf("%v: %+v", err, history)
	}
	s, err = d.RestoreDraft(ctxb, d.visitor("filer"), direct, year2025(), history[0].Version)
	if err != nil || Typed(s.Content.Forms[0].Cells["T2_REG_ISSUED"]) != "1" {
		t.Fatalf("%v: %+v", err, s)
	}
	if _, err := d.RestoreDraft(ctxb, d.visitor("leader"), direct, year2025(), history[0].Version); disclosure.CodeOf(err) != disclosure.ErrForbidden {
		t.Errorf("a leader restores: %v", err)
	}
	if _, err := d.RestoreDraft(ctxb, d.visitor("filer"), direct, year2025(), 999); disclosure.CodeOf(err) != disclosure.ErrNotFound {
		t.Errorf("no such version: %v", err)
	}
}

func TestWorkSaysWhatIsDue(t *testing.T) {
	d, direct := atDesk(t)
	reviewed := d.reviewedUnit()
	if w, err := d.Work(ctxb, d.visitor("filer"), 0); err != nil || len(w.Units) < 30 || w.Chosen == nil || !w.Chosen.Calls {
		t.Fatalf("%v: %+v", err, w)
	}
	w, err := d.Work(ctxb, d.visitor("filer"), direct)
	if err != nil || w.Chosen.Unit.Number != direct {
		t.Fatalf("%v: %+v", err, w)
	}
	// The clock stands on 1 March 2026: the report for 2025 was due on 31 January.
	item := w.Items[0]
	if item.Period.Year != 2025 || item.State != filing.Missing || item.DaysLeft != -29 || item.LastDay.Format("2006-01-02") != "2026-01-31" || item.Earlier {
		t.Errorf("first item %s %q, %d days", item.Period, item.State, item.DaysLeft)
	}
	if _, err := d.Work(ctxb, d.visitor("filer"), 5); disclosure.CodeOf(err) != disclosure.ErrForbidden {
		t.Errorf("another's unit: %v", err)
	}
	if w, err := d.Work(ctxb, d.visitor("leader"), 0); err != nil || len(w.Units) != 0 {
		t.Errorf("a leader's work: %v %+v", err, w)
	}
	d.do("filer", d.fill("filer", reviewed, 2025), filing.HandOn)
	for account, calls := range map[string]bool{"reviewer": true, "filer": false} {
		w, err := d.Work(ctxb, d.visitor(account), reviewed)
		if err != nil || w.Chosen.Calls != calls || w.Chosen.State != filing.Review {
			t.Errorf("%s: %v %+v", account, err, w.Chosen)
		}
	}
}

func TestGuidanceIsTheDistrictsOwn(t *testing.T) {
	d, _ := atDesk(t)
	g, seen, err := d.Guidance(ctxb)
	if err != nil || !strings.Contains(g.For("national-2021")["T2_LICENSE"], "依法未公开") {
		t.Fatalf("%v %v", err, g)
	}
	g.Texts = map[string]disclosure.Guidance{"national-2021": {"T2_LICENSE": "只数纸质决定。", "T2_REG": disclosure.ShippedGuidance("national-2021")["T2_REG"]}}
	g.Limits = map[int]int{1: 1500}
	if err := d.PutGuidance(ctxb, d.visitor("filer"), g, seen, uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrForbidden {
		t.Errorf("a filer changes it: %v", err)
	}
	if err := d.PutGuidance(ctxb, d.visitor("supervisor"), g, seen, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	g, _, err = d.Guidance(ctxb)
	if err != nil || g.For("national-2021")["T2_LICENSE"] != "只数纸质决定。" || len(g.Texts["national-2021"]) != 1 || g.Limits[1] != 1500 {
		t.Errorf("%v %+v", err, g)
	}
	g.Texts["national-2021"]["T2_LICENSE"] = strings.Repeat("长", mostGuidance+1)
	if err := d.PutGuidance(ctxb, d.visitor("supervisor"), g, 0, uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("an overlong text: %v", err)
	}
}
