package main

import (
	"slices"
	"strings"
	"testing"

	"mingjing/internal/anomaly"
	"mingjing/internal/demo"
	"mingjing/internal/disclosure"
)

// The demonstration district's planted faults that no rule but a look at
// several years finds, and nothing in the years without them.
func TestAnomaliesOfTheDemonstration(t *testing.T) {
	data := t.TempDir()
	must(t, 0, "demo", "--data", data)
	listed := func(args ...string) []anomalyJSON {
		return decode[[]anomalyJSON](t, must(t, 0, append([]string{"anomalies", "--data", data, "--json"}, args...)...))
	}
	found := listed("--year", "2025")
	wanted := map[string]anomaly.Kind{"许可数量异常": anomaly.Jump, "有效文件突增": anomaly.Jump, "数据三年雷同": anomaly.Persistence}
	for _, fault := range demo.Generate(demo.Spec{}).Answers() {
		kind, is := wanted[fault.Kind]
		if !is {
			continue
		}
		if !slices.ContainsFunc(found, func(a anomalyJSON) bool {
			return a.UnitNumber == fault.Unit && a.Unit == fault.Name && a.Year == fault.Year && a.Kind == kind &&
				slices.ContainsFunc(a.Codes, func(c disclosure.Code) bool { return slices.Contains(fault.Codes, c) }) || fault.Kind == "数据三年雷同" && a.UnitNumber == fault.Unit && a.Kind == kind
		}) {
			t.Errorf("%+v is not among %+v", fault, found)
		}
	}
	if len(found) != len(wanted) {
		t.Errorf("%d anomalies for %d faults: %+v", len(found), len(wanted), found)
	}
	for _, a := range found {
		if a.Message == "" || a.Method == "" || a.N == 0 || len(a.Numbers) == 0 || a.Score <= 0 || a.Fingerprint == "" || a.Severity == "" {
			t.Errorf("incomplete %+v", a)
		}
	}
	if latest := listed(); len(latest) != len(found) {
		t.Errorf("without a year: %d, want the latest year's %d", len(latest), len(found))
	}
	for _, y := range []string{"2021", "2022", "2023"} {
		if got := listed("--year", y); len(got) != 0 {
			t.Errorf("%s: %+v", y, got)
		}
	}
	table := must(t, 0, "anomalies", "--data", data)
	if !strings.Contains(table, found[0].Message) || !strings.Contains(table, "2025年56份报告,异常3项") {
		t.Errorf("table:\n%s", table)
	}
}

func TestAnomaliesEvaluate(t *testing.T) {
	out := must(t, 0, "anomalies", "--evaluate")
	for _, want := range []string{"查全", "查准", "DHIS2 z分数", "DHIS2 修正z分数", anomaly.Names[anomaly.Persistence]} {
		if !strings.Contains(out, want) {
			t.Errorf("lacks %s:\n%s", want, out)
		}
	}
}

func TestAnomaliesOfAnEmptyStore(t *testing.T) {
	if got := decode[[]anomalyJSON](t, must(t, 0, "anomalies", "--data", t.TempDir(), "--json")); got == nil || len(got) != 0 {
		t.Errorf("%v, want an empty array", got)
	}
}
