package main

import (
	"slices"
	"strings"
	"testing"
)

// The stored reports of a year are checked with every rule, the faults planted
// among them are found, and who filed nothing is named.
func TestCheckStoredYear(t *testing.T) {
	dir := t.TempDir()
	must(t, 0, "demo", "--data", dir, "--units", "60", "--years", "2")
	out := must(t, exitFindings, "check", "--data", dir, "--year", "2025", "--json")
	got := decode[[]checkedJSON](t, out)
	rules := map[string][]string{}
	for _, c := range got {
		if c.File != "" || *c.Year != 2025 || c.Unit == nil {
			t.Errorf("%+v", c)
		}
		for _, f := range c.Findings {
			rules[f.Rule] = append(rules[f.Rule], *c.Unit)
		}
		if c.Form == nil && (len(c.Findings) != 1 || c.Findings[0].Rule != "DUE-R1" || len(c.Figures) > 0) {
			t.Errorf("a unit without a report: %+v", c)
		}
	}
	for rule, unit := range map[string]string{"CPY-R2": "科技局", "AGG-R1": "人民政府", "DUE-R1": "街道办事处", "T2-R2": "交通运输局"} {
		if !slices.ContainsFunc(rules[rule], func(u string) bool { return strings.HasSuffix(u, unit) }) {
			t.Errorf("%s was found at %v, want %s", rule, rules[rule], unit)
		}
	}
	if again := must(t, exitFindings, "check", "--data", dir, "--year", "2025", "--json"); again != out {
		t.Error("the second run says something else")
	}
	if r := must(t, exitFindings, "check", "--data", dir, "--year", "2025"); !strings.Contains(r, "CPY-R2") {
		t.Errorf("%.400s", r)
	}
	must(t, 2, "check", "--data", dir, "--year", "2011")
}

func TestCheckWantsFilesOrAYear(t *testing.T) {
	for _, args := range [][]string{{"check"}, {"check", "--year", "2025", "a.docx"}} {
		if r := mingjing(t, args...); r.exit != 2 || !strings.Contains(r.err, "--year") {
			t.Errorf("%v: exit %d %s", args, r.exit, r.err)
		}
	}
}
