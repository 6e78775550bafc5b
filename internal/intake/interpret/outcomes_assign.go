package interpret

import (
	"fmt"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
)

// assign pairs outcomes with the block's columns in order. nil when they are
// too few, or when nothing tells the groups apart.
func (lb *lineBlock) assign(all []outcome) []int {
	if len(all) == 0 {
		return nil
	}
	named := 0
	scores := make([][]float64, len(all))
	for i, o := range all {
		scores[i] = make([]float64, len(lb.columns))
		fit, some := lb.groupFit(o.groups)
		if some {
			named++
		}
		for c, col := range lb.columns {
			if s := col.match(o.label); s > 0 {
				scores[i][c] = max(0, s+fit[c])
			}
		}
	}
	if pairs := byCertainLabel(scores, len(lb.columns)); pairs != nil {
		return pairs
	}
	if named == 0 && len(all)%len(lb.columns) != 0 {
		return nil
	}
	pairs := alignColumns(scores, len(lb.columns))
	found := 0
	for _, p := range pairs {
		if p >= 0 {
			found++
		}
	}
	if found < min(3, len(pairs)) {
		return nil
	}
	if found < len(all) && found < len(pairs) {
		// Some are passed over and some are missing: the order is not the form's.
		for i := range all {
			all[i].problem = problemOrder
		}
	}
	return pairs
}

// clearLead is the score by which a label must be nearer to one column than to
// any other to be placed without regard to the order of columns.
const clearLead = 0.3

// byCertainLabel pairs scored labels with the n columns in whatever order they
// are printed; nil unless each label names one column alone, and no two the same.
func byCertainLabel(scores [][]float64, n int) []int {
	out := make([]int, n)
	for c := range out {
		out[c] = -1
	}
	for i, own := range scores {
		best, second, at := 0.0, 0.0, -1
		for c, s := range own {
			if s > best {
				best, second, at = s, best, c
			} else {
				second = max(second, s)
			}
		}
		if at < 0 || best < certain || best-second < clearLead || out[at] >= 0 {
			return nil
		}
		out[at] = i
	}
	return out
}

// groupFit weighs what the surroundings say of the group, by column.
func (lb *lineBlock) groupFit(said []label) (fit []float64, some bool) {
	fit = make([]float64, len(lb.columns))
	for _, l := range said {
		best, at := 0.0, -1
		for g := range lb.groups {
			if s := similarity(l, lb.groups[g]); s > best {
				best, at = s, g
			}
		}
		if at < 0 {
			continue
		}
		some = true
		for c := range fit {
			if lb.members[at][c] {
				fit[c] += 0.5
			} else {
				fit[c] -= 1.2
			}
		}
	}
	return fit, some
}

// unlabelledLine is a line of as many values as the block has columns, without
// any label: OCR lost the header.
func (lb *lineBlock) unlabelledLine(lines []*line, parts *partLookup) *line {
	n := len(lb.columns)
	if n < 8 {
		return nil
	}
	for _, ln := range lines {
		if ln.used || lastLabel(ln) >= 0 || countClass(ln, classValue) != n || parts.tableBefore(ln) != lb.table {
			continue
		}
		// A blank beside or among them: one of the numbers may be no figure.
		if cells := slices.DeleteFunc(behindLabels(ln), isHole); ln.sheet.run || len(cells) == n {
			return ln
		}
	}
	return nil
}

func (m *matcher) putOutcomes(out *tablesFound, lb *lineBlock, all []outcome, pairs []int) {
	t := &tableFound{table: lb.table}
	out.tables[lb.table] = t
	missing := 0
	unread := map[string]bool{} // groups
	for c, i := range pairs {
		code := lb.table.Code(lb.block.Rows[0].Key, lb.columns[c].axis.Key)
		if i < 0 {
			missing++
			out.cells[code] = disclosure.Cell{Kind: disclosure.CellBlank}
			continue
		}
		o := all[i]
		if t.first == nil {
			t.first = o.place
		}
		o.line.use()
		t.rows++
		t.headers++
		out.score += 0.1
		if o.problem != "" {
			out.cells[code] = unreadLine(o.place, o.place.inner, o.problem)
			if group := fmt.Sprint(lb.columns[c].axis.Groups); !unread[group] {
				unread[group] = true
				out.doubt(Doubt{Kind: DoubtCell, Place: o.place.place(0), Code: code,
					Message: fmt.Sprintf("%s“%s”各栏没有读出:%s,请手工填写。", lb.table.Name, strings.Join(lb.columns[c].axis.Groups, "·"), o.problem)})
			}
			continue
		}
		out.put(code, m.readCell(code, o.place, o.cell))
	}
	markHeaders(all)
	if missing > 0 {
		out.doubt(Doubt{Kind: DoubtMissing, Place: t.first.sheet.place, Code: lb.table.Code(lb.block.Rows[0].Key, lb.columns[0].axis.Key),
			Message: fmt.Sprintf("%s有%d栏没有找到,按空白处理,请核对原件。", lb.table.Name, missing)})
	}
}

func markHeaders(all []outcome) {
	seen := map[*sheet]bool{}
	for _, o := range all {
		s := o.line.sheet
		if seen[s] {
			continue
		}
		seen[s] = true
		for _, ln := range s.lines {
			if ln.header {
				ln.use()
			}
		}
	}
}

func (m *matcher) putByOrder(out *tablesFound, lb *lineBlock, ln *line) {
	out.tables[lb.table] = &tableFound{table: lb.table, rows: 1, first: ln}
	ln.used = true
	i := 0
	for k := range ln.cells {
		if ln.cells[k].class != classValue {
			continue
		}
		code := lb.table.Code(lb.block.Rows[0].Key, lb.columns[i].axis.Key)
		out.put(code, m.readCell(code, ln, &ln.cells[k]))
		i++
	}
	out.doubt(Doubt{Kind: DoubtLabel, Place: ln.place(0),
		Message: fmt.Sprintf("%s没有表头,%d个数字按规定表式的次序认定,请核对。", lb.table.Name, len(lb.columns))})
}

// use marks the line, and the lines that it was turned from, as used.
func (ln *line) use() {
	ln.used = true
	for _, from := range ln.turnedFrom {
		from.used = true
	}
}
