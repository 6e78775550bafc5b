package check

import (
	"math/rand/v2"
	"testing"

	"mingjing/internal/disclosure"
)

func TestSums(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		report *disclosure.Report
		want   []string
	}{
		{"all zeros", zeros(form2021, 2024), nil},
		{"2019 form, all zeros", zeros(form2019, 2020), nil},
		{"received more than closed and carried, in a column and its total",
			row(row(row(zeros(form2021, 2024), "NEW_RECEIVED", "27", "1", "0", "0", "0", "0", "28"),
				"GRANTED", "26", "1", "0", "0", "0", "0", "27"), "RESULT_TOTAL", "26", "1", "0", "0", "0", "0", "27"),
			[]string{"T3-R1 error T3_NEW_RECEIVED_NP+3 27>26", "T3-R1 error T3_NEW_RECEIVED_TOT+3 28>27"}},
		{"outcomes do not add up to the total",
			set(zeros(form2021, 2024), "T3_NEW_RECEIVED_NP=5 T3_NEW_RECEIVED_TOT=5 T3_GRANTED_NP=3 T3_GRANTED_TOT=3 T3_RESULT_TOTAL_NP=5 T3_RESULT_TOTAL_TOT=5"),
			[]string{"T3-R2 error T3_GRANTED_NP+21 3>5", "T3-R2 error T3_GRANTED_TOT+21 3>5"}},
		{"a row's total is not the sum of the applicants",
			set(zeros(form2021, 2024), "T3_NEW_RECEIVED_NP=170 T3_RESULT_TOTAL_NP=170 T3_GRANTED_NP=170 T3_NEW_RECEIVED_TOT=77 T3_RESULT_TOTAL_TOT=77 T3_GRANTED_TOT=77"),
			[]string{"T3-R3 error T3_NEW_RECEIVED_NP+6 170>77", "T3-R3 error T3_GRANTED_NP+6 170>77", "T3-R3 error T3_RESULT_TOTAL_NP+6 170>77"}},
		{"table four totals printed as 0 beside 10+1 and 5",
			set(zeros(form2021, 2023), "T4_REV_UPHELD=10 T4_REV_CORRECTED=1 T4_LITR_UPHELD=5"),
			[]string{"T4-R1 error T4_REV_UPHELD+4 11>0", "T4-R1 error T4_LITR_UPHELD+4 5>0"}},
		{"blank columns beside a total that holds more: explain",
			column(column(set(zeros(form2021, 2024), "T3_NEW_RECEIVED_NP=3 T3_GRANTED_NP=3 T3_RESULT_TOTAL_NP=3 T3_NEW_RECEIVED_TOT=5 T3_GRANTED_TOT=5 T3_RESULT_TOTAL_TOT=5"), "BIZ", ""), "RES", "/"),
			[]string{"T3-R3 explain T3_NEW_RECEIVED_NP+6 3>5", "T3-R3 explain T3_GRANTED_NP+6 3>5", "T3-R3 explain T3_RESULT_TOTAL_NP+6 3>5",
				"FMT-R3 notice T3_NEW_RECEIVED_BIZ+49",
				"T3-R1 not_assessable T3_NEW_RECEIVED_BIZ+7", "T3-R2 not_assessable T3_GRANTED_BIZ+43"}},
		{"blanks that cannot lower a sum: error",
			set(zeros(form2021, 2024), "T4_REV_UPHELD=3 T4_REV_OTHER= T4_REV_TOTAL=2"),
			[]string{"T4-R1 error T4_REV_UPHELD+4 3>2", "FMT-R3 notice T4_REV_OTHER"}},
		{"blanks and slashes count as 0 in a sum that fits",
			set(zeros(form2021, 2024), "T4_REV_UPHELD=3 T4_REV_CORRECTED=/ T4_REV_OTHER= T4_REV_TOTAL=3"),
			[]string{"FMT-R3 notice T4_REV_CORRECTED+1"}},
		{"a missing code counts as blank",
			set(zeros(form2021, 2024), "T4_REV_UPHELD=3 T4_REV_OTHER=x T4_REV_TOTAL=4"),
			[]string{"T4-R1 explain T4_REV_UPHELD+4 3>4"}},
		{"a missing code of a report in words counts as blank",
			with(set(zeros(form2021, 2024), "T4_REV_UPHELD=3 T4_REV_OTHER=x T4_REV_TOTAL=4"), sixParts()...),
			[]string{"T4-R1 explain T4_REV_UPHELD+4 3>4", "FMT-R3 notice T4_REV_OTHER"}},
		{"carried out is an addend and may be blank",
			set(zeros(form2021, 2024), "T3_NEW_RECEIVED_NP=2 T3_NEW_RECEIVED_TOT=2 T3_GRANTED_NP=1 T3_GRANTED_TOT=1 T3_RESULT_TOTAL_NP=1 T3_RESULT_TOTAL_TOT=1 T3_CARRIED_OUT_NP= T3_CARRIED_OUT_TOT=1"),
			[]string{"T3-R1 explain T3_NEW_RECEIVED_NP+3 2>1", "T3-R3 explain T3_CARRIED_OUT_NP+6 0>1", "FMT-R3 notice T3_CARRIED_OUT_NP"}},
		{"blanks of the greater side balance nothing",
			set(zeros(form2021, 2024), "T3_NEW_RECEIVED_NP=2 T3_NEW_RECEIVED_TOT=2 T3_CARRIED_IN_NP="),
			[]string{"T3-R1 error T3_NEW_RECEIVED_NP+3 2>0", "T3-R1 error T3_NEW_RECEIVED_TOT+3 2>0", "FMT-R3 notice T3_CARRIED_IN_NP"}},
		{"a blank result total is not assessable, whatever is carried out",
			set(zeros(form2021, 2024), "T3_RESULT_TOTAL_LAW="),
			[]string{"FMT-R3 notice T3_RESULT_TOTAL_LAW", "T3-R1 not_assessable T3_NEW_RECEIVED_LAW+3", "T3-R2 not_assessable T3_GRANTED_LAW+21"}},
		{"every addend of a side blank",
			set(zeros(form2021, 2024), "T4_LITD_UPHELD= T4_LITD_CORRECTED= T4_LITD_OTHER= T4_LITD_PENDING= T4_LITD_TOTAL=2"),
			[]string{"FMT-R3 notice T4_LITD_UPHELD+3", "T4-R1 not_assessable T4_LITD_UPHELD+4"}},
		{"an unread cell is reported and stops its sums",
			set(zeros(form2021, 2024), "T4_REV_UPHELD=?两三件 T4_REV_TOTAL=9"),
			[]string{"T2-R2 error T4_REV_UPHELD", "T4-R1 not_assessable T4_REV_UPHELD+4"}},
		{"blank row totals of 2019 are told once",
			column(zeros(form2019, 2020), "TOT", ""),
			[]string{"FMT-R3 notice T3_NEW_RECEIVED_TOT+22", "T3-R1 not_assessable T3_NEW_RECEIVED_TOT+3",
				"T3-R2 not_assessable T3_GRANTED_TOT+19", "T3-R3 not_assessable T3_NEW_RECEIVED_NP+160"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wants(t, Report(c.report, nil), c.want...)
		})
	}
}

