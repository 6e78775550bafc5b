package reader

import (
	"encoding/xml"
	"fmt"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// wordTable is a table while it is read.
type wordTable struct {
	number int // in the file, from 1
	grid   document.Grid
	// open holds, by column, the index of the cell that a vertical merge is
	// still extending.
	open map[int]int
	// inner are the tables that stood in cells; content is what the last cell
	// held, for a frame of one cell.
	inner   []*wordTable
	content []wordItem
	filled  bool // some cell has text of its own
}

// table reads a w:tbl to its end; nil when it has no row left.
func (r *wordReader) table() (*wordTable, error) {
	if r.depth++; r.depth > document.MaxNesting {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "表格里套表格超过%d层,请把表格复制到新文档后再交。", document.MaxNesting)
	}
	defer func() { r.depth-- }()
	r.tables++
	t := &wordTable{number: r.tables, open: map[int]int{}}
	if err := r.tableRows(t); err != nil {
		return nil, err
	}
	if t.grid.Rows == 0 || t.grid.Cols == 0 {
		return nil, nil
	}
	if t.grid.Rows*t.grid.Cols > maxGridPositions {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "表%d有%d行%d列,不是报告的表格,请拆开后再交。", t.number, t.grid.Rows, t.grid.Cols)
	}
	return t, nil
}

// tableRows reads rows, also those inside content controls and insertions.
func (r *wordReader) tableRows(t *wordTable) error {
	return r.cursor.each(func(e xml.StartElement) error {
		switch {
		case isWord(e) && e.Name.Local == "tr":
			return r.tableRow(t)
		case isWord(e) && e.Name.Local == "tblPr":
			return r.cursor.each(func(p xml.StartElement) error {
				if p.Name.Local == "tblCaption" {
					t.grid.Name = strings.TrimSpace(attr(p, "val"))
				}
				return r.cursor.skip()
			})
		case r.leaves(e):
			return r.cursor.skip()
		case isWord(e) && e.Name.Local == "sdt":
			return r.contentControl(func() error { return r.tableRows(t) })
		case e.Name.Local == "AlternateContent":
			return r.alternate(func() error { return r.tableRows(t) })
		}
		return r.tableRows(t)
	})
}

// wordRow is a row while it is read.
type wordRow struct {
	col     int
	deleted bool
	cells   []wordCell
}

// wordCell is a cell before it is placed.
type wordCell struct {
	col, span int
	vertical  string // "", restart, continue
	text      string
	inner     []*wordTable
	items     []wordItem
}

func (r *wordReader) tableRow(t *wordTable) error {
	row := &wordRow{}
	if err := r.rowCells(row); err != nil {
		return err
	}
	if row.deleted {
		r.deletedRows++
		return nil
	}
	if t.grid.Rows >= document.MaxGridRows {
		return disclosure.Errorf(disclosure.ErrInvalid, "表%d超过%d行,请拆开后再交。", t.number, document.MaxGridRows)
	}
	continued := map[int]bool{}
	for _, c := range row.cells {
		t.grid.Cols = max(t.grid.Cols, c.col+c.span)
		if above, ok := t.open[c.col]; ok && c.vertical == "continue" {
			t.grid.Cells[above].RowSpan = t.grid.Rows - t.grid.Cells[above].Row + 1
			continued[c.col] = true
			continue
		}
		if r.cells++; r.cells > document.MaxCells {
			return disclosure.Errorf(disclosure.ErrInvalid, "这个Word文件的表格超过%d格,请拆开后再交。", document.MaxCells)
		}
		t.grid.Cells = append(t.grid.Cells, document.Cell{
			Row: t.grid.Rows, Col: c.col, RowSpan: 1, ColSpan: c.span, Text: c.text,
			Address: fmt.Sprintf("表%d 第%d行第%d列", t.number, t.grid.Rows+1, c.col+1),
		})
		if c.vertical == "restart" {
			t.open[c.col], continued[c.col] = len(t.grid.Cells)-1, true
		}
		t.filled = t.filled || c.text != ""
		t.inner = append(t.inner, c.inner...)
		t.content = c.items
	}
	for col := range t.open {
		if !continued[col] {
			delete(t.open, col)
		}
	}
	t.grid.Rows++
	return nil
}

