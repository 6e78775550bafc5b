package web

import (
	"mingjing/internal/issue"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/labstack/echo/v4"
)

// workIssues are the unit's issues on its first page: what, until when, what to
// do next.
type workIssues struct {
	Lines []workIssue
	Total int
	All   string
}

type workIssue struct {
	office.IssueLine
	Href string
	Due  dueWords
	Next string
}

// workIssuesShown is how many the first page names; the list has all.
const workIssuesShown = 8

// owed are the states in which the unit has something to do.
func owed() []issue.State {
	var out []issue.State
	for _, state := range issue.States {
		if state.Owed() {
			out = append(out, state)
		}
	}
	return out
}

// workIssuesOf are the open issues that a unit answers for or helps with; nil
// for who answers none.
func (s *Server) workIssuesOf(c echo.Context, chosen *office.WorkUnit) (*workIssues, error) {
	who := visitor(c)
	if !who.Anywhere(people.AnswerIssue) || chosen == nil || !who.May(people.AnswerIssue, chosen.Unit.Number) {
		return nil, nil
	}
	f := office.IssueFilter{Unit: chosen.Unit.Number, States: owed(), Sort: office.SortDue, Limit: workIssuesShown}
	rows, err := s.office.Issues(c.Request().Context(), who, f)
	if err != nil || rows.Total == 0 {
		return nil, err
	}
	out := &workIssues{Total: rows.Total, All: "/issues?unit=" + unitText(chosen.Unit.Number) + "&sort=due"}
	for _, state := range owed() {
		out.All += "&state=" + string(state)
	}
	for k := range rows.Rows {
		l := workIssue{IssueLine: rows.Rows[k], Href: issueHref(rows.Rows[k].ID), Due: s.dueWordsOf(&rows.Rows[k])}
		switch {
		case l.Unit == chosen.Unit.Number && l.Overdue:
			l.Next = s.text.say("issuenext.unit.overdue")
		case l.Unit == chosen.Unit.Number:
			l.Next = s.text.say("issuenext.unit." + string(l.State))
		default:
			l.Next = s.text.say("work.issues_helping", l.UnitName)
		}
		out.Lines = append(out.Lines, l)
	}
	return out, nil
}

// overviewIssues is the overview's word on issues.
type overviewIssues struct{ Overdue int }

// overviewIssuesOf counts what is overdue, nil for who does not
// see the lists.
func (s *Server) overviewIssuesOf(c echo.Context) (*overviewIssues, error) {
	if !visitor(c).Anywhere(people.SeeIssues) {
		return nil, nil
	}
	rows, err := s.office.Issues(c.Request().Context(), visitor(c), office.IssueFilter{Limit: 1})
	if err != nil || rows.Total == 0 {
		return nil, err
	}
	return &overviewIssues{Overdue: rows.Overdue}, nil
}
