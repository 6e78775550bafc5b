package web

import (
	"context"
	"net/http"

	"mingjing/internal/bulletin"
	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// findingView is a finding in the list of a page.
type findingView struct {
	check.Finding
	Number int // from 1, as in the list
	Cells  []cellRef
}

type publicationView struct {
	*office.PublicationPage
	At            string
	Address, Date string // as typed
	Pasted        string
	Sentence      string
	Done          bool
	Act           string
	Found         []findingView
	Today         string
	Fetches       bool // pages can be fetched by address
}

func (s *Server) publicationPage(c echo.Context) error {
	return s.showPublication(c, http.StatusOK, publicationView{Done: c.QueryParam("done") != ""})
}

func (s *Server) showPublication(c echo.Context, status int, v publicationView) error {
	unit, period, err := sittingOf(c)
	if err != nil {
		return err
	}
	ctx, stop := afresh(c)
	defer stop()
	if v.PublicationPage, err = s.office.PublicationOf(ctx, visitor(c), unit, period); err != nil {
		return err
	}
	v.At, v.Act, v.Today = filingHref(unit, period), uuid.NewString(), s.clock().In(beijing).Format("2006-01-02")
	v.Fetches = s.office.Fetches()
	if v.Record != nil && v.Address == "" && v.Date == "" {
		v.Address, v.Date = v.Record.Address, v.Record.Date
	}
	for i, f := range v.Findings {
		fv := findingView{Finding: f, Number: i + 1}
		for _, code := range f.Codes {
			fv.Cells = append(fv.Cells, cellRef{Code: code, Label: codeLabel(code)})
		}
		v.Found = append(v.Found, fv)
	}
	title := s.text.say("publication.title", v.Sitting.Unit.Display(), period)
	return s.send(c, status, "publication", s.filesView(c, title, v))
}

// recordPublication records where and when the report was published.
func (s *Server) recordPublication(c echo.Context) error {
	unit, period, err := sittingOf(c)
	if err != nil {
		return err
	}
	form, err := receive(c)
	if err != nil {
		return err
	}
	page := office.PublishedPage{Address: form.fields.Get("address"), Date: form.fields.Get("date"), Act: form.fields.Get("act"), Fetch: form.fields.Get("fetch") != ""}
	pasted := form.fields.Get("pasted")
	err = office.CheckPasted(pasted)
	switch {
	case len(form.files) > 0 && len(form.files[0].data) > 0:
		page.Name, page.Data = form.files[0].name, form.files[0].data
	case pasted != "":
		page.Data = []byte(pasted)
	}
	if err == nil {
		ctx, stop := afresh(c)
		defer stop()
		err = s.office.RecordPublication(ctx, visitor(c), unit, period, page)
	}
	if mendable(err) {
		return s.showPublication(c, statusOf(err), publicationView{Address: page.Address, Date: page.Date, Pasted: pasted, Sentence: disclosure.Sentence(err)})
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, filingHref(unit, period)+"/publication?done=1")
}

// publish hands out the approved report for the unit's website.
func (s *Server) publish(format string) echo.HandlerFunc {
	return func(c echo.Context) error {
		return handOutMade(c, func(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period) ([]byte, string, error) {
			r, edition, err := s.office.Edition(ctx, v, unit, period)
			if err != nil {
				return nil, "", err
			}
			name := s.text.say("report.heading", r.Unit, period) + "." + format
			if format == "html" {
				return []byte(bulletin.ReportHTML(r, edition)), name, nil
			}
			file, err := bulletin.ReportDocx(r, edition)
			return file, name, err
		})
	}
}

// publishPrint is the approved report as a page for paper.
func (s *Server) publishPrint(c echo.Context) error {
	unit, period, err := sittingOf(c)
	if err != nil {
		return err
	}
	r, edition, err := s.office.Edition(c.Request().Context(), visitor(c), unit, period)
	if err != nil {
		return err
	}
	v := paperView{At: filingHref(unit, period), Heading: s.text.say("report.heading", r.Unit, period), Reports: []paperReport{s.paper(r, "")},
		Signed: edition.Signed, Date: edition.Date}
	return s.ok(c, "publish-print", s.filesView(c, v.Heading, v))
}
