package demo

import (
	"fmt"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
)

// Fault is one planted fault, as `mingjing demo --answers` prints it.
type Fault struct {
	Unit disclosure.UnitNumber `json:"unit"`
	Name string                `json:"name"`
	Year disclosure.Year       `json:"year"`
	Kind string                `json:"kind"`
	// Codes are the cells that were changed; empty for faults of text.
	Codes []disclosure.Code `json:"codes"`
	// Rule is the rule that should find it, "" when only a look at several
	// years can.
	Rule string `json:"rule"`
	Note string `json:"note"`
}

// planted is a fault in its place. distort changes the true figures before the
// government's are added up, before and after change what one report prints.
type planted struct {
	Fault
	body, year int
	distort    func(years []figures, y int)
	before     func(p *printing)
	after      func(p *printing, r *disclosure.Report)
}

// fault is a line of the list: whom it befalls, how many years before the last
// one, and how many years of history it needs.
type fault struct {
	kind, rule string
	who        string // a department's name, or one of the words below
	back, past int
	codes      string
	note       string
	distort    func(years []figures, y int)
	before     func(p *printing)
	after      func(p *printing, r *disclosure.Report)
}

// Who a fault may befall, beside departments by name.
const (
	whoOffice     = "@办公室"
	whoSilent     = "@镇街一"
	whoSilentToo  = "@镇街二"
	whoLateStreet = "@镇街三"
)

const (
	kindSilent = "未报送"
	kindLate   = "逾期报送"
)

