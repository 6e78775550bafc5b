package interpret_test

import (
	"encoding/json"
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
	if len(wants.Rows) == 0 || wants.Mapping.Certain() {
		t.Errorf("proposal: %d rows, certain %v", len(wants.Rows), wants.Mapping.Certain())
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
}

// proposed reads a wide sheet that nobody has confirmed.
func proposed(t *testing.T, d *document.Document, file string) interpret.Mapping {
	t.Helper()
	_, err := interpret.Read(d, file, interpret.Options{})
	var wants *interpret.NeedsMapping
	if !errors.As(err, &wants) {
		t.Fatalf("no proposal but %v", err)
	}
	return wants.Mapping
}

// remembered is the option of applying a mapping after it was stored.
func remembered(t *testing.T, ms ...interpret.Mapping) interpret.Options {
	t.Helper()
	stored, err := json.Marshal(ms)
	if err != nil {
		t.Fatal(err)
	}
	back, err := interpret.ParseMappings(stored, nil)
	if err != nil {
		t.Fatal(err)
	}
	return interpret.Options{Mappings: func(fp string) (interpret.Mapping, bool) {
		i := slices.IndexFunc(back, func(m interpret.Mapping) bool { return m.Fingerprint == fp })
		return back[max(i, 0)], i >= 0
	}}
}

// TestYearOfARememberedSheet applies last year's mapping to this year's file,
// whose headers are the same.
func TestYearOfARememberedSheet(t *testing.T) {
	opts := remembered(t, proposed(t, wideSheet(), "w22.xlsx"))
	title := func(s string) *document.Document {
		d := wideSheet()
		d.Blocks[0].Grid.Cells[0].Text = s
		return d
	}
	named := title("政府信息公开情况统计表")
	named.Blocks[0].Grid.Name = "2024年"
	for name, c := range map[string]struct {
		doc     *document.Document
		file    string
		want    disclosure.Year
		doubted bool
	}{
		"above the header": {title("红旗区2023年度政府信息公开情况统计表"), "w.xlsx", 2023, false},
		"sheet's name":     {named, "w.xlsx", 2024, false},
		"file's name":      {title("统计表"), "2025年统计表.xlsx", 2025, false},
		"nowhere":          {title("统计表"), "w.xlsx", 0, true},
		"contradicting":    {title("红旗区2023年度统计表"), "/2022年/2024年.xlsx", 2023, true},
	} {
		got, err := interpret.Read(c.doc, c.file, opts)
		if err != nil || len(got) != 3 {
			t.Fatal(name, err, describe(got))
		}
		if y := got[0].Report.Year(); y != c.want || hasDoubt(got[0], interpret.DoubtIdentity, "") != c.doubted {
			t.Errorf("%s: year %v, want %v; %v", name, y, c.want, got[0].Doubts)
		}
	}
}

func TestWideSheetOfCodesNeedsNobody(t *testing.T) {
	d := sheet("csv", "unit|year|T3_NEW_RECEIVED_TOT|T3_GRANTED_TOT", "甲局|2023|5|3", "甲局|2022|4|2", "乙局|2023|0|")
	got := mustRead(t, d, interpret.Options{Accept: interpret.Mapping.Certain})
	if len(got) != 3 || got[1].Report.Year() != 2022 {
		t.Fatal(describe(got))
	}
}

// TestFiguresFromBeforeTheForms are left out and said to be: they were counted
// in other terms.
func TestFiguresFromBeforeTheForms(t *testing.T) {
	accept := interpret.Options{Accept: func(interpret.Mapping) bool { return true }}
	for name, c := range map[string]struct {
		doc  *document.Document
		want int
	}{
		"columns": {sheet("xlsx", "单位|2017年新收|2021年新收|2022年新收", "甲局|9|4|5", "乙局|8|0|1"), 4},
		"rows":    {sheet("csv", "unit|year|T3_NEW_RECEIVED_TOT|T3_GRANTED_TOT", "甲局|2017|5|3", "甲局|2021|4|2"), 1},
		"long":    {sheet("csv", "unit|year|code|value", "甲局|2018|T3_GRANTED_NP|5", "甲局|2021|T3_GRANTED_NP|4"), 1},
	} {
		got := mustRead(t, c.doc, accept)
		if len(got) != c.want {
			t.Errorf("%s: %s", name, describe(got))
		}
		for _, r := range got {
			if r.Report.Year() < 2019 || len(r.Report.Cells) == 0 {
				t.Errorf("%s: a report for %v with %d cells", name, r.Report.Year(), len(r.Report.Cells))
			}
		}
		if !slices.ContainsFunc(got[0].Doubts, func(d interpret.Doubt) bool {
			return d.Kind == interpret.DoubtLeftOut && strings.Contains(d.Message, "2019年以前的历史口径暂不导入")
		}) {
			t.Errorf("%s: nothing is said of what is left out: %v", name, got[0].Doubts)
		}
	}
	for name, d := range map[string]*document.Document{
		"columns": sheet("xlsx", "单位|2016年收件|2017年收件", "甲局|9|4", "乙局|8|0"),
		"rows":    sheet("csv", "unit|year|T3_NEW_RECEIVED_TOT", "甲局|2017|5", "甲局|2018|4"),
		"long":    sheet("csv", "unit|year|code|value", "甲局|2018|T3_GRANTED_NP|5", "甲局|2018|T3_GRANTED_BIZ|5"),
	} {
		got, err := interpret.Read(d, "历史.csv", accept)
		if disclosure.CodeOf(err) != disclosure.ErrInvalid || !strings.Contains(disclosure.Sentence(err), "2019年以前的历史口径暂不导入") {
			t.Errorf("nothing but old %s: %v %s", name, err, describe(got))
		}
	}
}

// TestUnknownCodesAloneMakeNoReport: an annex's codes that no form knows.
func TestUnknownCodesAloneMakeNoReport(t *testing.T) {
	got, err := interpret.Read(sheet("csv", "unit|year|code|value", "甲局|2023|T9_A|5", "甲局|2023|T9_B|6"), "a.csv", interpret.Options{})
	if disclosure.CodeOf(err) != disclosure.ErrInvalid || !strings.Contains(disclosure.Sentence(err), "T9_A") {
		t.Errorf("%v %s", err, describe(got))
	}
}

func TestEditedMappings(t *testing.T) {
	d := wideSheet()
	good := proposed(t, d, "汇总.xlsx")
	edited := good
	edited.Columns = slices.Clone(good.Columns)
	edited.Columns[2].Code = "T3_NEW_RECEIVED_OTH"
	got := mustRead(t, d, remembered(t, edited))
	if c := got[0].Report.Cells["T3_NEW_RECEIVED_OTH"]; c.Value.String() != "5" {
		t.Errorf("the edited column: %v", c)
	}
	for name, spoil := range map[string]func(*interpret.Mapping){
		"unknown code":     func(m *interpret.Mapping) { m.Columns[2].Code = "T9_X" },
		"one code twice":   func(m *interpret.Mapping) { m.Columns[2].Code = m.Columns[3].Code },
		"one column twice": func(m *interpret.Mapping) { m.Columns[2].Column = 3 },
		"two units":        func(m *interpret.Mapping) { m.Columns[8].Role = interpret.RoleUnit },
		"no fingerprint":   func(m *interpret.Mapping) { m.Fingerprint = "" },
		"no figure":        func(m *interpret.Mapping) { m.Columns = m.Columns[:2] },
		"role of no kind":  func(m *interpret.Mapping) { m.Columns[2].Role = "figures" },
	} {
		m := good
		m.Columns = slices.Clone(good.Columns)
		spoil(&m)
		data, err := json.Marshal([]interpret.Mapping{m})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := interpret.ParseMappings(data, nil); disclosure.CodeOf(err) != disclosure.ErrInvalid || !strings.Contains(disclosure.Sentence(err), "第1个") {
			t.Errorf("%s: error %v", name, err)
		}
	}
	for _, data := range []string{"", "{}", `[{"fingerprnt":"a"}]`, "[] []"} {
		if _, err := interpret.ParseMappings([]byte(data), nil); disclosure.CodeOf(err) != disclosure.ErrInvalid {
			t.Errorf("%s: error %v", data, err)
		}
	}
	other := good
	other.Fingerprint = "0"
	if _, err := interpret.Read(d, "汇总.xlsx", remembered(t, other)); !errors.As(err, new(*interpret.NeedsMapping)) {
		t.Errorf("another sheet's mapping was applied: %v", err)
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
