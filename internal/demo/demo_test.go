package demo

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
)

// filed collects a district's reports by unit and year.
type filed map[disclosure.UnitNumber]map[disclosure.Year]*disclosure.Report

func collect(d *District) filed {
	out := filed{}
	for f := range d.Reports() {
		if out[f.Unit] == nil {
			out[f.Unit] = map[disclosure.Year]*disclosure.Report{}
		}
		out[f.Unit][f.Report.Year()] = f.Report
	}
	return out
}

func (f filed) findings(u disclosure.UnitNumber, y disclosure.Year) []check.Finding {
	return check.Report(f[u][y], f[u][y-1])
}

var seeds = []uint64{0, 1, 2, 3, 4, 5, 6, 7}

func TestAnswersAreTrue(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, r := range check.Rules() {
		known[r.ID] = true
	}
	for _, seed := range seeds {
		d := Generate(Spec{Seed: seed})
		reports := collect(d)
		faulty := map[string]bool{}
		for _, a := range d.Answers() {
			faulty[fmt.Sprint(a.Unit, a.Year)] = true
			if a.Kind == kindSilent {
				if reports[a.Unit][a.Year] != nil {
					t.Errorf("seed %d: %s filed for %s", seed, a.Name, a.Year)
				}
				continue
			}
			if reports[a.Unit][a.Year] == nil {
				t.Errorf("seed %d: no report for %+v", seed, a)
				continue
			}
			if !known[a.Rule] || a.Kind == kindLate {
				continue // the day of filing is no part of a report: see TestAmongFindsWhatIsPlanted
			}
			if !slices.ContainsFunc(reports.findings(a.Unit, a.Year), func(f check.Finding) bool {
				return f.Rule == a.Rule && (len(a.Codes) == 0 || slices.ContainsFunc(a.Codes, func(c disclosure.Code) bool { return slices.Contains(f.Codes, c) }))
			}) {
				t.Errorf("seed %d: %s does not find %+v", seed, a.Rule, a)
			}
		}
		for u, years := range reports {
			for y := range years {
				for _, f := range reports.findings(u, y) {
					if !faulty[fmt.Sprint(u, y)] && f.Severity != check.NotAssessable {
						t.Errorf("seed %d: %s %s has a fault nobody planted: %s %s", seed, years[y].Unit, y, f.Rule, f.Message)
					}
				}
			}
		}
	}
}

func TestEveryKindOfFaultIsPlanted(t *testing.T) {
	t.Parallel()
	got := map[string]bool{}
	answers := Generate(Spec{}).Answers()
	for _, a := range answers {
		got[a.Kind] = true
		if a.Codes == nil || a.Note == "" || a.Name == "" {
			t.Errorf("incomplete answer %+v", a)
		}
	}
	for _, f := range faultList {
		if !got[f.kind] {
			t.Errorf("%s is not planted in the usual district", f.kind)
		}
	}
	if len(answers) != len(faultList) {
		t.Errorf("%d answers for %d faults", len(answers), len(faultList))
	}
}

func TestSameSpecSameData(t *testing.T) {
	t.Parallel()
	a, b := collect(Generate(Spec{Seed: 9})), collect(Generate(Spec{Seed: 9}))
	if !reflect.DeepEqual(a, b) {
		t.Error("two runs of one seed differ")
	}
	if reflect.DeepEqual(a, collect(Generate(Spec{Seed: 10}))) {
		t.Error("another seed gives the same data")
	}
}

func TestUnits(t *testing.T) {
	t.Parallel()
	for _, n := range []int{4, 10, 60, 120, 121, 600} {
		names, numbers := map[string]bool{}, 0
		kinds := map[disclosure.UnitKind]int{}
		for u := range Generate(Spec{Units: n}).Units() {
			numbers++
			if int(u.Number) != numbers || names[u.Name] || u.Short == "" || u.Sort == 0 || len(u.Years) == 0 {
				t.Errorf("unit %d of %d: %+v", numbers, n, u)
			}
			names[u.Name] = true
			kinds[u.Kind]++
		}
		if numbers != n || kinds[disclosure.UnitGovernment] == 0 || kinds[disclosure.UnitDepartment] == 0 {
			t.Errorf("%d units wanted: %d, %v", n, numbers, kinds)
		}
	}
}

