package store

import (
	"context"
	"io/fs"
	"path"
	"strings"
	"testing"

	"mingjing/sql"
)

// The engine hears for which request it works.
func TestRequestIsNamedToTheEngine(t *testing.T) {
	s := openTest(t, Options{Temporary: true})
	var comment string
	ctx := named(WithRequest(context.Background(), "req-7"), "sums", nil)
	if err := s.db.QueryRow(ctx, "SELECT getSetting('log_comment')").Scan(&comment); err != nil || !strings.HasPrefix(comment, "req-7 sums") {
		t.Fatalf("%q, %v", comment, err)
	}
}

// Each SQL file says in a comment what it answers, and questions name their key.
func TestSQLFilesExplainThemselves(t *testing.T) {
	files, err := fs.Glob(sql.Files, "*/*.sql")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, name := range files {
		text, err := fs.ReadFile(sql.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		comment := ""
		for line := range strings.Lines(string(text)) {
			if !strings.HasPrefix(line, "--") {
				break
			}
			comment += strings.TrimSpace(strings.TrimPrefix(line, "--")) + " "
		}
		if comment == "" {
			t.Errorf("%s says nothing of itself", name)
		}
		if path.Dir(name) == "queries" && !strings.Contains(comment, "ey") && !strings.Contains(comment, "scan") && !strings.Contains(comment, "minima") {
			t.Errorf("%s does not say what it reads: %s", name, comment)
		}
	}
}
