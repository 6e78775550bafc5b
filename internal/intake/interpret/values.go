package interpret

import "slices"

// Why a line's values cannot be told apart.
const (
	problemCount  = "这一行的格数与表头的栏数对不上"
	problemMerged = "几栏或几行合并成了一格,不能确定数字属于哪一栏"
	problemShort  = "这一行的格数比表格的栏数少,不能确定缺的是哪一格"
	problemMoney  = "表头的金额单位与规定的不同"
)

// bodyLayout is how the values of a block stand in a grid, learned from its
// complete rows (as many values as columns).
type bodyLayout struct {
	header *header
	// start is the grid column in which values begin in every complete row,
	// whatever its labels; -1 when rows do not agree.
	start int
	// ragged: values follow their label at once, wherever that ends, as in
	// text copied from a page, where merged cells leave no gap.
	ragged bool
	// end is the grid column in which the last value of every row stands, when
	// labels end in different ones: the table is set to the right. -1 otherwise.
	end int
	// surplus: most rows have more numbers than the form has columns; one of
	// them is the number of the row.
	surplus bool
	// problem: the header's columns cannot be placed.
	problem string
}

func learnLayout(rows []placed, h *header, columns int) bodyLayout {
	b := bodyLayout{header: h, start: -1, ragged: true, end: rightEdge(rows)}
	if h != nil {
		b.problem = h.problem
	}
	under, beside, complete, filled, more := 0, 0, 0, 0, 0
	for _, p := range rows {
		if p.line.sheet.run {
			continue
		}
		var values []lineCell
		gap := false
		for _, c := range p.line.cells[p.label+1:] {
			switch {
			case h != nil && h.ordinal[c.col]:
			case c.class == classValue:
				values = append(values, c)
			case c.class == classBlank && len(values) == 0:
				gap = true
			}
		}
		if len(values) > 0 {
			filled++
		}
		if len(values) > columns {
			more++
		}
		if len(values) != columns {
			continue
		}
		if first := values[0].col; complete == 0 {
			b.start = first
		} else if b.start != first {
			b.start = -1
		}
		complete++
		b.ragged = b.ragged && !gap
		if h != nil && h.complete() {
			if fits(values, h) {
				under++
			} else {
				beside++
			}
		}
	}
	if beside > under {
		if b.header = nil; h.parted {
			b.problem = problemYears
		}
	}
	b.surplus = 2*more > filled
	return b
}

func fits(values []lineCell, h *header) bool {
	for _, c := range h.columns {
		if !slices.ContainsFunc(values, func(v lineCell) bool { return v.col < c.to && c.from < v.col+v.span }) {
			return false
		}
	}
	return true
}

// rightEdge is the column of each row's last value; -1 when rows differ in it,
// or when all labels end in one column, which proves nothing.
func rightEdge(rows []placed) int {
	edge, label, depths := -1, -1, false
	for _, p := range rows {
		if p.label < 0 || p.line.sheet.run {
			return -1
		}
		for i := len(p.line.cells) - 1; i > p.label; i-- {
			if c := p.line.cells[i]; c.class == classValue {
				if edge >= 0 && edge != c.col {
					return -1
				}
				edge = c.col
				break
			}
		}
		if l := p.line.cells[p.label]; label >= 0 && label != l.col+l.span {
			depths = true
		} else {
			label = l.col + l.span
		}
	}
	if !depths {
		return -1
	}
	return edge
}

// rowValues finds, for each column of the form, the cell of the line that holds
// its value. A nil cell is a blank one that the file does not have. problem is
// set when the cells cannot be told apart.
func (b bodyLayout) rowValues(p placed, columns int) (cells []*lineCell, problem string) {
	after := p.line.cells[p.label+1:]
	if p.line.sheet.run {
		return runValues(after, columns)
	}
	if b.problem != "" {
		return nil, b.problem
	}
	if p.line.sheet.padded && b.isShort(after, columns) {
		return nil, problemShort
	}
	h := b.header
	if h != nil && !isShifted(p, h, after) {
		return byHeader(after, h)
	}
	if h != nil && len(after) > 0 && slices.ContainsFunc(after, func(c lineCell) bool { return h.ordinal[c.col] && c.class == classValue }) {
		return nil, problemCount
	}
	if h != nil && h.parted {
		return nil, problemYears
	}
	if filled := countFilled(after); b.surplus && filled > 0 && filled <= columns {
		return nil, problemCount
	}
	return b.inOrder(after, columns)
}

func countFilled(cells []lineCell) int {
	n := 0
	for _, c := range cells {
		if c.class != classBlank {
			n++
		}
	}
	return n
}

