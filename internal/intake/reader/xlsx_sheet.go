package reader

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// blankRowsKept is how many styled but empty rows after the last text stay in
// the grid: a blank form's last row of answers is such a row, while sheets are
// also met with borders drawn down to row 1,048,576.
const blankRowsKept = 3

// maxGridPositions bounds rows times columns, which Grid.Layout allocates.
const maxGridPositions = 16_000_000

// sheetReader reads one worksheet.
type sheetReader struct {
	book   *workbook
	name   string
	hidden bool
	cursor *xmlCursor
	budget int // cells left under document.MaxCells

	cells      []document.Cell
	blanks     []document.Cell // styled, without a value
	merges     []mergedRange
	uncomputed []int // indexes in cells: formulas without a stored result
	failed     []string
	faulty     []string // addresses of error values
	hiddenRows int
	hiddenCols int

	row, col int // of the element being read, from 0
	// lastRow and stretch (the sum of every row's last column) are what
	// excelize would allocate for the sheet.
	lastRow, stretch int
}

// mergedRange is inclusive on both ends, from 0.
type mergedRange struct{ top, left, bottom, right int }

func (s *sheetReader) read() error {
	root, err := s.cursor.root()
	if err != nil {
		return err
	}
	if root.Name.Local != "worksheet" {
		return nil // a chart sheet
	}
	err = s.cursor.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "cols":
			return s.cursor.each(func(c xml.StartElement) error {
				if flag(c, "hidden") {
					s.hiddenCols++
				}
				return s.cursor.skip()
			})
		case "sheetData":
			s.row = -1
			return s.cursor.each(s.readRow)
		case "mergeCells":
			return s.cursor.each(s.readMerge)
		}
		return s.cursor.skip()
	})
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func flag(e xml.StartElement, name string) bool {
	v := attr(e, name)
	return v == "1" || v == "true"
}

func (s *sheetReader) readRow(e xml.StartElement) error {
	if e.Name.Local != "row" {
		return s.cursor.skip()
	}
	s.row = intAttr(e, "r", s.row+2) - 1 // r may be left out: the next row then
	if s.row < 0 || s.row >= excelize.TotalRows {
		return disclosure.Errorf(disclosure.ErrInvalid, "%s里有不存在的行号,请用WPS或Excel打开后另存一份再交。", sheetPlace(s.name))
	}
	before := len(s.cells)
	s.col = -1
	if err := s.cursor.each(s.readCell); err != nil {
		return err
	}
	s.lastRow = max(s.lastRow, s.row+1)
	s.stretch += s.col + 1
	if flag(e, "hidden") && len(s.cells) > before {
		s.hiddenRows++
	}
	return nil
}

func (s *sheetReader) readCell(e xml.StartElement) error {
	if e.Name.Local != "c" {
		return s.cursor.skip()
	}
	s.col++
	if ref := attr(e, "r"); ref != "" {
		col, _, err := excelize.CellNameToCoordinates(ref)
		if err != nil {
			return err
		}
		s.col = col - 1
	}
	kind, style := attr(e, "t"), intAttr(e, "s", 0)
	var value, inline, source string
	formula, stored := false, false
	err := s.cursor.each(func(p xml.StartElement) error {
		var err error
		switch p.Name.Local {
		case "f":
			formula = true
			source, err = s.cursor.text()
			return err
		case "v":
			value, err = s.cursor.text()
			stored = value != "" || kind == "str" // a formula's result may be no text
			return err
		case "is":
			inline, err = richText(s.cursor)
			return err
		}
		return s.cursor.skip()
	})
	if err != nil {
		return err
	}
	address, err := excelize.CoordinatesToCellName(s.col+1, s.row+1)
	if err != nil {
		return err
	}
	cell := document.Cell{Row: s.row, Col: s.col, RowSpan: 1, ColSpan: 1, Address: address}
	cell.Text = strings.TrimSpace(s.text(kind, style, value, inline))
	if kind == "e" {
		s.faulty = append(s.faulty, address)
	}
	if formula && !stored {
		cell.Text = formulaText(source)
	}
	return s.keep(cell, formula && !stored)
}

// text is the cell's value as text, by its type (ECMA-376 18.18.11).
func (s *sheetReader) text(kind string, style int, value, inline string) string {
	switch kind {
	case "s":
		var at int
		for _, c := range strings.TrimSpace(value) {
			if c < '0' || c > '9' || at > len(s.book.strings) {
				return ""
			}
			at = at*10 + int(c-'0')
		}
		if value == "" || at >= len(s.book.strings) {
			return ""
		}
		return s.book.strings[at]
	case "inlineStr":
		return inline
	case "str":
		return unescapeXString(value)
	case "b":
		switch value {
		case "0":
			return "FALSE"
		case "1":
			return "TRUE"
		}
		return value
	case "e":
		return value
	case "d":
		return strings.TrimSuffix(value, "T00:00:00")
	}
	return s.book.number(value, style)
}

func (s *sheetReader) keep(cell document.Cell, uncomputed bool) error {
	if cell.Text == "" && !uncomputed {
		// Blank cells beyond any table would not be kept, so do not gather them.
		if cell.Col < document.MaxGridCols && len(s.blanks) < s.budget {
			s.blanks = append(s.blanks, cell)
		}
		return nil
	}
	if len(s.cells) >= s.budget {
		return disclosure.Errorf(disclosure.ErrInvalid, "这个Excel文件超过%d个单元格,请拆开后再交。", document.MaxCells)
	}
	if len(cell.Text) > document.MaxCellText {
		return disclosure.Errorf(disclosure.ErrInvalid, "%s的%s格文字超过%dKB,请检查文件后再交。", sheetPlace(s.name), cell.Address, document.MaxCellText>>10)
	}
	if uncomputed {
		s.uncomputed = append(s.uncomputed, len(s.cells))
	}
	s.cells = append(s.cells, cell)
	return nil
}

func (s *sheetReader) readMerge(e xml.StartElement) error {
	from, to, ok := strings.Cut(attr(e, "ref"), ":")
	if e.Name.Local != "mergeCell" || !ok {
		return s.cursor.skip()
	}
	left, top, err := excelize.CellNameToCoordinates(from)
	if err != nil {
		return err
	}
	right, bottom, err := excelize.CellNameToCoordinates(to)
	if err != nil {
		return err
	}
	s.merges = append(s.merges, mergedRange{
		top: min(top, bottom) - 1, left: min(left, right) - 1,
		bottom: max(top, bottom) - 1, right: max(left, right) - 1,
	})
	return s.cursor.skip()
}
