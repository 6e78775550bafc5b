package ledger

import (
	"fmt"
	"slices"

	"mingjing/internal/disclosure"
)

// Count is table 三 as the ledger has it.
type Count struct {
	// Cells holds a number for each printed cell of table 三, 0 included: what
	// a ledger does not list did not happen.
	Cells map[disclosure.Code]disclosure.Cell `json:"cells"`
	// Rows are the counted rows, with the cells each counts in.
	Rows []Row `json:"rows"`
	// Undecided rows count nowhere; while there are any, Cells is a lower bound.
	Undecided []Row `json:"undecided"`
	// Outside are rows of other years, Skipped those a person left out.
	Outside []Row `json:"outside"`
	Skipped []Row `json:"skipped"`
	// Late are how many answers of the counted and undecided rows are or were
	// overdue; see Row.Overdue.
	Late   int     `json:"late"`
	Doubts []Doubt `json:"doubts,omitempty"`
}

// Complete says that no row waits for a person.
func (c *Count) Complete() bool { return len(c.Undecided) == 0 }

// CellRows are the rows that a cell counts.
func (c *Count) CellRows(code disclosure.Code) []Row {
	var out []Row
	for _, r := range c.Rows {
		if slices.Contains(r.Codes, code) {
			out = append(out, r)
		}
	}
	return out
}

// Count adds the rows up. The ledger must have been read or equipped.
func (l *Ledger) Count() *Count {
	c := &Count{Cells: map[disclosure.Code]disclosure.Cell{}, Rows: []Row{}, Undecided: []Row{}, Outside: []Row{}, Skipped: []Row{}, Doubts: slices.Clone(l.Doubts)}
	sums := map[disclosure.Code]int64{}
	for _, r := range l.Rows {
		switch r.Standing {
		case Counted:
			c.Rows = append(c.Rows, r)
			for _, code := range r.Codes {
				sums[code]++
			}
		case Undecided:
			c.Undecided = append(c.Undecided, r)
		case Outside:
			c.Outside = append(c.Outside, r)
		case Skipped:
			c.Skipped = append(c.Skipped, r)
		}
		if r.Overdue != nil {
			c.Late++
		}
	}
	t := table3(l.form)
	for _, def := range l.form.Cells() {
		if def.Table != t {
			continue
		}
		cell := disclosure.Number(sums[def.Code])
		cell.Source = fmt.Sprintf("依申请公开台账%d行", sums[def.Code])
		c.Cells[def.Code] = cell
	}
	return c
}
