package web

import (
	"fmt"

	"mingjing/dashboards"
	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/labstack/echo/v4"
	"github.com/shopspring/decimal"
)

// missingShown is how many units without a report are named on the overview;
// the rest stand in the unit list.
const missingShown = 60

type overviewView struct {
	*office.Overview
	Filters     filtersView
	Basis       string
	Line        office.YearLine
	Last        office.YearLine
	Figures     []keyFigure
	Measures    []keyFigure
	MissingMore int
	Charts      []dashboards.Chart
	Empty       bool // nothing was ever reported
	NoUnits     bool // the filters take no unit of the year
	Points      office.MatterPoints
	// Wall is where the year's reports stand, nil for who may not see that.
	Wall *overviewWall
	// Issues is how the quarterly issues stand, nil when there is none to see.
	Issues *overviewIssues
}

// Stood is how many units' reports stand at a mark.
func (v *overviewView) Stood(mark string) int { return v.Stands[office.ProgressMark(mark)] }

// keyFigure is a number set large: this year's, and last year's beside it.
type keyFigure struct {
	Label, Note string
	Value       dashboards.Cell
	Last        dashboards.Cell
	HasLast     bool
	Href        string
}

// overviewPage shows a year: first what is wrong, then the numbers.
func (s *Server) overviewPage(c echo.Context) error {
	f, err := filterOf(c)
	if err != nil {
		return err
	}
	data, err := s.office.Overview(c.Request().Context(), visitor(c), f)
	if err != nil {
		return err
	}
	basis := string(data.Filter.Basis)
	v := &overviewView{Overview: data, Filters: filtersOf(data.Filter, data.Choices, visitor(c).Everywhere(people.SeeFiled)), Basis: basis,
		Line: data.Line(data.Filter.Year), Last: data.Line(data.Filter.Year - 1), Empty: len(data.Choices.Years) == 0,
		NoUnits: data.Expected == 0 && (f.Kind != "" || f.Group != "")}
	title := s.text.say("overview.title", data.Filter.Year)
	if v.Empty {
		title = s.text.say("overview.empty_title")
	}
	if v.Wall, err = s.overviewWall(c, data.Filter); err != nil {
		return err
	}
	if v.Wall == nil {
		v.Overview = v.Overview.WithoutProgress()
	}
	if v.Issues, err = s.overviewIssuesOf(c); err != nil {
		return err
	}
	page := s.view(c, "overview", title, v)
	if v.Points, err = s.office.DistrictPoints(c.Request().Context(), visitor(c), data.Filter, data.Years); err != nil {
		return err
	}
	s.overviewNumbers(v, page)
	if v.Charts, err = s.overviewCharts(v, page); err != nil {
		return err
	}
	tables := []dashboards.Table{}
	for _, chart := range v.Charts {
		tables = append(tables, chart.Table)
	}
	tables = append(tables, s.missingTable(v))
	if done, err := s.download(c, title, tables...); done {
		return err
	}
	if len(v.Missing) > missingShown {
		v.MissingMore = len(v.Missing) - missingShown
		short := *v.Overview // the answer is shared with other requests
		short.Missing = v.Missing[:missingShown]
		v.Overview = &short
	}
	return s.ok(c, "overview", page)
}

func (s *Server) overviewNumbers(v *overviewView, page *view) {
	key := func(code disclosure.Code, label, note string) keyFigure {
		return keyFigure{Label: label, Note: note, Value: s.text.cell(v.Line.Values[code], v.Basis),
			Last: s.text.cell(v.Last.Values[code], v.Basis), HasLast: v.Last.Values[code].OK(),
			Href: page.Keep("/compare", "code", string(code))}
	}
	for _, code := range []disclosure.Code{"T3_NEW_RECEIVED_TOT", "T3_CARRIED_IN_TOT", "T3_RESULT_TOTAL_TOT", "T3_CARRIED_OUT_TOT"} {
		v.Figures = append(v.Figures, key(code, s.text.say("figure."+string(code)), ""))
	}
	for _, m := range disclosure.Measures() {
		v.Measures = append(v.Measures, key(m.Code, m.Name, m.Note))
	}
}

