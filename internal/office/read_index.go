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
	// merged and split are the abolished units by who took them over: as the
	// only successor, or as one of several.
	merged, split map[disclosure.UnitNumber][]*disclosure.Unit
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
		idx.succeed()
		return idx, nil
	})
}

// reportYears counts the reports of the national form by year, rising.
func (o *Office) reportYears(ctx context.Context, basis store.Basis) ([]store.YearReports, error) {
	return cached(ctx, o, "years "+string(basis), func() ([]store.YearReports, error) {
		return o.store.ReportYears(ctx, store.HeadQuery{Basis: basis, Family: disclosure.FamilyNational})
	})
}

// scene is what every page under the filters rests on.
type scene struct {
	units   *unitIndex
	years   []disclosure.Year // with reports, rising
	choices Choices
}

// scene reads the units and years, and sets the filter's year to the latest
// when none is asked for.
func (o *Office) scene(ctx context.Context, f *Filter) (scene, error) {
	units, err := o.units(ctx)
	if err != nil {
		return scene{}, err
	}
	counts, err := o.reportYears(ctx, f.Basis)
	if err != nil {
		return scene{}, err
	}
	s := scene{units: units}
	for _, c := range counts {
		s.years = append(s.years, c.Year)
	}
	if f.Year == 0 && len(s.years) > 0 {
		f.Year = slices.Max(s.years)
	}
	s.choices = choicesOf(units.list, s.years, f.Year)
	return s, nil
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
