package office

import (
	"cmp"
	"context"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/store"
)

// unitIndex is the unit list as pages need it, in the district's order.
type unitIndex struct {
	list     []disclosure.Unit
	byNumber map[disclosure.UnitNumber]*disclosure.Unit
}

// cached remembers an answer until the log or the checks change.
func cached[T any](ctx context.Context, o *Office, key string, ask func() (T, error)) (T, error) {
	version, err := o.store.Version(ctx)
	if err != nil {
		var none T
		return none, err
	}
	return remember(&o.reads, version, key, ask)
}

func (o *Office) units(ctx context.Context) (*unitIndex, error) {
	return cached(ctx, o, "units", func() (*unitIndex, error) {
		list, err := o.store.Units(ctx)
		if err != nil {
			return nil, err
		}
		idx := &unitIndex{list: slices.Clone(list), byNumber: make(map[disclosure.UnitNumber]*disclosure.Unit, len(list))}
		slices.SortFunc(idx.list, func(a, b disclosure.Unit) int { return byOrder(&a, &b) })
		for i := range idx.list {
			idx.byNumber[idx.list[i].Number] = &idx.list[i]
		}
		return idx, nil
	})
}

// years lists the years with reports of the national form.
func (o *Office) years(ctx context.Context, basis store.Basis) ([]disclosure.Year, error) {
	return cached(ctx, o, "years "+string(basis), func() ([]disclosure.Year, error) {
		sums, err := o.store.Sums(ctx, store.FigureQuery{Basis: basis, Codes: []disclosure.Code{"T3_NEW_RECEIVED_TOT"}, AllScopes: true})
		if err != nil {
			return nil, err
		}
		checked, err := o.store.FindingTotals(ctx, store.HeadQuery{Basis: basis, Family: disclosure.FamilyNational})
		if err != nil {
			return nil, err
		}
		out := []disclosure.Year{}
		for _, s := range sums {
			out = append(out, s.Year)
		}
		for _, c := range checked {
			out = append(out, c.Year) // reports that left 本年新收 blank
		}
		slices.Sort(out)
		return slices.Compact(out), nil
	})
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
