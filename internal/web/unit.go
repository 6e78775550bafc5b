package web

import (
	"fmt"

	"mingjing/dashboards"
	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/labstack/echo/v4"
	"github.com/shopspring/decimal"
)

// unitCharts are the indicators that the unit page draws; its table holds all.
var unitCharts = []disclosure.Code{"T3_NEW_RECEIVED_TOT", "T3_RESULT_TOTAL_TOT", "M_DISCLOSURE", "T4_REV_TOTAL"}

type unitView struct {
	*office.UnitPage
	BasisName string
	Bases     []string
	Charts    []dashboards.Chart
	Table     dashboards.Table // as shown: the median under each value
	Points    office.MatterPoints
	Judged    bool            // the matters are for the visitor
	Matters   []office.Matter // that wait for somebody, the latest year first
	Filings   []filingLine
}

// filingLine is a report that is on its way, on its unit's page.
type filingLine struct {
	office.FilingState
	Name, Href string
}

// unitPage shows one unit over the years beside the median of like units.
func (s *Server) unitPage(c echo.Context) error {
	f, err := filterOf(c)
	if err != nil {
		return err
	}
	number, err := parseUnit(c.Param("number"))
	if err != nil {
		return err
	}
	data, err := s.office.UnitPage(c.Request().Context(), visitor(c), number, f.Basis)
	if err != nil {
		return err
	}
	v := &unitView{UnitPage: data, BasisName: string(f.Basis), Bases: basesOf(visitor(c).May(people.SeeFiled, number))}
	v.Judged = visitor(c).May(people.SeeFindings, number)
	if v.Points, v.Matters, err = s.office.UnitMatters(c.Request().Context(), visitor(c), number, f.Basis, data.Years); err != nil {
		return err
	}
	for i, code := range unitCharts {
		for _, line := range data.Lines {
			if line.Indicator.Code != code {
				continue
			}
			chart, err := s.historyChart(v, line, i)
			if err != nil {
				return err
			}
			v.Charts = append(v.Charts, chart)
		}
	}
	filings, err := s.office.UnitFilings(c.Request().Context(), visitor(c), number)
	if err != nil {
		return err
	}
	for _, f := range filings {
		v.Filings = append(v.Filings, filingLine{FilingState: f, Name: filing.Names[f.State], Href: reviewHref(number, f.Period)})
	}
	v.Table = s.shownHistory(v, data.Lines)
	tables := []dashboards.Table{s.historyTable(v, "history", v.Table.Caption, data.Lines)}
	for _, chart := range v.Charts {
		tables = append(tables, chart.Table)
	}
	if done, err := s.download(c, data.Unit.Name, tables...); done {
		return err
	}
	page := s.view(c, "units", data.Unit.Name, v)
	page.Styles = []string{"matters.css"}
	return s.ok(c, "unit", page)
}

func (s *Server) historyChart(v *unitView, line office.UnitLine, n int) (dashboards.Chart, error) {
	own := dashboards.Series{Name: v.Unit.Display(), Color: dashboards.ColorIn}
	peers := dashboards.Series{Name: s.text.say("unit.median", v.Peers), Color: dashboards.ColorCompared, Line: true, Dashed: true, Symbol: "diamond"}
	cats := dashboards.Categories{BreakLabel: s.text.say("disputes.break_short")}
	for i, y := range v.Years {
		if line.Indicator.Broken && i > 0 && y >= office.BreakYear && v.Years[i-1] < office.BreakYear {
			cats.Break = i
		}
		cats.Labels = append(cats.Labels, y.String())
		p := point(line.Values[y], v.BasisName)
		p.Flag = s.flag(v.Points, y, v.Unit.Number, line.Indicator, v.BasisName)
		own.Points = append(own.Points, p)
		p = dashboards.Point{}
		if m, ok := line.Medians[y]; ok && m.N > 0 {
			p.Value = decimal.NewNullDecimal(decimal.NewFromFloat(m.Median).Round(2))
		}
		peers.Points = append(peers.Points, p)
	}
	series := []dashboards.Series{own}
	if v.Peers > 0 {
		series = append(series, peers)
	}
	unit := line.Indicator.Unit
	if unit == "" {
		unit = s.text.say("unit.cases")
	}
	chart, err := dashboards.OverYears(cats, unit, series)
	table := s.historyTable(v, fmt.Sprintf("chart%d", n+1), s.text.indicator(line.Indicator), []office.UnitLine{line})
	return named(chart, table, s.text.say("unit.chart_summary", v.Unit.Display(), line.Indicator.Name, v.Peers)), err
}

