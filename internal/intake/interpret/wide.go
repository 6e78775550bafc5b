package interpret

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// firstFormYear is the first year of the national form of 2019; figures of
// earlier years were counted in other terms and are never taken for its.
const firstFormYear disclosure.Year = 2019

var (
	unitHeader   = regexp.MustCompile(`^(?:unit|unitname|name|(?:填报|报送|报告|责任|公开|行政)?(?:单位|机关|机构|部门)(?:名称|全称)?|单位\(部门\)|部门\(单位\)|名称|镇街|乡镇街道)$`)
	yearHeader   = regexp.MustCompile(`^(?:year|年份|年度|年|报告年度|统计年度|填报年度)$`)
	scopeHeader  = regexp.MustCompile(`^(?:scope|口径|数据口径|统计口径)$`)
	ignoreHeader = regexp.MustCompile(`^(?:序号|编号|no|备注|说明|联系人|联系电话|电话|填表人|审核人|网址|链接|排名|名次)$`)
	totalRow     = regexp.MustCompile(`^(?:总?合计|总计|小计|总数|累计|平均(?:值|数)?|全(?:区|市|县|省|州|旗)(?:合计|总计|汇总)?|.*(?:合计|小计|总计))$`)
	noteRow      = regexp.MustCompile(`^(?:注|备注|说明|填表|填报|审核|制表|单位负责人)`)
)

// wideSheet is a grid with one row a unit or a unit and year.
type wideSheet struct {
	grid    *document.Grid
	layout  [][]*document.Cell
	first   int      // first row of data
	headers []string // by column, levels joined
	above   string   // text above the header
}

// findWide finds header and data of a wide sheet: above the first row with
// figures stands a row of several texts.
func findWide(g *document.Grid) *wideSheet {
	const within = 12
	if g.Cols < 2 || g.Rows < 2 || g.Rows*g.Cols > document.MaxCells {
		return nil
	}
	w := &wideSheet{grid: g, layout: g.Layout(), first: -1}
	for r := 1; r < min(g.Rows, within); r++ {
		values, texts := 0, 0
		for k, c := range w.layout[r] {
			if c == nil || k > 0 && w.layout[r][k-1] == c || strings.TrimSpace(c.Text) == "" || c.Row != r {
				continue
			}
			if looksValue(c.Text) {
				values++
			} else {
				texts++
			}
		}
		if values >= 2 || values >= 1 && texts == 1 {
			w.first = r
			break
		}
	}
	if w.first < 1 {
		return nil
	}
	from := w.first
	for from > 0 && distinctTexts(w.layout[from-1]) >= 2 {
		from--
	}
	if from == w.first {
		return nil
	}
	w.headers = make([]string, g.Cols)
	for k := range w.headers {
		var stack []string
		for r := from; r < w.first; r++ {
			if c := w.layout[r][k]; c != nil {
				text := strings.Join(strings.Fields(c.Text), "")
				if text != "" && !slices.Contains(stack, text) {
					stack = append(stack, text)
				}
			}
		}
		w.headers[k] = strings.Join(stack, " ")
	}
	for r := range from {
		for k, c := range w.layout[r] {
			if c != nil && (k == 0 || w.layout[r][k-1] != c) {
				w.above += c.Text + " "
			}
		}
	}
	return w
}

func distinctTexts(row []*document.Cell) int {
	n := 0
	for k, c := range row {
		if c != nil && (k == 0 || row[k-1] != c) && strings.TrimSpace(c.Text) != "" {
			n++
		}
	}
	return n
}

// ProposeMapping guesses what the columns of a wide sheet mean; ok is false
// when the grid is none: no column of units or years, or no column that could
// hold a figure.
func ProposeMapping(g *document.Grid, opts Options) (Mapping, bool) {
	w := findWide(g)
	if w == nil {
		return Mapping{}, false
	}
	return w.propose(opts.book())
}

