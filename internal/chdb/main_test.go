//go:build linux && amd64

package chdb

import (
	"fmt"
	"os"
	"testing"
)

// engine is the one that this process can run; each test makes a database of
// its own in it.
var (
	engine       *Engine
	engineFolder string
)

const testConnections, testMemory = 8, 1 << 30

func TestMain(m *testing.M) {
	if role := os.Getenv(roleEnv); role != "" {
		if err := roles[role](); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	var err error
	if engineFolder, err = os.MkdirTemp("", "chdb-test-"); err == nil {
		engine, err = Open(Options{Path: engineFolder, Connections: testConnections, MaxMemory: testMemory})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if err := engine.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	_ = os.RemoveAll(engineFolder)
	os.Exit(code)
}
