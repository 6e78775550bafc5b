package interpret

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"mingjing/internal/disclosure"
)

// readRows reads the values of the recognised rows, block by block and grid by
// grid.
func (m *matcher) readRows(out *tablesFound, rows []placed, lines []*line) {
	slices.SortStableFunc(rows, func(a, b placed) int { return a.row - b.row })
	used := map[*line]bool{}
	for _, p := range rows {
		p.line.used, used[p.line] = true, true
		r := &m.v.rows[p.row]
		t := out.tables[r.table]
		if t == nil {
			t = &tableFound{table: r.table, first: p.line}
			out.tables[r.table] = t
		}
		if r.axis != nil {
			t.rows++
			out.score += p.score
		} else {
			out.score += 0.5
		}
	}
	var before *header
	for _, head := range m.v.heads {
		t := out.tables[head.table]
		if t == nil {
			continue
		}
		if before != nil && len(before.columns) != len(head.columns) {
			before = nil
		}
		before = m.readBlock(out, t, head, rows, lines, used, before)
	}
}

// readBlock reads one block. before is the header of the block over it, which
// serves a block of the same columns that has none.
func (m *matcher) readBlock(out *tablesFound, t *tableFound, head *blockHead, rows []placed, lines []*line, used map[*line]bool, before *header) *header {
	var own []placed
	for _, p := range rows {
		if r := &m.v.rows[p.row]; r.head == head && r.axis != nil {
			own = append(own, p)
		}
	}
	n := len(head.columns)
	var last *header
	for len(own) > 0 {
		s := own[0].line.sheet
		k := 0
		for k < len(own) && own[k].line.sheet == s {
			k++
		}
		chunk := own[:k]
		own = own[k:]
		h := readHeader(head, s, headerLines(s, chunk, used))
		if h != nil {
			t.headers += h.found
			out.score += float64(h.found)
			m.doubtHeader(out, t, head, h)
		}
		if h == nil || 2*h.found < n {
			h = nil
			if last != nil && last.sheet.grid.Cols == s.grid.Cols {
				h = last // the table goes on after a page break
			}
		}
		layout := learnLayout(chunk, h, n)
		for _, p := range m.readShared(out, head, chunk, layout) {
			m.readRow(out, t, head, p, layout)
		}
		m.readRepeated(out, head, chunk, lines, used, layout)
		if h != nil {
			last = h
			markHeader(s, chunk, used)
		}
	}
	m.fillMissing(out, t, head)
	if last == nil {
		return before
	}
	return last
}

// tallestHeader bounds the lines over a block that may be its header. Table
// 三 has three, and a page break may put a title and a unit of measure above.
const tallestHeader = 8

// headerLines are the lines over a block's first row in a grid, down from the
// row of another block, or from a line that is no header: a paragraph in a
// sheet that holds the whole report.
func headerLines(s *sheet, chunk []placed, used map[*line]bool) []*line {
	at := len(s.lines)
	for _, p := range chunk {
		at = min(at, p.line.row)
	}
	from := at
	for from > 0 && at-from < tallestHeader && !used[s.lines[from-1]] {
		if text, alone := s.lines[from-1].text(); alone && utf8.RuneCountInString(text) > longestHeading {
			break
		}
		from--
	}
	for from < at { // headings of parts stay text
		if countClass(s.lines[from], classText) > 1 {
			break
		}
		from++
	}
	return s.lines[from:at]
}

func markHeader(s *sheet, chunk []placed, used map[*line]bool) {
	for _, ln := range headerLines(s, chunk, used) {
		ln.used = true
	}
}

func (m *matcher) doubtHeader(out *tablesFound, t *tableFound, head *blockHead, h *header) {
	if 2*h.found < len(head.columns) {
		return
	}
	for _, name := range h.doubts {
		text := fmt.Sprintf("%s有一栏的表头缺失或无法辨认,按前后栏的次序认定,请核对。", t.table.Name)
		if name != "" {
			text = fmt.Sprintf("%s“%s”一栏的表头与规定名称不尽相同,按相近名称认定,请核对。", t.table.Name, name)
		}
		out.doubt(Doubt{Kind: DoubtLabel, Place: h.sheet.place, Message: text})
	}
}

// readRow reads one row's values.
func (m *matcher) readRow(out *tablesFound, t *tableFound, head *blockHead, p placed, layout bodyLayout) {
	r := &m.v.rows[p.row]
	n := len(head.columns)
	place := p.line.place(p.label)
	printed := ""
	if p.label >= 0 {
		printed = p.line.cells[p.label].cell.Text
	}
	switch {
	case p.how != "":
		out.doubt(Doubt{Kind: DoubtLabel, Place: place, Text: printed, Code: r.table.Code(r.axis.Key, head.columns[0].axis.Key),
			Message: fmt.Sprintf("%s“%s”:%s,请核对。", t.table.Name, r.axis.Label, p.how)})
	case p.base < certain:
		out.doubt(Doubt{Kind: DoubtLabel, Place: place, Text: printed, Code: r.table.Code(r.axis.Key, head.columns[0].axis.Key),
			Message: fmt.Sprintf("%s“%s”一行印作“%s”,按相近名称认定,请核对。", t.table.Name, r.axis.Label, clip(printed))})
	}
	cells, problem := layout.rowValues(p, n)
	for c := range head.columns {
		code := r.table.Code(r.axis.Key, head.columns[c].axis.Key)
		if problem != "" {
			out.cells[code] = unreadLine(p.line, p.label, problem)
			continue
		}
		cell := m.readCell(code, p.line, cells[c])
		if layout.header != nil {
			cell = m.inPrintedUnit(out, code, cell, layout.header.money[c])
		}
		out.put(code, cell)
	}
	if problem != "" {
		out.doubt(Doubt{Kind: DoubtCell, Place: place, Code: r.table.Code(r.axis.Key, head.columns[0].axis.Key), Text: printed,
			Message: fmt.Sprintf("%s“%s”一行没有读出:%s,请手工填写。", t.table.Name, r.axis.Label, problem)})
	}
}

