package store

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"mingjing/internal/disclosure"
)

// ReplicatedMergeTree cannot run in the embedded engine, so what a cluster
// would be told is tested as text.
func TestDialects(t *testing.T) {
	engine := regexp.MustCompile(`(?m)^ENGINE = (\w+)`)
	for _, c := range []struct {
		name       string
		dialect    dialect
		replicated bool
		guarded    bool
	}{
		{"embedded", dialect{}, false, false},
		{"server", dialect{server: true}, false, true},
		{"cluster", dialect{server: true, cluster: "gov"}, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &Store{dialect: c.dialect}
			var texts []string
			for _, m := range migrations(c.dialect) {
				texts = append(texts, m.Statements...)
			}
			texts = append(texts, fill(createSchema, c.dialect.words()...))
			for _, text := range texts {
				if !strings.HasPrefix(text, "CREATE TABLE IF NOT EXISTS") {
					t.Errorf("a step that cannot run again: %.80s", text)
				}
				m := engine.FindStringSubmatch(text)
				if m == nil || strings.HasPrefix(m[1], "Replicated") != c.replicated || !strings.HasSuffix(m[1], "MergeTree") {
					t.Errorf("engine %v in %.80s", m, text)
				}
			}
			for _, v := range append(s.projectionViews(), s.readViews()...) {
				texts = append(texts, v.create)
			}
			all := strings.Join(texts, "\n")
			if got := strings.Count(all, "ON CLUSTER `gov`"); (got == len(texts)) != c.replicated || !c.replicated && got > 0 {
				t.Errorf("%d of %d statements name the cluster", got, len(texts))
			}
			if got := strings.Count(all, "FROM guard"); (got == len(projections)+1) != c.guarded || !c.guarded && got > 0 {
				t.Errorf("%d views look at the guard", got)
			}
			if strings.Contains(all, "now()") {
				t.Error("the clock is injected, SQL has none of its own")
			}
		})
	}
}

func TestMigrationsRunOnce(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		file(t, s, oneReport, 0)
		if err := s.migrate(ctx); err != nil {
			t.Fatal(err)
		}
		// As after a crash between a migration's steps and its record.
		exec1(t, s, "ALTER TABLE schema DELETE WHERE version = 3 SETTINGS mutations_sync = 2")
		if err := s.migrate(ctx); err != nil {
			t.Fatal(err)
		}
		if got := ask(t, s, FigureQuery{Basis: Approved, Codes: []disclosure.Code{received}}); len(got) != 1 {
			t.Fatalf("figures %v", got)
		}
		if _, err := VerifyBackup(s.backups + "/before-schema-3.tar"); err != nil {
			t.Errorf("the backup before the migration: %v", err)
		}
	})
}

func TestForeignSchemaIsRefused(t *testing.T) {
	for _, c := range []struct {
		name    string
		version uint32
		sum     string
	}{
		{"newer", 99, "x"}, {"other text", 1, "x"},
	} {
		onEachStore(t, func(t *testing.T, s *Store) {
			ctx := context.Background()
			s.options.Clock = func() time.Time { return testDay.AddDate(0, 0, 1) }
			if err := s.record(ctx, c.version, "0001_log", c.sum); err != nil {
				t.Fatal(err)
			}
			wantCode(t, s.migrate(ctx), disclosure.ErrConflict)
			wantCode(t, s.Healthy(ctx), disclosure.ErrConflict)
		})
	}
}

func TestOlderEngine(t *testing.T) {
	for version, older := range map[string]bool{"25.8.1.1": false, "25.7.9": true, "24.12": true, "26.1.1": false, "26.7.2.1": false, "18.16": true, "?": true} {
		if got := olderEngine(version); got != older {
			t.Errorf("%s: older %v, want %v", version, got, older)
		}
	}
}

// A projection's SELECT that changed with a new version of the program is
// filled anew.
func TestChangedViewsAreMadeAnew(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		file(t, s, oneReport, 0)
		exec1(t, s, "TRUNCATE TABLE reports_approved")
		if err := s.makeViews(ctx, "what an older version made"); err != nil {
			t.Fatal(err)
		}
		if h := must[[]ReportHead](t)(s.Heads(ctx, HeadQuery{Basis: Approved})); len(h) != 1 {
			t.Fatalf("heads %v", h)
		}
	})
}
