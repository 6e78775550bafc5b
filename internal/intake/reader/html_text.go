package reader

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlLine gathers one line of text by the white space rules of CSS Text 3:
// runs of spaces and line ends become one space, and a line end between two
// Chinese characters becomes nothing (Word wraps its HTML inside sentences).
type htmlLine struct {
	b           strings.Builder
	last        rune
	space, wrap bool // white space is owed; it held a line end
}

func (l *htmlLine) write(text string) {
	for _, c := range text {
		switch c {
		case '\n':
			l.space, l.wrap = true, true
			continue
		case ' ', '\t', '\f', '\r':
			l.space = true
			continue
		case '\u00A0', '\u2002', '\u2003', '\u2009':
			c = ' '
		}
		if l.space && l.b.Len() > 0 && !(l.wrap && isWide(l.last) && isWide(c)) {
			l.b.WriteByte(' ')
		}
		l.space, l.wrap, l.last = false, false, c
		l.b.WriteRune(c)
	}
}

// take returns the line without spaces at its ends, and begins a new one.
func (l *htmlLine) take() string {
	text := strings.TrimSpace(l.b.String())
	l.b.Reset()
	l.last, l.space, l.wrap = 0, false, false
	return text
}

// isWide says that a character is Chinese, or punctuation of its width.
func isWide(c rune) bool {
	return c >= 0x2E80 && (unicode.Is(unicode.Han, c) || c >= 0x3000 && c <= 0x303F || c >= 0xFF00 && c <= 0xFF60)
}

// tidySpaces makes one space of each run of white space.
func tidySpaces(text string) string {
	return strings.Join(strings.Fields(text), " ")
}

// rawText is all text below n as the source has it; <br> is a line end.
func rawText(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		switch {
		case d.Type == html.TextNode:
			b.WriteString(d.Data)
		case d.DataAtom == atom.Br:
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// isBlock says that n begins and ends a line.
func isBlock(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Caption, atom.Center, atom.Dd, atom.Details,
		atom.Dialog, atom.Dir, atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer, atom.Form,
		atom.Frameset, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Hgroup, atom.Hr, atom.Html,
		atom.Legend, atom.Li, atom.Main, atom.Menu, atom.Nav, atom.Ol, atom.Optgroup, atom.Option, atom.P, atom.Search,
		atom.Section, atom.Summary, atom.Table, atom.Tbody, atom.Td, atom.Textarea, atom.Tfoot, atom.Th, atom.Thead, atom.Tr, atom.Ul:
		return true
	}
	return false
}
