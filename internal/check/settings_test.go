package check

import (
	"strings"
	"testing"

	"mingjing/internal/disclosure"
)

func ruleSet(t *testing.T, settings RuleSettings, defs []LocalRuleDef, basis ...string) *RuleSet {
	t.Helper()
	s, err := NewRuleSet(settings, defs, basis...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSettings(t *testing.T) {
	broken := func() *disclosure.Report {
		r := set(zeros(form2021, 2024), "T3_NEW_RECEIVED_TOT=5 T3_GRANTED_NP=1 T3_GRANTED_TOT=1 T4_REV_TOTAL= T3_RESULT_TOTAL_NP=1 T3_RESULT_TOTAL_TOT=1 T3_NEW_RECEIVED_NP=")
		return with(r, sixParts()...)
	}
	plain := briefs(Report(broken(), nil))
	if len(plain) < 3 {
		t.Fatalf("too little is wrong with the report: %v", plain)
	}
	if got := briefs(Shipped.Report(nil, broken(), Before{})); strings.Join(got, "\n") != strings.Join(plain, "\n") {
		t.Errorf("the shipped set finds something else: %v, want %v", got, plain)
	}
	for _, c := range []struct {
		name     string
		settings RuleSettings
		check    func(was, now Finding) string
	}{
		{"softened", RuleSettings{"T3-R1": {Severity: Explain}}, func(was, now Finding) string {
			if now.Rule == "T3-R1" && now.Severity == Error {
				return "still an error"
			}
			return ""
		}},
		{"a milder finding stays", RuleSettings{"FMT-R3": {Severity: Explain}}, func(was, now Finding) string {
			if now.Rule == "FMT-R3" && now.Severity != Explain {
				return "not hardened"
			}
			return ""
		}},
		{"advice", RuleSettings{"T3-R1": {Advice: "可咨询区政府办"}}, func(was, now Finding) string {
			if now.Rule == "T3-R1" && now.Severity != NotAssessable && !strings.HasSuffix(now.Message, ";可咨询区政府办。") {
				return now.Message
			}
			return ""
		}},
	} {
		was, now := Report(broken(), nil), ruleSet(t, c.settings, nil).Report(nil, broken(), Before{})
		if len(was) != len(now) {
			t.Errorf("%s: %d findings became %d", c.name, len(was), len(now))
		}
		for i, f := range now {
			if why := c.check(was[i], f); why != "" {
				t.Errorf("%s: %s: %s", c.name, brief(f), why)
			}
			sound(t, f)
			if i > 0 && gravity[now[i-1].Severity] > gravity[f.Severity] {
				t.Errorf("%s: %s stands before %s", c.name, brief(now[i-1]), brief(f))
			}
		}
	}
	off := ruleSet(t, RuleSettings{"FMT-R3": {Off: true}}, nil).Report(nil, broken(), Before{})
	for _, f := range off {
		if f.Rule == "FMT-R3" {
			t.Error("a rule that is off still finds")
		}
	}
}

func TestSettingsRefused(t *testing.T) {
	for name, s := range map[string]RuleSettings{
		"unknown rule":                     {"T9-R9": {}},
		"the form's own arithmetic off":    {"T3-R1": {Off: true}},
		"the form's own arithmetic, slack": {"T4-R1": {Severity: Notice}},
		"a guess as an error":              {"TXT-R1": {Severity: Error}},
		"what has good reasons, error":     {"T3-R4": {Severity: Error}},
		"no severity":                      {"T3-R4": {Severity: NotAssessable}},
		"two sentences":                    {"T3-R4": {Advice: "甲。乙"}},
		"a long title":                     {"T3-R4": {Title: strings.Repeat("长", maxTitle+1)}},
	} {
		if _, err := NewRuleSet(s, nil); disclosure.CodeOf(err) != disclosure.ErrInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	twice := LocalRuleDef{ID: "LOC-R1", Title: "甲", Expression: "新收 >= 0", Severity: Notice}
	if _, err := NewRuleSet(nil, []LocalRuleDef{twice, twice}); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("an id twice: %v", err)
	}
}

// The version tells old findings from new ones: it changes with everything
// that findings rest on.
func TestRuleSetVersion(t *testing.T) {
	def := LocalRuleDef{ID: "LOC-R1", Title: "甲", Expression: "新收 >= 0", Severity: Notice}
	on := def
	on.On = true
	sets := []*RuleSet{Shipped, ruleSet(t, RuleSettings{"T3-R4": {Off: true}}, nil), ruleSet(t, RuleSettings{"T3-R4": {Severity: Notice}}, nil),
		ruleSet(t, nil, []LocalRuleDef{def}), ruleSet(t, nil, []LocalRuleDef{on}), ruleSet(t, nil, nil, "ledger 1")}
	seen := map[string]int{}
	for i, s := range sets {
		if k, ok := seen[s.Version()]; ok {
			t.Errorf("sets %d and %d share the version %s", i, k, s.Version())
		}
		seen[s.Version()] = i
	}
	if ruleSet(t, nil, nil).Version() != Version {
		t.Error("a district that changed nothing has another version than the shipped one")
	}
}

// Rules says of every rule how it stands.
func TestRuleSetRules(t *testing.T) {
	s := ruleSet(t, RuleSettings{"T3-R4": {Severity: Notice, Title: "接转"}, "FMT-R3": {Off: true}},
		[]LocalRuleDef{{ID: "LOC-R1", Title: "甲", Expression: "新收 >= 0", Severity: Notice, On: true}})
	states := map[string]RuleState{}
	for _, r := range s.Rules() {
		states[r.ID] = r
		if gravity[r.Limits.Softest] < gravity[r.Limits.Hardest] {
			t.Errorf("%s: limits %+v", r.ID, r.Limits)
		}
	}
	if r := states["T3-R4"]; r.Title != "接转" || r.Severity != Notice || r.Shipped.Severity != Explain || !r.On {
		t.Errorf("T3-R4: %+v", r)
	}
	if states["FMT-R3"].On || states["T3-R1"].Limits.MayOff || states["LOC-R1"].Local == nil {
		t.Error("switches are not told")
	}
	if got := s.Report(nil, with(zeros(form2021, 2024), sixParts()...), Before{}); len(got) != 0 {
		t.Errorf("a clean report: %v", briefs(got))
	}
}
