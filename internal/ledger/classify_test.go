package ledger

import (
	"slices"
	"strings"
	"testing"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
)

func TestApplicants(t *testing.T) {
	for text, want := range map[string]string{
		"自然人": "NP", "公 民": "NP", "个人": "NP", "企业": "BIZ", "商业企业": "BIZ", "个体工商户": "BIZ", "法人或其他组织-商业企业": "BIZ", "法人(公司)": "BIZ",
		"科研院校": "RES", "高校": "RES", "协会": "NPO", "社会公益组织": "NPO", "律所": "LAW", "法人——法律服务机构": "LAW", "其他": "OTH", "村委会": "OTH",
		"公民(自然人)": "NP", "民营企业": "BIZ", "法人类(企业)": "BIZ", "申请人:公民": "NP", "公民或法人": "", "公民张三": "", "企业、高校": "", "类": "", "某某公司": "",
		"法人": "", "法人或其他组织": "", "组织": "", "": "", "张三": "", "/": "", "公民及法人": "",
	} {
		v := applicantOf(text)
		if v.key != want {
			t.Errorf("%q is %q, want %q", text, v.key, want)
		}
		if v.key == "" && len(v.candidates) == 0 {
			t.Errorf("%q: no candidates", text)
		}
	}
	if slices.Contains(applicantOf("法人").candidates, "NP") {
		t.Error("an organisation may be a natural person")
	}
	for name, want := range map[string]string{"张三": "NP", "某某科技有限公司": "BIZ", "某某律师事务所": "LAW", "某某大学": "RES", "某某商会": "NPO", "某村民委员会": "OTH", "A1": "", "某": "", "会计师事务所": "BIZ"} {
		if got := applicantByName(name); got != want {
			t.Errorf("by its name %q is %q, want %q", name, got, want)
		}
	}
}

// Each row of the form is found by its own label, printed in any of its ways.
func TestResultsByTheFormsLabels(t *testing.T) {
	form := disclosure.Forms()[0]
	t3 := table3(form)
	for _, row := range t3.Blocks[0].Rows {
		if !slices.Contains(resultKeys, row.Key) {
			continue
		}
		texts := append([]string{row.FullLabel(), strings.Join(row.Groups, "") + row.Label, strings.Trim(row.Label, "0123456789.")}, row.Aliases...)
		for _, text := range texts {
			if row.Key == "OTHER_MISC" && text != "其他" { // (六)其他处理 3.其他
				continue
			}
			if v := resultOf(text, ""); v.key != row.Key {
				t.Errorf("%q is %q %v, want %s", text, v.key, v.candidates, row.Key)
			}
		}
	}
}

