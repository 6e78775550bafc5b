package bench

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"time"

	"mingjing/internal/demo"
)

// starting makes the demonstration data with this binary and starts it twice
// on them, as an operator would.
func (r *run) starting(ctx context.Context) error {
	data := r.data("district")
	start := time.Now()
	if out, err := r.command(ctx, "demo", "--data", data).CombinedOutput(); err != nil {
		return fmt.Errorf("demo: %w: %s", err, out)
	}
	lines := []line{known("生成演示数据(60个单位、6年,含核对)", milliseconds(time.Since(start)))}
	for _, which := range []string{"第一次启动到登录页", "第二次启动到登录页"} {
		took, held, err := r.serve(ctx, data)
		if err != nil {
			return fmt.Errorf("serve: %w", err)
		}
		lines = append(lines, known(which, milliseconds(took)), known("服务进程内存(看过首页和比较页)", held))
	}
	r.table.lines("启动与内存", 0, lines)
	return nil
}

func (r *run) command(ctx context.Context, args ...string) *exec.Cmd {
	if r.Library != "" {
		args = append(args, "--library", r.Library)
	}
	return exec.CommandContext(ctx, r.binary, args...)
}

var servedAt = regexp.MustCompile(`http://[^\s]+`)

// serve starts the service and stops it again: the time from the start of the
// process to the end of the sign-in page, and the memory after two pages.
func (r *run) serve(ctx context.Context, data string) (took time.Duration, held string, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	cmd := r.command(ctx, "serve", "--data", data, "--listen", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, "", err
	}
	var said bytes.Buffer
	cmd.Stderr = &said
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, "", err
	}
	defer func() {
		_ = cmd.Process.Signal(os.Interrupt)
		if ended := cmd.Wait(); err == nil {
			err = ended
		}
		if err != nil {
			err = fmt.Errorf("%w: %s", err, said.Bytes())
		}
	}()
	first, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return 0, "", err
	}
	address := servedAt.FindString(first)
	if err := fetch(ctx, http.DefaultClient, address+"/sign-in"); err != nil {
		return 0, "", err
	}
	took = time.Since(start)
	jar, err := cookiejar.New(nil)
	if err != nil {
		return 0, "", err
	}
	reader := &http.Client{Jar: jar}
	signed, err := reader.PostForm(address+"/sign-in", url.Values{"account": {"qushen"}, "password": {demo.Password}})
	if err != nil {
		return 0, "", err
	}
	signed.Body.Close()
	for _, page := range []string{"/", "/compare"} {
		if err := fetch(ctx, reader, address+page); err != nil {
			return 0, "", err
		}
	}
	return took, memory(strconv.Itoa(cmd.Process.Pid)), nil
}

func fetch(ctx context.Context, client *http.Client, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", address, response.Status)
	}
	return nil
}
