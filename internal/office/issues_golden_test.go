package office

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	docx "mingjing/internal/bulletin/word"
	"mingjing/internal/issue"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

var update = flag.Bool("update", false, "write the goldens anew")

// sheetOf is a workbook of one sheet; cells merged are given as "A1:C1".
func sheetOf(t *testing.T, name string, merged []string, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", name); err != nil {
		t.Fatal(err)
	}
	addRows(t, f, name, rows)
	for _, m := range merged {
		from, to, _ := strings.Cut(m, ":")
		if err := f.MergeCell(name, from, to); err != nil {
			t.Fatal(err)
		}
	}
	return bytesOf(t, f)
}

func addRows(t *testing.T, f *excelize.File, sheet string, rows [][]any) {
	t.Helper()
	for r, row := range rows {
		if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", r+1), &row); err != nil {
			t.Fatal(err)
		}
	}
}

func bytesOf(t *testing.T, f *excelize.File) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// row makes a Word row of texts; "a>3" covers three columns, "a^2" two rows.
func wordRow(texts ...string) docx.Row {
	var out docx.Row
	for _, text := range texts {
		c := docx.Cell{Text: text}
		if i := strings.LastIndexAny(text, ">^"); i > 0 && i == len(text)-2 {
			n := int(text[i+1] - '0')
			c.Text = text[:i]
			if text[i] == '>' {
				c.Across = n
			} else {
				c.Down = n
			}
		}
		out.Cells = append(out.Cells, c)
	}
	return out
}

