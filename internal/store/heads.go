package store

import (
	"context"
	"time"

	"mingjing/internal/disclosure"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// headColumns receives the columns that every question about reports begins
// with: unit ... historic, seq, time.
type headColumns struct {
	unit                        uint32
	year                        uint16
	quarter                     uint8
	family, scope, status, form string
	revision                    uint32
	historic                    bool
	seq                         uint64
	time                        time.Time
}

func (c *headColumns) targets(more ...any) []any {
	return append([]any{&c.unit, &c.year, &c.quarter, &c.family, &c.scope, &c.revision, &c.status, &c.form, &c.historic, &c.seq, &c.time}, more...)
}

func (c *headColumns) head() ReportHead {
	return ReportHead{Key: keyOf(c.unit, c.year, c.quarter, c.family, c.scope), Revision: int(c.revision), Status: Status(c.status),
		FormID: c.form, Historic: c.historic, Seq: c.seq, Time: c.time}
}

// Heads returns the reports on file by unit, period, family and scope.
func (s *Store) Heads(ctx context.Context, q HeadQuery) ([]ReportHead, error) {
	rows, err := s.askHeads(ctx, "heads", q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []ReportHead
	for rows.Next() {
		var c headColumns
		if err := rows.Scan(c.targets()...); err != nil {
			return nil, domainError(err)
		}
		out = append(out, c.head())
	}
	return out, domainError(rows.Err())
}

func (s *Store) askHeads(ctx context.Context, name string, q HeadQuery) (driver.Rows, error) {
	if err := validBasis(q.Basis); err != nil {
		return nil, err
	}
	rows, err := s.db.Query(named(ctx, name, nil), question(name, q.Basis), headParameters(q)...)
	return rows, domainError(err)
}

// Revision is one step in the life of a report.
type Revision struct {
	ReportHead
	ActID string
	Verb  Verb
	By    Actor
}

// Revisions returns what became of a report, oldest first; none for a report
// that was never filed.
func (s *Store) Revisions(ctx context.Context, key ReportKey) ([]Revision, error) {
	out, err := s.revisions(ctx, key.EntityID())
	return out, domainError(err)
}

func (s *Store) revisions(ctx context.Context, id string) ([]Revision, error) {
	rows, err := s.db.Query(named(ctx, "revisions", nil), question("revisions", ""), parameters("id", id)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Revision
	for rows.Next() {
		var c headColumns
		var r Revision
		var verb string
		if err := rows.Scan(c.targets(&r.ActID, &r.By.Name, &r.By.Address, &verb)...); err != nil {
			return nil, err
		}
		r.ReportHead, r.Verb = c.head(), Verb(verb)
		out = append(out, r)
	}
	return out, rows.Err()
}

// LastYears returns, for heads on file, the head that each one's carries and
// stocks are compared with: the provisional one of the year before, of the same
// unit, quarter, family and scope.
func (s *Store) LastYears(ctx context.Context, heads []ReportHead) (map[ReportKey]ReportHead, error) {
	units, years := map[disclosure.UnitNumber]bool{}, map[disclosure.Year]bool{}
	q := HeadQuery{Basis: Provisional}
	for _, h := range heads {
		if !units[h.Key.Unit] {
			units[h.Key.Unit] = true
			q.Units = append(q.Units, h.Key.Unit)
		}
		if y := h.Key.Period.Year - 1; !years[y] {
			years[y] = true
			q.Years = append(q.Years, y)
		}
	}
	out := map[ReportKey]ReportHead{}
	if len(heads) == 0 {
		return out, nil
	}
	before, err := s.Heads(ctx, q)
	if err != nil {
		return nil, err
	}
	byKey := make(map[ReportKey]ReportHead, len(before))
	for _, h := range before {
		byKey[h.Key] = h
	}
	for _, h := range heads {
		if b, ok := byKey[h.Key.LastYear()]; ok {
			out[h.Key] = b
		}
	}
	return out, nil
}
