package anomaly

import (
	"math"
	"slices"
)

// Counts spread like a negative binomial: variance = mean + phi² mean², where
// phi is the unit's own restlessness from year to year. For phi -> 0 that is
// the Poisson; for large counts it is a spread in ratios.

// usualSpread is phi where a unit's years say nothing, and usualYears is how
// many years of evidence it counts for beside them.
const (
	usualSpread = 0.30
	usualYears  = 4.0
	// tellingCount is the level at which a year counts for half.
	tellingCount = 5.0
)

// surprise is by how many standard deviations x lies above (+) or below (-) the
// center of n other values. The variance-stabilizing transformation of the
// negative binomial, 2/phi asinh(phi sqrt(x + 3/8)), has a standard deviation
// of about 1 at every mean, zero included (Anscombe, 1948); the center's own
// error as a median of n values adds pi/2n.
func surprise(x, center, phi float64, n int) float64 {
	stable := func(v float64) float64 { return 2 / phi * math.Asinh(phi*math.Sqrt(max(v, 0)+0.375)) }
	return (stable(x) - stable(center)) / math.Sqrt(1+math.Pi/2/float64(n))
}

// spreadOf estimates phi from values, drawn towards usualSpread as few years
// deserve. It rests on the median of the deviations, so that one wrong value
// among them does not hide the next.
func spreadOf(values []float64, center float64) float64 {
	own := 0.0
	if center > 0 {
		deviations := make([]float64, len(values))
		for i, v := range values {
			deviations[i] = math.Abs(v - center)
		}
		relative := 1.4826 * median(deviations) / center
		own = max(0, relative*relative-1/center)
	}
	// Small counts say little of how restless a unit is, zeros nothing: what
	// they do is chance.
	n := float64(len(values)) * center / (center + tellingCount)
	return math.Sqrt((n*own + usualYears*usualSpread*usualSpread) / (n + usualYears))
}

// median of values, the mean of the middle two of an even count; NaN of none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	v := slices.Sorted(slices.Values(values))
	if m := len(v) / 2; len(v)%2 == 1 {
		return v[m]
	}
	return (v[len(v)/2-1] + v[len(v)/2]) / 2
}

// times is how many times the larger of two is of the smaller; a zero counts as
// half a case, so that the ratio is always a number.
func times(a, b float64) float64 {
	a, b = max(a, 0.5), max(b, 0.5)
	return max(a, b) / min(a, b)
}

// tenth rounds a score as it is shown.
func tenth(v float64) float64 { return math.Round(math.Abs(v)*10) / 10 }

func severityOf(score float64) Severity {
	if math.Abs(score) >= explained {
		return Explain
	}
	return Notice
}