func (w *wideSheet) propose(book *codeBook) (Mapping, bool) {
	m := Mapping{Fingerprint: fingerprint(w.headers), HeaderRows: w.first}
	unit, year, figures := false, false, 0
	taken := map[string]int{}
	for k, header := range w.headers {
		col := MappedColumn{Column: k, Header: header, Role: RoleIgnore, Confidence: 1}
		plain := strings.ToLower(plainText(header))
		switch {
		case plain == "":
		case !unit && unitHeader.MatchString(plain) && !w.numeric(k):
			col.Role, unit = RoleUnit, true
		case !year && yearHeader.MatchString(plain):
			col.Role, year = RoleYear, true
		case scopeHeader.MatchString(plain):
			col.Role = RoleScope
		case ignoreHeader.MatchString(plain):
		default:
			nameFigure(&col, book)
		}
		if col.Role == RoleFigure {
			key := string(col.Code) + "/" + col.Year.String()
			if other, twice := taken[key]; twice {
				if o := &m.Columns[other]; o.Confidence < col.Confidence {
					o.Role, o.Code, o.Confidence, o.Why = RoleIgnore, "", 0, fmt.Sprintf("与“%s”对应同一指标", header)
					taken[key] = k
				} else {
					col.Role, col.Code, col.Confidence, col.Why = RoleIgnore, "", 0, fmt.Sprintf("与“%s”对应同一指标", o.Header)
				}
			} else {
				taken[key] = k
				figures++
			}
		}
		m.Columns = append(m.Columns, col)
	}
	if !unit {
		unit = w.guessUnit(&m)
	}
	if !year {
		m.Year = yearIn(plainText(w.above + " " + w.grid.Name))
	}
	return m, (unit || year) && figures > 0 || unit && w.numericColumns() >= 2
}

// nameFigure recognises a figure's header.
func nameFigure(col *MappedColumn, book *codeBook) {
	plain := plainText(col.Header)
	text := plain
	if y := yearIn(plain); y != 0 {
		if loc := yearPattern.FindStringIndex(plain); loc != nil {
			col.Year = y
			text = plain[:loc[0]] + plain[loc[1]:]
		}
	}
	if info, ok := book.info[strings.ToUpper(text)]; ok {
		col.Role, col.Code = RoleFigure, info.code
		return
	}
	if info, ok := book.labels()[keepLetters(text)]; ok {
		col.Role, col.Code = RoleFigure, info.code
		return
	}
	code, confidence, why := recognise(text, book.names())
	col.Confidence, col.Why = confidence, why
	if code != "" {
		col.Role, col.Code = RoleFigure, code
	}
	if col.Year != 0 && col.Year < firstFormYear && col.Role == RoleFigure {
		col.Role, col.Code, col.Confidence = RoleIgnore, "", 0
		col.Why = "2019年以前的口径与现行表单不同,如需保留请指定H_开头的代码"
	}
}

// numeric says that a column holds figures.
func (w *wideSheet) numeric(k int) bool {
	values, texts := 0, 0
	for r := w.first; r < min(w.grid.Rows, w.first+50); r++ {
		c := w.layout[r][k]
		switch {
		case c == nil || strings.TrimSpace(c.Text) == "":
		case looksValue(c.Text):
			values++
		default:
			texts++
		}
	}
	return values > texts
}

func (w *wideSheet) numericColumns() int {
	n := 0
	for k := range w.headers {
		if w.numeric(k) {
			n++
		}
	}
	return n
}

// guessUnit takes the first column of texts for the unit's name when most of
// its cells look like names of units.
func (w *wideSheet) guessUnit(m *Mapping) bool {
	for k := range w.headers {
		if w.numeric(k) || m.Columns[k].Role != RoleIgnore {
			continue
		}
		named, all := 0, 0
		for r := w.first; r < min(w.grid.Rows, w.first+50); r++ {
			if c := w.layout[r][k]; c != nil && strings.TrimSpace(c.Text) != "" {
				all++
				if unitEnding.MatchString(plainText(c.Text)) {
					named++
				}
			}
		}
		if all > 0 && 2*named > all {
			m.Columns[k].Role, m.Columns[k].Confidence, m.Columns[k].Why = RoleUnit, 0.8, "栏内多为单位名称"
			return true
		}
	}
	return false
}

// ApplyMapping reads a wide sheet as a person has confirmed it. Total rows are
// left out and reported. ErrInvalid when the mapping cannot be applied.
func ApplyMapping(g *document.Grid, m Mapping, opts Options) ([]*Reading, error) {
	if err := m.validate(opts.book()); err != nil {
		return nil, err
	}
	w := findWide(g)
	if w == nil || fingerprint(w.headers) != m.Fingerprint {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "这张表的表头与确认过的对应关系不一致,请重新确认。")
	}
	return w.apply(m, opts.book()), nil
}

