package main

import (
	"io"
	"strings"

	"mingjing/internal/bulletin"
	"mingjing/internal/check"
	"mingjing/internal/disclosure"
)

// issueColumns are those of published issue lists (问题清单). 指标分值, 扣分 and
// what follows 责任单位 are left to the evaluator and the office.
var issueColumns = []struct {
	head  string
	width float64
}{{"测评指标(一级)", 18}, {"测评指标(二级)", 20}, {"指标分值", 10}, {"扣分", 8}, {"失分原因/问题明细", 72}, {"责任单位", 24}, {"整改时限", 14}, {"整改情况", 24}}

// firstIndicator is the indicator of the first level that findings belong to;
// the second is the rule's title.
const firstIndicator = "政府信息公开工作年度报告"

// writeIssueList writes findings as rows of an issue list, in the order in
// which the reports were checked, the gravest of each first. Rows that nobody
// can act on before the report is complete (not assessable) come too: they say
// what to fill in.
func writeIssueList(out io.Writer, all []*checked) error {
	list := bulletin.List{Title: firstIndicator + "问题清单", Sheet: "问题清单", Landscape: true,
		Notes: []string{"指标分值、扣分、整改时限和整改情况由评估和主管单位填写。"}}
	for _, c := range issueColumns {
		list.Columns = append(list.Columns, bulletin.ListColumn{Label: c.head, Width: c.width})
	}
	for _, c := range all {
		for _, finding := range c.findings {
			row := bulletin.ListRow{}
			for _, text := range issueRow(c, finding) {
				row.Cells = append(row.Cells, bulletin.ListTextCell(text))
			}
			list.Rows = append(list.Rows, row)
		}
	}
	data, err := bulletin.WallXlsx(list)
	if err != nil {
		return err
	}
	_, err = out.Write(data)
	return err
}

// issueRow is a finding under issueColumns.
func issueRow(c *checked, f check.Finding) [8]string {
	r := c.reading.Report
	title := f.Rule
	if rule, ok := check.RuleByID(f.Rule); ok {
		title = rule.Title
	}
	if f.Title != "" {
		title = f.Title
	}
	detail := strings.TrimSuffix(f.Message, "。")
	if y := r.Year().String(); y != "" {
		detail = y + "年度报告:" + detail
	}
	detail += "(" + wordOf(f.Severity) + "," + f.Rule + ")。"
	unit := r.Unit
	if unit == "" {
		unit = c.file
	}
	return [8]string{firstIndicator, title + formNote(r), "", "", detail, unit, "", ""}
}

// formNote names a local form, whose findings are not the annual report's.
func formNote(r *disclosure.Report) string {
	if r.Form == nil || r.Form.Family == disclosure.FamilyNational {
		return ""
	}
	return "(" + r.Form.Title + ")"
}
