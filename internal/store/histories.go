package store

import (
	"context"
	"fmt"
	"iter"
	"math"
	"strconv"
	"strings"

	"mingjing/internal/disclosure"
)

// HistoryQuery selects yearly reports of one family and the figures wanted of
// them. Years First to Last; nil Units means all.
type HistoryQuery struct {
	Basis       Basis
	Family      string
	Codes       []disclosure.Code
	First, Last disclosure.Year
	Units       []disclosure.UnitNumber
}

// History is a report's figures as numbers, for statistics. Values stands in
// the order of the query's Codes: NaN where the report holds no number.
type History struct {
	Unit     disclosure.UnitNumber
	Year     disclosure.Year
	Scope    disclosure.Scope
	Approved bool
	Values   []float64
}

// Histories yields the figures of many reports by unit and year, every scope,
// in one pass that holds no more than a block of rows. An error ends the loop.
func (s *Store) Histories(ctx context.Context, q HistoryQuery) iter.Seq2[*History, error] {
	return func(yield func(*History, error) bool) {
		if err := validBasis(q.Basis); err != nil {
			yield(nil, err)
			return
		}
		places := make([]uint16, len(q.Codes))
		for i := range places {
			places[i] = uint16(i + 1)
		}
		rows, err := s.db.Query(named(ctx, "histories", nil), question("histories", q.Basis), parameters("family", q.Family,
			"codes", texts(q.Codes), "places", places, "first", uint16(q.First), "last", uint16(q.Last), "units", numbers[uint32](q.Units))...)
		if err != nil {
			yield(nil, domainError(err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var unit uint32
			var year uint16
			var scope string
			var approved bool
			var held string
			if err := rows.Scan(&unit, &year, &scope, &approved, &held); err != nil {
				yield(nil, domainError(err))
				return
			}
			h := &History{Unit: disclosure.UnitNumber(unit), Year: disclosure.Year(year), Scope: disclosure.Scope(scope), Approved: approved}
			if h.Values, err = heldValues(held, len(q.Codes)); err != nil {
				yield(nil, domainError(err))
				return
			}
			if !yield(h, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, domainError(err))
		}
	}
}

// heldValues reads "place value place value ...", values in ten thousandths.
func heldValues(text string, n int) ([]float64, error) {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.NaN()
	}
	for text != "" {
		var place, value string
		place, text, _ = strings.Cut(text, " ")
		value, text, _ = strings.Cut(text, " ")
		p, err := strconv.Atoi(place)
		if err != nil || p < 1 || p > n {
			return nil, fmt.Errorf("place %q of %d", place, n)
		}
		v, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return nil, err
		}
		out[p-1] = float64(v) / 1e4
	}
	return out, nil
}
