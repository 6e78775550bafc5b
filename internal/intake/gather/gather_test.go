package gather

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mingjing/internal/disclosure"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func write(t *testing.T, path string, data []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func archive(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, data := range files {
		h := &zip.FileHeader{Name: name, Method: zip.Deflate}
		if !strings.Contains(name, ".txt") {
			h.NonUTF8 = true
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func names(paths ...string) (good []string, bad map[string]disclosure.ErrorCode) {
	bad = map[string]disclosure.ErrorCode{}
	for f := range Walk(paths) {
		if f.Err != nil {
			bad[filepath.Base(f.Name)] = disclosure.CodeOf(f.Err)
			continue
		}
		good = append(good, filepath.Base(f.Name)+"="+string(f.Data))
	}
	return good, bad
}

func TestWalkFoldersGlobsAndArchives(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a/一.txt"), []byte("1"))
	write(t, filepath.Join(dir, "a/deep/二.txt"), []byte("2"))
	write(t, filepath.Join(dir, "a/.hidden"), []byte("x"))
	write(t, filepath.Join(dir, "a/~$一.docx"), []byte("x"))
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("财政局")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "b.doc"), archive(t, map[string][]byte{gbk: []byte("3")})) // an archive under a wrong name

	if err := os.Symlink(filepath.Join(dir, "a"), filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if linked, _ := names(filepath.Join(dir, "link")); len(linked) != 2 {
		t.Errorf("a link to a folder gave %q, want its two files", linked)
	}
	if err := os.Mkdir(filepath.Join(dir, "nothing"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, bad := names(filepath.Join(dir, "nothing")); bad["nothing"] != disclosure.ErrNotFound {
		t.Errorf("an empty folder gave %v, want not found", bad)
	}
	paths := []string{filepath.Join(dir, "a"), filepath.Join(dir, "*.doc"), filepath.Join(dir, "none.txt")}
	if n := Count(paths); n != 4 {
		t.Errorf("counted %d files, want 4", n)
	}
	good, bad := names(paths...)
	if got, want := strings.Join(good, " "), "二.txt=2 一.txt=1 财政局=3"; got != want {
		t.Errorf("walked %q, want %q", got, want)
	}
	if bad["none.txt"] != disclosure.ErrNotFound || len(bad) != 1 {
		t.Errorf("failures %v, want none.txt not found and nothing else", bad)
	}
}

func TestWalkRefusesBombsAndNesting(t *testing.T) {
	dir := t.TempDir()
	bomb := archive(t, map[string][]byte{"bomb.txt": make([]byte, 50<<20)})
	inner := archive(t, map[string][]byte{"x.txt": []byte("x")})
	good, bad := names(
		write(t, filepath.Join(dir, "bomb.zip"), bomb),
		write(t, filepath.Join(dir, "nested.zip"), archive(t, map[string][]byte{"in.txt.zip": inner, "good.txt": []byte("ok")})),
		write(t, filepath.Join(dir, "empty.zip"), archive(t, nil)),
	)
	if strings.Join(good, " ") != "good.txt=ok" {
		t.Errorf("walked %q, want only good.txt", good)
	}
	if len(bad) != 3 || bad["empty.zip"] != disclosure.ErrInvalid || bad["bomb.txt"] != disclosure.ErrInvalid || bad["in.txt.zip"] != disclosure.ErrInvalid {
		t.Errorf("failures %v, want bomb.txt, in.txt.zip and empty.zip", bad)
	}
}

func TestWalkRefusesAHugeFileWithoutReadingIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "huge.docx")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(2 << 30); err != nil {
		t.Fatal(err)
	}
	f.Close()
	_, bad := names(path)
	if bad["huge.docx"] != disclosure.ErrInvalid {
		t.Errorf("a file of 2 GB gave %v", bad)
	}
}