func (s *Server) overviewCharts(v *overviewView, page *view) ([]dashboards.Chart, error) {
	var out []dashboards.Chart
	for _, build := range []func(*overviewView, *view) (dashboards.Chart, error){s.trendChart, s.mixChart, s.disputesChart, s.rulesChart} {
		chart, err := build(v, page)
		if err != nil {
			return nil, err
		}
		if len(chart.Table.Rows) > 0 {
			out = append(out, chart)
		}
	}
	return out, nil
}

// yearCell is a year's value that leads to its comparison over the units.
func (s *Server) yearCell(v *overviewView, page *view, l office.YearLine, code disclosure.Code) dashboards.Cell {
	cell := s.text.cell(l.Values[code], v.Basis)
	cell.Href = page.Keep("/compare", "year", l.Year.String(), "code", string(code))
	return cell
}

// yearLabel marks a year that holds reports that are not approved.
func (s *Server) yearLabel(l office.YearLine) string {
	if l.Provisional {
		return s.text.say("year.provisional", l.Year)
	}
	return l.Year.String()
}

func (s *Server) trendChart(v *overviewView, page *view) (dashboards.Chart, error) {
	codes := []disclosure.Code{"T3_NEW_RECEIVED_TOT", "T3_RESULT_TOTAL_TOT", "T3_CARRIED_OUT_TOT"}
	series := []dashboards.Series{{Color: dashboards.ColorIn}, {Color: dashboards.ColorDone}, {Color: dashboards.ColorWaiting, Line: true, Symbol: "diamond"}}
	labels := []string{s.text.say("trend.reports")}
	for i, code := range codes {
		series[i].Name = s.text.say("figure." + string(code))
		labels = append(labels, series[i].Name)
	}
	labels = append(labels, s.text.say("measure.disclosure"))
	table := dashboards.Table{Name: "trend", Caption: s.text.say("trend.title"), Columns: dashboards.Columns([]string{s.text.say("column.year")}, labels...),
		Notes: []string{s.text.say("note.counted"), disclosure.NoteMix, s.text.say("flag.note")}}
	cats := dashboards.Categories{}
	for _, l := range v.Years {
		cats.Labels = append(cats.Labels, s.yearLabel(l))
		reports := whole(int64(l.Reports))
		reports.Href = page.Keep("/units", "year", l.Year.String(), "status", "reported")
		row := dashboards.Row{Strong: l.Year == v.Filter.Year, Cells: []dashboards.Cell{
			dashboards.Link(s.yearLabel(l), page.With("year", l.Year.String())), reports}}
		for i, code := range codes {
			cell, p := s.yearCell(v, page, l, code), point(l.Values[code], v.Basis)
			if ind, err := office.IndicatorByCode(code); err == nil {
				cell.Flag = s.sumFlag(page, v.Points, l.Year, ind, v.Basis)
			}
			p.Href, p.Flag = cell.Href, cell.Flag
			series[i].Points = append(series[i].Points, p)
			row.Cells = append(row.Cells, cell)
		}
		row.Cells = append(row.Cells, s.yearCell(v, page, l, "M_DISCLOSURE"))
		table.Rows = append(table.Rows, row)
	}
	chart, err := dashboards.OverYears(cats, s.text.say("unit.cases"), series)
	return named(chart, table, s.text.say("trend.summary", len(v.Years))), err
}

