package interpret

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// problemOrder: columns or groups stand in another order than the form's, and
// the print does not say which value belongs to which.
const problemOrder = "表头各栏的次序与规定表式不同,不能确定数字属于哪一栏"

// valuesUnder finds the value of each leaf: by column, or by order where the
// grid's columns are not those that were printed. nil with a problem when
// neither tells.
func (b *band) valuesUnder(lb *lineBlock, ln *line, leaves []lineCell, crossed bool) ([]*lineCell, string) {
	rest := behindLabels(ln)
	if !crossed && b.columnsHold(lb, ln, rest, leaves) {
		return underLeaves(rest, leaves)
	}
	if b.spares(lb) > lastLabel(ln)+1 {
		return nil, problemCount // one of the numbers is a number of the line, or a sum
	}
	if values := completeRun(rest); len(values) == len(leaves) {
		return values, ""
	}
	rest = slices.DeleteFunc(rest, isHole)
	if !crossed || len(rest) < len(leaves) {
		return nil, problemCount
	}
	for _, c := range rest[len(leaves):] {
		if c.class != classBlank {
			return nil, problemCount
		}
	}
	return rest[:len(leaves)], ""
}

// lastLabel is the index of a line's last label; -1 without one. A number that
// was folded over two lines (4/3) is no label, but cannot be read either.
func lastLabel(ln *line) int {
	for i := ln.inner; i >= 0; i-- {
		if c := ln.cells[i]; c.class == classText && strings.ContainsFunc(c.label.full, unicode.IsLetter) {
			return i
		}
	}
	return -1
}

// behindLabels is a line's cells behind its last label.
func behindLabels(ln *line) []*lineCell {
	var out []*lineCell
	for i := lastLabel(ln) + 1; i < len(ln.cells); i++ {
		out = append(out, &ln.cells[i])
	}
	return out
}

// isHole says that the file has no cell here: a short row of a text.
func isHole(c *lineCell) bool { return c.class == classBlank && c.cell.Address == "" }

// columnsHold says that the line keeps to the columns of its header: no label
// reaches under a leaf, no number stands outside the columns that the header
// names, and a line of text is not cut short.
func (b *band) columnsHold(lb *lineBlock, ln *line, rest []*lineCell, leaves []lineCell) bool {
	under := func(c *lineCell) bool {
		return slices.ContainsFunc(leaves, func(leaf lineCell) bool { return c.col < leaf.col+leaf.span && leaf.col < c.col+c.span })
	}
	for i := 0; i <= lastLabel(ln); i++ {
		if ln.cells[i].class == classText && under(&ln.cells[i]) {
			return false
		}
	}
	values := 0
	for _, c := range rest {
		switch {
		case c.class != classBlank && under(c):
			values++
		case c.class != classBlank && !b.heads.name(lb, c):
			return false
		case ln.sheet.padded && isHole(c) && under(c):
			return values == 0
		}
	}
	return true
}

// underLeaves takes the cells by column.
func underLeaves(rest []*lineCell, leaves []lineCell) ([]*lineCell, string) {
	out := make([]*lineCell, len(leaves))
	for i, leaf := range leaves {
		for _, c := range rest {
			if c.col >= leaf.col+leaf.span || leaf.col >= c.col+c.span {
				continue
			}
			switch {
			case out[i] == nil || out[i].class == classBlank:
				out[i] = c
			case c.class != classBlank:
				return nil, problemMerged // two numbers under one leaf
			}
		}
	}
	for i := 1; i < len(out); i++ {
		if out[i] != nil && out[i] == out[i-1] && out[i].class != classBlank {
			return nil, problemMerged // one number under two leaves
		}
	}
	return out, ""
}

// headLines are the lines of a band's header.
type headLines []*line

