package word

import (
	"fmt"
	"strings"
)

// Page is the paper, the margins, and what stands at the top and the foot of
// the pages of a section. Lengths are in mm.
type Page struct {
	Landscape                bool
	Top, Bottom, Left, Right float64
	// Header and Footer stand on odd pages, and on even ones unless EvenFooter
	// is set.
	Header, Footer []Paragraph
	EvenFooter     []Paragraph
	// FooterFrom is the footer's distance from the paper's edge.
	FooterFrom float64
	// Grid is the official grid of 22 lines by 28 characters.
	Grid bool
}

// Official is the page of GB/T 9704: A4, a type area of 156 by 225 mm, and the
// page number "— 1 —" at the outer edge, one character from it.
func Official() Page {
	number := func(align Align, left, right string) []Paragraph {
		return []Paragraph{{Style: StyleFooter, Align: align, Runs: []Run{{Text: left + "— ", Field: PageNumber, Size: SizePage}, {Text: " —" + right, Size: SizePage}}}}
	}
	return Page{
		Top: 37, Bottom: 35, Left: 28, Right: 26, FooterFrom: 22, Grid: true,
		Footer: number(Right, "", "\u3000"), EvenFooter: number(Left, "\u3000", ""),
	}
}

// Plain is an A4 page with the margins given.
func Plain(top, bottom, left, right float64) Page {
	return Page{Top: top, Bottom: bottom, Left: left, Right: right, FooterFrom: 10}
}

// Sideways is the page turned to landscape.
func (p Page) Sideways() Page {
	p.Landscape = true
	return p
}

// Width and Height are those of the type area.
func (p Page) Width() float64 {
	w, _ := p.paper()
	return w - p.Left - p.Right
}

// Height is the type area's height in mm.
func (p Page) Height() float64 {
	_, h := p.paper()
	return h - p.Top - p.Bottom
}

func (p Page) paper() (w, h float64) {
	if p.Landscape {
		return 297, 210
	}
	return 210, 297
}

// marginal is a header or footer part of the package.
type marginal struct {
	kind string // "header" or "footer"
	body string
}

// section closes a section: it adds its headers and footers to the document.
func (d *Document) section(p Page) string {
	var b strings.Builder
	b.WriteString(`<w:sectPr>`)
	add := func(kind, use string, paragraphs []Paragraph) {
		if paragraphs == nil {
			return
		}
		var body strings.Builder
		for _, par := range paragraphs {
			par.xml(&body)
		}
		d.marginals = append(d.marginals, marginal{kind, body.String()})
		fmt.Fprintf(&b, `<w:%sReference w:type="%s" r:id="rIdMargin%d"/>`, kind, use, len(d.marginals))
	}
	even := p.EvenFooter
	if even == nil {
		even = p.Footer
	}
	add("header", "default", p.Header)
	add("header", "even", p.Header)
	add("footer", "default", p.Footer)
	add("footer", "even", even)
	w, h := p.paper()
	orient := ""
	if p.Landscape {
		orient = ` w:orient="landscape"`
	}
	fmt.Fprintf(&b, `<w:pgSz w:w="%d" w:h="%d"%s/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="%d" w:footer="%d" w:gutter="0"/>`,
		mmTwips(w), mmTwips(h), orient, mmTwips(p.Top), mmTwips(p.Right), mmTwips(p.Bottom), mmTwips(p.Left), mmTwips(10), mmTwips(p.FooterFrom))
	if p.Grid {
		// Lines only: the width of 28 characters comes from the styles' spacing,
		// for LibreOffice reads a grid of characters in its own way.
		fmt.Fprintf(&b, `<w:docGrid w:type="lines" w:linePitch="%d"/>`, twips(LinePitch))
	}
	b.WriteString(`</w:sectPr>`)
	return b.String()
}
