package control

import (
	"archive/tar"
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"net"
	"net/http"
	"os"
	"syscall"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/gather"
)

// ErrNobody means that no process answers on the socket.
var ErrNobody = errors.New("no process answers on the control socket")

// Sink is where a caller wants the answer.
type Sink struct {
	Out      io.Writer
	File     io.Writer // nil: the command makes no file
	Progress func(Progress)
}

// Run sends a call to the process that listens on the socket and copies its
// answer to the sink. It returns the command's exit code; an error carries the
// sentence that the command ended with. ErrNobody when nobody listens.
func Run(ctx context.Context, path string, call Call, files iter.Seq[gather.File], sink Sink) (int, error) {
	conn, err := dial(ctx, path)
	switch {
	case errors.Is(err, os.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return 0, ErrNobody
	case errors.Is(err, os.ErrPermission):
		return 0, disclosure.Errorf(disclosure.ErrForbidden, "没有权限使用“%s”,请以运行明镜的用户执行本命令。", path).Because(err)
	case err != nil:
		return 0, disclosure.Errorf(disclosure.ErrUnavailable, "无法连接正在运行的明镜,请稍后再试。").Because(err)
	}
	call.Files = files != nil
	header, err := json.Marshal(call)
	if err != nil {
		conn.Close()
		return 0, err
	}
	body, feed := io.Pipe()
	defer body.Close()
	go func() { feed.CloseWithError(writeFiles(feed, files)) }()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://control/", body)
	if err != nil {
		conn.Close()
		return 0, err
	}
	req.Header.Set(callHeader, string(header))
	tr := &http.Transport{DisableKeepAlives: true,
		DialContext: func(context.Context, string, string) (net.Conn, error) { return conn, nil }}
	defer tr.CloseIdleConnections()
	resp, err := tr.RoundTrip(req)
	if err != nil {
		return 0, lost(err)
	}
	defer resp.Body.Close()
	return receive(resp.Body, sink)
}

func dial(ctx context.Context, path string) (net.Conn, error) {
	address, done, err := reachable(path)
	if err != nil {
		return nil, err
	}
	defer done()
	var d net.Dialer
	return d.DialContext(ctx, "unix", address)
}

func receive(r io.Reader, sink Sink) (int, error) {
	dec := json.NewDecoder(bufio.NewReaderSize(r, 64<<10))
	for {
		var l line
		if err := dec.Decode(&l); err != nil {
			return 0, lost(err)
		}
		switch {
		case l.End != nil && l.End.Message != "":
			return l.End.Exit, disclosure.Errorf(l.End.Code, "%s", l.End.Message)
		case l.End != nil:
			return l.End.Exit, nil
		case l.Progress != nil:
			if sink.Progress != nil {
				sink.Progress(*l.Progress)
			}
		case l.Bytes != nil:
			if sink.File == nil {
				return 0, errors.New("control: a file came that nobody asked for")
			}
			if _, err := sink.File.Write(l.Bytes); err != nil {
				return 0, disclosure.Errorf(disclosure.ErrUnavailable, "无法写入输出文件,请检查磁盘空间和权限。").Because(err)
			}
		default:
			if _, err := io.WriteString(sink.Out, l.Out); err != nil {
				return 0, err
			}
		}
	}
}

func lost(err error) error {
	return disclosure.Errorf(disclosure.ErrUnavailable, "与正在运行的明镜的连接中断,请确认它仍在运行后重新执行。").Because(err)
}

func writeFiles(w io.Writer, files iter.Seq[gather.File]) error {
	t := tar.NewWriter(w)
	if files != nil {
		for f := range files {
			h := &tar.Header{Name: f.Name, Size: int64(len(f.Data)), Mode: 0o600, Format: tar.FormatPAX}
			if f.Err != nil {
				h.PAXRecords = map[string]string{errHeader: disclosure.Sentence(f.Err), codeHeader: string(disclosure.CodeOf(f.Err))}
			}
			if err := t.WriteHeader(h); err != nil {
				return err
			}
			if _, err := t.Write(f.Data); err != nil {
				return err
			}
		}
	}
	return t.Close()
}
