package interpret

// readRepeated reads the lines among a block's rows that bear the label of a
// row once more: where they say another number, nobody can say which is meant.
func (m *matcher) readRepeated(out *tablesFound, head *blockHead, chunk []placed, lines []*line, used map[*line]bool, layout bodyLayout) {
	s := chunk[0].line.sheet
	if s.run {
		return
	}
	placedAs := map[int]bool{}
	first, last := len(s.lines), 0
	for _, p := range chunk {
		placedAs[p.row] = true
		first, last = min(first, p.line.row), max(last, p.line.row)
	}
	for _, ln := range lines {
		if ln.sheet != s || used[ln] || ln.values == 0 || ln.row < first || ln.row > last+1 {
			continue
		}
		p, ok := m.certainRow(ln)
		if !ok || !placedAs[p.row] {
			continue
		}
		cells, problem := layout.rowValues(p, len(head.columns))
		if problem != "" {
			continue
		}
		ln.used, used[ln] = true, true
		r := &m.v.rows[p.row]
		for c := range head.columns {
			code := r.table.Code(r.axis.Key, head.columns[c].axis.Key)
			def, known := m.v.form.Cell(code)
			if !known {
				continue
			}
			b := m.readCell(code, ln, cells[c])
			if layout.header != nil {
				b = m.inPrintedUnit(out, code, b, layout.header.money[c])
			}
			out.reconcile(def, b)
		}
	}
}

// certainRow is the one row whose label a line certainly bears.
func (m *matcher) certainRow(ln *line) (placed, bool) {
	best, found := placed{}, 0
	for _, h := range m.candidate(ln).hits {
		r := &m.v.rows[h.row]
		if r.axis == nil || h.base < certain || r.ambiguous && h.score < 1+groupBonus {
			continue
		}
		found++
		best = placed{line: ln, row: h.row, label: ln.inner, base: h.base, score: h.score}
	}
	return best, found == 1
}
