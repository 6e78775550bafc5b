package demo

import (
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mingjing/internal/disclosure"

	"golang.org/x/net/html"
)

// grid lays a table out as a browser does: a text for every position.
func grid(t *testing.T, table *html.Node) [][]string {
	t.Helper()
	type place struct{ row, col int }
	taken := map[place]string{}
	width := 0
	rows := elements(table, "tr")
	for r, tr := range rows {
		c := 0
		for _, td := range elements(tr, "td") {
			for _, used := taken[place{r, c}]; used; _, used = taken[place{r, c}] {
				c++
			}
			for dr := range span(td, "rowspan") {
				for dc := range span(td, "colspan") {
					at := place{r + dr, c + dc}
					if _, twice := taken[at]; twice {
						t.Fatalf("two cells at row %d column %d", at.row, at.col)
					}
					taken[at] = text(td)
				}
			}
			c += span(td, "colspan")
			width = max(width, c)
		}
	}
	if len(taken) != width*len(rows) {
		t.Fatalf("%d positions of %d x %d are filled", len(taken), len(rows), width)
	}
	out := make([][]string, len(rows))
	for r := range out {
		for c := range width {
			out[r] = append(out[r], taken[place{r, c}])
		}
	}
	return out
}

func elements(n *html.Node, name string) (out []*html.Node) {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == name {
			out = append(out, d)
		}
	}
	return out
}

func span(n *html.Node, key string) int {
	for _, a := range n.Attr {
		if a.Key == key {
			v, _ := strconv.Atoi(a.Val)
			return v
		}
	}
	return 1
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func tables(t *testing.T, r *disclosure.Report) [][][]string {
	t.Helper()
	var page strings.Builder
	if err := WriteHTML(&page, r); err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(strings.NewReader(page.String()))
	if err != nil {
		t.Fatal(err)
	}
	var out [][][]string
	for _, table := range elements(root, "table") {
		out = append(out, grid(t, table))
	}
	return out
}

// The pages have the national layout: every table is a full rectangle, and
// table three has its numbers in the last seven columns, in the form's order.
func TestHTMLHasTheNationalLayout(t *testing.T) {
	t.Parallel()
	reports := collect(Generate(Spec{}))
	for y, r := range reports[2] {
		got := tables(t, r)
		if len(got) != 3 {
			t.Fatalf("%s: %d tables", y, len(got))
		}
		three := got[1]
		if head := three[2]; three[0][3] != "申请人情况" || three[1][4] != "法人或其他组织" || head[4] != "商业企业" || head[3] != "自然人" || head[9] != "总计" {
			t.Fatalf("%s: heads of table three %q", y, three[:3])
		}
		form := r.Form.Table("T3").Blocks[0]
		if len(three) != 3+len(form.Rows) || len(three[0]) != 10 {
			t.Fatalf("%s: table three is %d x %d", y, len(three), len(three[0]))
		}
		for i, row := range form.Rows {
			line := three[3+i]
			if line[2] != row.Label || !strings.Contains(strings.Join(line[:3], "|"), strings.Join(row.Groups, "|")) {
				t.Errorf("%s: row %d has the labels %q", y, i, line[:3])
			}
			for c, col := range form.Columns {
				if want := r.Cells[disclosure.Code("T3_"+row.Key+"_"+col.Key)].Value.String(); line[3+c] != want {
					t.Errorf("%s: %s %s is printed %q, not %s", y, row.Key, col.Key, line[3+c], want)
				}
			}
		}
		four := got[2]
		if last := four[len(four)-1]; len(last) != 15 || last[4] != r.Cells["T4_REV_TOTAL"].Value.String() {
			t.Errorf("%s: table four %q", y, four)
		}
	}
}

func TestHTMLPrintsOtherAsOneRow(t *testing.T) {
	t.Parallel()
	d := Generate(Spec{})
	reports := collect(d)
	for u := range d.Units() {
		if !strings.HasSuffix(u.Name, printsOne) {
			continue
		}
		one, both := tables(t, reports[u.Number][2024])[1], tables(t, reports[u.Number][2025])[1]
		if len(one) != 3+25-2 || len(both) != 3+25+1 {
			t.Errorf("%d rows where (六) is one row, %d where both are printed", len(one), len(both))
		}
		if !slices.ContainsFunc(one, func(line []string) bool { return line[1] == "(六)其他处理" && line[2] == "(六)其他处理" }) {
			t.Error("no row (六)其他处理")
		}
	}
}

func TestHTMLEscapes(t *testing.T) {
	t.Parallel()
	r := collect(Generate(Spec{}))[2][2025]
	r.Title = "</title><script>alert(1)</script>"
	r.Prose[1].Text = "<b>&"
	var page strings.Builder
	if err := WriteHTML(&page, r); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(page.String(), "<script>") || strings.Contains(page.String(), "<b>") {
		t.Error("text of a report became markup")
	}
}

func TestCSVHoldsEveryCell(t *testing.T) {
	t.Parallel()
	r := collect(Generate(Spec{}))[3][2025]
	r.Cells["T4_REV_OTHER"] = disclosure.Cell{Kind: disclosure.CellSlash}
	r.Cells["T4_REV_UPHELD"] = disclosure.Cell{Kind: disclosure.CellBlank}
	var out strings.Builder
	if err := WriteCSV(&out, slices.Values([]*disclosure.Report{r})); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, row := range rows[1:] {
		if row[0] != r.Unit || row[1] != "2025" {
			t.Fatalf("row %q", row)
		}
		got[row[2]] = row[3]
	}
	if len(got) != len(r.Cells) || got["T4_REV_OTHER"] != "/" || got["T4_REV_UPHELD"] != "" {
		t.Errorf("%d rows for %d cells, slash %q, blank %q", len(got), len(r.Cells), got["T4_REV_OTHER"], got["T4_REV_UPHELD"])
	}
	if want := r.Cells["T2_FEE_AMOUNT_WAN"].Value.String(); got["T2_FEE_AMOUNT_WAN"] != want {
		t.Errorf("fee %q, not %s", got["T2_FEE_AMOUNT_WAN"], want)
	}
}
