package web

import (
	"context"
	"net/http"
	"strconv"

	"mingjing/internal/bulletin"
	"mingjing/internal/disclosure"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// madeFile makes a document of a unit's year, with its name.
type madeFile func(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period) (file []byte, name string, err error)

// handOutMade hands out what is made of the sitting that the address names.
func handOutMade(c echo.Context, made madeFile) error {
	unit, period, err := sittingOf(c)
	if err != nil {
		return err
	}
	file, name, err := made(c.Request().Context(), visitor(c), unit, period)
	if err != nil {
		return err
	}
	return handOut(c, name, file)
}

// template hands out the official form to be filled in offline.
func (s *Server) template(format string) echo.HandlerFunc {
	return func(c echo.Context) error {
		return handOutMade(c, func(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period) ([]byte, string, error) {
			return s.office.FormTemplate(ctx, v, unit, period, format)
		})
	}
}

type sheetsView struct {
	Sitting  *office.Sitting
	At       string
	Filed    []office.FiledRevision
	Sentence string
	Done     bool
	Act      string
	MaySeal  bool
}

// sheetsPage lists what was handed on, each with its 报送件 and sealed copy.
func (s *Server) sheetsPage(c echo.Context) error {
	return s.showSheets(c, http.StatusOK, sheetsView{Done: c.QueryParam("done") != ""})
}

func (s *Server) showSheets(c echo.Context, status int, v sheetsView) error {
	unit, period, err := sittingOf(c)
	if err != nil {
		return err
	}
	ctx, stop := afresh(c)
	defer stop()
	if v.Sitting, v.Filed, err = s.office.FiledRevisions(ctx, visitor(c), unit, period); err != nil {
		return err
	}
	v.At, v.Act, v.MaySeal = filingHref(unit, period), uuid.NewString(), office.MayRecord(visitor(c), unit)
	title := s.text.say("sheets.title", v.Sitting.Unit.Display(), period)
	return s.send(c, status, "sheets", s.filesView(c, title, v))
}

func revisionOf(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, disclosure.Errorf(disclosure.ErrNotFound, "没有这一次报送,请从报送记录中选择。")
	}
	return n, nil
}

func (s *Server) sheetFile(c echo.Context) error {
	revision, err := revisionOf(c.QueryParam("revision"))
	if err != nil {
		return err
	}
	return handOutMade(c, func(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period) ([]byte, string, error) {
		return s.office.SheetFile(ctx, v, unit, period, revision)
	})
}

func (s *Server) reviewSheetFile(c echo.Context) error {
	return handOutMade(c, s.office.ReviewSheetFile)
}

// paperView is a report set out for paper.
type paperView struct {
	At       string
	Heading  string
	Filing   *bulletin.Filing
	Revision *office.FiledRevision
	Reports  []paperReport
	Signed   string
	Date     string
}

type paperReport struct {
	Title string
	Parts []partView
}

// sheetPrint is the 报送件 as a page for A4 paper.
func (s *Server) sheetPrint(c echo.Context) error {
	unit, period, err := sittingOf(c)
	if err != nil {
		return err
	}
	revision, err := revisionOf(c.QueryParam("revision"))
	if err != nil {
		return err
	}
	f, filed, err := s.office.Sheet(c.Request().Context(), visitor(c), unit, period, revision)
	if err != nil {
		return err
	}
	v := paperView{At: filingHref(unit, period), Filing: f, Revision: filed, Heading: s.text.say("report.heading", f.Report.Unit, period)}
	v.Reports = append(v.Reports, s.paper(f.Report, ""))
	for _, annex := range f.Annexes {
		v.Reports = append(v.Reports, s.paper(annex, annex.Form.Title))
	}
	return s.ok(c, "sheet-print", s.filesView(c, s.text.say("sheets.print_title", f.Report.Unit, period), v))
}

// paper sets a report out in its parts, figures as they are printed.
func (s *Server) paper(r *disclosure.Report, title string) paperReport {
	v := &reportView{ReportPage: &office.ReportPage{Form: r.Form, Report: office.AsStored(r)}}
	s.parts(v)
	return paperReport{Title: title, Parts: v.Parts}
}

// attachScan attaches the scan of the sealed copy to a revision.
func (s *Server) attachScan(c echo.Context) error {
	unit, period, err := sittingOf(c)
	if err != nil {
		return err
	}
	form, err := receive(c)
	if err != nil {
		return err
	}
	revision, err := revisionOf(form.fields.Get("revision"))
	var file sentFile
	if err == nil {
		file, err = form.file()
	}
	if err == nil {
		ctx, stop := afresh(c)
		defer stop()
		err = s.office.AttachScan(ctx, visitor(c), unit, period, revision, file.name, file.data, form.fields.Get("act"))
	}
	if mendable(err) {
		return s.showSheets(c, statusOf(err), sheetsView{Sentence: disclosure.Sentence(err)})
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, filingHref(unit, period)+"/sheets?done=1")
}

// scanFile hands out a sealed copy, always as a download.
func (s *Server) scanFile(c echo.Context) error {
	unit, period, err := sittingOf(c)
	if err != nil {
		return err
	}
	revision, err := revisionOf(c.Param("revision"))
	if err != nil {
		return err
	}
	file, scan, err := s.office.ScanFile(c.Request().Context(), visitor(c), unit, period, revision)
	if err != nil {
		return err
	}
	defer file.Close()
	return handOutAs(c, scan.File.Name, echo.MIMEOctetStream, file)
}
