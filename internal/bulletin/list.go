package bulletin

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"strings"
	"time"

	"mingjing/internal/bulletin/word"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"
)

// List is rows for people, as a workbook or as CSV: the progress wall, an audit
// export, a unit list, findings, the tables of pages. Every row has as many cells
// as there are columns.
type List struct {
	Title   string
	Notes   []string // what a reader must know; lines
	Columns []ListColumn
	Rows    []ListRow
	// Above sets title and notes over the table, for printing and putting up;
	// otherwise they stand on a sheet of their own, and the table begins at A1
	// for programs.
	Above bool
	// Landscape prints across.
	Landscape bool
	// Mark is an identifier in the file's properties, not printed.
	Mark string
	// Sheet and About name the sheets; "": 数据, 说明.
	Sheet, About string
}

// ListKind says what a column holds.
type ListKind int

// The kinds of column. A cell without the kind's value is text.
const (
	ListText ListKind = iota
	ListNumber
	ListDate
)

// ListColumn is a column.
type ListColumn struct {
	Label string
	Kind  ListKind
	Width float64 // in half-width characters; 0: as the contents need
}

// ListRow is a row; Strong sets it off as a total, Shade (RRGGBB) as a state.
// The state must stand in words too.
type ListRow struct {
	Cells  []ListCell
	Strong bool
	Shade  string
}

// ListCell is one entry.
type ListCell struct {
	Text   string
	Number decimal.NullDecimal
	Date   time.Time // a day; the zero time is none
}

// ListTextCell makes a cell of text.
func ListTextCell(s string) ListCell { return ListCell{Text: s} }

// Harmless keeps a spreadsheet from taking text for a formula (CWE-1236): a
// leading apostrophe makes it text.
func Harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}

// dateFormat is how days are written.
const dateFormat = "2006-01-02"

// plain is a cell as text.
func (c ListCell) plain() string {
	switch {
	case c.Number.Valid:
		return c.Number.Decimal.String()
	case !c.Date.IsZero():
		return c.Date.Format(dateFormat)
	}
	return Harmless(c.Text)
}

