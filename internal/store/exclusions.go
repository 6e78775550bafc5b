package store

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"mingjing/internal/disclosure"
)

// exclusion names a report that comparisons or sums leave out.
type exclusion struct {
	basis       Basis
	key         ReportKey
	notCompared bool
	notSummed   bool
}

type exclusionKey struct {
	basis Basis
	key   ReportKey
}

// exclusions keeps the table of that name in step with reports and units. It
// belongs to the writer.
type exclusions struct {
	rows    map[exclusionKey]exclusion                 // what the table says
	units   map[disclosure.UnitNumber]*disclosure.Unit // those with agreements by year
	version uint64
}

// loadExclusions reads the table and makes it anew from what is on file.
func loadExclusions(ctx context.Context, s *Store) (*exclusions, error) {
	e := &exclusions{rows: map[exclusionKey]exclusion{}, units: map[disclosure.UnitNumber]*disclosure.Unit{}}
	if err := e.readTable(ctx, s); err != nil {
		return nil, err
	}
	if err := e.readUnits(ctx, s); err != nil {
		return nil, err
	}
	return e, e.refresh(ctx, s, nil)
}

func (e *exclusions) readTable(ctx context.Context, s *Store) error {
	rows, err := s.db.Query(named(ctx, "exclusions", nil), question("exclusions", ""))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var x exclusion
		var k keyColumns
		var basis string
		if err := rows.Scan(k.targets(&x.notCompared, &x.notSummed, &basis)...); err != nil {
			return err
		}
		x.basis, x.key = Basis(basis), k.key()
		e.rows[exclusionKey{x.basis, x.key}] = x
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return s.db.QueryRow(named(ctx, "exclusions", nil), "SELECT max(version) FROM exclusions").Scan(&e.version)
}

func (e *exclusions) readUnits(ctx context.Context, s *Store) error {
	rows, err := s.db.Query(named(ctx, "exclusions", nil), question("particular_units", ""))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var state string
		if err := rows.Scan(&state); err != nil {
			return err
		}
		u := &disclosure.Unit{}
		if err := json.Unmarshal([]byte(state), u); err != nil {
			return err
		}
		e.units[u.Number] = u
	}
	return rows.Err()
}

// update brings the table to what holds after the rows of a batch; known are
// the entities that exist. Most reports are the only one of their unit and
// period, and cost nothing.
func (e *exclusions) update(ctx context.Context, s *Store, rows []*row, known map[entityKey]lastSeen) error {
	touched := map[uint32]bool{}
	for _, r := range rows {
		switch EntityKind(r.Kind) {
		case KindReport:
			if _, particular := e.units[disclosure.UnitNumber(r.Unit)]; particular || hasSibling(r, known) {
				touched[r.Unit] = true
			}
		case KindUnit:
			u := &disclosure.Unit{}
			if err := json.Unmarshal([]byte(r.State), u); err != nil {
				return err
			}
			_, particular := e.units[u.Number]
			delete(e.units, u.Number)
			if len(u.Years) > 0 {
				e.units[u.Number] = u
			}
			if particular || len(u.Years) > 0 {
				touched[r.Unit] = true
			}
		}
	}
	if len(touched) == 0 {
		return nil
	}
	return e.refresh(ctx, s, slices.Sorted(maps.Keys(touched)))
}

func hasSibling(r *row, known map[entityKey]lastSeen) bool {
	for _, id := range siblings(Entry{State: ReportState{Key: r.key()}}) {
		if _, ok := known[entityKey{r.Kind, id}]; ok {
			return true
		}
	}
	return false
}

