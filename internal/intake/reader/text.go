package reader

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"mingjing/internal/intake/document"
)

// readText reads plain text and Markdown: each line is a paragraph, and runs
// of lines that are a table in one of the layouts met in practice are grids:
// Markdown pipes, the pipe layout of copied pages, tabs, aligned columns, and
// HTML tables inside (OCR output).
func readText(ctx context.Context, text string) (*document.Document, error) {
	out := newAssembly(ctx, "text")
	if addTextBlocks(out, text, "") {
		out.doc.Format = "markdown"
	}
	return out.done()
}

// sourceLine is one line as printed and its number in the file, from 1.
type sourceLine struct {
	text   string
	number int
}

func (l sourceLine) place(around string) string {
	return strings.TrimSpace(fmt.Sprintf("%s 第%d行", around, l.number))
}

// maxTextLines bounds the list of lines: one for each cell of the copied
// layout, and as many between them.
const maxTextLines = 2 * document.MaxCells

// textReader goes through lines, and lets each layout take the lines it knows.
type textReader struct {
	out      *assembly
	place    string
	lines    []sourceLine
	markdown bool
	html     htmlReader
}

// addTextBlocks adds the blocks of text, and says whether it was Markdown.
func addTextBlocks(out *assembly, text, place string) (markdown bool) {
	r := &textReader{out: out, place: place}
	r.html.out = out
	if strings.Count(text, "\n") > maxTextLines {
		out.fail("里的文字超过%d行,不是正常的报告,请拆分后再交。", maxTextLines)
		return false
	}
	number := 0
	for line := range strings.Lines(text) {
		number++
		r.lines = append(r.lines, sourceLine{strings.TrimRight(line, "\n"), number})
	}
	for i := 0; i < len(r.lines) && out.alive(); {
		if strings.TrimSpace(r.lines[i].text) == "" && !strings.Contains(r.lines[i].text, "\t") {
			i++
			continue
		}
		taken := 0
		for _, layout := range []func(int) int{r.htmlTable, r.markdownTable, r.copiedPipes, r.tabbed, r.aligned} {
			if taken = layout(i); taken > 0 {
				break
			}
		}
		if taken == 0 {
			r.paragraph(r.lines[i])
			taken = 1
		}
		i += taken
	}
	return r.markdown
}

var (
	mdHeadingMark = regexp.MustCompile(`^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$`)
	mdRule        = regexp.MustCompile(`^\s*([-*_]\s*){3,}$`)
	mdFence       = regexp.MustCompile("^\\s*(```|~~~)[A-Za-z]*\\s*$")
	mdQuote       = regexp.MustCompile(`^\s{0,3}>\s?`)
)

// paragraph adds a line that belongs to no table.
func (r *textReader) paragraph(line sourceLine) {
	text := line.text
	if mdRule.MatchString(text) || mdFence.MatchString(text) {
		return
	}
	if m := mdHeadingMark.FindStringSubmatch(text); m != nil {
		text, r.markdown = m[1], true
	}
	text = mdQuote.ReplaceAllString(text, "")
	text = strings.ReplaceAll(plainMarkdown(text), "\t", " ")
	for part := range strings.SplitSeq(text, "\n") {
		r.out.paragraph(part, line.place(r.place))
	}
}

// htmlTable takes an HTML table that stands between lines of text.
func (r *textReader) htmlTable(i int) int {
	first := strings.ToLower(r.lines[i].text)
	start := strings.Index(first, "<table")
	if start < 0 {
		return 0
	}
	var b strings.Builder
	depth := 0
	for j := i; j < len(r.lines); j++ {
		lower := strings.ToLower(r.lines[j].text)
		depth += strings.Count(lower, "<table") - strings.Count(lower, "</table")
		b.WriteString(r.lines[j].text)
		b.WriteByte('\n')
		if depth <= 0 || j == len(r.lines)-1 {
			r.markdown = true
			if err := r.html.readPage(b.String(), r.lines[i].place(r.place)); err != nil && r.out.err == nil {
				r.out.err = err
			}
			return j - i + 1
		}
	}
	return 0
}

// numeric says that a cell holds a figure or one of the marks written instead.
var numericCell = regexp.MustCompile(`^[-+—–/]*[0-9０-９][0-9０-９.,，．\s%％]*(件|条|项|个|万元|元)?$|^[-—–/]+$`)

func isNumeric(text string) bool { return numericCell.MatchString(strings.TrimSpace(text)) }

var numberedHeading = regexp.MustCompile(`^[#\s*]*([一二三四五六七八九十]{1,3}[、.．]|第[一二三四五六七八九十]{1,3}[部章节]|附件|附表|[(（][一二三四五六七八九十]{1,3}[)）])`)

// standsAlone says that a line without separators among the lines of a table
// is a paragraph between two tables and no part of a cell. A folded label
// ("三、本年度" / "办理结果") is short, and its row's figures follow.
func standsAlone(text string, figuresFollow bool) bool {
	text = strings.TrimSpace(text)
	length := utf8.RuneCountInString(text)
	switch {
	case length >= 40, strings.HasSuffix(text, "。"), strings.HasSuffix(text, "；"), strings.HasSuffix(text, "："), strings.HasSuffix(text, ";"), strings.HasSuffix(text, ":"):
		return true
	}
	return numberedHeading.MatchString(text) && length >= 9 && !figuresFollow
}

// gridOf makes a grid of rows of cells in sequence.
func gridOf(rows [][]document.Cell) *document.Grid {
	g := &document.Grid{Rows: len(rows)}
	for _, row := range rows {
		for _, c := range row {
			g.Cols = max(g.Cols, c.Col+max(1, c.ColSpan))
			g.Cells = append(g.Cells, c)
		}
	}
	return g
}
