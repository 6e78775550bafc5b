package web

import (
	"mingjing/internal/disclosure"
)

// gridCell is a cell of a printed table: a label (Head), or a figure (Code).
type gridCell struct {
	Text    string
	Head    bool
	Colspan int
	Rowspan int
	Code    disclosure.Code
	Scope   string // of a head: "col", "row", "colgroup", "rowgroup"
}

type gridRow []gridCell

// formGrid lays a table out as the national form prints it: labels merged over
// rows and columns. Alternate rows ((六)其他处理 as one) take the place of the
// rows they stand for when filled says that the report holds them.
func formGrid(t *disclosure.Table, filled func(disclosure.Code) bool) []gridRow {
	units := 1
	for i := range t.Blocks {
		units = leastCommonMultiple(units, len(t.Blocks[i].Columns))
	}
	var out []gridRow
	for i := range t.Blocks {
		b := &t.Blocks[i]
		rows := rowsToPrint(t, b, filled)
		labels := labelColumns(rows)
		span := units / len(b.Columns)
		if b.Heading != "" {
			out = append(out, gridRow{{Text: b.Heading, Head: true, Colspan: labels + units, Rowspan: 1, Scope: "colgroup"}})
		}
		out = append(out, headRows(b, labels, span)...)
		out = append(out, bodyRows(t, b, rows, labels, span)...)
	}
	return out
}

func leastCommonMultiple(a, b int) int {
	x, y := a, b
	for y != 0 {
		x, y = y, x%y
	}
	return a / x * b
}

func rowsToPrint(t *disclosure.Table, b *disclosure.Block, filled func(disclosure.Code) bool) []*disclosure.Axis {
	any := func(row *disclosure.Axis) bool {
		for i := range b.Columns {
			if filled(t.Code(row.Key, b.Columns[i].Key)) {
				return true
			}
		}
		return false
	}
	var out []*disclosure.Axis
	placed := map[string]bool{}
	for i := range b.Rows {
		row := &b.Rows[i]
		replaced := false
		for j := range b.Alternates {
			alt := &b.Alternates[j]
			for _, key := range alt.Replaces {
				if key != row.Key || !any(&alt.Row) {
					continue
				}
				if !placed[alt.Row.Key] {
					placed[alt.Row.Key] = true
					out = append(out, &alt.Row)
				}
				replaced = !any(row)
			}
		}
		if !replaced {
			out = append(out, row)
		}
	}
	return out
}

// labelColumns is how many columns the labels before the figures take.
func labelColumns(rows []*disclosure.Axis) int {
	n := 1
	for _, r := range rows {
		if r.Label == "" && len(r.Groups) == 0 {
			return 0
		}
		n = max(n, len(r.Groups)+1)
	}
	return n
}

// headRows are the column labels; groups of columns are merged over their
// members, and a group or label reaches down to the next line that has one.
func headRows(b *disclosure.Block, labels, span int) []gridRow {
	depth := 1
	for i := range b.Columns {
		depth = max(depth, len(b.Columns[i].Groups)+1)
	}
	extra := 0
	if b.ColumnHeading != "" {
		extra = 1
	}
	out := make([]gridRow, depth+extra)
	if labels > 0 {
		out[0] = append(out[0], gridCell{Text: b.Corner, Head: true, Colspan: labels, Rowspan: depth + extra, Scope: "col"})
	}
	if extra == 1 {
		out[0] = append(out[0], gridCell{Text: b.ColumnHeading, Head: true, Colspan: span * len(b.Columns), Rowspan: 1, Scope: "colgroup"})
	}
	for level := range depth {
		for i := 0; i < len(b.Columns); {
			col := &b.Columns[i]
			n := len(col.Groups)
			switch {
			case level < n:
				width := 1
				for i+width < len(b.Columns) && sameGroups(col.Groups, b.Columns[i+width].Groups, level) {
					width++
				}
				down := 1
				if level == n-1 {
					down = depth - n
				}
				out[level+extra] = append(out[level+extra], gridCell{Text: col.Groups[level], Head: true, Colspan: width * span, Rowspan: down, Scope: "colgroup"})
				i += width
				continue
			case n == 0 && level == 0:
				out[extra] = append(out[extra], gridCell{Text: col.Label, Head: true, Colspan: span, Rowspan: depth, Scope: "col"})
			case n > 0 && level == depth-1:
				out[level+extra] = append(out[level+extra], gridCell{Text: col.Label, Head: true, Colspan: span, Rowspan: 1, Scope: "col"})
			}
			i++
		}
	}
	return out
}

func sameGroups(a, b []string, level int) bool {
	if len(b) <= level {
		return false
	}
	for i := 0; i <= level; i++ {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func bodyRows(t *disclosure.Table, b *disclosure.Block, rows []*disclosure.Axis, labels, span int) []gridRow {
	out := make([]gridRow, len(rows))
	for i, row := range rows {
		for level := range row.Groups {
			if i > 0 && sameGroups(row.Groups, rows[i-1].Groups, level) {
				continue
			}
			height := 1
			for i+height < len(rows) && sameGroups(row.Groups, rows[i+height].Groups, level) {
				height++
			}
			out[i] = append(out[i], gridCell{Text: row.Groups[level], Head: true, Colspan: 1, Rowspan: height, Scope: "rowgroup"})
		}
		if labels > 0 {
			out[i] = append(out[i], gridCell{Text: row.Label, Head: true, Colspan: labels - len(row.Groups), Rowspan: 1, Scope: "row"})
		}
		for c := range b.Columns {
			out[i] = append(out[i], gridCell{Code: t.Code(row.Key, b.Columns[c].Key), Colspan: span, Rowspan: 1})
		}
	}
	return out
}
