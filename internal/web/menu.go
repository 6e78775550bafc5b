package web

import (
	"mingjing/internal/people"

	"github.com/labstack/echo/v4"
)

// menuEntry is a line of the main menu; its text is "nav." + Nav.
type menuEntry struct {
	Nav, Href string
	Keeps     bool // the filters of the page stay
	who       who
}

// menu is the main menu in its order; everybody sees what is theirs.
var menu = []menuEntry{
	{"overview", "/", true, with(people.SeeOverview)},
	{"compare", "/compare", true, signedIn},
	{"findings", "/findings", true, with(people.SeeFindings)},
	{"units", "/units", true, signedIn},
	{"admin", "/admin/accounts", false, with(people.KeepAccounts)},
	{"help", "/help", false, anonymous},
}

func menuOf(v *people.Visitor) []menuEntry {
	var out []menuEntry
	for _, e := range menu {
		switch {
		case e.who == anonymous, v != nil && !v.MustChange && (e.who == signedIn || v.Anywhere(people.Right(e.who))):
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

// homePage is where each person's work begins.
func (s *Server) homePage(c echo.Context) error { return s.overviewPage(c) }
