//go:build unix

package reader

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"mingjing/internal/disclosure"
)

// LibreOffice is not needed to test how it is driven: a script stands in for
// it, and checks what it is given. What it makes of a real .doc is not tested.
func officeScript(t *testing.T, body string) *Office {
	t.Helper()
	path := filepath.Join(t.TempDir(), "soffice")
	script := `#!/bin/sh
while [ $# -gt 0 ]; do
  case "$1" in
    -env:UserInstallation=file://*) profile="${1#-env:UserInstallation=file://}" ;;
    --convert-to) target="$2"; shift ;;
    --outdir) out="$2"; shift ;;
    --*) ;;
    *) in="$1" ;;
  esac
  shift
done
` + body + "\n"
	if err := os.WriteFile(path, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return &Office{Path: path}
}

func TestConvert(t *testing.T) {
	o := officeScript(t, `
grep -q MacroSecurityLevel "$profile/user/registrymodifications.xcu" || exit 3
[ -z "$MINGJING_SECRET" ] || exit 4
[ "$HOME" = "${out%/out}" ] || exit 5
mkdir -p "$out"; { echo "$target"; cat "$in"; } > "$out/file.$target"`)
	t.Setenv("MINGJING_SECRET", "x")
	for extension, target := range officeTarget {
		got, err := o.Convert(t.Context(), "旧."+extension, extension, []byte("content"))
		if err != nil || string(got) != target+"\ncontent" {
			t.Errorf("%s: got %q, %v", extension, got, err)
		}
	}
}

func TestConvertFailures(t *testing.T) {
	for _, c := range []struct {
		name, body, extension, want string
		code                        disclosure.ErrorCode
	}{
		{"nothing made", "exit 0", "doc", "文件“旧.doc”无法转换", disclosure.ErrInvalid},
		{"failed", "echo cannot load >&2; exit 1", "doc", "文件“旧.doc”无法转换", disclosure.ErrInvalid},
		{"hangs", "sleep 600", "xls", "文件“旧.doc”转换超过", disclosure.ErrInvalid},
		{"format of no converter", "", "exe;reboot", "文件“旧.doc”的格式不能转换", disclosure.ErrInvalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := officeScript(t, c.body)
			o.Timeout = 300 * time.Millisecond
			if c.name != "hangs" {
				o.Timeout = 0
			}
			_, err := o.Convert(t.Context(), "旧.doc", c.extension, nil)
			if disclosure.CodeOf(err) != c.code || !strings.HasPrefix(disclosure.Sentence(err), c.want) {
				t.Errorf("got %v", err)
			}
		})
	}
	missing := &Office{Path: filepath.Join(t.TempDir(), "none")}
	if _, err := missing.Convert(t.Context(), "旧.doc", "doc", nil); disclosure.CodeOf(err) != disclosure.ErrUnavailable {
		t.Errorf("missing: %v", err)
	}
}

// soffice is a script that starts soffice.bin: both must die.
func TestConversionGivenUpKillsItsChildren(t *testing.T) {
	note := filepath.Join(t.TempDir(), "pid")
	o := officeScript(t, `sleep 600 & echo $! > `+note+`.new; mv `+note+`.new `+note+`; wait`)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := o.Convert(ctx, "旧.doc", "doc", nil)
		ended <- err
	}()
	var pid int
	for pid == 0 {
		if data, err := os.ReadFile(note); err == nil {
			pid, _ = strconv.Atoi(strings.TrimSpace(string(data)))
		}
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	for deadline := time.Now().Add(5 * time.Second); alive(pid); {
		if time.Now().After(deadline) {
			t.Fatalf("process %d lives", pid)
		}
	}
}

// alive is false for a process that is gone or only waits to be reaped.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && !strings.Contains(string(stat), ") Z ")
}

func TestNeedsOffice(t *testing.T) {
	_, old := Read(t.Context(), "旧.doc", []byte(oleOf("WordDocument", 0xEC, 0xA5)))
	_, image := Read(t.Context(), "图.doc", []byte("\xFF\xD8\xFF\xE0"))
	if extension, needed := NeedsOffice(old); extension != "doc" || !needed {
		t.Errorf("got %q, %v", extension, needed)
	}
	for _, err := range []error{image, nil, errors.New("x")} {
		if _, needed := NeedsOffice(err); needed {
			t.Errorf("%v needs no conversion", err)
		}
	}
}
