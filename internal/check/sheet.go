package check

import (
	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// sheet is a report's cells by their place in the form.
type sheet struct {
	report *disclosure.Report
	kinds  []disclosure.CellKind // "" for a code that the source does not mention
	nums   []decimal.Decimal     // meaningful for numbers
	// merged are the alternate cells whose row the report prints.
	merged map[int]bool
}

func readSheet(p *plan, r *disclosure.Report) *sheet {
	s := &sheet{report: r, kinds: make([]disclosure.CellKind, len(p.defs)), nums: make([]decimal.Decimal, len(p.defs))}
	for i := range p.defs {
		if c, ok := r.Cells[p.defs[i].Code]; ok {
			s.kinds[i], s.nums[i] = c.Kind, c.Value
		}
	}
	for cell, row := range p.rows {
		for _, i := range row {
			if s.printed(i) {
				if s.merged == nil {
					s.merged = map[int]bool{}
				}
				s.merged[cell] = true
				break
			}
		}
	}
	return s
}

func (s *sheet) isNumber(cell int) bool { return s.kinds[cell] == disclosure.CellNumber }

// printed says that something stands in the cell. An approved revision keeps
// alternates that were never printed as blanks.
func (s *sheet) printed(cell int) bool {
	return s.kinds[cell] != "" && s.kinds[cell] != disclosure.CellBlank
}

// silent says that the source, one of figures only, mentions none of the cells:
// they are neither blank nor missing.
func (s *sheet) silent(cells []int) bool {
	for _, c := range cells {
		if s.report.HasProse || s.kinds[c] != "" {
			return false
		}
	}
	return !s.report.HasProse
}

func (s *sheet) numbers(cells []int) (n int) {
	for _, c := range cells {
		if s.isNumber(c) {
			n++
		}
	}
	return n
}

// total adds the numbers among the cells.
func (s *sheet) total(cells []int) decimal.Decimal {
	sum := decimal.Zero
	for _, c := range cells {
		if s.isNumber(c) && !s.nums[c].IsZero() {
			sum = sum.Add(s.nums[c])
		}
	}
	return sum
}

// anyUnread says whether one of the cells holds text that is no number.
func (s *sheet) anyUnread(cells []int) bool {
	for _, c := range cells {
		if s.kinds[c] == disclosure.CellUnread {
			return true
		}
	}
	return false
}