func TestReorganisation(t *testing.T) {
	t.Parallel()
	d := Generate(Spec{})
	reports := collect(d)
	byName := map[string]disclosure.Unit{}
	for u := range d.Units() {
		byName[u.Name] = u
	}
	old, now := byName[districtName+renamedFrom], byName[districtName+renamedTo]
	if old.Last == 0 || old.Last+1 != now.First || !slices.Equal(old.Successors, []disclosure.UnitNumber{now.Number}) {
		t.Fatalf("renamed: %+v -> %+v", old, now)
	}
	before, after := reports[old.Number][old.Last], reports[now.Number][now.First]
	if reports[old.Number][now.First] != nil || reports[now.Number][old.Last] != nil {
		t.Error("a unit reports outside its years")
	}
	for _, c := range columns {
		out, in := before.Cells[disclosure.Code("T3_CARRIED_OUT_"+c)], after.Cells[disclosure.Code("T3_CARRIED_IN_"+c)]
		if !out.Value.Equal(in.Value) {
			t.Errorf("%s: carried out %s, carried in %s", c, out.Value, in.Value)
		}
	}
}

// The government's figures are the sum of the counted units' in truth: what
// their reports print differs only where a fault was planted.
func TestGovernmentIsTheSum(t *testing.T) {
	t.Parallel()
	d := Generate(Spec{})
	reports := collect(d)
	units := slices.Collect(d.Units())
	for _, y := range d.Years() {
		sum := map[disclosure.Code]int64{}
		excused := map[disclosure.Code]bool{}
		wholly := false
		for _, a := range d.Answers() {
			if a.Year == y {
				for _, c := range a.Codes {
					excused[c] = true
				}
				// A unit on the old form lacks the new codes, and moved or
				// altered columns touch many.
				wholly = wholly || slices.Contains([]string{"误用旧表", "留空未填", "法人列空白而总计有数", "表四总计为0", "结转不衔接"}, a.Kind)
			}
		}
		for _, u := range units {
			r := reports[u.Number][y]
			if r == nil || u.Kind == disclosure.UnitGovernment || !u.In(y).Counted {
				continue
			}
			for code := range r.Cells {
				if v, ok := r.Value(code); ok {
					sum[code] += v.Shift(4).IntPart()
				}
			}
		}
		government := reports[units[0].Number][y]
		if government.Scope != disclosure.ScopeRegion || units[0].Kind != disclosure.UnitGovernment {
			t.Fatalf("first unit %+v, scope %s", units[0], government.Scope)
		}
		for code := range government.Cells {
			if strings.HasPrefix(string(code), "T3_OTHER") || excused[code] || wholly {
				continue // a unit prints (六) as one row
			}
			if v, _ := government.Value(code); v.Shift(4).IntPart() != sum[code] {
				t.Errorf("%s %s: government %s, units %d/10000", y, code, v, sum[code])
			}
		}
	}
}

func TestFiguresLookReal(t *testing.T) {
	t.Parallel()
	for _, seed := range seeds {
		d := Generate(Spec{Seed: seed})
		reports := collect(d)
		units := slices.Collect(d.Units())
		var zeros, few, n int
		for _, u := range units {
			for y, r := range reports[u.Number] {
				v, _ := r.Value("T3_NEW_RECEIVED_TOT")
				switch got := v.IntPart(); {
				case u.Kind == disclosure.UnitGovernment:
					if got < 20 || got > 800 {
						t.Errorf("seed %d: district %s received %d", seed, y, got)
					}
				case strings.HasSuffix(u.Name, "人民政府办公室"):
					if got < 15 || got > 140 {
						t.Errorf("seed %d: office %s received %d", seed, y, got)
					}
				default:
					n++
					if got <= 5 {
						few++
					}
					for _, c := range r.Cells {
						if c.Kind == disclosure.CellNumber && c.Value.IsZero() {
							zeros++
						}
					}
				}
			}
		}
		if few*10 < n*7 {
			t.Errorf("seed %d: only %d of %d reports have 0-5 applications", seed, few, n)
		}
		if zeros < n*150 {
			t.Errorf("seed %d: %d zeros in %d reports", seed, zeros, n)
		}
		court := func(y disclosure.Year) (review, suits int64) {
			r := reports[1][y]
			a, _ := r.Value("T4_REV_TOTAL")
			b, _ := r.Value("T4_LITD_TOTAL")
			c, _ := r.Value("T4_LITR_TOTAL")
			return a.IntPart(), b.IntPart() + c.IntPart()
		}
		r22, s22 := court(2022)
		r23, s23 := court(2023)
		r24, s24 := court(2024)
		r25, s25 := court(2025)
		if r24+r25 <= r22+r23 || s24+s25 >= s22+s23 {
			t.Errorf("seed %d: no break at 2024: reviews %d %d %d %d, suits %d %d %d %d", seed, r22, r23, r24, r25, s22, s23, s24, s25)
		}
	}
}

