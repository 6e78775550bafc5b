package check

import (
	"testing"

	"mingjing/internal/disclosure"
)

var subjectOfTest = Subject{Unit: 7, Period: disclosure.Period{Year: 2024}, Family: disclosure.FamilyNational, Scope: disclosure.ScopeAgency}

// A fingerprint changes with what a finding is about, and with nothing else.
func TestFingerprint(t *testing.T) {
	base := Finding{Rule: "T3-R1", Severity: Error, Codes: []disclosure.Code{"T3_NEW_RECEIVED_TOT", "T3_CARRIED_IN_TOT"}, Expected: "27", Actual: "20", Message: "甲。"}
	of := func(f Finding, s Subject) string { return Fingerprint(f, s) }
	first := of(base, subjectOfTest)

	same := base
	same.Severity, same.Expected, same.Actual, same.Difference, same.Message = Explain, "28", "21", "-7", "乙。"
	same.Codes = []disclosure.Code{"T3_CARRIED_IN_TOT", "T3_NEW_RECEIVED_TOT"}
	unsaid := subjectOfTest
	unsaid.Scope = disclosure.ScopeUnknown
	for name, got := range map[string]string{"wording, values, order of codes": of(same, subjectOfTest), "scope said later": of(base, unsaid)} {
		if got != first {
			t.Errorf("%s changed the fingerprint", name)
		}
	}

	rule, codes, aspect := base, base, base
	rule.Rule, codes.Codes, aspect.Aspect = "T3-R2", codes.Codes[:1], "year"
	others := map[string]string{"rule": of(rule, subjectOfTest), "codes": of(codes, subjectOfTest), "aspect": of(aspect, subjectOfTest)}
	for name, change := range map[string]func(*Subject){
		"unit": func(s *Subject) { s.Unit = 8 }, "year": func(s *Subject) { s.Period.Year = 2025 }, "quarter": func(s *Subject) { s.Period.Quarter = 1 },
		"family": func(s *Subject) { s.Family = "sites" }, "scope": func(s *Subject) { s.Scope = disclosure.ScopeRegion }} {
		s := subjectOfTest
		change(&s)
		others[name] = of(base, s)
	}
	seen := map[string]string{first: "the first"}
	for name, got := range others {
		if before, ok := seen[got]; ok {
			t.Errorf("%s has the fingerprint of %s", name, before)
		}
		seen[got] = name
	}
}

// Two findings of one report never share a fingerprint: a mark on one would
// silence the other.
func TestFingerprintsOfOneReportDiffer(t *testing.T) {
	r := with(zeros(form2021, 2024), disclosure.ProsePart{Number: 1, Title: "一、总体情况",
		Text: "2022年,我局主动公开信息300条。本年度共收到政府信息公开申请12件,办结9件,予以公开4件,不予公开3件。本年度行政复议2件,行政诉讼1件。全年收到申请13件。"})
	r.Cells["T3_GRANTED_NP"], r.Cells["T4_REV_UPHELD"] = disclosure.Number(1), disclosure.Number(5)
	findings := Report(r, nil)
	if len(findings) < 8 {
		t.Fatalf("only %d findings: %v", len(findings), briefs(findings))
	}
	seen := map[string]Finding{}
	for _, f := range findings {
		key := Fingerprint(f, subjectOfTest)
		if before, ok := seen[key]; ok {
			t.Errorf("%q and %q share a fingerprint", before.Message, f.Message)
		}
		seen[key] = f
	}
}

// What a mark rests on changes with the figures only.
func TestOwnFigures(t *testing.T) {
	codes := []disclosure.Code{"T3_NEW_RECEIVED_TOT", "T2_FEE_AMOUNT_WAN", "T3_CARRIED_IN_TOT"}
	cells := func(assignments string) map[disclosure.Code]disclosure.Cell {
		return set(zeros(form2021, 2024), assignments).Cells
	}
	const as = "T3_NEW_RECEIVED_TOT=27 T2_FEE_AMOUNT_WAN=3.5 T3_CARRIED_IN_TOT="
	first := OwnFigures(codes, cells(as))
	for _, c := range []struct {
		name, assignments string
		same              bool
	}{
		{"another cell", as + " T3_GRANTED_TOT=9", true},
		{"trailing zeros", "T3_NEW_RECEIVED_TOT=27 T2_FEE_AMOUNT_WAN=3.500 T3_CARRIED_IN_TOT=", true},
		{"not mentioned for blank", "T3_NEW_RECEIVED_TOT=27 T2_FEE_AMOUNT_WAN=3.5 T3_CARRIED_IN_TOT=x", true},
		{"another value", "T3_NEW_RECEIVED_TOT=28 T2_FEE_AMOUNT_WAN=3.5 T3_CARRIED_IN_TOT=", false},
		{"0 for blank", "T3_NEW_RECEIVED_TOT=27 T2_FEE_AMOUNT_WAN=3.5 T3_CARRIED_IN_TOT=0", false},
		{"slash for blank", "T3_NEW_RECEIVED_TOT=27 T2_FEE_AMOUNT_WAN=3.5 T3_CARRIED_IN_TOT=/", false},
	} {
		if got := OwnFigures(codes, cells(c.assignments)); (got == first) != c.same {
			t.Errorf("%s: same is %v, want %v", c.name, got == first, c.same)
		}
	}
	told := Finding{Rule: "TXT-R1", Codes: codes, Actual: "134"}
	before := Basis(told, cells(as))
	if told.Actual = "170"; Basis(told, cells(as)) == before {
		t.Error("another number in the prose left the basis as it was")
	}
	if alike := (Finding{Rule: "CPY-R1", Actual: "83%"}); Basis(alike, cells(as)) != Basis(Finding{Rule: "CPY-R1", Actual: "90%"}, cells(as)) {
		t.Error("a likeness is no figure of the unit's own")
	}
}
