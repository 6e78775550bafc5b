package reader

import (
	"strings"
	"unicode/utf8"

	"mingjing/internal/intake/document"
)

// The pipe layout of a copied page: every cell stands on a line of its own (or
// several, when it was folded) and ends with "|". A row is padded at its end
// with a pipe for each position that merged cells cover, so that each row of a
// table has the same number of pipes, but for the last one, whose padding is
// trimmed. Columns say nothing: after a merged label the figures move left.
// What can be recovered are the rows, and the order of cells in them.

// pipeCell is one cell of the layout. pad counts how many empty cells in a
// row, this one included, stand up to here.
type pipeCell struct {
	text string
	line sourceLine
	pad  int
}

// trailingPipes splits a line into its text and the pipes at its end; ok is
// false when there are pipes elsewhere too, or none.
func trailingPipes(line string) (text string, pipes int, ok bool) {
	text = strings.TrimSpace(line)
	for {
		cut, found := strings.CutSuffix(text, "|")
		if !found {
			break
		}
		pipes++
		text = strings.TrimSpace(cut)
	}
	return text, pipes, pipes > 0 && !strings.Contains(text, "|")
}

// copiedPipes takes the lines of one or more tables in the pipe layout.
func (r *textReader) copiedPipes(i int) int {
	first := i
	if _, _, ok := trailingPipes(r.lines[i].text); !ok {
		// "0" over "|": the cell's text comes first.
		if strings.Contains(r.lines[i].text, "|") || strings.TrimSpace(r.lines[i].text) == "" {
			return 0
		}
		next := r.nextFilled(i + 1)
		if next < 0 {
			return 0
		}
		if text, _, ok := trailingPipes(r.lines[next].text); !ok || text != "" {
			return 0
		}
	}
	end, closed := r.pipeRegion(i)
	if closed < 3 {
		return 0
	}
	var table []pipeCell
	var waiting []sourceLine
	blank := false // a blank line stands between the waiting lines and what follows
	for ; i < end; i++ {
		line := r.lines[i]
		text, pipes, ok := trailingPipes(line.text)
		switch {
		case strings.TrimSpace(line.text) == "":
			blank = len(waiting) > 0
			continue
		case !ok:
			waiting = append(waiting, line)
			blank = false
			continue
		}
		if text != "" {
			if blank {
				table = r.endPipeTable(table, waiting)
				waiting = nil
			}
			waiting = append(waiting, sourceLine{text, line.number})
		}
		blank = false
		alone := 0
		figures := r.figureFollows(i + 1)
		for k := 0; k < len(waiting)-1; k++ {
			if len(table) == 0 && utf8.RuneCountInString(waiting[k].text) > 4 || standsAlone(waiting[k].text, figures) {
				alone = k + 1
			}
		}
		if alone > 0 {
			table = r.endPipeTable(table, waiting[:alone])
			waiting = waiting[alone:]
		}
		if len(waiting) > 0 {
			parts := make([]string, len(waiting))
			for k, w := range waiting {
				parts[k] = strings.TrimSpace(w.text)
			}
			table = append(table, pipeCell{text: strings.Join(parts, "\n"), line: waiting[0]})
			waiting, pipes = nil, pipes-1
		}
		for range pipes {
			pad := 1
			if len(table) > 0 {
				pad += table[len(table)-1].pad
			}
			table = append(table, pipeCell{line: line, pad: pad})
		}
	}
	r.endPipeTable(table, nil)
	return end - first
}

// pipeRegion finds where the tables that begin at line i end: behind the last
// pipe that is followed by more than a few lines without any. closed is the
// number of lines that end a cell.
func (r *textReader) pipeRegion(i int) (end, closed int) {
	end = i
	for j, without := i, 0; j < len(r.lines) && without <= 8; j++ {
		line := r.lines[j].text
		if strings.TrimSpace(line) == "" {
			continue
		}
		if _, _, ok := trailingPipes(line); ok {
			end, without = j+1, 0
			closed++
			continue
		}
		if strings.Contains(line, "|") {
			break
		}
		without++
	}
	return end, closed
}

func (r *textReader) nextFilled(i int) int {
	for ; i < len(r.lines); i++ {
		if strings.TrimSpace(r.lines[i].text) != "" {
			return i
		}
	}
	return -1
}

// figureFollows says that the next cell's text is a figure.
func (r *textReader) figureFollows(i int) bool {
	next := r.nextFilled(i)
	if next < 0 {
		return false
	}
	text, _, _ := trailingPipes(r.lines[next].text)
	return isNumeric(text)
}

// endPipeTable emits a table and the paragraphs that stand behind it, and
// returns an empty table to go on with.
func (r *textReader) endPipeTable(table []pipeCell, behind []sourceLine) []pipeCell {
	if len(table) > 0 {
		r.out.grid(gridOf(pipeRows(table)), table[0].line.place(r.place))
	}
	for _, line := range behind {
		r.paragraph(line)
	}
	return table[:0:0]
}

// pipeRows cuts the sequence of cells into rows: at the width that fits the
// padding and the labels, and where none fits, before each label that follows
// a figure.
func pipeRows(table []pipeCell) [][]document.Cell {
	width := pipeWidth(table)
	var rows [][]document.Cell
	var row []document.Cell
	for i, c := range table {
		if i > 0 && (width > 0 && i%width == 0 || width == 0 && beginsRow(table, i)) {
			rows, row = append(rows, row), nil
		}
		row = append(row, document.Cell{Row: len(rows), Col: len(row), RowSpan: 1, ColSpan: 1, Text: c.text, Address: c.line.place("")})
	}
	return append(rows, row)
}

// beginsRow says that a label follows a figure or padding.
func beginsRow(table []pipeCell, i int) bool {
	before := table[i-1].text
	return table[i].text != "" && !isNumeric(table[i].text) && (before == "" || isNumeric(before))
}

const maxPipeWidth = 64

// pipeWidth is the number of cells a row has, 0 when no width fits well.
// For each width it counts what speaks for it (padding ends at a row's end, a
// row begins with a label behind a figure or padding) and against it.
func pipeWidth(table []pipeCell) int {
	begins := make([]bool, len(table))
	numeric := make([]bool, len(table))
	for i := range table {
		numeric[i] = isNumeric(table[i].text)
		begins[i] = i > 0 && beginsRow(table, i)
	}
	best, bestScore := 0, 0.4
	for width := 2; width <= min(maxPipeWidth, len(table)); width++ {
		score, weight := 0.0, 0.0
		for i := 1; i < len(table); i++ {
			atStart := i%width == 0
			if table[i-1].pad > 0 && table[i].pad == 0 { // padding ended before i
				w := 1.0
				if table[i-1].pad > 1 {
					w = 1.5
				}
				weight += w
				if atStart {
					score += w
				} else {
					score -= w
				}
			}
			switch {
			case atStart && begins[i]:
				score, weight = score+1, weight+1
			case atStart && (table[i].text == "" || numeric[i] && numeric[i-1]):
				score, weight = score-1, weight+1
			case atStart && numeric[i]: // a row of figures under its header
				weight += 0.5
			case atStart:
				score, weight = score-0.5, weight+1
			case begins[i]:
				score, weight = score-1, weight+1
			}
		}
		if weight > 0 && score/weight > bestScore {
			best, bestScore = width, score/weight
		}
	}
	return best
}
