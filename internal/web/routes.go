package web

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// role is who may use a route. Until sign-in exists every page is for readers
// on this machine; anonymous marks what stays open when it does.
type role string

const (
	anonymous role = "anonymous" // probes, files, help: nothing of the data
	reader    role = "reader"    // sees figures and findings
)

type route struct {
	method string
	path   string
	role   role
	handle echo.HandlerFunc
}

// routes is every address that the application answers.
func (s *Server) routes() []route {
	return []route{
		{http.MethodGet, "/", reader, s.overviewPage},
		{http.MethodGet, "/compare", reader, s.comparePage},
		{http.MethodGet, "/findings", reader, s.findingsPage},
		{http.MethodGet, "/units", reader, s.unitsPage},
		{http.MethodGet, "/units/:number", reader, s.unitPage},
		{http.MethodGet, "/reports/:unit/:period/:family/:scope", reader, s.reportPage},
		{http.MethodGet, "/reports/:unit/:period/:family/:scope/source/:sum", reader, s.sourceFile},
		{http.MethodGet, "/help", anonymous, s.helpPage},
		{http.MethodGet, "/assets/:sum/*", anonymous, s.serveAsset},
		{http.MethodGet, "/favicon.ico", anonymous, s.favicon},
		{http.MethodGet, "/healthz", anonymous, s.healthz},
		{http.MethodGet, "/readyz", anonymous, s.readyz},
	}
}
