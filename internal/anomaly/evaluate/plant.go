package evaluate

import (
	"math"
	"slices"

	"mingjing/internal/anomaly"
	"mingjing/internal/disclosure"
)

// fault is one planted fault.
type fault struct {
	unit disclosure.UnitNumber
	year disclosure.Year // in which it has to be found
	// It shows from since until: a table that is filed a third time was filed a
	// second time before, and a row that is always wrong is wrong in any year.
	since, until disclosure.Year
	name         string
	kind         anomaly.Kind // "" where rules, and not anomalies, have to find it
	codes        []disclosure.Code
	// slight faults are of a size that a person might pass over. They are
	// planted and counted, but the aims are not held against them.
	slight bool
}

// standingOut is how many times the median of the unit's other years a multiplied
// count must be, to be a fault that a person would call one: 5 times a poor
// year may look like a good one.
const standingOut = 3.0

// planting is one way to go wrong: how often it is planted in a district, which
// report it can befall, and what it does.
type planting struct {
	name   string
	kind   anomaly.Kind
	times  int
	slight bool
	// multiplied is the count that is several times too large: the fault is
	// slight where it then does not stand out from the other years. nil for faults
	// that are told otherwise.
	multiplied func(*anomaly.Report) disclosure.Code
	// seen and after are for how many years before and after it shows too.
	seen, after disclosure.Year
	// fits says whether the fault can stand in the i-th report of a unit; do
	// puts it there and returns the figures it changed.
	fits func(u *disclosure.Unit, reports []*anomaly.Report, i int) bool
	do   func(d *district, reports []*anomaly.Report, i int) []disclosure.Code
}

