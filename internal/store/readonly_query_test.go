package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
)

func readAll(r *Result) (rows []string, err error) {
	defer r.Close()
	for {
		values, ok, err := r.Next()
		if err != nil || !ok {
			return rows, err
		}
		rows = append(rows, fmt.Sprint(values...))
	}
}

func TestQueryAnswers(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		file(t, s, oneReport, 0)
		for _, c := range []struct{ sql, want string }{
			{"SELECT code, value FROM approved_figures WHERE code = 'T3_NEW_RECEIVED_TOT'", "T3_NEW_RECEIVED_TOT 7"},
			{"WITH x AS (SELECT 1 AS a) SELECT a, NULL, 'b' FROM x;", "1 <nil> b"},
			{"select count() from log l join approved_reports r on l.unit = r.unit -- 注释", "1"},
			{"SELECT form, 'FORMAT CSV' FROM (SELECT form FROM approved_reports) -- FORMAT CSV", "national-2021 FORMAT CSV"},
			{"SELECT number FROM numbers(2) ORDER BY number DESC LIMIT 1", "1"},
			{"SELECT DISTINCT kind FROM entries WHERE unit IN (SELECT unit FROM provisional_reports)", "report"},
		} {
			r, err := s.Query(context.Background(), c.sql, QueryLimits{})
			if err != nil {
				t.Errorf("%s: %v", c.sql, err)
				continue
			}
			got := strings.Join(must[[]string](t)(readAll(r)), "|")
			if strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(c.want, " ", "") {
				t.Errorf("%s gives %q, want %q", c.sql, got, c.want)
			}
		}
		for _, sql := range []string{"SHOW TABLES", "SHOW TABLES FROM " + s.place.database, "DESCRIBE log"} {
			if r := must[*Result](t)(s.Query(context.Background(), sql, QueryLimits{})); len(must[[]string](t)(readAll(r))) < 10 {
				t.Errorf("%s shows few rows", sql)
			}
		}
	})
}

