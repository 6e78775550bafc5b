package store

import (
	"context"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// FilingStep is an entry in a report's life, without its figures.
type FilingStep struct {
	Report   string // EntityID of its key
	Seq      uint64
	Time     time.Time
	By       string // account
	Verb     Verb
	Status   Status
	Revision int
	Historic bool
	// WithProblems is the reason of 带问题收件, ReturnDue the day by which a
	// returned report is due again, Way how the revision came in.
	WithProblems, ReturnDue, Way string
}

// FilingSteps returns what happened to reports, oldest first; none for none.
func (s *Store) FilingSteps(ctx context.Context, keys []ReportKey) ([]FilingStep, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	ids := make([]string, len(keys))
	for i, k := range keys {
		ids[i] = k.EntityID()
	}
	rows, err := s.db.Query(named(ctx, "filing steps", nil), question("filing_steps", ""), parameters("ids", ids)...)
	return collect(rows, err, func(rows driver.Rows) (f FilingStep, err error) {
		var verb, status string
		var revision uint32
		err = rows.Scan(&f.Report, &f.Seq, &f.Time, &f.By, &verb, &status, &revision, &f.Historic, &f.WithProblems, &f.ReturnDue, &f.Way)
		f.Verb, f.Status, f.Revision = Verb(verb), Status(status), int(revision)
		return f, err
	})
}
