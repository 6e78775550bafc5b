package expression

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"unicode"

	"mingjing/internal/disclosure"
)

// Name is what an expression may call a figure, or a sum of figures.
type Name struct {
	Name string `json:"name"`
	// Codes are added up; a code stands for itself.
	Codes []disclosure.Code `json:"codes"`
	// Instead stands for all of Codes where a report prints it in their place
	// ((六)其他处理 as one row); "" for none.
	Instead disclosure.Code `json:"instead,omitempty"`
	Label   string          `json:"label"`
}

func (n *Name) same(o *Name) bool { return slices.Equal(n.Codes, o.Codes) && n.Instead == o.Instead }

//go:embed names.json
var shortNamesFile []byte

// shortNames are what people call figures of the national form, beside the
// printed labels.
var shortNames = func() map[string][]disclosure.Code {
	out := map[string][]disclosure.Code{}
	if err := json.Unmarshal(shortNamesFile, &out); err != nil {
		panic(err)
	}
	return out
}()

// vocabulary is what a form's figures are called. An ambiguous name has
// several meanings and may not be used.
type vocabulary struct {
	meanings map[string][]*Name
	order    []string
}

var vocabularies sync.Map // *disclosure.Form -> *vocabulary

func vocabularyOf(f *disclosure.Form) *vocabulary {
	if v, ok := vocabularies.Load(f); ok {
		return v.(*vocabulary)
	}
	v, _ := vocabularies.LoadOrStore(f, newVocabulary(f))
	return v.(*vocabulary)
}

// Names lists what the figures of a form may be called, in the form's order,
// sums and short names first. Codes, which may be used too, are not repeated.
func Names(f *disclosure.Form) []Name {
	v := vocabularyOf(f)
	var out []Name
	for _, name := range v.order {
		if m := v.meanings[name]; len(m) == 1 && (len(m[0].Codes) > 1 || name != string(m[0].Codes[0])) {
			out = append(out, *m[0])
		}
	}
	return out
}

func newVocabulary(f *disclosure.Form) *vocabulary {
	v := &vocabulary{meanings: map[string][]*Name{}}
	for _, d := range f.Derived {
		v.derived(f, d)
	}
	if f.Family == disclosure.FamilyNational {
		names := make([]string, 0, len(shortNames))
		for name := range shortNames {
			names = append(names, name)
		}
		place := func(name string) int { return f.Order(shortNames[name][0]) }
		slices.SortFunc(names, func(a, b string) int {
			if d := place(a) - place(b); d != 0 {
				return d
			}
			return strings.Compare(a, b)
		})
		for _, name := range names {
			v.short(f, name, shortNames[name])
		}
	}
	for _, def := range f.AllCells() {
		v.add(f, string(def.Code), []disclosure.Code{def.Code}, "")
		if !def.Alternate {
			for _, name := range labelNames(def) {
				v.add(f, name, []disclosure.Code{def.Code}, "")
			}
		}
	}
	return v
}

// derived names a subtotal that the form does not print: 不予公开 is the sum of
// its rows in the column of totals, 不予公开_自然人 in another.
func (v *vocabulary) derived(f *disclosure.Form, d disclosure.Derived) {
	table := f.Table(d.Table)
	for b := range table.Blocks {
		blk := &table.Blocks[b]
		for _, col := range blk.Columns {
			var codes []disclosure.Code
			for _, row := range d.Rows {
				codes = append(codes, table.Code(row, col.Key))
			}
			var instead disclosure.Code
			for _, alt := range blk.Alternates {
				if slices.Equal(alt.Replaces, d.Rows) {
					instead = table.Code(alt.Row.Key, col.Key)
				}
			}
			name := identifier(bare(d.Label))
			v.add(f, name+"_"+identifier(bare(col.Label)), codes, instead)
			v.add(f, string(d.Code)+"_"+col.Key, codes, instead)
			if isTotal(col) {
				v.add(f, name, codes, instead)
				v.add(f, string(d.Code), codes, instead)
			}
		}
	}
}

// short names a figure of the totals, and with _自然人 the same of another column.
func (v *vocabulary) short(f *disclosure.Form, name string, codes []disclosure.Code) {
	v.add(f, name, codes, "")
	def, ok := f.Cell(codes[0])
	if len(codes) > 1 || !ok || def.Column == nil || !isTotal(*def.Column) || def.Row.Label == "" {
		return
	}
	for _, col := range def.Block.Columns {
		v.add(f, name+"_"+identifier(bare(col.Label)), []disclosure.Code{def.Table.Code(def.Row.Key, col.Key)}, "")
	}
}

func (v *vocabulary) add(f *disclosure.Form, name string, codes []disclosure.Code, instead disclosure.Code) {
	labels := make([]string, len(codes))
	for i, c := range codes {
		def, ok := f.Cell(c)
		if !ok {
			return // a form of an earlier version has other cells
		}
		labels[i] = def.Label()
	}
	n := &Name{Name: name, Codes: codes, Instead: instead, Label: strings.Join(labels, " + ")}
	if name == "" || slices.ContainsFunc(v.meanings[name], n.same) {
		return
	}
	if v.meanings[name] == nil {
		v.order = append(v.order, name)
	}
	v.meanings[name] = append(v.meanings[name], n)
}

// labelNames are the names of a cell by its printed labels, the shortest first:
// 部分公开 (of the totals), 部分公开_自然人, 其他处理_其他_自然人.
func labelNames(def disclosure.CellDef) []string {
	row, col := identifier(bare(def.Row.Label)), identifier(bare(def.Column.Label))
	groups := func(labels []string) string {
		out := ""
		for _, g := range labels {
			out += identifier(bare(g)) + "_"
		}
		return out
	}
	column := groups(def.Column.Groups) + col
	var out []string
	if row == "" {
		return []string{column}
	}
	grouped := ""
	if n := len(def.Row.Groups); n >= 2 {
		grouped = groups(def.Row.Groups[n-1:]) + row
	}
	for _, name := range []string{row, grouped} {
		if name == "" {
			continue
		}
		if isTotal(*def.Column) || len(def.Block.Columns) == 1 {
			out = append(out, name)
		}
		if col != "" {
			out = append(out, name+"_"+col)
		}
	}
	return out
}

func isTotal(a disclosure.Axis) bool { return a.Label == "总计" }

// bare is a printed label without its number, its notes in brackets and what
// every such row repeats.
func bare(label string) string {
	s := strings.TrimLeft(label, "一二三四五六七八九十0123456789()、.")
	if i := strings.IndexByte(s, '('); i > 0 {
		s = s[:i]
	}
	if i := strings.Index(s, "、行政机关不再处理"); i > 0 {
		s = s[:i]
	}
	return strings.TrimSuffix(s, "政府信息公开申请数量")
}

// identifier leaves what an identifier may hold.
func identifier(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' {
			return r
		}
		return -1
	}, s)
}
