package reader

import (
	"math"
	"slices"
)

// crossSlack is how far short of each other two lines may stop and still form
// a corner, in points.
const crossSlack = 3.0

// maxPageRules is how many lines either way a page with tables can have; one
// with more is a drawing.
const maxPageRules = 2_000

// lattice is one ruled table on a page: its rows and columns as drawn.
type lattice struct {
	bounds box
	xs, ys []float64 // edges of columns and rows, ascending
	cells  []latticeCell
	owner  []int // index in cells by row and column
}

// latticeCell covers rows [row, row+rows) and columns [col, col+cols).
type latticeCell struct {
	row, col, rows, cols int
	glyphs               []glyph
}

// findLattices groups the page's lines into tables, from the top down. Lines
// that do not enclose at least two columns or rows (underlines, a red letterhead
// rule) are no table.
func findLattices(p *pdfPage) []*lattice {
	hs, vs := joinRules(p.horizontal), joinRules(p.vertical)
	if len(hs) > maxPageRules || len(vs) > maxPageRules {
		return nil
	}
	groups := newUnion(len(hs) + len(vs))
	for i, h := range hs {
		for j, v := range vs {
			if v.at >= h.from-crossSlack && v.at <= h.to+crossSlack && h.at >= v.from-crossSlack && h.at <= v.to+crossSlack {
				groups.join(i, len(hs)+j)
			}
		}
	}
	byRoot := map[int]*ruledLines{}
	group := func(i int) *ruledLines {
		root := groups.find(i)
		if byRoot[root] == nil {
			byRoot[root] = &ruledLines{}
		}
		return byRoot[root]
	}
	for i, h := range hs {
		g := group(i)
		g.horizontal = append(g.horizontal, h)
	}
	for j, v := range vs {
		g := group(len(hs) + j)
		g.vertical = append(g.vertical, v)
	}
	var out []*lattice
	for _, g := range byRoot {
		if t := g.lattice(p); t != nil {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b *lattice) int {
		if c := compareFloats(a.bounds.top, b.bounds.top); c != 0 {
			return c
		}
		return compareFloats(a.bounds.left, b.bounds.left)
	})
	return dropNested(out)
}

// dropNested leaves one of two tables that stand inside each other without
// touching: a frame around a page gives way to the table in it, a small box in
// a cell to the table around it.
func dropNested(tables []*lattice) []*lattice {
	var out []*lattice
	for _, t := range tables {
		gives := slices.ContainsFunc(tables, func(o *lattice) bool {
			return o.encloses(t) && len(o.cells) >= len(t.cells) || t.encloses(o) && len(o.cells) > len(t.cells)
		})
		if !gives {
			out = append(out, t)
		}
	}
	return out
}

func (t *lattice) encloses(o *lattice) bool {
	return t.bounds.left < o.bounds.left && t.bounds.right > o.bounds.right &&
		t.bounds.top < o.bounds.top && t.bounds.bottom > o.bounds.bottom
}

// ruledLines are those that touch each other.
type ruledLines struct{ horizontal, vertical []rule }

// lattice makes the table that the lines draw; nil when they draw none.
func (l *ruledLines) lattice(p *pdfPage) *lattice {
	if len(l.horizontal) == 0 || len(l.vertical) == 0 || len(l.horizontal)+len(l.vertical) < 3 {
		return nil
	}
	bounds := box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, h := range l.horizontal {
		bounds = bounds.union(box{h.from, h.at, h.to, h.at})
	}
	for _, v := range l.vertical {
		bounds = bounds.union(box{v.at, v.from, v.at, v.to})
	}
	t := &lattice{bounds: bounds}
	// The ends of lines are edges too: where a table breaks at the foot of a
	// page no line closes it, and some tables have open sides.
	t.xs = edges(l.vertical, bounds.left, bounds.right)
	t.ys = edges(l.horizontal, bounds.top, bounds.bottom)
	rows, cols := len(t.ys)-1, len(t.xs)-1
	if rows < 1 || cols < 1 || rows*cols < 2 || rows*cols > maxPageSegments {
		return nil
	}
	t.divide(l)
	for _, g := range p.glyphs {
		if c := t.cellAt(g.box.centerX(), g.box.centerY()); c != nil {
			c.glyphs = append(c.glyphs, g)
		}
	}
	t.dropEmptyMargins()
	if len(t.cells) < 2 {
		return nil
	}
	return t
}

// edges are the distinct positions of the rules, with the ends of the table.
func edges(rules []rule, first, last float64) []float64 {
	at := []float64{first, last}
	for _, r := range rules {
		at = append(at, r.at)
	}
	slices.Sort(at)
	var out []float64
	for _, v := range at {
		if len(out) == 0 || v-out[len(out)-1] > crossSlack {
			out = append(out, v)
		}
	}
	return out
}

