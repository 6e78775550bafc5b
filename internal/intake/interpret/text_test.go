package interpret_test

import (
	"fmt"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/interpret"
	"mingjing/internal/intake/reader"
)

// sparse blanks the figures of table 三 but for the totals and those of natural
// persons, as most units file it.
func sparse(f *disclosure.Form, rows [][]tcell) [][]tcell {
	blank := map[string]bool{}
	for _, def := range f.Cells() {
		if def.Table.Key == "T3" && def.Column.Key != "TOT" && def.Column.Key != "NP" {
			blank[printed(f, def.Code)] = true
		}
		if def.Table.Key == "T3" && def.Column.Key == "NP" && def.Row.Key != "NEW_RECEIVED" {
			blank[printed(f, def.Code)] = true
		}
	}
	out := make([][]tcell, len(rows))
	for i, row := range rows {
		for _, c := range row {
			if blank[c.text] {
				c.text = ""
			}
			out[i] = append(out[i], c)
		}
	}
	return out
}

// layouts of text in which pages are copied.
var textLayouts = map[string]func(rows [][]tcell) string{
	"a cell a line": func(rows [][]tcell) string {
		var b strings.Builder
		g := place(rows)
		for _, row := range rows {
			for _, c := range row {
				if c.text != "" {
					fmt.Fprintf(&b, "%s |\n", strings.ReplaceAll(c.text, "\n", " "))
				} else {
					b.WriteString("|\n")
				}
			}
			if n := g.Cols - len(row); n > 0 {
				b.WriteString(strings.Repeat("|", n) + "\n")
			}
		}
		return b.String()
	},
	"a row a line, moved left": func(rows [][]tcell) string { return pipeLines(rows, " |") },
	"a row a line, padded": func(rows [][]tcell) string {
		g := place(rows)
		var b strings.Builder
		for _, row := range rows {
			line := strings.TrimRight(pipeLines([][]tcell{row}, " |"), "\n")
			b.WriteString("| " + line + strings.Repeat("|", max(0, g.Cols-len(row))) + "\n")
		}
		return b.String()
	},
	"a row a line, covered cells kept": func(rows [][]tcell) string { return pipeLines(plainRows(rows), " |") },
	"markdown": func(rows [][]tcell) string {
		lines := strings.Split(strings.TrimRight(pipeLines(plainRows(rows), " |"), "\n"), "\n")
		var b strings.Builder
		for i, line := range lines {
			b.WriteString("| " + line + "\n")
			if i == 0 {
				b.WriteString(strings.Repeat("|---", len(plainRows(rows)[0])) + "|\n")
			}
		}
		return b.String()
	},
	"tabs": func(rows [][]tcell) string {
		var b strings.Builder
		for _, row := range plainRows(rows) {
			cells := make([]string, len(row))
			for i, c := range row {
				cells[i] = strings.ReplaceAll(c.text, "\n", "")
			}
			b.WriteString(strings.Join(cells, "\t") + "\n")
		}
		return b.String()
	},
}

func pipeLines(rows [][]tcell, end string) string {
	var b strings.Builder
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = strings.ReplaceAll(c.text, "\n", " ")
		}
		b.WriteString(strings.Join(cells, " | ") + end + "\n")
	}
	return b.String()
}

// TestCopiedText reads pages that were copied as text, full and nearly empty.
func TestCopiedText(t *testing.T) {
	f := disclosure.NationalForm("2021")
	for name, lay := range textLayouts {
		for _, thin := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, sparse %v", name, thin), func(t *testing.T) {
				three := tableThree(f, false)
				if thin {
					three = sparse(f, three)
				}
				text := "青山区司法局2023年政府信息公开工作年度报告\n一、总体情况\n(一)主动公开。本年按期公开。\n二、主动公开政府信息情况\n" + lay(tableTwo(f)) +
					"三、收到和处理政府信息公开申请情况\n" + lay(three) + "四、政府信息公开行政复议、行政诉讼情况\n" + lay(tableFour(f)) +
					"五、存在的主要问题及改进情况\n有不足。\n六、其他需要报告的事项\n无。\n"
				d, err := reader.Read(t.Context(), "a.txt", []byte(text))
				if err != nil {
					t.Fatal(err)
				}
				r := readOne(t, d, interpret.Options{})
				wrong := 0
				for _, def := range f.Cells() {
					want := printed(f, def.Code)
					if thin && def.Table.Key == "T3" && def.Column.Key != "TOT" && (def.Column.Key != "NP" || def.Row.Key != "NEW_RECEIVED") {
						want = ""
					}
					c := r.Report.Cells[def.Code]
					// The first pipe of a line may be its border or an empty cell:
					// then nothing tells a blank figure from a blank label.
					if thin && name == "a row a line, covered cells kept" && c.Kind == disclosure.CellUnread {
						continue
					}
					if want == "" && c.Kind != disclosure.CellBlank || want != "" && (!c.IsNumber() || c.Value.String() != want) {
						if wrong++; wrong < 6 {
							t.Errorf("%s = %s %q %s, want %q", def.Code, c.Kind, c.Raw, c.Problem, want)
						}
					}
				}
				if wrong > 0 {
					t.Errorf("%d wrong; %v", wrong, r.Doubts)
				}
				if n := len(r.Report.Prose); n != 6 {
					t.Errorf("%d parts of prose", n)
				}
			})
		}
	}
}
