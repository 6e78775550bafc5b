package office

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"mingjing/internal/bulletin"
	"mingjing/internal/disclosure"
	"mingjing/internal/store"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"
)

// approve files and approves a unit's report of 2025 with new applications of
// natural persons that were all granted, so that its sums hold.
func (d *wallDesk) approve(unit disclosure.UnitNumber, received int64, change func(*store.ReportState)) {
	d.t.Helper()
	fill := func(s *store.ReportState) {
		for _, row := range []string{"NEW_RECEIVED", "GRANTED", "RESULT_TOTAL"} {
			for _, col := range []string{"NP", "TOT"} {
				s.Cells[disclosure.Code("T3_"+row+"_"+col)] = disclosure.Number(received)
			}
		}
		if change != nil {
			change(s)
		}
	}
	d.file(unit, store.VerbSubmit, store.StatusSubmitted, fill)
	d.file(unit, store.VerbApprove, store.StatusApproved, fill)
}

func (d *wallDesk) compiled(account string, f CompileFilter) *Compilation {
	d.t.Helper()
	c, err := d.Compile(d.t.Context(), d.as(account), f)
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

func TestCompilationSumsApprovedUnits(t *testing.T) {
	d := newWallDesk(t)
	d.approve(2, 3, nil)
	d.approve(3, 4, func(s *store.ReportState) {
		s.Cells["T3_DENY_ADMIN_QUERY_TOT"] = disclosure.Cell{Kind: disclosure.CellBlank}
	})
	d.approve(5, 5, nil)
	d.file(4, store.VerbSubmit, store.StatusSubmitted, nil)
	c := d.compiled("ling", CompileFilter{})
	if n, ok := c.Sum.Value("T3_NEW_RECEIVED_TOT"); !ok || n.String() != "12" || len(c.Members) != 3 || c.Filter.Scope != disclosure.ScopeRegion {
		t.Errorf("the region receives %s from %d units", n, len(c.Members))
	}
	if len(c.Missing) != 1 || c.Missing[0].Number != 4 || len(c.Waiting) != 1 || len(c.Findings) != 0 || c.MayTake {
		t.Errorf("missing %v, waiting %v, findings %v, may take %t", c.Missing, c.Waiting, c.Findings, c.MayTake)
	}
	if made := c.Cells["T3_DENY_ADMIN_QUERY_TOT"]; made.Blank != 1 || made.Numbers != 2 {
		t.Errorf("a blank counts as %+v", made)
	}
	if remarks := strings.Join(c.Remarks(), ""); !strings.Contains(remarks, "财政局(已报待审)") || !strings.Contains(remarks, "同一案件") {
		t.Errorf("remarks: %s", remarks)
	}
	level := d.compiled("shen", CompileFilter{Scope: disclosure.ScopeLevel})
	if n, _ := level.Sum.Value("T3_NEW_RECEIVED_TOT"); n.String() != "7" || len(level.Members) != 2 {
		t.Errorf("本级汇总 receives %s from %d units", n, len(level.Members))
	}
	provisional := d.compiled("shen", CompileFilter{Provisional: true})
	if n, _ := provisional.Sum.Value("T3_NEW_RECEIVED_TOT"); n.String() != "15" || !strings.Contains(strings.Join(provisional.Remarks(), ""), "暂定:含1家单位没有通过的报告:财政局") {
		t.Errorf("provisionally %s, %v", n, provisional.Remarks())
	}
	_, parts, err := c.PartsOf("T3_DENY_ADMIN_QUERY_TOT")
	if err != nil || len(parts) != 3 || parts[0].Text != "0" || parts[1].Counts || parts[1].Why == "" {
		t.Errorf("the parts: %+v, %v", parts, err)
	}
	if _, _, err := c.PartsOf("T9_NOTHING"); disclosure.CodeOf(err) != disclosure.ErrNotFound {
		t.Errorf("a figure that is none: %v", err)
	}
}

func TestCompilationNamesWhoBreaksIt(t *testing.T) {
	d := newWallDesk(t)
	d.approve(2, 3, nil)
	d.approve(3, 4, func(s *store.ReportState) { s.Cells["T3_NEW_RECEIVED_TOT"] = disclosure.Number(9) })
	c := d.compiled("shen", CompileFilter{})
	if len(c.Findings) == 0 {
		t.Fatal("nothing breaks")
	}
	for _, f := range c.Findings {
		if len(f.Units) != 1 || f.Units[0] != "民政局" {
			t.Errorf("%s is broken by %v, want 民政局", f.Rule, f.Units)
		}
	}
}

// A unit that prints (六) as one row makes the sum print it so, and its sums hold.
func TestCompilationOverMergedRows(t *testing.T) {
	d := newWallDesk(t)
	d.approve(2, 3, func(s *store.ReportState) {
		for _, row := range []string{"OTHER_NO_CORRECTION", "OTHER_NO_FEE", "OTHER_MISC"} {
			for _, col := range []string{"NP", "BIZ", "RES", "NPO", "LAW", "OTH", "TOT"} {
				s.Cells[disclosure.Code("T3_"+row+"_"+col)] = disclosure.Cell{Kind: disclosure.CellBlank}
				s.Cells[disclosure.Code("T3_OTHER_MERGED_"+col)] = disclosure.Number(0)
			}
		}
		for _, col := range []string{"NP", "TOT"} {
			s.Cells[disclosure.Code("T3_GRANTED_"+col)] = disclosure.Number(1)
			s.Cells[disclosure.Code("T3_OTHER_MERGED_"+col)] = disclosure.Number(2)
		}
	})
	d.approve(3, 4, func(s *store.ReportState) {
		for _, col := range []string{"NP", "TOT"} {
			s.Cells[disclosure.Code("T3_GRANTED_"+col)] = disclosure.Number(3)
			s.Cells[disclosure.Code("T3_OTHER_MISC_"+col)] = disclosure.Number(1)
		}
	})
	c := d.compiled("shen", CompileFilter{})
	if n, ok := c.Sum.Value("T3_OTHER_MERGED_TOT"); !ok || n.String() != "3" || len(c.MergedBy) != 1 || len(c.Findings) != 0 {
		t.Errorf("merged %s by %v, findings %v", n, c.MergedBy, c.Findings)
	}
	if _, ok := c.Sum.Value("T3_OTHER_MISC_TOT"); ok {
		t.Error("details stand beside the merged row")
	}
}

func TestTakingTheSumOver(t *testing.T) {
	d := newWallDesk(t)
	ctx := t.Context()
	d.approve(2, 3, nil)
	annex := disclosure.FormFor("annex-example", 2025)
	key := store.ReportKey{Unit: 2, Period: disclosure.Period{Year: 2025}, Family: annex.Family, Scope: disclosure.ScopeAgency}
	d.append("tian", store.Entry{Kind: store.KindReport, ID: key.EntityID(), Verb: store.VerbApprove, State: store.ReportState{Key: key, Revision: 1, Status: store.StatusApproved,
		FormID: annex.ID, Cells: map[disclosure.Code]disclosure.Cell{"A1_PUBLISHED_COUNT": disclosure.Number(123)}}})
	for account, code := range map[string]disclosure.ErrorCode{"ling": disclosure.ErrForbidden, "guan": disclosure.ErrForbidden, "jia": disclosure.ErrForbidden, "tian": disclosure.ErrForbidden} {
		if _, err := d.TakeCompiled(ctx, d.as(account), CompileFilter{}, false); err == nil || disclosure.CodeOf(err) != code {
			t.Errorf("%s takes the sum over: %v", account, err)
		}
	}
	if _, err := d.TakeCompiled(ctx, d.as("shen"), CompileFilter{Provisional: true}, false); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("a provisional sum is taken over: %v", err)
	}
	s, err := d.TakeCompiled(ctx, d.as("shen"), CompileFilter{}, false)
	if err != nil {
		t.Fatal(err)
	}
	if s.Content.Origin == nil || s.Content.Origin.Way != "compile" || s.Content.Forms[0].Cells["T3_NEW_RECEIVED_TOT"].Value.String() != "3" || !strings.Contains(s.ProseOf(1), "发布信息总条数") || !strings.Contains(s.ProseOf(1), "123") {
		t.Errorf("the draft: %+v, part one %q", s.Content.Origin, s.ProseOf(1))
	}
	if _, _, err := d.SaveDraft(ctx, d.as("shen"), 1, disclosure.Period{Year: 2025}, Patch{Cells: []CellPatch{{Code: "T3_NEW_RECEIVED_TOT", Was: "3", Now: "8"}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.TakeCompiled(ctx, d.as("shen"), CompileFilter{}, false); disclosure.CodeOf(err) != disclosure.ErrConflict {
		t.Errorf("over somebody's figures: %v", err)
	}
	if s, err = d.TakeCompiled(ctx, d.as("shen"), CompileFilter{}, true); err != nil || s.Content.Forms[0].Cells["T3_NEW_RECEIVED_TOT"].Value.String() != "3" {
		t.Errorf("replacing them: %v", err)
	}
}

// What a unit's report says stands in the workbook's attachment, the sum in its
// tables, and both agree.
func TestCompiledPapers(t *testing.T) {
	d := newWallDesk(t)
	d.approve(2, 3, nil)
	d.approve(3, 4, nil)
	papers := d.compiled("shen", CompileFilter{}).Papers()
	data, err := bulletin.CompiledXlsx(papers)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("汇总单位")
	if err != nil || len(rows) != 4 {
		t.Fatalf("%d rows of units, %v", len(rows), err)
	}
	at := -1
	for i, label := range rows[0] {
		if label == disclosure.LabelOf("T3_NEW_RECEIVED_TOT") {
			at = i
		}
	}
	if at < 0 || rows[1][at] != "3" || rows[2][at] != "4" || rows[3][at] != "7" || rows[3][0] != "合计" {
		t.Errorf("units' rows: column %d, %v", at, rows)
	}
	doc, err := bulletin.CompiledDocx(papers)
	if err != nil || len(doc) < 5000 {
		t.Errorf("the Word document has %d bytes, %v", len(doc), err)
	}
}

// inProcess fills workbooks without a child.
type inProcess struct{ Readers }

func (inProcess) Ask(_ context.Context, _, _ string, data, ask []byte) ([]byte, error) {
	return bulletin.AnswerFill(data, ask)
}

func TestFillingTheCitysWorkbook(t *testing.T) {
	d := newWallDesk(t)
	ctx := t.Context()
	d.approve(2, 3, nil)
	d.approve(3, 4, nil)
	book := excelize.NewFile()
	for cell, text := range map[string]string{"A1": "单位", "B1": "本年新收政府信息公开申请数量", "C1": "市里自定指标", "A2": "清源区教育局", "A3": "清源区民政局", "A4": "清源区人民政府", "E9": "请勿改动"} {
		if err := book.SetCellStr("Sheet1", cell, text); err != nil {
			t.Fatal(err)
		}
	}
	var sent bytes.Buffer
	if err := book.Write(&sent); err != nil {
		t.Fatal(err)
	}
	if _, err := d.FillCity(ctx, d.as("shen"), CompileFilter{}, "市.xlsx", sent.Bytes(), "", nil, uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrUnavailable {
		t.Errorf("without readers: %v", err)
	}
	d.readers = inProcess{}
	if _, err := d.FillCity(ctx, d.as("ling"), CompileFilter{}, "市.xlsx", sent.Bytes(), "", nil, uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrForbidden {
		t.Errorf("a leader fills it: %v", err)
	}
	if _, err := d.FillCity(ctx, d.as("shen"), CompileFilter{}, "市.xlsx", []byte("not a workbook"), "", nil, uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("no workbook: %v", err)
	}
	fill, err := d.FillCity(ctx, d.as("shen"), CompileFilter{}, `C:\下发\市.xlsx`, sent.Bytes(), "", nil, uuid.NewString())
	if err != nil {
		t.Fatal(err)
	}
	if fill.Filled != 3 || fill.Name != "市.xlsx" || len(fill.Unmatched) == 0 || len(fill.Unplaced) == 0 {
		t.Fatalf("filled %d, unmatched %v", fill.Filled, fill.Unmatched)
	}
	label := ""
	for _, u := range fill.Unmatched {
		if u.Label == "市里自定指标" {
			label = u.Label
		}
	}
	again, err := d.FillCity(ctx, d.as("shen"), CompileFilter{}, "", nil, fill.ID, map[string]disclosure.Code{disclosure.FoldLabel(label): "T3_GRANTED_TOT"}, uuid.NewString())
	if err != nil || again.Filled != 6 {
		t.Fatalf("with the head's meaning %+v, %v", again, err)
	}
	_, data, err := d.CityFillFile(ctx, d.as("shen"), again.ID)
	if err != nil {
		t.Fatal(err)
	}
	filled, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer filled.Close()
	for cell, want := range map[string]string{"B2": "3", "B3": "4", "B4": "7", "C4": "7", "E9": "请勿改动", "C1": "市里自定指标"} {
		if got, err := filled.GetCellValue("Sheet1", cell); err != nil || got != want {
			t.Errorf("%s holds %q, want %q", cell, got, want)
		}
	}
	if _, err := d.CityFill(ctx, d.as("jia"), again.ID); disclosure.CodeOf(err) != disclosure.ErrForbidden {
		t.Errorf("a subtree reads it: %v", err)
	}
	next, err := d.FillCity(ctx, d.as("shen"), CompileFilter{}, "市.xlsx", sent.Bytes(), "", nil, uuid.NewString())
	if err != nil || next.Filled != 6 {
		t.Errorf("the next one forgets what the head means: %+v, %v", next, err)
	}
}
