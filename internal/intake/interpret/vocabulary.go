package interpret

import (
	"strings"
	"sync"
	"sync/atomic"

	"mingjing/internal/disclosure"
)

// vocabulary is a form's labels, prepared for comparison.
type vocabulary struct {
	form  *disclosure.Form
	rows  []formRow
	exact map[string][]int // folded label -> indexes of rows
	loose []int            // rows with a label, for comparison by similarity
	heads []*blockHead
	lines []*lineBlock
	parts []formPart

	seen       sync.Map // number and folded label -> []hit
	remembered atomic.Int64
}

// formRow is one row of a table as the form prints it, or the heading over a
// block (axis nil). Rows stand in reading order, alternates before the rows
// that they replace.
type formRow struct {
	table     *disclosure.Table
	head      *blockHead
	axis      *disclosure.Axis
	replaces  []string // of an alternate
	label     label
	variants  []label // other ways in which it is printed
	groups    []label
	ambiguous bool // another row of the form has the same label
}

// blockHead is a block's columns.
type blockHead struct {
	table   *disclosure.Table
	block   *disclosure.Block
	first   int // index of the block's first formRow
	columns []columnLabel
}

type columnLabel struct {
	axis     *disclosure.Axis
	variants []label
	groups   []label
}

// lineBlock is a block with one row that has no label: its cells are told by
// their columns alone (table 四).
type lineBlock struct {
	table   *disclosure.Table
	block   *disclosure.Block
	columns []columnLabel
	groups  []label  // every group that occurs, and paths of groups joined
	members [][]bool // by group: the columns under it

	seen       sync.Map // folded label -> labelRole
	remembered atomic.Int64
}

type formPart struct {
	part  disclosure.Part
	label label
	table *disclosure.Table
}

var vocabularies sync.Map // *disclosure.Form -> *vocabulary

func vocabularyOf(f *disclosure.Form) *vocabulary {
	if v, ok := vocabularies.Load(f); ok {
		return v.(*vocabulary)
	}
	v, _ := vocabularies.LoadOrStore(f, newVocabulary(f))
	return v.(*vocabulary)
}

func newVocabulary(f *disclosure.Form) *vocabulary {
	v := &vocabulary{form: f, exact: map[string][]int{}}
	for t := range f.Tables {
		table := &f.Tables[t]
		for b := range table.Blocks {
			block := &table.Blocks[b]
			if len(block.Rows) == 1 && block.Rows[0].Label == "" {
				v.lines = append(v.lines, newLineBlock(table, block))
				continue
			}
			v.addBlock(table, block)
		}
	}
	for i := range v.rows {
		r := &v.rows[i]
		for _, l := range append([]label{r.label}, r.variants...) {
			v.index(l.text, i)
			v.index(l.full, i)
		}
		v.loose = append(v.loose, i)
	}
	for i := range v.rows {
		v.rows[i].ambiguous = len(v.exact[v.rows[i].label.text]) > 1
	}
	for _, p := range f.Parts {
		v.parts = append(v.parts, formPart{part: p, label: foldLabel(p.Title), table: f.Table(p.Table)})
	}
	return v
}

func (v *vocabulary) index(text string, row int) {
	for _, have := range v.exact[text] {
		if have == row {
			return
		}
	}
	if text != "" {
		v.exact[text] = append(v.exact[text], row)
	}
}

func (v *vocabulary) addBlock(table *disclosure.Table, block *disclosure.Block) {
	head := &blockHead{table: table, block: block, columns: columnLabels(block)}
	v.heads = append(v.heads, head)
	if block.Heading != "" {
		v.rows = append(v.rows, formRow{table: table, head: head, label: foldLabel(block.Heading)})
	}
	head.first = len(v.rows)
	for r := range block.Rows {
		row := &block.Rows[r]
		for a := range block.Alternates {
			alt := &block.Alternates[a]
			if len(alt.Replaces) > 0 && alt.Replaces[0] == row.Key {
				v.rows = append(v.rows, newFormRow(table, head, &alt.Row, alt.Replaces))
			}
		}
		v.rows = append(v.rows, newFormRow(table, head, row, nil))
	}
}

