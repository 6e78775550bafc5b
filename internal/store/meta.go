package store

import (
	"context"

	"mingjing/internal/disclosure"
)

// keyRestoring stands in the store while a restore fills it.
const keyRestoring = "restoring"

// refuseHalfRestored refuses a store that a restore left half filled.
func (s *Store) refuseHalfRestored(ctx context.Context) error {
	value, err := s.readMeta(ctx, keyRestoring)
	if err != nil {
		return err
	}
	if value != "" {
		return disclosure.Errorf(disclosure.ErrConflict, "上次从备份恢复没有完成,请换一个空的数据目录重新恢复。")
	}
	return nil
}
