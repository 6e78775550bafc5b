package web

import (
	"net/http"
	"strconv"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

type rulesView struct {
	*office.RuleBook
	Lines    []ruleLine
	Own      int // rules of the district's own
	MayEdit  bool
	Numbers  bool // the visitor reads rules by their numbers
	Act      string
	Sentence string
	Done     bool
}

// ruleLine is a rule with the form to change it.
type ruleLine struct {
	check.RuleState
	Severities []option // within the rule's limits
	Open       bool
}

// severitiesBetween are what a rule's severity can be set to, hardest first.
func (s *Server) severitiesBetween(l check.RuleLimits, chosen check.Severity) []option {
	var out []option
	within := false
	for _, sev := range office.Severities {
		within = within || sev == l.Hardest
		if within && sev != check.NotAssessable {
			out = append(out, option{Value: string(sev), Label: s.text.say("severity." + string(sev)), Selected: sev == chosen})
		}
		if sev == l.Softest {
			break
		}
	}
	return out
}

// rulesPage lists every rule with its text and source; who may configure changes
// them in place.
func (s *Server) rulesPage(c echo.Context) error {
	return s.showRules(c, http.StatusOK, "", nil, "")
}

// showRules shows the rules, with what was typed for one of them.
func (s *Server) showRules(c echo.Context, status int, rule string, typed *check.RuleSetting, sentence string) error {
	ctx, stop := afresh(c)
	defer stop()
	book, err := s.office.Rules(ctx, visitor(c))
	if err != nil {
		return err
	}
	v := &rulesView{RuleBook: book, MayEdit: visitor(c).May(people.Configure, 0), Numbers: office.ReadsRuleNumbers(visitor(c)), Act: uuid.NewString(), Sentence: sentence, Done: c.QueryParam("done") != ""}
	for _, r := range book.Rules {
		l := ruleLine{RuleState: r}
		if r.Local != nil {
			v.Own++
		}
		if typed != nil && r.ID == rule {
			l.Setting, l.Open = *typed, true
		}
		chosen := l.Severity
		if l.Setting.Severity != "" {
			chosen = l.Setting.Severity
		}
		l.Severities = s.severitiesBetween(r.Limits, chosen)
		v.Lines = append(v.Lines, l)
	}
	page := s.view(c, "matters", s.text.say("ruleset.title"), v)
	page.Styles = []string{"matters.css"}
	return s.send(c, status, "rules", page)
}

// putRule keeps what the district decides on one shipped rule.
func (s *Server) putRule(c echo.Context) error {
	id := c.FormValue("rule")
	set := check.RuleSetting{Severity: check.Severity(c.FormValue("severity")), Title: c.FormValue("title"), Advice: c.FormValue("advice"), Off: c.FormValue("on") == ""}
	if c.FormValue("do") == "reset" {
		set = check.RuleSetting{}
	}
	if shipped, ok := check.RuleByID(id); ok { // what ships is no decision
		if set.Severity == shipped.Severity {
			set.Severity = ""
		}
		if set.Title == shipped.Title {
			set.Title = ""
		}
	}
	seen, act, err := ruleChange(c)
	if err == nil {
		err = s.office.SetRuleSettings(c.Request().Context(), visitor(c), check.RuleSettings{id: set}, seen, act)
	}
	if err == nil {
		return c.Redirect(http.StatusSeeOther, "/rules?done=1#rule-"+id)
	}
	if !personsFault(err) {
		return err
	}
	return s.showRules(c, statusOf(err), id, &set, disclosure.Sentence(err))
}

// ruleChange reads which state of the rules was seen, and the act's id.
func ruleChange(c echo.Context) (seen uint64, act string, err error) {
	seen, err = strconv.ParseUint(c.FormValue("seen"), 10, 64)
	if err == nil {
		_, err = uuid.Parse(c.FormValue("act"))
	}
	if err != nil {
		return 0, "", disclosure.Errorf(disclosure.ErrInvalid, "页面不完整,请刷新页面后重试。").Because(err)
	}
	return seen, c.FormValue("act"), nil
}
