package reader

import (
	"context"
	"encoding/xml"
	"fmt"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// readDOCX reads Word's main text as a person sees it: insertions accepted and
// deletions dropped, automatic numbers written out, tables in content controls
// and text boxes included; headers, footers, notes, field codes and hidden text
// left out. ErrInvalid with a sentence for a file that is damaged or over a bound.
func readDOCX(ctx context.Context, data []byte) (*document.Document, error) {
	a, err := openArchive(data, "Word")
	if err != nil {
		return nil, err
	}
	_, roots, err := a.relationships(ctx, "")
	if err != nil {
		return nil, err
	}
	mainPart := roots["officedocument"]
	if _, found := a.parts[mainPart]; !found {
		mainPart = "word/document.xml"
	}
	body, found, err := a.part(mainPart)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "这个文件里没有Word正文,请用WPS或Word打开后另存为docx再交。")
	}
	_, siblings, err := a.relationships(ctx, mainPart)
	if err != nil {
		return nil, err
	}
	styles, err := readWordStyles(ctx, a, siblings["styles"])
	if err != nil {
		return nil, err
	}
	numbering, err := readNumbering(ctx, a, siblings["numbering"])
	if err != nil {
		return nil, err
	}
	title, mark := a.core(ctx)
	r := &wordReader{
		cursor: newXMLCursor(ctx, body), styles: styles, numbering: numbering,
		doc: &document.Document{Format: "docx", Title: title, Mark: mark},
	}
	if err := r.readBody(); err != nil {
		return nil, a.damaged(err)
	}
	return r.doc, nil
}

// wordReader turns document.xml into blocks.
type wordReader struct {
	cursor    *xmlCursor
	styles    map[string]wordStyle
	numbering *numbering
	doc       *document.Document

	tables    int // so far, for addresses
	cells     int
	textBytes int
	depth     int // tables in tables

	revisions, deletedRows, foreign int
	struck, notes                   int // places left out
}

// wordItem is one thing in a flow of text: a paragraph, or a table with the
// tables that stood inside its cells.
type wordItem struct {
	text string
	// joins says that the paragraph's end mark was deleted under tracked
	// changes, so that the next paragraph goes on with this one.
	joins bool
	table *wordTable
}

func (r *wordReader) readBody() error {
	root, err := r.cursor.root()
	if err != nil {
		return err
	}
	if !isWord(root) {
		return disclosure.Errorf(disclosure.ErrInvalid, "这个文件里没有Word正文,请用WPS或Word打开后另存为docx再交。")
	}
	items, err := r.flow()
	if err != nil {
		return err
	}
	if err := r.emit(items); err != nil {
		return err
	}
	if r.revisions > 0 {
		r.warn("文件里有%d处修订(删除或移走的文字)尚未接受,已按接受全部修订读取。", r.revisions)
	}
	if r.deletedRows > 0 {
		r.warn("文件里有%d个表格行在修订中被删除,未读取。", r.deletedRows)
	}
	if r.struck > 0 {
		r.warn("文件里"+warnStruck, r.struck)
	}
	if r.notes > 0 {
		r.warn("文件里"+warnNotes, r.notes)
	}
	if r.foreign > 0 {
		r.warn("文件里嵌入了%d个其他文档,其中内容未读取。", r.foreign)
	}
	return nil
}

func (r *wordReader) warn(format string, args ...any) {
	r.doc.Warnings = append(r.doc.Warnings, fmt.Sprintf(format, args...))
}

// emit appends the flow to the document.
func (r *wordReader) emit(items []wordItem) error {
	for _, item := range items {
		var blocks []document.Block
		if item.table != nil {
			blocks = item.table.blocks()
		} else {
			// A manual line break in official prose stands for a new paragraph.
			for line := range strings.SplitSeq(item.text, "\n") {
				if line = strings.TrimSpace(line); line != "" {
					blocks = append(blocks, document.Block{Text: line})
				}
			}
		}
		if len(r.doc.Blocks)+len(blocks) > document.MaxBlocks {
			return disclosure.Errorf(disclosure.ErrInvalid, "这个Word文件超过%d段,不是一份报告,请拆开后再交。", document.MaxBlocks)
		}
		r.doc.Blocks = append(r.doc.Blocks, blocks...)
	}
	return nil
}

// flow reads the children of a body, cell, text box or any wrapper around
// paragraphs and tables, to its end.
func (r *wordReader) flow() ([]wordItem, error) {
	var items []wordItem
	err := r.cursor.each(func(e xml.StartElement) error {
		more, err := r.flowElement(e)
		for _, item := range more {
			if last := len(items) - 1; last >= 0 && items[last].joins && item.table == nil {
				items[last].text += item.text
				items[last].joins = item.joins
				continue
			}
			items = append(items, item)
		}
		return err
	})
	return items, err
}

func (r *wordReader) flowElement(e xml.StartElement) ([]wordItem, error) {
	switch {
	case isWord(e) && e.Name.Local == "p":
		return r.paragraph()
	case isWord(e) && e.Name.Local == "tbl":
		t, err := r.table()
		if err != nil || t == nil {
			return nil, err
		}
		return t.asItems(), nil
	case e.Name.Local == "AlternateContent":
		var items []wordItem
		err := r.alternate(func() error {
			more, err := r.flow()
			items = append(items, more...)
			return err
		})
		return items, err
	case r.leaves(e):
		return nil, r.cursor.skip()
	case isWord(e) && e.Name.Local == "sdt":
		var items []wordItem
		err := r.contentControl(func() error {
			more, err := r.flow()
			items = append(items, more...)
			return err
		})
		return items, err
	}
	return r.flow()
}

// leaves says that the element's content is no part of the accepted text, and
// counts what people should hear of.
func (r *wordReader) leaves(e xml.StartElement) bool {
	if !isWord(e) {
		return false
	}
	switch e.Name.Local {
	case "del", "moveFrom":
		r.revisions++
		return true
	case "altChunk", "subDoc":
		r.foreign++
		return true
	case "sectPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "tblPrEx", "instrText", "delText", "delInstrText",
		"rt", "rubyPr", "fldData", "pPrChange", "rPrChange", "customXmlPr", "smartTagPr":
		return true
	}
	return false
}

// contentControl calls inside for the content of a w:sdt, unless the control
// still shows its placeholder (单击此处输入文字), which nobody entered.
func (r *wordReader) contentControl(inside func() error) error {
	placeholder := false
	return r.cursor.each(func(e xml.StartElement) error {
		switch {
		case e.Name.Local == "sdtPr":
			return r.cursor.each(func(p xml.StartElement) error {
				if p.Name.Local == "showingPlcHdr" {
					placeholder = onOff(p)
				}
				return r.cursor.skip()
			})
		case e.Name.Local == "sdtContent" && !placeholder:
			return inside()
		}
		return r.cursor.skip()
	})
}

// alternate calls inside for one branch of an mc:AlternateContent only: both
// hold the same words, drawn for newer and for older programs.
func (r *wordReader) alternate(inside func() error) error {
	taken := false
	return r.cursor.each(func(e xml.StartElement) error {
		if taken || (e.Name.Local != "Choice" && e.Name.Local != "Fallback") {
			return r.cursor.skip()
		}
		taken = true
		return inside()
	})
}

// isWord says that the element is WordprocessingML, transitional or strict.
func isWord(e xml.StartElement) bool {
	return e.Name.Space == "http://schemas.openxmlformats.org/wordprocessingml/2006/main" ||
		e.Name.Space == "http://purl.oclc.org/ooxml/wordprocessingml/main"
}
