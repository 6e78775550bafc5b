package bulletin

import (
	"fmt"
	"strings"

	"mingjing/internal/bulletin/word"
	"mingjing/internal/check"
	"mingjing/internal/disclosure"
)

// Filing is a submission as it goes on paper (报送件).
type Filing struct {
	Report   *disclosure.Report
	Annexes  []*disclosure.Report
	Revision int
	// Code is the check code that stands on each page; "" has it computed of
	// Report and Revision.
	Code string
	// Filed, By and Via: when, by whom, and how it was submitted (网上填报,
	// 代报:OA来文). Empty ones are left out.
	Filed, By, Via string
	Reviewed       string // the unit's own reviewer
	// Explanations are the unit's answers to findings.
	Explanations []Explanation
	// OpenFaults are errors with which the supervisor took the report in
	// (带问题收件), each a sentence.
	OpenFaults []string
}

// Explanation is what a unit says to a finding.
type Explanation struct {
	Finding check.Finding
	Text    string
	By      string
}

// FilingSheet is the 报送件: the report's figures and text on A4, with room for
// signatures and the seal, revision and check code at each page's foot.
func FilingSheet(f Filing) ([]byte, error) {
	d := f.begin("报送件")
	d.Table(f.facts(d.Page().Width()))
	f.contents(d)
	d.Gap()
	d.Table(signatures(d.Page().Width(), "填报人", "审核人", "单位负责人"))
	return d.Bytes()
}

// ReviewSheet is the 审签单, for units whose own review is on paper: drafting,
// review and approval with room to write stand first.
func ReviewSheet(f Filing) ([]byte, error) {
	d := f.begin("审签单")
	d.Table(f.facts(d.Page().Width()))
	d.Gap()
	d.Table(opinions(d.Page().Width()))
	f.contents(d)
	return d.Bytes()
}

func (f Filing) code() string {
	if f.Code != "" {
		return f.Code
	}
	return CheckCode(f.Report, f.Revision)
}

func (f Filing) begin(kind string) *word.Document {
	page := word.Plain(18, 20, 20, 20)
	page.Footer = []word.Paragraph{
		{Style: word.StyleFooter, Align: word.Center, Runs: []word.Run{{Text: f.Report.Unit + " " + periodWords(f.Report.Period) + "年度报告" + kind}}},
		{Style: word.StyleFooter, Align: word.Center, Runs: []word.Run{
			{Text: fmt.Sprintf("第%d版  校验码 ", f.Revision)}, {Text: groupedCode(f.code()), Bold: true},
			{Text: "  第", Field: word.PageNumber}, {Text: "页 共", Field: word.PageCount}, {Text: "页"}}},
	}
	d := word.New(page)
	d.Subject = title(f.Report) + kind
	d.Add(word.Paragraph{Style: word.StyleTitle, Line: 28, After: 8, Runs: []word.Run{{Text: title(f.Report), Size: 18}}},
		word.Paragraph{Style: word.StyleCaption, Runs: []word.Run{{Text: "（" + kind + "）", Size: word.SizePage}}})
	return d
}

// facts is the table at the head: whose, when, which revision.
func (f Filing) facts(width float64) word.Table {
	facts := [][2]string{
		{"填报单位", f.Report.Unit}, {"报告年度", periodWords(f.Report.Period)},
		{"数据口径", string(f.Report.Scope)}, {"表单", f.Report.Form.Authority},
		{"版次", fmt.Sprint(f.Revision)}, {"校验码", groupedCode(f.code())},
		{"提交时间", f.Filed}, {"提交人", f.By},
		{"提交方式", f.Via}, {"单位审核人", f.Reviewed},
	}
	t := word.Table{Widths: []float64{width * .14, width * .36, width * .14, width * .36}, Size: word.Size5}
	for i := 0; i < len(facts); i += 2 {
		left, right := facts[i], facts[i+1]
		if left[1] == "" && right[1] == "" {
			continue
		}
		t.Rows = append(t.Rows, word.Row{Height: 7, Cells: []word.Cell{
			{Text: left[0], Shade: labelShade}, {Text: left[1], Align: word.Left}, {Text: right[0], Shade: labelShade}, {Text: right[1], Align: word.Left}}})
	}
	return t
}

// labelShade is behind labels; it is light enough for grey print and stamps.
const labelShade = "F2F2F2"

func (f Filing) contents(d *word.Document) {
	width := d.Page().Width()
	for _, r := range append([]*disclosure.Report{f.Report}, f.Annexes...) {
		if r != f.Report {
			subheading(d, title(r))
		}
		compactReport(d, r)
	}
	if len(f.Explanations) > 0 {
		subheading(d, "校验提示的说明")
		d.Table(f.explained(width))
	}
	if len(f.OpenFaults) > 0 {
		subheading(d, "带问题收件：尚未改正的错误")
		for i, sentence := range f.OpenFaults {
			d.Add(word.Text(word.StyleNote, fmt.Sprintf("%d.%s", i+1, Official(sentence))))
		}
	}
}

