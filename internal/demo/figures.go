package demo

import (
	"math"
	"math/rand/v2"
	"slices"

	"mingjing/internal/disclosure"
)

// figures are one report's numbers under the codes of both national forms, so
// that a year can be printed on either. Amounts of money are in 1/10000.
type figures map[disclosure.Code]int64

// applicants and their share of applications: people ask, companies sometimes.
var (
	applicants = []string{"NP", "BIZ", "RES", "NPO", "LAW", "OTH"}
	applicant  = []float64{0.90, 0.06, 0.002, 0.005, 0.02, 0.013}
)

// outcomes with their share of closed applications.
var outcomes = []struct {
	row   string
	share float64
}{
	{"GRANTED", 0.41}, {"PARTIAL", 0.09}, {"DENY_STATE_SECRET", 0.002}, {"DENY_LAW_PROHIBIT", 0.006}, {"DENY_SECURITY_STABILITY", 0.002},
	{"DENY_THIRD_PARTY", 0.02}, {"DENY_INTERNAL_AFFAIRS", 0.02}, {"DENY_PROCESS_INFO", 0.02}, {"DENY_ENFORCE_FILE", 0.015},
	{"DENY_ADMIN_QUERY", 0.03}, {"UNAVAIL_NOT_HELD", 0.22}, {"UNAVAIL_NEED_CREATE", 0.02}, {"UNAVAIL_UNCLEAR", 0.012},
	{"REJECT_PETITION", 0.035}, {"REJECT_DUPLICATE", 0.02}, {"REJECT_PUBLICATION", 0.001}, {"REJECT_EXCESSIVE", 0.001},
	{"REJECT_RECONFIRM", 0.008}, {"OTHER_NO_CORRECTION", 0.03}, {"OTHER_NO_FEE", 0.002}, {"OTHER_MISC", 0.038},
}

var mergedRows = []string{"OTHER_NO_CORRECTION", "OTHER_NO_FEE", "OTHER_MISC"}

// disputes are the groups of table four with their outcomes' shares, and how
// many of 100 closed applications end there. From 2024 on most refusals must
// go to review before court (行政复议法, 2023 revision).
var disputes = []struct {
	group         string
	before, after float64
	share         [4]float64
}{
	{"REV", 5, 11, [4]float64{0.62, 0.08, 0.18, 0.12}},
	{"LITD", 3.5, 0.4, [4]float64{0.5, 0.05, 0.2, 0.25}},
	{"LITR", 1.8, 0.9, [4]float64{0.55, 0.04, 0.16, 0.25}},
}

var disputeOutcomes = []string{"UPHELD", "CORRECTED", "OTHER", "PENDING"}

const reviewFirst = disclosure.Year(2024)

// state is what a unit takes from one year into the next.
type state struct {
	carried  map[string]int64 // by applicant
	pending  map[string]int64 // by group of table four
	inForce  int64
	licenses float64
	penalty  float64
	coercion float64
	fee      float64
	items    int64 // 项目数量 of the 2019 form
}

// simulate fills history. A renamed unit hands its state to its successor; the
// government's figures are the sum of the counted units'.
func (a *area) simulate() {
	a.history = make([][]figures, len(a.bodies))
	states := make([]*state, len(a.bodies))
	for i := range a.bodies {
		a.history[i] = make([]figures, len(a.years))
		if a.bodies[i].role == roleGovernment {
			continue
		}
		rng := a.random(a.bodies[i].unit.Number, forFigures)
		level := a.bodies[i].load.low + rng.Float64()*(a.bodies[i].load.high-a.bodies[i].load.low)
		states[i] = a.inherited(i, states)
		if states[i] == nil {
			states[i] = opening(&a.bodies[i])
		}
		for y, year := range a.years {
			if a.bodies[i].unit.ReportsIn(year) {
				a.history[i][y] = a.bodies[i].year(year, level, states[i], rng)
				level *= 0.9 + 0.25*rng.Float64()
			}
		}
	}
	for i := range a.bodies {
		a.distort(i)
	}
	for i := range a.bodies {
		if a.bodies[i].role == roleGovernment {
			a.consolidate(i)
		}
	}
}

// inherited is the state of the unit that was renamed into unit i.
func (a *area) inherited(i int, states []*state) *state {
	for j := range i {
		u := &a.bodies[j]
		if u.role == roleDepartment && u.department.name == renamedFrom && slices.Contains(u.unit.Successors, a.bodies[i].unit.Number) {
			return states[j]
		}
	}
	return nil
}

func opening(b *body) *state {
	d := b.department
	s := &state{carried: map[string]int64{}, pending: map[string]int64{}, inForce: int64(d.documents), items: d.licenses / 20,
		licenses: float64(d.licenses), penalty: float64(d.penalties), coercion: float64(d.coercions), fee: float64(d.fee)}
	if b.quiet {
		s.inForce = 0
	}
	return s
}

// consolidate adds up what the counted units filed in truth, by year.
func (a *area) consolidate(government int) {
	for y, year := range a.years {
		sum := figures{}
		for i := range a.bodies {
			b := &a.bodies[i]
			if i == government || !b.unit.In(year).Counted || a.silent(i, y) {
				continue
			}
			for code, v := range a.history[i][y] {
				sum[code] += v
			}
		}
		a.history[government][y] = sum
	}
}

