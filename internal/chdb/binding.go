//go:build linux && amd64

package chdb

import (
	"fmt"
	"runtime"
	"sync"
	"unsafe"

	"github.com/ebitengine/purego"
	"golang.org/x/sys/cpu"
)

// The functions of chdb.h that the engine uses. Handles are C addresses and
// travel as uintptr; only what Go reads is an unsafe.Pointer.
var (
	chdbVersion           func() unsafe.Pointer
	chdbSetSignalHandlers func(enabled int32)
	chdbConnect           func(argc int32, argv **byte) *uintptr
	chdbCloseConn         func(conn *uintptr)

	chdbQuery       statementFunction
	chdbStreamQuery statementFunction
	chdbStreamFetch func(conn, result uintptr) uintptr
	chdbCancelQuery func(conn, result uintptr)

	chdbResultBuffer  func(result uintptr) unsafe.Pointer
	chdbResultLength  func(result uintptr) uintptr
	chdbResultError   func(result uintptr) unsafe.Pointer
	chdbDestroyResult func(result uintptr)

	chdbStreamInsert  statementFunction
	chdbStreamAppend  func(stream uintptr, data *byte, n uintptr) int32
	chdbStreamDone    func(stream uintptr) uintptr
	chdbCancelInsert  func(stream uintptr)
	chdbInsertError   func(stream uintptr) unsafe.Pointer
	chdbDestroyInsert func(stream uintptr)

	chdbClassify func(conn uintptr, sql *byte, sqlLen uintptr, database *byte, databaseLen uintptr, analysis *queryAnalysis) int32
)

var symbols = []struct {
	name     string
	function any
}{
	{"chdb_version", &chdbVersion},
	{"chdb_set_signal_handlers_enabled", &chdbSetSignalHandlers},
	{"chdb_connect", &chdbConnect},
	{"chdb_close_conn", &chdbCloseConn},
	{"chdb_query_with_params_n", &chdbQuery},
	{"chdb_stream_query_with_params_n", &chdbStreamQuery},
	{"chdb_stream_fetch_result", &chdbStreamFetch},
	{"chdb_stream_cancel_query", &chdbCancelQuery},
	{"chdb_result_buffer", &chdbResultBuffer},
	{"chdb_result_length", &chdbResultLength},
	{"chdb_result_error", &chdbResultError},
	{"chdb_destroy_query_result", &chdbDestroyResult},
	{"chdb_stream_insert_with_params_n", &chdbStreamInsert},
	{"chdb_stream_append", &chdbStreamAppend},
	{"chdb_stream_done", &chdbStreamDone},
	{"chdb_stream_cancel_insert", &chdbCancelInsert},
	{"chdb_stream_insert_error", &chdbInsertError},
	{"chdb_destroy_insert_stream", &chdbDestroyInsert},
	{"chdb_classify_query_n", &chdbClassify},
}

var loading struct {
	sync.Mutex
	path string // of the library that this process holds; it is never unloaded
}

// loadLibrary loads libchdb once for the life of the process and takes its
// signal handlers away: with them, a nil dereference that Go recovers from
// hangs the process.
func loadLibrary(path string) error {
	loading.Lock()
	defer loading.Unlock()
	if loading.path == path {
		return nil
	}
	if loading.path != "" {
		return fmt.Errorf("%w: this process has loaded %s", ErrNoLibrary, loading.path)
	}
	if !cpu.X86.HasAVX2 {
		return ErrCPU
	}
	if err := requireGlibc(); err != nil {
		return err
	}
	library, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoLibrary, err)
	}
	for _, s := range symbols {
		address, err := purego.Dlsym(library, s.name)
		if err != nil {
			return fmt.Errorf("%w: %s is not the version this program was made for: %w", ErrNoLibrary, path, err)
		}
		purego.RegisterFunc(s.function, address)
	}
	chdbSetSignalHandlers(0)
	loading.path = path
	return nil
}

// requireGlibc refuses musl, under whose loader libchdb dies in ways that
// cannot be caught.
func requireGlibc() error {
	_, err := purego.Dlsym(purego.RTLD_DEFAULT, "gnu_get_libc_version")
	if err != nil {
		return fmt.Errorf("%w: this system's C library is not glibc", ErrNoLibrary)
	}
	return nil
}

// cString copies the NUL-terminated text at p, which C owns; nil is "".
func cString(p unsafe.Pointer) string {
	if p == nil {
		return ""
	}
	n := 0
	for *(*byte)(unsafe.Add(p, n)) != 0 {
		n++
	}
	return string(unsafe.Slice((*byte)(p), n))
}

// cArguments is a statement, its format and its parameters laid out for C.
// Everything that C follows is pinned until release; libchdb copies what it
// keeps before a call returns (chdb.h), so nothing of Go's stays behind.
type cArguments struct {
	query, format      []byte
	names, values      []*byte
	nameLens, valueLen []uintptr
	pins               runtime.Pinner
}

func newArguments(query, format string, parameters map[string]string) *cArguments {
	a := &cArguments{query: cBytes(query), format: cBytes(format)}
	a.pins.Pin(&a.query[0])
	a.pins.Pin(&a.format[0])
	for name, value := range parameters {
		n, v := cBytes(name), cBytes(value)
		a.pins.Pin(&n[0])
		a.pins.Pin(&v[0])
		a.names, a.nameLens = append(a.names, &n[0]), append(a.nameLens, uintptr(len(name)))
		a.values, a.valueLen = append(a.values, &v[0]), append(a.valueLen, uintptr(len(value)))
	}
	if len(parameters) > 0 {
		a.pins.Pin(&a.names[0])
		a.pins.Pin(&a.nameLens[0])
		a.pins.Pin(&a.values[0])
		a.pins.Pin(&a.valueLen[0])
	}
	return a
}

func (a *cArguments) release() { a.pins.Unpin() }

type statementFunction func(conn uintptr, query *byte, queryLen uintptr, format *byte, formatLen uintptr, names **byte, nameLens *uintptr, values **byte, valueLens *uintptr, n uintptr) uintptr

// call hands the arguments to one of the three functions that take a statement.
func (a *cArguments) call(f statementFunction, conn uintptr) uintptr {
	var names, values **byte
	var nameLens, valueLens *uintptr
	if len(a.names) > 0 {
		names, values, nameLens, valueLens = &a.names[0], &a.values[0], &a.nameLens[0], &a.valueLen[0]
	}
	result := f(conn, &a.query[0], uintptr(len(a.query)-1), &a.format[0], uintptr(len(a.format)-1),
		names, nameLens, values, valueLens, uintptr(len(a.names)))
	runtime.KeepAlive(a)
	return result
}

// cBytes is s with a final NUL, so that even "" has an address.
func cBytes(s string) []byte {
	b := make([]byte, len(s)+1)
	copy(b, s)
	return b
}

// queryAnalysis is chdb_query_analysis_v1.
type queryAnalysis struct {
	structSize     uint32
	statementCount uint32
	_              uint32 // flags
	queryClass     uint32
}
