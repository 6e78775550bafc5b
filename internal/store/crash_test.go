package store

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mingjing/internal/disclosure"

	"github.com/google/uuid"
)

// The test binary plays other processes too: roleEnv says which, dirEnv where.
const (
	roleEnv   = "STORE_TEST_ROLE"
	dirEnv    = "STORE_TEST_DIR"
	roleWrite = "write" // verifies what was acknowledged, then appends until it is killed
	roleOpen  = "open"  // opens the store and says what came of it
)

func playRole(role string) int {
	ctx := context.Background()
	s, err := Open(ctx, Options{DataDir: os.Getenv(dirEnv)})
	if role == roleOpen {
		if err == nil {
			_ = s.Close()
		}
		fmt.Println(disclosure.CodeOf(err), disclosure.Sentence(err))
		return 0
	}
	if err != nil {
		fmt.Println("FAULT open:", err)
		return 1
	}
	if err := verifyAcknowledged(ctx, s); err != nil {
		fmt.Println("FAULT", err)
		return 1
	}
	fmt.Println("READY")
	for writer := range 3 {
		go appendForEver(ctx, s, writer)
	}
	go saveForEver(ctx, s)
	select {}
}

// verifyAcknowledged proves that every acknowledged act is in the log, and
// that the projections are what the log says.
func verifyAcknowledged(ctx context.Context, s *Store) error {
	data, err := os.ReadFile(filepath.Join(os.Getenv(dirEnv), "acknowledged"))
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	ids := strings.Fields(string(data))
	seqs, err := s.LatestSeqs(ctx, KindAct, ids)
	if err != nil {
		return err
	}
	if len(seqs) != len(ids) {
		return fmt.Errorf("%d acts acknowledged, %d of them in the log", len(ids), len(seqs))
	}
	if err := verifySaved(ctx, s); err != nil {
		return err
	}
	for _, p := range projections {
		if err := compareWithLog(ctx, s, p); err != nil {
			return err
		}
	}
	return nil
}

// verifySaved proves that the draft stands at least as the last acknowledged
// save left it.
func verifySaved(ctx context.Context, s *Store) error {
	data, err := os.ReadFile(filepath.Join(os.Getenv(dirEnv), "saved"))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	var saved uint64
	if _, err := fmt.Sscan(string(data), &saved); err != nil {
		return err
	}
	d, err := s.Draft(ctx, 1, disclosure.Period{Year: 2023})
	if err == nil && d.Version < saved {
		err = fmt.Errorf("the draft stands at version %d, %d was acknowledged", d.Version, saved)
	}
	return err
}

// saveForEver saves a draft again and again.
func saveForEver(ctx context.Context, s *Store) {
	d := Draft{Unit: 1, Period: disclosure.Period{Year: 2023}, State: []byte("{}")}
	if stands, err := s.Draft(ctx, d.Unit, d.Period); err == nil {
		d.Version = stands.Version
	}
	for {
		saved, err := s.SaveDraft(ctx, d)
		if err != nil {
			fmt.Println("FAULT save:", err)
			return
		}
		d.Version = saved.Version
		_, _ = os.Stdout.WriteString(fmt.Sprintf("SAVED %d\n", d.Version))
	}
}

// compareWithLog reckons a projection from the log by grouping, without the
// engine's replacing, and compares.
func compareWithLog(ctx context.Context, s *Store, p projection) error {
	having := ""
	if p.basis != "" {
		having = "HAVING argMax(is_deleted, seq) = 0"
	}
	want := "SELECT " + p.key + ", max(seq) AS last FROM (" + p.rows("entries", s.dialect, false) + ") GROUP BY " + p.key + " " + having
	got := "SELECT " + p.key + ", seq AS last FROM " + p.table + " FINAL"
	var missing, surplus uint64
	err := s.db.QueryRow(ctx, fmt.Sprintf("SELECT (SELECT count() FROM (%[1]s EXCEPT DISTINCT %[2]s)), (SELECT count() FROM (%[2]s EXCEPT DISTINCT %[1]s))", want, got)).
		Scan(&missing, &surplus)
	if err != nil {
		return err
	}
	if missing+surplus > 0 {
		return fmt.Errorf("%s lacks %d rows of the log and has %d that it does not say", p.table, missing, surplus)
	}
	return nil
}

