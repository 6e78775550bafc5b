package disclosure

import (
	"strings"
	"testing"
)

func TestFormsHoldTheirCells(t *testing.T) {
	for _, tc := range []struct {
		form          string
		printed, with int
		some          []Code
	}{
		{"national-2021", 200, 207, []Code{"T2_REG_ISSUED", "T2_LICENSE_DECISIONS", "T2_FEE_AMOUNT_WAN", "T3_NEW_RECEIVED_NP", "T3_OTHER_MERGED_TOT", "T3_CARRIED_OUT_TOT", "T4_REV_UPHELD", "T4_LITR_TOTAL"}},
		{"national-2019", 198, 198, []Code{"T2_19_REG_MADE", "T2_19_COERCION_DELTA", "T2_19_FEE_PREV", "T2_19_PROCURE_AMOUNT_YUAN", "T3_OTHER_MERGED_NP"}},
	} {
		f := FormByID(tc.form)
		if f == nil {
			t.Fatalf("form %s is missing", tc.form)
		}
		if got := len(f.Cells()); got != tc.printed {
			t.Errorf("%s prints %d cells, want %d", tc.form, got, tc.printed)
		}
		if got := len(f.AllCells()); got != tc.with {
			t.Errorf("%s has %d cells with alternates, want %d", tc.form, got, tc.with)
		}
		for _, c := range tc.some {
			if _, ok := f.Cell(c); !ok {
				t.Errorf("%s lacks %s", tc.form, c)
			}
		}
	}
	if f := FormFor(FamilyNational, 2020); f.Version != "2019" {
		t.Errorf("the form for 2020 is %s, want 2019", f.Version)
	}
	if f := FormFor(FamilyNational, 2025); f.Version != "2021" {
		t.Errorf("the form for 2025 is %s, want 2021", f.Version)
	}
	if FormFor(FamilyNational, 2018) != nil {
		t.Error("there was no national form in 2018")
	}
}

func TestLabelsTellCellsApart(t *testing.T) {
	for _, f := range Forms() {
		seen := map[string]Code{}
		for _, c := range f.AllCells() {
			l := c.Label()
			if other, twice := seen[l]; twice {
				t.Errorf("%s: %s and %s are both called %q", f.ID, other, c.Code, l)
			}
			seen[l] = c.Code
		}
	}
	for code, want := range map[Code]string{
		"T3_DENY_STATE_SECRET_NP": "表三 (三)不予公开 1.属于国家秘密 · 自然人",
		"T3_OTHER_MISC_OTH":       "表三 (六)其他处理 3.其他 · 法人或其他组织·其他",
		"T4_LITD_UPHELD":          "表四 行政诉讼·未经复议直接起诉·结果维持",
		"T2_NORM_ISSUED":          "表二 行政规范性文件 · 本年制发件数",
		"M_CARRY":                 "结转率",
	} {
		if got := LabelOf(code); got != want {
			t.Errorf("LabelOf(%s) = %q, want %q", code, got, want)
		}
	}
}

func TestSumLinesCoverEveryRowAndColumn(t *testing.T) {
	f := NationalForm("2021")
	lines := map[string]int{}
	for _, s := range f.Sums {
		lines[s.Rule] += len(f.SumLines(s))
	}
	for rule, want := range map[string]int{"T3-R1": 7, "T3-R2": 7, "T3-R3": 26, "T4-R1": 3} {
		if lines[rule] != want {
			t.Errorf("%s holds in %d lines, want %d", rule, lines[rule], want)
		}
	}
}

func TestParseFormRefusesWhatCannotHold(t *testing.T) {
	good := `{"id":"x","family":"x","version":"1","title":"t","subject":"unit","period":"year","tables":[{"key":"X","name":"附表","blocks":[{"columns":[{"key":"N","label":"数量"}],"rows":[{"key":"A","label":"甲"},{"key":"B","label":"乙"}]}]}]`
	if _, err := ParseForm([]byte(good + `}`)); err != nil {
		t.Fatalf("a sound form was refused: %v", err)
	}
	for name, bad := range map[string]string{
		"unknown key":         good + `,"colour":"red"}`,
		"rule without a cell": good + `,"sums":[{"rule":"X-1","table":"X","along":"column","addends":["A"],"totals":["C"]}]}`,
		"rule without a row":  good + `,"sums":[{"rule":"X-1","table":"X","along":"column","addends":["Q"],"totals":["B"]}]}`,
		"subject":             strings.Replace(good, `"unit"`, `"person"`, 1) + `}`,
		"code twice":          strings.Replace(good, `"key":"B"`, `"key":"A"`, 1) + `}`,
	} {
		if _, err := ParseForm([]byte(bad)); CodeOf(err) != ErrInvalid {
			t.Errorf("%s: got %v, want an invalid form", name, err)
		}
	}
}
