package main

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"mingjing/internal/office"
)

// Commands that have reports checked are recorded as runs, with who asked, why,
// under which rules, and what came up and went away; a look at anomalies is none.
func TestRunsByCommand(t *testing.T) {
	dir := t.TempDir()
	file := func(total string) string {
		return write(t, t.TempDir(), "澜汀区水务局2024.csv", "单位,年度,代码,值\n澜汀区水务局,2024,T4_REV_UPHELD,10\n澜汀区水务局,2024,T4_REV_CORRECTED,1\n澜汀区水务局,2024,T4_REV_OTHER,0\n"+
			"澜汀区水务局,2024,T4_REV_PENDING,0\n澜汀区水务局,2024,T4_REV_TOTAL,"+total+"\n")
	}
	runs := func() []office.Run {
		t.Helper()
		out := must(t, 0, "sql", "--data", dir, "--format", "csv", "SELECT base64Encode(state) FROM log WHERE kind = 'run' ORDER BY seq")
		var list []office.Run
		for _, line := range strings.Fields(out)[1:] {
			decoded, err := base64.StdEncoding.DecodeString(strings.Trim(line, `"`))
			if err != nil {
				t.Fatal(err)
			}
			var r office.Run
			if err := json.Unmarshal(decoded, &r); err != nil {
				t.Fatal(err)
			}
			list = append(list, r)
		}
		return list
	}
	must(t, 0, "import", "--data", dir, file("0"))
	got := runs()
	if len(got) != 1 || got[0].NewCount == 0 || got[0].Reports != 1 || got[0].Rules == "" || got[0].Why == "" || !strings.HasPrefix(got[0].By, "os:") {
		t.Fatalf("after an import: %+v", got)
	}
	must(t, 0, "anomalies", "--data", dir)
	must(t, 0, "sources", "list", "--data", dir)
	if got := runs(); len(got) != 1 {
		t.Errorf("a look is recorded: %+v", got)
	}
	must(t, exitFindings, "check", "--data", dir, "--year", "2024")
	got = runs()
	if len(got) != 2 || !strings.Contains(got[1].Why, "2024") || got[1].Reports != 1 || got[1].NewCount+got[1].GoneCount != 0 || got[1].Findings == 0 {
		t.Errorf("after a check: %+v", got)
	}
	must(t, 2, "check", "--data", dir, "--year", "2011")
	must(t, 0, "import", "--data", dir, "--replace", file("11"))
	got = runs()
	if len(got) != 3 || got[2].GoneCount == 0 || got[2].Gone[0].Name == "" || !strings.Contains(got[2].Why, "水务局") {
		t.Errorf("after the report was put right: %+v", got)
	}
}
