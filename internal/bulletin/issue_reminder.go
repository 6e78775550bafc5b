package bulletin

import (
	"fmt"

	"mingjing/internal/bulletin/word"
)

// IssueReminder is a notice to units that have not answered issues (催办通知).
type IssueReminder struct {
	Issues  []RemindedIssue // a unit's together
	Office  string
	Contact string
	Date    string
}

// RemindedIssue is an issue in the notice.
type RemindedIssue struct {
	Unit, Number, Facts string
	Due                 string // 2026年10月15日17:00
	Left                string // 已逾期3天
	Late                bool
}

// IssueReminderNotice is the notice as an official letter: to one unit by its
// name, to several with their list.
func IssueReminderNotice(r IssueReminder) ([]byte, error) {
	d := word.New(word.Official())
	d.Subject = "关于抓紧反馈政务公开问题整改情况的通知"
	d.Title("关于抓紧反馈\n政务公开问题整改情况的通知")
	units, late := []string{}, 0
	for _, i := range r.Issues {
		if len(units) == 0 || units[len(units)-1] != i.Unit {
			units = append(units, i.Unit)
		}
		if i.Late {
			late++
		}
	}
	to, who := "各有关单位:", fmt.Sprintf("尚有%d家单位的%d个政务公开问题", len(units), len(r.Issues))
	if len(units) == 1 {
		to, who = units[0]+":", fmt.Sprintf("你单位尚有%d个政务公开问题", len(r.Issues))
	}
	d.Add(word.Text(word.StylePlain, Official(to)))
	opening := "截至" + r.Date + "," + who + "没有反馈整改情况"
	if late > 0 {
		opening += fmt.Sprintf(",其中%d个已超过整改期限", late)
	}
	d.Body(Official(opening + ",请抓紧办理。问题清单如下:"))
	d.Table(r.list(d.Page().Width(), len(units) > 1))
	d.Gap()
	for i, sentence := range []string{"登录系统反馈,填写整改后的链接或一句话说明即可,不必附图片;网上办理有困难的,可以通过OA或移动存储介质报送。",
		"没有此项业务的,按不适用反馈并说明理由;期限内确实完不成的,请在期限前申请延期。", "已超过期限的,请立即办理并说明逾期原因。"} {
		d.Body(word.Number(3, i+1) + Official(sentence))
	}
	if r.Contact != "" {
		d.Body("联系人及电话：" + r.Contact)
	}
	d.Add(word.Paragraph{Style: word.StyleBody}, word.Text(word.StyleSign, r.Office), word.Text(word.StyleSign, r.Date))
	return d.Bytes()
}

func (r IssueReminder) list(width float64, named bool) word.Table {
	shares, heads := []float64{.2, .5, .3}, []string{"编号", "问题", "期限"}
	if named {
		shares, heads = []float64{.2, .18, .37, .25}, []string{"单位", "编号", "问题", "期限"}
	}
	t := word.Table{Size: word.SizeSmall4, Header: 1, Font: word.FontBody}
	head := word.Row{}
	for k, h := range heads {
		t.Widths = append(t.Widths, width*shares[k])
		head.Cells = append(head.Cells, word.Cell{Text: h, Font: word.FontHei})
	}
	t.Rows = append(t.Rows, head)
	for _, i := range r.Issues {
		row := word.Row{Height: 8}
		if named {
			row.Cells = append(row.Cells, word.Cell{Text: i.Unit, Align: word.Left})
		}
		row.Cells = append(row.Cells, word.Cell{Text: i.Number}, word.Cell{Text: Official(i.Facts), Align: word.Left},
			word.Cell{Text: i.Due + "\n" + i.Left})
		t.Rows = append(t.Rows, row)
	}
	return t
}
