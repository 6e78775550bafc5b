package house

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const module = "mingjing"

// listed is one package of the module: its path and its imports, those that
// are compiled into the product.
type listed struct {
	path, name string
	imports    []string
}

// packages are all packages of the module, as `go list` tells them for the
// product's own system, and once more for one that has no engine.
func packages(t *testing.T) []listed {
	t.Helper()
	all, err := listPackages()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var listPackages = sync.OnceValues(func() ([]listed, error) {
	var all []listed
	for _, system := range []string{"linux", "windows"} {
		command := exec.Command("go", "list", "-e", "-json=ImportPath,Name,Imports,GoFiles", "./...")
		command.Dir = top()
		command.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0")
		var complaint bytes.Buffer
		command.Stderr = &complaint
		out, err := command.Output()
		if err != nil {
			return nil, errors.New("go list: " + complaint.String())
		}
		for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
			var p struct {
				ImportPath, Name string
				Imports          []string
			}
			if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return nil, err
			}
			path := strings.TrimPrefix(p.ImportPath, module+"/")
			all = append(all, listed{path: path, name: p.Name, imports: p.Imports})
		}
	}
	return all, nil
})

// tracked are the files that git knows, with new ones that it does not
// ignore; the test is about what is or will be committed.
func tracked(t *testing.T) []string {
	t.Helper()
	command := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	command.Dir = top()
	out, err := command.Output()
	if err != nil {
		t.Skipf("git does not list the files of this source tree (%v)", err)
	}
	var files []string
	for _, name := range strings.Split(strings.TrimRight(string(out), "\x00"), "\x00") {
		// A file that was removed and not yet committed is listed all the same.
		if info, err := os.Lstat(filepath.Join(top(), name)); err == nil && info.Mode().IsRegular() {
			files = append(files, name)
		}
	}
	return files
}

func top() string { return filepath.Join("..", "..") }
