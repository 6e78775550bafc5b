package evaluate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"mingjing/internal/anomaly"
	"mingjing/internal/disclosure"
)

// Strangers' districts are made by another hand than the demonstration's: units
// of other sizes, histories of three to eight years, volumes that drift, habits
// of answering that differ from unit to unit, and faults of other sorts. They
// keep the thresholds from fitting one generator.

// StrangersCalibration are the seeds that were looked at; StrangersEvaluation
// were not. (401 to 410 were looked at once between two settings, and are used
// up.)
var (
	StrangersCalibration = seedsFrom(31, 80)
	StrangersEvaluation  = seedsFrom(601, 20)
)

const strangersFirst, strangersLast disclosure.Year = 2018, 2025

// strangers makes the strangers' district of a seed.
func strangers(seed uint64) *district {
	d := &district{reports: map[disclosure.UnitNumber][]*anomaly.Report{}, taken: map[disclosure.UnitNumber]bool{},
		rng: rand.New(rand.NewPCG(seed, 0x73747261))}
	for y := strangersFirst; y <= strangersLast; y++ {
		d.years = append(d.years, y)
	}
	for n := range districtUnits {
		u := disclosure.Unit{Number: disclosure.UnitNumber(n + 1), Name: fmt.Sprintf("外区单位%03d", n+1), Kind: disclosure.UnitDepartment}
		group := "综合部门"
		switch {
		case n%5 < 2:
			u.Kind, group = disclosure.UnitLocality, "镇街"
		case n%5 == 2:
			group = "执法部门"
		}
		u.Years = []disclosure.UnitYear{{From: 2000, Group: group, Scope: disclosure.ScopeAgency, Counted: true}}
		d.units = append(d.units, u)
		d.live(&d.units[n], group)
	}
	for _, p := range strangePlantings {
		for range p.times {
			d.plantOne(p)
		}
	}
	return d
}

// live gives a unit its years.
func (d *district) live(u *disclosure.Unit, group string) {
	first := strangersLast - disclosure.Year(2+d.rng.IntN(6))
	levels := map[disclosure.Code]float64{}
	if group == "执法部门" || d.rng.Float64() < 0.35 {
		levels["T2_LICENSE_DECISIONS"] = math.Exp(3.5 + 4.5*d.rng.Float64())
		levels["T2_PENALTY_DECISIONS"] = math.Exp(2 + 5*d.rng.Float64())
	}
	if group == "执法部门" && d.rng.Float64() < 0.5 {
		levels["T2_COERCION_DECISIONS"] = math.Exp(2 + 3*d.rng.Float64())
	}
	if d.rng.Float64() < 0.2 {
		levels["T2_FEE_AMOUNT_WAN"] = math.Exp(1.5 + 4.5*d.rng.Float64())
	}
	swing, drift := 0.08+0.27*d.rng.Float64(), 0.12*d.rng.NormFloat64()
	applications := []float64{0.4, 2, 9, 28, 90}[[]int{0, 0, 0, 1, 1, 1, 2, 2, 3, 4}[d.rng.IntN(10)]]
	habit := d.habits()
	stock := math.Round(40 * d.rng.Float64())
	persistence := 0.0
	for y := first; y <= strangersLast; y++ {
		r := &anomaly.Report{Unit: u.Number, Year: y, Scope: disclosure.ScopeAgency, Approved: true, Figures: make([]float64, len(anomaly.Codes()))}
		for i, c := range anomaly.Codes() {
			def, _ := disclosure.NationalForm("2021").Cell(c)
			if def.Alternate || y < 2021 && def.Table.Key == "T2" {
				r.Figures[i] = math.NaN() // the form of 2019 counted other things
			}
		}
		persistence = 0.5*persistence + swing*d.rng.NormFloat64()
		for _, c := range []disclosure.Code{"T2_LICENSE_DECISIONS", "T2_PENALTY_DECISIONS", "T2_COERCION_DECISIONS", "T2_FEE_AMOUNT_WAN"} {
			add(r, levels[c], c)
			scale(r, c, math.Exp(drift*float64(y-first)+persistence+0.1*d.rng.NormFloat64()))
		}
		issued, repealed := d.poisson(1.2), math.Min(stock, d.poisson(0.6))
		stock += issued - repealed
		add(r, issued, "T2_NORM_ISSUED")
		add(r, repealed, "T2_NORM_REPEALED")
		add(r, stock, "T2_NORM_IN_FORCE")
		d.apply(r, d.poisson(applications*math.Exp(0.35*d.rng.NormFloat64())), habit)
		d.reports[u.Number] = append(d.reports[u.Number], r)
	}
}