func subheading(d *word.Document, text string) {
	d.Add(word.Paragraph{Style: word.StyleCaption, Align: word.Left, KeepNext: true, Before: 8, Runs: []word.Run{{Text: text}}})
}

// compactReport sets a report in small type: for paper that is signed and kept.
func compactReport(d *word.Document, r *disclosure.Report) {
	for _, line := range paragraphs(partText(r, 0)) {
		d.Add(note(line))
	}
	for _, part := range r.Form.Parts {
		if len(r.Form.Parts) > 1 {
			subheading(d, disclosure.Typeset(part.Title))
		}
		if table := r.Form.Table(part.Table); table != nil {
			d.Table(figureTable(table, r, d.Page().Width(), word.SizeSmall5))
			d.Gap()
		}
		lines := paragraphs(partText(r, part.Number))
		for _, line := range lines {
			d.Add(note(line))
		}
		if part.Prose && len(lines) == 0 {
			d.Add(note("（未填写）"))
		}
	}
}

// note is a paragraph of text in small type, its first line indented.
func note(line string) word.Paragraph {
	return word.Paragraph{Style: word.StyleNote, Runs: []word.Run{{Text: "\u3000\u3000" + line, Size: word.Size5}}}
}

func (f Filing) explained(width float64) word.Table {
	t := word.Table{Widths: []float64{width * .26, width * .37, width * .37}, Size: word.SizeSmall5, Header: 1,
		Rows: []word.Row{{Cells: []word.Cell{{Text: "涉及数据", Shade: labelShade}, {Text: "校验提示", Shade: labelShade}, {Text: "单位说明", Shade: labelShade}}}}}
	for _, e := range f.Explanations {
		said := e.Text
		if e.By != "" {
			said += "（" + e.By + "）"
		}
		t.Rows = append(t.Rows, word.Row{Breaks: true, Cells: []word.Cell{
			{Text: strings.Join(cellNames(e.Finding), "\n"), Align: word.Left},
			{Text: Official(e.Finding.Message), Align: word.Left},
			{Text: said, Align: word.Left}}})
	}
	return t
}

// cellNames are the cells of a finding in words; many are counted.
func cellNames(f check.Finding) []string {
	const most = 6
	var out []string
	for _, code := range f.Codes {
		out = append(out, disclosure.LabelOf(code))
	}
	if len(out) > most {
		out = append(out[:most:most], fmt.Sprintf("等%d格", len(f.Codes)))
	}
	return out
}

// signatures is the block under the contents; it stays on one page.
func signatures(width float64, who ...string) word.Table {
	n := float64(len(who))
	t := word.Table{Size: word.Size5, Keep: true}
	head, room := word.Row{Height: 8}, word.Row{Height: 16}
	for _, w := range who {
		t.Widths = append(t.Widths, width/n)
		head.Cells = append(head.Cells, word.Cell{Text: w + "（签字）", Shade: labelShade})
		room.Cells = append(room.Cells, word.Cell{})
	}
	t.Rows = []word.Row{head, room, {Height: 34, Cells: []word.Cell{{Across: len(who), Align: word.Right, Paragraphs: []word.Paragraph{
		{Style: word.StyleTable, Align: word.Left, Runs: []word.Run{{Text: "单位（盖章）：", Size: word.Size5}}},
		{Style: word.StyleTable, Align: word.Right, Before: 56, Runs: []word.Run{{Text: "年\u3000\u3000月\u3000\u3000日\u3000\u3000", Size: word.Size5}}},
	}}}}}
	return t
}

// opinions is the 审签单's table: each step with room for an opinion.
func opinions(width float64) word.Table {
	t := word.Table{Widths: []float64{width * .14, width * .86}, Size: word.Size5, Keep: true}
	for _, step := range []string{"拟稿", "审核", "签发"} {
		t.Rows = append(t.Rows, word.Row{Height: 26, Cells: []word.Cell{{Text: step, Shade: labelShade}, {Paragraphs: []word.Paragraph{
			{Style: word.StyleTable, Align: word.Left, Runs: []word.Run{{Text: "意见：", Size: word.Size5}}},
			{Style: word.StyleTable, Align: word.Right, Before: 30, Runs: []word.Run{{Text: "签字：\u3000\u3000\u3000\u3000\u3000\u3000\u3000年\u3000\u3000月\u3000\u3000日\u3000", Size: word.Size5}}},
		}}}})
	}
	t.Rows = append(t.Rows, word.Row{Height: 26, Cells: []word.Cell{{Text: "单位盖章", Shade: labelShade}, {}}})
	return t
}
