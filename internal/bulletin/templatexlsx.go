package bulletin

import (
	"archive/zip"
	"bytes"
	"fmt"
	"math"
	"strings"

	"mingjing/internal/bulletin/word"
	"mingjing/internal/disclosure"

	"github.com/xuri/excelize/v2"
)

// TemplateXlsx is the forms as an Excel workbook, one sheet a table, laid out
// as they are printed: labels locked, cells for figures open, totals as formulas
// with their results stored. The intake reads exactly the figures in it.
func TemplateXlsx(t Template) ([]byte, error) {
	b := &templateBook{file: excelize.NewFile(), template: t, stored: map[string]map[place]cellValue{}}
	defer b.file.Close() //nolint:errcheck // nothing is written to disk
	data, err := b.make()
	if err != nil {
		return nil, fmt.Errorf("template: %w", err)
	}
	return data, nil
}

// templateBook is a template's workbook in the making.
type templateBook struct {
	file     *excelize.File
	template Template
	styles   templateStyles
	// stored are the results of formulas, which excelize does not write.
	stored map[string]map[place]cellValue
	sheets int
}

type templateStyles struct{ title, unit, head, label, banner, input, sum int }

func (b *templateBook) make() ([]byte, error) {
	if err := b.makeStyles(); err != nil {
		return nil, err
	}
	for _, f := range b.template.Forms {
		r := b.template.report(f)
		for i := range f.Form.Tables {
			if err := b.sheet(f, r, &f.Form.Tables[i]); err != nil {
				return nil, err
			}
		}
	}
	if err := writeMark(b.file, b.template); err != nil {
		return nil, err
	}
	first := title(b.template.report(b.template.Forms[0]))
	// Fixed times: the same template is the same bytes.
	const never = "2000-01-01T00:00:00Z"
	if err := b.file.SetDocProps(&excelize.DocProperties{Title: first, Identifier: markOf(b.template), Created: never, Modified: never}); err != nil {
		return nil, err
	}
	b.file.SetActiveSheet(0)
	var out bytes.Buffer
	if err := b.file.Write(&out); err != nil {
		return nil, err
	}
	return storeResults(out.Bytes(), b.stored)
}

// storeResults writes values into formula cells, and into others, of a workbook.
func storeResults(data []byte, stored map[string]map[place]cellValue) ([]byte, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	_, parts, err := sheetParts(archive)
	if err != nil {
		return nil, err
	}
	changed := map[string][]byte{}
	for sheet, values := range stored {
		part, err := partBytes(archive, parts[sheet])
		if err != nil {
			return nil, err
		}
		m, err := mapSheet(part)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", sheet, err)
		}
		changed[parts[sheet]] = m.with(values)
	}
	return repack(archive, changed)
}

func (b *templateBook) makeStyles() error {
	line := func() []excelize.Border {
		var out []excelize.Border
		for _, side := range []string{"left", "top", "right", "bottom"} {
			out = append(out, excelize.Border{Type: side, Color: "000000", Style: 1})
		}
		return out
	}
	left := &excelize.Alignment{Horizontal: "left", Vertical: "center", WrapText: true}
	center := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	open := &excelize.Protection{Locked: false}
	shade := func(color string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
	}
	font := func(size float64, name string) *excelize.Font { return &excelize.Font{Family: name, Size: size} }
	general := "General"
	var failed error
	style := func(s excelize.Style) int {
		id, err := b.file.NewStyle(&s)
		if err != nil && failed == nil {
			failed = err
		}
		return id
	}
	b.styles = templateStyles{
		title:  style(excelize.Style{Font: font(16, word.FontTitle), Alignment: center}),
		unit:   style(excelize.Style{Font: font(10.5, word.FontSong), Alignment: &excelize.Alignment{Horizontal: "left", Vertical: "center"}}),
		head:   style(excelize.Style{Font: font(10, word.FontSong), Alignment: center, Border: line(), Fill: shade(labelShade)}),
		label:  style(excelize.Style{Font: font(10, word.FontSong), Alignment: left, Border: line(), Fill: shade(labelShade)}),
		banner: style(excelize.Style{Font: font(10, word.FontSong), Alignment: left, Border: line(), Fill: shade(bannerShade)}),
		input:  style(excelize.Style{Font: font(11, word.FontSong), Alignment: center, Border: line(), Protection: open, CustomNumFmt: &general}),
		sum:    style(excelize.Style{Font: font(11, word.FontSong), Alignment: center, Border: line(), Protection: open, CustomNumFmt: &general, Fill: shade("FFF8E1")}),
	}
	return failed
}

// headLines are the rows over a table: the title, and what to know.
const headLines = 2

