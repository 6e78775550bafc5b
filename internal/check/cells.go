package check

import (
	"fmt"
	"slices"

	"mingjing/internal/disclosure"
)

// maxPlaces is how many decimal places an amount may have: the store keeps four
// and rounds nothing.
const maxPlaces = 4

// values tries T2-R2 on every cell that the report fills, alternates included.
// Blank and "/" are FMT-R3's matter.
func (e *examination) values() {
	for i := range e.defs {
		switch e.kinds[i] {
		case disclosure.CellUnread:
			e.unreadable(i)
		case disclosure.CellNumber:
			e.value(i)
		}
	}
}

func (e *examination) unreadable(i int) {
	cell := e.report.Cells[e.defs[i].Code]
	want, do := wanted(e.defs[i])
	why := ""
	if cell.Problem != "" {
		why = "(" + excerpt(cell.Problem) + ")"
	}
	e.find(Finding{Rule: "T2-R2", Severity: Error, Expected: want, Actual: excerpt(cell.Raw),
		Message: fmt.Sprintf("%s写的是“%s”,不能识别为一个数%s,请改填%s。", cellName(e.defs[i]), excerpt(cell.Raw), why, do)}, []int{i})
}

func (e *examination) value(i int) {
	v, def := e.nums[i], e.defs[i]
	// An exponent of 0 or more is whole; asking IsInteger of each of 200 cells
	// would cost more than all sums together.
	whole := v.Exponent() >= 0 || v.IsInteger()
	fits := whole
	if def.Value == disclosure.ValueMoney {
		fits = v.Equal(v.Truncate(maxPlaces))
	}
	if fits && (def.Value == disclosure.ValueDelta || !v.IsNegative()) {
		return
	}
	want, do := wanted(def)
	e.find(Finding{Rule: "T2-R2", Severity: Error, Expected: want, Actual: number(v),
		Message: fmt.Sprintf("%s填的是%s,请改填%s。", cellName(def), number(v), do)}, []int{i})
}

// wanted says what a cell takes: as a short text, and as a sentence's end.
func wanted(def disclosure.CellDef) (short, sentence string) {
	switch def.Value {
	case disclosure.ValueMoney:
		return "不小于0,最多4位小数", fmt.Sprintf("以%s为单位、不小于0、最多4位小数的金额", def.Unit)
	case disclosure.ValueDelta:
		return "整数", "整数(减少的填负数)"
	}
	return "不小于0的整数", "不小于0的整数"
}

// blanks tries FMT-R3: one notice a table on what it leaves blank or marks "/".
// It asks of the tables whose cells some sum adds up, which in the national
// form are 三 and 四. A table that the source does not have at all is not
// blank but missing, which the sums and FMT-R2 say. Nor is a cell that a source
// of figures only (a CSV, a wide sheet) does not mention. Details that an
// alternate row stands for are not blank.
func (e *examination) blanks() {
	for _, t := range e.summed {
		var open []int
		present := false
		for _, c := range t.cells {
			present = present || e.kinds[c] != ""
			c = e.standing(c)
			if e.kinds[c] != disclosure.CellNumber && e.kinds[c] != disclosure.CellUnread && !e.silent([]int{c}) {
				open = append(open, c)
			}
		}
		if present && len(open) > 0 {
			e.blankNotice(t, open)
		}
	}
}

// standing is the alternate that stands for the cell where the report prints
// it and leaves the column's details blank, the cell itself otherwise.
func (e *examination) standing(cell int) int {
	merged, ok := e.stands[cell]
	if ok && e.merged[merged] && (e.isNumber(merged) || e.numbers(e.details[merged]) == 0) {
		return merged
	}
	return cell
}

func (e *examination) blankNotice(t tableCells, open []int) {
	slices.Sort(open)
	open = slices.Compact(open)
	what := fmt.Sprintf("%d格空白", len(open))
	if slices.ContainsFunc(open, func(c int) bool { return e.kinds[c] == disclosure.CellSlash }) {
		what = fmt.Sprintf("%d格空白或“/”", len(open))
	}
	where := ""
	if len(open) <= 3 {
		names := make([]string, len(open))
		for i, c := range open {
			names[i] = cellName(e.defs[c])
		}
		where = "(" + some(names) + ")"
	}
	e.find(Finding{Rule: "FMT-R3", Severity: Notice, Expected: "0", Actual: what,
		Message: fmt.Sprintf("%s有%s%s,没有的请填0,以免与漏填混淆。", t.table.Name, what, where)}, open)
}
