package check

import (
	"slices"
	"strings"
	"unicode/utf8"

	"mingjing/internal/disclosure"
)

// RuleSetting is what a district decides on one rule. Empty fields leave it as
// it ships.
type RuleSetting struct {
	Severity Severity `json:"severity,omitempty"`
	Off      bool     `json:"off,omitempty"`
	Title    string   `json:"title,omitempty"`
	// Advice is a clause put at the end of every message: whom to ask, what to
	// hand in.
	Advice string `json:"advice,omitempty"`
}

// RuleSettings are a district's decisions by rule.
type RuleSettings map[string]RuleSetting

// RuleLimits says how far a district may change a rule.
type RuleLimits struct {
	Softest Severity `json:"softest"`
	Hardest Severity `json:"hardest"`
	MayOff  bool     `json:"may_off"`
}

// printedRules are what the national form says of itself: its own arithmetic,
// the kind of number a cell takes, and which form a year uses. A district may
// take in a report that breaks one with an explanation; it cannot let the
// breach pass unseen.
var printedRules = []string{"T2-R2", "T3-R1", "T3-R2", "T3-R3", "T4-R1", "FMT-R1"}

// Limits returns how far a rule may be changed. What is a guess, or has good
// reasons at times, never becomes an error that blocks a filing.
func Limits(r Rule) RuleLimits {
	switch {
	case slices.Contains(printedRules, r.ID):
		return RuleLimits{Softest: Explain, Hardest: Error}
	case r.Severity == Error: // the sums of a district's own tables
		return RuleLimits{Softest: Notice, Hardest: Error, MayOff: true}
	}
	return RuleLimits{Softest: Notice, Hardest: Explain, MayOff: true}
}

// Longest texts of a setting, in characters.
const (
	maxTitle  = 20
	maxAdvice = 60
)

// Validate says what is wrong with the settings. Error: ErrInvalid.
func (s RuleSettings) Validate() error {
	for id, set := range s {
		r, ok := RuleByID(id)
		if !ok {
			return disclosure.Errorf(disclosure.ErrInvalid, "没有规则“%s”,请从规则清单中选择。", id)
		}
		if err := set.validate(r); err != nil {
			return err
		}
	}
	return nil
}

func (s RuleSetting) validate(r Rule) error {
	l := Limits(r)
	if s.Off && !l.MayOff {
		return disclosure.Errorf(disclosure.ErrInvalid, "%s“%s”是国家表式自身的要求,不能停用;可以改为“需说明”。", r.ID, r.Title)
	}
	if s.Severity != "" {
		g, known := gravity[s.Severity]
		if !known || s.Severity == NotAssessable {
			return disclosure.Errorf(disclosure.ErrInvalid, "程度“%s”不对,请写error(错误)、explain(需说明)或notice(提示)。", s.Severity)
		}
		if g > gravity[l.Softest] {
			return disclosure.Errorf(disclosure.ErrInvalid, "%s“%s”是国家表式自身的要求,最轻只能改为“需说明”。", r.ID, r.Title)
		}
		if g < gravity[l.Hardest] {
			return disclosure.Errorf(disclosure.ErrInvalid, "%s“%s”可能有正当原因,不能作为错误阻止报送,最重只能改为“需说明”。", r.ID, r.Title)
		}
	}
	if utf8.RuneCountInString(s.Title) > maxTitle || strings.ContainsAny(s.Title, "\n\r\t") {
		return disclosure.Errorf(disclosure.ErrInvalid, "规则名称最多%d个字,且只能写一行。", maxTitle)
	}
	if utf8.RuneCountInString(s.Advice) > maxAdvice || strings.ContainsAny(s.Advice, "\n\r\t。") {
		return disclosure.Errorf(disclosure.ErrInvalid, "附在问题后面的提醒最多%d个字,写成一句,不用句号。", maxAdvice)
	}
	return nil
}

// apply changes findings as the district decided. A finding that is milder
// than its rule stays so: softening never hardens it, and hardening is for
// plain breaches only.
func (s RuleSettings) apply(findings []Finding) []Finding {
	if len(s) == 0 {
		return findings
	}
	out := make([]Finding, 0, len(findings))
	for _, f := range findings {
		set, decided := s[f.Rule]
		if !decided {
			out = append(out, f)
			continue
		}
		if set.Off {
			continue
		}
		f.Title = set.Title
		if set.Severity != "" && f.Severity != NotAssessable {
			r, _ := RuleByID(f.Rule)
			if f.Severity == r.Severity || gravity[f.Severity] < gravity[set.Severity] {
				f.Severity = set.Severity
			}
		}
		if set.Advice != "" && f.Severity != NotAssessable {
			f.Message = strings.TrimSuffix(f.Message, "。") + ";" + set.Advice + "。"
		}
		out = append(out, f)
	}
	return out
}
