package interpret

import (
	"slices"

	"mingjing/internal/intake/document"
)

// outcome is a value cell of a lineBlock with what its surroundings say of its
// column: 结果维持, under 行政诉讼 and 复议后起诉.
type outcome struct {
	label  label
	groups []label
	line   *line // to be marked as used
	cell   *lineCell
	place  *line
	band   *band
	// problem: the line's values cannot be told apart.
	problem string
}

// readLineBlock reads a block whose one row has no label: table 四, printed as
// one row of fifteen, as three rows or three tables of five, or upright.
func (m *matcher) readLineBlock(out *tablesFound, lb *lineBlock, lines []*line, parts *partLookup) {
	var all []outcome
	for _, own := range bySheet(lines) {
		found := lb.across(own, parts)
		if len(found) == 0 && !own[0].sheet.run && lb.countLeaves(own) >= 3 {
			found = lb.across(turned(own), parts)
		}
		all = append(all, found...)
	}
	all = lb.chooseBands(all, parts)
	if pairs := lb.assign(all); pairs != nil {
		m.putOutcomes(out, lb, all, pairs)
		return
	}
	if ln := lb.unlabelledLine(lines, parts); ln != nil {
		m.putByOrder(out, lb, ln)
	}
}

// bySheet groups lines that no table has used by their grid.
func bySheet(lines []*line) [][]*line {
	var out [][]*line
	for _, ln := range lines {
		if ln.used {
			continue
		}
		if n := len(out); n > 0 && out[n-1][0].sheet == ln.sheet {
			out[n-1] = append(out[n-1], ln)
			continue
		}
		out = append(out, []*line{ln})
	}
	return out
}

// labelRole says what a label is to a lineBlock.
type labelRole struct{ leaf, group bool }

// isLeaf says that a label is that of a column: 结果维持.
func (lb *lineBlock) isLeaf(l label) bool { return lb.role(l).leaf }

// isGroup says that a label is that of a group of columns: 行政复议.
func (lb *lineBlock) isGroup(l label) bool { return lb.role(l).group }

func (lb *lineBlock) role(l label) labelRole {
	if r, ok := lb.seen.Load(l.full); ok {
		return r.(labelRole)
	}
	r := labelRole{group: slices.ContainsFunc(lb.groups, func(g label) bool { return similarity(l, g) > 0 })}
	for i, c := range lb.columns {
		if i > 0 && c.axis.Label == lb.columns[0].axis.Label {
			break // the labels come again in the next group
		}
		r.leaf = r.leaf || c.match(l) > 0
	}
	if lb.remembered.Add(1) < mostRemembered {
		lb.seen.Store(l.full, r)
	}
	return r
}

func (lb *lineBlock) countLeaves(lines []*line) int {
	n := 0
	for _, ln := range lines {
		for _, c := range ln.cells {
			if c.class == classText && !c.carried && lb.isLeaf(c.label) {
				n++
			}
		}
	}
	return n
}

// turned lays lines out with rows and columns exchanged.
func turned(lines []*line) []*line {
	s := lines[0].sheet
	g := &document.Grid{Rows: s.grid.Cols, Name: s.grid.Name}
	back := map[int]*line{}
	top := lines[0].row
	for _, ln := range lines {
		g.Cols = max(g.Cols, ln.row-top+1)
		back[ln.row-top] = ln
		for _, c := range ln.cells {
			if !c.carried {
				g.Cells = append(g.Cells, document.Cell{Row: c.cell.Col, Col: ln.row - top, RowSpan: c.cell.ColSpan, ColSpan: c.cell.RowSpan, Text: c.cell.Text, Address: c.cell.Address})
			}
		}
	}
	t := newSheet(g, s.block, s.place)
	for _, ln := range t.lines {
		ln.turnedFrom = lines
	}
	return t.lines
}

// band is a header with the lines of values under it.
type band struct {
	heads  headLines
	leaves []lineCell
	tops   []lineCell // cells of groups
	body   []*line
}

// across reads bands of leaves with values below.
func (lb *lineBlock) across(lines []*line, parts *partLookup) []outcome {
	if len(lines) > 0 && lines[0].sheet.run {
		return lb.alongRun(lines)
	}
	var out []outcome
	b := &band{}
	for _, ln := range lines {
		leaves := 0
		for _, c := range ln.cells {
			if c.class == classText && lb.isLeaf(c.label) {
				leaves++
			}
		}
		switch {
		case leaves >= 2:
			if len(b.body) > 0 {
				out = append(out, b.outcomes(lb, parts)...)
				b = &band{}
			}
			b.add(lb, ln, true)
		case len(b.leaves) == 0:
			b.add(lb, ln, false)
		case ln.inner < 0 || ln.values > 0 || lb.isGroup(ln.cells[ln.inner].label) && ln.cells[ln.inner].col < b.leftmost():
			b.body = append(b.body, ln)
		default:
			out = append(out, b.outcomes(lb, parts)...)
			b = &band{}
			b.add(lb, ln, false)
		}
	}
	return append(out, b.outcomes(lb, parts)...)
}

// leftmost is the first column of the leaves: a group's name left of it names
// its line, one over it heads the next table.
func (b *band) leftmost() int {
	left := b.leaves[0].col
	for _, c := range b.leaves {
		left = min(left, c.col)
	}
	return left
}

