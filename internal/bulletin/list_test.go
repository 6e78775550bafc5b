package bulletin

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"
)

func sampleList(above bool) List {
	number := func(s string) ListCell {
		return ListCell{Text: s + "件", Number: decimal.NewNullDecimal(decimal.RequireFromString(s))}
	}
	day := time.Date(2026, 1, 20, 23, 0, 0, 0, time.FixedZone("北京", 8*3600))
	return List{Title: "2025年度报告报送进度表", Notes: []string{"截至2026年1月20日", "=1+1"}, Above: above,
		Columns: []ListColumn{{Label: "单位"}, {Label: "状态"}, {Label: "新收", Kind: ListNumber}, {Label: "提交日期", Kind: ListDate}},
		Rows: []ListRow{
			{Cells: []ListCell{ListTextCell(longName), ListTextCell("已提交"), number("12.5"), {Date: day}}},
			{Cells: []ListCell{ListTextCell("=HYPERLINK(1)"), ListTextCell("未报\x01送"), {}, {}}, Shade: "FDECEA"},
			{Cells: []ListCell{ListTextCell("合计"), {}, number("12.5"), {}}, Strong: true},
		}}
}

func TestWallXlsx(t *testing.T) {
	for _, above := range []bool{false, true} {
		l := sampleList(above)
		data, err := WallXlsx(l)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := WallXlsx(l)
		if !bytes.Equal(data, again) {
			t.Error("the same list gives other bytes")
		}
		f, err := excelize.OpenReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := f.GetRows("数据")
		if err != nil {
			t.Fatal(err)
		}
		if above {
			if rows[0][0] != l.Title || rows[1][0] != l.Notes[0] || rows[2][0] != "'=1+1" {
				t.Errorf("over the table stands %q", rows[:3])
			}
			rows = rows[3:]
		} else if about, _ := f.GetRows("说明"); len(about) != 3 || about[0][0] != l.Title {
			t.Errorf("about: %q", about)
		}
		want := [][]string{{"单位", "状态", "新收", "提交日期"}, {longName, "已提交", "12.5", "2026-01-20"}, {"'=HYPERLINK(1)", "未报送"}, {"合计", "", "12.5"}}
		for i, row := range want {
			if strings.TrimRight(strings.Join(rows[i], "|"), "|") != strings.Join(row, "|") {
				t.Errorf("row %d is %q, want %q", i, rows[i], row)
			}
		}
		if kind, _ := f.GetCellType("数据", map[bool]string{false: "C2", true: "C5"}[above]); kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString {
			t.Error("a number is written as text")
		}
	}
	if _, err := WallXlsx(List{Title: "空表"}); err != nil {
		t.Errorf("an empty list: %v", err)
	}
}

func TestListCSV(t *testing.T) {
	data, err := ListCSV(sampleList(false))
	if err != nil {
		t.Fatal(err)
	}
	want := "\ufeff单位,状态,新收,提交日期\r\n" + longName + ",已提交,12.5,2026-01-20\r\n'=HYPERLINK(1),未报\x01送,,\r\n合计,,12.5,\r\n"
	if string(data) != want {
		t.Errorf("got\n%q, want\n%q", data, want)
	}
}