func (b *body) year(year disclosure.Year, level float64, s *state, rng *rand.Rand) figures {
	f := figures{}
	b.applications(f, level, s, rng)
	b.disputes(f, year, s, rng)
	b.disclosed(f, s, rng)
	return f
}

// applications fills table three so that every column balances.
func (b *body) applications(f figures, level float64, s *state, rng *rand.Rand) {
	received := spread(poisson(level, rng), applicant, rng)
	shares := make([]float64, len(outcomes))
	for i, o := range outcomes {
		shares[i] = o.share
	}
	put := func(row, col string, n int64) {
		f[disclosure.Code("T3_"+row+"_"+col)] += n
		f[disclosure.Code("T3_"+row+"_TOT")] += n
	}
	for c, col := range applicants {
		pool := received[c] + s.carried[col]
		var out int64
		if !b.quiet {
			for range pool {
				if rng.Float64() < 0.07 {
					out++
				}
			}
		}
		put("NEW_RECEIVED", col, received[c])
		put("CARRIED_IN", col, s.carried[col])
		put("RESULT_TOTAL", col, pool-out)
		put("CARRIED_OUT", col, out)
		for i, n := range spread(pool-out, shares, rng) {
			put(outcomes[i].row, col, n)
		}
		s.carried[col] = out
	}
}

// disputes fills table four: last year's open cases are among this year's.
func (b *body) disputes(f figures, year disclosure.Year, s *state, rng *rand.Rand) {
	closed := float64(f["T3_RESULT_TOTAL_TOT"])
	for _, d := range disputes {
		rate := d.before
		if year >= reviewFirst {
			rate = d.after
		}
		cases := s.pending[d.group]
		if !b.quiet {
			cases += poisson(closed*rate/100, rng)
		}
		for i, n := range spread(cases, d.share[:], rng) {
			f[disclosure.Code("T4_"+d.group+"_"+disputeOutcomes[i])] = n
		}
		f[disclosure.Code("T4_"+d.group+"_TOTAL")] = cases
		s.pending[d.group] = f[disclosure.Code("T4_"+d.group+"_PENDING")]
	}
}

// disclosed fills table two on both forms.
func (b *body) disclosed(f figures, s *state, rng *rand.Rand) {
	var issued, repealed int64
	if b.department.documents > 0 && !b.quiet {
		issued = poisson(float64(b.department.documents)/12, rng)
		repealed = min(poisson(float64(b.department.documents)/14, rng), s.inForce)
	}
	s.inForce += issued - repealed
	f["T2_NORM_ISSUED"], f["T2_NORM_REPEALED"], f["T2_NORM_IN_FORCE"] = issued, repealed, s.inForce
	f["T2_19_NORM_MADE"], f["T2_19_NORM_PUBLISHED"], f["T2_19_NORM_PUBLIC_TOTAL"] = issued, issued, s.inForce
	for _, k := range []struct {
		key   string
		level *float64
	}{{"LICENSE", &s.licenses}, {"PENALTY", &s.penalty}, {"COERCION", &s.coercion}} {
		n := int64(math.Round(*k.level * (0.96 + 0.08*rng.Float64())))
		f[disclosure.Code("T2_"+k.key+"_DECISIONS")] = n
		f[disclosure.Code("T2_19_"+k.key+"_DECISIONS")] = n
		*k.level *= 0.97 + 0.07*rng.Float64()
	}
	delta := rng.Int64N(4) - 1
	if s.items == 0 {
		delta = 0
	}
	f["T2_19_LICENSE_PREV"], f["T2_19_LICENSE_DELTA"] = s.items, delta
	s.items += delta
	// Fees are noted to the yuan, a ten-thousandth of 万元.
	f["T2_FEE_AMOUNT_WAN"] = int64(s.fee * (0.93 + 0.14*rng.Float64()))
	if bought := poisson(1.5, rng); bought > 0 && b.role != roleLocality {
		f["T2_19_PROCURE_COUNT"] = bought
		f["T2_19_PROCURE_AMOUNT_YUAN"] = bought * (40_000 + rng.Int64N(300_000)) * money
	}
}

// money is how many parts of 1/10000 a unit of money has.
const money = 10_000

// spread deals n cases out by shares that need not add up to 1.
func spread(n int64, shares []float64, rng *rand.Rand) []int64 {
	out := make([]int64, len(shares))
	var whole float64
	for _, s := range shares {
		whole += s
	}
	for range n {
		at := rng.Float64() * whole
		i := 0
		for i < len(shares)-1 && at >= shares[i] {
			at -= shares[i]
			i++
		}
		out[i]++
	}
	return out
}

// poisson draws a count around a mean, by Knuth's method; means stay under
// some hundreds.
func poisson(mean float64, rng *rand.Rand) int64 {
	var n int64
	for limit, p := math.Exp(-mean), rng.Float64(); p > limit; p *= rng.Float64() {
		n++
	}
	return n
}
