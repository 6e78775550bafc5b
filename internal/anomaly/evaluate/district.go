// Package evaluate measures how well anomalies are found: in generated
// districts, made as restless as real ones, faults of known kind and size are
// planted, and what a scan finds is held against the list, beside what the two
// methods of DHIS2 find in the same data.
package evaluate

import (
	"math"
	"math/rand/v2"
	"slices"

	"mingjing/internal/anomaly"
	"mingjing/internal/demo"
	"mingjing/internal/disclosure"
)

// Size of a district that is evaluated.
const (
	districtUnits = 120
	districtYears = 6
)

// district is a generated district's figures, with what was planted.
type district struct {
	units   []disclosure.Unit
	years   []disclosure.Year
	reports map[disclosure.UnitNumber][]*anomaly.Report // oldest first
	planted []fault
	rng     *rand.Rand
	// taken units have a fault already: one a unit, so that each is found, or
	// missed, by itself.
	taken map[disclosure.UnitNumber]bool
}

// generate makes the district of a seed: the demonstration district, then what
// restless years do to it, then faults. The same seed gives the same district.
func generate(seed uint64) *district {
	source := demo.Generate(demo.Spec{Units: districtUnits, Years: districtYears, Seed: seed})
	d := &district{units: slices.Collect(source.Units()), years: source.Years(), reports: map[disclosure.UnitNumber][]*anomaly.Report{},
		rng: rand.New(rand.NewPCG(seed, 0x616e6f6d)), taken: map[disclosure.UnitNumber]bool{}}
	for f := range source.Reports() {
		r := f.Report
		d.reports[f.Unit] = append(d.reports[f.Unit], &anomaly.Report{Unit: f.Unit, Year: r.Year(), Scope: r.Scope, Approved: true,
			Figures: anomaly.FiguresOf(r.Cells)})
	}
	for _, a := range source.Answers() {
		d.adopt(a)
	}
	for i := range d.units {
		if u := &d.units[i]; !d.taken[u.Number] && u.Kind != disclosure.UnitGovernment {
			d.unsettle(u)
		}
	}
	d.plant()
	return d
}

// adopt takes over a fault of the demonstration district. Those that rules
// find are no anomalies to be found, and none to be blamed for either.
func (d *district) adopt(a demo.Fault) {
	d.taken[a.Unit] = true
	f := fault{unit: a.Unit, year: a.Year, since: a.Year, until: a.Year, name: a.Kind, codes: a.Codes}
	switch a.Kind {
	case "有效文件突增", "许可数量异常":
		f.kind = anomaly.Jump
	case "数据三年雷同":
		f.kind, f.since = anomaly.Persistence, a.Year-1
	}
	d.planted = append(d.planted, f)
}

// unsettle makes a unit's years as uneven as real ones: volumes swing and step
// up or down with reforms, documents are cleaned up, applications come in
// bursts, and each unit has its own habit of answering. None of it is a fault.
func (d *district) unsettle(u *disclosure.Unit) {
	swing := 0.05 + 0.4*d.rng.Float64()
	step, stepYear := 1.0, d.years[d.rng.IntN(len(d.years))]
	if d.rng.Float64() < 0.25 {
		step = math.Exp((d.rng.Float64()*2 - 1) * math.Log(2.5))
	}
	burst := d.years[d.rng.IntN(len(d.years))]
	cleaned := d.years[d.rng.IntN(len(d.years))]
	if d.rng.Float64() > 0.2 {
		cleaned = 0
	}
	if u.Kind == disclosure.UnitLocality && d.rng.Float64() < 0.5 {
		d.makeBusy(u, 8+40*d.rng.Float64())
	}
	habit, strength := habitRows[d.rng.IntN(len(habitRows))], 0.5*d.rng.Float64()
	fee := 0.0
	if d.rng.Float64() < 0.1 {
		fee = 5 * math.Exp(4*d.rng.Float64())
	}
	cut := 0.0
	for _, r := range d.reports[u.Number] {
		level := math.Exp(swing * d.rng.NormFloat64())
		if r.Year >= stepYear {
			level *= step
		}
		for _, c := range volumes {
			scale(r, c, level*math.Exp(0.1*d.rng.NormFloat64()))
		}
		add(r, fee, "T2_FEE_AMOUNT_WAN")
		scale(r, "T2_FEE_AMOUNT_WAN", level)
		if r.Year == burst {
			d.more(r, int(value(r, "T3_NEW_RECEIVED_TOT")*d.rng.Float64()+3*d.rng.Float64()))
		}
		stock := value(r, "T2_NORM_IN_FORCE")
		if r.Year == cleaned && stock >= 6 {
			cut = math.Round(stock * 0.4)
			put(r, "T2_NORM_REPEALED", value(r, "T2_NORM_REPEALED")+cut)
		}
		if stock >= cut {
			put(r, "T2_NORM_IN_FORCE", stock-cut)
		}
		d.move(r, "GRANTED", habit, strength*(0.6+0.8*d.rng.Float64()))
	}
}

