package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"mingjing/dashboards"
	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/shopspring/decimal"
)

// listsPart makes a view of the pages about lists and scores.
func (s *Server) listsPart(c echo.Context, title string, data any) *view {
	v := s.view(c, "issues", title, data)
	v.Styles, v.Scripts = []string{"lists.css"}, []string{"lists.js"}
	return v
}

func listHref(id string) string { return "/lists/" + url.PathEscape(id) }

// issuesHref is the list of issues, narrowed by parameters in pairs.
func issuesHref(pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return address("/issues", q)
}

// entersIssues says whether the visitor makes lists and brings files for them.
func entersIssues(v people.Visitor) bool {
	return v.Everywhere(people.Supervise) || v.Anywhere(people.Evaluate)
}

type listsView struct {
	Quarter  disclosure.Period
	Name     string // of the quarter
	All      bool
	Quarters []option
	Table    dashboards.Table
	May      bool // make lists
}

// listsPage shows the lists of a quarter: who evaluates, how many issues stand
// in which state, and what the scores and the deductions do not agree on.
func (s *Server) listsPage(c echo.Context) error {
	ctx, v := c.Request().Context(), visitor(c)
	asked := c.QueryParam("quarter")
	lines, err := s.office.IssueLists(ctx, v, disclosure.Period{})
	if err != nil {
		return err
	}
	d := listsView{All: asked == "all", May: entersIssues(v)}
	d.Quarter = issue.QuarterOf(s.clock())
	if len(lines) > 0 {
		d.Quarter = lines[0].Quarter
	}
	if asked != "" && !d.All {
		if d.Quarter, err = issue.ParseQuarter(asked); err != nil {
			return err
		}
	}
	d.Quarters = quarterOptions(lines, d.Quarter, d.All)
	if !d.All {
		lines = slices.DeleteFunc(lines, func(l office.IssueListLine) bool { return l.Quarter != d.Quarter })
	}
	d.Name = issue.QuarterName(d.Quarter)
	title := s.text.say("lists.title", d.Name)
	if d.All {
		title = s.text.say("lists.title_all")
	}
	d.Table = s.listsTable(lines)
	if done, err := s.download(c, title, d.Table); done || err != nil {
		return err
	}
	return s.ok(c, "lists", s.listsPart(c, title, d))
}

// quarterOptions are the quarters that have lists, and the one that is shown.
func quarterOptions(lines []office.IssueListLine, shown disclosure.Period, all bool) []option {
	met := []disclosure.Period{shown}
	for _, l := range lines {
		if !slices.Contains(met, l.Quarter) {
			met = append(met, l.Quarter)
		}
	}
	slices.SortFunc(met, func(a, b disclosure.Period) int {
		return cmp.Or(cmp.Compare(b.Year, a.Year), cmp.Compare(b.Quarter, a.Quarter))
	})
	var out []option
	for _, q := range met {
		out = append(out, option{Value: q.String(), Label: issue.QuarterName(q), Selected: q == shown && !all})
	}
	return out
}

func (s *Server) listsTable(lines []office.IssueListLine) dashboards.Table {
	say := s.text.say
	t := dashboards.Table{Name: "lists", Caption: say("lists.table"), Columns: []dashboards.Column{{Label: say("lists.list")}, {Label: say("lists.round")}, {Label: say("lists.evaluators")},
		{Label: say("lists.issues"), Numeric: true}, {Label: say("lists.states")}, {Label: say("lists.overdue"), Numeric: true}, {Label: say("lists.scores")},
		{Label: say("lists.differences"), Numeric: true}, {Label: say("lists.state")}}}
	for _, l := range lines {
		title := dashboards.Link(l.Title, listHref(l.ID))
		title.Below = l.Source
		evaluators := dashboards.Text(strings.Join(l.Persons, "、"))
		if evaluators.Text == "" {
			evaluators = dashboards.Cell{Text: "–", Mark: "none"}
		}
		row := []dashboards.Cell{title, dashboards.Text(string(l.Round)), evaluators, numberCell(l.Issues, issuesHref("list", l.ID)), dashboards.Text(s.stateCounts(l)),
			numberCell(l.Overdue, issuesHref("list", l.ID, "overdue", "1"))}
		if l.Overdue > 0 {
			row[5].Mark = "error"
		}
		scores := dashboards.Cell{Text: say("lists.no_scores"), Mark: "none"}
		differences := dashboards.Cell{Text: "–", Mark: "none"}
		if l.Scored > 0 {
			scores = dashboards.Link(say("lists.scored", l.Scored), listHref(l.ID)+"#scores")
			differences = numberCell(l.Differences, listHref(l.ID)+"#differences")
			if l.Differences > 0 {
				differences.Mark = "error"
			}
			if l.Counted {
				scores.Below = say("lists.counted")
			}
		}
		state := dashboards.Text(issue.ListStateNames[l.State])
		if !l.Due.IsZero() {
			state.Below = say("lists.due", l.Due)
		}
		t.Rows = append(t.Rows, dashboards.Row{Cells: append(row, scores, differences, state)})
	}
	return t
}

