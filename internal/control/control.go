// Package control lets a command run inside the process that holds the data
// folder: ClickHouse in a process takes the folder for itself, so while
// "mingjing serve" runs, import, sql, backup and the others go to it through a
// unix socket that only its owner can open.
//
// A call is one HTTP request over the socket: the command and its arguments in
// a header, the files that the client opened as a tar stream in the body, and
// output, progress and the exit code as lines of JSON in the answer.
package control

import (
	"encoding/json"
	"path/filepath"

	"mingjing/internal/disclosure"
)

// Call is one command with its arguments.
type Call struct {
	Command string          `json:"command"`
	Args    json.RawMessage `json:"args"`
	// Store names the store that the caller means, when it is not simply the one
	// of the folder; a process that serves another refuses the call.
	Store string `json:"store,omitempty"`
	// Files says that files follow; Run sets it.
	Files bool `json:"files"`
	// User is the operating-system user at the other end. The server fills it
	// in from the socket; what a client writes there is ignored.
	User string `json:"-"`
}

// line is one line of the answer; one field is set.
type line struct {
	Out      string    `json:"out,omitempty"`
	Bytes    []byte    `json:"bytes,omitempty"`
	Progress *Progress `json:"progress,omitempty"`
	End      *end      `json:"end,omitempty"`
}

type end struct {
	Exit    int                  `json:"exit"`
	Code    disclosure.ErrorCode `json:"code,omitempty"`
	Message string               `json:"message,omitempty"`
}

// Progress is how far a command is. Total 0 means that nobody knows.
type Progress struct {
	Done  int    `json:"done"`
	Total int    `json:"total"`
	Label string `json:"label"`
}

// SocketPath is where the socket of a data folder stands: always in the folder
// itself, so that whoever may not open the folder cannot reach it either.
func SocketPath(dataDir string) (string, error) {
	abs, err := filepath.Abs(dataDir)
	if err != nil {
		return "", err
	}
	return filepath.Join(abs, "control.sock"), nil
}
