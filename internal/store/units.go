package store

import (
	"context"
	"encoding/json"
	"slices"
	"sync"

	"mingjing/internal/disclosure"
)

// unitCache holds the units as of one seq of the log.
type unitCache struct {
	sync.Mutex
	seq    uint64
	loaded bool
	units  []disclosure.Unit
}

// Units returns every unit by its number. The slice is the caller's; what the
// units point to is shared and must not be changed.
func (s *Store) Units(ctx context.Context) ([]disclosure.Unit, error) {
	seq, err := s.LastSeq(ctx)
	if err != nil {
		return nil, err
	}
	s.units.Lock()
	defer s.units.Unlock()
	if s.units.loaded && s.units.seq == seq {
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
	s.units.seq, s.units.loaded, s.units.units = seq, true, out
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
