package anomaly

import (
	"fmt"
	"math"
	"slices"

	"mingjing/internal/disclosure"
)

// windowYears is how far from the tested year other years still tell something.
const windowYears = 7

// history tests the watched figures of a report against the same unit's other
// years, the tested one left out.
func history(s series, r *Report) []Anomaly {
	var out []Anomaly
	for i := range watchList {
		if a, ok := watchList[i].test(s, r); ok {
			out = append(out, a)
		}
	}
	return out
}

// yearValue is a figure in one of the other years.
type yearValue struct {
	year  disclosure.Year
	value float64
}

// others collects the figure's values in the other years that it may be
// compared with: same scope, within the window, same side of a break.
func (w *watched) others(s series, r *Report) []yearValue {
	p := place(w.code)
	var out []yearValue
	for _, o := range s {
		if o.Year == r.Year || math.IsNaN(o.Figures[p]) || distance(o.Year, r.Year) > windowYears {
			continue
		}
		if w.broken && (o.Year < breakYear) != (r.Year < breakYear) {
			continue
		}
		out = append(out, yearValue{o.Year, o.Figures[p]})
	}
	return out
}

func distance(a, b disclosure.Year) int { return max(int(a-b), int(b-a)) }

func (w *watched) test(s series, r *Report) (Anomaly, bool) {
	x := r.Figures[place(w.code)]
	others := w.others(s, r)
	if math.IsNaN(x) || len(others) == 0 {
		return Anomaly{}, false
	}
	values := make([]float64, len(others))
	for i, o := range others {
		values[i] = o.value
	}
	center := median(values)
	n := len(values)
	agreed := n == 2 && !w.far(values[0], values[1], usualRatio, w.size)
	ratio, size := w.bounds(n, agreed)
	phi, score := usualSpread, 0.0
	if n >= yearsNeeded {
		phi = spreadOf(values, center)
		score = surprise(x, center, phi, n)
	} else {
		score = surprise(x, center, phi, math.MaxInt) // nothing is known of how sure the center is
	}
	if !w.far(x, center, ratio, size) || math.Abs(score) < noticed && n >= yearsNeeded || w.within(x, values) {
		return Anomaly{}, false
	}
	if n < yearsNeeded && x < center && (w.broken || others[0].year > r.Year && !agreed) {
		return Anomaly{}, false // which of so few years is wrong nobody can say, unless two of them agree
	}
	if before := slices.IndexFunc(others, func(o yearValue) bool { return o.year == r.Year-1 }); before >= 0 {
		last := others[before].value
		if math.Abs(surprise(x, last, phi, 1)) < settled || !w.far(x, last, usualRatio, w.size/2) {
			return Anomaly{}, false
		}
		if w.explains(last, r, phi) {
			return Anomaly{}, false
		}
	}
	return w.anomaly(r, x, center, score, others, agreed), true
}

// far says whether two values differ by enough to ask about.
func (w *watched) far(x, center, ratio, size float64) bool {
	return math.Abs(x-center) >= size && times(x, center) >= ratio
}

// within says whether the figure stood as high, or as low, in another year: a
// unit that swings like that has shown so. With few years one is enough; with
// more, one such year may itself have been wrong.
func (w *watched) within(x float64, values []float64) bool {
	as := 0
	for _, v := range values {
		if !w.far(x, v, usualRatio, w.size) {
			as++
		}
	}
	return as > len(values)/4
}

// explains says whether what was issued and repealed leads to the new stock:
// those are then the figures to ask about, and are tested themselves.
func (w *watched) explains(last float64, r *Report, phi float64) bool {
	if w.added == "" {
		return false
	}
	in, known := r.sum([]int{place(w.added)})
	out, _ := r.sum([]int{place(w.removed)})
	expected := last + in - out
	x := r.Figures[place(w.code)]
	return known && expected >= 0 && (math.Abs(x-expected) < w.size || math.Abs(surprise(x, expected, phi, 1)) < settled)
}

const (
	methodSpread = "留出本年,以其余%d年的中位数为中心、按计数的负二项分布(方差=均值+φ²×均值²,φ=%.2f)计离差"
	methodRatio  = "可比年份只有%d年,不足3年不计离散程度,按倍数(≥%s倍)和差额(≥%s%s)判断"
)

func (w *watched) anomaly(r *Report, x, center, score float64, others []yearValue, agreed bool) Anomaly {
	a := Anomaly{Unit: r.Unit, Year: r.Year, Scope: r.Scope, Kind: w.kind, Codes: []disclosure.Code{w.code}, N: len(others),
		Score: tenth(score), Severity: severityOf(score)}
	values := make([]float64, len(others))
	for i, o := range others {
		values[i] = o.value
		a.Numbers = append(a.Numbers, Number{o.year.String() + "年", o.value})
	}
	a.Numbers = append(a.Numbers, Number{r.Year.String() + "年(本年)", x})
	if len(others) >= yearsNeeded {
		a.Method = fmt.Sprintf(methodSpread, len(others), spreadOf(values, center))
		a.Numbers = append(a.Numbers, Number{"其余各年中位数", center})
	} else {
		ratio, size := w.bounds(len(others), agreed)
		a.Method = fmt.Sprintf(methodRatio, len(others), plain(ratio), plain(size), w.unit)
	}
	for _, code := range w.follows {
		if v := r.Figures[place(code)]; math.Abs(v-x) <= math.Abs(x-center)/2 && v != center {
			a.Codes = append(a.Codes, code) // it holds the larger part of what the total is off by
		}
	}
	a.Message = w.sentence(r.Year, x, center, others)
	return a
}
