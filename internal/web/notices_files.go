package web

import (
	"net/http"
	"strconv"

	"mingjing/internal/bulletin/notice"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"

	"github.com/labstack/echo/v4"
)

func (s *Server) noticeFile(c echo.Context) error {
	version, edition, err := noticeOf(c)
	if err != nil {
		return err
	}
	data, name, err := s.office.BulletinFile(c.Request().Context(), visitor(c), c.Param("id"), version, edition, c.Param("format"))
	if err != nil {
		return err
	}
	return handOut(c, name, data)
}

func (s *Server) noticePicture(c echo.Context) error {
	version, edition, err := noticeOf(c)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(c.Param("number"))
	if err != nil {
		return disclosure.Errorf(disclosure.ErrNotFound, "没有这张图。")
	}
	png, err := s.office.BulletinPicture(c.Request().Context(), visitor(c), c.Param("id"), version, edition, n)
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, "image/png", png)
}

// noticePrint is the bulletin as a page for A4 paper.
func (s *Server) noticePrint(c echo.Context) error {
	version, edition, err := noticeOf(c)
	if err != nil {
		return err
	}
	v := &noticeView{Edition: edition}
	if v.BulletinView, err = s.office.BulletinVersion(c.Request().Context(), visitor(c), c.Param("id"), version, edition); err != nil {
		return err
	}
	v.Href, v.Parts = noticeHref(v.ID), noticeParts(v.Notice)
	v.Query = "version=" + strconv.Itoa(v.Version.Number) + "&edition=" + string(edition)
	page := s.view(c, "notices", v.Title, v)
	page.Styles = []string{"notices.css"}
	return s.ok(c, "notice-print", page)
}

type briefView struct {
	Notice  *notice.Notice
	Quarter disclosure.Period
	Parts   []noticePart
}

// briefQuarter is the quarter of the address, else the present one.
func (s *Server) briefQuarter(c echo.Context) (disclosure.Period, error) {
	if text := c.QueryParam("quarter"); text != "" {
		return issue.ParseQuarter(text)
	}
	return issue.QuarterOf(s.clock()), nil
}

// briefPage is the brief for leaders, one side of A4, to be printed and handed
// out: who reads it needs no account.
func (s *Server) briefPage(c echo.Context) error {
	quarter, err := s.briefQuarter(c)
	if err != nil {
		return err
	}
	n, err := s.office.Brief(c.Request().Context(), visitor(c), quarter)
	if err != nil {
		return err
	}
	page := s.view(c, "notices", n.Title, briefView{Notice: n, Quarter: quarter, Parts: noticeParts(n)})
	page.Styles = []string{"notices.css", "brief.css"}
	return s.ok(c, "brief", page)
}

func (s *Server) briefFile(c echo.Context) error {
	quarter, err := s.briefQuarter(c)
	if err != nil {
		return err
	}
	format := c.Param("format")
	if format != "docx" && format != "pdf" && format != "png" {
		return disclosure.Errorf(disclosure.ErrNotFound, "简报只能下载 docx 或 pdf 格式。")
	}
	data, n, err := s.office.BriefFile(c.Request().Context(), visitor(c), quarter, format)
	if err != nil {
		return err
	}
	if format == "png" {
		return c.Blob(http.StatusOK, "image/png", data)
	}
	return handOut(c, n.Title+"."+format, data)
}
