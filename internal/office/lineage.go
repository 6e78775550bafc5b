package office

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/store"
)

// succession is a unit in the first year after others ended in it.
type succession struct {
	unit disclosure.UnitNumber
	year disclosure.Year
}

// lineage knows from whom units took over, and what those filed last. Few
// units have predecessors, so all of them are read at once.
type lineage struct {
	merged map[succession][]*disclosure.Unit // whose only successor it is
	split  map[succession][]*disclosure.Unit
	// reports are the predecessors' standing revisions of their last year.
	reports map[disclosure.UnitNumber][]store.ReportHead
}

// readLineage finds out for all units. A unit takes over what another reported
// for its last year in the year after it.
func (o *Office) readLineage(ctx context.Context, units []disclosure.Unit) (*lineage, error) {
	l := &lineage{merged: map[succession][]*disclosure.Unit{}, split: map[succession][]*disclosure.Unit{}, reports: map[disclosure.UnitNumber][]store.ReportHead{}}
	var predecessors []disclosure.UnitNumber
	years := map[disclosure.Year]bool{}
	for i := range units {
		u := &units[i]
		heirs := slices.DeleteFunc(slices.Clone(u.Successors), func(n disclosure.UnitNumber) bool { return n == u.Number || n == 0 })
		slices.Sort(heirs)
		heirs = slices.Compact(heirs)
		if u.Last == 0 || u.MergedInto != 0 || len(heirs) == 0 {
			continue
		}
		into := l.merged
		if len(heirs) > 1 {
			into = l.split
		}
		for _, h := range heirs {
			k := succession{h, u.Last + 1}
			into[k] = append(into[k], u)
		}
		predecessors, years[u.Last] = append(predecessors, u.Number), true
	}
	if len(predecessors) == 0 {
		return l, nil
	}
	q := store.HeadQuery{Basis: store.Provisional, Units: predecessors}
	for y := range years {
		q.Years = append(q.Years, y)
	}
	heads, err := o.store.Heads(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, h := range heads {
		l.reports[h.Key.Unit] = append(l.reports[h.Key.Unit], h)
	}
	return l, nil
}

// heirs are the units that took over from others, once each.
func (l *lineage) heirs() []disclosure.UnitNumber {
	var out []disclosure.UnitNumber
	for _, from := range []map[succession][]*disclosure.Unit{l.merged, l.split} {
		for k := range from {
			out = append(out, k.unit)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// predecessor is a unit with the revision that stands for it, 0 for none.
type predecessor struct {
	unit *disclosure.Unit
	seq  uint64
}

// before are the units merged into a report's unit when its period began, each
// with its revision of the period before: of the same scope, or else the only
// one that it has.
func (l *lineage) before(key store.ReportKey) (merged []predecessor, split []*disclosure.Unit) {
	if key.Period.Quarter > 1 {
		return nil, nil // it took over in the year's first quarter
	}
	k := succession{key.Unit, key.Period.Year}
	for _, u := range l.merged[k] {
		p := predecessor{unit: u}
		var of []store.ReportHead
		for _, h := range l.reports[u.Number] {
			last := h.Key.Period.Year == key.Period.Year-1 && (h.Key.Period.Quarter == 0 || h.Key.Period.Quarter == 4)
			if last && h.Key.Family == key.Family {
				of = append(of, h)
			}
		}
		if i := slices.IndexFunc(of, func(h store.ReportHead) bool { return h.Key.Scope == key.Scope }); i >= 0 {
			p.seq = of[i].Seq
		} else if len(of) == 1 {
			p.seq = of[0].Seq
		}
		merged = append(merged, p)
	}
	slices.SortFunc(merged, func(a, b predecessor) int { return cmp.Compare(a.unit.Number, b.unit.Number) })
	return merged, l.split[k]
}

// mark names what came before a report beside its unit's own last one; "" for
// nothing. It is kept with the findings, which are old when it changes.
func (l *lineage) mark(key store.ReportKey) string {
	merged, split := l.before(key)
	if len(merged)+len(split) == 0 {
		return ""
	}
	var parts []string
	for _, p := range merged {
		parts = append(parts, fmt.Sprintf("%d:%d", p.unit.Number, p.seq))
	}
	for _, u := range split {
		parts = append(parts, fmt.Sprintf("%d/", u.Number))
	}
	return "~" + strings.Join(parts, ",")
}

// beforeOf is what a report comes after, out of the revisions that were read.
func (l *lineage) beforeOf(key store.ReportKey, last *disclosure.Report, reports map[uint64]*store.StoredReport) check.Before {
	b := check.Before{Last: last}
	merged, split := l.before(key)
	for _, p := range merged {
		m := check.Predecessor{Name: p.unit.Name}
		if r := reports[p.seq]; r != nil {
			m.Report = namedReport(r, p.unit)
		}
		b.Merged = append(b.Merged, m)
	}
	for _, u := range split {
		b.Split = append(b.Split, u.Name)
	}
	return b
}

// mergedBefore is what a draft comes after beside its unit's own last report.
func (o *Office) mergedBefore(ctx context.Context, units []disclosure.Unit, key store.ReportKey) (check.Before, error) {
	ended := slices.DeleteFunc(slices.Clone(units), func(u disclosure.Unit) bool {
		return u.Last != key.Period.Year-1 || !slices.Contains(u.Successors, key.Unit)
	})
	if len(ended) == 0 {
		return check.Before{}, nil
	}
	l, err := o.readLineage(ctx, ended)
	if err != nil {
		return check.Before{}, err
	}
	reports, err := o.readRevisions(ctx, []recheckItem{{StaleCheck: store.StaleCheck{Key: key}}}, l)
	if err != nil {
		return check.Before{}, err
	}
	return l.beforeOf(key, nil, reports), nil
}
