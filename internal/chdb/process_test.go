//go:build linux && amd64

package chdb

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// What concerns a whole process is tested in a child: this test binary, told
// by roleEnv what to play and by folderEnv where.
const (
	roleEnv    = "CHDB_TEST_ROLE"
	folderEnv  = "CHDB_TEST_FOLDER"
	libraryEnv = "CHDB_TEST_LIBRARY"
)

var roles = map[string]func() error{
	"open":      playOpen,
	"foreign":   playForeign,
	"write":     playWrite,
	"read":      playRead,
	"recover":   playRecover,
	"lifecycle": playLifecycle,
}

func child(t *testing.T, role string, env ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), append(env, roleEnv+"="+role)...)
	return cmd
}

func play(t *testing.T, role string, env ...string) string {
	t.Helper()
	output, err := child(t, role, env...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", role, err, output)
	}
	return strings.TrimSpace(string(output))
}

// playOpen prints by which of the typed errors Open was refused.
func playOpen() error {
	e, err := Open(Options{Path: os.Getenv(folderEnv), Library: os.Getenv(libraryEnv)})
	if err == nil {
		fmt.Println("opened", e.Version())
		return e.Close()
	}
	return nameRefusal(err)
}

func nameRefusal(err error) error {
	for name, kind := range map[string]error{"ErrInUse": ErrInUse, "ErrNoLibrary": ErrNoLibrary, "ErrCPU": ErrCPU} {
		if errors.Is(err, kind) {
			fmt.Println(name)
			return nil
		}
	}
	return err
}

// playForeign boots on a folder without asking for our lock, as a program
// would that knows libchdb but not this package.
func playForeign() error {
	options := Options{Path: os.Getenv(folderEnv)}.withDefaults()
	library, err := LibraryPath("")
	if err != nil {
		return err
	}
	return nameRefusal((&Engine{base: options.settings()}).boot(library, options))
}

func TestRefusals(t *testing.T) {
	garbage := filepath.Join(t.TempDir(), libraryName)
	if err := os.WriteFile(garbage, []byte("no library"), 0o600); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for _, c := range []struct {
		what, role, want string
		env              []string
	}{
		{"second process on the data folder", "open", "ErrInUse", []string{folderEnv + "=" + engineFolder}},
		{"second process past our lock", "foreign", "ErrInUse", []string{folderEnv + "=" + engineFolder}},
		{"processor without AVX2", "open", "ErrCPU", []string{folderEnv + "=" + folder, "GODEBUG=cpu.avx2=off"}},
		{"library that is none", "open", "ErrNoLibrary", []string{folderEnv + "=" + folder, libraryEnv + "=" + garbage}},
		{"library that is missing", "open", "ErrNoLibrary", []string{folderEnv + "=" + folder, libraryEnv + "=" + garbage + "x"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			// The engine says why it does not start in lines of its own.
			lines := strings.Split(play(t, c.role, c.env...), "\n")
			if got := lines[len(lines)-1]; got != c.want {
				t.Errorf("refused with %s, want %s", got, c.want)
			}
		})
	}
	if _, err := Open(Options{}); !errors.Is(err, ErrInUse) {
		t.Errorf("second engine in one process: %v, want ErrInUse", err)
	}
}

const writers = 4

// playWrite inserts rising numbers from several goroutines, and prints each
// number after the engine has acknowledged it, until it is killed.
func playWrite() error {
	return withFolder(func(ctx context.Context, db driver.Conn) error {
		err := db.Exec(ctx, `CREATE TABLE IF NOT EXISTS acts (n UInt64) ENGINE = MergeTree ORDER BY n
			SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`)
		if err != nil {
			return err
		}
		var last uint64
		if err := db.QueryRow(ctx, "SELECT max(n) FROM acts").Scan(&last); err != nil {
			return err
		}
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for n := last + 1 + uint64(w); ; n += writers {
					batch, err := db.PrepareBatch(ctx, "INSERT INTO acts")
					if err == nil {
						err = batch.Append(n)
					}
					if err == nil {
						err = batch.Send()
					}
					if err != nil {
						return
					}
					fmt.Println(n)
				}
			})
		}
		wg.Wait()
		return errors.New("an insert failed")
	})
}

func playRead() error {
	return withFolder(func(ctx context.Context, db driver.Conn) error {
		var numbers []uint64
		if err := db.QueryRow(ctx, "SELECT groupArray(n) FROM acts").Scan(&numbers); err != nil {
			return err
		}
		fmt.Println(strings.Trim(fmt.Sprint(numbers), "[]"))
		return nil
	})
}

func withFolder(do func(context.Context, driver.Conn) error) error {
	e, err := Open(Options{Path: os.Getenv(folderEnv)})
	if err != nil {
		return err
	}
	defer e.Close()
	db, err := clickhouse.Open(e.Options("default"))
	if err != nil {
		return err
	}
	defer db.Close()
	return do(context.Background(), db)
}

