package control

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/gather"
)

// Handler runs a call. It returns the command's exit code, or an error whose
// sentence the client prints.
type Handler func(ctx context.Context, call Call, files iter.Seq[gather.File], out *Output) (exit int, err error)

const (
	callHeader = "Mingjing-Call"
	errHeader  = "MINGJING.error"
	codeHeader = "MINGJING.code"
)

type userKey struct{}

// Server answers calls on a socket until it is closed.
type Server struct {
	http http.Server
	path string
	done chan struct{}
}

// Listen opens the socket, readable and writable by its owner only, and serves
// calls in the background. A socket left behind by a process that died is
// replaced; the caller holds the data folder's lock, so no living one is.
func Listen(path string, handle Handler, log *slog.Logger) (*Server, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	l, err := listenPrivately(path)
	if err != nil {
		return nil, disclosure.Errorf(disclosure.ErrUnavailable, "无法打开命令通道“%s”,请检查该目录的权限。", path).Because(err)
	}
	s := &Server{path: path, done: make(chan struct{})}
	s.http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { serve(w, r, handle, log) })
	s.http.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		return context.WithValue(ctx, userKey{}, peerUser(c))
	}
	go func() {
		defer close(s.done)
		if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("control socket", "err", err)
		}
	}()
	return s, nil
}

// Close stops taking calls and cancels the running ones.
func (s *Server) Close() error {
	err := s.http.Close()
	<-s.done
	return errors.Join(err, os.Remove(s.path))
}

func serve(w http.ResponseWriter, r *http.Request, handle Handler, log *slog.Logger) {
	var call Call
	if err := json.Unmarshal([]byte(r.Header.Get(callHeader)), &call); err != nil {
		http.Error(w, "bad call", http.StatusBadRequest)
		return
	}
	call.User, _ = r.Context().Value(userKey{}).(string)
	rc := http.NewResponseController(w)
	if err := rc.EnableFullDuplex(); err != nil {
		http.Error(w, "no full duplex", http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusOK)
	out := &Output{enc: json.NewEncoder(w), flush: func() { _ = rc.Flush() }}
	out.flush()
	if !call.Files {
		// Only once the body is read does net/http notice that the client left.
		_, _ = io.Copy(io.Discard, r.Body)
	}
	exit, err := handle(r.Context(), call, readFiles(r.Body), out)
	e := &end{Exit: exit}
	if err != nil {
		log.Error("control call", "command", call.Command, "user", call.User, "err", err)
		e.Code, e.Message, e.Exit = disclosure.CodeOf(err), disclosure.Sentence(err), max(1, exit)
	}
	out.send(line{End: e})
}

// Output carries a command's output back to the one who called it. It is safe
// for use by several goroutines.
type Output struct {
	mu    sync.Mutex
	enc   *json.Encoder
	flush func()
	err   error
}

func (o *Output) send(l line) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil {
		o.err = o.enc.Encode(l)
		o.flush()
	}
	return o.err
}

// Write sends text for the caller's standard output.
func (o *Output) Write(p []byte) (int, error) {
	if err := o.send(line{Out: string(p)}); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Progress sends how far the command is.
func (o *Output) Progress(p Progress) { _ = o.send(line{Progress: &p}) }

// File returns a writer for the content of the file that the caller asked the
// command to make; the client writes it under the caller's own rights.
func (o *Output) File() io.Writer { return fileWriter{o} }

type fileWriter struct{ o *Output }

func (w fileWriter) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		n := min(len(rest), 256<<10)
		if err := w.o.send(line{Bytes: rest[:n]}); err != nil {
			return 0, err
		}
		rest = rest[n:]
	}
	return len(p), nil
}

// readFiles turns the tar stream back into files. A stream that breaks off
// yields one File with an error and ends.
func readFiles(body io.Reader) iter.Seq[gather.File] {
	t := tar.NewReader(body)
	return func(yield func(gather.File) bool) {
		for {
			h, err := t.Next()
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(gather.File{Name: "(传输)", Err: broken(err)})
				return
			}
			f := gather.File{Name: h.Name}
			if msg := h.PAXRecords[errHeader]; msg != "" {
				f.Err = disclosure.Errorf(disclosure.ErrorCode(h.PAXRecords[codeHeader]), "%s", msg)
			} else if h.Size > gather.MaxFileBytes {
				f.Err = gather.TooLarge(h.Name)
			} else if f.Data, err = io.ReadAll(t); err != nil {
				yield(gather.File{Name: h.Name, Err: broken(err)})
				return
			}
			if !yield(f) {
				return
			}
		}
	}
}

func broken(err error) error {
	return disclosure.Errorf(disclosure.ErrUnavailable, "与命令行的连接中断,其后的文件没有处理;请重新执行,已处理的不会重复。").Because(err)
}
