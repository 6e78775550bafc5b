package web

import (
	"net/url"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"
)

// narrowParams are the filters that the board's numbers lead with: the list has
// no fields for them, says them in a sentence and offers to drop them.
var narrowParams = []string{"lead", "came", "stand", "late", "reopened", "returned"}

// issueNarrow is what a number of the board asked for beyond the list's own
// filters.
type issueNarrow struct {
	Text, Clear string
	Fields      []option // to go along with the filters
}

// readNarrow reads them out of an address.
func readNarrow(q url.Values, f *office.IssueFilter) (err error) {
	if text := q.Get("lead"); text != "" {
		if f.Lead, err = parseUnit(text); err != nil {
			return err
		}
	}
	if f.Came = issue.StepCode(q.Get("came")); f.Came != "" && !slices.Contains(issue.Steps, f.Came) {
		return disclosure.Errorf(disclosure.ErrInvalid, "没有这个办理环节,请从季度看板进入。")
	}
	switch f.Stand = office.IssueStand(q.Get("stand")); f.Stand {
	case "", office.StandOpen, office.StandGoing, office.StandOwed:
	default:
		return disclosure.Errorf(disclosure.ErrInvalid, "没有这种办理情况,请从季度看板进入。")
	}
	for name, flag := range map[string]*bool{"late": &f.Late, "reopened": &f.Reopened, "returned": &f.Returned} {
		*flag = q.Get(name) == "1"
	}
	return nil
}

// narrowed says what the list is narrowed to; nil for nothing.
func (s *Server) narrowed(page *view, f office.IssueFilter, units []option) *issueNarrow {
	n := &issueNarrow{}
	var said []string
	for _, o := range units {
		if f.Lead != 0 && o.Value == unitText(f.Lead) {
			said = append(said, s.text.say("narrow.lead", strings.TrimSpace(o.Label)))
		}
	}
	if f.Came != "" && f.Came != issue.StepFound {
		said = append(said, s.text.say("narrow.came", issue.StepNames[f.Came]))
	}
	if f.Stand != "" {
		said = append(said, s.text.say("narrow."+string(f.Stand)))
	}
	for _, flag := range []struct {
		key string
		on  bool
	}{{"late", f.Late}, {"reopened", f.Reopened}, {"returned", f.Returned}} {
		if flag.on {
			said = append(said, s.text.say("narrow."+flag.key))
		}
	}
	clear := []string{"page", ""}
	for _, name := range narrowParams {
		clear = append(clear, name, "")
		if value := page.Query.Get(name); value != "" {
			n.Fields = append(n.Fields, option{Label: name, Value: value})
		}
	}
	if len(n.Fields) == 0 {
		return nil
	}
	if len(said) > 0 {
		n.Text = s.text.say("narrow.text", strings.Join(said, "、"))
	}
	n.Clear = page.With(clear...)
	return n
}
