//go:build linux && amd64

package chdb

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// transport answers HTTP requests as ClickHouse's HTTP interface would. Each
// request is a session of its own: no setting, database or temporary table
// outlives it.
type transport struct{ engine *Engine }

var insertStatement = regexp.MustCompile(`(?is)^\s*INSERT\s`)
var trailingFormat = regexp.MustCompile(`(?is)\s+FORMAT\s+(\w+)\s*;?\s*$`)

// RoundTrip returns when the statement has ended, or, for a SELECT, when its
// first blocks are there; the rest is read from the engine as the body is
// read. An error of the engine is a response with status 500; an error of
// RoundTrip itself says that the request's context ended, that the engine is
// closed, or that the request could not be read.
//
// When the context ends first the statement is killed, and RoundTrip still
// waits for its end: a caller who hears of a cancelled INSERT can read back
// what became of it.
func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		defer req.Body.Close()
	}
	r, err := parseRequest(req.URL.Query())
	if err != nil {
		return answer(req.Context(), req, nil, err)
	}
	if strings.HasPrefix(req.Header.Get("Content-Type"), "multipart/") {
		return failure(req, engineError("Code: 48. DB::Exception: The embedded engine does not take external tables. (NOT_IMPLEMENTED)")), nil
	}
	if encoding := req.Header.Get("Content-Encoding"); encoding != "" {
		return failure(req, engineError("Code: 48. DB::Exception: The embedded engine does not take a body in "+encoding+". (NOT_IMPLEMENTED)")), nil
	}
	if closed := context.Cause(t.engine.running); closed != nil {
		return nil, closed
	}
	ctx, cancel := context.WithCancelCause(req.Context())
	release := context.AfterFunc(t.engine.running, func() { cancel(ErrClosed) })
	end := func() { release(); cancel(nil) }

	if insertStatement.MatchString(r.statement) {
		defer end()
		return t.insert(ctx, req, r)
	}
	statement, err := readStatement(req, r)
	if err != nil {
		end()
		return nil, err
	}
	if strings.HasPrefix(statement, handshakeQuery) {
		defer end()
		return success(req, handshake(t.engine.version)), nil
	}
	return t.query(ctx, end, req, r, statement)
}

func readStatement(req *http.Request, r request) (string, error) {
	if req.Body == nil {
		return r.statement, nil
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return "", err
	}
	return r.statement + string(body), nil
}

// borrow lends a connection in the state that the request asks for.
func (t transport) borrow(ctx context.Context, from *pool, r request) (*connection, error) {
	c, err := from.borrow(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := c.prepare(t.engine.base, r); err != nil {
		from.giveBack(c)
		return nil, err
	}
	return c, nil
}

func (t transport) insert(ctx context.Context, req *http.Request, r request) (*http.Response, error) {
	c, err := t.borrow(ctx, t.engine.inserts, r)
	if err != nil {
		return answer(ctx, req, nil, err)
	}
	statement, format := r.statement, r.format
	if m := trailingFormat.FindStringSubmatchIndex(statement); m != nil {
		statement, format = statement[:m[0]], statement[m[2]:m[3]]
	}
	finish := t.engine.watch(ctx, c)
	unblock := context.AfterFunc(ctx, func() { _ = req.Body.Close() })
	err = c.insert(statement, format, r.parameters, untilDone{ctx, req.Body})
	unblock()
	finish()
	c.retired = c.retired || err != nil
	t.engine.inserts.giveBack(c)
	return answer(ctx, req, nil, err)
}

// untilDone is a reader that fails when ctx ends, so that the data of a
// cancelled insert is cut off and not committed.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	if err := context.Cause(u.ctx); err != nil {
		return 0, err
	}
	n, err := u.r.Read(p)
	if cause := context.Cause(u.ctx); cause != nil {
		return 0, cause
	}
	return n, err
}

// query runs any statement but an insert with a body of data. end frees the
// request's context; it is called when nothing of the request runs any more.
func (t transport) query(ctx context.Context, end func(), req *http.Request, r request, statement string) (*http.Response, error) {
	c, err := t.borrow(ctx, t.engine.pool, r)
	if err != nil {
		defer end()
		return answer(ctx, req, nil, err)
	}
	finish := t.engine.watch(ctx, c)
	free := sync.OnceFunc(func() {
		finish()
		t.engine.pool.giveBack(c)
		end()
	})
	stream, output, err := c.run(statement, r)
	if err != nil || stream == nil {
		c.retired = c.retired || err != nil
		response, err := answer(ctx, req, output, err)
		free()
		return response, err
	}
	// Two blocks are taken at once: most results are one block, and then the
	// connection is free and the length known before the caller reads.
	body := &resultBody{stream: stream, ctx: ctx, free: free}
	first, err := body.prefetch()
	if err != nil {
		response, err := answer(ctx, req, nil, err)
		body.Close()
		return response, err
	}
	if body.ended {
		body.Close()
		return success(req, first), nil
	}
	body.abort()
	response := success(req, nil)
	response.Body, response.ContentLength = body, -1
	return response, nil
}

// answer turns the end of a statement into what RoundTrip returns.
func answer(ctx context.Context, req *http.Request, output []byte, err error) (*http.Response, error) {
	if err == nil {
		return success(req, output), nil
	}
	if cause := context.Cause(ctx); cause != nil {
		return nil, cause
	}
	var refused engineError
	if errors.As(err, &refused) {
		return failure(req, refused), nil
	}
	return nil, err
}

func success(req *http.Request, output []byte) *http.Response {
	return respond(req, http.StatusOK, output)
}

// failure is the response to an error of the engine; clickhouse-go makes a
// *clickhouse.Exception of it.
func failure(req *http.Request, err engineError) *http.Response {
	response := respond(req, http.StatusInternalServerError, []byte(err.text()))
	if code := err.code(); code > 0 {
		response.Header.Set("X-ClickHouse-Exception-Code", strconv.Itoa(code))
	}
	return response
}

func respond(req *http.Request, status int, body []byte) *http.Response {
	return &http.Response{
		Status: strconv.Itoa(status) + " " + http.StatusText(status), StatusCode: status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Request: req,
		// 0 tells clickhouse-go that there are no rows.
		ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader(body)),
	}
}
