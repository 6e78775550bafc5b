//go:build linux && amd64

package chdb

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"unsafe"
)

// connection is one native connection: one session with its own settings and
// current database. It runs one statement at a time and belongs to one
// goroutine at a time; parameters on a shared connection give wrong answers.
type connection struct {
	handle *uintptr
	mark   string // value of markSetting, unique among the engine's connections

	database string            // current database, "" = default
	settings map[string]string // what SET changed from the built-in defaults
	asked    map[string]string // the settings that its last request named
	// retired says to close it instead of lending it again: its session cannot
	// be brought back, or its statement ended before its time, and then libchdb
	// keeps a failed statement among the running ones until the next.
	retired bool
}

var errConnect = errors.New("chdb: the engine refused a connection")

// connect opens a native connection. The first one of a process boots the
// engine with args, the server options; later ones repeat them without effect.
func connect(args []string) (*connection, error) {
	var pins runtime.Pinner
	defer pins.Unpin()
	argv := make([]*byte, 0, len(args)+1)
	for _, arg := range append([]string{"clickhouse"}, args...) {
		b := cBytes(arg)
		pins.Pin(&b[0])
		argv = append(argv, &b[0])
	}
	pins.Pin(&argv[0])
	handle := chdbConnect(int32(len(argv)), &argv[0])
	runtime.KeepAlive(argv)
	if handle == nil {
		return nil, errConnect
	}
	return &connection{handle: handle}, nil
}

func (c *connection) close() {
	if c.handle != nil {
		chdbCloseConn(c.handle)
		c.handle = nil
	}
}

// execute runs a statement to its end and returns its whole output.
func (c *connection) execute(query, format string, parameters map[string]string) ([]byte, error) {
	arguments := newArguments(query, format, parameters)
	defer arguments.release()
	return takeResult(arguments.call(chdbQuery, *c.handle))
}

// takeResult copies a result out of C and frees it.
func takeResult(result uintptr) ([]byte, error) {
	if result == 0 {
		return nil, errors.New("chdb: the engine returned no result")
	}
	defer chdbDestroyResult(result)
	if text := cString(chdbResultError(result)); text != "" {
		return nil, engineError(text)
	}
	n := chdbResultLength(result)
	if n == 0 {
		return nil, nil
	}
	output := make([]byte, n)
	copy(output, unsafe.Slice((*byte)(chdbResultBuffer(result)), n))
	return output, nil
}

// resultStream is a running SELECT whose blocks are fetched one by one, so
// that a large result takes the memory of a block.
type resultStream struct {
	conn   *connection
	handle uintptr
	ended  bool
}

// stream starts a SELECT. The stream must be closed, and until then the
// connection takes no other statement.
func (c *connection) stream(query, format string, parameters map[string]string) (*resultStream, error) {
	arguments := newArguments(query, format, parameters)
	defer arguments.release()
	handle := arguments.call(chdbStreamQuery, *c.handle)
	if handle == 0 {
		return nil, errors.New("chdb: the engine returned no stream")
	}
	if text := cString(chdbResultError(handle)); text != "" {
		chdbDestroyResult(handle)
		return nil, engineError(text)
	}
	return &resultStream{conn: c, handle: handle}, nil
}

// next returns the next block, or io.EOF after the last one.
func (s *resultStream) next() ([]byte, error) {
	if s.ended {
		return nil, io.EOF
	}
	block, err := takeResult(chdbStreamFetch(*s.conn.handle, s.handle))
	if err != nil || len(block) == 0 {
		s.ended, s.conn.retired = true, s.conn.retired || err != nil
	}
	if err == nil && len(block) == 0 {
		err = io.EOF
	}
	return block, err
}

// close ends the query if it still runs and frees the stream.
func (s *resultStream) close() {
	if !s.ended {
		s.conn.retired = true
		chdbCancelQuery(*s.conn.handle, s.handle)
		s.ended = true
	}
	chdbDestroyResult(s.handle)
}

// appendSize is how much of an insert's body is handed to the engine at once.
const appendSize = 1 << 20

// insert streams body into an INSERT statement that has neither a FORMAT
// clause nor data. When it returns an error, nothing of the body stays, save
// whole blocks that the engine had flushed before (see the package comment).
func (c *connection) insert(query, format string, parameters map[string]string, body io.Reader) error {
	arguments := newArguments(query, format, parameters)
	defer arguments.release()
	stream := arguments.call(chdbStreamInsert, *c.handle)
	if stream == 0 {
		return errors.New("chdb: the engine returned no insert stream")
	}
	defer chdbDestroyInsert(stream)
	if text := cString(chdbInsertError(stream)); text != "" {
		return engineError(text)
	}
	buffer := make([]byte, appendSize)
	for {
		n, err := io.ReadFull(body, buffer)
		if n > 0 && chdbStreamAppend(stream, &buffer[0], uintptr(n)) != 0 {
			// done gives the engine's own reason; append only says that there is one.
			if _, err := takeResult(chdbStreamDone(stream)); err != nil {
				return err
			}
			return engineError(cString(chdbInsertError(stream)))
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			break
		}
		if err != nil {
			chdbCancelInsert(stream)
			return fmt.Errorf("chdb: the data of an insert broke off: %w", err)
		}
	}
	_, err := takeResult(chdbStreamDone(stream))
	return err
}

// classify parses a statement without running it.
func (c *connection) classify(query string) (queryAnalysis, error) {
	analysis := queryAnalysis{structSize: uint32(unsafe.Sizeof(queryAnalysis{}))}
	sql := cBytes(query)
	if chdbClassify(*c.handle, &sql[0], uintptr(len(query)), nil, 0, &analysis) != 0 {
		return analysis, errors.New("chdb: the engine could not classify a statement")
	}
	return analysis, nil
}
