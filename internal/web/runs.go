package web

import (
	"net/http"

	"mingjing/internal/disclosure"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/labstack/echo/v4"
)

type runsView struct {
	Runs     []office.RunEntry
	Names    map[disclosure.UnitNumber]string
	Progress office.RunProgress
	Sentence string
	Years    []option
	MayAsk   bool
}

// Name is a unit's name in a run.
func (v *runsView) Name(n disclosure.UnitNumber) string { return v.Names[n] }

// runsPage lists the runs of the checks, and asks for one.
func (s *Server) runsPage(c echo.Context) error { return s.showRuns(c, http.StatusOK, "") }

func (s *Server) showRuns(c echo.Context, status int, sentence string) error {
	ctx, stop := afresh(c)
	defer stop()
	v := &runsView{Sentence: sentence, MayAsk: visitor(c).Everywhere(people.Supervise)}
	var err error
	if v.Runs, err = s.office.Runs(ctx, visitor(c)); err != nil {
		return err
	}
	if v.Names, err = s.office.UnitNames(ctx); err != nil {
		return err
	}
	if v.Progress, err = s.office.CheckProgress(visitor(c)); err != nil {
		return err
	}
	list, err := s.office.UnitList(ctx, visitor(c), office.Filter{Basis: office.Provisional})
	if err != nil {
		return err
	}
	chosen := c.QueryParam("year")
	if v.Progress.Waiting || v.Progress.Running {
		chosen = v.Progress.Year.String()
	}
	for _, y := range list.Choices.Years {
		v.Years = append(v.Years, option{Value: y.String(), Label: y.String(), Selected: chosen == y.String()})
	}
	page := s.view(c, "matters", s.text.say("runs.title"), v)
	page.Styles = []string{"matters.css"}
	return s.send(c, status, "runs", page)
}

// askCheck asks for a run; the page then shows how far it is.
func (s *Server) askCheck(c echo.Context) error {
	year, err := parseYear(c.FormValue("year"))
	if err == nil {
		err = s.office.AskCheck(c.Request().Context(), visitor(c), year)
	}
	if err != nil && personsFault(err) {
		return s.showRuns(c, statusOf(err), disclosure.Sentence(err))
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/matters/runs")
}

// checkProgress is the part of the page that tells how far a run is. When it
// has ended the page is asked for anew, with the run in its list.
func (s *Server) checkProgress(c echo.Context) error {
	p, err := s.office.CheckProgress(visitor(c))
	if err != nil {
		return err
	}
	if !p.Waiting && !p.Running {
		c.Response().Header().Set("HX-Redirect", "/matters/runs?year="+p.Year.String())
	}
	return s.part(c, "runs", "progress", p)
}
