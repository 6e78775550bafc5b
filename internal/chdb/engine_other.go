//go:build !(linux && amd64)

package chdb

import (
	"fmt"
	"net/http"
	"runtime"
)

// Engine cannot run on this system: libchdb is used on Linux on amd64 only.
// Open always fails here, so that no other method is ever reached.
type Engine struct{ connections int }

// Open returns ErrNoLibrary.
func Open(Options) (*Engine, error) {
	return nil, fmt.Errorf("%w: there is none for %s on %s", ErrNoLibrary, runtime.GOOS, runtime.GOARCH)
}

// RoundTripper refuses every request with ErrClosed.
func (*Engine) RoundTripper() http.RoundTripper { return closed{} }

// Version is empty.
func (*Engine) Version() string { return "" }

// Close does nothing.
func (*Engine) Close() error { return nil }

type closed struct{}

func (closed) RoundTrip(*http.Request) (*http.Response, error) { return nil, ErrClosed }
