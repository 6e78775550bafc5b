package reader

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"mingjing/internal/intake/document"
)

// tabbed takes a table pasted from Excel or a browser: cells parted by tabs.
// Excel quotes a cell with line ends; browsers put the tab between two
// paragraph cells on a line of its own.
func (r *textReader) tabbed(i int) int {
	if !strings.Contains(strings.Trim(r.lines[i].text, " \t"), "\t") && !r.tabFollows(i) {
		return 0
	}
	var rows [][]document.Cell
	j, tabs := i, 0
	for j < len(r.lines) {
		line, next := r.joinTabbed(j)
		single := !strings.Contains(line, "\t")
		if single {
			text := strings.TrimSpace(line)
			follows := next < len(r.lines) && strings.Contains(strings.TrimSpace(r.lines[next].text), "\t")
			if text == "" || !follows || standsAlone(text, false) || j == i {
				break
			}
		}
		tabs += strings.Count(line, "\t")
		var row []document.Cell
		for cell := range strings.SplitSeq(line, "\t") {
			row = append(row, document.Cell{Row: len(rows), Col: len(row), RowSpan: 1, ColSpan: 1, Text: unquoteCell(cell), Address: r.lines[j].place("")})
		}
		rows = append(rows, row)
		j = next
	}
	if len(rows) == 0 || len(rows) == 1 && tabs < 2 {
		return 0
	}
	r.out.grid(gridOf(rows), r.lines[i].place(r.place))
	return j - i
}

// tabFollows says that a filled line has a line of only a tab behind it.
func (r *textReader) tabFollows(i int) bool {
	return i+2 < len(r.lines) && strings.TrimSpace(r.lines[i].text) != "" && r.lines[i+1].text != "" && strings.Trim(r.lines[i+1].text, "\t") == ""
}

// maxFolded bounds the lines over which one row is folded.
const maxFolded = 40

// joinTabbed puts a row that stands on several lines on one; next is the
// index of the line behind it.
func (r *textReader) joinTabbed(i int) (line string, next int) {
	line, next = r.lines[i].text, i+1
	for quoteOpen(line) && next < len(r.lines) && next-i < maxFolded {
		closing := -1
		for k := next; k < min(len(r.lines), i+maxFolded); k++ {
			if strings.Contains(r.lines[k].text, `"`) {
				closing = k
				break
			}
		}
		if closing < 0 {
			break
		}
		for ; next <= closing; next++ {
			line += "\n" + r.lines[next].text
		}
	}
	for joined := 0; joined <= document.MaxGridCols && r.tabFollows(next-1); joined++ {
		line += "\t" + r.lines[next+1].text
		next += 2
	}
	return line, next
}

// quoteOpen says that the last cell of a row begins with a quote that is not
// closed on this line.
func quoteOpen(line string) bool {
	last := line[strings.LastIndexByte(line, '\t')+1:]
	return strings.HasPrefix(last, `"`) && strings.Count(last, `"`)%2 == 1
}

func unquoteCell(cell string) string {
	cell = strings.TrimSpace(cell)
	if len(cell) >= 2 && cell[0] == '"' && cell[len(cell)-1] == '"' && (strings.Contains(cell, "\n") || strings.Contains(cell, `""`)) {
		cell = strings.ReplaceAll(cell[1:len(cell)-1], `""`, `"`)
	}
	return strings.TrimSpace(cell)
}

// piece is a piece of a line between gaps: its text, and where it stands in
// columns of a fixed-width font (a Chinese character takes two).
type piece struct {
	text     string
	from, to int
}

var trailingFigures = regexp.MustCompile(`^(.*?\S)((?:\s+[0-9][0-9.,]*){2,})$`)

// piecesOf cuts a line at gaps of two spaces or more, and its trailing figures
// at single spaces too: "规章  0 0 0".
func piecesOf(line string) []piece {
	var pieces []piece
	var open *piece
	col, gap := 0, 0
	for at, c := range line {
		size := utf8.RuneLen(c)
		width := 1
		if isWide(c) {
			width = 2
		}
		if c == ' ' || c == '\t' || c == '\u3000' || c == '\u00A0' {
			gap += width
			col += width
			continue
		}
		if open == nil || gap >= 2 {
			pieces = append(pieces, piece{from: col})
			open = &pieces[len(pieces)-1]
		} else if gap == 1 {
			open.text += " "
		}
		open.text += line[at : at+max(1, size)]
		gap = 0
		col += width
		open.to = col
	}
	return splitFigures(pieces)
}