// strangeRows are the outcomes that strangers' applications have.
var strangeRows = []string{"GRANTED", "UNAVAIL_NOT_HELD", "PARTIAL", "REJECT_PETITION", "DENY_THIRD_PARTY", "DENY_INTERNAL_AFFAIRS", "OTHER_NO_CORRECTION"}

// habits are a unit's shares of outcomes.
func (d *district) habits() []float64 {
	shares := []float64{4, 3, 1, 0.7, 0.4, 0.4, 0.5}
	total := 0.0
	for i := range shares {
		shares[i] *= math.Exp(0.5 * d.rng.NormFloat64())
		total += shares[i]
	}
	for i := range shares {
		shares[i] /= total
	}
	return shares
}

// apply adds applications with outcomes by habit, a year's own mood over it,
// and the disputes that come of them.
func (d *district) apply(r *anomaly.Report, n float64, habit []float64) {
	mood := make([]float64, len(habit))
	total := 0.0
	for i, h := range habit {
		mood[i] = h * math.Exp(0.25*d.rng.NormFloat64())
		total += mood[i]
	}
	for range int(n) {
		at := d.rng.Float64() * total
		row := 0
		for at > mood[row] && row < len(mood)-1 {
			at -= mood[row]
			row++
		}
		col := "NP"
		switch by := d.rng.Float64(); {
		case by > 0.95:
			col = "LAW"
		case by > 0.85:
			col = "BIZ"
		}
		for _, key := range []string{"NEW_RECEIVED", "RESULT_TOTAL", strangeRows[row]} {
			add(r, 1, disclosure.Code("T3_"+key+"_"+col), disclosure.Code("T3_"+key+"_TOT"))
		}
	}
	for range int(d.poisson(0.07 * n)) {
		outcome := []string{"UPHELD", "UPHELD", "CORRECTED", "OTHER"}[d.rng.IntN(4)]
		add(r, 1, disclosure.Code("T4_REV_"+outcome), "T4_REV_TOTAL")
	}
}

// poisson draws a count; a large mean is drawn as a normal.
func (d *district) poisson(mean float64) float64 {
	if mean > 50 {
		return math.Max(0, math.Round(mean+math.Sqrt(mean)*d.rng.NormFloat64()))
	}
	limit, product, n := math.Exp(-mean), 1.0, -1.0
	for product > limit {
		product *= d.rng.Float64()
		n++
	}
	return n
}

// typed replaces a figure by what a slip of the hand makes of it.
func typed(c disclosure.Code, slip func(float64) float64) func(*district, []*anomaly.Report, int) []disclosure.Code {
	return func(_ *district, rs []*anomaly.Report, i int) []disclosure.Code {
		put(rs[i], c, slip(value(rs[i], c)))
		return []disclosure.Code{c}
	}
}

// slipped: the figure stood at a level in at least two other years, and the
// slip takes it so many times away from there.
func slipped(c disclosure.Code, least, times float64, slip func(float64) float64) func(*disclosure.Unit, []*anomaly.Report, int) bool {
	return func(_ *disclosure.Unit, rs []*anomaly.Report, i int) bool {
		level := usual(rs, i, c)
		wrong := slip(value(rs[i], c))
		return level >= least && value(rs[i], c) >= least && (wrong >= level*times || wrong <= level/times)
	}
}

