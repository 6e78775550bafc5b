package store

import (
	"context"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Standing is how a report stands by its newest entry, whatever its status:
// with its filer, its unit's reviewer, the district, or out.
type Standing struct {
	Key      ReportKey
	Seq      uint64
	Verb     Verb
	Status   Status
	Revision int
	FormID   string
	Historic bool
	Time     time.Time
	By       Actor
}

// Standings returns how the reports stand by unit, period, family and scope;
// the query's basis does not matter.
func (s *Store) Standings(ctx context.Context, q HeadQuery) ([]Standing, error) {
	if none(q.Years) || none(q.Units) {
		return nil, nil
	}
	rows, err := s.db.Query(named(ctx, "standings", nil), question("standings", ""), headParameters(q)...)
	return collect(rows, err, scanStanding)
}

// ReportsWaiting returns the reports of a family that stand in one of some statuses,
// whatever their year, the one that came there first first.
func (s *Store) ReportsWaiting(ctx context.Context, family string, statuses ...Status) ([]Standing, error) {
	rows, err := s.db.Query(named(ctx, "waiting", nil), question("waiting", ""), parameters("statuses", texts(statuses), "family", family)...)
	return collect(rows, err, scanStanding)
}

func scanStanding(rows driver.Rows) (Standing, error) {
	var c headColumns
	var by Actor
	var verb string
	err := rows.Scan(c.targets(&by.Name, &by.Address, &verb)...)
	return Standing{Key: c.key(), Seq: c.seq, Verb: Verb(verb), Status: Status(c.status), Revision: int(c.revision),
		FormID: c.form, Historic: c.historic, Time: c.time, By: by}, err
}
