package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A bulletin on figures that nobody has decided on is refused, and written as
// 征求意见稿; what stood under the name before is kept when it is refused.
func TestBulletin(t *testing.T) {
	data, dir := t.TempDir(), t.TempDir()
	units := write(t, dir, "澜汀区水务局2024.csv", "单位,年度,代码,值\n澜汀区水务局,2024,T2_NORM_ISSUED,5\n")
	must(t, 0, "import", "--data", data, units)
	list := sheet(t, "清单.xlsx", []any{"序号", "二级指标", "指标分值", "扣分", "失分原因", "责任单位", "整改时限"},
		[]any{1, "会议公开", 3, 0.5, "未公开会议解读", "澜汀区水务局", "2026-10-15"})
	must(t, 0, "issues", "import", "--data", data, "--quarter", "2026Q3", list)
	out := filepath.Join(dir, "通报.docx")
	if err := os.WriteFile(out, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	must(t, 4, "bulletin", "--data", data, "--quarter", "2026Q3", "-o", out)
	if old, err := os.ReadFile(out); err != nil || string(old) != "old" {
		t.Errorf("a refused bulletin left %q (%v)", old, err)
	}
	must(t, 2, "bulletin", "--data", data, "--quarter", "2026Q3", "--draft", "-o", filepath.Join(dir, "通报.odt"))
	must(t, 2, "bulletin", "--data", data, "--quarter", "2026Q9", "--draft", "-o", out)
	if said := must(t, 0, "bulletin", "--data", data, "--quarter", "2026Q3", "--draft", "-o", out); !strings.Contains(said, "征求意见稿") {
		t.Errorf("it says %q", said)
	}
	for _, more := range [][]string{{"--public", "-o", filepath.Join(dir, "公开.docx")}, {"--brief", "-o", filepath.Join(dir, "简报.docx")}, {"-o", filepath.Join(dir, "附件.xlsx")}} {
		must(t, 0, append([]string{"bulletin", "--data", data, "--quarter", "2026Q3", "--draft"}, more...)...)
		written, err := os.ReadFile(more[len(more)-1])
		if err != nil || !bytes.HasPrefix(written, []byte("PK")) {
			t.Errorf("%v wrote %.10q (%v)", more, written, err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".mingjing-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
