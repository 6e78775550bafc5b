package main

import (
	"strings"
	"testing"
)

// A list comes in once, from a sheet with heads over two rows.
func TestIssues(t *testing.T) {
	data := t.TempDir()
	units := write(t, t.TempDir(), "澜汀区水务局2024.csv", "单位,年度,代码,值\n澜汀区水务局,2024,T2_NORM_ISSUED,5\n")
	must(t, 0, "import", "--data", data, units)
	list := sheet(t, "清单.xlsx", []any{"2026年三季度问题清单"}, []any{"序号", "二级指标", "指标分值", "扣分", "失分原因", "责任单位", "整改时限"},
		[]any{1, "会议公开", 3, 0.5, "未公开会议解读", "澜汀区水务局", "2026-10-15"}, []any{2, "栏目更新", 5, 1, "通知公告未更新", "没有的局", ""})
	tried := must(t, 0, "issues", "import", "--data", data, "--quarter", "2026Q3", "--dry-run", list)
	if !strings.Contains(tried, "没有保存") {
		t.Errorf("tried:\n%s", tried)
	}
	must(t, 0, "issues", "import", "--data", data, "--quarter", "2026年第三季度", "--source", "第三方", list)
	must(t, 2, "issues", "import", "--data", data, "--quarter", "2026Q3", list) // nothing new
	must(t, 2, "issues", "list", "--data", data, "--quarter", "2026")
	got := decode[[]issueJSON](t, mingjing(t, "issues", "list", "--data", data, "--quarter", "2026Q3", "--json").out)
	if len(got) != 2 || got[0].Number != "2026Q3-001" || got[0].Unit != "澜汀区水务局" || got[0].Deduction == nil || *got[0].Deduction != "0.5" || got[0].Due != "2026-10-15" || got[1].UnitNumber != 0 {
		t.Errorf("%+v", got)
	}
}
