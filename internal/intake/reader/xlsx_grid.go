package reader

import (
	"fmt"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// grid puts the sheet's cells and merged ranges together; nil for a sheet
// without any text.
func (s *sheetReader) grid() (*document.Grid, error) {
	if len(s.cells) == 0 {
		return nil, nil
	}
	rows, cols := 0, 0
	var far document.Cell
	for _, c := range s.cells {
		if c.Row >= rows || c.Col >= cols {
			far = c
		}
		rows, cols = max(rows, c.Row+1), max(cols, c.Col+1)
	}
	if cols > document.MaxGridCols || rows > document.MaxGridRows || rows*cols > maxGridPositions {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "%s铺得太开(%s格还有内容),请删去表外多余的内容,或拆成几张表再交。", sheetPlace(s.name), far.Address)
	}
	g := &document.Grid{Rows: rows, Cols: cols, Name: s.name, Cells: s.cells}
	s.addBlanks(g)
	sortCells(g.Cells)
	s.applyMerges(g)
	return g, nil
}

// addBlanks keeps the empty cells of the tables: they have addresses to report.
func (s *sheetReader) addBlanks(g *document.Grid) {
	last := g.Rows + blankRowsKept
	for _, c := range s.blanks {
		if c.Col < g.Cols && c.Row < last && len(g.Cells) < s.budget {
			g.Cells = append(g.Cells, c)
			g.Rows = max(g.Rows, c.Row+1)
		}
	}
}

func sortCells(cells []document.Cell) {
	inOrder := func(a, b document.Cell) int {
		if a.Row != b.Row {
			return a.Row - b.Row
		}
		return a.Col - b.Col
	}
	if !slices.IsSortedFunc(cells, inOrder) {
		slices.SortStableFunc(cells, inOrder)
	}
}

// applyMerges spans the cell at each range's top left and takes out the cells
// that it covers, which Excel does not show. Cells must be in order.
func (s *sheetReader) applyMerges(g *document.Grid) {
	if len(s.merges) == 0 {
		return
	}
	covered := make([]bool, g.Rows*g.Cols)
	spans := make(map[[2]int]mergedRange, len(s.merges))
	area := 0
	for _, m := range s.merges {
		m.bottom, m.right = min(m.bottom, g.Rows-1), min(m.right, g.Cols-1)
		if m.top > m.bottom || m.left > m.right {
			continue
		}
		// Ranges may not overlap, so together they fit in the grid; a file in
		// which they do is not worth more work than that.
		if area += (m.bottom - m.top + 1) * (m.right - m.left + 1); area > g.Rows*g.Cols {
			break
		}
		spans[[2]int{m.top, m.left}] = m
		for r := m.top; r <= m.bottom; r++ {
			for c := m.left; c <= m.right; c++ {
				if r != m.top || c != m.left {
					covered[r*g.Cols+c] = true
				}
			}
		}
	}
	kept := g.Cells[:0]
	for _, c := range g.Cells {
		if covered[c.Row*g.Cols+c.Col] {
			continue
		}
		if m, ok := spans[[2]int{c.Row, c.Col}]; ok {
			c.RowSpan, c.ColSpan = m.bottom-m.top+1, m.right-m.left+1
		}
		kept = append(kept, c)
	}
	g.Cells = kept
}

// warnings are the sheet's sentences.
func (s *sheetReader) warnings() []string {
	var out []string
	place := sheetPlace(s.name)
	if s.hidden && len(s.cells) > 0 {
		out = append(out, place+"是隐藏的,已一并读取,请核对是否应当包含。")
	}
	if len(s.failed) > 0 {
		out = append(out, fmt.Sprintf("%s的%s是公式,文件里没有存计算结果,没有读出数字,请用WPS或Excel打开并保存一次再交。", place, listAddresses(s.failed)))
	}
	if len(s.faulty) > 0 {
		out = append(out, fmt.Sprintf("%s的%s显示为错误值,请改正后再交。", place, listAddresses(s.faulty)))
	}
	if s.hiddenRows > 0 {
		out = append(out, fmt.Sprintf("%s有%d个隐藏行,已一并读取,请核对是否应当包含。", place, s.hiddenRows))
	}
	if s.hiddenCols > 0 {
		out = append(out, fmt.Sprintf("%s有隐藏列,已一并读取,请核对是否应当包含。", place))
	}
	return out
}

// listAddresses names the first few cells and counts the rest.
func listAddresses(addresses []string) string {
	const shown = 10
	if len(addresses) <= shown {
		return strings.Join(addresses, "、") + "格"
	}
	return fmt.Sprintf("%s等%d格", strings.Join(addresses[:shown], "、"), len(addresses))
}