// refresh reckons the exclusions of some units, nil for all, and writes what
// differs from the table.
func (e *exclusions) refresh(ctx context.Context, s *Store, units []uint32) error {
	wanted := map[exclusionKey]exclusion{}
	for _, basis := range []Basis{Approved, Provisional} {
		if err := e.reckon(ctx, s, basis, units, wanted); err != nil {
			return err
		}
	}
	var changed []exclusion
	var gone []exclusionKey
	for k, x := range wanted {
		if e.rows[k] != x {
			changed = append(changed, x)
		}
	}
	for k := range e.rows {
		if _, ok := wanted[k]; !ok && (units == nil || slices.Contains(units, uint32(k.key.Unit))) {
			gone = append(gone, k)
		}
	}
	if len(changed)+len(gone) == 0 {
		return nil
	}
	e.version++
	batch, err := s.db.PrepareBatch(named(ctx, "exclusions", nil), "INSERT INTO exclusions (basis, unit, year, quarter, family, scope, not_compared, not_summed, version, is_deleted)")
	if err != nil {
		return err
	}
	defer batch.Close()
	add := func(x exclusion, deleted uint8) error {
		k := x.key
		return batch.Append(string(x.basis), uint32(k.Unit), uint16(k.Period.Year), uint8(k.Period.Quarter), k.Family, string(k.Scope),
			x.notCompared, x.notSummed, e.version, deleted)
	}
	for _, x := range changed {
		if err := add(x, 0); err != nil {
			return err
		}
	}
	for _, k := range gone {
		if err := add(e.rows[k], 1); err != nil {
			return err
		}
	}
	if err := batch.Send(); err != nil {
		return err
	}
	for _, x := range changed {
		e.rows[exclusionKey{x.basis, x.key}] = x
	}
	for _, k := range gone {
		delete(e.rows, k)
	}
	return nil
}

func (e *exclusions) reckon(ctx context.Context, s *Store, basis Basis, units []uint32, out map[exclusionKey]exclusion) error {
	uncounted := []uint32{}
	for n, u := range e.units {
		if slices.ContainsFunc(u.Years, func(y disclosure.UnitYear) bool { return !y.Counted }) {
			uncounted = append(uncounted, uint32(n))
		}
	}
	if units == nil {
		units = []uint32{}
	}
	rows, err := s.db.Query(named(ctx, "exclusions", nil), question("scopes", basis), parameters("units", units, "uncounted", uncounted)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var unit uint32
		var year uint16
		var quarter uint8
		var family string
		var scopes []string
		if err := rows.Scan(&unit, &year, &quarter, &family, &scopes); err != nil {
			return err
		}
		agreed := disclosure.UnitYear{Scope: disclosure.ScopeAgency, Counted: true}
		if u, ok := e.units[disclosure.UnitNumber(unit)]; ok {
			agreed = u.In(disclosure.Year(year))
		}
		for scope, x := range leftOut(agreed, scopes) {
			x.basis, x.key = basis, keyOf(unit, year, quarter, family, string(scope))
			out[exclusionKey{basis, x.key}] = x
		}
	}
	return rows.Err()
}

// leftOut says which of a unit's reports for one period, given by their
// scopes, comparisons and sums leave out. Comparisons use the scope that the
// unit names, else 本机关, 本级汇总, 全域 in that order, else the only one there
// is. Sums use the unit's own figures once: reports of 本级汇总 and 全域 hold
// other units' and are left out by the question itself.
func leftOut(agreed disclosure.UnitYear, scopes []string) map[disclosure.Scope]exclusion {
	has := func(s disclosure.Scope) bool { return slices.Contains(scopes, string(s)) }
	var compared disclosure.Scope
	for _, s := range []disclosure.Scope{agreed.Scope, disclosure.ScopeAgency, disclosure.ScopeLevel, disclosure.ScopeRegion} {
		if s != disclosure.ScopeUnknown && has(s) {
			compared = s
			break
		}
	}
	out := map[disclosure.Scope]exclusion{}
	for _, text := range scopes {
		s := disclosure.Scope(text)
		x := exclusion{
			notCompared: s != compared,
			notSummed:   !agreed.Counted || s == disclosure.ScopeUnknown && has(disclosure.ScopeAgency),
		}
		if x.notCompared || x.notSummed {
			out[s] = x
		}
	}
	return out
}
