package interpret

import (
	"regexp"
	"strings"

	"mingjing/internal/disclosure"
)

// What reports say of their scope. A word alone proves nothing: 本机关 stands in
// every table three, and the work that a report tells of is done 全区. It must be
// said of the report's own figures, or stand in its title.
var (
	// ofFigures names the report's own figures, reportItself the report.
	ofFigures    = `(?:列数据|报告(?:中)?(?:的)?(?:各项|统计)?数据|年报数据|表格?(?:中|内)?(?:的)?数据|以上数据|上述数据|各项数据|统计数据|统计范围|统计口径|数据范围|数据口径|口径)`
	reportItself = `(?:本报告|本年报|本年度报告)`
	regionWords  = `(?:全(?:区|市|县|省|州|旗|盟|镇)(?:各级|各部门|各单位)?|各级行政机关)`

	scopeNamed  = regexp.MustCompile(`口径(?:[::“为是系按]|采用|统一为)*(全域|本级汇总|本机关)|(全域|本级汇总|本机关)(?:汇总)?口径|` + ofFigures + `(?:均|[为是系])+(?:“)?(全域|本级汇总|本机关)`)
	titleNamed  = regexp.MustCompile(`\((全域|本级汇总|本机关)(?:口径|数据)?\)|(全域|本级汇总|本机关)(?:汇总)?(?:口径|数据)`)
	figuresSaid = regexp.MustCompile(ofFigures + `(?:的?(?:统计)?(?:范围|口径))?[均为是系已仅只都::]*(不含|不包括|不包含|包括|包含|涵盖|汇总|含)([^。;]{0,40})`)
	reportSaid  = regexp.MustCompile(reportItself + `(?:中|所)?(?:[均为是系已仅只都]|汇总)*(不含|不包括|不包含|包括|包含|涵盖|汇总|含)了?([^。;]{0,40}(?:数据|情况|在内))`)
	bracketed   = regexp.MustCompile(`\((不含|包括|包含|含)([^()]{2,30})\)`)
	wholeRegion = regexp.MustCompile(regionWords + `[^。,,;]{0,8}(?:汇总|合计)|[为是系按]` + regionWords + `(?:数据)?口径|汇总了?` + regionWords)
	levelOnly   = regexp.MustCompile(`(?:省|市|区|县)本级[^。,,;]{0,6}(?:汇总|合计)|[为是系按](?:省|市|区|县)本级(?:数据)?口径`)
	localities  = regexp.MustCompile(`乡镇|镇街|街道|镇\(街|镇办|属地|下级|各县|县区|区县|县\(市|各镇|管理处`)
	departments = regexp.MustCompile(`部门|各单位|直属单位|委办局|工作机构`)
	// contents are what every report contains, whatever its scope.
	contents = regexp.MustCompile(`总体情况|主动公开|依申请|申请内容|组成`)
	// statement is a sentence on the report's figures, wherever it stands.
	statement = regexp.MustCompile(reportItself + `|` + ofFigures + `|(?:以上|以下|上表|下表|表中|报告中|表内)[^。,,]{0,8}(?:数据|汇总|口径)`)
	note      = regexp.MustCompile(`^(?:\(?(?:注|备注|说明|附注)[::]|注\d)`)
	sentence  = regexp.MustCompile(`[^。;\n]+`)
)

// scopeOfTitle is the scope that a title, a file's or a sheet's name claims.
func scopeOfTitle(text string) disclosure.Scope {
	if m := titleNamed.FindStringSubmatch(text); m != nil {
		return disclosure.Scope(m[1] + m[2])
	}
	if s := included(bracketed.FindAllStringSubmatch(text, -1)); s != "" {
		return s
	}
	return levelOf(text)
}

// scopeOfSentence is the scope that a sentence claims for the report's figures;
// "" when it claims none.
func scopeOfSentence(text string) disclosure.Scope {
	if m := scopeNamed.FindStringSubmatch(text); m != nil {
		return disclosure.Scope(m[1] + m[2] + m[3])
	}
	said := figuresSaid.FindAllStringSubmatch(text, -1)
	said = append(said, reportSaid.FindAllStringSubmatch(text, -1)...)
	if s := included(said); s != "" {
		return s
	}
	return levelOf(text)
}

// included reads what figures contain: pairs of a verb and what it governs.
func included(said [][]string) disclosure.Scope {
	for _, m := range said {
		verb, what := m[1], m[2]
		without := strings.HasPrefix(verb, "不")
		if i := strings.Index(what, "不"); i >= 0 {
			what = what[:i] // …,不含乡镇
		}
		switch {
		case contents.MatchString(what):
		case localities.MatchString(what) && !without:
			return disclosure.ScopeRegion
		case departments.MatchString(what) && without:
			return disclosure.ScopeAgency
		case localities.MatchString(what) && without, departments.MatchString(what):
			return disclosure.ScopeLevel
		}
	}
	return disclosure.ScopeUnknown
}

func levelOf(text string) disclosure.Scope {
	switch {
	case wholeRegion.MatchString(text):
		return disclosure.ScopeRegion
	case levelOnly.MatchString(text):
		return disclosure.ScopeLevel
	}
	return disclosure.ScopeUnknown
}

// readScope looks for hints in the title, the names of file and sheet, and in
// sentences on the figures. What a sentence says is doubted always, for a
// report of another scope is left out of sums; contradicting hints are doubted
// and none is taken.
func (id *identity) readScope(seg *segment, base string) {
	for _, text := range []string{id.title, base, seg.sheetName} {
		text = plainText(text)
		if !id.takeScope(scopeOfTitle(text), text) {
			return
		}
	}
	named := id.scope != disclosure.ScopeUnknown
	for i, it := range seg.items {
		if it.text == "" || id.titled[i] || it.line != nil && it.line.used || len(it.text) > 3000 {
			continue
		}
		for _, s := range sentence.FindAllString(plainText(it.text), -1) {
			if !strings.ContainsAny(s, "含括汇域口级范盖") || !statement.MatchString(s) && !note.MatchString(s) {
				continue
			}
			scope := scopeOfSentence(s)
			first := id.scope == disclosure.ScopeUnknown && scope != disclosure.ScopeUnknown
			if !id.takeScope(scope, s) {
				return
			}
			if first && !named {
				id.doubts = append(id.doubts, Doubt{Kind: DoubtIdentity, Place: it.place, Text: clip(s),
					Message: "口径按“" + clip(s) + "”认定为" + string(scope) + ",请核对。"})
			}
		}
	}
}

// takeScope notes a hint; false when it contradicts an earlier one.
func (id *identity) takeScope(s disclosure.Scope, text string) bool {
	switch {
	case s == disclosure.ScopeUnknown || s == id.scope:
	case id.scope == disclosure.ScopeUnknown:
		id.scope = s
	default:
		id.doubts = append(id.doubts, Doubt{Kind: DoubtIdentity, Text: clip(text),
			Message: "文件里对数据口径的说法不一(" + string(id.scope) + "、" + string(s) + "),请指定口径。"})
		id.scope = disclosure.ScopeUnknown
		return false
	}
	return true
}
