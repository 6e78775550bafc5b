package reader

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// struck says that n's text is crossed out: it is no longer said.
func struck(n *html.Node) bool {
	switch n.DataAtom {
	case atom.S, atom.Strike, atom.Del:
		return true
	}
	for property, value := range inlineStyle(n) {
		if (property == "text-decoration" || property == "text-decoration-line") && strings.Contains(value, "line-through") {
			return true
		}
	}
	return false
}

// raised says that n's text is set above or below the line.
func raised(n *html.Node) bool {
	if isBlock(n) {
		return false
	}
	if n.DataAtom == atom.Sup || n.DataAtom == atom.Sub {
		return true
	}
	style := inlineStyle(n)["vertical-align"]
	return style == "super" || style == "sub"
}

// inlineStyle is n's style attribute by property, in small letters.
func inlineStyle(n *html.Node) map[string]string {
	style := htmlAttr(n, "style")
	if style == "" {
		return nil
	}
	out := map[string]string{}
	for declaration := range strings.SplitSeq(strings.ToLower(style), ";") {
		if property, value, ok := strings.Cut(declaration, ":"); ok {
			out[strings.TrimSpace(property)] = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "!important"))
		}
	}
	return out
}

// isNote says that n is a mark of a note, and not all that its cell or
// paragraph says in raised letters.
func isNote(n *html.Node) bool {
	return raised(n) && footnoteMark.MatchString(rawText(n)) && !aloneInBlock(n)
}

// aloneInBlock says that the cell or paragraph around n has no other text but
// raised one.
func aloneInBlock(n *html.Node) bool {
	block := n.Parent
	for block != nil && block.Parent != nil && !isBlock(block) {
		block = block.Parent
	}
	if block == nil {
		return true
	}
	alone := true
	var look func(*html.Node)
	look = func(p *html.Node) {
		for c := p.FirstChild; c != nil && alone; c = c.NextSibling {
			switch {
			case c.Type == html.TextNode:
				alone = strings.TrimSpace(c.Data) == ""
			case c.Type == html.ElementNode && (raised(c) || struck(c)):
			default:
				look(c)
			}
		}
	}
	look(block)
	return alone
}
