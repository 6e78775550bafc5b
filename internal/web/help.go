package web

import "github.com/labstack/echo/v4"

// helpPage explains how the pages are to be read, and by which keys.
func (s *Server) helpPage(c echo.Context) error {
	return s.ok(c, "help", s.view(c, "help", s.text.say("help.title"), nil))
}
