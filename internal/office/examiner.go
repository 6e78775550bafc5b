package office

import (
	"context"
	"maps"
	"slices"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/store"
)

// examiner is what reports are held against in one run of the checks: the
// rules as they stand, the districts, who took over
// from whom, and what others' ledgers say.
type examiner struct {
	office    *Office
	rules     *check.RuleSet
	units     []disclosure.Unit
	districts *districtIndex
	lineage   *lineage
	sources   sourceFigures
}

func (o *Office) examiner(ctx context.Context) (*examiner, error) {
	x := &examiner{office: o}
	var err error
	if x.rules, err = o.ruleSet(ctx); err != nil {
		return nil, err
	}
	if x.units, err = o.store.Units(ctx); err != nil {
		return nil, err
	}
	x.districts = districtsOf(x.units)
	lines, err := o.sources(ctx)
	if err != nil {
		return nil, err
	}
	x.sources = figuresOf(lines, x.units)
	x.lineage, err = o.readLineage(ctx, x.units)
	return x, err
}

// version names what the findings of a report rest on beside it and its unit's
// last one.
func (x *examiner) version(key store.ReportKey) string {
	return x.rules.Version() + x.lineage.mark(key)
}

// stale are the revisions that were not checked under these rules against what
// came before them as it stands. The store knows of a unit's own last report;
// units that took over from others are looked at here.
func (x *examiner) stale(ctx context.Context) ([]store.StaleCheck, error) {
	stale, err := x.office.store.StaleChecks(ctx, x.rules.Version())
	heirs := x.lineage.heirs()
	if err != nil || len(heirs) == 0 {
		return stale, err
	}
	on := map[uint64]store.CheckRow{}
	for _, basis := range []store.Basis{store.Provisional, store.Approved} {
		rows, err := x.office.store.Checks(ctx, store.HeadQuery{Basis: basis, Units: heirs})
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			on[row.Seq] = row
		}
	}
	out, known := stale[:0:0], map[uint64]bool{}
	for _, s := range stale {
		known[s.Seq] = true
		if row, checked := on[s.Seq]; checked && row.LastSeq == s.LastSeq && row.Rules == x.version(s.Key) {
			continue
		}
		out = append(out, s)
	}
	for _, row := range on {
		if !known[row.Seq] && row.Rules == x.rules.Version() && x.lineage.mark(row.Key) != "" {
			out = append(out, store.StaleCheck{Key: row.Key, Seq: row.Seq, LastSeq: row.LastSeq})
		}
	}
	return out, nil
}

// ofAnotherScope finds, for reports that have none of the same scope before
// them, their unit's report of the year before in another scope. All items are
// of one family and year. A report without scope is compared with none that
// says one: which of the two changed nobody knows.
func (x *examiner) ofAnotherScope(ctx context.Context, items []recheckItem) error {
	alone := map[disclosure.UnitNumber][]int{}
	for i, it := range items {
		if it.LastSeq == 0 && it.Key.Scope != disclosure.ScopeUnknown {
			alone[it.Key.Unit] = append(alone[it.Key.Unit], i)
		}
	}
	if len(alone) == 0 {
		return nil
	}
	first := items[0].Key
	q := store.HeadQuery{Basis: store.Provisional, Family: first.Family, Years: []disclosure.Year{first.Period.Year - 1}}
	if len(alone) <= recheckBatch {
		q.Units = slices.Sorted(maps.Keys(alone))
	}
	heads, err := x.office.store.Heads(ctx, q)
	if err != nil {
		return err
	}
	for _, h := range heads {
		for _, i := range alone[h.Key.Unit] {
			if h.Key.Scope != disclosure.ScopeUnknown && h.Key.Scope != items[i].Key.Scope && h.Key.Period.Quarter == items[i].Key.Period.Quarter {
				items[i].apart = h.Seq
			}
		}
	}
	return nil
}
