package store

import (
	"context"
	"strconv"
)

// projection is a table that materialized views fill from the log.
type projection struct {
	table string
	file  string // of sql/projections
	basis Basis  // "" when the projection has none
	key   string // the table's sorting key: one row each
}

// projections lists them in the order in which they are filled: what the
// writer decides by comes first.
var projections = []projection{
	{"latest_seqs", "latest_seqs", "", "kind, id"},
	{"unit_states", "unit_states", "", "number"},
	{"report_standings", "report_standings", "", "unit, year, quarter, family, scope"},
	{"entity_states", "entity_states", "", "kind, id"},
	{"reports_approved", "reports", Approved, "unit, year, quarter, family, scope"},
	{"reports_provisional", "reports", Provisional, "unit, year, quarter, family, scope"},
	{"figures_approved", "figures", Approved, "code, year, quarter, unit, scope"},
	{"figures_provisional", "figures", Provisional, "code, year, quarter, unit, scope"},
}

// rows is the SELECT that makes the projection's rows from source: the log's
// new block in a materialized view, a stretch of the log in repair.
func (p projection) rows(source string, d dialect, live bool) string {
	words := []string{"${source}", source, "${basis}", string(p.basis)}
	if !live {
		words = append(words, "${live}", "1")
	}
	return withoutComments(fill(load("projections", p.file), append(words, d.words()...)...))
}

type view struct{ name, create string }

func (s *Store) projectionViews() []view {
	var out []view
	onCluster := s.dialect.words()[3]
	for _, p := range projections {
		name := "project_" + p.table
		out = append(out, view{name, "CREATE MATERIALIZED VIEW " + name + " " + onCluster + " TO " + p.table + " AS\n" + p.rows("log", s.dialect, true)})
	}
	return out
}

func (s *Store) readViews() []view {
	var out []view
	words := s.dialect.words()
	add := func(name, file string, basis Basis) {
		text := withoutComments(fill(load("views", file), append([]string{"${basis}", string(basis)}, words...)...))
		out = append(out, view{name, "CREATE VIEW " + name + " " + words[3] + " AS\n" + text})
	}
	add("entries", "entries", "")
	for _, basis := range []Basis{Approved, Provisional} {
		add(string(basis)+"_figures", "figures", basis)
		add(string(basis)+"_reports", "reports", basis)
	}
	for _, name := range []string{"units", "latest", "excluded", "check_results", "entities", "standings"} {
		add(name, name, "")
	}
	return out
}

// reproject fills every projection with what the log says from seq on. Rows
// that are there already are the same rows, and collapse.
func (s *Store) reproject(ctx context.Context, from uint64) error {
	source := "(SELECT * FROM entries WHERE seq >= " + strconv.FormatUint(from, 10) + ")"
	for _, p := range projections {
		if err := s.db.Exec(named(ctx, "project "+p.table, longRun), "INSERT INTO "+p.table+"\n"+p.rows(source, s.dialect, false)); err != nil {
			return err
		}
	}
	return nil
}
