package bulletin

import (
	"fmt"
	"math"

	"mingjing/internal/bulletin/word"
)

// Slip is what goes back to a unit with its report (退回修改单).
type Slip struct {
	Unit     string
	Report   string // 2025年政府信息公开工作年度报告
	Revision int    // 0: not said
	Returned string // 退回日期
	Deadline string // when the corrected report is due
	Office   string // who returns it
	Contact  string // name and telephone
	Note     string // a general remark
	Items    []SlipItem
}

// SlipItem is one thing to be put right.
type SlipItem struct {
	Cell     string // 表三 (一)予以公开 · 总计
	Problem  string
	Remedy   string
	Deadline string // "": the slip's
}

// slipSizes are the sizes of type that are tried so that the slip stays on one
// page; beyond the last it goes on on more pages, heads repeated.
var slipSizes = []float64{word.SizeSmall4, word.Size5, word.SizeSmall5, word.Size6}

// onePage is up to how many items the smallest type is worth a single page.
const onePage = 18

// slipColumns are shares of the width: number, cell, problem, remedy, deadline.
var slipColumns = []float64{.07, .22, .30, .27, .14}

// ReturnSlip is the slip on one A4 page, on more when it has many items.
func ReturnSlip(s Slip) ([]byte, error) {
	page := word.Plain(20, 18, 20, 20)
	page.Footer = []word.Paragraph{{Style: word.StyleFooter, Align: word.Center, Runs: []word.Run{
		{Text: "退回修改单 " + s.Unit + "  第", Field: word.PageNumber}, {Text: "页 共", Field: word.PageCount}, {Text: "页"}}}}
	d := word.New(page)
	d.Subject = s.Unit + "退回修改单"
	d.Add(word.Paragraph{Style: word.StyleTitle, Line: 30, After: 10, Runs: []word.Run{{Text: "退回修改单"}}})
	report := "《" + s.Report + "》"
	if s.Revision > 0 {
		report += fmt.Sprintf("（第%d版）", s.Revision)
	}
	opening := fmt.Sprintf("你单位报送的%s经审核需要修改,现予退回。请按下表逐项改正,于%s前重新提交。", report, s.Deadline)
	if s.Deadline == "" {
		opening = fmt.Sprintf("你单位报送的%s经审核需要修改,现予退回。请按下表逐项改正后重新提交。", report)
	}
	lines := []string{s.Unit + ":", "\u3000\u3000" + opening}
	if s.Note != "" {
		lines = append(lines, "\u3000\u3000"+s.Note)
	}
	used := 32.0 // mm: the title, and the signature's two lines
	for _, line := range lines {
		d.Add(word.Text(word.StyleNote, Official(line)))
		used += noteHeight(line, page.Width())
	}
	closing := []string{}
	if s.Contact != "" {
		closing = append(closing, "联系人及电话:"+s.Contact)
	}
	closing = append(closing, "对退回意见有疑问的,请在期限内联系说明。确实无误的数据,请提交书面说明。")
	for _, line := range closing {
		used += noteHeight(line, page.Width())
	}
	size := slipSize(s, page.Width(), page.Height()-used)
	d.Table(s.table(page.Width(), size))
	for _, line := range closing {
		d.Add(word.Paragraph{Style: word.StyleNote, KeepNext: true, Runs: []word.Run{{Text: Official(line)}}})
	}
	d.Add(word.Paragraph{Style: word.StyleNote, Align: word.Right, KeepNext: true, Runs: []word.Run{{Text: s.Office + "（盖章）\u3000\u3000"}}},
		word.Paragraph{Style: word.StyleNote, Align: word.Right, Runs: []word.Run{{Text: "退回日期：" + s.Returned + "\u3000\u3000"}}})
	return d.Bytes()
}

// noteHeight is about the height in mm of a line of text in 小四.
func noteHeight(text string, width float64) float64 {
	lines := math.Ceil(word.Length(text) * word.SizeSmall4 * 25.4 / 72 / width)
	return lines*6.8 + 1.4
}

func (s Slip) rows() [][]string {
	var out [][]string
	for i, item := range s.Items {
		due := item.Deadline
		if due == "" {
			due = s.Deadline
		}
		out = append(out, []string{fmt.Sprint(i + 1), item.Cell, item.Problem, item.Remedy, due})
	}
	return out
}

// slipSize is the largest size of type in which the table fits into a height in
// mm; when none does, the last but one, on several pages.
func slipSize(s Slip, width, height float64) float64 {
	for _, size := range slipSizes {
		if size == word.Size6 && len(s.Items) > onePage {
			break
		}
		if tableHeight(s.rows(), width, size) <= height {
			return size
		}
	}
	return word.SizeSmall5
}

// tableHeight estimates the table's height in mm: full-width letters as wide as
// the type is high, lines 1.3 times that.
func tableHeight(rows [][]string, width, size float64) float64 {
	em := size * 25.4 / 72
	total := 2.4 * em
	for _, row := range rows {
		lines := 1.0
		for i, text := range row {
			perLine := math.Floor((width*slipColumns[i] - 2) / em)
			lines = max(lines, math.Ceil(word.Length(text)/max(1, perLine)))
		}
		total += lines*em*1.3 + 1.2
	}
	return total
}

func (s Slip) table(width, size float64) word.Table {
	t := word.Table{Size: size, Header: 1}
	head := word.Row{}
	for i, label := range []string{"序号", "单元格", "问题", "修改要求", "期限"} {
		t.Widths = append(t.Widths, width*slipColumns[i])
		head.Cells = append(head.Cells, word.Cell{Text: label, Shade: labelShade, Font: word.FontHei})
	}
	t.Rows = append(t.Rows, head)
	for _, texts := range s.rows() {
		row := word.Row{}
		for i, text := range texts {
			cell := word.Cell{Text: text}
			if i > 0 && i < 4 {
				cell.Align = word.Left
			}
			row.Cells = append(row.Cells, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	if len(s.Items) == 0 {
		t.Rows = append(t.Rows, word.Row{Height: 12, Cells: []word.Cell{{Text: "见上方说明", Across: len(t.Widths)}}})
	}
	return t
}
