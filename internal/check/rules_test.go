package check

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
)

func TestValues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, set string
		form      *disclosure.Form
		want      []string
	}{
		{"money with four places", "T2_FEE_AMOUNT_WAN=59237.2449", form2021, nil},
		{"money with five places", "T2_FEE_AMOUNT_WAN=0.12345", form2021, []string{"T2-R2 error T2_FEE_AMOUNT_WAN"}},
		{"money with zeros behind", "T2_FEE_AMOUNT_WAN=0.123400", form2021, nil},
		{"negative money", "T2_FEE_AMOUNT_WAN=-1", form2021, []string{"T2-R2 error T2_FEE_AMOUNT_WAN"}},
		{"fraction in a count", "T2_LICENSE_DECISIONS=10.5", form2021, []string{"T2-R2 error T2_LICENSE_DECISIONS"}},
		{"whole count written with a point", "T2_LICENSE_DECISIONS=10.0", form2021, nil},
		{"negative stock", "T2_NORM_IN_FORCE=-2", form2021, []string{"T2-R2 error T2_NORM_IN_FORCE"}},
		{"counts of table four", "T4_REV_UPHELD=-1 T4_REV_OTHER=1", form2021, []string{"T2-R2 error T4_REV_UPHELD"}},
		{"a change may be negative", "T2_19_LICENSE_DELTA=-2", form2019, nil},
		{"a change is whole", "T2_19_LICENSE_DELTA=-2.5", form2019, []string{"T2-R2 error T2_19_LICENSE_DELTA"}},
		{"text in a cell", "T2_PENALTY_DECISIONS=?约300件", form2021, []string{"T2-R2 error T2_PENALTY_DECISIONS"}},
		{"sentences in a cell", "T2_PENALTY_DECISIONS=?无。详见附件。", form2021, []string{"T2-R2 error T2_PENALTY_DECISIONS"}},
		{"blank and slash in table two are no fault", "T2_PENALTY_DECISIONS= T2_COERCION_DECISIONS=/", form2021, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wants(t, Report(set(zeros(c.form, c.form.FirstYear), c.set), nil), c.want...)
		})
	}
}

