package word

import (
	"fmt"
	"strings"
)

// Document is a Word document in the making. Its methods add to its end.
type Document struct {
	// Subject is the document's title property, Mark an identifier that a
	// program may look for; neither is printed.
	Subject string
	Mark    string

	body      strings.Builder
	page      Page
	counts    [4]int // of headings, by level
	pictures  [][]byte
	marginals []marginal
	afterGrid bool // the last thing added is a table
	err       error
}

// New begins a document on pages of that kind.
func New(page Page) *Document { return &Document{page: page} }

// Page is the page in force.
func (d *Document) Page() Page { return d.page }

// Add puts paragraphs at the end.
func (d *Document) Add(paragraphs ...Paragraph) {
	for _, p := range paragraphs {
		p.xml(&d.body)
		d.afterGrid = false
	}
}

// Title sets the document's title, in lines separated by "\n".
func (d *Document) Title(text string) { d.Add(Text(StyleTitle, text)) }

// Body adds text; each line is a paragraph.
func (d *Document) Body(text string) {
	for _, line := range strings.Split(text, "\n") {
		d.Add(Text(StyleBody, line))
	}
}

// Heading adds a heading of a level from 1 to 4 with its number: 一、 （一） 1.
// （1）. A heading begins the counting of those below it anew.
func (d *Document) Heading(level int, text string) {
	level = min(max(level, 1), 4)
	d.counts[level-1]++
	for i := level; i < len(d.counts); i++ {
		d.counts[i] = 0
	}
	d.HeadingAs(level, Number(level, d.counts[level-1])+text)
}

// HeadingAs adds a heading that brings its number along.
func (d *Document) HeadingAs(level int, text string) {
	style := []Style{StyleHeading1, StyleHeading2, StyleHeading3, StyleHeading4}[min(max(level, 1), 4)-1]
	p := Text(style, text)
	p.KeepNext = true
	d.Add(p)
}

// Number is the n-th number of a heading's level, GB/T 9704: 一、 （一） 1. （1）.
func Number(level, n int) string {
	switch level {
	case 1:
		return Numeral(n) + "、"
	case 2:
		return "（" + Numeral(n) + "）"
	case 3:
		return fmt.Sprintf("%d.", n)
	}
	return fmt.Sprintf("（%d）", n)
}

// Numeral writes 1 to 99 in Chinese, others in figures.
func Numeral(n int) string {
	digits := []rune("〇一二三四五六七八九")
	switch {
	case n < 1 || n > 99:
		return fmt.Sprint(n)
	case n < 10:
		return string(digits[n])
	}
	out := "十"
	if n >= 20 {
		out = string(digits[n/10]) + out
	}
	if n%10 > 0 {
		out += string(digits[n%10])
	}
	return out
}

// Table adds a table. Two tables in a row would grow together: a small
// paragraph stands between them.
func (d *Document) Table(t Table) {
	if d.afterGrid {
		d.Gap()
	}
	t.xml(&d.body)
	d.afterGrid = true
}

// Gap leaves a little space, behind a table.
func (d *Document) Gap() { d.Add(Paragraph{Style: StyleTable, Line: 6}) }

// Picture adds a picture, centred.
func (d *Document) Picture(p Picture) {
	d.pictures = append(d.pictures, p.PNG)
	if err := p.drawing(&d.body, len(d.pictures)); err != nil && d.err == nil {
		d.err = err
	}
	d.afterGrid = false
}

// PageBreak goes on on a new page.
func (d *Document) PageBreak() {
	d.body.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + string(StyleTable) + `"/></w:pPr><w:r><w:br w:type="page"/></w:r></w:p>`)
	d.afterGrid = false
}

// Section ends the pages so far and goes on on pages of another kind.
func (d *Document) Section(page Page) {
	d.body.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + string(StyleTable) + `"/><w:spacing w:line="20" w:lineRule="exact"/>` + d.section(d.page) + `</w:pPr></w:p>`)
	d.page = page
	d.afterGrid = false
}
