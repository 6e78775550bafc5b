package web

import (
	"net/http"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/labstack/echo/v4"
)

type meView struct {
	Person   people.Person
	Grants   []grantView
	Sentence string // what was wrong with the last try
	Part     string // the part of the page that it is about
	Done     string
	Least    int

	Offered bool                  // the installation has second factors
	Pending *office.PendingFactor // waits for its first code

	Sessions []office.OpenSession
	Own      string // the ID of this session
	SignIns  []office.SignInLine
}

// grantView is a role with the name of its unit.
type grantView struct {
	Role people.Role
	Unit string
}

func (s *Server) mePage(c echo.Context) error {
	return s.showMe(c, http.StatusOK, meView{Done: c.QueryParam("done")})
}

func (s *Server) showMe(c echo.Context, status int, v meView) (err error) {
	ctx, who := c.Request().Context(), visitor(c)
	v.Person, v.Least, v.Offered = who.Person, people.LeastPassword, s.office.OffersSecondFactor()
	if _, known := s.text.find("done." + v.Done); !known {
		v.Done = ""
	}
	if v.Grants, err = s.grantViews(c, v.Person.Grants); err != nil {
		return err
	}
	if !who.MustChange {
		if v.Pending, err = s.office.PendingSecondFactor(ctx, who); err != nil {
			return err
		}
		kept, err := s.office.Sessions(ctx)
		if err != nil {
			return err
		}
		v.Sessions, v.Own = kept.Of(who.Account, s.sessions.Token(ctx))
		if v.SignIns, err = s.office.OwnSignIns(ctx, who, 10); err != nil {
			return err
		}
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return s.send(c, status, "me", s.view(c, "me", s.text.say("me.title"), v))
}

func (s *Server) grantViews(c echo.Context, grants []people.Grant) ([]grantView, error) {
	names, err := s.office.UnitNames(c.Request().Context())
	if err != nil {
		return nil, err
	}
	var out []grantView
	for _, g := range grants {
		unit := s.text.say("grant.all")
		if g.Unit != 0 {
			unit = names[g.Unit]
		}
		out = append(out, grantView{Role: g.Role, Unit: unit})
	}
	return out, nil
}

// onMe answers a form of the own page: on with a word of what was done, or the
// page again with what was wrong.
func (s *Server) onMe(c echo.Context, part string, err error) error {
	switch code := disclosure.CodeOf(err); {
	case err == nil:
		return c.Redirect(http.StatusSeeOther, "/me?done="+part)
	case code == disclosure.ErrInvalid, code == disclosure.ErrForbidden, code == disclosure.ErrConflict:
		return s.showMe(c, statuses[code], meView{Part: part, Sentence: disclosure.Sentence(err)})
	}
	return err
}

// changePassword changes the own password; every other session of the person
// ends, and this one goes on under a new token.
func (s *Server) changePassword(c echo.Context) error {
	v := visitor(c)
	if c.FormValue("password") != c.FormValue("again") {
		return s.showMe(c, http.StatusBadRequest, meView{Part: "password", Sentence: s.text.say("me.not_same")})
	}
	err := s.office.ChangePassword(c.Request().Context(), v, c.FormValue("old"), c.FormValue("password"))
	if err == nil {
		err = s.begin(c, v.Account)
	}
	return s.onMe(c, "password", err)
}

// secondFactor begins, confirms or ends the second factor.
func (s *Server) secondFactor(c echo.Context) error {
	ctx, v := c.Request().Context(), visitor(c)
	switch c.FormValue("do") {
	case "begin":
		if err := s.office.BeginSecondFactor(ctx, v); err != nil {
			return s.onMe(c, "factor", err)
		}
		return c.Redirect(http.StatusSeeOther, "/me#factor")
	case "confirm":
		return s.onMe(c, "factor", s.office.ConfirmSecondFactor(ctx, v, c.FormValue("code")))
	case "end":
		return s.onMe(c, "factor", s.office.EndSecondFactor(ctx, v, c.FormValue("code")))
	}
	return disclosure.Errorf(disclosure.ErrInvalid, "请从“我的账号”页面设置两步验证。")
}

// qrSide is the picture's side in pixels.
const qrSide = 220

// secondFactorPicture is the QR code of the secret that waits for its first
// code. No cache may keep it.
func (s *Server) secondFactorPicture(c echo.Context) error {
	pending, err := s.office.PendingSecondFactor(c.Request().Context(), visitor(c))
	if err != nil {
		return err
	}
	if pending == nil {
		return disclosure.Errorf(disclosure.ErrNotFound, "没有待确认的两步验证,请在“我的账号”页面重新开始设置。")
	}
	picture, err := pending.Picture(qrSide)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.Blob(http.StatusOK, "image/png", picture)
}

// endSession ends one of the own sessions, or all but this one.
func (s *Server) endSession(c echo.Context) error {
	ctx, v := c.Request().Context(), visitor(c)
	kept, err := s.office.Sessions(ctx)
	if err != nil {
		return err
	}
	if id := c.FormValue("id"); id != "" {
		err = kept.EndOne(ctx, v.Account, id)
	} else {
		err = kept.EndOthers(ctx, v.Account, s.sessions.Token(ctx))
	}
	return s.onMe(c, "session", err)
}

// agentName is a browser's name as people know it, out of what it says of itself.
func agentName(agent string) string {
	for _, known := range []struct{ sign, name string }{{"MicroMessenger", "微信"}, {"QIHU", "360 浏览器"}, {"360SE", "360 浏览器"}, {"Edg/", "Edge"}, {"Firefox/", "Firefox"},
		{"UOS", "UOS 浏览器"}, {"Chrome/", "Chrome 内核"}, {"Safari/", "Safari"}} {
		if strings.Contains(agent, known.sign) {
			return known.name + systemName(agent)
		}
	}
	if agent == "" {
		return "–"
	}
	return agent[:min(len(agent), 40)]
}

func systemName(agent string) string {
	for _, known := range []struct{ sign, name string }{{"Windows NT 6.1", "Windows 7"}, {"Windows", "Windows"}, {"Android", "Android"}, {"iPhone", "iPhone"}, {"Mac OS", "Mac"}, {"Linux", "Linux"}} {
		if strings.Contains(agent, known.sign) {
			return " · " + known.name
		}
	}
	return ""
}
