package evaluate

import (
	"strings"
	"testing"
)

// The aims are met on districts and faults of another hand too, on seeds that
// nobody looked at.
func TestAimsAmongStrangers(t *testing.T) {
	t.Parallel()
	result := RunStrangers(StrangersEvaluation)
	product := result.Methods[0].Total
	recall, _ := product.Recall()
	precision, _ := product.Precision()
	if recall < AimRecall || precision < AimPrecision || product.Faults.Of < 150 {
		t.Errorf("recall %.3f, precision %.3f of %d; aims %.2f and %.2f\nmissed %s\nfalse %s", recall, precision, product.Faults.Of, AimRecall, AimPrecision,
			strings.Join(result.Missed, "\n"), strings.Join(result.False, "\n"))
	}
	for _, s := range result.Methods[0].Kinds {
		recall, planted := s.Recall()
		if precision, alarmed := s.Precision(); planted && recall < AimRecall || alarmed && precision < AimPrecision {
			t.Errorf("%s: recall %.3f, precision %.3f of %+v", s.Kind, recall, precision, s)
		}
	}
	for name, h := range result.Methods[0].Names {
		if share, _ := h.Share(); share < leastByName {
			t.Errorf("%s: found %d of %d", name, h.Hit, h.Of)
		}
	}
}

// leastByName is the recall of every single sort of fault: some are planted
// only 20 times, where the aim itself would fail by chance.
const leastByName = 0.8

// Every fault of theirs finds a place somewhere.
func TestStrangersPlantEverything(t *testing.T) {
	t.Parallel()
	planted := map[string]int{}
	for _, seed := range StrangersCalibration {
		for _, f := range strangers(seed).planted {
			planted[f.name]++
			if len(f.codes) == 0 {
				t.Errorf("%+v changed nothing", f)
			}
		}
	}
	for _, p := range strangePlantings {
		if planted[p.name] == 0 {
			t.Errorf("%s is never planted", p.name)
		}
	}
}
