package notice

import (
	"fmt"

	"mingjing/internal/bulletin/word"
)

// DraftMark stands at the head of each page of a bulletin on figures that are
// not approved.
const DraftMark = "征求意见稿"

// longestTitleLine is how many letters of 二号 a line of the title holds.
const longestTitleLine = 19

// Docx is the bulletin as an editable Word document in official layout. The
// pictures are those of Charts, in their order. 红头, 文号 and 印发栏 are left to
// the office system. Errors: as many pictures as charts are wanted, as PNG.
func (n *Notice) Docx(pictures [][]byte) ([]byte, error) {
	if len(pictures) != len(n.Charts()) {
		return nil, fmt.Errorf("notice: %d pictures for %d charts", len(pictures), len(n.Charts()))
	}
	page := word.Official()
	if n.Draft {
		page.Header = []word.Paragraph{{Style: word.StyleFooter, Align: word.Right, Runs: []word.Run{{Text: DraftMark, Size: word.SizeSmall4, Font: word.FontHei}}}}
	}
	d := word.New(page)
	d.Subject, d.Mark = n.Title, n.mark()
	d.Title(titleLines(n.Title))
	if n.Draft {
		d.Add(word.Paragraph{Style: word.StyleCaption, Runs: []word.Run{{Text: "（" + DraftMark + "）", Font: word.FontKai, Size: word.SizeBody}}, After: 14})
	}
	if n.To != "" {
		d.Add(word.Text(word.StylePlain, n.To))
	}
	for i, b := range n.Blocks {
		switch b.Kind {
		case Heading:
			d.HeadingAs(b.Level, b.Text)
		case Text:
			if b.Section == attached && i > 0 && n.Blocks[i-1].Section != attached {
				d.Body("") // a line between the text and the attachments
			}
			d.Body(b.Text)
		case Grid:
			caption(d, b.Table.Caption)
			size := word.Size5
			if b.Table.Name == "recheck" { // issues one by one need the room
				size = word.SizeSmall5
			}
			d.Table(b.Table.word(d.Page().Width(), size))
			d.Gap()
		case Picture:
			d.Picture(word.Picture{PNG: pictures[0], Width: d.Page().Width(), Alt: b.Chart.Summary})
			d.Add(word.Text(word.StyleCaption, b.Chart.Title))
			pictures = pictures[1:]
		}
	}
	d.Body("")
	for _, line := range []string{n.Sign, n.Date} {
		if line != "" {
			d.Add(word.Text(word.StyleSign, line))
		}
	}
	if len(n.Attached) > 0 {
		d.Section(page.Sideways())
	}
	for k, t := range n.Attached {
		number := "附件"
		if len(n.Attached) > 1 {
			number += fmt.Sprint(k + 1)
		}
		d.Add(word.Paragraph{Style: word.StylePlain, PageBreak: k > 0, Runs: []word.Run{{Text: number, Font: word.FontHei}}})
		d.Add(word.Paragraph{Style: word.StyleTitle, After: 10, Runs: []word.Run{{Text: t.Caption}}})
		d.Table(t.word(d.Page().Width(), word.SizeSmall5))
	}
	return d.Bytes()
}

// caption is a table's name, which stays with the table.
func caption(d *word.Document, words string) {
	p := word.Text(word.StyleCaption, words)
	p.KeepNext = true
	d.Add(p)
}

// titleLines breaks a long title where its sense does: behind 关于 and the
// quarter, or in the middle.
func titleLines(s string) string {
	letters := []rune(s)
	if len(letters) <= longestTitleLine {
		return s
	}
	at := (len(letters) + 1) / 2
	for k := at; k > at-6 && k > 0; k-- {
		if letters[k-1] == '度' || letters[k-1] == '区' || letters[k-1] == '开' {
			at = k
			break
		}
	}
	return string(letters[:at]) + "\n" + string(letters[at:])
}

func (t *Table) word(width, size float64) word.Table {
	out := word.Table{Header: 1, Size: size, Font: word.FontSong}
	head := word.Row{}
	sum := 0.0
	for _, c := range t.Columns {
		sum += c.Width
	}
	for _, c := range t.Columns {
		out.Widths = append(out.Widths, width*c.Width/sum)
		head.Cells = append(head.Cells, word.Cell{Text: c.Label, Font: word.FontHei})
	}
	out.Rows = append(out.Rows, head)
	for _, row := range t.Rows {
		r := word.Row{}
		for k, c := range row {
			cell := word.Cell{Text: c.Text}
			if t.Columns[k].Left {
				cell.Align = word.Left
			}
			r.Cells = append(r.Cells, cell)
		}
		out.Rows = append(out.Rows, r)
	}
	return out
}
