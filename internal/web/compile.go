package web

import (
	"fmt"
	"io"
	"net/http"
	"net/url"

	"mingjing/dashboards"
	"mingjing/internal/bulletin"
	"mingjing/internal/disclosure"
	"mingjing/internal/office"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/shopspring/decimal"
)

type compileView struct {
	*office.Compilation
	Years, Scopes, Governments []option
	Tables                     []compiledTable
	Remarks                    []string
	Parts                      *compiledParts // of the figure that was asked for
	Draft                      string         // where the government's draft is filed
	Act                        string
	Sentence                   string // why it was not taken over
	Fills                      []*office.CityFill
	Supervises                 bool
	SumCount                   int
	PDF                        bool // can be made here
}

// compiledTable is a table of the sum as it is printed; every figure leads to
// the units that it comes from.
type compiledTable struct {
	Title string
	Rows  [][]compiledCell
}

type compiledCell struct {
	disclosure.PrintedCell
	Shown, Title, Href string
	Gap, On            bool
}

type compiledParts struct {
	Label string
	Table dashboards.Table
}

// compilePage is the district's report as its units' add up to it.
func (s *Server) compilePage(c echo.Context) error {
	return s.showCompile(c, http.StatusOK, &compileView{})
}

func compileFilterOf(get func(string) string) (office.CompileFilter, error) {
	f := office.CompileFilter{Scope: disclosure.Scope(get("scope")), Provisional: get("basis") == string(office.Provisional)}
	var err error
	if f.Year, err = optionalYear(get("year")); err != nil {
		return f, err
	}
	if text := get("government"); text != "" {
		f.Government, err = parseUnit(text)
	}
	return f, err
}

func (s *Server) showCompile(c echo.Context, status int, v *compileView) error {
	get := c.QueryParam
	if c.Request().Method == http.MethodPost {
		get = c.FormValue
	}
	f, err := compileFilterOf(get)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if v.Compilation, err = s.office.Compile(ctx, visitor(c), f); err != nil {
		return err
	}
	title := s.text.say("compile.title", v.Government.Name, v.Filter.Year)
	page := s.view(c, "progress", title, v)
	page.Path, page.Query = "/compile", compileQuery(v.Filter, c.QueryParam("code"))
	page.Styles = []string{"wall.css"}
	v.Remarks, v.Act, v.SumCount, v.PDF = v.Compilation.Remarks(), uuid.NewString(), len(v.Members), office.HasPDF()
	v.choices()
	code := disclosure.Code(c.QueryParam("code"))
	if code != "" {
		if v.Parts, err = s.compiledParts(v.Compilation, code); err != nil {
			return err
		}
	}
	tables := []dashboards.Table{s.compiledUnits(v.Compilation)}
	if v.Parts != nil {
		tables = append(tables, v.Parts.Table)
	}
	if done, err := s.download(c, title, tables...); done {
		return err
	}
	for _, sum := range append([]office.CompiledAnnex{{Sum: v.Sum, Cells: v.Cells}}, v.Annexes...) {
		v.Tables = append(v.Tables, s.compiledTables(page, sum, code)...)
	}
	v.Draft = filingHref(v.Government.Number, disclosure.Period{Year: v.Filter.Year})
	v.Supervises = maySupervise(c, v.Government.Number)
	if v.Supervises {
		if v.Fills, err = s.office.CityFills(ctx, visitor(c)); err != nil {
			return err
		}
	}
	return s.send(c, status, "compile", page)
}

// compileQuery is the address of a compilation.
func compileQuery(f office.CompileFilter, code string) url.Values {
	q := url.Values{"year": {f.Year.String()}, "government": {fmt.Sprint(f.Government)}, "scope": {string(f.Scope)}}
	if f.Provisional {
		q.Set("basis", string(office.Provisional))
	}
	if code != "" {
		q.Set("code", code)
	}
	return q
}

func (v *compileView) choices() {
	years := []disclosure.Year{v.Filter.Year + 1, v.Filter.Year, v.Filter.Year - 1, v.Filter.Year - 2}
	v.Years = options(years, v.Filter.Year.String())
	v.Scopes = options(office.CompileScopes, string(v.Filter.Scope))
	for _, g := range v.Compilation.Governments {
		v.Governments = append(v.Governments, option{Value: fmt.Sprint(g.Number), Label: g.Display(), Selected: g.Number == v.Filter.Government})
	}
}

