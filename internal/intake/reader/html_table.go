package reader

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"mingjing/internal/intake/document"
)

// htmlMeasure is what stands below a node, counted once bottom-up so that
// tables in tables cost no more than their size.
type htmlMeasure struct {
	runes  int // visible characters without white space
	breaks int // blocks and <br>: an upper bound of its lines
	tables int // tables that hold more than one cell
	cells  int // cells of the nearest table around, as seen from its parts
}

// article says that a cell holds running text, not a datum.
func (m htmlMeasure) article() bool {
	return m.runes >= 300 && m.breaks >= 3 || m.runes >= 800
}

// measure fills r.measures for the cells and tables below n.
func (r *htmlReader) measure(n *html.Node, tableDepth int) htmlMeasure {
	var m htmlMeasure
	if tableDepth > document.MaxNesting {
		r.out.fail("里的表格嵌套超过%d层,不是正常的报告,请只复制报告正文另存后再交。", document.MaxNesting)
		return m
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode {
			for _, s := range strings.Fields(c.Data) {
				m.runes += utf8.RuneCountInString(s)
			}
			continue
		}
		if c.Type == html.ElementNode && r.hidden(c) {
			if !r.showHidden && c.DataAtom != atom.Head {
				r.hiddenTables += countTables(c)
			}
			continue
		}
		depth := tableDepth
		if c.DataAtom == atom.Table {
			depth++
		}
		below := r.measure(c, depth)
		m.runes += below.runes
		m.breaks += below.breaks
		m.tables += below.tables
		switch {
		case c.DataAtom == atom.Table && c.Namespace == "":
			if below.cells > 1 {
				m.tables++
			}
		case c.DataAtom == atom.Td, c.DataAtom == atom.Th:
			m.cells++
			if r.cells++; r.cells > document.MaxCells {
				r.out.fail("里的单元格超过%d个,请按年份或单位拆分后再交。", document.MaxCells)
				return m
			}
		default:
			m.cells += below.cells
		}
		if c.DataAtom == atom.Br || isBlock(c) {
			m.breaks++
		}
	}
	switch n.DataAtom {
	case atom.Td, atom.Th, atom.Table:
		r.measures[n] = m
	}
	return m
}

func countTables(n *html.Node) int {
	count := 0
	if n.DataAtom == atom.Table {
		count++
	}
	for d := range n.Descendants() {
		if d.DataAtom == atom.Table {
			count++
		}
	}
	return count
}

// tableInFlow reads a table where it stands. Inside a cell's text a table of
// one cell is part of that text, and any other waits to be a grid of its own.
func (r *htmlReader) tableInFlow(n *html.Node) {
	if r.inCell {
		r.breakLine()
		if r.measures[n].cells > 1 {
			r.hoisted = append(r.hoisted, n)
		} else {
			r.children(n)
			r.breakLine()
		}
		return
	}
	r.flush()
	caption, cells, rows := r.layoutTable(n)
	if caption != "" {
		r.out.paragraph(caption, r.place)
	}
	for _, s := range r.segments(cells, rows) {
		if r.isData(s) {
			r.emitGrid(caption, s)
			continue
		}
		for _, c := range s.cells {
			r.children(c.node)
			r.flush()
		}
	}
}

// htmlSegment is a run of rows no cell reaches out of: data, or page layout.
type htmlSegment struct {
	first, rows int
	cells       []htmlCell
}

// segments cuts a table before and after each row that is one cell of running
// text or of further tables: such rows lay out a page around its data.
func (r *htmlReader) segments(cells []htmlCell, rows int) []htmlSegment {
	var out []htmlSegment
	var open *htmlSegment
	for at := 0; at < len(cells); {
		band := htmlSegment{first: cells[at].row, rows: 1}
		end := at
		for end < len(cells) && cells[end].row < band.first+band.rows {
			band.rows = max(band.rows, cells[end].row+cells[end].rowSpan-band.first)
			end++
		}
		band.cells, at = cells[at:end], end
		m := r.measures[band.cells[0].node]
		if len(band.cells) == 1 && (m.tables > 0 || m.article()) {
			out, open = append(out, band), nil
			continue
		}
		if open == nil {
			out = append(out, band)
			open = &out[len(out)-1]
			continue
		}
		open.cells = cells[end-len(band.cells)-len(open.cells) : end]
		open.rows = band.first + band.rows - open.first
	}
	return out
}

// isData tells a grid of data from cells that lay out text. Where cells hold
// running text or further tables, two rows with two plain values each are
// needed to call it data.
func (r *htmlReader) isData(s htmlSegment) bool {
	filled, rich := 0, false
	columns := map[int]bool{}
	plainInRow := map[int]int{}
	for _, c := range s.cells {
		m := r.measures[c.node]
		columns[c.col] = true
		if m.runes > 0 {
			filled++
		}
		switch {
		case m.tables > 0 || m.article():
			rich = true
		case m.runes > 0:
			plainInRow[c.row]++
		}
	}
	if len(columns) < 2 || s.rows == 1 && filled < 2 {
		return false
	}
	if !rich {
		return true
	}
	rows := 0
	for _, plain := range plainInRow {
		if plain >= 2 {
			rows++
		}
	}
	return rows >= 2
}

// emitGrid adds a segment as a grid, then the tables that stood in its cells.
func (r *htmlReader) emitGrid(caption string, s htmlSegment) {
	g := &document.Grid{Rows: s.rows, Name: caption, Cells: make([]document.Cell, 0, len(s.cells))}
	r.tables++
	columns, count := startingColumns(s.cells)
	g.Cols = count
	var inner []*html.Node
	for _, c := range s.cells {
		from, to := columns[c.col], columns[c.col+c.colSpan]
		text, tables := r.cellText(c.node)
		inner = append(inner, tables...)
		g.Cells = append(g.Cells, document.Cell{
			Row: c.row - s.first, Col: from, RowSpan: c.rowSpan, ColSpan: to - from, Text: text,
			Address: fmt.Sprintf("表%d 第%d行第%d列", r.tables, c.row-s.first+1, from+1),
		})
	}
	r.out.grid(g, r.place)
	for _, t := range inner {
		r.tableInFlow(t)
	}
}

// cellText is a cell's text, one line a paragraph or <br>, and the tables in it.
func (r *htmlReader) cellText(n *html.Node) (string, []*html.Node) {
	lines, hoisted := r.lines, r.hoisted
	r.lines, r.hoisted, r.inCell = nil, nil, true
	r.children(n)
	r.breakLine()
	text, tables := strings.Join(r.lines, "\n"), r.hoisted
	r.lines, r.hoisted, r.inCell = lines, hoisted, false
	return text, tables
}