func TestResults(t *testing.T) {
	const denials = 8
	for _, test := range []struct {
		text, reason, want string
		candidates         int
		open               bool
	}{
		{"公开", "", "GRANTED", 0, false},
		{"同意公开", "", "GRANTED", 0, false},
		{"已主动公开,告知获取方式和途径", "", "GRANTED", 0, false},
		{"不同意公开", "", "", denials, false},
		{"不予公开", "", "", denials, false},
		{"不予公开", "属于过程性信息", "DENY_PROCESS_INFO", 0, false},
		{"不予公开", "张三要求的信息", "", denials, false},
		{"不予公开", "过程性信息、内部事务信息", "", 2, false},
		{"不予公开(属于行政执法案卷)", "", "DENY_ENFORCE_FILE", 0, false},
		{"不予公开", "信息不存在", "", denials + 1, false},
		{"部分公开", "涉及第三方商业秘密", "PARTIAL", 0, false},
		{"部分不予公开", "", "PARTIAL", 0, false},
		{"无法提供", "", "", 3, false},
		{"无法提供", "本机关不掌握", "UNAVAIL_NOT_HELD", 0, false},
		{"非本机关", "", "UNAVAIL_NOT_HELD", 0, false},
		{"不属于本机关负责公开,建议向某局申请", "", "UNAVAIL_NOT_HELD", 0, false},
		{"需要另行制作", "", "UNAVAIL_NEED_CREATE", 0, false},
		{"补正后申请内容仍不明确", "", "UNAVAIL_UNCLEAR", 0, false},
		{"申请内容不明确", "", "", 2, false},
		{"信访举报投诉类申请", "", "REJECT_PETITION", 0, false},
		{"不予处理", "重复申请", "REJECT_DUPLICATE", 0, false},
		{"要求提供公开出版物", "", "REJECT_PUBLICATION", 0, false},
		{"无正当理由大量反复申请", "", "REJECT_EXCESSIVE", 0, false},
		{"重新出具", "", "REJECT_RECONFIRM", 0, false},
		{"逾期不补正,不再处理", "", "OTHER_NO_CORRECTION", 0, false},
		{"逾期不补正", "", "OTHER_NO_CORRECTION", 0, false},
		{"逾期未缴费", "", "OTHER_NO_FEE", 0, false},
		{"申请人撤回", "", "OTHER_MISC", 0, false},
		{"其他", "", "OTHER_MISC", 0, false},
		{"转办", "", "OTHER_MISC", 0, false},
		{"其他处理", "", "", 3, false},
		{"办理中", "", "", 0, true},
		{"已答复", "", "", 0, false},
		{"已答复", "予以公开", "GRANTED", 0, false},
		{"", "", "", 0, false},
		{"张三来电", "", "", 0, false},
	} {
		v := resultOf(test.text, test.reason)
		if v.key != test.want || len(v.candidates) != test.candidates || v.open != test.open {
			t.Errorf("%q, %q: %q of %v, open %v", test.text, test.reason, v.key, v.candidates, v.open)
		}
		if strings.Contains(v.said, "张三") {
			t.Errorf("%q: free text in %q", test.text, v.said)
		}
	}
	if v := resultOf("", "信息不存在"); v.key != "" || v.suggested != "UNAVAIL_NOT_HELD" {
		t.Errorf("a reason without a result: %+v", v)
	}
}

func TestDays(t *testing.T) {
	for text, want := range map[string]calendar.Date{
		"2025.3.5": on(2025, 3, 5), "2025-03-05": on(2025, 3, 5), "2025/3/5 10:30": on(2025, 3, 5), "2025年3月5日": on(2025, 3, 5),
		"２０２５年３月５日": on(2025, 3, 5), "20250305": on(2025, 3, 5), "45721": on(2025, 3, 5), "45721.5": on(2025, 3, 5), "2025 年 3 月 5 日": on(2025, 3, 5),
		"5-Mar-25": on(2025, 3, 5), "2025年3月5日(邮寄)": on(2025, 3, 5), "2025-03-05T08:00:00": on(2025, 3, 5), "收到:2025-3-5": on(2025, 3, 5),
	} {
		if got, problem := dayOf(text, 0); got != want || problem != "" {
			t.Errorf("%q: %s %q", text, got, problem)
		}
	}
	for text, want := range map[string]string{
		"3月5日": noYear, "3.5": noYear, "3-5": noYear, "2025年3月": noDay, "2025.3": noDay, "Apr-25": noDay, "2025-02-30": noSuchDay, "20251301": noSuchDay,
		"2025.3.5-2025.3.9": twoDays, "2025.3.5-3.9": twoDays, "已收到": notRead, "": dayMissing, "/": dayMissing, "办理中": dayMissing, "99999": notRead, "0": notRead,
		"13800000001": notRead, "25.3.5": notRead,
	} {
		if got, problem := dayOf(text, 0); got != 0 || problem != want {
			t.Errorf("%q: %s %q, want %q", text, got, problem, want)
		}
	}
	if got, problem := dayOf("3月5日", 2025); got != on(2025, 3, 5) || problem != "" {
		t.Errorf("with the year confirmed: %s %q", got, problem)
	}
}
