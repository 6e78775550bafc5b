//go:build linux && amd64

package chdb

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// serverEnv names a ClickHouse server, clickhouse://user:password@host:9000/,
// on which the tests that are true of every ClickHouse run a second time.
const serverEnv = "MINGJING_TEST_CLICKHOUSE"

var databases atomic.Int64

// everywhere runs test on the embedded engine and on the server, if one is
// named, each with a fresh database.
func everywhere(t *testing.T, test func(t *testing.T, db driver.Conn)) {
	t.Helper()
	t.Run("embedded", func(t *testing.T) { test(t, embedded(t)) })
	t.Run("server", func(t *testing.T) {
		dsn := os.Getenv(serverEnv)
		if dsn == "" {
			t.Skipf("%s names no server", serverEnv)
		}
		test(t, freshDatabase(t, func(database string) *clickhouse.Options {
			options, err := clickhouse.ParseDSN(dsn)
			if err != nil {
				t.Fatalf("%s: %v", serverEnv, err)
			}
			options.Auth.Database = database
			return options
		}))
	})
}

// embedded opens a fresh database of the engine and fails the test when, at
// its end, a native connection has not come back.
func embedded(t *testing.T) driver.Conn {
	t.Helper()
	t.Cleanup(func() {
		deadline := time.Now().Add(10 * time.Second)
		for engine.pool.lent.Load() != 0 {
			if time.Now().After(deadline) {
				t.Errorf("%d native connections were not given back", engine.pool.lent.Load())
				return
			}
			time.Sleep(time.Millisecond)
		}
	})
	return freshDatabase(t, engine.Options)
}

func freshDatabase(t *testing.T, options func(database string) *clickhouse.Options) driver.Conn {
	t.Helper()
	name := fmt.Sprintf("chdb_test_%d_%d", os.Getpid(), databases.Add(1))
	admin := open(t, options("default"))
	execute(t, admin, "CREATE DATABASE "+name)
	t.Cleanup(func() { execute(t, admin, "DROP DATABASE "+name+" SYNC") })
	return open(t, options(name))
}

func open(t *testing.T, options *clickhouse.Options) driver.Conn {
	t.Helper()
	db, err := clickhouse.Open(options)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return db
}

func execute(t *testing.T, db driver.Conn, statement string) {
	t.Helper()
	if err := db.Exec(context.Background(), statement); err != nil {
		t.Fatalf("%s\n%v", statement, err)
	}
}

// one returns the single value that a query yields.
func one[T any](t *testing.T, db driver.Conn, query string, args ...any) T {
	t.Helper()
	var value T
	if err := db.QueryRow(context.Background(), query, args...).Scan(&value); err != nil {
		t.Fatalf("%s\n%v", query, err)
	}
	return value
}

// with is a context that carries settings for one request.
func with(settings clickhouse.Settings) context.Context {
	return clickhouse.Context(context.Background(), clickhouse.WithSettings(settings))
}
