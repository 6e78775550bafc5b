package interpret

import (
	"strings"
	"unicode/utf8"

	"mingjing/internal/disclosure"
)

// shortNames are the words by which offices call rows in their own sheets,
// beside the labels that the forms print: row prefix of codes -> word sets, all
// words of a set stand in the header.
var shortNames = map[string][][]string{
	"T3_NEW_RECEIVED":            {{"新收"}, {"收到申请"}, {"申请数"}, {"受理数"}},
	"T3_CARRIED_IN":              {{"上年", "结转"}, {"上年度", "结转"}, {"上一年", "结转"}},
	"T3_CARRIED_OUT":             {{"结转", "下年"}, {"结转", "下一年"}, {"结转", "下年度"}, {"结转"}},
	"T3_RESULT_TOTAL":            {{"办结"}, {"办理结果", "总计"}, {"答复数"}},
	"T3_DENY_STATE_SECRET":       {{"国家秘密"}},
	"T3_DENY_SECURITY_STABILITY": {{"三安全一稳定"}},
	"T3_DENY_THIRD_PARTY":        {{"第三方"}},
	"T3_DENY_INTERNAL_AFFAIRS":   {{"内部事务"}},
	"T3_DENY_PROCESS_INFO":       {{"过程性信息"}},
	"T3_DENY_ENFORCE_FILE":       {{"执法案卷"}},
	"T3_DENY_ADMIN_QUERY":        {{"行政查询"}},
	"T3_UNAVAIL_NOT_HELD":        {{"不掌握"}, {"信息不存在"}},
	"T3_UNAVAIL_NEED_CREATE":     {{"另行制作"}},
	"T3_REJECT_PETITION":         {{"信访"}},
	"T3_REJECT_PUBLICATION":      {{"公开出版物"}},
	"T3_REJECT_EXCESSIVE":        {{"大量反复"}},
	"T3_OTHER_NO_CORRECTION":     {{"逾期不补正"}},
	"T3_OTHER_NO_FEE":            {{"逾期", "缴纳费用"}},
	"T2_REG_ISSUED":              {{"规章", "制发"}},
	"T2_REG_REPEALED":            {{"规章", "废止"}},
	"T2_REG_IN_FORCE":            {{"规章", "有效"}},
	"T2_NORM_ISSUED":             {{"规范性文件", "制发"}},
	"T2_NORM_REPEALED":           {{"规范性文件", "废止"}},
	"T2_NORM_IN_FORCE":           {{"规范性文件", "有效"}},
	"T2_FEE_AMOUNT_WAN":          {{"收费金额"}, {"行政事业性收费"}},
	"T4_REV_UPHELD":              {{"复议", "维持"}},
	"T4_REV_CORRECTED":           {{"复议", "纠正"}},
	"T4_REV_OTHER":               {{"复议", "其他结果"}},
	"T4_REV_PENDING":             {{"复议", "未审结"}},
	"T4_REV_TOTAL":               {{"行政复议", "总"}, {"行政复议", "合计"}, {"行政复议"}, {"复议件数"}, {"复议数"}},
	"T4_LITD_UPHELD":             {{"直接起诉", "维持"}},
	"T4_LITD_CORRECTED":          {{"直接起诉", "纠正"}},
	"T4_LITD_OTHER":              {{"直接起诉", "其他结果"}},
	"T4_LITD_PENDING":            {{"直接起诉", "未审结"}},
	"T4_LITD_TOTAL":              {{"直接起诉", "总计"}, {"直接起诉", "合计"}, {"未经复议直接起诉"}},
	"T4_LITR_UPHELD":             {{"复议后起诉", "维持"}},
	"T4_LITR_CORRECTED":          {{"复议后起诉", "纠正"}},
	"T4_LITR_OTHER":              {{"复议后起诉", "其他结果"}},
	"T4_LITR_PENDING":            {{"复议后起诉", "未审结"}},
	"T4_LITR_TOTAL":              {{"复议后起诉", "总计"}, {"复议后起诉", "合计"}, {"复议后起诉"}},
}

