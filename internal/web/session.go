package web

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"
)

// A session ends after 30 idle minutes (等保 2.0 asks for an end) and after a
// working day in any case.
const (
	idleLimit    = 30 * time.Minute
	sessionLimit = 12 * time.Hour
)

const visitorKey = "visitor"

// newSessions makes the session manager over the office's sessions.
func newSessions(kept *office.Sessions, secure bool) *scs.SessionManager {
	m := scs.New()
	m.Store, m.Codec = kept, jsonCodec{}
	m.IdleTimeout, m.Lifetime = idleLimit, sessionLimit
	m.Cookie.Name, m.Cookie.Path, m.Cookie.HttpOnly = "mingjing", "/", true
	m.Cookie.SameSite, m.Cookie.Secure = http.SameSiteLaxMode, secure
	m.Cookie.Persist = false
	return m
}

// jsonCodec writes sessions so that the office can read whose they are.
type jsonCodec struct{}

type sessionData struct {
	office.SessionFacts
	Deadline time.Time `json:"deadline"`
}

func (jsonCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	facts, _ := values[factsKey].(office.SessionFacts)
	return json.Marshal(sessionData{SessionFacts: facts, Deadline: deadline})
}

func (jsonCodec) Decode(b []byte) (time.Time, map[string]any, error) {
	var d sessionData
	err := json.Unmarshal(b, &d)
	return d.Deadline, map[string]any{factsKey: d.SessionFacts}, err
}

// factsKey is where a session keeps whose it is.
const factsKey = "facts"

func (s *Server) factsOf(ctx context.Context) office.SessionFacts {
	facts, _ := s.sessions.Get(ctx, factsKey).(office.SessionFacts)
	return facts
}

// identify finds out who asks. The session is written before the first byte of
// the answer goes out.
func (s *Server) identify(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if isAsset(c) {
			return next(c)
		}
		token := ""
		if cookie, err := c.Cookie(s.sessions.Cookie.Name); err == nil {
			token = cookie.Value
		}
		ctx, err := s.sessions.Load(c.Request().Context(), token)
		if err != nil {
			return disclosure.Errorf(disclosure.ErrUnavailable, "登录状态暂时无法读取,请稍后再试。").Because(err)
		}
		c.SetRequest(c.Request().WithContext(ctx))
		c.Response().Before(func() { s.saveSession(c) })
		account := s.factsOf(ctx).Account
		if account == "" {
			return next(c)
		}
		v, err := s.office.Visitor(ctx, account, c.RealIP())
		if err != nil {
			if code := disclosure.CodeOf(err); code == disclosure.ErrNotFound || code == disclosure.ErrForbidden {
				_ = s.sessions.Destroy(ctx) // the account is gone or disabled
				return next(c)
			}
			return err
		}
		c.Set(visitorKey, &v)
		return next(c)
	}
}

func (s *Server) saveSession(c echo.Context) {
	ctx, w := c.Request().Context(), c.Response()
	switch s.sessions.Status(ctx) {
	case scs.Modified:
		if s.factsOf(ctx).Account == "" {
			return // strangers get no session
		}
		token, expiry, err := s.sessions.Commit(ctx)
		if err != nil {
			s.log.Error("session", "error", err.Error(), "request_id", idOf(c))
			return
		}
		s.sessions.WriteSessionCookie(ctx, w, token, expiry)
	case scs.Destroyed:
		s.sessions.WriteSessionCookie(ctx, w, "", time.Time{})
	}
}

// visitorOf is who asks; nil for a stranger.
func visitorOf(c echo.Context) *people.Visitor {
	v, _ := c.Get(visitorKey).(*people.Visitor)
	return v
}

// visitor is who asks, on routes that strangers do not reach.
func visitor(c echo.Context) people.Visitor {
	if v := visitorOf(c); v != nil {
		return *v
	}
	return people.NewVisitor(people.Person{}, c.RealIP(), nil) // may do nothing
}

// begin signs a person in, under a new token.
func (s *Server) begin(c echo.Context, account string) error {
	ctx := c.Request().Context()
	if err := s.sessions.RenewToken(ctx); err != nil {
		return disclosure.Errorf(disclosure.ErrUnavailable, "登录暂时不可用,请稍后再试。").Because(err)
	}
	agent := c.Request().UserAgent()
	s.sessions.Put(ctx, factsKey, office.SessionFacts{Account: account, Since: s.clock().UTC(), Address: c.RealIP(), Agent: agent[:min(len(agent), 300)]})
	return nil
}
