package issue

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

var q3 = disclosure.Period{Year: 2026, Quarter: 3}

// grid makes a table of rows written as cells divided by "|"; "^" continues the
// cell above, "<" the one to the left.
func grid(name string, rows ...string) *document.Grid {
	g := &document.Grid{Name: name, Rows: len(rows)}
	at := map[[2]int]int{}
	for r, line := range rows {
		for c, text := range strings.Split(line, "|") {
			g.Cols = max(g.Cols, c+1)
			text = strings.ReplaceAll(text, "\\n", "\n")
			switch i, up := at[[2]int{r - 1, c}]; {
			case text == "^" && up:
				g.Cells[i].RowSpan = r - g.Cells[i].Row + 1
				at[[2]int{r, c}] = i
			case text == "<":
				i := at[[2]int{r, c - 1}]
				g.Cells[i].ColSpan = c - g.Cells[i].Col + 1
				at[[2]int{r, c}] = i
			default:
				at[[2]int{r, c}] = len(g.Cells)
				g.Cells = append(g.Cells, document.Cell{Row: r, Col: c, RowSpan: 1, ColSpan: 1, Text: text})
			}
		}
	}
	return g
}

func doc(blocks ...any) *document.Document {
	d := &document.Document{}
	for _, b := range blocks {
		switch b := b.(type) {
		case string:
			d.Blocks = append(d.Blocks, document.Block{Text: b})
		case *document.Grid:
			d.Blocks = append(d.Blocks, document.Block{Grid: b})
		}
	}
	return d
}

// find knows two departments.
func find(name string) (disclosure.UnitNumber, string) {
	switch disclosure.NormalName(name) {
	case "区教育局", "教育局":
		return 2, ""
	case "区财政局":
		return 3, ""
	case "管委会":
		return 0, "“管委会”对应多个单位,请写全称。"
	}
	return 0, ""
}

func TestPublishedListsAreRead(t *testing.T) {
	r, err := Read(doc(grid("区测",
		"2026年第三季度政务公开问题清单|<|<|<|<|<|<|<",
		"序号|测评指标|<|指标分值|扣分|失分原因/问题明细|责任单位|整改时限",
		"^|一级指标|二级指标|^|^|^|^|^",
		"1|主动公开|会议公开|3|扣0.5分|未公开常务会议解读,见https://a.example/hy/1.html。|区教育局|2026年10月15日17:00前",
		"2|^|^|^|0.2×2|会议议题缺少公众参与|区财政局、区教育局|10月20日前",
		"3|平台|栏目更新|5|1|通知公告栏目超过6个月未更新|管委会|尽快",
		"4||栏目更新|5|不适用|通知公告栏目空白|某某局|/",
		"合计|||||||")), Mapping{}, q3)
	if err != nil {
		t.Fatal(err)
	}
	r.Resolve(find)
	if len(r.Rows) != 4 {
		t.Fatalf("%d rows: %+v", len(r.Rows), r.Rows)
	}
	a, b, c, d := r.Rows[0], r.Rows[1], r.Rows[2], r.Rows[3]
	if a.Indicator1 != "主动公开" || a.Indicator2 != "会议公开" || a.Points.Decimal.String() != "3" || a.Deduction.Decimal.String() != "0.5" ||
		a.Unit != 2 || a.Due.String() != "2026-10-15 17:00" || len(a.Evidence) != 1 || a.Evidence[0].Address != "https://a.example/hy/1.html" || len(a.Problems) != 0 {
		t.Errorf("first %+v", a)
	}
	if b.Indicator2 != "会议公开" || b.Deduction.Decimal.String() != "0.4" || b.Unit != 3 || !slices.Equal(b.Helpers, []disclosure.UnitNumber{2}) || b.Due.String() != "2026-10-20" {
		t.Errorf("second %+v", b)
	}
	if c.Category != "更新不及时" || c.Unit != 0 || !c.Due.IsZero() || len(c.Problems) != 2 {
		t.Errorf("third %+v", c)
	}
	if d.Deduction.Valid || len(d.Problems) != 2 || d.Indicator1 != "平台" {
		t.Errorf("fourth %+v", d)
	}
	if a.Place != "工作表“区测”第4行" || !r.Mapping.Certain() {
		t.Errorf("place %s, mapping %+v", a.Place, r.Mapping)
	}
}

func TestListsInWordUnderHeadings(t *testing.T) {
	r, err := Read(doc("(一)区教育局问题清单:", grid("", "序号|存在问题|扣分", "1|政策解读缺少图解|0.5"),
		"(二)区财政局", grid("", "序号|存在问题|扣分", "1|预算公开不完整|1", "2||1")), Mapping{}, q3)
	if err != nil {
		t.Fatal(err)
	}
	r.Resolve(find)
	if len(r.Rows) != 2 || r.Rows[0].Unit != 2 || r.Rows[1].Unit != 3 || r.Rows[0].ID == r.Rows[1].ID {
		t.Errorf("%+v", r.Rows)
	}
	if len(r.Problems) != 1 || len(r.Mapping.Heads) != 1 || len(r.Mapping.Heads[0].Places) != 2 {
		t.Errorf("problems %v, mapping %+v", r.Problems, r.Mapping)
	}
}

