package issue

import (
	"fmt"
	"strings"

	"mingjing/internal/intake/document"
)

// Some offices hand issues over on slips (问题交办单): a table an issue, labels on
// the left and what they say on the right, or two such pairs side by side. Slips
// with the same labels are read as the rows of one list.

// card is one slip: its labels in order, with the cells beside them.
type card struct {
	place  string
	labels []string
	cells  []*document.Cell
}

// leastLabels is how many known labels make a table a slip.
const leastLabels = 3

// cardsOf reads the slips of a table; none when it is no slip.
func cardsOf(g *document.Grid, n int) []card {
	var out []card
	now, known, facts := card{}, map[Role]bool{}, false
	end := func() {
		if facts && len(known) >= leastLabels {
			now.place = fmt.Sprintf("表%d第%d份", n, len(out)+1)
			out = append(out, now)
		}
		now, known, facts = card{}, map[Role]bool{}, false
	}
	for _, row := range g.Layout() {
		var cells []*document.Cell
		for k, c := range row {
			if c != nil && (k == 0 || row[k-1] != c) {
				cells = append(cells, c)
			}
		}
		for k := 0; k+1 < len(cells); k += 2 {
			label := strings.Join(strings.Fields(cells[k].Text), "")
			role, sure, _ := roleOf([]string{label})
			if label == "" || len([]rune(label)) > 20 || sure < 1 {
				continue
			}
			if known[role] && role != RoleIgnore && role != RoleLink && role != RoleRemark {
				end() // the next slip of the same table
			}
			known[role] = true
			for _, f := range saysFacts {
				facts = facts || role == f
			}
			now.labels, now.cells = append(now.labels, label), append(now.cells, cells[k+1])
		}
	}
	end()
	return out
}

// cardSheets makes lists of a document's slips, one for each set of labels.
func cardSheets(doc *document.Document) []*sheet {
	var out []*sheet
	byLabels := map[string]*sheet{}
	n := 0
	for _, b := range doc.Blocks {
		if b.Grid == nil {
			continue
		}
		n++
		if b.Grid.Cols > 8 {
			continue
		}
		for _, c := range cardsOf(b.Grid, n) {
			print := fingerprint(append([]string{"card"}, c.labels...))
			s := byLabels[print]
			if s == nil {
				s = &sheet{index: n, print: print, first: 1, places: []string{fmt.Sprintf("表%d", n)}}
				var head []*document.Cell
				for k, label := range c.labels {
					column := Column{Column: k, Header: label}
					column.Role, column.Confidence, column.Why = roleOf([]string{label})
					s.columns, head = append(s.columns, column), append(head, &document.Cell{Col: k, RowSpan: 1, ColSpan: 1, Text: label})
				}
				s.cells = append(s.cells, head)
				byLabels[print] = s
				out = append(out, s)
			}
			r := len(s.cells)
			var row []*document.Cell
			for k, cell := range c.cells {
				row = append(row, &document.Cell{Row: r, Col: k, RowSpan: 1, ColSpan: 1, Text: cell.Text})
			}
			s.cells, s.places = append(s.cells, row), append(s.places, c.place)
		}
	}
	for _, s := range out {
		s.samples()
	}
	return out
}
