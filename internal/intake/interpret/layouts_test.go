package interpret_test

import (
	"fmt"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
	"mingjing/internal/intake/interpret"
)

// printed is the value that a test prints for a code: a different number for
// each, so that no two cells can be exchanged unseen.
func printed(f *disclosure.Form, code disclosure.Code) string {
	return fmt.Sprint(101 + f.Order(code))
}

// tcell is a cell to be placed; spans 0 mean 1.
type tcell struct {
	text       string
	rows, cols int
}

// place lays rows of cells out as HTML and Word do.
func place(rows [][]tcell) *document.Grid {
	g := &document.Grid{Rows: len(rows)}
	taken := map[[2]int]bool{}
	for r, row := range rows {
		c := 0
		for _, cell := range row {
			for taken[[2]int{r, c}] {
				c++
			}
			h, w := max(1, cell.rows), max(1, cell.cols)
			for i := r; i < r+h; i++ {
				for j := c; j < c+w; j++ {
					taken[[2]int{i, j}] = true
				}
			}
			g.Cells = append(g.Cells, document.Cell{Row: r, Col: c, RowSpan: h, ColSpan: w, Text: cell.text, Address: fmt.Sprintf("R%dC%d", r+1, c+1)})
			g.Cols = max(g.Cols, c+w)
			c += w
		}
	}
	return g
}

func texts(row ...string) []tcell {
	out := make([]tcell, len(row))
	for i, s := range row {
		out[i] = tcell{text: s}
	}
	return out
}

