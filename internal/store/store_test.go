package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"mingjing/internal/disclosure"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/uuid"
)

// serverEnv names a ClickHouse server on which the conformance tests run too.
const serverEnv = "MINGJING_TEST_CLICKHOUSE"

func TestMain(m *testing.M) {
	if role := os.Getenv(roleEnv); role != "" {
		os.Exit(playRole(role))
	}
	code := m.Run()
	holdEngine(false)
	os.Exit(code)
}

// engineHeld: the engine of temporary stores outlives a test's store, so that
// the next test need not boot it.
var engineHeld bool

func holdEngine(hold bool) {
	temporary.Lock()
	defer temporary.Unlock()
	switch {
	case hold && !engineHeld:
		temporary.users++
	case !hold && engineHeld:
		if err := releaseTemporary(); err != nil {
			panic(err)
		}
	}
	engineHeld = hold
}

var testDay = time.Date(2024, 1, 20, 8, 0, 0, 0, time.UTC)

func testClock() time.Time { return testDay }

// onEachStore runs a conformance test on an embedded store and, when
// MINGJING_TEST_CLICKHOUSE names a server, on a database of its own there.
func onEachStore(t *testing.T, test func(t *testing.T, s *Store)) {
	t.Run("embedded", func(t *testing.T) {
		test(t, openTest(t, Options{Temporary: true}))
	})
	if dsn := os.Getenv(serverEnv); dsn != "" {
		t.Run("server", func(t *testing.T) {
			test(t, openTest(t, Options{ClickHouse: serverDatabase(t, dsn), DataDir: t.TempDir()}))
		})
	}
}

// serverDatabase gives the address of a new database on the server.
func serverDatabase(t *testing.T, dsn string) string {
	t.Helper()
	options, err := clickhouse.ParseDSN(dsn)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("mingjing_test_%d", time.Now().UnixNano())
	t.Cleanup(func() {
		db, err := clickhouse.Open(options)
		if err != nil {
			t.Error(err)
			return
		}
		defer db.Close()
		if err := db.Exec(context.Background(), "DROP DATABASE IF EXISTS "+name+" SYNC"); err != nil {
			t.Error(err)
		}
	})
	return withDatabase(t, dsn, name)
}

func openTest(t *testing.T, o Options) *Store {
	t.Helper()
	if o.Clock == nil {
		o.Clock = testClock
	}
	if !o.Temporary {
		holdEngine(false)
	}
	s, err := Open(context.Background(), o)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	if o.Temporary {
		holdEngine(true)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

func must[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func wantCode(t *testing.T, err error, want disclosure.ErrorCode) {
	t.Helper()
	var e *disclosure.Error
	if !errors.As(err, &e) || e.Code != want {
		t.Fatalf("error %v, want code %s", err, want)
	}
}

var tester = Actor{Name: "测试员", Address: "cli"}

func anAct(entries ...Entry) Act { return Act{ID: uuid.NewString(), Actor: tester, Entries: entries} }

func unitEntry(u disclosure.Unit, seen uint64) Entry {
	return Entry{Kind: KindUnit, ID: UnitEntityID(u.Number), Verb: VerbCreate, Seen: seen, State: u}
}

func national(unit disclosure.UnitNumber, year disclosure.Year, scope disclosure.Scope) ReportKey {
	return ReportKey{Unit: unit, Period: disclosure.Period{Year: year}, Family: disclosure.FamilyNational, Scope: scope}
}

type cells = map[disclosure.Code]disclosure.Cell

func aReport(key ReportKey, revision int, status Status, c cells) ReportState {
	return ReportState{Key: key, Revision: revision, Status: status, FormID: "national-2021", Cells: c}
}

func reportEntry(state ReportState, seen uint64) Entry {
	verbs := map[Status]Verb{StatusSubmitted: VerbSubmit, StatusApproved: VerbApprove, StatusReturned: VerbReturn, StatusRevoked: VerbRevoke, StatusWithdrawn: VerbWithdraw}
	return Entry{Kind: KindReport, ID: state.Key.EntityID(), Verb: verbs[state.Status], Seen: seen, State: state}
}

// file appends a revision and returns its seq.
func file(t *testing.T, s *Store, state ReportState, seen uint64) uint64 {
	t.Helper()
	receipts, err := s.Append(context.Background(), anAct(reportEntry(state, seen)))
	if err != nil {
		t.Fatalf("append %v %s: %v", state.Key, state.Status, err)
	}
	return receipts[0].Seq
}

const (
	received = disclosure.Code("T3_NEW_RECEIVED_TOT")
	granted  = disclosure.Code("T3_GRANTED_TOT")
)

// figuresText writes figures as "unit/year/scope code=value" for comparing.
func figuresText(fs []Figure) []string {
	out := []string{}
	for _, f := range fs {
		v := string(f.Kind)
		if f.Kind == disclosure.CellNumber {
			v = f.Value.String()
		}
		out = append(out, fmt.Sprintf("%d/%d/%s %s=%s", f.Unit, f.Year, f.Scope, f.Code, v))
	}
	return out
}

func ask(t *testing.T, s *Store, q FigureQuery) []string {
	t.Helper()
	return figuresText(must[[]Figure](t)(s.Figures(context.Background(), q)))
}
