package filing

import (
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write docs/填报流程.md anew")

// The document says what the code does.
func TestDocumentIsTheTable(t *testing.T) {
	const path = "../../docs/填报流程.md"
	if *update {
		if err := os.WriteFile(path, []byte(Document()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != Document() {
		t.Errorf("%s is not what the table says: run go test ./internal/filing -update", path)
	}
}
