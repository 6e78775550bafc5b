package word

import (
	"strings"
	"unicode/utf8"
)

// escape makes text fit to stand in XML, in elements and attributes: marks are
// escaped, and characters that XML 1.0 cannot carry (control characters out of
// copied texts) are left out.
func escape(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		s = s[n:]
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&quot;")
		case r == utf8.RuneError && n == 1: // no UTF-8
		case legal(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

// legal says that XML 1.0 allows a character (section 2.2). Tabs and line
// breaks are made elements before, see runText; here they are spaces.
func legal(r rune) bool {
	return r >= 0x20 && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000 && r <= 0x10ffff
}

// Length is a text's length in full-width characters: what it takes of a line
// in units of the type's size.
func Length(s string) float64 {
	n := 0.0
	for _, r := range s {
		if r < 0x2e80 && r != '—' && r != '“' && r != '”' && r != '…' {
			n += 0.5
			continue
		}
		n++
	}
	return n
}