func newFormRow(table *disclosure.Table, head *blockHead, axis *disclosure.Axis, replaces []string) formRow {
	r := formRow{table: table, head: head, axis: axis, replaces: replaces, label: foldLabel(axis.Label)}
	for _, alias := range axis.Aliases {
		r.variants = append(r.variants, foldLabel(alias))
	}
	joined := axis.Label
	for i := len(axis.Groups) - 1; i >= 0; i-- {
		r.groups = append([]label{foldLabel(axis.Groups[i])}, r.groups...)
		joined = axis.Groups[i] + joined
		r.variants = append(r.variants, foldLabel(joined))
	}
	return r
}

func columnLabels(block *disclosure.Block) []columnLabel {
	out := make([]columnLabel, 0, len(block.Columns))
	for c := range block.Columns {
		axis := &block.Columns[c]
		col := columnLabel{axis: axis, variants: []label{foldLabel(axis.Label)}}
		for _, alias := range axis.Aliases {
			col.variants = append(col.variants, foldLabel(alias))
		}
		for _, g := range axis.Groups {
			col.groups = append(col.groups, foldLabel(g))
		}
		out = append(out, col)
	}
	return out
}

func newLineBlock(table *disclosure.Table, block *disclosure.Block) *lineBlock {
	lb := &lineBlock{table: table, block: block, columns: columnLabels(block)}
	at := map[string]int{}
	for c, col := range lb.columns {
		path := ""
		names := make([]string, 0, 2*len(col.groups))
		for i, g := range col.axis.Groups {
			names = append(names, g)
			if path += g; i > 0 {
				names = append(names, path)
			}
		}
		for _, name := range names {
			i, known := at[name]
			if !known {
				i = len(lb.groups)
				at[name] = i
				lb.groups = append(lb.groups, foldLabel(name))
				lb.members = append(lb.members, make([]bool, len(lb.columns)))
			}
			lb.members[i][c] = true
		}
	}
	return lb
}

// match is the similarity of a printed label with a column's.
func (c columnLabel) match(l label) float64 {
	best := 0.0
	for _, v := range c.variants {
		best = max(best, similarity(l, v))
	}
	return best
}

// hit is a row of the form that a printed label may be.
type hit struct {
	row   int
	base  float64 // similarity of the labels alone
	score float64 // with what speaks for and against it
}

// rowHits finds the rows that a printed label may be: those with the same
// label, or else those with a similar one.
func (v *vocabulary) rowHits(l label) []hit {
	var out []hit
	if strings.HasPrefix(l.number, "(") {
		if i, ok := v.numbered(l); ok {
			return []hit{{i, certain, certain + 0.03}}
		}
	}
	for _, text := range []string{l.full, l.text} {
		for _, i := range v.exact[text] {
			score := 1.0
			if l.full != l.text && text == l.text {
				score = 0.97
			}
			out = append(out, hit{i, score, score + v.numbering(l, i)})
		}
		if len(out) > 0 {
			return out
		}
	}
	if l.runes < 2 || l.runes > 60 {
		return nil
	}
	for _, i := range v.loose {
		r := &v.rows[i]
		best := similarity(l, r.label)
		for _, alias := range r.variants {
			best = max(best, similarity(l, alias))
		}
		if best > 0 {
			out = append(out, hit{i, best, best + v.numbering(l, i)})
		}
	}
	return out
}

// numbered finds the row of which a numbered label says the beginning: (六)其他
// is (六)其他处理, and not 3.其他.
func (v *vocabulary) numbered(l label) (int, bool) {
	for _, i := range v.exact[l.text] {
		if v.rows[i].label.number == l.number || v.rows[i].axis == nil {
			return 0, false
		}
	}
	for i := range v.rows {
		if r := &v.rows[i]; r.axis != nil && r.label.number == l.number && l.runes >= 2 && strings.HasPrefix(r.label.text, l.text) && len(v.exact[l.text]) > 0 {
			return i, true
		}
	}
	return 0, false
}

// numbering settles ties between equal labels: 3.其他 is not 2.其他.
func (v *vocabulary) numbering(l label, row int) float64 {
	want := v.rows[row].label.number
	switch {
	case l.number == "" || want == "":
		return 0
	case l.number == want:
		return 0.03
	}
	return -0.03
}
