package interpret

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

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
	codes   int // with a number
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
	rows = m.dropTables(rows)
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
// sure that it is this table.
func (m *matcher) dropTables(rows []placed) []placed {
	count := map[*disclosure.Table]int{}
	sure := map[*disclosure.Table]int{}
	size := map[*disclosure.Table]int{}
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
	}
	return slices.DeleteFunc(rows, func(p placed) bool {
		t := m.v.rows[p.row].table
		need := min(3, max(1, (size[t]+1)/2))
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
		for _, ln := range lines[at[p.line]+1 : at[next.line]] {
			if len(ln.cells)-ln.inner-1 >= len(a.head.columns) && ln.values > 0 {
				between = append(between, ln)
			}
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
		for _, ln := range lines {
			if ln.inner < 0 && countClass(ln, classValue) == len(head.columns) && parts.tableBefore(ln) == head.table {
				body = append(body, ln)
			}
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
		for _, p := range chunk {
			m.readRow(out, t, head, p, layout)
		}
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
