package web

import (
	"strings"

	"mingjing/dashboards"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"

	"github.com/labstack/echo/v4"
	"github.com/shopspring/decimal"
)

// downloadIssues gives all rows of the filters, in the columns of published
// lists.
func (s *Server) downloadIssues(c echo.Context, f office.IssueFilter) error {
	ctx, who := c.Request().Context(), visitor(c)
	f.Limit, f.Offset = mostIssues, 0
	rows, err := s.office.Issues(ctx, who, f)
	if err != nil {
		return err
	}
	lists, err := s.office.IssueLists(ctx, who, disclosure.Period{})
	if err != nil {
		return err
	}
	rounds := map[string]string{}
	for _, l := range lists {
		rounds[l.ID] = string(l.Round)
	}
	_, err = s.download(c, s.issuesTitle(f), s.issueTable(rows.Rows, rounds))
	return err
}

func (s *Server) issueTable(rows []office.IssueLine, rounds map[string]string) dashboards.Table {
	t := dashboards.Table{Name: "issues", Caption: s.text.say("issues.title")}
	for _, key := range []string{"number", "quarter", "round", "list", "indicator1", "indicator2", "points", "deduction", "facts", "category", "unit", "helpers",
		"due", "state", "left", "handed", "answered", "answer", "link", "ended", "returns", "reopens", "recurs"} {
		numeric := key == "points" || key == "deduction" || key == "returns" || key == "reopens" || key == "recurs"
		t.Columns = append(t.Columns, dashboards.Column{Label: s.text.say("issuecolumn." + key), Numeric: numeric})
	}
	whole := func(n int) dashboards.Cell { return markCell(decimal.NewNullDecimal(decimal.NewFromInt(int64(n)))) }
	for k := range rows {
		l := &rows[k]
		unit := l.UnitName
		if unit == "" {
			unit = l.UnitText
		}
		due := s.dueWordsOf(l)
		handed, answered, answer, link := "", "", "", ""
		if !l.Handed.IsZero() {
			handed = beijingTime(l.Handed)
		}
		if !l.Answered.IsZero() {
			answered = beijingTime(l.Answered)
		}
		if a := l.LastAnswer(); a != nil {
			answer, link = a.Text, a.Link
		}
		cells := []dashboards.Cell{dashboards.Text(l.Number), dashboards.Text(quarterText(l.Quarter)), dashboards.Text(rounds[l.List]), dashboards.Text(l.ListTitle),
			dashboards.Text(l.Indicator1), dashboards.Text(l.Indicator2), markCell(l.Points), markCell(l.Deduction), dashboards.Text(l.Facts),
			dashboards.Text(string(l.Category)), dashboards.Text(unit), dashboards.Text(strings.Join(l.Helping, "、")), dashboards.Text(l.Due.Chinese()),
			dashboards.Text(issue.StateNames[l.State]), dashboards.Text(due.Left), dashboards.Text(handed), dashboards.Text(answered),
			dashboards.Text(answer), dashboards.Text(link), dashboards.Text(l.Ended), whole(l.Returns), whole(l.Reopens), whole(l.Recurs)}
		t.Rows = append(t.Rows, dashboards.Row{Cells: cells})
	}
	return t
}

// markCell is a mark, or nothing.
func markCell(n decimal.NullDecimal) dashboards.Cell {
	if !n.Valid {
		return dashboards.Cell{}
	}
	return dashboards.Cell{Text: n.Decimal.String(), Number: n}
}