// The plantings. Sizes are those of faults found in published reports: a count
// typed with a digit too many or too few, a cumulative number for a yearly one
// (66 -> 372), 元 in a cell of 万元, a wrong row or column, last year's table. What fits the fewest
// units stands first.
var plantings = []planting{
	{name: "收费以元填写", kind: anomaly.Jump, times: 1, fits: usually("T2_FEE_AMOUNT_WAN", 1), do: func(d *district, rs []*anomaly.Report, i int) []disclosure.Code {
		scale(rs[i], "T2_FEE_AMOUNT_WAN", 10_000)
		return []disclosure.Code{"T2_FEE_AMOUNT_WAN"}
	}},
	{name: "许可、处罚数少一位", kind: anomaly.Jump, times: 1, fits: volume(120), do: func(d *district, rs []*anomaly.Report, i int) []disclosure.Code {
		c := largestVolume(rs[i])
		scale(rs[i], c, 0.1)
		return []disclosure.Code{c}
	}},
	{name: "许可、处罚漏填为0", kind: anomaly.Jump, times: 1, fits: volume(120), do: func(d *district, rs []*anomaly.Report, i int) []disclosure.Code {
		c := largestVolume(rs[i])
		put(rs[i], c, 0)
		return []disclosure.Code{c}
	}},
	{name: "许可、处罚数偏多(2—3倍)", kind: anomaly.Jump, times: 1, slight: true, fits: volume(30), do: func(d *district, rs []*anomaly.Report, i int) []disclosure.Code {
		c := largestVolume(rs[i])
		scale(rs[i], c, d.between(2, 3))
		return []disclosure.Code{c}
	}},
	{name: "许可、处罚数多填(4—6倍)", kind: anomaly.Jump, times: 2, multiplied: largestVolume, fits: volume(30), do: func(d *district, rs []*anomaly.Report, i int) []disclosure.Code {
		c := largestVolume(rs[i])
		scale(rs[i], c, d.between(4, 6))
		return []disclosure.Code{c}
	}},
	{name: "许可、处罚数多一位", kind: anomaly.Jump, times: 3, fits: volume(30), do: func(d *district, rs []*anomaly.Report, i int) []disclosure.Code {
		c := largestVolume(rs[i])
		scale(rs[i], c, d.between(8, 18))
		return []disclosure.Code{c}
	}},
	{name: "申请数多填", kind: anomaly.History, times: 4, fits: anyReport, do: func(d *district, rs []*anomaly.Report, i int) []disclosure.Code {
		n := value(rs[i], "T3_NEW_RECEIVED_TOT")
		d.application(rs[i], max(math.Round(n*d.between(5, 9)), math.Round(d.between(35, 80))), "GRANTED")
		return applicationCodes
	}},
	{name: "申请漏填", kind: anomaly.History, times: 1, fits: usually("T3_NEW_RECEIVED_TOT", 25), do: func(d *district, rs []*anomaly.Report, i int) []disclosure.Code {
		for p, c := range anomaly.Codes() {
			if c[:2] == "T3" && !math.IsNaN(rs[i].Figures[p]) {
				rs[i].Figures[p] = 0
			}
		}
		return applicationCodes
	}},
	{name: "复议数多填", kind: anomaly.History, times: 2, fits: anyReport, do: func(d *district, rs []*anomaly.Report, i int) []disclosure.Code {
		add(rs[i], math.Round(d.between(30, 90)), "T4_REV_UPHELD", "T4_REV_TOTAL")
		return []disclosure.Code{"T4_REV_UPHELD", "T4_REV_TOTAL"}
	}},
	{name: "制发文件数多填", kind: anomaly.History, times: 2, fits: onForm2021, do: func(d *district, rs []*anomaly.Report, i int) []disclosure.Code {
		add(rs[i], math.Round(d.between(30, 120)), "T2_NORM_ISSUED", "T2_NORM_IN_FORCE")
		return []disclosure.Code{"T2_NORM_ISSUED", "T2_NORM_IN_FORCE"}
	}},
	{name: "有效文件填成累计数", kind: anomaly.Jump, times: 3, fits: onForm2021, do: func(d *district, rs []*anomaly.Report, i int) []disclosure.Code {
		v := value(rs[i], "T2_NORM_IN_FORCE")
		put(rs[i], "T2_NORM_IN_FORCE", max(math.Round(v*d.between(4, 8)), v+math.Round(d.between(40, 90))))
		return []disclosure.Code{"T2_NORM_IN_FORCE"}
	}},
	{name: "结果填错行", kind: anomaly.Mix, times: 2, fits: usually("T3_GRANTED_TOT", 18), do: func(d *district, rs []*anomaly.Report, i int) []disclosure.Code {
		d.move(rs[i], "GRANTED", "REJECT_DUPLICATE", 1)
		return []disclosure.Code{"T3_GRANTED_TOT", "T3_REJECT_DUPLICATE_TOT"}
	}},
	{name: "申请人填错列", kind: anomaly.Mix, times: 2, fits: usually("T3_NEW_RECEIVED_NP", 22), do: func(d *district, rs []*anomaly.Report, i int) []disclosure.Code {
		for p, c := range anomaly.Codes() {
			if def, _ := disclosure.NationalForm("2021").Cell(c); def.Table.Key == "T3" && def.Column.Key == "NP" {
				other := at(def.Table.Code(def.Row.Key, "LAW"))
				rs[i].Figures[p], rs[i].Figures[other] = rs[i].Figures[other], rs[i].Figures[p]
			}
		}
		return []disclosure.Code{"T3_NEW_RECEIVED_NP", "T3_NEW_RECEIVED_LAW"}
	}},
	{name: "历年都填错行", kind: anomaly.Peers, times: 2, seen: districtYears, after: districtYears, fits: func(u *disclosure.Unit, rs []*anomaly.Report, i int) bool {
		return u.Kind == disclosure.UnitLocality && value(rs[i], "T3_RESULT_TOTAL_TOT") >= 15
	}, do: func(d *district, rs []*anomaly.Report, _ int) []disclosure.Code {
		for _, r := range rs {
			for _, from := range append([]string{"GRANTED"}, habitRows...) {
				if from != "OTHER_MISC" {
					d.move(r, from, "OTHER_MISC", 1)
				}
			}
		}
		return []disclosure.Code{"T3_OTHER_MISC_TOT", "T3_GRANTED_TOT"}
	}},
	{name: "首次报送且多填", kind: anomaly.Peers, times: 2, fits: func(u *disclosure.Unit, rs []*anomaly.Report, i int) bool {
		return u.Kind == disclosure.UnitLocality && value(rs[i], "T3_NEW_RECEIVED_TOT") < 6
	}, do: func(d *district, rs []*anomaly.Report, i int) []disclosure.Code {
		d.application(rs[i], math.Round(d.between(450, 900)), "GRANTED")
		d.reports[rs[i].Unit] = []*anomaly.Report{rs[i]}
		return applicationCodes
	}},
	{name: "三年填同样的表", kind: anomaly.Persistence, times: 3, seen: 1, fits: func(u *disclosure.Unit, rs []*anomaly.Report, i int) bool {
		return i >= 2 && onForm2021(u, rs, i-2) && rs[i].Year-rs[i-2].Year == 2 && flowsAbove(rs[i-2], 4) >= 2
	}, do: func(d *district, rs []*anomaly.Report, i int) []disclosure.Code {
		rs[i-1].Figures, rs[i].Figures = slices.Clone(rs[i-2].Figures), slices.Clone(rs[i-2].Figures)
		return nonZero(rs[i])
	}},
	{name: "照填上年的表", kind: anomaly.Persistence, times: 1, fits: func(u *disclosure.Unit, rs []*anomaly.Report, i int) bool {
		return i >= 1 && onForm2021(u, rs, i-1) && rs[i].Year-rs[i-1].Year == 1 && flowsAbove(rs[i-1], 8) >= 4
	}, do: func(d *district, rs []*anomaly.Report, i int) []disclosure.Code {
		rs[i].Figures = slices.Clone(rs[i-1].Figures)
		return nonZero(rs[i])
	}},
	{name: "申请数多填(4—5倍)", kind: anomaly.History, times: 2, multiplied: received, fits: usually("T3_NEW_RECEIVED_TOT", 10), do: func(d *district, rs []*anomaly.Report, i int) []disclosure.Code {
		d.application(rs[i], math.Round(value(rs[i], "T3_NEW_RECEIVED_TOT")*d.between(3, 4)), "GRANTED")
		return applicationCodes
	}},
	{name: "申请数偏多(约2倍)", kind: anomaly.History, times: 2, slight: true, fits: usually("T3_NEW_RECEIVED_TOT", 10), do: func(d *district, rs []*anomaly.Report, i int) []disclosure.Code {
		d.application(rs[i], math.Round(value(rs[i], "T3_NEW_RECEIVED_TOT")*d.between(0.8, 1.6)), "GRANTED")
		return applicationCodes
	}},
}

