// Package document is what every reader makes of a foreign file: a sequence of
// paragraphs and grids of cells, each of which remembers where it stood. It
// knows nothing of forms or figures; the interpreter reads those out of it.
package document

// Document is one file as read, in reading order. A reader never guesses a
// meaning: it keeps text as printed (see Clean for the only changes made).
type Document struct {
	// Format names the reader: html, docx, xlsx, pdf, text, markdown, csv.
	Format string `json:"format"`
	// Charset is the encoding the text was decoded from, for text formats.
	Charset string `json:"charset,omitempty"`
	// Title is the document's own title property or <title>; may be empty.
	Title  string  `json:"title,omitempty"`
	Blocks []Block `json:"blocks"`
	// Mark is what one of the product's own templates says of itself, see
	// MarkPrefix; "" in any other file.
	Mark string `json:"mark,omitempty"`
	// Warnings are sentences, in Chinese, on what the reader left out or found
	// damaged (a page without text, tracked deletions dropped).
	Warnings []string `json:"warnings,omitempty"`
}

// A template is marked in its identifier property (docProps/core.xml) and, in a
// workbook, on a hidden sheet as well; internal/bulletin writes the mark and says
// what stands in it.
const (
	MarkSheet  = "mingjing"
	MarkPrefix = MarkSheet + "|"
)

// Block is a paragraph or a grid; exactly one of Text and Grid is set.
type Block struct {
	// Text is one paragraph, without line breaks at its ends.
	Text string `json:"text,omitempty"`
	Grid *Grid  `json:"grid,omitempty"`
	// Place says where the block stands, for people: "第3页", "工作表“附件1”".
	Place string `json:"place,omitempty"`
}

// Grid is a table as a rectangle. A merged cell stands once in Cells; At and
// Rows give it for every position that it covers.
type Grid struct {
	Rows  int    `json:"rows"`
	Cols  int    `json:"cols"`
	Cells []Cell `json:"cells"`
	// Name is the sheet's or table's name when it has one.
	Name string `json:"name,omitempty"`
}

// Cell is one cell, covering RowSpan x ColSpan positions from (Row, Col), both
// counted from 0 in its grid. Spans are at least 1.
type Cell struct {
	Row     int    `json:"r"`
	Col     int    `json:"c"`
	RowSpan int    `json:"rs,omitempty"`
	ColSpan int    `json:"cs,omitempty"`
	Text    string `json:"t"`
	// Address is how a person finds the cell in the original: "C7" in a sheet,
	// "表2 第5行第3列" in Word or HTML, "第4页 第12行" in a PDF or text.
	Address string `json:"a,omitempty"`
}

// Bounds on a Document, kept by every reader. A file over one of them is
// refused with a sentence that names the bound; nothing is cut silently.
const (
	MaxBlocks    = 20_000
	MaxCells     = 2_000_000
	MaxCellText  = 64 << 10 // bytes
	MaxGridRows  = 200_000
	MaxGridCols  = 1_000
	MaxTextBytes = 64 << 20
	MaxNesting   = 64 // tables in tables, elements handled by recursion
)

// Layout returns the grid as rows of pointers into g.Cells: every position
// that a merged cell covers points at that cell; a hole is nil. Spans that
// leave the rectangle are cut, and where two cells claim a position the first
// keeps it. The result is not cached: call it once a grid.
func (g *Grid) Layout() [][]*Cell {
	rows := make([][]*Cell, g.Rows)
	backing := make([]*Cell, g.Rows*g.Cols)
	for r := range rows {
		rows[r], backing = backing[:g.Cols:g.Cols], backing[g.Cols:]
	}
	for i := range g.Cells {
		c := &g.Cells[i]
		for r := c.Row; r < min(c.Row+max(1, c.RowSpan), g.Rows); r++ {
			for k := c.Col; k < min(c.Col+max(1, c.ColSpan), g.Cols); k++ {
				if r >= 0 && k >= 0 && rows[r][k] == nil {
					rows[r][k] = c
				}
			}
		}
	}
	return rows
}
