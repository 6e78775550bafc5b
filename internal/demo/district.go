// Package demo makes demonstration data: a district that does not exist, its
// units, their reports over some years, and a list of the faults planted in
// them. The same Spec always gives the same data. It knows nothing of storage
// or pages.
package demo

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"time"

	"mingjing/internal/disclosure"
)

// Spec says how much to make. The zero value is the usual demonstration.
type Spec struct {
	Units int             // 60 when 0; at least 4. Over 120 the data is several districts
	Years int             // 6 when 0
	Last  disclosure.Year // the last reporting year, 2025 when 0
	Seed  uint64
}

// Sizes of a district: its units are few enough to be looked at one by one.
const (
	usualUnits  = 60
	mostUnits   = 120
	fewestUnits = 4
	usualYears  = 6
	usualLast   = disclosure.Year(2025)
)

// District is demonstration data. It holds no reports: they are made when they
// are asked for, one district at a time, so that a country fits.
type District struct {
	Name string
	spec Spec
}

// Generate describes the data for a Spec. Values out of range are brought into
// it: at least 4 units and 1 year, no year before the 2019 form.
func Generate(spec Spec) *District {
	if spec.Units == 0 {
		spec.Units = usualUnits
	}
	if spec.Years == 0 {
		spec.Years = usualYears
	}
	if spec.Last == 0 {
		spec.Last = usualLast
	}
	spec.Units = max(spec.Units, fewestUnits)
	oldest := disclosure.NationalForm("2019").FirstYear
	spec.Last = max(spec.Last, oldest)
	spec.Years = min(max(spec.Years, 1), int(spec.Last-oldest)+1)
	return &District{Name: districtName, spec: spec}
}

// Years lists the reporting years, oldest first.
func (d *District) Years() []disclosure.Year {
	out := make([]disclosure.Year, d.spec.Years)
	for i := range out {
		out[i] = d.spec.Last - disclosure.Year(d.spec.Years-1-i)
	}
	return out
}

// Units yields every unit in sort order, a district's government first. The
// numbers run from 1.
func (d *District) Units() iter.Seq[disclosure.Unit] {
	return func(yield func(disclosure.Unit) bool) {
		for a := range d.areas() {
			for _, b := range a.bodies {
				if !yield(b.unit) {
					return
				}
			}
		}
	}
}

// Filing is a report as it was handed in.
type Filing struct {
	Unit   disclosure.UnitNumber
	Report *disclosure.Report
	// Filed is the day on which it was handed in and published.
	Filed time.Time
}

// Reports yields the national annual reports, unit by unit in the order of
// Units and year by year. A unit that did not file has no Filing. Each report
// is the caller's to keep.
func (d *District) Reports() iter.Seq[Filing] {
	return func(yield func(Filing) bool) {
		for a := range d.areas() {
			a.simulate()
			for i := range a.bodies {
				for y := range a.years {
					if f, ok := a.filing(i, y); ok && !yield(f) {
						return
					}
				}
			}
		}
	}
}

// Annexes yields the units' reports on the example of a local form (附表), in
// the order of Reports.
func (d *District) Annexes() iter.Seq[Filing] {
	return func(yield func(Filing) bool) {
		for a := range d.areas() {
			for i := range a.bodies {
				for y := range a.years {
					if f, ok := a.annex(i, y); ok && !yield(f) {
						return
					}
				}
			}
		}
	}
}

// areas yields the districts that the units are spread over, each with its
// units and without figures.
func (d *District) areas() iter.Seq[*area] {
	return func(yield func(*area) bool) {
		size := d.spec.Units
		if size > mostUnits {
			size = usualUnits
		}
		for k, done := 0, 0; done < d.spec.Units; k++ {
			n := min(size, d.spec.Units-done)
			if !yield(d.area(k, done, n)) {
				return
			}
			done += n
		}
	}
}

// area is one district with its units; its figures come with simulate.
type area struct {
	name   string
	seed   uint64
	years  []disclosure.Year
	bodies []body
	// planted are the faults in this district's reports; only the first
	// district has any.
	planted []planted
	// history holds each unit's true figures by year, before any fault.
	history [][]figures
}

// body is a unit with what its figures depend on.
type body struct {
	unit disclosure.Unit
	profile
}

func (d *District) area(k, before, n int) *area {
	a := &area{name: districtName, seed: d.spec.Seed, years: d.Years()}
	if k > 0 {
		a.name = fmt.Sprintf("示例%04d区", k+1)
	}
	a.populate(disclosure.UnitNumber(before+1), n)
	if k == 0 {
		a.plant()
	}
	return a
}

// random is the source for one unit: units do not depend on one another, and
// purpose keeps figures apart from prose.
func (a *area) random(u disclosure.UnitNumber, purpose uint64) *rand.Rand {
	return rand.New(rand.NewPCG(a.seed*31+purpose, uint64(u)))
}

// Purposes of random sources.
const (
	forFigures = iota
	forAnnex
	forFiling
	forProse // and on: one a year
)
