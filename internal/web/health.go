package web

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// healthz says that the process answers.
func (s *Server) healthz(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

// readyz says whether pages can be served now: the store answers, its schema
// fits, the lease is held and there is room on the disk.
func (s *Server) readyz(c echo.Context) error {
	if err := s.office.Ready(c.Request().Context()); err != nil {
		return err
	}
	return c.String(http.StatusOK, "ready\n")
}
