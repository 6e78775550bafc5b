package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"mingjing/dashboards"
	"mingjing/internal/disclosure"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/labstack/echo/v4"
)

type keptUnitsView struct {
	adminView
	Search, Kind, State string
	Kinds               []disclosure.UnitKind
	Rows                []office.KeptUnit
	Total               int
	Pager               pager
	Whole               bool // the list as a whole is the visitor's to import
	Names               map[disclosure.UnitNumber]string
}

const unitsPerPage = 100

func adminUnitHref(n disclosure.UnitNumber) string {
	return "/admin/units/" + strconv.FormatUint(uint64(n), 10)
}

// keptUnitsPage lists the units that the visitor keeps, as a tree.
func (s *Server) keptUnitsPage(c echo.Context) error {
	all, err := s.office.KeptUnits(c.Request().Context(), visitor(c))
	if err != nil {
		return err
	}
	v := &keptUnitsView{adminView: s.adminView(c, "units"), Search: strings.TrimSpace(c.QueryParam("q")), Kind: c.QueryParam("kind"), State: c.QueryParam("state"),
		Kinds: office.UnitKinds, Whole: visitor(c).Everywhere(people.KeepUnits)}
	sought := disclosure.NormalName(v.Search)
	for _, u := range all {
		switch v.State {
		case "unconfirmed":
			if !u.Unconfirmed {
				continue
			}
		case "abolished":
			if u.Last == 0 {
				continue
			}
		}
		if v.Kind != "" && string(u.Kind) != v.Kind || !strings.Contains(disclosure.NormalName(u.Name+u.Short+u.Code+strings.Join(u.Aliases, "")), sought) {
			continue
		}
		v.Rows = append(v.Rows, u)
	}
	v.Total = len(v.Rows)
	title := s.text.say("kept-units.title")
	if done, err := s.download(c, title, s.unitListTable(all)); done {
		return err
	}
	var from, to int
	v.Pager, from, to = pagerOf(c, v.Total, unitsPerPage)
	v.Rows = v.Rows[from:to]
	return s.showAdmin(c, "kept-units", title, nil, v)
}

