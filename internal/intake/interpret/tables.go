package interpret

import (
	"slices"

	"mingjing/internal/disclosure"
)

// tablesFound is what one pass over the lines found of one form: its tables once.
type tablesFound struct {
	v      *vocabulary
	cells  map[disclosure.Code]disclosure.Cell
	tables map[*disclosure.Table]*tableFound
	doubts []Doubt
	score  float64 // how well the form fits, to choose between versions
}

// tableFound is one table as found.
type tableFound struct {
	table   *disclosure.Table
	rows    int // recognised
	headers int // column labels recognised
	first   *line
}

func (t *tablesFound) doubt(d Doubt) { t.doubts = append(t.doubts, d) }

// findTables reads each table of the form once out of the lines that no table
// has used yet, and marks the lines that it used. nil when there is none.
func (m *matcher) findTables(lines []*line, parts *partLookup) *tablesFound {
	out := &tablesFound{v: m.v, cells: map[disclosure.Code]disclosure.Cell{}, tables: map[*disclosure.Table]*tableFound{}}
	free := make([]*line, 0, len(lines))
	for _, ln := range lines {
		if !ln.used {
			free = append(free, ln)
		}
	}
	rows := align(m.candidates(free), len(m.v.rows))
	rows = m.dropTables(rows, parts)
	rows = m.fillGaps(rows, free)
	rows = append(rows, m.unlabelled(rows, free, parts)...)
	rows = m.chooseAlternates(rows)
	m.readRows(out, rows, free)
	for _, lb := range m.v.lines {
		m.readLineBlock(out, lb, free, parts)
	}
	if len(out.tables) == 0 {
		return nil
	}
	return out
}

// dropTables leaves out tables of which too few rows were recognised to be
// sure that it is this table. Under the heading of its part one is enough.
func (m *matcher) dropTables(rows []placed, parts *partLookup) []placed {
	count := map[*disclosure.Table]int{}
	sure := map[*disclosure.Table]int{}
	size := map[*disclosure.Table]int{}
	headed := map[*disclosure.Table]bool{}
	for i := range m.v.rows {
		if r := &m.v.rows[i]; r.axis != nil && r.replaces == nil {
			size[r.table]++
		}
	}
	for _, p := range rows {
		t := m.v.rows[p.row].table
		if m.v.rows[p.row].axis != nil {
			count[t]++
		}
		if p.base >= certain {
			sure[t]++
		}
		headed[t] = headed[t] || parts.tableBefore(p.line) == t
	}
	return slices.DeleteFunc(rows, func(p placed) bool {
		t := m.v.rows[p.row].table
		need := min(3, max(1, (size[t]+1)/2))
		if headed[t] {
			need = 1
		}
		return count[t] < need || sure[t] == 0
	})
}

// fillGaps takes lines whose label is missing or unreadable for the rows that
// are missing between two recognised ones, when there are as many of them.
func (m *matcher) fillGaps(rows []placed, lines []*line) []placed {
	at := map[*line]int{}
	for i, ln := range lines {
		at[ln] = i
	}
	var out []placed
	for i, p := range rows {
		out = append(out, p)
		if i+1 == len(rows) {
			break
		}
		next := rows[i+1]
		a, b := &m.v.rows[p.row], &m.v.rows[next.row]
		if a.axis == nil || b.axis == nil || a.head != b.head {
			continue
		}
		var between []*line
		short := false
		for _, ln := range lines[at[p.line]+1 : at[next.line]] {
			switch cells := len(ln.cells) - ln.inner - 1; {
			case cells >= len(a.head.columns) && ln.values > 0:
				between = append(between, ln)
			case ln.values > 1 || ln.values > 0 && ln.inner < 0:
				short = true // it may be one of the missing rows
			}
		}
		if short {
			continue
		}
		out = append(out, m.inSequence(between, p.row+1, next.row)...)
	}
	return out
}

// inSequence pairs lines with the rows [from, to), when their numbers agree
// with or without alternates.
func (m *matcher) inSequence(lines []*line, from, to int) []placed {
	if len(lines) == 0 {
		return nil
	}
	var full, merged []int
	replaced := map[string]bool{}
	for r := from; r < to; r++ {
		row := &m.v.rows[r]
		switch {
		case row.axis == nil:
		case row.replaces != nil:
			merged = append(merged, r)
			for _, key := range row.replaces {
				replaced[key] = true
			}
		default:
			full = append(full, r)
			if !replaced[row.axis.Key] {
				merged = append(merged, r)
			}
		}
	}
	wanted := full
	if len(lines) != len(full) {
		wanted = merged
	}
	if len(lines) != len(wanted) {
		return nil
	}
	var out []placed
	for i, ln := range lines {
		out = append(out, placed{line: ln, row: wanted[i], label: ln.inner, base: probable, score: probable,
			how: "该行的名称缺失或无法辨认,按前后行的次序认定"})
	}
	return out
}

// unlabelled finds a table without any label: a grid, or several in a row,
// with exactly as many lines of values as the block has rows.
func (m *matcher) unlabelled(rows []placed, lines []*line, parts *partLookup) []placed {
	var out []placed
	for _, head := range m.v.heads {
		if len(head.columns) < 5 || slices.ContainsFunc(rows, func(p placed) bool { return m.v.rows[p.row].table == head.table }) {
			continue
		}
		var body []*line
		odd := false
		for _, ln := range lines {
			if values := countClass(ln, classValue); ln.inner >= 0 || values == 0 || parts.tableBefore(ln) != head.table {
				continue
			} else if values == len(head.columns) || len(slices.DeleteFunc(behindLabels(ln), isHole)) == len(head.columns) {
				body = append(body, ln)
			} else {
				odd = true // it may be one of the rows, and the order is all that tells
			}
		}
		if odd {
			continue
		}
		last := head.first + len(head.block.Rows) + len(head.block.Alternates)
		for _, p := range m.inSequence(body, head.first, last) {
			p.how = "表内没有行的名称,按规定表式的行次认定"
			out = append(out, p)
		}
	}
	return out
}

func countClass(ln *line, class cellClass) int {
	n := 0
	for _, c := range ln.cells {
		if c.class == class {
			n++
		}
	}
	return n
}

// chooseAlternates leaves out an alternate row when one of the rows that it
// stands for is printed too: then it is a group's label or a subtotal.
func (m *matcher) chooseAlternates(rows []placed) []placed {
	printed := map[string]bool{}
	for _, p := range rows {
		if r := &m.v.rows[p.row]; r.axis != nil {
			printed[r.table.Key+"/"+r.axis.Key] = true
		}
	}
	return slices.DeleteFunc(rows, func(p placed) bool {
		r := &m.v.rows[p.row]
		for _, key := range r.replaces {
			if printed[r.table.Key+"/"+key] {
				return true
			}
		}
		return false
	})
}
