package office

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// UnitListOutcome tells what a unit list changed.
type UnitListOutcome struct {
	Created   int      `json:"created"`
	Changed   int      `json:"changed"`
	Unchanged int      `json:"unchanged"`
	Merged    int      `json:"merged"` // 待确认 entries that the list names as aliases
	Problems  []string `json:"problems,omitempty"`
	// Changes say it unit by unit.
	Changes []UnitChange `json:"-"`
}

// UnitChange is what a list changes of one unit.
type UnitChange struct {
	Name   string
	New    bool
	Fields []FieldChange
}

// ImportUnits brings the unit list in line with a filed one: units are found
// by code or name and changed, or made. An alias that so far stood as an
// unconfirmed unit is merged into the unit that claims it. Units that the list
// does not name stay as they are.
func (o *Office) ImportUnits(ctx context.Context, listed []ListedUnit, actor store.Actor, dryRun bool) (UnitListOutcome, error) {
	var out UnitListOutcome
	standing, err := o.store.Units(ctx)
	if err != nil {
		return out, err
	}
	book := newNameBook(standing)
	next := make([]disclosure.Unit, 0, len(listed))
	var rows []ListedUnit // those that next was made of
	before := map[disclosure.UnitNumber]*disclosure.Unit{}
	twice := map[string]bool{}
	for _, l := range listed {
		u := l.Unit
		if key := fmt.Sprint(disclosure.NormalName(u.Name), " ", u.First); twice[key] {
			out.Problems = append(out.Problems, l.Place+":“"+u.Name+"”在名单中重复,只取第一行;同名的两个单位请写明各自的起止年。")
			continue
		} else {
			twice[key] = true
		}
		old, err := findListed(book, l)
		if err != nil {
			out.Problems = append(out.Problems, l.Place+":"+disclosure.Sentence(err))
			continue
		}
		if old != nil {
			u = l.over(*old)
			before[u.Number] = old
		} else if !dryRun {
			if u.Number, err = o.store.NextUnitNumber(); err != nil {
				return out, err
			}
		}
		next, rows = append(next, u), append(rows, l)
	}
	o.linkUnits(&out, next, rows, standing)
	index := &unitIndex{byNumber: map[disclosure.UnitNumber]*disclosure.Unit{}}
	for _, list := range [][]disclosure.Unit{standing, next} {
		for i := range list {
			index.byNumber[list[i].Number] = &list[i]
		}
	}
	reader := &auditReader{units: index}
	var acts []store.Act
	for _, u := range next {
		e := store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(u.Number), Verb: store.VerbCreate, State: u}
		switch old := before[u.Number]; {
		case old == nil:
			out.Created++
			out.Changes = append(out.Changes, UnitChange{Name: u.Name, New: true, Fields: unitChanges(reader, nil, &u)})
		case sameUnit(*old, u):
			out.Unchanged++
			continue
		default:
			out.Changed++
			out.Changes = append(out.Changes, UnitChange{Name: u.Name, Fields: unitChanges(reader, old, &u)})
			e.Verb = store.VerbChange
			if e.Seen, err = o.lastSeqOf(ctx, store.KindUnit, e.ID); err != nil {
				return out, err
			}
		}
		acts = append(acts, store.Act{ID: uuid.NewString(), Actor: actor, Entries: []store.Entry{e}})
	}
	if !dryRun && len(acts) > 0 {
		if _, err := o.store.Append(ctx, acts...); err != nil {
			return out, err
		}
	}
	return out, o.mergeClaimed(ctx, &out, next, actor, dryRun)
}

func unitChanges(reader *auditReader, old, u *disclosure.Unit) []FieldChange {
	state := func(u *disclosure.Unit) json.RawMessage {
		if u == nil {
			return nil
		}
		data, _ := json.Marshal(u) // texts and numbers only
		return data
	}
	return reader.changes(store.KindUnit, state(old), state(u))
}