// usual is the median of the other years; 0 when there are fewer than two.
func usual(rs []*anomaly.Report, i int, c disclosure.Code) float64 {
	var values []float64
	for k, r := range rs {
		if v := r.Figures[at(c)]; k != i && !math.IsNaN(v) {
			values = append(values, v)
		}
	}
	if len(values) < 2 {
		return 0
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func tenfold(v float64) float64 { return v * 10 }
func tenth(v float64) float64   { return math.Round(v / 10) }
func nothing(float64) float64   { return 0 }

// transposed exchanges the first two digits that differ: 1937 -> 9137.
func transposed(v float64) float64 {
	digits := []byte(strconv.FormatFloat(v, 'f', -1, 64))
	for i := 1; i < len(digits); i++ {
		if digits[0] != digits[i] && digits[i] != '.' {
			digits[0], digits[i] = digits[i], digits[0]
			break
		}
	}
	out, _ := strconv.ParseFloat(string(digits), 64)
	return out
}

// twice types a number two times: 55 -> 5555.
func twice(v float64) float64 {
	text := strconv.FormatFloat(v, 'f', 0, 64)
	out, _ := strconv.ParseFloat(text+text, 64)
	return out
}

// exchange swaps two rows, or two columns, of table 三 wherever either stands.
func exchange(along func(disclosure.CellDef) string, a, b string, name func(def disclosure.CellDef, key string) disclosure.Code) func(*district, []*anomaly.Report, int) []disclosure.Code {
	return func(_ *district, rs []*anomaly.Report, i int) []disclosure.Code {
		var codes []disclosure.Code
		for p, c := range anomaly.Codes() {
			def, _ := disclosure.NationalForm("2021").Cell(c)
			if def.Table.Key != "T3" || def.Alternate || along(def) != a {
				continue
			}
			other := at(name(def, b))
			if f := rs[i].Figures; f[p] != f[other] {
				f[p], f[other] = f[other], f[p]
				codes = append(codes, c, anomaly.Codes()[other])
			}
		}
		return codes
	}
}

// lopsided: enough cases, and clearly more of them in one of the two, in this
// year and in the others together: else an exchange is nothing to be seen.
func lopsided(a, b disclosure.Code) func(*disclosure.Unit, []*anomaly.Report, int) bool {
	return func(_ *disclosure.Unit, rs []*anomaly.Report, i int) bool {
		total := value(rs[i], "T3_RESULT_TOTAL_TOT")
		apart := (value(rs[i], a) - value(rs[i], b)) / total
		var others, cases float64
		for k, r := range rs {
			if k != i {
				others, cases = others+value(r, a)-value(r, b), cases+value(r, "T3_RESULT_TOTAL_TOT")
			}
		}
		return len(rs) >= 3 && total >= 22 && cases >= 40 && math.Abs(apart) >= 0.4 && apart*others > 0 && math.Abs(others)/cases >= 0.3
	}
}

// copiedYear: last year's report holds enough that nobody repeats it by chance.
func copiedYear(_ *disclosure.Unit, rs []*anomaly.Report, i int) bool {
	return i >= 1 && !math.IsNaN(rs[i-1].Figures[at("T2_NORM_IN_FORCE")]) && flowsAbove(rs[i-1], 8) >= 4
}

var strangePlantings = []planting{
	{name: "收费误以元填写", kind: anomaly.Jump, times: 2, fits: slipped("T2_FEE_AMOUNT_WAN", 1, 5, func(v float64) float64 { return v * 1e4 }), do: typed("T2_FEE_AMOUNT_WAN", func(v float64) float64 { return math.Round(v * 1e4) })},
	{name: "收费误以亿元填写", kind: anomaly.Jump, times: 1, fits: slipped("T2_FEE_AMOUNT_WAN", 30, 5, func(v float64) float64 { return v / 1e4 }), do: typed("T2_FEE_AMOUNT_WAN", func(v float64) float64 { return math.Round(v) / 1e4 })},
	{name: "强制多一位", kind: anomaly.Jump, times: 1, fits: slipped("T2_COERCION_DECISIONS", 20, 5, tenfold), do: typed("T2_COERCION_DECISIONS", tenfold)},
	{name: "许可多一位", kind: anomaly.Jump, times: 2, fits: slipped("T2_LICENSE_DECISIONS", 30, 5, tenfold), do: typed("T2_LICENSE_DECISIONS", tenfold)},
	{name: "处罚少一位", kind: anomaly.Jump, times: 2, fits: slipped("T2_PENALTY_DECISIONS", 120, 5, tenth), do: typed("T2_PENALTY_DECISIONS", tenth)},
	{name: "许可填成0", kind: anomaly.Jump, times: 2, fits: slipped("T2_LICENSE_DECISIONS", 120, 5, nothing), do: typed("T2_LICENSE_DECISIONS", nothing)},
	{name: "许可数字颠倒", kind: anomaly.Jump, times: 2, fits: slipped("T2_LICENSE_DECISIONS", 30, 4, transposed), do: typed("T2_LICENSE_DECISIONS", transposed)},
	{name: "处罚重复录入", kind: anomaly.Jump, times: 2, fits: slipped("T2_PENALTY_DECISIONS", 10, 5, twice), do: typed("T2_PENALTY_DECISIONS", twice)},
	{name: "许可与处罚互换", kind: anomaly.Jump, times: 2, fits: func(_ *disclosure.Unit, rs []*anomaly.Report, i int) bool {
		l, p := usual(rs, i, "T2_LICENSE_DECISIONS"), usual(rs, i, "T2_PENALTY_DECISIONS")
		return l >= 20 && p >= 20 && max(l, p) >= 5*min(l, p) && max(l, p) >= 150 && value(rs[i], "T2_LICENSE_DECISIONS") > 0
	}, do: func(_ *district, rs []*anomaly.Report, i int) []disclosure.Code {
		l, p := value(rs[i], "T2_LICENSE_DECISIONS"), value(rs[i], "T2_PENALTY_DECISIONS")
		put(rs[i], "T2_LICENSE_DECISIONS", p)
		put(rs[i], "T2_PENALTY_DECISIONS", l)
		return []disclosure.Code{"T2_LICENSE_DECISIONS", "T2_PENALTY_DECISIONS"}
	}},
	{name: "制发与有效互换", kind: anomaly.History, times: 2, fits: func(_ *disclosure.Unit, rs []*anomaly.Report, i int) bool {
		return usual(rs, i, "T2_NORM_IN_FORCE") >= 25 && value(rs[i], "T2_NORM_IN_FORCE") >= 25
	}, do: func(_ *district, rs []*anomaly.Report, i int) []disclosure.Code {
		a, b := value(rs[i], "T2_NORM_ISSUED"), value(rs[i], "T2_NORM_IN_FORCE")
		put(rs[i], "T2_NORM_ISSUED", b)
		put(rs[i], "T2_NORM_IN_FORCE", a)
		return []disclosure.Code{"T2_NORM_ISSUED", "T2_NORM_IN_FORCE"}
	}},
	{name: "有效文件陡增", kind: anomaly.Jump, times: 3, fits: func(u *disclosure.Unit, rs []*anomaly.Report, i int) bool {
		return usual(rs, i, "T2_NORM_IN_FORCE") >= 3 && i > 0 && !math.IsNaN(rs[i-1].Figures[at("T2_NORM_IN_FORCE")])
	}, do: func(d *district, rs []*anomaly.Report, i int) []disclosure.Code {
		v := value(rs[i], "T2_NORM_IN_FORCE")
		put(rs[i], "T2_NORM_IN_FORCE", v+math.Round(max(60, v*d.between(3, 6))))
		return []disclosure.Code{"T2_NORM_IN_FORCE"}
	}},
	{name: "申请表整体多一位", kind: anomaly.History, times: 3, fits: slipped("T3_NEW_RECEIVED_TOT", 5, 5, tenfold), do: func(_ *district, rs []*anomaly.Report, i int) []disclosure.Code {
		for p, c := range anomaly.Codes() {
			if c[:2] == "T3" {
				rs[i].Figures[p] *= 10
			}
		}
		return applicationCodes
	}},
	{name: "申请表填成0", kind: anomaly.History, times: 2, fits: slipped("T3_NEW_RECEIVED_TOT", 25, 5, nothing), do: func(_ *district, rs []*anomaly.Report, i int) []disclosure.Code {
		for p, c := range anomaly.Codes() {
			if c[:2] == "T3" && !math.IsNaN(rs[i].Figures[p]) {
				rs[i].Figures[p] = 0
			}
		}
		return applicationCodes
	}},
	{name: "复议陡增", kind: anomaly.History, times: 2, fits: func(_ *disclosure.Unit, rs []*anomaly.Report, i int) bool { return len(rs) >= 3 }, do: func(d *district, rs []*anomaly.Report, i int) []disclosure.Code {
		add(rs[i], math.Round(d.between(35, 80)), "T4_REV_OTHER", "T4_REV_TOTAL")
		return []disclosure.Code{"T4_REV_OTHER", "T4_REV_TOTAL"}
	}},
	{name: "公开与不掌握互换", kind: anomaly.Mix, times: 2, fits: lopsided("T3_GRANTED_TOT", "T3_UNAVAIL_NOT_HELD_TOT"), do: exchange(func(def disclosure.CellDef) string { return def.Row.Key }, "GRANTED", "UNAVAIL_NOT_HELD",
		func(def disclosure.CellDef, key string) disclosure.Code { return def.Table.Code(key, def.Column.Key) })},
	{name: "自然人与企业互换", kind: anomaly.Mix, times: 2, fits: lopsided("T3_RESULT_TOTAL_NP", "T3_RESULT_TOTAL_BIZ"), do: exchange(func(def disclosure.CellDef) string { return def.Column.Key }, "NP", "BIZ",
		func(def disclosure.CellDef, key string) disclosure.Code { return def.Table.Code(def.Row.Key, key) })},
	{name: "上年的表照抄", kind: anomaly.Persistence, times: 4, fits: copiedYear, do: func(_ *district, rs []*anomaly.Report, i int) []disclosure.Code {
		rs[i].Figures = slices.Clone(rs[i-1].Figures)
		return nonZero(rs[i])
	}},
}