func TestMonitoringResults(t *testing.T) {
	r, err := Read(doc(grid("", "网站名称|主办单位|栏目名称|最后更新时间|未更新天数|链接", "区政府网|区教育局|通知公告|2025-11-02|240|https://a.example/tzgg/"),
		grid("", "主办单位|错敏词|建议修改|页面地址", "区财政局|帐户|账户|https://a.example/2.html"),
		grid("", "主办单位|问题类型|失效链接|标题", "区财政局|死链|https://a.example/3.html|办事指南"),
		grid("", "主办单位|问题类型|链接|问题描述", "区教育局|隐私泄露|无|公示名单含身份证号")), Mapping{}, q3)
	if err != nil {
		t.Fatal(err)
	}
	r.Resolve(find)
	want := []Category{"更新不及时", "错敏字", "链接失效", "隐私泄露"}
	for k, row := range r.Rows {
		if row.Unit == 0 || row.Facts == "" || k < 3 && len(row.Evidence) != 1 {
			t.Errorf("row %d: %+v", k, row)
		}
		if row.Category != want[k] {
			t.Errorf("row %d is %s (%s), want %s", k, row.Category, row.Facts, want[k])
		}
	}
	if len(r.Rows) != 4 || !r.Monitor {
		t.Errorf("%d rows, monitor %t", len(r.Rows), r.Monitor)
	}
}

func TestFactsMergedOverUnits(t *testing.T) {
	r, err := Read(doc(grid("", "问题明细|责任单位|扣分", "均未公开年度培训计划|区教育局|0.5", "^|区财政局|^")), Mapping{}, q3)
	if err != nil || len(r.Rows) != 2 || r.Rows[0].Facts != r.Rows[1].Facts || !r.Rows[1].Deduction.Valid {
		t.Errorf("%v: %+v", err, r)
	}
}

func TestMappingsAreEditedAndRemembered(t *testing.T) {
	d := doc(grid("", "问题|怪列|责任单位", "栏目空白|2026-10-15|区教育局"))
	m, err := Propose(d)
	if err != nil || m.Certain() || m.Heads[0].Columns[1].Role != RoleIgnore {
		t.Fatalf("%v: %+v", err, m)
	}
	data, _ := json.Marshal(m)
	m, err = ParseMapping(data)
	if err != nil {
		t.Fatal(err)
	}
	m.Heads[0].Columns[1].Role = RoleDue
	fresh, _ := Propose(d)
	again, all := fresh.Remember(func(print string) (Head, bool) { h := m.head(print); return *h, h != nil })
	r, err := Read(d, again, q3)
	if err != nil || !all || !again.Certain() || r.Rows[0].Due.String() != "2026-10-15" {
		t.Errorf("%v: %+v", err, r)
	}
	for name, spoil := range map[string]func(*Head){
		"no facts":       func(h *Head) { h.Columns[0].Role = RoleIgnore },
		"two units":      func(h *Head) { h.Columns[1].Role = RoleUnit },
		"unknown role":   func(h *Head) { h.Columns[1].Role = "x" },
		"no fingerprint": func(h *Head) { h.Fingerprint = "" },
		"column twice":   func(h *Head) { h.Columns[1].Column = 0 },
	} {
		bad, _ := ParseMapping(data)
		spoil(&bad.Heads[0])
		if _, err := Read(d, bad, q3); disclosure.CodeOf(err) != disclosure.ErrInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Propose(doc("没有表", grid("", "a|b", "1|2"))); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("a document without a list: %v", err)
	}
}

func TestDuplicates(t *testing.T) {
	r, err := Read(doc(grid("", "二级指标|问题明细|责任单位|链接",
		"更新|通知公告栏目超过6个月未更新|区教育局|",
		"更新|通知公告栏目,超过6个月未更新。|教育局|",
		"更新|通知公告栏目超过8个月未更新|区教育局|",
		"更新|通知公告栏目超过6个月未更新|区财政局|",
		"链接|页面无法打开|区教育局|https://a.example/1",
		"链接|页面无法打开了|区教育局|https://a.example/2",
		"会议|已在案的问题明细若干字|区财政局|")), Mapping{}, q3)
	if err != nil {
		t.Fatal(err)
	}
	r.Resolve(find)
	held := Content{Unit: 3, Indicator2: "会议", Facts: "已在案的问题明细,若干字"}
	r.MarkDuplicates([]Known{{ID: "x", Number: "2026Q3-007", Content: &held, Print: PrintOf(held.Facts)}})
	for k, want := range []bool{false, true, false, false, false, false, true} {
		if got := r.Rows[k].Twin != nil; got != want {
			t.Errorf("row %d duplicate: %t", k, got)
		}
	}
	if twin := r.Rows[6].Twin; twin != nil && twin.Number != "2026Q3-007" {
		t.Errorf("twin %+v", twin)
	}
}

