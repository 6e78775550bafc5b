package interpret_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
	"mingjing/internal/intake/interpret"
)

func sheet(format string, rows ...string) *document.Document {
	var cells [][]tcell
	for _, r := range rows {
		cells = append(cells, texts(strings.Split(r, "|")...))
	}
	return &document.Document{Format: format, Blocks: []document.Block{{Grid: place(cells), Place: "工作表“Sheet1”"}}}
}

func mustRead(t *testing.T, d *document.Document, opts interpret.Options) []*interpret.Reading {
	t.Helper()
	got, err := interpret.Read(d, "数据.csv", opts)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestLongTable(t *testing.T) {
	got := mustRead(t, sheet("csv",
		"单位|年份|指标代码|口径|数值",
		"甲局|2023|T3_GRANTED_NP|本机关|3",
		"甲局|2023|T3_GRANTED_BIZ|本机关|",
		"甲局|2023|T3_GRANTED_RES|本机关|/",
		"甲局|2023|T2_FEE_AMOUNT_WAN|本机关|12.5",
		"甲局|2023|T3_OTHER_MERGED_NP|本机关|2",
		"乙局|2020年|T2_19_REG_MADE||1",
		"乙局|2020年|T3_GRANTED_NP||约4",
		"甲局|2023|A1_WEBSITE_COUNT|本机关|88",
		"甲局|2023|T9_NOTHING|本机关|1",
		"甲局|2023|D_DENY_NP|本机关|1",
		"甲局|2023|T3_GRANTED_NP|本机关|3",
		"甲局|2023|T3_GRANTED_LAW|本机关|3",
		"甲局|2023|T3_GRANTED_LAW|本机关|4",
	), interpret.Options{})
	if len(got) != 3 {
		t.Fatal(describe(got))
	}
	a, b, annex := got[0].Report, got[1].Report, got[2].Report
	if a.Unit != "甲局" || a.Year() != 2023 || a.Scope != disclosure.ScopeAgency || a.Form.ID != "national-2021" || a.HasProse {
		t.Errorf("first report: %s scope %q", describe(got[:1]), a.Scope)
	}
	if b.Form.ID != "national-2019" || b.Year() != 2020 || annex.Form.ID != "annex-example-2025" {
		t.Errorf("forms: %s", describe(got))
	}
	for code, want := range map[disclosure.Code]disclosure.CellKind{
		"T3_GRANTED_NP": disclosure.CellNumber, "T3_GRANTED_BIZ": disclosure.CellBlank, "T3_GRANTED_RES": disclosure.CellSlash,
		"T3_OTHER_MERGED_NP": disclosure.CellNumber, "T3_OTHER_MISC_NP": disclosure.CellBlank, "T3_GRANTED_LAW": disclosure.CellUnread,
	} {
		if c, ok := a.Cells[code]; !ok || c.Kind != want {
			t.Errorf("%s: %v %v, want %s", code, c, ok, want)
		}
	}
	if _, ok := a.Cells["T3_PARTIAL_NP"]; ok {
		t.Error("a code that the file lacks has an entry")
	}
	if c := a.Cells["T3_GRANTED_NP"]; c.Source != "R2C5" {
		t.Errorf("source %q", c.Source)
	}
	if !hasDoubt(got[1], interpret.DoubtCell, "T3_GRANTED_NP") || !hasDoubt(got[0], interpret.DoubtDuplicate, "T3_GRANTED_LAW") {
		t.Error("unread or contradicting cell without a doubt")
	}
	left := 0
	for _, d := range got[0].Doubts {
		if d.Kind == interpret.DoubtLeftOut {
			left++
		}
	}
	if left != 1 {
		t.Errorf("%d doubts on unknown codes, want 1 (T9_NOTHING): %v", left, got[0].Doubts)
	}
}

// TestLongExportOfAllVersions reads an export that lists every code of the
// family: the other version's cells and unused alternates are blank.
func TestLongExportOfAllVersions(t *testing.T) {
	rows := []string{"unit|year|code|value"}
	f := disclosure.NationalForm("2021")
	for _, def := range disclosure.FamilyCells(disclosure.FamilyNational) {
		value := ""
		if _, ok := f.Cell(def.Code); ok && !def.Alternate {
			value = printed(f, def.Code)
		}
		rows = append(rows, "甲局|2023|"+string(def.Code)+"|"+value)
	}
	got := mustRead(t, sheet("csv", rows...), interpret.Options{})
	if len(got) != 1 || len(got[0].Doubts) != 0 {
		t.Fatal(describe(got), got[0].Doubts)
	}
	wantAll(t, f, got[0], false)
}

func TestLongTableOfLabels(t *testing.T) {
	f := disclosure.NationalForm("2021")
	rows := []string{"单位名称|年度|指标|数值"}
	for _, def := range f.Cells() {
		rows = append(rows, "甲局|2023|"+def.Label()+"|"+printed(f, def.Code))
	}
	got := mustRead(t, sheet("xlsx", rows...), interpret.Options{})
	if len(got) != 1 {
		t.Fatal(describe(got))
	}
	wantAll(t, f, got[0], false)
}

func wideSheet() *document.Document {
	return sheet("xlsx",
		"红旗区2022年政府信息公开情况统计表",
		"序号|单位名称|新收|上年结转|予以公开|新收申请(自然人)|行政许可|规范性文件现行有效件数|备注",
		"1|区财政局|5|0|3|4|12|7|",
		"2|区民政局|1,200|/||2|0|约9|已核",
		"|小计|1205||3|6|12||",
		"3|洪山路街道|0|0|0|0|0|0|",
		"|合计|1205|0|3|6|12|16|",
		"填表人:张三")
}

func TestWideSheetIsConfirmedOnce(t *testing.T) {
	d := wideSheet()
	_, err := interpret.Read(d, "汇总.xlsx", interpret.Options{})
	var wants *interpret.NeedsMapping
	if !errors.As(err, &wants) || disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Fatal(err)
	}
	codes := map[string]disclosure.Code{}
	for _, c := range wants.Mapping.Columns {
		codes[c.Header] = c.Code
	}
	for header, want := range map[string]disclosure.Code{
		"新收": "T3_NEW_RECEIVED_TOT", "上年结转": "T3_CARRIED_IN_TOT", "予以公开": "T3_GRANTED_TOT", "新收申请(自然人)": "T3_NEW_RECEIVED_NP",
		"行政许可": "T2_LICENSE_DECISIONS", "规范性文件现行有效件数": "T2_NORM_IN_FORCE", "备注": "", "单位名称": "",
	} {
		if codes[header] != want {
			t.Errorf("“%s” is taken for %s, want %s", header, codes[header], want)
		}
	}
	if wants.Mapping.Year != 2022 || len(wants.Rows) == 0 || wants.Mapping.Certain() {
		t.Errorf("proposal: year %v, %d rows, certain %v", wants.Mapping.Year, len(wants.Rows), wants.Mapping.Certain())
	}
	got := mustRead(t, d, interpret.Options{Mappings: func(fp string) (interpret.Mapping, bool) {
		return wants.Mapping, fp == wants.Mapping.Fingerprint
	}})
	if len(got) != 3 {
		t.Fatal("total rows were read: ", describe(got))
	}
	if r := got[1].Report; r.Unit != "区民政局" || r.Year() != 2022 || r.Cells["T3_NEW_RECEIVED_TOT"].Value.String() != "1200" ||
		r.Cells["T3_CARRIED_IN_TOT"].Kind != disclosure.CellSlash || r.Cells["T3_GRANTED_TOT"].Kind != disclosure.CellBlank ||
		r.Cells["T2_NORM_IN_FORCE"].Kind != disclosure.CellUnread || r.Cells["T3_NEW_RECEIVED_TOT"].Source != "R4C3" {
		t.Errorf("%+v", r)
	}
	if !slices.ContainsFunc(got[0].Doubts, func(d interpret.Doubt) bool {
		return d.Kind == interpret.DoubtLeftOut && strings.Contains(d.Message, "2行")
	}) {
		t.Errorf("total rows are not reported: %v", got[0].Doubts)
	}
	// The same headers in next year's file have the same fingerprint.
	next := wideSheet()
	next.Blocks[0].Grid.Cells[0].Text = "红旗区2023年政府信息公开情况统计表"
	again, _ := interpret.ProposeMapping(next.Blocks[0].Grid, interpret.Options{})
	if again.Fingerprint != wants.Mapping.Fingerprint {
		t.Error("the fingerprint depends on more than the headers")
	}
}