func TestAgainstLastYear(t *testing.T) {
	t.Parallel()
	year := func(y disclosure.Year, assignments string) *disclosure.Report {
		return set(zeros(form2021, y), assignments)
	}
	scoped := func(r *disclosure.Report, s disclosure.Scope) *disclosure.Report { r.Scope = s; return r }
	carried := "T3_CARRIED_IN_NP=8 T3_CARRIED_IN_TOT=8 T3_GRANTED_NP=8 T3_GRANTED_TOT=8 T3_RESULT_TOTAL_NP=8 T3_RESULT_TOTAL_TOT=8"
	out7 := "T3_NEW_RECEIVED_NP=7 T3_NEW_RECEIVED_TOT=7 T3_CARRIED_OUT_NP=7 T3_CARRIED_OUT_TOT=7"
	for _, c := range []struct {
		name      string
		cur, last *disclosure.Report
		want      []string
	}{
		{"nothing before", year(2024, carried), nil, nil},
		{"carried out 7, carried in 8", year(2024, carried), year(2023, out7),
			[]string{"T3-R4 explain T3_CARRIED_IN_NP 7>8", "T3-R4 explain T3_CARRIED_IN_TOT 7>8"}},
		{"a report of two years before says nothing", year(2024, carried), year(2022, out7), nil},
		{"a report of another family says nothing", year(2024, carried), zeros(disclosure.FormByID("annex-example-2025"), 2023), nil},
		{"other scope is refused", scoped(year(2024, carried), disclosure.ScopeRegion), scoped(year(2023, out7), disclosure.ScopeAgency),
			[]string{"T2-R1 not_assessable T2_REG_ISSUED+5", "T3-R4 not_assessable T3_CARRIED_IN_NP+6", "T4-R2 not_assessable T4_REV_UPHELD+14"}},
		{"an unknown scope is compared", scoped(year(2024, carried), disclosure.ScopeRegion), year(2023, out7),
			[]string{"T3-R4 explain T3_CARRIED_IN_NP 7>8", "T3-R4 explain T3_CARRIED_IN_TOT 7>8"}},
		{"blank last year", year(2024, ""), year(2023, "T3_CARRIED_OUT_NP= T3_CARRIED_OUT_BIZ=/"),
			[]string{"T3-R4 not_assessable T3_CARRIED_IN_NP+1"}},
		{"blank this year", year(2024, "T3_CARRIED_IN_OTH="), year(2023, ""),
			[]string{"FMT-R3 notice T3_CARRIED_IN_OTH", "T3-R4 not_assessable T3_CARRIED_IN_OTH"}},
		{"documents in force 66, then 372", year(2024, "T2_NORM_ISSUED=6 T2_NORM_REPEALED=2 T2_NORM_IN_FORCE=372"), year(2023, "T2_NORM_IN_FORCE=66"),
			[]string{"T2-R1 explain T2_NORM_ISSUED+2 70>372"}},
		{"documents in force as they should be", year(2024, "T2_NORM_ISSUED=6 T2_NORM_REPEALED=2 T2_NORM_IN_FORCE=70"), year(2023, "T2_NORM_IN_FORCE=66"), nil},
		{"blank arrivals count as 0", year(2024, "T2_NORM_ISSUED= T2_NORM_REPEALED=/ T2_NORM_IN_FORCE=66"), year(2023, "T2_NORM_IN_FORCE=66"), nil},
		{"no stock last year", year(2024, "T2_NORM_IN_FORCE=66"), year(2023, "T2_NORM_IN_FORCE="),
			[]string{"T2-R1 not_assessable T2_NORM_ISSUED+2"}},
		{"the 2019 form counts something else", set(zeros(form2021, 2021), "T2_NORM_IN_FORCE=66"), zeros(form2019, 2020), nil},
		{"carried over from the 2019 form", set(zeros(form2021, 2021), carried), set(zeros(form2019, 2020), out7),
			[]string{"T3-R4 explain T3_CARRIED_IN_NP 7>8", "T3-R4 explain T3_CARRIED_IN_TOT 7>8"}},
		{"pending cases vanish", year(2024, "T4_LITD_UPHELD=1 T4_LITD_TOTAL=1"), year(2023, "T4_REV_PENDING=2 T4_REV_TOTAL=2 T4_LITD_PENDING=3 T4_LITD_TOTAL=3"),
			[]string{"T4-R2 notice T4_REV_UPHELD+4"}},
		{"pending cases, and this year blank", year(2024, "T4_REV_UPHELD= T4_REV_CORRECTED= T4_REV_OTHER= T4_REV_PENDING= T4_REV_TOTAL="),
			year(2023, "T4_REV_PENDING=2 T4_REV_TOTAL=2"),
			[]string{"FMT-R3 notice T4_REV_UPHELD+4", "T4-R1 not_assessable T4_REV_UPHELD+4", "T4-R2 not_assessable T4_REV_UPHELD+4"}},
		{"pending left blank last year", year(2024, ""), year(2023, "T4_REV_PENDING="), []string{"T4-R2 not_assessable T4_REV_UPHELD+4"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wants(t, Report(c.cur, c.last), c.want...)
		})
	}
}

func TestQuartersFollowOneAnother(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cur, last disclosure.Period
		want      bool
	}{
		{disclosure.Period{Year: 2024}, disclosure.Period{Year: 2023}, true},
		{disclosure.Period{Year: 2024}, disclosure.Period{Year: 2024}, false},
		{disclosure.Period{Year: 2024, Quarter: 1}, disclosure.Period{Year: 2023, Quarter: 4}, true},
		{disclosure.Period{Year: 2024, Quarter: 3}, disclosure.Period{Year: 2024, Quarter: 2}, true},
		{disclosure.Period{Year: 2024, Quarter: 3}, disclosure.Period{Year: 2023}, false},
		{disclosure.Period{}, disclosure.Period{Year: 2023}, true},
	} {
		cur, last := zeros(form2021, 0), zeros(form2021, 0)
		cur.Period, last.Period = c.cur, c.last
		if got := follows(cur, last); got != c.want {
			t.Errorf("%s after %s: %v", c.cur, c.last, got)
		}
	}
}

