package word

import (
	"fmt"
	"math"
	"strings"
)

// Style names a paragraph style of the document.
type Style string

// The styles. What is not named here is set paragraph by paragraph.
const (
	StyleTitle    Style = "MjTitle"    // 二号小标宋, centred
	StyleBody     Style = "MjBody"     // 三号仿宋, first line indented by two characters
	StylePlain    Style = "MjPlain"    // 三号仿宋, without indent: 主送机关
	StyleHeading1 Style = "MjHeading1" // 一、 黑体
	StyleHeading2 Style = "MjHeading2" // (一) 楷体
	StyleHeading3 Style = "MjHeading3" // 1. 仿宋 bold
	StyleHeading4 Style = "MjHeading4" // (1) 仿宋
	StyleSign     Style = "MjSign"     // 落款: right, four characters from the edge
	StyleTable    Style = "MjTable"    // text in tables
	StyleCaption  Style = "MjCaption"  // over tables, under pictures
	StyleFooter   Style = "MjFooter"
	StyleNote     Style = "MjNote" // 小四, for notes and explanations
)

// Align says where a paragraph's or a cell's text stands; "" is its style's.
type Align string

// The alignments.
const (
	Left   Align = "left"
	Center Align = "center"
	Right  Align = "right"
	Both   Align = "both"
)

// Field is a number that Word computes.
type Field string

// The fields.
const (
	PageNumber Field = "PAGE"
	PageCount  Field = "NUMPAGES"
)

// Run is a piece of text in one type. Zero values are those of the style.
type Run struct {
	Text      string
	Field     Field // stands after Text
	Font      string
	Size      float64 // points
	Bold      bool
	Underline bool
	Gray      bool // for notes in the margin of what matters
}

// Paragraph is a paragraph of any style.
type Paragraph struct {
	Style Style
	Runs  []Run
	Align Align
	// Before and After are space in points, Line a line's exact height; 0 is the style's.
	Before, After, Line float64
	// KeepNext keeps it on one page with what follows.
	KeepNext bool
	// PageBreak begins a new page before it.
	PageBreak bool
	// Right is the indent from the right edge in characters, for a signature.
	Right float64
}

// Text makes a paragraph of one run.
func Text(style Style, text string) Paragraph {
	return Paragraph{Style: style, Runs: []Run{{Text: text}}}
}

func (p Paragraph) xml(b *strings.Builder) {
	b.WriteString(`<w:p><w:pPr>`)
	if p.Style != "" {
		fmt.Fprintf(b, `<w:pStyle w:val="%s"/>`, p.Style)
	}
	// The order of these elements is that of the schema (CT_PPrBase).
	if p.KeepNext {
		b.WriteString(`<w:keepNext/>`)
	}
	if p.PageBreak {
		b.WriteString(`<w:pageBreakBefore/>`)
	}
	if p.Before != 0 || p.After != 0 || p.Line != 0 {
		b.WriteString(`<w:spacing`)
		if p.Before != 0 {
			fmt.Fprintf(b, ` w:before="%d"`, twips(p.Before))
		}
		if p.After != 0 {
			fmt.Fprintf(b, ` w:after="%d"`, twips(p.After))
		}
		if p.Line != 0 {
			fmt.Fprintf(b, ` w:line="%d" w:lineRule="exact"`, twips(p.Line))
		}
		b.WriteString(`/>`)
	}
	if p.Right != 0 {
		fmt.Fprintf(b, `<w:ind w:rightChars="%d" w:right="%d"/>`, int(p.Right*100), twips(p.Right*SizeBody))
	}
	if p.Align != "" {
		fmt.Fprintf(b, `<w:jc w:val="%s"/>`, p.Align)
	}
	b.WriteString(`</w:pPr>`)
	for _, r := range p.Runs {
		r.xml(b)
	}
	b.WriteString(`</w:p>`)
}

func (r Run) xml(b *strings.Builder) {
	props := r.properties()
	if r.Text != "" {
		b.WriteString(`<w:r>` + props)
		runText(b, r.Text)
		b.WriteString(`</w:r>`)
	}
	if r.Field != "" {
		for _, part := range []string{
			`<w:fldChar w:fldCharType="begin"/>`,
			`<w:instrText xml:space="preserve"> ` + string(r.Field) + ` </w:instrText>`,
			`<w:fldChar w:fldCharType="separate"/>`,
			`<w:t>1</w:t>`,
			`<w:fldChar w:fldCharType="end"/>`,
		} {
			b.WriteString(`<w:r>` + props + part + `</w:r>`)
		}
	}
}

func (r Run) properties() string {
	var b strings.Builder
	if r.Font != "" {
		b.WriteString(fonts(r.Font))
	}
	if r.Bold {
		b.WriteString(`<w:b/><w:bCs/>`)
	}
	if r.Gray {
		b.WriteString(`<w:color w:val="595959"/>`)
	}
	if r.Size != 0 {
		b.WriteString(size(r.Size))
	}
	if r.Underline {
		b.WriteString(`<w:u w:val="single"/>`)
	}
	if b.Len() == 0 {
		return ""
	}
	return `<w:rPr>` + b.String() + `</w:rPr>`
}

// runText writes text with its line breaks and tabs as Word has them.
func runText(b *strings.Builder, text string) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.WriteString(`<w:br/>`)
		}
		for j, part := range strings.Split(line, "\t") {
			if j > 0 {
				b.WriteString(`<w:tab/>`)
			}
			if part = escape(part); part != "" {
				b.WriteString(`<w:t xml:space="preserve">` + part + `</w:t>`)
			}
		}
	}
}

func fonts(name string) string {
	return fmt.Sprintf(`<w:rFonts w:ascii="%[1]s" w:hAnsi="%[1]s" w:eastAsia="%[1]s" w:cs="%[1]s" w:hint="eastAsia"/>`, escape(name))
}

// size is in half points.
func size(points float64) string {
	n := int(math.Round(points * 2))
	return fmt.Sprintf(`<w:sz w:val="%d"/><w:szCs w:val="%d"/>`, n, n)
}

func twips(points float64) int { return int(math.Round(points * 20)) }
func mmTwips(mm float64) int   { return int(math.Round(mm * 1440 / 25.4)) }
func mmEMU(mm float64) int     { return int(math.Round(mm * 36000)) }
