//go:build linux && amd64

package chdb

import (
	"errors"
	"regexp"
	"strings"
)

// classControl is CHDB_QUERY_CONTROL of chdb.h: statements that change the
// session (USE, SET, KILL ...) or write outside the engine.
const classControl = 3

var (
	outfile         = regexp.MustCompile(`(?i)\bOUTFILE\b`)
	temporaryObject = regexp.MustCompile(`(?i)\bTEMPORARY\b`)
)

const streamRefused = "Streaming query is not supported for query"

// run starts a statement: a SELECT as a stream, everything else to its end.
// Only SELECTs can be streamed, and which statement is one the engine's own
// parser says: it refuses the others before anything of them has run.
func (c *connection) run(statement string, r request) (*resultStream, []byte, error) {
	if err := c.refuse(statement); err != nil {
		return nil, nil, err
	}
	if !r.buffered {
		stream, err := c.stream(statement, r.format, r.parameters)
		var refused engineError
		if !errors.As(err, &refused) || !strings.Contains(string(refused), streamRefused) {
			return stream, nil, err
		}
	}
	analysis, err := c.classify(statement)
	if err != nil {
		return nil, nil, err
	}
	if analysis.queryClass >= classControl || temporaryObject.MatchString(statement) {
		c.retired = true // what USE, SET and temporary tables do ends with their request
	}
	output, err := c.execute(statement, r.format, r.parameters)
	return nil, output, err
}

// refuse turns away what ClickHouse's HTTP interface does not do either, but
// libchdb, being made of the command-line client, would: several statements
// at once, and writing the result to a file, which readonly does not prevent.
// Parsing costs as much as a small query, so only suspects are parsed.
func (c *connection) refuse(statement string) error {
	several := strings.Contains(strings.TrimRight(statement, "; \t\r\n"), ";")
	toFile := outfile.MatchString(statement)
	if !several && !toFile {
		return nil
	}
	analysis, err := c.classify(statement)
	switch {
	case err != nil:
		return err
	case analysis.statementCount > 1:
		return engineError("Code: 62. DB::Exception: Syntax error (Multi-statements are not allowed). (SYNTAX_ERROR)")
	case toFile && analysis.queryClass == classControl:
		return engineError("Code: 358. DB::Exception: INTO OUTFILE is not allowed. (INTO_OUTFILE_NOT_ALLOWED)")
	}
	return nil
}
