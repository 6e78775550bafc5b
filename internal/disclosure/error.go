package disclosure

import (
	"context"
	"errors"
	"fmt"
)

// ErrorCode is what kind of failure an Error is. One place (internal/web)
// turns codes into HTTP statuses, one (cmd/mingjing) into exit codes.
type ErrorCode string

// The six codes. A new one needs a screen, a status and an exit code of its own.
const (
	ErrInvalid     ErrorCode = "invalid"     // what was given cannot be used; the person can mend it
	ErrNotFound    ErrorCode = "not_found"   // no such thing
	ErrConflict    ErrorCode = "conflict"    // somebody else changed it, or it stands otherwise already
	ErrForbidden   ErrorCode = "forbidden"   // this person may not
	ErrUnavailable ErrorCode = "unavailable" // not now: busy, stopped, disk full, library missing
	ErrInternal    ErrorCode = "internal"    // our fault
)

// Error carries one clear sentence in Chinese for the person, and the cause
// for the log. Message never contains the cause's text.
type Error struct {
	Code    ErrorCode
	Message string
	Cause   error
}

// Errorf makes an Error whose message is safe to show.
func Errorf(code ErrorCode, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Because returns e with its private cause set.
func (e *Error) Because(cause error) *Error {
	e.Cause = cause
	return e
}

// Error is for logs: the sentence and the cause.
func (e *Error) Error() string {
	if e.Cause == nil {
		return e.Message
	}
	return e.Message + ": " + e.Cause.Error()
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Cause }

// CodeOf returns the code of the first Error in err's chain; ErrUnavailable
// for a cancelled or timed-out context, and ErrInternal for anything else.
func CodeOf(err error) ErrorCode {
	var e *Error
	switch {
	case errors.As(err, &e):
		return e.Code
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return ErrUnavailable
	}
	return ErrInternal
}

// Sentence returns what a person may be shown of err.
func Sentence(err error) string {
	var e *Error
	switch {
	case errors.As(err, &e):
		return e.Message
	case CodeOf(err) == ErrUnavailable:
		return "操作超时或已取消,请稍后再试。"
	}
	return "系统出现内部错误,请稍后再试;如仍出现,请把请求编号告诉管理员。"
}
