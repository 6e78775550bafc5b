package office

import (
	"context"
	"fmt"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// MergeUnit makes an unconfirmed unit an alias of another: one act hands its
// reports over, withdraws them under the old entry and marks that as merged.
// Nothing in the log is rewritten; the old entry's history stays where it was.
//
// Errors: ErrNotFound, ErrInvalid (not unconfirmed, or the same), ErrConflict
// (the other has a report with other figures for the same year: a person must
// first say which is right).
func (o *Office) MergeUnit(ctx context.Context, from, into disclosure.UnitNumber, actor store.Actor) error {
	old, err := o.unitEntry(ctx, from)
	if err != nil {
		return err
	}
	target, err := o.unitEntry(ctx, into)
	if err != nil {
		return err
	}
	switch {
	case from == into:
		return disclosure.Errorf(disclosure.ErrInvalid, "不能把单位并入它自己。")
	case !old.unit.Unconfirmed || old.unit.MergedInto != 0:
		return disclosure.Errorf(disclosure.ErrInvalid, "“%s”不是待确认的单位,不能并入;单位撤并请在单位名单中填写终止年和继任单位。", old.unit.Name)
	}
	entries, err := o.handOver(ctx, old.unit, target.unit)
	if err != nil {
		return err
	}
	for _, alias := range append([]string{old.unit.Name}, old.unit.Aliases...) {
		if !slices.Contains(target.unit.Aliases, alias) && alias != target.unit.Name && alias != target.unit.Short {
			target.unit.Aliases = append(target.unit.Aliases, alias)
		}
	}
	old.unit.MergedInto, old.unit.Unconfirmed = into, false
	entries = append(entries, old.entry(), target.entry())
	if _, err := o.store.Append(ctx, store.Act{ID: uuid.NewString(), Actor: actor, Entries: entries}); err != nil {
		return err
	}
	_, err = o.Recheck(ctx, nil)
	o.recheckSoon() // records the run
	return err
}

// seenUnit is a unit with the seq it was seen at.
type seenUnit struct {
	unit disclosure.Unit
	seen uint64
}

func (u seenUnit) entry() store.Entry {
	return store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(u.unit.Number), Verb: store.VerbChange, Seen: u.seen, State: u.unit}
}

func (o *Office) unitEntry(ctx context.Context, n disclosure.UnitNumber) (seenUnit, error) {
	units, err := o.store.Units(ctx)
	if err != nil {
		return seenUnit{}, err
	}
	i := slices.IndexFunc(units, func(u disclosure.Unit) bool { return u.Number == n })
	if i < 0 {
		return seenUnit{}, disclosure.Errorf(disclosure.ErrNotFound, "没有编号为%d的单位。", n)
	}
	seen, err := o.lastSeqOf(ctx, store.KindUnit, store.UnitEntityID(n))
	return seenUnit{units[i], seen}, err
}

// handOver makes the entries that file every report of one unit under another
// and withdraw it where it stood.
func (o *Office) handOver(ctx context.Context, old, target disclosure.Unit) ([]store.Entry, error) {
	standing := map[store.ReportKey]*store.StoredReport{}
	for r, err := range o.store.Reports(ctx, store.HeadQuery{Basis: store.Provisional, Units: []disclosure.UnitNumber{target.Number}}) {
		if err != nil {
			return nil, err
		}
		standing[r.Key] = r
	}
	var entries []store.Entry
	for r, err := range o.store.Reports(ctx, store.HeadQuery{Basis: store.Provisional, Units: []disclosure.UnitNumber{old.Number}}) {
		if err != nil {
			return nil, err
		}
		moved := r.ReportState
		moved.Key.Unit, moved.Revision = target.Number, 1
		verb, seen := store.VerbApprove, uint64(0)
		if moved.Status != store.StatusApproved {
			verb = store.VerbSubmit
		}
		if there := standing[moved.Key]; there != nil {
			cur := &disclosure.Report{Form: disclosure.FormByID(moved.FormID), Cells: moved.Cells}
			if codes := disclosure.DifferingCodes(cur, there.Report("")); len(codes) > 0 {
				return nil, disclosure.Errorf(disclosure.ErrConflict, "“%s”与“%s”%s年的报告有%d项数字不同(如%s),请先确定以哪一份为准再合并。",
					old.Name, target.Name, moved.Key.Period, len(codes), disclosure.LabelOf(codes[0]))
			}
			moved, verb, seen = withSource(there.ReportState, moved), store.VerbSource, there.Seq
		}
		gone := r.ReportState
		gone.Status = store.StatusWithdrawn
		entries = append(entries,
			store.Entry{Kind: store.KindReport, ID: moved.Key.EntityID(), Verb: verb, Seen: seen, State: moved},
			store.Entry{Kind: store.KindReport, ID: r.Key.EntityID(), Verb: store.VerbWithdraw, Seen: r.Seq, State: gone})
	}
	return entries, nil
}

// UnitNamed finds a unit by number ("#12"), code, name or alias.
func (o *Office) UnitNamed(ctx context.Context, name string) (disclosure.Unit, error) {
	units, err := o.store.Units(ctx)
	if err != nil {
		return disclosure.Unit{}, err
	}
	var n disclosure.UnitNumber
	if _, err := fmt.Sscanf(name, "#%d", &n); err == nil {
		u, err := o.unitEntry(ctx, n)
		return u.unit, err
	}
	u, err := newNameBook(units).find(name, 0)
	if err != nil {
		return disclosure.Unit{}, err
	}
	if u == nil {
		return disclosure.Unit{}, disclosure.Errorf(disclosure.ErrNotFound, "没有名为“%s”的单位,请核对名称,或用“#编号”指定。", name)
	}
	return *u, nil
}
