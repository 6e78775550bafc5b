package bulletin

import (
	"strings"
	"unicode/utf8"

	"mingjing/internal/disclosure"
)

// printedRow is a row of a form by one of its names.
type printedRow struct {
	table *disclosure.Table
	block *disclosure.Block
	row   *disclosure.Axis
	group string // innermost group, folded
}

// printed matches a sheet that is laid out as the forms are printed.
func (f *filler) printed(g *sheetGrid) matching {
	unit := f.unitOf(g)
	if unit < 0 {
		m := f.printedFor(g, 0)
		if len(m.cells) == 0 {
			return matching{}
		}
		return matching{unmatched: []UnmatchedLabel{{g.name, "A1", g.name, "没有写明是哪个单位的表,没有填写"}}}
	}
	return f.printedFor(g, unit)
}

// unitOf is the unit whose sheet it is: by its name, by a text over the tables,
// or because there is one only.
func (f *filler) unitOf(g *sheetGrid) int {
	if len(f.fills) == 0 {
		return -1
	}
	if u := f.unitAt(g.name, false); u >= 0 {
		return u
	}
	for _, p := range g.order {
		text := g.texts[p]
		if p.row > 5 || utf8.RuneCountInString(text) > 80 {
			continue
		}
		if u := f.unitAt(text, false); u >= 0 {
			return u
		}
	}
	if len(f.fills) == 1 {
		return 0
	}
	return -1
}

func (f *filler) printedFor(g *sheetGrid, unit int) matching {
	if unit >= len(f.fills) {
		return matching{}
	}
	form := f.fills[unit].Report.Form
	s := &printedSheet{g: g, unit: unit, rows: map[string][]printedRow{}, done: map[disclosure.Code]bool{}}
	var lines []printedRow
	for t := range form.Tables {
		table := &form.Tables[t]
		for b := range table.Blocks {
			block := &table.Blocks[b]
			for r := range block.Rows {
				if row := &block.Rows[r]; row.Label == "" {
					lines = append(lines, printedRow{table, block, row, ""})
				} else {
					s.know(table, block, row)
				}
			}
			for a := range block.Alternates {
				s.know(table, block, &block.Alternates[a].Row)
			}
		}
	}
	for _, p := range g.order {
		s.rowAt(p)
	}
	for _, l := range lines {
		s.line(l)
	}
	return matching{cells: s.cells, unmatched: s.strangers(form)}
}

// strangers are labels in the midst of the rows that were matched which the
// form does not have.
func (s *printedSheet) strangers(form *disclosure.Form) []UnmatchedLabel {
	known := knownLabels(form)
	rows := map[int]bool{}
	first, last, left := -1, -1, 0
	for _, c := range s.cells {
		if rows[c.at.row] = true; first < 0 || c.at.row < first {
			first = c.at.row
		}
		last = max(last, c.at.row)
	}
	for _, p := range s.g.order {
		if rows[p.row] && len(s.rows[disclosure.FoldLabel(s.g.texts[p])]) > 0 {
			left = max(left, p.col)
		}
	}
	var out []UnmatchedLabel
	for _, p := range s.g.order {
		text := s.g.texts[p]
		if p.row > first && p.row < last && p.col <= left && !rows[p.row] && !isFigure(text) && !known[disclosure.FoldLabel(text)] {
			out = append(out, UnmatchedLabel{s.g.name, p.name(), text, "表单中没有这一项"})
		}
	}
	return out
}

// knownLabels are all texts that a form prints, folded.
func knownLabels(form *disclosure.Form) map[string]bool {
	out := map[string]bool{disclosure.FoldLabel(form.Title): true}
	know := func(texts ...string) {
		for _, t := range texts {
			out[disclosure.FoldLabel(t)] = true
		}
	}
	axes := func(list []disclosure.Axis) {
		for i := range list {
			know(list[i].Label)
			know(list[i].Aliases...)
			know(list[i].Groups...)
		}
	}
	for _, p := range form.Parts {
		know(p.Title)
	}
	for _, t := range form.Tables {
		know(t.Name, t.Title)
		for _, b := range t.Blocks {
			know(b.Heading, b.Corner, b.ColumnHeading)
			axes(b.Rows)
			axes(b.Columns)
		}
	}
	return out
}