// rowCells reads cells, also those inside content controls.
func (r *wordReader) rowCells(row *wordRow) error {
	return r.cursor.each(func(e xml.StartElement) error {
		switch {
		case isWord(e) && e.Name.Local == "tc":
			return r.tableCell(row)
		case isWord(e) && e.Name.Local == "trPr":
			return r.cursor.each(func(p xml.StartElement) error {
				switch p.Name.Local {
				case "gridBefore":
					row.col = min(max(0, intAttr(p, "val", 0)), document.MaxGridCols)
				case "del", "moveFrom":
					row.deleted = true
				}
				return r.cursor.skip()
			})
		case r.leaves(e):
			return r.cursor.skip()
		case isWord(e) && e.Name.Local == "sdt":
			return r.contentControl(func() error { return r.rowCells(row) })
		case e.Name.Local == "AlternateContent":
			return r.alternate(func() error { return r.rowCells(row) })
		}
		return r.rowCells(row)
	})
}

func (r *wordReader) tableCell(row *wordRow) error {
	c := wordCell{col: row.col, span: 1}
	horizontal, deleted := "", false
	err := r.cursor.each(func(e xml.StartElement) error {
		if isWord(e) && e.Name.Local == "tcPr" {
			return r.cursor.each(func(p xml.StartElement) error {
				switch p.Name.Local {
				case "gridSpan":
					c.span = max(1, intAttr(p, "val", 1))
				case "vMerge":
					c.vertical = mergeKind(p)
				case "hMerge":
					horizontal = mergeKind(p)
				case "cellDel":
					deleted = true
				}
				return r.cursor.skip()
			})
		}
		items, err := r.flowElement(e)
		c.items = append(c.items, items...)
		return err
	})
	if err != nil {
		return err
	}
	if c.col+c.span > document.MaxGridCols {
		return disclosure.Errorf(disclosure.ErrInvalid, "有表格超过%d列,请拆开后再交。", document.MaxGridCols)
	}
	row.col += c.span
	if last := len(row.cells) - 1; horizontal == "continue" && last >= 0 {
		row.cells[last].span += c.span
		return nil
	}
	if deleted {
		c.items = nil
	}
	if err := c.take(); err != nil {
		return err
	}
	row.cells = append(row.cells, c)
	return nil
}

func mergeKind(e xml.StartElement) string {
	if attr(e, "val") == "restart" {
		return "restart"
	}
	return "continue"
}

// take joins the cell's paragraphs, one a line, and sets its tables apart.
func (c *wordCell) take() error {
	var lines []string
	for i, item := range c.items {
		switch {
		case item.table != nil:
			c.inner = append(c.inner, item.table)
		case i > 0 && c.items[i-1].joins:
			lines[len(lines)-1] += item.text
		default:
			lines = append(lines, item.text)
		}
	}
	c.text = strings.TrimSpace(strings.Join(lines, "\n"))
	if len(c.text) > document.MaxCellText {
		return disclosure.Errorf(disclosure.ErrInvalid, "有一个单元格的文字超过%dKB,请检查文件后再交。", document.MaxCellText>>10)
	}
	return nil
}

// asItems is the table as its surroundings should see it. A frame of a single
// cell is page layout: the paragraphs and tables that it holds take its place.
func (t *wordTable) asItems() []wordItem {
	if len(t.grid.Cells) == 1 {
		return t.content
	}
	return []wordItem{{table: t}}
}

// blocks are the table and then the tables from inside its cells; a table that
// only arranges others is left out itself.
func (t *wordTable) blocks() []document.Block {
	var out []document.Block
	if t.filled || len(t.inner) == 0 {
		out = append(out, document.Block{Grid: &t.grid, Place: fmt.Sprintf("表%d", t.number)})
	}
	for _, inner := range t.inner {
		out = append(out, inner.blocks()...)
	}
	return out
}
