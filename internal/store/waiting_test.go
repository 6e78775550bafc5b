package store

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"mingjing/internal/disclosure"

	"github.com/google/uuid"
)

// A file that waits is there after a reload, gone a day later or when it is
// dropped, and never among the kept files.
func TestWaitingFiles(t *testing.T) {
	now := time.Date(2026, 1, 10, 8, 0, 0, 0, time.UTC)
	s, err := Open(context.Background(), Options{Temporary: true, Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	put := func(name string) Waiting {
		w, err := s.PutWaiting(Waiting{ID: uuid.NewString(), Time: now, Person: "filer", File: SourceFile{Name: name}, State: json.RawMessage(`{"a":1}`)}, []byte("内容"+name))
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	first := put("甲.docx")
	now = now.Add(time.Hour)
	second := put("乙.docx")
	first.State = json.RawMessage(`{"a":2}`)
	if err := s.ChangeWaiting(first); err != nil {
		t.Fatal(err)
	}
	if w, err := s.WaitingFile(first.ID); err != nil || string(w.State) != `{"a":2}` || w.File.Name != "甲.docx" {
		t.Fatalf("%+v, %v", w, err)
	}
	if data, err := s.WaitingData(first.ID); err != nil || string(data) != "内容甲.docx" {
		t.Fatalf("%s, %v", data, err)
	}
	if _, err := s.OpenFile(first.File.SHA256); disclosure.CodeOf(err) != disclosure.ErrNotFound {
		t.Errorf("a waiting file is among the kept ones: %v", err)
	}
	if all, err := s.AllWaiting(); err != nil || len(all) != 2 || all[0].ID != first.ID {
		t.Fatalf("%+v, %v", all, err)
	}
	now = now.Add(23*time.Hour + time.Minute)
	if all, err := s.AllWaiting(); err != nil || len(all) != 1 || all[0].ID != second.ID {
		t.Fatalf("after a day %+v, %v", all, err)
	}
	if err := s.DropWaiting(second.ID); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(filepath.Join(s.files, "waiting")); len(left) != 0 {
		t.Errorf("%d files are left", len(left))
	}
	for _, id := range []string{"", "../../x", first.ID} {
		if _, err := s.WaitingFile(id); disclosure.CodeOf(err) != disclosure.ErrNotFound {
			t.Errorf("Waiting(%q): %v", id, err)
		}
	}
}
