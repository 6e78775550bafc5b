package chdb

import (
	"runtime"
	"strconv"
)

// Options says where and how large the engine is. The zero value is a
// temporary store in memory with the defaults below.
type Options struct {
	Path        string // data folder, made if missing; "" is a temporary store that Close forgets
	Library     string // path of libchdb.so; "" searches, see LibraryPath
	Connections int    // requests that run at the same time; 0 is 8
	MaxMemory   uint64 // bytes that the engine may take in all; 0 is 2 GiB
	MaxThreads  int    // threads of one query; 0 is the number of processors, at most 8
}

const (
	defaultConnections = 8
	insertConnections  = 3 // of the log, of drafts, of anything else, beside Connections
	defaultMaxMemory   = 2 << 30
	mostThreads        = 8
)

func (o Options) withDefaults() Options {
	if o.Connections <= 0 {
		o.Connections = defaultConnections
	}
	if o.MaxMemory == 0 {
		o.MaxMemory = defaultMaxMemory
	}
	if o.MaxThreads <= 0 {
		o.MaxThreads = min(runtime.NumCPU(), mostThreads)
	}
	return o
}

// arguments are the server options of the boot. Left alone, libchdb claims
// nine tenths of the machine's memory and a mark cache of 5 GiB.
func (o Options) arguments() []string {
	args := []string{
		"--max_server_memory_usage=" + strconv.FormatUint(o.MaxMemory, 10),
		"--mark_cache_size=" + strconv.FormatUint(o.MaxMemory/16, 10),
		"--index_mark_cache_size=" + strconv.FormatUint(o.MaxMemory/64, 10),
		"--uncompressed_cache_size=0",
		"--index_uncompressed_cache_size=0",
		"--mmap_cache_size=128",
	}
	if o.Path != "" {
		args = append(args, "--path="+o.Path)
	}
	return args
}

// settings hold on every connection unless a request names them itself.
// They take back what libchdb changes for interactive use, and give one query
// three quarters of the memory so that an error meets it before the engine.
func (o Options) settings() map[string]string {
	return map[string]string{
		"max_memory_usage":              strconv.FormatUint(o.MaxMemory/4*3, 10),
		"max_threads":                   strconv.Itoa(o.MaxThreads),
		"session_timezone":              "UTC",
		"async_insert":                  "0",
		"implicit_select":               "0",
		"allow_introspection_functions": "0",
	}
}
