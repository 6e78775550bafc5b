package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/office"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

type planView struct {
	*office.PlanPage
	Years    []option
	Steps    []planStep
	Groups   []planGroup
	Rungs    []planRung
	Issues   []planRung // the ladder of issues
	Statutes []option
	Extend   planExtend
	Act      string
	Done     string // what was kept
	Sentence string // why it was not
	Wrong    string // the form that the sentence is about: plan, extend, ladder
	Law      string
}

// planStep, planGroup and planRung are lines of forms: texts as people typed them.
type (
	planStep  struct{ Step, Day, Hour, Statute, Says string }
	planGroup struct{ Group, Step, Day, Hour, Notice string }
	planRung  struct{ Name, Workdays, Says string }
	// planExtend is the form of an extension.
	planExtend struct{ Unit, Group, Step, Day, Hour, Reason string }
)

// planPage is the working calendar of a filing year, its extensions and the
// escalation.
func (s *Server) planPage(c echo.Context) error {
	v := &planView{Extend: planExtend{Unit: c.QueryParam("unit"), Step: string(calendar.StepFinal)}}
	for _, kept := range []string{"plan", "extend", "ladder", "issue-ladder"} {
		if c.QueryParam("done") == kept {
			v.Done = s.text.say("plan.done_" + kept)
		}
	}
	year, err := optionalYear(c.QueryParam("year"))
	if err != nil {
		return err
	}
	return s.showPlan(c, http.StatusOK, year, v)
}

func optionalYear(text string) (disclosure.Year, error) {
	if text == "" {
		return 0, nil
	}
	return parseYear(text)
}

func (s *Server) showPlan(c echo.Context, status int, year disclosure.Year, v *planView) error {
	var err error
	if v.PlanPage, err = s.office.PlanPage(c.Request().Context(), visitor(c), year); err != nil {
		return err
	}
	v.Years, v.Act = options(v.PlanPage.Years, v.Plan.Year.String()), uuid.NewString()
	unit, government := statutoryDays(v.Plan.Year)
	v.Law = s.text.say("progress.statutory", unit, government)
	for _, st := range []calendar.Statute{calendar.StatuteNone, calendar.StatuteUnit, calendar.StatuteGovernment} {
		v.Statutes = append(v.Statutes, option{Value: string(st), Label: s.text.say("plan.statute_" + string(st))})
	}
	if v.Steps == nil {
		for _, m := range v.Plan.Steps {
			day, hour := momentFields(m.Due)
			v.Steps = append(v.Steps, planStep{string(m.Step), day, hour, string(m.Statute), m.Says})
		}
		for _, g := range v.Plan.Groups {
			day, hour := momentFields(g.Due)
			v.Groups = append(v.Groups, planGroup{g.Group, string(g.Step), day, hour, g.Notice})
		}
	}
	if v.Rungs == nil {
		for _, r := range v.Ladder {
			v.Rungs = append(v.Rungs, planRung{r.Name, strconv.Itoa(r.Workdays), r.Says})
		}
	}
	if v.Issues == nil {
		for _, r := range v.IssueLadder {
			v.Issues = append(v.Issues, planRung{r.Name, strconv.Itoa(r.Workdays), r.Says})
		}
	}
	if v.MayChange { // room for more
		v.Issues = append(v.Issues, planRung{})
		v.Steps = append(v.Steps, planStep{})
		v.Groups = append(v.Groups, planGroup{}, planGroup{})
		v.Rungs = append(v.Rungs, planRung{})
	}
	page := s.view(c, "progress", s.text.say("plan.title", v.Plan.Year), v)
	page.Styles, page.Scripts = []string{"wall.css"}, []string{"wall.js"}
	return s.send(c, status, "plan", page)
}

// momentFields are a due time as two fields of a form show it.
func momentFields(m calendar.Moment) (day, hour string) {
	if m.IsZero() {
		return "", ""
	}
	day, hour, _ = strings.Cut(m.String(), " ")
	return day, hour
}

// momentOf reads the two fields; no hour is the end of the day.
func momentOf(day, hour string) (calendar.Moment, error) {
	if strings.TrimSpace(day) == "" {
		return calendar.Moment{}, disclosure.Errorf(disclosure.ErrInvalid, "有一个时间没有写日期,请填写。")
	}
	return calendar.ParseMoment(strings.TrimSpace(day + " " + strings.TrimSpace(hour)))
}

// putPlan changes the steps and the groups' own times.
func (s *Server) putPlan(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return badForm(err)
	}
	year, err := parseYear(form.Get("year"))
	if err != nil {
		return err
	}
	v := &planView{Wrong: "plan", Steps: []planStep{}}
	for i, name := range form["step"] {
		if st := (planStep{strings.TrimSpace(name), nth(form["day"], i), nth(form["hour"], i), nth(form["statute"], i), strings.TrimSpace(nth(form["says"], i))}); st != (planStep{}) {
			v.Steps = append(v.Steps, st)
		}
	}
	for i, name := range form["group"] {
		if g := (planGroup{name, nth(form["group_step"], i), nth(form["group_day"], i), nth(form["group_hour"], i), strings.TrimSpace(nth(form["notice"], i))}); g.Group != "" || g.Day != "" {
			v.Groups = append(v.Groups, g)
		}
	}
	plan, err := v.plan(year)
	if err == nil {
		err = s.office.PutPlan(c.Request().Context(), visitor(c), plan, seenOf(c), form.Get("act"))
	}
	return s.afterPlan(c, year, "plan", v, err)
}

