package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"mingjing/internal/check"
	"mingjing/internal/check/expression"
	"mingjing/internal/disclosure"
	"mingjing/internal/office"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

type localRuleView struct {
	Def        check.LocalRuleDef
	New        bool
	Stands     bool // the rule is kept and switched on
	First      string
	Last       string
	Severities []option
	Families   []option
	Names      []expression.Name
	Functions  []expression.Function
	Parsed     parsedView
	Trial      *office.RuleTrial
	// Tried names the condition that was tried: only that one can be switched on.
	Tried    string
	Seen     uint64
	Act      string
	Sentence string
}

// parsedView says whether an expression is understood, and where it is not.
type parsedView struct {
	Empty, OK          bool
	Sentence           string
	Before, At, Behind string // the expression around the place
}

// trialShown bounds the reports that a trial lists.
const trialShown = 100

// More is how many reports a trial hits and the page leaves out.
func (v *localRuleView) More() int { return max(0, len(v.Trial.Lines)-trialShown) }

// Shown are the reports that the page lists.
func (v *localRuleView) Shown() []office.FindingLine {
	return v.Trial.Lines[:min(trialShown, len(v.Trial.Lines))]
}

// localRulePage makes or changes a rule of the district's own.
func (s *Server) localRulePage(c echo.Context) error {
	return s.showLocalRule(c, http.StatusOK, &localRuleView{Def: check.LocalRuleDef{ID: c.QueryParam("id")}}, false)
}

// showLocalRule shows the form: as typed, or as the rule is kept.
func (s *Server) showLocalRule(c echo.Context, status int, v *localRuleView, typed bool) error {
	ctx, stop := afresh(c)
	defer stop()
	book, err := s.office.Rules(ctx, visitor(c))
	if err != nil {
		return err
	}
	v.New, v.Seen, v.Act = true, book.Seen, uuid.NewString()
	free := 1
	for _, r := range book.Rules {
		if r.Local == nil {
			continue
		}
		if n, err := strconv.Atoi(strings.TrimPrefix(r.ID, "LOC-R")); err == nil {
			free = max(free, n+1)
		}
		if r.ID == v.Def.ID {
			if v.New, v.Stands = false, r.On; !typed {
				v.Def = *r.Local
			}
		}
	}
	if v.New && !typed {
		if v.Def.ID != "" {
			return disclosure.Errorf(disclosure.ErrNotFound, "没有本区规则“%s”,请从规则清单中选择。", v.Def.ID)
		}
		v.Def = check.LocalRuleDef{ID: fmt.Sprintf("LOC-R%d", free), Severity: check.Explain}
	}
	if v.Def.First != 0 && v.First == "" {
		v.First = v.Def.First.String()
	}
	if v.Def.Last != 0 && v.Last == "" {
		v.Last = v.Def.Last.String()
	}
	v.Severities = s.severitiesBetween(check.RuleLimits{Softest: check.Notice, Hardest: check.Error}, v.Def.Severity)
	v.Families, v.Names, v.Functions = ruleFamilies(v.Def.Family), nil, expression.Functions
	if form := newestForm(v.Def.Family); form != nil {
		v.Names = expression.Names(form)
	}
	v.Parsed = parsed(v.Def)
	title := s.text.say("ruleset.new")
	if !v.New {
		title = s.text.say("ruleset.edit", v.Def.ID)
	}
	page := s.view(c, "matters", title, v)
	page.Styles = []string{"matters.css"}
	return s.send(c, status, "rule-local", page)
}

// ruleFamilies are the forms that a rule can be about, the national one first.
func ruleFamilies(chosen string) []option {
	var out []option
	if chosen == "" {
		chosen = disclosure.FamilyNational
	}
	for _, f := range disclosure.Forms() {
		if f.Subject == disclosure.SubjectUnit && !slices.ContainsFunc(out, func(o option) bool { return o.Value == f.Family }) {
			out = append(out, option{Value: f.Family, Label: f.Title, Selected: f.Family == chosen})
		}
	}
	return out
}

func newestForm(family string) *disclosure.Form {
	if family == "" {
		family = disclosure.FamilyNational
	}
	var newest *disclosure.Form
	for _, f := range disclosure.Forms() {
		if f.Family == family && (newest == nil || f.Version > newest.Version) {
			newest = f
		}
	}
	return newest
}

