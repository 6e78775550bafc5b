package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/office"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

type issueRemindView struct {
	*office.IssueRemindPlan
	Act      string
	Ways     []wayView
	Words    string
	Sentence string
	Chosen   map[string]bool
	All      bool // nothing was chosen: what the ladder has reached
	Count    int
}

// toRemind leads from a choice on the list to the page on which a reminder is
// read over.
func (s *Server) toRemind(c echo.Context, keys []string) error {
	q := url.Values{}
	for _, text := range keys {
		id, _, err := parseIssueKey(text)
		if err != nil {
			return err
		}
		q.Add("issue", id)
	}
	if len(keys) == 0 {
		return disclosure.Errorf(disclosure.ErrInvalid, "请先勾选要催办的问题。")
	}
	return c.Redirect(http.StatusSeeOther, address("/issues/remind", q))
}

// issueRemindPage is where a supervisor reads over what units will be told of
// their issues: those chosen, or all that the ladder has reached.
func (s *Server) issueRemindPage(c echo.Context) error {
	issues := c.QueryParams()["issue"]
	plan, err := s.office.PlanIssueReminder(c.Request().Context(), visitor(c), issues)
	if err != nil {
		return err
	}
	return s.showIssueRemind(c, http.StatusOK, &issueRemindView{IssueRemindPlan: plan, Act: uuid.NewString(), All: issues == nil}, nil)
}

func (s *Server) showIssueRemind(c echo.Context, status int, v *issueRemindView, chosen []office.RemindWay) error {
	v.Ways = s.remindWays(v.CanMail, chosen)
	for _, l := range v.Lines {
		v.Count += len(l.Issues)
	}
	v.Words = "{" + strings.Join(office.IssueReminderWords, "}、{") + "}"
	page := s.view(c, "issues", s.text.say("issueremind.title"), v)
	page.Styles, page.Scripts = []string{"wall.css", "issues.css"}, []string{"wall.js"}
	return s.send(c, status, "issue-remind", page)
}

// remindIssues reminds, and leads to what was sent.
func (s *Server) remindIssues(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return badForm(err)
	}
	r := office.IssueReminding{Issues: form["issue"], Text: form.Get("text"), Each: form.Get("each"), ID: form.Get("act")}
	for _, w := range form["way"] {
		r.Ways = append(r.Ways, office.RemindWay(w))
	}
	if _, err := uuid.Parse(r.ID); err != nil {
		return disclosure.Errorf(disclosure.ErrInvalid, "页面缺少操作编号,请从问题清单重新选择再催办。")
	}
	ctx := c.Request().Context()
	sent, err := s.office.RemindIssues(ctx, visitor(c), r)
	if err == nil {
		return c.Redirect(http.StatusSeeOther, "/progress/reminders/"+url.PathEscape(sent.ID))
	}
	if code := disclosure.CodeOf(err); code != disclosure.ErrInvalid && code != disclosure.ErrConflict {
		return err
	}
	// All issues that the page showed come again, those that were ticked ticked.
	shown := form["shown"]
	if len(shown) == 0 {
		return err
	}
	plan, planErr := s.office.PlanIssueReminder(ctx, visitor(c), shown)
	if planErr != nil {
		return err
	}
	plan.Text, plan.Each = r.Text, r.Each
	v := &issueRemindView{IssueRemindPlan: plan, Act: r.ID, Sentence: disclosure.Sentence(err), Chosen: map[string]bool{}}
	for _, id := range r.Issues {
		v.Chosen[id] = true
	}
	return s.showIssueRemind(c, statusOf(err), v, append([]office.RemindWay{}, r.Ways...))
}

// Ticked says whether an issue is chosen on the page.
func (v *issueRemindView) Ticked(id string) bool { return v.Chosen == nil || v.Chosen[id] }

// remindWays are the ways of reminding; nil stands for the usual ones.
func (s *Server) remindWays(canMail bool, chosen []office.RemindWay) []wayView {
	if chosen == nil {
		chosen = []office.RemindWay{office.WayText, office.WayNotice}
	}
	var out []wayView
	for _, w := range office.RemindWays {
		view := wayView{Value: string(w), Label: office.RemindWayNames[w], Note: s.text.say("remind.way_" + string(w)), On: slices.Contains(chosen, w)}
		if w == office.WayMail && !canMail {
			view.On, view.Off, view.Note = false, true, s.text.say("remind.no_mail")
		}
		out = append(out, view)
	}
	return out
}
