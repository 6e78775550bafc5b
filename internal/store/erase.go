package store

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"mingjing/internal/disclosure"
)

// doneSuffix is added to an erasure's id for the act that says it is done.
const doneSuffix = "-done"

// Erase removes content for good. The act that orders it is appended first, so
// that an erasure that broke off is finished at the next start, or when it is
// asked for once more. Nothing is appended meanwhile. The results of checks go
// too, as they quote: the caller has them made anew. Errors: ErrInvalid,
// ErrNotFound (a row that is not there), ErrUnavailable.
func (s *Store) Erase(ctx context.Context, e Erasure) (ErasureReceipt, error) {
	if s.writer == nil {
		return ErasureReceipt{}, disclosure.Errorf(disclosure.ErrUnavailable, sentenceReadOnly)
	}
	if err := e.validate(); err != nil {
		return ErasureReceipt{}, err
	}
	var out ErasureReceipt
	// Once begun it goes to its end, whoever has gone away.
	err := s.whileNothingIsAppended(context.WithoutCancel(ctx), func(ctx context.Context) (err error) {
		if err := s.writer.ready(ctx); err != nil {
			return err
		}
		out, err = s.writer.erase(ctx, e)
		return err
	})
	return out, domainError(err)
}

func (w *writer) erase(ctx context.Context, e Erasure) (ErasureReceipt, error) {
	entry, err := w.store.State(ctx, KindErasure, e.ID)
	if disclosure.CodeOf(err) == disclosure.ErrNotFound {
		if err = w.orderErasure(ctx, e); err == nil {
			entry, err = w.store.State(ctx, KindErasure, e.ID)
		}
	}
	if err != nil {
		return ErasureReceipt{}, err
	}
	return w.finishErasure(ctx, entry)
}

// orderErasure appends what is to be erased.
func (w *writer) orderErasure(ctx context.Context, e Erasure) error {
	s := w.store
	seqs := map[uint64]bool{}
	for _, seq := range e.Seqs {
		seqs[seq] = true
	}
	for _, r := range e.Reports {
		revisions, err := s.Revisions(ctx, r.Key)
		if err != nil {
			return err
		}
		found := false
		for _, revision := range revisions {
			if r.Revisions == nil || slices.Contains(r.Revisions, revision.Revision) {
				seqs[revision.Seq], found = true, true
			}
		}
		if !found {
			return disclosure.Errorf(disclosure.ErrNotFound, "没有要清除的报告版本。")
		}
	}
	order := Erased{Reason: e.Reason, Admins: e.Admins, Parts: e.Parts, Files: e.Files, Drafts: e.Drafts, Ordered: s.options.Clock().UTC()}
	rows, err := s.rowsToErase(ctx, slices.Sorted(maps.Keys(seqs)))
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.Kind == KindUnit || r.Kind == KindErasure {
			return disclosure.Errorf(disclosure.ErrInvalid, "单位资料和清除记录不能清除,请改用修改。")
		}
		r.Kept = e.Kept[r.Seq]
		order.Rows = append(order.Rows, r.ErasedRow)
	}
	if len(rows) != len(seqs) {
		return disclosure.Errorf(disclosure.ErrNotFound, "要清除的记录有的不存在,请刷新后重新选定。")
	}
	return w.appendOne(ctx, Act{ID: e.ID, Actor: e.Actor, Entries: []Entry{{Kind: KindErasure, ID: e.ID, Verb: VerbErase, State: order}}})
}

// appendOne appends an act from within the writer.
func (w *writer) appendOne(ctx context.Context, act Act) error {
	receipt := Receipt{}
	if _, err := w.appendBatch(ctx, []*pendingAct{{act: &act, receipt: &receipt}}); err != nil {
		return err
	}
	return receipt.Err
}

// finishErasure does what an erasure's entry orders. All of it can be done
// again without harm.
func (w *writer) finishErasure(ctx context.Context, entry LogEntry) (ErasureReceipt, error) {
	s := w.store
	out := ErasureReceipt{Seq: entry.Seq}
	if err := json.Unmarshal(entry.State, &out.Erased); err != nil {
		return out, err
	}
	if out.Done {
		out.Repeated = true
		return out, nil
	}
	defer s.changes.noteAll() // however far it comes, entries are no longer what they were
	if err := s.eraseRows(ctx, entry.ID, &out.Erased); err != nil {
		return out, err
	}
	for _, sum := range out.Files {
		if err := s.eraseFile(sum, Tombstone{Act: entry.ID, Time: out.Ordered, Reason: out.Reason, Admins: out.Admins, Hash: sum}); err != nil {
			return out, err
		}
	}
	if err := s.eraseWaiting(out.Files); err != nil {
		return out, err
	}
	if err := s.eraseDrafts(ctx, out.Drafts); err != nil {
		return out, err
	}
	if err := s.removeOldParts(ctx); err != nil {
		s.options.Logger.Error("old parts are still on the disk after an erasure", "error", err)
		out.Left = append(out.Left, "数据库的旧数据块尚未全部删除,会在稍后自动删除;请过十分钟后检查数据目录。")
	}
	if s.dialect.server {
		out.Left = append(out.Left, "ClickHouse 服务器自己的日志、快照和备份不在清除范围内,请由运维人员处理。")
	}
	backups, err := s.backupsBefore(ctx, entry.Seq, &out.Erased)
	if err != nil {
		return out, err
	}
	out.Backups, out.Done = backups, true
	act := Act{ID: entry.ID + doneSuffix, Actor: entry.Actor, Entries: []Entry{{Kind: KindErasure, ID: entry.ID, Verb: VerbChange, Seen: entry.Seq, State: out.Erased}}}
	if err := w.appendOne(ctx, act); err != nil {
		return out, err
	}
	out.Seq = w.seq
	return out, nil
}

// finishErasures finishes, at start, what broke off.
func (w *writer) finishErasures(ctx context.Context) error {
	entries, err := w.store.States(ctx, KindErasure)
	if err != nil {
		return err
	}
	for _, e := range entries {
		out, err := w.finishErasure(ctx, e)
		if err != nil {
			return err
		}
		if !out.Repeated {
			w.store.options.Logger.Info("finished an erasure that had broken off", "act", e.ID)
		}
	}
	return nil
}
