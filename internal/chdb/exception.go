//go:build linux && amd64

package chdb

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// engineError is an error text of the engine:
//
//	Code: 60. DB::Exception: Table default.t does not exist. (UNKNOWN_TABLE)
//
// Some of libchdb's entry points put words of their own in front.
type engineError string

func (e engineError) Error() string { return string(e) }

var exceptionText = regexp.MustCompile(`(?s)Code:\s*(\d+)\.\s+(\S*[Ee]xception): (.*)`)
var exceptionName = regexp.MustCompile(`\(([A-Z][A-Z0-9_]+)\)\s*$`)

// text is the error from its code on.
func (e engineError) text() string {
	if at := exceptionText.FindStringIndex(string(e)); at != nil {
		return string(e)[at[0]:]
	}
	return string(e)
}

// code is ClickHouse's number of the error, 0 when the text has none.
func (e engineError) code() int {
	if m := exceptionText.FindStringSubmatch(string(e)); m != nil {
		code, _ := strconv.Atoi(m[1])
		return code
	}
	return 0
}

// exception makes of an engine error the type that clickhouse-go makes of a
// server's; other errors stay what they are.
func exception(err error) error {
	var e engineError
	if !errors.As(err, &e) {
		return err
	}
	m := exceptionText.FindStringSubmatch(string(e))
	if m == nil {
		return err
	}
	x := &clickhouse.Exception{Code: int32(e.code()), Name: m[2], Message: strings.TrimSpace(m[3])}
	if name := exceptionName.FindStringSubmatch(x.Message); name != nil {
		x.CodeName = name[1]
	}
	return x
}
