package store

import (
	"context"
	"slices"
	"time"

	"mingjing/internal/disclosure"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// KindAct is the kind under which acts stand in latest_seqs.
const KindAct = "act"

const longestActID = 64

// pendingAct is an act on its way into the log.
type pendingAct struct {
	act     *Act
	receipt *Receipt
	rows    []*row
}

// appendBatch appends as many of the acts as fit one insert and fills their
// receipts; it returns how many it dealt with. An error is about all of those
// whose receipt is still empty.
func (w *writer) appendBatch(ctx context.Context, pending []*pendingAct) (int, error) {
	known, err := w.known(ctx, pending)
	if err != nil {
		return 0, domainError(err)
	}
	now := w.store.options.Clock().UTC().Truncate(time.Millisecond)
	next, bytes, dealt := w.seq, 0, 0
	var rows []*row
	var accepted []*pendingAct
	inBatch := map[string]*pendingAct{}
	var twins []*pendingAct // acts whose id stands twice in the batch
	for _, p := range pending {
		if bytes > mostBytes {
			break
		}
		dealt++
		p.receipt.ActID = p.act.ID
		if first, ok := known[entityKey{KindAct, p.act.ID}]; ok {
			if p.receipt.Err = w.repeats(ctx, p.act, first.seq); p.receipt.Err == nil {
				p.receipt.Seq, p.receipt.Time, p.receipt.Repeated = first.seq, first.time, true
			}
			continue
		}
		if _, ok := inBatch[p.act.ID]; ok {
			twins = append(twins, p)
			continue
		}
		if p.receipt.Err = w.accept(ctx, p, known); p.receipt.Err != nil {
			continue
		}
		inBatch[p.act.ID] = p
		for _, r := range p.rows {
			next++
			r.Seq, r.Act, r.Time = next, p.act.ID, now
			r.Actor, r.Address = p.act.Actor.Name, p.act.Actor.Address
			known[entityKey{r.Kind, r.ID}] = lastSeen{seq: next, time: now}
			bytes += r.size()
		}
		rows = append(rows, p.rows...)
		accepted = append(accepted, p)
	}
	if len(rows) > 0 {
		if err := w.write(ctx, rows, known); err != nil {
			return dealt, err
		}
	}
	for _, p := range accepted {
		p.receipt.Seq, p.receipt.Time = p.rows[len(p.rows)-1].Seq, now
	}
	for _, p := range twins {
		first := inBatch[p.act.ID]
		if p.receipt.Err = repeatsTwin(p.act, first.act); p.receipt.Err == nil {
			p.receipt.Seq, p.receipt.Time, p.receipt.Repeated = first.receipt.Seq, first.receipt.Time, true
		}
	}
	return dealt, nil
}

type entityKey struct{ kind, id string }

type lastSeen struct {
	seq  uint64
	time time.Time
}

// known looks up the acts and entities of a batch, and the reports' siblings,
// in one question.
func (w *writer) known(ctx context.Context, pending []*pendingAct) (map[entityKey]lastSeen, error) {
	kinds, ids := []string{KindAct}, []string{}
	for _, p := range pending {
		ids = append(ids, p.act.ID)
		for _, e := range p.act.Entries {
			ids = append(append(ids, e.ID), siblings(e)...)
			if !slices.Contains(kinds, string(e.Kind)) {
				kinds = append(kinds, string(e.Kind))
			}
		}
	}
	rows, err := w.store.db.Query(named(ctx, "append", nil), question("latest_seqs", ""), parameters("kinds", kinds, "ids", ids)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[entityKey]lastSeen{}
	for rows.Next() {
		var k entityKey
		var l lastSeen
		if err := rows.Scan(&k.kind, &k.id, &l.seq, &l.time); err != nil {
			return nil, err
		}
		out[k] = l
	}
	return out, rows.Err()
}

// siblings are the ids of the reports that differ from a report by scope only:
// where one exists, comparisons have to choose.
func siblings(e Entry) []string {
	var key ReportKey
	switch state := e.State.(type) {
	case ReportState:
		key = state.Key
	case *ReportState:
		key = state.Key
	default:
		return nil
	}
	var out []string
	for _, scope := range []disclosure.Scope{disclosure.ScopeUnknown, disclosure.ScopeAgency, disclosure.ScopeLevel, disclosure.ScopeRegion} {
		if scope != key.Scope {
			key := key
			key.Scope = scope
			out = append(out, key.EntityID())
		}
	}
	return out
}

// accept makes the act's rows, or says why it is refused.
func (w *writer) accept(ctx context.Context, p *pendingAct, known map[entityKey]lastSeen) error {
	if p.act.ID == "" || len(p.act.ID) > longestActID || len(p.act.Entries) == 0 {
		return disclosure.Errorf(disclosure.ErrInternal, "写入的操作没有编号或没有内容。")
	}
	own := map[entityKey]bool{} // what the act itself has touched
	for _, e := range p.act.Entries {
		k := entityKey{string(e.Kind), e.ID}
		last, exists := known[k]
		if !own[k] && last.seq != e.Seen {
			return staleError(e, exists)
		}
		own[k] = true
		r, err := newRow(e)
		if err != nil {
			return err
		}
		more, err := w.standing(ctx, r, exists, p.rows)
		if err != nil {
			return domainError(err)
		}
		p.rows = append(append(p.rows, more...), r)
	}
	return nil
}

func staleError(e Entry, exists bool) error {
	switch {
	case !exists:
		return disclosure.Errorf(disclosure.ErrConflict, "要修改的内容已不存在,请刷新后重试。")
	case e.Seen == 0:
		return disclosure.Errorf(disclosure.ErrConflict, "同样的内容已经存在,请刷新后重试。")
	}
	return disclosure.Errorf(disclosure.ErrConflict, "内容已被别人修改,请刷新后查看变化,再决定是否重做。")
}

// write puts rows into the log, and answers for the projections. It returns
// nil only when the rows stand in the log and in every projection.
func (w *writer) write(ctx context.Context, rows []*row, known map[entityKey]lastSeen) error {
	first, last := rows[0].Seq, rows[len(rows)-1].Seq
	err := w.store.insertRows(named(ctx, "append", clickhouse.Settings{"max_execution_time": 100}), rows)
	if err == nil {
		w.seq = last
		if err = w.exclusions.update(ctx, w.store, rows, known); err == nil {
			w.store.lastSeq.Store(last)
			w.store.changes.note(rows)
			w.advance(last)
			return nil
		}
	}
	w.setBehind(err)
	return w.readBack(first, last, err)
}
