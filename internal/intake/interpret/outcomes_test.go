package interpret_test

import (
	"slices"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
	"mingjing/internal/intake/interpret"
)

// groupsOfFour are the codes of table 四 by group.
var (
	groupsOfFour   = []string{"REV", "LITD", "LITR"}
	outcomesOfFour = []string{"UPHELD", "CORRECTED", "OTHER", "PENDING", "TOTAL"}
	leavesOfFour   = []string{"结果维持", "结果纠正", "其他结果", "尚未审结", "总计"}
)

func codesOfFour() []disclosure.Code {
	var out []disclosure.Code
	for _, g := range groupsOfFour {
		for _, o := range outcomesOfFour {
			out = append(out, disclosure.Code("T4_"+g+"_"+o))
		}
	}
	return out
}

// readFour reads grids under the heading of part four, those of before above it.
func readFour(t *testing.T, format string, before []*document.Grid, grids ...*document.Grid) *interpret.Reading {
	t.Helper()
	doc := &document.Document{Format: format, Blocks: []document.Block{{Text: "青石县水务局2023年政府信息公开工作年度报告"}, {Text: "一、总体情况"}}}
	for _, g := range before {
		doc.Blocks = append(doc.Blocks, document.Block{Grid: g})
	}
	doc.Blocks = append(doc.Blocks, document.Block{Text: "四、政府信息公开行政复议、行政诉讼情况"})
	for _, g := range grids {
		doc.Blocks = append(doc.Blocks, document.Block{Grid: g})
	}
	got, err := interpret.Read(doc, "报告.html", interpret.Options{})
	if err != nil || len(got) != 1 {
		t.Fatalf("want one reading, got %d, %v", len(got), err)
	}
	return got[0]
}

// wantFour compares with what is printed by code; "" is not a number.
func wantFour(t *testing.T, r *interpret.Reading, want map[disclosure.Code]string) {
	t.Helper()
	for _, code := range codesOfFour() {
		got := ""
		if c := r.Report.Cells[code]; c.IsNumber() {
			got = c.Value.String()
		}
		if got != want[code] {
			t.Errorf("%s: want %q, got %q", code, want[code], got)
		}
	}
}

func printedFour() map[disclosure.Code]string {
	f := disclosure.Forms()[0]
	out := map[disclosure.Code]string{}
	for _, code := range codesOfFour() {
		out[code] = printed(f, code)
	}
	return out
}

// headOfFour is the three lines over table 四, as printed.
func headOfFour() [][]tcell {
	head := [][]tcell{{{text: "行政复议", cols: 5}, {text: "行政诉讼", cols: 10}}, {}, {}}
	for _, l := range leavesOfFour {
		head[1] = append(head[1], tcell{text: l, rows: 2})
	}
	head[1] = append(head[1], tcell{text: "未经复议直接起诉", cols: 5}, tcell{text: "复议后起诉", cols: 5})
	head[2] = append(texts(leavesOfFour...), texts(leavesOfFour...)...)
	return head
}

func rowOfFour(values map[disclosure.Code]string) []tcell {
	var row []tcell
	for _, code := range codesOfFour() {
		row = append(row, tcell{text: values[code]})
	}
	return row
}

func smallTable(group string, values ...string) *document.Grid {
	return place([][]tcell{{{text: group, cols: 5}}, texts(leavesOfFour...), texts(values...)})
}

func TestTableFourIsReadByItsHeader(t *testing.T) {
	blanked := printedFour()
	blanked["T4_LITD_OTHER"] = ""
	unread := map[disclosure.Code]string{}
	withColumn := func(left bool, name, value string) *document.Grid {
		rows := append(headOfFour(), rowOfFour(blanked))
		add := func(i int, c tcell) {
			if left {
				rows[i] = append([]tcell{c}, rows[i]...)
			} else {
				rows[i] = append(rows[i], c)
			}
		}
		add(0, tcell{text: name, rows: 3})
		add(3, tcell{text: value})
		return place(rows)
	}
	swapped := func() *document.Grid {
		full := printedFour()
		head := [][]tcell{{{text: "行政诉讼", cols: 10}, {text: "行政复议", cols: 5}}, {{text: "未经复议直接起诉", cols: 5}, {text: "复议后起诉", cols: 5}}, append(texts(leavesOfFour...), texts(leavesOfFour...)...)}
		for _, l := range leavesOfFour {
			head[1] = append(head[1], tcell{text: l, rows: 2})
		}
		row := rowOfFour(full)
		return place(append(head, slices.Concat(row[5:], row[:5])))
	}
	rowsFirstTotal := func() *document.Grid {
		full := rowOfFour(printedFour())
		rows := [][]tcell{append([]tcell{{text: "类型", cols: 2}}, texts("总计", "结果维持", "结果纠正", "其他结果", "尚未审结")...)}
		for i, names := range [][]tcell{{{text: "行政复议", cols: 2}}, {{text: "行政诉讼", rows: 2}, {text: "未经复议直接起诉"}}, {{text: "复议后起诉"}}} {
			v := full[5*i : 5*i+5]
			rows = append(rows, slices.Concat(names, v[4:], v[:4]))
		}
		return place(rows)
	}
	for _, c := range []struct {
		name   string
		format string
		before []*document.Grid
		grids  []*document.Grid
		want   map[disclosure.Code]string
	}{
		{name: "行次 at the left and a blank", grids: []*document.Grid{withColumn(true, "行次", "1")}, want: blanked},
		{name: "合计 at the right and a blank", grids: []*document.Grid{withColumn(false, "合计", "999")}, want: blanked},
		{name: "litigation before review", grids: []*document.Grid{swapped()}, want: printedFour()},
		{name: "litigation before review in text, cells not merged", format: "text",
			grids: []*document.Grid{place([][]tcell{
				append(append(texts("行政诉讼"), make([]tcell, 9)...), texts("行政复议", "", "", "", "")...),
				slices.Concat(texts(leavesOfFour...), texts(leavesOfFour...), texts(leavesOfFour...)),
				rowOfFour(printedFour())})}, want: unread},
		{name: "总计 first", grids: []*document.Grid{rowsFirstTotal()}, want: printedFour()},
		{name: "small table in part one", before: []*document.Grid{smallTable("行政复议", "1", "2", "3", "4", "10")},
			grids: []*document.Grid{place(append(headOfFour(), rowOfFour(printedFour())))}, want: printedFour()},
		{name: "three tables", grids: []*document.Grid{smallTable("行政复议", "1", "2", "3", "4", "10"),
			smallTable("行政诉讼(复议后起诉)", "5", "6", "7", "8", "26"), smallTable("行政诉讼(未经复议直接起诉)", "9", "1", "2", "3", "15")},
			want: map[disclosure.Code]string{"T4_REV_UPHELD": "1", "T4_REV_CORRECTED": "2", "T4_REV_OTHER": "3", "T4_REV_PENDING": "4", "T4_REV_TOTAL": "10",
				"T4_LITR_UPHELD": "5", "T4_LITR_CORRECTED": "6", "T4_LITR_OTHER": "7", "T4_LITR_PENDING": "8", "T4_LITR_TOTAL": "26",
				"T4_LITD_UPHELD": "9", "T4_LITD_CORRECTED": "1", "T4_LITD_OTHER": "2", "T4_LITD_PENDING": "3", "T4_LITD_TOTAL": "15"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.format == "" {
				c.format = "html"
			}
			r := readFour(t, c.format, c.before, c.grids...)
			wantFour(t, r, c.want)
			if len(c.want) == 0 && len(r.Doubts) == 0 {
				t.Error("want a doubt for what was left unread")
			}
		})
	}
}
