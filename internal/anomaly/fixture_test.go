package anomaly

import (
	"testing"

	"mingjing/internal/disclosure"
)

// cells are a report's figures by code; those not named are 0.
type cells map[disclosure.Code]float64

const thisUnit disclosure.UnitNumber = 7

// report makes one of thisUnit's approved reports.
func report(y disclosure.Year, c cells) *Report {
	r := &Report{Unit: thisUnit, Year: y, Scope: disclosure.ScopeAgency, Approved: true, Figures: make([]float64, len(Codes()))}
	for code, v := range c {
		r.Figures[place(code)] = v
	}
	return r
}

func (r *Report) withValue(c disclosure.Code, v float64) *Report {
	r.Figures[place(c)] = v
	return r
}

// yearly makes reports that differ in one figure, from a first year on.
func yearly(first disclosure.Year, code disclosure.Code, values ...float64) []*Report {
	var out []*Report
	for i, v := range values {
		out = append(out, report(first+disclosure.Year(i), cells{code: v}))
	}
	return out
}

func scan(y disclosure.Year, units []disclosure.Unit, reports ...*Report) []Anomaly {
	s := NewScan(y, units)
	for _, r := range reports {
		s.Add(r)
	}
	return s.Finish()
}

// only fails unless there is exactly one anomaly, and returns it.
func only(t *testing.T, found []Anomaly) Anomaly {
	t.Helper()
	if len(found) != 1 {
		t.Fatalf("%d anomalies, want one: %+v", len(found), found)
	}
	return found[0]
}

func quiet(t *testing.T, found []Anomaly) {
	t.Helper()
	for _, a := range found {
		t.Errorf("unexpected %s %v: %s", a.Kind, a.Codes, a.Message)
	}
}
