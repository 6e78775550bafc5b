package worker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	// The product loads its engine with purego, which changes what the Go
	// runtime can do about threads; the children here must be like its own.
	_ "github.com/ebitengine/purego"

	"mingjing/internal/disclosure"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == Command {
		ChildMain(childHandlers)
	}
	os.Exit(m.Run())
}

var served int

var childHandlers = map[string]Handler{
	"echo": func(_ context.Context, req Request) ([]byte, error) {
		fmt.Println("a stray print does not break the protocol")
		served++
		return append(append([]byte(req.Name+"|"), req.Data...), req.Ask...), nil
	},
	"served": func(context.Context, Request) ([]byte, error) { return []byte(strconv.Itoa(served)), nil },
	"pid":    func(context.Context, Request) ([]byte, error) { return []byte(strconv.Itoa(os.Getpid())), nil },
	"refuse": func(_ context.Context, req Request) ([]byte, error) {
		return nil, disclosure.Errorf(disclosure.ErrConflict, "文件“%s”与已有的不同。", req.Name).Because(errors.New("row 7"))
	},
	"tagged": func(context.Context, Request) ([]byte, error) { return nil, taggedError{} },
	"plain":  func(context.Context, Request) ([]byte, error) { return nil, errors.New("open /secret") },
	"crash":  func(context.Context, Request) ([]byte, error) { panic("hostile") },
	"crash once": func(_ context.Context, req Request) ([]byte, error) {
		if served > 0 {
			panic("worn out")
		}
		return []byte("fresh"), nil
	},
	"exit": func(context.Context, Request) ([]byte, error) { os.Exit(0); return nil, nil },
	"spin": func(context.Context, Request) ([]byte, error) {
		for n := uint64(1); ; n++ { // never comes back, and yields to nobody
			if n == 0 {
				return nil, nil
			}
		}
	},
	"sleep": func(context.Context, Request) ([]byte, error) { select {} },
	"heeds": func(ctx context.Context, _ Request) ([]byte, error) { <-ctx.Done(); return nil, ctx.Err() },
	"eat": func(context.Context, Request) ([]byte, error) {
		var hoard [][]byte
		for {
			block := make([]byte, 16<<20)
			for i := 0; i < len(block); i += 4096 {
				block[i] = 1
			}
			hoard = append(hoard, block)
			if len(hoard) > 1<<20 {
				return hoard[0], nil
			}
		}
	},
	"eat at once": func(_ context.Context, req Request) ([]byte, error) {
		size, _ := strconv.Atoi(string(req.Ask))
		return make([]byte, size)[:1], nil
	},
	"environment": func(context.Context, Request) ([]byte, error) { return []byte(strings.Join(os.Environ(), "\n")), nil },
	"cache folder": func(context.Context, Request) ([]byte, error) {
		dir, err := os.UserCacheDir()
		return []byte(dir), err
	},
	"read file": func(_ context.Context, req Request) ([]byte, error) { return os.ReadFile(string(req.Ask)) },
	"write file": func(_ context.Context, req Request) ([]byte, error) {
		return nil, os.WriteFile(string(req.Ask), []byte("x"), 0o600)
	},
	"dial": func(_ context.Context, req Request) ([]byte, error) {
		conn, err := net.DialTimeout("tcp", string(req.Ask), time.Second)
		if err == nil {
			conn.Close()
		}
		return nil, err
	},
	"restricted": func(context.Context, Request) ([]byte, error) {
		return []byte(os.Getenv("MINGJING_WORKER_RESTRICTED")), nil
	},
}

type taggedError struct{}

func (taggedError) Error() string { return taggedError{}.Unwrap().Error() }
func (taggedError) Tag() string   { return "libreoffice:doc" }
func (taggedError) Unwrap() error {
	return disclosure.Errorf(disclosure.ErrInvalid, "请另存为docx。")
}

func newTestPool(t *testing.T, o Options) *Pool {
	t.Helper()
	if o.CacheDir == "" {
		o.CacheDir = t.TempDir()
	}
	p := NewPool(o)
	t.Cleanup(p.Close)
	return p
}

func do(t *testing.T, p *Pool, kind, ask string) string {
	t.Helper()
	out, err := p.Do(t.Context(), Request{Kind: kind, Name: "报告.doc", Ask: []byte(ask)})
	if err != nil {
		t.Fatalf("%s: %v", kind, err)
	}
	return string(out)
}

func TestAnswersCrossThePipe(t *testing.T) {
	p := newTestPool(t, Options{Size: 1})
	large := bytes.Repeat([]byte("政府信息公开\x00"), 2<<20)
	for name, data := range map[string][]byte{"empty": nil, "small": []byte("27"), "large": large} {
		out, err := p.Do(t.Context(), Request{Kind: "echo", Name: name, Data: data, Ask: []byte("?")})
		if err != nil {
			t.Fatal(err)
		}
		if want := name + "|" + string(data) + "?"; string(out) != want {
			t.Errorf("%s: got %d bytes, want %d", name, len(out), len(want))
		}
	}
}