// isShort says that a line of text has fewer cells than the form has columns: a
// value is missing somewhere, not only at its end. Blank cells before the first
// value are those of labels, unless values follow their label at once.
func (b bodyLayout) isShort(after []lineCell, columns int) bool {
	cells, filled, hole := 0, false, false
	for i := range after {
		c := &after[i]
		if isHole(c) {
			hole = true
			continue
		}
		filled = filled || c.class != classBlank
		if filled || b.ragged {
			cells++
		}
	}
	return columns > 1 && filled && hole && cells < columns || columns > 1 && filled && len(after) < columns
}

// isShifted says that the line does not keep to the header's columns: its
// label reaches under them, or numbers stand before them (OCR drops the empty
// cells at a row's left end).
func isShifted(p placed, h *header, after []lineCell) bool {
	first := -1
	for _, c := range h.columns {
		if c.from >= 0 && (first < 0 || c.from < first) {
			first = c.from
		}
	}
	if p.label >= 0 {
		if l := p.line.cells[p.label]; l.col+l.span > first {
			return true
		}
	}
	for _, c := range after {
		if h.ordinal[c.col] || h.parted && h.spare[c.col] {
			continue
		}
		// A figure that no header claims: the header stands in other columns.
		if c.class == classValue && (c.col+c.span <= first || h.complete() && !h.claims(c.col, c.col+c.span) && !h.spare[c.col]) {
			return true
		}
	}
	return false
}

// byHeader takes the cells that stand under the header's columns.
func byHeader(after []lineCell, h *header) (cells []*lineCell, problem string) {
	cells = make([]*lineCell, len(h.columns))
	taken := map[int]bool{}
	for f, want := range h.columns {
		if want.from < 0 {
			return nil, "这一栏的表头缺失或无法辨认"
		}
		for i := range after {
			c := &after[i]
			if c.col+c.span <= want.from || c.col >= want.to || c.class == classBlank {
				continue
			}
			if cells[f] != nil || taken[i] {
				return nil, problemMerged
			}
			cells[f], taken[i] = c, true
		}
		for i := range after {
			if c := &after[i]; cells[f] == nil && !taken[i] && c.col < want.to && c.col+c.span > want.from {
				cells[f] = c // blank: keeps its address
			}
		}
	}
	return cells, ""
}

// inOrder takes the cells by their order: there must be as many as the form
// has columns, blank cells at the end and remarks behind them apart.
func (b bodyLayout) inOrder(after []lineCell, columns int) (cells []*lineCell, problem string) {
	var kept []*lineCell
	for i := range after {
		if c := &after[i]; !b.ragged && b.start >= 0 && c.col+c.span <= b.start && c.class == classBlank {
			continue // an empty label cell
		} else {
			kept = append(kept, c)
		}
	}
	for len(kept) > columns && kept[len(kept)-1].class != classValue {
		kept = kept[:len(kept)-1]
	}
	if columns == 1 {
		return single(kept)
	}
	if len(kept) == columns {
		return kept, ""
	}
	if full := completeRun(kept); len(full) == columns {
		return full, ""
	}
	if n := len(kept); n > columns && kept[n-1].col == b.end {
		return kept[n-columns:], ""
	}
	for _, c := range kept {
		if c.class != classBlank {
			return nil, problemCount
		}
	}
	return make([]*lineCell, columns), ""
}

// completeRun is the cells between blanks at the row's ends; nil when a blank
// stands among them.
func completeRun(cells []*lineCell) []*lineCell {
	from, to := 0, len(cells)
	for from < to && cells[from].class == classBlank {
		from++
	}
	for from < to && cells[to-1].class == classBlank {
		to--
	}
	for _, c := range cells[from:to] {
		if c.class == classBlank {
			return nil
		}
	}
	return cells[from:to]
}

// single is the value of a row with one column: its only cell that is not
// blank.
func single(kept []*lineCell) ([]*lineCell, string) {
	var found *lineCell
	for _, c := range kept {
		if c.class == classBlank {
			continue
		}
		if found != nil {
			return nil, problemCount
		}
		found = c
	}
	if found == nil && len(kept) > 0 {
		found = kept[0]
	}
	return []*lineCell{found}, ""
}

// runValues takes the first cells of a run: behind them stand the blanks of
// the cells that labels were merged over.
func runValues(after []lineCell, columns int) (cells []*lineCell, problem string) {
	values := 0
	for _, c := range after {
		if c.class != classBlank {
			values++
		}
	}
	switch {
	case values > columns:
		return nil, problemCount
	case values == 0 && len(after) < columns:
		return make([]*lineCell, columns), ""
	case len(after) < columns:
		return nil, problemCount
	}
	for i := range after {
		if i >= columns && after[i].class != classBlank {
			return nil, problemCount
		}
	}
	cells = make([]*lineCell, columns)
	for i := range cells {
		cells[i] = &after[i]
	}
	return cells, ""
}
