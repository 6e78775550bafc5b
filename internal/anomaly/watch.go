package anomaly

import "mingjing/internal/disclosure"

// watched is one figure that is held against the unit's other years, and the
// sizes under which a change is nobody's business.
type watched struct {
	code disclosure.Code
	kind Kind
	// ratio and size: the change must be at least so many times, and so many
	// cases (万元 for fees).
	ratio, size float64
	// follows are figures that move with this one and go into the same
	// anomaly: one cause is one question.
	follows []disclosure.Code
	// added and removed explain a change of a stock.
	added, removed disclosure.Code
	// broken: no comparison across 2023/2024 (复议前置).
	broken bool
	// measure word behind the number.
	unit string
}

// breakYear is the first year under 行政复议法 as revised in 2023.
const breakYear disclosure.Year = 2024

// watchList is what History and Jump look at. Only leading figures stand here:
// the outcomes of applications are looked at by their shares (Mix), totals by
// what they total.
var watchList = []watched{
	{code: "T3_NEW_RECEIVED_TOT", kind: History, ratio: 3, size: 15, follows: []disclosure.Code{"T3_RESULT_TOTAL_TOT"}, unit: "件"},
	{code: "T4_REV_TOTAL", kind: History, ratio: 3, size: 10, broken: true, unit: "件",
		follows: []disclosure.Code{"T4_REV_UPHELD", "T4_REV_CORRECTED", "T4_REV_OTHER", "T4_REV_PENDING"}},
	{code: "T4_LITD_TOTAL", kind: History, ratio: 3, size: 10, broken: true, unit: "件",
		follows: []disclosure.Code{"T4_LITD_UPHELD", "T4_LITD_CORRECTED", "T4_LITD_OTHER", "T4_LITD_PENDING"}},
	{code: "T4_LITR_TOTAL", kind: History, ratio: 3, size: 10, broken: true, unit: "件",
		follows: []disclosure.Code{"T4_LITR_UPHELD", "T4_LITR_CORRECTED", "T4_LITR_OTHER", "T4_LITR_PENDING"}},
	{code: "T2_REG_ISSUED", kind: History, ratio: 3, size: 10, unit: "件"},
	{code: "T2_REG_REPEALED", kind: History, ratio: 3, size: 15, unit: "件"},
	{code: "T2_NORM_ISSUED", kind: History, ratio: 3, size: 15, unit: "件"},
	{code: "T2_NORM_REPEALED", kind: History, ratio: 3, size: 20, unit: "件"},
	{code: "T2_REG_IN_FORCE", kind: Jump, ratio: 2, size: 10, unit: "件", added: "T2_REG_ISSUED", removed: "T2_REG_REPEALED"},
	{code: "T2_NORM_IN_FORCE", kind: Jump, ratio: 2, size: 20, unit: "件", added: "T2_NORM_ISSUED", removed: "T2_NORM_REPEALED"},
	{code: "T2_LICENSE_DECISIONS", kind: Jump, ratio: 3, size: 30, unit: "件"},
	{code: "T2_PENALTY_DECISIONS", kind: Jump, ratio: 3, size: 30, unit: "件"},
	{code: "T2_COERCION_DECISIONS", kind: Jump, ratio: 3, size: 30, unit: "件"},
	{code: "T2_FEE_AMOUNT_WAN", kind: Jump, ratio: 4, size: 20, unit: "万元"},
}

// Thresholds of the score, calibrated on generated districts (see
// internal/anomaly/evaluate): from noticed on an anomaly is shown, from
// explained on it wants an explanation.
const (
	noticed   = 3.5
	explained = 5.0
	// settled: a value so near to last year's is a new level that was asked
	// about when it came.
	settled = 2.0
	// usualRatio: less than so many times another year's value is as in that
	// year.
	usualRatio = 2.0
)

// On fewer other years than yearsNeeded no spread is reckoned; then a change
// must be fallbackRatio times and fallbackSize times the watched size.
const (
	yearsNeeded   = 3
	fallbackRatio = 5.0
	fallbackStock = 3.0 // of a stock, which does not begin anew each year
	fallbackSize  = 2.0
	// Two other years that agree with each other say more.
	agreedRatio, agreedSize = 1.0, 1.5
)

// bounds are the least ratio and size of a change on n other years.
func (w *watched) bounds(n int, agreed bool) (ratio, size float64) {
	switch {
	case n >= yearsNeeded:
		return w.ratio, w.size
	case agreed:
		return w.ratio + agreedRatio, w.size * agreedSize
	case w.added != "":
		return fallbackStock, w.size * fallbackSize
	}
	return fallbackRatio, w.size * fallbackSize
}
