package anomaly

import (
	"fmt"
	"math"
	"strings"
	"sync"

	"mingjing/internal/disclosure"
)

// body is a set of figures that is filed together and may be filed again by
// mistake: a table, or all three.
type body struct {
	name string
	// flows must all repeat. Stocks may stand still and are no part of it.
	flows []int
	// telling are those among them that vary by themselves: totals only repeat
	// what they add up.
	telling []int
	// broken: no comparison across 2023/2024 (复议前置), see breakYear. All three
	// tables together still are: a table filed again is no series.
	broken bool
}

var bodies = sync.OnceValue(func() []body {
	tables := map[string]*body{}
	var whole body
	for i, c := range Codes() {
		def, _ := disclosure.NationalForm("2021").Cell(c)
		if def.Value == disclosure.ValueStock {
			continue
		}
		b := tables[def.Table.Key]
		if b == nil {
			b = &body{name: def.Table.Name, broken: def.Table.Key == "T4"}
			tables[def.Table.Key] = b
		}
		tell := !strings.HasSuffix(string(c), "_TOT") && !strings.HasSuffix(string(c), "_TOTAL")
		if def.Table.Key == "T3" {
			// Applications received are dealt out again among the outcomes.
			tell = tell && def.Row.Key != "NEW_RECEIVED" && def.Row.Key != "CARRIED_IN" && def.Row.Key != "RESULT_TOTAL"
		}
		for _, into := range []*body{b, &whole} {
			into.flows = append(into.flows, i)
			if tell {
				into.telling = append(into.telling, i)
			}
		}
	}
	whole.name = "三张表"
	return []body{whole, *tables["T2"], *tables["T3"], *tables["T4"]}
})

// Persistence of less than repeatYears is left alone, except where so many
// large figures repeat that chance is out of the question.
const (
	repeatYears    = 3
	repeatFigures  = 2    // different figures above 0 that repeat
	repeatEvidence = 7.0  // -ln of the chance that they repeat by themselves
	onceEvidence   = 10.0 // for two years
	onceFigures    = 4
)

// persistence looks for figures above 0 that a unit filed identically several
// years running up to the tested one. Zeros are no evidence: most small units'
// tables are empty every year.
func persistence(s series, r *Report) []Anomaly {
	var out []Anomaly
	for i := range bodies() {
		if a, ok := bodies()[i].test(s, r); ok {
			out = append(out, a)
			if i == 0 {
				break // the whole holds every table
			}
		}
	}
	return out
}

func (b *body) test(s series, r *Report) (Anomaly, bool) {
	years := 1
	for o := s.at(r.Year - 1); o != nil && b.same(r, o) && years < windowYears; o = s.at(o.Year - 1) {
		if b.broken && (o.Year < breakYear) != (r.Year < breakYear) {
			break
		}
		years++
	}
	if years < 2 {
		return Anomaly{}, false
	}
	var evidence float64
	var codes []disclosure.Code
	var numbers []Number
	for _, p := range b.telling {
		if v := r.Figures[p]; v > 0 {
			evidence += -math.Log(repeatChance(v))
			codes = append(codes, Codes()[p])
			numbers = append(numbers, Number{disclosure.LabelOf(Codes()[p]), v})
		}
	}
	// The evidence of two repeats at most: a level that truly stands still
	// gains nothing by standing longer.
	evidence *= float64(min(years, repeatYears) - 1)
	enough := years >= repeatYears && len(codes) >= repeatFigures && evidence >= repeatEvidence ||
		len(codes) >= onceFigures && evidence >= onceEvidence
	if !enough {
		return Anomaly{}, false
	}
	a := Anomaly{Unit: r.Unit, Year: r.Year, Scope: r.Scope, Kind: Persistence, Codes: codes, N: years - 1, Numbers: numbers,
		Score: tenth(math.Sqrt(2 * evidence)), Severity: Notice,
		Method: "发生数(不含存量和合计)逐格相同;按同等水平的计数碰巧相同的概率,各非零数相乘折算为标准差,零不算证据"}
	if years >= repeatYears || evidence >= 2*onceEvidence {
		a.Severity = Explain
	}
	a.Message = fmt.Sprintf("%s—%s年连续%d年%s的%d项非零数据完全相同(%s),请核实是否沿用了往年数据;属实的请说明原因。",
		r.Year-disclosure.Year(years-1), r.Year, years, b.name, len(codes), b.examples(r))
	return a, true
}

// same says whether every flow has the same value in two reports; what is no
// number counts as 0, since forms leave zeros blank one year and print them
// the next.
func (b *body) same(x, y *Report) bool {
	for _, p := range b.flows {
		if orZero(x.Figures[p]) != orZero(y.Figures[p]) {
			return false
		}
	}
	return true
}

func orZero(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return v
}

// repeatChance is the chance that two counts around v are equal: about
// 1/sqrt(4 pi v) for Poisson counts. Counts spread wider than that, so it errs
// towards silence; no figure is worth more than one in 40.
func repeatChance(v float64) float64 {
	return max(1/math.Sqrt(4*math.Pi*max(v, 1)), 1.0/40)
}

// examples names the largest three of the figures that repeat.
func (b *body) examples(r *Report) string {
	var top []int
	for _, p := range b.telling {
		if !(r.Figures[p] > 0) {
			continue
		}
		top = append(top, p)
		for i := len(top) - 1; i > 0 && r.Figures[top[i]] > r.Figures[top[i-1]]; i-- {
			top[i], top[i-1] = top[i-1], top[i]
		}
		top = top[:min(len(top), 3)]
	}
	var said []string
	for _, p := range top {
		said = append(said, disclosure.LabelOf(Codes()[p])+" "+plain(r.Figures[p]))
	}
	return strings.Join(said, "、")
}
