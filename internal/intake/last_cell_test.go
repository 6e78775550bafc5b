package intake_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake"
)

// fourWithoutLast is table 四 as printed, its 15th figure blank.
func fourWithoutLast() [][]string {
	outcomes := []string{"结果维持", "结果纠正", "其他结果", "尚未审结", "总计"}
	rows := [][]string{make([]string, 15), make([]string, 15), make([]string, 15), make([]string, 15)}
	rows[0][0], rows[0][5] = "行政复议", "行政诉讼"
	rows[1][5], rows[1][10] = "未经复议直接起诉", "复议后起诉"
	for i := range 15 {
		if i < 5 {
			rows[1][i] = outcomes[i]
		} else {
			rows[2][i] = outcomes[i%5]
		}
		if i < 14 {
			rows[3][i] = fmt.Sprint(i + 1)
		}
	}
	return rows
}

// TestBlankLastCellKeepsItsPlace reads table 四 with an explicit empty cell at
// its end: the 14 figures before it stay where they are.
func TestBlankLastCellKeepsItsPlace(t *testing.T) {
	heading := "四、政府信息公开行政复议、行政诉讼情况"
	lines := func(separator string) []byte {
		var b strings.Builder
		fmt.Fprintln(&b, "青山区司法局2023年政府信息公开工作年度报告\n"+heading)
		for _, row := range fourWithoutLast() {
			fmt.Fprintln(&b, strings.Join(row, separator)+strings.TrimRight(separator, " "))
		}
		return []byte(b.String())
	}
	book := func(merged bool) []byte {
		f := excelize.NewFile()
		defer f.Close()
		styled, err := f.NewStyle(&excelize.Style{Border: []excelize.Border{{Type: "left", Style: 1}}})
		if err != nil {
			t.Fatal(err)
		}
		_ = f.SetCellValue("Sheet1", "A1", heading)
		for r, row := range fourWithoutLast() {
			for c, text := range row {
				at, _ := excelize.CoordinatesToCellName(c+1, r+2)
				_ = f.SetCellStyle("Sheet1", at, at, styled)
				if text != "" {
					_ = f.SetCellValue("Sheet1", at, text)
				}
			}
		}
		if merged {
			for _, m := range [][2]string{{"A2", "E2"}, {"F2", "O2"}, {"F3", "J3"}, {"K3", "O3"}, {"A3", "A4"}, {"B3", "B4"}, {"C3", "C4"}, {"D3", "D4"}, {"E3", "E4"}} {
				if err := f.MergeCell("Sheet1", m[0], m[1]); err != nil {
					t.Fatal(err)
				}
			}
		}
		var out bytes.Buffer
		if err := f.Write(&out); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	columns := disclosure.NationalForm("2021").Table("T4").Blocks[0].Columns
	for name, data := range map[string][]byte{"2023年a.xlsx": book(true), "2023年b.xlsx": book(false), "pipes.txt": lines(" | "), "tabs.txt": lines("\t"), "2023年.csv": lines(",")} {
		t.Run(name, func(t *testing.T) {
			got, err := intake.Read(context.Background(), name, data, intake.Options{})
			if err != nil || len(got.Readings) != 1 {
				t.Fatal(err, len(got.Readings))
			}
			for i, col := range columns {
				c := got.Readings[0].Report.Cells[disclosure.Code("T4_"+col.Key)]
				if i < 14 && c.Value.String() != fmt.Sprint(i+1) || i == 14 && c.Kind != disclosure.CellBlank {
					t.Errorf("%s: %s %q %s", col.Key, c.Kind, c.Raw, c.Problem)
				}
			}
		})
	}
}
