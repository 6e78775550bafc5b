package web

import (
	"strings"

	"mingjing/dashboards"
	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/labstack/echo/v4"
	"github.com/shopspring/decimal"
)

type reportView struct {
	*office.ReportPage
	Heading   string
	BasisName string
	Bases     []string
	Parts     []partView
	Details   []cellDetail
	Listed    []reportMatter
	Others    []otherReport
	NoProse   bool
	Published *office.PublicationPage // nil for who does not see it
	// ReviewHref leads to the report's review, for its unit and the district.
	ReviewHref string
	StateName  string
}

// partView is one of the report's parts: prose, or a table as printed.
type partView struct {
	Number     int
	Title      string
	IsTable    bool
	Paragraphs []string
	Missing    bool
	Rows       []figureRow
	Columns    int
}

type figureRow []figureCell

// figureCell is a grid cell with what the report holds in it.
type figureCell struct {
	disclosure.PrintedCell
	Shown  string // the value as people read it
	State  string // number, blank, slash, unread, none
	Remark bool
	Worst  string // gravest severity of what waits on it
	Title  string
	Detail *cellDetail
}

// cellDetail is the panel that opens when a cell is followed: where it comes
// from, as filed, and what the checks say.
type cellDetail struct {
	Code    disclosure.Code
	Label   string
	Shown   string
	Cell    disclosure.Cell
	State   string
	File    string // the name of the file that Cell.Source is a place in
	Matters []reportMatter
}

// reportMatter is a matter beside the report.
type reportMatter struct {
	office.Matter
	Number int // from 1, as in the list
	Cells  []cellRef
	Href   string
}

type cellRef struct {
	Code  disclosure.Code
	Label string
}

type otherReport struct {
	Label, Href string
}

// reportPage shows one report as filed.
func (s *Server) reportPage(c echo.Context) error {
	f, err := filterOf(c)
	if err != nil {
		return err
	}
	key, err := reportKeyOf(c)
	if err != nil {
		return err
	}
	data, err := s.office.ReportPage(c.Request().Context(), visitor(c), key, f.Basis)
	if err != nil {
		return err
	}
	basis := string(f.Basis)
	v := &reportView{ReportPage: data, BasisName: basis, Bases: basesOf(visitor(c).May(people.SeeFiled, key.Unit))}
	for i, m := range data.Matters {
		listed := reportMatter{Matter: m, Number: i + 1, Href: matterHref(key.Period.Year, basis, m.ID)}
		for _, code := range m.Codes {
			listed.Cells = append(listed.Cells, cellRef{Code: code, Label: codeLabel(code)})
		}
		v.Listed = append(v.Listed, listed)
	}
	for _, h := range data.Others {
		label := s.text.reportName(h) + " · " + s.text.scope(h.Key.Scope)
		v.Others = append(v.Others, otherReport{Label: label, Href: reportHref(h.Key, basis)})
	}
	if data.Inside && key.Period.Quarter == 0 {
		v.ReviewHref = reviewHref(key.Unit, key.Period)
		if state := data.Standing(); string(state) != string(data.Report.Status) {
			v.StateName = filing.Names[state]
		}
	}
	s.parts(v)
	if data.Inside && key.Family == disclosure.FamilyNational {
		v.Published, err = s.office.PublicationOf(c.Request().Context(), visitor(c), key.Unit, key.Period)
		if code := disclosure.CodeOf(err); err != nil && code != disclosure.ErrInvalid { // a year that is not filed here
			return err
		}
	}
	v.Heading = s.text.say("report.heading", data.Unit.Name, data.Report.Key.Period)
	if data.Form.Family != disclosure.FamilyNational {
		v.Heading = data.Unit.Name + " " + s.text.say("report.name_annex", data.Report.Key.Period, data.Form.Title)
	}
	title := data.Unit.Name + s.text.reportName(office.ReportHead{Key: data.Report.Key, FormID: data.Form.ID})
	if done, err := s.download(c, title, s.figureTable(v)); done {
		return err
	}
	page := s.view(c, "units", title, v)
	page.Styles = []string{"review.css", "matters.css"}
	return s.ok(c, "report", page)
}

func reportKeyOf(c echo.Context) (office.ReportKey, error) {
	var key office.ReportKey
	var err error
	if key.Unit, err = parseUnit(c.Param("unit")); err != nil {
		return key, err
	}
	if key.Period, err = parsePeriod(c.Param("period")); err != nil {
		return key, err
	}
	key.Family = c.Param("family")
	key.Scope, err = parseScope(c.Param("scope"))
	return key, err
}

