package disclosure

import "strings"

// PrintedCell is a cell of a printed table: a label (Head), or a figure (Code).
// A place that a merged cell covers has no cell of its own.
type PrintedCell struct {
	Text    string
	Head    bool
	Col     int // its leftmost column, from 0
	Colspan int
	Rowspan int
	Code    Code
	Scope   string // of a head: "col", "row", "colgroup", "rowgroup"
	// Banner marks the line over a block: 第二十条第(一)项.
	Banner bool
	// Place is what guidance on the row, or on the columns under a head, goes by.
	Place Code
}

// PrintedRow is a printed table's row, from left to right.
type PrintedRow []PrintedCell

// Printed lays a table out as the national form prints it: labels merged over
// rows and columns. Alternate rows ((六)其他处理 as one) take the place of the
// rows they stand for when filled says that the report holds them.
func (t *Table) Printed(filled func(Code) bool) []PrintedRow {
	units := 1
	for i := range t.Blocks {
		units = leastCommonMultiple(units, len(t.Blocks[i].Columns))
	}
	var out []PrintedRow
	for i := range t.Blocks {
		b := &t.Blocks[i]
		rows := t.rowsToPrint(b, filled)
		labels := labelColumns(rows)
		span := units / len(b.Columns)
		if b.Heading != "" {
			out = append(out, PrintedRow{{Text: b.Heading, Head: true, Colspan: labels + units, Rowspan: 1, Scope: "colgroup", Banner: true}})
		}
		out = append(out, t.headRows(b, labels, span)...)
		out = append(out, t.bodyRows(b, rows, labels, span)...)
	}
	place(out)
	return out
}

// HeadRows is how many rows at a printed table's top hold labels only: what is
// repeated when the table goes on on another page.
func HeadRows(rows []PrintedRow) int {
	for i, row := range rows {
		for _, c := range row {
			if !c.Head {
				return i
			}
		}
	}
	return len(rows)
}

// PrintedColumns is how many columns a printed table has, and how many of them,
// at its left, hold row labels.
func PrintedColumns(rows []PrintedRow) (width, labels int) {
	labels = -1
	for _, row := range rows {
		for _, c := range row {
			width = max(width, c.Col+c.Colspan)
			if !c.Head && (labels < 0 || c.Col < labels) {
				labels = c.Col
			}
		}
	}
	return width, max(labels, 0)
}

// place gives each cell its column: those that a merged cell above reaches down
// into are passed over.
func place(rows []PrintedRow) {
	var below []int // by column: the rows that a cell above still covers
	for _, row := range rows {
		col := 0
		for i := range row {
			for col < len(below) && below[col] > 0 {
				below[col]--
				col++
			}
			c := &row[i]
			c.Col = col
			for ; col < c.Col+c.Colspan; col++ {
				if col == len(below) {
					below = append(below, 0)
				}
				below[col] = c.Rowspan - 1
			}
		}
		for ; col < len(below); col++ {
			below[col] = max(0, below[col]-1)
		}
	}
}

// Typeset gives a label the full-width marks with which the forms print it.
// Descriptions keep the half-width ones that texts are compared in.
func Typeset(label string) string { return fullWidth.Replace(label) }

var fullWidth = strings.NewReplacer("(", "（", ")", "）", ",", "，", ":", "：", ";", "；")

// Shown is what stands in the cell on paper: the number with its remark, "/",
// the unread text, or nothing. ParseCell reads the same cell from it.
func (c Cell) Shown() string {
	switch c.Kind {
	case CellNumber:
		if c.Remark != "" {
			return c.Value.String() + "(" + c.Remark + ")"
		}
		return c.Value.String()
	case CellSlash:
		return "/"
	case CellUnread:
		return c.Raw
	}
	return ""
}

// Prints says whether a report has something in a cell, for Printed.
func (r *Report) Prints(code Code) bool {
	c, ok := r.Cells[code]
	return ok && c.Kind != CellBlank
}

func leastCommonMultiple(a, b int) int {
	x, y := a, b
	for y != 0 {
		x, y = y, x%y
	}
	return a / x * b
}
func (t *Table) rowsToPrint(b *Block, filled func(Code) bool) []*Axis {
	any := func(row *Axis) bool {
		for i := range b.Columns {
			if filled(t.Code(row.Key, b.Columns[i].Key)) {
				return true
			}
		}
		return false
	}
	var out []*Axis
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
func labelColumns(rows []*Axis) int {
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
// members, and a label reaches down to the last line.
func (t *Table) headRows(b *Block, labels, span int) []PrintedRow {
	depth := 1
	for i := range b.Columns {
		depth = max(depth, len(b.Columns[i].Groups)+1)
	}
	extra := 0
	if b.ColumnHeading != "" {
		extra = 1
	}
	out := make([]PrintedRow, depth+extra)
	if labels > 0 {
		out[0] = append(out[0], PrintedCell{Text: b.Corner, Head: true, Colspan: labels, Rowspan: depth + extra, Scope: "col"})
	}
	if extra == 1 {
		out[0] = append(out[0], PrintedCell{Text: b.ColumnHeading, Head: true, Colspan: span * len(b.Columns), Rowspan: 1, Scope: "colgroup"})
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
				head := PrintedCell{Text: col.Groups[level], Head: true, Colspan: width * span, Rowspan: 1, Scope: "colgroup"}
				if level == n-1 && labels == 0 { // no row label says what is counted
					head.Place = t.Code(b.Rows[0].Key, col.Key)
				}
				out[level+extra] = append(out[level+extra], head)
				i += width
				continue
			case level == n:
				out[level+extra] = append(out[level+extra], PrintedCell{Text: col.Label, Head: true, Colspan: span, Rowspan: depth - n, Scope: "col"})
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

func (t *Table) bodyRows(b *Block, rows []*Axis, labels, span int) []PrintedRow {
	out := make([]PrintedRow, len(rows))
	for i, row := range rows {
		for level := range row.Groups {
			if i > 0 && sameGroups(row.Groups, rows[i-1].Groups, level) {
				continue
			}
			height := 1
			for i+height < len(rows) && sameGroups(row.Groups, rows[i+height].Groups, level) {
				height++
			}
			out[i] = append(out[i], PrintedCell{Text: row.Groups[level], Head: true, Colspan: 1, Rowspan: height, Scope: "rowgroup"})
		}
		if labels > 0 {
			out[i] = append(out[i], PrintedCell{Text: row.Label, Head: true, Colspan: labels - len(row.Groups), Rowspan: 1, Scope: "row", Place: t.Code(row.Key, "")})
		}
		for c := range b.Columns {
			out[i] = append(out[i], PrintedCell{Code: t.Code(row.Key, b.Columns[c].Key), Colspan: span, Rowspan: 1})
		}
	}
	return out
}
