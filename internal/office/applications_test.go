package office

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/store"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"
)

// private are texts that must not be found anywhere afterwards.
var private = []string{"欧阳锦绣", "13987654321", "110101199003078515", "幸福里小区9栋", "请求公开征地补偿清单", "诸葛小亮"}

// register is a ledger of five applications of 2025: three granted, one not
// held, one whose result nobody can read.
func register(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	rows := [][]any{{"序号", "编号", "申请人姓名", "身份证号", "联系电话", "联系地址", "申请人类别", "申请内容", "收到日期", "答复日期", "办理结果", "经办人"},
		{1, "2025-001", private[0], private[2], private[1], private[3], "自然人", private[4], "2025-02-03", "2025-02-20", "予以公开", private[5]},
		{2, "2025-002", private[0], private[2], private[1], private[3], "自然人", private[4], "2025-03-03", "2025-03-20", "予以公开", private[5]},
		{3, "2025-003", "某某公司", nil, private[1], nil, "商业企业", private[4], "2025-04-03", "2025-04-20", "予以公开", private[5]},
		{4, "2025-004", private[0], private[2], private[1], private[3], "自然人", private[4], "2025-05-06", "2025-09-20", "本机关不掌握相关政府信息", private[5]},
		{5, "2025-005", private[0], private[2], private[1], private[3], "自然人", private[4], "2025-06-03", "2025-06-20", "已与" + private[0] + "沟通", private[5]}}
	for i, row := range rows {
		for c, v := range row {
			if v == nil {
				continue
			}
			name, err := excelize.CoordinatesToCellName(c+1, i+1)
			if err == nil {
				err = f.SetCellValue("Sheet1", name, v)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// The ledger fills table 三 once its open rows are settled; nothing private is
// left anywhere in the data folder, the log or the drafts, from the upload to
// the submission.
func TestLedgerFillsTableThree(t *testing.T) {
	dir := t.TempDir()
	x := openFilesIn(t, dir)
	ctx := t.Context()
	err := x.ReadLedger(ctx, x.filer, 2, y2025, "台账-"+private[0]+".xlsx", register(t), uuid.NewString())
	if err != nil {
		t.Fatal(err)
	}
	code(t, x.ReadLedger(ctx, x.leader, 2, y2025, "a.xlsx", register(t), uuid.NewString()), disclosure.ErrForbidden, "a leader brings a ledger")
	page, err := x.Applications(ctx, x.filer, 2, y2025)
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Count.Undecided) != 1 || len(page.Count.Rows) != 4 || len(page.Late) != 1 || !page.InMemory {
		t.Fatalf("%d undecided, %d counted, %d late, in memory %v; mapping %+v", len(page.Count.Undecided), len(page.Count.Rows), len(page.Late), page.InMemory, page.Ledger.Mapping)
	}
	row := page.Count.Undecided[0]
	var roles []ColumnRole
	for _, h := range page.Ledger.Mapping.Heads {
		for _, c := range h.Columns {
			roles = append(roles, ColumnRole{Head: h.Fingerprint, Column: c.Column, Role: string(c.Role)})
		}
	}
	if err := x.MapLedger(ctx, x.filer, 2, y2025, page.Seq, roles, 0, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	code(t, x.DecideRows(ctx, x.filer, 2, y2025, page.Seq, nil, nil, uuid.NewString()), disclosure.ErrConflict, "a stale page")
	page = applicationsPage(t, x)
	if err := x.DecideRows(ctx, x.filer, 2, y2025, page.Seq, []RowDecision{{Row: row.ID, Result: "PARTIAL"}}, nil, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	page = applicationsPage(t, x)
	if len(page.Count.Undecided) != 0 || len(page.Count.CellRows("T3_GRANTED_NP")) != 2 || len(page.Count.CellRows("T3_PARTIAL_NP")) != 1 {
		t.Errorf("%d undecided, granted %d", len(page.Count.Undecided), len(page.Count.CellRows("T3_GRANTED_NP")))
	}
	if s, _ := x.OpenSitting(ctx, x.filer, 2, y2025); s.Draft.Version != 0 {
		t.Error("the ledger went into the draft by itself")
	}
	var codes []disclosure.Code
	for _, d := range page.Cells {
		if strings.HasSuffix(string(d.Code), "_NP") || strings.HasSuffix(string(d.Code), "_BIZ") {
			codes = append(codes, d.Code)
		}
	}
	s, err := x.TakeLedger(ctx, x.filer, 2, y2025, page.Seq, 0, codes, uuid.NewString())
	if err != nil {
		t.Fatal(err)
	}
	for cell, want := range map[disclosure.Code]string{"T3_NEW_RECEIVED_NP": "4", "T3_GRANTED_BIZ": "1", "T3_UNAVAIL_NOT_HELD_NP": "1"} {
		if v, ok := s.National().Value(cell); !ok || v.String() != want {
			t.Errorf("%s = %s, want %s", cell, v, want)
		}
	}
	if _, ok := s.National().Value("T3_GRANTED_TOT"); ok {
		t.Error("a column that was not chosen went into the draft")
	}
	page = applicationsPage(t, x)
	if page.InMemory {
		t.Error("the file is kept in memory after it was taken")
	}
	code(t, x.MapLedger(ctx, x.filer, 2, y2025, page.Seq, roles, 0, uuid.NewString()), disclosure.ErrConflict, "columns without the file")
	if _, err := moved(x.Office, ctx, x.supervisor, Move{Act: filing.TakeIn, Unit: 2, Period: y2025, ID: uuid.NewString(), Version: s.Draft.Version, Reason: "测试"}); err != nil {
		t.Fatal(err)
	}
	searchEverywhere(t, x, dir)
}

func applicationsPage(t *testing.T, x *filesOffice) *ApplicationsPage {
	t.Helper()
	page, err := x.Applications(t.Context(), x.filer, 2, y2025)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// searchEverywhere looks for the private texts in the files of the data folder,
// and, since the engine compresses, in what it answers.
func searchEverywhere(t *testing.T, x *filesOffice, dir string) {
	t.Helper()
	ctx := t.Context()
	look := func(where string, data []byte) {
		for _, p := range private {
			escaped, _ := json.Marshal(p)
			if bytes.Contains(data, []byte(p)) || bytes.Contains(data, bytes.Trim(escaped, `"`)) {
				t.Errorf("%s holds %q", where, p)
			}
		}
	}
	for after := uint64(0); ; {
		entries, err := x.store.Entries(ctx, store.EntryFilter{States: true, From: after + 1})
		if err != nil {
			t.Fatal(err)
		}
		if len(entries) == 0 {
			if after == 0 {
				t.Fatal("the log is empty")
			}
			break
		}
		for _, e := range entries {
			look("the log's "+string(e.Kind), append([]byte(e.ID), e.State...))
			after = e.Seq
		}
	}
	removed, err := x.store.RemovedDrafts(ctx, 2, y2025)
	if err != nil || len(removed) == 0 {
		t.Fatalf("no drafts to search: %v", err)
	}
	for _, d := range removed {
		look("a draft", d.State)
	}
	files := 0
	err = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
			return nil // a folder, a link to one, or merged away
		}
		data, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			return nil // merged away
		}
		files++
		look(path, data)
		return err
	})
	if err != nil || files < 10 {
		t.Errorf("%d files searched, %v", files, err)
	}
}

// openFilesIn is openFiles in a data folder.
func openFilesIn(t *testing.T, dir string) *filesOffice {
	t.Helper()
	x := openFiles(t)
	if err := x.store.Close(); err != nil {
		t.Fatal(err)
	}
	clock := x.clock
	s, err := store.Open(context.Background(), store.Options{DataDir: dir, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	units := []disclosure.Unit{{Number: 1, Name: "清源区人民政府", Kind: disclosure.UnitGovernment}, {Number: 2, Name: "清源区财政局", Kind: disclosure.UnitDepartment, Parent: 1}}
	var entries []store.Entry
	for _, u := range units {
		entries = append(entries, store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(u.Number), Verb: store.VerbCreate, State: u})
	}
	if _, err := s.Append(t.Context(), store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: "os:test", Address: "cli"}, Entries: entries}); err != nil {
		t.Fatal(err)
	}
	x.Office = New(s, direct{}, clock)
	return x
}