// parts sets the report out in the form's order: prose where the form has
// prose, tables where it has tables. Text before the first part comes first,
// text that fits no part last.
func (s *Server) parts(v *reportView) {
	cells := v.Report.Cells
	filled := func(code disclosure.Code) bool { c, ok := cells[code]; return ok && c.Kind != disclosure.CellBlank }
	used := map[int]bool{}
	v.NoProse = !v.Report.HasProse
	for i, p := range v.Report.Prose {
		if p.Number == 0 && strings.TrimSpace(p.Text) != "" {
			used[i] = true
			v.Parts = append(v.Parts, partView{Title: s.text.say("report.before"), Paragraphs: paragraphs(p.Text)})
		}
	}
	for _, part := range v.Form.Parts {
		pv := partView{Number: part.Number, Title: part.Title}
		if table := v.Form.Table(part.Table); table != nil {
			pv.IsTable = true
			s.figureRows(v, &pv, table.Printed(filled))
		}
		for i, p := range v.Report.Prose {
			if p.Number == part.Number && !used[i] {
				used[i] = true
				pv.Paragraphs = append(pv.Paragraphs, paragraphs(p.Text)...)
			}
		}
		pv.Missing = !pv.IsTable && len(pv.Paragraphs) == 0
		v.Parts = append(v.Parts, pv)
	}
	for i, p := range v.Report.Prose {
		if !used[i] && strings.TrimSpace(p.Text) != "" {
			title := p.Title
			if title == "" {
				title = s.text.say("report.rest")
			}
			v.Parts = append(v.Parts, partView{Number: 100 + i, Title: title, Paragraphs: paragraphs(p.Text)})
		}
	}
}

func paragraphs(text string) []string {
	var out []string
	for _, p := range strings.Split(text, "\n") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

func (s *Server) figureRows(v *reportView, pv *partView, grid []disclosure.PrintedRow) {
	for _, row := range grid {
		width := 0
		out := figureRow{}
		for _, g := range row {
			width += g.Colspan
			fc := figureCell{PrintedCell: g}
			if !g.Head {
				cell, ok := v.Report.Cells[g.Code]
				fc.Shown, fc.State = s.shown(cell, ok)
				fc.Remark = cell.Remark != ""
				detail := cellDetail{Code: g.Code, Label: codeLabel(g.Code), Shown: fc.Shown, Cell: cell, State: fc.State, File: fileOf(v.Report.Sources, cell)}
				for _, i := range v.ByCode[g.Code] {
					if m := v.Listed[i]; fc.Worst == "" && !m.State.Settled() {
						fc.Worst = string(m.Severity)
					}
					detail.Matters = append(detail.Matters, v.Listed[i])
				}
				fc.Title = detail.Label
				fc.Detail = &detail
				v.Details = append(v.Details, detail)
			}
			out = append(out, fc)
		}
		pv.Columns = max(pv.Columns, width)
		pv.Rows = append(pv.Rows, out)
	}
}

// fileOf is the name of the file that a figure came from, "" when none is known.
func fileOf(sources []office.SourceFile, cell disclosure.Cell) string {
	for _, f := range sources {
		if cell.File != "" && f.SHA256 == cell.File {
			return f.Name
		}
	}
	return ""
}

// shown is what stands in a cell: blank and "/" are kept apart from 0.
func (s *Server) shown(cell disclosure.Cell, ok bool) (text, state string) {
	switch {
	case !ok:
		return "", "blank"
	case cell.Kind == disclosure.CellNumber:
		return thousands(cell.Value, -1), "number"
	case cell.Kind == disclosure.CellSlash:
		return "/", "slash"
	case cell.Kind == disclosure.CellUnread:
		return cell.Raw, "unread"
	}
	return "", "blank"
}

// figureTable is every figure on a line, for the download.
func (s *Server) figureTable(v *reportView) dashboards.Table {
	t := dashboards.Table{Name: "figures", Caption: s.text.say("report.figures"), Columns: dashboards.Columns([]string{
		s.text.say("column.code"), s.text.say("column.label"), s.text.say("column.value"), s.text.say("column.raw"),
		s.text.say("column.remark"), s.text.say("column.source"), s.text.say("column.findings")})}
	for _, d := range v.Details {
		value := dashboards.Text(d.Shown)
		if d.Cell.IsNumber() {
			value.Number = decimal.NewNullDecimal(d.Cell.Value)
		}
		said := []string{}
		for _, m := range d.Matters {
			said = append(said, m.Name+" "+m.Message+"("+s.text.say("matterstate."+string(m.State))+")")
		}
		t.Rows = append(t.Rows, dashboards.Row{Cells: []dashboards.Cell{dashboards.Text(string(d.Code)), dashboards.Text(d.Label), value,
			dashboards.Text(d.Cell.Raw), dashboards.Text(d.Cell.Remark), dashboards.Text(strings.TrimSpace(d.File + " " + d.Cell.Source)), dashboards.Text(strings.Join(said, "\n"))}})
	}
	return t
}