// unitListTable is the list as it can be imported again: entries that nobody
// has confirmed are left out.
func (s *Server) unitListTable(units []office.KeptUnit) dashboards.Table {
	confirmed := slices.DeleteFunc(slices.Clone(units), func(u office.KeptUnit) bool { return u.Unconfirmed })
	later := office.LaterYears(confirmed)
	heads := slices.Clone(office.UnitListHeads)
	for _, from := range later {
		for _, h := range []string{"考核分组", "口径", "计入区汇总"} {
			heads = append(heads, office.LaterHead(h, from))
		}
	}
	t := dashboards.Table{Name: "units", Caption: s.text.say("kept-units.title"), Columns: dashboards.Columns(heads)}
	for _, u := range confirmed {
		row := dashboards.Row{}
		for _, text := range u.Row(later) {
			row.Cells = append(row.Cells, dashboards.Text(text))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

type keptUnitView struct {
	adminView
	New    bool
	Entry  office.UnitEntry
	Units  []office.UnitChoice
	Kinds  []disclosure.UnitKind
	Scopes []disclosure.Scope
	Years  []disclosure.UnitYear // with empty ones at the end
	Spare  []int                 // empty places for successors
	Top    bool                  // the visitor may set a unit at the top
	Known  []string              // groups that are in use
}

// spareYears and spareSuccessors are how many empty rows the lists end with.
const (
	spareYears      = 2
	spareSuccessors = 2
)

func (s *Server) newUnitPage(c echo.Context) error {
	v := &keptUnitView{New: true}
	v.Entry.Kind = disclosure.UnitDepartment
	if n, err := strconv.ParseUint(c.QueryParam("parent"), 10, 32); err == nil {
		v.Entry.Parent = disclosure.UnitNumber(n)
	}
	return s.showUnit(c, v, nil)
}

func (s *Server) keptUnitPage(c echo.Context) error {
	v := &keptUnitView{}
	if err := s.loadUnit(c, v); err != nil {
		return err
	}
	return s.showUnit(c, v, nil)
}

func (s *Server) loadUnit(c echo.Context, v *keptUnitView) error {
	n, err := parseUnit(c.Param("number"))
	if err != nil {
		return err
	}
	v.Entry, err = s.office.UnitEntry(c.Request().Context(), visitor(c), n)
	return err
}

func (s *Server) showUnit(c echo.Context, v *keptUnitView, wrong error) (err error) {
	ctx, who := c.Request().Context(), visitor(c)
	v.adminView = s.adminView(c, "units")
	v.Sentence = whatWentWrong(wrong)
	v.Kinds, v.Scopes, v.Top = office.UnitKinds, office.UnitScopes, who.Everywhere(people.KeepUnits)
	if v.Units, err = s.office.UnitChoices(ctx, who, people.KeepUnits); err != nil {
		return err
	}
	kept, err := s.office.KeptUnits(ctx, who)
	if err != nil {
		return err
	}
	for _, u := range kept {
		for _, y := range u.Years {
			if y.Group != "" && !slices.Contains(v.Known, y.Group) {
				v.Known = append(v.Known, y.Group)
			}
		}
	}
	slices.Sort(v.Known)
	v.Years = slices.Clone(v.Entry.Years)
	for range spareYears {
		v.Years = append(v.Years, disclosure.UnitYear{})
	}
	v.Spare = make([]int, spareSuccessors)
	title := s.text.say("kept-unit.new")
	if !v.New {
		title = v.Entry.Name
	}
	return s.showAdmin(c, "kept-unit", title, wrong, v)
}

// formUnit reads a unit as typed.
func formUnit(c echo.Context) (disclosure.Unit, error) {
	u := disclosure.Unit{Name: c.FormValue("name"), Short: c.FormValue("short"), Code: c.FormValue("code"), Kind: disclosure.UnitKind(c.FormValue("kind")),
		ReviewOff: c.FormValue("review") == "off"}
	for _, alias := range strings.FieldsFunc(c.FormValue("aliases"), func(r rune) bool { return strings.ContainsRune("、;;,,\r\n", r) }) {
		u.Aliases = append(u.Aliases, strings.TrimSpace(alias))
	}
	number := func(text, what string) (int, error) {
		if text = strings.TrimSpace(text); text == "" {
			return 0, nil
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > 1<<31-1 {
			return 0, disclosure.Errorf(disclosure.ErrInvalid, "%s应是数字,请核对“%s”。", what, text)
		}
		return n, nil
	}
	form, err := c.FormParams()
	if err != nil {
		return u, disclosure.Errorf(disclosure.ErrInvalid, "表单没有传送完整,请重试。").Because(err)
	}
	at := func(name string, i int) string {
		if list := form[name]; i < len(list) {
			return list[i]
		}
		return ""
	}
	var failed error
	read := func(text, what string) int {
		n, err := number(text, what)
		if err != nil && failed == nil {
			failed = err
		}
		return n
	}
	u.Sort, u.First, u.Last = read(c.FormValue("sort"), "排序"), disclosure.Year(read(c.FormValue("first"), "起始年")), disclosure.Year(read(c.FormValue("last"), "终止年"))
	u.Parent = disclosure.UnitNumber(read(c.FormValue("parent"), "上级单位"))
	for _, text := range form["successor"] {
		if n := read(text, "继任单位"); n != 0 {
			u.Successors = append(u.Successors, disclosure.UnitNumber(n))
		}
	}
	for i, scope := range form["scope"] {
		if scope == "" {
			continue // an empty row
		}
		u.Years = append(u.Years, disclosure.UnitYear{From: disclosure.Year(read(at("from", i), "起始年")), Group: strings.TrimSpace(at("group", i)),
			Scope: disclosure.Scope(scope), Counted: at("counted", i) != "no"})
	}
	return u, failed
}

func (s *Server) createUnit(c echo.Context) error {
	u, err := formUnit(c)
	var n disclosure.UnitNumber
	if err == nil {
		n, err = s.office.CreateUnit(c.Request().Context(), visitor(c), u, c.FormValue("act"))
	}
	if mended(err) {
		return s.showUnit(c, &keptUnitView{New: true, Entry: office.UnitEntry{Unit: u}}, err)
	}
	if err != nil {
		return err
	}
	if n == 0 { // a second press
		return c.Redirect(http.StatusSeeOther, "/admin/units?done=created")
	}
	return c.Redirect(http.StatusSeeOther, adminUnitHref(n)+"?done=created")
}

func (s *Server) changeUnit(c echo.Context) error {
	v := &keptUnitView{}
	if err := s.loadUnit(c, v); err != nil {
		return err
	}
	u, err := formUnit(c)
	u.Number = v.Entry.Number
	if err == nil {
		seen, _ := strconv.ParseUint(c.FormValue("seen"), 10, 64)
		err = s.office.ChangeUnit(c.Request().Context(), visitor(c), u, seen, c.FormValue("act"))
	}
	if mended(err) {
		u.Unconfirmed, u.MergedInto = v.Entry.Unconfirmed, v.Entry.MergedInto
		v.Entry.Unit = u
		return s.showUnit(c, v, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, adminUnitHref(u.Number)+"?done=changed")
}

// mergeUnit makes an unconfirmed entry an alias of a listed unit.
func (s *Server) mergeUnit(c echo.Context) error {
	v := &keptUnitView{}
	if err := s.loadUnit(c, v); err != nil {
		return err
	}
	into, err := parseUnit(c.FormValue("into"))
	if err != nil {
		err = disclosure.Errorf(disclosure.ErrInvalid, "请选择要并入的单位。")
	} else {
		err = s.office.MergeUnconfirmed(c.Request().Context(), visitor(c), v.Entry.Number, into)
	}
	if mended(err) {
		return s.showUnit(c, v, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, adminUnitHref(into)+"?done=merged")
}
