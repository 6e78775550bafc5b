package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"mingjing/internal/chdb"
	"mingjing/internal/disclosure"

	"github.com/ClickHouse/clickhouse-go/v2"
)

func TestDomainErrors(t *testing.T) {
	own := disclosure.Errorf(disclosure.ErrConflict, "自己的")
	for _, c := range []struct {
		name     string
		err      error
		code     disclosure.ErrorCode
		sentence string // "" for any
	}{
		{"our own", fmt.Errorf("wrapped: %w", own), disclosure.ErrConflict, "自己的"},
		{"memory", &clickhouse.Exception{Code: 241}, disclosure.ErrUnavailable, ""},
		{"syntax", &clickhouse.Exception{Code: 62}, disclosure.ErrInvalid, ""},
		{"readonly", &clickhouse.Exception{Code: 164}, disclosure.ErrForbidden, ""},
		{"no space", &clickhouse.Exception{Code: 75, Message: "Cannot write: , errno: 28, strerror: No space left on device"}, disclosure.ErrUnavailable, sentenceDiskFull},
		{"no space, code 243", &clickhouse.Exception{Code: 243}, disclosure.ErrUnavailable, sentenceDiskFull},
		{"unknown code", &clickhouse.Exception{Code: 49}, disclosure.ErrInternal, ""},
		{"in use", fmt.Errorf("x: %w", chdb.ErrInUse), disclosure.ErrUnavailable, sentenceInUse},
		{"library", chdb.ErrNoLibrary, disclosure.ErrUnavailable, ""},
		{"processor", chdb.ErrCPU, disclosure.ErrUnavailable, ""},
		{"closed", chdb.ErrClosed, disclosure.ErrUnavailable, sentenceClosed},
		{"cancelled", context.Canceled, disclosure.ErrUnavailable, ""},
		{"refused", syscall.ECONNREFUSED, disclosure.ErrUnavailable, sentenceNoServer},
		{"anything", errors.New("secret detail"), disclosure.ErrInternal, ""},
	} {
		got := domainError(c.err)
		if disclosure.CodeOf(got) != c.code || c.sentence != "" && disclosure.Sentence(got) != c.sentence {
			t.Errorf("%s: %v", c.name, got)
		}
		if !errors.Is(got, c.err) && !errors.Is(got, own) {
			t.Errorf("%s: the cause is lost", c.name)
		}
		if strings.Contains(disclosure.Sentence(got), "secret") {
			t.Errorf("%s: the sentence tells the cause", c.name)
		}
	}
	if domainError(nil) != nil {
		t.Error("nil became an error")
	}
}

func TestOpenSaysWhatIsMissing(t *testing.T) {
	holdEngine(false)
	for name, c := range map[string]struct {
		options Options
		code    disclosure.ErrorCode
	}{
		"no data folder":   {Options{}, disclosure.ErrInvalid},
		"no library":       {Options{DataDir: t.TempDir(), Library: "/nonexistent/libchdb.so"}, disclosure.ErrUnavailable},
		"no server":        {Options{DataDir: t.TempDir(), ClickHouse: "clickhouse://127.0.0.1:1/mingjing"}, disclosure.ErrUnavailable},
		"bad address":      {Options{DataDir: t.TempDir(), ClickHouse: "::"}, disclosure.ErrInvalid},
		"bad database":     {Options{DataDir: t.TempDir(), ClickHouse: "clickhouse://127.0.0.1:1/a`b"}, disclosure.ErrInvalid},
		"nothing to read":  {Options{DataDir: t.TempDir(), ReadOnly: true}, disclosure.ErrUnavailable},
		"folder in a file": {Options{DataDir: "/dev/null/x"}, disclosure.ErrUnavailable},
	} {
		_, err := Open(context.Background(), c.options)
		if err == nil || disclosure.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

func TestReadOnlyStore(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	first := openTest(t, Options{DataDir: dir})
	seq := file(t, first, oneReport, 0)
	_ = first.Close()
	s := openTest(t, Options{DataDir: dir, ReadOnly: true})
	if got := must[uint64](t)(s.LastSeq(ctx)); got != seq {
		t.Errorf("last seq %d, want %d", got, seq)
	}
	must[*StoredReport](t)(s.Report(ctx, oneReport.Key, Approved))
	_, err := s.Append(ctx, anAct(reportEntry(oneReport, seq)))
	wantCode(t, err, disclosure.ErrUnavailable)
	_, err = s.NextUnitNumber()
	wantCode(t, err, disclosure.ErrUnavailable)
	wantCode(t, s.PutChecks(ctx, []CheckRow{{}}), disclosure.ErrUnavailable)
	_, _, err = s.PutFile(strings.NewReader("x"))
	wantCode(t, err, disclosure.ErrUnavailable)
	_, err = s.Rebuild(ctx)
	wantCode(t, err, disclosure.ErrUnavailable)
	if err := s.Healthy(ctx); err != nil {
		t.Error(err)
	}
}

func TestClosedStore(t *testing.T) {
	s := openTest(t, Options{Temporary: true})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := s.Append(context.Background(), anAct(reportEntry(oneReport, 0)))
	wantCode(t, err, disclosure.ErrUnavailable)
}
