package reader

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"mingjing/internal/intake/document"
)

// prose joins printed lines into paragraphs.
type prose struct {
	doc         *document.Document
	page        int
	left, right float64 // of the text on the page being read
	open        []textLine
	openPlace   string
	openRight   float64
	openLeft    float64
}

func newProse(doc *document.Document) *prose { return &prose{doc: doc} }

// startPage takes the measure of the page's text.
func (p *prose) startPage(number int, lines []textLine) {
	p.page = number
	p.left, p.right = math.Inf(1), math.Inf(-1)
	for _, l := range lines {
		p.left, p.right = min(p.left, l.box.left), max(p.right, l.box.right)
	}
}

// add takes the next line, going on with the open paragraph or starting one.
func (p *prose) add(l textLine) {
	if len(p.open) > 0 && !p.goesOn(l) {
		p.flush()
	}
	if len(p.open) == 0 {
		p.openPlace = fmt.Sprintf("第%d页", p.page)
	}
	p.open = append(p.open, l)
	p.openLeft, p.openRight = p.left, p.right
}

// goesOn says that the line continues the open paragraph: the line before was
// full, this one is not indented, and neither is set off in size or by a gap.
func (p *prose) goesOn(l textLine) bool {
	last := p.open[len(p.open)-1]
	em := last.size
	if math.Abs(l.size-last.size) > 0.15*em {
		return false
	}
	if p.openRight-last.box.right > 2.2*em {
		return false // the line before ended early
	}
	if l.box.left-p.left > 1.2*em {
		return false // a first line's indent, or a centred heading
	}
	return l.page != last.page || l.box.top-last.box.bottom < 2*em
}

// flush ends the open paragraph.
func (p *prose) flush() {
	if len(p.open) == 0 {
		return
	}
	var b strings.Builder
	last := rune(0)
	for _, l := range p.open {
		text := strings.TrimSpace(l.text())
		first, _ := utf8.DecodeRuneInString(text)
		if isLatin(last) && isLatin(first) {
			b.WriteByte(' ')
		}
		b.WriteString(text)
		last, _ = utf8.DecodeLastRuneInString(text)
	}
	p.open = slices.Delete(p.open, 0, len(p.open))
	if text := strings.TrimSpace(b.String()); text != "" {
		p.doc.Blocks = append(p.doc.Blocks, document.Block{Text: text, Place: p.openPlace})
	}
}

// isLatin says that a line break beside the letter stands for a space; between
// digits it does not, a figure may be folded.
func isLatin(r rune) bool { return unicode.IsLetter(r) && !isSquare(r) }
