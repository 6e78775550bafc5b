package deploy

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// call is one use of the program in a settings file or a page: where it
// stands, the command, and the options after it.
type call struct {
	where, command string
	flags          []string
}

var (
	inText   = regexp.MustCompile(`mingjing"? ([a-z][a-z-]*)\b([^\n|;` + "`" + `（，。#]*)`)
	flagName = regexp.MustCompile(`--[a-z][a-z-]*`)
	variable = regexp.MustCompile(`MINGJING_[A-Z_]*[A-Z]`)
)

// grouped commands have their options on a second word: mingjing user add.
var grouped = map[string]bool{"user": true, "rules": true, "sources": true, "issues": true}

// texts are the files in which people and machines are told how to call
// the program.
var texts = []string{"../README.md", "../README.zh-CN.md", "../CONTRIBUTING.md", "../Makefile",
	"安装说明.md", "install.sh", "mingjing.env", "scripts/run.sh", "systemd/mingjing.service"}

// notOptions are variables of this name that other programs read.
var notOptions = map[string]string{
	"MINGJING_CLICKHOUSE_PASSWORD": "the ClickHouse server's users.d",
	"MINGJING_REPLICA":             "the ClickHouse server's macros",
	"MINGJING_KEEPER_ID":           "ClickHouse Keeper",
	"MINGJING_TEST_CLICKHOUSE":     "the tests of internal/store",
	"MINGJING_TEST_DIST":           "the tests of this package",
}

func TestCommandsAndOptionsExist(t *testing.T) {
	binary := build(t)
	help := map[string]string{}
	calls := append(callsInTexts(t), callsInContainers(t)...)
	if len(calls) < 10 {
		t.Fatalf("only %d calls of the program were found", len(calls))
	}
	for _, c := range calls {
		text, known := help[c.command]
		if !known {
			out, err := exec.Command(binary, append([]string{"help"}, strings.Fields(c.command)...)...).CombinedOutput()
			if err != nil {
				t.Errorf("%s: there is no command %q:\n%s", c.where, c.command, out)
			}
			text = string(out)
			help[c.command] = text
		}
		for _, flag := range c.flags {
			if !regexp.MustCompile(regexp.QuoteMeta(flag) + `\b`).MatchString(text) {
				t.Errorf("%s: mingjing %s has no option %s", c.where, c.command, flag)
			}
		}
	}
}

func TestVariablesExist(t *testing.T) {
	out, err := exec.Command(build(t), "config").Output()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, name := range variable.FindAllString(string(out), -1) {
		known[name] = true
	}
	for _, path := range append(texts, "../docker-compose.yml", "Dockerfile", "nginx/mingjing.conf") {
		for _, name := range variable.FindAllString(readText(t, path), -1) {
			if !known[name] && notOptions[name] == "" {
				t.Errorf("%s names %s, which `mingjing config` does not list", path, name)
			}
		}
	}
}

func callsInTexts(t *testing.T) []call {
	t.Helper()
	var calls []call
	for _, path := range texts {
		for _, m := range inText.FindAllStringSubmatch(readText(t, path), -1) {
			if strings.HasPrefix(m[2], "/") {
				continue // "bin/mingjing bin/libchdb.so" names files
			}
			command := m[1]
			if words := strings.Fields(m[2]); grouped[command] && len(words) > 0 {
				command += " " + words[0]
			}
			calls = append(calls, call{path, command, flagName.FindAllString(m[2], -1)})
		}
	}
	return calls
}

// callsInContainers are the commands of the compose file and the image, which
// stand there as lists of words.
func callsInContainers(t *testing.T) []call {
	t.Helper()
	var image []string
	m := regexp.MustCompile(`(?m)^CMD (\[.*\])$`).FindStringSubmatch(readText(t, "Dockerfile"))
	if m == nil {
		t.Fatal("the Dockerfile has no CMD as a list")
	}
	if err := json.Unmarshal([]byte(m[1]), &image); err != nil {
		t.Fatal(err)
	}
	lists := map[string][]string{"Dockerfile": image}
	if command := readCompose(t).Services["mingjing"].Command; len(command) > 0 {
		lists["docker-compose.yml"] = command
	}
	var calls []call
	for where, words := range lists {
		calls = append(calls, call{where, words[0], flagName.FindAllString(strings.Join(words[1:], " "), -1)})
	}
	return calls
}

// build compiles the program once for the tests of this package that ask it
// about itself.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "mingjing")
	command := exec.Command("go", "build", "-buildvcs=false", "-o", binary, "../cmd/mingjing")
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