func TestQueryRefuses(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret.csv")
	if err := os.WriteFile(secret, []byte("a,b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "out.csv")
	forbidden, invalid := disclosure.ErrForbidden, disclosure.ErrInvalid
	onEachStore(t, func(t *testing.T, s *Store) {
		exec1(t, s, "CREATE TABLE secret_people (name String, hash String) ENGINE = MergeTree ORDER BY name")
		exec1(t, s, "INSERT INTO secret_people VALUES ('root', 'hash')")
		for sql, want := range map[string]disclosure.ErrorCode{
			"": invalid, "SELEC 1": invalid, "SELECT nothing FROM log": invalid, "SELECT 1 FORMAT JSON": invalid, "SELECT 1; SELECT 2": invalid,
			"SELECT 1 FORMAT CSV -- x": invalid, "SELECT 1 FORMAT /* */ Null /* x */": invalid, "SHOW TABLES FORMAT CSV -- x": invalid,
			"(SELECT 1) UNION ALL SELECT 2 FORMAT\nJSON # x": invalid, "DESCRIBE log FORMAT CSV --": invalid,
			"SELECT count() FROM no_such_table":                                     invalid,
			"INSERT INTO meta VALUES ('a', 'b', 1)":                                 forbidden,
			"DROP TABLE log":                                                        forbidden,
			"TRUNCATE TABLE log":                                                    forbidden,
			"ALTER TABLE log DELETE WHERE 1":                                        forbidden,
			"CREATE TABLE x (a UInt8) ENGINE = Memory":                              forbidden,
			"CREATE TEMPORARY TABLE x (a UInt8)":                                    forbidden,
			"SET readonly = 0":                                                      forbidden,
			"SYSTEM SHUTDOWN":                                                       forbidden,
			"KILL QUERY WHERE 1 SYNC":                                               forbidden,
			"BACKUP TABLE log TO File('x.tar')":                                     forbidden,
			"SELECT 1 SETTINGS readonly = 0":                                        forbidden,
			"SELECT 1 SETTINGS max_memory_usage = 0":                                forbidden,
			"SELECT * FROM file('" + secret + "', 'CSV')":                           forbidden,
			"DESCRIBE file('" + secret + "')":                                       forbidden,
			"SELECT file('" + secret + "')":                                         forbidden,
			"SELECT FILE('" + secret + "')":                                         forbidden,
			"SELECT 1 INTO OUTFILE '" + out + "'":                                   forbidden,
			"SELECT 1 INTO /* */ OUTFILE '" + out + "' FORMAT CSV":                  forbidden,
			"SELECT * FROM url('http://127.0.0.1:1/x', 'CSV', 'a String')":          forbidden,
			"SELECT * FROM `url`('http://127.0.0.1:1/x', 'CSV', 'a String')":        forbidden,
			"SELECT (SELECT a FROM url('http://127.0.0.1:1/x', 'CSV', 'a String'))": forbidden,
			"SELECT * FROM s3('http://127.0.0.1:1/x')":                              forbidden,
			"SELECT * FROM remote('127.0.0.1:1', system.one)":                       forbidden,
			"SELECT * FROM mysql('127.0.0.1:1', 'a', 'b', 'c', 'd')":                forbidden,
			"SELECT * FROM executable('id', 'CSV', 'a String')":                     forbidden,
			"SELECT * FROM merge('system', 'tables')":                               forbidden,
			"SELECT * FROM merge(REGEXP('.*'), 'secret_people')":                    forbidden,
			"SELECT * FROM cluster('x', system.one)":                                forbidden,
			"SELECT dictGet('d', 'a', 1)":                                           forbidden,
			"SELECT joinGet('j', 'a', 1)":                                           forbidden,
			"SELECT * FROM system.query_log":                                        forbidden,
			"SELECT * FROM `system`.`processes`":                                    forbidden,
			"SELECT 1 WHERE 'log' IN system.tables":                                 forbidden,
			"SELECT * FROM INFORMATION_SCHEMA.tables":                               forbidden,
			"SHOW TABLES FROM system":                                               forbidden,
			"DESCRIBE system.tables":                                                forbidden,
			"SELECT * FROM secret_people":                                           forbidden,
			"SELECT * FROM `secret_people` AS p":                                    forbidden,
			"SELECT 1 WHERE ('a', 'b') IN secret_people":                            forbidden,
			"SELECT * FROM view(SELECT * FROM secret_people)":                       forbidden,
			"SELECT * FROM secret_credentials":                                      forbidden,
			"SELECT * FROM secret_sessions":                                         forbidden,
			"SELECT state FROM secret_drafts FINAL":                                 forbidden,
			"EXPLAIN SELECT * FROM secret_people":                                   forbidden,
			"SHOW CREATE TABLE secret_people":                                       forbidden,
			"EXISTS TABLE secret_people":                                            forbidden,
		} {
			r, err := s.Query(context.Background(), sql, QueryLimits{})
			if err == nil {
				_, err = readAll(r)
			}
			if err == nil || disclosure.CodeOf(err) != want {
				t.Errorf("%q: %v, want %s", sql, err, want)
			}
		}
		if _, err := os.Stat(out); err == nil {
			t.Error("a query wrote a file")
		}
		if got := must[[]LogEntry](t)(s.Entries(context.Background(), EntryFilter{})); len(got) != 0 {
			t.Errorf("entries %v", got)
		}
	})
}

func TestQueryLimits(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		for _, c := range []struct {
			name, sql string
			limits    QueryLimits
			want      disclosure.ErrorCode
		}{
			{"rows", "SELECT number FROM numbers(11)", QueryLimits{Rows: 10}, disclosure.ErrInvalid},
			{"memory", "SELECT length(groupArray(number)) FROM numbers(20000000)", QueryLimits{Memory: 20 << 20}, disclosure.ErrUnavailable},
			{"time", "SELECT count() FROM numbers(1000000000000) WHERE cityHash64(number) = 1", QueryLimits{Seconds: 1}, disclosure.ErrUnavailable},
		} {
			r, err := s.Query(context.Background(), c.sql, c.limits)
			if err == nil {
				_, err = readAll(r)
			}
			if err == nil || disclosure.CodeOf(err) != c.want {
				t.Errorf("%s: %v, want %s", c.name, err, c.want)
			}
		}
		r, err := s.Query(context.Background(), "SELECT number FROM numbers(10)", QueryLimits{Rows: 10})
		if rows := must[[]string](t)(readAll(must[*Result](t)(r, err))); len(rows) != 10 {
			t.Errorf("%d rows", len(rows))
		}
	})
}
