package anomaly

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"mingjing/internal/disclosure"
)

// share is one class of a partition of cases: one row, or several that count
// as one.
type share struct {
	name  string
	codes []disclosure.Code
	at    []int
}

// partition deals cases out into classes whose shares are compared.
type partition struct {
	of     string // what the classes add up to, for people
	shares []share
}

// partitions of table 三, column 总计, and of new applications by applicant.
var partitions = sync.OnceValue(func() []partition {
	return []partition{outcomePartition(), applicantPartition(), carryPartition()}
})

// outcomePartition has a class for each printed outcome; (六)其他处理 is one, as
// some reports print it.
func outcomePartition() partition {
	form := disclosure.NationalForm("2021")
	p := partition{of: "办结申请"}
	var other []string
	for _, d := range form.Derived {
		if d.Code == "D_OTHER" {
			other = d.Rows
		}
	}
	merged := share{name: "其他处理", codes: []disclosure.Code{"T3_OTHER_MERGED_TOT"}}
	for _, sum := range form.Sums {
		if sum.Rule != "T3-R2" {
			continue
		}
		for _, row := range sum.Addends {
			code := disclosure.Code("T3_" + row + "_TOT")
			if slices.Contains(other, row) {
				merged.codes = append(merged.codes, code)
				continue
			}
			p.shares = append(p.shares, share{name: rowName(code), codes: []disclosure.Code{code}})
		}
	}
	p.shares = append(p.shares, merged)
	return p.placed()
}

func applicantPartition() partition {
	p := partition{of: "新收申请"}
	for _, c := range []struct{ col, name string }{{"NP", "自然人"}, {"BIZ", "商业企业"}, {"RES", "科研机构"}, {"NPO", "社会公益组织"},
		{"LAW", "法律服务机构"}, {"OTH", "其他组织"}} {
		p.shares = append(p.shares, share{name: c.name + "申请", codes: []disclosure.Code{disclosure.Code("T3_NEW_RECEIVED_" + c.col)}})
	}
	return p.placed()
}

func carryPartition() partition {
	p := partition{of: "新收和上年结转申请", shares: []share{
		{name: "结转下年度继续办理", codes: []disclosure.Code{"T3_CARRIED_OUT_TOT"}},
		{name: "本年度办结", codes: []disclosure.Code{"T3_RESULT_TOTAL_TOT"}}}}
	return p.placed()
}

// rowName is a row's label without its numbering and remarks: 予以公开.
func rowName(code disclosure.Code) string {
	def, _, _ := disclosure.LookupCode(code)
	name := def.Row.Label
	if i := strings.Index(name, ")"); strings.HasPrefix(name, "(") && i > 0 {
		name = name[i+1:]
	}
	name = strings.TrimLeft(name, "0123456789.")
	if i := strings.Index(name, "("); i > 0 {
		name = name[:i]
	}
	return name
}

func (p partition) placed() partition {
	for i := range p.shares {
		for _, c := range p.shares[i].codes {
			p.shares[i].at = append(p.shares[i].at, place(c))
		}
	}
	return p
}

// counts deals a report's cases out; known is false when no class is a number.
func (p *partition) counts(r *Report) (counts []float64, total float64, known bool) {
	counts = make([]float64, len(p.shares))
	for i := range p.shares {
		v, ok := r.sum(p.shares[i].at)
		counts[i], total, known = v, total+v, known || ok
	}
	return counts, total, known
}

// Cases without which shares say nothing, and the shift of a share, in parts of
// 1, that is worth a question.
const (
	mixCases      = 20 // of the tested year
	mixOtherCases = 30 // of the other years together
	mixOtherYears = 2
	mixShift      = 0.30
	mixMentioned  = 0.15 // shift of further classes that are named
)

// Within a year cases hang together (one applicant asks many times), so shares
// spread more than a binomial: by the correlation between two of a year's cases.
const mixCorrelation = 0.06

// mix tests the shares of a report's cases against those of the unit's other
// years taken together, the tested one left out.
func mix(s series, r *Report) []Anomaly {
	var out []Anomaly
	for i := range partitions() {
		if a, ok := partitions()[i].test(s, r); ok {
			out = append(out, a)
		}
	}
	return out
}

func (p *partition) test(s series, r *Report) (Anomaly, bool) {
	counts, n, known := p.counts(r)
	if !known || n < mixCases {
		return Anomaly{}, false
	}
	before, cases, each := p.others(s, r)
	years := len(each)
	if years < mixOtherYears || cases < mixOtherCases {
		return Anomaly{}, false
	}
	shifts := shiftsOf(counts, n, before, cases, years)
	if top := shifts[0]; math.Abs(top.by) < mixShift || math.Abs(top.score) < noticed {
		x, ok := exchanged(counts, n, before, cases, each)
		if !ok {
			return Anomaly{}, false
		}
		return p.exchangeAnomaly(r, counts, n, before, cases, years, x), true
	}
	return p.anomaly(r, counts, n, before, cases, years, shifts), true
}