func (b *templateBook) sheet(f TemplateForm, r *disclosure.Report, t *disclosure.Table) error {
	name := sheetName(t.Name+" "+t.Title, b.sheets)
	if i, err := b.file.GetSheetIndex(name); err == nil && i >= 0 {
		name = fmt.Sprintf("%s%d", name, b.sheets+1) // two forms with a table of one name
	}
	if b.sheets == 0 {
		if err := b.file.SetSheetName("Sheet1", name); err != nil {
			return err
		}
	} else if _, err := b.file.NewSheet(name); err != nil {
		return err
	}
	b.sheets++
	rows := t.Printed(r.Prints)
	columns, labels := disclosure.PrintedColumns(rows)
	s := &templateSheet{book: b, file: b.file, name: name, form: f, report: r, at: map[disclosure.Code]place{}, totals: totals(r), labels: labels}
	for _, step := range []func() error{
		func() error { return s.size(t, rows, columns, labels) },
		func() error { return s.heading(t, columns) },
		func() error { return s.cells(rows) },
		func() error { return s.formulas() },
		func() error { return s.prompts() },
		func() error { return s.page(columns, rows) },
	} {
		if err := step(); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// sheetName is a name that Excel takes: no : \ / ? * [ ], at most 31 letters,
// none twice.
func sheetName(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) || r < 0x20 {
			return -1
		}
		return r
	}, s)
	letters := []rune(s)
	if len(letters) > 28 {
		letters = letters[:28]
	}
	if strings.TrimSpace(string(letters)) == "" {
		return fmt.Sprintf("表%d", n+1)
	}
	return string(letters)
}

// templateSheet is one table's sheet.
type templateSheet struct {
	book   *templateBook
	file   *excelize.File
	name   string
	form   TemplateForm
	report *disclosure.Report
	at     map[disclosure.Code]place
	totals map[disclosure.Code]total
	labels int
}

// size sets widths so that the sheet prints on one A4 page.
func (s *templateSheet) size(t *disclosure.Table, rows []disclosure.PrintedRow, columns, labels int) error {
	width := 90.0 // in characters, about what A4 takes across
	for i, mm := range columnWidths(t, columns, labels, width) {
		col, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		if err := s.file.SetColWidth(s.name, col, col, mm); err != nil {
			return err
		}
	}
	widths := columnWidths(t, columns, labels, width)
	for r, row := range rows {
		height := 18.0
		for _, c := range row {
			if !c.Head || c.Rowspan > 1 {
				continue
			}
			room := 0.0
			for i := c.Col; i < c.Col+c.Colspan; i++ {
				room += widths[i]
			}
			lines := math.Ceil(2 * word.Length(c.Text) / math.Max(1, room-1))
			height = math.Max(height, 14*lines+4)
		}
		if err := s.file.SetRowHeight(s.name, r+1+headLines, height); err != nil {
			return err
		}
	}
	return nil
}

func (s *templateSheet) heading(t *disclosure.Table, columns int) error {
	last := place{0, columns - 1}.name()
	if err := s.file.MergeCell(s.name, "A1", last); err != nil {
		return err
	}
	if err := s.file.SetCellStr(s.name, "A1", title(s.report)); err != nil {
		return err
	}
	if err := s.file.SetCellStyle(s.name, "A1", last, s.book.styles.title); err != nil {
		return err
	}
	lines := math.Ceil(word.Length(title(s.report)) / 26)
	if err := s.file.SetRowHeight(s.name, 1, 12+24*lines); err != nil {
		return err
	}
	last = place{1, columns - 1}.name()
	if err := s.file.MergeCell(s.name, "A2", last); err != nil {
		return err
	}
	note := "白色格填数字，没有发生的填0，不涉及的填“/”。"
	if s.sums(t) {
		note += "浅黄色格自动合计。"
	}
	if err := s.file.SetCellStr(s.name, "A2", note); err != nil {
		return err
	}
	return s.file.SetCellStyle(s.name, "A2", last, s.book.styles.unit)
}

// sums says that a cell of the table is computed.
func (s *templateSheet) sums(t *disclosure.Table) bool {
	for code := range s.totals {
		if def, ok := s.form.Form.Cell(code); ok && def.Table == t {
			return true
		}
	}
	return false
}

func (s *templateSheet) cells(rows []disclosure.PrintedRow) error {
	for r, row := range rows {
		for _, c := range row {
			from := place{r + headLines, c.Col}
			to := place{from.row + c.Rowspan - 1, c.Col + c.Colspan - 1}
			if from != to {
				if err := s.file.MergeCell(s.name, from.name(), to.name()); err != nil {
					return err
				}
			}
			if err := s.file.SetCellStyle(s.name, from.name(), to.name(), s.style(c)); err != nil {
				return err
			}
			if c.Head {
				if err := s.file.SetCellStr(s.name, from.name(), disclosure.Typeset(c.Text)); err != nil {
					return err
				}
				continue
			}
			s.at[c.Code] = from
		}
	}
	return nil
}

func (s *templateSheet) style(c disclosure.PrintedCell) int {
	styles := s.book.styles
	_, computed := s.totals[c.Code]
	switch {
	case c.Banner:
		return styles.banner
	case c.Head && s.labels > 1 && (c.Scope == "row" || c.Scope == "rowgroup"):
		return styles.label
	case c.Head:
		return styles.head
	case computed:
		return styles.sum
	}
	return styles.input
}

