package web

import (
	"net/http"
	"net/url"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

type matterView struct {
	*office.MatterPage
	BasisName    string
	Year         disclosure.Year
	CellHref     string
	ListHref     string
	Key          string
	Act          string
	Back         string
	Dispositions []option
	Reason       string
	Answer       string
	Sentence     string
	Done         bool
	Cells        []matterCell
	// Same says of each entry of the history that the figures are as they were.
	Same []bool
	// Issue is what the matter was made into, nil when nothing; ToIssue is where
	// that is done, "" for who may not, or while it is not found true.
	Issue   *office.IssueView
	ToIssue string
}

type matterCell struct {
	office.MatterCell
	Shown, State, Href string
}

// matterPage is one matter: what was found, the figures, the passages that were
// copied, what was said, and what can be done.
func (s *Server) matterPage(c echo.Context) error {
	return s.showMatter(c, http.StatusOK, c.Param("year")+"/"+c.Param("id"), nil, "")
}

// showMatter shows the matter at an address below /matters/.
func (s *Server) showMatter(c echo.Context, status int, at string, typed *typedMark, answer string) error {
	yearText, id, _ := strings.Cut(at, "/")
	year, err := parseYear(yearText)
	if err != nil {
		return err
	}
	basisText := c.QueryParam("basis")
	if typed != nil {
		basisText = typed.query.Get("basis")
	}
	who := visitor(c)
	basis, err := matterBasis(who, basisText)
	if err != nil {
		return err
	}
	ctx, stop := afresh(c)
	defer stop()
	data, err := s.office.Matter(ctx, who, year, basis, id)
	if err != nil {
		return err
	}
	v := &matterView{MatterPage: data, BasisName: string(basis), Year: year, CellHref: cellHref(&data.Matter, string(basis)), Key: matterKey(&data.Matter),
		Act: uuid.NewString(), Back: matterHref(year, string(basis), id), Answer: answer, Done: c.QueryParam("done") != "",
		ListHref: address("/matters", url.Values{"year": {year.String()}, "basis": {string(basis)}})}
	for _, cell := range data.Cells {
		out := matterCell{MatterCell: cell, Href: reportHref(data.Report, string(basis)) + "#" + string(cell.Code)}
		out.Shown, out.State = s.shown(cell.Cell, cell.Known)
		v.Cells = append(v.Cells, out)
	}
	for _, e := range data.History {
		v.Same = append(v.Same, e.Own == data.Own || !data.State.Found())
	}
	if err := s.issueOfMatter(c, v); err != nil {
		return err
	}
	chosen := office.Disposition("")
	if typed != nil {
		v.Sentence, v.Reason, chosen = typed.sentence, typed.order.Reason, typed.order.Disposition
	}
	v.Dispositions = s.dispositions(chosen)
	page := s.view(c, "matters", s.text.say("matter.title", data.Unit.Display(), data.Report.Period, data.Name), v)
	page.Styles, page.Scripts = []string{"matters.css"}, []string{"matters.js"}
	return s.send(c, status, "matter", page)
}

// issueOfMatter leads from a matter to its issue, and to where it is made one.
func (s *Server) issueOfMatter(c echo.Context, v *matterView) error {
	kind := issue.OriginFinding
	if v.Anomaly != nil {
		kind = issue.OriginAnomaly
	}
	who := visitor(c)
	var err error
	if v.Issue, err = s.office.IssueOf(c.Request().Context(), who, kind, v.ID); err != nil && disclosure.CodeOf(err) != disclosure.ErrNotFound {
		return err
	}
	if v.Issue == nil && who.May(people.Supervise, v.Unit.Number) && v.Mark.Disposition == office.Confirmed && v.State.Found() {
		v.ToIssue = address("/issues/new", url.Values{"from": {"matter"}, "year": {v.Year.String()}, "id": {v.ID}, "basis": {v.BasisName}})
	}
	return nil
}

// answerMatter takes a unit's answer in.
func (s *Server) answerMatter(c echo.Context) error {
	year, err := parseYear(c.Param("year"))
	if err != nil {
		return err
	}
	who := visitor(c)
	basis, err := matterBasis(who, c.FormValue("basis"))
	if err != nil {
		return err
	}
	text := c.FormValue("answer")
	seen, err := parseMatterKey(c.FormValue("matter"))
	if err == nil {
		seen.ID = c.Param("id")
		err = s.office.AnswerMatter(c.Request().Context(), who, year, basis, seen, text, c.FormValue("act"))
	}
	if err == nil {
		return c.Redirect(http.StatusSeeOther, matterHref(year, string(basis), c.Param("id"))+"&done=1")
	}
	if !personsFault(err) {
		return err
	}
	typed := &typedMark{query: url.Values{"basis": {string(basis)}}, sentence: disclosure.Sentence(err)}
	return s.showMatter(c, statusOf(err), c.Param("year")+"/"+c.Param("id"), typed, text)
}
