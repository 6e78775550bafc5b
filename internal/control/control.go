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
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"

	"mingjing/internal/disclosure"
)

// Call is one command with its arguments.
type Call struct {
	Command string          `json:"command"`
	Args    json.RawMessage `json:"args"`
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

// maxSocketPath is what sun_path holds on Linux, less the closing NUL.
const maxSocketPath = 107

// SocketPath is where the socket of a data folder stands: in the folder, or in
// the user's runtime folder when the path would be too long for a socket.
func SocketPath(dataDir string) (string, error) {
	abs, err := filepath.Abs(dataDir)
	if err != nil {
		return "", err
	}
	if resolved, err := filepath.EvalSymlinks(abs); err == nil {
		abs = resolved
	}
	path := filepath.Join(abs, "control.sock")
	if len(path) <= maxSocketPath {
		return path, nil
	}
	base := os.Getenv("XDG_RUNTIME_DIR")
	if base == "" {
		base = filepath.Join(os.TempDir(), "mingjing-"+strconv.Itoa(os.Getuid()))
	}
	sum := sha256.Sum256([]byte(abs))
	return filepath.Join(base, "mingjing-"+hex.EncodeToString(sum[:8])+".sock"), nil
}