func TestKilledProcessLosesNoAcknowledgedRow(t *testing.T) {
	folder := folderEnv + "=" + t.TempDir()
	acknowledged := map[string]bool{}
	for _, acts := range []int{3, 60} {
		writer := child(t, "write", folder)
		output, err := writer.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := writer.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewReader(output)
		for n := 0; ; n++ {
			line, err := lines.ReadString('\n')
			if err != nil {
				break // a line without its end was not acknowledged to anybody
			}
			acknowledged[strings.TrimSpace(line)] = true
			if n == acts {
				if err := writer.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := writer.Wait(); err == nil {
			t.Fatal("the writer ended by itself")
		}
		kept := strings.Fields(play(t, "read", folder))
		for n := range acknowledged {
			if !slices.Contains(kept, n) {
				t.Errorf("row %s was acknowledged and is lost", n)
			}
		}
		if len(acknowledged) <= acts {
			t.Fatalf("%d rows acknowledged, want more than %d", len(acknowledged), acts)
		}
	}
}

// playRecover recovers from nil dereferences while the engine works, as a web
// framework does with a handler that panics.
func playRecover() error {
	e, err := Open(Options{})
	if err != nil {
		return err
	}
	defer e.Close()
	db, err := clickhouse.Open(e.Options("default"))
	if err != nil {
		return err
	}
	defer db.Close()
	recovered := 0
	for range 50 {
		func() {
			defer func() {
				if recover() != nil {
					recovered++
				}
			}()
			var nothing *Engine
			fmt.Println(nothing.version)
		}()
		var n uint64
		if err := db.QueryRow(context.Background(), "SELECT count() FROM numbers(100000) WHERE number % 3 = 0").Scan(&n); err != nil {
			return err
		}
	}
	fmt.Println(recovered)
	return nil
}

func TestRecoveredNilDereference(t *testing.T) {
	if got := play(t, "recover"); got != strconv.Itoa(50) {
		t.Errorf("recovered %s times, want 50", got)
	}
}

// playLifecycle closes an engine that is at work, and opens the next.
func playLifecycle() error {
	folder := os.Getenv(folderEnv)
	e, err := Open(Options{})
	if err != nil {
		return err
	}
	db, err := clickhouse.Open(e.Options("default"))
	if err != nil {
		return err
	}
	ctx := context.Background()
	var temporary string
	if err := db.QueryRow(ctx, "SELECT path FROM system.disks").Scan(&temporary); err != nil {
		return err
	}
	unread, err := db.Query(ctx, "SELECT number FROM numbers(1e12)")
	if err != nil {
		return err
	}
	_ = unread // abandoned on purpose: Close must not wait for its reader
	scan := make(chan error, 1)
	go func() { scan <- db.Exec(ctx, "SELECT count() FROM numbers(1e13) WHERE number % 7 = 8") }()
	for n := uint64(0); n < 3; { // both and the question itself
		if err := db.QueryRow(ctx, "SELECT count() FROM system.processes").Scan(&n); err != nil {
			return err
		}
	}
	if err := e.Close(); err != nil {
		return err
	}
	if err := <-scan; !errors.Is(err, ErrClosed) {
		return fmt.Errorf("query running at Close: %v, want ErrClosed", err)
	}
	if err := db.Exec(ctx, "SELECT 1"); !errors.Is(err, ErrClosed) {
		return fmt.Errorf("query after Close: %v, want ErrClosed", err)
	}
	if err := e.Close(); err != nil {
		return fmt.Errorf("second Close: %w", err)
	}
	if _, err := os.Stat(temporary); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("the temporary store %s is still there: %v", temporary, err)
	}
	for round := range 3 {
		if e, err = Open(Options{Path: folder}); err != nil {
			return fmt.Errorf("opening again: %w", err)
		}
		db, err := clickhouse.Open(e.Options("default"))
		if err != nil {
			return err
		}
		if err := db.Exec(ctx, "CREATE TABLE IF NOT EXISTS kept (n UInt64) ENGINE = MergeTree ORDER BY n"); err != nil {
			return err
		}
		if err := db.Exec(ctx, "INSERT INTO kept VALUES (1)"); err != nil {
			return err
		}
		var rows uint64
		if err := db.QueryRow(ctx, "SELECT count() FROM kept").Scan(&rows); err != nil || rows != uint64(round+1) {
			return fmt.Errorf("%d rows after opening %d times (%v)", rows, round+1, err)
		}
		if err := e.Close(); err != nil {
			return err
		}
	}
	return nil
}

func TestLifecycle(t *testing.T) {
	if output := play(t, "lifecycle", folderEnv+"="+t.TempDir()); len(bytes.TrimSpace([]byte(output))) != 0 {
		t.Errorf("the engine says: %s", output)
	}
}
