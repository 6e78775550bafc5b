//go:build linux && amd64

package chdb

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Engine is ClickHouse running in this process. Its methods may be called
// from any goroutine.
type Engine struct {
	version     string
	connections int
	base        map[string]string // settings of every connection
	pool        *pool             // of whatever is not an insert
	// inserts has connections of its own: what somebody saves does not wait
	// until the questions of everybody else are answered.
	inserts *pool
	lock    *folderLock // nil for a temporary store

	// keeper holds the engine up while the pool is empty (when the last
	// connection goes, the engine shuts down) and kills queries.
	keeper   *connection
	keeperMu sync.Mutex

	marks   atomic.Uint64
	running context.Context // ends when Close begins
	stop    context.CancelCauseFunc
	closing sync.Once
}

// process guards the one engine that a process can run: libchdb knows one
// data path at a time.
var process struct {
	sync.Mutex
	engine *Engine
}

// Open boots the engine. It returns ErrInUse when this or another process
// has the data folder (or, for this process, any engine) open, ErrNoLibrary
// or ErrCPU when libchdb cannot run here.
func Open(options Options) (*Engine, error) {
	options = options.withDefaults()
	library, err := LibraryPath(options.Library)
	if err != nil {
		return nil, err
	}
	process.Lock()
	defer process.Unlock()
	if process.engine != nil {
		return nil, fmt.Errorf("%w: this process runs an engine already", ErrInUse)
	}
	e := &Engine{base: options.settings(), connections: options.Connections}
	if options.Path != "" {
		if options.Path, err = filepath.Abs(options.Path); err != nil {
			return nil, fmt.Errorf("chdb: data folder: %w", err)
		}
		if e.lock, err = lockFolder(options.Path); err != nil {
			return nil, err
		}
	}
	if err := e.boot(library, options); err != nil {
		e.release()
		return nil, err
	}
	process.engine = e
	return e, nil
}

func (e *Engine) boot(library string, options Options) error {
	if err := loadLibrary(library); err != nil {
		return err
	}
	var err error
	args := options.arguments()
	e.running, e.stop = context.WithCancelCause(context.Background())
	open := func() (*connection, error) { return e.connect(args) }
	e.pool, e.inserts = newPool(options.Connections, open), newPool(insertConnections, open)
	if e.keeper, err = e.connect(args); err != nil {
		if options.Path != "" && engineLocked(options.Path) {
			return fmt.Errorf("%w: another ClickHouse has %s open", ErrInUse, options.Path)
		}
		return fmt.Errorf("%w: it does not start on %q, its reason is on standard error", err, options.Path)
	}
	if err := e.keeper.prepare(e.base, request{}); err != nil {
		return fmt.Errorf("chdb: settings at start: %w", err)
	}
	version, err := e.keeper.execute("SELECT version()", "TSVRaw", nil)
	if err != nil {
		return fmt.Errorf("chdb: version at start: %w", err)
	}
	e.version = strings.TrimSpace(string(version))
	return nil
}

func (e *Engine) connect(args []string) (*connection, error) {
	c, err := connect(args)
	if err != nil {
		return nil, err
	}
	c.mark = "chdb:" + strconv.FormatUint(e.marks.Add(1), 10)
	return c, nil
}

// RoundTripper answers the requests of clickhouse-go's HTTP protocol without
// any network: see transport.go.
func (e *Engine) RoundTripper() http.RoundTripper { return transport{e} }

// Version is the version of ClickHouse that runs, "26.7.2.1".
func (e *Engine) Version() string { return e.version }

// Close ends every running request, closes every connection and gives the
// data folder free. Requests that come later fail with ErrClosed. Closing
// twice is no error.
func (e *Engine) Close() error {
	e.closing.Do(func() {
		e.stop(ErrClosed)
		e.pool.drain()
		e.inserts.drain()
		process.Lock()
		defer process.Unlock()
		e.release()
		process.engine = nil
	})
	return nil
}

// release undoes what Open has done so far.
func (e *Engine) release() {
	if e.stop != nil {
		e.stop(ErrClosed)
	}
	if e.keeper != nil {
		e.keeperMu.Lock()
		e.keeper.close()
		e.keeperMu.Unlock()
	}
	if e.lock != nil {
		e.lock.release()
	}
}

// killPause is how long a killer waits before it asks again: a KILL that
// comes before the query stands in the list of processes finds nothing.
const killPause = 20 * time.Millisecond

// killer stops what runs on a connection when ctx ends. It gives up when
// finished is closed, and closes done when no KILL of it is under way any
// more: until then the connection must not be lent again.
func (e *Engine) killer(c *connection, finished <-chan struct{}, done chan<- struct{}) {
	defer close(done)
	// ASYNC, because SYNC waits for the query's end while it holds a lock
	// that the query needs to end.
	kill := "KILL QUERY WHERE endsWith(Settings['log_comment'], " + quoteText(c.mark) + ") ASYNC"
	for {
		e.keeperMu.Lock()
		_, _ = e.keeper.execute(kill, "Native", nil) // the next round tries again
		e.keeperMu.Unlock()
		select {
		case <-finished:
			return
		case <-time.After(killPause):
		}
	}
}

// watch runs killer when ctx ends. The returned function must be called when
// the native call has ended; it returns when the connection is free of KILLs.
func (e *Engine) watch(ctx context.Context, c *connection) (finish func()) {
	finished, done := make(chan struct{}), make(chan struct{})
	stop := context.AfterFunc(ctx, func() { e.killer(c, finished, done) })
	return func() {
		close(finished)
		if !stop() {
			<-done
		}
	}
}
