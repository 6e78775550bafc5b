package anomaly

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"mingjing/internal/disclosure"
)

// subject is what a sentence calls a figure. Labels of cells are for tables;
// in a sentence the field says it shorter.
var subject = map[disclosure.Code]string{
	"T3_NEW_RECEIVED_TOT":   "新收政府信息公开申请",
	"T4_REV_TOTAL":          "行政复议",
	"T4_LITD_TOTAL":         "未经复议直接起诉的行政诉讼",
	"T4_LITR_TOTAL":         "复议后起诉的行政诉讼",
	"T2_REG_ISSUED":         "制发规章",
	"T2_REG_REPEALED":       "废止规章",
	"T2_REG_IN_FORCE":       "现行有效规章",
	"T2_NORM_ISSUED":        "制发行政规范性文件",
	"T2_NORM_REPEALED":      "废止行政规范性文件",
	"T2_NORM_IN_FORCE":      "现行有效行政规范性文件",
	"T2_LICENSE_DECISIONS":  "行政许可",
	"T2_PENALTY_DECISIONS":  "行政处罚",
	"T2_COERCION_DECISIONS": "行政强制",
	"T2_FEE_AMOUNT_WAN":     "行政事业性收费",
}

// sentence is such as "2024年行政许可9487件,为近4年中位数(550件)的17倍".
func (w *watched) sentence(y disclosure.Year, x, center float64, others []yearValue) string {
	against, all := "", true
	for _, o := range others {
		all = all && o.value == center
	}
	n := len(others)
	switch {
	case n == 1 && others[0].year == y-1:
		against = "上年"
	case n == 1:
		against = others[0].year.String() + "年"
	case others[n-1].year < y && all:
		against = fmt.Sprintf("近%d年", n)
	case others[n-1].year < y:
		against = fmt.Sprintf("近%d年中位数", n)
	case all:
		against = fmt.Sprintf("其余%d年", n)
	default:
		against = fmt.Sprintf("其余%d年中位数", n)
	}
	value := fmt.Sprintf("(%s%s)", plain(whole(center)), w.unit)
	begin := fmt.Sprintf("%s年%s%s%s", y, subject[w.code], plain(x), w.unit)
	var said string
	switch {
	case center == 0:
		said = fmt.Sprintf("%s,而%s为0", begin, against)
	case x == 0:
		said = fmt.Sprintf("%s,而%s为%s%s", begin, against, plain(whole(center)), w.unit)
	case x > center:
		said = fmt.Sprintf("%s,为%s%s的%s倍", begin, against, value, multiple(x/center))
	default:
		said = fmt.Sprintf("%s,只有%s%s的%s", begin, against, value, percent(x/center))
	}
	if w.added != "" {
		said += ",本年制发、废止的件数不能解释"
	}
	return said + ",请核实是否填错;属实的请说明原因。"
}

// whole rounds a median of counts where a half says nothing.
func whole(v float64) float64 {
	if v >= 10 {
		return math.Round(v)
	}
	return v
}

// multiple is a ratio of at least 1 as people say it: 17, 5.6.
func multiple(v float64) string {
	if v >= 10 {
		return strconv.FormatFloat(math.Round(v), 'f', 0, 64)
	}
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
}

// percent is a share as people say it; a small one keeps a decimal.
func percent(v float64) string {
	if v < 0.1 {
		return strings.TrimSuffix(strconv.FormatFloat(v*100, 'f', 1, 64), ".0") + "%"
	}
	return strconv.FormatFloat(v*100, 'f', 0, 64) + "%"
}

// plain writes a number without needless zeros, with four places at most.
func plain(v float64) string {
	text := strconv.FormatFloat(v, 'f', disclosure.MaxPlaces, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}
