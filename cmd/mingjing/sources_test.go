package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// sheet writes rows into an xlsx file.
func sheet(t *testing.T, name string, rows ...[]any) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetSheetRow("Sheet1", cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), name)
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// What others count is held against what units filed, by unit, with the
// ledger's name and row in the finding.
func TestSources(t *testing.T) {
	data := t.TempDir()
	report := write(t, t.TempDir(), "澜汀区水务局2024.csv", "单位,年度,代码,值\n澜汀区水务局,2024,T2_NORM_ISSUED,5\n澜汀区水务局,2024,T2_NORM_REPEALED,1\n"+
		"澜汀区水务局,2024,T2_FEE_AMOUNT_WAN,96.1716\n澜汀区水务局,2024,T4_REV_UPHELD,2\n澜汀区水务局,2024,T4_REV_CORRECTED,0\n澜汀区水务局,2024,T4_REV_OTHER,0\n"+
		"澜汀区水务局,2024,T4_REV_PENDING,0\n澜汀区水务局,2024,T4_REV_TOTAL,2\n")
	must(t, 0, "import", "--data", data, report)
	sources := func() string {
		all := decode[[]checkedJSON](t, mingjing(t, "check", "--data", data, "--year", "2024", "--json").out)
		var out []string
		for _, c := range all {
			for _, f := range c.Findings {
				if f.Rule == "SRC-R1" {
					out = append(out, f.Message)
				}
			}
		}
		return strings.Join(out, "\n")
	}
	documents := sheet(t, "规范性文件.xlsx", []any{"2024年规范性文件统计"}, []any{"序号", "制定机关", "制发件数", "废止件数"}, []any{1, "澜汀区水务局", 3, 1}, []any{2, "不在名单局", 4, 0}, []any{"", "合计", 7, 1})
	asked := must(t, 1, "sources", "import", "--data", data, "--name", "司法局台账", "--year", "2024", "--kind", "规范性文件", documents)
	if !strings.Contains(asked, "没有保存") || !strings.Contains(asked, "列“制发件数” → ") {
		t.Errorf("asked:\n%s", asked)
	}
	if got := sources(); got != "" {
		t.Errorf("a ledger nobody confirmed was used: %s", got)
	}
	kept := must(t, 0, "sources", "import", "--data", data, "--name", "司法局台账", "--year", "2024", "--kind", "规范性文件", "--accept", documents)
	if !strings.Contains(kept, "单位名单中没有:不在名单局") {
		t.Errorf("kept:\n%s", kept)
	}
	if got := sources(); !strings.Contains(got, "填5,而“司法局台账”(第3行)为3,相差2") || strings.Contains(got, "\n") {
		t.Errorf("findings: %s", got)
	}
	// The heads are remembered; other figures are another state of the ledger.
	again := sheet(t, "规范性文件2.xlsx", []any{"2024年规范性文件统计"}, []any{"序号", "制定机关", "制发件数", "废止件数"}, []any{1, "澜汀区水务局", 5, 1})
	must(t, 0, "sources", "import", "--data", data, "--name", "司法局台账", "--year", "2024", "--kind", "规范性文件", again)
	if got := sources(); got != "" {
		t.Errorf("after the ledger was put right: %s", got)
	}
	cases := sheet(t, "复议.xlsx", []any{"年度", "被申请人", "案号", "复议结果"}, []any{2024, "澜汀区水务局", "1号", "维持"}, []any{2024, "澜汀区水务局", "2号", "撤销原答复"}, []any{2023, "澜汀区水务局", "3号", "维持"}, []any{2024, "澜汀区水务局", "4号", "不予受理"})
	told := must(t, 0, "sources", "import", "--data", data, "--name", "复议台账", "--year", "2024", "--kind", "复议", "--map", "结果=不予受理=T4_REV_OTHER", cases)
	if !strings.Contains(told, "其他年度1行未读") {
		t.Errorf("told:\n%s", told)
	}
	if got := sources(); strings.Count(got, "\n") != 3 || !strings.Contains(got, "·结果维持”填2,而“复议台账”(第2行)为1") || !strings.Contains(got, "·总计”填2,而“复议台账”(第2行、第3行、第5行)为3") {
		t.Errorf("cases: %s", got)
	}
	must(t, 0, "sources", "drop", "--data", data, "--year", "2024", "复议台账")
	fees := sheet(t, "收费.xlsx", []any{"执收单位", "收费金额(元)"}, []any{"澜汀区水务局", "961,716.35"})
	must(t, 0, "sources", "import", "--data", data, "--name", "财政台账", "--year", "2024", "--kind", "收费", "--accept", fees)
	if got := sources(); got != "" {
		t.Errorf("fees in 元, rounded to 万元: %s", got)
	}
	if list := must(t, 0, "sources", "list", "--data", data); !strings.Contains(list, "财政台账") || strings.Contains(list, "复议台账") {
		t.Errorf("list:\n%s", list)
	}
	if r := mingjing(t, "sources", "import", "--data", data, "--name", "甲", "--year", "2024", report); r.exit == 0 || !strings.Contains(r.err, "写明台账类别") {
		t.Errorf("a file without heads: %d %s", r.exit, r.err)
	}
}
