package interpret

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// apply reads the sheet as a person has confirmed it. Total rows and figures
// from before the forms are left out and doubted.
func (w *wideSheet) apply(m Mapping, book *codeBook) ([]*Reading, []Doubt) {
	a := &wideReader{seen: map[string]bool{}, w: w, m: m, c: newCollector(book)}
	for r := w.first; r < w.grid.Rows; r++ {
		a.row(r)
	}
	a.summarise()
	return a.c.readings()
}

// wideReader reads the rows of a wide sheet.
type wideReader struct {
	w        *wideSheet
	m        Mapping
	c        *collector
	unit     string          // of the row above, for cells left empty under it
	seen     map[string]bool // unit and year of the rows read
	totals   []string        // rows left out: totals, and rows of nobody
	nameless []string
}

func (a *wideReader) row(r int) {
	unit, year, scope, hasUnit := "", a.w.year, disclosure.ScopeUnknown, false
	var figures []MappedColumn
	filled := false
	for _, col := range a.m.Columns {
		text := ""
		if col.Column < len(a.w.layout[r]) {
			if c := a.w.layout[r][col.Column]; c != nil {
				text = strings.TrimSpace(c.Text)
			}
		}
		switch col.Role {
		case RoleUnit:
			unit, hasUnit = strings.Join(strings.Fields(text), ""), true
		case RoleYear:
			if y := yearIn(plainText(text)); y != 0 {
				year = y
			}
		case RoleScope:
			if s, err := disclosure.ParseScope(plainText(text)); err == nil {
				scope = s
			}
		case RoleFigure:
			figures = append(figures, col)
			filled = filled || text != ""
		}
	}
	place := a.place(r)
	switch {
	case !filled && (unit == "" || noteRow.MatchString(plainText(unit)) || utf8.RuneCountInString(unit) > 40):
		return
	case isTotal(unit) || !hasUnit && isTotal(a.leadText(r)):
		a.totals = append(a.totals, place)
		return
	case hasUnit && unit == "" && isTotal(a.leadText(r)):
		a.totals = append(a.totals, place)
		return
	case hasUnit && unit == "" && (a.unit == "" || a.seen[a.unit+" "+year.String()]):
		a.nameless = append(a.nameless, place)
		return
	case hasUnit && unit == "":
		unit = a.unit // merged cells that were split keep the name in the first row only
	}
	a.unit = unit
	a.seen[unit+" "+year.String()] = true
	for _, col := range figures {
		a.figure(r, col, unit, year, scope)
	}
}

func isTotal(unit string) bool { return totalRow.MatchString(plainText(unit)) }

// leadText is the first text of a row.
func (a *wideReader) leadText(r int) string {
	for _, c := range a.w.layout[r] {
		if c != nil && strings.TrimSpace(c.Text) != "" && !looksValue(c.Text) {
			return c.Text
		}
	}
	return ""
}

func (a *wideReader) place(r int) string {
	for _, c := range a.w.layout[r] {
		if c != nil && c.Address != "" && c.Row == r {
			return c.Address
		}
	}
	return fmt.Sprintf("第%d行", r+1)
}

func (a *wideReader) figure(r int, col MappedColumn, unit string, year disclosure.Year, scope disclosure.Scope) {
	if col.Year != 0 {
		year = col.Year
	}
	raw, source := "", a.place(r)
	if col.Column < len(a.w.layout[r]) {
		if c := a.w.layout[r][col.Column]; c != nil {
			if raw = c.Text; c.Address != "" {
				source = c.Address
			}
		}
	}
	info, ok := a.c.book.info[string(col.Code)]
	if !ok {
		return
	}
	if a.c.tooEarly(info, year, raw, source) {
		return
	}
	cell := parse(raw, info.value, info.unit)
	cell.Source = source
	a.c.put(subject{unit: unit, year: year, scope: scope, family: info.family}, info, cell)
}

