//go:build linux && amd64

package chdb

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"
)

func TestHandshake(t *testing.T) {
	everywhere(t, func(t *testing.T, db driver.Conn) {
		version, err := db.ServerVersion()
		if err != nil {
			t.Fatal(err)
		}
		if version.Version.Major < 25 {
			t.Errorf("version %v, want 25.8 or newer", version.Version)
		}
		if err := db.Ping(context.Background()); err != nil {
			t.Errorf("ping: %v", err)
		}
	})
}

// hostile are texts that some layer between Go and the engine might change.
var hostile = map[string]string{
	"empty":       "",
	"tab":         "a\tb",
	"newline":     "a\nb\r\nc",
	"backslash":   `a\b\\c\n\N`,
	"quotes":      `'a' "b" ` + "`c`",
	"NUL":         "a\x00b\x00",
	"emoji":       "明镜🪞👩‍👩‍👧",
	"percent":     "%00 %E6 +&=?#;{a:String}",
	"looks NULL":  "NULL",
	"comment":     "-- a /* b */; DROP TABLE t",
	"exception":   "\r\n__exception__\r\nCode: 60. DB::Exception: no",
	"format":      "INSERT INTO t FORMAT CSV",
	"control":     "\x01\b\f\x1b\x7f",
	"long":        strings.Repeat("长\t", 10_000),
	"only spaces": "  ",
}

func TestTextRoundTrip(t *testing.T) {
	everywhere(t, func(t *testing.T, db driver.Conn) {
		execute(t, db, "CREATE TABLE texts (name String, value String) ENGINE = MergeTree ORDER BY name")
		batch, err := db.PrepareBatch(context.Background(), "INSERT INTO texts")
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range hostile {
			if err := batch.Append(name, text); err != nil {
				t.Fatal(err)
			}
		}
		if err := batch.Send(); err != nil {
			t.Fatal(err)
		}
		for name, text := range hostile {
			t.Run(name, func(t *testing.T) {
				if got := one[string](t, db, "SELECT {v:String}", clickhouse.Named("v", text)); got != text {
					t.Errorf("parameter came back as %q, want %q", got, text)
				}
				if got := one[[]string](t, db, "SELECT {v:Array(String)}", clickhouse.Named("v", []string{text, "x"})); len(got) != 2 || got[0] != text {
					t.Errorf("array parameter came back as %q, want %q first", got, text)
				}
				found := one[string](t, db, "SELECT value FROM texts WHERE name = {n:String} AND value = {v:String}",
					clickhouse.Named("n", name), clickhouse.Named("v", text))
				if found != text {
					t.Errorf("inserted value came back as %q, want %q", found, text)
				}
			})
		}
	})
}

func TestNullIsNotBlank(t *testing.T) {
	everywhere(t, func(t *testing.T, db driver.Conn) {
		execute(t, db, "CREATE TABLE cells (id UInt8, text Nullable(String), value Nullable(Decimal(18, 4))) ENGINE = MergeTree ORDER BY id")
		blank, zero := "", decimal.Zero
		cells := []struct {
			text  *string
			value *decimal.Decimal
		}{{nil, nil}, {&blank, &zero}}
		batch, err := db.PrepareBatch(context.Background(), "INSERT INTO cells")
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range cells {
			if err := batch.Append(uint8(i), c.text, c.value); err != nil {
				t.Fatal(err)
			}
		}
		if err := batch.Send(); err != nil {
			t.Fatal(err)
		}
		for i, want := range cells {
			var text *string
			var value *decimal.Decimal
			row := db.QueryRow(context.Background(), "SELECT text, value FROM cells WHERE id = {i:UInt8}", clickhouse.Named("i", i))
			if err := row.Scan(&text, &value); err != nil {
				t.Fatal(err)
			}
			if (text == nil) != (want.text == nil) || (value == nil) != (want.value == nil) {
				t.Errorf("row %d: text NULL %v, value NULL %v; want %v, %v", i, text == nil, value == nil, want.text == nil, want.value == nil)
			}
		}
		for _, c := range []struct {
			value any
			want  bool
		}{{nil, true}, {(*string)(nil), true}, {"", false}, {`\N`, false}} {
			if got := one[bool](t, db, "SELECT isNull({v:Nullable(String)})::Bool", clickhouse.Named("v", c.value)); got != c.want {
				t.Errorf("parameter %#v is NULL: %v, want %v", c.value, got, c.want)
			}
		}
	})
}

