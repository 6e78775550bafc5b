package store

import (
	"context"
	"sync"
	"time"

	"mingjing/internal/disclosure"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// SessionRow is a person's session. Sessions are neither in the log nor in
// backups, and not readable by Query.
type SessionRow struct {
	Hash   string // sha256 of the token, in hex
	Person string // account
	Data   []byte
	Expiry time.Time
	Ended  bool // once ended, a session stays so
}

// sessions numbers the rows of sessions.
type sessions struct {
	sync.Mutex
	version uint64
	loaded  bool
	tidied  string // the day on which expired ones were deleted last
}

// endedAbove is added to the version of a session that ended: above every
// other, so that a row written late does not bring it back.
const endedAbove = 1 << 63

// PutSessions keeps sessions, in place of what was under their hashes, in one
// insert.
func (s *Store) PutSessions(ctx context.Context, list []SessionRow) error {
	if len(list) == 0 {
		return nil
	}
	s.sessions.Lock()
	defer s.sessions.Unlock()
	if err := s.mayWrite(ctx); err != nil {
		return err
	}
	if err := s.sessions.load(ctx, s); err != nil {
		return domainError(err)
	}
	batch, err := s.db.PrepareBatch(named(ctx, "sessions", nil), "INSERT INTO secret_sessions (hash, version, person, data, expiry, ended)")
	if err != nil {
		return domainError(err)
	}
	defer batch.Close()
	for _, row := range list {
		s.sessions.version++
		version := s.sessions.version
		if row.Ended {
			version += endedAbove
		}
		if err := batch.Append(row.Hash, version, row.Person, string(row.Data), row.Expiry.UTC(), row.Ended); err != nil {
			return domainError(err)
		}
	}
	return domainError(batch.Send())
}

// load reads the last version given, and deletes once a day what has expired:
// the engine's own TTL does not know the injected clock.
func (n *sessions) load(ctx context.Context, s *Store) error {
	if !n.loaded {
		if err := s.db.QueryRow(named(ctx, "sessions", nil), "SELECT max(bitAnd(version, 9223372036854775807)) FROM secret_sessions").Scan(&n.version); err != nil {
			return err
		}
		n.loaded = true
	}
	now := s.options.Clock()
	day := now.UTC().Format(time.DateOnly)
	if n.tidied == day {
		return nil
	}
	n.tidied = day
	var expired uint64
	at := clickhouseTime(now) // digits and signs only
	if err := s.db.QueryRow(named(ctx, "sessions", nil), "SELECT count() FROM secret_sessions WHERE expiry < {at:DateTime64(3, 'UTC')}", parameters("at", at)...).Scan(&expired); err != nil || expired == 0 {
		return err
	}
	return s.db.Exec(named(ctx, "sessions", longRun), "ALTER TABLE secret_sessions DELETE WHERE expiry < toDateTime64('"+at+"', 3, 'UTC') SETTINGS mutations_sync = 2")
}

// Session returns the session under a hash, an ended or expired one too.
// Error: ErrNotFound.
func (s *Store) Session(ctx context.Context, hash string) (SessionRow, error) {
	if hash == "" {
		return SessionRow{}, noSession()
	}
	found, err := s.askSessions(ctx, hash)
	if err != nil {
		return SessionRow{}, err
	}
	if len(found) == 0 {
		return SessionRow{}, noSession()
	}
	return found[0], nil
}

func noSession() error {
	return disclosure.Errorf(disclosure.ErrNotFound, "登录已失效,请重新登录。")
}

// LiveSessions returns the sessions that neither ended nor expired.
func (s *Store) LiveSessions(ctx context.Context) ([]SessionRow, error) {
	return s.askSessions(ctx, "")
}

func (s *Store) askSessions(ctx context.Context, hash string) ([]SessionRow, error) {
	rows, err := s.db.Query(named(ctx, "sessions", nil), question("sessions", ""), parameters("hash", hash, "now", clickhouseTime(s.options.Clock()))...)
	return collect(rows, err, func(rows driver.Rows) (row SessionRow, err error) {
		var data string
		err = rows.Scan(&row.Hash, &row.Person, &data, &row.Expiry, &row.Ended)
		row.Data = []byte(data)
		return row, err
	})
}