// parsed tries to understand an expression, and finds the place where it goes wrong.
func parsed(def check.LocalRuleDef) parsedView {
	if strings.TrimSpace(def.Expression) == "" {
		return parsedView{Empty: true}
	}
	// What else is wrong with the rule is told when it is kept.
	probe := check.LocalRuleDef{ID: "LOC-R1", Title: "试", Family: def.Family, Expression: def.Expression, Severity: check.Notice}
	_, err := check.ParseLocalRule(probe)
	if err == nil {
		return parsedView{OK: true}
	}
	out := parsedView{Sentence: disclosure.Sentence(err)}
	var p *expression.Problem
	if errors.As(err, &p) {
		text := []rune(def.Expression)
		at := min(max(p.Position-1, 0), len(text))
		end := min(at+max(len([]rune(p.Near)), 1), len(text))
		out.Before, out.At, out.Behind = string(text[:at]), string(text[at:end]), string(text[end:])
	}
	return out
}

// parseRule answers, while somebody types, whether the expression is understood.
func (s *Server) parseRule(c echo.Context) error {
	return s.part(c, "rule-local", "parsed", parsed(check.LocalRuleDef{Family: c.FormValue("family"), Expression: c.FormValue("expression")}))
}

// readLocalRule reads the form. Error: ErrInvalid when a year is none.
func readLocalRule(c echo.Context) (*localRuleView, error) {
	v := &localRuleView{Def: check.LocalRuleDef{ID: strings.TrimSpace(c.FormValue("id")), Title: strings.TrimSpace(c.FormValue("title")), Family: c.FormValue("family"),
		Expression: strings.TrimSpace(c.FormValue("expression")), Severity: check.Severity(c.FormValue("severity")), Message: strings.TrimSpace(c.FormValue("message"))},
		First: strings.TrimSpace(c.FormValue("first")), Last: strings.TrimSpace(c.FormValue("last"))}
	if v.Def.Family == disclosure.FamilyNational {
		v.Def.Family = ""
	}
	for _, y := range []struct {
		text string
		into *disclosure.Year
	}{{v.First, &v.Def.First}, {v.Last, &v.Def.Last}} {
		if y.text == "" {
			continue
		}
		var err error
		if *y.into, err = parseYear(y.text); err != nil {
			return v, err
		}
	}
	return v, nil
}

// conditionOf names what a trial tries of a rule.
func conditionOf(def check.LocalRuleDef) string {
	def.On, def.Title, def.Message, def.Severity = false, "", "", ""
	data, err := json.Marshal(def)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// localRuleAct tries, keeps, switches or drops a rule of the district's own. It
// is switched on only after its very condition was tried on what is on file.
func (s *Server) localRuleAct(c echo.Context) error {
	v, err := readLocalRule(c)
	if err == nil {
		err = s.doLocalRule(c, v)
	}
	switch {
	case err == nil && v.Trial != nil:
		return s.showLocalRule(c, http.StatusOK, v, true)
	case err == nil:
		return c.Redirect(http.StatusSeeOther, "/rules?done=1#rule-"+v.Def.ID)
	case personsFault(err) || disclosure.CodeOf(err) == disclosure.ErrNotFound:
		v.Sentence = disclosure.Sentence(err)
		return s.showLocalRule(c, statusOf(err), v, true)
	}
	return err
}

func (s *Server) doLocalRule(c echo.Context, v *localRuleView) error {
	ctx, who := c.Request().Context(), visitor(c)
	do := c.FormValue("do")
	if do == "on" && c.FormValue("tried") != conditionOf(v.Def) {
		do = "try" // first look at what it would hit
	}
	if do == "try" {
		var err error
		v.Trial, err = s.office.TryLocalRule(ctx, who, v.Def, nil, nil)
		v.Tried = conditionOf(v.Def)
		return err
	}
	seen, act, err := ruleChange(c)
	if err != nil {
		return err
	}
	switch do {
	case "drop":
		return s.office.DropLocalRule(ctx, who, v.Def.ID, seen, act)
	case "on", "save":
		v.Def.On = do == "on"
		return s.office.SetLocalRule(ctx, who, v.Def, seen, act)
	}
	return disclosure.Errorf(disclosure.ErrInvalid, "请选择要做什么:试算、保存、启用或删除。")
}
