// Package worker reads foreign files in child processes of the same binary, so
// that a hostile file can take down neither the database nor the web server.
//
// A child serves many files, one after the other. It has limits on memory,
// processor time and wall time, an empty environment, and, where the kernel
// offers landlock, no access to files or the network (see restrictSelf). What
// needs more than that — starting LibreOffice — is done by the parent, between
// two requests (see reader.NeedsOffice).
package worker

import (
	"context"
	"errors"

	"mingjing/internal/disclosure"
)

// Command is the first argument by which a binary knows that it is to serve as
// a child: cmd calls ChildMain then, before anything else.
const Command = "__read-files"

// Request is one file and a caller-defined question about it.
type Request struct {
	Kind string // which handler of ChildMain answers
	Name string // the file's name, for sentences
	Data []byte // the file's content
	Ask  []byte // the handler's own parameters
}

// Handler runs in the child. Its errors reach the caller of Pool.Do with their
// disclosure code, sentence, tag (see Tagged) and the cause's text.
type Handler func(ctx context.Context, req Request) ([]byte, error)

// Tagged is an error that carries a word for the program beside its sentence
// for people; the word survives the pipe.
type Tagged interface {
	error
	Tag() string
}

// remoteError is an error that a child's handler returned.
type remoteError struct {
	cause *disclosure.Error
	tag   string
}

func (e *remoteError) Error() string { return e.cause.Error() }
func (e *remoteError) Tag() string   { return e.tag }
func (e *remoteError) Unwrap() error { return e.cause }

func tagOf(err error) string {
	var tagged Tagged
	if errors.As(err, &tagged) {
		return tagged.Tag()
	}
	return ""
}

// unsafeFile is the sentence for a file that a child did not survive.
func unsafeFile(name, reason string, cause error) error {
	return disclosure.Errorf(disclosure.ErrInvalid, "文件“%s”无法安全读取(%s),请用WPS或Word打开后另存为docx或xlsx再交。", name, reason).Because(cause)
}
