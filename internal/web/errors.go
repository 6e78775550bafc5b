package web

import (
	"errors"
	"net/http"
	"strings"

	"mingjing/internal/disclosure"

	"github.com/labstack/echo/v4"
)

// statuses is the one place where the core's codes become HTTP.
var statuses = map[disclosure.ErrorCode]int{
	disclosure.ErrInvalid:     http.StatusBadRequest,
	disclosure.ErrNotFound:    http.StatusNotFound,
	disclosure.ErrConflict:    http.StatusConflict,
	disclosure.ErrForbidden:   http.StatusForbidden,
	disclosure.ErrUnavailable: http.StatusServiceUnavailable,
	disclosure.ErrInternal:    http.StatusInternalServerError,
}

// statusOf is an error's status: echo's own errors bring theirs.
func statusOf(err error) int {
	var he *echo.HTTPError
	switch {
	case tooLarge(err):
		return http.StatusRequestEntityTooLarge
	case errors.As(err, &he):
		return he.Code
	}
	return statuses[disclosure.CodeOf(err)]
}

type errorView struct {
	Status   int
	Sentence string
}

// handleError answers a failed request with one clear sentence and the
// request's number; the cause went to the log.
func (s *Server) handleError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	status, sentence := statusOf(err), disclosure.Sentence(err)
	if tooLarge(err) {
		status, sentence = http.StatusRequestEntityTooLarge, s.text.say("error.too_large")
	}
	var he *echo.HTTPError
	if errors.As(err, &he) {
		sentence = s.text.say("error.other")
		if said, ok := s.text.find("error." + http.StatusText(he.Code)); ok {
			sentence = said
		}
	}
	if !strings.Contains(c.Request().Header.Get(echo.HeaderAccept), "text/html") {
		_ = c.JSON(status, map[string]string{"error": sentence, "request_id": idOf(c)})
		return
	}
	v := s.view(c, "", s.text.say("error.title"), errorView{Status: status, Sentence: sentence})
	if renderErr := s.send(c, status, "error", v); renderErr != nil {
		s.log.Error("error page", "error", renderErr.Error(), "request_id", idOf(c))
		_ = c.String(status, sentence)
	}
}
