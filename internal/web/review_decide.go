package web

import (
	"context"
	"mingjing/internal/people"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/office"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// decidedHere are the acts that the review page sends.
var decidedHere = []filing.Act{filing.Pass, filing.SendBack, filing.Approve, filing.Return, filing.TakeIn, filing.Reopen, filing.Revoke}

// decide carries a decision out. When it cannot be, the page comes again as the
// report stands now, with the sentence on top and everything that was typed.
func (s *Server) decide(c echo.Context) error {
	unit, period, err := sittingOf(c)
	if err != nil {
		return err
	}
	m, typed, err := readDecision(c)
	if err != nil {
		return err
	}
	m.Unit, m.Period = unit, period
	err = s.office.Do(c.Request().Context(), visitor(c), m)
	if err == nil {
		return c.Redirect(http.StatusSeeOther, reviewHref(unit, period)+"?did="+string(m.Act))
	}
	code := disclosure.CodeOf(err)
	if code != disclosure.ErrInvalid && code != disclosure.ErrConflict && code != disclosure.ErrForbidden {
		return err
	}
	// Whoever may not even see the report is told by the page itself.
	return s.showReview(c, statuses[code], &reviewView{Typed: typed, Sentence: disclosure.Sentence(err), Stale: code == disclosure.ErrConflict})
}

func readDecision(c echo.Context) (office.Move, typedDecision, error) {
	form, err := c.FormParams()
	if err != nil {
		return office.Move{}, typedDecision{}, disclosure.Errorf(disclosure.ErrInvalid, "请求无法读取,请刷新页面后重试。").Because(err)
	}
	act := filing.Act(form.Get("do"))
	if !slices.Contains(decidedHere, act) {
		act = ""
	}
	typed := typedDecision{Act: act, Reason: strings.TrimSpace(form.Get("reason")), Due: strings.TrimSpace(form.Get("due")), Cells: map[disclosure.Code]string{}}
	m := office.Move{Act: act, ID: form.Get("act"), Reason: typed.Reason, Due: typed.Due}
	m.Seq, _ = strconv.ParseUint(form.Get("seq"), 10, 64) // a page without one is stale, and told so
	m.Version, _ = strconv.ParseUint(form.Get("version"), 10, 64)
	for _, text := range form["cell"] {
		code := disclosure.Code(text)
		reason := strings.TrimSpace(form.Get("why." + text))
		typed.Cells[code] = reason
		m.Cells = append(m.Cells, office.CellReturn{Code: code, Reason: reason})
	}
	if _, err := uuid.Parse(m.ID); err != nil {
		m.ID = "" // refused with a sentence by the office
	}
	return m, typed, nil
}

type revisionLogView struct {
	*office.RevisionLog
	Path string
	// Inside is the log's first filing; there is nothing before it to compare.
	First bool
}

// revisionLogPage is the life of a report, and what differs between two of its
// revisions.
func (s *Server) revisionLogPage(c echo.Context) error {
	unit, period, err := sittingOf(c)
	if err != nil {
		return err
	}
	from, err := parseSeq(c.QueryParam("from"))
	if err != nil {
		return err
	}
	to, err := parseSeq(c.QueryParam("to"))
	if err != nil {
		return err
	}
	data, err := s.office.RevisionLog(c.Request().Context(), visitor(c), unit, period, from, to)
	if err != nil {
		return err
	}
	v := &revisionLogView{RevisionLog: data, Path: reviewHref(unit, period), First: data.From == nil}
	page := s.view(c, "review", s.text.say("revisions.title", data.Unit.Name, period), v)
	page.Styles = []string{"review.css"}
	return s.ok(c, "revisions", page)
}

// StateName is where the report stood after an act.
func (v *revisionLogView) StateName(state filing.State) string { return filing.Names[state] }

func parseSeq(text string) (uint64, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n == 0 {
		return 0, disclosure.Errorf(disclosure.ErrInvalid, "版本的编号无法识别,请从版本记录中选择。")
	}
	return n, nil
}

// slipDocument is the 退回修改单 as a Word document.
func (s *Server) slipDocument(c echo.Context) error {
	return handOutMade(c, func(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period) ([]byte, string, error) {
		return s.office.ReturnSlip(ctx, v, unit, period, c.QueryParam("of") == "draft", c.QueryParam("due"))
	})
}

// IsFrom and IsTo say which entries are compared.
func (v *revisionLogView) IsFrom(seq uint64) bool { return v.From != nil && v.From.Seq == seq }
func (v *revisionLogView) IsTo(seq uint64) bool   { return v.To != nil && v.To.Seq == seq }