func (s *Server) mixChart(v *overviewView, page *view) (dashboards.Chart, error) {
	columns := []string{}
	series := make([]dashboards.Series, len(office.Outcomes))
	for i, code := range office.Outcomes {
		series[i] = dashboards.Series{Name: s.text.say("outcome." + string(code)), Stack: "mix"}
		columns = append(columns, series[i].Name)
	}
	columns = append(columns, s.text.say("column.total"))
	table := dashboards.Table{Name: "outcomes", Caption: s.text.say("mix.title"), Columns: dashboards.Columns([]string{s.text.say("column.year")}, columns...),
		Notes: []string{s.text.say("mix.note")}}
	cats := []string{}
	hundred := decimal.NewFromInt(100)
	for i := len(v.Years) - 1; i >= 0; i-- {
		l := v.Years[i]
		sum := decimal.Zero
		for _, code := range office.Outcomes {
			sum = sum.Add(l.Values[code].Number)
		}
		cats = append(cats, s.yearLabel(l))
		row := dashboards.Row{Strong: l.Year == v.Filter.Year, Cells: []dashboards.Cell{dashboards.Link(s.yearLabel(l), page.With("year", l.Year.String()))}}
		for j, code := range office.Outcomes {
			value, cell := l.Values[code], s.yearCell(v, page, l, code)
			p := dashboards.Point{Href: cell.Href}
			if value.OK() && sum.IsPositive() {
				share := value.Number.Mul(hundred).DivRound(sum, 1)
				p.Value = decimal.NewNullDecimal(share)
				cell.Note = thousands(share, 1) + "%"
			}
			series[j].Points = append(series[j].Points, p)
			row.Cells = append(row.Cells, cell)
		}
		row.Cells = append(row.Cells, s.yearCell(v, page, l, "T3_RESULT_TOTAL_TOT"))
		table.Rows = append(table.Rows, row)
	}
	chart, err := dashboards.Shares(cats, series)
	return named(chart, table, s.text.say("mix.summary", len(v.Years))), err
}

func (s *Server) disputesChart(v *overviewView, page *view) (dashboards.Chart, error) {
	codes := []disclosure.Code{"T4_REV_TOTAL", "T4_LITD_TOTAL", "T4_LITR_TOTAL"}
	corrected := []disclosure.Code{"T4_REV_CORRECTED", "T4_LITD_CORRECTED", "T4_LITR_CORRECTED"}
	colors := []string{dashboards.ColorNotice, dashboards.ColorWaiting, dashboards.ColorCompared}
	series := make([]dashboards.Series, len(codes))
	columns := []string{}
	for i, code := range codes {
		series[i] = dashboards.Series{Name: s.text.say("figure." + string(code)), Stack: "disputes", Color: colors[i]}
		columns = append(columns, series[i].Name, s.text.say("disputes.corrected"))
	}
	columns = append(columns, s.text.say("measure.review"), s.text.say("measure.litigation"), s.text.say("measure.disputes"))
	table := dashboards.Table{Name: "disputes", Caption: s.text.say("disputes.title"), Columns: dashboards.Columns([]string{s.text.say("column.year")}, columns...),
		Notes: []string{s.text.say("disputes.break"), s.text.say("disputes.note")}}
	cats := dashboards.Categories{BreakLabel: s.text.say("disputes.break_short")}
	for n, l := range v.Years {
		if n > 0 && l.Year >= office.BreakYear && v.Years[n-1].Year < office.BreakYear {
			cats.Break = n
		}
		cats.Labels = append(cats.Labels, s.yearLabel(l))
		row := dashboards.Row{Strong: l.Year == v.Filter.Year, Cells: []dashboards.Cell{dashboards.Link(s.yearLabel(l), page.With("year", l.Year.String()))}}
		for i := range codes {
			for _, code := range []disclosure.Code{codes[i], corrected[i]} {
				cell := s.yearCell(v, page, l, code)
				if code == codes[i] {
					p := point(l.Values[code], v.Basis)
					p.Href = cell.Href
					series[i].Points = append(series[i].Points, p)
				}
				row.Cells = append(row.Cells, cell)
			}
		}
		for _, m := range []disclosure.Code{"M_REVIEW_CORRECTED", "M_LITIGATION_CORRECTED", "M_DISPUTES"} {
			row.Cells = append(row.Cells, s.yearCell(v, page, l, m))
		}
		table.Rows = append(table.Rows, row)
	}
	chart, err := dashboards.OverYears(cats, s.text.say("unit.cases"), series)
	return named(chart, table, s.text.say("disputes.summary", len(v.Years))), err
}

