package evaluate

import (
	"math"
	"slices"

	"mingjing/internal/anomaly"
	"mingjing/internal/disclosure"
)

// DHIS2's outlier detection compares each value with all values of its series,
// the tested one among them: by mean and standard deviation (z-score), or by
// median and median absolute deviation (modified z-score, Iglewicz and Hoaglin,
// 1993). Series without spread are passed over. Its default threshold is 3.
const dhisThreshold = 3

// method gives the score of each value of a series, 0 where it has none.
type method func(values []float64) []float64

// zScores uses the standard deviation of the population, which gives the
// larger scores: on n values at most sqrt(n-1).
func zScores(values []float64) []float64 {
	out := make([]float64, len(values))
	var sum, squares float64
	for _, v := range values {
		sum += v
	}
	mean := sum / float64(len(values))
	for _, v := range values {
		squares += (v - mean) * (v - mean)
	}
	if sd := math.Sqrt(squares / float64(len(values))); sd > 0 {
		for i, v := range values {
			out[i] = math.Abs(v-mean) / sd
		}
	}
	return out
}

func modifiedZScores(values []float64) []float64 {
	out := make([]float64, len(values))
	center := median(values)
	deviations := make([]float64, len(values))
	for i, v := range values {
		deviations[i] = math.Abs(v - center)
	}
	if mad := median(deviations); mad > 0 {
		for i, d := range deviations {
			out[i] = 0.6745 * d / mad
		}
	}
	return out
}

func median(values []float64) float64 {
	v := slices.Sorted(slices.Values(values))
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

// dhisFigures are the figures that a person would put before DHIS2: all of
// tables 二 and 四, and the column 总计 of table 三.
var dhisFigures = func() (out []int) {
	for i, c := range anomaly.Codes() {
		if def, _ := disclosure.NationalForm("2021").Cell(c); !def.Alternate && (def.Table.Key != "T3" || def.Column.Key == "TOT") {
			out = append(out, i)
		}
	}
	return out
}()

// dhis lists what a method flags. All of a report's figures make one alarm,
// which is kinder to it than counting each.
func (d *district) dhis(score method) []alarm {
	var out []alarm
	for _, u := range d.units {
		flagged := map[disclosure.Year][]disclosure.Code{}
		for _, p := range dhisFigures {
			var values []float64
			var years []disclosure.Year
			for _, r := range d.reports[u.Number] {
				if v := r.Figures[p]; !math.IsNaN(v) {
					values, years = append(values, v), append(years, r.Year)
				}
			}
			if len(values) == 0 {
				continue
			}
			for i, s := range score(values) {
				if s > dhisThreshold {
					flagged[years[i]] = append(flagged[years[i]], anomaly.Codes()[p])
				}
			}
		}
		for y, codes := range flagged {
			if y >= firstTested {
				out = append(out, alarm{u.Number, y, "", codes})
			}
		}
	}
	return out
}