// docxOf is a Word file of paragraphs and tables.
func docxOf(t *testing.T, blocks ...any) []byte {
	t.Helper()
	d := docx.New(docx.Official())
	for _, b := range blocks {
		switch b := b.(type) {
		case string:
			d.Body(b)
		case []docx.Row:
			widths := 0
			for _, c := range b[0].Cells {
				widths += max(1, c.Across)
			}
			table := docx.Table{Rows: b}
			for range widths {
				table.Widths = append(table.Widths, 150/float64(widths))
			}
			d.Table(table)
		}
	}
	data, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// What files of many shapes are read as, kept beside the test: run with -update
// after a change and look at the difference.
func TestListsAsTheyComeAreReadAsTheGoldensSay(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	o.readers = direct{}
	gbk, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte("网站名称,主办单位,栏目名称,最后更新时间,未更新天数,链接\r\n区政府网,示例单位2,通知公告,2025-11-02,120,https://www.example.gov.cn/tzgg/\r\n区政府网,没有的局,政策文件,2025-06-01,270,www.example\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	both := excelize.NewFile()
	defer both.Close()
	if err := both.SetSheetName("Sheet1", "问题清单"); err != nil {
		t.Fatal(err)
	}
	addRows(t, both, "问题清单", [][]any{{"一级指标", "二级指标", "指标分值", "扣分", "失分原因", "责任单位", "整改时限"},
		{"主动公开", "会议公开", 3, 0.5, "未公开会议解读", "示例单位2", "2026-03-25"}, {"平台", "栏目更新", 5, 1, "通知公告栏目超过6个月未更新", "示例单位3", "尽快"}})
	if _, err := both.NewSheet("得分表"); err != nil {
		t.Fatal(err)
	}
	addRows(t, both, "得分表", [][]any{{"单位", "会议公开(3分)", "栏目更新(5分)", "总分"}, {"示例单位2", 2.5, "不涉及", 2.5}, {"示例单位3", 3, 3.5, 6.5}, {"没有的局", 3, 6, 9}, {"合计", 8.5, 9.5, 18}})
	for name, data := range map[string][]byte{
		"清单-合并单元格.xlsx": sheetOf(t, "区测", []string{"A1:H1", "B2:C2", "A2:A3", "D2:D3", "E2:E3", "F2:F3", "G2:G3", "H2:H3", "B4:B5", "C4:C5"},
			[]any{"2026年第一季度政务公开问题清单"}, []any{"序号", "测评指标", "", "指标分值", "扣分", "失分原因/问题明细", "责任单位", "整改时限"}, []any{"", "一级指标", "二级指标"},
			[]any{1, "主动公开", "会议公开", 3, "扣0.5分", "未公开常务会议解读,见https://www.example.gov.cn/hy/1.html。", "示例单位2", "2026年3月25日17:00前"},
			[]any{2, "", "", 3, "0.2×2", "会议议题缺少公众参与", "示例单位3、示例单位2", "3月30日前"}, []any{3, "平台", "栏目更新", 5, "若干", "通知公告栏目空白", "示例单位", "/"},
			[]any{"合计", "", "", "", 0.9, "", "", ""}),
		"清单和得分表.xlsx": bytesOf(t, both),
		"错敏字.xlsx":    sheetOf(t, "错敏字", nil, []any{"主办单位", "错敏词", "建议修改", "页面地址"}, []any{"示例单位3", "帐户", "账户", "https://www.example.gov.cn/2.html"}),
		"死链和泄露.csv":   []byte("主办单位,问题类型,链接,问题描述\n示例单位2,死链,https://www.example.gov.cn/3.html,办事指南的表格下载打不开\n示例单位2,隐私泄露,无,公示名单含身份证号\n"),
		"栏目未更新.csv":   gbk,
		"一张表.docx": docxOf(t, "2026年第一季度政务公开问题清单", []docx.Row{wordRow("序号", "一级指标", "二级指标", "扣分", "失分原因", "责任单位", "整改时限"),
			wordRow("1", "主动公开^2", "会议公开", "0.5", "未公开会议解读", "示例单位2", "3月25日"), wordRow("2", "规划公开", "1", "未公开规划文本", "示例单位3", "3月25日")}),
		"两层表头.docx": docxOf(t, []docx.Row{wordRow("序号^2", "测评指标>2", "扣分^2", "问题明细^2", "责任单位^2"), wordRow("一级指标", "二级指标"),
			wordRow("1", "平台", "栏目更新", "1", "通知公告栏目未更新", "示例单位2")}),
		"表内标题.docx":  docxOf(t, []docx.Row{wordRow("示例单位2政务公开存在问题>3"), wordRow("序号", "存在问题", "扣分"), wordRow("1", "政策解读缺少图解", "0.5"), wordRow("2", "预算公开不完整", "1")}),
		"按单位分表.docx": docxOf(t, "(一)示例单位2问题清单:", []docx.Row{wordRow("序号", "存在问题", "扣分"), wordRow("1", "政策解读缺少图解", "0.5")}, "(二)示例单位3", []docx.Row{wordRow("序号", "存在问题", "扣分"), wordRow("1", "预算公开不完整", "1"), wordRow("2", "", "1")}),
		"重复表头.docx":  docxOf(t, []docx.Row{wordRow("问题明细", "责任单位", "整改时限"), wordRow("链接失效", "示例单位2", "2026-03-25"), wordRow("问题明细", "责任单位", "整改时限"), wordRow("栏目空白", "示例单位3", "2026-03-25")}),
		"一问题一表.docx": docxOf(t, "问题交办单", []docx.Row{wordRow("责任单位", "示例单位2"), wordRow("测评指标", "栏目更新"), wordRow("问题明细", "通知公告栏目未更新"), wordRow("扣分", "1"), wordRow("整改时限", "2026-03-25")},
			[]docx.Row{wordRow("责任单位", "示例单位3"), wordRow("测评指标", "会议公开"), wordRow("问题明细", "未公开会议解读"), wordRow("扣分", "0.5"), wordRow("整改时限", "3月25日")}),
		"陌生表头.xlsx": sheetOf(t, "Sheet", nil, []any{"负责部门", "责任单位", "现象", "扣分"}, []any{"甲科", "示例单位2", "通知公告栏目连续三个月没有新内容", 1}),
	} {
		t.Run(name, func(t *testing.T) {
			p, err := o.PreviewIssues(ctx, o.supervisor, IssueSource{Name: name, Data: data}, IssueImportOptions{List: o.list.ID})
			if err != nil {
				t.Fatal(err)
			}
			got := goldenOf(t, p)
			path := filepath.Join("testdata", "lists", name+".json")
			if *update {
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("read as\n%s", got)
			}
		})
	}
}

// goldenOf writes what matters of a preview: short, and the same each time.
func goldenOf(t *testing.T, p *IssuePreview) []byte {
	t.Helper()
	type row struct {
		Place, Unit, Facts, Category, Indicators, Marks, Due string
		Links                                                []string `json:",omitempty"`
		Problems                                             []string `json:",omitempty"`
	}
	var out struct {
		Asked       bool
		Columns     []string
		Rows        []row
		Problems    []string `json:",omitempty"`
		Scores      []string `json:",omitempty"`
		ScoreDoubts []string `json:",omitempty"`
		Differences []string `json:",omitempty"`
	}
	out.Asked, out.Problems = p.Asked, p.Problems
	for _, h := range p.Mapping.Heads {
		for _, c := range h.Columns {
			out.Columns = append(out.Columns, fmt.Sprintf("%s → %s (%.1f)", c.Header, issue.RoleNames[c.Role], c.Confidence))
		}
	}
	for _, r := range p.Rows {
		line := row{Place: r.Place, Unit: fmt.Sprintf("%d %s", r.Unit, r.UnitText), Facts: r.Facts, Category: string(r.Category), Indicators: r.Indicator1 + "/" + r.Indicator2, Due: r.Due.String(), Problems: r.Problems}
		line.Marks = r.Points.Decimal.String() + "/" + r.Deduction.Decimal.String()
		for _, e := range r.Evidence {
			line.Links = append(line.Links, e.Address)
		}
		for _, n := range r.Helpers {
			line.Unit += fmt.Sprintf(" +%d", n)
		}
		out.Rows = append(out.Rows, line)
	}
	if p.Scores != nil {
		for _, u := range p.Scores.Units {
			line := fmt.Sprintf("%d %s:", u.Unit, u.UnitText)
			for _, m := range u.Marks {
				line += " " + issue.MarkText(m)
			}
			out.Scores = append(out.Scores, line)
		}
		out.ScoreDoubts = p.Scores.Problems
	}
	for _, d := range p.Differences {
		out.Differences = append(out.Differences, d.Message)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(out); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
