package interpret

import (
	"slices"

	"mingjing/internal/disclosure"
)

// readShared reads the rows of a chunk whose values are merged over exactly the
// rows that an alternate stands for, in every column: the three rows of (六)
// with one number for all. The number is the alternate's and the details are
// blank. It returns the rows that are left to be read one by one.
func (m *matcher) readShared(out *tablesFound, head *blockHead, chunk []placed, layout bodyLayout) []placed {
	for a := range head.block.Alternates {
		alt := &head.block.Alternates[a]
		details := slices.DeleteFunc(slices.Clone(chunk), func(p placed) bool {
			return !slices.Contains(alt.Replaces, m.v.rows[p.row].axis.Key)
		})
		if len(details) != len(alt.Replaces) || len(details) < 2 {
			continue
		}
		cells := sharedCells(details, layout, len(head.columns))
		if cells == nil {
			continue
		}
		for c, lc := range cells {
			code := head.table.Code(alt.Row.Key, head.columns[c].axis.Key)
			def, _ := m.v.form.Cell(code)
			cell := parse(lc.cell.Text, def.Value, def.Unit)
			if cell.Source = lc.cell.Address; cell.Source == "" {
				cell.Source = details[0].line.sheet.place
			}
			out.put(code, cell)
		}
		chunk = slices.DeleteFunc(slices.Clone(chunk), func(p placed) bool {
			return slices.Contains(alt.Replaces, m.v.rows[p.row].axis.Key)
		})
		for _, p := range details {
			for _, col := range head.columns {
				out.cells[head.table.Code(m.v.rows[p.row].axis.Key, col.axis.Key)] = disclosure.Cell{Kind: disclosure.CellBlank}
			}
		}
	}
	return chunk
}

// sharedCells are the cells that span the rows exactly, one a column; nil when
// some column has another, or when nothing is printed in any.
func sharedCells(rows []placed, layout bodyLayout, columns int) []*lineCell {
	first := rows[0].line
	for i, p := range rows {
		if p.line.sheet != first.sheet || p.line.row != first.row+i {
			return nil
		}
	}
	if first.sheet.run {
		return nil
	}
	cells, problem := layout.rowValues(rows[0], columns)
	if problem != "" {
		return nil
	}
	filled := false
	for _, c := range cells {
		if c == nil || c.cell.Row != first.row || c.cell.RowSpan != len(rows) {
			return nil
		}
		filled = filled || c.class != classBlank
	}
	if !filled {
		return nil
	}
	return cells
}
