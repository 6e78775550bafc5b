package store

import (
	"context"
	"math"

	"mingjing/internal/disclosure"
)

// Part is what an act did to one thing. Fields that are empty mean any.
type Part struct {
	Kind EntityKind
	Verb Verb
	ID   string
	Unit disclosure.UnitNumber
	Year disclosure.Year
	// Seen is the seq that whoever sends the act has seen of the thing: who saw
	// what came after the act does not repeat it.
	Seen uint64
}

// Acted says whether the act stands in the log already: a second press of the
// same button, which has nothing left to do. It is the same act when it is the
// same actor's and did this part; an id that was used for anything else is
// refused, or a page would say of an act that it is done when nothing was. It is
// for answering before an act is made; Append holds to the same rule itself.
//
// Errors: ErrInvalid (no id), ErrConflict.
func (s *Store) Acted(ctx context.Context, id, actor string, part Part) (bool, error) {
	if id == "" || len(id) > longestActID {
		return false, disclosure.Errorf(disclosure.ErrInvalid, "页面缺少操作编号,请刷新页面后重试。")
	}
	seqs, err := s.LatestSeqs(ctx, KindAct, []string{id}) // by key; the entries are read for repetitions only
	if err != nil || seqs[id] == 0 {
		return false, err
	}
	f := EntryFilter{Act: id, Actor: actor, Kind: part.Kind, ID: part.ID, Unit: part.Unit, To: seqs[id]}
	if part.Verb != "" {
		f.Verbs = []Verb{part.Verb}
	}
	did, err := s.Entries(ctx, f)
	if err != nil {
		return false, err
	}
	for _, e := range did {
		if (part.Year == 0 || e.Year == part.Year) && part.Seen <= seqs[id] {
			return true, nil
		}
	}
	return false, usedError()
}

func usedError() error {
	return disclosure.Errorf(disclosure.ErrConflict, "这个操作编号已经用过,没有再次执行;请刷新页面,确认现在的状态后重试。")
}

// repeats says why an act whose id stands in the log, up to last, is not that act
// once more; nil when it is: the same actor's, and all that it does was done by
// it. What the states hold is not compared: who sends a form twice at once may
// have had a time or a draft in it change in between.
func (w *writer) repeats(ctx context.Context, act *Act, last uint64) error {
	did, err := w.store.Entries(ctx, EntryFilter{Act: act.ID, To: last, Limit: math.MaxInt32})
	if err != nil {
		return err
	}
	parts := make(map[Part]bool, len(did))
	for _, e := range did {
		if e.Actor.Name != act.Actor.Name {
			return usedError()
		}
		parts[Part{Kind: e.Kind, ID: e.ID, Verb: written(e.Verb)}] = true
	}
	for _, e := range act.Entries {
		if !parts[partOf(e)] || e.Seen > last {
			return usedError()
		}
	}
	return nil
}

// repeatsTwin is repeats for an act whose id stands twice in one batch.
func repeatsTwin(act, first *Act) error {
	if act.Actor.Name != first.Actor.Name {
		return usedError()
	}
	parts := make(map[Part]bool, len(first.Entries))
	for _, e := range first.Entries {
		parts[partOf(e)] = true
	}
	for _, e := range act.Entries {
		if !parts[partOf(e)] {
			return usedError()
		}
	}
	return nil
}

func partOf(e Entry) Part { return Part{Kind: e.Kind, ID: e.ID, Verb: written(e.Verb)} }

// written is the verb, with creating and changing as one: who presses twice at
// once may find already there what the first press made.
func written(v Verb) Verb {
	if v == VerbCreate {
		return VerbChange
	}
	return v
}
