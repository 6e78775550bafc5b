package reader

import (
	"html"
	"regexp"
	"strings"

	"mingjing/internal/intake/document"
)

// markdownTable takes a Markdown pipe table: lines of cells parted by pipes,
// with or without outer pipes, header and separator row. OCR leaves a blank
// line between rows at times, and folds a row over two lines.
func (r *textReader) markdownTable(i int) int {
	headless := isEmptyPipeRow(r.lines[i].text) && i+1 < len(r.lines) && isSeparatorRow(r.lines[i+1].text)
	if !isPipeRow(r.lines[i].text) && !headless {
		return 0
	}
	var rows [][]document.Cell
	j, framed := i, headless
	for j < len(r.lines) {
		at := j
		if strings.TrimSpace(r.lines[j].text) == "" {
			// One blank line inside a table, unless a new header follows.
			if j+1 >= len(r.lines) || !isPipeRow(r.lines[j+1].text) || j+2 < len(r.lines) && isSeparatorRow(r.lines[j+2].text) {
				break
			}
			at = j + 1
		}
		line := r.lines[at].text
		if !isPipeRow(line) && !isSeparatorRow(line) && !(framed && isEmptyPipeRow(line)) {
			break
		}
		next := at + 1
		for strings.HasPrefix(strings.TrimSpace(line), "|") && !strings.HasSuffix(strings.TrimSpace(line), "|") && next < len(r.lines) && next-at <= maxFolded {
			folded := strings.TrimSpace(r.lines[next].text)
			if folded == "" || strings.HasPrefix(folded, "|") || !strings.Contains(folded, "|") {
				break
			}
			line += "<br>" + folded
			next++
		}
		framed = framed || strings.HasPrefix(strings.TrimSpace(line), "|")
		j = next
		if isSeparatorRow(line) && (len(rows) == 0 || strings.Contains(line, "--") || strings.Contains(line, ":") || len(rows) == 1 && j < len(r.lines) && isPipeRow(r.lines[j].text)) {
			if len(rows) == 1 && emptyRow(rows[0]) {
				rows = nil // a header that Markdown demands and the table has not
			}
			continue
		}
		var row []document.Cell
		for _, text := range splitPipes(line) {
			row = append(row, document.Cell{Row: len(rows), Col: len(row), RowSpan: 1, ColSpan: 1, Text: plainMarkdown(text), Address: r.lines[at].place("")})
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 || len(rows) == 1 && !framed {
		return 0 // "首页 | 新闻 | 登录" is a line of text
	}
	r.markdown = true
	r.out.grid(gridOf(rows), r.lines[i].place(r.place))
	return j - i
}

func emptyRow(row []document.Cell) bool {
	for _, c := range row {
		if c.Text != "" {
			return false
		}
	}
	return true
}

// isPipeRow says that a line has cells with text before or behind a pipe that
// is not its end: "a | b", "| a |", but not "a |" or "|||".
func isPipeRow(line string) bool {
	if !strings.Contains(line, "|") {
		return false
	}
	_, _, single := trailingPipes(line)
	return !single && !isEmptyPipeRow(line)
}

func isEmptyPipeRow(line string) bool {
	line = strings.TrimSpace(line)
	return strings.Count(line, "|") > 1 && strings.Trim(line, "| \t\u3000") == ""
}

var separatorCell = regexp.MustCompile(`^:?-+:?$`)

func isSeparatorRow(line string) bool {
	if !strings.Contains(line, "|") || !strings.Contains(line, "-") {
		return false
	}
	for _, c := range splitPipes(line) {
		if !separatorCell.MatchString(c) {
			return false
		}
	}
	return true
}

// splitPipes cuts a row at pipes that are neither escaped nor in code, and
// drops the outer ones.
func splitPipes(line string) []string {
	line = strings.TrimSpace(line)
	line = strings.TrimPrefix(line, "|")
	if strings.HasSuffix(line, "|") && !strings.HasSuffix(line, `\|`) {
		line = line[:len(line)-1]
	}
	var cells []string
	start := 0
	for k := 0; k < len(line); k++ {
		switch line[k] {
		case '\\':
			k++
		case '|':
			cells = append(cells, strings.TrimSpace(line[start:k]))
			start = k + 1
		}
	}
	return append(cells, strings.TrimSpace(line[start:]))
}

var (
	mdLineBreak = regexp.MustCompile(`(?i)<br\s*/?>|</p>\s*<p[^>]*>`)
	mdTag       = regexp.MustCompile(`</?[A-Za-z][A-Za-z0-9]*(\s[^<>]*)?/?>`)
	mdImage     = regexp.MustCompile(`!\[[^\]]*\]\([^)\s]*\)`)
	mdLink      = regexp.MustCompile(`\[([^\[\]]+)\]\([^)\s]*\)`)
	mdStrong    = regexp.MustCompile(`\*\*([^*\n]+)\*\*|__([^_\n]+)__`)
	mdEmphasis  = regexp.MustCompile(`\*([^*\s][^*\n]*)\*`)
	mdMath      = regexp.MustCompile(`^\$\s*([0-9.,%]+)\s*\$$`)
	mdEscape    = regexp.MustCompile("\\\\([\\\\`*_{}\\[\\]()#+.!|<>~$-])")
)

// plainMarkdown takes inline marks off a cell or a line, leaving the text that
// a reader of the rendered page sees.
func plainMarkdown(text string) string {
	if !strings.ContainsAny(text, "<*_[\\&$`") {
		return strings.TrimSpace(text)
	}
	text = mdLineBreak.ReplaceAllString(text, "\n")
	text = mdTag.ReplaceAllString(text, "")
	text = mdImage.ReplaceAllString(text, "")
	text = mdLink.ReplaceAllString(text, "$1")
	text = mdStrong.ReplaceAllString(text, "$1$2")
	text = mdEmphasis.ReplaceAllString(text, "$1")
	text = mdMath.ReplaceAllString(strings.TrimSpace(text), "$1")
	text = mdEscape.ReplaceAllString(text, "$1")
	text = strings.ReplaceAll(html.UnescapeString(text), "\u00A0", " ")
	lines := strings.Split(text, "\n")
	kept := lines[:0]
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}
