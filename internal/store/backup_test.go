package store

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
)

// A backup taken while others write, restored into an empty store, gives the
// same entries, figures, units and files, up to the one seq it names.
func TestBackupRoundTrip(t *testing.T) {
	ctx := context.Background()
	from := openTest(t, Options{DataDir: t.TempDir()})
	sum, size, err := from.PutFile(strings.NewReader("原件"))
	if err != nil {
		t.Fatal(err)
	}
	unit := disclosure.Unit{Number: 1, Name: "制表\t换行\n局", Years: []disclosure.UnitYear{{From: 2020, Scope: disclosure.ScopeRegion, Counted: true}}}
	state := oneReport
	state.Sources = []SourceFile{{Name: "原件.txt", SHA256: sum, Size: size}}
	region := oneReport
	region.Key.Scope = disclosure.ScopeRegion
	must[[]Receipt](t)(from.Append(ctx, anAct(unitEntry(unit, 0), reportEntry(state, 0), reportEntry(region, 0))))
	fillBeside(t, from)
	gone := must[Draft](t)(from.SaveDraft(ctx, aDraft(2, 0, `{}`)))
	if err := from.RemoveDraft(ctx, gone.Unit, gone.Period); err != nil {
		t.Fatal(err)
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			if _, err := from.Append(ctx, anAct(Entry{Kind: KindSetting, ID: fmt.Sprint(i), Verb: VerbCreate, State: i})); err != nil {
				t.Error(err)
				return
			}
		}
	}()
	path := filepath.Join(t.TempDir(), "b.tar")
	steps := map[string]bool{}
	m := must[*Manifest](t)(from.Backup(ctx, path, func(step string, done, total uint64) { steps[step] = steps[step] || done == total }))
	close(stop)
	<-stopped
	if !steps[StepLog] || !steps[StepFiles] {
		t.Errorf("progress %v", steps)
	}
	want := must[[]LogEntry](t)(from.Entries(ctx, EntryFilter{To: m.LastSeq, States: true, Limit: 100_000}))
	if err := from.Close(); err != nil {
		t.Fatal(err)
	}

	target := Options{DataDir: t.TempDir(), Clock: testClock}
	if _, err := Restore(ctx, target, path, nil); err != nil {
		t.Fatal(err)
	}
	_, err = Restore(ctx, target, path, nil)
	wantCode(t, err, disclosure.ErrConflict)
	to := openTest(t, target)
	if got := must[[]LogEntry](t)(to.Entries(ctx, EntryFilter{States: true, Limit: 100_000})); !reflect.DeepEqual(got, want) {
		t.Errorf("%d entries came back, want %d the same", len(got), len(want))
	}
	for q, want := range map[*FigureQuery]string{
		{Basis: Approved, Codes: []disclosure.Code{received}}:                    "[1/2023/全域 T3_NEW_RECEIVED_TOT=7]",
		{Basis: Approved, Codes: []disclosure.Code{received}, CountedOnly: true}: "[" + oneFigure + "]",
	} {
		if got := fmt.Sprint(ask(t, to, *q)); got != want {
			t.Errorf("figures %s, want %s", got, want)
		}
	}
	if c := must[Secret](t)(to.Secret(ctx, "zhang")); c.Hash != "h" || string(c.TOTP) != "\x00\xff\x01" || c.Version != 1 {
		t.Errorf("secret %+v", c)
	}
	if live := must[[]SessionRow](t)(to.LiveSessions(ctx)); len(live) != 0 {
		t.Errorf("sessions came out of a backup: %+v", live)
	}
	if d := must[Draft](t)(to.Draft(ctx, 1, disclosure.Period{Year: 2023})); string(d.State) != `{"a":1}` || d.Version != 1 {
		t.Errorf("draft %+v", d)
	}
	if list := must[[]Draft](t)(to.Drafts(ctx, 2023)); len(list) != 1 {
		t.Errorf("drafts %+v", list)
	}
	if list := must[[]Standing](t)(to.Standings(ctx, HeadQuery{})); len(list) != 2 {
		t.Errorf("standings %+v", list)
	}
	if e := must[LogEntry](t)(to.State(ctx, KindSetting, "fill")); string(e.State) != "1" {
		t.Errorf("state %+v", e)
	}
	if units := must[[]disclosure.Unit](t)(to.Units(ctx)); len(units) != 1 || units[0].Name != unit.Name {
		t.Errorf("units %+v", units)
	}
	f := must[*os.File](t)(to.OpenFile(sum))
	defer f.Close()
	if data := must[[]byte](t)(io.ReadAll(f)); string(data) != "原件" {
		t.Errorf("file %q", data)
	}
	if d := must[[]Difference](t)(to.Rebuild(ctx)); len(d) != 0 {
		t.Errorf("projections differ: %+v", d)
	}
	if seq := file(t, to, aReport(national(5, 2023, disclosure.ScopeAgency), 1, StatusApproved, nil), 0); seq != m.LastSeq+1 {
		t.Errorf("seq goes on at %d, want %d", seq, m.LastSeq+1)
	}
}

