package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"

	"github.com/labstack/echo/v4"
)

// permit lets only those reach a route for whom it is declared. A stranger is
// led to the sign-in, a person with a given password to the page to change it.
func (s *Server) permit(r route) echo.HandlerFunc {
	limit := r.body
	if limit == 0 {
		limit = mostForm
	}
	return func(c echo.Context) error {
		if err := s.sameOrigin(c.Request()); err != nil {
			return err
		}
		if over := c.Request().ContentLength; over > limit {
			c.Response().Header().Set("Connection", "close") // what was not read is not waited for
			return &http.MaxBytesError{Limit: limit}
		}
		if c.Request().Body != nil {
			c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, limit)
		}
		if r.who == anonymous {
			return r.handle(c)
		}
		v := visitorOf(c)
		if v == nil {
			return s.askToSignIn(c)
		}
		if !s.pace.allow(v.Account) {
			return errTooFast
		}
		if v.MustChange && r.path != "/me" && r.path != "/me/password" && r.path != "/sign-out" {
			if wantsPage(c) {
				return c.Redirect(http.StatusSeeOther, "/me")
			}
			return disclosure.Errorf(disclosure.ErrForbidden, "请先修改初始口令,再使用系统。")
		}
		if r.who != signedIn && !v.Anywhere(people.Right(r.who)) {
			return v.Demand(people.Right(r.who), 0)
		}
		return r.handle(c)
	}
}

// sameOrigin refuses requests that another site makes a browser send: by
// Sec-Fetch-Site, or by Origin where a browser sends only that (plain HTTP).
func (s *Server) sameOrigin(r *http.Request) error {
	if err := s.crossOrigin.Check(r); err != nil {
		return disclosure.Errorf(disclosure.ErrForbidden, "请求来自别的网站,没有执行;请在本系统的页面里操作。").Because(err)
	}
	return nil
}

func wantsPage(c echo.Context) bool {
	r := c.Request()
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && strings.Contains(r.Header.Get(echo.HeaderAccept), "text/html") &&
		r.Header.Get("HX-Request") == ""
}

// errSignIn asks a program, or a part of a page, to sign in.
var errSignIn = echo.NewHTTPError(http.StatusUnauthorized)

// errTooFast slows down who asks for more than a person can look at.
var errTooFast = echo.NewHTTPError(http.StatusTooManyRequests)

func (s *Server) askToSignIn(c echo.Context) error {
	if !wantsPage(c) {
		return errSignIn
	}
	at := "/sign-in"
	if next := c.Request().URL.RequestURI(); next != "/" {
		at += "?next=" + url.QueryEscape(next)
	}
	return c.Redirect(http.StatusSeeOther, at)
}

// localPath keeps a "next" address on this site.
func localPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n") {
		return "/"
	}
	return u.RequestURI()
}

// tooLarge says whether a request brought more than its route takes.
func tooLarge(err error) bool {
	var over *http.MaxBytesError
	return errors.As(err, &over)
}
