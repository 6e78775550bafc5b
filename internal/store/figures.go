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

func (s *Store) askFigures(ctx context.Context, name string, q FigureQuery) (driver.Rows, error) {
	if err := validBasis(q.Basis); err != nil {
		return nil, err
	}
	if len(q.Codes) == 0 {
		return nil, disclosure.Errorf(disclosure.ErrInternal, "查询没有指明要哪些指标。")
	}
	leave := leaveCompare
	switch {
	case q.CountedOnly:
		leave = leaveSum
	case q.AllScopes:
		leave = leaveNothing
	}
	rows, err := s.db.Query(named(ctx, name, nil), question(name, q.Basis),
		parameters("codes", texts(q.Codes), "years", numbers[uint16](q.Years), "units", numbers[uint32](q.Units), "leave_out", leave)...)
	return rows, domainError(err)
}

// Figures returns the values that reports hold, blanks and slashes included,
// by code, year and unit.
func (s *Store) Figures(ctx context.Context, q FigureQuery) ([]Figure, error) {
	rows, err := s.askFigures(ctx, "figures", q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Figure
	for rows.Next() {
		var unit uint32
		var year uint16
		var quarter uint8
		var scope, code, kind string
		var value *decimal.Decimal
		if err := rows.Scan(&unit, &year, &quarter, &scope, &code, &kind, &value); err != nil {
			return nil, domainError(err)
		}
		f := Figure{Unit: disclosure.UnitNumber(unit), Year: disclosure.Year(year), Quarter: int(quarter),
			Scope: disclosure.Scope(scope), Code: disclosure.Code(code), Kind: disclosure.CellKind(kind)}
		if value != nil {
			f.Value = *value
		}
		out = append(out, f)
	}
	return out, domainError(rows.Err())
}

// Sums returns what codes add up to in each year, leaving out years and codes
// for which no report holds a number. A district's sum asks CountedOnly.
func (s *Store) Sums(ctx context.Context, q FigureQuery) ([]YearSum, error) {
	rows, err := s.askFigures(ctx, "sums", q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []YearSum
	for rows.Next() {
		var year uint16
		var code string
		var v YearSum
		if err := rows.Scan(&year, &code, &v.Sum, &v.Reports); err != nil {
			return nil, domainError(err)
		}
		v.Year, v.Code = disclosure.Year(year), disclosure.Code(code)
		out = append(out, v)
	}
	return out, domainError(rows.Err())
}

// Medians returns the median of codes over the units of each year whose
// reports hold a number.
func (s *Store) Medians(ctx context.Context, q FigureQuery) ([]YearMedian, error) {
	rows, err := s.askFigures(ctx, "medians", q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []YearMedian
	for rows.Next() {
		var year uint16
		var code string
		var v YearMedian
		if err := rows.Scan(&year, &code, &v.Median, &v.N); err != nil {
			return nil, domainError(err)
		}
		v.Year, v.Code = disclosure.Year(year), disclosure.Code(code)
		out = append(out, v)
	}
	return out, domainError(rows.Err())
}
