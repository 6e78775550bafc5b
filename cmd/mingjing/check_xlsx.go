package main

import (
	"io"
	"strings"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"

	"github.com/xuri/excelize/v2"
)

// issueColumns are those of published issue lists (问题清单). 指标分值, 扣分 and
// what follows 责任单位 are left to the evaluator and the office.
var issueColumns = []struct {
	head  string
	width float64
}{{"一级指标", 18}, {"二级指标", 20}, {"指标分值", 10}, {"扣分", 8}, {"失分原因/问题明细", 72}, {"责任单位", 24}, {"整改时限", 14}, {"整改情况", 24}}

// firstIndicator is the indicator of the first level that findings belong to;
// the second is the rule's title.
const firstIndicator = "政府信息公开工作年度报告"

// writeIssueList writes findings as rows of an issue list, in the order in
// which the reports were checked, the gravest of each first. Rows that nobody
// can act on before the report is complete (not assessable) come too: they say
// what to fill in.
func writeIssueList(out io.Writer, all []*checked) (err error) {
	f := excelize.NewFile()
	defer f.Close()
	const sheet = "问题清单"
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	w, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	thin := []excelize.Border{}
	for _, side := range []string{"left", "right", "top", "bottom"} {
		thin = append(thin, excelize.Border{Type: side, Color: "808080", Style: 1})
	}
	head, err := f.NewStyle(&excelize.Style{Border: thin, Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}})
	if err != nil {
		return err
	}
	body, err := f.NewStyle(&excelize.Style{Border: thin, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	if err != nil {
		return err
	}
	row := make([]any, len(issueColumns))
	for i, c := range issueColumns {
		if err := w.SetColWidth(i+1, i+1, c.width); err != nil {
			return err
		}
		row[i] = excelize.Cell{StyleID: head, Value: c.head}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := w.SetRow("A1", row); err != nil {
		return err
	}
	at := 1
	for _, c := range all {
		for _, finding := range c.findings {
			at++
			for i, text := range issueRow(c, finding) {
				row[i] = excelize.Cell{StyleID: body, Value: text}
			}
			cell, err := excelize.CoordinatesToCellName(1, at)
			if err != nil {
				return err
			}
			if err := w.SetRow(cell, row); err != nil {
				return err
			}
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Write(out)
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
