package store

import (
	"context"

	"mingjing/internal/disclosure"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"
)

// What a FigureQuery leaves out, see sql/queries/selection.sql.
const (
	leaveNothing = ""
	leaveCompare = "compare"
	leaveSum     = "sum"
)

// fewUnits is of how many units figures are read from their reports: in the
// codes' stretches one unit's cost as much as everybody's.
const fewUnits = 32

// askFigures asks about the figures that q selects; the answer is nil when it
// names none.
func (s *Store) askFigures(ctx context.Context, name string, q FigureQuery, more ...any) (driver.Rows, error) {
	if err := validBasis(q.Basis); err != nil {
		return nil, err
	}
	if q.Codes == nil {
		return nil, disclosure.Errorf(disclosure.ErrInternal, "查询没有指明要哪些指标。")
	}
	if none(q.Codes) || none(q.Years) || none(q.Units) {
		return nil, nil
	}
	leave := leaveCompare
	switch {
	case q.CountedOnly:
		leave = leaveSum
	case q.AllScopes:
		leave = leaveNothing
	}
	rows, err := s.db.Query(named(ctx, name, nil), question(name, q.Basis),
		parameters(append([]any{"codes", texts(q.Codes), "years", numbers[uint16](q.Years), "units", numbers[uint32](q.Units), "leave_out", leave}, more...)...)...)
	return rows, domainError(err)
}

// Figures returns the values that reports hold, blanks and slashes included,
// by code, year and unit.
func (s *Store) Figures(ctx context.Context, q FigureQuery) ([]Figure, error) {
	name := "figures"
	if n := len(q.Units); n > 0 && n <= fewUnits {
		name = "unit_figures"
	}
	rows, err := s.askFigures(ctx, name, q)
	return collect(rows, err, func(rows driver.Rows) (Figure, error) {
		var unit uint32
		var year uint16
		var quarter uint8
		var scope, code, kind string
		var value *decimal.Decimal
		err := rows.Scan(&unit, &year, &quarter, &scope, &code, &kind, &value)
		f := Figure{Unit: disclosure.UnitNumber(unit), Year: disclosure.Year(year), Quarter: int(quarter),
			Scope: disclosure.Scope(scope), Code: disclosure.Code(code), Kind: disclosure.CellKind(kind)}
		if value != nil {
			f.Value = *value
		}
		return f, err
	})
}

// Sums returns what codes add up to in each year, leaving out years and codes
// for which no report holds a number. A district's sum asks CountedOnly.
func (s *Store) Sums(ctx context.Context, q FigureQuery) ([]YearSum, error) {
	rows, err := s.askFigures(ctx, "sums", q)
	return collect(rows, err, func(rows driver.Rows) (v YearSum, err error) {
		var year uint16
		var code string
		err = rows.Scan(&year, &code, &v.Sum, &v.Reports)
		v.Year, v.Code = disclosure.Year(year), disclosure.Code(code)
		return v, err
	})
}

// Medians returns the median of codes over the units of each year whose
// reports hold a number.
func (s *Store) Medians(ctx context.Context, q FigureQuery) ([]YearMedian, error) {
	rows, err := s.askFigures(ctx, "medians", q)
	return collect(rows, err, func(rows driver.Rows) (v YearMedian, err error) {
		var year uint16
		var code string
		err = rows.Scan(&year, &code, &v.Median, &v.N)
		v.Year, v.Code = disclosure.Year(year), disclosure.Code(code)
		return v, err
	})
}