func TestErrorsKeepCodeSentenceCauseAndTag(t *testing.T) {
	p := newTestPool(t, Options{Size: 1})
	for _, c := range []struct {
		kind, sentence, cause, tag string
		code                       disclosure.ErrorCode
	}{
		{"refuse", "文件“报告.doc”与已有的不同。", "row 7", "", disclosure.ErrConflict},
		{"tagged", "请另存为docx。", "", "libreoffice:doc", disclosure.ErrInvalid},
		{"plain", disclosure.Sentence(errors.New("")), "open /secret", "", disclosure.ErrInternal},
		{"no such handler", "读取进程不认识请求“no such handler”,请重启明镜。", "", "", disclosure.ErrInternal},
	} {
		_, err := p.Do(t.Context(), Request{Kind: c.kind, Name: "报告.doc"})
		if disclosure.CodeOf(err) != c.code || disclosure.Sentence(err) != c.sentence || tagOf(err) != c.tag || !strings.HasSuffix(err.Error(), c.cause) {
			t.Errorf("%s: got %s %q (%v), tag %q", c.kind, disclosure.CodeOf(err), disclosure.Sentence(err), err, tagOf(err))
		}
	}
}

func TestOneChildServesTwoHundredFiles(t *testing.T) {
	p := newTestPool(t, Options{Size: 1})
	for range 200 {
		do(t, p, "echo", "")
	}
	if got := do(t, p, "served", ""); got != "200" {
		t.Errorf("the child that answers has served %s files, want 200", got)
	}
}

func TestAtMostTwoChildrenAtOnce(t *testing.T) {
	p := newTestPool(t, Options{})
	var mu sync.Mutex
	pids := map[string]bool{}
	var group sync.WaitGroup
	for range 40 {
		group.Go(func() {
			out, err := p.Do(context.Background(), Request{Kind: "pid"})
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			pids[string(out)] = true
			mu.Unlock()
		})
	}
	group.Wait()
	if len(pids) > 2 {
		t.Errorf("%d children, want at most 2", len(pids))
	}
}

func TestHostileFiles(t *testing.T) {
	cases := []struct {
		kind, reason string
		options      Options
	}{
		{"crash", "内容异常", Options{}},
		{"exit", "内容异常", Options{}},
		{"sleep", "读取时间过长", Options{WallTime: 300 * time.Millisecond}},
	}
	if runtime.GOOS == "linux" {
		cases = append(cases, struct {
			kind, reason string
			options      Options
		}{"eat", "需要的内存过大", Options{MemoryBytes: 256 << 20}}, struct {
			kind, reason string
			options      Options
		}{"eat at once", "需要的内存过大", Options{}}, struct {
			kind, reason string
			options      Options
		}{"spin", "读取时间过长", Options{WallTime: 300 * time.Millisecond}})
	}
	for _, c := range cases {
		t.Run(c.kind, func(t *testing.T) {
			c.options.Size = 1
			p := newTestPool(t, c.options)
			_, err := p.Do(t.Context(), Request{Kind: c.kind, Name: "坏.xls", Ask: []byte("9000000000")})
			if disclosure.CodeOf(err) != disclosure.ErrInvalid || !strings.HasPrefix(disclosure.Sentence(err), "文件“坏.xls”无法安全读取("+c.reason) {
				t.Fatalf("got %v", err)
			}
			if got := do(t, p, "echo", "next"); got != "报告.doc|next" {
				t.Errorf("the next file got %q", got)
			}
		})
	}
}

func TestProcessorTimeIsBounded(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux counts a child's processor time")
	}
	t.Parallel()
	p := newTestPool(t, Options{Size: 1, CPUSeconds: 1})
	_, err := p.Do(t.Context(), Request{Kind: "spin", Name: "坏.xls"})
	if !strings.Contains(disclosure.Sentence(err), tooLong) || !strings.Contains(err.Error(), "SIGXCPU") {
		t.Errorf("got %v", err)
	}
}

// A child worn out by earlier files must not cost an innocent one its reading.
func TestFileThatKillsOnceIsReadByAFreshChild(t *testing.T) {
	p := newTestPool(t, Options{Size: 1})
	do(t, p, "echo", "")
	if got := do(t, p, "crash once", ""); got != "fresh" {
		t.Errorf("got %q", got)
	}
}

