package store

import (
	"context"
	"iter"
	"math"

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
			var held []uint16
			var values []int64
			if err := rows.Scan(&unit, &year, &scope, &approved, &held, &values); err != nil {
				yield(nil, domainError(err))
				return
			}
			h := &History{Unit: disclosure.UnitNumber(unit), Year: disclosure.Year(year), Scope: disclosure.Scope(scope), Approved: approved,
				Values: make([]float64, len(q.Codes))}
			for i := range h.Values {
				h.Values[i] = math.NaN()
			}
			for i, p := range held {
				h.Values[p-1] = float64(values[i]) / 1e4
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
