package anomaly

import (
	"fmt"
	"math"

	"mingjing/internal/disclosure"
)

// Two rows, or two columns, that were filled in for one another have a mark of
// their own: as printed the shares fit the unit's other years badly, exchanged
// they fit well. That is told from fewer cases than a shift of one share.

const (
	// exchangeEvidence is how much likelier, as a natural logarithm, the cases
	// must be with the two exchanged than as printed.
	exchangeEvidence = 3.0
	// exchangeFit: exchanged, no share may be further off than this many
	// standard deviations; else it is something else.
	exchangeFit = 2.0
)

// exchange is a pair of classes that seem to stand in each other's place.
type exchange struct {
	a, b     int
	evidence float64
}

// exchanged finds the likeliest pair of classes that were filled in for one
// another. Most of the other years have to agree on which of the two is the
// larger: of two years, one of which is itself exchanged, nobody knows.
func exchanged(counts []float64, n float64, before []float64, cases float64, each [][]float64) (exchange, bool) {
	years := len(each)
	best := exchange{evidence: exchangeEvidence}
	found := false
	own, theirs := mixSpread(n, cases, years)
	// Dirichlet-multinomial: cases hang together as in the test of single
	// shares, and what is expected is itself only known from so many.
	correlation := ((own+theirs)*n - 1) / (n - 1)
	strength := (1 - correlation) / correlation
	if !(strength > 0) {
		return best, false
	}
	gamma := func(count, share float64) float64 {
		v, _ := math.Lgamma(count + strength*share)
		return v
	}
	for a := range counts {
		for b := a + 1; b < len(counts); b++ {
			pa, pb := expectedShare(before[a], cases, len(counts)), expectedShare(before[b], cases, len(counts))
			evidence := gamma(counts[b], pa) + gamma(counts[a], pb) - gamma(counts[a], pa) - gamma(counts[b], pb)
			if math.Abs(counts[a]-counts[b])/n < mixShift || evidence < best.evidence || !agree(each, a, b, before[a] > before[b]) {
				continue
			}
			swapped := append([]float64(nil), counts...)
			swapped[a], swapped[b] = counts[b], counts[a]
			if fits(swapped, n, before, cases, years) {
				best, found = exchange{a, b, evidence}, true
			}
		}
	}
	return best, found
}

// agree says whether in more than two of three years that have either class a
// stands above b, or below it.
func agree(each [][]float64, a, b int, above bool) bool {
	with, of := 0, 0
	for _, c := range each {
		if c[a] != c[b] {
			of++
			if c[a] > c[b] == above {
				with++
			}
		}
	}
	return 3*with > 2*of
}

// fits says whether the cases are dealt out as in the other years.
func fits(counts []float64, n float64, before []float64, cases float64, years int) bool {
	for _, s := range shiftsOf(counts, n, before, cases, years) {
		if math.Abs(s.score) > exchangeFit {
			return false
		}
	}
	return true
}

func (p *partition) exchangeAnomaly(r *Report, counts []float64, n float64, before []float64, cases float64, years int, x exchange) Anomaly {
	a, b := &p.shares[x.a], &p.shares[x.b]
	score := math.Sqrt(2 * x.evidence)
	return Anomaly{Unit: r.Unit, Year: r.Year, Scope: r.Scope, Kind: Mix, N: years, Score: tenth(score), Severity: severityOf(score),
		Codes: []disclosure.Code{a.largest(r), b.largest(r)},
		Method: fmt.Sprintf("与其余%d年合计的构成相比(本年%s件,其余各年%s件,其中特别多的年份已折减),两项互换后与往年相符,其可能性为照填的e^%.1f倍(按同年案件相关系数%.2f放宽的多项分布)",
			years, plain(n), plain(math.Round(cases)), x.evidence, mixCorrelation),
		Numbers: []Number{{"本年" + a.name, counts[x.a]}, {"其余各年" + a.name, math.Round(before[x.a])}, {"本年" + b.name, counts[x.b]}, {"其余各年" + b.name, math.Round(before[x.b])},
			{"本年" + p.of, n}, {"其余各年" + p.of, math.Round(cases)}},
		Message: fmt.Sprintf("%s年%s%s件中%s%s件、%s%s件,而其余%d年合计%s件中%s%s件、%s%s件,两项像是互换了,请核实是否填错栏目;属实的请说明原因。",
			r.Year, p.of, plain(n), a.name, plain(counts[x.a]), b.name, plain(counts[x.b]), years, plain(math.Round(cases)),
			a.name, plain(math.Round(before[x.a])), b.name, plain(math.Round(before[x.b])))}
}
