package web

import (
	"fmt"
	"slices"
	"strings"

	"mingjing/dashboards"
	"mingjing/internal/disclosure"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/labstack/echo/v4"
)

// defaultIndicator is what the compare page shows when nothing is chosen.
const defaultIndicator disclosure.Code = "T3_NEW_RECEIVED_TOT"

// rankingShown and matrixShown bound the charts, rowsShown the tables on a
// page; downloads hold every unit.
const (
	rankingShown = 30
	matrixShown  = 80
	rowsShown    = 200
)

type compareView struct {
	*office.Comparison
	Filters    filtersView
	Basis      string
	Indicators []optionGroup
	YearBoxes  []option
	Rankings   []rankingView
	Matrix     *dashboards.Chart
	MatrixMore int
	Floor      int64 // under which a denominator is marked
	Empty      bool
	Points     office.MatterPoints
}

type optionGroup struct {
	Name    string
	Options []option
}

type rankingView struct {
	Name  string
	Chart *dashboards.Chart // nil when nobody has a number
	Table dashboards.Table
	More  int // units with a number that the chart leaves out
}

// comparePage shows one indicator of units x years.
func (s *Server) comparePage(c echo.Context) error {
	f, err := filterOf(c)
	if err != nil {
		return err
	}
	q := office.CompareQuery{Filter: f, Code: disclosure.Code(c.QueryParam("code"))}
	if q.Code == "" {
		q.Code = defaultIndicator
	}
	if q.Years, err = parseYears(c.QueryParams()["years"]); err != nil {
		return err
	}
	data, err := s.office.Compare(c.Request().Context(), visitor(c), q)
	if err != nil {
		return err
	}
	v := &compareView{Comparison: data, Filters: filtersOf(data.Query.Filter, data.Choices, visitor(c).Everywhere(people.SeeFiled)), Basis: string(f.Basis), Floor: disclosure.FloorUnit, Empty: len(data.Choices.Years) == 0}
	title := s.text.say("compare.title", data.Indicator.Name)
	page := s.view(c, "compare", title, v)
	v.Indicators = indicatorOptions(q.Code)
	v.YearBoxes = yearBoxes(data)
	if v.Points, err = s.office.MatterPoints(c.Request().Context(), visitor(c), f.Basis, append(slices.Clone(data.Years), data.Query.Year, data.Query.Year-1), nil); err != nil {
		return err
	}
	if err := s.rankings(v); err != nil {
		return err
	}
	if err := s.matrix(v); err != nil {
		return err
	}
	tables := []dashboards.Table{}
	for _, r := range v.Rankings {
		tables = append(tables, r.Table)
	}
	if v.Matrix != nil {
		tables = append(tables, v.Matrix.Table)
	}
	if done, err := s.download(c, title, tables...); done {
		return err
	}
	for i := range v.Rankings {
		v.Rankings[i].Table = v.Rankings[i].Table.First(rowsShown)
	}
	if v.Matrix != nil {
		v.Matrix.Table = v.Matrix.Table.First(rowsShown)
	}
	return s.ok(c, "compare", page)
}

func indicatorOptions(chosen disclosure.Code) []optionGroup {
	var out []optionGroup
	for _, g := range office.Indicators() {
		og := optionGroup{Name: g.Name}
		for _, ind := range g.Indicators {
			og.Options = append(og.Options, option{Value: string(ind.Code), Label: ind.Name, Selected: ind.Code == chosen})
		}
		out = append(out, og)
	}
	return out
}

func yearBoxes(data *office.Comparison) []option {
	var out []option
	for i := len(data.Choices.Years) - 1; i >= 0; i-- {
		y := data.Choices.Years[i]
		chosen := false
		for _, in := range data.Years {
			chosen = chosen || in == y
		}
		out = append(out, option{Value: y.String(), Label: y.String(), Selected: chosen})
	}
	return out
}

// notes are what a reader must know to read the indicator right.
func (s *Server) notes(data *office.Comparison) []string {
	var out []string
	if data.Indicator.Note != "" {
		out = append(out, data.Indicator.Note)
	}
	if data.Indicator.Broken {
		out = append(out, s.text.say("disputes.break"))
	}
	for _, line := range carriedUnits(data) {
		out = append(out, s.text.say("carried.note", line[0], line[1]))
	}
	return append(out, s.text.say("note.few", disclosure.FloorUnit), s.text.say("note.scope"), s.text.say("flag.note"))
}

