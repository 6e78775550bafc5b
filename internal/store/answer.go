package store

import "github.com/ClickHouse/clickhouse-go/v2/lib/driver"

// none says that a selection names nothing; a nil one means everything.
func none[T any](selected []T) bool { return selected != nil && len(selected) == 0 }

// collect reads the whole answer of a question, given with its error. An
// answer that is nil has no rows.
func collect[T any](rows driver.Rows, err error, scan func(driver.Rows) (T, error)) ([]T, error) {
	if err != nil || rows == nil {
		return nil, domainError(err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, domainError(err)
		}
		out = append(out, v)
	}
	return out, domainError(rows.Err())
}

// keyColumns receives the columns of a report's key, which come first in
// every answer that has them: unit, year, quarter, family, scope.
type keyColumns struct {
	unit          uint32
	year          uint16
	quarter       uint8
	family, scope string
}

func (c *keyColumns) targets(more ...any) []any {
	return append([]any{&c.unit, &c.year, &c.quarter, &c.family, &c.scope}, more...)
}

func (c *keyColumns) key() ReportKey { return keyOf(c.unit, c.year, c.quarter, c.family, c.scope) }