// sameUnit compares units as the log keeps them.
func sameUnit(a, b disclosure.Unit) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// findListed finds the unit that a row is about: by code, else by full name and
// first year. A short name or alias alone does not make it the same unit.
func findListed(book *nameBook, l ListedUnit) (*disclosure.Unit, error) {
	if l.Unit.Code != "" {
		if u, err := book.find(l.Unit.Code, 0); u != nil || err != nil {
			return u, err
		}
	}
	want := disclosure.NormalName(l.Unit.Name)
	named := book.byName[want]
	for _, u := range named { // of several that bear the name, the one of those years
		if u.MergedInto == 0 && disclosure.NormalName(u.Name) == want && u.First == l.Unit.First {
			return u, nil
		}
	}
	for _, u := range named {
		if u.MergedInto == 0 && disclosure.NormalName(u.Name) == want && (l.Unit.First == 0 || u.First == 0 || u.First == l.Unit.First) {
			return u, nil
		}
	}
	return nil, nil
}

// mergeYears puts the list's agreement in the place of the one it repeats and
// keeps what was agreed from other years on.
func mergeYears(old, listed []disclosure.UnitYear) []disclosure.UnitYear {
	out := slices.Clone(listed)
	for _, y := range old {
		if !slices.ContainsFunc(listed, func(l disclosure.UnitYear) bool { return l.From == y.From }) {
			out = append(out, y)
		}
	}
	slices.SortFunc(out, func(a, b disclosure.UnitYear) int { return int(a.From - b.From) })
	return out
}

// joinNames adds the names learned by merging to the listed ones.
func joinNames(listed, learned []string) []string {
	for _, n := range learned {
		if !slices.Contains(listed, n) {
			listed = append(listed, n)
		}
	}
	return listed
}

// linkUnits turns the names of parents and successors into numbers; rows[i] is
// what next[i] was made of.
func (o *Office) linkUnits(out *UnitListOutcome, next []disclosure.Unit, rows []ListedUnit, standing []disclosure.Unit) {
	all := newNameBook(append(slices.Clone(next), standing...))
	number := func(name, place string) disclosure.UnitNumber {
		var n disclosure.UnitNumber
		if _, err := fmt.Sscanf(name, "#%d", &n); err == nil && slices.ContainsFunc(standing, func(u disclosure.Unit) bool { return u.Number == n }) {
			return n
		}
		want := disclosure.NormalName(name)
		for _, u := range all.byName[want] {
			if u.MergedInto == 0 {
				return u.Number // the list's own rows come first
			}
		}
		out.Problems = append(out.Problems, place+":名单中没有“"+name+"”,上级或继任关系未建立。")
		return 0
	}
	for i := range next {
		l := rows[i]
		if l.Parent != "" {
			next[i].Parent = number(l.Parent, l.Place)
		}
		if _, named := l.columns[columnSuccessors]; named {
			next[i].Successors = nil
		}
		for _, s := range l.Successors {
			if n := number(s, l.Place); n != 0 {
				next[i].Successors = append(next[i].Successors, n)
			}
		}
	}
}

func (o *Office) lastSeqOf(ctx context.Context, kind store.EntityKind, id string) (uint64, error) {
	seqs, err := o.store.LatestSeqs(ctx, kind, []string{id})
	return seqs[id], err
}

// mergeClaimed merges unconfirmed entries whose name a listed unit bears.
func (o *Office) mergeClaimed(ctx context.Context, out *UnitListOutcome, next []disclosure.Unit, actor store.Actor, dryRun bool) error {
	units, err := o.store.Units(ctx)
	if err != nil {
		return err
	}
	claims := newNameBook(next)
	for _, u := range units {
		if !u.Unconfirmed || u.MergedInto != 0 {
			continue
		}
		into, err := claims.find(u.Name, 0)
		if err != nil || into == nil || into.Number == u.Number {
			continue
		}
		out.Merged++
		if dryRun {
			continue
		}
		if err := o.MergeUnit(ctx, u.Number, into.Number, actor); err != nil {
			out.Problems = append(out.Problems, disclosure.Sentence(err))
			out.Merged--
		}
	}
	return nil
}