// name says that a header cell that is none of the band's leaves stands over a
// cell outside them: 行次, 合计.
func (h headLines) name(lb *lineBlock, c *lineCell) bool {
	for _, ln := range h {
		for i := range ln.cells {
			if top := &ln.cells[i]; (isSpare(lb, top) || top.class == classText && lb.isLeaf(top.label)) && top.col < c.col+c.span && c.col < top.col+top.span {
				return true
			}
		}
	}
	return false
}

// longestSpare is the length of the names of columns that are none of the
// form's; a title over the table is longer.
const longestSpare = 6

func isSpare(lb *lineBlock, c *lineCell) bool {
	return c.class == classText && !lb.isLeaf(c.label) && !lb.isGroup(c.label) && utf8.RuneCountInString(c.label.full) <= longestSpare ||
		c.class == classText && ordinalNames[c.label.text]
}

// ordinalNames head a column that numbers the lines.
var ordinalNames = map[string]bool{"行次": true, "序号": true, "行号": true, "编号": true, "栏次": true, "项次": true, "代码": true}

// spares counts the header's columns that are none of the form's.
func (b *band) spares(lb *lineBlock) int {
	n := 0
	for _, ln := range b.heads {
		for i := range ln.cells {
			if c := &ln.cells[i]; !c.carried && isSpare(lb, c) {
				n++
			}
		}
	}
	return n
}

// inOrder says that names of groups, as read line by line, stand in the form's
// order.
func (lb *lineBlock) inOrder(names []label) bool {
	last := -1
	for _, name := range names {
		at := lb.firstOf(name)
		if at < last {
			return false
		}
		last = at
	}
	return true
}

// firstOf is the first column of the group that a label names best.
func (lb *lineBlock) firstOf(l label) int {
	best, at := 0.0, -1
	for g := range lb.groups {
		if s := similarity(l, lb.groups[g]); s > best {
			best, at = s, slices.Index(lb.members[g], true)
		}
	}
	return at
}

// chooseBands leaves out tables with the form's words that stand elsewhere in
// the text, when there is one under the heading of its part, or a complete one.
func (lb *lineBlock) chooseBands(all []outcome, parts *partLookup) []outcome {
	headed := slices.DeleteFunc(slices.Clone(all), func(o outcome) bool { return parts.tableBefore(o.line.origin()) != lb.table })
	if len(headed) > 0 && len(headed) < len(all) && 3*len(headed) >= len(lb.columns) {
		all = headed
	}
	if len(all) <= len(lb.columns) {
		return all
	}
	size := map[*band]int{}
	for _, o := range all {
		size[o.band]++
	}
	for _, o := range all {
		if o.band != nil && size[o.band] == len(lb.columns) {
			return slices.DeleteFunc(slices.Clone(all), func(p outcome) bool { return p.band != o.band })
		}
	}
	return all
}

// origin is the line of the document that a line was turned from, or itself.
func (ln *line) origin() *line {
	if len(ln.turnedFrom) > 0 {
		return ln.turnedFrom[0]
	}
	return ln
}

// alongRun reads runs: leaves, then as many values.
func (lb *lineBlock) alongRun(lines []*line) []outcome {
	var out []outcome
	for _, ln := range lines {
		var leaves, tops []label
		var behind []*lineCell
		spare := false
		for i := range ln.cells {
			switch c := &ln.cells[i]; {
			case c.class == classText && lb.isLeaf(c.label):
				leaves = append(leaves, c.label)
			case c.class == classText && lb.isGroup(c.label):
				tops = append(tops, c.label)
			case isSpare(lb, c):
				spare = true
			case i > lastLabel(ln):
				behind = append(behind, c)
			}
		}
		values := completeRun(behind)
		if len(leaves) < 2 || spare || len(values) != len(leaves) {
			continue
		}
		ordered := lb.inOrder(tops)
		for i := range leaves {
			o := outcome{label: leaves[i], line: ln, place: ln, cell: values[i]}
			if len(leaves) < len(lb.columns) {
				o.groups = tops
			} else if !ordered {
				o.problem = problemOrder
			}
			out = append(out, o)
		}
	}
	return out
}
