package ledger

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"mingjing/internal/calendar"
	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// planted are private texts, each of them in a ledger once.
type planted struct {
	rng  *rand.Rand
	all  []string
	seen map[string]bool
}

// A name of syllables that no vocabulary holds.
func (p *planted) name() string {
	family := []string{"欧阳", "司马", "诸葛", "皇甫", "尉迟", "澹台", "濮阳", "夏侯"}
	given := []rune("珏璟翊暄煜熠昶旻晔琰骞瑀")
	for {
		n := family[p.rng.Intn(len(family))] + string(given[p.rng.Intn(len(given))]) + string(given[p.rng.Intn(len(given))])
		if !p.seen[n] {
			return p.keep(n)
		}
	}
}

func (p *planted) keep(s string) string {
	p.seen[s] = true
	p.all = append(p.all, s)
	return s
}

func (p *planted) phone() string { return p.keep(fmt.Sprintf("139%08d", p.rng.Intn(1e8))) }

func (p *planted) id() string {
	return p.keep(fmt.Sprintf("3601021970%02d%02d%03dX", 1+p.rng.Intn(12), 1+p.rng.Intn(28), p.rng.Intn(1000)))
}

func (p *planted) street() string {
	return p.keep(fmt.Sprintf("青山区某路%d弄", p.rng.Intn(1e6)))
}

// truth is what a made row is.
type truth struct {
	kind, result     string
	received, closed calendar.Date
}

var kindTexts = map[string][]string{"NP": {"公民", "自然人", "个人"}, "BIZ": {"企业", "商业企业"}, "RES": {"科研机构"}, "NPO": {"社会公益组织", "协会"}, "LAW": {"律所"}, "OTH": {"其他"}}

// TestPrivacyAndSums reads made ledgers with private texts in every column that
// can hold free text: none may come out, every count must be the truth's, and
// the sums of table 三 must hold.
func TestPrivacyAndSums(t *testing.T) {
	form := disclosure.Forms()[0]
	for seed := range int64(40) {
		rng := rand.New(rand.NewSource(seed))
		p := &planted{rng: rng, seen: map[string]bool{}}
		rows := [][]string{{"登记编号", "申请人姓名", "申请人类型", "身份证号码", "联系电话", "通讯地址", "收到日期", "申请内容", "答复日期", "办理结果", "理由", "备注", "经办人"}}
		var truths []truth
		for i := range 5 + rng.Intn(60) {
			tr := truth{kind: applicantKeys[rng.Intn(6)], result: resultKeys[rng.Intn(len(resultKeys))]}
			tr.received = calendar.Day(2024, 1, 1) + calendar.Date(rng.Intn(800))
			name, phone, id := p.name(), p.phone(), p.id()
			result, closed := keyLabel(tr.result), ""
			if tr.result == "OTHER_MISC" {
				result = "其他"
			}
			if rng.Intn(5) > 0 {
				tr.closed = tr.received + calendar.Date(rng.Intn(60))
				closed = tr.closed.String()
			} else {
				tr.result, result = "", ""
			}
			number, reason, remark := fmt.Sprintf("2025-%03d", i), "", ""
			switch rng.Intn(6) {
			case 0:
				number += " " + phone
			case 1:
				number += name
			case 2:
				reason = "已电话告知" + name + phone
			case 3:
				remark = name + "身份证" + id + "电话" + phone[:3] + "-" + phone[3:7] + "-" + phone[7:]
				p.keep(phone[:3] + "-" + phone[3:7] + "-" + phone[7:])
			case 4:
				number = id
			}
			kind := kindTexts[tr.kind]
			rows = append(rows, []string{number, name, kind[rng.Intn(len(kind))], id, phone, p.street(), tr.received.Chinese(),
				"请公开" + name + "(" + phone + ")的宅基地审批,地址" + p.street(), closed, result, reason, remark, p.name()})
			truths = append(truths, tr)
		}
		// Rows that cannot be read, private texts in the wrong columns.
		rows = append(rows, []string{"9998", p.phone(), p.name(), p.id(), p.name(), "", "2025年3月5日", "", p.name(), p.name() + "来电" + p.phone(), p.name(), "", ""},
			[]string{p.name(), "", "", "", "", "", p.phone(), "", "", "不予公开:" + p.name(), "", "", ""})
		doc := gridOf(rows...)
		// The sheet's name is among the names of the staff, as it is in practice.
		doc.Blocks[0].Place = "工作表“" + rows[1][12] + "”"
		l := mustRead(t, doc, Options{Today: calendar.Day(2026, 12, 31)})
		c := l.Count()
		out, err := json.Marshal([]any{l, c, c.CellRows("T3_NEW_RECEIVED_TOT")})
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range p.all {
			if strings.Contains(string(out), secret) {
				t.Fatalf("seed %d: %q came out", seed, secret)
			}
		}
		if len(c.Undecided) != 2 {
			t.Errorf("seed %d: %d rows undecided, want the two unreadable ones: %+v", seed, len(c.Undecided), c.Undecided)
		}
		cells(t, fmt.Sprint("seed ", seed), c, expected(truths))
		report := &disclosure.Report{Unit: "甲局", Period: disclosure.Period{Year: 2025}, Form: form, Cells: c.Cells}
		for _, f := range check.Report(report, nil) {
			if strings.HasPrefix(f.Rule, "T3-") {
				t.Errorf("seed %d: %s %s", seed, f.Rule, f.Message)
			}
		}
		for code, cell := range c.Cells {
			if int64(len(c.CellRows(code))) != cell.Value.IntPart() {
				t.Errorf("seed %d: %s = %s opens %d rows", seed, code, cell.Value, len(c.CellRows(code)))
			}
		}
	}
}

