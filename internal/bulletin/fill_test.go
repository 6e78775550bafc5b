package bulletin

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"mingjing/internal/disclosure"

	"github.com/xuri/excelize/v2"
)

// cityTables is a workbook of the city's with a sheet a unit: the national
// tables one under the other, labels typed in full-width forms, a check formula.
func cityTables(t *testing.T, units ...string) []byte {
	t.Helper()
	form := disclosure.NationalForm("2021")
	f := excelize.NewFile()
	defer f.Close()
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		t.Fatal(err)
	}
	for i, unit := range units {
		if i == 0 {
			_ = f.SetSheetName("Sheet1", unit)
		} else if _, err := f.NewSheet(unit); err != nil {
			t.Fatal(err)
		}
		row := 2
		_ = f.SetCellStr(unit, "A1", "2025年度数据")
		for k := range form.Tables {
			for _, line := range form.Tables[k].Printed(func(disclosure.Code) bool { return false }) {
				for _, c := range line {
					from, to := place{row, c.Col}, place{row + c.Rowspan - 1, c.Col + c.Colspan - 1}
					if from != to {
						_ = f.MergeCell(unit, from.name(), to.name())
					}
					_ = f.SetCellStyle(unit, from.name(), to.name(), bold)
					if c.Head {
						_ = f.SetCellStr(unit, from.name(), disclosure.Typeset(c.Text))
					}
				}
				row++
			}
			row += 2
		}
		_ = f.SetCellStr(unit, "L1", "核对")
		_ = f.SetCellFormula(unit, "M1", "SUM(B5:D6)")
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestFillTablesOfUnits(t *testing.T) {
	a, b := full(disclosure.NationalForm("2021"), shortName), mixed(disclosure.NationalForm("2021"), "清源区民政局")
	out, result, err := FillByLabels(cityTables(t, shortName, "民政局", "说明"), []Fill{{Report: a}, {Report: b, Aliases: []string{"民政局"}}}, FillOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(a.Form.Cells()); len(result.Filled) != 2*n || len(result.Unplaced) != 0 {
		t.Errorf("%d cells are filled, want %d; %v found no place", len(result.Filled), 2*n, result.Unplaced)
	}
	if len(result.Unmatched) != 1 || result.Unmatched[0].Sheet != "说明" {
		t.Errorf("unmatched: %v", result.Unmatched)
	}
	f, err := excelize.OpenReader(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range result.Filled {
		got, _ := f.GetCellValue(c.Sheet, c.Cell)
		if got != c.Value {
			t.Errorf("%s %s holds %q, want %q", c.Sheet, c.Cell, got, c.Value)
		}
		if id, _ := f.GetCellStyle(c.Sheet, c.Cell); id == 0 {
			t.Errorf("%s %s has lost its style", c.Sheet, c.Cell)
		}
	}
	// The check formula keeps, and its stored result is today's.
	if formula, _ := f.GetCellFormula(shortName, "M1"); formula != "SUM(B5:D6)" {
		t.Errorf("the formula is now %q", formula)
	}
	if got, _ := f.GetCellValue(shortName, "M1"); got != "621" { // 101+...+106
		t.Errorf("the formula's stored result is %q", got)
	}
	// The intake agrees on where the figures stand.
	single, _, err := FillByLabels(cityTables(t, shortName), []Fill{{Report: a}}, FillOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got := readBack(t, "city.xlsx", single, a.Form)
	for _, code := range disclosure.DifferingCodes(a, got.Report) {
		t.Errorf("%s reads %q, want %q", code, got.Report.Cells[code].Shown(), a.Cells[code].Shown())
	}
}

// cityWide is a row a unit, heads over several rows, totals as formulas.
func cityWide(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	rows := [][]any{
		{"清源区2025年度政府信息公开情况汇总表"},
		{"序号", "单位名称", "一、本年新收政府信息公开申请数量", nil, nil, "二、上年结转政府信息公开申请数量", "行政许可", "领导批示件数", "(六)其他处理", "合计"},
		{nil, nil, "自然人", "商业企业", "总计", nil, nil, nil, "总计", nil},
		{1, shortName, nil, nil, nil, nil, nil, nil, nil, nil},
		{2, "区民政局", 5, 5, nil, nil, nil, 3, nil, nil},
		{nil, "合计", nil, nil, nil, nil, nil, nil, nil, nil},
	}
	for r, row := range rows {
		for c, v := range row {
			if v != nil {
				_ = f.SetCellValue("Sheet1", place{r, c}.name(), v)
			}
		}
	}
	for _, m := range [][2]string{{"A1", "J1"}, {"A2", "A3"}, {"B2", "B3"}, {"C2", "E2"}, {"F2", "F3"}, {"G2", "G3"}, {"H2", "H3"}, {"J2", "J3"}} {
		_ = f.MergeCell("Sheet1", m[0], m[1])
	}
	_ = f.SetCellFormula("Sheet1", "E4", "C4+D4")
	_ = f.SetCellFormula("Sheet1", "C6", "SUM(C4:C5)")
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestFillWide(t *testing.T) {
	a, b := full(disclosure.NationalForm("2021"), shortName), full(disclosure.NationalForm("2021"), "清源区民政局")
	b.Cells["T3_NEW_RECEIVED_NP"] = disclosure.Cell{Kind: disclosure.CellSlash}
	b.Cells["T3_NEW_RECEIVED_BIZ"] = disclosure.Cell{Kind: disclosure.CellBlank}
	fills := []Fill{{Report: a}, {Report: b, Aliases: []string{"区民政局"}}}
	out, result, err := FillByLabels(cityWide(t), fills, FillOptions{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	other := a.Cells["T3_OTHER_NO_CORRECTION_TOT"].Value.Add(a.Cells["T3_OTHER_NO_FEE_TOT"].Value).Add(a.Cells["T3_OTHER_MISC_TOT"].Value)
	for at, want := range map[string]string{
		"C4": a.Cells["T3_NEW_RECEIVED_NP"].Shown(), "D4": a.Cells["T3_NEW_RECEIVED_BIZ"].Shown(),
		"E4": "223", // a formula: 111 + 112, computed anew
		"E5": b.Cells["T3_NEW_RECEIVED_TOT"].Shown(), "F4": a.Cells["T3_CARRIED_IN_TOT"].Shown(), "G5": b.Cells["T2_LICENSE_DECISIONS"].Shown(),
		"I4": other.String(), // the three rows in one
		"C5": "/", "D5": "", "H5": "3", "C6": "111", "A5": "2",
	} {
		if got, _ := f.GetCellValue("Sheet1", at); got != want {
			t.Errorf("%s holds %q, want %q", at, got, want)
		}
	}
	if len(result.Formulas) != 1 || result.Formulas[0].Cell != "E4" {
		t.Errorf("formulas kept: %v", result.Formulas)
	}
	if len(result.Unmatched) != 2 || result.Unmatched[0].Label != "领导批示件数" {
		t.Errorf("unmatched: %v", result.Unmatched)
	}
	if len(result.Unplaced) == 0 {
		t.Error("every figure found a place in a table of six")
	}
	// What people settle is filled.
	_, result, err = FillByLabels(cityWide(t), fills, FillOptions{Heads: map[string]disclosure.Code{"领导批示件数": "T2_PENALTY_DECISIONS"}})
	if err != nil || len(result.Unmatched) != 1 {
		t.Errorf("unmatched with the head settled: %v (%v)", result.Unmatched, err)
	}
}

// Every part that holds no figure is the same bytes as before, and so is every
// row of a sheet that has none.
func TestFillLeavesTheRest(t *testing.T) {
	before := cityTables(t, shortName, "空白说明页")
	after, _, err := FillByLabels(before, []Fill{{Report: full(disclosure.NationalForm("2021"), shortName)}}, FillOptions{})
	if err != nil {
		t.Fatal(err)
	}
	a, b := unpacked(t, before), unpacked(t, after)
	for name, content := range a {
		if name == "xl/workbook.xml" || strings.HasPrefix(name, "xl/worksheets/") {
			continue
		}
		if b[name] != content {
			t.Errorf("%s has changed", name)
		}
	}
	if len(a) != len(b) {
		t.Errorf("%d parts were %d", len(b), len(a))
	}
	m, err := mapSheet([]byte(a["xl/worksheets/sheet1.xml"]))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(m.with(nil), m.data) {
		t.Error("a sheet without changes changes")
	}
}

func unpacked(t *testing.T, data []byte) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(content)
	}
	return out
}

// Sheets as other programs write them: prefixes, cells without addresses, rows
// that are missing or empty.
func TestSheetSurgery(t *testing.T) {
	for name, tc := range map[string]struct{ in, want string }{
		"prefix": {`<x:worksheet xmlns:x="m"><x:sheetData><x:row r="2"><x:c r="B2" s="3" t="s"><x:v>0</x:v></x:c></x:row></x:sheetData></x:worksheet>`,
			`<x:worksheet xmlns:x="m"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>7</x:v></x:c></x:row><x:row r="2"><x:c r="B2" s="3"><x:v>8</x:v></x:c></x:row></x:sheetData></x:worksheet>`},
		"bare": {`<worksheet><sheetData><row/><row><c><v>1</v></c><c s="2"/></row></sheetData><a/></worksheet>`,
			`<worksheet><sheetData><row><c r="A1"><v>7</v></c></row><row><c><v>1</v></c><c r="B2" s="2"><v>8</v></c></row></sheetData><a/></worksheet>`},
		"empty": {`<worksheet><sheetData/></worksheet>`,
			`<worksheet><sheetData><row r="1"><c r="A1"><v>7</v></c></row><row r="2"><c r="B2"><v>8</v></c></row></sheetData></worksheet>`},
		"formula": {`<worksheet><sheetData><row r="2" spans="1:2"><c r="B2"><f t="shared" si="0"/><v>1</v></c><c r="C2"/></row></sheetData></worksheet>`,
			`<worksheet><sheetData><row r="1"><c r="A1"><v>7</v></c></row><row r="2"><c r="B2"><f t="shared" si="0"/><v>8</v></c><c r="C2"/></row></sheetData></worksheet>`},
	} {
		m, err := mapSheet([]byte(tc.in))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := string(m.with(map[place]cellValue{{0, 0}: {number: "7"}, {1, 1}: {number: "8"}})); got != tc.want {
			t.Errorf("%s:\n%s, want\n%s", name, got, tc.want)
		}
	}
	if _, err := mapSheet([]byte(`<chartsheet/>`)); err == nil {
		t.Error("a chart sheet is taken for a worksheet")
	}
	if _, _, err := FillByLabels([]byte("no workbook"), nil, FillOptions{}); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("no workbook gives %v", err)
	}
}

// Whatever a sheet holds, changing nothing keeps its bytes, and a changed cell
// is found again with its value.
func FuzzSheetSurgery(f *testing.F) {
	for _, seed := range []string{
		`<worksheet><sheetData><row r="2"><c r="B2" s="3" t="s"><v>0</v></c></row></sheetData></worksheet>`,
		`<x:worksheet xmlns:x="m"><x:sheetData/></x:worksheet>`,
		`<worksheet><sheetData><row><c><f>A1+1</f><v>1</v></c></row></sheetData></worksheet>`,
		`<worksheet><sheetData><row r="3"/><row r="1"/></sheetData></worksheet>`,
		`<worksheet><sheetData><row r="1"><row r="2"><c/></row></row></sheetData></worksheet>`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := mapSheet(data)
		if err != nil {
			return
		}
		if !m.selfClosed && !bytes.Equal(m.with(nil), data) {
			t.Fatal("nothing is changed, and the bytes are")
		}
		at := place{1, 1}
		again, err := mapSheet(m.with(map[place]cellValue{at: {number: "8"}}))
		if err != nil {
			t.Fatalf("changed, it cannot be read: %v", err)
		}
		if c := again.cell(at); c == nil || c.text(nil) != "8" {
			t.Fatalf("the changed cell is %+v", c)
		}
	})
}