// ListCSV is the list as CSV: UTF-8 with a byte order mark, which Excel and WPS
// need to show Chinese. Title and notes are left out.
func ListCSV(l List) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	line := []string{}
	for _, col := range l.Columns {
		line = append(line, Harmless(col.Label))
	}
	if err := w.Write(line); err != nil {
		return nil, fmt.Errorf("csv: %w", err)
	}
	for _, row := range l.Rows {
		line = line[:0]
		for _, cell := range row.Cells {
			line = append(line, cell.plain())
		}
		if err := w.Write(line); err != nil {
			return nil, fmt.Errorf("csv: %w", err)
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// WallXlsx is the list as a workbook: frozen head repeated on each printed page,
// filters, as wide as one page, page numbers. More lists stand on sheets of
// their own behind it; their names must differ.
func WallXlsx(l List, more ...List) ([]byte, error) {
	b := &listBook{list: l, more: more, file: excelize.NewFile(), styles: map[listStyle]int{}}
	defer b.file.Close() //nolint:errcheck // nothing is written to disk
	data, err := b.make()
	if err != nil {
		return nil, fmt.Errorf("xlsx: %w", err)
	}
	return data, nil
}

type listBook struct {
	list   List
	more   []List
	file   *excelize.File
	sheet  string
	widths []float64 // of the columns
	styles map[listStyle]int
}

// listStyle is what tells cells' looks apart.
type listStyle struct {
	kind         ListKind
	head, strong bool
	shade        string
}

func (b *listBook) make() ([]byte, error) {
	b.sheet = orElse(b.list.Sheet, "数据")
	if err := b.file.SetSheetName("Sheet1", b.sheet); err != nil {
		return nil, err
	}
	if err := b.page(); err != nil {
		return nil, err
	}
	if err := b.rows(); err != nil {
		return nil, err
	}
	for _, l := range b.more {
		next := &listBook{list: l, sheet: orElse(l.Sheet, l.Title), file: b.file, styles: b.styles}
		if _, err := b.file.NewSheet(next.sheet); err != nil {
			return nil, err
		}
		if err := next.page(); err != nil {
			return nil, err
		}
		if err := next.rows(); err != nil {
			return nil, err
		}
	}
	if !b.list.Above {
		if err := b.about(); err != nil {
			return nil, err
		}
	}
	const never = "2000-01-01T00:00:00Z" // the same list is the same bytes
	if err := b.file.SetDocProps(&excelize.DocProperties{Title: b.list.Title, Identifier: b.list.Mark, Created: never, Modified: never}); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err := b.file.Write(&out)
	return out.Bytes(), err
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// head is the row, from 1, of the columns' labels.
func (b *listBook) head() int {
	if !b.list.Above {
		return 1
	}
	return len(b.list.Notes) + 2
}

// page sets up printing; it must come before the rows are streamed.
func (b *listBook) page() error {
	orientation, a4, one, any, fit := "portrait", 9, 1, 0, true
	if b.list.Landscape {
		orientation = "landscape"
	}
	if err := b.file.SetPageLayout(b.sheet, &excelize.PageLayoutOptions{Orientation: &orientation, Size: &a4, FitToWidth: &one, FitToHeight: &any}); err != nil {
		return err
	}
	if err := b.file.SetSheetProps(b.sheet, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	margin, top, foot := 0.5, 0.7, 0.3 // inches
	if err := b.file.SetPageMargins(b.sheet, &excelize.PageLayoutMarginsOptions{Left: &margin, Right: &margin, Top: &top, Bottom: &top, Header: &foot, Footer: &foot, Horizontally: &fit}); err != nil {
		return err
	}
	header := ""
	if !b.list.Above {
		header = "&C" + Fit(strings.ReplaceAll(b.list.Title, "&", "&&"), 100)
	}
	if err := b.file.SetHeaderFooter(b.sheet, &excelize.HeaderFooterOptions{OddHeader: header, OddFooter: "&C第 &P 页 共 &N 页"}); err != nil {
		return err
	}
	quoted := "'" + strings.ReplaceAll(b.sheet, "'", "''") + "'"
	return b.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: b.sheet, RefersTo: fmt.Sprintf("%s!$%d:$%d", quoted, b.head(), b.head())})
}

func (b *listBook) rows() error {
	last, head := max(1, len(b.list.Columns)), b.head()
	w, err := b.file.NewStreamWriter(b.sheet)
	if err != nil {
		return err
	}
	for i := range b.list.Columns {
		b.widths = append(b.widths, b.width(i))
		if err := w.SetColWidth(i+1, i+1, b.widths[i]); err != nil {
			return err
		}
	}
	freeze := 0
	if len(b.list.Columns) > 1 && !b.list.Above {
		freeze = 1
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, XSplit: freeze, YSplit: head, TopLeftCell: place{head, freeze}.name(), ActivePane: map[int]string{0: "bottomLeft", 1: "bottomRight"}[freeze]}); err != nil {
		return err
	}
	if b.list.Above {
		if err := b.above(w, last); err != nil {
			return err
		}
	}
	labels := []any{}
	for _, col := range b.list.Columns {
		labels = append(labels, excelize.Cell{StyleID: b.style(listStyle{head: true}), Value: Harmless(col.Label)})
	}
	if err := w.SetRow(place{head - 1, 0}.name(), labels); err != nil {
		return err
	}
	for i, row := range b.list.Rows {
		if err := w.SetRow(place{head + i, 0}.name(), b.cells(row), excelize.RowOpts{Height: b.height(row)}); err != nil {
			return err
		}
	}
	return w.Flush()
}

// above writes title and notes over the table.
func (b *listBook) above(w *excelize.StreamWriter, last int) error {
	title, err := b.file.NewStyle(&excelize.Style{Font: &excelize.Font{Family: word.FontTitle, Size: 16}, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}})
	if err != nil {
		return err
	}
	note, err := b.file.NewStyle(&excelize.Style{Font: &excelize.Font{Family: word.FontSong, Size: 10}, Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}})
	if err != nil {
		return err
	}
	total := 0.0
	for _, width := range b.widths {
		total += width
	}
	for i, line := range append([]string{b.list.Title}, b.list.Notes...) {
		style, height, scale := note, 16.0, 2.0
		if i == 0 {
			style, height, scale = title, 30.0, 3.4
		}
		height *= math.Max(1, math.Ceil(word.Length(line)*scale/math.Max(20, total)))
		at, end := place{i, 0}.name(), place{i, last - 1}.name()
		if err := w.SetRow(at, []any{excelize.Cell{StyleID: style, Value: Harmless(line)}}, excelize.RowOpts{Height: math.Min(height, 400)}); err != nil {
			return err
		}
		if last > 1 {
			if err := w.MergeCell(at, end); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *listBook) cells(row ListRow) []any {
	out := []any{}
	for i, cell := range row.Cells {
		kind := ListText
		if i < len(b.list.Columns) {
			kind = b.list.Columns[i].Kind
		}
		c := excelize.Cell{StyleID: b.style(listStyle{kind: kind, strong: row.Strong, shade: row.Shade})}
		switch {
		case cell.Number.Valid:
			c.Value, _ = cell.Number.Decimal.Float64()
		case !cell.Date.IsZero():
			// A day is a day wherever the program runs.
			c.Value = time.Date(cell.Date.Year(), cell.Date.Month(), cell.Date.Day(), 0, 0, 0, 0, time.UTC)
		default:
			c.Value = legalText(Harmless(cell.Text))
		}
		out = append(out, c)
	}
	return out
}

func (b *listBook) style(s listStyle) int {
	if id, ok := b.styles[s]; ok {
		return id
	}
	style := excelize.Style{
		Font:      &excelize.Font{Family: word.FontSong, Size: 10, Bold: s.head || s.strong},
		Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
	}
	for _, side := range []string{"left", "top", "right", "bottom"} {
		style.Border = append(style.Border, excelize.Border{Type: side, Color: "808080", Style: 1})
	}
	shade := s.shade
	switch {
	case s.head:
		style.Alignment.Horizontal, shade = "center", labelShade
	case s.kind == ListNumber:
		style.Alignment.Horizontal = "right"
	case s.kind == ListDate:
		format := "yyyy-mm-dd"
		style.CustomNumFmt, style.Alignment.Horizontal = &format, "center"
	}
	if shade != "" {
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{shade}}
	}
	id, err := b.file.NewStyle(&style)
	if err != nil {
		id = 0 // a cell without looks is still a cell
	}
	b.styles[s] = id
	return id
}

