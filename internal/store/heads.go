package store

import (
	"context"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// headColumns receives the columns that questions about reports begin with:
// those of the key, then revision ... time.
type headColumns struct {
	keyColumns
	revision     uint32
	status, form string
	historic     bool
	seq          uint64
	time         time.Time
}

func (c *headColumns) targets(more ...any) []any {
	return c.keyColumns.targets(append([]any{&c.revision, &c.status, &c.form, &c.historic, &c.seq, &c.time}, more...)...)
}

func (c *headColumns) head() ReportHead {
	return ReportHead{Key: c.key(), Revision: int(c.revision), Status: Status(c.status), FormID: c.form, Historic: c.historic, Seq: c.seq, Time: c.time}
}

// Heads returns the reports on file by unit, period, family and scope.
func (s *Store) Heads(ctx context.Context, q HeadQuery) ([]ReportHead, error) {
	rows, err := s.askHeads(ctx, "heads", q)
	return collect(rows, err, func(rows driver.Rows) (ReportHead, error) {
		var c headColumns
		err := rows.Scan(c.targets()...)
		return c.head(), err
	})
}

// askHeads asks about the reports that q selects; the answer is nil when it
// names none.
func (s *Store) askHeads(ctx context.Context, name string, q HeadQuery) (driver.Rows, error) {
	if err := validBasis(q.Basis); err != nil {
		return nil, err
	}
	if none(q.Years) || none(q.Units) {
		return nil, nil
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
	rows, err := s.db.Query(named(ctx, "revisions", nil), question("revisions", ""), parameters("id", key.EntityID())...)
	return collect(rows, err, func(rows driver.Rows) (r Revision, err error) {
		var c headColumns
		var verb string
		err = rows.Scan(c.targets(&r.ActID, &r.By.Name, &r.By.Address, &verb)...)
		r.ReportHead, r.Verb = c.head(), Verb(verb)
		return r, err
	})
}
