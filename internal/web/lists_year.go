package web

import (
	"strconv"
	"strings"

	"mingjing/dashboards"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"

	"github.com/labstack/echo/v4"
	"github.com/shopspring/decimal"
)

type yearView struct {
	Year    disclosure.Year
	Years   []option
	Groups  []rankedTable
	Scores  dashboards.Table // as it is downloaded
	Sources []yearSource
	Unknown string
}

// yearSource is a quarter with the lists whose scores stand for it.
type yearSource struct {
	Name  string
	Lists []issue.List
}

// yearPage sets the scores of a year's four quarters side by side.
func (s *Server) yearPage(c echo.Context) error {
	var year disclosure.Year
	if text := c.QueryParam("year"); text != "" {
		var err error
		if year, err = parseYear(text); err != nil {
			return err
		}
	}
	t, years, err := s.office.IssueYear(c.Request().Context(), visitor(c), year)
	if err != nil {
		return err
	}
	d := &yearView{Year: t.Year, Unknown: strings.Join(t.Unknown, "、")}
	for _, y := range years {
		d.Years = append(d.Years, option{Value: y.String(), Label: y.String(), Selected: y == t.Year})
	}
	s.yearTables(d, t)
	title := s.text.say("lists.year_title", t.Year)
	if done, err := s.download(c, title, d.Scores); done || err != nil {
		return err
	}
	return s.ok(c, "lists-year", s.listsPart(c, title, d))
}

func (s *Server) yearTables(d *yearView, t *issue.YearTable) {
	say := s.text.say
	heads := []dashboards.Column{{Label: say("column.unit")}, {Label: say("column.rank"), Numeric: true}}
	for q := range 4 {
		period := disclosure.Period{Year: t.Year, Quarter: q + 1}
		heads = append(heads, dashboards.Column{Label: say("lists.quarter", q+1), Numeric: true})
		d.Sources = append(d.Sources, yearSource{Name: issue.QuarterName(period), Lists: t.Lists[q]})
	}
	heads = append(heads, dashboards.Column{Label: say("lists.average"), Numeric: true})
	d.Scores = dashboards.Table{Name: "year", Caption: say("lists.year_table"), Columns: append([]dashboards.Column{{Label: say("column.group")}}, heads...), Notes: []string{say("lists.year_note")}}
	for _, source := range d.Sources {
		for _, l := range source.Lists {
			d.Scores.Notes = append(d.Scores.Notes, say("lists.year_source", source.Name, l.Title))
		}
	}
	for _, g := range t.Groups {
		name := g.Group
		if name == "" {
			name = say("lists.no_group")
		}
		one := rankedTable{Group: name, Table: dashboards.Table{Name: "year", Caption: say("lists.ranked", name), Columns: heads}}
		for _, u := range g.Units {
			cells := s.yearCells(t, u)
			one.Table.Rows = append(one.Table.Rows, dashboards.Row{Cells: cells})
			d.Scores.Rows = append(d.Scores.Rows, dashboards.Row{Cells: append([]dashboards.Cell{dashboards.Text(name)}, cells...)})
		}
		d.Groups = append(d.Groups, one)
	}
}

func (s *Server) yearCells(t *issue.YearTable, u issue.YearRow) []dashboards.Cell {
	rank := dashboards.Cell{Text: strconv.Itoa(u.Rank), Number: decimal.NewNullDecimal(decimal.NewFromInt(int64(u.Rank)))}
	if u.Tied {
		rank.Note = s.text.say("lists.tied")
	}
	cells := []dashboards.Cell{dashboards.Text(u.UnitText), rank}
	scored := 0
	for q, score := range u.Quarters {
		cell := dashboards.Cell{Text: "–", Mark: "none"}
		if len(t.Lists[q]) > 0 {
			scored++
		}
		if score.Valid {
			cell = dashboards.Cell{Text: score.Decimal.StringFixed(2), Number: score}
			if len(t.Lists[q]) == 1 {
				cell.Href = listHref(t.Lists[q][0].ID) + "#scores"
			}
		}
		cells = append(cells, cell)
	}
	average := dashboards.Cell{Text: u.Average.StringFixed(2), Number: decimal.NewNullDecimal(u.Average)}
	if u.N < scored {
		average.Note = s.text.say("lists.quarters_of", u.N, scored)
	}
	return append(cells, average)
}
