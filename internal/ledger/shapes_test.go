package ledger

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
	"mingjing/internal/intake/reader"
)

// The shapes in which offices keep their ledgers; in each the same six
// applications of 2025 stand.
func TestShapes(t *testing.T) {
	want := table("NEW_RECEIVED_NP", "NEW_RECEIVED_NP", "NEW_RECEIVED_BIZ", "NEW_RECEIVED_LAW", "CARRIED_IN_NP", "NEW_RECEIVED_NP",
		"GRANTED_NP", "UNAVAIL_NOT_HELD_NP", "DENY_THIRD_PARTY_BIZ", "PARTIAL_LAW", "REJECT_PETITION_NP", "CARRIED_OUT_NP")
	for _, shape := range []struct {
		name string
		doc  *document.Document
	}{
		{"one line of heads", oneLine(t)},
		{"title, two lines of merged heads, totals and notes", twoLines(t)},
		{"a sheet a month, dates as WPS writes them", monthly(t)},
		{"marks in a column for each kind and result", marks(t)},
		{"table 三 laid sideways, a column a cell", wholeForm(t)},
		{"CSV with heads in two lines that are not merged", csv(t)},
		{"a Word table over two pages", pages()},
		{"applications over two merged rows", foldedRows(t)},
	} {
		l, err := Read(shape.doc, Options{Year: 2025, Today: on(2026, 1, 15)})
		if err != nil {
			t.Errorf("%s: %v", shape.name, err)
			continue
		}
		c := l.Count()
		for _, r := range c.Undecided {
			t.Errorf("%s: %s is undecided: %+v", shape.name, r.Place, r.Problems)
		}
		if len(c.Outside) != 1 {
			t.Errorf("%s: %d rows outside, want the one of 2024", shape.name, len(c.Outside))
		}
		cells(t, shape.name, c, want)
		if rows := c.CellRows("T3_GRANTED_NP"); len(rows) != 1 || rows[0].Place == "" || rows[0].Received != on(2025, 3, 5) {
			t.Errorf("%s: behind 予以公开 stand %+v", shape.name, rows)
		}
	}
}

func oneLine(t *testing.T) *document.Document {
	return workbook(t, func(f *excelize.File) {
		write(t, f, "Sheet1", 1,
			[]any{"序号", "登记编号", "申请人", "申请人类型", "证件号码", "联系电话", "收到日期", "申请内容", "答复期限", "答复日期", "办理结果", "备注"},
			[]any{1, "2025-01", "张三", "公民", "110101199003077777", "13800000001", "2025-03-05", "某地块征收文件", "2025-04-02", "2025-03-20", "予以公开", nil},
			[]any{2, "2025-02", "李四", "自然人", nil, nil, "2025/4/1", "会议纪要", nil, "2025/4/20", "信息不存在", nil},
			[]any{3, "2025-03", "某某建设有限公司", "企业", nil, nil, "2025.5.6", "合同", nil, "2025.5.30", "不予公开(涉及商业秘密)", nil},
			[]any{4, "2025-04", "某某律师事务所", "法律服务机构", nil, nil, "2025年6月3日", "台账", nil, "2025年6月20日", "部分公开(其余涉及个人隐私)", nil},
			[]any{5, "2024-88", "王五", "个人", nil, nil, "20241220", "投诉处理", nil, "20250110", "信访举报投诉类申请", nil},
			[]any{6, "2025-05", "赵六", "公民", nil, nil, 46016, "规划图", nil, nil, "办理中", nil},
			[]any{7, "2024-02", "钱七", "公民", nil, nil, "2024-03-01", "旧件", nil, "2024-03-20", "予以公开", nil},
		)
	})
}

