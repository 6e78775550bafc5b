package store

import (
	"context"

	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// MeasureParts says which figures a measure is made of. A ratio is
// sum(Numerator) / (sum(Plus) - sum(Minus)); a subtotal is the sum of those of
// Rows that hold numbers, or where none does of Instead, the alternate rows
// that some reports print in their place.
type MeasureParts struct {
	Code                   disclosure.Code
	Numerator, Plus, Minus []disclosure.Code
	Rows, Instead          []disclosure.Code
}

// MeasureSum is a measure over the reports of one year and scope. Reports hold
// every figure of a ratio, or a row of a subtotal, and only they are added up,
// so that numerator and denominator speak of the same reports. Median is taken
// over the N of them whose denominator is positive; of a ratio it is times 100.
type MeasureSum struct {
	Year                   disclosure.Year
	Measure                disclosure.Code
	Scope                  disclosure.Scope
	Reports                uint64
	Numerator, Denominator decimal.Decimal // a subtotal stands in Numerator
	N                      uint64
	Median                 float64
}

// Measures answers for many measures in one question; the codes of q are those
// of the measures' parts. Error: as for Figures.
func (s *Store) Measures(ctx context.Context, q FigureQuery, measures []MeasureParts) ([]MeasureSum, error) {
	var names, codes []disclosure.Code
	var roles []string
	q.Codes = nil
	seen := map[disclosure.Code]bool{}
	for _, m := range measures {
		for role, part := range map[string][]disclosure.Code{"numerator": m.Numerator, "plus": m.Plus, "minus": m.Minus, "row": m.Rows, "instead": m.Instead} {
			for _, c := range part {
				names, codes, roles = append(names, m.Code), append(codes, c), append(roles, role)
				if !seen[c] {
					seen[c] = true
					q.Codes = append(q.Codes, c)
				}
			}
		}
	}
	rows, err := s.askFigures(ctx, "measures", q, "measures", texts(names), "parts", texts(codes), "roles", roles)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []MeasureSum
	for rows.Next() {
		var year uint16
		var measure, scope string
		var m MeasureSum
		if err := rows.Scan(&year, &measure, &scope, &m.Reports, &m.Numerator, &m.Denominator, &m.N, &m.Median); err != nil {
			return nil, domainError(err)
		}
		m.Year, m.Measure, m.Scope = disclosure.Year(year), disclosure.Code(measure), disclosure.Scope(scope)
		out = append(out, m)
	}
	return out, domainError(rows.Err())
}

// YearReports counts the reports of a year; Pending are those not approved.
type YearReports struct {
	Year             disclosure.Year
	Reports, Pending uint64
}

// ReportYears returns the years that have reports on file, rising.
func (s *Store) ReportYears(ctx context.Context, q HeadQuery) ([]YearReports, error) {
	rows, err := s.askHeads(ctx, "report_years", q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []YearReports
	for rows.Next() {
		var year uint16
		var y YearReports
		if err := rows.Scan(&year, &y.Reports, &y.Pending); err != nil {
			return nil, domainError(err)
		}
		y.Year = disclosure.Year(year)
		out = append(out, y)
	}
	return out, domainError(rows.Err())
}
