package check

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"

	"mingjing/internal/check/expression"
	"mingjing/internal/disclosure"
)

// RuleSet is the rules as a district has them: those that ship, its decisions
// on them, and its own.
type RuleSet struct {
	settings RuleSettings
	local    []*LocalRule
	version  string
}

// Shipped is the rule set of a district that changed nothing.
var Shipped = &RuleSet{version: Version}

// NewRuleSet makes a district's rule set. basis names other data that findings
// rest on (which ledgers are on file): with it the version changes. Error:
// ErrInvalid.
func NewRuleSet(settings RuleSettings, defs []LocalRuleDef, basis ...string) (*RuleSet, error) {
	if err := settings.Validate(); err != nil {
		return nil, err
	}
	s := &RuleSet{settings: settings, version: Version}
	seen := map[string]bool{}
	for _, def := range defs {
		r, err := ParseLocalRule(def)
		if err != nil {
			return nil, err
		}
		if seen[def.ID] {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "规则编号%s重复,请改用别的编号。", def.ID)
		}
		seen[def.ID] = true
		s.local = append(s.local, r)
	}
	if len(settings)+len(defs)+len(basis) > 0 {
		state, err := json.Marshal([]any{settings, defs, basis})
		if err != nil {
			return nil, disclosure.Errorf(disclosure.ErrInternal, "规则设置无法保存,请联系维护人员。").Because(err)
		}
		sum := sha256.Sum256(state)
		s.version += "+" + hex.EncodeToString(sum[:5])
	}
	return s, nil
}

// Version names what the set finds: findings that were kept under another
// version are old.
func (s *RuleSet) Version() string { return s.version }

// RuleState is a rule with what the district decided on it.
type RuleState struct {
	Rule
	// Shipped is the rule before the district's decisions; of a rule of its
	// own, the same.
	Shipped Rule        `json:"shipped"`
	Setting RuleSetting `json:"setting"`
	Limits  RuleLimits  `json:"limits"`
	// Local is set for a rule of the district's own.
	Local *LocalRuleDef `json:"local,omitempty"`
	On    bool          `json:"on"`
}

// Rules lists every rule as the district has it, its own last.
func (s *RuleSet) Rules() []RuleState {
	var out []RuleState
	for _, r := range Rules() {
		set := s.settings[r.ID]
		state := RuleState{Rule: r, Shipped: r, Setting: set, Limits: Limits(r), On: !set.Off}
		if set.Title != "" {
			state.Title = set.Title
		}
		if set.Severity != "" {
			state.Severity = set.Severity
		}
		out = append(out, state)
	}
	for _, r := range s.local {
		out = append(out, RuleState{Rule: r.Rule(), Shipped: r.Rule(), Local: &r.LocalRuleDef, On: r.On, Limits: RuleLimits{Softest: Notice, Hardest: Error, MayOff: true}})
	}
	return out
}

// Report is ReportAfter under the district's rules.
//
// A nil set is the shipped one.
func (s *RuleSet) Report(unit *disclosure.Unit, cur *disclosure.Report, before Before) []Finding {
	if s == nil {
		s = Shipped
	}
	found := ReportAfter(unit, cur, before)
	own := s.Local(cur, before)
	if len(s.settings) == 0 && len(own) == 0 {
		return found
	}
	return s.arranged(cur.Form, append(s.settings.apply(found), own...))
}

// Local tries the district's own rules that are switched on; nil when they
// have nothing to say.
func (s *RuleSet) Local(cur *disclosure.Report, before Before) []Finding {
	if cur.Form == nil || len(s.local) == 0 {
		return nil
	}
	last := chainOf(cur, before).comparable()
	var out []Finding
	for _, r := range s.local {
		if !r.On {
			continue
		}
		if f, found := r.Check(cur, last); found {
			out = append(out, f)
		}
	}
	return out
}

// Apply puts the district's decisions on findings of shipped rules.
func (s *RuleSet) Apply(form *disclosure.Form, findings []Finding) []Finding {
	if len(s.settings) == 0 {
		return findings
	}
	return s.arranged(form, s.settings.apply(findings))
}

func (s *RuleSet) arranged(form *disclosure.Form, findings []Finding) []Finding {
	if len(findings) == 0 || form == nil {
		return findings
	}
	e := &examination{plan: planOf(form), findings: findings}
	e.sort()
	return e.findings
}

// Trial is what a local rule would find in reports that are on file.
type Trial struct {
	Tried    int // reports that the rule has something to say on
	Untried  int // of them, that it could not be tried on
	Passed   int
	Findings []TrialFinding // of those that it hits, as they came
}

// TrialFinding is a report that a rule would hit.
type TrialFinding struct {
	Subject Subject
	Finding Finding
}

// Add tries the rule on one more report.
func (t *Trial) Add(r *LocalRule, of Subject, cur *disclosure.Report, before Before) {
	if cur.Form == nil {
		return
	}
	f, result := r.try(cur, chainOf(cur, before).comparable())
	if result == expression.Silent {
		return
	}
	t.Tried++
	switch result {
	case expression.Holds:
		t.Passed++
	case expression.Untried:
		t.Untried++
	default:
		t.Findings = append(t.Findings, TrialFinding{of, f})
	}
}

// Sort puts what a trial found in the order of units and periods.
func (t *Trial) Sort() {
	slices.SortFunc(t.Findings, func(a, b TrialFinding) int {
		return cmp.Or(cmp.Compare(a.Subject.Unit, b.Subject.Unit), cmp.Compare(a.Subject.Period.Year, b.Subject.Period.Year),
			cmp.Compare(a.Subject.Period.Quarter, b.Subject.Period.Quarter), cmp.Compare(a.Subject.Scope, b.Subject.Scope))
	})
}

// LoadRuleSet makes the rule set that was kept, whatever became of it since: a
// decision on a rule that no longer ships, or a rule of the district's own that
// is no longer understood, is left out and told in a sentence.
func LoadRuleSet(settings RuleSettings, defs []LocalRuleDef, basis ...string) (*RuleSet, []string) {
	var problems []string
	kept := RuleSettings{}
	for _, id := range slices.Sorted(maps.Keys(settings)) {
		if err := (RuleSettings{id: settings[id]}).Validate(); err != nil {
			problems = append(problems, "对"+id+"的设置已不适用,未采用:"+disclosure.Sentence(err))
			continue
		}
		kept[id] = settings[id]
	}
	var good []LocalRuleDef
	for _, def := range defs {
		if _, err := ParseLocalRule(def); err != nil {
			problems = append(problems, "本区规则"+def.ID+"已不能识别,未采用:"+disclosure.Sentence(err))
			continue
		}
		good = append(good, def)
	}
	s, err := NewRuleSet(kept, good, basis...)
	if err != nil {
		return Shipped, append(problems, "规则设置未采用:"+disclosure.Sentence(err))
	}
	return s, problems
}
