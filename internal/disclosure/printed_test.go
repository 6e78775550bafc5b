package disclosure

import (
	"fmt"
	"testing"
)

func none(Code) bool { return false }

// Every table of every shipped form is a full rectangle: no place is covered
// twice or left out, and every printed cell stands in it once.
func TestPrintedIsARectangle(t *testing.T) {
	for _, form := range Forms() {
		for i := range form.Tables {
			table := &form.Tables[i]
			t.Run(form.ID+"/"+table.Key, func(t *testing.T) { checkRectangle(t, form, table) })
		}
	}
}

func checkRectangle(t *testing.T, form *Form, table *Table) {
	grid := table.Printed(none)
	covered := map[string]bool{}
	codes := map[Code]int{}
	width := 0
	for y, row := range grid {
		x := 0
		for _, c := range row {
			for covered[fmt.Sprint(x, y)] {
				x++
			}
			if c.Col != x {
				t.Fatalf("%q%s says column %d, and stands in %d", c.Text, c.Code, c.Col, x)
			}
			for dx := range c.Colspan {
				for dy := range c.Rowspan {
					place := fmt.Sprint(x+dx, y+dy)
					if covered[place] {
						t.Fatalf("place %s is covered twice, by %q%s", place, c.Text, c.Code)
					}
					covered[place] = true
				}
			}
			x += c.Colspan
			if !c.Head {
				codes[c.Code]++
			}
			width = max(width, x)
		}
	}
	if len(covered) != width*len(grid) {
		t.Errorf("%d places of %d x %d are covered", len(covered), width, len(grid))
	}
	for _, def := range form.Cells() {
		if def.Table.Key == table.Key && codes[def.Code] != 1 {
			t.Errorf("%s stands %d times", def.Code, codes[def.Code])
		}
	}
}

// As the form is printed: 三、本年度办理结果 spans 22 rows in 2021, 20 in 2019,
// and (三)不予公开 spans its eight reasons.
func TestPrintedSpansAsPrinted(t *testing.T) {
	for _, tc := range []struct {
		version, label string
		rows, columns  int
	}{
		{"2021", "三、本年度办理结果", 22, 1},
		{"2019", "三、本年度办理结果", 20, 1},
		{"2021", "(三)不予公开", 8, 1},
		{"2021", "(六)其他处理", 3, 1},
		{"2019", "(六)其他处理", 1, 2},
		{"2021", "一、本年新收政府信息公开申请数量", 1, 3},
		{"2021", "法人或其他组织", 1, 5},
		{"2021", "自然人", 2, 1},
		{"2021", "申请人情况", 1, 7},
		{"2021", "总计", 2, 1},
	} {
		found := false
		for _, row := range NationalForm(tc.version).Table("T3").Printed(none) {
			for _, c := range row {
				if c.Head && c.Text == tc.label {
					found = true
					if c.Rowspan != tc.rows || c.Colspan != tc.columns {
						t.Errorf("%s %s spans %d x %d, want %d x %d", tc.version, tc.label, c.Rowspan, c.Colspan, tc.rows, tc.columns)
					}
				}
			}
		}
		if !found {
			t.Errorf("%s: no label %s", tc.version, tc.label)
		}
	}
}

// A report that prints (六)其他处理 as one row shows that row in place of the
// three; one that has both shows all.
func TestPrintedShowsTheMergedRow(t *testing.T) {
	table := NationalForm("2021").Table("T3")
	for name, tc := range map[string]struct {
		filled map[Code]bool
		want   map[Code]bool
	}{
		"merged only": {map[Code]bool{"T3_OTHER_MERGED_TOT": true},
			map[Code]bool{"T3_OTHER_MERGED_TOT": true, "T3_OTHER_MISC_TOT": false, "T3_OTHER_NO_FEE_TOT": false}},
		"both": {map[Code]bool{"T3_OTHER_MERGED_TOT": true, "T3_OTHER_MISC_TOT": true},
			map[Code]bool{"T3_OTHER_MERGED_TOT": true, "T3_OTHER_MISC_TOT": true}},
		"details only": {map[Code]bool{"T3_OTHER_MISC_TOT": true},
			map[Code]bool{"T3_OTHER_MERGED_TOT": false, "T3_OTHER_MISC_TOT": true, "T3_OTHER_NO_FEE_TOT": true}},
	} {
		shown := map[Code]bool{}
		for _, row := range table.Printed(func(c Code) bool { return tc.filled[c] }) {
			for _, c := range row {
				shown[c.Code] = true
			}
		}
		for code, want := range tc.want {
			if shown[code] != want {
				t.Errorf("%s: %s shown is %t, want %t", name, code, shown[code], want)
			}
		}
	}
}
