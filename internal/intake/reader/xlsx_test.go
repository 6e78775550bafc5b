package reader

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"mingjing/internal/intake/document"
)

// xlsxOf lets fill write a workbook whose first sheet is Sheet1.
func xlsxOf(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	out, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// sheetOf packs a worksheet of that sheetData by hand, with what else the
// worksheet holds after it, styles and shared strings.
func sheetOf(t testing.TB, sheetData, after string, parts ...string) []byte {
	t.Helper()
	return zipParts(t, append([]string{
		"_rels/.rels", `<Relationships><Relationship Id="r1" Type="` + officeRel + `officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="` + officeRel + `worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="` + officeRel + `sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="` + officeRel + `styles" Target="styles.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook xmlns:r="x"><sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/worksheets/sheet1.xml", `<worksheet><dimension ref="A1:XFD1048576"/><sheetData>` + sheetData + `</sheetData>` + after + `</worksheet>`,
	}, parts...)...)
}

func must(t testing.TB, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestSheetsAreReadAsStored(t *testing.T) {
	data := xlsxOf(t, func(f *excelize.File) {
		twoPlaces, _ := f.NewStyle(&excelize.Style{NumFmt: 2})
		science, _ := f.NewStyle(&excelize.Style{NumFmt: 11})
		percent, _ := f.NewStyle(&excelize.Style{NumFmt: 10})
		custom := `yyyy"年"m"月"d"日"`
		date, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &custom})
		units := `0"件"`
		counted, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &units})
		must(t,
			f.MergeCell("Sheet1", "A3", "B4"), f.SetCellValue("Sheet1", "A3", "类别"), f.MergeCell("Sheet1", "C3", "D3"), f.SetCellValue("Sheet1", "C3", "数量"),
			f.SetCellValue("Sheet1", "C4", 12), f.SetCellStyle("Sheet1", "C4", "C4", twoPlaces),
			f.SetCellValue("Sheet1", "D4", 1200000), f.SetCellStyle("Sheet1", "D4", "D4", science),
			f.SetCellValue("Sheet1", "A5", 7730.28), f.SetCellValue("Sheet1", "B5", 0.1+0.2),
			f.SetCellValue("Sheet1", "C5", 0.855), f.SetCellStyle("Sheet1", "C5", "C5", percent),
			f.SetCellValue("Sheet1", "D5", 45292), f.SetCellStyle("Sheet1", "D5", "D5", date),
			f.SetCellValue("Sheet1", "A6", 3), f.SetCellStyle("Sheet1", "A6", "A6", counted),
			f.SetCellRichText("Sheet1", "B6", []excelize.RichTextRun{{Text: "22"}, {Text: "(其中修订16件)"}}),
			f.SetCellValue("Sheet1", "C6", "结果\n维持"), f.SetCellValue("Sheet1", "D6", true),
		)
	})
	doc, err := readXLSX(context.Background(), data)
	must(t, err)
	mustShow(t, doc,
		"|~|~|~|~|", "|~|~|~|~|", "|类别|类别|数量|数量|", "|类别|类别|12|1200000|",
		"|7730.28|0.3|85.5%|2024年1月1日|", "|3|22(其中修订16件)|结果⏎维持|TRUE|")
	block := doc.Blocks[0]
	if block.Place != "工作表“Sheet1”" || block.Grid.Name != "Sheet1" {
		t.Errorf("got place %q, name %q", block.Place, block.Grid.Name)
	}
	at := slices.IndexFunc(block.Grid.Cells, func(c document.Cell) bool { return c.Text == "12" })
	if got := block.Grid.Cells[at].Address; got != "C4" {
		t.Errorf("got address %q, want C4", got)
	}
	if len(doc.Warnings) > 0 {
		t.Errorf("got warnings %q", doc.Warnings)
	}
}

func TestFormulas(t *testing.T) {
	// excelize writes formulas without results, as other programs do.
	data := xlsxOf(t, func(f *excelize.File) {
		must(t, f.SetCellValue("Sheet1", "A1", 3), f.SetCellValue("Sheet1", "A2", 4.5),
			f.SetCellFormula("Sheet1", "A3", "SUM(A1:A2)"), f.SetCellFormula("Sheet1", "A4", "NOSUCHFUNCTION(A1)"))
	})
	doc, err := readXLSX(context.Background(), data)
	must(t, err)
	mustShow(t, doc, "|3|", "|4.5|", "|7.5|", "|=NOSUCHFUNCTION(A1)|")
	if len(doc.Warnings) != 1 || !strings.Contains(doc.Warnings[0], "A4") {
		t.Errorf("got warnings %q, want one that names A4", doc.Warnings)
	}

	stored := sheetOf(t, `<row r="1"><c r="A1"><f>SUM(B1:C1)</f><v>7.0000000000000009</v></c><c r="B1" t="str"><f>""</f><v></v></c><c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>`, "")
	doc, err = readXLSX(context.Background(), stored)
	must(t, err)
	mustShow(t, doc, "|7||#DIV/0!|")
	if len(doc.Warnings) != 1 || !strings.Contains(doc.Warnings[0], "C1") {
		t.Errorf("got warnings %q, want one that names C1", doc.Warnings)
	}
}

func TestHiddenSheetsRowsAndColumns(t *testing.T) {
	data := xlsxOf(t, func(f *excelize.File) {
		must(t, f.SetCellValue("Sheet1", "A1", "一"), f.SetCellValue("Sheet1", "B2", "二"), f.SetRowVisible("Sheet1", 2, false), f.SetColVisible("Sheet1", "B", false))
		for _, name := range []string{"附件2", "空表"} {
			_, err := f.NewSheet(name)
			must(t, err)
		}
		must(t, f.SetCellValue("附件2", "A1", "三"), f.SetSheetVisible("附件2", false), f.SetSheetVisible("空表", false))
	})
	doc, err := readXLSX(context.Background(), data)
	must(t, err)
	mustShow(t, doc, "|一|~|", "|~|二|", "|三|")
	warnings := strings.Join(doc.Warnings, "\n")
	for _, want := range []string{"“Sheet1”有1个隐藏行", "“Sheet1”有隐藏列", "“附件2”是隐藏的"} {
		if !strings.Contains(warnings, want) {
			t.Errorf("no warning %q in %q", want, warnings)
		}
	}
	if len(doc.Warnings) != 3 {
		t.Errorf("got %d warnings, want 3: an empty hidden sheet is none", len(doc.Warnings))
	}
}

func TestSheetsWrittenByOtherPrograms(t *testing.T) {
	cases := []struct {
		name        string
		rows, after string
		parts       []string
		want        []string
	}{
		{name: "no references on rows and cells", rows: `<row><c t="inlineStr"><is><t>甲</t></is></c><c><v>1</v></c></row><row><c/><c><v>2</v></c></row>`,
			want: []string{"|甲|1|", "||2|"}},
		{name: "exponent and long fractions", rows: `<row r="1"><c r="A1"><v>1.2E+4</v></c><c r="B1"><v>7730.2799999999997</v></c><c r="C1"><v>-0.5</v></c></row>`,
			want: []string{"|12000|7730.28|-0.5|"}},
		{name: "phonetic guides and escapes", rows: `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>9</v></c></row>`,
			parts: []string{"xl/sharedStrings.xml", `<sst><si><r><t>规_x000D_</t></r><rPh><t>gui</t></rPh><r><t>章_x_x0041_</t></r></si></sst>`},
			want:  []string{"|规章_xA|"}},
		{name: "merged to the sheet's end", rows: `<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2"><c r="A2"><v>9</v></c><c r="B2"><v>3</v></c></row>`,
			after: `<mergeCells><mergeCell ref="A1:A1048576"/></mergeCells>`, want: []string{"|1|2|", "|1|3|"}},
		{name: "blank answers under the last text stay, borders far below do not", rows: `<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2" s="1"/></row><row r="1048576"><c r="A1048576" s="1"/><c r="XFD1048576" s="1"/></row>`,
			want: []string{"|1|", "||"}},
		{name: "dates", rows: `<row r="1"><c r="A1" s="1"><v>59</v></c><c r="B1" s="1"><v>45657.5</v></c><c r="C1" s="2"><v>45657.5</v></c><c r="D1" t="d"><v>2024-01-31T00:00:00</v></c></row>`,
			parts: []string{"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="200" formatCode="[$-804]yyyy\-mm\-dd\ hh:mm;@"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="200"/></cellXfs></styleSheet>`},
			want:  []string{"|1900/2/28|2024/12/31|2024-12-31 12:00|2024-01-31|"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			doc, err := readXLSX(context.Background(), sheetOf(t, c.rows, c.after, c.parts...))
			must(t, err)
			mustShow(t, doc, c.want...)
		})
	}
}

func TestSheetsOverABoundAreRefused(t *testing.T) {
	var wide strings.Builder
	for i := range document.MaxGridCols + 1 {
		name, _ := excelize.CoordinatesToCellName(i+1, 1)
		fmt.Fprintf(&wide, `<c r="%s"><v>1</v></c>`, name)
	}
	cases := []struct {
		name, rows, word string
	}{
		{"text at the far corner", `<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>`, "XFD1048576"},
		{"too many columns", `<row r="1">` + wide.String() + `</row>`, "铺得太开"},
		{"a row that no sheet has", `<row r="9999999"><c><v>1</v></c></row>`, "行号"},
		{"a cell that no sheet has", `<row r="1"><c r="ZZZZ1"><v>1</v></c></row>`, "损坏"},
		{"one huge cell", `<row r="1"><c r="A1" t="inlineStr"><is><t>` + strings.Repeat("字", document.MaxCellText) + `</t></is></c></row>`, "A1"},
		{"broken XML", `<row r="1"><c></row>`, "损坏"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := readXLSX(context.Background(), sheetOf(t, c.rows, ""))
			mustRefuse(t, err, c.word)
		})
	}
	_, err := readXLSX(context.Background(), zipParts(t, "xl/readme.txt", "x"))
	mustRefuse(t, err, "工作簿")
}

// Each of these rows would make excelize build 16,384 cells, 6 GB in all.
func TestStyledRowsToTheLastColumnCostNothing(t *testing.T) {
	var rows strings.Builder
	for i := 1; i <= 3000; i++ {
		fmt.Fprintf(&rows, `<row r="%d"><c r="A%d"><f>1+1</f></c><c r="XFD%d" s="1"/></row>`, i, i, i)
	}
	doc, err := readXLSX(context.Background(), sheetOf(t, rows.String(), ""))
	if err != nil {
		mustRefuse(t, err, "")
		return
	}
	if len(doc.Warnings) == 0 || !strings.Contains(doc.Warnings[0], "公式") {
		t.Errorf("got warnings %q, want one on formulas that were not computed", doc.Warnings)
	}
}

func TestAHundredThousandRows(t *testing.T) {
	var rows strings.Builder
	for i := 1; i <= 100_000; i++ {
		fmt.Fprintf(&rows, `<row r="%d"><c r="A%d" t="inlineStr"><is><t>单位</t></is></c><c r="B%d"><v>%d</v></c><c r="C%d"><v>0</v></c></row>`, i, i, i, i, i)
	}
	doc, err := readXLSX(context.Background(), sheetOf(t, rows.String(), ""))
	must(t, err)
	g := doc.Blocks[0].Grid
	if g.Rows != 100_000 || len(g.Cells) != 300_000 || g.Cells[299_998].Text != "100000" {
		t.Fatalf("got %d rows, %d cells, %+v", g.Rows, len(g.Cells), g.Cells[299_998])
	}
}

func FuzzReadXLSX(f *testing.F) {
	f.Add(`<row r="3"><c r="B3" t="s" s="1"><v>0</v></c><c r="C3"><f>B3+1</f></c></row>`, `<mergeCells><mergeCell ref="B3:D9"/><mergeCell ref="A1:XFD1048576"/></mergeCells>`, `yyyy"年"m\月;@`)
	f.Add(`<row><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c t="d"><v>x</v></c><c s="1"><v>1e308</v></c></row>`, `<cols><col hidden="1"/></cols>`, `[h]:mm:ss.00"`)
	f.Fuzz(func(t *testing.T, rows, after, format string) {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		var code strings.Builder
		for _, r := range format {
			fmt.Fprintf(&code, "&#%d;", r)
		}
		doc, err := readXLSX(ctx, sheetOf(t, rows, after, "xl/sharedStrings.xml", `<sst><si><t>甲_x0041_</t></si></sst>`,
			"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="200" formatCode="`+code.String()+`"/></numFmts><cellXfs><xf/><xf numFmtId="200"/></cellXfs></styleSheet>`))
		mustBeWhole(t, doc, err)
	})
}
