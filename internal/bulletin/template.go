package bulletin

import (
	"mingjing/internal/bulletin/word"
	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// Template is a form to be filled in offline: the unit's, for a period, with
// what is known already.
type Template struct {
	Unit   string
	Period disclosure.Period
	Forms  []TemplateForm // the report's first, then annexes
}

// TemplateForm is one form of a template.
type TemplateForm struct {
	Form *disclosure.Form
	// Known are the values filled in: 上年结转 out of last year's report, or a
	// whole draft.
	Known map[disclosure.Code]disclosure.Cell
	// Last are last year's values, shown when a cell is chosen, never printed.
	Last map[disclosure.Code]disclosure.Cell
	// Guide is what to count (填报口径), by code, shown with it.
	Guide map[disclosure.Code]string
	// Prose is what is written already, for the Word template.
	Prose []disclosure.ProsePart
}

func (t Template) report(f TemplateForm) *disclosure.Report {
	cells := f.Known
	if cells == nil {
		cells = map[disclosure.Code]disclosure.Cell{}
	}
	return &disclosure.Report{Unit: t.Unit, Period: t.Period, Form: f.Form, Cells: cells, Prose: f.Prose}
}

// TemplateDocx is the forms as a Word document in the national layout, to be
// filled in and handed back. The intake reads exactly what is filled in.
func TemplateDocx(t Template) ([]byte, error) {
	d := word.New(word.Official())
	for i, f := range t.Forms {
		r := t.report(f)
		if i == 0 {
			d.Subject = title(r)
			d.Mark = markOf(t)
		} else {
			d.PageBreak()
		}
		d.Title(titleLines(r))
		writeReport(d, r)
	}
	return d.Bytes()
}

// total is a cell that is the sum of others, when the form says so.
type total struct {
	addends []disclosure.Code
	// sum is the addends' sum; valid when one of them is a number.
	sum   decimal.Decimal
	valid bool
}

// totals are the cells of a report that a spreadsheet can compute: those of
// which a rule says that they alone are the sum of others. A total that says
// something else than its sum is not among them: it stays as it was filed.
func totals(r *disclosure.Report) map[disclosure.Code]total {
	out := map[disclosure.Code]total{}
	for _, rule := range r.Form.Sums {
		for _, line := range r.Form.SumLines(rule) {
			if len(line.Totals) != 1 {
				continue
			}
			code := line.Totals[0]
			if def, ok := r.Form.Cell(code); !ok || def.Alternate && !r.Prints(code) {
				continue
			}
			t := total{}
			exact := true
			for _, addend := range printedAddends(r, line) {
				t.addends = append(t.addends, addend)
				switch c := r.Cells[addend]; c.Kind {
				case disclosure.CellNumber:
					t.sum, t.valid = t.sum.Add(c.Value), true
				case disclosure.CellUnread, disclosure.CellSlash:
					exact = false // a sum of what is not all numbers is for people to write
				}
			}
			if _, have := out[code]; have {
				continue
			}
			c, filed := r.Cells[code]
			if !exact || filed && !t.agrees(c) {
				continue
			}
			out[code] = t
		}
	}
	return out
}

// agrees says that a filed total is what the formula would give.
func (t total) agrees(c disclosure.Cell) bool {
	switch c.Kind {
	case disclosure.CellNumber:
		return t.valid && c.Value.Equal(t.sum) && c.Remark == ""
	case disclosure.CellBlank:
		return !t.valid
	}
	return false
}

// printedAddends are a sum's addends, alternates in the place of the rows that
// they stand for when the report prints them.
func printedAddends(r *disclosure.Report, line disclosure.SumLine) []disclosure.Code {
	var out []disclosure.Code
	seen := map[disclosure.Code]bool{}
	for _, code := range line.Addends {
		if alt, ok := line.Replaced[code]; ok && r.Prints(alt) {
			code = alt
		}
		if !seen[code] {
			seen[code] = true
			out = append(out, code)
		}
	}
	return out
}