// add takes a header line's cells into the band; a lone 总计 in some line above
// is no leaf.
func (b *band) add(lb *lineBlock, ln *line, leaves bool) {
	if leaves || slices.ContainsFunc(ln.cells, func(c lineCell) bool { return c.class == classText && lb.isGroup(c.label) }) {
		b.heads = append(b.heads, ln)
	}
	for _, c := range ln.cells {
		switch {
		case c.class != classText || c.carried:
		case leaves && lb.isLeaf(c.label):
			b.leaves = append(b.leaves, c)
		case lb.isGroup(c.label):
			b.tops = append(b.tops, c)
		}
	}
}

// outcomes pairs the band's leaves with the values below them.
func (b *band) outcomes(lb *lineBlock, parts *partLookup) []outcome {
	if len(b.leaves) < 2 {
		return nil
	}
	if len(b.leaves) > 8*len(lb.columns) {
		return nil // words of a header all over a sheet, no table of this form
	}
	leaves := b.distinct(len(lb.columns))
	crossed := overlapping(leaves)
	var out []outcome
	body := b.bodyLines(lb)
	over := make([][]label, len(leaves))
	if !crossed {
		for i, leaf := range leaves {
			over[i] = b.over(leaf)
		}
	}
	// The names of groups over a complete line are used when each leaf has one;
	// above ragged columns they err, and only their order tells.
	whole := len(leaves) == len(lb.columns) && len(body) == 1
	if name, ok := b.soleGroup(); ok && len(leaves) < len(lb.columns) {
		for i := range over {
			over[i] = []label{name}
		}
	}
	disordered := false
	if whole && slices.ContainsFunc(over, func(names []label) bool { return len(names) == 0 }) {
		clear(over)
		disordered = !b.inOrder(lb)
	}
	for _, ln := range body {
		var own []label
		for _, c := range ln.cells {
			if c.class == classText {
				own = append(own, c.label)
			}
		}
		cells, problem := b.valuesUnder(lb, ln, leaves, crossed)
		if disordered {
			cells, problem = nil, problemOrder
		}
		if cells == nil {
			cells = make([]*lineCell, len(leaves))
		}
		for i, leaf := range leaves {
			o := outcome{label: leaf.label, groups: slices.Clone(own), line: ln, cell: cells[i], place: ln, band: b, problem: problem}
			o.groups = append(o.groups, over[i]...)
			if !whole && len(o.groups) == 0 && len(leaves) < len(lb.columns) {
				if before := parts.paragraphBefore(ln.sheet); before.text != "" && lb.isGroup(before) {
					o.groups = append(o.groups, before)
				} else if len(b.tops) > 0 && crossed {
					for _, top := range b.tops {
						o.groups = append(o.groups, top.label)
					}
				}
			}
			out = append(out, o)
		}
		for _, head := range b.heads {
			head.header = true
		}
	}
	return out
}

// soleGroup is the name of the one group that the header names, on a line of
// its own: it stands over all leaves, though the file does not merge its cell.
func (b *band) soleGroup() (label, bool) {
	if len(b.tops) != 1 {
		return label{}, false
	}
	for _, ln := range b.heads {
		if _, alone := ln.text(); alone && ln.row == b.tops[0].cell.Row {
			return b.tops[0].label, true
		}
	}
	return label{}, false
}

// inOrder says that each line of the header names groups in the form's order.
func (b *band) inOrder(lb *lineBlock) bool {
	lines := map[int][]label{}
	for _, top := range b.tops {
		lines[top.cell.Row] = append(lines[top.cell.Row], top.label)
	}
	for _, names := range lines {
		if !lb.inOrder(names) {
			return false
		}
	}
	return true
}

// over is the names of the groups that stand over a leaf.
func (b *band) over(leaf lineCell) []label {
	var out []label
	for _, top := range b.tops {
		if top.col < leaf.col+leaf.span && leaf.col < top.col+top.span && top.cell.Row < leaf.cell.Row {
			out = append(out, top.label)
		}
	}
	return out
}

// distinct is the band's leaves; of those that an unmerged header repeats one
// over the other, the lowest. As many as the form has are all distinct: then
// the rows of a header stand over each other because the grid is ragged.
func (b *band) distinct(columns int) []lineCell {
	if len(b.leaves) <= columns {
		return b.leaves
	}
	var out []lineCell
	for i, c := range b.leaves {
		repeated := slices.ContainsFunc(b.leaves[i+1:], func(later lineCell) bool {
			return later.col == c.col && later.span == c.span && later.label.text == c.label.text
		})
		if !repeated {
			out = append(out, c)
		}
	}
	return out
}

// overlapping says that leaves stand over each other in the same columns: the
// grid's columns are not those that were printed.
func overlapping(leaves []lineCell) bool {
	for i, a := range leaves {
		for _, b := range leaves[i+1:] {
			if a.col < b.col+b.span && b.col < a.col+a.span {
				return true
			}
		}
	}
	return false
}

// bodyLines are the lines to read: those that name a group, or else the first
// line with values, or the first.
func (b *band) bodyLines(lb *lineBlock) []*line {
	var named []*line
	var filled *line
	for _, ln := range b.body {
		switch {
		case slices.ContainsFunc(ln.cells, func(c lineCell) bool { return c.class == classText && lb.isGroup(c.label) }):
			named = append(named, ln)
		case filled == nil && countClass(ln, classValue) > 0:
			filled = ln
		}
	}
	switch {
	case len(named) > 0:
		return named
	case filled != nil:
		return []*line{filled}
	case len(b.body) > 0:
		return b.body[:1]
	}
	return nil
}
