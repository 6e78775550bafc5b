package bulletin

import (
	"mingjing/internal/bulletin/word"
	"mingjing/internal/disclosure"
)

// bannerShade is the blue of the lines 第二十条第(一)项 in the national template;
// it prints as a light grey.
const bannerShade = "C6D9F1"

// figureTable is a form's table with a report's figures, as the form prints it,
// on a width in mm and in type of a size in points.
func figureTable(t *disclosure.Table, r *disclosure.Report, width, size float64) word.Table {
	rows := t.Printed(r.Prints)
	columns, labels := disclosure.PrintedColumns(rows)
	out := word.Table{Widths: columnWidths(t, columns, labels, width), Size: size, Font: word.FontSong, Pad: 0.8, Keep: len(t.Blocks) == 1}
	if len(t.Blocks) == 1 {
		out.Header = disclosure.HeadRows(rows)
	}
	height := size * 0.6 // in mm: a line and a half of the type
	for _, row := range rows {
		line := word.Row{Height: height}
		for _, c := range row {
			line.Cells = append(line.Cells, figureCell(c, r, labels))
			if !c.Head && labels == 0 {
				line.Height = 2 * height // table 四 is one row
			}
		}
		out.Rows = append(out.Rows, line)
	}
	return out
}

func figureCell(c disclosure.PrintedCell, r *disclosure.Report, labels int) word.Cell {
	out := word.Cell{Across: c.Colspan, Down: c.Rowspan}
	switch {
	case !c.Head:
		out.Text = r.Cells[c.Code].Shown()
	case c.Banner:
		out.Text, out.Align, out.Shade = disclosure.Typeset(c.Text), word.Left, bannerShade
	default:
		out.Text = disclosure.Typeset(c.Text)
		if labels > 1 && (c.Scope == "row" || c.Scope == "rowgroup") {
			out.Align = word.Left
		}
	}
	return out
}

// columnWidths divides a width as the national template does: the columns of
// tables 二 and 四 are alike, the labels of table 三 take half, the innermost
// most of it.
func columnWidths(t *disclosure.Table, columns, labels int, width float64) []float64 {
	var out []float64
	switch labels {
	case 0:
	case 1:
		most := 1
		for _, b := range t.Blocks {
			most = max(most, len(b.Columns))
		}
		out = append(out, width/float64(most+1))
	default:
		label := width * 0.51
		used := 0.0
		for i := range labels - 1 {
			w := label * []float64{0.155, 0.19}[min(i, 1)]
			out = append(out, w)
			used += w
		}
		out = append(out, label-used)
	}
	rest := width
	for _, w := range out {
		rest -= w
	}
	for n := columns - labels; len(out) < columns; {
		out = append(out, rest/float64(n))
	}
	return out
}