func TestWideSheetOfCodesNeedsNobody(t *testing.T) {
	d := sheet("csv", "unit|year|T3_NEW_RECEIVED_TOT|T3_GRANTED_TOT", "甲局|2023|5|3", "甲局|2022|4|2", "乙局|2023|0|")
	m, ok := interpret.ProposeMapping(d.Blocks[0].Grid, interpret.Options{})
	if !ok || !m.Certain() {
		t.Fatalf("%v %+v", ok, m)
	}
	got, err := interpret.ApplyMapping(d.Blocks[0].Grid, m, interpret.Options{})
	if err != nil || len(got) != 3 || got[1].Report.Year() != 2022 {
		t.Fatal(err, describe(got))
	}
}

func TestWideSheetWithYearsInHeaders(t *testing.T) {
	d := sheet("xlsx", "单位|2017年新收|2021年新收|2022年新收", "甲局|9|4|5", "乙局|8|0|1")
	m, ok := interpret.ProposeMapping(d.Blocks[0].Grid, interpret.Options{})
	if !ok {
		t.Fatal("no proposal")
	}
	if c := m.Columns[1]; c.Role != interpret.RoleIgnore || c.Why == "" {
		t.Errorf("a year before the forms is mapped: %+v", c)
	}
	m.Columns[1].Role, m.Columns[1].Code = interpret.RoleHistory, "H_RECEIVED"
	got, err := interpret.ApplyMapping(d.Blocks[0].Grid, m, interpret.Options{})
	if err != nil {
		t.Fatal(err)
	}
	history := 0
	for _, r := range got {
		for _, h := range r.History {
			history++
			if r.Report.Year() != 2017 || h.Label != "2017年新收" || h.Code != "H_RECEIVED" {
				t.Errorf("history %+v in %v", h, r.Report.Year())
			}
		}
		if r.Report.Year() == 2017 && len(r.Report.Cells) > 0 {
			t.Error("figures of 2017 stand under codes of the form")
		}
	}
	if history != 2 || len(got) != 6 {
		t.Errorf("%d historic figures, %d reports", history, len(got))
	}
}