func TestHandlerThatHeedsItsContextKeepsItsChild(t *testing.T) {
	p := newTestPool(t, Options{Size: 1, WallTime: 500 * time.Millisecond})
	before := do(t, p, "pid", "")
	_, err := p.Do(t.Context(), Request{Kind: "heeds"})
	if disclosure.CodeOf(err) != disclosure.ErrUnavailable {
		t.Errorf("got %v", err)
	}
	if after := do(t, p, "pid", ""); after != before {
		t.Errorf("child %s was replaced by %s", before, after)
	}
}

func TestCallerThatGivesUp(t *testing.T) {
	p := newTestPool(t, Options{Size: 1})
	do(t, p, "echo", "")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := p.Do(ctx, Request{Kind: "sleep"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	do(t, p, "echo", "")
}

func TestChildMayTouchNothing(t *testing.T) {
	p := newTestPool(t, Options{Size: 1})
	t.Setenv("MINGJING_SECRET", "hunter2")
	if got := do(t, p, "environment", ""); strings.Contains(got, "hunter2") || strings.Contains(got, "PATH=") {
		t.Errorf("environment of the child:\n%s", got)
	}
	if do(t, p, "restricted", "") == "" {
		t.Skip("this kernel offers no landlock")
	}
	secret := filepath.Join(t.TempDir(), "log.bin")
	if err := os.WriteFile(secret, []byte("figures"), 0o600); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	for kind, ask := range map[string]string{"read file": secret, "write file": secret + ".new", "dial": listener.Addr().String()} {
		_, err := p.Do(t.Context(), Request{Kind: kind, Ask: []byte(ask)})
		if err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s %s: got %v, want permission denied", kind, ask, err)
		}
	}
	if _, err := os.Stat(secret + ".new"); err == nil {
		t.Error("the child wrote a file")
	}
}

func TestGrantedFolders(t *testing.T) {
	readable, writable := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(readable, "font"), []byte("glyphs"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := newTestPool(t, Options{Size: 1, ReadDirs: []string{readable}, CacheDir: writable})
	if got := do(t, p, "read file", filepath.Join(readable, "font")); got != "glyphs" {
		t.Errorf("got %q", got)
	}
	do(t, p, "write file", filepath.Join(writable, "cache"))
	if got := do(t, p, "cache folder", ""); got != writable {
		t.Errorf("the child caches in %s, want %s", got, writable)
	}
}

func TestPoolThatCannotServe(t *testing.T) {
	missing := newTestPool(t, Options{Command: []string{filepath.Join(t.TempDir(), "none")}})
	if _, err := missing.Do(t.Context(), Request{}); disclosure.CodeOf(err) != disclosure.ErrUnavailable {
		t.Errorf("missing binary: %v", err)
	}
	closed := NewPool(Options{CacheDir: t.TempDir()})
	closed.Close()
	closed.Close()
	if _, err := closed.Do(t.Context(), Request{Kind: "echo"}); disclosure.CodeOf(err) != disclosure.ErrUnavailable {
		t.Errorf("closed pool: %v", err)
	}
}

func TestFramesThatLie(t *testing.T) {
	for name, frame := range map[string]string{
		"header too long": "\xFF\xFF\xFF\xFF\x00\x00\x00\x00",
		"body too long":   "\x00\x00\x00\x02\xFF\xFF\xFF\xFF{}",
		"cut in the body": "\x00\x00\x00\x02\x1F\x00\x00\x00{}abc",
		"no JSON":         "\x00\x00\x00\x02\x00\x00\x00\x00xx",
		"empty":           "",
	} {
		var header responseHeader
		var body []byte
		if err := readFrame(strings.NewReader(frame), &header, &body); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func BenchmarkDo(b *testing.B) {
	p := NewPool(Options{Size: 1, CacheDir: b.TempDir()})
	defer p.Close()
	data := make([]byte, 100<<10)
	for b.Loop() {
		if _, err := p.Do(b.Context(), Request{Kind: "pid", Data: data}); err != nil {
			b.Fatal(err)
		}
	}
}

// A child whose collector met the limit is told from one that crashed over the
// file.
func TestDeathInTheCollector(t *testing.T) {
	for trace, want := range map[string]string{
		"SIGSEGV: segmentation violation\nPC=0x1 addr=0x0\nruntime.(*spanQueue).tryDrain()\n\t/go/src/runtime/mgcmark_greenteagc.go:520": "需要的内存过大",
		"SIGSEGV: segmentation violation\ngoroutine 1 [running]:\nmain.read()\n\t/src/read.go:5":                                         "内容异常",
		"fatal error: runtime: out of memory": "需要的内存过大",
	} {
		if got := (&deathError{stderr: trace}).reason(); got != want {
			t.Errorf("%q is told as %s, want %s", trace, got, want)
		}
	}
}
