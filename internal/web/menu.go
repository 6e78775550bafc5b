package web

import (
	"net/http"

	"mingjing/internal/people"

	"github.com/labstack/echo/v4"
)

// menuEntry is a line of the main menu; its text is "nav." + Nav.
type menuEntry struct {
	Nav, Href string
	Keeps     bool // the filters of the page stay
	who       who
	or        people.Right // that opens it as well
}

// menu is the main menu in its order; everybody sees what is theirs.
var menu = []menuEntry{
	{Nav: "work", Href: "/work", who: with(people.FileReport), or: people.ReviewReport},
	{Nav: "overview", Href: "/", Keeps: true, who: with(people.SeeOverview)},
	{Nav: "compare", Href: "/compare", Keeps: true, who: signedIn},
	{Nav: "findings", Href: "/findings", Keeps: true, who: with(people.SeeFindings)},
	{Nav: "units", Href: "/units", Keeps: true, who: signedIn},
	{Nav: "help", Href: "/help", who: anonymous},
}

func menuOf(v *people.Visitor) []menuEntry {
	var out []menuEntry
	for _, e := range menu {
		switch {
		case e.who == anonymous, v != nil && !v.MustChange && (e.who == signedIn || v.Anywhere(people.Right(e.who)) || e.or != "" && v.Anywhere(e.or)):
			out = append(out, e)
		}
	}
	return out
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
