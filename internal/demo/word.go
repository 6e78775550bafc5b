package demo

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"mingjing/internal/disclosure"
)

// WriteWord writes a report as a Word document (.docx), merged cells as
// gridSpan and vMerge like the national template.
func WriteWord(w io.Writer, r *disclosure.Report) error {
	d := &wordBody{}
	d.styled("Title", r.Title)
	walk(r, d)
	archive := zip.NewWriter(w)
	for _, part := range []struct{ name, content string }{
		{"[Content_Types].xml", wordContentTypes},
		{"_rels/.rels", wordRelations},
		{"word/document.xml", xml.Header + `<w:document xmlns:w="` + wordSpace + `"><w:body>` + d.b.String() +
			`<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>`},
	} {
		f, err := archive.Create(part.name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(f, part.content); err != nil {
			return err
		}
	}
	return archive.Close()
}

const (
	wordSpace        = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	wordContentTypes = xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
	wordRelations = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`
)

// wordBody is the body of a Word document in the making.
type wordBody struct{ b strings.Builder }

func (d *wordBody) heading(text string)   { d.styled("Heading1", text) }
func (d *wordBody) paragraph(text string) { d.styled("", text) }

func (d *wordBody) styled(style, text string) {
	d.b.WriteString("<w:p>")
	if style != "" {
		fmt.Fprintf(&d.b, `<w:pPr><w:pStyle w:val="%s"/></w:pPr>`, style)
	}
	d.b.WriteString(`<w:r><w:t xml:space="preserve">`)
	// A strings.Builder does not fail.
	_ = xml.EscapeText(&d.b, []byte(text))
	d.b.WriteString("</w:t></w:r></w:p>")
}

// table writes every position of the layout: Word wants a cell under a merged
// one that says it goes on.
func (d *wordBody) table(l *layout) {
	d.b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>`)
	d.b.WriteString(strings.Repeat(`<w:gridCol w:w="900"/>`, l.width))
	d.b.WriteString("</w:tblGrid>")
	open := make([]box, l.width) // by column: the box that reaches down here, with the rows it has left
	for _, row := range l.rows {
		d.b.WriteString("<w:tr>")
		for c := 0; c < l.width; {
			b := open[c]
			if b.rows > 0 {
				d.cell("", b.cols, `<w:vMerge/>`)
			} else {
				b, row = row[0], row[1:]
				merge := ""
				if b.rows > 1 {
					merge = `<w:vMerge w:val="restart"/>`
				}
				d.cell(b.text, b.cols, merge)
			}
			b.rows--
			open[c] = b
			c += b.cols
		}
		d.b.WriteString("</w:tr>")
	}
	d.b.WriteString("</w:tbl>")
}

func (d *wordBody) cell(text string, cols int, merge string) {
	d.b.WriteString("<w:tc><w:tcPr>")
	if cols > 1 {
		fmt.Fprintf(&d.b, `<w:gridSpan w:val="%d"/>`, cols)
	}
	d.b.WriteString(merge + "</w:tcPr>")
	d.paragraph(text)
	d.b.WriteString("</w:tc>")
}
