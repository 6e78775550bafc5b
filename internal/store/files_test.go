package store

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mingjing/internal/disclosure"
)

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("the line is cut") }

func TestFiles(t *testing.T) {
	s := openTest(t, Options{Temporary: true})
	sum, size, err := s.PutFile(strings.NewReader("abc"))
	if err != nil || size != 3 || sum != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Fatalf("%s %d %v", sum, size, err)
	}
	before := must[os.FileInfo](t)(os.Stat(s.filePath(sum)))
	if again, _, err := s.PutFile(strings.NewReader("abc")); again != sum || err != nil {
		t.Fatalf("%s %v", again, err)
	}
	if after := must[os.FileInfo](t)(os.Stat(s.filePath(sum))); !os.SameFile(before, after) || after.Mode().Perm() != 0o400 {
		t.Fatalf("the file was written over, or may be: %v", after.Mode())
	}
	f := must[*os.File](t)(s.OpenFile(sum))
	defer f.Close()
	if data := must[[]byte](t)(io.ReadAll(f)); string(data) != "abc" {
		t.Fatalf("%q", data)
	}
	_, _, err = s.PutFile(io.MultiReader(strings.NewReader("half"), brokenReader{}))
	wantCode(t, err, disclosure.ErrUnavailable)
	if left := must[[]string](t)(filepath.Glob(filepath.Join(s.files, "incoming-*"))); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	for _, name := range []string{"", "../../etc/passwd", strings.Repeat("0", 64), strings.Repeat("g", 64)} {
		_, err := s.OpenFile(name)
		wantCode(t, err, disclosure.ErrNotFound)
	}
}

// What a killed process left of a file is removed at the next start; what
// somebody may still be writing, and what is whole, stays.
func TestFilesLeftHalfWrittenAreRemoved(t *testing.T) {
	dir := t.TempDir()
	first := openTest(t, Options{DataDir: dir})
	sum, _, err := first.PutFile(strings.NewReader("abc"))
	if err != nil {
		t.Fatal(err)
	}
	old, young := filepath.Join(first.files, "incoming-1"), filepath.Join(first.files, "incoming-2")
	for _, name := range []string{old, young} {
		if err := os.WriteFile(name, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	long := time.Now().Add(-2 * incomingAge)
	for _, name := range []string{old, first.filePath(sum)} {
		if err := os.Chtimes(name, long, long); err != nil {
			t.Fatal(err)
		}
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := openTest(t, Options{DataDir: dir})
	if left := must[[]string](t)(filepath.Glob(filepath.Join(second.files, incoming))); len(left) != 1 || left[0] != young {
		t.Errorf("left: %v", left)
	}
	f := must[*os.File](t)(second.OpenFile(sum))
	_ = f.Close()
}

func TestFullDiskTurnsTheStoreReadOnly(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		file(t, s, oneReport, 0)
		s.options.MinFree, s.options.CheckSpaceEvery = 1<<62, -1
		_, err := s.Append(t.Context(), anAct(Entry{Kind: KindSetting, ID: "x", Verb: VerbCreate, State: 1}))
		wantCode(t, err, disclosure.ErrUnavailable)
		if disclosure.Sentence(err) != sentenceDiskFull {
			t.Errorf("the person hears %q", disclosure.Sentence(err))
		}
		_, _, err = s.PutFile(strings.NewReader("abc"))
		wantCode(t, err, disclosure.ErrUnavailable)
		wantCode(t, s.Healthy(t.Context()), disclosure.ErrUnavailable)
		if got := ask(t, s, FigureQuery{Basis: Approved, Codes: []disclosure.Code{received}}); len(got) != 1 {
			t.Errorf("reading stopped: %v", got)
		}
		s.options.MinFree = 1
		if _, err := s.Append(t.Context(), anAct(Entry{Kind: KindSetting, ID: "x", Verb: VerbCreate, State: 1})); err != nil {
			t.Errorf("after room was made: %v", err)
		}
	})
}
