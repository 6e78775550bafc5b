package anomaly

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
)

func TestPersistence(t *testing.T) {
	full := func() cells {
		return cells{"T2_LICENSE_DECISIONS": 9, "T2_NORM_IN_FORCE": 5, "T3_NEW_RECEIVED_NP": 3, "T3_NEW_RECEIVED_TOT": 3,
			"T3_GRANTED_NP": 3, "T3_GRANTED_TOT": 3, "T3_RESULT_TOTAL_NP": 3, "T3_RESULT_TOTAL_TOT": 3}
	}
	with := func(c cells, code disclosure.Code, v float64) cells { c[code] = v; return c }
	for _, c := range []struct {
		name  string
		years []cells // up to 2025
		says  string  // "" for nothing
	}{
		{"the same data three years running", []cells{full(), full(), full()}, "2023—2025年连续3年三张表的2项非零数据完全相同"},
		{"stocks alone differ", []cells{full(), full(), with(full(), "T2_NORM_IN_FORCE", 6)}, "三张表"},
		{"two years of few figures", []cells{full(), full()}, ""},
		{"another figure in between", []cells{full(), with(full(), "T2_LICENSE_DECISIONS", 8), full()}, ""},
		{"all zero", []cells{{}, {}, {}, {}}, ""},
		{"documents in force stand still", []cells{{"T2_NORM_IN_FORCE": 66}, {"T2_NORM_IN_FORCE": 66}, {"T2_NORM_IN_FORCE": 66}}, ""},
		{"one application a year", []cells{{"T3_NEW_RECEIVED_NP": 1, "T3_NEW_RECEIVED_TOT": 1, "T3_GRANTED_NP": 1, "T3_GRANTED_TOT": 1},
			{"T3_NEW_RECEIVED_NP": 1, "T3_NEW_RECEIVED_TOT": 1, "T3_GRANTED_NP": 1, "T3_GRANTED_TOT": 1},
			{"T3_NEW_RECEIVED_NP": 1, "T3_NEW_RECEIVED_TOT": 1, "T3_GRANTED_NP": 1, "T3_GRANTED_TOT": 1}}, ""},
		{"table four across 2023 and 2024", []cells{{"T2_LICENSE_DECISIONS": 8, "T4_REV_UPHELD": 31, "T4_REV_OTHER": 22, "T4_REV_TOTAL": 53},
			{"T2_LICENSE_DECISIONS": 9, "T4_REV_UPHELD": 31, "T4_REV_OTHER": 22, "T4_REV_TOTAL": 53},
			{"T2_LICENSE_DECISIONS": 7, "T4_REV_UPHELD": 31, "T4_REV_OTHER": 22, "T4_REV_TOTAL": 53}}, ""},
		{"last year's table two, applications its own", []cells{
			{"T2_LICENSE_DECISIONS": 880, "T2_PENALTY_DECISIONS": 2604, "T2_COERCION_DECISIONS": 64, "T2_FEE_AMOUNT_WAN": 126.5, "T3_GRANTED_NP": 4},
			{"T2_LICENSE_DECISIONS": 880, "T2_PENALTY_DECISIONS": 2604, "T2_COERCION_DECISIONS": 64, "T2_FEE_AMOUNT_WAN": 126.5, "T3_GRANTED_NP": 6}},
			"2024—2025年连续2年表二的4项非零数据完全相同"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var reports []*Report
			for i, figures := range c.years {
				reports = append(reports, report(2025-disclosure.Year(len(c.years)-1-i), figures))
			}
			found := scan(2025, nil, reports...)
			if c.says == "" {
				quiet(t, found)
				return
			}
			a := only(t, found)
			if a.Kind != Persistence || !strings.Contains(a.Message, c.says) || slices.Contains(a.Codes, "T2_NORM_IN_FORCE") {
				t.Errorf("%s %v %s", a.Kind, a.Codes, a.Message)
			}
		})
	}
}

