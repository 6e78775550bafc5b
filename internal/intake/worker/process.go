package worker

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"time"
)

// child is a running process of the pool.
type child struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	stderr *firstWords
	waited sync.Once
	state  string
}

func startChild(command, environment []string) (*child, error) {
	c := &child{cmd: exec.Command(command[0], command[1:]...), stderr: &firstWords{}}
	c.cmd.Env = environment
	if runtime.GOOS == "windows" {
		c.cmd.Env = append(c.cmd.Env, "SystemRoot="+os.Getenv("SystemRoot"))
	}
	c.cmd.Stderr = c.stderr
	c.cmd.WaitDelay = time.Second
	separate(c.cmd)
	var err error
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.out = bufio.NewReaderSize(out, 1<<16)
	return c, c.cmd.Start()
}

// ask sends a request and waits for the response. A *deathError says that the
// child is gone; any other error is the handler's own.
func (c *child) ask(ctx context.Context, req Request, o Options) ([]byte, error) {
	timed, cancel := context.WithTimeout(ctx, o.WallTime)
	defer cancel()
	// The child gives up a little earlier than it is killed, if its handler
	// heeds the context.
	wall := o.WallTime * 9 / 10
	stop := context.AfterFunc(timed, func() { _ = c.cmd.Process.Kill() })
	defer stop()

	var header responseHeader
	var body []byte
	err := writeFrame(c.in, requestHeader{Kind: req.Kind, Name: req.Name, CPUSeconds: o.CPUSeconds, WallMillis: wall.Milliseconds()}, req.Data, req.Ask)
	if err == nil {
		err = readFrame(c.out, &header, &body)
	}
	if err != nil || timed.Err() != nil {
		c.kill()
		return nil, &deathError{overran: timed.Err() != nil && ctx.Err() == nil, state: c.state, stderr: c.stderr.String(), cause: err}
	}
	return body, header.err()
}

// kill ends the child at once and reaps it.
func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	c.wait()
}

// end lets the child go: it exits when its input ends.
func (c *child) end() {
	_ = c.in.Close()
	stop := time.AfterFunc(2*time.Second, func() { _ = c.cmd.Process.Kill() })
	defer stop.Stop()
	c.wait()
}

func (c *child) wait() {
	c.waited.Do(func() {
		if err := c.cmd.Wait(); err != nil {
			c.state = err.Error()
		} else {
			c.state = c.cmd.ProcessState.String()
		}
	})
}

// firstWords keeps the beginning of what a child prints: the Go runtime says
// first of what it dies, and then prints stacks without end.
type firstWords struct {
	mu   sync.Mutex
	text []byte
}

const keptWords = 8 << 10

func (t *firstWords) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if room := keptWords - len(t.text); room > 0 {
		t.text = append(t.text, p[:min(room, len(p))]...)
	}
	return len(p), nil
}

func (t *firstWords) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}
