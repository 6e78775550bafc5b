package web

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// The floor is Chromium 86, which cannot be run here. What can be tested: that
// esbuild finds nothing in the served files to lower for it, and that nothing
// is in them which esbuild cannot lower.
var tooNew = map[string]*regexp.Regexp{
	".css": regexp.MustCompile(`[;{]\s*(inset|inset-inline|inset-block|aspect-ratio|accent-color|scrollbar-gutter|text-wrap|translate|rotate|scale|container-type|content-visibility)\s*:` +
		`|:(has|is|where)\(|@(container|layer|property|scope|starting-style)\b|\b(color-mix|oklch|oklab|light-dark|lab|lch)\(|\d(dvh|svh|lvh|cqw|cqi)\b|overflow:\s*clip`),
	".js": regexp.MustCompile(`\bObject\.hasOwn\(|\bstructuredClone\(|\.(findLast|findLastIndex|toSorted|toSpliced|toReversed|groupBy)\(|\brandomUUID\(|:has\(|\bstatic\s*\{`),
}

func TestServedFilesFitChromium86(t *testing.T) {
	esbuild, err := filepath.Abs("../../node_modules/esbuild/bin/esbuild")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(esbuild); err != nil {
		t.Fatalf("esbuild is missing, run npm ci: %v", err)
	}
	for name, f := range district.server.assets.byName {
		kind := filepath.Ext(name)
		pattern := tooNew[kind]
		if pattern == nil {
			continue
		}
		if at := pattern.FindIndex(f.content); at != nil {
			t.Errorf("%s holds %q, which Chromium 86 lacks: …%.120s…", name, f.content[at[0]:at[1]], f.content[max(0, at[0]-60):])
		}
		lowered, plain := transform(t, esbuild, f.content, kind, "chrome86"), transform(t, esbuild, f.content, kind, "esnext")
		if !bytes.Equal(lowered, plain) {
			t.Errorf("%s: esbuild lowers something for Chromium 86: %s", name, difference(lowered, plain))
		}
	}
}

func transform(t *testing.T, esbuild string, content []byte, kind, target string) []byte {
	t.Helper()
	cmd := exec.Command(esbuild, "--loader="+strings.TrimPrefix(kind, "."), "--target="+target)
	cmd.Stdin = bytes.NewReader(content)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("esbuild: %v", err)
	}
	return out
}

func difference(a, b []byte) string {
	x, y := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return strings.TrimSpace(x[i]) + " | " + strings.TrimSpace(y[i])
		}
	}
	return "length"
}

// A binary that was built without the third-party files says so at boot.
func TestMissingAssetIsNamed(t *testing.T) {
	files := fstest.MapFS{}
	for _, name := range required {
		files["static/"+name] = &fstest.MapFile{Data: []byte("x")}
	}
	if _, err := loadAssets(files); err != nil {
		t.Fatalf("all files are there: %v", err)
	}
	delete(files, "static/vendor/echarts.js")
	if _, err := loadAssets(files); err == nil || !strings.Contains(err.Error(), "vendor/echarts.js") || !strings.Contains(err.Error(), "make assets") {
		t.Errorf("a missing file gives %v", err)
	}
}

// Every text of the catalogue is used somewhere: by a template or by code, in
// full or by its first part (severity.*, upload.stage_*).
func TestCatalogueHoldsNothingUnused(t *testing.T) {
	source := &strings.Builder{}
	for _, pattern := range []string{"*.go", "templates/*.html"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			source.Write(data)
		}
	}
	for key := range district.server.text {
		family, stem := key[:strings.Index(key, ".")+1], key[:strings.LastIndexAny(key, "._")+1]
		if !strings.Contains(source.String(), `"`+key+`"`) && !strings.Contains(source.String(), `"`+family+`"`) && !strings.Contains(source.String(), `"`+stem+`"`) {
			t.Errorf("nothing says %q", key)
		}
	}
}
