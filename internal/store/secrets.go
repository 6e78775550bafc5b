package store

import (
	"context"
	"time"

	"mingjing/internal/disclosure"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Secret is what a person signs in with. Secrets are neither in the log nor
// readable by Query; backups hold them, or nobody could sign in after a restore.
type Secret struct {
	Person string // account
	Hash   string // of the password, with its method and salt; "" for none
	TOTP   []byte // sealed by a key that backups do not hold; nil for none
	// Version rises with every change. PutSecret replaces whatever stands when
	// it is 0, else only the version that it names.
	Version uint64
	Changed time.Time // by the store's clock when zero
}

// PutSecret keeps what a person signs in with, in place of what was. Error:
// ErrConflict when another version stands than the one named.
func (s *Store) PutSecret(ctx context.Context, secret Secret) error {
	if secret.Person == "" {
		return disclosure.Errorf(disclosure.ErrInternal, "保存口令时没有指明账号。")
	}
	s.secrets.Lock()
	defer s.secrets.Unlock()
	if err := s.mayWrite(ctx); err != nil {
		return err
	}
	known, err := s.askSecrets(ctx, secret.Person)
	if err != nil {
		return err
	}
	stands := uint64(0)
	if len(known) > 0 {
		stands = known[0].Version
	}
	if secret.Version != 0 && secret.Version != stands {
		return disclosure.Errorf(disclosure.ErrConflict, "口令或验证方式刚刚被修改过,请刷新后重试。")
	}
	secret.Version = stands + 1
	if secret.Changed.IsZero() {
		secret.Changed = s.options.Clock()
	}
	return domainError(s.insertSecrets(ctx, []Secret{secret}))
}

// Secret returns what a person signs in with. Error: ErrNotFound.
func (s *Store) Secret(ctx context.Context, person string) (Secret, error) {
	found, err := s.askSecrets(ctx, person)
	if err != nil {
		return Secret{}, err
	}
	if len(found) == 0 {
		return Secret{}, disclosure.Errorf(disclosure.ErrNotFound, "这个账号还没有设置口令。")
	}
	return found[0], nil
}

// askSecrets asks for one person's, for all with "".
func (s *Store) askSecrets(ctx context.Context, person string) ([]Secret, error) {
	rows, err := s.db.Query(named(ctx, "secrets", nil), question("secrets", ""), parameters("person", person)...)
	return collect(rows, err, scanSecret)
}

func scanSecret(rows driver.Rows) (Secret, error) {
	var c Secret
	var totp string
	err := rows.Scan(&c.Person, &c.Version, &c.Changed, &c.Hash, &totp)
	if totp != "" {
		c.TOTP = []byte(totp)
	}
	return c, err
}

func (s *Store) insertSecrets(ctx context.Context, secrets []Secret) error {
	batch, err := s.db.PrepareBatch(named(ctx, "secrets", nil), "INSERT INTO secret_credentials (person, version, changed, hash, totp)")
	if err != nil {
		return err
	}
	defer batch.Close()
	for _, c := range secrets {
		if err := batch.Append(c.Person, c.Version, c.Changed.UTC(), c.Hash, string(c.TOTP)); err != nil {
			return err
		}
	}
	return batch.Send()
}

// mayWrite says why nothing can be written beside the log now: read-only,
// another writer took over, or the disk is full.
func (s *Store) mayWrite(ctx context.Context) error {
	if s.writer == nil {
		return disclosure.Errorf(disclosure.ErrUnavailable, sentenceReadOnly)
	}
	if err := s.spaceError(); err != nil {
		return err
	}
	return s.writer.checkLease(ctx)
}