var applicationCodes = []disclosure.Code{"T3_NEW_RECEIVED_NP", "T3_NEW_RECEIVED_TOT", "T3_GRANTED_NP", "T3_GRANTED_TOT", "T3_RESULT_TOTAL_NP", "T3_RESULT_TOTAL_TOT"}

// plant puts the list into the district: one fault a unit, in a year from the
// second of the 2021 form on.
func (d *district) plant() {
	for _, p := range plantings {
		for range p.times {
			d.plantOne(p)
		}
	}
}

func (d *district) plantOne(p planting) {
	for _, k := range d.rng.Perm(len(d.units)) {
		u := &d.units[k]
		reports := d.reports[u.Number]
		if d.taken[u.Number] || u.Kind == disclosure.UnitGovernment || len(u.Successors) > 0 || u.First != 0 && u.First > d.years[0] {
			continue
		}
		for _, i := range d.rng.Perm(len(reports)) {
			if reports[i].Year < firstTested || !p.fits(u, reports, i) {
				continue
			}
			d.taken[u.Number] = true
			year := reports[i].Year
			f := fault{unit: u.Number, year: year, since: year - p.seen, until: year + p.after, name: p.name, kind: p.kind, slight: p.slight, codes: p.do(d, reports, i)}
			if p.multiplied != nil {
				c := p.multiplied(reports[i])
				f.slight = value(reports[i], c) < standingOut*usual(reports, i, c)
			}
			d.planted = append(d.planted, f)
			return
		}
	}
}

// firstTested is the first year that is evaluated: the year before is the
// first on the 2021 form.
const firstTested disclosure.Year = 2022

func (d *district) between(low, high float64) float64 { return low + (high-low)*d.rng.Float64() }

func anyReport(*disclosure.Unit, []*anomaly.Report, int) bool { return true }

func onForm2021(_ *disclosure.Unit, rs []*anomaly.Report, i int) bool {
	return !math.IsNaN(rs[i].Figures[at("T2_NORM_IN_FORCE")])
}

// usually: the figure is at least so large in this and in three other years.
func usually(c disclosure.Code, least float64) func(*disclosure.Unit, []*anomaly.Report, int) bool {
	return func(_ *disclosure.Unit, rs []*anomaly.Report, i int) bool {
		n := 0
		for _, r := range rs {
			if value(r, c) >= least {
				n++
			}
		}
		return n >= 4 && value(rs[i], c) >= least
	}
}

// volume: the unit takes so many decisions of one sort, in three other years
// too.
func volume(least float64) func(*disclosure.Unit, []*anomaly.Report, int) bool {
	return func(u *disclosure.Unit, rs []*anomaly.Report, i int) bool {
		return usually(largestVolume(rs[i]), least)(u, rs, i)
	}
}

func largestVolume(r *anomaly.Report) disclosure.Code {
	return slices.MaxFunc(volumes, func(a, b disclosure.Code) int { return int(value(r, a) - value(r, b)) })
}

// flowsAbove counts figures of at least some size that may not repeat.
func flowsAbove(r *anomaly.Report, least float64) (n int) {
	for _, c := range []disclosure.Code{"T2_LICENSE_DECISIONS", "T2_PENALTY_DECISIONS", "T2_COERCION_DECISIONS", "T2_FEE_AMOUNT_WAN",
		"T3_GRANTED_NP", "T3_UNAVAIL_NOT_HELD_NP", "T3_PARTIAL_NP", "T3_OTHER_MISC_NP", "T4_REV_UPHELD"} {
		if value(r, c) >= least {
			n++
		}
	}
	return n
}

func received(*anomaly.Report) disclosure.Code { return "T3_NEW_RECEIVED_TOT" }

func nonZero(r *anomaly.Report) (out []disclosure.Code) {
	for i, c := range anomaly.Codes() {
		if r.Figures[i] > 0 {
			out = append(out, c)
		}
	}
	return out
}
