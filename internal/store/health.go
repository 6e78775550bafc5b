package store

import (
	"context"

	"mingjing/internal/disclosure"
)

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
