package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"mingjing/internal/disclosure"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// PutChecks keeps the outcome of checks, in place of what is known of the same
// revisions. They can be made anew at any time and are no part of the log.
func (s *Store) PutChecks(ctx context.Context, checks []CheckRow) error {
	if s.writer == nil {
		return disclosure.Errorf(disclosure.ErrUnavailable, sentenceReadOnly)
	}
	if len(checks) == 0 {
		return nil
	}
	batch, err := s.db.PrepareBatch(named(ctx, "put checks", nil), `INSERT INTO checks (unit, year, quarter, family, scope, seq, last_seq, rules,
		errors, explains, notices, untried, findings, checked_at, version)`)
	if err != nil {
		return domainError(err)
	}
	defer batch.Close()
	version := uint64(time.Now().UnixNano()) // an order of writing, no date
	for _, c := range checks {
		k := c.Key
		if err := batch.Append(uint32(k.Unit), uint16(k.Period.Year), uint8(k.Period.Quarter), k.Family, string(k.Scope), c.Seq, c.LastSeq, c.Rules,
			c.Errors, c.Explains, c.Notices, c.Untried, string(c.Findings), c.CheckedAt.UTC(), version); err != nil {
			return domainError(err)
		}
	}
	if err := batch.Send(); err != nil {
		return domainError(err)
	}
	s.checked.Add(1)
	return nil
}

// Checks returns what was found in the revisions on file, by unit and period.
// Reports that were not checked yet have no row.
func (s *Store) Checks(ctx context.Context, q HeadQuery) ([]CheckRow, error) {
	rows, err := s.askHeads(ctx, "checks", q)
	return collect(rows, err, func(rows driver.Rows) (c CheckRow, err error) {
		var k keyColumns
		var findings string
		err = rows.Scan(k.targets(&c.Seq, &c.LastSeq, &c.Rules, &c.Errors, &c.Explains, &c.Notices, &c.Untried, &findings, &c.CheckedAt)...)
		c.Key, c.Findings = k.key(), json.RawMessage(findings)
		return c, err
	})
}

// StaleCheck is a revision on file that wants checking: it, last year's
// revision or the rules changed since. LastSeq is last year's, 0 for none.
// ReportsAt gives both.
type StaleCheck struct {
	Key          ReportKey
	Seq, LastSeq uint64
}

// StaleChecks returns the revisions, approved and provisional, that were not
// checked under these rules against last year's as it stands.
func (s *Store) StaleChecks(ctx context.Context, rules string) ([]StaleCheck, error) {
	rows, err := s.db.Query(named(ctx, "stale checks", nil), question("stale_checks", ""), parameters("rules", rules)...)
	return collect(rows, err, func(rows driver.Rows) (c StaleCheck, err error) {
		var k keyColumns
		err = rows.Scan(k.targets(&c.Seq, &c.LastSeq)...)
		c.Key = k.key()
		return c, err
	})
}

// FindingTotal is how many findings stand in a year's checked reports.
type FindingTotal struct {
	Year                               disclosure.Year
	Reports, WithErrors                uint64
	Errors, Explains, Notices, Untried uint64
}

// FindingTotals counts findings by year and severity.
func (s *Store) FindingTotals(ctx context.Context, q HeadQuery) ([]FindingTotal, error) {
	rows, err := s.askHeads(ctx, "finding_totals", q)
	return collect(rows, err, func(rows driver.Rows) (t FindingTotal, err error) {
		var year uint16
		err = rows.Scan(&year, &t.Reports, &t.WithErrors, &t.Errors, &t.Explains, &t.Notices, &t.Untried)
		t.Year = disclosure.Year(year)
		return t, err
	})
}

// Version names the state of everything that pages show: it changes with the
// log and with the checks. Caches go by it.
func (s *Store) Version(ctx context.Context) (string, error) {
	seq, err := s.LastSeq(ctx)
	if err != nil {
		return "", err
	}
	checked := s.checked.Load()
	if s.writer == nil {
		if err := s.db.QueryRow(named(ctx, "version", nil), "SELECT max(version) FROM checks").Scan(&checked); err != nil {
			return "", domainError(err)
		}
	}
	return fmt.Sprintf("%d.%d", seq, checked), nil
}
