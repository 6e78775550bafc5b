package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mingjing/internal/demo"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake/worker"
)

// asBinary makes the test binary behave as mingjing itself: the tests start
// the very program that people run.
const asBinary = "MINGJING_TEST_AS_BINARY"

func TestMain(m *testing.M) {
	if os.Getenv(asBinary) != "" || len(os.Args) > 1 && os.Args[1] == worker.Command {
		main()
	}
	os.Exit(m.Run())
}

// result is what a command did.
type result struct {
	exit     int
	out, err string
}

// mingjing runs a command in this process.
func mingjing(t *testing.T, args ...string) result {
	t.Helper()
	var out, errOut bytes.Buffer
	exit := run(args, strings.NewReader(""), &out, &errOut)
	return result{exit, out.String(), errOut.String()}
}

// must runs a command that has to end with the given code.
func must(t *testing.T, exit int, args ...string) string {
	t.Helper()
	r := mingjing(t, args...)
	if r.exit != exit {
		t.Fatalf("mingjing %s: exit %d, want %d\n%s%s", strings.Join(args, " "), r.exit, exit, r.out, r.err)
	}
	return r.out
}

func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("not JSON: %v\n%.400s", err, text)
	}
	return v
}

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// filings returns the first demonstration reports of a unit, oldest first.
func filings(t *testing.T, unit disclosure.UnitNumber) []*disclosure.Report {
	t.Helper()
	var out []*disclosure.Report
	for f := range demo.Generate(demo.Spec{Units: 20, Years: 4}).Reports() {
		if f.Unit == unit {
			out = append(out, f.Report)
		}
	}
	if len(out) < 3 {
		t.Fatalf("unit %d filed %d reports, want at least 3", unit, len(out))
	}
	return out
}

func page(t *testing.T, r *disclosure.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := demo.WriteHTML(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestHelpNamesEveryCommand(t *testing.T) {
	out := must(t, 0, "help")
	for _, name := range []string{"serve", "check", "import", "demo", "sql", "merge-unit", "backup", "restore", "rebuild", "bench", "config", "version"} {
		if !strings.Contains(out, name) {
			t.Errorf("help does not name %s", name)
		}
		if sub := must(t, 0, "help", name); !strings.Contains(sub, name) {
			t.Errorf("help %s says nothing of it", name)
		}
	}
	if r := mingjing(t, "nonsense"); r.exit != 2 || !strings.Contains(r.err, "mingjing help") {
		t.Errorf("an unknown command gave exit %d, %q", r.exit, r.err)
	}
}

func TestConfigMasksSecrets(t *testing.T) {
	t.Setenv("MINGJING_CLICKHOUSE", "clickhouse://u:verysecret@host/db")
	t.Setenv("MINGJING_LISTEN", "127.0.0.1:9999")
	out := must(t, 0, "config")
	if strings.Contains(out, "verysecret") {
		t.Error("config prints a secret")
	}
	for _, want := range []string{"MINGJING_DATA", "--data", "127.0.0.1:9999", "******"} {
		if !strings.Contains(out, want) {
			t.Errorf("config lacks %q:\n%s", want, out)
		}
	}
}
