// Package deploy tests what an operator is given: settings, units, compose
// file, and the offline package. None of the servers can be started in CI, so
// the tests hold what can be held without them.
package deploy

import (
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

func TestClickHouseSettingsAreXML(t *testing.T) {
	count := 0
	err := filepath.WalkDir("clickhouse", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		count++
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }()
		root := ""
		for decoder := xml.NewDecoder(file); ; {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Errorf("%s: %v", path, err)
				return nil
			}
			if start, ok := token.(xml.StartElement); ok && root == "" {
				root = start.Name.Local
			}
		}
		// The server merges only files whose root it knows.
		if root != "clickhouse" {
			t.Errorf("%s: root is <%s>, not <clickhouse>", path, root)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if count < 4 {
		t.Errorf("%d settings files, expected server, users, cluster and keeper", count)
	}
}

// compose is what the tests read of docker-compose.yml.
type compose struct {
	Services map[string]struct {
		Image string
		Build struct {
			Context    string
			Dockerfile string
		}
		Command     []string
		Environment map[string]string
		Volumes     []string
		Ports       []string
		DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
	}
	Volumes map[string]any
}

func readCompose(t *testing.T) compose {
	t.Helper()
	file, err := os.Open("../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var c compose
	if err := yaml.NewDecoder(file).Decode(&c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestComposeIsWhole(t *testing.T) {
	c := readCompose(t)
	if _, ok := c.Services["mingjing"]; !ok {
		t.Fatal("docker-compose.yml has no service mingjing")
	}
	for name, service := range c.Services {
		if service.Image == "" {
			dockerfile := filepath.Join("..", service.Build.Context, service.Build.Dockerfile)
			if _, err := os.Stat(dockerfile); err != nil {
				t.Errorf("%s: neither an image nor a Dockerfile: %v", name, err)
			}
		}
		for other := range service.DependsOn {
			if _, ok := c.Services[other]; !ok {
				t.Errorf("%s depends on %s, which is no service", name, other)
			}
		}
		for _, volume := range service.Volumes {
			source, _, _ := strings.Cut(volume, ":")
			if strings.HasPrefix(source, ".") {
				if _, err := os.Stat(filepath.Join("..", source)); err != nil {
					t.Errorf("%s mounts %s: %v", name, source, err)
				}
			} else if _, ok := c.Volumes[source]; !ok {
				t.Errorf("%s mounts the volume %s, which is not declared", name, source)
			}
		}
		for _, port := range service.Ports {
			if !strings.HasPrefix(port, "127.0.0.1:") {
				t.Errorf("%s publishes %s: without sign-in a port stays on loopback", name, port)
			}
		}
	}
}

// clickhouse-go binds parameters as {name:Type}, and the projections use what
// servers before 25.8 lack.
func TestClickHouseVersion(t *testing.T) {
	version := regexp.MustCompile(`clickhouse/clickhouse-(?:server|keeper):(\d+)\.(\d+)`)
	found := 0
	for _, service := range readCompose(t).Services {
		if !strings.HasPrefix(service.Image, "clickhouse/") {
			continue
		}
		found++
		m := version.FindStringSubmatch(service.Image)
		if m == nil {
			t.Errorf("image %s does not pin a version", service.Image)
			continue
		}
		year, _ := strconv.Atoi(m[1])
		month, _ := strconv.Atoi(m[2])
		if year*100+month < 2508 {
			t.Errorf("image %s is older than 25.8", service.Image)
		}
	}
	if found == 0 {
		t.Error("docker-compose.yml has no ClickHouse")
	}
}

func TestUnitIsHardened(t *testing.T) {
	unit := readUnit(t, "systemd/mingjing.service")
	for key, want := range map[string]string{
		"User":            "mingjing",
		"NoNewPrivileges": "yes",
		"ProtectSystem":   "strict",
		"ProtectHome":     "yes",
		"PrivateTmp":      "yes",
		"StateDirectory":  "mingjing",
		"UMask":           "0077",
		"MemoryMax":       "6G",
	} {
		if unit[key] != want {
			t.Errorf("%s=%q, want %q", key, unit[key], want)
		}
	}
}

// readUnit returns the last value of each key of a unit file.
func readUnit(t *testing.T, path string) map[string]string {
	t.Helper()
	values, section := map[string]string{}, ""
	for number, line := range strings.Split(readText(t, path), "\n") {
		switch line = strings.TrimSpace(line); {
		case line == "", strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			section = line
		default:
			key, value, ok := strings.Cut(line, "=")
			if !ok || section == "" {
				t.Fatalf("%s:%d: not a setting: %s", path, number+1, line)
			}
			values[key] = value
		}
	}
	return values
}