func (s *Server) rankings(v *compareView) error {
	y := v.Query.Year
	for i, g := range v.Groups {
		name := g.Name
		if name == "" {
			name = s.text.say("group.none")
		}
		numeric := []string{s.text.say("column.rank"), s.text.say("column.last_rank"), y.String(), (y - 1).String()}
		r := rankingView{Name: name, Table: dashboards.Table{Name: fmt.Sprintf("ranking%d", i+1), Caption: s.text.say("ranking.title", name),
			Columns: dashboards.Columns([]string{s.text.say("column.unit")}, numeric...), Notes: s.notes(v.Comparison)}}
		cats := []string{}
		series := dashboards.Series{Name: v.Indicator.Name, Color: dashboards.ColorIn}
		for _, row := range g.Rows {
			value, last := s.text.cell(row.Values[y], v.Basis), s.text.cell(row.Values[y-1], v.Basis)
			value.Flag = s.flag(v.Points, y, row.Unit.Number, v.Indicator, v.Basis)
			last.Flag = s.flag(v.Points, y-1, row.Unit.Number, v.Indicator, v.Basis)
			if row.OtherScope {
				value.Mark = "scope"
				value.Note = joinNotes(value.Note, s.text.scope(row.Values[y].Report.Scope))
			}
			unit := dashboards.Link(row.Unit.Display(), unitHref(row.Unit.Number))
			if len(row.SplitFrom) > 0 {
				unit.Note = s.text.say("carried.split", strings.Join(row.SplitFrom, "、"))
			}
			r.Table.Rows = append(r.Table.Rows, dashboards.Row{Cells: []dashboards.Cell{
				unit, s.rankCell(row.Rank, row.Tied), s.rankCell(row.LastRank, row.LastTied), value, last}})
			if !row.Values[y].OK() {
				continue
			}
			if len(cats) == rankingShown {
				r.More++
				continue
			}
			cats = append(cats, chartName(row.Unit, value, s.text))
			p := point(row.Values[y], v.Basis)
			p.Flag = value.Flag
			series.Points = append(series.Points, p)
		}
		if len(cats) > 0 {
			chart, err := dashboards.Ranking(cats, series)
			if err != nil {
				return err
			}
			chart = named(chart, r.Table, s.text.say("ranking.summary", name, len(cats)))
			r.Chart = &chart
		}
		v.Rankings = append(v.Rankings, r)
	}
	return nil
}

// carriedUnits are the units whose figures hold predecessors', with their
// names: downloads say it too.
func carriedUnits(data *office.Comparison) [][2]string {
	var out [][2]string
	for _, g := range data.Groups {
		for _, row := range g.Rows {
			for _, y := range data.Years {
				if names := row.Values[y].Carried; len(names) > 0 {
					out = append(out, [2]string{row.Unit.Display(), strings.Join(names, "、")})
					break
				}
			}
		}
	}
	return out
}

func joinNotes(a, b string) string {
	if a == "" {
		return b
	}
	return a + " · " + b
}

// chartName carries what a bar alone would hide: few cases, another scope.
func chartName(u *disclosure.Unit, cell dashboards.Cell, text catalogue) string {
	if cell.Mark == "" {
		return u.Display()
	}
	return u.Display() + text.say("mark."+cell.Mark)
}

func (s *Server) rankCell(rank int, tied bool) dashboards.Cell {
	if rank == 0 {
		return dashboards.Cell{Text: "–", Mark: "none"}
	}
	cell := whole(int64(rank))
	if tied {
		cell.Note = s.text.say("ranking.tied")
	}
	return cell
}

func (s *Server) matrix(v *compareView) error {
	if len(v.Groups) == 0 || len(v.Years) == 0 {
		return nil
	}
	table := dashboards.Table{Name: "matrix", Caption: s.text.say("matrix.title"), Notes: append([]string{s.text.say("matrix.note")}, s.notes(v.Comparison)...),
		Columns: dashboards.Columns([]string{s.text.say("column.unit"), s.text.say("column.group")})}
	columns, rows, cells := []string{}, []string{}, [][]dashboards.HeatCell{}
	for _, y := range v.Years {
		columns = append(columns, y.String())
		table.Columns = append(table.Columns, dashboards.Column{Label: y.String(), Numeric: true})
	}
	for _, g := range v.Groups {
		for _, row := range g.Rows {
			line := []dashboards.HeatCell{}
			out := dashboards.Row{Cells: []dashboards.Cell{dashboards.Link(row.Unit.Display(), unitHref(row.Unit.Number)), dashboards.Text(g.Name)}}
			for _, y := range v.Years {
				value := row.Values[y]
				cell := s.text.cell(value, v.Basis)
				text := cell.Text
				if value.Report != nil && row.ScopeIn(y) != g.Scope {
					cell.Mark, cell.Note = "scope", joinNotes(cell.Note, s.text.scope(value.Report.Scope))
				}
				switch {
				case cell.Mark == "scope":
					text += s.text.say("mark.scope_sign") // a cell has room for a sign only
				case cell.Mark != "" && value.OK():
					text += s.text.say("mark." + cell.Mark)
				}
				p := point(value, v.Basis)
				if cell.Flag = s.flag(v.Points, y, row.Unit.Number, v.Indicator, v.Basis); cell.Flag.Text != "" {
					text, p.Href = text+dashboards.FlagSign, cell.Flag.Href
				}
				line = append(line, dashboards.HeatCell{Value: p.Value, Text: text, Href: p.Href})
				out.Cells = append(out.Cells, cell)
			}
			table.Rows = append(table.Rows, out)
			if len(rows) == matrixShown {
				v.MatrixMore++
				continue
			}
			rows = append(rows, row.Unit.Display())
			cells = append(cells, line)
		}
	}
	chart, err := dashboards.Matrix(columns, rows, cells, v.Indicator.Percent)
	chart = named(chart, table, s.text.say("matrix.summary", len(rows), len(columns)))
	v.Matrix = &chart
	return err
}