// merged is a clean report that prints (六) as one row, 4 and 1 in it.
func merged() *disclosure.Report {
	r := zeros(form2021, 2024)
	for _, key := range []string{"NEW_RECEIVED", "OTHER_MERGED", "RESULT_TOTAL"} {
		row(r, key, "4", "1", "0", "0", "0", "0", "5")
	}
	for _, key := range []string{"OTHER_NO_CORRECTION", "OTHER_NO_FEE", "OTHER_MISC"} {
		row(r, key, "", "", "", "", "", "", "")
	}
	return r
}

func TestMergedOtherRow(t *testing.T) {
	t.Parallel()
	absent := merged()
	for _, c := range columns {
		set(absent, "T3_OTHER_NO_CORRECTION_"+c+"=x T3_OTHER_NO_FEE_"+c+"=x T3_OTHER_MISC_"+c+"=x")
	}
	kept := zeros(form2021, 2024) // an approved revision stores alternates that were never printed
	row(kept, "OTHER_MERGED", "", "", "", "", "", "", "")
	for _, c := range []struct {
		name   string
		report *disclosure.Report
		want   []string
	}{
		{"details blank", merged(), nil},
		{"details not in the source", absent, nil},
		{"alternate blank", kept, nil},
		{"merged row too small", row(merged(), "OTHER_MERGED", "3", "1", "0", "0", "0", "0", "4"),
			[]string{"T3-R2 error T3_GRANTED_NP+19 3>4", "T3-R2 error T3_GRANTED_TOT+19 4>5"}},
		{"merged row's own total", set(merged(), "T3_OTHER_MERGED_TOT=6"),
			[]string{"T3-R2 error T3_GRANTED_TOT+19 6>5", "T3-R3 error T3_OTHER_MERGED_NP+6 5>6"}},
		{"one blank in the merged row is one blank", set(merged(), "T3_OTHER_MERGED_RES="),
			[]string{"FMT-R3 notice T3_OTHER_MERGED_RES"}},
		{"details given as well and agreeing",
			row(row(row(merged(), "OTHER_NO_CORRECTION", "1", "0", "0", "0", "0", "0", "1"), "OTHER_NO_FEE", "0", "1", "0", "0", "0", "0", "1"),
				"OTHER_MISC", "3", "0", "0", "0", "0", "0", "3"), nil},
		{"details given as well and disagreeing",
			row(row(row(merged(), "OTHER_NO_CORRECTION", "4", "1", "0", "0", "0", "0", "5"), "OTHER_NO_FEE", "0", "0", "0", "0", "0", "0", "0"),
				"OTHER_MISC", "2", "0", "0", "0", "0", "0", "2"),
			[]string{"T3-R2 error T3_OTHER_NO_CORRECTION_NP+3 6>4", "T3-R2 error T3_OTHER_NO_CORRECTION_TOT+3 7>5"}},
		{"a column that contradicts itself is not summed",
			set(row(row(merged(), "OTHER_NO_CORRECTION", "0", "0", "0", "0", "0", "0", "0"), "OTHER_NO_FEE", "0", "0", "0", "0", "0", "0", "0"),
				"T3_OTHER_MISC_NP=6 T3_OTHER_MISC_BIZ=1 T3_OTHER_MISC_RES=0 T3_OTHER_MISC_NPO=0 T3_OTHER_MISC_LAW=0 T3_OTHER_MISC_OTH=0 T3_OTHER_MISC_TOT=7 T3_OTHER_MERGED_NP=3 T3_OTHER_MERGED_TOT=4"),
			[]string{"T3-R2 error T3_OTHER_NO_CORRECTION_NP+3 6>3", "T3-R2 error T3_OTHER_NO_CORRECTION_TOT+3 7>4"}},
		{"details partly given: the blank ones may hold the rest",
			set(merged(), "T3_OTHER_MISC_NP=3 T3_OTHER_MISC_TOT=3"),
			[]string{"T3-R2 explain T3_OTHER_NO_CORRECTION_NP+3 3>4", "T3-R2 explain T3_OTHER_NO_CORRECTION_TOT+3 3>5"}},
		{"unread merged cell", set(merged(), "T3_OTHER_MERGED_NP=?四件"),
			[]string{"T2-R2 error T3_OTHER_MERGED_NP", "T3-R2 not_assessable T3_GRANTED_NP+19", "T3-R3 not_assessable T3_OTHER_MERGED_NP+6"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wants(t, Report(c.report, nil), c.want...)
		})
	}
}

