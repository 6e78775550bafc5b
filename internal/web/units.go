package web

import (
	"strings"

	"mingjing/dashboards"
	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/labstack/echo/v4"
)

type unitsView struct {
	Filters filtersView
	Filter  office.Filter
	Status  string // "", "missing" or "reported"
	Search  string
	Table   dashboards.Table // the rows of this page
	Total   int
	Pager   pager
	Empty   bool
}

// unitsPage lists the units of a year and where their report stands.
func (s *Server) unitsPage(c echo.Context) error {
	f, err := filterOf(c)
	if err != nil {
		return err
	}
	data, err := s.office.UnitList(c.Request().Context(), visitor(c), f)
	if err != nil {
		return err
	}
	v := &unitsView{Filters: filtersOf(data.Filter, data.Choices, visitor(c).Anywhere(people.SeeFiled)), Filter: data.Filter, Status: c.QueryParam("status"),
		Search: strings.TrimSpace(c.QueryParam("q")), Empty: len(data.Rows) == 0 && f.Kind == "" && f.Group == ""}
	states, err := s.office.FilingStates(c.Request().Context(), visitor(c), data.Filter.Year)
	if err != nil {
		return err
	}
	v.Table = s.unitTable(v, data, states, string(f.Basis))
	v.Total = len(v.Table.Rows)
	title := s.text.say("units.title")
	if done, err := s.download(c, title, v.Table); done {
		return err
	}
	var from, to int
	v.Pager, from, to = pagerOf(c, v.Total, rowsShown)
	v.Table.Rows = v.Table.Rows[from:to]
	return s.ok(c, "units", s.view(c, "units", title, v))
}

func (s *Server) unitTable(v *unitsView, data *office.UnitList, states map[disclosure.UnitNumber]office.FilingState, basis string) dashboards.Table {
	t := dashboards.Table{Name: "units", Caption: s.text.say("units.caption", data.Filter.Year),
		Columns: dashboards.Columns([]string{s.text.say("column.unit"), s.text.say("column.kind"), s.text.say("column.group"), s.text.say("column.report"),
			s.text.say("column.scope")}, s.text.say("severity.error"), s.text.say("column.other_findings"))}
	sought := disclosure.NormalName(v.Search)
	for _, row := range data.Rows {
		if !hasStatus(row, v.Status) {
			continue
		}
		if sought != "" && !strings.Contains(disclosure.NormalName(row.Unit.Name+row.Unit.Short+strings.Join(row.Unit.Aliases, "")), sought) {
			continue
		}
		name := dashboards.Link(row.Unit.Name, unitHref(row.Unit.Number))
		if row.Unit.Unconfirmed {
			name.Note = s.text.say("units.unconfirmed")
		}
		base := []dashboards.Cell{name, dashboards.Text(string(row.Unit.Kind)), dashboards.Text(row.Unit.In(data.Filter.Year).Group)}
		if len(row.Reports) == 0 {
			missing := dashboards.Cell{Text: s.text.say("units.missing"), Mark: "missing"}
			state, known := states[row.Unit.Number]
			switch {
			case known: // where it truly stands, for its unit and the district
				missing = dashboards.Link(filing.Names[state.State], reviewHref(row.Unit.Number, state.Period))
				if state.State == filing.Draft {
					missing.Mark = "missing"
				}
			case row.Waiting:
				missing = dashboards.Text(s.text.say("units.waiting")) // states knows it for who may open it
			case !row.Expected:
				missing = dashboards.Cell{Text: s.text.say("units.not_expected"), Mark: "none"}
			}
			t.Rows = append(t.Rows, dashboards.Row{Cells: append(base, missing, dashboards.Text(""), dashboards.Text(""), dashboards.Text(""))})
			continue
		}
		for _, r := range row.Reports {
			report := dashboards.Link(s.text.say("status."+string(r.Head.Status)), reportHref(r.Head.Key, basis))
			if r.Head.Historic {
				report.Note = s.text.say("report.historic")
			}
			if state, known := states[row.Unit.Number]; known && string(state.State) != string(r.Head.Status) {
				report.Note = joinNotes(report.Note, filing.Names[state.State])
			}
			errors, others := whole(int64(r.Errors)), whole(int64(r.Others))
			if r.Hidden {
				errors, others = dashboards.Cell{Text: s.text.say("units.hidden"), Mark: "none"}, dashboards.Cell{Text: s.text.say("units.hidden"), Mark: "none"}
			}
			if r.Errors > 0 {
				errors.Mark, errors.Href = "error", reportHref(r.Head.Key, basis)+"#findings"
			}
			t.Rows = append(t.Rows, dashboards.Row{Cells: append(append([]dashboards.Cell{}, base...), report,
				dashboards.Text(s.text.scope(r.Head.Key.Scope)), errors, others)})
		}
	}
	return t
}

// hasStatus says whether a row is among those that the filter asks for; "" asks
// for all.
func hasStatus(row office.UnitRow, status string) bool {
	switch status {
	case "reported":
		return len(row.Reports) > 0
	case "waiting":
		return row.Waiting
	case "missing":
		return row.Expected && !row.Waiting && len(row.Reports) == 0
	}
	return true
}
