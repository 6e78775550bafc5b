package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"mingjing/internal/disclosure"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// Versions of a draft lie in slots, each save in one: the last recentSlots
// saves, and beside them the first save in every keptEvery of work or by
// another person, of which keptSlots stay.
const (
	recentSlots = 16
	keptSlots   = 16
	keptEvery   = 10 * time.Minute
	removedDays = 30 // how long a removed draft can be found
	mostDrafts  = 200
)

// drafter is the one goroutine that writes drafts. It knows every draft's head,
// so that of two who saw the same version only one can save.
type drafter struct {
	*queue[*draftRequest]
	store *Store

	// Owned by the goroutine, and by newDrafter before it runs.
	heads  map[draftKey]*draftHead
	unsure bool // an insert did not end well: heads must be read again
	tidied string

	mirror draftMirror // of heads, for who reads
}

// draftHead is what stands of a draft.
type draftHead struct {
	draftRow           // without state
	keptSlot uint64    // of the last version that was kept for longer
	keptAt   time.Time // zero: none
}

// draftRequest is a save, or a removal (Draft.Removed), or a task on its way.
type draftRequest struct {
	draft Draft
	task  func(context.Context) error
	err   error
	done  chan struct{}
}

func newDrafter(ctx context.Context, s *Store) (*drafter, error) {
	d := &drafter{queue: newQueue[*draftRequest](mostDrafts), store: s}
	if err := d.readHeads(ctx); err != nil {
		d.kill()
		return nil, err
	}
	return d, d.tidy(ctx)
}

func (s *Store) askDrafter(ctx context.Context, r draftRequest) (Draft, error) {
	if s.drafter == nil {
		return r.draft, disclosure.Errorf(disclosure.ErrUnavailable, sentenceReadOnly)
	}
	r.done = make(chan struct{})
	if err := s.drafter.hand(ctx, &r); err != nil {
		return r.draft, err
	}
	select {
	case <-r.done:
		return r.draft, domainError(r.err)
	case <-ctx.Done():
		return Draft{}, domainError(ctx.Err())
	}
}

// run serves what waits until the drafter is stopped.
func (d *drafter) run() {
	defer close(d.ended)
	for first := range d.requests {
		batch := []*draftRequest{first}
	waiting:
		for len(batch) < mostDrafts {
			select {
			case r, open := <-d.requests:
				if !open {
					break waiting
				}
				batch = append(batch, r)
			default:
				break waiting
			}
		}
		d.serve(batch)
	}
}

func (d *drafter) serve(batch []*draftRequest) {
	defer func() {
		p := recover() // a fault of ours must not take everybody's drafts away
		if p != nil {
			d.doubt()
		}
		for _, r := range batch {
			if p != nil && r.err == nil {
				r.err = fmt.Errorf("panic in the drafter: %v", p)
			}
			close(r.done)
		}
	}()
	ctx, cancel := context.WithTimeout(d.life, 2*time.Minute)
	defer cancel()
	if err := d.ready(ctx); err != nil {
		for _, r := range batch {
			r.err = err
		}
		return
	}
	d.save(ctx, batch)
	d.remove(ctx, batch)
	for _, r := range batch {
		if r.task == nil {
			continue
		}
		d.doubt() // until the task has read the heads again
		r.err = r.task(ctx)
	}
}

// doubt says that the table may be otherwise than heads.
func (d *drafter) doubt() {
	d.unsure = true
	d.mirror.forget()
}

func (d *drafter) ready(ctx context.Context) error {
	if err := d.store.spaceError(); err != nil {
		return err
	}
	if err := d.store.writer.checkLease(ctx); err != nil {
		return err
	}
	if d.unsure {
		if err := d.readHeads(ctx); err != nil {
			return err
		}
	}
	if err := d.tidy(ctx); err != nil {
		d.store.options.Logger.Warn("old drafts not removed", "error", err)
	}
	return nil
}

// readHeads reads how every draft stands.
func (d *drafter) readHeads(ctx context.Context) error {
	rows, err := d.store.askDrafts(ctx, draftQuery{all: true})
	if err != nil {
		return err
	}
	d.heads, d.unsure = map[draftKey]*draftHead{}, false
	removed := map[draftKey]bool{}
	for _, r := range rows { // newest first in each unit and period
		k := r.key()
		h, known := d.heads[k]
		if !known {
			h = &draftHead{draftRow: r}
			d.heads[k] = h
		}
		removed[k] = removed[k] || r.Removed
		if h.keptAt.IsZero() && !removed[k] && r.slot >= recentSlots {
			h.keptSlot, h.keptAt = r.slot, r.Time
		}
	}
	d.mirror.learn(d.heads)
	return nil
}

// after is the head once d is saved at now by what stands.
func (h *draftHead) after(d Draft, now time.Time) *draftHead {
	next := &draftHead{draftRow: draftRow{Draft: d}}
	next.Time, next.Version = now, 1
	if h != nil {
		next.Version = h.Version + 1
	}
	if h == nil || h.Removed {
		next.slot, next.keptSlot, next.keptAt = recentSlots, recentSlots, now
		return next
	}
	next.slot, next.keptSlot, next.keptAt = next.Version%recentSlots, h.keptSlot, h.keptAt
	if h.Person != d.Person || h.keptAt.IsZero() || now.Sub(h.keptAt) >= keptEvery {
		next.slot = recentSlots + (max(h.keptSlot, recentSlots)-recentSlots+1)%keptSlots
		next.keptSlot, next.keptAt = next.slot, now
	}
	return next
}

