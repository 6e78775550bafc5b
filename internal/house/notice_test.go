package house

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What is delivered carries its authors' names: NOTICE lists the Go modules
// inside the binary, no fewer and no more.
func TestNoticeNamesEveryModule(t *testing.T) {
	command := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", "./cmd/mingjing")
	command.Dir = top()
	command.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0")
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	linked := strings.Fields(string(out))
	slices.Sort(linked)
	linked = slices.Compact(linked)

	var named []string
	for _, line := range regexp.MustCompile(`(?m)^[a-z0-9.-]+\.[a-z]+/\S+$`).FindAll(content(t, "NOTICE"), -1) {
		named = append(named, string(line))
	}
	for _, path := range linked {
		if !slices.Contains(named, path) {
			t.Errorf("NOTICE does not name %s, which is inside the binary", path)
		}
	}
	for _, path := range named {
		if !slices.Contains(linked, path) {
			t.Errorf("NOTICE names %s, which is not inside the binary", path)
		}
	}
}

func TestNoticeNamesEveryDeliveredPackage(t *testing.T) {
	var npm struct {
		Dependencies         map[string]string
		OptionalDependencies map[string]string
	}
	if err := json.Unmarshal(content(t, "package.json"), &npm); err != nil {
		t.Fatal(err)
	}
	notice := string(content(t, "NOTICE"))
	for _, packages := range []map[string]string{npm.Dependencies, npm.OptionalDependencies} {
		for name, version := range packages {
			if !strings.Contains(notice, "npm "+name+")") {
				t.Errorf("NOTICE does not name the npm package %s", name)
			}
			if !regexp.MustCompile(`^\d`).MatchString(version) {
				t.Errorf("%s is wanted as %q: pin the exact version", name, version)
			}
		}
	}
}

func TestLicenceIsThere(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(top(), "LICENSE"))
	if err != nil || !strings.Contains(string(text), "Apache License") || !strings.Contains(string(text), "END OF TERMS AND CONDITIONS") {
		t.Errorf("LICENSE is not the whole Apache License (%v)", err)
	}
}
