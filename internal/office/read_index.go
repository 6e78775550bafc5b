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

// cached remembers an answer until the log or the checks change. The key names
// all that the answer rests on, what the visitor may see included; filters go
// into it as %#v, which tells no units (nothing to see) from nil (all of them).
func cached[T any](ctx context.Context, o *Office, key string, ask func() (T, error)) (T, error) {
	version, err := o.store.Version(ctx)
	if err != nil {
		var none T
		return none, err
	}
	return remember(ctx, &o.reads, version, key, ask)
}

// cachedOf remembers an answer that rests on nothing but the entities of some
// kinds, and on some units' reports, until those change.
func cachedOf[T any](ctx context.Context, o *Office, key string, kinds []store.EntityKind, reports []store.ReportsOf, ask func() (T, error)) (T, error) {
	version, err := o.store.VersionOf(ctx, kinds, reports...)
	if err != nil {
		var none T
		return none, err
	}
	return remember(ctx, &o.reads, version, key, ask)
}

// What answers rest on.
var (
	ofUnits    = []store.EntityKind{store.KindUnit}
	ofPeople   = []store.EntityKind{store.KindUnit, store.KindPerson}
	ofSettings = []store.EntityKind{store.KindSetting}
	ofSitting  = []store.EntityKind{store.KindUnit, store.KindSetting} // and the unit's own reports
)

func (o *Office) units(ctx context.Context) (*unitIndex, error) {
	return cachedOf(ctx, o, "units", ofUnits, nil, func() (*unitIndex, error) {
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
	if f.Year == 0 {
		f.Year = latestOver(s.years, o.clock().In(shanghai).Year())
	}
	s.choices = choicesOf(units.list, s.years, f.Year)
	return s, nil
}

// latestOver is the year that people mean when they name none: the latest with
// reports that was over by the present one. A report that came early does not
// turn everybody's first page to a year that has hardly begun.
func latestOver(years []disclosure.Year, now int) disclosure.Year {
	var latest, over disclosure.Year
	for _, y := range years {
		latest = max(latest, y)
		if int(y) < now {
			over = max(over, y)
		}
	}
	if over != 0 {
		return over
	}
	return latest
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