func twoLines(t *testing.T) *document.Document {
	return workbook(t, func(f *excelize.File) {
		write(t, f, "Sheet1", 1,
			[]any{"青山区某局2025年度依申请公开工作台账"},
			[]any{"填报单位:青山区某局", nil, nil, nil, nil, "填表人:孙八", nil, nil, "联系电话:0791-88888888"},
			[]any{"序号", "申请人信息", nil, nil, "申请情况", nil, "办理情况", nil, nil},
			[]any{nil, "姓名/名称", "类型", "联系方式", "时间", "申请内容", "时间", "结果", "理由"},
			[]any{1, "张三", "公民", "13800000001", sheetDay(2025, 3, 5), "文件", sheetDay(2025, 3, 20), "公开", nil},
			[]any{2, "李四", "公民", nil, sheetDay(2025, 4, 1), "文件", sheetDay(2025, 4, 20), "无法提供", "本机关不掌握"},
			[]any{3, "某某建设有限公司", "商业企业", nil, sheetDay(2025, 5, 6), "文件", sheetDay(2025, 5, 30), "不予公开", "保护第三方合法权益"},
			[]any{4, "某某律师事务所", "律师事务所", nil, sheetDay(2025, 6, 3), "文件", sheetDay(2025, 6, 20), "部分公开", "个人隐私"},
			[]any{5, "王五", "公民", nil, sheetDay(2024, 12, 20), "文件", sheetDay(2025, 1, 10), "不予处理", "信访"},
			[]any{6, "赵六", "公民", nil, sheetDay(2025, 12, 25), "文件", nil, nil, nil},
			[]any{7, "钱七", "公民", nil, sheetDay(2024, 3, 1), "文件", sheetDay(2024, 3, 20), "公开", nil},
			[]any{8},
			[]any{9},
			[]any{"合计", nil, 6},
			[]any{"备注:本表每月底更新"},
		)
		// excelize shows the first day of a month as Apr-25 unless told otherwise.
		style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		if err == nil {
			err = f.SetCellStyle("Sheet1", "E5", "G11", style)
		}
		if err != nil {
			t.Fatal(err)
		}
		merge(t, f, "Sheet1", "A1", "I1", "A3", "A4", "B3", "D3", "E3", "F3", "G3", "I3", "A15", "I15")
	})
}

func monthly(t *testing.T) *document.Document {
	return workbook(t, func(f *excelize.File) {
		heads := []any{"序号", "申请人性质", "姓名", "申请时间", "办结时间", "答复类型"}
		chinese := `yyyy"年"m"月"d"日";@`
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &chinese})
		if err != nil {
			t.Fatal(err)
		}
		for i, month := range []struct {
			name string
			rows [][]any
		}{
			{"3月", [][]any{{1, "公民", "张三", 45721, 45736, "予以公开"}}}, // 2025-03-05, 2025-03-20
			{"4月", [][]any{{1, "公民", "李四", "2025年4月1日", "2025年4月20日", "本机关不掌握相关政府信息"}}},
			{"5月", [][]any{{1, "企业", "某厂", "2025.5.6", "2025.5.30", "(三)不予公开-4.保护第三方合法权益"}, {2, "律所", "某所", "2025-6-3 9:30", "2025-6-20 17:05:11", "部分公开"}}},
			{"12月", [][]any{{1, "公民", "赵六", "2025.12.25", "未办结", "/"}, {2, "公民", "王五", "2024.12.20", "2025.1.10", "信访举报"}, {3, "公民", "钱七", "2024.3.1", "2024.3.20", "公开"}}},
			{"6月", nil},
		} {
			if _, err := f.NewSheet(month.name); err != nil {
				t.Fatal(err)
			}
			write(t, f, month.name, 1, []any{month.name + "依申请公开登记表"}, heads)
			write(t, f, month.name, 3, month.rows...)
			merge(t, f, month.name, "A1", "F1")
			if i == 0 {
				if err := f.SetCellStyle(month.name, "D3", "E3", style); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := f.DeleteSheet("Sheet1"); err != nil {
			t.Fatal(err)
		}
	})
}

func marks(t *testing.T) *document.Document {
	return workbook(t, func(f *excelize.File) {
		write(t, f, "Sheet1", 1,
			[]any{"序号", "申请人情况", nil, nil, nil, "收到日期", "答复日期", "办理结果", nil, nil, nil, nil},
			[]any{nil, "自然人", "商业企业", "法律服务机构", "其他", nil, nil, "予以公开", "部分公开", "保护第三方合法权益", "本机关不掌握相关政府信息", "信访举报投诉类申请"},
			[]any{1, "√", nil, nil, nil, "2025-03-05", "2025-03-20", "√"},
			[]any{2, "√", nil, nil, nil, "2025-04-01", "2025-04-20", nil, nil, nil, "√"},
			[]any{3, nil, 1, nil, nil, "2025-05-06", "2025-05-30", nil, nil, 1},
			[]any{4, nil, nil, "√", nil, "2025-06-03", "2025-06-20", nil, "√"},
			[]any{5, "√", nil, nil, nil, "2024-12-20", "2025-01-10", nil, nil, nil, nil, "√"},
			[]any{6, "√", nil, nil, nil, "2025-12-25", "2026-01-05", "√"},
			[]any{7, "√", nil, nil, nil, "2024-03-01", "2024-03-20", "√"},
			[]any{"合计", 5, 1, 1, 0, nil, nil, 3, 1, 1, 1, 1},
		)
		merge(t, f, "Sheet1", "A1", "A2", "B1", "E1", "F1", "F2", "G1", "G2", "H1", "L1")
	})
}

