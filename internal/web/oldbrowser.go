package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// turnAwayIE gives IE kernels (360 in 兼容模式 among them) a page without
// script or modern CSS that says how to switch; nothing else would work there.
func (s *Server) turnAwayIE(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		agent := c.Request().UserAgent()
		if !strings.Contains(agent, "Trident/") && !strings.Contains(agent, "MSIE ") || isAsset(c) {
			return next(c)
		}
		return s.send(c, http.StatusOK, "ie", s.view(c, "", s.text.say("ie.title"), nil))
	}
}