func TestMix(t *testing.T) {
	usual := func(y disclosure.Year) *Report {
		return report(y, cells{"T3_GRANTED_TOT": 22, "T3_UNAVAIL_NOT_HELD_TOT": 12, "T3_DENY_PROCESS_INFO_TOT": 4, "T3_RESULT_TOTAL_TOT": 38, "T3_OTHER_MISC_TOT": float64(y % 3)})
	}
	years := []*Report{usual(2021), usual(2022), usual(2023)}
	odd := cells{"T3_GRANTED_TOT": 1, "T3_REJECT_DUPLICATE_TOT": 36, "T3_OTHER_MISC_TOT": 1, "T3_RESULT_TOTAL_TOT": 38}
	a := only(t, scan(2024, nil, append(years, report(2024, odd))...))
	if a.Kind != Mix || a.Codes[0] != "T3_REJECT_DUPLICATE_TOT" || !slices.Contains(a.Codes, "T3_GRANTED_TOT") {
		t.Errorf("%+v", a)
	}
	if !strings.Contains(a.Message, "重复申请36件(占95%)") {
		t.Error(a.Message)
	}
	exchanged := cells{"T3_GRANTED_TOT": 4, "T3_UNAVAIL_NOT_HELD_TOT": 13, "T3_DENY_PROCESS_INFO_TOT": 5, "T3_RESULT_TOTAL_TOT": 22}
	open := func(y disclosure.Year) *Report {
		return report(y, cells{"T3_GRANTED_TOT": 24, "T3_UNAVAIL_NOT_HELD_TOT": 7 + float64(y%3), "T3_DENY_PROCESS_INFO_TOT": 8, "T3_RESULT_TOTAL_TOT": 39 + float64(y%3)})
	}
	t.Run("two rows filled in for one another", func(t *testing.T) {
		a := only(t, scan(2024, nil, open(2021), open(2022), open(2023), report(2024, exchanged)))
		if a.Kind != Mix || !slices.Equal(a.Codes, []disclosure.Code{"T3_GRANTED_TOT", "T3_UNAVAIL_NOT_HELD_TOT"}) || a.Severity != Notice {
			t.Errorf("%+v", a)
		}
		if !strings.Contains(a.Message, "予以公开4件、本机关不掌握相关政府信息13件") || !strings.Contains(a.Message, "像是互换了") {
			t.Error(a.Message)
		}
	})
	t.Run("of two other years one is the other way round", func(t *testing.T) {
		other := report(2023, cells{"T3_GRANTED_TOT": 9, "T3_UNAVAIL_NOT_HELD_TOT": 16, "T3_DENY_PROCESS_INFO_TOT": 3, "T3_RESULT_TOTAL_TOT": 28})
		quiet(t, scan(2024, nil, open(2022), other, report(2024, exchanged)))
	})
	t.Run("a rate of few cases is no rate", func(t *testing.T) {
		quiet(t, scan(2024, nil, append(years, report(2024, cells{"T3_REJECT_DUPLICATE_TOT": 8, "T3_RESULT_TOTAL_TOT": 8}))...))
	})
	t.Run("(六) as one row is the same class", func(t *testing.T) {
		one, other := report(2024, cells{"T3_OTHER_MERGED_TOT": 30, "T3_RESULT_TOTAL_TOT": 30}), report(2023, cells{"T3_OTHER_NO_CORRECTION_TOT": 15, "T3_OTHER_MISC_TOT": 15, "T3_RESULT_TOTAL_TOT": 30})
		quiet(t, scan(2024, nil, report(2022, cells{"T3_OTHER_MISC_TOT": 31, "T3_RESULT_TOTAL_TOT": 31}), other, one))
	})
}