func TestDecimalIsExact(t *testing.T) {
	everywhere(t, func(t *testing.T, db driver.Conn) {
		execute(t, db, "CREATE TABLE fees (fee Decimal(18, 4)) ENGINE = MergeTree ORDER BY tuple()")
		for _, text := range []string{"0", "0.0001", "-0.0001", "96171.6", "0.1", "0.3", "99999999999999.9999", "-99999999999999.9999"} {
			want := decimal.RequireFromString(text)
			if got := one[decimal.Decimal](t, db, "SELECT {v:Decimal(18, 4)}", clickhouse.Named("v", want)); !got.Equal(want) {
				t.Errorf("parameter %s came back as %s", want, got)
			}
			batch, err := db.PrepareBatch(context.Background(), "INSERT INTO fees")
			if err != nil {
				t.Fatal(err)
			}
			if err := batch.Append(want); err != nil {
				t.Fatal(err)
			}
			if err := batch.Send(); err != nil {
				t.Fatal(err)
			}
			if n := one[uint64](t, db, "SELECT count() FROM fees WHERE fee = {v:Decimal(18, 4)}", clickhouse.Named("v", want)); n != 1 {
				t.Errorf("%d rows hold %s, want 1", n, want)
			}
		}
	})
}

func TestResultSizes(t *testing.T) {
	everywhere(t, func(t *testing.T, db driver.Conn) {
		for _, size := range []uint64{0, 1, 65_409, 65_410, 1_000_000} {
			rows, err := db.Query(context.Background(), "SELECT number, toString(number) FROM numbers({n:UInt64})", clickhouse.Named("n", size))
			if err != nil {
				t.Fatal(err)
			}
			var n, sum, number uint64
			var text string
			for rows.Next() {
				if err := rows.Scan(&number, &text); err != nil {
					t.Fatal(err)
				}
				if text != fmt.Sprint(number) {
					t.Fatalf("row %d: text %q beside number %d", n, text, number)
				}
				n, sum = n+1, sum+number
			}
			if err := rows.Err(); err != nil {
				t.Fatal(err)
			}
			if n != size || (size > 0 && sum != size*(size-1)/2) {
				t.Errorf("%d rows with sum %d, want %d rows", n, sum, size)
			}
		}
	})
}

func TestExceptionsAreTyped(t *testing.T) {
	everywhere(t, func(t *testing.T, db driver.Conn) {
		for _, c := range []struct {
			statement string
			settings  clickhouse.Settings
			code      int32
		}{
			{"SELECT", nil, 62},
			{"SELECT nonsuch", nil, 47},
			{"SELECT * FROM nonsuch", nil, 60},
			{"SELECT {nonsuch:UInt8}", nil, 456},
			{"CREATE DATABASE default", nil, 82},
			{"SELECT throwIf(number = 3) FROM numbers(10)", nil, 395},
			{"SELECT toUInt8('x')", nil, 6},
			{"SELECT 1; SELECT 2", nil, 62},
			{"SELECT 1", clickhouse.Settings{"nonsuch_setting": 1}, 115},
			{"CREATE TABLE t (a UInt8) ENGINE = Memory", clickhouse.Settings{"readonly": 1}, 164},
			{"INSERT INTO FUNCTION null('n UInt8') SELECT 1", clickhouse.Settings{"readonly": 1}, 164},
			{"SELECT 1 SETTINGS max_threads = 1", clickhouse.Settings{"readonly": 1}, 164},
			{"SET readonly = 0", clickhouse.Settings{"readonly": 1}, 164},
			{"SELECT * FROM file('/etc/hostname', 'LineAsString')", clickhouse.Settings{"readonly": 1}, 164},
			{"SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')", clickhouse.Settings{"readonly": 1}, 164},
			{"SELECT number FROM numbers(100)", clickhouse.Settings{"max_result_rows": 10, "result_overflow_mode": "throw"}, 396},
			{"SELECT count() FROM numbers(1000000)", clickhouse.Settings{"max_rows_to_read": 10}, 158},
			{"SELECT uniqExact(number) FROM numbers(10000000)", clickhouse.Settings{"max_memory_usage": 1 << 20}, 241},
			{"SELECT count() FROM numbers(1e13) WHERE number % 7 = 8", clickhouse.Settings{"max_execution_time": 0.2}, 159},
		} {
			err := db.Exec(with(c.settings), c.statement)
			var exception *clickhouse.Exception
			if !errors.As(err, &exception) {
				t.Errorf("%s: %v is no exception", c.statement, err)
			} else if exception.Code != c.code {
				t.Errorf("%s: code %d (%s), want %d", c.statement, exception.Code, exception.Message, c.code)
			}
			left := "SELECT count() FROM system.processes WHERE query = {q:String}"
			if n := one[uint64](t, db, left, clickhouse.Named("q", c.statement)); n != 0 {
				t.Errorf("%s: still stands in the list of processes", c.statement)
			}
		}
	})
}

