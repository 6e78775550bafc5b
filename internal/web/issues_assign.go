package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// assignPerPage is how many issues are assigned in one sitting; each line holds
// the unit list twice.
const assignPerPage = 25

type assignView struct {
	Lines    []assignLine
	Total    int
	Pager    pager
	Units    []office.UnitChoice
	Act      string
	Back     string
	Done     int
	Handed   bool
	Sentence string
	Day      string
	Hour     string
}

type assignLine struct {
	office.UnassignedIssue
	Href    string
	Key     string
	Units   []option
	Helpers []option
	Guess   []suggestedUnit
	Why     string
}

type suggestedUnit struct {
	Value, Name string
	Lead        bool
}

// assignPage shows all issues that no unit answers for yet.
func (s *Server) assignPage(c echo.Context) error {
	return s.showAssign(c, http.StatusOK, nil, nil, "")
}

// showAssign shows the page; typed is the form that was sent, refused what of it
// was not done.
func (s *Server) showAssign(c echo.Context, status int, typed url.Values, refused []office.Refusal, sentence string) error {
	ctx, who := c.Request().Context(), visitor(c)
	v := &assignView{Act: uuid.NewString(), Sentence: sentence}
	n, err := strconv.Atoi(c.QueryParam("page"))
	if err != nil || n < 1 {
		n = 1
	}
	f := office.IssueFilter{List: c.QueryParam("list"), Limit: assignPerPage, Offset: (n - 1) * assignPerPage}
	lines, total, err := s.office.UnassignedIssues(ctx, who, f)
	if err != nil {
		return err
	}
	from := 0
	if v.Pager, from, _ = pageOf(c.QueryParam("page"), total, assignPerPage); from != f.Offset {
		f.Offset = from
		if lines, total, err = s.office.UnassignedIssues(ctx, who, f); err != nil {
			return err
		}
	}
	v.Total = total
	if v.Units, err = s.office.UnitChoices(ctx, who, people.Supervise); err != nil {
		return err
	}
	names := map[disclosure.UnitNumber]string{}
	for _, u := range v.Units {
		names[u.Number] = u.Name
	}
	why := map[string]string{}
	for _, r := range refused {
		why[r.Issue] = r.Sentence
	}
	for _, l := range lines {
		line := assignLine{UnassignedIssue: l, Href: issueHref(l.ID), Key: issueKey(l.ID, l.Seq), Why: why[l.ID]}
		lead, helpers := "", []string(nil)
		for _, n := range l.Suggested {
			if names[n] == "" {
				continue // not the visitor's to name
			}
			if lead == "" {
				lead = unitText(n)
			} else {
				helpers = append(helpers, unitText(n))
			}
			line.Guess = append(line.Guess, suggestedUnit{unitText(n), names[n], lead == unitText(n)})
		}
		if typed != nil && slices.Contains(typed["id"], l.ID) {
			lead, helpers = typed.Get("unit."+l.ID), typed["helper."+l.ID]
		}
		line.Units, line.Helpers = pickUnits(v.Units, []string{lead}), pickUnits(v.Units, helpers)
		v.Lines = append(v.Lines, line)
	}
	v.Done, _ = strconv.Atoi(c.QueryParam("done"))
	v.Handed = c.QueryParam("handed") != ""
	if typed != nil {
		v.Day, v.Hour = typed.Get("day"), typed.Get("hour")
	}
	page := s.view(c, "issues", s.text.say("assign.title"), v)
	page.Query.Del("done")
	page.Query.Del("handed")
	v.Back = page.With()
	page.Styles, page.Scripts = []string{"issues.css"}, []string{"issues.js"}
	return s.send(c, status, "issue-assign", page)
}

// assignIssues assigns what a unit was chosen for, and hands it over at once when
// asked to. Lines without a unit stay.
func (s *Server) assignIssues(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return badForm(err)
	}
	if !visitor(c).Anywhere(people.Supervise) {
		return visitor(c).Demand(people.Supervise, 0)
	}
	hand := form.Get("do") == "hand_over"
	batch, err := s.assignAll(c, form, hand)
	if err != nil && !personsFault(err) {
		return err
	}
	if err != nil {
		return s.showAssign(c, statusOf(err), form, nil, disclosure.Sentence(err))
	}
	if len(batch.Refused) > 0 {
		sentence := s.text.say("assign.refused", len(batch.Done), len(batch.Refused))
		return s.showAssign(c, http.StatusConflict, form, batch.Refused, sentence)
	}
	q := url.Values{"done": {fmt.Sprint(len(batch.Done))}}
	if hand {
		q.Set("handed", "1")
	}
	return c.Redirect(http.StatusSeeOther, address("/issues/assign", q))
}

func (s *Server) assignAll(c echo.Context, form url.Values, hand bool) (*office.IssueBatch, error) {
	due, err := optionalMoment(form.Get("day"), form.Get("hour"))
	if err != nil {
		return nil, err
	}
	var moves []office.IssueMove
	for _, id := range form["id"] {
		text := form.Get("unit." + id)
		if text == "" {
			continue
		}
		m := issue.Move{Act: issue.Assign}
		if hand { // 交办 takes the units along
			m.Act, m.Due = issue.HandOver, due
		}
		if m.Unit, err = parseUnit(text); err != nil {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "没有这个单位,请从单位列表中选择。")
		}
		if m.Helpers, err = parseHelpers(form["helper."+id]); err != nil {
			return nil, err
		}
		m.Helpers = slices.DeleteFunc(m.Helpers, func(u disclosure.UnitNumber) bool { return u == m.Unit }) // who leads does not help
		seq, err := strconv.ParseUint(form.Get("seq."+id), 10, 64)
		if err != nil {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "所选问题无法识别,请刷新页面后重新选择。")
		}
		moves = append(moves, office.IssueMove{Move: m, Issue: id, Seq: seq})
	}
	if len(moves) == 0 {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "还没有选定牵头单位,请至少为一个问题选定。")
	}
	return s.office.DoIssues(c.Request().Context(), visitor(c), form.Get("act"), moves)
}