// height is what a row's texts need in points, folded to their columns' widths;
// Excel takes at most 409.
func (b *listBook) height(row ListRow) float64 {
	lines := 1.0
	for i, cell := range row.Cells {
		if i >= len(b.widths) {
			break
		}
		n := 0.0
		for _, line := range strings.Split(cell.plain(), "\n") {
			n += math.Max(1, math.Ceil(2*word.Length(line)/(b.widths[i]-1)))
		}
		lines = math.Max(lines, n)
	}
	return math.Min(5+13*lines, 409)
}

// width is what a column's contents need, within reason.
func (b *listBook) width(i int) float64 {
	col := b.list.Columns[i]
	if col.Width > 0 {
		return col.Width
	}
	widest := 2 * math.Min(word.Length(col.Label), 8)
	for _, row := range b.list.Rows[:min(len(b.list.Rows), 500)] {
		if i < len(row.Cells) {
			widest = math.Max(widest, 2*word.Length(row.Cells[i].plain()))
		}
	}
	return math.Min(math.Max(widest+2, 7), 46)
}

// about is the sheet with title and notes.
func (b *listBook) about() error {
	sheet := orElse(b.list.About, "说明")
	if _, err := b.file.NewSheet(sheet); err != nil {
		return err
	}
	for i, line := range append([]string{b.list.Title}, b.list.Notes...) {
		if err := b.file.SetCellStr(sheet, place{i, 0}.name(), legalText(Harmless(line))); err != nil {
			return err
		}
	}
	return b.file.SetColWidth(sheet, "A", "A", 90)
}
