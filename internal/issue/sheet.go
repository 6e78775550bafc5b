package issue

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// sheet is a table with a head, as found in a document.
type sheet struct {
	index   int // of the table in the document, from 1
	name    string
	cells   [][]*document.Cell
	first   int // first row under the head
	columns []Column
	print   string
	// captions are the texts before the table that may name its unit.
	captions []string
	// places name the rows where they are slips of their own, see card.go.
	places []string
}

// Bounds on what is looked at for a head.
const (
	headRows = 12
	maxWide  = 60
)

// sheetsOf finds the tables of a document that are lists. When none says which
// column holds the facts, tables that otherwise look like lists are taken, with
// a guess that wants a person's look; a score table is none of them.
func sheetsOf(doc *document.Document) []*sheet {
	out := sheetsBy(doc, false)
	if len(out) == 0 {
		out = cardSheets(doc)
	}
	if len(out) == 0 && FindScores(doc) == nil {
		out = sheetsBy(doc, true)
	}
	return out
}

func sheetsBy(doc *document.Document, loose bool) []*sheet {
	var out []*sheet
	var captions []string
	n := 0
	for _, b := range doc.Blocks {
		if b.Grid == nil {
			if text := strings.TrimSpace(b.Text); text != "" {
				captions = append(captions, text)
			}
			continue
		}
		n++
		if s := findSheet(b.Grid, n, loose); s != nil {
			s.captions = append(slices.Clone(lastFew(captions, 3)), s.captions...)
			out = append(out, s)
		}
		captions = nil
	}
	return out
}

func lastFew(list []string, n int) []string { return list[max(0, len(list)-n):] }

// findSheet looks for the row, or pair of rows, that makes the best head.
func findSheet(g *document.Grid, n int, loose bool) *sheet {
	cells := g.Layout()
	if g.Cols > maxWide {
		return nil
	}
	var best *sheet
	most := 0.0
	for r := 0; r < min(len(cells), headRows); r++ {
		for depth := 1; depth <= 2 && r+depth <= len(cells); depth++ {
			if depth == 2 && !divided(cells[r], cells[r+1]) {
				continue
			}
			columns, worth, facts := headOf(cells[r : r+depth])
			if worth > most && (facts || loose) {
				most = worth
				best = &sheet{index: n, name: g.Name, cells: cells, first: r + depth, columns: columns}
			}
		}
	}
	if best == nil || most < 2 {
		return nil
	}
	headers := make([]string, len(best.columns))
	for i, c := range best.columns {
		headers[i] = c.Header
	}
	best.print = fingerprint(headers)
	best.samples()
	if loose && !best.guessFacts() {
		return nil
	}
	// Rows over the head may name the unit: 责任单位:区教育局.
	for r := 0; r < best.first-1 && r < len(cells); r++ {
		for k, c := range cells[r] {
			if c != nil && c.Col == k && c.Row == r && len(c.Text) < 200 {
				best.captions = append(best.captions, strings.TrimSpace(c.Text))
			}
		}
	}
	return best
}

// divided says whether two rows are one head of two levels: cells over several
// columns, but not over all, and nothing new in the lower row elsewhere.
func divided(upper, lower []*document.Cell) bool {
	wide := false
	for k, c := range upper {
		switch {
		case c == nil || lower[k] == c:
		case c.ColSpan > 1 && c.ColSpan < len(upper):
			wide = true
		case lower[k] != nil && strings.TrimSpace(lower[k].Text) != "":
			return false
		}
	}
	return wide
}

// headOf reads rows as a head. Its worth is the number of different roles, and a
// little for how certain they are; facts says that one of them says what is wrong.
func headOf(rows [][]*document.Cell) (columns []Column, worth float64, facts bool) {
	seen := map[Role]bool{}
	for k := range rows[0] {
		var levels []string
		for r := range rows {
			c := rows[r][k]
			if c == nil || strings.TrimSpace(c.Text) == "" || r > 0 && rows[r-1][k] == c {
				continue
			}
			if len([]rune(c.Text)) > 40 {
				return nil, 0, false // a sentence is no head
			}
			levels = append(levels, strings.Join(strings.Fields(c.Text), ""))
		}
		column := Column{Column: k, Header: strings.Join(levels, " "), Role: RoleIgnore, Confidence: 1}
		if len(levels) > 0 {
			column.Role, column.Confidence, column.Why = roleOf(levels)
		}
		if seen[column.Role] && !slices.Contains(manyColumns, column.Role) {
			column = again(column, seen)
		}
		seen[column.Role] = true
		facts = facts || slices.Contains(saysFacts, column.Role)
		columns = append(columns, column)
	}
	delete(seen, RoleIgnore)
	delete(seen, RoleRemark)
	for _, c := range columns {
		worth += c.Confidence / 1000
	}
	return columns, worth + float64(len(seen)), facts
}