func TestFormVersion(t *testing.T) {
	t.Parallel()
	wants(t, Report(zeros(form2019, 2023), nil), "FMT-R1 error -")
	wants(t, Report(zeros(form2021, 2020), nil), "FMT-R1 error -")
	wants(t, Report(zeros(form2021, 2015), nil), "FMT-R1 error -")
	wants(t, Report(zeros(form2021, 0), nil), "FMT-R1 not_assessable -")
	wants(t, Report(&disclosure.Report{}, nil), "FMT-R1 not_assessable -")
	if f := Report(zeros(form2019, 2023), nil)[0]; f.Expected != "2021" || f.Actual != "2019" {
		t.Errorf("2019 form for 2023: expected %q, actual %q", f.Expected, f.Actual)
	}
}

func TestSixParts(t *testing.T) {
	t.Parallel()
	parts := func(change func(p []disclosure.ProsePart) []disclosure.ProsePart) *disclosure.Report {
		return with(zeros(form2021, 2024), change(sixParts())...)
	}
	without := with(zeros(form2021, 2024), sixParts()...)
	emptied := with(zeros(form2021, 2024), sixParts()...)
	for code := range emptied.Cells {
		if code[:2] == "T4" {
			delete(without.Cells, code)
			set(emptied, string(code)+"=")
		}
	}
	for _, c := range []struct {
		name   string
		report *disclosure.Report
		want   []string // what is expected, of FMT-R2 findings
	}{
		{"as it should be", with(zeros(form2021, 2024), sixParts()...), nil},
		{"figures only", zeros(form2021, 2024), nil},
		{"table parts have their heads too", parts(func(p []disclosure.ProsePart) []disclosure.ProsePart {
			return slices.Insert(p, 2, disclosure.ProsePart{Number: 2, Title: "二、主动公开政府信息情况"},
				disclosure.ProsePart{Number: 3, Title: "三、收到和处理政府信息公开申请情况"})
		}), nil},
		{"six is missing", parts(func(p []disclosure.ProsePart) []disclosure.ProsePart { return p[:3] }), []string{"六、其他需要报告的事项 缺少"}},
		{"five is empty", parts(func(p []disclosure.ProsePart) []disclosure.ProsePart { p[2].Text = " \n"; return p }),
			[]string{"五、存在的主要问题及改进情况 空白"}},
		{"six before five", parts(func(p []disclosure.ProsePart) []disclosure.ProsePart { p[2], p[3] = p[3], p[2]; return p }),
			[]string{"六、其他需要报告的事项 次序颠倒"}},
		{"numbers restarted", parts(func(p []disclosure.ProsePart) []disclosure.ProsePart {
			p[2].Title, p[3].Title = "一、存在的主要问题及改进情况", "二、其他需要报告的事项"
			return p
		}), []string{"按规定编号 序号缺失或重排"}},
		{"numbers missing", parts(func(p []disclosure.ProsePart) []disclosure.ProsePart {
			p[1].Title = "总体情况"
			return p
		}), []string{"按规定编号 序号缺失或重排"}},
		{"other words in a title, Arabic number", parts(func(p []disclosure.ProsePart) []disclosure.ProsePart {
			p[2].Title = "5. 存在问题和改进措施"
			return p
		}), nil},
		{"the reader keeps no titles", parts(func(p []disclosure.ProsePart) []disclosure.ProsePart {
			p[1].Title, p[2].Title, p[3].Title = "", "", ""
			return p
		}), nil},
		{"a table is blank from end to end", emptied, []string{"四、政府信息公开行政复议、行政诉讼情况 空白"}},
		{"a table is missing", without, []string{"四、政府信息公开行政复议、行政诉讼情况 缺少"}},
		{"no part at all", with(zeros(form2021, 2024), disclosure.ProsePart{Text: "本年工作情况如下。"}),
			[]string{"一、总体情况 缺少", "五、存在的主要问题及改进情况 缺少", "六、其他需要报告的事项 缺少"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range Report(c.report, nil) {
				sound(t, f)
				if f.Rule == "FMT-R2" {
					got = append(got, f.Expected+" "+f.Actual)
				}
			}
			slices.Sort(got)
			slices.Sort(c.want)
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestMessagesNameFiguresAndRemedy(t *testing.T) {
	t.Parallel()
	r := set(zeros(form2021, 2024), "T3_NEW_RECEIVED_NP=27 T3_NEW_RECEIVED_TOT=27 T3_RESULT_TOTAL_NP=26 T3_RESULT_TOTAL_TOT=26 T3_GRANTED_NP=6 T3_DENY_PROCESS_INFO_NP=20 T3_GRANTED_TOT=6 T3_DENY_PROCESS_INFO_TOT=20")
	f := Report(r, nil)[0]
	if want := "表三“自然人”列:本年新收27+上年结转0=27,与总计26+结转下年度继续办理0=26相差1,两者应相等,请核对各项并改正。"; f.Message != want {
		t.Errorf("message\n got  %s\n want %s", f.Message, want)
	}
	if f.Table != "表三" || f.Labels[0] != form2021Label("T3_NEW_RECEIVED_NP") || f.Difference != "-1" {
		t.Errorf("table %q, label %q, difference %q", f.Table, f.Labels[0], f.Difference)
	}
	g := Report(set(zeros(form2021, 2024), "T4_LITD_UPHELD=2 T4_LITD_PENDING=1 T4_LITD_TOTAL=2"), nil)[0]
	if want := "表四“行政诉讼·未经复议直接起诉”:结果维持2+尚未审结1=3,与总计2相差1,两者应相等,请核对各项并改正。"; g.Message != want {
		t.Errorf("message\n got  %s\n want %s", g.Message, want)
	}
}

func form2021Label(code disclosure.Code) string {
	def, _ := form2021.Cell(code)
	return def.Label()
}

func TestFindingsAreDeterministicAndSorted(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	values := []string{"", "/", "?若干", "-1", "0", "0", "3", "0.5"}
	for range 200 {
		form := []*disclosure.Form{form2021, form2019}[rng.IntN(2)]
		cur, last := balanced(form, rng), balanced(form, rng)
		last.Period.Year, cur.Period.Year = 2022, 2023
		for range rng.IntN(40) {
			def := form.AllCells()[rng.IntN(len(form.AllCells()))]
			set(cur, string(def.Code)+"="+values[rng.IntN(len(values))])
		}
		got := Report(cur, last)
		if again := Report(clone(cur), clone(last)); !reflect.DeepEqual(got, again) {
			t.Fatalf("two runs differ:\n%v\n%v", briefs(got), briefs(again))
		}
		if !slices.IsSortedFunc(got, func(a, b Finding) int { return gravity[a.Severity] - gravity[b.Severity] }) {
			t.Fatalf("not sorted: %v", briefs(got))
		}
		for _, f := range got {
			sound(t, f)
			if !slices.IsSortedFunc(f.Codes, func(a, b disclosure.Code) int { return form.Order(a) - form.Order(b) }) {
				t.Fatalf("%s: codes out of reading order: %v", f.Rule, f.Codes)
			}
		}
	}
}

func TestRulesAreComplete(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range Rules() {
		if seen[r.ID] || r.Title == "" || r.Says == "" || r.Source == "" || strings.ContainsAny(r.ID, " ") {
			t.Errorf("rule %+v", r)
		}
		seen[r.ID] = true
	}
	for _, f := range disclosure.Forms() {
		for _, s := range f.Sums {
			if !seen[s.Rule] {
				t.Errorf("%s of %s has no text", s.Rule, f.ID)
			}
		}
	}
}

func FuzzReport(f *testing.F) {
	f.Add(uint64(1), uint64(2))
	f.Fuzz(func(t *testing.T, a, b uint64) {
		rng := rand.New(rand.NewPCG(a, b))
		r := balanced(form2021, rng)
		if got := Report(r, nil); len(got) != 0 {
			t.Fatalf("balanced: %v", briefs(got))
		}
		kinds := []string{"", "/", "?x", "x", "-3", "1.5", "99999999999999999999"}
		for range rng.IntN(200) {
			def := form2021.AllCells()[rng.IntN(len(form2021.AllCells()))]
			set(r, string(def.Code)+"="+kinds[rng.IntN(len(kinds))])
		}
		for _, finding := range Report(r, balanced(form2019, rng)) {
			sound(t, finding)
		}
	})
}

// All cross-footing checks of 3,000 reports are to take under 1 s.
func BenchmarkReport3000(b *testing.B) {
	rng := rand.New(rand.NewPCG(3, 4))
	reports := make([]*disclosure.Report, 3001)
	for i := range reports {
		reports[i] = balanced(form2021, rng)
		reports[i].Period.Year = disclosure.Year(2021 + i%2)
	}
	b.ReportAllocs()
	for b.Loop() {
		for i := range 3000 {
			Report(reports[i+1], reports[i])
		}
	}
}
