package reader

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/klippa-app/go-pdfium"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// maxPDFPages bounds a PDF; an annual report has 5 to 30 pages.
const maxPDFPages = 2_000

// readPDF reads a PDF's text layer: tables by their ruling lines, or by the
// columns of their figures where none are drawn; the rest as paragraphs, joined
// over line and page breaks, without page numbers and running heads. A table
// that breaks over pages stays one grid a page. A page without text is a warning,
// a file without any is refused as a scan. Every failure is an ErrInvalid with a
// sentence, but for ctx's end and an engine that cannot start (ErrUnavailable).
func readPDF(ctx context.Context, data []byte) (*document.Document, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !bytes.Contains(data[:min(len(data), 4096)], []byte("%PDF-")) {
		return nil, damagedPDF(nil)
	}
	if _, err := pdfiumPool(); err != nil {
		return nil, disclosure.Errorf(disclosure.ErrUnavailable, "这台机器的PDF读取组件未能启动,请改交Word或Excel文件,并告知管理员。").Because(err)
	}
	doc := &document.Document{Format: "pdf"}
	var pages []*pdfPage
	err := withPDFium(ctx, func(pdf pdfium.Pdfium) error {
		opened, err := pdf.OpenDocument(&requests.OpenDocument{File: &data})
		if err != nil {
			return err
		}
		doc.Title = pdfTitle(pdf, opened.Document)
		pages, err = readPages(ctx, pdf, opened.Document)
		return err
	})
	if err != nil {
		return nil, pdfError(err)
	}
	if err := assemble(doc, pages); err != nil {
		return nil, err
	}
	return doc, nil
}

func damagedPDF(cause error) error {
	return disclosure.Errorf(disclosure.ErrInvalid, "这个PDF文件已损坏或没有传完整,请重新导出后再交。").Because(cause)
}

func pdfError(err error) error {
	var known *disclosure.Error
	switch {
	case errors.As(err, &known), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, pdfiumerrors.ErrPassword), errors.Is(err, pdfiumerrors.ErrSecurity):
		return disclosure.Errorf(disclosure.ErrInvalid, "这个PDF文件加了密码,请去掉密码后再交。").Because(err)
	}
	return damagedPDF(err)
}

// pdfTitle is the title property, unless a program put a file name there.
func pdfTitle(pdf pdfium.Pdfium, doc references.FPDF_DOCUMENT) string {
	meta, err := pdf.FPDF_GetMetaText(&requests.FPDF_GetMetaText{Document: doc, Tag: "Title"})
	if err != nil {
		return ""
	}
	return strings.TrimSpace(meta.Value)
}

func readPages(ctx context.Context, pdf pdfium.Pdfium, doc references.FPDF_DOCUMENT) ([]*pdfPage, error) {
	count, err := pdf.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc})
	if err != nil {
		return nil, err
	}
	if count.PageCount > maxPDFPages {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "这个PDF超过%d页,不是一份报告,请拆开后再交。", maxPDFPages)
	}
	var pages []*pdfPage
	textBytes := 0
	for i := range count.PageCount {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		page, err := readPage(ctx, pdf, doc, i)
		if err != nil {
			return nil, err
		}
		if textBytes += 3 * len(page.glyphs); textBytes > document.MaxTextBytes {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "这个PDF的文字超过%dMB,不是一份报告,请拆开后再交。", document.MaxTextBytes>>20)
		}
		pages = append(pages, page)
	}
	return pages, nil
}

// pdfBlock is a paragraph's line or a table with its height on the page.
type pdfBlock struct {
	top  float64
	line *textLine
	grid *document.Grid
}

// assemble makes the document of its pages.
func assemble(doc *document.Document, pages []*pdfPage) error {
	var silent []string
	read := 0
	layouts := make([]pageLayout, len(pages))
	for i, p := range pages {
		if len(p.glyphs) == 0 {
			if !p.blank {
				silent = append(silent, fmt.Sprint(p.number))
			}
			continue
		}
		layouts[i] = layOut(p)
		read++
	}
	if read == 0 && len(silent) == 0 {
		return disclosure.Errorf(disclosure.ErrInvalid, "这个PDF里没有任何内容,请确认没有选错文件,重新导出后再交。")
	}
	if read == 0 {
		return disclosure.Errorf(disclosure.ErrInvalid, "这个PDF是扫描件,没有文字层,请提供可复制文字的PDF、Word或Excel文件。")
	}
	if len(silent) > 0 {
		doc.Warnings = append(doc.Warnings, fmt.Sprintf("第%s页没有文字层(可能是扫描或盖章页),未读取。", strings.Join(silent, "、")))
	}
	dropRunningHeads(layouts)
	flow := newProse(doc)
	cells := 0
	for i, layout := range layouts {
		flow.startPage(pages[i].number, layout.lines)
		var blocks []pdfBlock
		for k := range layout.lines {
			blocks = append(blocks, pdfBlock{top: layout.lines[k].box.top, line: &layout.lines[k]})
		}
		for _, t := range layout.tables {
			blocks = append(blocks, pdfBlock{top: t.top, grid: t.grid})
		}
		slices.SortStableFunc(blocks, func(a, b pdfBlock) int { return compareFloats(a.top, b.top) })
		number := 0
		for _, b := range blocks {
			if b.grid == nil {
				flow.add(*b.line)
				continue
			}
			flow.flush()
			number++
			if cells += len(b.grid.Cells); cells > document.MaxCells {
				return disclosure.Errorf(disclosure.ErrInvalid, "这个PDF的表格超过%d格,请拆开后再交。", document.MaxCells)
			}
			if err := addressCells(b.grid, pages[i].number, number); err != nil {
				return err
			}
			doc.Blocks = append(doc.Blocks, document.Block{Grid: b.grid, Place: fmt.Sprintf("第%d页", pages[i].number)})
		}
	}
	flow.flush()
	if len(doc.Blocks) > document.MaxBlocks {
		return disclosure.Errorf(disclosure.ErrInvalid, "这个PDF超过%d段,不是一份报告,请拆开后再交。", document.MaxBlocks)
	}
	return nil
}

func addressCells(g *document.Grid, page, table int) error {
	if g.Cols > document.MaxGridCols || g.Rows > document.MaxGridRows {
		return disclosure.Errorf(disclosure.ErrInvalid, "PDF第%d页的表格超过%d列,请改交Word或Excel文件。", page, document.MaxGridCols)
	}
	for i := range g.Cells {
		c := &g.Cells[i]
		if len(c.Text) > document.MaxCellText {
			return disclosure.Errorf(disclosure.ErrInvalid, "PDF第%d页有一格的文字超过%dKB,请检查后再交。", page, document.MaxCellText>>10)
		}
		c.Address = fmt.Sprintf("第%d页 表%d 第%d行第%d列", page, table, c.Row+1, c.Col+1)
	}
	return nil
}
