package bulletin

import (
	"mingjing/internal/bulletin/word"
	"mingjing/internal/disclosure"
)

// Edition is what a published report carries beside its contents.
type Edition struct {
	Signed string // the unit under the text; "" leaves the signature out
	Date   string // 2026年1月20日
	// Draft marks a version that is not approved, at the head of each page.
	Draft string
	// Annexes are the unit's reports on other forms, printed behind the report.
	Annexes []*disclosure.Report
}

// ReportDocx is a report as a Word document in the national layout, for
// publishing: title, the form's parts in order, its tables as it prints them.
func ReportDocx(r *disclosure.Report, e Edition) ([]byte, error) {
	page := word.Official()
	if e.Draft != "" {
		page.Header = []word.Paragraph{{Style: word.StyleFooter, Align: word.Right, Runs: []word.Run{{Text: e.Draft, Size: word.SizeSmall4, Font: word.FontHei}}}}
	}
	d := word.New(page)
	d.Subject = title(r)
	d.Title(titleLines(r))
	writeReport(d, r)
	if e.Signed != "" || e.Date != "" {
		d.Add(word.Paragraph{Style: word.StyleBody})
		for _, line := range []string{e.Signed, e.Date} {
			if line != "" {
				d.Add(word.Text(word.StyleSign, line))
			}
		}
	}
	for _, annex := range e.Annexes {
		d.PageBreak()
		d.Title(titleLines(annex))
		writeReport(d, annex)
	}
	return d.Bytes()
}

// writeReport writes the form's parts.
func writeReport(d *word.Document, r *disclosure.Report) {
	writeProse(d, partText(r, 0))
	for _, part := range r.Form.Parts {
		table := r.Form.Table(part.Table)
		if len(r.Form.Parts) > 1 {
			d.HeadingAs(1, disclosure.Typeset(part.Title))
		}
		if table != nil {
			d.Table(figureTable(table, r, d.Page().Width(), 10))
			d.Gap()
		}
		writeProse(d, partText(r, part.Number))
		if table == nil && partText(r, part.Number) == "" {
			d.Add(word.Paragraph{Style: word.StyleBody})
		}
	}
}
