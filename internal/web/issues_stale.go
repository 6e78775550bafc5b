package web

import (
	"fmt"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"

	"github.com/labstack/echo/v4"
)

// staleView holds an issue as a person saw it against how it stands now, field
// by field; only what differs is shown.
type staleView struct {
	Rows []staleRow
	// Unknown: what was seen cannot be found any more.
	Unknown bool
	Mine    bool // a column for what the person wrote
}

type staleRow struct{ Label, Then, Now, Mine string }

// staleOf compares what the visitor saw with what stands now.
func (s *Server) staleOf(c echo.Context, now *office.IssueView, typed *typedAct) (*staleView, error) {
	ctx := c.Request().Context()
	then, err := s.office.IssueAt(ctx, visitor(c), now.ID, typed.Seq)
	if disclosure.CodeOf(err) == disclosure.ErrNotFound && err != nil {
		return &staleView{Unknown: true}, nil
	}
	if err != nil {
		return nil, err
	}
	names, err := s.office.UnitNames(ctx)
	if err != nil {
		return nil, err
	}
	out := &staleView{Mine: typed.Act == issue.Correct}
	mine := map[string]string{}
	if out.Mine {
		mine = typedFields(typed, names)
	}
	fields := issueFields(then, names)
	for k, f := range issueFields(now.Issue, names) {
		own, written := mine[f[0]]
		if fields[k][1] != f[1] || written && own != f[1] {
			out.Rows = append(out.Rows, staleRow{Label: s.text.say("issue." + f[0]), Then: fields[k][1], Now: f[1], Mine: own})
		}
	}
	return out, nil
}

// issueFields are what people can change of an issue, as key and text.
func issueFields(i *issue.Issue, names map[disclosure.UnitNumber]string) [][2]string {
	var helpers []string
	for _, h := range i.Helpers {
		helpers = append(helpers, names[h])
	}
	answer := ""
	if a := i.LastAnswer(); a != nil {
		answer = strings.TrimSpace(a.Text + "\n" + a.Link)
	}
	review := ""
	if n := len(i.Reviews); n > 0 {
		review = issue.ActNames[i.Reviews[n-1].Act] + " " + i.Reviews[n-1].Reason
	}
	progress := 0
	for _, a := range i.Answers {
		if a.Kind == issue.AnswerProgress {
			progress++
		}
	}
	request, appeal := "", ""
	if e := i.OpenExtension(); e != nil {
		request = e.Due.Chinese() + " " + e.Reason
	}
	if a := i.OpenAppeal(); a != nil {
		appeal = a.Reason
	}
	mark := func(valid bool, text string) string {
		if valid {
			return text
		}
		return ""
	}
	return [][2]string{{"state", issue.StateNames[i.State]}, {"unit", names[i.Unit]}, {"helpers", strings.Join(helpers, "、")}, {"due", i.Due.Chinese()},
		{"facts", i.Facts}, {"indicator1", i.Indicator1}, {"indicator2", i.Indicator2}, {"category", string(i.Category)},
		{"points", mark(i.Points.Valid, i.Points.Decimal.String())}, {"deduction", mark(i.Deduction.Valid, i.Deduction.Decimal.String())},
		{"answer", answer}, {"review", review}, {"progress", fmt.Sprint(progress)}, {"asks_extension", request}, {"appeals", appeal},
		{"evidence", fmt.Sprint(len(i.AllEvidence()))}, {"reminders", fmt.Sprint(len(i.Reminders))}}
}

// typedFields are the fields of a correction as they were written.
func typedFields(t *typedAct, names map[disclosure.UnitNumber]string) map[string]string {
	unit := func(text string) string {
		if n, err := parseUnit(text); err == nil && text != "" {
			return names[n]
		}
		return ""
	}
	var helpers []string
	for _, h := range t.Helpers {
		helpers = append(helpers, unit(h))
	}
	due := strings.TrimSpace(t.Day + " " + t.Hour)
	if m, err := optionalMoment(t.Day, t.Hour); err == nil {
		due = m.Chinese()
	}
	return map[string]string{"unit": unit(t.Unit), "helpers": strings.Join(helpers, "、"), "due": due, "facts": t.Facts, "indicator1": t.Indicator1,
		"indicator2": t.Indicator2, "category": t.Category, "points": t.Points, "deduction": t.Deduction}
}