// readCell reads one cell.
func (m *matcher) readCell(code disclosure.Code, ln *line, lc *lineCell) disclosure.Cell {
	if lc == nil {
		return disclosure.Cell{Kind: disclosure.CellBlank}
	}
	def, _ := m.v.form.Cell(code)
	c := parse(lc.cell.Text, def.Value, def.Unit)
	if c.Source = lc.cell.Address; c.Source == "" {
		c.Source = ln.sheet.place
	}
	if c.Kind != disclosure.CellBlank && sharedByRows(ln, lc) {
		c = disclosure.Cell{Kind: disclosure.CellUnread, Raw: c.Raw, Source: c.Source, Problem: problemMerged}
	}
	return c
}

// inPrintedUnit reads money again when the header names another unit than the
// form prescribes (本年收费金额(单位:元)): the value is converted and doubted.
func (m *matcher) inPrintedUnit(out *tablesFound, code disclosure.Code, cell disclosure.Cell, unit string) disclosure.Cell {
	def, _ := m.v.form.Cell(code)
	if def.Value != disclosure.ValueMoney || unit == "" || unit == def.Unit || !cell.IsNumber() || cell.Value.IsZero() || strings.Contains(cell.Raw, "元") {
		return cell
	}
	again := disclosure.ParseCell(cell.Value.String()+unit, def.Value, def.Unit)
	if !again.IsNumber() {
		cell = disclosure.Cell{Kind: disclosure.CellUnread, Raw: cell.Raw, Source: cell.Source, Problem: problemMoney}
		out.doubt(Doubt{Kind: DoubtCell, Code: code, Place: cell.Source, Text: cell.Raw,
			Message: fmt.Sprintf("%s(%s)没有读出:表头以“%s”为单位,请换算为%s后手工填写。", def.Label(), code, unit, def.Unit)})
		return cell
	}
	again.Raw, again.Remark, again.Source = cell.Raw, cell.Remark, cell.Source
	out.doubt(Doubt{Kind: DoubtCell, Code: code, Place: cell.Source, Text: cell.Raw,
		Message: fmt.Sprintf("%s(%s)的表头以“%s”为单位,已换算为%s,请核对。", def.Label(), code, unit, def.Unit)})
	return again
}

// sharedByRows says that the cell is merged over several rows of the form.
func sharedByRows(ln *line, lc *lineCell) bool {
	if lc.cell.RowSpan <= 1 || ln.sheet.run {
		return false
	}
	for r := max(0, lc.cell.Row); r < min(lc.cell.Row+lc.cell.RowSpan, len(ln.sheet.lines)); r++ {
		if r != ln.row && ln.sheet.lines[r].used && !ln.sheet.lines[r].header {
			return true
		}
	}
	return false
}

func unreadLine(ln *line, label int, problem string) disclosure.Cell {
	raw := ""
	for _, c := range ln.cells[label+1:] {
		if c.class != classBlank {
			if raw != "" {
				raw += " | "
			}
			raw += c.cell.Text
		}
	}
	return disclosure.Cell{Kind: disclosure.CellUnread, Raw: clip(raw), Source: ln.place(label), Problem: problem}
}

// place is where a line stands, by its label's cell.
func (ln *line) place(label int) string {
	if label < 0 {
		label = 0
	}
	if label < len(ln.cells) && ln.cells[label].cell.Address != "" {
		return ln.cells[label].cell.Address
	}
	return fmt.Sprintf("%s 第%d行", ln.sheet.place, ln.row+1)
}

func (t *tablesFound) put(code disclosure.Code, c disclosure.Cell) {
	t.cells[code] = c
	if c.Kind == disclosure.CellUnread {
		t.doubt(Doubt{Kind: DoubtCell, Code: code, Place: c.Source, Text: c.Raw,
			Message: fmt.Sprintf("%s(%s)读不出数字:“%s”%s,请手工填写。", disclosure.LabelOf(code), code, clip(c.Raw), c.Problem)})
	}
}

// fillMissing gives every code of a found table an entry: rows that the file
// does not print are blank, and doubted unless an alternate stands for them.
func (m *matcher) fillMissing(out *tablesFound, t *tableFound, head *blockHead) {
	have := func(key string) bool {
		_, ok := out.cells[head.table.Code(key, head.columns[0].axis.Key)]
		return ok
	}
	replaced := map[string]bool{}
	for _, alt := range head.block.Alternates {
		if have(alt.Row.Key) {
			for _, key := range alt.Replaces {
				replaced[key] = true
			}
		}
	}
	for r := range head.block.Rows {
		row := &head.block.Rows[r]
		if have(row.Key) {
			continue
		}
		for _, col := range head.columns {
			out.cells[head.table.Code(row.Key, col.axis.Key)] = disclosure.Cell{Kind: disclosure.CellBlank}
		}
		if !replaced[row.Key] {
			out.doubt(Doubt{Kind: DoubtMissing, Code: head.table.Code(row.Key, head.columns[0].axis.Key), Place: t.first.sheet.place,
				Message: fmt.Sprintf("%s里没有找到“%s”一行,按空白处理,请核对原件。", t.table.Name, row.FullLabel())})
		}
	}
}