type printedSheet struct {
	g     *sheetGrid
	unit  int
	rows  map[string][]printedRow
	done  map[disclosure.Code]bool
	cells []matchedCell
}

func (s *printedSheet) know(t *disclosure.Table, b *disclosure.Block, row *disclosure.Axis) {
	group := ""
	if n := len(row.Groups); n > 0 {
		group = disclosure.FoldLabel(row.Groups[n-1])
	}
	for _, name := range row.Names() {
		s.rows[name] = append(s.rows[name], printedRow{t, b, row, group})
	}
}

// rowAt tries a text as a row's label, and fills the cells to its right whose
// columns' heads are the block's.
func (s *printedSheet) rowAt(p place) {
	label := disclosure.FoldLabel(s.g.texts[p])
	var found *printedRow
	for i := range s.rows[label] {
		r := &s.rows[label][i]
		if (len(s.rows[label]) > 1 || utf8.RuneCountInString(label) < 3) && r.group != "" && !s.under(p, r.group) {
			continue
		}
		if found == nil {
			found = r
		}
	}
	if found == nil {
		return
	}
	for c := s.g.right(p) + 1; c < s.g.cols; c++ {
		at := place{p.row, c}
		if s.g.anchor(at) != at {
			continue
		}
		text := s.g.at(at)
		if text != "" && !isFigure(text) {
			if len(s.rows[disclosure.FoldLabel(text)]) > 0 {
				return // the row's label is further in: this one is its group
			}
			continue
		}
		if col := s.columnOf(at, found.block); col != nil {
			s.put(at, found.table.Code(found.row.Key, col.Key))
		}
	}
}

func (s *printedSheet) put(at place, code disclosure.Code) {
	if !s.done[code] {
		s.done[code] = true
		s.cells = append(s.cells, matchedCell{at, s.unit, code})
	}
}

// under says that a group's label stands left of a place, in its row or, where
// cells are not merged, above with blanks between.
func (s *printedSheet) under(p place, group string) bool {
	for c := range p.col {
		for r := p.row; r >= 0; r-- {
			text := s.g.at(place{r, c})
			if text == "" {
				continue
			}
			if disclosure.FoldLabel(text) == group {
				return true
			}
			break
		}
	}
	return false
}

// columnOf is the block's column whose head stands above a place, nearest first.
func (s *printedSheet) columnOf(at place, b *disclosure.Block) *disclosure.Axis {
	for r := at.row - 1; r >= 0; r-- {
		text := s.g.at(place{r, at.col})
		if text == "" || isFigure(text) {
			continue
		}
		label := disclosure.FoldLabel(text)
		for i := range b.Columns {
			for _, name := range b.Columns[i].Names() {
				if name == label {
					return &b.Columns[i]
				}
			}
		}
		return nil
	}
	return nil
}

// line fills a block of one row without a label: its cells stand under heads
// that are known by the groups over them (table 四).
func (s *printedSheet) line(l printedRow) {
	for i := range l.block.Columns {
		col := &l.block.Columns[i]
		group := ""
		if n := len(col.Groups); n > 0 {
			group = disclosure.FoldLabel(col.Groups[n-1])
		}
		for _, p := range s.g.order {
			label := disclosure.FoldLabel(s.g.texts[p])
			named := false
			for _, name := range col.Names() {
				named = named || name == label
			}
			if !named || !s.over(p, group) {
				continue
			}
			at := s.g.anchor(place{s.g.bottom(p) + 1, p.col})
			if text := s.g.at(at); at.row > p.row && (text == "" || isFigure(text)) {
				s.put(at, l.table.Code(l.row.Key, col.Key))
				break
			}
		}
	}
}

// over says that a group's label stands above a place, within a table's head.
func (s *printedSheet) over(p place, group string) bool {
	for r := p.row - 1; r >= max(0, p.row-4); r-- {
		if disclosure.FoldLabel(s.g.at(place{r, p.col})) == group {
			return true
		}
	}
	return group == ""
}

// isFigure says that a text is a figure, or stands for none.
func isFigure(text string) bool {
	return disclosure.ParseCell(strings.TrimSpace(text), disclosure.ValueDelta, "").Kind != disclosure.CellUnread
}
