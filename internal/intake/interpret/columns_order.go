package interpret

import (
	"regexp"

	"mingjing/internal/intake/document"
)

// certainColumns is the grid column of each column of the form whose label
// certainly heads one cell alone; -1 for the others.
func certainColumns(scores [][]float64, stacks [][]lineCell, n int) []int {
	out := make([]int, n)
	taken := map[int]bool{}
	for f := range out {
		out[f] = -1
		var cell *document.Cell
		for k := range scores {
			if scores[k][f] < certain || len(stacks[k]) == 0 {
				continue
			}
			lowest := stacks[k][len(stacks[k])-1].cell
			if cell != nil && cell != lowest {
				out[f] = -1
				break
			}
			if cell == nil {
				cell, out[f] = lowest, k
			}
		}
		if out[f] >= 0 && taken[out[f]] {
			out[f] = -1
		}
		taken[out[f]] = out[f] >= 0
	}
	return out
}

// groupsAgree says that the columns of a group stand under its name, or none
// does: a header merged over too few columns puts 其他 behind 总计.
func groupsAgree(head *blockHead, stacks [][]lineCell, at []int) bool {
	under, beside := 0, 0
	for f, k := range at {
		if col := head.columns[f]; len(col.groups) > 0 {
			if columnGroupFit(col, stacks[k], stacks[k][len(stacks[k])-1]) > 0 {
				under++
			} else {
				beside++
			}
		}
	}
	return under == 0 || beside == 0
}

// anotherOrder says that a column that the form's order passes over is printed
// elsewhere.
func anotherOrder(inOrder, printed []int) bool {
	for f := range inOrder {
		if inOrder[f] < 0 && printed[f] >= 0 {
			return true
		}
	}
	return false
}

var (
	thisYear   = regexp.MustCompile(`^(本年度?|本期|当年|今年)(数|数量|件数|情况)?$`)
	otherYears = regexp.MustCompile(`^(上年度?|上一年度?|去年|上期|上?年?同期|20[0-9][0-9]年?度?|同比|增减|增长|变化)(数|数量|件数|情况|同期|率)?$`)
)

// keepThisYear narrows columns that are parted by years (上年, 本年) to this
// year's; where none is called so, nobody can say which is meant.
func (h *header) keepThisYear(head *blockHead, stacks [][]lineCell) {
	lowest := func(k int) label {
		if n := len(stacks[k]); n > 0 {
			return stacks[k][n-1].label
		}
		return label{}
	}
	for f, c := range h.columns {
		if c.from < 0 {
			continue
		}
		this, parts := -1, 0
		for k := c.from; k < len(stacks) && (k < c.to || !h.claims(k, k+1)); k++ {
			l := lowest(k)
			if head.columns[f].match(l) > 0 || !thisYear.MatchString(l.text) && !otherYears.MatchString(l.text) {
				break
			}
			parts++
			if h.spare[k] = true; thisYear.MatchString(l.text) {
				if this >= 0 {
					h.problem = problemYears
				}
				this = k
			}
		}
		switch {
		case parts == 0:
		case this < 0:
			h.problem = problemYears
		default:
			h.columns[f], h.parted = columnRange{this, this + 1}, true
			delete(h.spare, this)
		}
	}
}

// problemYears: a column is parted by years.
const problemYears = "一栏之下分列了几个年度,不能确定哪一个是本年的数"