func (s *Server) rulesChart(v *overviewView, page *view) (dashboards.Chart, error) {
	colors := []string{dashboards.ColorError, dashboards.ColorExplain, dashboards.ColorNotice, dashboards.ColorCompared}
	series := make([]dashboards.Series, len(office.Severities))
	columns := []string{}
	for i, sev := range office.Severities {
		series[i] = dashboards.Series{Name: s.text.say("severity." + string(sev)), Stack: "rules", Color: colors[i]}
		columns = append(columns, series[i].Name)
	}
	table := dashboards.Table{Name: "rules", Caption: s.text.say("rules.title"),
		Columns: dashboards.Columns([]string{s.text.say("column.rule")}, columns...)}
	cats := []string{}
	for _, r := range v.Findings.ByRule {
		name := dashboards.Link(s.text.rule(r.Rule), page.Keep("/matters", "basis", v.Basis, "rule", r.Rule))
		if rule, ok := check.RuleByID(r.Rule); ok {
			name.Note = rule.Says
		}
		cats = append(cats, name.Text)
		row := dashboards.Row{Cells: []dashboards.Cell{name}}
		for i, sev := range office.Severities {
			n := r.BySeverity[sev]
			cell := whole(int64(n))
			cell.Href = page.Keep("/matters", "basis", v.Basis, "rule", r.Rule, "severity", string(sev))
			if n == 0 {
				cell.Href = ""
			}
			series[i].Points = append(series[i].Points, dashboards.Point{Value: cell.Number, Href: cell.Href})
			row.Cells = append(row.Cells, cell)
		}
		table.Rows = append(table.Rows, row)
	}
	chart, err := dashboards.Stacked(cats, series)
	return named(chart, table, s.text.say("rules.summary", len(cats))), err
}

// missingTable is the list of units without a report, for the download.
func (s *Server) missingTable(v *overviewView) dashboards.Table {
	t := dashboards.Table{Name: "missing", Caption: s.text.say("missing.title"),
		Columns: dashboards.Columns([]string{s.text.say("column.unit"), s.text.say("column.kind"), s.text.say("column.group"), s.text.say("progress.state")})}
	add := func(units []*disclosure.Unit, mark office.ProgressMark) {
		for _, u := range units {
			t.Rows = append(t.Rows, dashboards.Row{Cells: []dashboards.Cell{dashboards.Link(u.Name, unitHref(u.Number)),
				dashboards.Text(string(u.Kind)), dashboards.Text(u.In(v.Filter.Year).Group), dashboards.Text(s.text.say("progressmark." + string(mark)))}})
		}
	}
	add(v.Missing, office.MarkOpen)
	add(v.AtUnit, office.MarkReview)
	return t
}

func named(chart dashboards.Chart, t dashboards.Table, summary string) dashboards.Chart {
	chart.Name, chart.Title, chart.Summary, chart.Table = t.Name, t.Caption, summary, t
	return chart
}

func whole(n int64) dashboards.Cell {
	d := decimal.NewFromInt(n)
	return dashboards.Cell{Text: thousands(d, 0), Number: decimal.NewNullDecimal(d)}
}

// filtersView is the bar of filters over a page.
type filtersView struct {
	Years  []option
	Bases  []string
	Kinds  []option
	Groups []option
	Basis  string
}

type option struct {
	Value, Label string
	Selected     bool
}

// filtersOf shows what is chosen even when the year does not offer it, so that
// nobody wonders why a page is empty.
func filtersOf(f office.Filter, ch office.Choices, provisional bool) filtersView {
	v := filtersView{Basis: string(f.Basis), Bases: basesOf(provisional)}
	year := ""
	if f.Year != 0 {
		year = f.Year.String()
	}
	v.Years, v.Kinds, v.Groups = options(ch.Years, year), options(ch.Kinds, string(f.Kind)), options(ch.Groups, f.Group)
	return v
}

// basesOf are the bases that a visitor is offered: one that answers with a
// refusal is not.
func basesOf(provisional bool) []string {
	if !provisional {
		return []string{string(office.Approved)}
	}
	return []string{string(office.Approved), string(office.Provisional)}
}

func options[T any](offered []T, chosen string) []option {
	var out []option
	known := chosen == ""
	for _, o := range offered {
		label := fmt.Sprint(o)
		known = known || label == chosen
		out = append(out, option{Value: label, Label: label, Selected: label == chosen})
	}
	if !known {
		out = append(out, option{Value: chosen, Label: chosen, Selected: true})
	}
	return out
}