var received = regexp.MustCompile(`新收政府信息公开申请(\d+)件,上年结转(\d+)件;办结(\d+)件,结转下年度继续办理(\d+)件`)

func TestProseAgreesWithTables(t *testing.T) {
	t.Parallel()
	d := Generate(Spec{})
	reports := collect(d)
	told := map[string]bool{}
	for _, a := range d.Answers() {
		if a.Rule == "TXT-R1" || a.Kind == "抄用他单位报告" || a.Rule == "T3-R1" || a.Rule == "T3-R3" || a.Rule == "T3-R4" {
			told[fmt.Sprint(a.Unit, a.Year)] = a.Rule == "TXT-R1"
		}
	}
	checked := 0
	for u, years := range reports {
		for y, r := range years {
			if len(r.Prose) != 4 || !strings.Contains(r.Prose[0].Text, r.Unit) && told[fmt.Sprint(u, y)] {
				t.Fatalf("%s %s: %d parts of prose", r.Unit, y, len(r.Prose))
			}
			m := received.FindStringSubmatch(r.Prose[1].Text)
			disagree, planted := told[fmt.Sprint(u, y)]
			if m == nil || planted && !disagree {
				continue
			}
			checked++
			same := true
			for i, row := range []string{"NEW_RECEIVED", "CARRIED_IN", "RESULT_TOTAL", "CARRIED_OUT"} {
				v, _ := r.Value(disclosure.Code("T3_" + row + "_TOT"))
				same = same && strconv.FormatInt(v.IntPart(), 10) == m[i+1]
			}
			if same == disagree {
				t.Errorf("%s %s: prose %v, planted to disagree: %v", r.Unit, y, m[1:], disagree)
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d reports tell their figures", checked)
	}
}

func TestForms(t *testing.T) {
	t.Parallel()
	d := Generate(Spec{})
	if years := d.Years(); years[0] != 2020 || years[len(years)-1] != 2025 {
		t.Fatalf("years %v", years)
	}
	for _, r := range collect(d)[2] {
		if want := disclosure.FormFor(disclosure.FamilyNational, r.Year()); r.Form != want {
			t.Errorf("%s on %s", r.Year(), r.Form.ID)
		}
		printedCells := 0
		for _, c := range r.Form.Cells() {
			if _, ok := r.Cells[c.Code]; ok {
				printedCells++
			}
		}
		if printedCells != len(r.Form.Cells()) {
			t.Errorf("%s: %d of %d cells", r.Year(), printedCells, len(r.Form.Cells()))
		}
	}
	n := 0
	for f := range d.Annexes() {
		n++
		if findings := check.Report(f.Report, nil); len(findings) > 0 {
			t.Errorf("%s %s: %s", f.Report.Unit, f.Report.Year(), findings[0].Message)
		}
	}
	if n < 300 {
		t.Errorf("%d annexes", n)
	}
}

func TestSmallAndShort(t *testing.T) {
	t.Parallel()
	for _, spec := range []Spec{{Units: 1, Years: 1}, {Units: 4, Years: 2}, {Units: 12, Years: 3}, {Units: 130, Years: 40}, {Last: 2020, Years: 2}} {
		d := Generate(spec)
		reports := collect(d)
		if len(reports) == 0 {
			t.Errorf("%+v: no reports", spec)
		}
		for _, a := range d.Answers() {
			if a.Kind != kindSilent && reports[a.Unit][a.Year] == nil {
				t.Errorf("%+v: answer without a report: %+v", spec, a)
			}
		}
		if d.Years()[0] < 2019 {
			t.Errorf("%+v: %v", spec, d.Years())
		}
	}
}

// A country's first reports come without the rest being made.
func TestACountryStreams(t *testing.T) {
	t.Parallel()
	n := 0
	for range Generate(Spec{Units: 200_000, Years: 7}).Reports() {
		if n++; n == 1000 {
			break
		}
	}
	if n != 1000 {
		t.Errorf("%d reports", n)
	}
}

func BenchmarkReports(b *testing.B) {
	n := 0
	for b.Loop() {
		for range Generate(Spec{Units: 600, Years: 6}).Reports() {
			n++
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "reports/s")
}
