package store

import (
	"context"
	"fmt"

	"mingjing/internal/disclosure"
)

// Difference is how a projection differed from the one made anew.
type Difference struct {
	Table string
	// Rows that the log says and the projection lacked or had otherwise, and
	// rows that it had and the log does not say.
	Missing, Surplus uint64
}

// Rebuild makes every projection anew from the log beside the old one,
// compares them and exchanges the tables. It returns the projections that
// differed. Nothing is appended meanwhile; reading goes on.
func (s *Store) Rebuild(ctx context.Context) ([]Difference, error) {
	if s.options.ReadOnly {
		return nil, disclosure.Errorf(disclosure.ErrUnavailable, sentenceReadOnly)
	}
	var out []Difference
	err := s.whileNothingIsAppended(ctx, func(ctx context.Context) (err error) {
		if out, err = s.rebuild(ctx); err != nil || s.writer == nil {
			return err
		}
		return s.writer.repair(ctx)
	})
	return out, domainError(err)
}

func (s *Store) rebuild(ctx context.Context) ([]Difference, error) {
	var out []Difference
	for _, p := range projections {
		d, err := s.rebuildOne(ctx, p)
		if err != nil {
			return out, fmt.Errorf("rebuild %s: %w", p.table, err)
		}
		if d.Missing+d.Surplus > 0 {
			out = append(out, d)
		}
	}
	return out, nil
}

func (s *Store) rebuildOne(ctx context.Context, p projection) (Difference, error) {
	d := Difference{Table: p.table}
	fresh := p.table + "_anew"
	onCluster := s.dialect.words()[3]
	ctx = named(ctx, "rebuild "+p.table, longRun)
	for _, statement := range []string{
		"DROP TABLE IF EXISTS " + fresh + " " + onCluster + " SYNC",
		"CREATE TABLE " + fresh + " " + onCluster + " AS " + p.table,
		"INSERT INTO " + fresh + "\n" + p.rows("entries", s.dialect, false),
	} {
		if err := s.db.Exec(ctx, statement); err != nil {
			return d, err
		}
	}
	// Rows are compared by their key and seq: a seq's content is the log's.
	differ := func(a, b string) string {
		return fmt.Sprintf("SELECT count() FROM (SELECT %[1]s, seq FROM %[2]s FINAL EXCEPT DISTINCT SELECT %[1]s, seq FROM %[3]s FINAL)", p.key, a, b)
	}
	if err := s.db.QueryRow(ctx, differ(fresh, p.table)).Scan(&d.Missing); err != nil {
		return d, err
	}
	if err := s.db.QueryRow(ctx, differ(p.table, fresh)).Scan(&d.Surplus); err != nil {
		return d, err
	}
	if err := s.db.Exec(ctx, "EXCHANGE TABLES "+p.table+" AND "+fresh+" "+onCluster); err != nil {
		return d, err
	}
	return d, s.db.Exec(ctx, "DROP TABLE "+fresh+" "+onCluster+" SYNC")
}