func (s *Server) compiledTables(page *view, from office.CompiledAnnex, chosen disclosure.Code) []compiledTable {
	var out []compiledTable
	for i := range from.Sum.Form.Tables {
		t := &from.Sum.Form.Tables[i]
		table := compiledTable{Title: t.Title}
		for _, row := range t.Printed(from.Sum.Prints) {
			var line []compiledCell
			for _, p := range row {
				cell := compiledCell{PrintedCell: p}
				if !p.Head && p.Code != "" {
					made := from.Cells[p.Code]
					cell.Shown, cell.Gap, cell.On = from.Sum.Cells[p.Code].Shown(), made.Blank+made.Unread+made.Absent > 0, p.Code == chosen
					cell.Href = page.With("code", string(p.Code)) + "#parts"
					cell.Title = s.text.say("compile.rests", codeLabel(p.Code), made.Numbers, made.Blank, made.Unread+made.Absent)
				}
				line = append(line, cell)
			}
			table.Rows = append(table.Rows, line)
		}
		out = append(out, table)
	}
	return out
}

// compiledParts traces a figure to its units.
func (s *Server) compiledParts(sum *office.Compilation, code disclosure.Code) (*compiledParts, error) {
	def, parts, err := sum.PartsOf(code)
	if err != nil {
		return nil, err
	}
	p := &compiledParts{Label: def.Label()}
	p.Table = dashboards.Table{Name: "parts", Caption: s.text.say("compile.parts", p.Label), Columns: []dashboards.Column{
		{Label: s.text.say("column.unit")}, {Label: s.text.say("column.value"), Numeric: true}, {Label: s.text.say("column.scope")}, {Label: s.text.say("column.remark")}}}
	total := decimal.Zero
	for _, part := range parts {
		basis := string(office.Approved)
		why := part.Why
		if part.Provisional {
			basis = string(office.Provisional)
			why = s.text.say("compile.provisional_mark") + why
		}
		value := dashboards.Cell{Text: part.Text, Href: reportHref(part.Key, basis) + "#" + string(code)}
		if part.Counts {
			n, err := decimal.NewFromString(part.Text)
			if err == nil {
				value.Number = decimal.NewNullDecimal(n)
				total = total.Add(n)
			}
		} else {
			value.Mark = "none"
			if value.Text == "" {
				value.Text = s.text.say("state.blank")
			}
		}
		p.Table.Rows = append(p.Table.Rows, dashboards.Row{Cells: []dashboards.Cell{dashboards.Link(part.Unit.Display(), unitHref(part.Unit.Number)), value,
			dashboards.Text(s.text.scope(part.Key.Scope)), dashboards.Text(why)}})
	}
	p.Table.Rows = append(p.Table.Rows, dashboards.Row{Strong: true, Cells: []dashboards.Cell{dashboards.Text(s.text.say("column.total")),
		{Text: total.String(), Number: decimal.NewNullDecimal(total)}, {}, {}}})
	return p, nil
}

// compiledUnits lists whom the sum holds and whom not, for the download.
func (s *Server) compiledUnits(sum *office.Compilation) dashboards.Table {
	t := dashboards.Table{Name: "units", Caption: s.text.say("compile.units"), Notes: sum.Remarks(),
		Columns: dashboards.Columns([]string{s.text.say("column.unit"), s.text.say("column.kind"), s.text.say("column.scope"), s.text.say("compile.taken")})}
	add := func(u *disclosure.Unit, scope, taken string) {
		t.Rows = append(t.Rows, dashboards.Row{Cells: []dashboards.Cell{dashboards.Text(u.Name), dashboards.Text(string(u.Kind)), dashboards.Text(scope), dashboards.Text(taken)}})
	}
	for _, m := range sum.Members {
		taken := s.text.say("compile.taken_yes")
		if m.Provisional {
			taken = s.text.say("compile.taken_provisional")
		}
		add(m.Unit, s.text.scope(m.Key.Scope), taken)
	}
	for _, u := range sum.Missing {
		add(u, "", s.text.say("compile.taken_no"))
	}
	return t
}

// compileDocument is the report in the national layout, as Word or Excel.
func (s *Server) compileDocument(c echo.Context) error {
	f, err := compileFilterOf(c.QueryParam)
	if err != nil {
		return err
	}
	sum, err := s.office.Compile(c.Request().Context(), visitor(c), f)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%s%s年政府信息公开工作年度报告(%s汇总)", sum.Government.Name, sum.Filter.Year, sum.Filter.Scope)
	if c.Param("format") == "xlsx" {
		data, err := bulletin.CompiledXlsx(sum.Papers())
		if err != nil {
			return err
		}
		return handOut(c, name+".xlsx", data)
	}
	if c.Param("format") != "docx" && c.Param("format") != "pdf" {
		return disclosure.Errorf(disclosure.ErrNotFound, "只能下载 docx、pdf 或 xlsx 格式。")
	}
	data, err := bulletin.CompiledDocx(sum.Papers())
	if err != nil {
		return err
	}
	if c.Param("format") == "pdf" {
		if data, err = office.PDFOf(c.Request().Context(), name+".pdf", data); err != nil {
			return err
		}
		return handOut(c, name+".pdf", data)
	}
	return handOut(c, name+".docx", data)
}

