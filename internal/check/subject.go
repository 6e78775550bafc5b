package check

import (
	"regexp"
	"strings"

	"mingjing/internal/disclosure"
)

// Whose numbers a sentence tells.
var (
	widerThanAgency = regexp.MustCompile(`全区|全市|全县|全省|全州|全旗|全盟|全系统|全镇|全乡|全街道|各级|各部门|各单位|各镇|各乡|各街道|各地|各区|各县|各科室|辖区|下属|所属|两级|本级及`)
	agencyItself    = regexp.MustCompile(`政府办|办公室|我办|本办|本级|本机关`)
	selfNames       = regexp.MustCompile(`(?:我|本)(?:局|委|办|厅|院|镇|乡|街道|单位|机关|中心|区|县|市|处|所|会|部门|系统|街|园区|馆|队|大队|社)`)
	bodyAtEnd       = regexp.MustCompile(`[\p{Han}]{1,18}?(?:局|委员会|委|厅|院|研究所|中心|街道|镇|乡|村|社区|公司|管理处|管理站|大队|支队|办公室|政府办|学校|医院|馆|集团)(?:共|全年|全|累计|均|总|计|已|年度?|本年度?|主动|依法|一共|\d{4}年度?)*$`)
)

// subject looks at who the sentence says got or closed the applications:
// lead is the sentence up to the topic. false: somebody else, or a wider circle
// than the tables.
func (p *proseReader) subject(st *statement, lead string) bool {
	clauses := strings.FieldsFunc(lead, func(r rune) bool { return strings.ContainsRune(",;:。(", r) })
	if n := len(clauses); n > 2 {
		clauses = clauses[n-2:]
	}
	near, last := strings.Join(clauses, ","), lastClause(lead)
	if own := ownCircle[p.kind]; own != nil {
		near, last = own.ReplaceAllString(near, ""), own.ReplaceAllString(last, "")
	}
	if widerThanAgency.MatchString(near) {
		return p.wide
	}
	if p.wide && agencyItself.MatchString(near) {
		st.own = true
		return true
	}
	if selfNames.MatchString(near) {
		return true
	}
	if body := bodyAtEnd.FindString(last); body != "" && p.unit != "" {
		return sameBody(body, p.unit)
	}
	return true
}

// unitClass tells what 全镇 and the like mean in a unit's own mouth.
type unitClass int

const (
	plainUnit unitClass = iota
	townUnit
	governmentUnit
)

var ownCircle = map[unitClass]*regexp.Regexp{townUnit: regexp.MustCompile(`全镇|全乡|全街道|辖区`)}

func classOf(unit string) unitClass {
	switch {
	case strings.HasSuffix(unit, "镇人民政府"), strings.HasSuffix(unit, "乡人民政府"), strings.HasSuffix(unit, "镇"), strings.HasSuffix(unit, "乡"),
		strings.HasSuffix(unit, "街道"), strings.HasSuffix(unit, "街道办事处"), strings.HasSuffix(unit, "办事处"):
		return townUnit
	case strings.HasSuffix(unit, "人民政府"), strings.HasSuffix(unit, "区政府"), strings.HasSuffix(unit, "县政府"), strings.HasSuffix(unit, "市政府"):
		return governmentUnit
	}
	return plainUnit
}

// wideTables says that a report's tables hold other units' figures too, by its
// scope, or, when that is unknown, because a government of a county or above
// reports in its own name.
func wideTables(r *disclosure.Report) bool {
	switch r.Scope {
	case disclosure.ScopeRegion, disclosure.ScopeLevel:
		return true
	case disclosure.ScopeUnknown:
		return classOf(disclosure.NormalName(r.Unit)) == governmentUnit
	}
	return false
}

// sameBody says whether two names can mean one body: 区住建局 and
// 澜汀区住房和城乡建设局. Short forms leave characters out and add none, apart
// from the kind of body at the end.
func sameBody(a, b string) bool {
	a, b = bareBody(a), bareBody(b)
	return a == "" || b == "" || subsequence(a, b) || subsequence(b, a)
}

// bareBody takes the place before and the kind behind out of a name.
func bareBody(name string) string {
	name = bodyTail.ReplaceAllString(disclosure.NormalName(name), "")
	for _, suffix := range bodyKinds {
		if cut, ok := strings.CutSuffix(name, suffix); ok {
			name = cut
			break
		}
	}
	if i := strings.LastIndexAny(name, "区县市省州旗"); i >= 0 {
		if rest := name[i+len("区"):]; rest != "" {
			name = rest
		}
	}
	return name
}

var bodyTail = regexp.MustCompile(`(?:共|全年|全|累计|均|总|计|已|年度?|本年度?|主动|依法|一共|\d{4}年度?)*$`)

var bodyKinds = []string{"委员会办公室", "街道办事处", "人民政府办公室", "政府办公室", "人民政府", "政府办", "委员会", "管委会", "办公室", "办事处", "研究所", "街道办", "政府", "分局", "中心", "街道", "局", "委", "办", "厅", "处", "镇", "乡", "所", "站", "馆", "会"}

// subsequence says whether the characters of short stand in long in order.
func subsequence(short, long string) bool {
	l := []rune(long)
	for _, r := range short {
		i := 0
		for i < len(l) && l[i] != r {
			i++
		}
		if i == len(l) {
			return false
		}
		l = l[i+1:]
	}
	return true
}