// divide cuts the rectangle into cells: neighbours without a line between them
// are one cell.
func (t *lattice) divide(l *ruledLines) {
	rows, cols := len(t.ys)-1, len(t.xs)-1
	// right[r][c]: a line stands on the right side of position r, c.
	right, below := make([]bool, rows*cols), make([]bool, rows*cols)
	for _, v := range l.vertical {
		edge := nearest(t.xs, v.at)
		if edge == 0 || edge > cols {
			continue
		}
		for r := range rows {
			if covers(v, t.ys[r], t.ys[r+1]) {
				right[r*cols+edge-1] = true
			}
		}
	}
	for _, h := range l.horizontal {
		edge := nearest(t.ys, h.at)
		if edge == 0 || edge > rows {
			continue
		}
		for c := range cols {
			if covers(h, t.xs[c], t.xs[c+1]) {
				below[(edge-1)*cols+c] = true
			}
		}
	}
	taken := make([]bool, rows*cols)
	for r := range rows {
		for c := range cols {
			if taken[r*cols+c] {
				continue
			}
			cell := latticeCell{row: r, col: c, rows: 1, cols: 1}
			for c+cell.cols < cols && !right[r*cols+c+cell.cols-1] && !taken[r*cols+c+cell.cols] {
				cell.cols++
			}
			for r+cell.rows < rows && t.openBelow(below, right, cell) {
				cell.rows++
			}
			for i := r; i < r+cell.rows; i++ {
				for k := c; k < c+cell.cols; k++ {
					taken[i*cols+k] = true
				}
			}
			t.cells = append(t.cells, cell)
		}
	}
	t.assignOwners()
}

func (t *lattice) assignOwners() {
	cols := len(t.xs) - 1
	t.owner = make([]int, (len(t.ys)-1)*cols)
	for i, c := range t.cells {
		for r := c.row; r < c.row+c.rows; r++ {
			for k := c.col; k < c.col+c.cols; k++ {
				t.owner[r*cols+k] = i
			}
		}
	}
}

// openBelow says that the cell goes on into the next row: no line under any of
// its columns, and none between them there.
func (t *lattice) openBelow(below, right []bool, c latticeCell) bool {
	cols := len(t.xs) - 1
	last := c.row + c.rows - 1
	for k := c.col; k < c.col+c.cols; k++ {
		if below[last*cols+k] || (k < c.col+c.cols-1 && right[(last+1)*cols+k]) {
			return false
		}
	}
	return true
}

// covers says that the rule runs along most of the stretch.
func covers(r rule, from, to float64) bool {
	return min(r.to, to)-max(r.from, from) > 0.6*(to-from)
}

func nearest(at []float64, v float64) int {
	best := 0
	for i := range at {
		if math.Abs(at[i]-v) < math.Abs(at[best]-v) {
			best = i
		}
	}
	return best
}

// cellAt finds the cell around a point; nil outside the table.
func (t *lattice) cellAt(x, y float64) *latticeCell {
	if x < t.xs[0] || x > t.xs[len(t.xs)-1] || y < t.ys[0] || y > t.ys[len(t.ys)-1] {
		return nil
	}
	row, _ := slices.BinarySearch(t.ys, y)
	col, _ := slices.BinarySearch(t.xs, x)
	row, col = max(0, row-1), max(0, col-1)
	return &t.cells[t.owner[row*(len(t.xs)-1)+col]]
}

// dropEmptyMargins takes away a first or last row or column that is thinner
// than any text and empty: the rest of lines that run past the table's corner.
func (t *lattice) dropEmptyMargins() {
	const thin = 6.0
	for len(t.ys) > 2 && t.ys[1]-t.ys[0] < thin && t.emptyStrip(func(c latticeCell) bool { return c.row == 0 && c.rows == 1 }) {
		t.cut(true, 0)
	}
	for n := len(t.ys) - 1; n > 1 && t.ys[n]-t.ys[n-1] < thin && t.emptyStrip(func(c latticeCell) bool { return c.row == n-1 }); n = len(t.ys) - 1 {
		t.cut(true, n-1)
	}
	for len(t.xs) > 2 && t.xs[1]-t.xs[0] < thin && t.emptyStrip(func(c latticeCell) bool { return c.col == 0 && c.cols == 1 }) {
		t.cut(false, 0)
	}
	for n := len(t.xs) - 1; n > 1 && t.xs[n]-t.xs[n-1] < thin && t.emptyStrip(func(c latticeCell) bool { return c.col == n-1 }); n = len(t.xs) - 1 {
		t.cut(false, n-1)
	}
}

func (t *lattice) emptyStrip(in func(latticeCell) bool) bool {
	return !slices.ContainsFunc(t.cells, func(c latticeCell) bool { return in(c) && len(c.glyphs) > 0 })
}

// cut removes row or column n, which holds no text of its own.
func (t *lattice) cut(row bool, n int) {
	kept := t.cells[:0]
	for _, c := range t.cells {
		first, count := &c.col, &c.cols
		if row {
			first, count = &c.row, &c.rows
		}
		switch {
		case *first > n:
			*first--
		case *first+*count > n:
			*count--
		}
		if *count > 0 {
			kept = append(kept, c)
		}
	}
	t.cells = kept
	if row {
		t.ys = slices.Delete(t.ys, edgeToDelete(n), edgeToDelete(n)+1)
		t.bounds.top, t.bounds.bottom = t.ys[0], t.ys[len(t.ys)-1]
	} else {
		t.xs = slices.Delete(t.xs, edgeToDelete(n), edgeToDelete(n)+1)
		t.bounds.left, t.bounds.right = t.xs[0], t.xs[len(t.xs)-1]
	}
	t.assignOwners()
}

// edgeToDelete is the outer edge of strip n: the first for strip 0, otherwise
// the one after it.
func edgeToDelete(n int) int {
	if n == 0 {
		return 0
	}
	return n + 1
}

// union is a disjoint-set forest.
type union struct{ parent []int }

func newUnion(n int) *union {
	u := &union{parent: make([]int, n)}
	for i := range u.parent {
		u.parent[i] = i
	}
	return u
}

func (u *union) find(i int) int {
	for u.parent[i] != i {
		u.parent[i] = u.parent[u.parent[i]]
		i = u.parent[i]
	}
	return i
}

func (u *union) join(a, b int) { u.parent[u.find(a)] = u.find(b) }
