package worker

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"mingjing/internal/disclosure"
)

// limits is what the parent hands to the child in its only variable.
type limits struct {
	MemoryBytes int64    `json:"memory"`
	ReadDirs    []string `json:"read,omitempty"`
	CacheDir    string   `json:"cache,omitempty"`
}

const limitsVariable = "MINGJING_WORKER_LIMITS"

// freeAfter is the size of a file after which the child gives memory back.
const freeAfter = 8 << 20

// ChildMain serves requests from standard input until it ends, and never
// returns. It must run before the program opens anything: what is open when
// the restrictions come into force stays open.
func ChildMain(handlers map[string]Handler) {
	var l limits
	if err := json.Unmarshal([]byte(os.Getenv(limitsVariable)), &l); err != nil {
		fmt.Fprintln(os.Stderr, "此命令由明镜自己使用,请不要直接运行。")
		os.Exit(2)
	}
	out := os.Stdout
	os.Stdout = os.Stderr // a stray print must not break the protocol
	restrictSelf(l)
	endOnCPULimit()
	if l.MemoryBytes > 0 {
		debug.SetMemoryLimit(l.MemoryBytes / 4 * 3)
	}

	type call struct {
		header requestHeader
		req    Request
	}
	calls := make(chan call)
	go func() {
		in := bufio.NewReaderSize(os.Stdin, 1<<16)
		for {
			var c call
			if err := readFrame(in, &c.header, &c.req.Data, &c.req.Ask); err != nil {
				os.Exit(0) // the parent has gone, even if a handler still runs
			}
			c.req.Kind, c.req.Name = c.header.Kind, c.header.Name
			calls <- c
		}
	}()
	for c := range calls {
		allowCPU(c.header.CPUSeconds)
		ctx, cancel := context.WithTimeout(context.Background(), time.Duration(c.header.WallMillis)*time.Millisecond)
		served := endOnMemoryLimit(l.MemoryBytes)
		body, err := answer(ctx, handlers, c.req)
		served()
		cancel()
		var header responseHeader
		if err == nil && len(body) > maxBody {
			err = disclosure.Errorf(disclosure.ErrInvalid, "文件“%s”读出的内容过大,请拆分后再交。", c.req.Name)
		}
		if err != nil {
			header, body = describe(err), nil
		}
		if err := writeFrame(out, header, body); err != nil {
			os.Exit(1)
		}
		if len(c.req.Data) > freeAfter {
			debug.FreeOSMemory()
		}
	}
}

// endOnMemoryLimit ends this process, until stop is called, once the Go heap
// has passed the limit. The kernel's own limit stands a quarter above: there a
// runtime dies in ways that do not always say why (a fault inside its collector
// was met), and what Go does not count (WebAssembly) is bounded by it alone.
func endOnMemoryLimit(limit int64) (stop func()) {
	if limit <= 0 {
		return func() {}
	}
	done := make(chan struct{})
	go func() {
		sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			metrics.Read(sample)
			if sample[0].Value.Uint64()-sample[1].Value.Uint64() > uint64(limit) {
				os.Stderr.WriteString("out of memory: the limit of a reading process\n")
				os.Exit(3)
			}
		}
	}()
	return func() { close(done) }
}

// answer runs the handler. A panic ends the child with its stack on standard
// error: state behind it cannot be trusted, and the parent logs the stack.
func answer(ctx context.Context, handlers map[string]Handler, req Request) ([]byte, error) {
	handle, ok := handlers[req.Kind]
	if !ok {
		return nil, disclosure.Errorf(disclosure.ErrInternal, "读取进程不认识请求“%s”,请重启明镜。", req.Kind)
	}
	return handle(ctx, req)
}
