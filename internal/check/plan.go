package check

import (
	"slices"
	"sync"

	"mingjing/internal/disclosure"
)

// plan is a form's rules with every code resolved to its place in AllCells, so
// that a report's cells are looked up once and not once a rule.
type plan struct {
	form *disclosure.Form
	defs []disclosure.CellDef
	// equations stand in the order of the form's Sums.
	equations []equation
	// stands gives the alternate cell that a report may print instead of a cell.
	stands map[int]int
	// details gives the cells that an alternate cell stands for.
	details map[int][]int
	// rows gives every cell of an alternate's row, by any of them.
	rows map[int][]int
	// summed are the printed cells of each table that some sum adds up, in the
	// form's order: blanks in them are worth a notice (FMT-R3).
	summed []tableCells
}

type tableCells struct {
	table *disclosure.Table
	cells []int
}

// equation is one line of a disclosure.Sum: left adds up to right.
type equation struct {
	rule, along string
	table       *disclosure.Table
	line        *disclosure.Axis
	left, right []int
	// totals are the cells of right without which nothing can be said.
	totals []int
	// alternates are the cells that may stand for several addends.
	alternates []int
	// optional: the line is an alternate's own row, or a row that an alternate
	// may replace; it is passed over where the report does not print it.
	optional bool
}

var plans sync.Map // *disclosure.Form -> *plan

func planOf(f *disclosure.Form) *plan {
	if p, ok := plans.Load(f); ok {
		return p.(*plan)
	}
	p, _ := plans.LoadOrStore(f, newPlan(f))
	return p.(*plan)
}

func newPlan(f *disclosure.Form) *plan {
	p := &plan{form: f, defs: f.AllCells(), stands: map[int]int{}, details: map[int][]int{}, rows: map[int][]int{}}
	at := func(codes []disclosure.Code) []int {
		out := make([]int, len(codes))
		for i, c := range codes {
			out[i] = f.Order(c)
		}
		return out
	}
	p.alternates()
	for _, s := range f.Sums {
		for _, l := range f.SumLines(s) {
			eq := equation{rule: s.Rule, along: s.Along, table: f.Table(s.Table), line: l.Line,
				left: at(l.Addends), right: at(l.Totals)}
			for i, k := range s.Totals {
				if len(s.Totals) == 1 || isTotal(f, s, k) {
					eq.totals = append(eq.totals, eq.right[i])
				}
			}
			for _, cell := range eq.left {
				merged, ok := p.stands[cell]
				if ok && s.Along == "column" && !slices.Contains(eq.alternates, merged) {
					eq.alternates = append(eq.alternates, merged)
				}
			}
			_, replaceable := p.stands[eq.left[0]]
			eq.optional = s.Along == "row" && (replaceable || p.defs[eq.left[0]].Alternate)
			p.equations = append(p.equations, eq)
		}
	}
	p.tables()
	return p
}

// isTotal says whether another sum of the form adds up to the key alone: in
// NEW + CARRIED_IN = RESULT_TOTAL + CARRIED_OUT, RESULT_TOTAL is such a total
// and CARRIED_OUT is an addend like those on the left.
func isTotal(f *disclosure.Form, s disclosure.Sum, key string) bool {
	return slices.ContainsFunc(f.Sums, func(o disclosure.Sum) bool {
		return o.Table == s.Table && o.Along == s.Along && len(o.Totals) == 1 && o.Totals[0] == key
	})
}

func (p *plan) alternates() {
	for t := range p.form.Tables {
		tab := &p.form.Tables[t]
		for _, blk := range tab.Blocks {
			for _, alt := range blk.Alternates {
				var row []int
				for _, col := range blk.Columns {
					row = append(row, p.form.Order(tab.Code(alt.Row.Key, col.Key)))
				}
				for c, col := range blk.Columns {
					p.rows[row[c]] = row
					for _, key := range alt.Replaces {
						cell := p.form.Order(tab.Code(key, col.Key))
						p.stands[cell] = row[c]
						p.details[row[c]] = append(p.details[row[c]], cell)
					}
				}
			}
		}
	}
}

func (p *plan) tables() {
	for t := range p.form.Tables {
		tab := &p.form.Tables[t]
		if !slices.ContainsFunc(p.form.Sums, func(s disclosure.Sum) bool { return s.Table == tab.Key }) {
			continue
		}
		tc := tableCells{table: tab}
		for i := range p.defs {
			if p.defs[i].Table == tab && !p.defs[i].Alternate {
				tc.cells = append(tc.cells, i)
			}
		}
		p.summed = append(p.summed, tc)
	}
}