func TestRowsBeforeTheFormsAreLeftOut(t *testing.T) {
	d := sheet("csv", "unit|year|T3_NEW_RECEIVED_TOT|T3_GRANTED_TOT", "甲局|2017|5|3", "甲局|2021|4|2")
	m, _ := interpret.ProposeMapping(d.Blocks[0].Grid, interpret.Options{})
	got, err := interpret.ApplyMapping(d.Blocks[0].Grid, m, interpret.Options{})
	if err != nil || len(got) != 1 || got[0].Report.Year() != 2021 {
		t.Fatal(err, describe(got))
	}
	if !slices.ContainsFunc(got[0].Doubts, func(d interpret.Doubt) bool { return d.Kind == interpret.DoubtLeftOut }) {
		t.Error("nothing is said of 2017")
	}
}

func TestMappingsThatCannotBeApplied(t *testing.T) {
	d := wideSheet()
	good, _ := interpret.ProposeMapping(d.Blocks[0].Grid, interpret.Options{})
	for name, spoil := range map[string]func(*interpret.Mapping){
		"unknown code":    func(m *interpret.Mapping) { m.Columns[2].Code = "T9_X" },
		"one code twice":  func(m *interpret.Mapping) { m.Columns[2].Code = m.Columns[3].Code },
		"two units":       func(m *interpret.Mapping) { m.Columns[8].Role = interpret.RoleUnit },
		"history as T3":   func(m *interpret.Mapping) { m.Columns[2].Role = interpret.RoleHistory },
		"other headers":   func(m *interpret.Mapping) { m.Fingerprint = "0" },
		"role of no kind": func(m *interpret.Mapping) { m.Columns[2].Role = "figures" },
	} {
		m := good
		m.Columns = slices.Clone(good.Columns)
		spoil(&m)
		if _, err := interpret.ApplyMapping(d.Blocks[0].Grid, m, interpret.Options{}); disclosure.CodeOf(err) != disclosure.ErrInvalid {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// TestNewFormNeedsNoCode reads a table of a form that this test describes.
func TestNewFormNeedsNoCode(t *testing.T) {
	f, err := disclosure.ParseForm([]byte(`{"id":"hotline-2026","family":"hotline","version":"2026","title":"热线附表","subject":"unit","period":"year","first_year":2026,
	 "parts":[{"number":1,"title":"热线附表","table":"Z1"}],
	 "tables":[{"key":"Z1","name":"附表二","title":"热线办理情况","blocks":[
	  {"heading":"一、受理渠道","corner":"渠道","columns":[{"key":"IN","label":"受理件数"},{"key":"OUT","label":"办结件数"}],
	   "rows":[{"key":"PHONE","label":"电话"},{"key":"WEB","label":"网站"},{"key":"OTHER","label":"其他"}]},
	  {"heading":"二、诉求类型","corner":"类型","columns":[{"key":"IN","label":"受理件数"}],
	   "rows":[{"key":"ASK","label":"咨询"},{"key":"MISC","label":"其他"}]}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	rows := [][]tcell{
		{{text: "一、受理渠道", cols: 3}}, texts("渠道", "受理件数", "办结件数"), texts("电话", "11", "12"), texts("网站", "13", "14"), texts("其他", "15", "16"),
		{{text: "二、诉求类型", cols: 3}}, {{text: "类型"}, {text: "受理件数", cols: 2}}, {{text: "咨询"}, {text: "17", cols: 2}}, {{text: "其他"}, {text: "18", cols: 2}},
	}
	d := national("青山区司法局", 2026)
	d.Blocks = append(d.Blocks, grids(rows)...)
	got := mustRead(t, d, interpret.Options{Forms: append(slices.Clone(disclosure.Forms()), f)})
	if len(got) != 2 || got[1].Report.Form != f || got[1].Report.Unit != "青山区司法局" || got[1].Report.HasProse {
		t.Fatal(describe(got))
	}
	for i, code := range []disclosure.Code{"Z1_PHONE_IN", "Z1_PHONE_OUT", "Z1_WEB_IN", "Z1_WEB_OUT", "Z1_OTHER_IN", "Z1_OTHER_OUT", "Z1_ASK_IN", "Z1_MISC_IN"} {
		if got := got[1].Report.Cells[code].Value.String(); got != fmt.Sprint(11+i) {
			t.Errorf("%s = %s, want %d", code, got, 11+i)
		}
	}
	wantAll(t, disclosure.NationalForm("2021"), got[0], false)
}

func TestShippedAnnex(t *testing.T) {
	f := disclosure.FormByID("annex-example-2025")
	var rows [][]tcell
	for _, b := range f.Tables[0].Blocks {
		rows = append(rows, []tcell{{text: b.Heading, cols: 3}})
		head := texts(b.Corner)
		for _, c := range b.Columns {
			head = append(head, tcell{text: c.Label})
		}
		rows = append(rows, head)
		for _, r := range b.Rows {
			row := texts(r.Label)
			for _, c := range b.Columns {
				row = append(row, tcell{text: printed(f, f.Tables[0].Code(r.Key, c.Key))})
			}
			rows = append(rows, row)
		}
	}
	for name, g := range map[string][][]tcell{"merged": rows, "plain": plainRows(rows), "moved left": ragged(rows)} {
		t.Run(name, func(t *testing.T) {
			d := &document.Document{Format: "xlsx", Blocks: append([]document.Block{{Text: "青山区司法局2025年政府信息公开工作情况附表"}}, grids(g)...)}
			got := mustRead(t, d, interpret.Options{})
			if len(got) != 1 {
				t.Fatal(describe(got))
			}
			wantAll(t, f, got[0], false)
		})
	}
}
