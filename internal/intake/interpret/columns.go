package interpret

import (
	"regexp"
	"slices"
	"strings"

	"mingjing/internal/intake/document"
)

// columnRange is the grid columns of one column of the form; from < 0 when the
// header does not say.
type columnRange struct{ from, to int }

// header maps the columns of a block onto the columns of a grid.
type header struct {
	sheet   *sheet
	columns []columnRange // by column of the form
	found   int           // columns whose label was found
	doubts  []string      // labels that were guessed
	// money is the unit that a column of money names, 元 or 万元, by column of
	// the form; "" when it names none.
	money []string
	// spare are the grid columns with a header of their own that is none of the
	// form's: 备注, 小计.
	spare map[int]bool
	// ordinal are the grid columns that number the rows: 行次.
	ordinal map[int]bool
	// parted: columns are parted by years, and this year's was found.
	parted bool
	// problem: columns were found, but not in a way that places them all.
	problem string
}

// complete says that the header places every column of the form.
func (h *header) complete() bool {
	for _, c := range h.columns {
		if c.from < 0 {
			return false
		}
	}
	return true
}

// readHeader reads the lines over a block's rows. Every grid column has a stack
// of header cells; the columns of the form are aligned with them in order. nil
// when no label of a column was found.
func readHeader(head *blockHead, s *sheet, lines []*line) *header {
	if len(lines) == 0 || s.run {
		return nil
	}
	n, cols := len(head.columns), s.grid.Cols
	stacks := make([][]lineCell, cols)
	for _, ln := range lines {
		for _, c := range ln.cells {
			if c.class != classText || c.carried && contains(stacks[c.col], c.cell) {
				continue
			}
			for k := c.col; k < c.col+c.span; k++ {
				stacks[k] = append(stacks[k], c)
			}
		}
	}
	scores := make([][]float64, cols)
	memo := map[*document.Cell][]float64{}
	for k := range stacks {
		scores[k] = make([]float64, n)
		for _, c := range stacks[k] {
			own, known := memo[c.cell]
			if !known {
				own = make([]float64, n)
				for f, col := range head.columns {
					own[f] = col.match(c.label)
				}
				memo[c.cell] = own
			}
			for f := range own {
				if own[f] > 0 {
					scores[k][f] = max(scores[k][f], own[f]+columnGroupFit(head.columns[f], stacks[k], c))
				}
			}
		}
	}
	pairs := alignColumns(scores, n)
	h := &header{sheet: s, columns: make([]columnRange, n), money: make([]string, n)}
	if slices.Contains(pairs, -1) {
		printed := certainColumns(scores, stacks, n)
		switch {
		case !slices.Contains(printed, -1) && groupsAgree(head, stacks, printed):
			pairs = printed // all are there, in another order
		case anotherOrder(pairs, printed):
			h.problem = problemOrder
		}
	}
	for f := range h.columns {
		h.columns[f] = columnRange{-1, -1}
	}
	for f, k := range pairs {
		if k < 0 {
			continue
		}
		h.found++
		h.columns[f] = leafRange(head.columns[f], stacks[k], k)
		h.money[f] = moneyUnit(stacks[k])
		if scores[k][f] < certain {
			h.doubts = append(h.doubts, head.columns[f].axis.Label)
		}
	}
	if h.found == 0 {
		return nil
	}
	h.fillBetween(stacks)
	h.findSpare(head, stacks)
	h.keepThisYear(head, stacks)
	return h
}

// findSpare marks the columns that other headers claim.
func (h *header) findSpare(head *blockHead, stacks [][]lineCell) {
	h.spare, h.ordinal = map[int]bool{}, map[int]bool{}
	heading := foldLabel(head.block.ColumnHeading)
	over := func(l label) bool {
		if similarity(l, heading) > 0 {
			return true
		}
		for _, col := range head.columns {
			for _, g := range col.groups {
				if similarity(l, g) > 0 {
					return true
				}
			}
		}
		return false
	}
	for k, stack := range stacks {
		if n := len(stack); n > 0 && !h.claims(k, k+1) && !over(stack[n-1].label) {
			h.spare[k] = true
		}
		h.ordinal[k] = slices.ContainsFunc(stack, func(c lineCell) bool { return ordinalNames[c.label.text] })
	}
}

