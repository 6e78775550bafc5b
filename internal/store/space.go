package store

import (
	"fmt"

	"mingjing/internal/disclosure"
)

// checkSpace refuses to write when the disk of the data folder is all but
// full: reading goes on, and nothing is cut off in the middle.
func (w *writer) checkSpace() error {
	o := w.store.options
	now := o.Clock()
	if w.spaceAt.IsZero() || now.Sub(w.spaceAt) >= o.CheckSpaceEvery || now.Before(w.spaceAt) {
		w.spaceAt, w.spaceErr = now, w.store.spaceError()
		w.health.Lock()
		w.health.space = w.spaceErr
		w.health.Unlock()
	}
	return w.spaceErr
}

func (s *Store) spaceError() error {
	free, err := freeSpace(s.files)
	if err != nil {
		return disclosure.Errorf(disclosure.ErrUnavailable, "读不到数据目录所在磁盘的剩余空间,请检查磁盘。").Because(err)
	}
	if free < s.options.MinFree {
		return disclosure.Errorf(disclosure.ErrUnavailable, sentenceDiskFull).Because(fmt.Errorf("%d bytes free, %d wanted", free, s.options.MinFree))
	}
	return nil
}