// formulas writes totals as formulas and everything else as it is filed. A sum
// over blanks is blank, not 0.
func (s *templateSheet) formulas() error {
	stored := map[place]cellValue{}
	for code, at := range s.at {
		if t, ok := s.totals[code]; ok {
			var refs []string
			for _, a := range t.addends {
				if p, ok := s.at[a]; ok {
					refs = append(refs, p.name())
				}
			}
			list := strings.Join(refs, ",")
			if err := s.file.SetCellFormula(s.name, at.name(), fmt.Sprintf(`IF(COUNT(%s)=0,"",SUM(%s))`, list, list)); err != nil {
				return err
			}
			stored[at] = cellValue{}
			if t.valid {
				stored[at] = cellValue{number: t.sum.String()}
			}
			continue
		}
		if v, ok := valueOf(s.report.Cells[code]); ok {
			stored[at] = v
		}
	}
	s.book.stored[s.name] = stored
	return nil
}

// valueOf is a figure as a cell's value: a number, or text as filed.
func valueOf(c disclosure.Cell) (v cellValue, ok bool) {
	text := c.Shown()
	if text == "" {
		return cellValue{}, false
	}
	if c.IsNumber() && c.Remark == "" {
		return cellValue{number: c.Value.String()}, true
	}
	return cellValue{text: text}, true
}

// prompts shows what to count and last year's value when a cell is chosen, and
// warns of what is no figure. It never refuses: offices paste what they have.
func (s *templateSheet) prompts() error {
	for _, def := range s.form.Form.AllCells() {
		at, ok := s.at[def.Code]
		if !ok {
			continue
		}
		v := excelize.NewDataValidation(true)
		v.Sqref = at.name()
		rule := fmt.Sprintf(`OR(%[1]s="/",AND(ISNUMBER(%[1]s),%[1]s>=0,%[1]s=INT(%[1]s)))`, at.name())
		what := "请填写大于等于0的整数，不涉及的填“/”。"
		switch def.Value {
		case disclosure.ValueMoney:
			rule = fmt.Sprintf(`OR(%[1]s="/",AND(ISNUMBER(%[1]s),%[1]s>=0))`, at.name())
			what = "请填写金额（" + def.Unit + "），不涉及的填“/”。"
		case disclosure.ValueDelta:
			rule = fmt.Sprintf(`OR(%[1]s="/",ISNUMBER(%[1]s))`, at.name())
			what = "请填写增减数，减少的填负数，不涉及的填“/”。"
		}
		v.Type, v.Formula1 = "custom", escapeXML(rule)
		v.SetError(excelize.DataValidationErrorStyleWarning, "请核对", what)
		if text := s.prompt(def); text != "" {
			v.SetInput(Fit(def.Row.Label, 30), Fit(text, 250))
		}
		if err := s.file.AddDataValidation(s.name, v); err != nil {
			return err
		}
	}
	return nil
}

func (s *templateSheet) prompt(def disclosure.CellDef) string {
	var parts []string
	if c, ok := s.form.Last[def.Code]; ok && c.Kind != disclosure.CellBlank {
		parts = append(parts, "上年："+c.Shown())
	}
	if g := s.form.Guide[def.Code]; g != "" {
		parts = append(parts, g)
	}
	return strings.Join(parts, "\n")
}

// Fit cuts a text to a length, the ellipsis included, for what has a limit: in
// Excel a prompt's title has at most 32 characters, its text 255.
func Fit(s string, most int) string {
	letters := []rune(s)
	if len(letters) <= most {
		return s
	}
	return string(letters[:most-1]) + "…"
}

func (s *templateSheet) page(columns int, rows []disclosure.PrintedRow) error {
	landscape, portrait, one, a4 := "landscape", "portrait", 1, 9
	orientation := &portrait
	if columns > 11 {
		orientation = &landscape
	}
	if err := s.file.SetPageLayout(s.name, &excelize.PageLayoutOptions{Orientation: orientation, Size: &a4, FitToHeight: &one, FitToWidth: &one}); err != nil {
		return err
	}
	fit, yes := true, true
	if err := s.file.SetSheetProps(s.name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	margin, foot := 0.6, 0.3 // inches
	if err := s.file.SetPageMargins(s.name, &excelize.PageLayoutMarginsOptions{Left: &margin, Right: &margin, Top: &margin, Bottom: &margin, Header: &foot, Footer: &foot, Horizontally: &yes}); err != nil {
		return err
	}
	if s.labels > 0 && len(rows) > 20 {
		corner := place{headLines + disclosure.HeadRows(rows), s.labels}
		if err := s.file.SetPanes(s.name, &excelize.Panes{Freeze: true, XSplit: corner.col, YSplit: corner.row, TopLeftCell: corner.name(), ActivePane: "bottomRight"}); err != nil {
			return err
		}
	}
	return s.file.ProtectSheet(s.name, &excelize.SheetProtectionOptions{SelectLockedCells: true, SelectUnlockedCells: true, FormatColumns: true, FormatRows: true})
}