// claims says that a column of the form stands in the grid columns [from, to).
func (h *header) claims(from, to int) bool {
	for _, c := range h.columns {
		if c.from >= 0 && c.from < to && from < c.to {
			return true
		}
	}
	return false
}

// otherMoney are units of money that neither form prescribes.
var otherMoney = regexp.MustCompile(`(十|百|千|百万|千万|十亿|百亿|亿)元|(美|欧|港|日)元`)

// moneyUnit is the unit of money that the header cells of a column name.
func moneyUnit(stack []lineCell) string {
	unit := ""
	for _, c := range stack {
		switch text := plainText(c.cell.Text); {
		case otherMoney.MatchString(text):
			unit = otherMoney.FindString(text)
		case strings.Contains(text, "万元"):
			unit = "万元"
		case strings.Contains(text, "(元)"), strings.Contains(text, "单位:元"), strings.Contains(text, ",元"):
			unit = "元"
		}
	}
	return unit
}

func contains(stack []lineCell, cell *document.Cell) bool {
	for _, c := range stack {
		if c.cell == cell {
			return true
		}
	}
	return false
}

// columnGroupFit weighs the header cells over a column against its groups.
func columnGroupFit(col columnLabel, stack []lineCell, leaf lineCell) float64 {
	for _, c := range stack {
		if c.cell == leaf.cell {
			continue
		}
		for _, g := range col.groups {
			if similarity(c.label, g) > 0 {
				return 0.1
			}
		}
	}
	return 0
}

// leafRange is the grid columns that the label's cell covers.
func leafRange(col columnLabel, stack []lineCell, k int) columnRange {
	best, at := 0.0, columnRange{k, k + 1}
	for _, c := range stack {
		if s := col.match(c.label); s > best {
			best, at = s, columnRange{c.col, c.col + c.span}
		}
	}
	return at
}

// alignColumns pairs the form's columns with grid columns, both in order, for
// the greatest sum of scores; -1 for a column without one.
func alignColumns(scores [][]float64, n int) []int {
	cols := len(scores)
	sum := make([][]float64, cols+1)
	for k := range sum {
		sum[k] = make([]float64, n+1)
	}
	for k := 1; k <= cols; k++ {
		for f := 1; f <= n; f++ {
			sum[k][f] = max(sum[k-1][f], sum[k][f-1])
			if s := scores[k-1][f-1]; s > 0 {
				sum[k][f] = max(sum[k][f], sum[k-1][f-1]+s)
			}
		}
	}
	out := make([]int, n)
	for f := range out {
		out[f] = -1
	}
	for k, f := cols, n; k > 0 && f > 0; {
		switch {
		case sum[k][f] == sum[k-1][f]:
			k--
		case sum[k][f] == sum[k][f-1]:
			f--
		default:
			out[f-1] = k - 1
			k, f = k-1, f-1
		}
	}
	return out
}

// fillBetween places the columns whose label is missing or unreadable, when as
// many grid columns stand between their neighbours as are wanted.
func (h *header) fillBetween(stacks [][]lineCell) {
	for f := 0; f < len(h.columns); f++ {
		if h.columns[f].from >= 0 {
			continue
		}
		end := f
		for end < len(h.columns) && h.columns[end].from < 0 {
			end++
		}
		if f > 0 && end < len(h.columns) {
			free := freeRanges(stacks, h.columns[f-1].to, h.columns[end].from)
			if len(free) == end-f {
				copy(h.columns[f:end], free)
				h.doubts = append(h.doubts, "")
			}
		}
		f = end
	}
}

// freeRanges splits the grid columns [from, to) by their lowest header cells.
func freeRanges(stacks [][]lineCell, from, to int) []columnRange {
	var out []columnRange
	for k := from; k < to; {
		end := k + 1
		if n := len(stacks[k]); n > 0 {
			leaf := stacks[k][n-1]
			if leaf.col >= k && leaf.col+leaf.span <= to {
				end = leaf.col + leaf.span
			}
		}
		out = append(out, columnRange{k, end})
		k = max(end, k+1)
	}
	return out
}
