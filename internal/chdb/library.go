package chdb

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Errors that Open returns, to be told apart with errors.Is. Each arrives
// wrapped with its cause in English; what a person reads is the caller's.
var (
	// ErrNoLibrary: libchdb.so is missing, unreadable or cannot run here
	// (another operating system or architecture, musl, an older glibc).
	ErrNoLibrary = errors.New("chdb: the engine library cannot be used")
	// ErrCPU: the processor lacks an instruction set that libchdb is compiled
	// for; loading it would end the process with an illegal instruction.
	ErrCPU = errors.New("chdb: the processor lacks AVX2")
	// ErrInUse: another engine, in this process or another one, holds the
	// data folder.
	ErrInUse = errors.New("chdb: the data folder is in use")
	// ErrClosed: the engine was closed; its stores are on disk, its
	// connections are gone.
	ErrClosed = errors.New("chdb: the engine is closed")
)

// LibraryEnv names the environment variable that points to libchdb.so.
const LibraryEnv = "MINGJING_LIBCHDB"

const libraryName = "libchdb.so"

// developmentLibrary is where `npm ci` puts the library in a source tree.
var developmentLibrary = filepath.Join("node_modules", "@chdb", "lib-linux-x64-gnu", libraryName)

// LibraryPath returns the absolute path of the engine library: explicit if it
// is not empty, else the file $MINGJING_LIBCHDB names, else libchdb.so beside
// the binary, else the one that npm installed in the working folder or in one
// above it. The first two are orders: when they name no file, that is
// ErrNoLibrary and the search does not go on.
func LibraryPath(explicit string) (string, error) {
	for _, order := range []struct{ origin, path string }{
		{"option", explicit},
		{"$" + LibraryEnv, os.Getenv(LibraryEnv)},
	} {
		if order.path == "" {
			continue
		}
		path, err := regularFile(order.path)
		if err != nil {
			return "", fmt.Errorf("%w: %s: %w", ErrNoLibrary, order.origin, err)
		}
		return path, nil
	}
	var places []string
	if binary, err := os.Executable(); err == nil {
		if resolved, err := filepath.EvalSymlinks(binary); err == nil {
			binary = resolved
		}
		places = append(places, filepath.Join(filepath.Dir(binary), libraryName))
	}
	if folder, err := os.Getwd(); err == nil {
		for {
			places = append(places, filepath.Join(folder, developmentLibrary))
			above := filepath.Dir(folder)
			if above == folder {
				break
			}
			folder = above
		}
	}
	for _, place := range places {
		if path, err := regularFile(place); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%w: no %s beside the binary, and neither %s nor the option names one", ErrNoLibrary, libraryName, LibraryEnv)
}

func regularFile(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is not a file", path)
	}
	return path, nil
}
