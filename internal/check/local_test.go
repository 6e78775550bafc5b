package check

import (
	"errors"
	"strings"
	"testing"

	"mingjing/internal/check/expression"
	"mingjing/internal/disclosure"
)

func local(t *testing.T, def LocalRuleDef) *LocalRule {
	t.Helper()
	if def.ID == "" {
		def.ID = "LOC-R1"
	}
	if def.Title == "" {
		def.Title = "收办平衡"
	}
	if def.Severity == "" {
		def.Severity = Explain
	}
	r, err := ParseLocalRule(def)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const flow = "T3_NEW_RECEIVED_TOT=27 T3_CARRIED_IN_TOT=3 T3_RESULT_TOTAL_TOT=26 T3_CARRIED_OUT_TOT="

func TestLocalRule(t *testing.T) {
	for _, c := range []struct {
		name      string
		def       LocalRuleDef
		now, last string
		want      string // as brief writes it, "" for nothing
		message   string
	}{
		{"holds", LocalRuleDef{Expression: "新收 + 结转 == 办结 + 结转下年"}, flow + "4", "", "", ""},
		{"broken", LocalRuleDef{Expression: "新收 + 结转 == 办结 + 结转下年"}, flow + "7", "",
			"LOC-R1 explain T3_NEW_RECEIVED_TOT+3 30>33", "不符合“收办平衡”:新收27+结转3=30,办结26+结转下年7=33,请核对,无误的请书面说明。"},
		{"an error says to put right", LocalRuleDef{Expression: "办结 <= 新收", Severity: Error}, "T3_RESULT_TOTAL_TOT=3", "",
			"LOC-R1 error T3_NEW_RECEIVED_TOT+1 0>3", "不符合“收办平衡”:办结3,新收0,请核对并改正。"},
		{"not assessable", LocalRuleDef{Expression: "新收 + 结转 == 办结 + 结转下年"}, flow, "",
			"LOC-R1 not_assessable T3_NEW_RECEIVED_TOT+3", "“收办平衡”需要的结转下年空白、未能识别或为0,未能核验,请补填后重新核验。"},
		{"a message of its own", LocalRuleDef{Expression: "新收 <= 3 * 上年(新收)", Message: "{单位}{年度}年新收{左边},上年{上年(新收)}件,超过三倍。请附说明。"}, flow + "4", "T3_NEW_RECEIVED_TOT=2",
			"LOC-R1 explain T3_NEW_RECEIVED_TOT 6>27", "澜汀区水务局2024年新收新收27,上年2件,超过三倍;请附说明。"},
		{"no comparison", LocalRuleDef{Expression: "新收 = 0 或 办结 > 30"}, flow + "4", "",
			"LOC-R1 explain T3_NEW_RECEIVED_TOT+1", "不符合“收办平衡”(新收 = 0 或 办结 > 30),请核对,无误的请书面说明。"},
		{"another year", LocalRuleDef{Expression: "新收 = 0", First: 2025}, flow + "4", "", "", ""},
		{"another family", LocalRuleDef{Expression: "X_TRAINING_TIMES >= 0", Family: "annex-example"}, flow + "4", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.def.Family != "" {
				c.def.Family, c.def.Expression = annexOfTest(t)
			}
			r := local(t, c.def)
			var last *disclosure.Report
			if c.last != "" {
				last = set(zeros(form2021, 2023), c.last)
			}
			f, found := r.Check(with(set(zeros(form2021, 2024), c.now), sixParts()...), last)
			if found != (c.want != "") || found && (brief(f) != c.want || f.Message != c.message) {
				t.Errorf("got %v %s\n%s\nwant %s\n%s", found, brief(f), f.Message, c.want, c.message)
			}
			if found {
				sound(t, f)
			}
		})
	}
}

// annexOfTest is the family of a local form and an expression on it.
func annexOfTest(t *testing.T) (family, source string) {
	for _, f := range disclosure.Forms() {
		if f.Family != disclosure.FamilyNational {
			return f.Family, string(f.Cells()[0].Code) + " >= 0"
		}
	}
	t.Fatal("no local form ships")
	return "", ""
}

func TestLocalRuleAcrossScopes(t *testing.T) {
	r := local(t, LocalRuleDef{Expression: "新收 <= 上年(新收)"})
	now, last := set(zeros(form2021, 2024), flow+"4"), zeros(form2021, 2023)
	now.Scope, last.Scope = disclosure.ScopeAgency, disclosure.ScopeRegion
	if f, found := r.Check(now, last); !found || f.Severity != NotAssessable {
		t.Errorf("found %v %+v", found, f)
	}
	if _, found := r.Check(now, set(zeros(form2021, 2022), "")); found {
		t.Error("the year before last is not last year")
	}
}

func TestLocalRuleRefused(t *testing.T) {
	good := LocalRuleDef{ID: "LOC-R1", Title: "甲", Expression: "新收 >= 0", Severity: Notice}
	for name, change := range map[string]func(*LocalRuleDef){
		"id":          func(d *LocalRuleDef) { d.ID = "T3-R1" },
		"title":       func(d *LocalRuleDef) { d.Title = " " },
		"severity":    func(d *LocalRuleDef) { d.Severity = NotAssessable },
		"family":      func(d *LocalRuleDef) { d.Family = "nobody's" },
		"years":       func(d *LocalRuleDef) { d.First, d.Last = 2025, 2024 },
		"expression":  func(d *LocalRuleDef) { d.Expression = "新收 >=" },
		"placeholder": func(d *LocalRuleDef) { d.Message = "新收{几件}件" },
		"length":      func(d *LocalRuleDef) { d.Message = strings.Repeat("长", maxMessage+1) },
	} {
		def := good
		change(&def)
		_, err := ParseLocalRule(def)
		if disclosure.CodeOf(err) != disclosure.ErrInvalid {
			t.Errorf("%s: %v", name, err)
		}
		var p *expression.Problem
		if name == "expression" && !errors.As(err, &p) {
			t.Errorf("%s: no position in %v", name, err)
		}
	}
}

func TestTrial(t *testing.T) {
	r := local(t, LocalRuleDef{Expression: "结转 = 上年(结转下年)"})
	var trial Trial
	for i, c := range []struct{ now, last string }{{"", ""}, {"T3_CARRIED_IN_TOT=8", "T3_CARRIED_OUT_TOT=7"}, {"T3_CARRIED_IN_TOT=", ""}, {"", "x"}} {
		last := set(zeros(form2021, 2023), strings.TrimPrefix(c.last, "x"))
		if c.last == "x" {
			last = nil
		}
		trial.Add(r, Subject{Unit: disclosure.UnitNumber(9 - i)}, with(set(zeros(form2021, 2024), c.now), sixParts()...), Before{Last: last})
	}
	trial.Sort()
	if trial.Tried != 3 || trial.Passed != 1 || trial.Untried != 1 || len(trial.Findings) != 1 || trial.Findings[0].Subject.Unit != 8 {
		t.Errorf("%+v", trial)
	}
}