func TestRestoreRefusesWhatIsNoGoodBackup(t *testing.T) {
	ctx := context.Background()
	s := openTest(t, Options{Temporary: true})
	file(t, s, oneReport, 0)
	var good bytes.Buffer
	must[*Manifest](t)(s.BackupTo(ctx, &good, nil))
	flip := func(at int) []byte {
		data := bytes.Clone(good.Bytes())
		data[at] ^= 0xff
		return data
	}
	replace := func(old, new string) []byte {
		if len(old) != len(new) || !bytes.Contains(good.Bytes(), []byte(old)) {
			t.Fatalf("%q cannot stand for %q", new, old)
		}
		return bytes.ReplaceAll(good.Bytes(), []byte(old), []byte(new))
	}
	dir := t.TempDir()
	for name, data := range map[string][]byte{
		"empty":           {},
		"no tar":          []byte("明镜"),
		"cut off":         good.Bytes()[:good.Len()/2],
		"a flipped bit":   flip(600),
		"newer schema":    replace(`"schema": 3`, `"schema": 9`),
		"newer format":    replace(`"format": 1`, `"format": 2`),
		"another product": replace(`"product": "mingjing"`, `"product": "mingjinh"`),
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := VerifyBackup(path); disclosure.CodeOf(err) != disclosure.ErrInvalid {
			t.Errorf("%s: %v", name, err)
		}
		target := filepath.Join(dir, name+" store")
		if _, err := Restore(ctx, Options{DataDir: target}, path, nil); disclosure.CodeOf(err) != disclosure.ErrInvalid {
			t.Errorf("restore of %s: %v", name, err)
		}
		if _, err := os.Stat(target); err == nil {
			t.Errorf("restore of %s wrote something", name)
		}
	}
	_, err := VerifyBackup(filepath.Join(dir, "nothing"))
	wantCode(t, err, disclosure.ErrNotFound)
}

func TestBackupRefusesToLackAFile(t *testing.T) {
	s := openTest(t, Options{Temporary: true})
	state := oneReport
	state.Sources = []SourceFile{{Name: "x", SHA256: strings.Repeat("ab", 32)}}
	file(t, s, state, 0)
	path := filepath.Join(t.TempDir(), "b.tar")
	_, err := s.Backup(context.Background(), path, nil)
	wantCode(t, err, disclosure.ErrInvalid)
	if left, _ := filepath.Glob(path + "*"); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A restore that broke off leaves a store that says so.
func TestHalfRestoredStoreIsRefused(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	s := openTest(t, Options{DataDir: dir})
	if err := s.writeMeta(ctx, keyRestoring, "1"); err != nil {
		t.Fatal(err)
	}
	_ = s.Close()
	_, err := Open(ctx, Options{DataDir: dir})
	wantCode(t, err, disclosure.ErrConflict)
}

// What is in a backup is ClickHouse's own format.
func TestLogBlockRoundTrip(t *testing.T) {
	r, err := newRow(reportEntry(oneReport, 3))
	if err != nil {
		t.Fatal(err)
	}
	r.Seq, r.Act, r.Time, r.Actor = 1<<48+7, "a\tb", testDay, "甲"
	b := newLogBlock()
	b.add(r)
	data := must[[]byte](t)(b.encode())
	got := must[[]*row](t)(decodeLogBlock(bytes.NewReader(data)))
	if len(got) != 1 || fmt.Sprintf("%+v", plain(got[0])) != fmt.Sprintf("%+v", plain(r)) {
		t.Fatalf("got %+v\nwant %+v", plain(got[0]), plain(r))
	}
}

// plain shows a row's values instead of their addresses.
func plain(r *row) any {
	values := []string{}
	for _, v := range r.Values {
		if v == nil {
			values = append(values, "NULL")
			continue
		}
		values = append(values, v.String())
	}
	c := *r
	c.Values = nil
	return struct {
		row
		v []string
	}{c, values}
}
