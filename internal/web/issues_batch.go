package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"

	"github.com/labstack/echo/v4"
)

// batchActs are what can be done to several issues of the list at once.
var batchActs = []issue.Act{issue.HandOver, issue.Remind, issue.Recheck, issue.Close}

// parseIssueKey reads which issue was chosen, as it was seen.
func parseIssueKey(text string) (id string, seq uint64, err error) {
	at := strings.LastIndex(text, ".")
	if at > 0 {
		if seq, err := strconv.ParseUint(text[at+1:], 10, 64); err == nil {
			return text[:at], seq, nil
		}
	}
	return "", 0, disclosure.Errorf(disclosure.ErrInvalid, "所选问题无法识别,请刷新页面后重新勾选。")
}

// batchIssues does one act to all chosen issues. What could not be done stands
// on the list again with a sentence each, still chosen; once anything was done,
// behind a redirect, so that to load the page again does nothing.
func (s *Server) batchIssues(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return badForm(err)
	}
	back := issuesAddress(form.Get("back"))
	v := &issuesView{Day: form.Get("day"), Hour: form.Get("hour")}
	act := issue.Act(form.Get("do"))
	if act == issue.Remind {
		return s.toRemind(c, form["issue"])
	}
	batch, err := s.doBatch(c, form, act)
	if err != nil && !personsFault(err) {
		return err
	}
	if err == nil && len(batch.Refused) == 0 {
		q := back.Query()
		q.Set("done", strconv.Itoa(len(batch.Done)))
		q.Set("did", string(act))
		return c.Redirect(http.StatusSeeOther, address(back.Path, q))
	}
	if err == nil && len(batch.Done) > 0 {
		q := back.Query()
		q.Set("outcome", s.outcomes.put(visitor(c).Account, batchOutcome{act: act, batch: batch}, s.clock()))
		return c.Redirect(http.StatusSeeOther, address(back.Path, q))
	}
	status := http.StatusConflict
	if err != nil {
		status = statusOf(err)
		v.Refused = []office.Refusal{{Sentence: disclosure.Sentence(err)}}
		for _, text := range form["issue"] {
			if id, _, keyErr := parseIssueKey(text); keyErr == nil {
				v.Refused = append(v.Refused, office.Refusal{Issue: id})
			}
		}
	} else {
		v.Refused = batch.Refused
	}
	return s.showIssues(c, status, back.Query(), v)
}

func (s *Server) doBatch(c echo.Context, form url.Values, act issue.Act) (*office.IssueBatch, error) {
	known := false
	for _, a := range batchActs {
		known = known || a == act
	}
	if !known {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "请选择要办理的事项:交办、催办、复核通过或销号。")
	}
	move := issue.Move{Act: act}
	if act == issue.HandOver && (form.Get("day") != "" || form.Get("hour") != "") {
		var err error
		if move.Due, err = momentOf(form.Get("day"), form.Get("hour")); err != nil {
			return nil, err
		}
	}
	var moves []office.IssueMove
	for _, text := range form["issue"] {
		id, seq, err := parseIssueKey(text)
		if err != nil {
			return nil, err
		}
		moves = append(moves, office.IssueMove{Move: move, Issue: id, Seq: seq})
	}
	return s.office.DoIssues(c.Request().Context(), visitor(c), form.Get("act"), moves)
}

// issuesAddress keeps a way back on the list.
func issuesAddress(text string) *url.URL {
	at, err := url.Parse(localPath(text))
	if err != nil || at.Path != "/issues" {
		return &url.URL{Path: "/issues"}
	}
	return at
}

// suggestedDue is a due time to begin with.
func (s *Server) suggestedDue(c echo.Context) (calendar.Moment, error) {
	workdays, err := s.office.Workdays(c.Request().Context())
	if err != nil {
		return calendar.Moment{}, err
	}
	return suggestion(workdays, calendar.DayOf(s.clock())), nil
}