// heaviestYear is how many times the median year's cases one year may weigh: a
// year that was itself wrong must not become what all others are held against.
const heaviestYear = 1.5

// others adds up the classes over the other years, and gives each year's too.
// Years of very many cases are scaled down in the sum.
func (p *partition) others(s series, r *Report) (counts []float64, cases float64, each [][]float64) {
	var totals []float64
	for _, o := range s {
		if o.Year == r.Year || distance(o.Year, r.Year) > windowYears {
			continue
		}
		if c, total, ok := p.counts(o); ok && total > 0 {
			each, totals = append(each, c), append(totals, total)
		}
	}
	counts = make([]float64, len(p.shares))
	heaviest := heaviestYear * median(totals)
	for y, c := range each {
		weight := min(1, heaviest/totals[y])
		for i := range c {
			counts[i] += c[i] * weight
		}
		cases += totals[y] * weight
	}
	return counts, cases, each
}

// shift is how far a class's share moved.
type shift struct {
	class     int
	by, score float64
}

// mixSpread is the variance of a share over p(1-p): of the year's own cases and
// of those of the other years.
func mixSpread(n, cases float64, years int) (own, theirs float64) {
	perYear := cases / float64(years)
	return (1 + (n-1)*mixCorrelation) / n, (1 + (perYear-1)*mixCorrelation) / cases
}

func expectedShare(before, cases float64, classes int) float64 {
	return (before + 1/float64(classes)) / (cases + 1)
}

// shiftsOf measures every class, the most surprising of the large shifts first.
// Shares are smoothed by one case dealt out evenly, so that a class that never
// occurred has some chance.
func shiftsOf(counts []float64, n float64, before []float64, cases float64, years int) []shift {
	out := make([]shift, len(counts))
	own, theirs := mixSpread(n, cases, years)
	for i := range counts {
		expected := expectedShare(before[i], cases, len(counts))
		by := counts[i]/n - expected
		out[i] = shift{i, by, by / math.Sqrt(expected*(1-expected)*(own+theirs))}
	}
	slices.SortStableFunc(out, func(a, b shift) int {
		if large := math.Abs(a.by) >= mixShift; large != (math.Abs(b.by) >= mixShift) {
			if large {
				return -1
			}
			return 1
		}
		switch x, y := math.Abs(a.score), math.Abs(b.score); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return out
}

func (p *partition) anomaly(r *Report, counts []float64, n float64, before []float64, cases float64, years int, shifts []shift) Anomaly {
	a := Anomaly{Unit: r.Unit, Year: r.Year, Scope: r.Scope, Kind: Mix, N: years, Score: tenth(shifts[0].score), Severity: severityOf(shifts[0].score),
		Method: fmt.Sprintf("与其余%d年合计的构成相比(本年%s件,其余各年%s件,其中特别多的年份已折减),按同年案件相关系数%.2f放宽二项分布,份额变化须达%.0f个百分点",
			years, plain(n), plain(math.Round(cases)), mixCorrelation, mixShift*100)}
	for k, s := range shifts {
		if k > 0 && math.Abs(s.by) < mixMentioned {
			continue
		}
		a.Codes = append(a.Codes, p.shares[s.class].largest(r))
		name := p.shares[s.class].name
		a.Numbers = append(a.Numbers, Number{"本年" + name, counts[s.class]}, Number{"其余各年" + name, math.Round(before[s.class])})
	}
	a.Numbers = append(a.Numbers, Number{"本年" + p.of, n}, Number{"其余各年" + p.of, math.Round(cases)})
	top := shifts[0].class
	a.Message = fmt.Sprintf("%s年%s%s件中%s%s件(占%s),而其余%d年合计%s件中%s件(占%s),请核实是否填错栏目;属实的请说明原因。",
		r.Year, p.of, plain(n), p.shares[top].name, plain(counts[top]), percent(counts[top]/n), years, plain(math.Round(cases)), plain(math.Round(before[top])), percent(before[top]/cases))
	return a
}

// largest is the code of the class that holds most of its cases in a report;
// the first that is a number when there are none.
func (s *share) largest(r *Report) disclosure.Code {
	best, most := s.codes[0], math.Inf(-1)
	for i, p := range s.at {
		if v := r.Figures[p]; v > most {
			best, most = s.codes[i], v
		}
	}
	return best
}
