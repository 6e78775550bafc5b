package demo

import (
	"slices"

	"mingjing/internal/disclosure"
)

// box is one cell of a printed table.
type box struct {
	text       string
	rows, cols int
}

// layout is a table as printed: its rows of boxes, where a box that a merged
// one above or to the left covers is left out.
type layout struct {
	report *disclosure.Report
	width  int // columns
	rows   [][]box
}

// lay prints the blocks of a table one under the other, all as wide as the
// widest.
func lay(r *disclosure.Report, t *disclosure.Table) *layout {
	l := &layout{report: r}
	for i := range t.Blocks {
		l.width = max(l.width, labelDepth(rowsOf(r, t, &t.Blocks[i]))+len(t.Blocks[i].Columns))
	}
	for i := range t.Blocks {
		l.block(t, &t.Blocks[i])
	}
	return l
}

func (l *layout) row(boxes ...box) { l.rows = append(l.rows, boxes) }

func (l *layout) block(t *disclosure.Table, b *disclosure.Block) {
	rows := rowsOf(l.report, t, b)
	left := labelDepth(rows)
	if b.Heading != "" {
		l.row(box{b.Heading, 1, l.width})
	}
	// The last column takes what a narrower block leaves.
	slack := l.width - left - len(b.Columns)
	l.head(b, left, slack)
	for i, row := range rows {
		line := labels(rows, i, left)
		for c, col := range b.Columns {
			span := 1
			if c == len(b.Columns)-1 {
				span += slack
			}
			line = append(line, box{printed(l.report.Cells[t.Code(row.Key, col.Key)]), 1, span})
		}
		l.row(line...)
	}
}

// head prints the column heads, groups over their members.
func (l *layout) head(b *disclosure.Block, left, slack int) {
	depth := 1
	for _, c := range b.Columns {
		depth = max(depth, len(c.Groups)+1)
	}
	var corner []box
	if left > 0 {
		corner = []box{{b.Corner, depth, left}}
	}
	if b.ColumnHeading != "" && left > 0 {
		corner[0].rows++
		l.row(corner[0], box{b.ColumnHeading, 1, len(b.Columns) + slack})
		corner = nil
	}
	for level := range depth {
		line := corner
		corner = nil
		for c := 0; c < len(b.Columns); c++ {
			groups := b.Columns[c].Groups
			span := 1
			if c == len(b.Columns)-1 {
				span += slack
			}
			switch {
			case level == len(groups):
				line = append(line, box{b.Columns[c].Label, depth - level, span})
			case level < len(groups):
				n := members(b.Columns[c:], level)
				line = append(line, box{groups[level], 1, n})
				c += n - 1
			}
		}
		l.row(line...)
	}
}

// labels is a row's label behind the groups that begin with it.
func labels(rows []disclosure.Axis, i, left int) (out []box) {
	if left == 0 {
		return nil
	}
	groups := rows[i].Groups
	for level, g := range groups {
		if i == 0 || !sameGroups(rows[i-1].Groups, groups, level) {
			out = append(out, box{g, members(rows[i:], level), 1})
		}
	}
	return append(out, box{rows[i].Label, 1, left - len(groups)})
}

// members counts how many of the axes share the first one's groups down to a
// level.
func members(axes []disclosure.Axis, level int) int {
	n := 1
	for n < len(axes) && sameGroups(axes[0].Groups, axes[n].Groups, level) {
		n++
	}
	return n
}

func sameGroups(a, b []string, level int) bool {
	if len(a) <= level || len(b) <= level {
		return false
	}
	for i := range level + 1 {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// labelDepth is how many columns the row labels take.
func labelDepth(rows []disclosure.Axis) int {
	depth := 0
	for _, r := range rows {
		if r.Label != "" {
			depth = max(depth, len(r.Groups)+1)
		}
	}
	return depth
}

// rowsOf lists the rows the report prints: an alternate in the place of the
// rows it stands for, or before them when the report fills both.
func rowsOf(r *disclosure.Report, t *disclosure.Table, b *disclosure.Block) []disclosure.Axis {
	var out []disclosure.Axis
	done := map[string]bool{}
	for _, row := range b.Rows {
		for _, alt := range b.Alternates {
			if !slices.Contains(alt.Replaces, row.Key) || !fills(r, t, b, alt.Row.Key) {
				continue
			}
			if !done[alt.Row.Key] {
				out = append(out, alt.Row)
			}
			done[alt.Row.Key] = true
			done[row.Key] = !slices.ContainsFunc(alt.Replaces, func(key string) bool { return fills(r, t, b, key) })
		}
		if !done[row.Key] {
			out = append(out, row)
		}
	}
	return out
}

// fills says whether the row has something in it.
func fills(r *disclosure.Report, t *disclosure.Table, b *disclosure.Block, row string) bool {
	for _, col := range b.Columns {
		if c, ok := r.Cells[t.Code(row, col.Key)]; ok && c.Kind != disclosure.CellBlank {
			return true
		}
	}
	return false
}
