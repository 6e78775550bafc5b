package control

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/gather"
)

func listen(t *testing.T, h Handler) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "c.sock")
	s, err := Listen(path, h, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return path
}

func TestACallCarriesFilesOutputProgressAndExit(t *testing.T) {
	path := listen(t, func(_ context.Context, call Call, files iter.Seq[gather.File], out *Output) (int, error) {
		n := 0
		for f := range files {
			if f.Err != nil {
				fmt.Fprintf(out, "%s:%s\n", f.Name, disclosure.Sentence(f.Err))
				continue
			}
			n++
			out.Progress(Progress{Done: n, Label: f.Name})
			fmt.Fprintf(out, "%s:%d\n", f.Name, len(f.Data))
			if _, err := out.File().Write(f.Data); err != nil {
				return 0, err
			}
		}
		fmt.Fprintf(out, "%s %s by %s\n", call.Command, call.Args, call.User)
		return 3, nil
	})
	big := bytes.Repeat([]byte("报"), 1<<20)
	files := slices.Values([]gather.File{
		{Name: "目录/很长的名字" + strings.Repeat("长", 100) + ".docx", Data: big},
		{Name: "坏.pdf", Err: disclosure.Errorf(disclosure.ErrInvalid, "坏了,请重传。")},
		{Name: "空.txt"},
	})
	var out, file bytes.Buffer
	var steps []string
	exit, err := Run(t.Context(), path, Call{Command: "import", Args: []byte(`{"a":1}`)}, files,
		Sink{Out: &out, File: &file, Progress: func(p Progress) { steps = append(steps, fmt.Sprint(p.Done)) }})
	if err != nil || exit != 3 {
		t.Fatalf("exit %d, %v; want 3", exit, err)
	}
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{fmt.Sprintf(".docx:%d\n", len(big)), "坏.pdf:坏了,请重传。\n", "空.txt:0\n", `import {"a":1} by ` + me.Username} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("output %.200q lacks %q", out.String(), want)
		}
	}
	if !bytes.Equal(file.Bytes(), big) {
		t.Errorf("the file came back with %d bytes, want %d", file.Len(), len(big))
	}
	if strings.Join(steps, " ") != "1 2" {
		t.Errorf("progress %v, want 1 2", steps)
	}
}

func TestAFailingCommandGivesItsSentence(t *testing.T) {
	path := listen(t, func(context.Context, Call, iter.Seq[gather.File], *Output) (int, error) {
		return 0, disclosure.Errorf(disclosure.ErrConflict, "请先停止导入。").Because(errors.New("secret cause"))
	})
	exit, err := Run(t.Context(), path, Call{Command: "x"}, nil, Sink{Out: io.Discard})
	if exit != 1 || disclosure.CodeOf(err) != disclosure.ErrConflict || err.Error() != "请先停止导入。" {
		t.Errorf("got exit %d, %v", exit, err)
	}
}

func TestStoppingTheClientCancelsTheCommand(t *testing.T) {
	began, stopped := make(chan struct{}), make(chan struct{})
	path := listen(t, func(ctx context.Context, _ Call, _ iter.Seq[gather.File], _ *Output) (int, error) {
		close(began)
		<-ctx.Done()
		close(stopped)
		return 0, ctx.Err()
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-began; cancel() }()
	if _, err := Run(ctx, path, Call{Command: "x"}, nil, Sink{Out: io.Discard}); err == nil {
		t.Error("a cancelled call succeeded")
	}
	<-stopped
}

func TestNobodyAndPrivacy(t *testing.T) {
	if _, err := Run(t.Context(), filepath.Join(t.TempDir(), "none.sock"), Call{}, nil, Sink{}); !errors.Is(err, ErrNobody) {
		t.Errorf("no socket gave %v, want ErrNobody", err)
	}
	path := listen(t, nil)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the socket has mode %o, want 600", info.Mode().Perm())
	}
}

func TestAFolderDeepDownHasItsSocketToo(t *testing.T) {
	deep := filepath.Join(t.TempDir(), strings.Repeat("很长", 30), strings.Repeat("很深", 30))
	if err := os.MkdirAll(deep, 0o700); err != nil {
		t.Fatal(err)
	}
	path, err := SocketPath(deep)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Listen(path, func(_ context.Context, _ Call, _ iter.Seq[gather.File], out *Output) (int, error) {
		_, err := io.WriteString(out, "here")
		return 0, err
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := Run(t.Context(), path, Call{Command: "x"}, nil, Sink{Out: &out}); err != nil || out.String() != "here" {
		t.Errorf("a call over a path of %d bytes gave %q, %v", len(path), out.String(), err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket is left behind: %v", err)
	}
}