// The list. A fault whose cells go into next year's checks stands in the last
// year, so that one fault is found once.
var faultList = []fault{
	{kind: "收办不平", rule: "T3-R1", who: whoOffice, back: 3, codes: "T3_RESULT_TOTAL_NP T3_RESULT_TOTAL_TOT",
		note: "办理结果总计少填1件", before: add(figures{"T3_RESULT_TOTAL_NP": -1, "T3_RESULT_TOTAL_TOT": -1})},
	{kind: "结果合计不符", rule: "T3-R2", who: "生态环境分局", back: 2, codes: "T3_OTHER_MISC_NP T3_OTHER_MISC_TOT",
		note: "“其他”多填1件", before: add(figures{"T3_OTHER_MISC_NP": 1, "T3_OTHER_MISC_TOT": 1})},
	{kind: "行合计不符", rule: "T3-R3", who: "自然资源局", back: 2, codes: "T3_GRANTED_TOT",
		note: "“予以公开”行的总计多填10件", before: add(figures{"T3_GRANTED_TOT": 10})},
	{kind: "合并行与分项矛盾", rule: "T3-R2", who: printsOne, back: 0, codes: "T3_OTHER_MISC_NP",
		note: "(六)既填合并行又填分项,相差2件", after: contradictMerged},
	{kind: "表四总计为0", rule: "T4-R1", who: "住房和城乡建设局", back: 2, codes: "T4_REV_UPHELD T4_REV_CORRECTED T4_REV_TOTAL",
		note: "复议维持10件、纠正1件,总计填0", before: func(p *printing) {
			p.figures = p.figures.altered(nil)
			for code, n := range map[disclosure.Code]int64{"T4_REV_UPHELD": 10, "T4_REV_CORRECTED": 1, "T4_REV_OTHER": 0, "T4_REV_PENDING": 0, "T4_REV_TOTAL": 0} {
				p.figures[code] = n
			}
		}},
	{kind: "结转不衔接", rule: "T3-R4", who: whoOffice, back: 1, past: 1, codes: "T3_CARRIED_IN_NP T3_CARRIED_IN_TOT",
		note:   "上年结转比上年报告多1件,新收相应少1件",
		before: add(figures{"T3_CARRIED_IN_NP": 1, "T3_CARRIED_IN_TOT": 1, "T3_NEW_RECEIVED_NP": -1, "T3_NEW_RECEIVED_TOT": -1})},
	{kind: "正文与表格不一致", rule: "TXT-R1", who: "教育局", back: 1, codes: "T3_NEW_RECEIVED_TOT T3_RESULT_TOTAL_TOT",
		note: "正文收到、办结各多写36件", before: func(p *printing) {
			p.told = p.figures.altered(figures{"T3_NEW_RECEIVED_TOT": 36, "T3_RESULT_TOTAL_TOT": 36})
		}},
	{kind: "有效文件突增", rule: "T2-R1", who: mergedInto, back: 0, past: 1, codes: "T2_NORM_IN_FORCE",
		note: "现行有效件数多出306件,本年制发、废止不能解释", before: add(figures{"T2_NORM_IN_FORCE": 306})},
	{kind: "许可数量异常", who: "卫生健康局", back: 0, past: 1, codes: "T2_LICENSE_DECISIONS",
		note: "行政许可处理决定数量约为常年的17倍", before: func(p *printing) {
			p.figures = p.figures.altered(figures{"T2_LICENSE_DECISIONS": 16 * p.figures["T2_LICENSE_DECISIONS"]})
		}},
	{kind: "抄用他单位报告", rule: "CPY-R2", who: "科技局", back: 0, note: "正文照抄统计局的报告,单位名称未改", after: copyFrom("统计局")},
	{kind: "年份写错", rule: "CPY-R2", who: "民政局", back: 0, note: "总体情况中的年度写成上一年", after: func(p *printing, r *disclosure.Report) {
		replaceInPart(r, 1, r.Year().String()+"年", (r.Year()-1).String()+"年")
	}},
	{kind: "统计期限写错", rule: "CPY-R2", who: "财政局", back: 1, note: "统计期限写到12月30日", after: func(_ *printing, r *disclosure.Report) {
		replaceInPart(r, 0, "12月31日", "12月30日")
	}},
	{kind: "数据三年雷同", who: frozen, back: 0, past: 2, codes: "T3_NEW_RECEIVED_TOT T3_RESULT_TOTAL_TOT T2_LICENSE_DECISIONS",
		note: "三张表连续三年完全相同", distort: func(years []figures, y int) {
			years[y-2] = years[y-2].altered(figures{"T3_NEW_RECEIVED_NP": 3, "T3_NEW_RECEIVED_TOT": 3, "T3_GRANTED_NP": 3,
				"T3_GRANTED_TOT": 3, "T3_RESULT_TOTAL_NP": 3, "T3_RESULT_TOTAL_TOT": 3})
			years[y-1], years[y] = years[y-2], years[y-2]
		}},
	{kind: "留空未填", rule: "FMT-R3", who: leavesBlank, back: 1, codes: blankCodes("RES", "NPO", "LAW", "OTH"),
		note: "四类法人整列空白", after: func(_ *printing, r *disclosure.Report) { blank(r, "RES", "NPO", "LAW", "OTH") },
		before: func(p *printing) { p.figures = p.figures.without("RES", "NPO", "LAW", "OTH") }},
	{kind: "法人列空白而总计有数", rule: "T3-R3", who: "人力资源和社会保障局", back: 1, codes: blankCodes("BIZ"),
		note: "商业企业整列空白,总计里却含2件", after: func(_ *printing, r *disclosure.Report) { blank(r, "BIZ") },
		before: add(figures{"T3_NEW_RECEIVED_TOT": 2, "T3_GRANTED_TOT": 2, "T3_RESULT_TOTAL_TOT": 2,
			"T3_NEW_RECEIVED_BIZ": 2, "T3_GRANTED_BIZ": 2, "T3_RESULT_TOTAL_BIZ": 2})},
	{kind: "误用旧表", rule: "FMT-R1", who: "信访局", back: 2, note: "仍用2019版表单", before: func(p *printing) { p.form = disclosure.NationalForm("2019") }},
	{kind: "单元格不是数字", rule: "T2-R2", who: "交通运输局", back: 0, codes: "T2_PENALTY_DECISIONS", note: "行政处罚填成“约500件”",
		after: func(_ *printing, r *disclosure.Report) {
			r.Cells["T2_PENALTY_DECISIONS"] = disclosure.Cell{Kind: disclosure.CellUnread, Raw: "约500件", Problem: "含有“约”,不是确切的数"}
		}},
	{kind: "金额位数过多", rule: "T2-R2", who: "水务局", back: 0, codes: "T2_FEE_AMOUNT_WAN", note: "收费金额填到5位小数",
		after: func(_ *printing, r *disclosure.Report) {
			r.Cells["T2_FEE_AMOUNT_WAN"] = disclosure.ParseCell("64.31257", disclosure.ValueMoney, "万元")
		}},
	{kind: "部分无内容", rule: "FMT-R2", who: "文化旅游局", back: 0, note: "第五部分只有标题", after: func(_ *printing, r *disclosure.Report) {
		part(r, 5).Text = ""
	}},
	{kind: "序号重排", rule: "FMT-R2", who: "商务局", back: 0, note: "第五、六部分的序号写成一、二", after: func(_ *printing, r *disclosure.Report) {
		for n, digit := range map[int]string{5: "一", 6: "二"} {
			_, title, _ := strings.Cut(part(r, n).Title, "、")
			part(r, n).Title = digit + "、" + title
		}
	}},
	{kind: "未结案件消失", rule: "T4-R2", who: "退役军人事务局", back: 0, past: 1, codes: "T4_REV_TOTAL", note: "上年复议未审结2件,本年复议各项为0",
		distort: func(years []figures, y int) {
			for _, k := range []string{"UPHELD", "CORRECTED", "OTHER", "PENDING", "TOTAL"} {
				years[y-1]["T4_REV_"+disclosure.Code(k)] = 0
				years[y]["T4_REV_"+disclosure.Code(k)] = 0
			}
			years[y-1]["T4_REV_PENDING"], years[y-1]["T4_REV_TOTAL"] = 2, 2
		}},
	{kind: "口径与前后年不同", rule: "T3-R4", who: "医疗保障局", back: 1, past: 1, codes: "T3_CARRIED_IN_NP", note: "该年按“本级汇总”填报,不与上年比较",
		after: func(_ *printing, r *disclosure.Report) { r.Scope = disclosure.ScopeLevel }},
	{kind: kindLate, rule: "DUE-R1", who: "城市管理局", back: 0, note: "1月31日以后报送"},
	{kind: kindLate, rule: "DUE-R1", who: whoLateStreet, back: 0, note: "1月31日以后报送"},
	{kind: kindSilent, rule: "DUE-R1", who: whoSilent, back: 0, note: "未报送年度报告"},
	{kind: kindSilent, rule: "DUE-R1", who: whoSilentToo, back: 0, note: "未报送年度报告"},
}

