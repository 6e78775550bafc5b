package deploy

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// distEnv names the archive that `make dist` made; closedEnv marks the run of
// this test binary that has no network.
const (
	distEnv   = "MINGJING_TEST_DIST"
	closedEnv = "MINGJING_TEST_CLOSED_NETWORK"
)

// TestPackage installs the offline package and starts it where no network can
// be reached, as on a government intranet. It runs itself again in a network
// namespace of its own, in which there is nothing but loopback.
func TestPackage(t *testing.T) {
	if os.Getenv(distEnv) == "" {
		t.Skipf("%s names no package: make test-dist makes and tests one", distEnv)
	}
	if os.Getenv(closedEnv) != "" {
		t.Skip("the inner run")
	}
	inner := func(attributes *syscall.SysProcAttr, environment ...string) ([]byte, error) {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		command := exec.Command(self, "-test.run=^TestPackageInClosedNetwork$", "-test.v", "-test.timeout=8m")
		command.Env = append(os.Environ(), append(environment, closedEnv+"=1")...)
		command.SysProcAttr = attributes
		return command.CombinedOutput()
	}
	out, err := inner(closedNetwork())
	if err != nil && len(out) == 0 {
		// No namespace is permitted here: an address where nobody listens
		// stands for the network.
		t.Logf("no network namespace (%v): proxies point at nothing instead", err)
		nowhere := "http://127.0.0.1:9"
		out, err = inner(nil, "http_proxy="+nowhere, "https_proxy="+nowhere, "HTTP_PROXY="+nowhere, "HTTPS_PROXY="+nowhere)
	}
	t.Logf("%s", out)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(out, []byte("--- PASS: TestPackageInClosedNetwork")) {
		t.Fatal("the inner run did not run its test")
	}
}

func TestPackageInClosedNetwork(t *testing.T) {
	if os.Getenv(closedEnv) == "" {
		t.Skip("started by TestPackage")
	}
	bringLoopbackUp(t)
	folder := t.TempDir()
	run(t, folder, "tar", "-xzf", os.Getenv(distEnv))
	unpacked, err := filepath.Glob(filepath.Join(folder, "mingjing-*-linux-amd64"))
	if err != nil || len(unpacked) != 1 {
		t.Fatalf("the archive holds %v (%v), expected one folder", unpacked, err)
	}
	from, root := unpacked[0], filepath.Join(folder, "machine")

	run(t, from, "sh", "install.sh", "--root", root)
	answers(t, root)

	t.Run("again", func(t *testing.T) {
		before := inode(t, filepath.Join(root, "opt/mingjing/current/mingjing"))
		settings := filepath.Join(root, "etc/mingjing/mingjing.env")
		if err := os.WriteFile(settings, []byte("# changed by the operator\n"), 0o640); err != nil {
			t.Fatal(err)
		}
		run(t, from, "sh", "install.sh", "--root", root)
		if inode(t, filepath.Join(root, "opt/mingjing/current/mingjing")) != before {
			t.Error("the same version was copied again")
		}
		if text, _ := os.ReadFile(settings); !strings.Contains(string(text), "changed by the operator") {
			t.Error("the operator's settings were overwritten")
		}
	})

	t.Run("upgrade", func(t *testing.T) {
		old := readText(t, filepath.Join(from, "VERSION"))
		reseal(t, from, "VERSION", "v999.0.0\n")
		out := run(t, from, "sh", "install.sh", "--root", root)
		backups, _ := filepath.Glob(filepath.Join(root, "var/backups/mingjing/*.backup"))
		if len(backups) != 1 {
			t.Fatalf("backups before the upgrade: %v\n%s", backups, out)
		}
		if got := readText(t, filepath.Join(root, "opt/mingjing/current/VERSION")); got != "v999.0.0\n" {
			t.Errorf("current is %q after the upgrade", got)
		}
		if _, err := os.Stat(filepath.Join(root, "opt/mingjing", strings.TrimSpace(old), "mingjing")); err != nil {
			t.Errorf("the version before is gone: %v", err)
		}
		answers(t, root)
	})

	t.Run("damaged", func(t *testing.T) {
		font := filepath.Join(from, "fonts/wqy-microhei.ttc")
		if err := os.Truncate(font, 1000); err != nil {
			t.Fatal(err)
		}
		command := exec.Command("sh", "install.sh", "--root", filepath.Join(folder, "other"))
		command.Dir = from
		out, err := command.CombinedOutput()
		if err == nil || !bytes.Contains(out, []byte("SHA256SUMS")) {
			t.Errorf("a damaged package was installed: %v\n%s", err, out)
		}
		if _, err := os.Stat(filepath.Join(folder, "other/opt/mingjing")); err == nil {
			t.Error("a damaged package left files behind")
		}
	})
}

// answers starts the service by the very command of its unit, below root, and
// asks for the overview.
func answers(t *testing.T, root string) {
	t.Helper()
	unit := readUnit(t, filepath.Join(root, "etc/systemd/system/mingjing.service"))
	words := strings.Fields(unit["ExecStart"])
	for i, word := range words {
		if strings.HasPrefix(word, "/") {
			words[i] = filepath.Join(root, word)
		}
	}
	address := freeAddress(t)
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	command := exec.CommandContext(ctx, words[0], words[1:]...)
	command.Dir = "/"
	command.Env = append(os.Environ(), "MINGJING_LISTEN="+address)
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()

	body, err := overview(ctx, "http://"+address+"/sign-in", ended)
	if err != nil {
		_ = command.Process.Kill()
		t.Fatalf("%v\n%s", err, output.String())
	}
	if !strings.Contains(body, "明镜") {
		t.Errorf("the overview does not name the product:\n%.2000s", body)
	}
	if err := command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("the service ended with %v\n%s", err, output.String())
	}
}

// overview asks until the service answers, ends, or ctx is over.
func overview(ctx context.Context, address string, ended <-chan error) (string, error) {
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return "", err
		}
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			body, err := io.ReadAll(response.Body)
			_ = response.Body.Close()
			if response.StatusCode != http.StatusOK {
				return "", fmt.Errorf("%s answers %s:\n%s", address, response.Status, body)
			}
			return string(body), err
		}
		select {
		case err := <-ended:
			return "", fmt.Errorf("the service ended before it answered: %w", err)
		case <-ctx.Done():
			return "", fmt.Errorf("the service did not answer: %w", err)
		case <-again.C:
		}
	}
}

// reseal changes a file of the unpacked package and its line in SHA256SUMS.
func reseal(t *testing.T, folder, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	sum := strings.Fields(run(t, folder, "sha256sum", "./"+name))[0]
	lines := strings.Split(readText(t, filepath.Join(folder, "SHA256SUMS")), "\n")
	for i, line := range lines {
		if strings.HasSuffix(line, "  ./"+name) {
			lines[i] = sum + "  ./" + name
		}
	}
	if err := os.WriteFile(filepath.Join(folder, "SHA256SUMS"), []byte(strings.Join(lines, "\n")), 0o644); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, folder, name string, arguments ...string) string {
	t.Helper()
	command := exec.Command(name, arguments...)
	command.Dir = folder
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(arguments, " "), err, out)
	}
	return string(out)
}

func inode(t *testing.T, path string) uint64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Sys().(*syscall.Stat_t).Ino
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}
