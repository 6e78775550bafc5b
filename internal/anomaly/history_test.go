package anomaly

import (
	"math"
	"slices"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
)

// Faults of published reports (DOMAIN.md, section 4) that only a look at
// several years finds, and others like them.
func TestPublishedFaults(t *testing.T) {
	for _, c := range []struct {
		name   string
		year   disclosure.Year
		code   disclosure.Code
		first  disclosure.Year
		values []float64
		kind   Kind
		says   string
	}{
		{"licences 550 -> 9,487 after four years", 2024, "T2_LICENSE_DECISIONS", 2020, []float64{531, 550, 562, 550, 9487}, Jump, "2024年行政许可9487件,为近4年中位数(550件)的17倍"},
		{"licences 550 -> 9,487 with one year to go by", 2024, "T2_LICENSE_DECISIONS", 2023, []float64{550, 9487}, Jump, "2024年行政许可9487件,为上年(550件)的17倍"},
		{"documents 66 -> 372", 2024, "T2_NORM_IN_FORCE", 2021, []float64{64, 64, 66, 372}, Jump, "2024年现行有效行政规范性文件372件,为近3年中位数(64件)的5.8倍,本年制发、废止的件数不能解释"},
		{"documents 66 -> 372 with one year to go by", 2024, "T2_NORM_IN_FORCE", 2023, []float64{66, 372}, Jump, "为上年(66件)的5.6倍"},
		{"licences in the midst of the years", 2022, "T2_LICENSE_DECISIONS", 2020, []float64{531, 550, 9487, 562, 540}, Jump, "为其余4年中位数(545件)的17倍"},
		{"a digit lost", 2024, "T2_PENALTY_DECISIONS", 2021, []float64{2600, 2480, 2710, 262}, Jump, "只有近3年中位数(2600件)的10%"},
		{"left out", 2024, "T2_PENALTY_DECISIONS", 2021, []float64{2600, 2480, 2710, 0}, Jump, "2024年行政处罚0件,而近3年中位数为2600件"},
		{"fee in 元 for 万元", 2024, "T2_FEE_AMOUNT_WAN", 2021, []float64{112.5, 126.0321, 118, 1201234.5}, Jump, "1201234.5万元"},
		{"a digit lost in the first of three years", 2023, "T2_PENALTY_DECISIONS", 2023, []float64{29, 245, 223}, Jump, "2023年行政处罚29件,只有其余2年中位数(234件)的12%"},
		{"digits exchanged in a small number", 2024, "T2_LICENSE_DECISIONS", 2021, []float64{63, 49, 55, 7}, Jump, "2024年行政许可7件,只有近3年中位数(55件)的13%"},
		{"applications of a unit that has none", 2025, "T3_NEW_RECEIVED_TOT", 2020, []float64{0, 1, 0, 0, 2, 61}, History, "2025年新收政府信息公开申请61件,而近5年中位数为0"},
		{"reviews after the break, up", 2025, "T4_REV_TOTAL", 2024, []float64{3, 80}, History, "为上年(3件)的27倍"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := only(t, scan(c.year, nil, yearly(c.first, c.code, c.values...)...))
			if a.Kind != c.kind || a.Codes[0] != c.code || a.Year != c.year || a.Unit != thisUnit {
				t.Errorf("%+v", a)
			}
			if !strings.Contains(a.Message, c.says) {
				t.Errorf("says %q, want %q", a.Message, c.says)
			}
			if a.N != len(c.values)-1 || a.Score < noticed || a.Method == "" || len(a.Numbers) < len(c.values) {
				t.Errorf("n %d, score %g, method %q, numbers %v", a.N, a.Score, a.Method, a.Numbers)
			}
		})
	}
}

// What units' years do without any fault.
func TestQuietYears(t *testing.T) {
	for _, c := range []struct {
		name   string
		year   disclosure.Year
		code   disclosure.Code
		first  disclosure.Year
		values []float64
	}{
		{"all zero", 2024, "T3_NEW_RECEIVED_TOT", 2019, []float64{0, 0, 0, 0, 0, 0}},
		{"one application among zeros", 2024, "T3_NEW_RECEIVED_TOT", 2020, []float64{0, 0, 0, 0, 1}},
		{"ten times a single case", 2024, "T3_NEW_RECEIVED_TOT", 2020, []float64{1, 1, 0, 1, 10}},
		{"a lively office", 2024, "T3_NEW_RECEIVED_TOT", 2020, []float64{41, 66, 38, 72, 95}},
		{"steady growth", 2025, "T2_LICENSE_DECISIONS", 2020, []float64{50, 100, 200, 400, 800, 1600}},
		{"the second year of a new level", 2025, "T2_LICENSE_DECISIONS", 2020, []float64{550, 560, 540, 548, 9487, 9300}},
		{"the year after a fault", 2025, "T2_LICENSE_DECISIONS", 2020, []float64{550, 560, 540, 548, 9487, 552}},
		{"doubled penalties", 2024, "T2_PENALTY_DECISIONS", 2020, []float64{310, 290, 350, 330, 640}},
		{"a single year", 2024, "T2_LICENSE_DECISIONS", 2024, []float64{9487}},
		{"review before court: reviews rise from 2024 on", 2024, "T4_REV_TOTAL", 2020, []float64{2, 3, 1, 2, 60}},
		{"review before court: suits fall from 2024 on", 2024, "T4_LITD_TOTAL", 2020, []float64{60, 55, 70, 66, 0}},
		{"low in the first of three years that differ", 2023, "T2_PENALTY_DECISIONS", 2023, []float64{29, 145, 423}},
		{"few years, small change", 2024, "T3_NEW_RECEIVED_TOT", 2023, []float64{4, 20}},
	} {
		t.Run(c.name, func(t *testing.T) {
			quiet(t, scan(c.year, nil, yearly(c.first, c.code, c.values...)...))
		})
	}
}

