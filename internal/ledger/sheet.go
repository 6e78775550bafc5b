package ledger

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"mingjing/internal/intake/document"
)

// sheet is one grid of the file with its head.
type sheet struct {
	grid    *document.Grid
	layout  [][]*document.Cell
	place   string // of the grid, for people
	index   int    // among the document's blocks
	top     int    // first row of the head
	first   int    // first row after the head
	headers []string
	print   string // fingerprint
	skipped []*bool
	days    []int // columns of days, found when a grid without a head follows
}

// Bounds of the search for a head: titles and notes stand before it, and it is
// folded over at most so many rows.
const (
	headWithin = 30
	headRows   = 3
	maxColumns = 200 // what stands to the right of them is no ledger's
)

// findSheets finds the grids that are a ledger's. others are the places of
// those that are not.
func findSheets(doc *document.Document) (found []*sheet, others []string) {
	for i, b := range doc.Blocks {
		if b.Grid == nil || b.Grid.Rows == 0 || b.Grid.Cols == 0 {
			continue
		}
		s := &sheet{grid: b.Grid, layout: b.Grid.Layout(), place: b.Place, index: i}
		if s.place == "" {
			s.place = b.Grid.Name
		}
		switch {
		case s.findHead():
			found = append(found, s)
		case len(found) > 0 && s.goesOn(found[len(found)-1]):
			found = append(found, s)
		case b.Grid.Rows > 1 && b.Grid.Cols > 2:
			others = append(others, s.place)
		}
	}
	return found, others
}

// goesOn takes a grid without a head for the next page of the one before: as
// many columns, and days where that one has days.
func (s *sheet) goesOn(before *sheet) bool {
	if s.grid.Cols != before.grid.Cols {
		return false
	}
	if before.days == nil {
		before.days = []int{}
		for _, c := range before.propose(nil) {
			if c.Role == RoleReceived || c.Role == RoleClosed {
				before.days = append(before.days, c.Column)
			}
		}
	}
	for _, column := range before.days {
		for r := range s.grid.Rows {
			if _, problem := dayOf(s.text(r, column), 0); problem == "" {
				s.headers, s.print, s.days = before.headers, before.print, before.days
				return true
			}
		}
	}
	return false
}

// text is what stands at a position, merged cells seen through.
func (s *sheet) text(r, c int) string {
	if cell := s.cell(r, c); cell != nil {
		return strings.TrimSpace(cell.Text)
	}
	return ""
}

func (s *sheet) cell(r, c int) *document.Cell {
	if r < 0 || r >= len(s.layout) || c < 0 || c >= len(s.layout[r]) {
		return nil
	}
	return s.layout[r][c]
}

// wide says that a cell is a title or a note over the table, no head. The head
// of a group may be as wide (办理结果 over 21 columns) but does not begin on the
// left.
func (s *sheet) wide(cell *document.Cell) bool {
	return s.grid.Cols > 3 && cell.ColSpan*2 > s.grid.Cols && cell.Col == 0
}

// findHead looks for the rows whose texts say best what columns hold. false
// when they do not make a ledger: a day, and a kind or a result.
func (s *sheet) findHead() bool {
	best := 0.0
	for top := 0; top < min(s.grid.Rows-1, headWithin); top++ {
		for h := 1; h <= headRows && top+h < s.grid.Rows; h++ {
			headers, ok := s.joinHeads(top, h)
			if !ok {
				break
			}
			if score := headScore(headers) - 0.3*float64(h-1); score > best+1e-9 {
				best, s.top, s.first, s.headers = score, top, top+h, headers
			}
		}
	}
	s.print = fingerprint(s.headers)
	return best > 0
}

// joinHeads gives each column's head over h rows; ok is false when one of these
// rows holds data.
func (s *sheet) joinHeads(top, h int) (headers []string, ok bool) {
	headers = make([]string, min(s.grid.Cols, maxColumns))
	for r := top; r < top+h; r++ {
		group := ""
		for c := range headers {
			cell := s.cell(r, c)
			text := s.text(r, c)
			if cell != nil && s.wide(cell) {
				text = ""
			}
			if holdsData(text) {
				return nil, false
			}
			switch {
			case r+1 < top+h && text == "" && s.text(r+1, c) != "":
				text = group // a group's head that was not merged over its columns
			case text != "" && r+1 < top+h && s.text(r+1, c) != "" && s.cell(r+1, c) != cell:
				group = text
			default:
				group = ""
			}
			if text == "" || r > top && cell != nil && s.cell(r-1, c) == cell {
				continue
			}
			headers[c] = strings.TrimSpace(headers[c] + " " + strings.Join(strings.Fields(text), " "))
		}
	}
	return headers, true
}

