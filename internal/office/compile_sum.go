package office

import (
	"fmt"
	"slices"
	"strings"

	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// sumOf adds up the reports of units on a form. Where one of them prints
// several rows as one ((六)其他处理), nothing can be split: the sum prints them
// as one too, and merged names those units.
func sumOf(government *disclosure.Unit, f CompileFilter, form *disclosure.Form, members []CompiledUnit) (sum *disclosure.Report, cells map[disclosure.Code]CompiledCell, merged []string) {
	sum = &disclosure.Report{Unit: government.Name, Period: disclosure.Period{Year: f.Year}, Scope: f.Scope, Form: form,
		Title: government.Name + f.Year.String() + "年" + form.Title, Cells: map[disclosure.Code]disclosure.Cell{}}
	cells = map[disclosure.Code]CompiledCell{}
	together := map[disclosure.Code]bool{} // alternate cells that stand in the sum, and the details that they stand for
	for _, m := range members {
		for _, def := range form.AllCells() {
			if !def.Alternate || m.Report.Cells[def.Code].Kind != disclosure.CellNumber {
				continue
			}
			if !slices.Contains(merged, m.Unit.Display()) {
				merged = append(merged, m.Unit.Display())
			}
			for _, column := range def.Block.Columns {
				together[def.Table.Code(def.Row.Key, column.Key)] = true
				for _, d := range standsFor(def, column.Key) {
					together[d] = true
				}
			}
		}
	}
	for _, def := range form.AllCells() {
		if def.Alternate != together[def.Code] {
			if !def.Alternate {
				sum.Cells[def.Code] = disclosure.Cell{Kind: disclosure.CellBlank}
			}
			continue
		}
		total, made := decimal.Zero, CompiledCell{}
		for _, m := range members {
			n, ok := memberValue(m.Report, def)
			switch cell, printed := m.Report.Cells[def.Code]; {
			case ok:
				total = total.Add(n)
				made.Numbers++
			case printed && cell.Kind == disclosure.CellUnread:
				made.Unread++
			case !hasCell(m.Report.Form, def.Code):
				made.Absent++
			default:
				made.Blank++
			}
		}
		cells[def.Code] = made
		sum.Cells[def.Code] = disclosure.Cell{Kind: disclosure.CellBlank}
		if made.Numbers > 0 {
			sum.Cells[def.Code] = disclosure.Cell{Kind: disclosure.CellNumber, Value: total}
		}
	}
	return sum, cells, merged
}

func hasCell(form *disclosure.Form, code disclosure.Code) bool {
	if form == nil {
		return false
	}
	_, ok := form.Cell(code)
	return ok
}

// standsFor are the cells of a column that an alternate row stands for.
func standsFor(def disclosure.CellDef, column string) []disclosure.Code {
	var out []disclosure.Code
	for _, alt := range def.Block.Alternates {
		if alt.Row.Key == def.Row.Key {
			for _, row := range alt.Replaces {
				out = append(out, def.Table.Code(row, column))
			}
		}
	}
	return out
}

// memberValue is a report's number for a cell of the sum; an alternate's is its
// details' where the report prints those.
func memberValue(r *disclosure.Report, def disclosure.CellDef) (decimal.Decimal, bool) {
	if n, ok := r.Value(def.Code); ok || !def.Alternate {
		return n, ok
	}
	sum, any := decimal.Zero, false
	for _, d := range standsFor(def, def.Column.Key) {
		if n, ok := r.Value(d); ok {
			sum, any = sum.Add(n), true
		}
	}
	return sum, any
}

// CompiledPart is one unit's share of a summed figure.
type CompiledPart struct {
	CompiledUnit
	Text   string // as it counts, or as it is printed where it does not
	Counts bool
	Why    string // it does not
}

// PartsOf traces a summed figure to the units. Error: ErrNotFound for a figure
// that the sum does not hold.
func (c *Compilation) PartsOf(code disclosure.Code) (disclosure.CellDef, []CompiledPart, error) {
	for _, from := range append([]CompiledAnnex{{Sum: c.Sum, Members: c.Members}}, c.Annexes...) {
		def, ok := from.Sum.Form.Cell(code)
		if !ok {
			continue
		}
		var out []CompiledPart
		for _, m := range from.Members {
			p := CompiledPart{CompiledUnit: m}
			n, ok := memberValue(m.Report, def)
			cell, printed := m.Report.Cells[code]
			switch {
			case ok:
				p.Text, p.Counts = n.String(), true
			case printed && cell.Kind == disclosure.CellUnread:
				p.Text, p.Why = cell.Raw, "不是数字,没有计入"
			case !hasCell(m.Report.Form, code):
				p.Why = "所用表单没有这一项"
			case printed && cell.Kind == disclosure.CellSlash:
				p.Text, p.Why = "/", "没有填数,按0计"
			default:
				p.Why = "空白,按0计"
			}
			out = append(out, p)
		}
		return def, out, nil
	}
	return disclosure.CellDef{}, nil, disclosure.Errorf(disclosure.ErrNotFound, "汇总表里没有代码为“%s”的单元格,请从表中点选。", string(code))
}

// Gaps counts the cells of units that hold no number where the sum has one:
// blank and "/", and text that is no number.
func (c *Compilation) Gaps() (blank, unread int) {
	for _, made := range c.Cells {
		blank, unread = blank+made.Blank, unread+made.Unread
	}
	return blank, unread
}

// facts are the local table's sums as sentences for part one.
func (a *CompiledAnnex) facts() []string {
	var items []string
	for _, def := range a.Sum.Form.Cells() {
		n, ok := a.Sum.Value(def.Code)
		if !ok {
			continue
		}
		label := strings.TrimPrefix(def.Label(), def.Table.Name+" ")
		items = append(items, fmt.Sprintf("%s:%s", label, n.String()))
	}
	if len(items) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("据%d家单位的《%s》汇总,%s。", len(a.Members), a.Sum.Form.Title, strings.Join(items, ";"))}
}

// compiledProse is the report's six parts: the facts in part one, a line to
// write over in the others.
func compiledProse(form *disclosure.Form, facts []string) []disclosure.ProsePart {
	var out []disclosure.ProsePart
	first := true
	for _, p := range form.Parts {
		part := disclosure.ProsePart{Number: p.Number, Title: p.Title}
		if p.Prose && first {
			part.Text, first = strings.Join(facts, "\n"), false
		}
		out = append(out, part)
	}
	return out
}