// shownHistory sets the median under the unit's own value, which fits a screen.
func (s *Server) shownHistory(v *unitView, lines []office.UnitLine) dashboards.Table {
	t := s.historyTable(v, "history", s.text.say("unit.history"), nil)
	t.Columns = dashboards.Columns([]string{s.text.say("column.indicator")})
	for _, y := range v.Years {
		t.Columns = append(t.Columns, dashboards.Column{Label: y.String(), Numeric: true})
	}
	for _, line := range lines {
		row := dashboards.Row{Cells: []dashboards.Cell{dashboards.Link(s.text.indicator(line.Indicator), "/compare?code="+string(line.Indicator.Code))}}
		row.Cells[0].Note = line.Indicator.Note
		for _, y := range v.Years {
			cell := s.text.cell(line.Values[y], v.BasisName)
			cell.Flag = s.flag(v.Points, y, v.Unit.Number, line.Indicator, v.BasisName)
			m := line.Medians[y]
			if m.N > 0 {
				cell.Below = joinNotes(cell.Below, s.text.say("unit.median_short", medianText(m.Median, line.Indicator.Percent), m.N))
			}
			if m.OtherScope > 0 {
				cell.Below = joinNotes(cell.Below, s.text.say("unit.other_scope", m.OtherScope))
			}
			row.Cells = append(row.Cells, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// historyTable sets each indicator on a line: the unit's values by year, and
// under each the median with how many units it rests on.
func (s *Server) historyTable(v *unitView, name, caption string, lines []office.UnitLine) dashboards.Table {
	t := dashboards.Table{Name: name, Caption: caption, Columns: dashboards.Columns([]string{s.text.say("column.indicator")}),
		Notes: []string{s.text.say("unit.median_note", v.Peers), s.text.say("note.few", disclosure.FloorUnit)}}
	if len(v.Matters) > 0 {
		t.Notes = append(t.Notes, s.text.say("flag.note"))
	}
	for _, y := range v.Years {
		t.Columns = append(t.Columns, dashboards.Column{Label: y.String(), Numeric: true},
			dashboards.Column{Label: s.text.say("column.median", y), Numeric: true})
	}
	for _, line := range lines {
		row := dashboards.Row{Cells: []dashboards.Cell{dashboards.Link(s.text.indicator(line.Indicator), "/compare?code="+string(line.Indicator.Code))}}
		row.Cells[0].Note = line.Indicator.Note
		for _, y := range v.Years {
			median := dashboards.Cell{Text: "–", Mark: "none"}
			m := line.Medians[y]
			if m.N > 0 {
				median = dashboards.Cell{Text: medianText(m.Median, line.Indicator.Percent), Note: s.text.say("unit.n", m.N),
					Number: decimal.NewNullDecimal(decimal.NewFromFloat(m.Median).Round(2))}
			}
			if m.OtherScope > 0 {
				median.Note = joinNotes(median.Note, s.text.say("unit.other_scope", m.OtherScope))
			}
			value := s.text.cell(line.Values[y], v.BasisName)
			value.Flag = s.flag(v.Points, y, v.Unit.Number, line.Indicator, v.BasisName)
			row.Cells = append(row.Cells, value, median)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