// Answers lists the planted faults in the order of units and years.
func (d *District) Answers() []Fault {
	var out []Fault
	for a := range d.areas() {
		for _, p := range a.planted {
			out = append(out, p.Fault)
		}
		break // only the first district has faults
	}
	slices.SortStableFunc(out, func(a, b Fault) int {
		return int(a.Unit)*10_000 + int(a.Year) - int(b.Unit)*10_000 - int(b.Year)
	})
	return out
}

// plant puts the list into the area's units; a line whose unit or years the
// area does not have is left out.
func (a *area) plant() {
	last := len(a.years) - 1
	for _, f := range faultList {
		i, y := a.befallen(f.who), last-f.back
		if i < 0 || y-f.past < 0 || !a.bodies[i].unit.ReportsIn(a.years[y]) || !disclosure.NationalForm("2021").FitsYear(a.years[y-f.past]) {
			continue
		}
		u := a.bodies[i].unit
		p := planted{body: i, year: y, distort: f.distort, before: f.before, after: f.after,
			Fault: Fault{Unit: u.Number, Name: u.Name, Year: a.years[y], Kind: f.kind, Rule: f.rule, Note: f.note, Codes: []disclosure.Code{}}}
		for _, c := range strings.Fields(f.codes) {
			p.Codes = append(p.Codes, disclosure.Code(c))
		}
		a.planted = append(a.planted, p)
	}
}