func (w *wideSheet) apply(m Mapping, book *codeBook) []*Reading {
	a := &wideReader{w: w, m: m, c: newCollector(book)}
	for r := w.first; r < w.grid.Rows; r++ {
		a.row(r)
	}
	a.summarise()
	return a.c.readings()
}

// wideReader reads the rows of a wide sheet.
type wideReader struct {
	w      *wideSheet
	m      Mapping
	c      *collector
	unit   string   // of the row above, for cells left empty under it
	totals []string // rows left out
	early  []string // cells left out: older than the forms
}

func (a *wideReader) row(r int) {
	unit, year, scope, hasUnit := "", a.m.Year, disclosure.ScopeUnknown, false
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
		case RoleFigure, RoleHistory:
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
	case hasUnit && unit == "":
		unit = a.unit // merged cells that were split keep the name in the first row only
	}
	a.unit = unit
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
	if col.Role == RoleHistory {
		cell := parse(raw, disclosure.ValueDelta, "")
		cell.Source = source
		reading := a.c.of(subject{unit: unit, year: year, scope: scope})
		reading.History = append(reading.History, Historic{Code: col.Code, Label: col.Header, Cell: cell})
		return
	}
	info, ok := a.c.book.info[string(col.Code)]
	if !ok {
		return
	}
	if year != 0 && year < firstFormYear && a.c.book.families[info.family] == disclosure.FamilyNational {
		if raw != "" {
			a.early = append(a.early, source)
		}
		return
	}
	cell := parse(raw, info.value, info.unit)
	cell.Source = source
	a.c.put(subject{unit: unit, year: year, scope: scope, family: info.family}, info, cell)
}

func (a *wideReader) summarise() {
	if left := a.m.unread(); len(left) > 0 {
		a.c.loose = append(a.c.loose, Doubt{Kind: DoubtLeftOut,
			Message: fmt.Sprintf("有%d栏没有对应的指标(%s),没有读入。", len(left), clip(someOf(left)))})
	}
	if len(a.totals) > 0 {
		a.c.loose = append(a.c.loose, Doubt{Kind: DoubtLeftOut, Place: a.totals[0],
			Message: fmt.Sprintf("有%d行是合计或小计(%s),没有读入。", len(a.totals), someOf(a.totals))})
	}
	if len(a.early) > 0 {
		a.c.loose = append(a.c.loose, Doubt{Kind: DoubtLeftOut, Place: a.early[0],
			Message: fmt.Sprintf("有%d格是2019年以前的数据(%s),口径与现行表单不同,没有读入;如需保留,请把这些栏对应到H_开头的代码。", len(a.early), someOf(a.early))})
	}
}

func someOf(places []string) string {
	if len(places) <= 5 {
		return strings.Join(places, "、")
	}
	return strings.Join(places[:5], "、") + "等"
}

// readWide reads a grid when it is a wide sheet: with the confirmed mapping, or
// one that is certain; otherwise it returns the proposal. wide is false when
// the grid is something else.
func readWide(g *document.Grid, place, format, fileName string, opts Options) (readings []*Reading, proposal *NeedsMapping, wide bool) {
	if format != "xlsx" && format != "csv" && g.Rows < 4 {
		return nil, nil, false
	}
	w := findWide(g)
	if w == nil || w.isForm(opts.forms()) {
		return nil, nil, false
	}
	if opts.Mappings != nil {
		if m, ok := opts.Mappings(fingerprint(w.headers)); ok && m.validate(opts.book()) == nil {
			return w.apply(m, opts.book()), nil, true
		}
	}
	m, ok := w.propose(opts.book())
	if !ok {
		return nil, nil, false
	}
	if m.Year == 0 {
		m.Year = yearIn(plainText(fileName))
	}
	figures := 0
	for _, c := range m.Columns {
		if c.Role == RoleFigure {
			figures++
		}
	}
	if format != "xlsx" && format != "csv" && figures < 3 {
		return nil, nil, false // some table of the text
	}
	if opts.Accept != nil && opts.Accept(m) {
		return w.apply(m, opts.book()), nil, true
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
	return nil, proposal, true
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
