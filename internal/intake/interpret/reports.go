package interpret

import (
	"fmt"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// maxCopies bounds how often one table is looked for again in one report.
const maxCopies = 8

// readReports reads the reports of a document whose tables are laid out as the
// forms print them.
func readReports(doc *document.Document, fileName string, opts Options, skip map[int]bool) []*Reading {
	var ms []*matcher
	for _, f := range opts.forms() {
		ms = append(ms, &matcher{vocabularyOf(f)})
	}
	segments := splitReports(doc, ms, skip)
	var out []*Reading
	for _, seg := range segments {
		var found []*tablesFound
		for _, family := range families(ms) {
			if t := findFamily(family, seg, opts); t != nil {
				found = append(found, t)
			}
		}
		if len(found) == 0 {
			continue
		}
		id := identify(doc, fileName, seg, len(segments) > 1)
		for _, t := range found {
			out = append(out, newReading(doc, seg, id, t))
		}
	}
	return foldCopies(out)
}

// families groups the matchers by form family, in order.
func families(ms []*matcher) [][]*matcher {
	var out [][]*matcher
	at := map[string]int{}
	for _, m := range ms {
		name := m.v.form.Family
		i, known := at[name]
		if !known {
			i = len(out)
			at[name] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], m)
	}
	return out
}

// findFamily reads the tables with each version of a family's form and keeps
// the version that fits best; of two that fit equally, the one for the year.
func findFamily(family []*matcher, seg *segment, opts Options) *tablesFound {
	lines := seg.lines()
	before := usedState(lines)
	var best *tablesFound
	var bestState []bool
	year := disclosure.Year(0)
	yearKnown := false
	for _, m := range family {
		parts := newPartLookup(seg, m.v)
		found := m.findTables(lines, parts)
		state := usedState(lines)
		restore(lines, before)
		if found == nil {
			continue
		}
		better := best == nil || found.score > best.score+0.01
		if best != nil && !better && found.score > best.score-0.01 {
			if !yearKnown {
				year, yearKnown = quickYear(seg), true
			}
			better = !best.v.form.FitsYear(year) && found.v.form.FitsYear(year)
		}
		if better {
			best, bestState = found, state
		}
	}
	if best == nil {
		return nil
	}
	restore(lines, bestState)
	for _, m := range family {
		if m.v == best.v {
			m.readCopies(best, lines, newPartLookup(seg, m.v))
		}
	}
	return best
}

func usedState(lines []*line) []bool {
	out := make([]bool, 0, 2*len(lines))
	for _, ln := range lines {
		out = append(out, ln.used, ln.header)
	}
	return out
}

func restore(lines []*line, state []bool) {
	for i, ln := range lines {
		ln.used, ln.header = state[2*i], state[2*i+1]
	}
}

// readCopies reads the tables that stand in the report a second time: equal
// ones are passed over, others make their cells unread, for nobody can say
// which of two numbers was meant.
func (m *matcher) readCopies(first *tablesFound, lines []*line, parts *partLookup) {
	for range maxCopies {
		again := m.findTables(lines, parts)
		if again == nil {
			return
		}
		for _, t := range again.tables {
			had := first.tables[t.table]
			if had == nil || t.headers == 0 || t.rows < had.rows/2 {
				continue // a table of the text with some of the form's words in it
			}
			first.compare(again, t, m.v.form)
		}
	}
}

func (t *tablesFound) compare(again *tablesFound, copied *tableFound, form *disclosure.Form) {
	for _, def := range form.AllCells() {
		if def.Table != copied.table {
			continue
		}
		if b, ok := again.cells[def.Code]; ok {
			t.reconcile(def, b)
		}
	}
}

// reconcile compares a cell with what another place of the file says of it.
func (t *tablesFound) reconcile(def disclosure.CellDef, b disclosure.Cell) {
	a, ok := t.cells[def.Code]
	if !ok || a.Kind == b.Kind && (a.Kind != disclosure.CellNumber || a.Value.Equal(b.Value)) || b.Kind == disclosure.CellBlank {
		return
	}
	t.contradict(def, a, b)
}

// contradict marks a cell of which the file says two things. A blank gives way
// to what the other place says.
func (t *tablesFound) contradict(def disclosure.CellDef, a, b disclosure.Cell) {
	if a.Kind == disclosure.CellBlank {
		t.cells[def.Code] = b
		return
	}
	t.cells[def.Code] = disclosure.Cell{Kind: disclosure.CellUnread, Raw: a.Raw + " / " + b.Raw, Source: a.Source,
		Problem: "文件里两处数字不同"}
	t.doubt(Doubt{Kind: DoubtDuplicate, Code: def.Code, Place: a.Source, Text: a.Raw + " / " + b.Raw,
		Message: fmt.Sprintf("%s(%s)在文件里出现两次,一处是“%s”(%s),一处是“%s”(%s),请核对后填写。",
			def.Label(), def.Code, clip(a.Raw), a.Source, clip(b.Raw), b.Source)})
}

