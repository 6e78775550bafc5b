package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mingjing/internal/disclosure"

	"github.com/ClickHouse/ch-go/compress"
	"github.com/google/uuid"
)

// found lists the files under a folder that hold a text, as it stands or in
// the compressed blocks of the engine.
func found(t *testing.T, folder, text string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if bytes.Contains(data, []byte(text)) || bytes.Contains(unpacked(data), []byte(text)) {
			name, _ := filepath.Rel(folder, path)
			out = append(out, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// unpacked is what the blocks of an engine's file hold: 16 bytes of checksum,
// method, sizes, data. Blocks of several codecs in a row hold no text.
func unpacked(data []byte) (out []byte) {
	const head = 25
	for len(data) > head {
		size := 16 + int(binary.LittleEndian.Uint32(data[17:]))
		if size <= head || size > len(data) {
			return out
		}
		if raw := int(binary.LittleEndian.Uint32(data[21:])); raw < 1<<26 && slices.Contains([]byte{0x02, 0x82, 0x90}, data[16]) {
			text := make([]byte, raw)
			if n, err := compress.NewReader(bytes.NewReader(data[:size])).Read(text); err == nil {
				out = append(out, text[:n]...)
			}
		}
		data = data[size:]
	}
	return out
}

const marker = "不得留存的内容四五六七八九十"

// aLeak fills a store with a text that must not be kept, everywhere it can be.
func aLeak(t *testing.T, s *Store) (e Erasure) {
	t.Helper()
	ctx := context.Background()
	sum, size, err := s.PutFile(strings.NewReader("原件 " + marker))
	if err != nil {
		t.Fatal(err)
	}
	state := aReport(national(1, 2023, disclosure.ScopeAgency), 1, StatusSubmitted, cells{
		received: {Kind: disclosure.CellNumber, Value: disclosure.Number(7).Value, Raw: "7" + marker, Remark: marker},
		granted:  disclosure.Number(3),
	})
	state.Title, state.Prose = marker, []disclosure.ProsePart{{Number: 1, Title: "一、总体情况", Text: marker}}
	state.Sources = []SourceFile{{Name: marker + ".docx", SHA256: sum, Size: size}}
	state.Explanations = []Explanation{{Rule: "T3-R4", Text: marker, By: "zhang"}}
	seen := file(t, s, state, 0)
	state.Status = StatusApproved
	seen = file(t, s, state, seen)
	if err := s.PutChecks(ctx, []CheckRow{{Key: state.Key, Seq: seen, Rules: "1", Findings: []byte(`["` + marker + `"]`), CheckedAt: testDay}}); err != nil {
		t.Fatal(err)
	}
	notice := must[[]Receipt](t)(s.Append(ctx, anAct(Entry{Kind: KindNotice, ID: "n1", Verb: VerbCreate, State: map[string]string{"text": marker}})))[0].Seq
	var version uint64
	for range 3 {
		version = must[Draft](t)(s.SaveDraft(ctx, aDraft(1, version, `{"a":"`+marker+`"}`))).Version
	}
	if err := s.RemoveDraft(ctx, 1, year2023); err != nil {
		t.Fatal(err)
	}
	must[Draft](t)(s.SaveDraft(ctx, aDraft(1, 0, `{"a":"`+marker+`"}`)))
	return Erasure{ID: uuid.NewString(), Actor: tester, Reason: "涉密", Admins: [2]string{"甲", "乙"}, Seqs: []uint64{notice},
		Reports: []ReportRevisions{{Key: state.Key}}, Files: []string{sum}, Drafts: []DraftName{{1, year2023}}}
}

// nothingIsLeft proves that the text is gone and that tombstones stand for it.
func nothingIsLeft(t *testing.T, s *Store, folder string, e Erasure) {
	t.Helper()
	ctx := context.Background()
	if left := found(t, folder, marker); len(left) != 0 {
		t.Errorf("still in %v", left)
	}
	r := must[*StoredReport](t)(s.Report(ctx, e.Reports[0].Key, Approved))
	if r.Erased == nil || r.Erased.Act != e.ID || r.Erased.Admins != e.Admins || len(r.Erased.Hash) != 64 || r.Status != StatusApproved || len(r.Cells)+len(r.Prose)+len(r.Sources) != 0 {
		t.Errorf("report %+v", r)
	}
	if got := ask(t, s, FigureQuery{Basis: Approved, Codes: []disclosure.Code{received, granted}}); len(got) != 0 {
		t.Errorf("figures %v", got)
	}
	n := must[LogEntry](t)(s.State(ctx, KindNotice, "n1"))
	if tombstoneOf(string(n.State)).Act != e.ID || n.Actor != tester {
		t.Errorf("notice %s", n.State)
	}
	_, err := s.OpenFile(e.Files[0])
	wantCode(t, err, disclosure.ErrNotFound)
	_, _, err = s.PutFile(strings.NewReader("原件 " + marker))
	wantCode(t, err, disclosure.ErrForbidden)
	_, err = s.Draft(ctx, 1, year2023)
	wantCode(t, err, disclosure.ErrNotFound)
	if d := must[[]Draft](t)(s.RemovedDrafts(ctx, 1, year2023)); len(d) != 0 {
		t.Errorf("drafts %+v", d)
	}
	must[Draft](t)(s.SaveDraft(ctx, aDraft(1, 0, `{}`)))
	if d := must[[]Difference](t)(s.Rebuild(ctx)); len(d) != 0 {
		t.Errorf("projections differ: %+v", d)
	}
}

func TestErasureLeavesNothing(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	s := openTest(t, Options{DataDir: dir})
	e := aLeak(t, s)
	before := must[string](t)(s.BackupInto(ctx, t.TempDir(), 3))
	if in := found(t, dir, marker); len(in) < 4 { // log, checks, drafts, entities, file
		t.Fatalf("the text is found in %v only", in)
	}
	out := must[ErasureReceipt](t)(s.Erase(ctx, e))
	if !out.Done || out.Repeated || len(out.Rows) != 3 || len(out.Left) != 0 || len(out.Backups) != 1 || out.Backups[0].Path != before {
		t.Errorf("receipt %+v", out)
	}
	nothingIsLeft(t, s, dir, e)
	if again := must[ErasureReceipt](t)(s.Erase(ctx, e)); !again.Repeated || again.Seq != out.Seq {
		t.Errorf("receipt %+v", again)
	}
	entries := must[[]LogEntry](t)(s.Entries(ctx, EntryFilter{Kind: KindErasure, States: true}))
	if len(entries) != 2 || entries[0].Verb != VerbErase || strings.Contains(string(entries[1].State), marker) {
		t.Errorf("entries %+v", entries)
	}
	// A backup made afterwards is clean, and brings the tombstones back.
	after := must[string](t)(s.BackupInto(ctx, "", 3))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	target := Options{DataDir: t.TempDir(), Clock: testClock}
	must[*Manifest](t)(Restore(ctx, target, after, nil))
	restored := openTest(t, target)
	if d := must[Draft](t)(restored.Draft(ctx, 1, year2023)); string(d.State) != "{}" {
		t.Errorf("draft %s", d.State)
	}
	if err := restored.RemoveDraft(ctx, 1, year2023); err != nil {
		t.Fatal(err)
	}
	_, err := restored.OpenFile(e.Files[0])
	wantCode(t, err, disclosure.ErrNotFound)
	if left := found(t, target.DataDir, marker); len(left) != 0 {
		t.Errorf("restored: still in %v", left)
	}
}

// A process that dies while erasing leaves an order that is finished at the
// next start.
func TestErasureGoesOnAfterACrash(t *testing.T) {
	for name, begin := range map[string]func(ctx context.Context, w *writer, e Erasure) error{
		"ordered": func(ctx context.Context, w *writer, e Erasure) error { return w.orderErasure(ctx, e) },
		"half done": func(ctx context.Context, w *writer, e Erasure) error {
			if err := w.orderErasure(ctx, e); err != nil {
				return err
			}
			rows, err := w.store.rowsToErase(ctx, e.Seqs)
			if err != nil {
				return err
			}
			half := Erased{Reason: e.Reason, Admins: e.Admins, Ordered: testDay, Rows: []ErasedRow{rows[0].ErasedRow}}
			return w.store.eraseRows(ctx, e.ID, &half)
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			dir := t.TempDir()
			s := openTest(t, Options{DataDir: dir})
			e := aLeak(t, s)
			if err := s.whileNothingIsAppended(ctx, func(ctx context.Context) error { return begin(ctx, s.writer, e) }); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = openTest(t, Options{DataDir: dir})
			nothingIsLeft(t, s, dir, e)
			if out := must[ErasureReceipt](t)(s.Erase(ctx, e)); !out.Done || !out.Repeated {
				t.Errorf("receipt %+v", out)
			}
		})
	}
}

// What is not chosen stays; what was erased before stays erased.
func TestErasureOfParts(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		e := aLeak(t, s)
		key := e.Reports[0].Key
		e.Files, e.Drafts, e.Seqs, e.Parts = nil, nil, nil, []ErasedPart{EraseProse, EraseRemarks}
		must[ErasureReceipt](t)(s.Erase(ctx, e))
		r := must[*StoredReport](t)(s.Report(ctx, key, Approved))
		if r.Title != "" || r.Prose != nil || r.Cells[received].Raw != "" || !r.Cells[received].Value.Equal(disclosure.Number(7).Value) || len(r.Sources) != 1 ||
			len(r.Explanations) != 1 || r.Explanations[0].Rule == "" || r.Explanations[0].Text == marker {
			t.Errorf("report %+v", r)
		}
		if got := ask(t, s, FigureQuery{Basis: Approved, Codes: []disclosure.Code{received}}); !slices.Equal(got, []string{oneFigure}) {
			t.Errorf("figures %v", got)
		}
		if !s.dialect.server {
			if left := mutationsWith(t, s, "T3-R4"); left != 0 {
				t.Errorf("%d mutations tell what is in the states", left)
			}
		}
		e.ID, e.Parts = uuid.NewString(), []ErasedPart{EraseSources}
		must[ErasureReceipt](t)(s.Erase(ctx, e))
		r = must[*StoredReport](t)(s.Report(ctx, key, Approved))
		if len(r.Sources) != 0 || len(r.Erased.Parts) != 3 || len(r.Cells) != 2 {
			t.Errorf("report %+v", r)
		}
		if d := must[[]Difference](t)(s.Rebuild(ctx)); len(d) != 0 {
			t.Errorf("projections differ: %+v", d)
		}
	})
}

