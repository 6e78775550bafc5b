package anomaly

import (
	"cmp"
	"slices"

	"mingjing/internal/disclosure"
)

// Scan looks for anomalies in the reports of one year. It takes all units'
// reports of all years in one pass, ordered by unit, and keeps of each unit no
// more than comparisons with like units need.
type Scan struct {
	year    disclosure.Year
	units   map[disclosure.UnitNumber]*disclosure.Unit
	lineage lineage
	// unit is whose reports are coming in.
	unit    disclosure.UnitNumber
	reports []*Report
	// kept are reports of units that took over from one another.
	kept  map[disclosure.UnitNumber][]*Report
	facts map[kindred][]*peerFacts
	found []Anomaly
}

// NewScan begins a scan of a year's reports. Units that are not listed are
// scanned without successors and are nobody's peers.
func NewScan(year disclosure.Year, units []disclosure.Unit) *Scan {
	s := &Scan{year: year, units: make(map[disclosure.UnitNumber]*disclosure.Unit, len(units)), lineage: lineageOf(units),
		kept: map[disclosure.UnitNumber][]*Report{}, facts: map[kindred][]*peerFacts{}}
	for i := range units {
		s.units[units[i].Number] = &units[i]
	}
	return s
}

// Add takes a report in. All of one unit's come together, in any order of
// years and scopes. The scan keeps r until the unit is done.
func (s *Scan) Add(r *Report) {
	if r.Unit != s.unit {
		s.flush()
		s.unit = r.Unit
	}
	s.reports = append(s.reports, r)
}

// flush tests the reports of the unit that has come to its end.
func (s *Scan) flush() {
	if len(s.reports) > 0 && s.lineage.involved[s.unit] {
		s.kept[s.unit] = slices.Clone(s.reports)
	} else {
		for _, r := range s.reports {
			if r.Year == s.year {
				s.test(ofScope(s.reports, r.Scope), r)
			}
		}
	}
	clear(s.reports)
	s.reports = s.reports[:0]
}

func (s *Scan) test(own series, r *Report) {
	found := append(history(own, r), mix(own, r)...)
	f := factsOf(r)
	f.alone = len(own) < 2
	f.mixed = slices.ContainsFunc(found, func(a Anomaly) bool { return a.Kind == Mix })
	s.found = append(s.found, found...)
	s.found = append(s.found, persistence(own, r)...)
	if u := s.units[r.Unit]; u != nil {
		k := kindred{kind: u.Kind, group: u.In(s.year).Group, scope: r.Scope}
		s.facts[k] = append(s.facts[k], f)
	}
}

// Finish ends the scan and returns what it found, the gravest first: by
// severity, score, unit.
func (s *Scan) Finish() []Anomaly {
	s.flush()
	for u, reports := range s.kept {
		for _, r := range reports {
			if r.Year == s.year {
				s.test(s.lineage.series(u, r.Scope, s.year, s.kept), r)
			}
		}
	}
	for k, facts := range s.facts {
		s.found = append(s.found, peers(s.year, k, facts)...)
	}
	slices.SortFunc(s.found, func(a, b Anomaly) int {
		return cmp.Or(cmp.Compare(gravity(a), gravity(b)), -cmp.Compare(a.Score, b.Score), cmp.Compare(a.Unit, b.Unit),
			cmp.Compare(a.Kind, b.Kind), slices.Compare(a.Codes, b.Codes))
	})
	return s.found
}

func gravity(a Anomaly) int {
	if a.Severity == Explain {
		return 0
	}
	return 1
}
