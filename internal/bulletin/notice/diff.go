package notice

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"mingjing/internal/bulletin"
)

// measures are the figures' names as a comparison says them.
var measures = map[string]string{"issues": "问题数", "handed": "交办数", "signed": "签收数", "answered": "反馈数", "rechecked": "复核通过数", "settled": "办结数", "not_applicable": "不适用数",
	"returned": "退回重改数", "reopened": "重开数", "overdue": "逾期数", "recurring": "同类反复数", "recurring_units": "同类反复单位数", "appealed": "申诉数", "extended": "延期数", "units": "涉及单位数", "deduction": "扣分",
	"open": "未办结数", "silent": "未报送整改情况单位数", "median_days": "办结天数中位数", "worst_days": "最长办结天数", "rank": "名次", "score": "得分", "earned": "实得分", "of": "适用分值",
	"differences": "得分核对差异数", "part": "分子", "whole": "分母", "percent": "比率", "by": "增减", "before": "上季度数", "rectified_rate": "整改完成率", "on_time_rate": "按期反馈率", "rectified": "整改完成率", "on_time": "按期反馈率",
	"escalated": "通报点名问题数", "late_report": "年报晚交天数", "open_before": "上季度未办结数",
	"due": "应报数", "approved": "已通过数", "submitted": "待审数", "published": "已公开数", "checked": "已校验报告数", "errors": "必须改正数", "explains": "需要说明数", "in_error": "有错误单位数", "n": "处数",
	"criticise": "点名批评数", "praise": "表扬数"}

// label names a figure for people: 单位12·问题数 becomes 区水务局·问题数.
func (f *Facts) label(key string) string {
	scope, measure := key, ""
	if at := strings.LastIndexByte(key, '.'); at >= 0 {
		scope, measure = key[:at], key[at+1:]
	}
	rest := ""
	if at := strings.LastIndexByte(scope, '.'); at >= 0 { // now.rectified.percent
		scope, rest = scope[:at], measures[scope[at+1:]]
	}
	words := measures[measure]
	if words == "" {
		words = measure
	}
	if rest != "" {
		words = rest + "(" + words + ")"
	}
	head, tail, _ := strings.Cut(scope, "/")
	switch head {
	case "now":
		head = "本季度"
	case "before":
		head = "上季度"
	case "change":
		head = "与上季度相比"
	case "unit":
		head, tail = f.unitLabel(tail), ""
	case "ranking":
		head = "得分表"
		if _, unit, ok := strings.Cut(tail, "/unit/"); ok {
			head += "·" + f.unitLabel(unit)
		}
		tail = ""
	case "reports":
		head = "年报"
	case "named":
		head = "点名"
	case "escalated":
		head = "已到通报点名"
	}
	if tail != "" {
		head += "·" + tail
	}
	return head + "·" + words
}

func (f *Facts) unitLabel(number string) string {
	for u, name := range f.Names {
		if fmt.Sprint(u) == number {
			return name
		}
	}
	return number
}

// mostChanges bounds a comparison; what is beyond is counted.
const mostChanges = 200

