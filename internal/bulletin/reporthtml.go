package bulletin

import (
	"fmt"
	"html"
	"strings"

	"mingjing/internal/disclosure"
)

// pageStyle is for a page that stands alone. Sites that take the fragment bring
// their own; nothing in it depends on this.
const pageStyle = `body{max-width:60em;margin:2em auto;padding:0 1em;font-family:"宋体",SimSun,serif;line-height:1.8}
h1{text-align:center;font-size:1.6em}h2{font-size:1.2em}h3{font-size:1em}p{text-indent:2em;margin:.4em 0}
table{border-collapse:collapse;width:100%;font-size:.9em;line-height:1.4}th,td{border:1px solid #333;padding:.3em;text-align:center;font-weight:normal}
th[scope=row],th[scope=rowgroup]{text-align:left}.signature{text-align:right}`

// ReportHTML is a report as a page for the unit's website.
func ReportHTML(r *disclosure.Report, e Edition) string {
	return `<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>` + html.EscapeString(title(r)) + `</title>
<style>
` + pageStyle + `
</style>
</head>
<body>
` + ReportFragment(r, e) + `</body>
</html>
`
}

// ReportFragment is the report as a piece of HTML to be pasted into a site's
// own page: headings, paragraphs and tables, without styles or scripts.
func ReportFragment(r *disclosure.Report, e Edition) string {
	var b strings.Builder
	b.WriteString("<article>\n")
	if e.Draft != "" {
		fmt.Fprintf(&b, "<p class=\"draft\">%s</p>\n", html.EscapeString(e.Draft))
	}
	htmlReport(&b, r)
	if e.Signed != "" {
		fmt.Fprintf(&b, "<p class=\"signature\">%s</p>\n", html.EscapeString(e.Signed))
	}
	if e.Date != "" {
		fmt.Fprintf(&b, "<p class=\"signature\">%s</p>\n", html.EscapeString(e.Date))
	}
	b.WriteString("</article>\n")
	for _, annex := range e.Annexes {
		b.WriteString("<article>\n")
		htmlReport(&b, annex)
		b.WriteString("</article>\n")
	}
	return b.String()
}

func htmlReport(b *strings.Builder, r *disclosure.Report) {
	fmt.Fprintf(b, "<h1>%s</h1>\n", html.EscapeString(title(r)))
	htmlProse(b, partText(r, 0))
	for _, part := range r.Form.Parts {
		if len(r.Form.Parts) > 1 {
			fmt.Fprintf(b, "<h2>%s</h2>\n", html.EscapeString(disclosure.Typeset(part.Title)))
		}
		if table := r.Form.Table(part.Table); table != nil {
			htmlTable(b, table, r)
		}
		htmlProse(b, partText(r, part.Number))
	}
}

func htmlProse(b *strings.Builder, text string) {
	for _, line := range paragraphs(text) {
		tag := "p"
		if level := headingLevel(line); level > 0 {
			tag = fmt.Sprintf("h%d", level+1)
		}
		fmt.Fprintf(b, "<%s>%s</%s>\n", tag, html.EscapeString(legalText(line)), tag)
	}
}

func htmlTable(b *strings.Builder, t *disclosure.Table, r *disclosure.Report) {
	b.WriteString("<table>\n")
	for _, row := range t.Printed(r.Prints) {
		b.WriteString("<tr>")
		for _, c := range row {
			spans := ""
			if c.Colspan > 1 {
				spans += fmt.Sprintf(` colspan="%d"`, c.Colspan)
			}
			if c.Rowspan > 1 {
				spans += fmt.Sprintf(` rowspan="%d"`, c.Rowspan)
			}
			if c.Head {
				fmt.Fprintf(b, `<th scope="%s"%s>%s</th>`, c.Scope, spans, html.EscapeString(disclosure.Typeset(c.Text)))
				continue
			}
			fmt.Fprintf(b, "<td%s>%s</td>", spans, html.EscapeString(legalText(r.Cells[c.Code].Shown())))
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</table>\n")
}

// legalText leaves out control characters, which HTML does not allow.
func legalText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, s)
}
