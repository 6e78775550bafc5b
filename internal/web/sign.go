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
	Step     string // the password was right, the code is waited for
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
// account and a wrong password. Where a code is wanted, the password is not
// asked for again: the server keeps the step for a few minutes.
func (s *Server) signIn(c echo.Context) error {
	v := signInView{Account: c.FormValue("account"), Next: c.FormValue("next")}
	if !s.attempts.allow(c.RealIP()) {
		v.Sentence = s.text.say("sign.too_many")
		return s.showSignIn(c, http.StatusTooManyRequests, v)
	}
	who, step, err := s.office.SignIn(c.Request().Context(), v.Account, c.FormValue("password"), c.RealIP())
	switch {
	case err != nil && disclosure.CodeOf(err) == disclosure.ErrForbidden:
		v.Sentence = disclosure.Sentence(err)
		return s.showSignIn(c, http.StatusForbidden, v)
	case err != nil:
		return err
	case step != "":
		v.Step = step
		return s.showSignIn(c, http.StatusOK, v)
	}
	return s.enter(c, who, v.Next)
}

// signInCode checks the code of the second factor.
func (s *Server) signInCode(c echo.Context) error {
	v := signInView{Next: c.FormValue("next"), Step: c.FormValue("step")}
	if !s.attempts.allow(c.RealIP()) {
		v.Sentence = s.text.say("sign.too_many")
		return s.showSignIn(c, http.StatusTooManyRequests, v)
	}
	who, err := s.office.SignInCode(c.Request().Context(), v.Step, c.FormValue("code"), c.RealIP())
	switch {
	case errors.Is(err, office.ErrStepOver):
		v.Step, v.Sentence = "", s.text.say("sign.step_over")
		return s.showSignIn(c, http.StatusForbidden, v)
	case err != nil && disclosure.CodeOf(err) == disclosure.ErrForbidden:
		v.Sentence = disclosure.Sentence(err)
		return s.showSignIn(c, http.StatusForbidden, v)
	case err != nil:
		return err
	}
	return s.enter(c, who, v.Next)
}

// enter begins the session of a person who signed in.
func (s *Server) enter(c echo.Context, who people.Visitor, next string) error {
	if err := s.begin(c, who.Account); err != nil {
		return err
	}
	if who.MustChange {
		return c.Redirect(http.StatusSeeOther, "/me")
	}
	return c.Redirect(http.StatusSeeOther, localPath(next))
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
