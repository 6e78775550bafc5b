package web

import (
	"mingjing/internal/disclosure"
	"mingjing/internal/people"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// adminTab is a part of the administration; its text is "admin." + Name.
type adminTab struct {
	Name, Href string
	right      people.Right
}

var adminTabs = []adminTab{
	{"accounts", "/admin/accounts", people.KeepAccounts},
	{"units", "/admin/units", people.KeepUnits},
	{"audit", "/admin/audit", people.ReadAudit},
	{"settings", "/admin/settings", people.Configure},
	{"erase", "/admin/erase", people.EraseContent},
}

// adminView is what the pages of the administration share.
type adminView struct {
	Tab      string
	Tabs     []adminTab
	Done     string // a word of what was done: "done." + Done
	Sentence string // what was wrong with the last try
	Act      string // the number of the act that a form on the page makes
}

func (s *Server) adminView(c echo.Context, tab string) adminView {
	a := adminView{Tab: tab, Act: uuid.NewString(), Done: c.QueryParam("done")}
	if _, known := s.text.find("done." + a.Done); !known {
		a.Done = ""
	}
	v := visitor(c)
	for _, t := range adminTabs {
		if v.Anywhere(t.right) {
			a.Tabs = append(a.Tabs, t)
		}
	}
	return a
}

// showAdmin sends a page of the administration. What a form got wrong comes
// with the status that belongs to it.
func (s *Server) showAdmin(c echo.Context, page, title string, wrong error, data any) error {
	v := s.view(c, "admin", title, data)
	v.Styles = []string{"admin.css"}
	c.Response().Header().Set("Cache-Control", "private, no-store")
	status := 200
	if wrong != nil {
		status = statuses[disclosure.CodeOf(wrong)]
	}
	return s.send(c, status, page, v)
}

// mended says whether an error is one that the person can put right on the
// page that the form stands on.
func mended(err error) bool {
	switch disclosure.CodeOf(err) {
	case disclosure.ErrInvalid, disclosure.ErrConflict, disclosure.ErrForbidden:
		return err != nil
	}
	return false
}
