package word

import (
	"fmt"
	"strings"
)

// indentTwo is the indent of a text's first line: two characters.
const indentTwo = `<w:ind w:firstLineChars="200" w:firstLine="640"/>`

// paragraphStyle is a row of the document's style table.
type paragraphStyle struct {
	id      Style
	name    string
	font    string
	size    float64
	bold    bool
	outline int    // level from 1; 0: no heading
	props   string // spacing, indent, alignment, in the schema's order
	fit     bool   // letters closer by fitLetters
}

// fitLetters puts 28 characters of 16 points on a line of 156 mm (442.2 points):
// each a quarter of a point closer.
const fitLetters = `<w:spacing w:val="-5"/>`

var exactPitch = fmt.Sprintf(`<w:spacing w:before="0" w:after="0" w:line="%d" w:lineRule="exact"/>`, twips(LinePitch))

const (
	noGrid    = `<w:snapToGrid w:val="0"/>` // the grid would spread the letters of tables
	tightLine = `<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>`
)

// paragraphStyles: titles and text as GB/T 9704-2012, 7.3 lays down.
var paragraphStyles = []paragraphStyle{
	{StyleTitle, "公文标题", FontTitle, SizeTitle, false, 0, noGrid + `<w:spacing w:before="0" w:after="579" w:line="700" w:lineRule="exact"/><w:jc w:val="center"/>`, false},
	{StyleBody, "公文正文", FontBody, SizeBody, false, 0, exactPitch + indentTwo + `<w:jc w:val="both"/>`, true},
	{StylePlain, "公文顶格", FontBody, SizeBody, false, 0, exactPitch + `<w:jc w:val="both"/>`, true},
	{StyleHeading1, "公文一级标题", FontHei, SizeBody, false, 1, exactPitch + indentTwo, true},
	{StyleHeading2, "公文二级标题", FontKai, SizeBody, false, 2, exactPitch + indentTwo, true},
	{StyleHeading3, "公文三级标题", FontBody, SizeBody, true, 3, exactPitch + indentTwo, true},
	{StyleHeading4, "公文四级标题", FontBody, SizeBody, false, 4, exactPitch + indentTwo, true},
	{StyleSign, "公文落款", FontBody, SizeBody, false, 0, exactPitch + `<w:ind w:rightChars="400" w:right="1280"/><w:jc w:val="right"/>`, true},
	{StyleTable, "表格文字", FontSong, Size5, false, 0, noGrid + tightLine, false},
	{StyleCaption, "图表名称", FontHei, SizeSmall4, false, 0, noGrid + `<w:spacing w:before="120" w:after="60" w:line="240" w:lineRule="auto"/><w:jc w:val="center"/>`, false},
	{StyleFooter, "页脚文字", FontSong, SizeSmall5, false, 0, noGrid + tightLine, false},
	{StyleNote, "说明文字", FontSong, SizeSmall4, false, 0, noGrid + `<w:spacing w:before="40" w:after="40" w:line="300" w:lineRule="auto"/><w:jc w:val="both"/>`, false},
}

func stylesPart() string {
	var b strings.Builder
	b.WriteString(xmlHead + `<w:styles` + namespaces + `><w:docDefaults><w:rPrDefault><w:rPr>` + fonts(FontBody) +
		`<w:kern w:val="2"/>` + size(SizeBody) + `<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>`)
	for _, s := range paragraphStyles {
		fmt.Fprintf(&b, `<w:style w:type="paragraph" w:customStyle="1" w:styleId="%s"><w:name w:val="%s"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>`, s.id, s.name)
		b.WriteString(s.props)
		if s.outline > 0 {
			fmt.Fprintf(&b, `<w:outlineLvl w:val="%d"/>`, s.outline-1)
		}
		b.WriteString(`</w:pPr><w:rPr>` + fonts(s.font))
		if s.bold {
			b.WriteString(`<w:b/><w:bCs/>`)
		}
		if s.fit {
			b.WriteString(fitLetters) // before the size: the schema orders these
		}
		b.WriteString(size(s.size) + `</w:rPr></w:style>`)
	}
	b.WriteString(`</w:styles>`)
	return b.String()
}

// fontTable names what is to be taken where a font is missing.
func fontTable() string {
	var b strings.Builder
	b.WriteString(xmlHead + `<w:fonts` + namespaces + `>`)
	for _, f := range alternates {
		fmt.Fprintf(&b, `<w:font w:name="%s"><w:altName w:val="%s"/><w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>`,
			escape(f.name), escape(f.other))
	}
	b.WriteString(`</w:fonts>`)
	return b.String()
}
