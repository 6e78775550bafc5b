package demo

import (
	"encoding/csv"
	"fmt"
	"html"
	"io"
	"iter"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
)

// WriteCSV writes reports as the long table (unit,year,code,value) that offices
// exchange: blanks as nothing, "/" and unread text as printed. It has no prose
// and no scope.
func WriteCSV(w io.Writer, reports iter.Seq[*disclosure.Report]) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"unit", "year", "code", "value"}); err != nil {
		return err
	}
	for r := range reports {
		for _, code := range r.Codes() {
			if err := out.Write([]string{r.Unit, r.Year().String(), string(code), printed(r.Cells[code])}); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

func printed(c disclosure.Cell) string {
	switch {
	case c.Kind == disclosure.CellNumber:
		return c.Value.String()
	case c.Raw == "" && c.Kind == disclosure.CellSlash:
		return "/"
	}
	return c.Raw
}

// WriteHTML writes a report as the page a unit publishes: prose and the tables
// in the national layout with merged cells. Rows that an alternate stands for
// give way to it.
func WriteHTML(w io.Writer, r *disclosure.Report) error {
	p := &page{report: r}
	p.f("<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head><meta charset=\"utf-8\"><title>%s</title></head>\n<body>\n<h1>%s</h1>\n", r.Title, r.Title)
	for _, prose := range r.Prose {
		if prose.Number == 0 {
			p.paragraphs(prose.Text)
		}
	}
	for _, part := range r.Form.Parts {
		if part.Table != "" {
			p.f("<h2>%s</h2>\n", part.Title)
			p.table(r.Form.Table(part.Table))
			continue
		}
		for _, prose := range r.Prose {
			if prose.Number == part.Number {
				p.f("<h2>%s</h2>\n", prose.Title)
				p.paragraphs(prose.Text)
			}
		}
	}
	p.b.WriteString("</body>\n</html>\n")
	_, err := io.WriteString(w, p.b.String())
	return err
}

// page is an HTML page in the making.
type page struct {
	report *disclosure.Report
	b      strings.Builder
}

// f writes a format whose arguments are text, escaped.
func (p *page) f(format string, args ...string) {
	escaped := make([]any, len(args))
	for i, a := range args {
		escaped[i] = html.EscapeString(a)
	}
	fmt.Fprintf(&p.b, format, escaped...)
}

func (p *page) paragraphs(text string) {
	for _, line := range strings.Split(text, "\n") {
		if line != "" {
			p.f("<p>%s</p>\n", line)
		}
	}
}

func (p *page) td(text string, rows, cols int) {
	p.b.WriteString("<td")
	if rows > 1 {
		fmt.Fprintf(&p.b, " rowspan=\"%d\"", rows)
	}
	if cols > 1 {
		fmt.Fprintf(&p.b, " colspan=\"%d\"", cols)
	}
	p.f(">%s</td>", text)
}

// table prints the blocks one under the other, all as wide as the widest.
func (p *page) table(t *disclosure.Table) {
	width := 0
	for i := range t.Blocks {
		width = max(width, labelDepth(p.rowsOf(t, &t.Blocks[i]))+len(t.Blocks[i].Columns))
	}
	p.b.WriteString("<table border=\"1\">\n")
	for i := range t.Blocks {
		p.block(t, &t.Blocks[i], width)
	}
	p.b.WriteString("</table>\n")
}

func (p *page) block(t *disclosure.Table, b *disclosure.Block, width int) {
	rows := p.rowsOf(t, b)
	left := labelDepth(rows)
	if b.Heading != "" {
		p.b.WriteString("<tr>")
		p.td(b.Heading, 1, width)
		p.b.WriteString("</tr>\n")
	}
	// The last column takes what a narrower block leaves.
	slack := width - left - len(b.Columns)
	p.head(b, left, slack)
	for i, row := range rows {
		p.b.WriteString("<tr>")
		p.labels(rows, i, left)
		for c, col := range b.Columns {
			span := 1
			if c == len(b.Columns)-1 {
				span += slack
			}
			p.td(printed(p.report.Cells[t.Code(row.Key, col.Key)]), 1, span)
		}
		p.b.WriteString("</tr>\n")
	}
}

// head prints the column heads, groups over their members.
func (p *page) head(b *disclosure.Block, left, slack int) {
	depth := 1
	for _, c := range b.Columns {
		depth = max(depth, len(c.Groups)+1)
	}
	corner := depth
	if b.ColumnHeading != "" {
		corner++
		p.b.WriteString("<tr>")
		p.corner(b.Corner, corner, left)
		p.td(b.ColumnHeading, 1, len(b.Columns)+slack)
		p.b.WriteString("</tr>\n")
	}
	for level := range depth {
		p.b.WriteString("<tr>")
		if level == 0 && b.ColumnHeading == "" {
			p.corner(b.Corner, corner, left)
		}
		for c := 0; c < len(b.Columns); c++ {
			groups := b.Columns[c].Groups
			span := 1
			if c == len(b.Columns)-1 {
				span += slack
			}
			switch {
			case level == len(groups):
				p.td(b.Columns[c].Label, depth-level, span)
			case level < len(groups):
				n := members(b.Columns[c:], level)
				p.td(groups[level], 1, n)
				c += n - 1
			}
		}
		p.b.WriteString("</tr>\n")
	}
}

func (p *page) corner(text string, rows, cols int) {
	if cols > 0 {
		p.td(text, rows, cols)
	}
}

// labels prints a row's label behind the groups that begin with it.
func (p *page) labels(rows []disclosure.Axis, i, left int) {
	if left == 0 {
		return
	}
	groups := rows[i].Groups
	for level, g := range groups {
		if i == 0 || !sameGroups(rows[i-1].Groups, groups, level) {
			p.td(g, members(rows[i:], level), 1)
		}
	}
	p.td(rows[i].Label, 1, left-len(groups))
}

// members counts how many of the axes share the first one's groups down to a
// level.
func members(axes []disclosure.Axis, level int) int {
	n := 1
	for n < len(axes) && sameGroups(axes[0].Groups, axes[n].Groups, level) {
		n++
	}
	return n
}

func sameGroups(a, b []string, level int) bool {
	if len(a) <= level || len(b) <= level {
		return false
	}
	for i := range level + 1 {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// labelDepth is how many columns the row labels take.
func labelDepth(rows []disclosure.Axis) int {
	depth := 0
	for _, r := range rows {
		if r.Label != "" {
			depth = max(depth, len(r.Groups)+1)
		}
	}
	return depth
}

// rowsOf lists the rows the report prints: an alternate in the place of the
// rows it stands for, or before them when the report fills both.
func (p *page) rowsOf(t *disclosure.Table, b *disclosure.Block) []disclosure.Axis {
	var out []disclosure.Axis
	done := map[string]bool{}
	for _, row := range b.Rows {
		for _, alt := range b.Alternates {
			if !slices.Contains(alt.Replaces, row.Key) || !p.fills(t, b, alt.Row.Key) {
				continue
			}
			if !done[alt.Row.Key] {
				out = append(out, alt.Row)
			}
			done[alt.Row.Key] = true
			done[row.Key] = !slices.ContainsFunc(alt.Replaces, func(key string) bool { return p.fills(t, b, key) })
		}
		if !done[row.Key] {
			out = append(out, row)
		}
	}
	return out
}

// fills says whether the row has something in it.
func (p *page) fills(t *disclosure.Table, b *disclosure.Block, row string) bool {
	for _, col := range b.Columns {
		if c, ok := p.report.Cells[t.Code(row, col.Key)]; ok && c.Kind != disclosure.CellBlank {
			return true
		}
	}
	return false
}