// tableTwo prints the blocks of table 二 one under the other.
func tableTwo(f *disclosure.Form) [][]tcell {
	t := f.Table("T2")
	width := 0
	for _, b := range t.Blocks {
		width = max(width, len(b.Columns))
	}
	var rows [][]tcell
	for _, b := range t.Blocks {
		rows = append(rows, []tcell{{text: b.Heading, cols: width + 1}})
		spread := func(i int) int { // the last column takes what is left
			if i == len(b.Columns)-1 {
				return width - i
			}
			return 1
		}
		head := []tcell{{text: b.Corner}}
		for i, c := range b.Columns {
			head = append(head, tcell{text: c.Label, cols: spread(i)})
		}
		rows = append(rows, head)
		for _, r := range b.Rows {
			row := []tcell{{text: r.Label}}
			for i, c := range b.Columns {
				row = append(row, tcell{text: printed(f, t.Code(r.Key, c.Key)), cols: spread(i)})
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// rowsOfThree lists the rows of table 三 as printed; merged prints (六) as one.
func rowsOfThree(f *disclosure.Form, merged bool) []disclosure.Axis {
	b := f.Table("T3").Blocks[0]
	var out []disclosure.Axis
	for _, r := range b.Rows {
		if merged && strings.HasPrefix(r.Key, "OTHER_") && r.Key != "OTHER_MERGED" {
			if r.Key == "OTHER_NO_CORRECTION" {
				out = append(out, b.Alternates[0].Row)
			}
			continue
		}
		out = append(out, r)
	}
	return out
}

func headOfThree() [][]tcell {
	return [][]tcell{
		{{text: "(本列数据的勾稽关系为:第一项加第二项之和,\n等于第三项加第四项之和)", rows: 3, cols: 3}, {text: "申请人情况", cols: 7}},
		{{text: "自然人", rows: 2}, {text: "法人或其他组织", cols: 5}, {text: "总计", rows: 2}},
		texts("商业\n企业", "科研\n机构", "社会公益组织", "法律服务机构", "其他"),
	}
}

// tableThree prints table 三 with its merged label cells.
func tableThree(f *disclosure.Form, merged bool) [][]tcell {
	axes := rowsOfThree(f, merged)
	rows := headOfThree()
	group := func(a disclosure.Axis, i int) string {
		if i < len(a.Groups) {
			return a.Groups[i]
		}
		return ""
	}
	span := func(i, level int) int {
		n := 1
		for i+n < len(axes) && group(axes[i+n], level) == group(axes[i], level) {
			n++
		}
		return n
	}
	for i, a := range axes {
		var row []tcell
		for level, g := range a.Groups {
			if i == 0 || group(axes[i-1], level) != g {
				row = append(row, tcell{text: g, rows: span(i, level)})
			}
		}
		row = append(row, tcell{text: a.Label, cols: 3 - len(a.Groups)})
		rows = append(rows, append(row, figuresOfThree(f, a.Key)...))
	}
	return rows
}

func figuresOfThree(f *disclosure.Form, key string) []tcell {
	var out []tcell
	for _, c := range f.Table("T3").Blocks[0].Columns {
		out = append(out, tcell{text: printed(f, f.Table("T3").Code(key, c.Key))})
	}
	return out
}

var (
	outcomes = []string{"结果维持", "结果纠正", "其他结果", "尚未审结", "总计"}
	groups   = []string{"行政复议", "未经复议直接起诉", "复议后起诉"}
)

func figuresOfFour(f *disclosure.Form, group int) []tcell {
	var out []tcell
	for _, c := range f.Table("T4").Blocks[0].Columns[5*group : 5*group+5] {
		out = append(out, tcell{text: printed(f, f.Table("T4").Code("", c.Key))})
	}
	return out
}

func allFiguresOfFour(f *disclosure.Form) []tcell {
	return append(append(figuresOfFour(f, 0), figuresOfFour(f, 1)...), figuresOfFour(f, 2)...)
}

func tableFour(f *disclosure.Form) [][]tcell {
	var second []tcell
	for _, o := range outcomes {
		second = append(second, tcell{text: o, rows: 2})
	}
	second = append(second, tcell{text: groups[1], cols: 5}, tcell{text: groups[2], cols: 5})
	return [][]tcell{
		{{text: "行政复议", cols: 5}, {text: "行政诉讼", cols: 10}},
		second,
		append(texts(outcomes...), texts(outcomes...)...),
		allFiguresOfFour(f),
	}
}

// report puts tables among the headings of a report.
func report(unit string, year int, two, three, four []document.Block) *document.Document {
	d := &document.Document{Format: "docx"}
	p := func(s string) { d.Blocks = append(d.Blocks, document.Block{Text: s}) }
	p(fmt.Sprintf("%s%d年政府信息公开工作年度报告", unit, year))
	p("本报告按照规定编制,统计期限为当年全年。")
	p("一、总体情况")
	p("(一)主动公开政府信息情况。本年发布各类信息。")
	p("(二)依申请公开情况。全部按期答复。")
	p("二、主动公开政府信息情况")
	d.Blocks = append(d.Blocks, two...)
	p("三、收到和处理政府信息公开申请情况")
	d.Blocks = append(d.Blocks, three...)
	p("四、政府信息公开行政复议、行政诉讼情况")
	d.Blocks = append(d.Blocks, four...)
	p("五、存在的主要问题及改进情况")
	p("存在更新不够及时的问题。")
	p("六、其他需要报告的事项")
	p("无其他需要报告的事项。")
	return d
}

func grids(rows ...[][]tcell) []document.Block {
	var out []document.Block
	for _, r := range rows {
		out = append(out, document.Block{Grid: place(r)})
	}
	return out
}

// plainRows undoes all merging: labels stand in the first of the cells that
// they covered, the others are empty.
func plainRows(rows [][]tcell) [][]tcell {
	g := place(rows)
	out := make([][]tcell, g.Rows)
	for r := range out {
		out[r] = make([]tcell, g.Cols)
	}
	for _, c := range g.Cells {
		out[c.Row][c.Col].text = c.Text
	}
	return out
}

// ragged moves all cells of a row to the left, as copied text has them.
func ragged(rows [][]tcell) [][]tcell {
	g := place(rows)
	out := make([][]tcell, len(rows))
	for r, row := range rows {
		for _, c := range row {
			out[r] = append(out[r], tcell{text: c.text})
		}
		for len(out[r]) < g.Cols {
			out[r] = append(out[r], tcell{})
		}
	}
	return out
}

// run puts all cells into one column.
func run(rows [][]tcell) [][]tcell {
	var out [][]tcell
	for _, row := range ragged(rows) {
		for _, c := range row {
			out = append(out, []tcell{c})
		}
	}
	return out
}

// without drops the first n rows, dropColumns the first n cells of each row.
func without(rows [][]tcell, n int) [][]tcell { return rows[n:] }

func dropColumns(rows [][]tcell, n int) [][]tcell {
	var out [][]tcell
	for _, row := range rows {
		out = append(out, row[n:])
	}
	return out
}

// relabel changes texts.
func relabel(rows [][]tcell, pairs ...string) [][]tcell {
	r := strings.NewReplacer(pairs...)
	out := make([][]tcell, len(rows))
	for i, row := range rows {
		for _, c := range row {
			c.text = r.Replace(c.text)
			out[i] = append(out[i], c)
		}
	}
	return out
}

// widen puts a cell at the left and one at the right of each row.
func widen(rows [][]tcell, left, right func(i int) string) [][]tcell {
	plain := plainRows(rows)
	for i := range plain {
		plain[i] = append(append([]tcell{{text: left(i)}}, plain[i]...), tcell{text: right(i)})
	}
	return plain
}

// turn exchanges rows and columns.
func turn(rows [][]tcell) [][]tcell {
	plain := plainRows(rows)
	out := make([][]tcell, len(plain[0]))
	for r := range out {
		for _, row := range plain {
			out[r] = append(out[r], row[r])
		}
	}
	return out
}

// readOne reads a document that holds one report.
func readOne(t *testing.T, d *document.Document, opts interpret.Options) *interpret.Reading {
	t.Helper()
	got, err := interpret.Read(d, "报告.docx", opts)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 {
		t.Fatalf("want 1 report, got %d: %s", len(got), describe(got))
	}
	return got[0]
}

func describe(rs []*interpret.Reading) string {
	var b strings.Builder
	for _, r := range rs {
		fmt.Fprintf(&b, "[%q %v %s %d cells]", r.Report.Unit, r.Report.Period, r.Report.Form.ID, len(r.Report.Cells))
	}
	return b.String()
}

// wantAll fails for every cell of the form that is not what was printed. With
// merged, (六) was printed as one row.
func wantAll(t *testing.T, f *disclosure.Form, r *interpret.Reading, merged bool) {
	t.Helper()
	if r.Report.Form.ID != f.ID {
		t.Fatalf("form %s, want %s", r.Report.Form.ID, f.ID)
	}
	wrong := 0
	for _, def := range f.AllCells() {
		cell, ok := r.Report.Cells[def.Code]
		code := string(def.Code)
		detail := strings.HasPrefix(code, "T3_OTHER_") && !strings.HasPrefix(code, "T3_OTHER_MERGED")
		want := printed(f, def.Code)
		switch {
		case def.Alternate && !merged:
			if ok {
				t.Errorf("%s has an entry %v though (六) is printed in detail", code, cell)
			}
			continue
		case merged && detail && f.Version == "2021":
			want = ""
		}
		if !ok {
			t.Errorf("%s has no entry", code)
		} else if got := cell.Value.String(); want == "" && cell.Kind != disclosure.CellBlank || want != "" && (!cell.IsNumber() || got != want) {
			if wrong++; wrong <= 8 {
				t.Errorf("%s = %s %q (%s), want %q", code, cell.Kind, cell.Raw, cell.Source, want)
			}
		}
		if want != "" && cell.Source == "" {
			t.Errorf("%s has no source", code)
		}
	}
	if wrong > 8 {
		t.Errorf("and %d more", wrong-8)
	}
}
