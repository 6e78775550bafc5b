// Package web shows the office's answers in a browser: routes as data, one
// template engine, one error handler, and the files that pages need.
package web

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"

	"mingjing/internal/office"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo-contrib/echoprometheus"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/time/rate"
)

// requestLimit is how long a page may take before it is given up.
const requestLimit = 20 * time.Second

// Config is what a Server needs. Office and Logger must be set.
type Config struct {
	Office  *office.Office
	Logger  *slog.Logger
	Clock   func() time.Time // nil: the machine's clock
	Version string
	// AllowedHosts are names, beside localhost and the loopback addresses,
	// under which the pages may be asked for (without port). Any other Host is
	// refused: a foreign site must not reach loopback by DNS rebinding.
	AllowedHosts []string
	// SecureCookies: people reach the pages over TLS, here or at a proxy.
	SecureCookies bool
	// Proxies are the addresses whose X-Forwarded-For is believed; nil: nobody's.
	Proxies []*net.IPNet
	// Unpaced takes the limit on one person's requests away, for measurements
	// and tests in which one account stands for many.
	Unpaced bool
}

// Server is the web application.
type Server struct {
	office   *office.Office
	log      *slog.Logger
	clock    func() time.Time
	version  string
	echo     *echo.Echo
	pages    *pages
	assets   *assets
	sessions *scs.SessionManager
	attempts *limiter // sign-ins, by address
	pace     *limiter // requests, by account
	slips    slips
	uploads  uploads
	kept     keptFiles
	outcomes outcomes
	// crossOrigin is the standard library's defence against forged requests.
	crossOrigin *http.CrossOriginProtection
	text        catalogue
	registry    *prometheus.Registry
}

// New builds the application. It fails, with a sentence that says what to do,
// when an embedded file is missing or a template cannot work.
func New(cfg Config) (*Server, error) {
	s := &Server{office: cfg.Office, log: cfg.Logger, clock: cfg.Clock, version: cfg.Version, registry: prometheus.NewRegistry(),
		attempts: newAttempts(), pace: newPace()}
	if s.clock == nil {
		s.clock = time.Now
	}
	if cfg.Unpaced {
		s.pace.perSecond = rate.Inf
	}
	kept, err := cfg.Office.Sessions(context.Background())
	if err != nil {
		return nil, err
	}
	s.sessions = newSessions(kept, cfg.SecureCookies)
	s.crossOrigin = http.NewCrossOriginProtection()
	if s.text, err = loadCatalogue(); err != nil {
		return nil, err
	}
	if s.assets, err = loadAssets(staticFiles); err != nil {
		return nil, err
	}
	if s.pages, err = loadPages(s.text, s.assets, s.office.FileErased); err != nil {
		return nil, err
	}
	s.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	s.echo = echo.New()
	s.echo.HideBanner, s.echo.HidePort = true, true
	s.echo.IPExtractor = echo.ExtractIPDirect()
	if len(cfg.Proxies) > 0 {
		trust := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
		for _, p := range cfg.Proxies {
			trust = append(trust, echo.TrustIPRange(p))
		}
		s.echo.IPExtractor = echo.ExtractIPFromXFFHeader(trust...)
	}
	s.echo.HTTPErrorHandler = s.handleError
	s.echo.Pre(requestID, s.accessLog)
	s.echo.Use(
		s.countRequests(),
		s.recoverPanic, secureHeaders, allowHosts(cfg.AllowedHosts), s.turnAwayIE,
		middleware.GzipWithConfig(middleware.GzipConfig{MinLength: 1024, Skipper: isAsset}),
		middleware.ContextTimeout(requestLimit),
		s.identify,
	)
	for _, r := range s.routes() {
		handle := s.permit(r)
		s.echo.Add(r.method, r.path, handle)
		if r.method == http.MethodGet {
			s.echo.Add(http.MethodHead, r.path, handle) // net/http leaves the body out
		}
	}
	return s, nil
}

// Handler serves the pages.
func (s *Server) Handler() http.Handler { return s.echo }

// Metrics serves the numbers for Prometheus, for an address of its own.
func (s *Server) Metrics() http.Handler {
	return promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{})
}

// countRequests counts by route and by the status that the error handler gives.
// The Host is left out: whoever asks could make as many series as he likes.
func (s *Server) countRequests() echo.MiddlewareFunc {
	return echoprometheus.NewMiddlewareWithConfig(echoprometheus.MiddlewareConfig{
		Namespace: "mingjing", Registerer: s.registry, DoNotUseRequestPathFor404: true,
		LabelFuncs: map[string]echoprometheus.LabelValueFunc{"host": func(echo.Context, error) string { return "" }},
		StatusCodeResolver: func(c echo.Context, err error) int {
			if err == nil {
				return c.Response().Status
			}
			return statusOf(err)
		},
	})
}
