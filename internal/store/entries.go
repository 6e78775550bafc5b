package store

import (
	"context"
	"encoding/json"
	"math"

	"mingjing/internal/disclosure"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// EntryFilter selects log entries; empty fields mean all.
type EntryFilter struct {
	Kind EntityKind
	ID   string
	Act  string
	// From and To bound the seq, both included; To 0 is open.
	From, To uint64
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
	if f.To == 0 {
		f.To = math.MaxUint64
	}
	if f.Limit <= 0 {
		f.Limit = defaultEntries
	}
	direction := "ASC"
	if f.Newest {
		direction = "DESC"
	}
	rows, err := s.db.Query(named(ctx, "entries", nil), question("entries", "", "${direction}", direction),
		parameters("kind", string(f.Kind), "id", f.ID, "act", f.Act, "from", f.From, "to", f.To, "limit", uint64(f.Limit), "states", f.States)...)
	return collect(rows, err, scanEntry)
}

// Latest returns the last entry of an entity: how it stands. Its Seq is what
// the next change of the entity gives as Seen. Error: ErrNotFound.
func (s *Store) Latest(ctx context.Context, kind EntityKind, id string) (LogEntry, error) {
	rows, err := s.db.Query(named(ctx, "latest", nil), question("latest_entry", ""), parameters("kind", string(kind), "id", id)...)
	if err != nil {
		return LogEntry{}, domainError(err)
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return LogEntry{}, domainError(err)
		}
		return LogEntry{}, disclosure.Errorf(disclosure.ErrNotFound, "没有找到要查看的内容。")
	}
	return scanEntry(rows)
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
	if err := rows.Scan(&e.Seq, &e.ActID, &e.Time, &e.Actor.Name, &e.Actor.Address, &kind, &e.ID, &verb, &state); err != nil {
		return e, domainError(err)
	}
	e.Kind, e.Verb = EntityKind(kind), Verb(verb)
	if state != "" {
		e.State = json.RawMessage(state)
	}
	return e, nil
}
