package web

import (
	"errors"
	"net/http"

	"mingjing/internal/disclosure"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/labstack/echo/v4"
)

type signInView struct {
	Account  string
	Next     string
	Sentence string
	WantCode bool
	// Insecure: the cookie goes over TLS only and this page came without.
	Insecure bool
}

func (s *Server) signInPage(c echo.Context) error {
	if visitorOf(c) != nil {
		return c.Redirect(http.StatusSeeOther, localPath(c.QueryParam("next")))
	}
	return s.showSignIn(c, http.StatusOK, signInView{Next: c.QueryParam("next")})
}

func (s *Server) showSignIn(c echo.Context, status int, v signInView) error {
	v.Insecure = s.sessions.Cookie.Secure && c.Request().TLS == nil && c.Request().Header.Get(echo.HeaderXForwardedProto) != "https"
	return s.send(c, status, "sign-in", s.view(c, "", s.text.say("sign.title"), v))
}

// signIn checks account and password. The sentence is the same for a wrong
// account and a wrong password.
func (s *Server) signIn(c echo.Context) error {
	v := signInView{Account: c.FormValue("account"), Next: c.FormValue("next")}
	if !s.attempts.allow(c.RealIP()) {
		v.Sentence = s.text.say("sign.too_many")
		return s.showSignIn(c, http.StatusTooManyRequests, v)
	}
	who, err := s.office.SignIn(c.Request().Context(), v.Account, c.FormValue("password"), c.FormValue("code"), c.RealIP())
	switch {
	case errors.Is(err, office.ErrCodeWanted):
		v.WantCode, v.Sentence = true, s.text.say("sign.want_code")
		return s.showSignIn(c, http.StatusOK, v)
	case err != nil && disclosure.CodeOf(err) == disclosure.ErrForbidden:
		v.Sentence = disclosure.Sentence(err)
		return s.showSignIn(c, http.StatusForbidden, v)
	case err != nil:
		return err
	}
	if err := s.begin(c, who.Account); err != nil {
		return err
	}
	if who.MustChange {
		return c.Redirect(http.StatusSeeOther, "/me")
	}
	return c.Redirect(http.StatusSeeOther, localPath(v.Next))
}

func (s *Server) signOut(c echo.Context) error {
	if err := s.office.SignOut(c.Request().Context(), visitor(c)); err != nil {
		return err
	}
	if err := s.sessions.Destroy(c.Request().Context()); err != nil {
		return disclosure.Errorf(disclosure.ErrUnavailable, "退出登录没有成功,请再试一次。").Because(err)
	}
	return c.Redirect(http.StatusSeeOther, "/sign-in")
}

type meView struct {
	Person   people.Person
	Grants   []grantView
	Sentence string // what was wrong with the last try
	Done     bool
	Least    int
}

// grantView is a role with the name of its unit.
type grantView struct {
	Role people.Role
	Unit string
}

func (s *Server) mePage(c echo.Context) error {
	return s.showMe(c, http.StatusOK, meView{Done: c.QueryParam("done") != ""})
}

func (s *Server) showMe(c echo.Context, status int, v meView) error {
	v.Person, v.Least = visitor(c).Person, people.LeastPassword
	names, err := s.office.UnitNames(c.Request().Context())
	if err != nil {
		return err
	}
	for _, g := range v.Person.Grants {
		unit := s.text.say("grant.all")
		if g.Unit != 0 {
			unit = names[g.Unit]
		}
		v.Grants = append(v.Grants, grantView{Role: g.Role, Unit: unit})
	}
	return s.send(c, status, "me", s.view(c, "me", s.text.say("me.title"), v))
}

// changePassword changes the own password; every other session of the person
// ends, and this one goes on under a new token.
func (s *Server) changePassword(c echo.Context) error {
	v := visitor(c)
	if c.FormValue("password") != c.FormValue("again") {
		return s.showMe(c, http.StatusBadRequest, meView{Sentence: s.text.say("me.not_same")})
	}
	err := s.office.ChangePassword(c.Request().Context(), v, c.FormValue("old"), c.FormValue("password"))
	if code := disclosure.CodeOf(err); err != nil && (code == disclosure.ErrInvalid || code == disclosure.ErrForbidden) {
		return s.showMe(c, statuses[code], meView{Sentence: disclosure.Sentence(err)})
	}
	if err != nil {
		return err
	}
	if err := s.begin(c, v.Account); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/me?done=password")
}