// uncertainNames are words with two meanings; the guess is shown as one.
var uncertainNames = map[string]string{
	"结转":  "“结转”可能指上年结转,也可能指结转下年",
	"办结":  "“办结”按(七)总计理解",
	"申请数": "“申请数”可能含上年结转",
	"受理数": "“受理数”可能含上年结转",
}

// wideName is a way of naming a cell in a wide sheet's header.
type wideName struct {
	words      []string
	code       disclosure.Code
	weight     int // characters in all words
	confidence float64
	why        string
}

// wideNames lists the ways of naming each cell of the forms: full words for
// row and column, the row alone where the form has one column or a total.
func wideNames(book *codeBook) []wideName {
	var out []wideName
	seen := map[string]bool{}
	add := func(code disclosure.Code, confidence float64, why string, words ...string) {
		n := wideName{code: code, confidence: confidence, why: why}
		for _, w := range words {
			if w == "" {
				return
			}
			n.words = append(n.words, w)
			n.weight += utf8.RuneCountInString(w)
		}
		if key := string(code) + strings.Join(n.words, "+"); !seen[key] {
			seen[key] = true
			out = append(out, n)
		}
	}
	for _, f := range book.forms {
		for _, def := range f.AllCells() {
			columns := axisWords(def.Column)
			row := def.Table.Code(def.Row.Key, "")
			for _, words := range append(rowWordSets(def.Row), shortNames[string(row)]...) {
				why, confidence := "", 0.95
				if len(words) == 1 {
					if why = uncertainNames[words[0]]; why != "" {
						confidence = 0.5
					}
				}
				for _, col := range columns {
					add(def.Code, confidence, why, append(append([]string{}, words...), col)...)
				}
				switch {
				case len(def.Block.Columns) == 1:
					add(def.Code, confidence, why, words...)
				case def.Column.Key == "TOT":
					if why == "" {
						why = "未写明申请人类别,按总计理解"
					}
					add(def.Code, min(confidence, 0.8), why, words...)
				}
			}
			for _, words := range shortNames[string(def.Code)] {
				add(def.Code, 0.85, "按简称理解", words...)
			}
		}
	}
	return out
}

func axisWords(a *disclosure.Axis) []string {
	var out []string
	for _, s := range append([]string{a.Label}, a.Aliases...) {
		out = append(out, foldLabel(s).text)
	}
	return out
}

// rowWordSets are a row's printed names; one- and two-character names say too
// little and are left to the row's group.
func rowWordSets(a *disclosure.Axis) [][]string {
	var out [][]string
	for _, w := range axisWords(a) {
		switch {
		case utf8.RuneCountInString(w) >= 3:
			out = append(out, []string{w})
		case w != "" && len(a.Groups) > 1:
			out = append(out, []string{foldLabel(a.Groups[len(a.Groups)-1]).text, w})
		}
	}
	return out
}

// recognise finds the cell that a header names. why explains a guess, or says
// why there is none.
func recognise(text string, names []wideName) (code disclosure.Code, confidence float64, why string) {
	folded := keepLetters(plainText(text))
	best := wideName{}
	twins := 0
	for _, n := range names {
		if n.weight < best.weight {
			continue
		}
		all := true
		for _, w := range n.words {
			if !strings.Contains(folded, w) {
				all = false
				break
			}
		}
		switch {
		case !all:
		case n.weight > best.weight:
			best, twins = n, 0
		case n.code != best.code:
			twins++
		}
	}
	switch {
	case best.weight == 0:
		return "", 0, ""
	case twins > 0:
		return "", 0, "名称可以对应几个指标,请选择"
	case strings.Contains(folded, "法人") && strings.HasSuffix(string(best.code), "_TOT") && best.confidence < 0.9:
		return "", 0, "表三没有“法人或其他组织”的合计栏"
	}
	if utf8.RuneCountInString(folded) > best.weight+6 {
		return best.code, min(best.confidence, 0.7), "名称只有一部分相符"
	}
	return best.code, best.confidence, best.why
}
