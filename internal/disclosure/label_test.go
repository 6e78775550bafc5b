package disclosure

import (
	"slices"
	"testing"
)

func TestFoldLabel(t *testing.T) {
	for in, want := range map[string]string{
		"一、本年新收政府信息公开申请数量": "本年新收政府信息公开申请数量",
		"（七）总 计":       "总计",
		"1.属于国家秘密":     "属于国家秘密",
		"１、属于国家秘密":     "属于国家秘密",
		"本年(2023)制发件数": "本年制发件数",
		"2023年新收":      "新收",
		"现行有效件数（历史累计）": "现行有效件数",
		"危及“三安全一稳定”":   "危及三安全一稳定",
		"（本列数据的勾稽关系为：第一项加第二项之和，等）": "本列数据的勾稽关系为第一项加第二项之和等",
		"T3_GRANTED_NP": "t3grantednp",
		"":              "",
	} {
		if got := FoldLabel(in); got != want {
			t.Errorf("FoldLabel(%q) = %q, want %q", in, got, want)
		}
	}
}

// A cell is named by its labels; no name belongs to two cells of a form, codes
// that are alike in print only.
func TestHeadNamesAreOneCells(t *testing.T) {
	form := NationalForm("2021")
	owner := map[string][]Code{}
	for _, def := range form.Cells() {
		for _, n := range def.HeadNames() {
			if !slices.Contains(owner[n], def.Code) {
				owner[n] = append(owner[n], def.Code)
			}
		}
	}
	for name, want := range map[string]Code{
		"本年新收政府信息公开申请数量":    "T3_NEW_RECEIVED_TOT",
		"本年新收政府信息公开申请数量自然人": "T3_NEW_RECEIVED_NP",
		"不予公开属于国家秘密商业企业":    "T3_DENY_STATE_SECRET_BIZ",
		"行政许可":          "T2_LICENSE_DECISIONS",
		"行政复议结果维持":      "T4_REV_UPHELD",
		"未经复议直接起诉总计":    "T4_LITD_TOTAL",
		"行政诉讼复议后起诉尚未审结": "T4_LITR_PENDING",
		"其他处理其他总计":      "T3_OTHER_MISC_TOT",
		"行政规范性文件现行有效件数": "T2_NORM_IN_FORCE",
		"t3grantednp":   "T3_GRANTED_NP",
	} {
		if got := owner[name]; len(got) != 1 || got[0] != want {
			t.Errorf("%s names %v, want %s", name, got, want)
		}
	}
}
