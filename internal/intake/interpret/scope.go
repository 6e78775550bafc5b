package interpret

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"mingjing/internal/disclosure"
)

// What reports say of their scope. A word alone proves nothing: 本机关 stands in
// every table three. It must be said of the figures, or stand in brackets in
// the title.
var (
	scopeNamed  = regexp.MustCompile(`口径.{0,6}?(全域|本级汇总|本机关)|\((全域|本级汇总|本机关)(?:口径|数据)?\)|(全域|本级汇总|本机关)(?:汇总)?(?:口径|数据)`)
	figuresSaid = regexp.MustCompile(`(?:列数据|报告数据|表格?数据|统计数据|数据统计|统计范围|统计口径|数据范围|数据口径|口径|以上数据|上述数据|各项数据|数据均)[^。]{0,30}?(不含|不包括|不包含|包括|包含|涵盖|汇总|含)([^。]{0,40})`)
	bracketed   = regexp.MustCompile(`\((不含|包括|包含|含)([^()]{2,30})\)`)
	wholeRegion = regexp.MustCompile(`全(?:区|市|县|省|州|旗|盟|镇)(?:各级|各部门|各单位)?[^。,,]{0,4}(?:汇总|数据|口径|合计)|各级行政机关[^。,,]{0,10}(?:汇总|数据)`)
	levelOnly   = regexp.MustCompile(`(?:省|市|区|县)本级[^。,,]{0,6}(?:汇总|数据|口径|合计)`)
	localities  = regexp.MustCompile(`乡镇|镇街|街道|镇\(街|镇办|属地|下级|各县|县区|区县|县\(市|各镇|管理处`)
	departments = regexp.MustCompile(`部门|各单位|直属单位|委办局|工作机构`)
)

// scopeIn is the scope that a text claims for its figures; "" when it claims
// none.
func scopeIn(text string) disclosure.Scope {
	if m := scopeNamed.FindStringSubmatch(text); m != nil {
		return disclosure.Scope(m[1] + m[2] + m[3])
	}
	said := figuresSaid.FindAllStringSubmatch(text, -1)
	if utf8.RuneCountInString(text) <= 60 {
		said = append(said, bracketed.FindAllStringSubmatch(text, -1)...)
	}
	for _, m := range said {
		verb, what := m[1], m[2]
		without := strings.HasPrefix(verb, "不")
		if i := strings.Index(what, "不"); i >= 0 {
			what = what[:i] // …,不含乡镇
		}
		switch {
		case localities.MatchString(what) && !without:
			return disclosure.ScopeRegion
		case departments.MatchString(what) && without:
			return disclosure.ScopeAgency
		case localities.MatchString(what) && without, departments.MatchString(what):
			return disclosure.ScopeLevel
		}
	}
	switch {
	case wholeRegion.MatchString(text):
		return disclosure.ScopeRegion
	case levelOnly.MatchString(text):
		return disclosure.ScopeLevel
	}
	return disclosure.ScopeUnknown
}

// readScope looks for hints in the title, the file's name and the text before
// the tables and in notes; contradicting ones are a doubt.
func (id *identity) readScope(seg *segment, base string) {
	texts := []string{plainText(id.title), plainText(base), plainText(seg.sheetName)}
	seen := 0
	for _, it := range seg.items {
		if it.text == "" || it.line != nil && it.line.used || len(it.text) > 3000 {
			continue
		}
		// The opening sentences and notes speak of the figures; later text of work.
		if seen++; seen > 12 && len(it.text) > 200 {
			continue
		}
		if text := plainText(it.text); strings.ContainsAny(text, "含括汇域口级范盖") {
			texts = append(texts, text)
		}
	}
	for _, text := range texts {
		s := scopeIn(text)
		switch {
		case s == "" || s == id.scope:
		case id.scope == "":
			id.scope = s
		default:
			id.doubts = append(id.doubts, Doubt{Kind: DoubtIdentity, Text: clip(text),
				Message: "文件里对数据口径的说法不一(" + string(id.scope) + "、" + string(s) + "),请指定口径。"})
			id.scope = disclosure.ScopeUnknown
			return
		}
	}
}
