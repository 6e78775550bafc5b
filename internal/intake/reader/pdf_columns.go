package reader

import (
	"slices"
	"strings"
	"unicode"

	"mingjing/internal/intake/document"
)

// A table without drawn lines is told by its figures: lines on which figures
// stand apart, under one another. Its columns are where they stand, its rows
// the lines that hold them; folded labels are gathered to the nearest row.

// segment is a run of text between wide gaps.
type segment struct {
	textLine
	figure bool
}

// columnLine is a printed line cut into segments.
type columnLine struct {
	line     textLine
	segments []segment
	figures  int
}

const (
	minFigures     = 6   // in a table at least
	segmentGap     = 0.9 // of the type's size parts two segments
	maxLineGap     = 3.0 // of the type's size between lines of one table
	foldedLabelGap = 0.6 // of the type's size between lines of one label
	maxFolds       = 12  // lines of one label
)

// findColumns takes the unruled tables out of the lines, and returns the rest.
func findColumns(lines []textLine) ([]placedGrid, []textLine) {
	cut := make([]columnLine, len(lines))
	for i, l := range lines {
		cut[i] = cutLine(l)
	}
	var tables []placedGrid
	var rest []textLine
	for i := 0; i < len(cut); {
		from, to := region(cut, i)
		if from < 0 {
			for ; i < len(cut); i++ {
				rest = append(rest, cut[i].line)
			}
			break
		}
		for ; i < from; i++ {
			rest = append(rest, cut[i].line)
		}
		tables = append(tables, placedGrid{cut[from].line.box.top, columnGrid(cut[from:to])})
		i = to
	}
	return tables, rest
}

func cutLine(l textLine) columnLine {
	out := columnLine{line: l}
	start := 0
	for i := 1; i <= len(l.glyphs); i++ {
		if i < len(l.glyphs) && l.glyphs[i].box.left-l.glyphs[i-1].box.right <= segmentGap*min(l.glyphs[i-1].size, l.glyphs[i].size) {
			continue
		}
		s := newSegment(l.glyphs[start:i], l.size)
		if s.figure {
			out.figures++
		}
		out.segments = append(out.segments, s)
		start = i
	}
	return out
}

func newSegment(glyphs []glyph, size float64) segment {
	s := segment{textLine: textLine{glyphs: glyphs, size: size, box: glyphs[0].box}}
	for _, g := range glyphs {
		s.box = s.box.union(g.box)
	}
	s.figure = isFigure(s.text())
	return s
}

// isFigure says that the text can be the answer in a cell: a number or a mark
// for none.
func isFigure(text string) bool {
	if slices.Contains([]string{"/", "-", "—", "——", "无"}, text) {
		return true
	}
	digits := false
	for _, r := range text {
		if !unicode.IsDigit(r) && !strings.ContainsRune(".,,. 万元件条%", r) {
			return false
		}
		digits = digits || unicode.IsDigit(r)
	}
	return digits
}

// holdsFigures says that the line is a row: a figure stands apart on it.
func (c columnLine) holdsFigures() bool { return c.figures > 0 && len(c.segments) > 1 }

// region finds the first table at or after line i, as the half-open range of
// its lines; from is -1 when there is none.
func region(cut []columnLine, i int) (from, to int) {
	for ; i < len(cut); i++ {
		if !cut[i].holdsFigures() {
			continue
		}
		first, last, figures := i, i, cut[i].figures
		for k := i + 1; k < len(cut) && adjacent(cut[k-1], cut[k]); k++ {
			if cut[k].holdsFigures() {
				last = k
				figures += cut[k].figures
			}
		}
		if figures < minFigures {
			i = last
			continue
		}
		values := valueLeft(cut[first : last+1])
		for first > 0 && adjacent(cut[first-1], cut[first]) && aboveColumns(cut[first-1], values) {
			first--
		}
		for last+1 < len(cut) && folded(cut[last], cut[last+1]) && cut[last+1].line.box.right < values {
			last++
		}
		return first, last + 1
	}
	return -1, -1
}

// adjacent says that the line may belong to the same table as the one above:
// near, and no line of prose from margin to margin.
func adjacent(above, below columnLine) bool {
	size := max(above.line.size, below.line.size)
	return below.line.box.top-above.line.box.bottom < maxLineGap*size &&
		above.line.size < 1.3*below.line.size && below.line.size < 1.3*above.line.size
}

func folded(above, below columnLine) bool {
	return below.line.box.top-above.line.box.bottom < foldedLabelGap*below.line.size
}

// valueLeft is where the first column of figures begins.
func valueLeft(cut []columnLine) float64 {
	left := cut[0].line.box.right
	for _, c := range cut {
		for _, s := range c.segments {
			if s.figure {
				left = min(left, s.box.left)
			}
		}
	}
	return left
}

// aboveColumns says that the line heads columns: in several pieces, or over
// the figures only.
func aboveColumns(c columnLine, values float64) bool {
	return len(c.segments) > 1 || c.line.box.left > values-2*c.line.size
}