func splitFigures(pieces []piece) []piece {
	var out []piece
	for _, s := range pieces {
		m := trailingFigures.FindStringSubmatch(s.text)
		if m == nil && !isFigureList(s.text) {
			out = append(out, s)
			continue
		}
		label, rest := "", s.text
		if m != nil && !isNumeric(m[1]) {
			label, rest = m[1], m[2]
			out = append(out, piece{label, s.from, s.from + displayWidth(label)})
		}
		for at := 0; at < len(rest); {
			if rest[at] == ' ' {
				at++
				continue
			}
			end := at
			for end < len(rest) && rest[end] != ' ' {
				end++
			}
			from := s.from + displayWidth(label) + at
			out = append(out, piece{rest[at:end], from, from + end - at})
			at = end
		}
	}
	return out
}

var figureList = regexp.MustCompile(`^[0-9][0-9.,]*(\s+[0-9][0-9.,]*)+$`)

func isFigureList(text string) bool { return figureList.MatchString(text) }

func displayWidth(text string) int {
	width := 0
	for _, c := range text {
		width++
		if isWide(c) {
			width++
		}
	}
	return width
}

// maxAlignedLine keeps prose out: no printed table is wider.
const maxAlignedLine = 600

// aligned takes a table whose columns are aligned with spaces. Three cells in
// each of two lines at least make a table.
func (r *textReader) aligned(i int) int {
	var lines [][]piece
	for j := i; j < len(r.lines); j++ {
		text := r.lines[j].text
		if len(text) > maxAlignedLine || strings.ContainsAny(text, "|") {
			break
		}
		pieces := piecesOf(text)
		if len(pieces) < 3 || !hasFigureOrShort(pieces) {
			break
		}
		lines = append(lines, pieces)
	}
	if len(lines) < 2 {
		return 0
	}
	columns := columnsOf(lines)
	var rows [][]document.Cell
	for k, pieces := range lines {
		var row []document.Cell
		places := placePieces(pieces, columns)
		for n, s := range pieces {
			row = append(row, document.Cell{Row: k, Col: places[n], RowSpan: 1, ColSpan: 1, Text: s.text, Address: r.lines[i+k].place("")})
		}
		rows = append(rows, row)
	}
	r.out.grid(gridOf(rows), r.lines[i].place(r.place))
	return len(lines)
}

// hasFigureOrShort tells cells from spaced-out prose.
func hasFigureOrShort(pieces []piece) bool {
	for _, s := range pieces {
		if utf8.RuneCountInString(s.text) > 60 || strings.HasSuffix(s.text, "。") {
			return false
		}
	}
	return true
}

// columnsOf takes the extent of each column from the lines with most cells.
func columnsOf(lines [][]piece) []piece {
	var columns []piece
	for _, pieces := range lines {
		switch {
		case len(pieces) > len(columns):
			columns = append([]piece(nil), pieces...)
		case len(pieces) == len(columns):
			for k := range pieces {
				columns[k].from = min(columns[k].from, pieces[k].from)
				columns[k].to = max(columns[k].to, pieces[k].to)
			}
		}
	}
	return columns
}

// placePieces gives each piece the column it overlaps or is nearest to, each
// column once and in order.
func placePieces(pieces, columns []piece) []int {
	places := make([]int, len(pieces))
	free := 0
	for n, s := range pieces {
		last := len(columns) - (len(pieces) - n) // leave room for the rest
		best, distance := free, 1<<30
		for c := free; c <= last; c++ {
			d := max(columns[c].from-s.to, s.from-columns[c].to)
			if d < 0 {
				d = 0
			}
			if center := (s.from + s.to - columns[c].from - columns[c].to) / 2; center < 0 {
				d = 2*d - center
			} else {
				d = 2*d + center
			}
			if d < distance {
				best, distance = c, d
			}
		}
		places[n], free = best, best+1
	}
	return places
}
