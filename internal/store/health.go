package store

import (
	"context"

	"mingjing/internal/disclosure"
)

// Stats is the store's size and state, for operators.
type Stats struct {
	Engine    string // version of ClickHouse
	Embedded  bool
	Schema    int // number of migrations applied
	LastSeq   uint64
	Units     uint64
	Reports   uint64 // approved
	Figures   uint64 // rows of the approved projection, overwritten ones included
	DiskBytes uint64 // of all tables
	FreeBytes uint64 // on the data folder's disk
}

// Stats reports the store's size and state.
func (s *Store) Stats(ctx context.Context) (Stats, error) {
	st := Stats{Embedded: !s.dialect.server, Schema: len(migrations(s.dialect))}
	var err error
	if st.Engine, err = s.EngineVersion(ctx); err != nil {
		return st, err
	}
	if st.LastSeq, err = s.LastSeq(ctx); err != nil {
		return st, err
	}
	err = s.db.QueryRow(named(ctx, "stats", nil), `SELECT
		(SELECT count() FROM unit_states FINAL),
		(SELECT count() FROM reports_approved FINAL),
		(SELECT sum(rows) FROM system.parts WHERE active AND database = currentDatabase() AND table = 'figures_approved'),
		(SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = currentDatabase())`).
		Scan(&st.Units, &st.Reports, &st.Figures, &st.DiskBytes)
	if err != nil {
		return st, domainError(err)
	}
	st.FreeBytes, err = freeSpace(s.files)
	return st, fileError(err)
}

// Healthy says why the store cannot serve or be written: the engine does not
// answer, the schema is another, the lease is lost, projections are behind the
// log, or the disk is full. It returns nil when all is well.
func (s *Store) Healthy(ctx context.Context) error {
	if err := s.requireSchema(ctx); err != nil {
		return domainError(err)
	}
	w := s.writer
	if w == nil {
		return nil
	}
	if err := w.checkLease(ctx); err != nil {
		return err
	}
	if err := s.spaceError(); err != nil {
		return err
	}
	w.health.Lock()
	defer w.health.Unlock()
	if w.health.behind != nil {
		return disclosure.Errorf(disclosure.ErrUnavailable, "汇总数据落后于日志,正在补齐。").Because(w.health.behind)
	}
	return nil
}