// wholeForm lays table 三 out sideways: every kind and every result a column,
// under heads of three lines.
func wholeForm(t *testing.T) *document.Document {
	return workbook(t, func(f *excelize.File) {
		block := table3(disclosure.Forms()[0]).Blocks[0]
		lines := [3][]any{{"登记号"}, {nil}, {nil}}
		column := map[string]int{}
		put := func(key string, texts ...any) {
			column[key] = len(lines[0])
			for i, text := range texts {
				lines[i] = append(lines[i], text)
			}
		}
		group := func(from, to int, row int) {
			a, _ := excelize.CoordinatesToCellName(from+1, row)
			b, _ := excelize.CoordinatesToCellName(to+1, row)
			merge(t, f, "Sheet1", a, b)
		}
		for _, c := range block.Columns {
			if len(c.Groups) == 0 {
				put(c.Key, "申请人情况", c.Label, nil)
			} else {
				put(c.Key, nil, c.Groups[0], c.Label)
			}
		}
		put("received", "收到时间", nil, nil)
		put("closed", "答复时间", nil, nil)
		for i, key := range resultKeys {
			for _, r := range block.Rows {
				switch {
				case r.Key != key:
				case len(r.Groups) == 1:
					put(key, []any{"本年度办理结果", nil}[min(i, 1)], r.Label, nil)
				default:
					put(key, nil, r.Groups[1], r.Label)
				}
			}
		}
		for i := range lines {
			write(t, f, "Sheet1", 1+i, lines[i])
		}
		group(column["NP"], column["TOT"], 1)
		group(column["GRANTED"], column["OTHER_MISC"], 1)
		group(column["BIZ"], column["OTH"], 2)
		for _, ends := range [][2]string{{"DENY_STATE_SECRET", "DENY_ADMIN_QUERY"}, {"UNAVAIL_NOT_HELD", "UNAVAIL_UNCLEAR"}, {"REJECT_PETITION", "REJECT_RECONFIRM"}, {"OTHER_NO_CORRECTION", "OTHER_MISC"}} {
			group(column[ends[0]], column[ends[1]], 2)
		}
		for i, r := range [][4]string{
			{"NP", "GRANTED", "2025-03-05", "2025-03-20"}, {"NP", "UNAVAIL_NOT_HELD", "2025-04-01", "2025-04-20"}, {"BIZ", "DENY_THIRD_PARTY", "2025-05-06", "2025-05-30"},
			{"LAW", "PARTIAL", "2025-06-03", "2025-06-20"}, {"NP", "REJECT_PETITION", "2024-12-20", "2025-01-10"}, {"NP", "", "2025-12-25", ""}, {"NP", "GRANTED", "2024-03-01", "2024-03-20"},
		} {
			row := make([]any, len(lines[0]))
			row[0], row[column[r[0]]], row[column["TOT"]], row[column["received"]], row[column["closed"]] = i+1, 1, 1, r[2], r[3]
			if r[1] != "" {
				row[column[r[1]]] = 1
			}
			write(t, f, "Sheet1", 4+i, row)
		}
	})
}

