package disclosure

import "github.com/shopspring/decimal"

// Measure is a ratio of figures: Times * sum(Numerator) / (sum(Plus) - sum(Minus)).
// It is always shown with its denominator, never for a denominator of 0, and
// marked when the denominator is under a floor: on few cases a rate says little.
type Measure struct {
	Code      Code   `json:"code"`
	Name      string `json:"name"`
	Numerator []Code `json:"numerator"`
	Plus      []Code `json:"plus"`
	Minus     []Code `json:"minus,omitempty"`
	// Percent: shown as a percentage; else as a number per 100 (每百件).
	Percent bool `json:"percent"`
	// Note stands beside the name wherever it is shown.
	Note string `json:"note,omitempty"`
	// Broken: 行政复议法 (2023, in force 1 January 2024) sends most refusals to
	// review before court, so series of it break between 2023 and 2024.
	Broken bool `json:"broken,omitempty"`
}

// Floors under which a rate is marked as resting on few cases.
const (
	FloorUnit = 5
	FloorCity = 30
)

// NoteMix stands beside 公开率: it describes the mix of applications.
const NoteMix = "反映申请构成,供参考,不作排名依据"

// Measures lists the derived measures in the order in which they are shown.
func Measures() []Measure { return measures }

var measures = []Measure{
	{Code: "M_DISCLOSURE", Name: "公开率(予以公开+部分公开)", Percent: true, Note: NoteMix,
		Numerator: []Code{"T3_GRANTED_TOT", "T3_PARTIAL_TOT"}, Plus: []Code{"T3_RESULT_TOTAL_TOT"}},
	{Code: "M_NOT_HELD", Name: "本机关不掌握占比", Percent: true,
		Numerator: []Code{"T3_UNAVAIL_NOT_HELD_TOT"}, Plus: []Code{"T3_RESULT_TOTAL_TOT"}},
	{Code: "M_CARRY", Name: "结转率", Percent: true,
		Numerator: []Code{"T3_CARRIED_OUT_TOT"}, Plus: []Code{"T3_NEW_RECEIVED_TOT", "T3_CARRIED_IN_TOT"}},
	{Code: "M_REVIEW_CORRECTED", Name: "复议纠错率", Percent: true, Broken: true,
		Numerator: []Code{"T4_REV_CORRECTED"}, Plus: []Code{"T4_REV_TOTAL"}, Minus: []Code{"T4_REV_PENDING"}},
	{Code: "M_LITIGATION_CORRECTED", Name: "诉讼纠错率", Percent: true, Broken: true,
		Numerator: []Code{"T4_LITD_CORRECTED", "T4_LITR_CORRECTED"}, Plus: []Code{"T4_LITD_TOTAL", "T4_LITR_TOTAL"},
		Minus: []Code{"T4_LITD_PENDING", "T4_LITR_PENDING"}},
	{Code: "M_DISPUTES", Name: "每百件办结争议数", Broken: true,
		Numerator: []Code{"T4_REV_TOTAL", "T4_LITD_TOTAL", "T4_LITR_TOTAL"}, Plus: []Code{"T3_RESULT_TOTAL_TOT"}},
}

// MeasureByCode finds a measure.
func MeasureByCode(code Code) (Measure, bool) {
	for _, m := range measures {
		if m.Code == code {
			return m, true
		}
	}
	return Measure{}, false
}

// Codes lists every figure that the measure reads.
func (m Measure) Codes() []Code {
	out := append([]Code{}, m.Numerator...)
	out = append(out, m.Plus...)
	return append(out, m.Minus...)
}

// Ratio is a measure's value with what it rests on.
type Ratio struct {
	Numerator, Denominator decimal.Decimal
	// Value is Numerator/Denominator, times 100 for a measure that is shown as
	// a percentage or per 100. Meaningful only when OK.
	Value decimal.Decimal
	// OK is false when a figure is missing or the denominator is not positive.
	OK bool
	// Few: the denominator is under the floor.
	Few bool
}

// Of computes the measure from figures; value reports a figure and whether it
// is a number. Every figure it reads must be one; blanks are not zeros.
func (m Measure) Of(value func(Code) (decimal.Decimal, bool), floor int64) Ratio {
	sum := func(codes []Code) (total decimal.Decimal, ok bool) {
		for _, c := range codes {
			v, isNumber := value(c)
			if !isNumber {
				return total, false
			}
			total = total.Add(v)
		}
		return total, true
	}
	n, ok1 := sum(m.Numerator)
	p, ok2 := sum(m.Plus)
	q, ok3 := sum(m.Minus)
	r := Ratio{Numerator: n, Denominator: p.Sub(q)}
	if !ok1 || !ok2 || !ok3 || !r.Denominator.IsPositive() {
		return r
	}
	r.OK = true
	r.Few = r.Denominator.LessThan(decimal.NewFromInt(floor))
	r.Value = n.Mul(decimal.NewFromInt(100)).DivRound(r.Denominator, 6)
	return r
}
