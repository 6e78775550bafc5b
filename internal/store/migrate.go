package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/sql"
)

// migration is one numbered file of sql/migrations. Each of its statements may
// run again after a crash without harm.
type migration struct {
	Version    uint32
	Name       string
	Checksum   string // sha256 of the file as it stands, placeholders included
	Statements []string
}

// migrations reads the migrations in order, rendered for a dialect.
func migrations(d dialect) []migration {
	names, err := fs.Glob(sql.Files, "migrations/*.sql")
	if err != nil {
		panic(err)
	}
	slices.Sort(names)
	var out []migration
	for i, name := range names {
		base := strings.TrimSuffix(path.Base(name), ".sql")
		number, _, _ := strings.Cut(base, "_")
		version, err := strconv.Atoi(number)
		if err != nil || version != i+1 {
			panic(fmt.Sprintf("store: migration %s is not number %d", name, i+1))
		}
		text := load("migrations", base)
		out = append(out, migration{Version: uint32(version), Name: base, Checksum: checksum(text), Statements: statements(fill(text, d.words()...))})
	}
	return out
}

func checksum(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// statements splits at semicolons that end a line; the migrations have none
// inside a statement.
func statements(text string) []string {
	var out []string
	for _, part := range strings.Split(text+"\n", ";\n") {
		if lines := withoutComments(part); lines != "" {
			out = append(out, lines)
		}
	}
	return out
}

func withoutComments(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimSpace(line), "--") {
			lines = append(lines, strings.TrimRight(line, "\n"))
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

const createSchema = `CREATE TABLE IF NOT EXISTS schema ${on_cluster}
(
    version  UInt32,
    name     String,
    checksum String,
    applied  DateTime64(3, 'UTC')
)
ENGINE = ${replicated}ReplacingMergeTree(applied)
ORDER BY (version, name)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`

// repeatable is the version under which the checksums of views stand: they are
// made anew whenever their text changes.
const repeatable = 0

// applied reads what was done to the store.
func (s *Store) applied(ctx context.Context) (done map[uint32]migration, views string, err error) {
	rows, err := s.db.Query(named(ctx, "schema", nil), "SELECT version, name, checksum FROM schema FINAL")
	if err != nil {
		return nil, "", err
	}
	defer rows.Close()
	done = map[uint32]migration{}
	for rows.Next() {
		var m migration
		if err := rows.Scan(&m.Version, &m.Name, &m.Checksum); err != nil {
			return nil, "", err
		}
		if m.Version == repeatable {
			views = m.Checksum
			continue
		}
		done[m.Version] = m
	}
	return done, views, rows.Err()
}

// checkSchema refuses a store that a newer version wrote, or whose migrations
// are not ours.
func checkSchema(all []migration, done map[uint32]migration) error {
	for version, d := range done {
		if int(version) > len(all) {
			return disclosure.Errorf(disclosure.ErrConflict, "数据由更新版本的明镜写入(结构版本 %d,本程序为 %d),请升级程序后再打开。", version, len(all))
		}
		if m := all[version-1]; m.Checksum != d.Checksum {
			return disclosure.Errorf(disclosure.ErrConflict, "数据的结构与本程序不一致,请使用写入这些数据的程序版本,或联系开发者。").
				Because(fmt.Errorf("migration %s: checksum %s in the store, %s in the program", m.Name, d.Checksum, m.Checksum))
		}
	}
	return nil
}

// oldestEngine is the oldest ClickHouse whose SQL the product uses.
var oldestEngine = [2]int{25, 8}

func (s *Store) requireEngine(ctx context.Context) error {
	version, err := s.EngineVersion(ctx)
	if err != nil {
		return err
	}
	if olderEngine(version) {
		return disclosure.Errorf(disclosure.ErrUnavailable, "ClickHouse 版本 %s 过旧,需要 %d.%d 或更新的版本。", version, oldestEngine[0], oldestEngine[1])
	}
	return nil
}

func olderEngine(version string) bool {
	var major, minor int
	if _, err := fmt.Sscanf(version, "%d.%d", &major, &minor); err != nil {
		return true
	}
	return major < oldestEngine[0] || major == oldestEngine[0] && minor < oldestEngine[1]
}

// EngineVersion is the version of ClickHouse that answers.
func (s *Store) EngineVersion(ctx context.Context) (string, error) {
	var version string
	err := s.db.QueryRow(named(ctx, "version", nil), "SELECT version()").Scan(&version)
	return version, domainError(err)
}

// requireSchema refuses to read a store whose tables are not exactly ours.
func (s *Store) requireSchema(ctx context.Context) error {
	done, _, err := s.applied(ctx)
	if err != nil {
		return disclosure.Errorf(disclosure.ErrUnavailable, "这里还没有明镜的数据,请先以可写方式启动一次。").Because(err)
	}
	all := migrations(s.dialect)
	if err := checkSchema(all, done); err != nil {
		return err
	}
	if len(done) < len(all) {
		return disclosure.Errorf(disclosure.ErrConflict, "数据由旧版本的明镜写入,请先用本版本以可写方式启动一次,完成升级。")
	}
	return nil
}

func (s *Store) migrate(ctx context.Context) error {
	if err := s.requireEngine(ctx); err != nil {
		return err
	}
	words := s.dialect.words()
	if err := s.db.Exec(named(ctx, "migrate", nil), fill(createSchema, words...)); err != nil {
		return err
	}
	done, views, err := s.applied(ctx)
	if err != nil {
		return err
	}
	all := migrations(s.dialect)
	if err := checkSchema(all, done); err != nil {
		return err
	}
	if len(done) > 0 && len(done) < len(all) {
		if err := s.backupBeforeMigration(ctx, len(done)); err != nil {
			return err
		}
	}
	for _, m := range all {
		if _, ok := done[m.Version]; ok {
			continue
		}
		for _, statement := range m.Statements {
			if err := s.db.Exec(named(ctx, "migrate "+m.Name, nil), statement); err != nil {
				return fmt.Errorf("migration %s: %w", m.Name, err)
			}
		}
		if err := s.record(ctx, m.Version, m.Name, m.Checksum); err != nil {
			return err
		}
	}
	return s.makeViews(ctx, views)
}

func (s *Store) record(ctx context.Context, version uint32, name, sum string) error {
	return s.db.Exec(named(ctx, "migrate", nil), "INSERT INTO schema SELECT {version:UInt32}, {name:String}, {checksum:String}, {at:DateTime64(3, 'UTC')}",
		parameters("version", version, "name", name, "checksum", sum, "at", clickhouseTime(s.options.Clock()))...)
}

// makeViews makes the materialized and the read views anew when their text is
// not the one that made them. A projection whose SELECT changed is filled
// anew by Rebuild afterwards.
func (s *Store) makeViews(ctx context.Context, made string) error {
	var text strings.Builder
	list := append(s.projectionViews(), s.readViews()...)
	for _, v := range list {
		text.WriteString(v.name + "\n" + v.create + "\n")
	}
	sum := checksum(text.String())
	if sum == made {
		return nil
	}
	onCluster := s.dialect.words()[3]
	for _, v := range list {
		for _, statement := range []string{"DROP VIEW IF EXISTS " + v.name + " " + onCluster + " SYNC", v.create} {
			if err := s.db.Exec(named(ctx, "view "+v.name, nil), statement); err != nil {
				return fmt.Errorf("view %s: %w", v.name, err)
			}
		}
	}
	if made != "" {
		if _, err := s.Rebuild(ctx); err != nil {
			return err
		}
	}
	return s.record(ctx, repeatable, "views", sum)
}

// clickhouseTime writes a time as a parameter of DateTime64(3, 'UTC').
func clickhouseTime(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.000") }
