package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func issueRows(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("问题清单")
	if err != nil || len(rows) == 0 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	return rows
}

// Findings become rows of an issue list: with a unit, a reason, and an empty
// deduction for the evaluator.
func TestIssueListOfFiles(t *testing.T) {
	dir := t.TempDir()
	report := write(t, dir, "澜汀区水务局2024.csv", "单位,年度,代码,值\n澜汀区水务局,2024,T4_REV_UPHELD,10\n澜汀区水务局,2024,T4_REV_CORRECTED,1\n"+
		"澜汀区水务局,2024,T4_REV_OTHER,0\n澜汀区水务局,2024,T4_REV_PENDING,0\n澜汀区水务局,2024,T4_REV_TOTAL,0\n")
	list := filepath.Join(dir, "清单.xlsx")
	found := decode[[]checkedJSON](t, must(t, 1, "check", "--json", "--xlsx", list, report))
	rows := issueRows(t, list)
	want := []string{"测评指标(一级)", "测评指标(二级)", "指标分值", "扣分", "失分原因/问题明细", "责任单位", "整改时限", "整改情况"}
	if !slices.Equal(rows[0], want) {
		t.Errorf("heads %q", rows[0])
	}
	if len(rows)-1 != len(found[0].Findings) || len(rows) < 2 {
		t.Fatalf("%d rows for %d findings", len(rows)-1, len(found[0].Findings))
	}
	if r := rows[1]; r[0] != firstIndicator || r[1] != "复议诉讼合计" || r[2]+r[3] != "" || !strings.HasPrefix(r[4], "2024年度报告:表四“行政复议”:") ||
		!strings.HasSuffix(r[4], "(错误,T4-R1)。") || r[5] != "澜汀区水务局" {
		t.Errorf("row %q", r)
	}
}

func TestIssueListOfStoredReports(t *testing.T) {
	data := t.TempDir()
	must(t, 0, "demo", "--data", data, "--units", "60", "--years", "2")
	list := filepath.Join(t.TempDir(), "清单.xlsx")
	out := mingjing(t, "check", "--data", data, "--year", "2025", "--xlsx", list).out
	rows := issueRows(t, list)
	if len(rows) < 5 || !strings.Contains(out, "问题清单已写入") {
		t.Errorf("%d rows\n%.500s", len(rows), out)
	}
	if !slices.ContainsFunc(rows[1:], func(r []string) bool { return strings.Contains(r[4], "DUE-R1") }) {
		t.Error("units that filed nothing are not on the list")
	}
}
