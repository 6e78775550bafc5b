package store

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"mingjing/internal/disclosure"
)

// On a server a second writer deposes the first: the first is refused, and a
// row of its that was on its way is neither in the log's view nor projected,
// nor again in a backup. Run on the embedded engine under a server's dialect.
func TestDeposedWriter(t *testing.T) {
	ctx := context.Background()
	s := openTest(t, Options{Temporary: true})
	s.dialect.server = true
	if err := s.makeViews(ctx, "those of the embedded dialect"); err != nil {
		t.Fatal(err)
	}
	successor := func() *writer {
		t.Helper()
		w, err := newWriter(ctx, s)
		if err != nil {
			t.Fatal(err)
		}
		go w.run()
		t.Cleanup(w.stop)
		return w
	}
	s.writer.stop()
	first := successor()
	s.writer = first
	seq := file(t, s, oneReport, 0)
	if seq>>epochShift != 1 {
		t.Fatalf("seq %x is not of the first epoch", seq)
	}
	second := successor()

	other := oneReport
	other.Key.Unit = 2
	_, err := s.Append(ctx, anAct(reportEntry(other, 0)))
	wantCode(t, err, disclosure.ErrUnavailable)

	// The embedded engine's streamed inserts do not take views with subqueries
	// (the row lands, the insert says it was cancelled), so this is a plain one.
	exec1(t, s, fmt.Sprintf("INSERT INTO log SELECT * REPLACE (seq + 1 AS seq, 'late' AS act, 2 AS unit, '%s' AS id) FROM log WHERE seq = %d", other.Key.EntityID(), seq))
	s.writer = second
	third := oneReport
	third.Key.Unit = 3
	if got := file(t, s, third, 0); got>>epochShift != 2 {
		t.Fatalf("seq %x is not of the second epoch", got)
	}
	first.projected = seq + 1 // had its late row been the last of an append
	if err := first.saveWatermark(false); err == nil {
		t.Error("a deposed writer moved the watermark")
	}
	for _, step := range []string{"as projected", "as rebuilt"} {
		if got := must[[]LogEntry](t)(s.Entries(ctx, EntryFilter{})); len(got) != 2 {
			t.Errorf("%s: %d entries, want those of two units", step, len(got))
		}
		if got := ask(t, s, FigureQuery{Basis: Approved, Codes: []disclosure.Code{received}}); len(got) != 2 {
			t.Errorf("%s: figures %v", step, got)
		}
		if d := must[[]Difference](t)(s.Rebuild(ctx)); len(d) != 0 {
			t.Errorf("%s: %+v", step, d)
		}
	}
}

// A server's store on which nothing stands yet opens again, and its backup can
// be restored, after a rebuild and after an append that failed: the seqs that
// the writer will give begin far beyond the end of the log.
func TestNothingIsLostOnAnEmptyServer(t *testing.T) {
	ctx := context.Background()
	for name, happening := range map[string]func(t *testing.T, s *Store){
		"rebuilt": func(t *testing.T, s *Store) { must[[]Difference](t)(s.Rebuild(ctx)) },
		"a first append that failed": func(t *testing.T, s *Store) {
			exec1(t, s, "RENAME TABLE log TO log_away")
			if _, err := s.Append(ctx, anAct(reportEntry(oneReport, 0))); err == nil {
				t.Fatal("an append without a log succeeded")
			}
			exec1(t, s, "RENAME TABLE log_away TO log")
			_, err := s.Append(ctx, anAct(reportEntry(oneReport, 5)))
			wantCode(t, err, disclosure.ErrConflict) // repaired, and what is stale is refused
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := openTest(t, Options{Temporary: true})
			s.dialect.server = true
			if err := s.makeViews(ctx, "those of the embedded dialect"); err != nil {
				t.Fatal(err)
			}
			start := func() *writer {
				t.Helper()
				w, err := newWriter(ctx, s)
				if err != nil {
					t.Fatal(err)
				}
				go w.run()
				t.Cleanup(w.stop)
				return w
			}
			s.writer.stop()
			s.writer = start()
			happening(t, s)
			path := filepath.Join(t.TempDir(), "b.tar")
			if m := must[*Manifest](t)(s.Backup(ctx, path, nil)); m.LastSeq != 0 || m.Rows != 0 {
				t.Errorf("the backup of nothing says %d rows to seq %d", m.Rows, m.LastSeq)
			}
			s.writer.stop()
			s.writer = start()
			file(t, s, oneReport, 0)
			if got := ask(t, s, FigureQuery{Basis: Approved, Codes: []disclosure.Code{received}}); len(got) != 1 {
				t.Errorf("figures %v", got)
			}
		})
	}
}