func TestExceptionAmidRows(t *testing.T) {
	everywhere(t, func(t *testing.T, db driver.Conn) {
		rows, err := db.Query(context.Background(), "SELECT number, throwIf(number = 2500000, 'planted') FROM numbers(5000000)")
		if err == nil {
			for rows.Next() {
			}
			err = errors.Join(rows.Err(), rows.Close())
		}
		var exception *clickhouse.Exception
		if !errors.As(err, &exception) || exception.Code != 395 || !strings.HasPrefix(exception.Message, "planted") {
			t.Errorf("got %v, want exception 395 with the text 'planted'", err)
		}
	})
}

// A cancelled request must leave no query behind, whatever kind it is.
func TestCancellation(t *testing.T) {
	everywhere(t, func(t *testing.T, db driver.Conn) {
		execute(t, db, "CREATE TABLE sink (n UInt64) ENGINE = MergeTree ORDER BY n")
		for name, statement := range map[string]string{
			"scan":      "SELECT count() FROM numbers(1e13) WHERE number % 7 = 8",
			"aggregate": "SELECT uniq(number, number % 3) FROM numbers(1e13)",
			"join":      "SELECT count() FROM numbers(1000000) AS a, numbers(1000000) AS b WHERE a.number * b.number % 7 = 8",
			"insert":    "INSERT INTO sink SELECT number FROM numbers(1e13) WHERE number % 1000000 = 8",
		} {
			ctx, cancel := context.WithCancel(with(clickhouse.Settings{"log_comment": "cancel " + name}))
			ended := make(chan error, 1)
			go func() { ended <- db.Exec(ctx, statement) }()
			running := func() uint64 {
				return one[uint64](t, db, "SELECT count() FROM system.processes WHERE startsWith(Settings['log_comment'], {c:String})",
					clickhouse.Named("c", "cancel "+name))
			}
			eventually(t, name+" is running", func() bool { return running() == 1 })
			cancel()
			select {
			case err := <-ended:
				if !errors.Is(err, context.Canceled) {
					t.Errorf("%s: got %v, want context.Canceled", name, err)
				}
			case <-time.After(20 * time.Second):
				t.Fatalf("%s: still waits 20 s after it was cancelled", name)
			}
			eventually(t, name+" is gone", func() bool { return running() == 0 })
		}
	})
}

func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !condition(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited 20 s for: %s", what)
		}
	}
}

var queries = flag.Int("chdb.queries", 4000, "parameterised queries of TestConcurrency; the measure of the house is 40000")

// Parameters and settings of one request must never be seen by another.
func TestConcurrency(t *testing.T) {
	everywhere(t, func(t *testing.T, db driver.Conn) {
		var wg sync.WaitGroup
		for g := range testConnections {
			wg.Go(func() {
				for i := range *queries / testConnections {
					a, text, threads := uint64(g)<<32|uint64(i), fmt.Sprintf("%d\t%d", g, i), uint64(i%3+1)
					ctx := with(clickhouse.Settings{"max_rows_to_group_by": threads})
					var gotA, gotThreads uint64
					var gotText string
					err := db.QueryRow(ctx, "SELECT {a:UInt64}, {s:String}, toUInt64(getSetting('max_rows_to_group_by'))",
						clickhouse.Named("a", a), clickhouse.Named("s", text)).Scan(&gotA, &gotText, &gotThreads)
					if err != nil || gotA != a || gotText != text || gotThreads != threads {
						t.Errorf("asked for %d %q %d, got %d %q %d (%v)", a, text, threads, gotA, gotText, gotThreads, err)
						return
					}
				}
			})
		}
		wg.Wait()
	})
}