func (a *wideReader) summarise() {
	for _, c := range a.m.Columns {
		if c.Role == RoleYear {
			a.w.doubts = nil // the rows say their year themselves
		}
	}
	a.c.loose = append(a.c.loose, a.w.doubts...)
	if left := a.m.unread(); len(left) > 0 {
		a.c.loose = append(a.c.loose, Doubt{Kind: DoubtLeftOut,
			Message: fmt.Sprintf("有%d栏没有对应的指标(%s),没有读入。", len(left), clip(someOf(left)))})
	}
	if len(a.nameless) > 0 {
		a.c.loose = append(a.c.loose, Doubt{Kind: DoubtLeftOut, Place: a.nameless[0],
			Message: fmt.Sprintf("有%d行没有单位名称(%s),没有读入,请补填单位名称。", len(a.nameless), someOf(a.nameless))})
	}
	if len(a.totals) > 0 {
		a.c.loose = append(a.c.loose, Doubt{Kind: DoubtLeftOut, Place: a.totals[0],
			Message: fmt.Sprintf("有%d行是合计或小计(%s),没有读入。", len(a.totals), someOf(a.totals))})
	}
	var early []string
	for _, c := range a.m.Columns {
		if c.Role == RoleIgnore && c.early() {
			early = append(early, c.Header)
		}
	}
	if len(early) > 0 {
		a.c.loose = append(a.c.loose, Doubt{Kind: DoubtLeftOut,
			Message: fmt.Sprintf("%s,有%d栏(%s)没有读入。", notBefore2019, len(early), clip(someOf(early)))})
	}
}

func someOf(places []string) string {
	if len(places) <= 5 {
		return strings.Join(places, "、")
	}
	return strings.Join(places[:5], "、") + "等"
}

// readWide reads a grid when it is a wide sheet: with the confirmed mapping, or
// one that is certain; otherwise it returns the proposal. left are doubts that
// belong to no reading; wide is false when the grid is something else.
func readWide(g *document.Grid, place, format, fileName string, opts Options) (readings []*Reading, left []Doubt, proposal *NeedsMapping, wide bool) {
	if format != "xlsx" && format != "csv" && g.Rows < 4 {
		return nil, nil, nil, false
	}
	w := findWide(g)
	if w == nil || w.isForm(opts.forms()) {
		return nil, nil, nil, false
	}
	w.readYear(fileName)
	if opts.Mappings != nil {
		if m, ok := opts.Mappings(fingerprint(w.headers)); ok && m.validate(opts.book()) == nil {
			readings, left = w.apply(m, opts.book())
			return readings, left, nil, true
		}
	}
	m, ok := w.propose(opts.book())
	if !ok {
		return nil, nil, nil, false
	}
	figures := 0
	for _, c := range m.Columns {
		if c.Role == RoleFigure {
			figures++
		}
	}
	if figures == 0 && w.onlyEarly(m) {
		return nil, []Doubt{{Kind: DoubtLeftOut, Place: place, Message: notBefore2019 + ",这张表没有读入。"}}, nil, true
	}
	if format != "xlsx" && format != "csv" && figures < 3 {
		return nil, nil, nil, false // some table of the text
	}
	if opts.Accept != nil && figures > 0 && opts.Accept(m) {
		readings, left = w.apply(m, opts.book())
		return readings, left, nil, true
	}
	proposal = &NeedsMapping{File: fileName, Place: place, Mapping: m}
	for r := w.first; r < min(g.Rows, w.first+5); r++ {
		row := make([]string, g.Cols)
		for k, c := range w.layout[r] {
			if c != nil {
				row[k] = c.Text
			}
		}
		proposal.Rows = append(proposal.Rows, row)
	}
	return nil, nil, proposal, true
}

// onlyEarly says that every column of figures is from before the forms.
func (w *wideSheet) onlyEarly(m Mapping) bool {
	early := false
	for _, c := range m.Columns {
		if c.early() {
			early = true
		} else if c.Role == RoleIgnore && c.Confidence < 1 && w.numeric(c.Column) {
			return false
		}
	}
	return early
}

// isForm says that the grid is laid out as a form prints it: several rows of a
// form stand in it under each other.
func (w *wideSheet) isForm(forms []*disclosure.Form) bool {
	const enough = 3
	for _, f := range forms {
		v := vocabularyOf(f)
		rows := map[int]bool{}
		for r := 0; r < min(w.grid.Rows, 200); r++ {
			for k, c := range w.layout[r] {
				if c == nil || k > 0 && w.layout[r][k-1] == c || len(c.Text) > maxLabel || looksValue(c.Text) {
					continue
				}
				hit := false
				for _, i := range v.exact[foldLabel(c.Text).full] {
					if v.rows[i].axis != nil {
						rows[r], hit = true, true
					}
				}
				if hit {
					break
				}
			}
		}
		if len(rows) >= enough {
			return true
		}
	}
	return false
}