// plan reads what was typed.
func (v *planView) plan(year disclosure.Year) (calendar.Plan, error) {
	p := calendar.Plan{Year: year}
	for _, st := range v.Steps {
		due, err := momentOf(st.Day, st.Hour)
		if err != nil {
			return p, err
		}
		p.Steps = append(p.Steps, calendar.Milestone{Step: calendar.Step(st.Step), Due: due, Statute: calendar.Statute(st.Statute), Says: st.Says})
	}
	for _, g := range v.Groups {
		due, err := momentOf(g.Day, g.Hour)
		if err != nil {
			return p, err
		}
		p.Groups = append(p.Groups, calendar.GroupDue{Group: g.Group, Step: calendar.Step(g.Step), Due: due, Notice: g.Notice})
	}
	return p, nil
}

func nth(all []string, i int) string {
	if i < len(all) {
		return all[i]
	}
	return ""
}

// afterPlan leads back to the page, or shows it with what was typed and why it
// was not kept.
func (s *Server) afterPlan(c echo.Context, year disclosure.Year, form string, v *planView, err error) error {
	if err == nil {
		return c.Redirect(http.StatusSeeOther, address("/plan", url.Values{"year": {year.String()}, "done": {form}})+"#"+form)
	}
	if code := disclosure.CodeOf(err); code != disclosure.ErrInvalid && code != disclosure.ErrConflict {
		return err
	}
	v.Wrong, v.Sentence = form, disclosure.Sentence(err)
	return s.showPlan(c, statusOf(err), year, v)
}

// extendDue moves an internal due time of a unit or a group.
func (s *Server) extendDue(c echo.Context) error {
	year, err := parseYear(c.FormValue("year"))
	if err != nil {
		return err
	}
	v := &planView{Extend: planExtend{Unit: c.FormValue("unit"), Group: c.FormValue("group"), Step: c.FormValue("step"), Day: c.FormValue("day"),
		Hour: c.FormValue("hour"), Reason: c.FormValue("reason")}}
	e := calendar.Extension{Group: v.Extend.Group, Step: calendar.Step(v.Extend.Step), Reason: v.Extend.Reason}
	if v.Extend.Unit != "" {
		if e.Unit, err = parseUnit(v.Extend.Unit); err != nil {
			return err
		}
	}
	if e.Due, err = momentOf(v.Extend.Day, v.Extend.Hour); err == nil {
		err = s.office.Extend(c.Request().Context(), visitor(c), year, e, seenOf(c), c.FormValue("act"))
	}
	return s.afterPlan(c, year, "extend", v, err)
}

// putLadder changes the escalation of reports.
func (s *Server) putLadder(c echo.Context) error {
	v := &planView{}
	var l calendar.Ladder
	year, err := readLadder(c, &v.Rungs, &l)
	if year == 0 {
		return err
	}
	if err == nil {
		err = s.office.PutLadder(c.Request().Context(), visitor(c), l, seenOf(c), c.FormValue("act"))
	}
	return s.afterPlan(c, year, "ladder", v, err)
}

// putIssueLadder changes the escalation of issues.
func (s *Server) putIssueLadder(c echo.Context) error {
	v := &planView{}
	var l calendar.Ladder
	year, err := readLadder(c, &v.Issues, &l)
	if year == 0 {
		return err
	}
	if err == nil {
		err = s.office.PutIssueLadder(c.Request().Context(), visitor(c), l, seenOf(c), c.FormValue("act"))
	}
	return s.afterPlan(c, year, "issue-ladder", v, err)
}

// readLadder reads a ladder's form: its rungs as they were typed, and as they
// are meant. Without a year the form cannot be shown again.
func readLadder(c echo.Context, typed *[]planRung, l *calendar.Ladder) (disclosure.Year, error) {
	form, err := c.FormParams()
	if err != nil {
		return 0, badForm(err)
	}
	year, err := parseYear(form.Get("year"))
	if err != nil {
		return 0, err
	}
	*typed = []planRung{}
	for i, name := range form["rung"] {
		r := planRung{strings.TrimSpace(name), strings.TrimSpace(nth(form["workdays"], i)), strings.TrimSpace(nth(form["rung_says"], i))}
		if r == (planRung{}) {
			continue
		}
		*typed = append(*typed, r)
		days, convErr := strconv.Atoi(r.Workdays)
		if convErr != nil && err == nil {
			err = disclosure.Errorf(disclosure.ErrInvalid, "催办阶梯“%s”的工作日数应是整数,期限之前写负数,如-5。", disclosure.Clip(r.Name, 20))
		}
		*l = append(*l, calendar.Rung{Name: r.Name, Workdays: days, Says: r.Says})
	}
	return year, err
}

// StepNames are the steps that an extension or a group's time can be for.
func (v *planView) StepNames() []string {
	var out []string
	for _, m := range v.Plan.Steps {
		out = append(out, string(m.Step))
	}
	return out
}

// UnitName names a unit of an extension.
func (v *planView) UnitName(n disclosure.UnitNumber) string {
	if i := slices.IndexFunc(v.Units, func(u *disclosure.Unit) bool { return u.Number == n }); i >= 0 {
		return v.Units[i].Display()
	}
	return strconv.Itoa(int(n))
}