// expected counts the truth in its own way.
func expected(truths []truth) map[string]int64 {
	out := map[string]int64{}
	first, last := calendar.Day(2025, 1, 1), calendar.Day(2025, 12, 31)
	for _, tr := range truths {
		if tr.received > last || tr.closed != 0 && tr.closed < first {
			continue
		}
		count := func(row string) {
			out["T3_"+row+"_"+tr.kind]++
			out["T3_"+row+"_TOT"]++
		}
		if tr.received >= first {
			count("NEW_RECEIVED")
		} else {
			count("CARRIED_IN")
		}
		if tr.closed == 0 || tr.closed > last {
			count("CARRIED_OUT")
		} else {
			count(tr.result)
			count("RESULT_TOTAL")
		}
	}
	return out
}

func TestMask(t *testing.T) {
	m := newMask([]string{"欧阳珏", "司马 翊、诸葛煜", "甲乙建设有限公司", "公民", "公开"})
	for text, want := range map[string]string{
		"依申请〔2025〕3号":          "依申请〔2025〕3号",
		"2025-0312-0001":       "2025-0312-0001",
		"YS20250012":           "YS20250012",
		"202503120001":         "202503120001",
		"001234":               "001234",
		"欧阳珏1号":                hidden + "1号",
		"司马翊":                  hidden,
		"司马 翊":                 hidden,
		"诸葛煜等":                 hidden + "等",
		"13912345678":          hidden,
		"139-1234-5678":        hidden,
		"１３９１２３４５６７８":          hidden,
		"+86 139 1234 5678":    hidden,
		"2025 13912345678":     hidden,
		"36010219700101123X":   hidden,
		"360102700101123":      hidden,
		"0791-88888888":        hidden,
		"88888888":             hidden,
		"E12345678":            hidden,
		"a.b@c.cn":             hidden,
		"91360100MA35ABCD1X":   hidden,
		"公民公开":                 "公民公开",
		"甲乙建设有限公司2025-1":       hidden + "2025-1",
		"登记20250312第0001":      "登记20250312第0001",
		"13912345678的申请2025-1": hidden + "的申请2025-1",
	} {
		if got := m.text(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	if got := m.number("没有数字"); got != "" {
		t.Errorf("a number without digits: %q", got)
	}
}

// FuzzRead reads ledgers made of fragments: no panic, only sound counts.
func FuzzRead(f *testing.F) {
	texts := []string{"", "", "序号", "登记编号", "申请人", "申请人类型", "联系电话", "收到日期", "申请内容", "答复日期", "办理结果", "理由", "是否延期", "补正日期",
		"公民", "企业", "法人", "其他", "自然人", "商业企业", "√", "1", "2", "2025-03-05", "2024.12.20", "3月5日", "45721", "20250110", "2025年13月1日", "公开", "不予公开",
		"部分公开", "信息不存在", "信访", "办理中", "合计", "备注:无", "欧阳珏", "13912345678", "36010219700101123X", "/", "办理情况", "时间", "类型", "\n", "((", "公开公开公开"}
	f.Add([]byte("seed"), uint8(7))
	plain := []byte{5, 7, 9, 10}
	for i := range 60 {
		plain = append(plain, []byte{14, 23, 27, 29}[i%4])
	}
	f.Add(plain, uint8(4))
	f.Fuzz(func(t *testing.T, data []byte, columns uint8) {
		if len(data) > 1<<12 {
			return
		}
		doc := gridOf()
		g := doc.Blocks[0].Grid
		g.Cols = 1 + int(columns%16)
		for i, b := range data {
			text := texts[int(b)%len(texts)]
			if text != "" {
				g.Cells = append(g.Cells, document.Cell{Row: i / g.Cols, Col: i % g.Cols, RowSpan: 1 + int(b)/128, ColSpan: 1 + int(b)/len(texts)/3, Text: text})
			}
		}
		g.Rows = len(data)/g.Cols + 1
		l, err := Read(doc, Options{Year: 2025, Today: on(2026, 1, 15)})
		if err != nil {
			if disclosure.CodeOf(err) != disclosure.ErrInvalid {
				t.Fatalf("error %v", err)
			}
			return
		}
		c := l.Count()
		if len(c.Rows)+len(c.Undecided)+len(c.Outside)+len(c.Skipped) != len(l.Rows) {
			t.Fatal("a row is lost")
		}
		value := func(row string) int64 { return c.Cells[disclosure.Code("T3_"+row+"_TOT")].Value.IntPart() }
		if value(rowNew)+value(rowCarriedIn) != value(rowTotal)+value(rowCarriedOut) || value(rowNew)+value(rowCarriedIn) != int64(len(c.Rows)) {
			t.Fatal("the sums do not hold")
		}
		out, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"13912345678", "36010219700101123X"} {
			if strings.Contains(string(out), secret) {
				t.Fatalf("%s came out", secret)
			}
		}
	})
}
