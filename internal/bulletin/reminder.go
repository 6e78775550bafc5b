package bulletin

import (
	"fmt"
	"strings"

	"mingjing/internal/bulletin/word"
)

// Reminder is a notice to units that have not filed (催报通知).
type Reminder struct {
	Report   string // 2025年政府信息公开工作年度报告
	Deadline string // 2026年1月31日
	// Statutory says that the law sets the deadline; it is cited then.
	Statutory bool
	// Left is the days to the deadline, below 0 when it has passed.
	Left    int
	Units   []ReminderUnit
	Require []string // what is asked, each a sentence; nil: the usual ones
	Office  string
	Contact string
	Date    string
}

// ReminderUnit is a unit in the notice.
type ReminderUnit struct {
	Name    string
	State   string // 未报送, 退回修改
	Contact string
}

// ReminderNotice is the notice as an official letter: to one unit by its name,
// to several with their list.
func ReminderNotice(r Reminder) ([]byte, error) {
	d := word.New(word.Official())
	heading := "关于尽快报送" + r.Report + "的通知"
	d.Subject = heading
	if word.Length(heading) > longestTitle {
		heading = "关于尽快报送\n" + r.Report + "的通知"
	}
	d.Title(heading)
	to := "各有关单位:"
	if len(r.Units) == 1 {
		to = r.Units[0].Name + ":"
	}
	d.Add(word.Text(word.StylePlain, Official(to)))
	d.Body(Official(r.opening()))
	if len(r.Units) > 1 {
		d.Body(fmt.Sprintf("截至目前,尚有%d家单位未完成报送，名单如下：", len(r.Units)))
		d.Table(r.list(d.Page().Width()))
		d.Gap()
	}
	require := r.Require
	if require == nil {
		require = []string{"登录系统填报,或下载表格填写后报送;网上填报有困难的,可以通过OA或移动存储介质报送。",
			"没有收到申请的单位,也要按时报送,有关数据填“0”。", "报送前请核对各表的勾稽关系,并由本单位审核人审核。"}
	}
	for i, sentence := range require {
		d.Body(word.Number(3, i+1) + Official(sentence))
	}
	if r.Contact != "" {
		d.Body("联系人及电话：" + r.Contact)
	}
	d.Add(word.Paragraph{Style: word.StyleBody}, word.Text(word.StyleSign, r.Office), word.Text(word.StyleSign, r.Date))
	return d.Bytes()
}

func (r Reminder) opening() string {
	var b strings.Builder
	if r.Statutory {
		b.WriteString("根据《中华人民共和国政府信息公开条例》第四十九条,")
	} else {
		b.WriteString("按照工作安排,")
	}
	fmt.Fprintf(&b, "%s应于%s前报送。", r.Report, r.Deadline)
	switch {
	case r.Left > 0:
		fmt.Fprintf(&b, "现距截止日期还有%d天,请尽快报送。", r.Left)
	case r.Left == 0:
		b.WriteString("今天是截止日期,请于今天内报送。")
	default:
		fmt.Fprintf(&b, "现已超过截止日期%d天,请立即报送,并说明逾期原因。", -r.Left)
	}
	return b.String()
}

func (r Reminder) list(width float64) word.Table {
	t := word.Table{Widths: []float64{width * .1, width * .48, width * .17, width * .25}, Size: word.SizeSmall4, Header: 1,
		Font: word.FontBody, Rows: []word.Row{{Cells: []word.Cell{
			{Text: "序号", Font: word.FontHei}, {Text: "单位", Font: word.FontHei}, {Text: "状态", Font: word.FontHei}, {Text: "联系人", Font: word.FontHei}}}}}
	for i, u := range r.Units {
		t.Rows = append(t.Rows, word.Row{Height: 8, Cells: []word.Cell{
			{Text: fmt.Sprint(i + 1)}, {Text: u.Name, Align: word.Left}, {Text: u.State}, {Text: u.Contact, Size: word.Size5}}})
	}
	return t
}
