package reader

import (
	"regexp"
	"slices"
	"strings"

	"mingjing/internal/intake/document"
)

// pageLayout is a page taken apart into tables and the lines between them.
type pageLayout struct {
	width, height float64
	lines         []textLine
	tables        []placedGrid
}

// placedGrid is a table and the height at which it begins.
type placedGrid struct {
	top  float64
	grid *document.Grid
}

// layOut takes the ruled tables out of the page, then the unruled ones.
func layOut(p *pdfPage) pageLayout {
	layout := pageLayout{width: p.width, height: p.height}
	tables := findLattices(p)
	var rest []glyph
	for _, g := range p.glyphs {
		inside := slices.ContainsFunc(tables, func(t *lattice) bool { return t.cellAt(g.box.centerX(), g.box.centerY()) != nil })
		if !inside {
			rest = append(rest, g)
		}
	}
	for _, t := range tables {
		layout.tables = append(layout.tables, placedGrid{t.bounds.top, t.grid()})
	}
	lines := groupLines(rest)
	for i := range lines {
		lines[i].page = p.number
	}
	unruled, lines := findColumns(lines)
	layout.tables = append(layout.tables, unruled...)
	layout.lines = lines
	return layout
}

// grid is the table with its cells' text.
func (t *lattice) grid() *document.Grid {
	g := &document.Grid{Rows: len(t.ys) - 1, Cols: len(t.xs) - 1}
	for _, c := range t.cells {
		g.Cells = append(g.Cells, document.Cell{
			Row: c.row, Col: c.col, RowSpan: c.rows, ColSpan: c.cols, Text: cellText(c.glyphs),
		})
	}
	return g
}

// pageNumber is a line that is a page number and nothing else: 3, — 3 —, -3-,
// 第3页, 第 3 页 共 10 页, 3/10.
var pageNumber = regexp.MustCompile(`^[-—–―~·•\s]*(第\s*)?\d{1,4}(\s*页)?(\s*[,,/]?\s*共?\s*\d{1,4}\s*页?)?[-—–―~·•\s]*$`)

// marginShare is the part of a page's height, at its head and foot, in which
// page numbers and running heads stand.
const marginShare = 0.12

// dropRunningHeads takes out page numbers, and lines that stand at the same
// height in the margin of at least three pages and half of all, the digits in
// them apart.
func dropRunningHeads(layouts []pageLayout) {
	type spot struct {
		text   string
		height int
	}
	seen := map[spot]int{}
	digits := regexp.MustCompile(`\d+`)
	where := func(l textLine) spot {
		return spot{digits.ReplaceAllString(l.text(), "#"), int(l.box.centerY() / 6)}
	}
	pages := 0
	for _, layout := range layouts {
		if len(layout.lines)+len(layout.tables) > 0 {
			pages++
		}
		for _, l := range layout.lines {
			if layout.inMargin(l) {
				at := where(l)
				seen[at]++
			}
		}
	}
	for i := range layouts {
		layout := &layouts[i]
		layout.lines = slices.DeleteFunc(layout.lines, func(l textLine) bool {
			if !layout.inMargin(l) {
				return false
			}
			n := seen[where(l)]
			return pageNumber.MatchString(strings.TrimSpace(l.text())) || n >= 3 && 2*n >= pages
		})
	}
}

func (l pageLayout) inMargin(line textLine) bool {
	return line.box.centerY() < marginShare*l.height || line.box.centerY() > (1-marginShare)*l.height
}
