package interpret_test

import (
	"fmt"
	"slices"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
	"mingjing/internal/intake/interpret"
)

// TestLayouts reads the same figures out of every layout that was met.
func TestLayouts(t *testing.T) {
	f := disclosure.NationalForm("2021")
	two, three, four := tableTwo(f), tableThree(f, false), tableFour(f)
	none := func(int) string { return "" }
	number := func(i int) string { return fmt.Sprint(i + 1) }
	remark := func(i int) string {
		if i == 1 {
			return "备注"
		}
		return ""
	}
	groupRows := [][]tcell{
		append(texts("", ""), texts(outcomes...)...),
		append([]tcell{{text: "行政复议", cols: 2}}, figuresOfFour(f, 0)...),
		append([]tcell{{text: "行政诉讼", rows: 2}, {text: "未经复议直接起诉"}}, figuresOfFour(f, 1)...),
		append([]tcell{{text: "复议后起诉"}}, figuresOfFour(f, 2)...),
	}
	small := func(g int) [][]tcell {
		return [][]tcell{{{text: groups[g], cols: 5}}, texts(outcomes...), figuresOfFour(f, g)}
	}
	smallBare := func(g int) [][]tcell { return [][]tcell{texts(outcomes...), figuresOfFour(f, g)} }
	split := func(rows [][]tcell, at int) []document.Block {
		plain := plainRows(rows)
		return grids(plain[:at], plain[at:])
	}
	splitWithHead := func(rows [][]tcell, at int) []document.Block {
		plain := plainRows(rows)
		return grids(plain[:at], append(slices.Clone(plain[:3]), plain[at:]...))
	}
	cases := []struct {
		name             string
		two, three, four []document.Block
		merged           bool
	}{
		{name: "national", two: grids(two), three: grids(three), four: grids(four)},
		{name: "(六) in one row", two: grids(two), three: grids(tableThree(f, true)), four: grids(four), merged: true},
		{name: "cells unmerged", two: grids(plainRows(two)), three: grids(plainRows(three)), four: grids(plainRows(four))},
		{name: "cells moved left", two: grids(ragged(two)), three: grids(ragged(three)), four: grids(ragged(four))},
		{name: "one cell a line", two: grids(run(two)), three: grids(run(three)), four: grids(run(four))},
		{name: "one run, merged (六)", two: grids(run(two)), three: grids(run(tableThree(f, true))), four: grids(run(four)), merged: true},
		{name: "header rows missing", two: grids(plainRows(two)), three: grids(without(plainRows(three), 3)), four: grids(without(plainRows(four), 3))},
		{name: "leading label columns missing", two: grids(two), three: grids(dropColumns(plainRows(relabelFirst(three)), 2)), four: grids(four)},
		{name: "numbers left, remarks right", two: grids(two), three: grids(widen(three, number, remark)), four: grids(four)},
		{name: "numbers left, remarks right, no header", two: grids(two), three: grids(without(widen(three, number, none), 3)), four: grids(four)},
		{name: "split over pages", two: split(two, 5), three: split(three, 15), four: grids(four)},
		{name: "split, header repeated", two: split(two, 5), three: splitWithHead(three, 15), four: grids(four)},
		{name: "all in one grid", two: nil, three: grids(slices.Concat(plainRows(two), plainRows(three), plainRows(four))), four: nil},
		{name: "table 四 by groups", two: grids(two), three: grids(three), four: grids(groupRows)},
		{name: "table 四 by groups, unmerged", two: grids(two), three: grids(three), four: grids(plainRows(groupRows))},
		{name: "table 四 by outcomes", two: grids(two), three: grids(three), four: grids(turn(groupRows))},
		{name: "table 四 upright", two: grids(two), three: grids(three), four: grids(turn(four))},
		{name: "three small tables", two: grids(two), three: grids(three), four: grids(small(0), small(1), small(2))},
		{name: "three small tables in one grid", two: grids(two), three: grids(three), four: grids(slices.Concat(small(0), small(1), small(2)))},
		{name: "three small tables under paragraphs", two: grids(two), three: grids(three), four: slices.Concat(
			[]document.Block{{Text: "(一)行政复议"}}, grids(smallBare(0)),
			[]document.Block{{Text: "(二)行政诉讼:未经复议直接起诉"}}, grids(smallBare(1)),
			[]document.Block{{Text: "(三)复议后起诉"}}, grids(smallBare(2)))},
		{name: "three small tables without names", two: grids(two), three: grids(three), four: grids(smallBare(0), smallBare(1), smallBare(2))},
		{name: "misprinted labels", two: grids(relabel(two, "现行有效件数", "现行有效件数(历史累计)", "本年制发件数", "本年(2023)制发件数", "行政规范性文件", "行政规范\n性 文件")),
			three: grids(relabel(three, "法律行政法规禁止公开", "法律行政止公开", "过程性信息", "过程性性信息", "1.", "1、", "三、本年度办理结果", "三\n、\n本\n年\n度\n办\n理\n结\n果", "(七)总计", "(七) 总 计", "法律服务机构", "法律服务机沟")),
			four:  grids(relabel(four, "尚未审结", "尚 未\n审 结", "未经复议直接起诉", "未经复议 直接起诉"))},
		{name: "full width", two: grids(relabel(two, "(", "(", ")", ")")), three: grids(relabel(three, "(", "(", ")", ")", ",", ",")), four: grids(four)},
		{name: "one label missing", two: grids(two), three: grids(relabel(three, "4.保护第三方合法权益", "")), four: grids(four)},
		{name: "one header missing", two: grids(two), three: grids(relabel(three, "社会公益组织", "")), four: grids(four)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := readOne(t, report("青山区司法局", 2023, c.two, c.three, c.four), interpret.Options{})
			wantAll(t, f, r, c.merged)
			if r.Report.Unit != "青山区司法局" || r.Report.Year() != 2023 {
				t.Errorf("unit %q, year %v", r.Report.Unit, r.Report.Year())
			}
			if t.Failed() {
				for _, d := range r.Doubts {
					t.Log(d.Kind, d.Code, d.Place, d.Message)
				}
			}
		})
	}
}

// relabelFirst moves the labels of rows without groups to the innermost column,
// as OCR of a table without its leading columns has them.
func relabelFirst(rows [][]tcell) [][]tcell {
	var out [][]tcell
	for _, row := range plainRows(rows) {
		if row[2].text == "" {
			for _, k := range []int{1, 0} {
				if row[k].text != "" {
					row[2].text = row[k].text
					break
				}
			}
		}
		out = append(out, texts3(row))
	}
	return out
}

func texts3(row []tcell) []tcell { return slices.Clone(row) }

func TestForm2019(t *testing.T) {
	f := disclosure.NationalForm("2019")
	for _, year := range []int{2020, 2023} {
		d := report("青山区司法局", year, grids(tableTwo(f)), grids(tableThree(f, false)), grids(tableFour(f)))
		wantAll(t, f, readOne(t, d, interpret.Options{}), true)
	}
}
