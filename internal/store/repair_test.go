package store

import (
	"context"
	"slices"
	"testing"

	"mingjing/internal/disclosure"
)

const oneFigure = "1/2023/本机关 T3_NEW_RECEIVED_TOT=7"

var oneReport = aReport(national(1, 2023, disclosure.ScopeAgency), 1, StatusApproved, cells{received: disclosure.Number(7)})

func exec1(t *testing.T, s *Store, statement string) {
	t.Helper()
	if err := s.db.Exec(context.Background(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// A view that fails leaves the row in the log and out of later projections;
// the append is repaired at once and succeeds.
func TestAppendSurvivesAFailingView(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		exec1(t, s, "CREATE MATERIALIZED VIEW a_faulty_one TO unit_states AS SELECT log.unit AS number, log.seq AS seq, toString(throwIf(log.unit > 0, 'made to fail')) AS state FROM log AS log")
		file(t, s, oneReport, 0)
		for _, b := range []Basis{Approved, Provisional} {
			if got := ask(t, s, FigureQuery{Basis: b, Codes: []disclosure.Code{received}}); !slices.Equal(got, []string{oneFigure}) {
				t.Errorf("%s: %v", b, got)
			}
		}
		if d := must[[]Difference](t)(s.Rebuild(context.Background())); len(d) != 0 {
			t.Errorf("projections differ: %+v", d)
		}
		if err := s.Healthy(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

// A projection that cannot be written at all: the act is in the log, the
// person hears so, the store says that it is behind, and the next append
// repairs before it appends.
func TestStoreIsBehindUntilProjectionsCanBeWritten(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		act := anAct(reportEntry(oneReport, 0))
		exec1(t, s, "CREATE MATERIALIZED VIEW a_faulty_one TO unit_states AS SELECT unit AS number, seq, toString(throwIf(unit > 0, 'made to fail')) AS state FROM figures_approved")
		_, err := s.Append(ctx, act)
		wantCode(t, err, disclosure.ErrUnavailable)
		wantCode(t, s.Healthy(ctx), disclosure.ErrUnavailable)
		_, err = s.Append(ctx, anAct(Entry{Kind: KindSetting, ID: "x", Verb: VerbCreate, State: 1}))
		wantCode(t, err, disclosure.ErrUnavailable)
		exec1(t, s, "DROP VIEW a_faulty_one SYNC")
		again := must[[]Receipt](t)(s.Append(ctx, act))[0]
		if !again.Repeated || again.Seq != 1 && !s.dialect.server {
			t.Fatalf("receipt %+v", again)
		}
		if got := ask(t, s, FigureQuery{Basis: Approved, Codes: []disclosure.Code{received}}); !slices.Equal(got, []string{oneFigure}) {
			t.Fatalf("figures %v", got)
		}
		if err := s.Healthy(ctx); err != nil {
			t.Fatal(err)
		}
		if n := len(must[[]LogEntry](t)(s.Entries(ctx, EntryFilter{}))); n != 1 {
			t.Fatalf("%d entries, want 1: what was refused must not be there", n)
		}
	})
}

// An insert that the engine refuses as a whole leaves nothing, and the store
// goes on.
func TestAFailedInsertLeavesNothing(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		exec1(t, s, "RENAME TABLE log TO log_away")
		_, err := s.Append(ctx, anAct(reportEntry(oneReport, 0)))
		if err == nil {
			t.Fatal("an append without a log succeeded")
		}
		exec1(t, s, "RENAME TABLE log_away TO log")
		file(t, s, oneReport, 0)
		if n := len(must[[]LogEntry](t)(s.Entries(ctx, EntryFilter{}))); n != 1 {
			t.Fatalf("%d entries", n)
		}
	})
}

// Rebuild finds and mends what somebody did to a projection.
func TestRebuildFindsDifferences(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		file(t, s, oneReport, 0)
		other := oneReport
		other.Key.Unit = 2
		file(t, s, other, 0)
		exec1(t, s, "ALTER TABLE figures_approved DELETE WHERE unit = 1 SETTINGS mutations_sync = 2")
		exec1(t, s, "INSERT INTO unit_states VALUES (9, 9, '{}')")
		got := must[[]Difference](t)(s.Rebuild(ctx))
		want := []Difference{{Table: "unit_states", Surplus: 1}, {Table: "figures_approved", Missing: 1}}
		if !slices.Equal(got, want) {
			t.Fatalf("got %+v, want %+v", got, want)
		}
		if d := must[[]Difference](t)(s.Rebuild(ctx)); len(d) != 0 {
			t.Fatalf("after rebuilding: %+v", d)
		}
		// The views write into the exchanged tables.
		third := oneReport
		third.Key.Unit = 3
		file(t, s, third, 0)
		if got := ask(t, s, FigureQuery{Basis: Approved, Codes: []disclosure.Code{received}}); len(got) != 3 {
			t.Fatalf("figures %v", got)
		}
	})
}

