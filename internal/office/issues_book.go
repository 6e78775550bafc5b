package office

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/store"
)

// issueBook holds every issue and list as they stand in the log. It is read
// whole once, and afterwards only what the log has gained: a list of 20,000
// issues is filtered in memory. Held entries do not change; they are replaced.
type issueBook struct {
	refreshing sync.Mutex // one reads the log at a time
	entering   sync.Mutex // numbers are given one after the other
	bringing   sync.Mutex // lists and workbooks are taken in one after the other

	mu     sync.RWMutex // guards all below
	loaded bool
	seq    uint64 // up to which the log was read
	issues map[string]*heldIssue
	lists  map[string]*heldList
	order  []*heldIssue // by quarter, then number
	byUnit map[disclosure.UnitNumber][]*heldIssue
	// serial is the last number given in a quarter.
	serial map[disclosure.Period]int
}

// heldIssue is an issue with where it stands in the log.
type heldIssue struct {
	issue.Issue
	Seq   uint64
	Time  time.Time
	Actor string // account of who did the last act
	Verb  store.Verb
	print issue.Print
	text  string // see searchable

	once    sync.Once
	earlier []*heldIssue // see issueBook.recurs
}

type heldList struct {
	issue.List
	Seq   uint64
	Actor string
}

// issueEntries is how many log entries one question reads at most.
const issueEntries = 1 << 24

// refresh reads what the log has gained. An erasure (清除) changes rows that
// were read already, so that everything is read anew.
func (o *Office) refreshIssues(ctx context.Context) error {
	b := &o.issues
	last, err := o.store.LastSeq(ctx)
	if err != nil {
		return err
	}
	if b.upTo(last) {
		return nil
	}
	b.refreshing.Lock()
	defer b.refreshing.Unlock()
	if b.upTo(last) {
		return nil
	}
	if b.loaded {
		entries, err := o.store.Entries(ctx, store.EntryFilter{Kinds: []store.EntityKind{store.KindIssue, store.KindIssueList, store.KindErasure},
			From: b.seq + 1, To: last, States: true, Limit: issueEntries})
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(entries, func(e store.LogEntry) bool { return e.Kind == store.KindErasure }) {
			return b.take(entries, last, false)
		}
	}
	var all []store.LogEntry
	for _, kind := range []store.EntityKind{store.KindIssueList, store.KindIssue} {
		entries, err := o.store.States(ctx, kind)
		if err != nil {
			return err
		}
		all = append(all, entries...)
	}
	return b.take(all, last, true)
}

func (b *issueBook) upTo(seq uint64) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.loaded && b.seq >= seq
}

// take puts entries into the book, in place of all that stands there when it
// is to be anew.
func (b *issueBook) take(entries []store.LogEntry, upTo uint64, anew bool) error {
	issues, lists := make([]*heldIssue, 0, len(entries)), []*heldList{}
	for _, e := range entries {
		switch e.Kind {
		case store.KindIssue:
			h := &heldIssue{Seq: e.Seq, Time: e.Time, Actor: e.Actor.Name, Verb: e.Verb}
			if err := json.Unmarshal(e.State, &h.Issue); err != nil {
				return disclosure.Errorf(disclosure.ErrInternal, "问题记录损坏,请联系维护人员。").Because(err)
			}
			if h.ID == "" {
				continue // erased
			}
			h.text = searchable(&h.Issue)
			if !h.Erased() { // erased facts are alike without saying anything
				h.print = issue.PrintOf(h.Facts)
			}
			issues = append(issues, h)
		case store.KindIssueList:
			l := &heldList{Seq: e.Seq, Actor: e.Actor.Name}
			if err := json.Unmarshal(e.State, &l.List); err != nil {
				return disclosure.Errorf(disclosure.ErrInternal, "问题清单记录损坏,请联系维护人员。").Because(err)
			}
			if l.ID != "" {
				lists = append(lists, l)
			}
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if anew || b.issues == nil {
		b.issues, b.lists, b.serial = map[string]*heldIssue{}, map[string]*heldList{}, map[disclosure.Period]int{}
		b.order, b.byUnit = nil, map[disclosure.UnitNumber][]*heldIssue{}
	}
	for _, l := range lists {
		if held := b.lists[l.ID]; held == nil || held.Seq < l.Seq {
			b.lists[l.ID] = l
		}
	}
	if len(issues) > 0 {
		b.put(issues)
	}
	b.seq, b.loaded = upTo, true
	return nil
}

// put replaces issues and brings the orders up to date. What recurs is looked
// for anew in the units that were touched.
func (b *issueBook) put(issues []*heldIssue) {
	touched := map[disclosure.UnitNumber]bool{}
	before := len(b.order)
	for _, h := range issues {
		held := b.issues[h.ID]
		switch {
		case held == nil:
			b.order = append(b.order, h)
		case held.Seq >= h.Seq:
			continue
		default:
			touched[held.Unit] = true
		}
		touched[h.Unit] = true
		b.issues[h.ID] = h
		n := 0
		if _, err := fmt.Sscanf(h.Number, h.Quarter.String()+"-%d", &n); err == nil {
			b.serial[h.Quarter] = max(b.serial[h.Quarter], n)
		}
	}
	for k, h := range b.order {
		h = b.issues[h.ID]
		if touched[h.Unit] {
			h = &heldIssue{Issue: h.Issue, Seq: h.Seq, Time: h.Time, Actor: h.Actor, Verb: h.Verb, print: h.print, text: h.text}
			b.issues[h.ID] = h
		}
		b.order[k] = h
	}
	if len(b.order) > before {
		slices.SortFunc(b.order, byNumber)
	}
	for u := range touched {
		delete(b.byUnit, u)
	}
	for _, h := range b.order {
		if touched[h.Unit] {
			b.byUnit[h.Unit] = append(b.byUnit[h.Unit], h)
		}
	}
}

func byNumber(a, b *heldIssue) int {
	return cmp.Or(cmp.Compare(a.Quarter.Year, b.Quarter.Year), cmp.Compare(a.Quarter.Quarter, b.Quarter.Quarter),
		cmp.Compare(len(a.Number), len(b.Number)), cmp.Compare(a.Number, b.Number), cmp.Compare(a.ID, b.ID))
}

// earlierThan orders quarters.
func earlierThan(a, b disclosure.Period) bool {
	return a.Year < b.Year || a.Year == b.Year && a.Quarter < b.Quarter
}

// recurs are the unit's issues of the same kind in earlier quarters, the
// latest first. The caller holds the book for reading.
func (b *issueBook) recurs(h *heldIssue) []*heldIssue {
	h.once.Do(func() {
		if h.Unit == 0 {
			return
		}
		for _, e := range slices.Backward(b.byUnit[h.Unit]) {
			if earlierThan(e.Quarter, h.Quarter) && e.State != issue.Withdrawn && issue.SameKind(&h.Content, &e.Content, h.print, e.print) {
				h.earlier = append(h.earlier, e)
			}
		}
	})
	return h.earlier
}

// issuesNow is the book as the log stands, held for reading while do runs.
func (o *Office) issuesNow(ctx context.Context, do func(b *issueBook) error) error {
	if err := o.refreshIssues(ctx); err != nil {
		return err
	}
	o.issues.mu.RLock()
	defer o.issues.mu.RUnlock()
	return do(&o.issues)
}
