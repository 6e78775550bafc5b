package main

import (
	"strings"
	"testing"
)

// A district writes a rule, tries it, switches it on, softens another, and
// takes it all back.
func TestRules(t *testing.T) {
	data := t.TempDir()
	must(t, 0, "demo", "--data", data, "--units", "12", "--years", "2")
	const condition = "新收 <= 0 或 办结 > 100000"
	tried := must(t, 0, "rules", "try", "--data", data, "--expression", condition, "--year", "2025")
	if !strings.Contains(tried, "不符合“试用”") || !strings.Contains(tried, "没有保存任何内容") {
		t.Errorf("tried:\n%s", tried)
	}
	errOut := mingjing(t, "rules", "try", "--data", data, "--expression", "新收 <= 办").err
	if !strings.Contains(errOut, "第7个字“办”处") {
		t.Errorf("no position: %s", errOut)
	}
	must(t, 0, "rules", "set", "--data", data, "LOC-R1", "--title", "试一试", "--expression", condition, "--severity", "notice")
	if out := mingjing(t, "check", "--data", data, "--year", "2025", "--json").out; strings.Contains(out, "LOC-R1") {
		t.Error("a rule that is off finds")
	}
	must(t, 0, "rules", "set", "--data", data, "LOC-R1", "--on", "--message", "新收{新收}件。请核对")
	must(t, 0, "rules", "set", "--data", data, "T3-R4", "--severity", "notice", "--advice", "可咨询区政府办")
	if out := mingjing(t, "check", "--data", data, "--year", "2025", "--json").out; !strings.Contains(out, `"LOC-R1"`) || !strings.Contains(out, "件;请核对。") {
		t.Errorf("a rule that is on finds nothing:\n%.2000s", out)
	}
	list := must(t, 0, "rules", "list", "--data", data)
	for _, want := range []string{"试一试", "原为需说明", "LOC-R1启用", "T3-R4提醒改为“可咨询区政府办”"} {
		if !strings.Contains(list, want) {
			t.Errorf("the list lacks %q:\n%s", want, list)
		}
	}
	if errOut := mingjing(t, "rules", "set", "--data", data, "T3-R1", "--off").err; !strings.Contains(errOut, "不能停用") {
		t.Errorf("the form's own rule went off: %s", errOut)
	}
	must(t, 0, "rules", "set", "--data", data, "T3-R4", "--reset")
	must(t, 0, "rules", "drop", "--data", data, "LOC-R1")
	if out := mingjing(t, "check", "--data", data, "--year", "2025", "--json").out; strings.Contains(out, "LOC-R1") {
		t.Error("a rule that was dropped finds")
	}
	if names := must(t, 0, "rules", "names"); !strings.Contains(names, "结转下年") || !strings.Contains(names, "上年(新收)") {
		t.Errorf("names:\n%.500s", names)
	}
}
