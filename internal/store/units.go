package store

import (
	"context"
	"encoding/json"
	"slices"
	"sync"

	"mingjing/internal/disclosure"
)

// unitCache holds the units as of one state of the unit list.
type unitCache struct {
	sync.Mutex
	version string // VersionOf
	units   []disclosure.Unit
}

// Units returns every unit by its number. The slice is the caller's; what the
// units point to is shared and must not be changed.
func (s *Store) Units(ctx context.Context) ([]disclosure.Unit, error) {
	version, err := s.VersionOf(ctx, []EntityKind{KindUnit})
	if err != nil {
		return nil, err
	}
	s.units.Lock()
	defer s.units.Unlock()
	if s.units.version == version {
		return slices.Clone(s.units.units), nil
	}
	rows, err := s.db.Query(named(ctx, "units", nil), question("units", ""))
	if err != nil {
		return nil, domainError(err)
	}
	defer rows.Close()
	var out []disclosure.Unit
	for rows.Next() {
		var state string
		var u disclosure.Unit
		if err := rows.Scan(&state); err != nil {
			return nil, domainError(err)
		}
		if err := json.Unmarshal([]byte(state), &u); err != nil {
			return nil, domainError(err)
		}
		out = append(out, u)
	}
	if err := rows.Err(); err != nil {
		return nil, domainError(err)
	}
	s.units.version, s.units.units = version, out
	return slices.Clone(out), nil
}

// NextUnitNumbers gives n unit numbers that nobody else gets, beginning with
// first. Those that no unit takes may be given again after a restart.
func (s *Store) NextUnitNumbers(n int) (first disclosure.UnitNumber, err error) {
	if s.writer == nil {
		return 0, disclosure.Errorf(disclosure.ErrUnavailable, sentenceReadOnly)
	}
	numbers := &s.writer.numbers
	numbers.Lock()
	defer numbers.Unlock()
	first = disclosure.UnitNumber(numbers.last + 1)
	numbers.last += uint32(n)
	return first, nil
}

// NextUnitNumber gives one unit number, see NextUnitNumbers.
func (s *Store) NextUnitNumber() (disclosure.UnitNumber, error) { return s.NextUnitNumbers(1) }
