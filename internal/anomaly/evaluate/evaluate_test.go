package evaluate

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"mingjing/internal/anomaly"
)

// The promise: on districts that no threshold was set on, the aims are met, in
// total and for every kind, and DHIS2's methods do not meet them.
func TestAimsOnSeedsNeverTunedOn(t *testing.T) {
	t.Parallel()
	for _, s := range EvaluationSeeds {
		if slices.Contains(CalibrationSeeds, s) {
			t.Fatalf("seed %d was calibrated on", s)
		}
	}
	result := Run(EvaluationSeeds)
	product := result.Methods[0]
	for _, s := range append([]Score{product.Total}, product.Kinds...) {
		recall, planted := s.Recall()
		precision, alarmed := s.Precision()
		if !planted || !alarmed || s.Faults.Of < 20 {
			t.Errorf("%q: only %+v to measure by", s.Kind, s)
			continue
		}
		if recall < AimRecall || precision < AimPrecision {
			t.Errorf("%q: recall %.3f, precision %.3f; aims %.2f and %.2f\nmissed %s\nfalse %s", s.Kind, recall, precision, AimRecall, AimPrecision,
				strings.Join(result.Missed, "\n"), strings.Join(result.False, "\n"))
		}
	}
	for name, h := range product.Names {
		if share, _ := h.Share(); share < leastByName {
			t.Errorf("%s: found %d of %d", name, h.Hit, h.Of)
		}
	}
	for _, m := range result.Methods[1:] {
		if recall, _ := m.Total.Recall(); recall >= AimRecall {
			t.Errorf("%s reaches recall %.2f: the baseline is not what it is said to be", m.Name, recall)
		}
	}
}

func TestSameSeedSameResult(t *testing.T) {
	t.Parallel()
	if a, b := Run([]uint64{7}), Run([]uint64{7}); !reflect.DeepEqual(a, b) {
		t.Errorf("two runs differ: %+v %+v", a, b)
	}
}

// Every planting finds a place somewhere, and changes the figures it names.
func TestEveryFaultIsPlanted(t *testing.T) {
	t.Parallel()
	planted := map[string]int{}
	kinds := map[anomaly.Kind]bool{}
	for _, seed := range CalibrationSeeds {
		for _, f := range generate(seed).planted {
			planted[f.name]++
			kinds[f.kind] = true
			if f.kind != "" && len(f.codes) == 0 {
				t.Errorf("%+v names no figures", f)
			}
		}
	}
	for _, p := range plantings {
		if planted[p.name] == 0 {
			t.Errorf("%s is never planted", p.name)
		}
	}
	for _, k := range anomaly.Kinds {
		if !kinds[k] {
			t.Errorf("nothing of kind %s is planted", k)
		}
	}
}

// Why DHIS2's methods cannot do it, and that the baseline reckons as they do.
func TestDhisMethods(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		values      []float64
		z, modified float64 // of the last value
	}{
		{"a z-score on 6 values cannot pass sqrt(5)", []float64{550, 550, 550, 550, 550, 9487}, math.Sqrt(5), 0},
		{"zeros leave no deviation", []float64{0, 0, 0, 0, 40}, 2, 0},
		{"modified", []float64{1, 2, 3, 4, 105}, 1.9991, 0.6745 * 102},
	} {
		last := len(c.values) - 1
		if z := zScores(c.values)[last]; math.Abs(z-c.z) > 0.001 {
			t.Errorf("%s: z %.4f, want %.4f", c.name, z, c.z)
		}
		if m := modifiedZScores(c.values)[last]; math.Abs(m-c.modified) > 0.001 {
			t.Errorf("%s: modified %.4f, want %.4f", c.name, m, c.modified)
		}
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	result := Run([]uint64{CalibrationSeeds[0]})
	if err := result.Write(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range append([]string{"合计", "DHIS2 z分数", "DHIS2 修正z分数"}, anomaly.Names[anomaly.Mix], anomaly.Names[anomaly.Peers]) {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the table lacks %s:\n%s", want, b.String())
		}
	}
}