// columnGrid places the lines of a table in rows and columns.
func columnGrid(cut []columnLine) *document.Grid {
	columns, figuresFrom := columnSpans(cut)
	g := &document.Grid{Cols: len(columns)}
	type position struct{ row, col int }
	gathered := map[position][]glyph{}
	spans := map[position]int{}
	rows := gatherRows(cut)
	for i, c := range cut {
		g.Rows = max(g.Rows, rows[i]+1)
		for _, s := range partLabels(c.segments, figuresFrom) {
			first, last := touching(columns, s.box)
			at := position{rows[i], first}
			gathered[at] = append(gathered[at], s.glyphs...)
			spans[at] = max(spans[at], last-first+1)
		}
	}
	for r := range g.Rows {
		for c := 0; c < g.Cols; c++ {
			glyphs, ok := gathered[position{r, c}]
			if !ok {
				continue
			}
			span := spans[position{r, c}]
			for k := c + 1; k < c+span; k++ {
				if _, taken := gathered[position{r, k}]; taken {
					span = k - c
				}
			}
			g.Cells = append(g.Cells, document.Cell{Row: r, Col: c, RowSpan: 1, ColSpan: span, Text: cellText(glyphs)})
		}
	}
	return g
}

// columnSpans are the columns from left to right: those of the figures by where
// figures stand, and left of them those of the labels by where labels begin.
// figuresFrom is where the first column of figures begins.
func columnSpans(cut []columnLine) (columns []box, figuresFrom float64) {
	var figures, labels []box
	for _, c := range cut {
		if !c.holdsFigures() {
			continue
		}
		for _, s := range c.segments {
			if s.figure {
				figures = append(figures, s.box)
			}
		}
	}
	columns = overlapping(figures, 0)
	first := columns[0].left
	for _, c := range cut {
		for _, s := range c.segments {
			if s.box.left < first && !s.figure && (c.holdsFigures() || s.box.right < first) {
				labels = append(labels, box{s.box.left, 0, s.box.left, 0})
			}
		}
	}
	starts := overlapping(labels, 1.2*cut[0].line.size)
	for i := range starts {
		starts[i].right = first
		if i+1 < len(starts) {
			starts[i].right = starts[i+1].left
		}
	}
	return append(starts, columns...), first
}

// partLabels cuts a figure off the end of a label that runs up to it.
func partLabels(segments []segment, figuresFrom float64) []segment {
	var out []segment
	for _, s := range segments {
		k := slices.IndexFunc(s.glyphs, func(g glyph) bool { return g.box.left > figuresFrom-0.3*g.size })
		if k > 0 && !s.figure {
			if tail := newSegment(s.glyphs[k:], s.size); tail.figure {
				out = append(out, newSegment(s.glyphs[:k], s.size), tail)
				continue
			}
		}
		out = append(out, s)
	}
	return out
}

// overlapping joins the boxes that overlap from left to right, or stand nearer
// than slack.
func overlapping(boxes []box, slack float64) []box {
	slices.SortFunc(boxes, func(a, b box) int { return compareFloats(a.left, b.left) })
	var out []box
	for _, b := range boxes {
		if n := len(out); n > 0 && b.left <= out[n-1].right+slack {
			out[n-1].right = max(out[n-1].right, b.right)
			continue
		}
		out = append(out, b)
	}
	return out
}

// touching are the first and last column that the box stands in or over; the
// nearest one when it stands between.
func touching(columns []box, b box) (first, last int) {
	first, last = -1, -1
	for i, c := range columns {
		if min(b.right, c.right)-max(b.left, c.left) > 0.3*min(b.width(), max(c.width(), 1)) {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first >= 0 {
		return first, last
	}
	best := 0
	for i, c := range columns {
		if distance(c, b.centerX()) < distance(columns[best], b.centerX()) {
			best = i
		}
	}
	return best, best
}

func distance(c box, x float64) float64 { return max(c.left-x, x-c.right, 0) }

// gatherRows gives each line its row. A line without figures that follows or
// precedes a row closely is a fold of that row's label; otherwise it is a row.
func gatherRows(cut []columnLine) []int {
	anchor := make([]int, len(cut)) // the line that i belongs to
	for i, c := range cut {
		anchor[i] = i
		if c.holdsFigures() {
			continue
		}
		above, below := -1, -1
		for k := i - 1; k >= max(0, i-maxFolds) && folded(cut[k], cut[k+1]); k-- {
			if cut[k].holdsFigures() {
				above = k
				break
			}
		}
		for k := i + 1; k < min(len(cut), i+maxFolds) && folded(cut[k-1], cut[k]); k++ {
			if cut[k].holdsFigures() {
				below = k
				break
			}
		}
		up, down := -1.0, -1.0
		if above >= 0 {
			up = c.line.box.top - cut[above].line.box.bottom
		}
		if below >= 0 {
			down = cut[below].line.box.top - c.line.box.bottom
		}
		switch {
		case above >= 0 && (below < 0 || up <= down):
			anchor[i] = above
		case below >= 0 && hasAnchorAbove(cut[:i]):
			anchor[i] = below
		}
	}
	rows := make([]int, len(cut))
	row := -1
	for i := range cut {
		if anchor[i] >= i || row < 0 { // a new row, or a label that goes on below
			if i == 0 || anchor[i] != anchor[i-1] {
				row++
			}
		}
		rows[i] = row
	}
	return rows
}

// hasAnchorAbove tells a folded label from the heads of columns, which stand
// above all figures.
func hasAnchorAbove(cut []columnLine) bool {
	return slices.ContainsFunc(cut, columnLine.holdsFigures)
}