// Changes say in sentences what is different in a new version: figures, issues
// of the lists, and text. f is the new version's facts.
func Changes(f *Facts, before, after *Notice) []string {
	out := []string{}
	if before.Draft != after.Draft {
		out = append(out, map[bool]string{true: "改为征求意见稿。", false: "不再是征求意见稿。"}[after.Draft])
	}
	for _, pair := range [][3]string{{"标题", before.Title, after.Title}, {"主送机关", before.To, after.To}, {"落款", before.Sign, after.Sign}} {
		if pair[1] != pair[2] {
			out = append(out, fmt.Sprintf("%s由“%s”改为“%s”。", pair[0], pair[1], pair[2]))
		}
	}
	was, is := before.Figures(), after.Figures()
	var keys []string
	for k := range was {
		keys = append(keys, k)
	}
	for k := range is {
		if _, ok := was[k]; !ok {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		old, kept := was[k]
		now, there := is[k]
		switch {
		case kept && there && old != now:
			out = append(out, fmt.Sprintf("%s由%s变为%s。", f.label(k), old, now))
		case !kept:
			out = append(out, fmt.Sprintf("新增:%s%s。", f.label(k), now))
		case !there:
			out = append(out, fmt.Sprintf("不再列出:%s(原为%s)。", f.label(k), old))
		}
	}
	out = append(out, listChanges(before, after)...)
	out = append(out, textChanges(before, after)...)
	if len(out) > mostChanges {
		out = append(out[:mostChanges], fmt.Sprintf("还有%d处变化,没有逐一列出。", len(out)-mostChanges))
	}
	return out
}

// listChanges compare the attached lists row by row, by their first column.
func listChanges(before, after *Notice) []string {
	var out []string
	for _, t := range after.Attached {
		at := slices.IndexFunc(before.Attached, func(b Table) bool { return b.Name == t.Name })
		if at < 0 {
			out = append(out, fmt.Sprintf("新增附件“%s”,%d行。", t.Caption, len(t.Rows)))
			continue
		}
		old := map[string][]Cell{}
		for _, r := range before.Attached[at].Rows {
			old[r[0].Text] = r
		}
		for _, r := range t.Rows {
			was, ok := old[r[0].Text]
			delete(old, r[0].Text)
			if !ok {
				out = append(out, fmt.Sprintf("附件“%s”新增%s。", t.Caption, r[0].Text))
				continue
			}
			for k := 1; k < len(r) && k < len(was); k++ {
				if r[k].Text != was[k].Text {
					out = append(out, fmt.Sprintf("%s的%s由“%s”变为“%s”。", r[0].Text, t.Columns[k].Label, bulletin.Fit(was[k].Text, 30), bulletin.Fit(r[k].Text, 30)))
				}
			}
		}
		var gone []string
		for number := range old {
			gone = append(gone, number)
		}
		slices.Sort(gone)
		for _, number := range gone {
			out = append(out, fmt.Sprintf("附件“%s”不再有%s。", t.Caption, number))
		}
	}
	for _, t := range before.Attached {
		if !slices.ContainsFunc(after.Attached, func(a Table) bool { return a.Name == t.Name }) {
			out = append(out, fmt.Sprintf("不再有附件“%s”。", t.Caption))
		}
	}
	return out
}

// digits are what figures and days are written in.
var digits = regexp.MustCompile(`[0-9]+(?:\.[0-9]+)?%?`)

// textChanges compare paragraphs and headings, their figures blotted out: those
// are told by themselves.
func textChanges(before, after *Notice) []string {
	said := func(n *Notice) (order []string, at map[string]Kind) {
		at = map[string]Kind{}
		for _, b := range n.Blocks {
			words := b.Text
			if !b.Own {
				words = digits.ReplaceAllString(words, "#")
			}
			if words != "" {
				order, at[words] = append(order, words), b.Section
			}
			if b.Chart != nil {
				words = "图:" + ChartNames[b.Chart.Name]
				order, at[words] = append(order, words), b.Section
			}
		}
		return order, at
	}
	wasOrder, was := said(before)
	isOrder, is := said(after)
	var out []string
	for _, words := range isOrder {
		if was[words] == "" {
			out = append(out, fmt.Sprintf("“%s”新增文字:%s", KindNames[is[words]], bulletin.Fit(words, 60)))
		}
	}
	for _, words := range wasOrder {
		if is[words] == "" {
			out = append(out, fmt.Sprintf("“%s”不再有文字:%s", KindNames[was[words]], bulletin.Fit(words, 60)))
		}
	}
	return out
}

// SameIssues says whether two notices list the same issues of the same units,
// with the same facts and deductions; how far they have come does not matter.
func SameIssues(a, b *Notice) bool {
	lasting := []string{"编号", "责任单位", "类别", "测评指标", "问题明细", "扣分"}
	listed := func(n *Notice) (out []string) {
		for _, t := range n.Attached {
			for _, row := range t.Rows {
				line := t.Name
				for k, c := range row {
					if slices.Contains(lasting, t.Columns[k].Label) {
						line += "\x00" + c.Text
					}
				}
				out = append(out, line)
			}
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(listed(a), listed(b))
}
