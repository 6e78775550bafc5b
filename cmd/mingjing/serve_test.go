package main

import (
	"bufio"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"mingjing/internal/demo"
	"mingjing/internal/office"
)

// serving starts the binary on a data folder and returns its address.
func serving(t *testing.T, data string, more ...string) (address string, cmd *exec.Cmd) {
	t.Helper()
	cmd = exec.Command(os.Args[0], append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0"}, more...)...)
	cmd.Env = append(os.Environ(), asBinary+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if cmd.ProcessState != nil {
			return // the test has ended it itself
		}
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Errorf("serve ended with %v\n%s", err, log.String())
		}
	})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if found := regexp.MustCompile(`https?://\S+`).FindString(lines.Text()); found != "" {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return found, cmd
		}
	}
	t.Fatalf("serve printed no address\n%s", log.String())
	return "", nil
}

// signedIn is a browser that signed in.
func signedIn(t *testing.T, address, account, password string) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Jar: jar}
	resp, err := c.PostForm(address+"/sign-in", url.Values{"account": {account}, "password": {password}})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.Request.URL.Path == "/sign-in" {
		body, _ := io.ReadAll(resp.Body)
		t.Fatalf("%s cannot sign in: %.400s", account, body)
	}
	return c
}

func get(t *testing.T, c *http.Client, url string) (int, string) {
	t.Helper()
	resp, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func TestCommandsWorkWhileServing(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	must(t, 0, "demo", "--data", data, "--units", "8", "--years", "2")
	address, _ := serving(t, data)
	person := signedIn(t, address, "qushen", demo.Password)

	csv := write(t, dir, "r.csv", "unit,year,code,value\n刚导入的局,2024,T3_NEW_RECEIVED_TOT,5\n")
	if got := importJSON(t, 0, "--data", data, csv); got.Files[0].Status != office.OutcomeImported {
		t.Fatalf("import while serving: %+v", got.Files[0])
	}
	if code, body := get(t, person, address+"/units?year=2024"); code != 200 || !strings.Contains(body, "刚导入的局") {
		t.Errorf("the page of units, status %d, does not show what was imported while serving", code)
	}
	if _, body := get(t, person, address+"/?year=2024"); !strings.Contains(body, "1 家待确认") {
		t.Error("the overview does not say that its sums hold an unconfirmed entry's figures")
	}
	if out := must(t, 0, "sql", "--data", data, "--format", "json", "SELECT actor, address FROM log WHERE kind = 'report' ORDER BY seq DESC LIMIT 1"); !strings.Contains(out, "os:") || !strings.Contains(out, "socket") {
		t.Errorf("the audit names %s, want the operating-system user and the socket", out)
	}
	if r := mingjing(t, "sql", "--data", data, "DROP TABLE log"); r.exit != 5 || r.out != "" {
		t.Errorf("DROP TABLE: exit %d, %q", r.exit, r.err)
	}
	if r := mingjing(t, "restore", "--data", data, csv); r.exit == 0 {
		t.Error("restore into a folder that is being served succeeded")
	}
	if r := mingjing(t, "serve", "--data", data, "--listen", "127.0.0.1:0"); r.exit != 6 && r.exit != 4 || !strings.Contains(r.err, "数据目录") {
		t.Errorf("a second serve: exit %d, %q; want a sentence on the data folder", r.exit, r.err)
	}
	backup := filepath.Join(dir, "backup")
	must(t, 0, "backup", "--data", data, backup)
	must(t, 0, "rebuild", "--data", data)
	restored := filepath.Join(dir, "restored")
	must(t, 0, "restore", "--data", restored, backup)
	const question = "SELECT code, year, toString(sum(value)) FROM approved_figures GROUP BY code, year ORDER BY code, year"
	if a, b := must(t, 0, "sql", "--data", data, question), must(t, 0, "sql", "--data", restored, question); a != b {
		t.Error("the restored store gives other figures")
	}
	if r := mingjing(t, "backup", "--data", data, backup); r.exit != 4 {
		t.Errorf("a backup over an existing file: exit %d, %q", r.exit, r.err)
	}
}

func TestServeKeepsToLoopback(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:80"} {
		if r := mingjing(t, "serve", "--data", t.TempDir(), "--listen", address); r.exit != 5 || !strings.Contains(r.err, "--insecure-http") {
			t.Errorf("serve on %s: exit %d, %q", address, r.exit, r.err)
		}
	}
}

// A killed server leaves a socket and a lock behind; neither may keep the next
// one or a command from the data.
func TestDataIsFreeAfterAKill(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	must(t, 0, "demo", "--data", data, "--units", "8", "--years", "1")
	address, cmd := serving(t, data)
	person := signedIn(t, address, "qushen", demo.Password)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	must(t, 0, "sql", "--data", data, "SELECT 1")
	again, _ := serving(t, data)
	// Cookies belong to a host, not to a port: who was signed in still is.
	if code, body := get(t, person, again+"/me"); code != 200 || !strings.Contains(body, "赵审核(演示)") {
		t.Errorf("after a kill the own page gives %d, or asks to sign in", code)
	}
}
