package store

import (
	"context"
	"encoding/json"
	"iter"

	"mingjing/internal/disclosure"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Report returns a report as it stands, with prose, raw texts and sources.
// Error: ErrNotFound when none is on file under that key and basis.
func (s *Store) Report(ctx context.Context, key ReportKey, basis Basis) (*StoredReport, error) {
	if err := validBasis(basis); err != nil {
		return nil, err
	}
	rows, err := s.db.Query(named(ctx, "report", nil), question("report", basis), keyParameters(key)...)
	return theReport(rows, err)
}

// ReportAtStanding returns a report's newest revision, whatever its status.
// Error: ErrNotFound when nothing was ever filed under that key.
func (s *Store) ReportAtStanding(ctx context.Context, key ReportKey) (*StoredReport, error) {
	rows, err := s.db.Query(named(ctx, "report at standing", nil), question("report_at_standing", ""), keyParameters(key)...)
	return theReport(rows, err)
}

// theReport reads an answer of one report.
func theReport(rows driver.Rows, err error) (*StoredReport, error) {
	found, err := collect(rows, err, scanReport)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有这份报告,可能还没有提交或已被撤销。")
	}
	return found[0], nil
}

func keyParameters(key ReportKey) []any {
	return parameters("unit", uint32(key.Unit), "year", uint16(key.Period.Year), "quarter", uint8(key.Period.Quarter),
		"family", key.Family, "scope", string(key.Scope))
}

func scanReport(rows driver.Rows) (*StoredReport, error) {
	r := &StoredReport{}
	var state string
	if err := rows.Scan(&r.Seq, &r.Time, &r.By.Name, &r.By.Address, &state); err != nil {
		return nil, domainError(err)
	}
	if err := json.Unmarshal([]byte(state), &r.ReportState); err != nil {
		return nil, domainError(err)
	}
	return r, nil
}

// Reports yields reports as they stand, in the order in which they were
// filed, each read as the loop comes to it. An error ends the loop.
func (s *Store) Reports(ctx context.Context, q HeadQuery) iter.Seq2[*StoredReport, error] {
	return each(func() (driver.Rows, error) { return s.askHeads(ctx, "reports", q) }, scanReport)
}

// ReportsAt yields the revisions that stand in the log under some seqs.
func (s *Store) ReportsAt(ctx context.Context, seqs []uint64) iter.Seq2[*StoredReport, error] {
	return each(func() (driver.Rows, error) {
		if seqs == nil {
			seqs = []uint64{}
		}
		return s.db.Query(named(ctx, "revisions at", nil), question("revisions_at", ""), parameters("seqs", seqs)...)
	}, scanReport)
}

func (s *Store) collectReports(ctx context.Context, seqs []uint64) ([]*StoredReport, error) {
	var out []*StoredReport
	for r, err := range s.ReportsAt(ctx, seqs) {
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// each yields the rows of a question that is asked when the loop begins; an
// answer that is nil has none.
func each(ask func() (driver.Rows, error), scan func(driver.Rows) (*StoredReport, error)) iter.Seq2[*StoredReport, error] {
	return func(yield func(*StoredReport, error) bool) {
		rows, err := ask()
		if err != nil {
			yield(nil, domainError(err))
			return
		}
		if rows == nil {
			return
		}
		defer rows.Close()
		for rows.Next() {
			r, err := scan(rows)
			if !yield(r, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, domainError(err))
		}
	}
}
