package reader

import (
	"context"
	"fmt"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// maxHTMLTags bounds the tree before it is built: a node takes some 200 bytes.
const maxHTMLTags = 4_000_000

// readHTML reads a page of decoded text: its blocks of text as paragraphs, its
// data tables as grids, in the order of the source. Tables that only lay out
// the page are gone through, and a table inside a cell is a grid of its own.
// What a visitor does not see (scripts, styles, display:none) is left out.
func readHTML(ctx context.Context, text string) (*document.Document, error) {
	r := &htmlReader{out: newAssembly(ctx, "html")}
	if err := r.readPage(text, ""); err != nil {
		return nil, err
	}
	return r.out.done()
}

// htmlReader turns element trees into blocks. Its recursion is bounded: the
// parser refuses more than 512 open elements.
type htmlReader struct {
	out   *assembly
	place string

	line    htmlLine // the line of text being gathered
	lines   []string // finished lines that are not yet paragraphs or a cell's text
	inCell  bool     // lines go to a cell's text: no block may be emitted
	hoisted []*html.Node

	measures map[*html.Node]htmlMeasure
	cells    int // measured so far
	tables   int // grids so far, for addresses

	showHidden                    bool
	hiddenTables, images, deleted int
	struck, notes                 int // places left out
}

// readPage adds one page's blocks; place says which, for a file of several.
func (r *htmlReader) readPage(text, place string) error {
	if strings.Count(text, "<") > maxHTMLTags {
		return refuse("里的网页标记超过%d个,不是正常的报告,请只保存报告正文后再交。", maxHTMLTags)
	}
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return disclosure.Errorf(disclosure.ErrInvalid, "里的网页结构嵌套过深,不是正常的报告,请只复制报告正文另存后再交。").Because(err)
	}
	if r.out.doc.Title == "" {
		r.out.doc.Title = pageTitle(root)
	}
	r.place = place
	start, grids := len(r.out.doc.Blocks), r.tables
	r.readTree(root)
	if r.tables == grids && r.hiddenTables > 0 && r.out.err == nil {
		// Pages that show their tables by script: a visitor sees them.
		r.out.doc.Blocks = r.out.doc.Blocks[:start]
		r.showHidden = true
		r.readTree(root)
		r.showHidden = false
		if r.tables > grids {
			r.out.warn("网页中的表格原是隐藏的,已一并读取,请对照网页核对。")
		}
	}
	if r.deleted > 0 {
		r.out.warn("略去了标记为删除(修订)的文字。")
	}
	if r.struck > 0 {
		r.out.warn(fmt.Sprintf("网页里"+warnStruck, r.struck))
	}
	if r.notes > 0 {
		r.out.warn(fmt.Sprintf("网页里"+warnNotes, r.notes))
	}
	if r.tables == grids && r.images > 0 {
		r.out.warn("网页中没有表格但有图片,如果表格是图片,请改交Word、Excel原件。")
	}
	return r.out.err
}

func (r *htmlReader) readTree(root *html.Node) {
	r.measures = map[*html.Node]htmlMeasure{}
	r.cells, r.hiddenTables, r.images, r.deleted = 0, 0, 0, 0
	r.struck, r.notes = 0, 0
	r.measure(root, 0)
	r.children(root)
	r.flush()
}

// children goes through what stands in n, in order.
func (r *htmlReader) children(n *html.Node) {
	for c := n.FirstChild; c != nil && r.out.err == nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			r.line.write(c.Data)
		case html.ElementNode:
			r.element(c)
		case html.DocumentNode:
			r.children(c)
		}
	}
}

func (r *htmlReader) element(n *html.Node) {
	if r.hidden(n) {
		return
	}
	switch n.DataAtom {
	case atom.Br:
		r.breakLine()
	case atom.Table:
		r.tableInFlow(n)
	case atom.Pre, atom.Xmp, atom.Listing, atom.Plaintext:
		r.preformatted(n)
	case atom.Img:
		r.images++
	case atom.Input, atom.Select:
		r.line.write(controlValue(n))
	case atom.Del:
		r.deleted++
	default:
		if struck(n) {
			r.struck++
			return
		}
		if isNote(n) {
			r.notes++
			return
		}
		if !isBlock(n) {
			r.children(n)
			return
		}
		r.breakLine()
		r.children(n)
		r.breakLine()
	}
}

// breakLine ends the line of text being gathered.
func (r *htmlReader) breakLine() {
	if line := r.line.take(); line != "" {
		r.lines = append(r.lines, line)
	}
	if !r.inCell {
		r.flushLines()
	}
}

func (r *htmlReader) flushLines() {
	for _, line := range r.lines {
		r.out.paragraph(line, r.place)
	}
	r.lines = r.lines[:0]
}

// flush makes paragraphs of all text gathered so far.
func (r *htmlReader) flush() {
	r.breakLine()
	r.flushLines()
}

// preformatted text keeps its lines, and may hold tables of pipes or tabs.
func (r *htmlReader) preformatted(n *html.Node) {
	r.breakLine()
	text := rawText(n)
	if r.inCell {
		for line := range strings.Lines(text) {
			r.line.write(line)
			r.breakLine()
		}
		return
	}
	addTextBlocks(r.out, text, r.place)
}

// hidden says that a visitor does not see n.
func (r *htmlReader) hidden(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Head, atom.Iframe, atom.Object, atom.Svg, atom.Datalist, atom.Rt, atom.Rp:
		return true
	}
	if r.showHidden {
		return false
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "style":
			style := strings.ToLower(strings.Join(strings.Fields(a.Val), ""))
			if strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") || strings.Contains(style, "mso-hide:all") {
				return true
			}
		}
	}
	return false
}

func htmlAttr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// controlValue is what a form's control shows: tables saved from an online
// form keep their figures in inputs.
func controlValue(n *html.Node) string {
	if n.DataAtom == atom.Input {
		switch strings.ToLower(htmlAttr(n, "type")) {
		case "", "text", "number":
			return htmlAttr(n, "value")
		}
		return ""
	}
	var selected string
	var find func(*html.Node)
	find = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.DataAtom == atom.Option {
				for _, a := range c.Attr {
					if a.Key == "selected" {
						selected = rawText(c)
					}
				}
			} else {
				find(c)
			}
		}
	}
	find(n)
	return selected
}

func pageTitle(root *html.Node) string {
	for n := range root.Descendants() {
		if n.DataAtom == atom.Title && n.Namespace == "" {
			return tidySpaces(rawText(n))
		}
	}
	return ""
}
