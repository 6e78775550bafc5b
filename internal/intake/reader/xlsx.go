package reader

import (
	"context"
	"encoding/xml"
	"fmt"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// readXLSX reads every worksheet with something in it as one grid, row 1 of the
// sheet being row 0. Numbers come as stored, not as a format shows them (12,
// never "12.00"); dates and percentages come as shown. Hidden sheets, rows and
// columns are read, with a warning. ErrInvalid with a sentence for a file that
// is damaged or over a bound.
//
// The worksheets are read here, as a stream: excelize builds every row up to
// the last styled one and every cell left of the last in it, which a sheet of a
// few kilobytes can drive to gigabytes. Excelize computes the formulas whose
// result was never stored.
func readXLSX(ctx context.Context, data []byte) (*document.Document, error) {
	a, err := openArchive(data, "Excel")
	if err != nil {
		return nil, err
	}
	book, err := readWorkbook(ctx, a)
	if err != nil {
		return nil, err
	}
	sheets, err := book.readSheets(ctx, a)
	if err != nil {
		return nil, err
	}
	doc := &document.Document{Format: "xlsx"}
	doc.Title, doc.Mark = a.core(ctx)
	if doc.Mark == "" {
		doc.Mark = book.mark // programs that save a workbook anew drop its identifier
	}
	allowed := computable(sheets)
	for _, s := range sheets {
		if len(s.uncomputed) > 0 {
			if err := s.compute(ctx, data, allowed); err != nil {
				return nil, err
			}
		}
		grid, err := s.grid()
		if err != nil {
			return nil, err
		}
		if grid != nil {
			doc.Blocks = append(doc.Blocks, document.Block{Grid: grid, Place: sheetPlace(s.name)})
		}
		doc.Warnings = append(doc.Warnings, s.warnings()...)
	}
	return doc, nil
}

func (b *workbook) readSheets(ctx context.Context, a *archive) ([]*sheetReader, error) {
	if len(b.sheets) > document.MaxBlocks {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "这个Excel文件超过%d张工作表,请拆开后再交。", document.MaxBlocks)
	}
	var sheets []*sheetReader
	budget := document.MaxCells
	for _, entry := range b.sheets {
		part, found, err := a.part(entry.part)
		if err != nil {
			return nil, err
		}
		if !found {
			continue // a chart sheet, or a macro sheet's remains
		}
		s := &sheetReader{book: b, name: entry.name, hidden: entry.hidden, cursor: newXMLCursor(ctx, part), budget: budget}
		if err := s.read(); err != nil {
			return nil, a.damaged(err)
		}
		s.cursor = nil // lets the part go
		if entry.hidden && entry.name == document.MarkSheet {
			b.readMark(s)
			continue
		}
		budget -= len(s.cells)
		sheets = append(sheets, s)
	}
	return sheets, nil
}

// readMark takes the mark off the hidden sheet by which the product's own
// templates are known again; there is nothing of a report in it.
func (b *workbook) readMark(s *sheetReader) {
	for _, c := range s.cells {
		if strings.HasPrefix(c.Text, document.MarkPrefix) {
			b.mark = c.Text
			return
		}
	}
}

func sheetPlace(name string) string { return fmt.Sprintf("工作表“%s”", name) }

// workbook is what the worksheets share.
type workbook struct {
	sheets  []sheetEntry
	strings []string
	styles  []numberStyle // by a cell's s attribute
	epoch   dateEpoch
	mark    string // on the hidden sheet; "" without one
}

type sheetEntry struct {
	name   string
	part   string
	hidden bool
}

func readWorkbook(ctx context.Context, a *archive) (*workbook, error) {
	_, roots, err := a.relationships(ctx, "")
	if err != nil {
		return nil, err
	}
	mainPart := roots["officedocument"]
	if _, found := a.parts[mainPart]; !found {
		mainPart = "xl/workbook.xml"
	}
	data, found, err := a.part(mainPart)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "这个文件里没有Excel工作簿,请用WPS或Excel打开后另存为xlsx再交。")
	}
	byID, byType, err := a.relationships(ctx, mainPart)
	if err != nil {
		return nil, err
	}
	book := &workbook{}
	if err := book.readSheetList(newXMLCursor(ctx, data), byID); err != nil {
		return nil, a.damaged(err)
	}
	if data, found, err = a.part(byType["sharedstrings"]); err != nil {
		return nil, err
	} else if found {
		if err := book.readStrings(newXMLCursor(ctx, data)); err != nil {
			return nil, a.damaged(err)
		}
	}
	if data, found, err = a.part(byType["styles"]); err != nil {
		return nil, err
	} else if found {
		if err := book.readStyles(newXMLCursor(ctx, data)); err != nil {
			return nil, a.damaged(err)
		}
	}
	return book, nil
}

func (b *workbook) readSheetList(c *xmlCursor, byID map[string]string) error {
	root, err := c.root()
	if err != nil {
		return err
	}
	if root.Name.Local != "workbook" {
		return disclosure.Errorf(disclosure.ErrInvalid, "这个文件里没有Excel工作簿,请用WPS或Excel打开后另存为xlsx再交。")
	}
	return c.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			if v := attr(e, "date1904"); v == "1" || v == "true" {
				b.epoch = epoch1904
			}
		case "sheets":
			return c.each(func(s xml.StartElement) error {
				b.sheets = append(b.sheets, sheetEntry{
					name: attr(s, "name"), part: byID[attr(s, "id")],
					hidden: strings.HasSuffix(strings.ToLower(attr(s, "state")), "hidden"),
				})
				return c.skip()
			})
		}
		return c.skip()
	})
}

// readStrings reads the shared strings; a cell points at them by number.
func (b *workbook) readStrings(c *xmlCursor) error {
	if _, err := c.root(); err != nil {
		return err
	}
	size := 0
	return c.each(func(e xml.StartElement) error {
		if e.Name.Local != "si" {
			return c.skip()
		}
		text, err := richText(c)
		if size += len(text); size > document.MaxTextBytes {
			return disclosure.Errorf(disclosure.ErrInvalid, "这个Excel文件的文字超过%dMB,请拆开后再交。", document.MaxTextBytes>>20)
		}
		b.strings = append(b.strings, text)
		return err
	})
}

// richText reads the runs of a string item, leaving out phonetic guides.
func richText(c *xmlCursor) (string, error) {
	var b strings.Builder
	var visit func(e xml.StartElement) error
	visit = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "t":
			text, err := c.text()
			b.WriteString(unescapeXString(text))
			return err
		case "r":
			return c.each(visit)
		}
		return c.skip()
	}
	err := c.each(visit)
	return b.String(), err
}

// unescapeXString undoes _xHHHH_, by which Excel writes characters that XML
// cannot carry (ECMA-376 22.9.2.19); _x000D_ is met at the ends of lines.
func unescapeXString(s string) string {
	at := strings.Index(s, "_x")
	if at < 0 {
		return s
	}
	var b strings.Builder
	for at >= 0 {
		var code rune
		n := 0
		if at+7 <= len(s) && s[at+6] == '_' {
			n, _ = fmt.Sscanf(s[at+2:at+6], "%04x", &code)
		}
		if n == 1 {
			b.WriteString(s[:at])
			if code != '\r' {
				b.WriteRune(code)
			}
			s = s[at+7:]
		} else {
			b.WriteString(s[:at+2])
			s = s[at+2:]
		}
		at = strings.Index(s, "_x")
	}
	return b.String() + s
}