var volumes = []disclosure.Code{"T2_LICENSE_DECISIONS", "T2_PENALTY_DECISIONS", "T2_COERCION_DECISIONS"}

// habitRows are what some units answer more often than others.
var habitRows = []string{"UNAVAIL_NOT_HELD", "PARTIAL", "DENY_INTERNAL_AFFAIRS", "DENY_ADMIN_QUERY", "REJECT_PETITION", "OTHER_MISC"}

// makeBusy gives a unit some applications every year, with the outcomes that
// most units have and as many disputes.
func (d *district) makeBusy(u *disclosure.Unit, level float64) {
	for _, r := range d.reports[u.Number] {
		n := int(math.Round(level * math.Exp(0.3*d.rng.NormFloat64())))
		for i := range r.Figures {
			if code := anomaly.Codes()[i]; code[:2] == "T3" && !math.IsNaN(r.Figures[i]) {
				r.Figures[i] = 0
			}
		}
		d.more(r, n)
		for range n {
			if d.rng.Float64() < 0.1 {
				add(r, 1, "T4_REV_TOTAL", "T4_REV_UPHELD")
			}
		}
	}
}

// more adds applications that balance: received, closed, each with an outcome.
func (d *district) more(r *anomaly.Report, n int) {
	for range n {
		row := "GRANTED"
		if at := d.rng.Float64(); at > 0.85 {
			row = habitRows[d.rng.IntN(len(habitRows))]
		} else if at > 0.55 {
			row = "UNAVAIL_NOT_HELD"
		}
		d.application(r, 1, row)
	}
}

// application adds closed applications of natural persons with one outcome.
func (d *district) application(r *anomaly.Report, n float64, row string) {
	for _, col := range []string{"NP", "TOT"} {
		for _, of := range []string{"NEW_RECEIVED", "RESULT_TOTAL", row} {
			add(r, n, disclosure.Code("T3_"+of+"_"+col))
		}
	}
}

// move shifts part of a row's cases to another row, in every column.
func (d *district) move(r *anomaly.Report, from, to string, part float64) {
	var moved float64
	for _, col := range []string{"NP", "BIZ", "RES", "NPO", "LAW", "OTH"} {
		n := math.Round(value(r, disclosure.Code("T3_"+from+"_"+col)) * min(part, 1))
		add(r, -n, disclosure.Code("T3_"+from+"_"+col))
		add(r, n, disclosure.Code("T3_"+to+"_"+col))
		moved += n
	}
	add(r, -moved, disclosure.Code("T3_"+from+"_TOT"))
	add(r, moved, disclosure.Code("T3_"+to+"_TOT"))
}

// at is the place of a code in a report's figures.
func at(c disclosure.Code) int {
	i := slices.Index(anomaly.Codes(), c)
	if i < 0 {
		panic("evaluate: no cell " + string(c))
	}
	return i
}

// value is a figure, 0 where there is no number.
func value(r *anomaly.Report, c disclosure.Code) float64 {
	if v := r.Figures[at(c)]; !math.IsNaN(v) {
		return v
	}
	return 0
}

func put(r *anomaly.Report, c disclosure.Code, v float64) {
	if !math.IsNaN(r.Figures[at(c)]) {
		r.Figures[at(c)] = v
	}
}

func add(r *anomaly.Report, n float64, codes ...disclosure.Code) {
	for _, c := range codes {
		put(r, c, value(r, c)+n)
	}
}

// scale multiplies a count, or an amount of money to the yuan.
func scale(r *anomaly.Report, c disclosure.Code, by float64) {
	v := value(r, c) * by
	if c == "T2_FEE_AMOUNT_WAN" {
		put(r, c, math.Round(v*1e4)/1e4)
		return
	}
	put(r, c, math.Round(v))
}
