package web

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/office"

	"github.com/labstack/echo/v4"
)

// contentPolicy allows the binary's own files only. Charts set styles on the
// elements of their tooltips, hence style-src-attr; Tabler's icons are data:.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; " +
	"img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func secureHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store") // shared computers: Back must not show what a person saw who has left
		return next(c)
	}
}

// allowHosts refuses a Host that is neither loopback nor configured.
func allowHosts(allowed []string) echo.MiddlewareFunc {
	known := append([]string{"localhost", "127.0.0.1", "::1"}, allowed...)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if !slices.Contains(known, hostname(c.Request().Host)) {
				return disclosure.Errorf(disclosure.ErrForbidden, "不能用这个地址访问本系统,请改用 http://localhost 打开,或请管理员把域名加入允许的主机名。")
			}
			return next(c)
		}
	}
}

func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.Trim(host, "[]"))
}

const requestIDKey = "request_id"

// requestID gives each request a number of its own. A client's number is not
// taken over: it would stand in the log as if it were ours.
func requestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		var b [6]byte
		if _, err := rand.Read(b[:]); err != nil {
			return disclosure.Errorf(disclosure.ErrInternal, "系统无法生成请求编号,请联系管理员。").Because(err)
		}
		id := hex.EncodeToString(b[:])
		c.Set(requestIDKey, id)
		c.SetRequest(c.Request().WithContext(office.WithRequest(c.Request().Context(), id)))
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		return next(c)
	}
}

func idOf(c echo.Context) string {
	id, _ := c.Get(requestIDKey).(string)
	return id
}

// accessLog writes one line a request. It lets the error handler answer first,
// so that the status in the log is the one that was sent.
func (s *Server) accessLog(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		started := time.Now()
		err := next(c)
		if err != nil {
			c.Error(err)
		}
		r, w := c.Request(), c.Response()
		attrs := []any{"method", r.Method, "path", r.URL.Path, "query", r.URL.RawQuery, "status", w.Status, "bytes", w.Size,
			"ms", float64(time.Since(started).Microseconds()) / 1000, "request_id", idOf(c), "address", c.RealIP(), "agent", r.UserAgent()}
		if err == nil {
			s.log.Info("request", attrs...)
			return nil
		}
		attrs = append(attrs, "code", string(disclosure.CodeOf(err)), "error", err.Error())
		if w.Status >= http.StatusInternalServerError {
			s.log.Error("request", attrs...)
		} else {
			s.log.Warn("request", attrs...)
		}
		return nil
	}
}

func (s *Server) recoverPanic(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler { //nolint:errorlint // the net/http sentinel is compared by identity
				panic(p)
			}
			err = disclosure.Errorf(disclosure.ErrInternal, "系统出现内部错误,请把请求编号告诉管理员。").
				Because(fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}()
		return next(c)
	}
}
