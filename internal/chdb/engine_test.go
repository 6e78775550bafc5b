//go:build linux && amd64

package chdb

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// post sends one request past clickhouse-go, arguments as "name", "value" pairs.
func post(ctx context.Context, body io.Reader, arguments ...string) (*http.Response, error) {
	values := url.Values{"default_format": {"TSV"}}
	for i := 0; i < len(arguments); i += 2 {
		values.Set(arguments[i], arguments[i+1])
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://chdb.invalid/?"+values.Encode(), body)
	if err != nil {
		return nil, err
	}
	return engine.RoundTripper().RoundTrip(req)
}

// ask returns the text of a response and the exception code in its header.
func ask(t *testing.T, statement string, arguments ...string) (text string, code int) {
	t.Helper()
	response, err := post(context.Background(), strings.NewReader(statement), arguments...)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	if header := response.Header.Get("X-ClickHouse-Exception-Code"); header != "" {
		if code, err = strconv.Atoi(header); err != nil || response.StatusCode != http.StatusInternalServerError {
			t.Fatalf("%s: status %d with code %q", statement, response.StatusCode, header)
		}
	}
	return strings.TrimSpace(string(body)), code
}

func TestServerLimits(t *testing.T) {
	for query, want := range map[string]string{
		"SELECT value FROM system.server_settings WHERE name = 'max_server_memory_usage'": strconv.Itoa(testMemory),
		"SELECT value FROM system.server_settings WHERE name = 'mark_cache_size'":         strconv.Itoa(testMemory / 16),
		"SELECT getSetting('max_memory_usage')":                                           strconv.Itoa(testMemory / 4 * 3),
		"SELECT getSetting('async_insert')":                                               "false",
		"SELECT timezone()":                                                               "UTC",
		"SELECT version()":                                                                engine.Version(),
	} {
		if got, _ := ask(t, query); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

// Every request is a session of its own. All but one connection are taken, so
// that each request gets the one that the last request had.
func TestSessionsAreSeparate(t *testing.T) {
	embedded(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	hold(t, ctx, testConnections-1)
	threads, _ := ask(t, "SELECT getSetting('max_threads')")
	for _, c := range []struct {
		statement string
		arguments []string
	}{
		{"SET max_threads = 33", nil},
		{"SELECT 1", []string{"max_threads", "33"}},
		{"SELECT 1", []string{"max_result_rows", "7"}},
		{"USE system", nil},
		{"SELECT 1", []string{"database", "system"}},
		{"CREATE TEMPORARY TABLE mine (n UInt8)", nil},
		{"SELECT 1", []string{"readonly", "1"}},
		{"SELECT 1", []string{"param_p", "7"}},
		{"SELECT {p:UInt8}", []string{"param_p", "7"}},
	} {
		if text, code := ask(t, c.statement, c.arguments...); code != 0 {
			t.Fatalf("%s: %s", c.statement, text)
		}
		for _, look := range []struct{ query, want string }{
			{"SELECT getSetting('max_threads')", threads},
			{"SELECT currentDatabase()", "default"},
			{"SELECT getSetting('readonly')", "0"},
			{"SELECT getSetting('max_result_rows')", "0"},
			{"EXISTS TEMPORARY TABLE mine", "0"}, // last: its connection is not lent again
		} {
			if got, _ := ask(t, look.query); got != look.want {
				t.Errorf("after %s %v: %s yields %s, want %s", c.statement, c.arguments, look.query, got, look.want)
			}
		}
		if _, code := ask(t, "SELECT {p:UInt8}"); code != 456 {
			t.Errorf("after %s %v: a parameter is still set", c.statement, c.arguments)
		}
	}
}

func TestArgumentsAreHonouredOrRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "out")
	for _, c := range []struct {
		statement string
		arguments []string
		want      string
		code      int
	}{
		{"SELECT 1", []string{"database", "nonsuch"}, "", 81},
		{"SELECT 1", []string{"database", "`; DROP"}, "", 81},
		{"SELECT 1", []string{"max_threads", "x'"}, "", 27},
		{"SELECT 1", []string{"max_threads = 1, readonly", "1"}, "", 115},
		{"SELECT 1", []string{"session_id", "s"}, "", 48},
		{"SELECT 1", []string{"compress", "1"}, "", 48},
		{"SELECT 1, 'x'", []string{"default_format", "CSV"}, `1,"x"`, 0},
		{"SELECT 1 AS a FORMAT JSONEachRow", nil, `{"a":1}`, 0},
		{"SELECT throwIf(number = 300000) FROM numbers(400000)", []string{"wait_end_of_query", "1"}, "", 395},
		{"SELECT getSetting('log_comment') LIKE 'who asks %'", []string{"log_comment", "who asks"}, "1", 0},
		{"SELECT 'a;b' ; ", nil, "a;b", 0},
		{"-- a comment; with this\nSELECT 2 -- ; and that", nil, "2", 0},
		{"SELECT 1 INTO OUTFILE '" + file + "'", nil, "", 358},
		{"SELECT 1 INTO/**/OUTFILE '" + file + "'", []string{"readonly", "1"}, "", 358},
		{"SELECT 'into outfile'", nil, "into outfile", 0},
		{"SELECT 1 WHERE 0", nil, "", 0},
	} {
		text, code := ask(t, c.statement, c.arguments...)
		if code != c.code || (code == 0 && text != c.want) {
			t.Errorf("%s %v: %q with code %d, want %q with %d", c.statement, c.arguments, text, code, c.want, c.code)
		}
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a SELECT wrote %s: %v", file, err)
	}
	name, _ := ask(t, "SELECT errorCodeToName(358)")
	if name != "INTO_OUTFILE_NOT_ALLOWED" {
		t.Errorf("code 358 is %s", name)
	}
	for header, value := range map[string]string{"Content-Encoding": "gzip", "Content-Type": "multipart/form-data; boundary=x"} {
		req, err := http.NewRequest(http.MethodPost, "http://chdb.invalid/", strings.NewReader("SELECT 1"))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set(header, value)
		response, err := engine.RoundTripper().RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		if code := response.Header.Get("X-ClickHouse-Exception-Code"); code != "48" {
			t.Errorf("%s: %s: code %q, want 48", header, value, code)
		}
	}
}

func TestContentLength(t *testing.T) {
	for query, want := range map[string]int64{
		"SELECT 1 WHERE 0":                0, // clickhouse-go reads 0 as "no rows"
		"SELECT toUInt8(1)":               2,
		"SELECT number FROM numbers(1e6)": -1,
	} {
		response, err := post(context.Background(), strings.NewReader(query))
		if err != nil {
			t.Fatal(err)
		}
		if response.ContentLength != want {
			t.Errorf("%s: ContentLength %d, want %d", query, response.ContentLength, want)
		}
		if err := response.Body.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// hold takes n connections, each with a result that is not read.
func hold(t *testing.T, ctx context.Context, n int) []*http.Response {
	t.Helper()
	var held []*http.Response
	for range n {
		response, err := post(ctx, strings.NewReader("SELECT number FROM numbers(1e12)"))
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, response)
	}
	return held
}

func TestWaitingForAConnectionCanBeCancelled(t *testing.T) {
	db := embedded(t)
	held := hold(t, context.Background(), testConnections)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if err := db.Exec(ctx, "SELECT 1"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want context.DeadlineExceeded", err)
	}
	waiting := make(chan error, 1)
	go func() { waiting <- db.Exec(context.Background(), "SELECT 1") }()
	for _, response := range held {
		if err := response.Body.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := <-waiting; err != nil {
		t.Errorf("the one that waited: %v", err)
	}
	if _, err := held[0].Body.Read(make([]byte, 1)); err == nil {
		t.Error("a closed body can be read")
	}
}

// A result that nobody reads must not outlive its context.
func TestAbandonedResults(t *testing.T) {
	embedded(t)
	ctx, cancel := context.WithCancel(context.Background())
	held := hold(t, ctx, testConnections)
	cancel()
	if got, _ := ask(t, "SELECT 1"); got != "1" {
		t.Errorf("SELECT 1 yields %q", got)
	}
	for _, response := range held {
		if _, err := io.ReadAll(response.Body); !errors.Is(err, context.Canceled) {
			t.Errorf("reading on: %v, want context.Canceled", err)
		}
	}
}

// A result ten times larger than the query's memory goes through, block by block.
func TestLargeResultIsStreamed(t *testing.T) {
	embedded(t)
	const rows, width = 4_000_000, 100
	response, err := post(context.Background(), strings.NewReader("SELECT repeat('x', "+strconv.Itoa(width-1)+") FROM numbers("+strconv.Itoa(rows)+")"),
		"max_memory_usage", strconv.Itoa(40<<20), "max_block_size", "8192")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	n, err := io.Copy(io.Discard, response.Body)
	if err != nil || n != rows*width {
		t.Errorf("%d bytes (%v), want %d", n, err, rows*width)
	}
}

func TestMemoryLimitIsAnError(t *testing.T) {
	embedded(t)
	for _, limit := range []string{strconv.Itoa(50 << 20), "0"} { // the query's, then the engine's
		text, code := ask(t, "SELECT length(groupArray(number)) FROM numbers(1000000000)", "max_memory_usage", limit)
		if code != 241 {
			t.Errorf("limit %s: %s (code %d), want 241", limit, text, code)
		}
		if got, _ := ask(t, "SELECT sum(number) FROM numbers(1000)"); got != "499500" {
			t.Errorf("after the limit: %s, want 499500", got)
		}
	}
}

// brokenBody yields good and then fails, as a connection that breaks.
type brokenBody struct {
	good io.Reader
	err  error
}

func (b brokenBody) Read(p []byte) (int, error) {
	n, err := b.good.Read(p)
	if err == io.EOF {
		err = b.err
	}
	return n, err
}

var errBroken = errors.New("broken on purpose")

func TestCutInsertLeavesNoRows(t *testing.T) {
	embedded(t)
	if text, code := ask(t, "CREATE TABLE IF NOT EXISTS default.cut (n UInt64) ENGINE = MergeTree ORDER BY n"); code != 0 {
		t.Fatal(text)
	}
	defer ask(t, "DROP TABLE default.cut SYNC")

	numbers, code := ask(t, "SELECT number + 1000000 FROM numbers(500000)") // 4 MB, several appends
	if code != 0 {
		t.Fatal(numbers)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	for _, c := range []struct {
		name string
		ctx  context.Context
		body io.Reader
		want error // nil: an exception of the engine
	}{
		{"reader fails at once", context.Background(), brokenBody{strings.NewReader(""), errBroken}, errBroken},
		{"reader fails midway", context.Background(), brokenBody{strings.NewReader(numbers), errBroken}, errBroken},
		{"a value is wrong at the end", context.Background(), strings.NewReader(numbers + "\nx\n"), nil},
		{"the context ends midway", cancelled, io.MultiReader(strings.NewReader(numbers), onRead(cancel), strings.NewReader("\n5\n")), context.Canceled},
		{"the context ends and the reader blocks", cancelled, blocked(cancel), context.Canceled},
	} {
		response, err := post(c.ctx, c.body, "query", "INSERT INTO default.cut FORMAT TSV")
		if c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		if c.want == nil && (err != nil || response.StatusCode == http.StatusOK) {
			t.Errorf("%s: accepted (%v)", c.name, err)
		}
		if rows, _ := ask(t, "SELECT count() FROM default.cut"); rows != "0" {
			t.Fatalf("%s: %s rows stayed, want 0", c.name, rows)
		}
	}

	response, err := post(context.Background(), strings.NewReader(numbers), "query", "INSERT INTO default.cut FORMAT TSV")
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("whole insert: %v %v", response, err)
	}
	if rows, _ := ask(t, "SELECT count() FROM default.cut"); rows != "500000" {
		t.Errorf("whole insert left %s rows, want 500000", rows)
	}
}

// onRead is an empty reader that runs f when its turn comes.
type onRead func()

func (f onRead) Read([]byte) (int, error) { f(); return 0, io.EOF }

// blocked is a body that cancels its request and then waits to be closed.
func blocked(cancel func()) io.Reader {
	reader, writer := io.Pipe()
	go func() {
		_, _ = writer.Write([]byte("7\n"))
		cancel()
	}()
	return reader
}

// A native Block that is cut within must not be taken for a shorter one.
func TestCutNativeBlock(t *testing.T) {
	embedded(t)
	if text, code := ask(t, "CREATE TABLE IF NOT EXISTS default.cut_block (n UInt64) ENGINE = MergeTree ORDER BY n"); code != 0 {
		t.Fatal(text)
	}
	defer ask(t, "DROP TABLE default.cut_block SYNC")
	response, err := post(context.Background(), strings.NewReader("SELECT number AS n FROM numbers(200000)"), "default_format", "Native")
	if err != nil {
		t.Fatal(err)
	}
	blocks, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{1, 5, len(blocks) / 2, len(blocks) - 1} {
		response, err := post(context.Background(), bytes.NewReader(blocks[:size]), "query", "INSERT INTO default.cut_block FORMAT Native")
		if err != nil {
			t.Fatal(err)
		}
		rows, _ := ask(t, "SELECT count() FROM default.cut_block")
		if response.StatusCode == http.StatusOK || rows != "0" {
			t.Errorf("%d of %d bytes: status %d and %s rows, want an error and none", size, len(blocks), response.StatusCode, rows)
		}
	}
}

// What C is given must stay where it is while the collector runs.
func TestArgumentsSurviveTheCollector(t *testing.T) {
	db := embedded(t)
	done := make(chan struct{})
	defer close(done)
	go func() {
		for {
			select {
			case <-done:
				return
			default:
				runtime.GC()
			}
		}
	}()
	for i := range 200 {
		text := strings.Repeat(strconv.Itoa(i)+"\t明", 1000)
		if got := one[string](t, db, "SELECT {v:String}", clickhouse.Named("v", text)); got != text {
			t.Fatalf("query %d: a parameter of %d bytes came back changed", i, len(text))
		}
	}
}
