package worker

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"mingjing/internal/disclosure"
)

// The pipe's frames, both ways: the length of a JSON header and of each body
// as big-endian uint32, then the header and the bodies. A request has two
// bodies (Data, Ask), a response one.
const (
	maxHeader   = 1 << 20
	maxBody     = 512 << 20
	maxSentence = 4 << 10
)

var errFrame = errors.New("malformed frame")

type requestHeader struct {
	Kind       string `json:"kind"`
	Name       string `json:"name"`
	CPUSeconds int    `json:"cpu"`
	WallMillis int64  `json:"wall"`
}

type responseHeader struct {
	Code    disclosure.ErrorCode `json:"code,omitempty"` // empty: no error
	Message string               `json:"message,omitempty"`
	Cause   string               `json:"cause,omitempty"`
	Tag     string               `json:"tag,omitempty"`
}

func writeFrame(w io.Writer, header any, bodies ...[]byte) error {
	head, err := json.Marshal(header)
	if err != nil {
		return err
	}
	prefix := binary.BigEndian.AppendUint32(nil, uint32(len(head)))
	for _, b := range bodies {
		if len(b) > maxBody {
			return fmt.Errorf("body of %d bytes: %w", len(b), errFrame)
		}
		prefix = binary.BigEndian.AppendUint32(prefix, uint32(len(b)))
	}
	for _, part := range append([][]byte{append(prefix, head...)}, bodies...) {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}

// readFrame reads what writeFrame wrote. The other side may lie: memory grows
// with what arrives, not with what is announced.
func readFrame(r io.Reader, header any, bodies ...*[]byte) error {
	prefix := make([]byte, 4*(1+len(bodies)))
	if _, err := io.ReadFull(r, prefix); err != nil {
		return err
	}
	size := func(i, limit int) (int64, error) {
		n := binary.BigEndian.Uint32(prefix[4*i:])
		if n > uint32(limit) {
			return 0, fmt.Errorf("part of %d bytes: %w", n, errFrame)
		}
		return int64(n), nil
	}
	n, err := size(0, maxHeader)
	if err != nil {
		return err
	}
	head, err := readPart(r, n)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(head, header); err != nil {
		return fmt.Errorf("%w: %w", errFrame, err)
	}
	for i, body := range bodies {
		if n, err = size(i+1, maxBody); err != nil {
			return err
		}
		if *body, err = readPart(r, n); err != nil {
			return err
		}
	}
	return nil
}

const eager = 16 << 20 // read at once; more is grown into

func readPart(r io.Reader, n int64) ([]byte, error) {
	if n <= eager {
		part := make([]byte, n)
		_, err := io.ReadFull(r, part)
		return part, err
	}
	part, err := io.ReadAll(io.LimitReader(r, n))
	if err == nil && int64(len(part)) < n {
		err = io.ErrUnexpectedEOF
	}
	return part, err
}

// describe makes a response's header of a handler's error.
func describe(err error) responseHeader {
	var known *disclosure.Error
	header := responseHeader{Code: disclosure.CodeOf(err), Message: disclosure.Sentence(err), Tag: tagOf(err)}
	if errors.As(err, &known) {
		if known.Cause != nil {
			header.Cause = known.Cause.Error()
		}
	} else {
		header.Cause = err.Error()
	}
	header.Message = header.Message[:min(len(header.Message), maxSentence)]
	header.Cause = header.Cause[:min(len(header.Cause), maxSentence)]
	return header
}

// err makes an error of a response's header again.
func (h responseHeader) err() error {
	if h.Code == "" {
		return nil
	}
	e := disclosure.Errorf(h.Code, "%s", h.Message)
	if h.Cause != "" {
		e.Cause = errors.New(h.Cause)
	}
	if h.Tag != "" {
		return &remoteError{e, h.Tag}
	}
	return e
}