// like makes units of one group, and a report of each for 2024.
func like(n int, approved bool, c func(i int) cells) (units []disclosure.Unit, reports []*Report) {
	for i := range n {
		u := disclosure.Unit{Number: disclosure.UnitNumber(100 + i), Name: fmt.Sprint("镇", i), Kind: disclosure.UnitLocality,
			Years: []disclosure.UnitYear{{From: 2020, Group: "镇街", Scope: disclosure.ScopeAgency, Counted: true}}}
		r := report(2024, c(i))
		r.Unit, r.Approved = u.Number, approved
		units, reports = append(units, u), append(reports, r)
	}
	return units, reports
}

func TestPeers(t *testing.T) {
	usual := func(i int) cells {
		n := float64(20 + i)
		return cells{"T3_NEW_RECEIVED_TOT": n, "T3_GRANTED_TOT": n - 8, "T3_UNAVAIL_NOT_HELD_TOT": 8, "T3_RESULT_TOTAL_TOT": n, "T4_REV_TOTAL": 2}
	}
	for _, c := range []struct {
		name     string
		peers    int
		approved bool
		own      cells
		code     disclosure.Code // "" for nothing
	}{
		{"every application merely 其他", 9, true, cells{"T3_NEW_RECEIVED_TOT": 24, "T3_OTHER_MISC_TOT": 24, "T3_RESULT_TOTAL_TOT": 24}, "T3_OTHER_MISC_TOT"},
		{"of four like units", 4, true, cells{"T3_NEW_RECEIVED_TOT": 24, "T3_OTHER_MISC_TOT": 24, "T3_RESULT_TOTAL_TOT": 24}, ""},
		{"of units whose reports are not approved", 9, false, cells{"T3_NEW_RECEIVED_TOT": 24, "T3_OTHER_MISC_TOT": 24, "T3_RESULT_TOTAL_TOT": 24}, ""},
		{"too few cases", 9, true, cells{"T3_NEW_RECEIVED_TOT": 7, "T3_OTHER_MISC_TOT": 7, "T3_RESULT_TOTAL_TOT": 7}, ""},
		{"more disputes than applications", 9, true, cells{"T3_NEW_RECEIVED_TOT": 24, "T3_GRANTED_TOT": 16, "T3_UNAVAIL_NOT_HELD_TOT": 8, "T3_RESULT_TOTAL_TOT": 24, "T4_REV_TOTAL": 60}, "T4_REV_TOTAL"},
		{"a first report far above all others", 9, true, cells{"T3_NEW_RECEIVED_TOT": 940, "T3_GRANTED_TOT": 640, "T3_UNAVAIL_NOT_HELD_TOT": 300, "T3_RESULT_TOTAL_TOT": 940}, "T3_NEW_RECEIVED_TOT"},
		{"like the others", 9, true, usual(4), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			units, reports := like(c.peers, c.approved, usual)
			units = append(units, units[0])
			units[c.peers].Number = 200
			own := report(2024, c.own)
			own.Unit = 200
			found := scan(2024, units, append(reports, own)...)
			if c.code == "" {
				quiet(t, found)
				return
			}
			a := only(t, found)
			if a.Kind != Peers || a.Unit != 200 || a.Codes[0] != c.code || a.N < PeersNeeded {
				t.Errorf("%+v", a)
			}
			for _, n := range a.Numbers { // another unit's own figure is never shown
				if strings.Contains(n.Label, "镇") {
					t.Errorf("names a unit: %v", n)
				}
			}
		})
	}
}

