package web

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// healthz says that the process answers.
func (s *Server) healthz(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

// readyz says whether pages can be served now: the store answers, its schema
// fits, the lease is held and there is room on the disk. It says how old the
// newest backup is, too: an old one is no reason to serve no pages.
func (s *Server) readyz(c echo.Context) error {
	if err := s.office.Ready(c.Request().Context()); err != nil {
		return err
	}
	backup := "none"
	age, ok, err := s.office.BackupAge(c.Request().Context())
	if err != nil {
		return err
	}
	if ok {
		backup = age.Truncate(time.Second).String()
	}
	return c.String(http.StatusOK, "ready\nbackup age: "+backup+"\n")
}
