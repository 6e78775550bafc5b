package check

import (
	"fmt"
	"strings"
	"sync"

	"mingjing/internal/disclosure"
)

// Version names the rule set. It changes whenever a rule could find something
// else in the same report, so that kept findings are known to be old.
const Version = "2026.2"

// Rule is what people may read about a rule. Its parameters (which cells) stand
// in the form.
type Rule struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Says     string   `json:"says"`
	Severity Severity `json:"severity"` // of a plain breach; single findings may be milder
	Source   string   `json:"source"`   // the document or practice it comes from
}

// nationalRules stand in the order in which findings of one severity are shown.
var nationalRules = []Rule{
	{"T2-R1", "文件存量衔接", "上年现行有效件数 + 本年制发件数 - 本年废止件数 = 本年现行有效件数", Explain,
		"年度间衔接;文件自然失效、集中清理可以造成差异"},
	{"T2-R2", "数值格式", "件数、数量为不小于0的整数;金额不小于0,最多4位小数;本年增/减为整数,可以为负", Error,
		"国办公开办函〔2021〕30号、〔2019〕60号表式"},
	{"T3-R1", "收办平衡", "每列:本年新收 + 上年结转 = 办理结果总计 + 结转下年度继续办理", Error,
		"表三表头所印勾稽关系:第一项加第二项之和,等于第三项加第四项之和"},
	{"T3-R2", "办理结果合计", "每列:各项办理结果之和 = (七)总计", Error,
		"国办公开办函〔2021〕30号、〔2019〕60号表三"},
	{"T3-R3", "申请人合计", "每行:自然人与五类法人或其他组织之和 = 总计", Error,
		"国办公开办函〔2021〕30号、〔2019〕60号表三"},
	{"T3-R4", "结转衔接", "每列:上年结转下年度继续办理 = 本年的上年结转", Explain,
		"年度间衔接;机构合并、口径调整可以造成差异"},
	{"T4-R1", "复议诉讼合计", "行政复议和两类行政诉讼:维持 + 纠正 + 其他 + 尚未审结 = 总计", Error,
		"国办公开办函〔2021〕30号、〔2019〕60号表四"},
	{"T4-R2", "未结案件去向", "上年有尚未审结的案件,本年该类案件不应全部为0", Notice,
		"年度间衔接"},
	{"FMT-R1", "表单版本", "报告使用该年度规定的表单", Error,
		"2019、2020年度用国办公开办函〔2019〕60号,2021年度起用国办公开办函〔2021〕30号"},
	{"FMT-R2", "六个部分", "六个部分齐全、次序正确、序号连续、内容不空", Explain,
		"国办公开办函〔2021〕30号、〔2019〕60号格式"},
	{"FMT-R3", "空白单元格", "表三、表四不留空白和“/”,没有的填0", Notice,
		"国办公开办函〔2021〕30号、〔2019〕60号格式"},
	{"TXT-R1", "正文与表三", "正文所写收到、受理、办结、结转和各项办理结果的件数与表三相符;试过的读法都不相符才提示", Explain,
		"正文与表格互相印证;“收到”可指本年新收,也可连同上年结转"},
	{"TXT-R2", "正文与表四", "正文所写行政复议、行政诉讼件数与表四相符", Explain,
		"正文与表格互相印证;表四可含以前年度的案件"},
	{"TXT-R3", "正文百分比", "正文所写公开率、办结率、占比与表三计算的相符", Explain,
		"正文与表格互相印证"},
	{"TXT-R4", "正文同比", "正文所写同比增减、百分点与上年报告相符", Explain,
		"年度间印证"},
	{"CPY-R1", "文字雷同", "正文不应与本单位上年报告或其他单位报告大段雷同;表式用语和多数单位共有的文字不计", Explain,
		"考核评估通行做法:雷同超过一半的扣分"},
	{"CPY-R2", "沿用旧稿", "正文中的单位名称、年度、统计期限、所引文号是本报告的", Explain,
		"《条例》第四十九条;国办公开办函〔2021〕30号、〔2019〕60号"},
	{"AGG-R1", "汇总相符", "口径为本级汇总、全域的报告 = 所辖单位报告之和,逐项比较;缺报的单位列名", Explain,
		"汇总口径;表四同一案件可能同时计入政府和部门,不作断言"},
	{"SRC-R1", "与台账相符", "所填数字与司法行政部门、财政部门等的台账按单位相符;口径为本机关的报告才比较", Explain,
		"填报口径:规章、规范性文件件数与司法行政部门核对;台账由本区导入"},
	{"PUB-R1", "发布稿与定稿一致", "网站发布的报告与审核通过的定稿相同:单位、年度、表格逐格、正文逐句", Explain,
		"《条例》第四十九条、第五十条;发布页面或粘贴文本与定稿逐格比较"},
	{"DUE-R1", "按时报送", "部门1月31日前、政府3月31日前报送并公布", Notice,
		"《条例》第四十九条"},
}

// catalogue is Rules with each rule's place.
type catalogue struct {
	rules []Rule
	place map[string]int
}

var shipped = sync.OnceValue(func() catalogue {
	c := catalogue{place: map[string]int{}}
	for _, r := range nationalRules {
		c.place[r.ID] = len(c.rules)
		c.rules = append(c.rules, r)
	}
	for _, f := range disclosure.Forms() {
		for _, s := range f.Sums {
			if _, known := c.place[s.Rule]; known {
				continue
			}
			c.place[s.Rule] = len(c.rules)
			c.rules = append(c.rules, annexRule(f, s))
		}
	}
	return c
})

// Rules lists every rule: the national ones, then those that the shipped local
// forms bring along. The slice is shared and must not be changed.
func Rules() []Rule { return shipped().rules }

// RuleByID finds a rule.
func RuleByID(id string) (Rule, bool) {
	i, ok := shipped().place[id]
	if !ok {
		return Rule{}, false
	}
	return shipped().rules[i], true
}

// Guesses says whether a rule reads prose, which is a guess: what it finds
// never stands in the way of a filing.
func Guesses(rule string) bool {
	return strings.HasPrefix(rule, "TXT-") || strings.HasPrefix(rule, "CPY-")
}

// annexRule words the sum of a local form, which has nobody to write a text
// for it: the form's labels say what it adds.
func annexRule(f *disclosure.Form, s disclosure.Sum) Rule {
	line := f.SumLines(s)[0]
	words := func(codes []disclosure.Code) string {
		names := make([]string, len(codes))
		for i, c := range codes {
			def, _ := f.Cell(c)
			names[i] = lineLabel(def, s.Along)
		}
		return strings.Join(names, " + ")
	}
	return Rule{ID: s.Rule, Title: fmt.Sprintf("%s合计", f.Table(s.Table).Name), Severity: Error, Source: f.Authority,
		Says: words(line.Addends) + " = " + words(line.Totals)}
}