// A renamed unit goes on where the old one stopped; a merged one is compared
// with the sum of what it was.
func TestSuccessors(t *testing.T) {
	units := []disclosure.Unit{{Number: 1, Last: 2023, Successors: []disclosure.UnitNumber{3}}, {Number: 2, Last: 2023, Successors: []disclosure.UnitNumber{3}}, {Number: 3}}
	of := func(u disclosure.UnitNumber, rs []*Report) []*Report {
		for _, r := range rs {
			r.Unit = u
		}
		return rs
	}
	const code = "T2_LICENSE_DECISIONS"
	before := slices.Concat(of(1, yearly(2020, code, 300, 310, 290, 305)), of(2, yearly(2020, code, 250, 240, 255, 248)))
	merged := func(v ...float64) []Anomaly {
		return scan(2024, units, append(slices.Clone(before), of(3, yearly(2024, code, v...))...)...)
	}
	quiet(t, merged(553))
	a := only(t, merged(9487))
	if a.Unit != 3 || a.N != 4 || !strings.Contains(a.Message, "为近4年中位数(550件)的17倍") {
		t.Errorf("%+v", a)
	}
	t.Run("into a unit that went on", func(t *testing.T) {
		units := []disclosure.Unit{{Number: 1, Last: 2023, Successors: []disclosure.UnitNumber{3}}, {Number: 3}}
		reports := slices.Concat(of(1, yearly(2020, code, 3000, 3100, 2900, 3050)), of(3, yearly(2020, code, 50, 60, 55, 52, 3100)))
		quiet(t, scan(2024, units, reports...))
		quiet(t, scan(2022, units, reports...))
	})
	t.Run("a predecessor's year is missing", func(t *testing.T) {
		units := []disclosure.Unit{{Number: 1, Last: 2023, Successors: []disclosure.UnitNumber{3}}, {Number: 3}}
		a := only(t, scan(2024, units, slices.Concat(of(1, yearly(2022, code, 290, 305)), of(3, yearly(2020, code, 5, 6, 5, 6, 9000)))...))
		if a.N != 2 {
			t.Errorf("rests on %d years, want the two with both reports", a.N)
		}
	})
}

// The fingerprint stands as long as the question is the same.
func TestFingerprint(t *testing.T) {
	a := only(t, scan(2024, nil, yearly(2021, "T2_LICENSE_DECISIONS", 555, 550, 560, 9487)...))
	same := only(t, scan(2024, nil, yearly(2020, "T2_LICENSE_DECISIONS", 400, 455, 480, 490, 9487)...))
	if a.Message == same.Message || a.Score == same.Score || a.Fingerprint() != same.Fingerprint() {
		t.Errorf("%s and %s: %s and %s", a.Message, same.Message, a.Fingerprint(), same.Fingerprint())
	}
	seen := map[string]bool{a.Fingerprint(): true}
	for name, change := range map[string]func(*Anomaly){
		"unit": func(a *Anomaly) { a.Unit++ }, "year": func(a *Anomaly) { a.Year++ }, "kind": func(a *Anomaly) { a.Kind = Mix },
		"scope": func(a *Anomaly) { a.Scope = disclosure.ScopeRegion },
		"codes": func(a *Anomaly) { a.Codes = append(slices.Clone(a.Codes), "T2_FEE_AMOUNT_WAN") },
	} {
		other := a
		change(&other)
		if seen[other.Fingerprint()] {
			t.Errorf("another %s, the same fingerprint", name)
		}
		seen[other.Fingerprint()] = true
	}
}

func BenchmarkScan3000Reports(b *testing.B) {
	var units []disclosure.Unit
	var reports []*Report
	for u := range 600 {
		units = append(units, disclosure.Unit{Number: disclosure.UnitNumber(u + 1), Kind: disclosure.UnitLocality})
		for y := range 5 {
			n := float64(10 + (u*7+y*3)%20)
			r := report(disclosure.Year(2021+y), cells{"T2_LICENSE_DECISIONS": 100 * n, "T3_NEW_RECEIVED_TOT": n, "T3_GRANTED_TOT": n, "T3_GRANTED_NP": n, "T3_RESULT_TOTAL_TOT": n})
			r.Unit = disclosure.UnitNumber(u + 1)
			reports = append(reports, r)
		}
	}
	for b.Loop() {
		for y := range 5 {
			scan(disclosure.Year(2021+y), units, reports...)
		}
	}
}