func csv(t *testing.T) *document.Document {
	text := strings.Join([]string{
		"编号,申请人,,收到,答复,",
		",姓名,类别,日期,日期,方式",
		"1,张三,公民,2025-03-05,2025-03-20,同意公开",
		"2,李四,公民,2025-04-01,2025-04-20,非本机关",
		"3,某公司,公司,2025-05-06,2025-05-30,个人隐私",
		"4,某所,律所,2025-06-03,2025-06-20,区分处理",
		"5,王五,公民,2024-12-20,2025-01-10,信访",
		"6,赵六,公民,2025-12-25,,",
		"7,钱七,公民,2024-03-01,2024-03-20,同意公开",
	}, "\n")
	doc, err := reader.Read(context.Background(), "台账.csv", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func pages() *document.Document {
	first := gridOf(
		[]string{"登记号", "申请人类型", "收件日期", "办结日期", "处理结果"},
		[]string{"1", "公民", "2025-03-05", "2025-03-20", "公开"},
		[]string{"2", "公民", "2025-04-01", "2025-04-20", "本机关未制作"},
		[]string{"3", "企业", "2025-05-06", "2025-05-30", "商业秘密"},
	)
	second := gridOf(
		[]string{"4", "律所", "2025-06-03", "2025-06-20", "部分公开"},
		[]string{"5", "公民", "2024-12-20", "2025-01-10", "属于信访事项,不予处理"},
		[]string{"6", "公民", "2025-12-25", "", "征求第三方意见中"},
		[]string{"7", "公民", "2024-03-01", "2024-03-20", "公开"},
	)
	return &document.Document{Format: "docx", Blocks: []document.Block{{Text: "2025年依申请公开登记表"}, first.Blocks[0], second.Blocks[0]}}
}

func foldedRows(t *testing.T) *document.Document {
	return workbook(t, func(f *excelize.File) {
		write(t, f, "Sheet1", 1, []any{"编号", "申请人类型", "申请内容", "收到日期", "答复日期", "办理结果"})
		for i, row := range [][]any{
			{"1号", "公民", "第一项", "2025-03-05", "2025-03-20", "公开"},
			{"2号", "公民", "第一项", "2025-04-01", "2025-04-20", "信息不存在"},
			{"3号", "企业", "第一项", "2025-05-06", "2025-05-30", "商业秘密"},
			{"4号", "律所", "第一项", "2025-06-03", "2025-06-20", "部分公开"},
			{"5号", "公民", "第一项", "2024-12-20", "2025-01-10", "信访"},
			{"6号", "公民", "第一项", "2025-12-25", nil, nil},
			{"7号", "公民", "第一项", "2024-03-01", "2024-03-20", "公开"},
		} {
			top := 2 + 2*i
			write(t, f, "Sheet1", top, row, []any{nil, nil, "第二项"})
			for _, c := range []string{"A", "B", "D", "E", "F"} {
				from, to := c+itoa(top), c+itoa(top+1)
				merge(t, f, "Sheet1", from, to)
			}
		}
	})
}

func itoa(n int) string { return string(rune('0'+n/10)) + string(rune('0'+n%10)) }

func TestFilesThatHoldNoLedger(t *testing.T) {
	for name, doc := range map[string]*document.Document{
		"nothing":          {},
		"prose":            {Blocks: []document.Block{{Text: "收到日期 答复日期 办理结果"}}},
		"another table":    gridOf([]string{"姓名", "年龄", "职务"}, []string{"张三", "30", "科员"}),
		"heads alone":      gridOf([]string{"申请人类型", "收到日期", "答复日期", "办理结果"}),
		"no day of answer": gridOf([]string{"申请人类型", "收到日期", "办理结果"}, []string{"公民", "2025-01-01", "公开"}),
	} {
		if _, err := Read(doc, Options{Year: 2025}); disclosure.CodeOf(err) != disclosure.ErrInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Read(oneLine(t), Options{Year: 2019}); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("a year of the 2019 form: %v", err)
	}
	if _, err := Read(oneLine(t), Options{}); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("no year: %v", err)
	}
}

// A city's ledger of a year is read while a person waits, and a sheet that is
// wide and long without being a ledger does not keep a worker busy.
func TestLargeLedgers(t *testing.T) {
	rows := [][]string{{"登记编号", "申请人", "申请人类型", "联系电话", "收到日期", "答复日期", "办理结果", "理由"}}
	for i := range 14_000 {
		day := on(2025, 1, 1) + calendar.Date(i%300)
		rows = append(rows, []string{"〔2025〕" + strconv.Itoa(i), "欧阳" + strconv.Itoa(i), "公民", "13912345678", day.Chinese(), (day + 9).Chinese(), "不予公开", "属于过程性信息"})
	}
	wide := make([][]string, 300)
	for r := range wide {
		for c := range 900 {
			wide[r] = append(wide[r], []string{"收到日期", "办理情况", "公民", "其他"}[(r+c)%4])
		}
	}
	started := time.Now()
	if c := mustRead(t, gridOf(rows...), Options{}).Count(); len(c.Rows) != 14_000 {
		t.Errorf("%d rows counted", len(c.Rows))
	}
	_, _ = Read(gridOf(wide...), Options{Year: 2025})
	if took := time.Since(started); took > 10*time.Second {
		t.Errorf("took %v", took)
	} else {
		t.Log(took)
	}
}

// 其他 is a kind and a result: the group over it says which.
func TestEveryMarkedColumnIsFound(t *testing.T) {
	m, err := Propose(wholeForm(t))
	if err != nil {
		t.Fatal(err)
	}
	times := map[string]int{}
	for _, c := range m.Heads[0].Columns {
		times[string(c.Role)+" "+c.Key]++
		if c.Role == RoleReceived && !slices.Equal(c.Samples, []string{"2025-03-05", "2025-04-01", "2025-05-06"}) {
			t.Errorf("samples %v", c.Samples)
		}
	}
	for _, key := range applicantKeys {
		if times[string(RoleKindMarked)+" "+key] != 1 {
			t.Errorf("%s: %d columns", key, times[string(RoleKindMarked)+" "+key])
		}
	}
	for _, key := range resultKeys {
		if times[string(RoleResultMark)+" "+key] != 1 {
			t.Errorf("%s: %d columns", key, times[string(RoleResultMark)+" "+key])
		}
	}
	if !m.Certain() {
		t.Errorf("not certain: %+v", m.Heads[0].Columns)
	}
}
