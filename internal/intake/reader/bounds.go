package reader

import (
	"context"
	"strings"

	"mingjing/internal/intake/document"
)

// assembly collects the blocks of a text-like file inside document's bounds.
// The first bound that is passed stands in err, and nothing is added after it.
type assembly struct {
	ctx       context.Context
	doc       *document.Document
	cells     int
	textBytes int
	err       error
}

func newAssembly(ctx context.Context, format string) *assembly {
	return &assembly{ctx: ctx, doc: &document.Document{Format: format}}
}

func (a *assembly) fail(format string, args ...any) {
	if a.err == nil {
		a.err = refuse(format, args...)
	}
}

// alive reports whether work should go on: no bound passed, not cancelled.
func (a *assembly) alive() bool {
	if a.err == nil {
		a.err = a.ctx.Err()
	}
	return a.err == nil
}

func (a *assembly) countText(n int) bool {
	a.textBytes += n
	if a.textBytes > document.MaxTextBytes {
		a.fail("里的文字超过%dMB,不是正常的报告,请拆分后再交。", document.MaxTextBytes>>20)
	}
	return a.err == nil
}

func (a *assembly) room() bool {
	if len(a.doc.Blocks) >= document.MaxBlocks {
		a.fail("里的段落和表格超过%d个,不是正常的报告,请拆分后再交。", document.MaxBlocks)
	}
	return a.err == nil
}

// paragraph adds one; blank text is no paragraph.
func (a *assembly) paragraph(text, place string) {
	text = strings.TrimSpace(text)
	if text == "" || !a.alive() || !a.room() || !a.countText(len(text)) {
		return
	}
	a.doc.Blocks = append(a.doc.Blocks, document.Block{Text: text, Place: place})
}

// grid adds a table. Positions, not only cells, count against MaxCells,
// because Layout allocates one pointer for each.
func (a *assembly) grid(g *document.Grid, place string) {
	if len(g.Cells) == 0 || !a.alive() || !a.room() {
		return
	}
	switch {
	case g.Rows > document.MaxGridRows:
		a.fail("里有一个表超过%d行,请按年份或单位拆分后再交。", document.MaxGridRows)
	case g.Cols > document.MaxGridCols:
		a.fail("里有一个表超过%d列,请检查后重新导出再交。", document.MaxGridCols)
	}
	a.cells += g.Rows * g.Cols
	if a.cells > document.MaxCells {
		a.fail("里的单元格超过%d个,请按年份或单位拆分后再交。", document.MaxCells)
	}
	for i := range g.Cells {
		if len(g.Cells[i].Text) > document.MaxCellText {
			a.fail("里有一个单元格(%s)的文字超过%dKB,请检查后重新导出再交。", g.Cells[i].Address, document.MaxCellText>>10)
		}
		if !a.countText(len(g.Cells[i].Text)) {
			return
		}
	}
	a.doc.Blocks = append(a.doc.Blocks, document.Block{Grid: g, Place: place})
}

// warn adds a sentence once.
func (a *assembly) warn(sentence string) {
	for _, w := range a.doc.Warnings {
		if w == sentence {
			return
		}
	}
	a.doc.Warnings = append(a.doc.Warnings, sentence)
}

// done ends the reading.
func (a *assembly) done() (*document.Document, error) {
	if a.err != nil {
		return nil, a.err
	}
	return a.doc, nil
}
