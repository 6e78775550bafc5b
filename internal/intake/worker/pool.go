package worker

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"mingjing/internal/disclosure"
)

// Options of a Pool; zero values are the defaults.
type Options struct {
	Command     []string      // of a child; the running binary and Command
	Size        int           // children at once, 2
	MemoryBytes int64         // a child's memory, 1.5 GB
	CPUSeconds  int           // a file's processor time, 60 s
	WallTime    time.Duration // a file's time, 90 s
	// ReadDirs are folders that children may read in spite of the sandbox; nil
	// means FontDirs. Never the data folder.
	ReadDirs []string
	// CacheDir is the one folder that children may write, for compiled
	// WebAssembly (pdfium: seconds at each start without it). It is made
	// private, and must be read by no unrestricted process: a child that was
	// taken over could plant code there. "" is mingjing/worker in the user's
	// cache folder, or none where there is no such folder.
	CacheDir string
}

// FontDirs is where pdfium looks for the fonts that a PDF does not embed.
var FontDirs = []string{"/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/X11/fonts"}

// Pool holds the children. They are started when first needed, and anew after
// one died; Do may be called from many goroutines.
type Pool struct {
	options Options
	slots   chan *slot
	closing chan struct{}
	once    sync.Once
}

// slot is the right to run one child, and the child if it lives.
type slot struct{ child *child }

// NewPool starts nothing yet.
func NewPool(options Options) *Pool {
	if options.Size <= 0 {
		options.Size = 2
	}
	if options.MemoryBytes <= 0 {
		options.MemoryBytes = 3 << 29
	}
	if options.CPUSeconds <= 0 {
		options.CPUSeconds = 60
	}
	if options.WallTime <= 0 {
		options.WallTime = 90 * time.Second
	}
	if options.ReadDirs == nil {
		options.ReadDirs = FontDirs
	}
	if options.CacheDir == "" {
		if base, err := os.UserCacheDir(); err == nil {
			options.CacheDir = filepath.Join(base, "mingjing", "worker")
		}
	}
	if options.CacheDir != "" && os.MkdirAll(options.CacheDir, 0o700) != nil {
		options.CacheDir = ""
	}
	p := &Pool{options: options, slots: make(chan *slot, options.Size), closing: make(chan struct{})}
	for range options.Size {
		p.slots <- &slot{}
	}
	return p
}

// Do has a child answer. The handler's own errors come back as they were. A
// file that a fresh child does not survive either, or that overruns its time,
// is ErrInvalid with a sentence that names it; ErrUnavailable says that no
// child can be started or the pool is closed. When ctx ends while a child
// works, that child is killed, and the context's error returned.
func (p *Pool) Do(ctx context.Context, req Request) ([]byte, error) {
	if len(req.Data) > maxBody || len(req.Ask) > maxBody {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "文件“%s”过大,不能读取,请拆分后再交。", req.Name)
	}
	var s *slot
	select {
	case <-p.closing:
		return nil, errClosed()
	case <-ctx.Done():
		return nil, ctx.Err()
	case s = <-p.slots:
	}
	defer func() { p.slots <- s }()

	var death *deathError
	for range 2 {
		select {
		case <-p.closing:
			return nil, errClosed()
		default:
		}
		if s.child == nil {
			c, err := p.start()
			if err != nil {
				return nil, disclosure.Errorf(disclosure.ErrUnavailable, "无法启动读取文件的进程,请检查内存后重试,仍不行请重启明镜。").Because(err)
			}
			s.child = c
		}
		body, err := s.child.ask(ctx, req, p.options)
		if !errors.As(err, &death) {
			return body, err
		}
		s.child = nil
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if death.overran || death.reason() == tooLong {
			return nil, unsafeFile(req.Name, tooLong, death)
		}
	}
	return nil, unsafeFile(req.Name, death.reason(), death)
}

func errClosed() error {
	return disclosure.Errorf(disclosure.ErrUnavailable, "明镜正在停止,请稍后再试。")
}

// Close ends all children, after the files they have in hand. The pool cannot
// be used again.
func (p *Pool) Close() {
	p.once.Do(func() {
		close(p.closing)
		for range p.options.Size {
			if s := <-p.slots; s.child != nil {
				s.child.end()
			}
		}
	})
}

func (p *Pool) start() (*child, error) {
	command := p.options.Command
	if len(command) == 0 {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		command = []string{self, Command}
	}
	granted, err := json.Marshal(limits{p.options.MemoryBytes, p.options.ReadDirs, p.options.CacheDir})
	if err != nil {
		return nil, err
	}
	environment := []string{limitsVariable + "=" + string(granted), "TZ=Asia/Shanghai"}
	if p.options.CacheDir != "" {
		environment = append(environment, cacheVariable()+"="+p.options.CacheDir)
	}
	return startChild(command, environment)
}

const tooLong = "读取时间过长"

// cacheVariable is the one that os.UserCacheDir reads.
func cacheVariable() string {
	switch runtime.GOOS {
	case "windows":
		return "LocalAppData"
	case "darwin":
		return "HOME"
	}
	return "XDG_CACHE_HOME"
}

// deathError is how a child ended that should have answered.
type deathError struct {
	overran bool
	state   string // exit status or signal
	stderr  string // the beginning of what it printed
	cause   error
}

func (e *deathError) Error() string {
	return strings.TrimSpace("reading process ended: " + e.state + ": " + e.stderr)
}

func (e *deathError) Unwrap() error { return e.cause }

// diedCollecting says whether the runtime fell over its own collector: when the
// limit is reached in there, it stores through a nil pointer, not "out of memory".
func diedCollecting(stderr string) bool {
	_, trace, segv := strings.Cut(stderr, "SIGSEGV")
	if len(trace) > 1500 {
		trace = trace[:1500]
	}
	return segv && strings.Contains(trace, "/runtime/mgc")
}

func (e *deathError) reason() string {
	switch {
	case strings.Contains(e.stderr, "out of memory") || strings.Contains(e.stderr, "cannot allocate memory") || diedCollecting(e.stderr):
		return "需要的内存过大"
	case strings.Contains(e.stderr, "SIGXCPU") || strings.Contains(e.state, "CPU time limit"):
		return tooLong
	}
	return "内容异常"
}
