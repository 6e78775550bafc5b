package web

import (
	"strings"

	"mingjing/dashboards"
	"mingjing/internal/disclosure"
	"mingjing/internal/office"

	"github.com/labstack/echo/v4"
)

// findingsPerPage keeps a page short enough to be read and printed.
const findingsPerPage = 100

type findingsView struct {
	Filters    filtersView
	Filter     office.FindingFilter
	Basis      string
	Severities []option
	Rules      []option
	Lines      []office.FindingLine
	Total      int
	Pager      pager
	First      int // number of the first line
	Empty      bool
}

// findingsPage lists what the checks found, gravest first.
func (s *Server) findingsPage(c echo.Context) error {
	f, err := filterOf(c)
	if err != nil {
		return err
	}
	q := office.FindingFilter{Filter: f, Rule: c.QueryParam("rule")}
	v := &findingsView{Basis: string(f.Basis)}
	for _, sev := range office.Severities {
		chosen := c.QueryParam("severity") == string(sev)
		if chosen {
			q.Severity = sev
		}
		v.Severities = append(v.Severities, option{Value: string(sev), Label: s.text.say("severity." + string(sev)), Selected: chosen})
	}
	if unit := c.QueryParam("unit"); unit != "" {
		if q.Unit, err = parseUnit(unit); err != nil {
			return err
		}
	}
	data, err := s.office.Findings(c.Request().Context(), visitor(c), q)
	if err != nil {
		return err
	}
	v.Filter, v.Filters, v.Total, v.Empty = data.Filter, filtersOf(data.Filter.Filter, data.Choices), len(data.Lines), len(data.Choices.Years) == 0
	for _, r := range data.Rules {
		v.Rules = append(v.Rules, option{Value: r, Label: s.text.rule(r), Selected: r == q.Rule})
	}
	title := s.text.say("findings.title", data.Filter.Year)
	if done, err := s.download(c, title, s.findingTable(data.Lines, v.Basis)); done {
		return err
	}
	var from, to int
	v.Pager, from, to = pagerOf(c, v.Total, findingsPerPage)
	v.Lines, v.First = data.Lines[from:to], from+1
	return s.ok(c, "findings", s.view(c, "findings", title, v))
}

func (s *Server) findingTable(lines []office.FindingLine, basis string) dashboards.Table {
	t := dashboards.Table{Name: "findings", Caption: s.text.say("findings.caption"), Columns: dashboards.Columns([]string{
		s.text.say("column.severity"), s.text.say("column.rule"), s.text.say("column.unit"), s.text.say("column.period"), s.text.say("column.cells"),
		s.text.say("column.message"), s.text.say("column.expected"), s.text.say("column.actual"), s.text.say("column.difference")})}
	for _, l := range lines {
		t.Rows = append(t.Rows, dashboards.Row{Cells: []dashboards.Cell{
			dashboards.Text(s.text.say("severity." + string(l.Finding.Severity))), dashboards.Text(s.text.rule(l.Finding.Rule)),
			dashboards.Text(l.Unit.Name), dashboards.Text(l.Report.Period.String()), dashboards.Text(strings.Join(l.Finding.Labels, ";")),
			dashboards.Link(l.Finding.Message, findingHref(l, basis)), dashboards.Text(l.Finding.Expected), dashboards.Text(l.Finding.Actual),
			dashboards.Text(l.Finding.Difference)}})
	}
	return t
}

// findingHref leads to the finding's first cell, or to the report's list.
func findingHref(l office.FindingLine, basis string) string {
	at := "findings"
	if len(l.Finding.Codes) > 0 {
		at = string(l.Finding.Codes[0])
	}
	return reportHref(l.Report, basis) + "#" + at
}

// Href is findingHref for templates.
func (v *findingsView) Href(l office.FindingLine) string { return findingHref(l, v.Basis) }

// UnitHref is the address of the line's unit.
func (v *findingsView) UnitHref(l office.FindingLine) string { return unitHref(l.Unit.Number) }

// codeLabel is a cell's label without its table's name.
func codeLabel(code disclosure.Code) string { return disclosure.LabelOf(code) }
