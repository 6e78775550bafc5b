package web

import (
	"net/http"
	"slices"

	"mingjing/internal/people"

	"github.com/labstack/echo/v4"
)

// menuEntry is a line of the main menu; its text is "nav." + Nav.
type menuEntry struct {
	Nav, Href string
	Keeps     bool // the filters of the page stay
	District  bool // compares the district's units: the provisional basis only for who sees all of them
	who       who
	or        []people.Right // one of these rights is enough too
	Count     int            // how much waits there, 0 for nothing to say
}

// menu is the main menu in its order; everybody sees what is theirs.
var menu = []menuEntry{
	{Nav: "work", Href: "/work", who: with(people.FileReport), or: []people.Right{people.ReviewReport}},
	{Nav: "review", Href: "/review", who: with(people.ReviewReport), or: []people.Right{people.Supervise}},
	{Nav: "overview", Href: "/", Keeps: true, District: true, who: with(people.SeeOverview)},
	{Nav: "progress", Href: "/progress", who: with(people.SeeProgress)},
	{Nav: "compare", Href: "/compare", Keeps: true, District: true, who: signedIn},
	{Nav: "matters", Href: "/matters", Keeps: true, who: with(people.SeeFindings)},
	{Nav: "issues", Href: "/issues", who: with(people.SeeIssues), or: []people.Right{people.AnswerIssue, people.Evaluate}},
	{Nav: "quarter", Href: "/quarter", who: with(people.SeeIssues), or: []people.Right{people.AnswerIssue, people.Evaluate}},
	{Nav: "units", Href: "/units", Keeps: true, who: signedIn},
	{Nav: "notices", Href: "/notices", who: with(people.SeeIssues)},
	{Nav: "proxy", Href: "/proxy", who: with(people.Supervise)},
	{Nav: "admin", Href: "/admin/accounts", who: with(people.KeepAccounts)},
	{Nav: "help", Href: "/help", who: anonymous},
}

func menuOf(v *people.Visitor) []menuEntry {
	var out []menuEntry
	for _, e := range menu {
		switch {
		case e.who == anonymous, v != nil && !v.MustChange && (e.who == signedIn || v.Anywhere(people.Right(e.who)) || slices.ContainsFunc(e.or, v.Anywhere)):
			e.District = e.District && (v == nil || !v.Everywhere(people.SeeFiled))
			out = append(out, e)
		}
	}
	return out
}

// countWaiting says in the menu how much waits for the visitor. A page does not
// fail for it.
func (s *Server) countWaiting(c echo.Context, entries []menuEntry) {
	for i := range entries {
		count := s.office.ReviewCount
		switch entries[i].Nav {
		case "review":
		case "issues":
			count = s.office.IssueCount
		default:
			continue
		}
		n, err := count(c.Request().Context(), visitor(c))
		if err != nil {
			s.log.Error("menu count", "error", err.Error(), "request_id", idOf(c))
		}
		entries[i].Count = n
	}
}

// notice is the sentence that stands on every page.
func (s *Server) notice(c echo.Context) string {
	if settings, _, err := s.office.Settings(c.Request().Context()); err == nil && settings.Notice != "" {
		return settings.Notice
	}
	return s.text.say("site.secrecy")
}

// homePage is where each person's work begins: the overview for those who look
// at the district, their own filing for those who report.
func (s *Server) homePage(c echo.Context) error {
	v := visitor(c)
	if !v.Anywhere(people.SeeOverview) && (v.Anywhere(people.FileReport) || v.Anywhere(people.ReviewReport)) {
		return c.Redirect(http.StatusSeeOther, "/work")
	}
	return s.overviewPage(c)
}