// takeCompiled puts the sum into the government's draft.
func (s *Server) takeCompiled(c echo.Context) error {
	f, err := compileFilterOf(c.FormValue)
	if err != nil {
		return err
	}
	sitting, err := s.office.TakeCompiled(c.Request().Context(), visitor(c), f, c.FormValue("over") != "")
	if err == nil {
		return c.Redirect(http.StatusSeeOther, filingHref(sitting.Unit.Number, sitting.Period))
	}
	if code := disclosure.CodeOf(err); code != disclosure.ErrConflict && code != disclosure.ErrInvalid {
		return err
	}
	return s.showCompile(c, statusOf(err), &compileView{Sentence: disclosure.Sentence(err)})
}

type cityFillView struct {
	*office.CityFill
	Act     string
	Back    string
	Figures []option // what a head can mean
	Asked   []askedHead
	Given   []askedHead
	Done    bool
}

// askedHead is a head of the city's workbook whose meaning a person can give.
type askedHead struct{ Label, Where, Why, Code string }

// fillCity fills the city's workbook, a new one or one that waits for the
// meanings of its heads.
func (s *Server) fillCity(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return badForm(err)
	}
	f, err := compileFilterOf(c.FormValue)
	if err != nil {
		return err
	}
	heads := map[string]disclosure.Code{}
	for i, label := range form["head"] {
		if code := nth(form["meaning"], i); code != "" || form.Get("again") != "" && nth(form["given"], i) != "" {
			heads[disclosure.FoldLabel(label)] = disclosure.Code(code)
		}
	}
	var data []byte
	name := ""
	if file, fileErr := c.FormFile("file"); fileErr == nil {
		opened, err := file.Open()
		if err != nil {
			return badForm(err)
		}
		defer opened.Close()
		name = file.Filename
		if data, err = io.ReadAll(opened); err != nil {
			return badForm(err)
		}
	} else if tooLarge(fileErr) {
		return fileErr
	}
	if _, err := uuid.Parse(c.FormValue("act")); err != nil {
		return disclosure.Errorf(disclosure.ErrInvalid, "页面缺少操作编号,请从汇总页面重新上传。")
	}
	fill, err := s.office.FillCity(c.Request().Context(), visitor(c), f, name, data, c.FormValue("again"), heads, c.FormValue("act"))
	if err == nil {
		return c.Redirect(http.StatusSeeOther, "/compile/fills/"+url.PathEscape(fill.ID))
	}
	if disclosure.CodeOf(err) != disclosure.ErrInvalid {
		return err
	}
	return s.showCompile(c, statusOf(err), &compileView{Sentence: disclosure.Sentence(err)})
}

// cityFillPage says what was filled in, and what a person must look at.
func (s *Server) cityFillPage(c echo.Context) error {
	fill, err := s.office.CityFill(c.Request().Context(), visitor(c), c.Param("id"))
	if err != nil {
		return err
	}
	v := &cityFillView{CityFill: fill, Act: uuid.NewString(),
		Back: address("/compile", compileQuery(office.CompileFilter{Year: fill.Year, Government: fill.Government, Scope: fill.Scope, Provisional: fill.Provisional}, ""))}
	if form := disclosure.FormFor(disclosure.FamilyNational, fill.Year); form != nil {
		for _, def := range form.AllCells() {
			v.Figures = append(v.Figures, option{Value: string(def.Code), Label: def.Label()})
		}
	}
	for _, u := range fill.Unmatched {
		v.Asked = append(v.Asked, askedHead{Label: u.Label, Where: u.Sheet + " " + u.Cell, Why: u.Why})
	}
	for head, code := range fill.Heads {
		v.Given = append(v.Given, askedHead{Label: head, Code: string(code), Why: codeLabel(code)})
	}
	page := s.view(c, "progress", s.text.say("fill.title", fill.Name), v)
	page.Styles = []string{"wall.css"}
	return s.ok(c, "city-fill", page)
}

func (s *Server) cityFillFile(c echo.Context) error {
	fill, data, err := s.office.CityFillFile(c.Request().Context(), visitor(c), c.Param("id"))
	if err != nil {
		return err
	}
	return handOut(c, fill.Name, data)
}
