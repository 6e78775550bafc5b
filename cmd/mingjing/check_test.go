package main

import (
	"slices"
	"strings"
	"testing"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
)

func TestCheckJSONHasOneObjectAReport(t *testing.T) {
	dir := t.TempDir()
	reports := filings(t, 2)
	a, b := reports[len(reports)-2], reports[len(reports)-1]
	one := write(t, dir, "去年.html", page(t, a))
	wrong := *b
	wrong.Cells = map[disclosure.Code]disclosure.Cell{}
	for code, c := range b.Cells {
		wrong.Cells[code] = c
	}
	wrong.Cells["T3_RESULT_TOTAL_NP"] = disclosure.Number(987)
	wrong.Cells["T3_REJECT_DUPLICATE_RES"] = disclosure.Cell{Kind: disclosure.CellSlash, Raw: "/"}
	two := write(t, dir, "今年.doc", page(t, &wrong))
	csv := write(t, dir, "两年.csv", "unit,year,code,value\n甲局,2023,T3_CARRIED_OUT_TOT,7\n甲局,2024,T3_CARRIED_IN_TOT,8\n")
	bad := write(t, dir, "空.pdf", "")

	if r := mingjing(t, "check", "--json", one); r.exit != 0 || len(decode[[]checkedJSON](t, r.out)) != 1 {
		t.Fatalf("a sound report: exit %d\n%.800s", r.exit, r.out)
	}
	got := decode[[]checkedJSON](t, must(t, exitUnread, "check", "--json", one, two, csv, bad))
	if len(got) != 5 {
		t.Fatalf("%d objects, want 5: two files of one report, one of two, one unread", len(got))
	}
	year := got[1]
	if year.File != two || *year.Unit != b.Unit || *year.Year != b.Year() || *year.Form != "2021" || year.Error != nil {
		t.Errorf("%s: unit %v, year %v, form %v, error %v", year.File, year.Unit, year.Year, year.Form, year.Error)
	}
	for code, c := range wrong.Cells {
		switch v := year.Figures[code]; {
		case c.Kind == disclosure.CellNumber && (v == nil || *v != c.Value.String()):
			t.Errorf("%s is %v, want %s", code, v, c.Value)
		case c.Kind != disclosure.CellNumber && v != nil:
			t.Errorf("%s is %s, want null", code, *v)
		}
	}
	if !slices.Equal(year.Slashes, []disclosure.Code{"T3_REJECT_DUPLICATE_RES"}) {
		t.Errorf("slashes %v", year.Slashes)
	}
	rules := map[string]bool{}
	for _, f := range year.Findings {
		rules[f.Rule] = true
	}
	if !rules["T3-R1"] || !rules["T3-R2"] || !rules["T3-R3"] {
		t.Errorf("a wrong total was found by %v, want T3-R1, T3-R2 and T3-R3", rules)
	}
	if !slices.ContainsFunc(got[3].Findings, func(f check.Finding) bool { return f.Rule == "T3-R4" }) {
		t.Errorf("two years in one CSV do not serve each other: %+v", got[3].Findings)
	}
	if got[4].Error == nil || got[4].Unit != nil || got[4].Year != nil {
		t.Errorf("an empty file: %+v", got[4])
	}
}

func TestCheckExitCodes(t *testing.T) {
	dir := t.TempDir()
	good := write(t, dir, "好.csv", "unit,year,code,value\n甲局,2024,T4_REV_UPHELD,1\n甲局,2024,T4_REV_CORRECTED,0\n甲局,2024,T4_REV_OTHER,0\n甲局,2024,T4_REV_PENDING,0\n甲局,2024,T4_REV_TOTAL,1\n")
	faulty := write(t, dir, "错.csv", "unit,year,code,value\n甲局,2024,T4_REV_UPHELD,1\n甲局,2024,T4_REV_CORRECTED,0\n甲局,2024,T4_REV_OTHER,0\n甲局,2024,T4_REV_PENDING,0\n甲局,2024,T4_REV_TOTAL,0\n")
	for _, tc := range []struct {
		exit  int
		files []string
	}{{0, []string{good}}, {exitFindings, []string{good, faulty}}, {exitUnread, []string{faulty, dir + "/没有"}}} {
		r := mingjing(t, append([]string{"check"}, tc.files...)...)
		if r.exit != tc.exit {
			t.Errorf("check %v: exit %d, want %d\n%s%s", tc.files, r.exit, tc.exit, r.out, r.err)
		}
	}
	if out := must(t, exitFindings, "check", faulty); !strings.Contains(out, "错误 T4-R1") || !strings.Contains(out, "甲局 2024年") {
		t.Errorf("the readable report lacks unit, rule or severity:\n%s", out)
	}
}