// save writes the batch's saves in one insert, and answers them.
func (d *drafter) save(ctx context.Context, batch []*draftRequest) {
	now := d.store.options.Clock().UTC().Truncate(time.Millisecond)
	var rows []draftRow
	var accepted []*draftRequest
	for _, r := range batch {
		if r.task != nil || r.draft.Removed {
			continue
		}
		h := d.heads[r.draft.key()]
		stands := uint64(0)
		if h != nil && !h.Removed {
			stands = h.Version
		}
		if stands != r.draft.Version {
			r.err = disclosure.Errorf(disclosure.ErrConflict, "草稿已在别处保存或提交,请先查看最新内容,再决定是否覆盖。")
			continue
		}
		next := h.after(r.draft, now)
		rows = append(rows, next.draftRow)
		next.State = nil
		d.heads[r.draft.key()] = next
		r.draft.Version, r.draft.Time = next.Version, now
		accepted = append(accepted, r)
	}
	if len(rows) == 0 {
		return
	}
	err := d.store.insertDrafts(named(ctx, "save drafts", clickhouse.Settings{"max_execution_time": 100}), rows)
	if err == nil {
		for _, row := range rows {
			d.mirror.put(row.Draft)
		}
		return
	}
	d.settle(accepted, err)
}

// settle answers saves whose insert did not end well by what the table says.
func (d *drafter) settle(accepted []*draftRequest, cause error) {
	d.doubt()
	d.store.options.Logger.Error("drafts were not saved well", "error", cause)
	ctx, cancel := context.WithTimeout(d.life, time.Minute)
	defer cancel()
	err := d.readHeads(ctx)
	for _, r := range accepted {
		switch h := d.heads[r.draft.key()]; {
		case err != nil:
			r.err = disclosure.Errorf(disclosure.ErrUnavailable, "草稿是否保存成功尚不清楚,请保留页面,稍后重试。").Because(cause)
		case h == nil || h.Version != r.draft.Version || h.Removed:
			r.err = domainError(cause)
		}
	}
}

// remove keeps drafts once more as removed: those whose states are in the
// mirror in one insert, the others one by one from the table.
func (d *drafter) remove(ctx context.Context, batch []*draftRequest) {
	now := d.store.options.Clock().UTC().Truncate(time.Millisecond)
	var rows []draftRow
	var together []*draftRequest
	for _, r := range batch {
		if r.task != nil || !r.draft.Removed {
			continue
		}
		h := d.heads[r.draft.key()]
		if h == nil || h.Removed {
			continue
		}
		if r.draft.Version != 0 && r.draft.Version != h.Version {
			r.err = disclosure.Errorf(disclosure.ErrConflict, "草稿刚刚由%s保存过,没有清除。", h.Name)
			continue
		}
		next := *h
		next.Version, next.Removed, next.Time = h.Version+1, true, now
		stands, ok := d.mirror.get(r.draft.key())
		if !ok || stands.Version != h.Version {
			r.err = d.removeStored(ctx, h, &next)
			continue
		}
		row := draftRow{Draft: next.Draft, slot: next.Version}
		row.State = stands.State
		rows, together = append(rows, row), append(together, r)
		d.heads[r.draft.key()] = &next
	}
	if len(rows) == 0 {
		return
	}
	if err := d.store.insertDrafts(named(ctx, "remove drafts", clickhouse.Settings{"max_execution_time": 100}), rows); err != nil {
		d.doubt()
		for _, r := range together {
			r.err = err
		}
		return
	}
	for _, row := range rows {
		d.mirror.put(row.Draft)
	}
}

func (d *drafter) removeStored(ctx context.Context, h, next *draftHead) error {
	err := d.store.db.Exec(named(ctx, "remove draft", clickhouse.Settings{"max_execution_time": 100}), question("draft_removal", ""),
		append(draftQuery{unit: h.Unit, period: h.Period}.key(), parameters("version", h.Version, "removal", next.Version, "at", clickhouseTime(next.Time))...)...)
	if err != nil {
		d.doubt()
		return err
	}
	d.heads[h.key()] = next
	d.mirror.put(next.Draft)
	return nil
}

// tidy deletes, once a day, what was removed long enough ago, with all its
// versions. The engine's own TTL does not know the injected clock, and would
// leave a removed draft's versions standing as if they were the draft.
func (d *drafter) tidy(ctx context.Context) error {
	now := d.store.options.Clock()
	if day := now.UTC().Format(time.DateOnly); day == d.tidied {
		return nil
	} else {
		d.tidied = day
	}
	rows, err := d.store.askDrafts(ctx, draftQuery{all: true, removed: true})
	if err != nil {
		return err
	}
	var old []string
	for _, r := range rows {
		if now.Sub(r.Time) >= removedDays*24*time.Hour {
			old = append(old, fmt.Sprintf("unit = %d AND year = %d AND quarter = %d AND version <= %d", r.Unit, r.Period.Year, r.Period.Quarter, r.Version))
		}
	}
	if len(old) == 0 {
		return nil
	}
	d.doubt()
	if err := d.store.deleteDrafts(ctx, strings.Join(old, " OR ")); err != nil {
		return err
	}
	return d.readHeads(ctx)
}

func (s *Store) deleteDrafts(ctx context.Context, condition string) error {
	return s.db.Exec(named(ctx, "delete drafts", longRun), "ALTER TABLE secret_drafts DELETE WHERE "+condition+" SETTINGS mutations_sync = 2")
}