// fewestLetters is how many letters the cells of a column have on average if it
// may say what is wrong; marks, remarks such as 缺考, and dates have fewer.
const fewestLetters = 4

// guessFacts takes the column of unknown head with the longest texts for the
// facts, when the table has a column of units; false when there is none such.
// A table of marks has none, and is no list of issues.
func (s *sheet) guessFacts() bool {
	best, longest, unit := -1, 0, false
	for k, c := range s.columns {
		unit = unit || c.Role == RoleUnit
		long, filled := 0, 0
		for r := s.first; r < len(s.cells); r++ {
			text := s.text(r, k)
			if text != "" {
				filled++
			}
			for _, letter := range text {
				if unicode.IsLetter(letter) {
					long++
				}
			}
		}
		if long < filled*fewestLetters {
			continue
		}
		if c.Role == RoleIgnore && c.Confidence < sureEnough && c.Header != "" && long > longest {
			best, longest = k, long
		}
	}
	if best < 0 || !unit {
		return false
	}
	s.columns[best].Role, s.columns[best].Confidence, s.columns[best].Why = RoleFacts, 0.3, "没有一列叫“问题明细”,按文字最多的一列推测"
	return true
}

// again settles a second column of one role: of two columns of indicators under
// a plain name the first is the upper level; anything else is left out and
// wants a look.
func again(c Column, seen map[Role]bool) Column {
	if c.Role == RoleIndicator2 && !seen[RoleIndicator1] {
		c.Role, c.Confidence, c.Why = RoleIndicator1, 0.6, "有两列指标,请确认哪一列是一级"
		return c
	}
	c.Why = fmt.Sprintf("已有一列是“%s”", RoleNames[c.Role])
	c.Role, c.Confidence = RoleIgnore, 0.5
	return c
}

func (s *sheet) samples() {
	for k := range s.columns {
		for r := s.first; r < min(len(s.cells), s.first+20) && len(s.columns[k].Samples) < 3; r++ {
			text := clip(s.text(r, k))
			if text != "" && !slices.Contains(s.columns[k].Samples, text) {
				s.columns[k].Samples = append(s.columns[k].Samples, text)
			}
		}
	}
}

func (s *sheet) cell(r, k int) *document.Cell {
	if r < 0 || r >= len(s.cells) || k < 0 || k >= len(s.cells[r]) {
		return nil
	}
	return s.cells[r][k]
}

func (s *sheet) text(r, k int) string {
	if c := s.cell(r, k); c != nil {
		return strings.TrimSpace(c.Text)
	}
	return ""
}

// place names a row for people.
func (s *sheet) place(r int) string {
	if r < len(s.places) {
		return s.places[r]
	}
	name := fmt.Sprintf("表%d", s.index)
	if s.name != "" {
		name = "工作表“" + s.name + "”"
	}
	return fmt.Sprintf("%s第%d行", name, r+1)
}

// sums are what rows that add others up are called.
var sums = []string{"合计", "总计", "小计", "总分", "共计", "平均分"}

// skip says whether a row is no issue: a sum, or the head once more.
func (s *sheet) skip(r int) bool {
	same, filled := 0, 0
	for k, c := range s.columns {
		text := disclosure.NormalName(s.text(r, k))
		if text == "" {
			continue
		}
		filled++
		if slices.Contains(sums, text) {
			return true
		}
		if c.Header != "" && strings.HasSuffix(disclosure.NormalName(c.Header), text) {
			same++
		}
	}
	return filled == 0 || same == filled || same >= 3
}
