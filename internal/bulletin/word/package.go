package word

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
)

const (
	xmlHead    = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	namespaces = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"` +
		` xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"` +
		` xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"` +
		` xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"` +
		` xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"`
	relationType = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	wordType     = "application/vnd.openxmlformats-officedocument.wordprocessingml."
)

// part is one file of the package.
type part struct {
	name    string
	content []byte
}

// Bytes is the finished document. Errors: a picture that is no PNG.
func (d *Document) Bytes() ([]byte, error) {
	if d.err != nil {
		return nil, d.err
	}
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, p := range d.parts() {
		// No times: the same document is the same bytes.
		f, err := archive.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate})
		if err != nil {
			return nil, fmt.Errorf("docx: %w", err)
		}
		if _, err := f.Write(p.content); err != nil {
			return nil, fmt.Errorf("docx: %w", err)
		}
	}
	if err := archive.Close(); err != nil {
		return nil, fmt.Errorf("docx: %w", err)
	}
	return out.Bytes(), nil
}

// WriteTo writes the finished document.
func (d *Document) WriteTo(w io.Writer) (int64, error) {
	data, err := d.Bytes()
	if err != nil {
		return 0, err
	}
	n, err := w.Write(data)
	return int64(n), err
}

func (d *Document) parts() []part {
	body := d.body.String()
	if d.afterGrid {
		// Word wants a paragraph behind a last table; it must not need a page.
		body += `<w:p><w:pPr><w:pStyle w:val="` + string(StyleTable) + `"/><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p>`
	}
	marginals := d.marginals
	last := d.section(d.page)
	all := d.marginals
	d.marginals = marginals // so that Bytes can be called again

	types := xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="` + wordType + `document.main+xml"/>`
	relations := xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	relate := func(id, kind, target string) {
		relations += fmt.Sprintf(`<Relationship Id="%s" Type="%s%s" Target="%s"/>`, id, relationType, kind, target)
	}
	for _, name := range []string{"styles", "settings", "fontTable"} {
		types += fmt.Sprintf(`<Override PartName="/word/%s.xml" ContentType="%s%s+xml"/>`, name, wordType, name)
		relate("rId_"+name, name, name+".xml")
	}
	var rest []part
	for i, m := range all {
		name := fmt.Sprintf("%s%d.xml", m.kind, i+1)
		root := map[string]string{"header": "w:hdr", "footer": "w:ftr"}[m.kind]
		rest = append(rest, part{"word/" + name, []byte(xmlHead + `<` + root + namespaces + `>` + m.body + `</` + root + `>`)})
		types += fmt.Sprintf(`<Override PartName="/word/%s" ContentType="%s%s+xml"/>`, name, wordType, m.kind)
		relate(fmt.Sprintf("rIdMargin%d", i+1), m.kind, name)
	}
	for i, png := range d.pictures {
		name := fmt.Sprintf("media/picture%d.png", i+1)
		rest = append(rest, part{"word/" + name, png})
		relate(fmt.Sprintf("rIdPicture%d", i+1), "image", name)
	}
	return append([]part{
		{"[Content_Types].xml", []byte(types + `</Types>`)},
		{"_rels/.rels", []byte(xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
			`<Relationship Id="rId1" Type="` + relationType + `officeDocument" Target="word/document.xml"/>` +
			`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`)},
		{"docProps/core.xml", []byte(d.coreProperties())},
		{"word/_rels/document.xml.rels", []byte(relations + `</Relationships>`)},
		{"word/document.xml", []byte(xmlHead + `<w:document` + namespaces + `><w:body>` + body + last + `</w:body></w:document>`)},
		{"word/styles.xml", []byte(stylesPart())},
		{"word/fontTable.xml", []byte(fontTable())},
		{"word/settings.xml", []byte(settings())},
	}, rest...)
}

func (d *Document) coreProperties() string {
	var b strings.Builder
	b.WriteString(xmlHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"` +
		` xmlns:dc="http://purl.org/dc/elements/1.1/">`)
	if d.Subject != "" {
		b.WriteString(`<dc:title>` + escape(d.Subject) + `</dc:title>`)
	}
	if d.Mark != "" {
		b.WriteString(`<dc:identifier>` + escape(d.Mark) + `</dc:identifier>`)
	}
	b.WriteString(`</cp:coreProperties>`)
	return b.String()
}

// settings: even pages have footers of their own; marks at a line's end may be
// set narrower, as the rules of line breaking for Chinese want.
func settings() string {
	return xmlHead + `<w:settings` + namespaces + `><w:zoom w:percent="100"/><w:evenAndOddHeaders/>` +
		`<w:characterSpacingControl w:val="compressPunctuation"/>` +
		`<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/><w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/><w:useFELayout/>` +
		`<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>`
}
