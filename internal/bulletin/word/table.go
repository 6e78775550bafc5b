package word

import (
	"fmt"
	"strings"
)

// Table is a table over the type area's width, or as wide as its Widths.
type Table struct {
	Widths []float64 // of the columns, in mm
	Rows   []Row
	// Header is how many rows at the top are repeated on each page.
	Header int
	Size   float64 // points; 0: 五号
	Font   string  // "": 宋体
	// Frame is how the borders look; the zero value is a thin black line around
	// every cell.
	Frame Frame
	// Keep keeps the table on one page when it fits on one.
	Keep bool
	// Pad is the space left and right in a cell, in mm; 0: 1 mm.
	Pad float64
}

// Frame is how a table's borders look.
type Frame int

// The frames.
const (
	FrameLines Frame = iota
	FrameNone        // for laying out without lines
	FrameCut         // broken lines to cut along
)

// Row is a table's row. A place that a merged cell covers has no cell.
type Row struct {
	Cells []Cell
	// Height is at least so many mm; 0: as the text needs.
	Height float64
	// Exact makes Height the height whatever the text needs.
	Exact bool
	// Breaks lets the row go over a page's end; rows of figures do not.
	Breaks bool
}

// Cell is a cell; Across and Down are how many columns and rows it covers, 0
// and 1 being one.
type Cell struct {
	Text   string // lines separated by "\n" are paragraphs
	Across int
	Down   int
	Align  Align  // "": centred
	Shade  string // RRGGBB
	Bold   bool
	Font   string
	Size   float64
	Top    bool // text at the top; otherwise in the middle
	// Paragraphs stand in place of Text.
	Paragraphs []Paragraph
}

// covering is a merged cell that reaches down, by the column it begins in.
type covering struct{ rows, cols int }

func (t Table) xml(b *strings.Builder) {
	pad := mmTwips(1)
	if t.Pad != 0 {
		pad = mmTwips(t.Pad)
	}
	widths := make([]int, len(t.Widths))
	total := 0
	for i, w := range t.Widths {
		widths[i] = mmTwips(w)
		total += widths[i]
	}
	fmt.Fprintf(b, `<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/><w:jc w:val="center"/>%s<w:tblLayout w:type="fixed"/>`+
		`<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="%d" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="%d" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`,
		total, t.Frame.xml(), pad, pad)
	for _, w := range widths {
		fmt.Fprintf(b, `<w:gridCol w:w="%d"/>`, w)
	}
	b.WriteString(`</w:tblGrid>`)
	open := make([]covering, len(widths))
	for i, row := range t.Rows {
		// A head stays with the first row below it.
		t.row(b, row, i < t.Header, (t.Keep || i < t.Header) && i < len(t.Rows)-1, widths, open)
	}
	b.WriteString(`</w:tbl>`)
}

func (f Frame) xml() string {
	kind, thickness := "single", 4
	switch f {
	case FrameNone:
		kind, thickness = "none", 0
	case FrameCut:
		kind = "dashed"
	}
	var b strings.Builder
	b.WriteString(`<w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		fmt.Fprintf(&b, `<w:%s w:val="%s" w:sz="%d" w:space="0" w:color="auto"/>`, side, kind, thickness)
	}
	b.WriteString(`</w:tblBorders>`)
	return b.String()
}

// row writes every place: Word wants a cell under a merged one that says that
// it goes on.
func (t Table) row(b *strings.Builder, row Row, header, keep bool, widths []int, open []covering) {
	b.WriteString(`<w:tr><w:trPr>`)
	if !row.Breaks {
		b.WriteString(`<w:cantSplit/>`)
	}
	if row.Height > 0 {
		rule := "atLeast"
		if row.Exact {
			rule = "exact"
		}
		fmt.Fprintf(b, `<w:trHeight w:val="%d" w:hRule="%s"/>`, mmTwips(row.Height), rule)
	}
	if header {
		b.WriteString(`<w:tblHeader/>`)
	}
	b.WriteString(`</w:trPr>`)
	cells := row.Cells
	for col := 0; col < len(widths); {
		if above := &open[col]; above.rows > 0 {
			above.rows--
			t.cell(b, Cell{}, keep, above.cols, `<w:vMerge/>`, sum(widths[col:col+above.cols]))
			col += above.cols
			continue
		}
		c := Cell{Across: 1}
		if len(cells) > 0 {
			c, cells = cells[0], cells[1:]
		}
		across := min(max(1, c.Across), len(widths)-col)
		merge := ""
		if c.Down > 1 {
			merge = `<w:vMerge w:val="restart"/>`
			open[col] = covering{c.Down - 1, across}
		}
		t.cell(b, c, keep, across, merge, sum(widths[col:col+across]))
		col += across
	}
	b.WriteString(`</w:tr>`)
}

func sum(widths []int) int {
	n := 0
	for _, w := range widths {
		n += w
	}
	return n
}

func (t Table) cell(b *strings.Builder, c Cell, keep bool, across int, merge string, width int) {
	fmt.Fprintf(b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, width)
	if across > 1 {
		fmt.Fprintf(b, `<w:gridSpan w:val="%d"/>`, across)
	}
	b.WriteString(merge)
	if c.Shade != "" {
		fmt.Fprintf(b, `<w:shd w:val="clear" w:color="auto" w:fill="%s"/>`, escape(c.Shade))
	}
	if c.Top {
		b.WriteString(`<w:vAlign w:val="top"/></w:tcPr>`)
	} else {
		b.WriteString(`<w:vAlign w:val="center"/></w:tcPr>`)
	}
	for _, p := range t.paragraphs(c) {
		p.KeepNext = p.KeepNext || keep
		p.xml(b)
	}
	b.WriteString(`</w:tc>`)
}

func (t Table) paragraphs(c Cell) []Paragraph {
	if len(c.Paragraphs) > 0 {
		return c.Paragraphs
	}
	run := Run{Font: t.Font, Size: t.Size, Bold: c.Bold}
	if c.Font != "" {
		run.Font = c.Font
	}
	if c.Size != 0 {
		run.Size = c.Size
	}
	align := c.Align
	if align == "" {
		align = Center
	}
	var out []Paragraph
	for _, line := range strings.Split(c.Text, "\n") {
		r := run
		r.Text = line
		out = append(out, Paragraph{Style: StyleTable, Align: align, Runs: []Run{r}})
	}
	return out
}
