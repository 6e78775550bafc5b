package chdb

import (
	"net/http"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// maxExecutionTime ends a query that nobody cancels. A request that takes
// longer by nature names its own with clickhouse.WithSettings.
const maxExecutionTime = time.Minute

// Options are for clickhouse.Open: a client of this engine whose unqualified
// names mean database. The client may open more connections than the engine
// runs requests; the rest wait, each as long as its context allows.
func (e *Engine) Options(database string) *clickhouse.Options {
	const clients = 16 // an insert must not wait for a client's place either
	size := e.connections * clients
	return &clickhouse.Options{
		Protocol:     clickhouse.HTTP,
		Addr:         []string{"chdb.invalid:0"}, // a name that never leaves the process
		Auth:         clickhouse.Auth{Database: database},
		Settings:     clickhouse.Settings{"max_execution_time": int(maxExecutionTime.Seconds())},
		MaxOpenConns: size,
		MaxIdleConns: size,
		TransportFunc: func(*http.Transport) (http.RoundTripper, error) {
			return e.RoundTripper(), nil
		},
	}
}