func TestBlankTemplate(t *testing.T) {
	t.Parallel()
	r := zeros(form2021, 2024)
	for code := range r.Cells {
		set(r, string(code)+"=")
	}
	wants(t, Report(r, nil),
		"FMT-R3 notice T3_NEW_RECEIVED_NP+174", "FMT-R3 notice T4_REV_UPHELD+14",
		"T3-R1 not_assessable T3_NEW_RECEIVED_NP+27", "T3-R2 not_assessable T3_GRANTED_NP+153",
		"T3-R3 not_assessable T3_NEW_RECEIVED_NP+174", "T4-R1 not_assessable T4_REV_UPHELD+14")
}

func TestTableMissingFromFigures(t *testing.T) {
	t.Parallel()
	r := zeros(form2021, 2024)
	for code := range r.Cells {
		if code[:2] == "T3" {
			delete(r.Cells, code)
		}
	}
	wants(t, Report(r, nil))
	wants(t, Report(with(r, sixParts()...), nil), "FMT-R2 explain -", "T3-R1 not_assessable T3_NEW_RECEIVED_NP+27",
		"T3-R2 not_assessable T3_GRANTED_NP+153", "T3-R3 not_assessable T3_NEW_RECEIVED_NP+174")
}

// TestFewFigures: a sheet with some columns says nothing of the other cells.
func TestFewFigures(t *testing.T) {
	t.Parallel()
	few := func(y disclosure.Year, cells string) *disclosure.Report {
		return set(&disclosure.Report{Unit: "澜汀区水务局", Period: disclosure.Period{Year: y}, Form: form2021, Cells: map[disclosure.Code]disclosure.Cell{}}, cells)
	}
	cells := "T2_NORM_IN_FORCE=4 T4_REV_UPHELD=1 T4_REV_CORRECTED=0 T4_REV_OTHER= T4_REV_PENDING=0 T4_REV_TOTAL=2"
	wants(t, Report(few(2024, cells), few(2023, "T4_LITD_PENDING=1 T3_CARRIED_OUT_NP=3 T2_NORM_IN_FORCE=4 T2_REG_IN_FORCE=1")),
		"T4-R1 explain T4_REV_UPHELD+4 1>2", "FMT-R3 notice T4_REV_OTHER")
}