// mutationsWith counts the mutations that the engine remembers with a text.
func mutationsWith(t *testing.T, s *Store, text string) (n uint64) {
	t.Helper()
	err := s.db.QueryRow(context.Background(), "SELECT count() FROM system.mutations WHERE database = currentDatabase() AND position(command, {text:String}) > 0",
		parameters("text", text)...).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestErasureRefuses(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		unit := must[[]Receipt](t)(s.Append(ctx, anAct(unitEntry(disclosure.Unit{Number: 1}, 0))))[0].Seq
		good := Erasure{ID: "e1", Actor: tester, Reason: "涉密", Admins: [2]string{"甲", "乙"}, Seqs: []uint64{99}}
		change := func(do func(*Erasure)) Erasure { e := good; do(&e); return e }
		for name, c := range map[string]struct {
			e    Erasure
			want disclosure.ErrorCode
		}{
			"no such row":       {good, disclosure.ErrNotFound},
			"no such report":    {change(func(e *Erasure) { e.Seqs, e.Reports = nil, []ReportRevisions{{Key: oneReport.Key}} }), disclosure.ErrNotFound},
			"a unit":            {change(func(e *Erasure) { e.Seqs = []uint64{unit} }), disclosure.ErrInvalid},
			"one administrator": {change(func(e *Erasure) { e.Admins[1] = "甲" }), disclosure.ErrInvalid},
			"no reason":         {change(func(e *Erasure) { e.Reason = "" }), disclosure.ErrInvalid},
			"nothing":           {change(func(e *Erasure) { e.Seqs = nil }), disclosure.ErrInvalid},
			"no file's name":    {change(func(e *Erasure) { e.Files = []string{"../x"} }), disclosure.ErrInvalid},
			"no id":             {change(func(e *Erasure) { e.ID = "" }), disclosure.ErrInternal},
		} {
			if _, err := s.Erase(ctx, c.e); disclosure.CodeOf(err) != c.want {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n := len(must[[]LogEntry](t)(s.Entries(ctx, EntryFilter{}))); n != 1 {
			t.Errorf("%d entries: what was refused was recorded", n)
		}
	})
}

// A schedule's backups: each is whole, the oldest go, the newest is known.
func TestScheduledBackups(t *testing.T) {
	ctx := context.Background()
	now := testDay
	s := openTest(t, Options{Temporary: true, Clock: func() time.Time { return now }})
	_, err := s.LastBackup(ctx)
	wantCode(t, err, disclosure.ErrNotFound)
	fillBeside(t, s)
	folder := t.TempDir()
	other := filepath.Join(folder, "mingjing-by-hand.tar")
	must[*Manifest](t)(s.Backup(ctx, other, nil))
	var last string
	for range 4 {
		now = now.AddDate(0, 0, 1)
		last = must[string](t)(s.BackupInto(ctx, folder, 2))
	}
	files, _ := filepath.Glob(filepath.Join(folder, "*"))
	if len(files) != 3 || !slices.Contains(files, other) || !slices.Contains(files, last) {
		t.Errorf("files %v", files)
	}
	if all := must[[]BackupRecord](t)(s.Backups(ctx)); len(all) != 3 || all[0].Path != last || all[0].Size == 0 || all[2].Path != other {
		t.Errorf("backups %+v", all)
	}
	if b := must[BackupRecord](t)(s.LastBackup(ctx)); b.Path != last || !b.Made.Equal(now) {
		t.Errorf("last backup %+v", b)
	}
	if err := os.Remove(last); err != nil {
		t.Fatal(err)
	}
	if b := must[BackupRecord](t)(s.LastBackup(ctx)); b.Path == last {
		t.Error("a file that is gone counts as the last backup")
	}
}
