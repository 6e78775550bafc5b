package chdb

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestLibraryPath(t *testing.T) {
	root := t.TempDir()
	deep := filepath.Join(root, "a", "b")
	installed := filepath.Join(root, developmentLibrary)
	elsewhere := filepath.Join(root, "elsewhere.so")
	for _, folder := range []string{deep, filepath.Dir(installed)} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{installed, elsewhere} {
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name, explicit, environment, folder string
		want                                string // "" is ErrNoLibrary
	}{
		{"explicit comes first", elsewhere, installed, deep, elsewhere},
		{"explicit is not searched further", elsewhere + "x", installed, deep, ""},
		{"environment", "", elsewhere, deep, elsewhere},
		{"environment is not searched further", "", elsewhere + "x", deep, ""},
		{"a folder is no library", root, "", deep, ""},
		{"source tree, from below", "", "", deep, installed},
		{"source tree", "", "", root, installed},
		{"nowhere", "", "", os.TempDir(), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv(LibraryEnv, c.environment)
			t.Chdir(c.folder)
			got, err := LibraryPath(c.explicit)
			if c.want == "" {
				if !errors.Is(err, ErrNoLibrary) {
					t.Errorf("got %q, %v; want ErrNoLibrary", got, err)
				}
				return
			}
			if want, _ := filepath.EvalSymlinks(c.want); err != nil || got != c.want && got != want {
				t.Errorf("got %q, %v; want %q", got, err, c.want)
			}
		})
	}
}
