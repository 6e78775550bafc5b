// Package chdb runs ClickHouse inside this process and offers it to
// clickhouse-go as an http.RoundTripper, so that an embedded store and a
// server are used by the same code and the same SQL. It knows nothing of the
// product.
//
//	engine, err := chdb.Open(chdb.Options{Path: folder})
//	db, err := clickhouse.Open(engine.Options("default"))
//
// libchdb is loaded with purego, with cgo or without. A process runs one
// engine at a time, and a data folder belongs to one process.
//
// # What holds for a request
//
//   - It is a session of its own. SET, USE and temporary tables end with it.
//   - It has a native connection for itself out of a pool, or waits for one as
//     long as its context allows.
//   - When its context ends, the statement is killed, and the caller gets the
//     context's error only after the statement has ended. What a cancelled
//     INSERT left can therefore be read back at once. A statement that had
//     already succeeded is reported as a success.
//   - The rows of a SELECT are taken from the engine block by block while they
//     are read, whatever the size of the result; up to two blocks are taken
//     before the first is handed over. A result that is neither read to its
//     end, nor closed, nor cancelled keeps its connection. The setting
//     wait_end_of_query=1 trades this for "all rows or an error".
//   - An error of the engine is a *clickhouse.Exception with ClickHouse's code,
//     before the first row and between rows.
//
// # What holds for an insert
//
// The engine gathers the blocks of an insert up to 1,048,449 rows or 256 MB
// (min_insert_block_size_rows, _bytes) and writes each gathering as a whole.
// An insert within these limits and into one partition leaves all of its rows
// or none, wherever it is cut; a larger one may leave whole gatherings.
//
// # What it does not do
//
// Compression, session_id, external tables, several statements in one request
// and INTO OUTFILE are refused with ClickHouse's own codes. An unknown setting
// is an error, as on a server. There is no system.query_log; log_comment
// stands in system.processes, followed by a mark of this package.
package chdb
