package bulletin

import (
	"mingjing/internal/bulletin/word"
)

// AccountSlip is one person's first password, to be cut out and handed over.
type AccountSlip struct {
	Unit, Name, Role, Login, Password string
}

// Accounts are slips to be printed together.
type Accounts struct {
	System  string // 政府信息公开年度报告管理系统
	Address string // where to sign in
	Note    string // "": the usual sentence
	Slips   []AccountSlip
}

// slipsAcross and slipHeight (mm): two by five on an A4 page.
const (
	slipsAcross = 2
	slipHeight  = 53.0
	// passwordFont tells l from 1 and O from 0.
	passwordFont = "Consolas"
)

// AccountSlips are the slips, ten a page, with lines to cut along.
func AccountSlips(a Accounts) ([]byte, error) {
	page := word.Plain(15, 12, 15, 15)
	d := word.New(page)
	d.Subject = "初始密码条"
	t := word.Table{Frame: word.FrameCut, Pad: 4}
	for range slipsAcross {
		t.Widths = append(t.Widths, page.Width()/slipsAcross)
	}
	for i := 0; i < len(a.Slips); i += slipsAcross {
		row := word.Row{Height: slipHeight, Exact: true}
		for j := i; j < i+slipsAcross; j++ {
			cell := word.Cell{}
			if j < len(a.Slips) {
				cell.Paragraphs = a.slip(a.Slips[j])
			}
			row.Cells = append(row.Cells, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) == 0 {
		d.Add(word.Text(word.StyleNote, "没有需要打印的密码条。"))
		return d.Bytes()
	}
	d.Table(t)
	return d.Bytes()
}

func (a Accounts) slip(s AccountSlip) []word.Paragraph {
	line := func(label, text, font string, size float64) word.Paragraph {
		if word.Length(text) > 22 {
			size = word.SizeSmall5
		}
		return word.Paragraph{Style: word.StyleTable, Before: 2, Runs: []word.Run{
			{Text: label, Size: word.Size5}, {Text: text, Size: size, Font: font, Bold: font != ""}}}
	}
	note := a.Note
	if note == "" {
		note = "首次登录须修改密码。请当面交给本人，妥善保管，不要拍照转发。"
	}
	who := s.Name
	if s.Role != "" {
		who += "（" + s.Role + "）"
	}
	return []word.Paragraph{
		{Style: word.StyleTable, Align: word.Center, After: 3, Runs: []word.Run{{Text: a.System, Font: word.FontHei, Size: word.Size5}}},
		line("单位：", s.Unit, "", word.Size5),
		line("姓名：", who, "", word.Size5),
		line("登录名：", s.Login, passwordFont, word.SizeSmall4),
		line("初始密码：", s.Password, passwordFont, word.SizeSmall4),
		line("网址：", a.Address, "", word.Size5),
		{Style: word.StyleTable, Before: 4, Runs: []word.Run{{Text: note, Size: word.SizeSmall5}}},
	}
}
