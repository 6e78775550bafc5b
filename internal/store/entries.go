package store

import (
	"context"
	"encoding/json"
	"math"
	"time"

	"mingjing/internal/disclosure"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// EntryFilter selects log entries; empty fields mean all.
type EntryFilter struct {
	Kind  EntityKind
	Kinds []EntityKind // any of them, besides Kind; nil means all
	ID    string
	Act   string
	Actor string // exact account
	Verbs []Verb
	Unit  disclosure.UnitNumber // that the entry concerns
	// Since is included, Until is not.
	Since, Until time.Time
	// Text stands in the state or the id, in whatever case.
	Text string
	// From and To bound the seq, both included; To 0 is open. Before, for
	// paging, is a seq that is not included any more.
	From, To, Before uint64
	// Newest gives the newest entries first.
	Newest bool
	// Limit is the most entries returned; 0: 1000.
	Limit int
	// States asks for the states too; they are left empty otherwise.
	States bool
}

const defaultEntries = 1000

// Entries returns what was done, the audit trail.
func (s *Store) Entries(ctx context.Context, f EntryFilter) ([]LogEntry, error) {
	if none(f.Kinds) || none(f.Verbs) || f.Before == 1 {
		return nil, nil
	}
	if f.To == 0 {
		f.To = math.MaxUint64
	}
	if f.Before > 0 {
		f.To = min(f.To, f.Before-1)
	}
	if f.Kind != "" {
		f.Kinds = append([]EntityKind{f.Kind}, f.Kinds...)
	}
	if f.Limit <= 0 {
		f.Limit = defaultEntries
	}
	direction := "ASC"
	if f.Newest {
		direction = "DESC"
	}
	rows, err := s.db.Query(named(ctx, "entries", nil), question("entries", "", "${direction}", direction), f.parameters()...)
	return collect(rows, err, scanEntry)
}

// farthest is beyond every time in the log.
var farthest = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)

func (f EntryFilter) parameters() []any {
	since, until := time.Unix(0, 0), farthest
	if !f.Since.IsZero() {
		since = f.Since
	}
	if !f.Until.IsZero() {
		until = f.Until
	}
	return parameters("kinds", texts(f.Kinds), "id", f.ID, "act", f.Act, "actor", f.Actor, "verbs", texts(f.Verbs), "unit", uint32(f.Unit),
		"since", clickhouseTime(since), "until", clickhouseTime(until), "text", f.Text, "needle", inJSON(f.Text),
		"from", f.From, "to", f.To, "limit", uint64(f.Limit), "states", f.States)
}

// inJSON writes text as it stands within a string of a state.
func inJSON(text string) string {
	data, err := json.Marshal(text)
	if err != nil {
		return text
	}
	return string(data[1 : len(data)-1])
}

// Before returns the entity's entry before e: the state that e changed.
// Error: ErrNotFound when e is its first.
func (s *Store) Before(ctx context.Context, e LogEntry) (LogEntry, error) {
	rows, err := s.db.Query(named(ctx, "entry before", nil), question("entry_before", ""), parameters("seq", e.Seq, "kind", string(e.Kind), "id", e.ID)...)
	return theEntry(rows, err)
}

// Latest returns the last entry of an entity: how it stands. Its Seq is what
// the next change of the entity gives as Seen. Error: ErrNotFound.
func (s *Store) Latest(ctx context.Context, kind EntityKind, id string) (LogEntry, error) {
	rows, err := s.db.Query(named(ctx, "latest", nil), question("latest_entry", ""), parameters("kind", string(kind), "id", id)...)
	return theEntry(rows, err)
}

// theEntry reads an answer of one entry.
func theEntry(rows driver.Rows, err error) (LogEntry, error) {
	found, err := collect(rows, err, scanEntry)
	if err != nil {
		return LogEntry{}, err
	}
	if len(found) == 0 {
		return LogEntry{}, disclosure.Errorf(disclosure.ErrNotFound, "没有找到要查看的内容。")
	}
	return found[0], nil
}

// LatestSeqs returns the last seq of every given entity of a kind that exists,
// in one question: what an import gives as Seen.
func (s *Store) LatestSeqs(ctx context.Context, kind EntityKind, ids []string) (map[string]uint64, error) {
	out := make(map[string]uint64, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := s.db.Query(named(ctx, "latest seqs", nil), question("latest_seqs", ""), parameters("kinds", []string{string(kind)}, "ids", ids)...)
	if err != nil {
		return nil, domainError(err)
	}
	defer rows.Close()
	for rows.Next() {
		var k entityKey
		var l lastSeen
		if err := rows.Scan(&k.kind, &k.id, &l.seq, &l.time); err != nil {
			return nil, domainError(err)
		}
		out[k.id] = l.seq
	}
	return out, domainError(rows.Err())
}

func scanEntry(rows driver.Rows) (LogEntry, error) {
	var e LogEntry
	var kind, verb, state string
	var unit uint32
	var year uint16
	if err := rows.Scan(&e.Seq, &e.ActID, &e.Time, &e.Actor.Name, &e.Actor.Address, &kind, &e.ID, &e.Seen, &verb, &unit, &year, &state); err != nil {
		return e, domainError(err)
	}
	e.Kind, e.Verb, e.Unit, e.Year = EntityKind(kind), Verb(verb), disclosure.UnitNumber(unit), disclosure.Year(year)
	if state != "" {
		e.State = json.RawMessage(state)
	}
	return e, nil
}