// newReading puts a report together.
func newReading(doc *document.Document, seg *segment, id identity, t *tablesFound) *Reading {
	form := t.v.form
	r := &Reading{Report: &disclosure.Report{
		Unit: id.unit, Period: disclosure.Period{Year: id.year}, Scope: id.scope, Form: form, Title: id.title, Cells: t.cells,
	}}
	r.Doubts = append(r.Doubts, id.doubts...)
	for i := range form.Tables {
		if table := &form.Tables[i]; t.tables[table] == nil && len(table.Blocks) > 0 {
			r.Doubts = append(r.Doubts, Doubt{Kind: DoubtMissing, Code: firstCode(table),
				Message: fmt.Sprintf("没有找到%s(%s),请确认文件是否完整。", table.Name, table.Title)})
		}
	}
	r.Doubts = append(r.Doubts, t.doubts...)
	if hasProseParts(form) {
		r.Report.Prose, r.Report.HasProse = readProse(doc, seg, id, t)
	}
	return r
}

func firstCode(t *disclosure.Table) disclosure.Code {
	b := t.Blocks[0]
	if len(b.Rows) == 0 || len(b.Columns) == 0 {
		return ""
	}
	return t.Code(b.Rows[0].Key, b.Columns[0].Key)
}

func hasProseParts(f *disclosure.Form) bool {
	return slices.ContainsFunc(f.Parts, func(p disclosure.Part) bool { return p.Prose })
}

// foldCopies makes one reading of several of the same report: a page that
// carries its attachment's text again. Those that disagree are marked.
func foldCopies(in []*Reading) []*Reading {
	var out []*Reading
next:
	for _, r := range in {
		for _, have := range out {
			a, b := have.Report, r.Report
			if a.Form.Family != b.Form.Family || a.Scope != b.Scope && a.Scope != "" && b.Scope != "" {
				continue
			}
			sameUnit := disclosure.NormalName(a.Unit) == disclosure.NormalName(b.Unit)
			sameYear := a.Period == b.Period
			if !sameUnit && a.Unit != "" && b.Unit != "" || !sameYear && a.Year() != 0 && b.Year() != 0 {
				continue
			}
			if a.Form == b.Form && disclosure.SameFigures(a, b) {
				if hasNumbers(a) && (sameUnit && sameYear || a.Unit == "" || b.Unit == "") {
					have.adopt(r)
					continue next
				}
				continue
			}
			if sameUnit && sameYear && a.Unit != "" && a.Year() != 0 && a.Form == b.Form {
				have.disagree(r)
				continue next
			}
		}
		out = append(out, r)
	}
	return out
}

func hasNumbers(r *disclosure.Report) bool {
	for _, c := range r.Cells {
		if c.IsNumber() {
			return true
		}
	}
	return false
}

// adopt takes from an equal copy what this reading lacks.
func (r *Reading) adopt(copied *Reading) {
	if r.Report.Unit == "" {
		r.Report.Unit = copied.Report.Unit
	}
	if r.Report.Year() == 0 {
		r.Report.Period = copied.Report.Period
	}
	if r.Report.Scope == "" {
		r.Report.Scope = copied.Report.Scope
	}
	if len(copied.Report.Prose) > len(r.Report.Prose) {
		r.Report.Prose, r.Report.HasProse, r.Report.Title = copied.Report.Prose, copied.Report.HasProse, copied.Report.Title
	}
}

// disagree marks what two copies of one report say differently, and takes what
// only the other has.
func (r *Reading) disagree(other *Reading) {
	t := &tablesFound{cells: r.Report.Cells}
	for _, code := range disclosure.DifferingCodes(r.Report, other.Report) {
		a, okA := r.Report.Cells[code]
		b, okB := other.Report.Cells[code]
		def, _ := r.Report.Form.Cell(code)
		switch {
		case !okB || b.Kind == disclosure.CellBlank:
		case !okA:
			r.Report.Cells[code] = b
		default:
			t.contradict(def, a, b)
		}
	}
	for code, c := range other.Report.Cells {
		if _, ok := r.Report.Cells[code]; !ok {
			r.Report.Cells[code] = c
		}
	}
	r.Doubts = append(r.Doubts, t.doubts...)
	r.adopt(other)
}
