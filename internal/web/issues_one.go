package web

import (
	"net/http"
	"net/url"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

type issueView struct {
	*office.IssueView
	Href      string
	Due       dueWords
	Marks     string
	Indicator string
	Origin    string
	From      string // address of what the issue was made of
	Course    []courseLine
	Forms     []actForm
	Says      string // what is next, in one sentence
	Stage     string // where it stands on the ladder, for supervisors
	Earlier   []earlierIssue
	Extension *issue.Extension // asked for and not decided
	Appeal    *issue.Appeal
	Sentence  string
	Stale     *staleView
	Lost      []string // what was typed into a form that is not offered any more
	Done      string
	Edit      bool
	Remind    string
}

type courseLine struct {
	office.CourseStep
	Name  string
	Stood string // the state afterwards, when it changed
	New   bool   // after the visitor opened the page
}

type earlierIssue struct {
	office.IssueLine
	Href string
}

// issuePage is one issue: facts, evidence, course, and what this visitor may do
// now.
func (s *Server) issuePage(c echo.Context) error {
	return s.showIssue(c, http.StatusOK, nil, "")
}

// showIssue shows the issue; typed is what was sent and not carried out, with
// the sentence that says why.
func (s *Server) showIssue(c echo.Context, status int, typed *typedAct, sentence string) error {
	ctx, stop := afresh(c)
	defer stop()
	who := visitor(c)
	data, err := s.office.Issue(ctx, who, c.Param("id"))
	if err != nil {
		return err
	}
	course, err := s.office.IssueCourse(ctx, who, data.ID)
	if err != nil {
		return err
	}
	v := &issueView{IssueView: data, Href: issueHref(data.ID), Due: s.dueWordsOf(&data.IssueLine), Marks: s.marksOf(&data.Content), Indicator: indicatorsOf(&data.Content),
		Origin: issue.OriginNames[data.Origin.Kind], Extension: data.OpenExtension(), Appeal: data.OpenAppeal(), Sentence: sentence}
	if act := issue.Act(c.QueryParam("did")); issue.ActNames[act] != "" && typed == nil {
		v.Done = s.text.say("issue.done", issue.ActNames[act])
	}
	if typed != nil && typed.Seq != data.Seq {
		if v.Stale, err = s.staleOf(c, data, typed); err != nil {
			return err
		}
	}
	before := issue.Missing
	for _, step := range course {
		l := courseLine{CourseStep: step, Name: issue.ActNames[step.Act], New: v.Stale != nil && step.Seq > typed.Seq}
		if step.State != before {
			l.Stood = issue.StateNames[step.State]
		}
		before = step.State
		v.Course = append(v.Course, l)
	}
	v.Forms = s.actForms(data, who.May(people.Supervise, data.Unit), uuid.NewString(), typed)
	if err := s.fillForms(c, v, typed); err != nil {
		return err
	}
	v.Edit = data.May(issue.Correct)
	if data.May(issue.Remind) {
		v.Remind = address("/issues/remind", url.Values{"issue": {data.ID}})
	}
	v.Says = s.issueSays(v, who)
	if data.Standing != nil && who.May(people.Supervise, data.Unit) {
		v.Stage = data.Standing.Sentence()
	}
	for _, e := range data.Earlier {
		v.Earlier = append(v.Earlier, earlierIssue{IssueLine: e, Href: issueHref(e.ID)})
	}
	v.From = s.matterOfIssue(c, data)
	page := s.view(c, "issues", s.text.say("issue.title", data.Number), v)
	page.Styles, page.Scripts = []string{"issues.css"}, []string{"issues.js"}
	return s.send(c, status, "issue", page)
}

// fillForms proposes what forms begin with, and keeps what was typed.
func (s *Server) fillForms(c echo.Context, v *issueView, typed *typedAct) error {
	offered := false
	for k := range v.Forms {
		f := &v.Forms[k]
		if typed != nil && typed.Act == f.Act {
			offered = true
		} else if err := s.propose(c, f, v.IssueView); err != nil {
			return err
		}
		if !f.Units {
			continue
		}
		units, err := s.office.UnitChoices(c.Request().Context(), visitor(c), people.Supervise)
		if err != nil {
			return err
		}
		f.UnitList = pickUnits(units, []string{f.Typed.Unit})
		f.HelperList = pickUnits(units, f.Typed.Helpers)
	}
	if typed != nil && !offered {
		v.Lost = typed.Words()
	}
	return nil
}

// propose sets what an untouched form begins with.
func (s *Server) propose(c echo.Context, f *actForm, v *office.IssueView) error {
	now := s.clock()
	switch {
	case f.Act == issue.Extend && v.OpenExtension() != nil:
		f.Typed.Day, f.Typed.Hour = momentFields(v.OpenExtension().Due)
	case f.Act == issue.HandOver && !v.Content.Due.IsZero() && now.Before(v.Content.Due.End()):
		f.Typed.Day, f.Typed.Hour = momentFields(v.Content.Due)
	case f.DueMust || f.Due && v.Overdue:
		due, err := s.suggestedDue(c)
		if err != nil {
			return err
		}
		if (f.Act == issue.AskExtension || f.Act == issue.Extend) && !v.Content.Due.Before(due) {
			return nil // the proposal would be no extension
		}
		f.Typed.Day, f.Typed.Hour = momentFields(due)
	}
	if f.Units {
		if v.Unit != 0 {
			f.Typed.Unit = unitText(v.Unit)
		}
		for _, h := range v.Helpers {
			f.Typed.Helpers = append(f.Typed.Helpers, unitText(h))
		}
	}
	return nil
}

// issueSays is what is next, for the one who looks.
func (s *Server) issueSays(v *issueView, who people.Visitor) string {
	side := "others"
	switch {
	case who.May(people.Supervise, v.Unit):
		side = "office"
	case v.Unit != 0 && who.May(people.AnswerIssue, v.Unit):
		side = "unit"
	case who.Anywhere(people.Evaluate):
		side = "evaluator"
	}
	if said, ok := s.text.find("issuenext." + side + ".overdue"); ok && v.Overdue {
		return said
	}
	if said, ok := s.text.find("issuenext." + side + "." + string(v.State)); ok {
		return said
	}
	said, _ := s.text.find("issuenext." + string(v.State))
	return said
}

// matterOfIssue is the address of the 待核实事项 that the issue was made of, ""
// when there is none that the visitor may see.
func (s *Server) matterOfIssue(c echo.Context, v *office.IssueView) string {
	if v.Origin.Kind != issue.OriginFinding && v.Origin.Kind != issue.OriginAnomaly {
		return ""
	}
	place := []rune(v.Origin.Place)
	y, err := parseYear(string(place[:min(len(place), 4)])) // 2025年度报告
	if err != nil || !visitor(c).Anywhere(people.SeeFindings) {
		return ""
	}
	for _, basis := range []office.Basis{office.Provisional, office.Approved} {
		if basis == office.Provisional && !visitor(c).Anywhere(people.SeeFiled) {
			continue
		}
		if _, err := s.office.Matter(c.Request().Context(), visitor(c), y, basis, v.Origin.Ref); err == nil {
			return matterHref(y, string(basis), v.Origin.Ref)
		}
	}
	return ""
}

// issueEvidence gives a file of the issue, for download only: its kind was told
// by its content when it came, and nothing is run from here.
func (s *Server) issueEvidence(c echo.Context) error {
	f, file, err := s.office.OpenEvidence(c.Request().Context(), visitor(c), c.Param("id"), c.Param("sha"))
	if err != nil {
		return err
	}
	defer file.Close()
	if isPicture(f.Media) {
		return handOutAs(c, f.Name, f.Media, file)
	}
	return handOutAs(c, f.Name, echo.MIMEOctetStream, file)
}

// isPicture says whether a browser can show the file as a picture and do nothing
// else with it.
func isPicture(media string) bool {
	switch media {
	case "image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp":
		return true
	}
	return false
}

// pickUnits are units as options, with those chosen.
func pickUnits(units []office.UnitChoice, chosen []string) []option {
	var out []option
	for _, u := range units {
		on := false
		for _, text := range chosen {
			on = on || text == unitText(u.Number)
		}
		if !u.Gone || on {
			out = append(out, option{Value: unitText(u.Number), Label: u.Indented(), Selected: on})
		}
	}
	return out
}

// parseHelpers reads units; an empty choice is none.
func parseHelpers(texts []string) ([]disclosure.UnitNumber, error) {
	var out []disclosure.UnitNumber
	for _, text := range texts {
		if text == "" {
			continue
		}
		n, err := parseUnit(text)
		if err != nil {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "没有这个单位,请从单位列表中选择。")
		}
		out = append(out, n)
	}
	return out, nil
}
