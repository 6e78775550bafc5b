package main

import (
	"slices"
	"testing"
)

// Four published reports (figures only: they are facts) raise no alarm beyond
// the totals of table 四 that one of them printed as 0 beside 10+1, and beside 5.
// What is told of reports that nobody made up is what a supervisor's trust
// rests on, so the figures stand in testdata and the test is never skipped.
func TestQuietOnPublishedReports(t *testing.T) {
	dir := t.TempDir()
	must(t, 0, "import", "--data", dir, "testdata/published-figures.csv")
	var told []string
	reports := 0
	for _, year := range []string{"2023", "2024"} {
		r := mingjing(t, "check", "--data", dir, "--year", year, "--json")
		if r.exit != 0 && r.exit != exitFindings {
			t.Fatalf("%d %s", r.exit, r.err)
		}
		for _, c := range decode[[]checkedJSON](t, r.out) {
			reports++
			for _, f := range c.Findings {
				told = append(told, *c.Unit+" "+f.Rule+" "+f.Message)
			}
		}
		if anomalies := decode[[]anomalyJSON](t, must(t, 0, "anomalies", "--data", dir, "--year", year, "--json")); len(anomalies) > 0 {
			t.Errorf("%s: anomalies in sound reports: %+v", year, anomalies)
		}
	}
	want := []string{
		"淮安市洪泽区人民政府 T4-R1 表四“行政复议”:结果维持10+结果纠正1=11,与总计0相差11,两者应相等,请核对各项并改正。",
		"淮安市洪泽区人民政府 T4-R1 表四“行政诉讼·复议后起诉”:结果维持5,与总计0相差5,两者应相等,请核对各项并改正。",
	}
	if reports != 4 || !slices.Equal(told, want) {
		t.Errorf("%d reports, told:\n%q\nwant:\n%q", reports, told, want)
	}
}
