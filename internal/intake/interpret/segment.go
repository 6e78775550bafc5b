package interpret

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// item is a paragraph or a printed line of a grid.
type item struct {
	text  string // of a paragraph, or of a line with a single text
	place string
	line  *line // nil for a paragraph
}

// segment is the part of a document that one report fills.
type segment struct {
	items []item
	// sheetName is the name of the sheet it begins on, for workbooks with a
	// sheet a unit.
	sheetName string
	number    int // from 0
}

func (s *segment) lines() []*line {
	var out []*line
	for _, it := range s.items {
		if it.line != nil {
			out = append(out, it.line)
		}
	}
	return out
}

// splitReports parts a document where another report begins: at a title, at
// the heading of part one, or at a sheet, when tables stand before it that
// come again after it.
func splitReports(doc *document.Document, ms []*matcher, skip map[int]bool) []*segment {
	var all []item
	sheetStart := map[int]string{} // index of item -> sheet's name
	for i, b := range doc.Blocks {
		switch {
		case skip[i]:
		case b.Grid == nil:
			it := item{text: b.Text, place: b.Place}
			if g := gridOfText(b); g != nil {
				it.line = newSheet(g, i, b.Place).lines[0]
				it.line.sheet.fromText = true
			}
			all = append(all, it)
		case b.Grid.Rows*b.Grid.Cols == 0 || b.Grid.Rows > maxReportRows || b.Grid.Rows*b.Grid.Cols > maxReportPositions:
		default:
			s := layOut(b.Grid, i, b.Place, ms)
			s.padded = doc.Format == "text" || doc.Format == "markdown" || doc.Format == "pdf"
			if b.Grid.Name != "" {
				sheetStart[len(all)] = b.Grid.Name
			}
			for _, ln := range s.lines {
				it := item{line: ln, place: b.Place}
				it.text, _ = ln.text()
				all = append(all, it)
			}
		}
	}
	var out []*segment
	start := 0
	seen, again := map[rowID]bool{}, map[rowID]bool{} // rows since start; of them, those since pending
	firstSheet := ""
	pending := -1 // where the next report would begin
	cut := func(at int) {
		if at > start {
			out = append(out, &segment{items: all[start:at], sheetName: firstSheet, number: len(out)})
		}
		start, firstSheet = at, sheetStart[at]
	}
	for i, it := range all {
		if name, ok := sheetStart[i]; ok {
			if len(seen) > 0 {
				pending = i
				clear(again)
			} else if firstSheet == "" {
				firstSheet = name
			}
		}
		if len(seen) > 0 && pending < 0 && it.text != "" && (it.line == nil || it.line.values == 0) && beginsReport(it.text) {
			pending = i
		}
		if it.line == nil {
			continue
		}
		for f, m := range ms {
			for _, r := range m.rowsExactly(it.line) {
				id := rowID{f, r}
				if pending >= 0 && seen[id] {
					again[id] = true
				}
				seen[id] = true
			}
		}
		if pending >= 0 && len(again) >= min(repeatedRows, len(seen)) {
			cut(pending)
			seen, again = again, map[rowID]bool{}
			pending = -1
		}
	}
	cut(len(all))
	return out
}

// repeatedRows is how many rows must come again before another report is seen
// in them.
const repeatedRows = 3

// textRow is a line of text that ends in figures: 1.属于国家秘密 0 0 0 0 0 0 0.
var textRow = regexp.MustCompile(`^(\S.{0,60}?)((?:\s+(?:[0-9０-９][0-9０-９,，.]*|[/—–-]))+)\s*$`)

// gridOfText makes a row of a paragraph that may be one of a table that lost
// its lines; nil for others. Only the labels decide later whether it is one.
func gridOfText(b document.Block) *document.Grid {
	if len(b.Text) > 400 {
		return nil
	}
	m := textRow.FindStringSubmatch(b.Text)
	if m == nil {
		return nil
	}
	g := &document.Grid{Rows: 1}
	for _, text := range append(wideSpaces.Split(m[1], -1), strings.Fields(m[2])...) {
		g.Cells = append(g.Cells, document.Cell{Col: g.Cols, RowSpan: 1, ColSpan: 1, Text: text, Address: b.Place})
		g.Cols++
	}
	return g
}

var wideSpaces = regexp.MustCompile(`\s{2,}|\t`)

type rowID struct{ form, row int }

// rowsExactly lists the rows whose label a line certainly bears.
func (m *matcher) rowsExactly(ln *line) []int {
	if ln.inner < 0 || ln.values == 0 {
		return nil
	}
	l := ln.cells[ln.inner].label
	if l.runes < 3 {
		return nil // 其他, 总计: heads of columns too
	}
	var out []int
	for _, i := range m.v.exact[l.full] {
		if m.v.rows[i].axis != nil {
			out = append(out, i)
		}
	}
	return out
}

func layOut(g *document.Grid, block int, place string, ms []*matcher) *sheet {
	if isRun(g) {
		return newRun(g, block, place, func(l label) bool {
			for _, m := range ms {
				if m.isRow(l) {
					return true
				}
			}
			return false
		})
	}
	return newSheet(g, block, place)
}

// beginsReport says that a paragraph is a report's title or the heading of its
// first part.
func beginsReport(text string) bool {
	if utf8.RuneCountInString(text) > 60 || strings.ContainsAny(text, "。;;") {
		return false
	}
	l := foldLabel(text)
	return l.text == "总体情况" || isTitle(text)
}

// partLookup tells, for one form, under which part's heading a line stands.
type partLookup struct {
	at     map[*line]int
	tables []partAt
	items  []item
}

type partAt struct {
	at    int
	table *disclosure.Table
}

func newPartLookup(seg *segment, v *vocabulary) *partLookup {
	p := &partLookup{at: map[*line]int{}, items: seg.items}
	for i, it := range seg.items {
		if it.line != nil {
			p.at[it.line] = i
		}
		if it.text == "" || utf8.RuneCountInString(it.text) > 60 {
			continue
		}
		l := foldLabel(it.text)
		for _, part := range v.parts {
			if similarity(l, part.label) > 0 {
				p.tables = append(p.tables, partAt{i, part.table})
				break
			}
		}
	}
	return p
}

// tableBefore is the table of the last heading before the line; nil without one.
func (p *partLookup) tableBefore(ln *line) *disclosure.Table {
	var out *disclosure.Table
	for _, t := range p.tables {
		if t.at < p.at[ln] {
			out = t.table
		}
	}
	return out
}

// paragraphBefore is the paragraph right before a grid, or the grid's name.
func (p *partLookup) paragraphBefore(s *sheet) label {
	if len(s.lines) == 0 {
		return label{}
	}
	i, ok := p.at[s.lines[0]]
	if !ok && len(s.lines[0].turnedFrom) > 0 {
		i = p.at[s.lines[0].turnedFrom[0]]
	}
	if i--; i >= 0 && p.items[i].line == nil && utf8.RuneCountInString(p.items[i].text) <= 60 {
		return foldLabel(p.items[i].text)
	}
	return foldLabel(s.grid.Name)
}
