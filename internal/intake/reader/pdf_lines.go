package reader

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// textLine is one printed line, or the part of it between wide gaps.
type textLine struct {
	box    box
	size   float64
	glyphs []glyph // left to right
	page   int
}

// groupLines gathers glyphs into lines, top down. Two glyphs share a line when
// the middle of the smaller lies within the other's height.
func groupLines(glyphs []glyph) []textLine {
	ordered := slices.Clone(glyphs)
	slices.SortStableFunc(ordered, func(a, b glyph) int { return compareFloats(a.box.centerY(), b.box.centerY()) })
	var out []textLine
	for _, g := range ordered {
		if n := len(out); n > 0 {
			last := &out[n-1]
			middle := last.glyphs[0].box
			if sameLine(middle, g.box) || sameLine(last.glyphs[len(last.glyphs)-1].box, g.box) && sameLine(last.box, g.box) {
				last.glyphs = append(last.glyphs, g)
				last.box = last.box.union(g.box)
				continue
			}
		}
		out = append(out, textLine{box: g.box, glyphs: []glyph{g}})
	}
	for i := range out {
		slices.SortStableFunc(out[i].glyphs, func(a, b glyph) int { return compareFloats(a.box.left, b.box.left) })
		out[i].glyphs = dropOverprints(out[i].glyphs)
		out[i].size = lineSize(out[i].glyphs)
	}
	return out
}

// lineSize is the middle height of the line's Chinese characters; figures come
// in another font, whose em box differs.
func lineSize(glyphs []glyph) float64 {
	var square, all []float64
	for _, g := range glyphs {
		all = append(all, g.size)
		if isSquare(g.char) {
			square = append(square, g.size)
		}
	}
	if len(square) > 0 {
		all = square
	}
	slices.Sort(all)
	return all[len(all)/2]
}

func sameLine(a, b box) bool {
	small, large := a, b
	if small.height() > large.height() {
		small, large = large, small
	}
	slack := 0.25 * small.height()
	return small.centerY() > large.top+slack && small.centerY() < large.bottom-slack
}

// dropOverprints leaves out a glyph printed again on itself, by which some
// programs make bold.
func dropOverprints(glyphs []glyph) []glyph {
	out := glyphs[:0]
	for _, g := range glyphs {
		twice := false
		for i := len(out) - 1; i >= 0 && i >= len(out)-2; i-- {
			o := out[i]
			if o.char == g.char && g.box.left-o.box.left < 0.3*o.box.width() {
				twice = true
			}
		}
		if !twice {
			out = append(out, g)
		}
	}
	return out
}

// text is the line as printed, with a space where a gap is seen. Between two
// Chinese characters only a gap of more than one character counts, since
// justified lines spread them.
func (l textLine) text() string {
	var b strings.Builder
	for i, g := range l.glyphs {
		if i > 0 {
			before := l.glyphs[i-1]
			gap := g.box.left - before.box.right
			least := 0.3
			if isSquare(before.char) && isSquare(g.char) {
				least = 1.2
			} else if isSquare(before.char) != isSquare(g.char) {
				least = 0.6 // Word sets a quarter em between Chinese and figures
			}
			if gap > least*min(before.size, g.size) {
				b.WriteByte(' ')
			}
		}
		b.WriteRune(g.char)
	}
	return b.String()
}

// isSquare says that the character is set in a square: Chinese characters and
// their punctuation.
func isSquare(r rune) bool {
	return unicode.In(r, unicode.Han) || r >= 0x3000 && r <= 0x303F || r >= 0xFF00 && r <= 0xFF60 ||
		r >= 0x2460 && r <= 0x24FF || strings.ContainsRune("“”‘’—…·", r)
}

// cellText joins the lines of one cell. Folded labels read on without a break;
// figures above each other are never run together.
func cellText(glyphs []glyph) string {
	var b strings.Builder
	last := ""
	for _, line := range groupLines(glyphs) {
		text := line.text()
		if b.Len() > 0 {
			b.WriteString(seam(last, text))
		}
		b.WriteString(text)
		last = text
	}
	return b.String()
}

// seam is what stands between two lines when they are joined: nothing beside a
// Chinese character, a space between words, a line break between figures.
func seam(before, after string) string {
	a, _ := utf8.DecodeLastRuneInString(before)
	z, _ := utf8.DecodeRuneInString(after)
	switch {
	case figureSign(a) && figureSign(z):
		return "\n"
	case isSquare(a) || isSquare(z):
		return ""
	case unicode.IsLetter(a) && unicode.IsLetter(z):
		return " "
	}
	return ""
}

// figureSign says that the character may stand in a cell of the tables as an
// answer of its own.
func figureSign(r rune) bool {
	return unicode.IsDigit(r) || strings.ContainsRune("/-—–.无", r)
}