func TestAnnexSum(t *testing.T) {
	t.Parallel()
	annex := disclosure.FormByID("annex-example-2025")
	wants(t, Report(set(zeros(annex, 2024), "A1_WEBSITE_COUNT=900 A1_NEW_MEDIA_COUNT=100 A1_PUBLISHED_COUNT=1000"), nil))
	wants(t, Report(set(zeros(annex, 2024), "A1_WEBSITE_COUNT=900 A1_NEW_MEDIA_COUNT=100 A1_PUBLISHED_COUNT=900"), nil),
		"A1-R1 error A1_WEBSITE_COUNT+2 1000>900")
	rule, ok := RuleByID("A1-R1")
	if !ok || rule.Says != "网站发布信息条数 + 政务新媒体发布信息条数 = 发布信息总条数" {
		t.Errorf("A1-R1 is worded %+v", rule)
	}
}

// Whatever obeys the sums is clean, and no cell of table 三 or 四 can change
// alone without being found.
func TestEveryPerturbationIsFound(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(49, 711))
	for _, form := range []*disclosure.Form{form2021, form2019} {
		for range 30 {
			r := balanced(form, rng)
			if f := Report(r, nil); len(f) != 0 {
				t.Fatalf("balanced report: %v", briefs(f))
			}
			for _, def := range form.Cells() {
				if def.Table.Key == "T2" {
					continue
				}
				p := clone(r)
				v, _ := r.Value(def.Code)
				p.Cells[def.Code] = disclosure.Number(v.IntPart() + 1 + rng.Int64N(9))
				found := false
				for _, f := range Report(p, nil) {
					sound(t, f)
					for _, code := range f.Codes {
						found = found || f.Severity == Error && code == def.Code
					}
				}
				if !found {
					t.Fatalf("%s raised and not found", def.Code)
				}
			}
		}
	}
}