func TestMarksAndDueTimes(t *testing.T) {
	for text, want := range map[string]string{"0.5": "0.5", "-0.5": "0.5", "扣0.5分": "0.5", "0.2×3": "0.6", "0.2*3=0.6": "0.6", "０．５分": "0.5", "扣分:1": "1", "2分": "2",
		"": "none", "/": "none", "—": "none", "无": "none", "0": "0", "若干": "?", "1和2": "?", "5000": "?", "0.12345": "?", "50%": "?"} {
		v, problem := ParseMark(text)
		got := v.Decimal.String()
		if problem != "" {
			got = "?"
		} else if !v.Valid {
			got = "none"
		}
		if got != want {
			t.Errorf("%q is %s (%s), want %s", text, got, problem, want)
		}
	}
	for text, want := range map[string]string{"2026-10-15": "2026-10-15", "2026/10/15 00:00:00": "2026-10-15", "2026.10.15": "2026-10-15", "2026年10月15日前": "2026-10-15", "10月15日": "2026-10-15",
		"1月10日前": "2027-01-10", "20261015": "2026-10-15", "46310": "2026-10-15", "2026年10月15日17时前": "2026-10-15 17:00", "10月15日17:30前完成": "2026-10-15 17:30", "10-15": "2026-10-15",
		"2026年10月15日24:00": "2026-10-15", "": "", "/": "", "立即": "?", "2026-02-30": "?", "2026-10-15 25:00": "?", "10月": "?", "2026年10月15日(星期四)": "2026-10-15"} {
		m, problem := ParseDue(text, q3)
		got := m.String()
		if problem != "" {
			got = "?"
		}
		if got != want {
			t.Errorf("%q is %s (%s), want %s", text, got, problem, want)
		}
	}
}

// A table of marks is no list of issues, whatever its columns are called.
func TestReadRefusesTableOfMarks(t *testing.T) {
	if r, err := Read(doc(grid("", "序号|单位|得分|应得分|扣分", "1|区财政局|38.5|40|1.5", "2|区教育局|缺考|40|0")), Mapping{}, q3); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("%v, %v", r, err)
	}
}

// Evaluators write 被测单位, leave 区 off, and copy links without http://.
func TestReadAsEvaluatorsWrite(t *testing.T) {
	r, err := Read(doc(grid("", "被测单位|问题明细|扣分|链接", "财政局、教育局|预算没有公开|0.5|www.example.gov.cn/cz/5", "某某局|机构职能空白|0.5|见附件")), Mapping{}, q3)
	if err != nil {
		t.Fatal(err)
	}
	r.Resolve(find)
	first, second := r.Rows[0], r.Rows[1]
	finance, _ := find("区财政局")
	education, _ := find("区教育局")
	if first.Unit != finance || finance == 0 || !slices.Equal(first.Helpers, []disclosure.UnitNumber{education}) {
		t.Errorf("unit %d, helpers %v, want %d and %d", first.Unit, first.Helpers, finance, education)
	}
	if len(first.Evidence) != 1 || first.Evidence[0].Address != "http://www.example.gov.cn/cz/5" {
		t.Errorf("evidence %+v", first.Evidence)
	}
	if !strings.Contains(strings.Join(first.Problems, ""), "按“区财政局”读入") {
		t.Errorf("the longer name is not told: %q", first.Problems)
	}
	if second.Unit != 0 || len(second.Evidence) != 0 || len(second.Problems) != 2 {
		t.Errorf("%d %v %q", second.Unit, second.Evidence, second.Problems)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("问题明细|责任单位|扣分|整改时限\n栏目空白|区教育局|0.5|10月15日前\n^|区财政局|^|46310")
	f.Add("网站|栏目|最后更新时间\na|b|c\n|<|^")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 5000 {
			return
		}
		rows := strings.Split(text, "\n")
		if strings.HasPrefix(rows[0], "<") {
			return
		}
		for k, r := range rows {
			rows[k] = strings.TrimPrefix(r, "<") // no cell to the left
		}
		r, err := Read(doc(grid("", rows...)), Mapping{}, q3)
		if err != nil {
			if disclosure.CodeOf(err) != disclosure.ErrInvalid {
				t.Fatal(err)
			}
			return
		}
		r.Resolve(find)
		r.MarkDuplicates(nil)
		for _, row := range r.Rows {
			if row.Facts == "" || row.ID == "" || row.Content.Check() != nil {
				t.Errorf("%+v: %v", row, row.Content.Check())
			}
		}
	})
}

func FuzzValues(f *testing.F) {
	for _, s := range []string{"0.5", "扣0.2×3=0.6分", "2026年10月15日17:00前", "10月15日", "46310"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if v, _ := ParseMark(text); v.Valid && v.Decimal.IsNegative() {
			t.Errorf("%q is negative", text)
		}
		m, problem := ParseDue(text, q3)
		if problem == "" && !m.IsZero() && m.End().IsZero() {
			t.Errorf("%q: %v", text, m)
		}
	})
}