// befallen is the index of the unit that a line of the list means, -1 for none.
func (a *area) befallen(who string) int {
	var quiet, other []int
	for i, b := range a.bodies {
		switch {
		case who == whoOffice && b.role == roleOffice, b.role == roleDepartment && b.department.name == who:
			return i
		case b.role == roleLocality && b.quiet:
			quiet = append(quiet, i)
		case b.role == roleLocality:
			other = append(other, i)
		}
	}
	for place, word := range []string{whoSilent, whoSilentToo} {
		if who == word && len(quiet) > place {
			return quiet[place]
		}
	}
	if who == whoLateStreet && len(other) > 0 {
		return other[0]
	}
	return -1
}

func (a *area) faults(i, y int) (out []planted) {
	for _, p := range a.planted {
		if p.body == i && p.year == y {
			out = append(out, p)
		}
	}
	return out
}

func (a *area) has(i, y int, kind string) bool {
	return slices.ContainsFunc(a.faults(i, y), func(p planted) bool { return p.Kind == kind })
}

// silent says whether the unit filed nothing for the year.
func (a *area) silent(i, y int) bool { return a.has(i, y, kindSilent) }

// distort changes a unit's true figures.
func (a *area) distort(i int) {
	for _, p := range a.planted {
		if p.body == i && p.distort != nil {
			p.distort(a.history[i], p.year)
		}
	}
}

func add(changes figures) func(*printing) {
	return func(p *printing) { p.figures = p.figures.altered(changes) }
}

// without moves the columns' applications to natural persons, so that blanking
// the columns loses nothing.
func (f figures) without(cols ...string) figures {
	out := f.altered(nil)
	for _, def := range disclosure.NationalForm("2021").Cells() {
		if def.Table.Key == "T3" && slices.Contains(cols, def.Column.Key) {
			out[def.Table.Code(def.Row.Key, "NP")] += out[def.Code]
			out[def.Code] = 0
		}
	}
	return out
}

func blank(r *disclosure.Report, cols ...string) {
	for _, def := range r.Form.Cells() {
		if def.Table.Key == "T3" && slices.Contains(cols, def.Column.Key) {
			r.Cells[def.Code] = disclosure.Cell{Kind: disclosure.CellBlank}
		}
	}
}

func blankCodes(cols ...string) string {
	var out []string
	for _, def := range disclosure.NationalForm("2021").Cells() {
		if def.Table.Key == "T3" && slices.Contains(cols, def.Column.Key) {
			out = append(out, string(def.Code))
		}
	}
	return strings.Join(out, " ")
}

func contradictMerged(p *printing, r *disclosure.Report) {
	for _, c := range columns {
		for _, row := range mergedRows {
			code := disclosure.Code(fmt.Sprintf("T3_%s_%s", row, c))
			r.Cells[code] = disclosure.Number(p.figures[code])
		}
	}
	r.Cells["T3_OTHER_MISC_NP"] = disclosure.Number(p.figures["T3_OTHER_MISC_NP"] + 2)
}

// copyFrom puts another department's prose into the report.
func copyFrom(department string) func(*printing, *disclosure.Report) {
	return func(p *printing, r *disclosure.Report) {
		if i := p.befallen(department); i >= 0 {
			r.Prose = p.prose(i, p.year, p.history[i][p.year])
		}
	}
}

func part(r *disclosure.Report, number int) *disclosure.ProsePart {
	for i := range r.Prose {
		if r.Prose[i].Number == number {
			return &r.Prose[i]
		}
	}
	return &disclosure.ProsePart{}
}

func replaceInPart(r *disclosure.Report, number int, old, replacement string) {
	p := part(r, number)
	p.Text = strings.Replace(p.Text, old, replacement, 1)
}