var onlyNumber = regexp.MustCompile(`^[0-9.,]+$`)

// holdsData tells what a head never says: a day, a number, a long text.
func holdsData(text string) bool {
	if text == "" {
		return false
	}
	_, problem := dayOf(text, 0)
	return problem == "" || onlyNumber.MatchString(fold(text)) || utf8.RuneCountInString(text) > 120
}

// headScore is how much the heads say; 0 when they are not a ledger's.
func headScore(headers []string) float64 {
	score := 0.0
	seen := map[string]bool{}
	texts := takeApart(headers)
	for i, header := range headers {
		role, key, confidence := texts.role(i)
		if role == roleUnspecified || header == "" {
			continue
		}
		once := string(role) + key
		if !seen[once] {
			score += confidence
		}
		seen[once], seen[string(role)] = true, true
	}
	has := func(r Role) bool { return seen[string(r)] }
	day := has(RoleReceived) || has(RoleClosed)
	what := has(RoleKind) || has(RoleResult) || has(RoleKindMarked) || has(RoleResultMark) || has(RoleReason) || has(RoleName)
	if !day || !what || len(seen) < 3 {
		return 0
	}
	return score
}

// Places within a sheet: "C7" of Excel, "表2 第5行第3列" of Word.
var (
	sheetAddress = regexp.MustCompile(`^[A-Z]{1,3}(\d+)$`)
	rowAddress   = regexp.MustCompile(`第(\d+)行`)
)

// rowPlace is how a person finds a row in the original.
func (s *sheet) rowPlace(r int) string {
	n := fmt.Sprint(r + 1)
	for c := range s.grid.Cols {
		cell := s.cell(r, c)
		if cell == nil || cell.Row != r {
			continue
		}
		if m := sheetAddress.FindStringSubmatch(cell.Address); m != nil {
			n = m[1]
			break
		}
		if m := rowAddress.FindStringSubmatch(cell.Address); m != nil {
			n = m[1]
			break
		}
	}
	return strings.TrimSpace(s.place + " 第" + n + "行")
}

// totalsRow and notes are rows that hold no application.
var totalsRow = regexp.MustCompile(`^(合计|总计|小计|共计|累计|本月合计|本年合计|全年合计|年度合计|本页小计|本月小计|汇总)`)

var noteRow = regexp.MustCompile(`^(备注|说明|填表|注|制表|审核人|填报|联系人|单位负责人|负责人|统计|截至|截止)`)

// skip says that a row holds no application and that nobody needs to hear of
// it. Columns are judged row by row, so the answer is kept.
func (s *sheet) skip(r int) bool {
	if s.skipped == nil {
		s.skipped = make([]*bool, s.grid.Rows)
	}
	if s.skipped[r] == nil {
		answer := s.holdsNothing(r)
		s.skipped[r] = &answer
	}
	return *s.skipped[r]
}

func (s *sheet) holdsNothing(r int) bool {
	var texts []string
	var first, last *document.Cell
	same := 0
	for c := range s.headers {
		cell := s.cell(r, c)
		if cell == nil || cell == last || strings.TrimSpace(cell.Text) == "" {
			continue
		}
		if last = cell; first == nil {
			first = cell
		}
		text := fold(cell.Text)
		texts = append(texts, text)
		if strings.HasSuffix(s.headers[c], text) || strings.HasSuffix(fold(s.headers[c]), text) {
			same++
		}
	}
	switch {
	case len(texts) == 0:
		return true
	case len(texts) == 1 && s.wide(first): // a month's or a part's title
		return true
	case totalsRow.MatchString(texts[0]) && utf8.RuneCountInString(texts[0]) <= 20,
		len(texts) > 1 && totalsRow.MatchString(texts[1]) && onlyNumber.MatchString(texts[0]) && len(texts) < 5:
		return true
	case noteRow.MatchString(texts[0]) && len(texts) <= 4:
		return true
	case same*5 >= len(texts)*3 && len(texts) >= 3: // the head again, on a new page
		return true
	}
	return s.numbersOfColumns(texts)
}

// numbersOfColumns tells the row 1 2 3 4 … under a head.
func (s *sheet) numbersOfColumns(texts []string) bool {
	for i, t := range texts {
		if t != fmt.Sprint(i+1) && t != fmt.Sprintf("(%d)", i+1) && t != string(rune('a'+i)) {
			return false
		}
	}
	return len(texts) >= 3
}