// stateCounts names the states that a list's issues stand in: 已交办 3、已销号 5.
func (s *Server) stateCounts(l office.IssueListLine) string {
	var out []string
	for _, state := range issue.States {
		if n := l.States[state]; n > 0 {
			out = append(out, fmt.Sprintf("%s %d", issue.StateNames[state], n))
		}
	}
	if len(out) == 0 {
		return "–"
	}
	return strings.Join(out, "、")
}

// numberCell is a count that leads to what it counts; a zero leads nowhere.
func numberCell(n int, href string) dashboards.Cell {
	out := dashboards.Cell{Text: strconv.Itoa(n), Number: decimal.NewNullDecimal(decimal.NewFromInt(int64(n)))}
	if n > 0 {
		out.Href = href
	}
	return out
}

type listFormView struct {
	office.IssueListForm
	At       string // where the form goes
	New      bool
	Sentence string
	Act      string
	DueDay   string
	DueTime  string
	DueHint  string
	Quarters []option
	Rounds   []option
	States   []option
	// Evaluators are for supervisors; nobody else says who evaluates.
	Evaluators []option
	Supervises bool
}

// newListPage is an empty form.
func (s *Server) newListPage(c echo.Context) error {
	d := listFormView{New: true, IssueListForm: office.IssueListForm{Quarter: issue.QuarterOf(s.clock()), Round: issue.RoundDistrict}}
	if asked := c.QueryParam("quarter"); asked != "" && asked != "all" {
		q, err := issue.ParseQuarter(asked)
		if err != nil {
			return err
		}
		d.Quarter = q
	}
	return s.showListForm(c, http.StatusOK, &d)
}

// editListPage is the form of a list that is there.
func (s *Server) editListPage(c echo.Context) error {
	l, err := s.keptList(c)
	if err != nil {
		return err
	}
	return s.showListForm(c, http.StatusOK, s.listForm(l))
}

func (s *Server) listForm(l *office.IssueListView) *listFormView {
	d := &listFormView{IssueListForm: office.IssueListForm{ID: l.ID, Seq: l.Seq, Quarter: l.Quarter, Round: l.Round, Title: l.Title, Source: l.Source, State: l.State,
		Evaluators: l.Evaluators, Due: l.Due, Counted: l.Counted}}
	if !l.Due.IsZero() {
		d.DueDay, d.DueTime = l.Due.Date.String(), ""
		if l.Due.Hour != 0 || l.Due.Minute != 0 {
			d.DueTime = fmt.Sprintf("%02d:%02d", l.Due.Hour, l.Due.Minute)
		}
	}
	return d
}

