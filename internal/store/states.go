package store

import "context"

// States returns the latest entry, with its state, of every entity of a kind,
// by id. Not for units and reports: see Units, Heads and Standings.
func (s *Store) States(ctx context.Context, kind EntityKind) ([]LogEntry, error) {
	rows, err := s.db.Query(named(ctx, "states", nil), question("entities", ""), parameters("kind", string(kind), "any", true, "id", "")...)
	return collect(rows, err, scanEntry)
}

// State returns how one entity stands, see States. Error: ErrNotFound.
func (s *Store) State(ctx context.Context, kind EntityKind, id string) (LogEntry, error) {
	rows, err := s.db.Query(named(ctx, "state", nil), question("entities", ""), parameters("kind", string(kind), "any", false, "id", id)...)
	return theEntry(rows, err)
}
