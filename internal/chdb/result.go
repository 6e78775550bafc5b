//go:build linux && amd64

package chdb

import (
	"context"
	"io"
	"sync"
)

// resultBody is the body of a large result: the blocks of a running SELECT.
// It holds the connection until it is read to its end, closed, or the
// request's context ends, whichever comes first.
type resultBody struct {
	ctx  context.Context
	free func()

	mu      sync.Mutex
	stream  *resultStream
	pending []byte // taken from the engine, not yet read
	err     error  // what comes after pending
	ended   bool   // the engine has no more blocks
	closed  bool
	unwatch func() bool
}

// prefetch takes up to two blocks.
func (b *resultBody) prefetch() ([]byte, error) {
	for range 2 {
		block, err := b.stream.next()
		if err == io.EOF {
			b.ended, b.err = true, io.EOF
			break
		}
		if err != nil {
			return nil, err
		}
		b.pending = append(b.pending, block...)
	}
	return b.pending, nil
}

// abort makes the end of the context end the query, even when nobody reads.
func (b *resultBody) abort() {
	stop := context.AfterFunc(b.ctx, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if !b.closed {
			b.pending, b.err = nil, context.Cause(b.ctx)
			b.finish()
		}
	})
	b.mu.Lock()
	b.unwatch = stop
	b.mu.Unlock()
}

// Read reads the result. An error of the engine in the middle is a
// *clickhouse.Exception: between blocks clickhouse-go hands a reader's error
// on, whereas the text frame that a server puts into the body comes out of it
// with its end doubled.
func (b *resultBody) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.pending) == 0 {
		if b.err != nil {
			return 0, b.err
		}
		block, err := b.stream.next()
		switch {
		case err == nil:
			b.pending = block
		case err == io.EOF:
			b.err = io.EOF
			b.finish()
		case context.Cause(b.ctx) != nil:
			b.err = context.Cause(b.ctx)
			b.finish()
		default:
			b.err = exception(err)
			b.finish()
		}
	}
	n := copy(p, b.pending)
	b.pending = b.pending[n:]
	return n, nil
}

// Close ends the query if it still runs.
func (b *resultBody) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err == nil {
		b.pending, b.err = nil, io.ErrClosedPipe
	}
	b.finish()
	return nil
}

// finish frees the stream and the connection, once.
func (b *resultBody) finish() {
	if b.closed {
		return
	}
	b.closed = true
	if b.unwatch != nil {
		b.unwatch()
	}
	b.stream.close()
	b.free()
}
