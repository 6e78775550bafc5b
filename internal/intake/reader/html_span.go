package reader

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"mingjing/internal/intake/document"
)

// Spans as the HTML standard clamps them (4.9.11, "algorithm for processing
// rows"); browsers show the same table.
const (
	maxColSpan = 1000
	maxRowSpan = 65534
)

// htmlCell is a cell in its place. Spans are inside the table, and no two
// cells overlap.
type htmlCell struct {
	node                       *html.Node
	row, col, rowSpan, colSpan int
}

// layoutTable places the cells of n as the HTML standard does, except that a
// cell whose columns are partly taken is cut short where the standard lets two
// overlap. A row span ends with its row group, and 0 means up to that end.
func (r *htmlReader) layoutTable(n *html.Node) (caption string, cells []htmlCell, rows int) {
	var taken []int // by column: the first row that is free
	group := func(trs []*html.Node) {
		end := rows + len(trs)
		for _, tr := range trs {
			col := 0
			for c := tr.FirstChild; c != nil; c = c.NextSibling {
				if c.DataAtom != atom.Td && c.DataAtom != atom.Th || r.hidden(c) {
					continue
				}
				for col < len(taken) && taken[col] > rows {
					col++
				}
				if len(cells) >= document.MaxCells || col >= 10*document.MaxGridCols {
					r.out.fail("里有一个表的单元格过多,不是正常的报告,请拆分后再交。")
					return
				}
				cell := htmlCell{node: c, row: rows, col: col, rowSpan: end - rows}
				if span := spanOf(c, "rowspan", maxRowSpan); span > 0 {
					cell.rowSpan = min(span, end-rows)
				}
				want := max(1, spanOf(c, "colspan", maxColSpan))
				for cell.colSpan < want && (col >= len(taken) || taken[col] <= rows) {
					if col == len(taken) {
						taken = append(taken, 0)
					}
					taken[col] = rows + cell.rowSpan
					cell.colSpan++
					col++
				}
				cells = append(cells, cell)
			}
			rows++
		}
	}
	var loose []*html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || r.hidden(c) {
			continue
		}
		switch c.DataAtom {
		case atom.Caption:
			caption, _ = r.cellText(c)
			caption = strings.ReplaceAll(caption, "\n", " ")
		case atom.Tr:
			loose = append(loose, c)
		case atom.Tbody, atom.Thead, atom.Tfoot:
			group(loose)
			loose = nil
			group(r.rowsOf(c))
		}
	}
	group(loose)
	return caption, cells, rows
}

func (r *htmlReader) rowsOf(section *html.Node) []*html.Node {
	var trs []*html.Node
	for c := section.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Tr && !r.hidden(c) {
			trs = append(trs, c)
		}
	}
	return trs
}

// spanOf is the attribute as a number, 1 when it is missing or none.
func spanOf(n *html.Node, key string, limit int) int {
	digits := strings.TrimSpace(htmlAttr(n, key))
	if end := strings.IndexFunc(digits, func(c rune) bool { return c < '0' || c > '9' }); end >= 0 {
		digits = digits[:end]
	}
	if digits == "" {
		return 1
	}
	value, err := strconv.Atoi(digits)
	if err != nil {
		return limit // digits only, so out of range
	}
	return min(value, limit)
}

// startingColumns maps each column to its place among those in which a cell
// begins: a column only spanned over says nothing, and colspan="1000" makes a
// thousand of them. The map also has every cell's end.
func startingColumns(cells []htmlCell) (place map[int]int, count int) {
	var starts []int
	seen := map[int]bool{}
	for _, c := range cells {
		if !seen[c.col] {
			seen[c.col] = true
			starts = append(starts, c.col)
		}
	}
	slices.Sort(starts)
	place = make(map[int]int, 2*len(starts))
	for i, s := range starts {
		place[s] = i
	}
	for _, c := range cells {
		end := c.col + c.colSpan
		if _, known := place[end]; !known {
			place[end], _ = slices.BinarySearch(starts, end)
		}
	}
	return place, len(starts)
}