func appendForEver(ctx context.Context, s *Store, writer int) {
	seen := map[string]uint64{}
	for i := 0; ; i++ {
		state := aReport(national(disclosure.UnitNumber(1+rand.IntN(20)), disclosure.Year(2015+rand.IntN(10)), disclosure.ScopeAgency), 1+i, StatusApproved,
			cells{received: disclosure.Number(int64(i)), granted: disclosure.Number(int64(writer))})
		id := state.Key.EntityID()
		if seen[id] == 0 {
			if latest, err := s.Latest(ctx, KindReport, id); err == nil {
				seen[id] = latest.Seq
			}
		}
		act := Act{ID: uuid.NewString(), Entries: []Entry{reportEntry(state, seen[id]),
			{Kind: KindSetting, ID: uuid.NewString(), Verb: VerbCreate, State: i}}}
		receipts, err := s.Append(ctx, act)
		switch {
		case err == nil:
			seen[id] = receipts[0].Seq - 1 // the report is the act's first entry
			_, _ = os.Stdout.WriteString("ACK " + act.ID + "\n")
		case disclosure.CodeOf(err) == disclosure.ErrConflict: // another writer was first
			delete(seen, id)
		default:
			fmt.Println("FAULT append:", err)
			return
		}
	}
}

func child(t *testing.T, role, dir string) *exec.Cmd {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), roleEnv+"="+role, dirEnv+"="+dir)
	c.Stderr = os.Stderr
	return c
}

// A process killed at any moment loses no acknowledged act, and the next one
// brings the projections to what the log says. (Killing proves process death,
// not a power cut.)
func TestKilledAtRandomMoments(t *testing.T) {
	chains, kills := 2, 15
	if testing.Short() {
		chains, kills = 1, 3
	}
	for chain := range chains {
		t.Run(fmt.Sprint(chain), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			total := 0
			for range kills {
				total += killOne(t, dir)
			}
			if total == 0 {
				t.Fatal("nothing was ever acknowledged, so nothing was tried")
			}
			t.Logf("%d acts acknowledged over %d kills", total, kills)
		})
	}
}

// killOne starts a writer, kills it a random moment after it began, and keeps
// what it acknowledged; it returns how many acts those were.
func killOne(t *testing.T, dir string) int {
	t.Helper()
	c := child(t, roleWrite, dir)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	var acknowledged []string
	var saved uint64
	after := 1 + rand.IntN(6)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		line := lines.Text()
		if version, ok := strings.CutPrefix(line, "SAVED "); ok {
			_, _ = fmt.Sscan(version, &saved) // the last line may be cut off: then it says less
			continue
		}
		if id, ok := strings.CutPrefix(line, "ACK "); ok {
			acknowledged = append(acknowledged, id)
		}
		if strings.HasPrefix(line, "ACK ") || line == "READY" {
			// After a few acts, whatever the machine's speed, in the middle of the next.
			if after--; after == 0 {
				time.AfterFunc(time.Duration(rand.IntN(100))*time.Millisecond, func() { _ = c.Process.Kill() })
			}
		} else {
			_ = c.Process.Kill()
			_ = c.Wait()
			t.Fatal(line)
		}
	}
	_ = c.Wait() // killed
	if saved > 0 {
		if err := os.WriteFile(filepath.Join(dir, "saved"), []byte(fmt.Sprint(saved)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.OpenFile(filepath.Join(dir, "acknowledged"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, id := range acknowledged {
		if len(id) == 36 { // the last line may be cut off
			fmt.Fprintln(f, id)
		}
	}
	return len(acknowledged)
}

func TestSecondProcessIsRefused(t *testing.T) {
	dir := t.TempDir()
	s := openTest(t, Options{DataDir: dir})
	out, err := child(t, roleOpen, dir).Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(string(out)); got != string(disclosure.ErrUnavailable)+" "+sentenceInUse {
		t.Fatalf("the second process heard %q", got)
	}
	if err := s.Healthy(context.Background()); err != nil {
		t.Fatal(err)
	}
}
