package people

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of roles into docs")

const rightsDoc = "../../docs/账号与权限.md"

// rightsTable is the table of roles and rights as people read it.
func rightsTable() string {
	all := []Right{SeeOverview, SeeProgress, SeeFindings, SeeFiled, FileReport, ReviewReport, Supervise, Evaluate, AnswerIssue, SeeIssues, KeepAccounts, KeepUnits, Configure, ReadAudit, EraseContent}
	var b strings.Builder
	b.WriteString("| 权限 |")
	for _, role := range Roles {
		b.WriteString(" " + string(role) + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(Roles)) + "\n")
	for _, right := range all {
		b.WriteString("| " + string(right) + " |")
		for _, role := range Roles {
			if role.Gives(right) {
				b.WriteString(" ✓ |")
			} else {
				b.WriteString("  |")
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

// The page that people read says what the code does.
func TestRightsAreAsThePageSays(t *testing.T) {
	data, err := os.ReadFile(rightsDoc)
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	from := strings.Index(page, "-update -->\n")
	to := strings.Index(page, "<!-- 表结束 -->")
	if from < 0 || to < from {
		t.Fatalf("%s has no place for the table", rightsDoc)
	}
	from += len("-update -->\n")
	want := rightsTable()
	if *update {
		if err := os.WriteFile(rightsDoc, []byte(page[:from]+want+page[to:]), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if page[from:to] != want {
		t.Errorf("the table of %s is not that of the code; go test ./internal/people -update writes it", rightsDoc)
	}
	for role, list := range rights {
		for _, right := range list {
			if !strings.Contains(want, "| "+string(right)+" |") {
				t.Errorf("%s has the right %s, which the table leaves out", role, right)
			}
		}
	}
}
