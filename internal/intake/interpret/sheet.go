package interpret

import (
	"strings"
	"unicode/utf8"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// maxReportRows and maxReportPositions are the size beyond which a grid is a
// data sheet (long or wide) and not the tables of one or several reports; one
// report has 50 rows of 15 columns.
const (
	maxReportRows      = 6000
	maxReportPositions = 200_000
)

// cellClass is what a cell's text looks like on its own.
type cellClass uint8

const (
	classBlank cellClass = iota
	classValue
	classText
)

// sheet is a grid as the interpreter works on it.
type sheet struct {
	grid  *document.Grid
	block int // index of its block in the document
	place string
	lines []*line
	// run: the grid has no reliable columns; its lines were made out of one
	// run of cells, labels and then values.
	run bool
	// fromText: a paragraph that looks like a row; text again unless it is used.
	fromText bool
	// padded: the file has rows of unequal length, and what lacks at a row's
	// end may as well lack before it (text, OCR).
	padded bool
}

// line is one printed row: its distinct cells from left to right, holes filled
// with empty cells.
type line struct {
	sheet *sheet
	row   int
	cells []lineCell
	// first and inner are the label cells' indexes: the outermost, and the last
	// one before the values; -1 without any.
	first, inner int
	used         bool // belongs to a table of some form
	values       int  // value cells behind inner
	header       bool // heads columns of a lineBlock
	turnedFrom   []*line
}

// lineCell is a cell in a line; col and span are in grid columns.
type lineCell struct {
	cell      *document.Cell
	col, span int
	class     cellClass
	label     label // of text cells
	// carried: the cell began in a row above and is merged down into this one.
	carried bool
}

// newSheet lays a grid out into lines.
func newSheet(g *document.Grid, block int, place string) *sheet {
	s := &sheet{grid: g, block: block, place: place}
	folded := map[*document.Cell]lineCell{}
	for r, row := range g.Layout() {
		ln := &line{sheet: s, row: r}
		for c := 0; c < len(row); {
			cell := row[c]
			end := c + 1
			for cell != nil && end < len(row) && row[end] == cell {
				end++
			}
			if cell == nil {
				cell = &document.Cell{Row: r, Col: c}
			}
			lc, known := folded[cell]
			if !known {
				lc = classify(cell)
				if cell.RowSpan > 1 {
					folded[cell] = lc
				}
			}
			lc.col, lc.span, lc.carried = c, end-c, cell.Row != r
			ln.cells = append(ln.cells, lc)
			c = end
		}
		ln.findLabels()
		s.lines = append(s.lines, ln)
	}
	return s
}

func classify(cell *document.Cell) lineCell {
	lc := lineCell{cell: cell}
	switch {
	case strings.TrimSpace(cell.Text) == "":
	case looksValue(cell.Text):
		lc.class = classValue
	default:
		if lc.label = foldLabel(cell.Text); lc.label.text == "" {
			lc.class = classValue // marks only: "……", "#"
		} else {
			lc.class = classText
		}
	}
	return lc
}

// looksValue says whether a text stands where a figure belongs: a number, a
// slash, or what a spreadsheet shows for want of one (=SUM(C3:C5), #DIV/0!).
func looksValue(s string) bool {
	if strings.HasPrefix(s, "=") || faultValues[s] {
		return true
	}
	if len(s) > 48 || utf8.RuneCountInString(s) > 24 {
		return false
	}
	plain := true
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			plain = false
			break
		}
	}
	return plain || valueTexts.of(s)
}

// faultValues are what spreadsheets show in place of a result.
var faultValues = map[string]bool{"#DIV/0!": true, "#N/A": true, "#NAME?": true, "#NULL!": true, "#NUM!": true, "#REF!": true, "#VALUE!": true}

func readsAsValue(s string) bool {
	switch disclosure.ParseCell(s, disclosure.ValueDelta, "").Kind {
	case disclosure.CellNumber, disclosure.CellSlash, disclosure.CellBlank:
		return true
	}
	return disclosure.ParseCell(s, disclosure.ValueMoney, "万元").Kind == disclosure.CellNumber
}

// findLabels tells the label cells of a line from its values: labels are the
// first run of texts, up to the first value behind a text.
func (ln *line) findLabels() {
	ln.first, ln.inner, ln.values = -1, -1, 0
	for i, c := range ln.cells {
		if c.class == classText {
			if ln.first < 0 {
				ln.first = i
			}
			ln.inner = i
		}
		if c.class == classValue && ln.inner >= 0 {
			break
		}
	}
	for _, c := range ln.cells[ln.inner+1:] {
		if c.class == classValue && !c.carried {
			ln.values++
		}
	}
}

// text joins what a line of texts says, for titles and headings inside grids;
// ok is false when the line holds several different cells.
func (ln *line) text() (text string, ok bool) {
	for _, c := range ln.cells {
		if c.class == classBlank || c.carried {
			continue
		}
		if text != "" {
			return "", false
		}
		text = c.cell.Text
	}
	return text, text != ""
}

// newRun makes lines out of cells whose rows are not known: a line is a run of
// texts and the values and blanks behind them. isRow knows the labels of rows,
// which end the run of labels even when only blanks follow.
func newRun(g *document.Grid, block int, place string, isRow func(label) bool) *sheet {
	s := &sheet{grid: g, block: block, place: place, run: true}
	var ln *line
	values := false
	for i := range g.Cells {
		lc := classify(&g.Cells[i])
		if ln == nil || lc.class == classText && values {
			ln = &line{sheet: s, row: len(s.lines)}
			s.lines = append(s.lines, ln)
			values = false
		}
		lc.col, lc.span = len(ln.cells), 1
		ln.cells = append(ln.cells, lc)
		// Blanks between texts belong to a header, unless a row's label stands
		// before them; a value ends the labels.
		switch last := len(ln.cells) - 2; {
		case lc.class == classValue:
			values = true
		case lc.class == classBlank && last >= 0 && ln.cells[last].class == classText:
			values = isRow(ln.cells[last].label)
		}
	}
	for _, ln := range s.lines {
		ln.findLabels()
	}
	return s
}

// isRun says whether a grid's rows and columns mean nothing: everything stands
// in one column, or in one long row, figures between labels. A sheet of text
// in one column is no run.
func isRun(g *document.Grid) bool {
	if len(g.Cells) < 8 || (g.Cols != 1 || g.Rows <= 8) && (g.Rows != 1 || g.Cols <= 24) {
		return false
	}
	values, texts := 0, 0
	for i := range g.Cells {
		switch text := g.Cells[i].Text; {
		case strings.TrimSpace(text) == "":
		case looksValue(text):
			values++
		default:
			texts++
		}
	}
	return values > 0 && 3*values >= texts
}
