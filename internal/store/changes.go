package store

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"mingjing/internal/disclosure"
)

// ReportsOf are a unit's reports of a year.
type ReportsOf struct {
	Unit disclosure.UnitNumber
	Year disclosure.Year
}

// changes counts what was appended by kind, and reports by unit and year too, so that
// an answer can be kept although something else changed: sixty units that
// file must not make each other's forms be read anew.
type changes struct {
	sync.Mutex
	all     uint64 // of whatever kind: repairs, restores, erasures
	kinds   map[EntityKind]uint64
	reports map[ReportsOf]uint64
}

// note counts rows that are in place, in the log and in all projections.
func (c *changes) note(rows []*row) {
	c.Lock()
	defer c.Unlock()
	if c.kinds == nil {
		c.kinds, c.reports = map[EntityKind]uint64{}, map[ReportsOf]uint64{}
	}
	for _, r := range rows {
		kind := EntityKind(r.Kind)
		c.kinds[kind]++
		switch kind {
		case KindReport:
			c.reports[ReportsOf{disclosure.UnitNumber(r.Unit), disclosure.Year(r.Year)}]++
		case KindErasure: // it takes content out of entries of other kinds
			c.all++
		}
	}
}

// noteAll counts a change of whatever there is.
func (c *changes) noteAll() {
	c.Lock()
	defer c.Unlock()
	c.all++
}

// VersionOf names the state of the entities of some kinds, and of the reports
// of some units and years: it changes with them, and no answer that rests on nothing
// else has to be asked for anew before. A read-only process, which hears of
// others' appends by polling, tells only whether anything changed at all.
func (s *Store) VersionOf(ctx context.Context, kinds []EntityKind, reports ...ReportsOf) (string, error) {
	if s.writer == nil {
		return s.Version(ctx)
	}
	c := &s.changes
	c.Lock()
	defer c.Unlock()
	var b strings.Builder
	fmt.Fprint(&b, c.all)
	for _, k := range kinds {
		fmt.Fprintf(&b, " %d", c.kinds[k])
	}
	for _, r := range reports {
		fmt.Fprintf(&b, " %d/%d:%d", r.Unit, r.Year, c.reports[r])
	}
	return b.String(), nil
}
