package reader

import (
	"encoding/xml"
	"strconv"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// wordParagraph is a paragraph while it is read.
type wordParagraph struct {
	text    strings.Builder
	label   string // automatic number, as printed
	hidden  bool   // the run being read is hidden
	struck  bool   // it is crossed out
	raised  bool   // it is set above or below the line
	notes   []span // raised texts, in bytes of text
	crossed int    // runs left out
	joins   bool
	boxes   []wordItem // text boxes anchored here: they follow the paragraph
}

// span is a part of a text, in bytes.
type span struct{ from, to int }

// paragraph reads a w:p to its end.
func (r *wordReader) paragraph() ([]wordItem, error) {
	p := &wordParagraph{}
	numbered := false
	err := r.cursor.each(func(e xml.StartElement) error {
		if isWord(e) && e.Name.Local == "pPr" {
			numbered = true
			return r.paragraphProperties(p)
		}
		if !numbered { // no pPr: the default paragraph style may still number
			numbered = true
			p.label = r.numbering.next(r.styles, wordNumber{})
		}
		return r.inline(p, e)
	})
	if err != nil {
		return nil, err
	}
	if !numbered {
		p.label = r.numbering.next(r.styles, wordNumber{})
	}
	r.struck += p.crossed
	body, notes := p.withoutNotes()
	r.notes += notes
	text := p.label + body
	if r.textBytes += len(text); r.textBytes > document.MaxTextBytes {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "这个Word文件的文字超过%dMB,不是一份报告,请检查后再交。", document.MaxTextBytes>>20)
	}
	return append([]wordItem{{text: text, joins: p.joins}}, p.boxes...), nil
}

func (r *wordReader) paragraphProperties(p *wordParagraph) error {
	var number wordNumber
	err := r.cursor.each(func(e xml.StartElement) error {
		switch {
		case !isWord(e):
		case e.Name.Local == "pStyle":
			number.style = attr(e, "val")
		case e.Name.Local == "numPr":
			return r.cursor.each(func(n xml.StartElement) error {
				switch n.Name.Local {
				case "numId":
					number.id, number.direct = intAttr(n, "val", 0), true
				case "ilvl":
					number.level, number.hasLevel = intAttr(n, "val", 0), true
				}
				return r.cursor.skip()
			})
		case e.Name.Local == "rPr":
			return r.cursor.each(func(m xml.StartElement) error {
				if isWord(m) && (m.Name.Local == "del" || m.Name.Local == "moveFrom") {
					p.joins = true
				}
				return r.cursor.skip()
			})
		}
		return r.cursor.skip()
	})
	p.label = r.numbering.next(r.styles, number)
	return err
}

// inline reads one element inside a paragraph or a run.
func (r *wordReader) inline(p *wordParagraph, e xml.StartElement) error {
	if e.Name.Local == "AlternateContent" {
		return r.alternate(func() error { return r.inlines(p) })
	}
	if r.leaves(e) {
		return r.cursor.skip()
	}
	if !isWord(e) {
		if e.Name.Local == "t" && strings.HasSuffix(e.Name.Space, "/math") {
			return r.runText(p)
		}
		return r.inlines(p) // drawings, VML shapes: a text box may stand inside
	}
	switch e.Name.Local {
	case "r":
		hidden, struck, raised := p.hidden, p.struck, p.raised
		defer func() { p.hidden, p.struck, p.raised = hidden, struck, raised }()
		return r.inlines(p)
	case "rPr":
		return r.runProperties(p)
	case "t":
		return r.runText(p)
	case "tab", "ptab":
		p.write("\t")
	case "br":
		if kind := attr(e, "type"); kind == "" || kind == "textWrapping" {
			p.write("\n")
		}
	case "cr":
		p.write("\n")
	case "noBreakHyphen":
		p.write("-")
	case "sym":
		p.write(symbol(attr(e, "font"), attr(e, "char")))
	case "sdt":
		return r.contentControl(func() error { return r.inlines(p) })
	case "txbxContent":
		if p.hidden {
			return r.cursor.skip()
		}
		items, err := r.flow()
		p.boxes = append(p.boxes, items...)
		return err
	default:
		return r.inlines(p)
	}
	return r.cursor.skip()
}

func (r *wordReader) inlines(p *wordParagraph) error {
	return r.cursor.each(func(e xml.StartElement) error { return r.inline(p, e) })
}

func (r *wordReader) runText(p *wordParagraph) error {
	text, err := r.cursor.text()
	p.write(strings.NewReplacer("\u00ad", "", "\r\n", " ", "\n", " ", "\r", " ").Replace(text))
	return err
}

func (r *wordReader) runProperties(p *wordParagraph) error {
	return r.cursor.each(func(e xml.StartElement) error {
		if isWord(e) {
			switch e.Name.Local {
			case "rStyle":
				style := r.styles[attr(e, "val")]
				p.hidden = p.hidden || style.hidden
				p.struck = p.struck || style.struck
				p.raised = p.raised || style.raised
			case "vanish":
				p.hidden = onOff(e)
			case "strike", "dstrike":
				p.struck = onOff(e)
			case "vertAlign":
				p.raised = isRaised(e)
			}
		}
		return r.cursor.skip()
	})
}

func (p *wordParagraph) write(text string) {
	switch {
	case p.hidden:
		return
	case p.struck:
		if strings.TrimSpace(text) != "" {
			p.crossed++
		}
		return
	case p.raised:
		p.notes = append(p.notes, span{p.text.Len(), p.text.Len() + len(text)})
	}
	p.text.WriteString(text)
}

func isRaised(e xml.StartElement) bool {
	v := attr(e, "val")
	return v == "superscript" || v == "subscript"
}

// withoutNotes is the paragraph's text without the marks of notes, and their
// number; a text that is raised as a whole stays.
func (p *wordParagraph) withoutNotes() (string, int) {
	text := p.text.String()
	var kept strings.Builder
	notes, at, level := 0, 0, false
	for _, n := range p.notes {
		kept.WriteString(text[at:n.from])
		level = level || strings.TrimSpace(text[at:n.from]) != ""
		if at = n.to; footnoteMark.MatchString(text[n.from:n.to]) {
			notes++
		} else {
			kept.WriteString(text[n.from:n.to])
		}
	}
	kept.WriteString(text[at:])
	if notes == 0 || !level && strings.TrimSpace(text[at:]) == "" {
		return text, 0
	}
	return kept.String(), notes
}

// wingdings are the marks met in forms; Word stores them as code points of the
// symbol font, in the private use area or below it.
var wingdings = map[int]string{
	0x6F: "□", 0xA8: "□", 0x71: "□", 0xFE: "☑", 0x52: "☑", 0xFD: "☒", 0xFC: "√", 0xFB: "×",
	0x6C: "●", 0x6E: "■", 0xA1: "○", 0x9F: "•", 0xB7: "•",
}

// symbol is the w:sym character as text; one of an unknown symbol font becomes
// U+FFFD, which no reader takes for a figure.
func symbol(font, hex string) string {
	code, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || code > 0x10FFFF {
		return "\uFFFD"
	}
	private := code >= 0xF000 && code <= 0xF0FF
	if private || strings.HasPrefix(font, "Wingdings") {
		if mark := wingdings[int(code&0xFF)]; mark != "" && strings.HasPrefix(font, "Wingdings") {
			return mark
		}
		return "\uFFFD"
	}
	return string(rune(code))
}