// After a restart seq goes on where it stood, unit numbers are not given
// twice, and the log being ahead of the projections is repaired.
func TestRestart(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	first := openTest(t, Options{DataDir: dir})
	n := must[disclosure.UnitNumber](t)(first.NextUnitNumbers(3)) + 2
	must[[]Receipt](t)(first.Append(ctx, anAct(unitEntry(disclosure.Unit{Number: n, Name: "甲局"}, 0))))
	exec1(t, first, "DROP VIEW project_figures_provisional SYNC")
	seq := file(t, first, oneReport, 0)
	// As a killed process leaves it: the watermark of its start.
	first.writer.projected = 0
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := openTest(t, Options{DataDir: dir})
	if got := ask(t, second, FigureQuery{Basis: Provisional, Codes: []disclosure.Code{received}}); !slices.Equal(got, []string{oneFigure}) {
		t.Fatalf("after the restart: %v", got)
	}
	if next := must[disclosure.UnitNumber](t)(second.NextUnitNumber()); next != n+1 {
		t.Errorf("next unit number %d, want %d", next, n+1)
	}
	if got := file(t, second, aReport(national(2, 2023, disclosure.ScopeAgency), 1, StatusSubmitted, nil), 0); got != seq+1 {
		t.Errorf("seq %d, want %d", got, seq+1)
	}
}

// When the machine went down under an open store, projections may have lost
// what was never synced: they are made anew.
func TestRebuildAfterTheMachineWentDown(t *testing.T) {
	dir := t.TempDir()
	first := openTest(t, Options{DataDir: dir})
	file(t, first, oneReport, 0)
	exec1(t, first, "TRUNCATE TABLE figures_approved")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := openTest(t, Options{DataDir: dir})
	q := FigureQuery{Basis: Approved, Codes: []disclosure.Code{received}}
	if got := ask(t, second, q); len(got) != 0 {
		t.Fatalf("the clean end was not believed: %v", got)
	}
	if err := second.writeMeta(context.Background(), keyWatermark, "1 another-boot"); err != nil {
		t.Fatal(err)
	}
	second.writer.kill() // no clean end is written
	_ = second.Close()
	third := openTest(t, Options{DataDir: dir})
	if got := ask(t, third, q); !slices.Equal(got, []string{oneFigure}) {
		t.Fatalf("after the machine went down: %v", got)
	}
}

// The version that caches go by moves only when the figures of a batch, and
// what comparisons and sums leave out of them, are in place.
func TestTheVersionMovesLast(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		region := oneReport
		region.Key.Scope = disclosure.ScopeRegion
		before := file(t, s, region, 0)
		exec1(t, s, "RENAME TABLE exclusions TO exclusions_away")
		act := anAct(reportEntry(oneReport, 0))
		_, err := s.Append(ctx, act)
		wantCode(t, err, disclosure.ErrUnavailable)
		if got := must[uint64](t)(s.LastSeq(ctx)); got != before {
			t.Errorf("last seq %d while two reports of one unit are compared, want %d", got, before)
		}
		exec1(t, s, "RENAME TABLE exclusions_away TO exclusions")
		again := must[[]Receipt](t)(s.Append(ctx, act))[0]
		if got := must[uint64](t)(s.LastSeq(ctx)); !again.Repeated || got != again.Seq {
			t.Errorf("last seq %d, receipt %+v", got, again)
		}
		if got := ask(t, s, FigureQuery{Basis: Approved, Codes: []disclosure.Code{received}}); !slices.Equal(got, []string{oneFigure}) {
			t.Errorf("figures %v", got)
		}
	})
}