// A clean-up explains a stock; the same stock without one does not.
func TestStockThatIsExplained(t *testing.T) {
	standing := func(y disclosure.Year) *Report {
		return report(y, cells{"T2_NORM_IN_FORCE": 366, "T2_NORM_REPEALED": 140, "T2_NORM_ISSUED": 140})
	}
	years := []*Report{standing(2021), standing(2022), standing(2023)}
	quiet(t, scan(2024, nil, append(years, standing(2024).withValue("T2_NORM_IN_FORCE", 100).withValue("T2_NORM_REPEALED", 406).withValue("T2_NORM_ISSUED", 141))...))
	a := only(t, scan(2024, nil, append(years, standing(2024).withValue("T2_NORM_IN_FORCE", 100).withValue("T2_NORM_ISSUED", 141))...))
	if a.Codes[0] != "T2_NORM_IN_FORCE" {
		t.Errorf("%+v", a)
	}
}

// A blank is not zero, and another scope is not another year.
func TestNotCompared(t *testing.T) {
	t.Run("blank years", func(t *testing.T) {
		reports := yearly(2020, "T2_LICENSE_DECISIONS", 0, 0, 0, 0, 9487)
		for _, r := range reports[:4] {
			r.Figures[place("T2_LICENSE_DECISIONS")] = math.NaN()
		}
		quiet(t, scan(2024, nil, reports...))
	})
	t.Run("another scope", func(t *testing.T) {
		reports := yearly(2020, "T2_LICENSE_DECISIONS", 550, 540, 560, 545, 9487)
		reports[4].Scope = disclosure.ScopeRegion
		quiet(t, scan(2024, nil, reports...))
		same := yearly(2020, "T2_LICENSE_DECISIONS", 550, 540, 560, 545, 560)
		quiet(t, scan(2024, nil, append(same, reports[4])...))
	})
}

// One cause is one question, with every figure that it moved.
func TestOneCauseOneAnomaly(t *testing.T) {
	usual := cells{"T3_NEW_RECEIVED_TOT": 3, "T3_GRANTED_TOT": 3, "T3_RESULT_TOTAL_TOT": 3}
	a := only(t, scan(2024, nil, report(2021, usual), report(2022, usual).withValue("T3_NEW_RECEIVED_TOT", 4), report(2023, usual),
		report(2024, cells{"T3_NEW_RECEIVED_TOT": 63, "T3_GRANTED_TOT": 63, "T3_RESULT_TOTAL_TOT": 63})))
	if !slices.Equal(a.Codes, []disclosure.Code{"T3_NEW_RECEIVED_TOT", "T3_RESULT_TOTAL_TOT"}) {
		t.Errorf("codes %v", a.Codes)
	}
}

// Fewer than three other years give no spread, and say so.
func TestMethodSaysOnWhatItRests(t *testing.T) {
	few := only(t, scan(2024, nil, yearly(2022, "T2_LICENSE_DECISIONS", 550, 560, 9487)...))
	many := only(t, scan(2024, nil, yearly(2021, "T2_LICENSE_DECISIONS", 555, 550, 560, 9487)...))
	if !strings.Contains(few.Method, "只有2年") || !strings.Contains(many.Method, "其余3年") {
		t.Errorf("%q\n%q", few.Method, many.Method)
	}
}

func TestSurprise(t *testing.T) {
	for _, c := range []struct {
		name        string
		x, center   float64
		phi         float64
		least, most float64
	}{
		{"no different", 40, 40, 0.3, 0, 0},
		{"Poisson, one deviation", 110, 100, 0.001, 0.9, 1.1},
		{"spread in ratios, one deviation", 13000, 10000, 0.3, 0.8, 1.1},
		{"zero", 0, 0, 0.3, 0, 0},
		{"one beside zero", 1, 0, 0.3, 0.5, 1.5},
	} {
		if got := surprise(c.x, c.center, c.phi, 1000); got < c.least || got > c.most {
			t.Errorf("%s: %.3f", c.name, got)
		}
	}
	if up, down := surprise(30, 10, 0.3, 4), surprise(10, 30, 0.3, 4); up != -down {
		t.Errorf("up %g, down %g", up, down)
	}
}