func (s *Server) showListForm(c echo.Context, status int, d *listFormView) error {
	ctx, v := c.Request().Context(), visitor(c)
	if !entersIssues(v) {
		return v.Demand(people.Supervise, 0)
	}
	due, err := s.suggestedDue(c)
	if err != nil {
		return err
	}
	d.DueHint = s.text.say("lists.form_due_hint", due.Chinese(), suggestedDays)
	d.Act, d.Supervises = uuid.NewString(), v.Everywhere(people.Supervise)
	d.At = "/lists/new"
	title := s.text.say("lists.new_title")
	if !d.New {
		d.At, title = listHref(d.ID)+"/edit", s.text.say("lists.edit_title")
	}
	last := issue.QuarterOf(s.clock())
	if last.Quarter++; last.Quarter > 4 {
		last = disclosure.Period{Year: last.Year + 1, Quarter: 1}
	}
	for q, n := last, 0; n < 10; q, n = issue.Before(q), n+1 {
		d.Quarters = append(d.Quarters, option{Value: q.String(), Label: issue.QuarterName(q), Selected: q == d.Quarter})
	}
	if !slices.ContainsFunc(d.Quarters, func(o option) bool { return o.Selected }) {
		d.Quarters = append(d.Quarters, option{Value: d.Quarter.String(), Label: issue.QuarterName(d.Quarter), Selected: true})
	}
	for _, r := range issue.Rounds {
		d.Rounds = append(d.Rounds, option{Value: string(r), Label: string(r), Selected: r == d.Round})
	}
	for _, st := range []issue.ListState{issue.ListOpen, issue.ListClosed} {
		d.States = append(d.States, option{Value: string(st), Label: issue.ListStateNames[st], Selected: st == d.State})
	}
	if d.Supervises {
		all, err := s.office.Evaluators(ctx, v)
		if err != nil {
			return err
		}
		for _, e := range all {
			d.Evaluators = append(d.Evaluators, option{Value: e.Account, Label: e.Name, Selected: slices.Contains(d.IssueListForm.Evaluators, e.Account)})
		}
	}
	return s.send(c, status, "list-form", s.listsPart(c, title, d))
}

// putList makes a list or changes one.
func (s *Server) putList(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return received(err)
	}
	d := &listFormView{New: c.Param("id") == "", DueDay: strings.TrimSpace(form.Get("due_day")), DueTime: strings.TrimSpace(form.Get("due_time"))}
	d.IssueListForm = office.IssueListForm{Round: issue.Round(form.Get("round")), Title: form.Get("title"), Source: form.Get("source"), State: issue.ListState(form.Get("state")),
		Evaluators: form["evaluator"], Counted: form.Get("counted") != ""}
	if !d.New {
		l, err := s.keptList(c)
		if err != nil {
			return err
		}
		d.ID, d.Quarter = l.ID, l.Quarter
		d.Seq, _ = strconv.ParseUint(form.Get("seq"), 10, 64) // none is a conflict
		// Accounts that are no evaluators any more are not offered, and stay.
		for k, account := range l.Evaluators {
			if !slices.Contains(d.IssueListForm.Evaluators, account) && !slices.Contains(form["offered"], account) {
				d.IssueListForm.Evaluators = append(d.IssueListForm.Evaluators, l.Evaluators[k])
			}
		}
	} else if d.Quarter, err = issue.ParseQuarter(form.Get("quarter")); err != nil {
		d.Quarter = issue.QuarterOf(s.clock())
	}
	if err == nil && d.New && entersIssues(visitor(c)) && strings.TrimSpace(d.Title+d.Source) == "" {
		err = disclosure.Errorf(disclosure.ErrInvalid, "请填写来源(谁测评的,如第三方测评机构)或清单名称,再保存。")
	}
	if err == nil && d.DueDay+d.DueTime != "" {
		d.Due, err = calendar.ParseMoment(strings.TrimSpace(d.DueDay + " " + d.DueTime))
	}
	var made *issue.List
	if err == nil {
		made, err = s.office.PutIssueList(c.Request().Context(), visitor(c), form.Get("act"), d.IssueListForm)
	}
	if err != nil {
		if !personsFault(err) || disclosure.CodeOf(err) == disclosure.ErrForbidden && !entersIssues(visitor(c)) {
			return err
		}
		d.Sentence = disclosure.Sentence(err)
		if disclosure.CodeOf(err) == disclosure.ErrConflict && !d.New {
			// What was typed stays; saved once more it stands over what is there.
			if l, err := s.keptList(c); err == nil && l.Seq != d.Seq {
				d.Seq, d.Sentence = l.Seq, d.Sentence+s.text.say("lists.over")
			}
		}
		return s.showListForm(c, statusOf(err), d)
	}
	return c.Redirect(http.StatusSeeOther, listHref(made.ID)+"?kept=1")
}

// keptList is the list of the address, for who may change it and put issues on
// it. Errors: ErrNotFound, ErrForbidden.
func (s *Server) keptList(c echo.Context) (*office.IssueListView, error) {
	l, err := s.office.IssueList(c.Request().Context(), visitor(c), c.Param("id"))
	if err != nil {
		return nil, err
	}
	if !l.May {
		return nil, disclosure.Errorf(disclosure.ErrForbidden, "只有区级审核员和这份清单的评估员可以修改清单、导入问题和得分;需要更正请与区级审核员联系。")
	}
	return l, nil
}
