package house

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	longestFile = 500     // lines of Go
	largestFile = 1 << 20 // bytes; fixtures are small
)

func TestFilesAreShort(t *testing.T) {
	for _, name := range tracked(t) {
		if path.Ext(name) != ".go" {
			continue
		}
		if lines := bytes.Count(content(t, name), []byte("\n")); lines > longestFile {
			t.Errorf("%s has %d lines, more than %d: divide it by subject", name, lines, longestFile)
		}
	}
}

// Third-party files are fetched and embedded at build time; the repository
// holds their names, versions and hashes only.
func TestNoThirdPartyFiles(t *testing.T) {
	kinds := []string{".so", ".dll", ".dylib", ".a", ".o", ".exe", ".wasm", ".woff", ".woff2", ".ttf", ".ttc", ".otf", ".map", ".jar", ".deb"}
	for _, name := range tracked(t) {
		base := path.Base(name)
		switch {
		case strings.Contains("/"+name, "/node_modules/"), strings.Contains("/"+name, "/vendor/"):
			t.Errorf("%s: fetched files are not committed", name)
		case slices.Contains(kinds, path.Ext(base)), strings.Contains(base, ".min."):
			t.Errorf("%s looks like a third-party or a built file", name)
		}
		info, err := os.Stat(filepath.Join(top(), name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > largestFile {
			t.Errorf("%s has %d bytes, more than %d", name, info.Size(), largestFile)
		}
	}
}

// forbidden must not stand in any tracked text. A lock file with download
// addresses ties everyone to one mirror, and a path of one developer's machine
// means nothing on another.
var forbidden = []struct {
	what    string
	pattern *regexp.Regexp
}{
	{"a package registry's host", regexp.MustCompile(`(?i)(?:^|[^\w.-])(?:registry|go-?proxy|proxy|sumdb?|mirrors?|deb|pypi|npm)\.(?:[a-z0-9-]+\.)*(?:org|com|net|cn|io|dev|local)(?:[^\w.-]|$)`)},
	{"a download address of a lock file", regexp.MustCompile(`"resolved":`)},
	{"a path of one machine", regexp.MustCompile(`(?:^|[\s"'=:(` + "`" + `])/(?:work|root|home|Users)/[A-Za-z0-9._-]+`)},
}

func TestNoHostsOrMachinePaths(t *testing.T) {
	for _, name := range tracked(t) {
		if name == "internal/house/files_test.go" {
			continue
		}
		text := content(t, name)
		if bytes.IndexByte(text[:min(len(text), 8000)], 0) >= 0 {
			continue
		}
		for _, f := range forbidden {
			if found := f.pattern.Find(text); found != nil {
				t.Errorf("%s names %s: %q", name, f.what, found)
			}
		}
	}
}

func TestForbiddenIsRecognised(t *testing.T) {
	for text, want := range map[string]bool{
		`"resolved": "x"`:                            true,
		"fetch registry.example.org/a":               true,
		"https://mirrors.some-cloud.example.cn":      true,
		"GOPROXY=https://goproxy.example.com,direct": true,
		"cd /home/somebody/mingjing":                 true,
		`open("/home/li/report.docx")`:               true,
		"https://www.apache.org/licenses/":           false,
		"the registry of reports":                    false,
		"proxy.go, mirror.go":                        false,
		"/var/lib/mingjing":                          false,
		"a/work/b":                                   false,
	} {
		got := slices.ContainsFunc(forbidden, func(f struct {
			what    string
			pattern *regexp.Regexp
		}) bool {
			return f.pattern.MatchString(text)
		})
		if got != want {
			t.Errorf("%q: forbidden %t, want %t", text, got, want)
		}
	}
}

func content(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(top(), name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}
