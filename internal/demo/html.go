package demo

import (
	"fmt"
	"html"
	"io"
	"strings"

	"mingjing/internal/disclosure"
)

// WriteHTML writes a report as the page a unit publishes: prose and the tables
// in the national layout with merged cells.
func WriteHTML(w io.Writer, r *disclosure.Report) error {
	p := &page{}
	p.f("<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head><meta charset=\"utf-8\"><title>%s</title></head>\n<body>\n<h1>%s</h1>\n", r.Title, r.Title)
	walk(r, p)
	p.b.WriteString("</body>\n</html>\n")
	_, err := io.WriteString(w, p.b.String())
	return err
}

// manuscript is a file format that a report's parts are written in.
type manuscript interface {
	heading(text string)
	paragraph(text string)
	table(l *layout)
}

// walk tells a report's parts in printed order.
func walk(r *disclosure.Report, to manuscript) {
	prose := func(number int) {
		for _, part := range r.Prose {
			if part.Number != number {
				continue
			}
			if number > 0 {
				to.heading(part.Title)
			}
			for _, line := range strings.Split(part.Text, "\n") {
				if line != "" {
					to.paragraph(line)
				}
			}
		}
	}
	prose(0)
	for _, part := range r.Form.Parts {
		if part.Table == "" {
			prose(part.Number)
			continue
		}
		to.heading(part.Title)
		to.table(lay(r, r.Form.Table(part.Table)))
	}
}

// page is an HTML page in the making.
type page struct{ b strings.Builder }

// f writes a format whose arguments are text, escaped.
func (p *page) f(format string, args ...string) {
	escaped := make([]any, len(args))
	for i, a := range args {
		escaped[i] = html.EscapeString(a)
	}
	fmt.Fprintf(&p.b, format, escaped...)
}

func (p *page) heading(text string)   { p.f("<h2>%s</h2>\n", text) }
func (p *page) paragraph(text string) { p.f("<p>%s</p>\n", text) }

func (p *page) table(l *layout) {
	p.b.WriteString("<table border=\"1\">\n")
	for _, row := range l.rows {
		p.b.WriteString("<tr>")
		for _, b := range row {
			p.b.WriteString("<td")
			if b.rows > 1 {
				fmt.Fprintf(&p.b, " rowspan=\"%d\"", b.rows)
			}
			if b.cols > 1 {
				fmt.Fprintf(&p.b, " colspan=\"%d\"", b.cols)
			}
			p.f(">%s</td>", b.text)
		}
		p.b.WriteString("</tr>\n")
	}
	p.b.WriteString("</table>\n")
}
