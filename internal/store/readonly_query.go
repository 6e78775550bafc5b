package store

import (
	"context"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"mingjing/internal/disclosure"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// QueryLimits bounds a person's own query; zero values take the defaults.
type QueryLimits struct {
	Rows    int    // of the result; 10,000
	Memory  uint64 // bytes; 1 GiB
	Seconds int    // 30
}

func (l QueryLimits) withDefaults() QueryLimits {
	if l.Rows <= 0 {
		l.Rows = 10_000
	}
	if l.Memory == 0 {
		l.Memory = 1 << 30
	}
	if l.Seconds <= 0 {
		l.Seconds = 30
	}
	return l
}

// Result is an answer that is read row by row; it must be closed.
type Result struct {
	Columns []string
	rows    driver.Rows
}

// Next returns the next row's values, NULL as nil; ok is false after the last.
func (r *Result) Next() (values []any, ok bool, err error) {
	if !r.rows.Next() {
		return nil, false, domainError(r.rows.Err())
	}
	targets := make([]any, len(r.Columns))
	for i, t := range r.rows.ColumnTypes() {
		targets[i] = reflect.New(t.ScanType()).Interface()
	}
	if err := r.rows.Scan(targets...); err != nil {
		return nil, false, domainError(err)
	}
	values = make([]any, len(targets))
	for i, t := range targets {
		v := reflect.ValueOf(t).Elem()
		for v.Kind() == reflect.Pointer && !v.IsNil() {
			v = v.Elem()
		}
		if v.Kind() != reflect.Pointer {
			values[i] = v.Interface()
		}
	}
	return values, true, nil
}

// Close frees what the answer holds.
func (r *Result) Close() error { return r.rows.Close() }

// Query runs a person's own SELECT (or SHOW TABLES, DESCRIBE) over the store,
// with limits. Errors: ErrForbidden for anything that writes, reaches out of
// the store (file, url, other servers, INTO OUTFILE) or reads system and
// account tables; ErrInvalid for a query that is wrong or reads too much. The
// cause of ErrInvalid is the engine's own text, for the one who wrote the SQL.
func (s *Store) Query(ctx context.Context, text string, limits QueryLimits) (*Result, error) {
	limits = limits.withDefaults()
	text = strings.TrimRight(text, "; \t\r\n")
	settings := clickhouse.Settings{
		"readonly": 1, "max_execution_time": limits.Seconds, "max_memory_usage": limits.Memory,
		"max_result_rows": limits.Rows, "result_overflow_mode": "throw",
	}
	if err := s.inspect(named(ctx, "sql", clickhouse.Settings{"readonly": 1}), text); err != nil {
		return nil, err
	}
	rows, err := s.db.Query(named(ctx, "sql", settings), text)
	if err != nil {
		return nil, domainError(err)
	}
	return &Result{Columns: rows.Columns(), rows: rows}, nil
}

var (
	// intoFile is looked for everywhere, in quotes too: better refuse a query
	// that only mentions it than be wrong about where a quotation ends.
	intoFile   = regexp.MustCompile(`(?i)(outfile|infile)`)
	readingAST = []string{"SelectWithUnionQuery", "ShowTables", "DescribeQuery"}
)

// inspect has the engine parse the query and looks at what it names; nothing
// of the query is run.
func (s *Store) inspect(ctx context.Context, text string) error {
	switch {
	case strings.TrimSpace(text) == "":
		return disclosure.Errorf(disclosure.ErrInvalid, "请写出要执行的 SELECT 语句。")
	case intoFile.MatchString(text):
		return disclosure.Errorf(disclosure.ErrForbidden, "查询不能读写文件。")
	}
	rows, err := s.db.Query(ctx, "EXPLAIN AST "+text)
	if err != nil {
		return domainError(err)
	}
	defer rows.Close()
	inFrom := false // the line before was a TableExpression
	for first := true; rows.Next(); first = false {
		var line string
		if err := rows.Scan(&line); err != nil {
			return domainError(err)
		}
		node, name := astNode(line)
		if first && !slices.Contains(readingAST, node) {
			return disclosure.Errorf(disclosure.ErrForbidden, "这里只能查询,不能修改数据或设置。")
		}
		if err := s.allowed(node, name, inFrom); err != nil {
			return err
		}
		if formatNode.MatchString(line) && name != s.place.database {
			return disclosure.Errorf(disclosure.ErrInvalid, "请去掉末尾的 FORMAT,输出格式由命令的选项决定。")
		}
		inFrom = node == "TableExpression"
	}
	return domainError(rows.Err())
}

// formatNode is an identifier right under the query: the name of its FORMAT, or
// SHOW TABLES' database.
var formatNode = regexp.MustCompile(`^ Identifier `)

// astNode takes a line of EXPLAIN AST apart: " TableIdentifier a.b (alias c)".
func astNode(line string) (node, name string) {
	node, name, _ = strings.Cut(strings.TrimSpace(line), " ")
	if i := strings.LastIndex(name, " ("); i >= 0 {
		name = name[:i]
	}
	return node, strings.Trim(name, "`\"")
}

// tableFunctions may stand after FROM; every other one reaches out of the
// store or past its rights.
var tableFunctions = []string{"numbers", "generateseries", "generate_series", "values", "zeros", "view"}

// closedFunctions read files, dictionaries, models, other tables by name, or
// tell of the machine.
var closedFunctions = regexp.MustCompile(`(?i)^(file|dict.*|joinget.*|catboost.*|model.*|hascolumnintable|getsetting.*|getserversetting|getmergetreesetting|` +
	`getmacro|hostname|fqdn|serveruuid|addressto.*|demangle|filesystem.*|sleep.*|ai.*|naturallanguage.*|llm.*|showcertificate|user|currentuser|` +
	`url|s3.*|remote.*|cluster.*|mysql|postgresql|mongodb|redis|sqlite|jdbc|odbc|hdfs.*|executable.*|input|merge|dictionary|python)$`)

// closedTables are the engine's own and those of accounts: a table that people
// must not read (credentials, sessions, drafts) is named secret_... .
var closedTables = regexp.MustCompile(`(?i)(^|\.)(system|information_schema)(\.|$)|(^|\.)secret_`)

// allowed looks at one node of the query; inFrom says that it stands where a
// table does.
func (s *Store) allowed(node, name string, inFrom bool) error {
	name = strings.NewReplacer("`", "", `"`, "").Replace(name)
	switch node {
	case "TableIdentifier":
		if database, _, qualified := strings.Cut(name, "."); qualified && database != s.place.database {
			return disclosure.Errorf(disclosure.ErrForbidden, "只能查询明镜自己的表,不能查询系统表和别的库。")
		}
		fallthrough
	case "Identifier":
		if closedTables.MatchString(name) {
			return disclosure.Errorf(disclosure.ErrForbidden, "不能查询账号表和系统表。")
		}
	case "Function":
		if inFrom && !slices.Contains(tableFunctions, strings.ToLower(name)) || !inFrom && closedFunctions.MatchString(name) {
			return disclosure.Errorf(disclosure.ErrForbidden, "查询不能读写文件、访问网络、其他数据库或系统信息。")
		}
	}
	return nil
}
