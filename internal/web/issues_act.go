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
	"github.com/shopspring/decimal"
)

// mostFiles is how many files come with one act; each is bounded by the office.
const mostFiles = 10

// actOnIssue does one act to an issue. What cannot be done shows the page again
// with the sentence on top and everything typed kept.
func (s *Server) actOnIssue(c echo.Context) error {
	form, err := receive(c)
	if err != nil {
		return err
	}
	ctx, stop := afresh(c)
	defer stop()
	seen, err := s.office.Issue(ctx, visitor(c), c.Param("id"))
	if err != nil {
		return err
	}
	typed := s.typedOf(c, form.fields)
	move, err := s.moveOf(c, form, typed)
	if err == nil {
		if move.Content != nil {
			move.Content.UnitText = seen.UnitText // as the list had it
		}
		_, err = s.office.DoIssue(ctx, visitor(c), office.IssueMove{Move: *move, ID: form.fields.Get("act"), Issue: seen.ID, Seq: typed.Seq})
	}
	switch {
	case err == nil:
		return c.Redirect(http.StatusSeeOther, issueHref(seen.ID)+"?did="+url.QueryEscape(string(typed.Act)))
	case !personsFault(err):
		return err
	case typed.Act == issue.Correct && seen.May(issue.Correct):
		return s.showEdit(c, statusOf(err), typed, disclosure.Sentence(err))
	}
	return s.showIssue(c, statusOf(err), typed, disclosure.Sentence(err))
}

// typedOf is what a person wrote, as it was written.
func (s *Server) typedOf(c echo.Context, q url.Values) *typedAct {
	seq, err := strconv.ParseUint(q.Get("seq"), 10, 64)
	if err != nil {
		seq = 0 // no issue stands there: it will be taken for a stale page
	}
	t := &typedAct{Act: issue.Act(q.Get("do")), Seq: seq, Reason: plainBreaks(q.Get("reason")), Text: plainBreaks(q.Get("text")), Link: strings.TrimSpace(q.Get("link")),
		Kind: q.Get("kind"), Day: q.Get("day"), Hour: q.Get("hour"), Deduction: q.Get("deduction"), Unit: q.Get("unit"), Helpers: q["helper"],
		Address: strings.TrimSpace(q.Get("address")), Facts: plainBreaks(q.Get("facts")), Indicator1: q.Get("indicator1"), Indicator2: q.Get("indicator2"),
		Points: q.Get("points"), Category: q.Get("category")}
	for _, token := range q["kept"] {
		if held, ok := s.kept.get(visitor(c).Account, token, s.clock()); ok {
			t.Kept = append(t.Kept, held)
		}
	}
	return t
}

// plainBreaks takes a browser's line breaks for one sort of them: lengths are
// counted in letters.
func plainBreaks(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

// moveOf is the act that a form asks for. Files are kept first, so that they are
// not lost when something else is wrong. Error: ErrInvalid.
func (s *Server) moveOf(c echo.Context, form sent, t *typedAct) (*issue.Move, error) {
	if issue.ActNames[t.Act] == "" || t.Act == issue.Enter {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "请选择要办理的事项,再提交。")
	}
	m := &issue.Move{Act: t.Act, Reason: t.Reason, Text: t.Text, Link: t.Link, Kind: issue.AnswerKind(t.Kind)}
	var err error
	if m.Evidence, err = s.evidenceOf(c, form, t); err != nil {
		return nil, err
	}
	if m.Due, err = optionalMoment(t.Day, t.Hour); err != nil {
		return nil, err
	}
	if t.Act == issue.Uphold {
		if m.Deduction, err = markOf(t.Deduction, "改定的扣分"); err != nil {
			return nil, err
		}
	}
	switch t.Act {
	case issue.Assign:
		if t.Unit != "" {
			if m.Unit, err = parseUnit(t.Unit); err != nil {
				return nil, disclosure.Errorf(disclosure.ErrInvalid, "没有这个单位,请从单位列表中选择。")
			}
		}
		m.Helpers, err = parseHelpers(t.Helpers)
	case issue.Correct:
		m.Content, err = contentOf(t)
	}
	return m, err
}

// evidenceOf are the files and the address of a form.
func (s *Server) evidenceOf(c echo.Context, form sent, t *typedAct) ([]issue.Evidence, error) {
	var out []issue.Evidence
	if len(form.files)+len(t.Kept) > mostFiles {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "一次最多上传%d个文件,请分次上传或合并。", mostFiles)
	}
	var failed error
	for _, f := range form.files {
		if f.name == "" && len(f.data) == 0 {
			continue // nothing was chosen
		}
		kept, err := s.office.KeepEvidence(c.Request().Context(), visitor(c), f.name, strings.NewReader(string(f.data)))
		if err != nil {
			if failed == nil {
				failed = err
			}
			continue
		}
		t.Kept = append(t.Kept, s.kept.put(visitor(c).Account, *kept, s.clock()))
	}
	if failed != nil {
		return nil, failed
	}
	for _, k := range t.Kept {
		file := k.file
		out = append(out, issue.Evidence{File: &file})
	}
	if t.Address != "" {
		out = append(out, issue.Evidence{Address: t.Address})
	}
	return out, nil
}

// optionalMoment reads a due time that may be left out.
func optionalMoment(day, hour string) (calendar.Moment, error) {
	if strings.TrimSpace(day) == "" && strings.TrimSpace(hour) == "" {
		return calendar.Moment{}, nil
	}
	return momentOf(day, hour)
}

// markOf reads points or a deduction. Error: ErrInvalid, which names what it is.
func markOf(text, name string) (decimal.NullDecimal, error) {
	v, problem := issue.ParseMark(text)
	if problem != "" {
		return v, disclosure.Errorf(disclosure.ErrInvalid, "%s“%s”%s,请改成0.5的样子。", name, disclosure.Clip(text, 20), problem)
	}
	return v, nil
}
