package office

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// A file becomes a draft only when a person says so; figures, prose, file and
// places are then those of the file.
func TestUploadBecomesADraft(t *testing.T) {
	x, ctx := openFiles(t), t.Context()
	r := balanced("清源区财政局", 2025, 6, 1)
	for name, data := range map[string][]byte{"年报.docx": word(t, r), "年报.html": htmlOf(r)} {
		id, err := x.BringFile(ctx, x.filer, 2, y2025, name, data)
		if err != nil {
			t.Fatal(err)
		}
		pv, err := x.PreviewUpload(ctx, x.filer, id, 0)
		if err != nil {
			t.Fatal(err)
		}
		if pv.Open() || pv.Sitting.Draft.Version != 0 {
			t.Errorf("%s: open %v %+v %v, draft %d", name, pv.Objections, pv.Settle, pv.Notes, pv.Sitting.Draft.Version)
		}
		code(t, func() error { _, err := x.PreviewUpload(ctx, x.leader, id, 0); return err }(), disclosure.ErrNotFound, "a leader looks at the upload")
		s, err := x.TakeUpload(ctx, x.filer, id, Choice{Version: pv.Sitting.Draft.Version})
		if err != nil {
			t.Fatal(err)
		}
		if !disclosure.SameFigures(s.National(), r) {
			t.Errorf("%s: the draft differs in %v", name, disclosure.DifferingCodes(s.National(), r))
		}
		c := s.National().Cells["T3_GRANTED_NP"]
		if c.File != s.Content.Sources[0].SHA256 || c.Source == "" {
			t.Errorf("%s: the cell's place is lost: %+v", name, c)
		}
		if s.ProseOf(5) == "" || s.Content.Origin.Way != "file" {
			t.Errorf("%s: prose %q, origin %+v", name, s.ProseOf(5), s.Content.Origin)
		}
		if _, err := x.OpenUpload(ctx, x.filer, id); disclosure.CodeOf(err) != disclosure.ErrNotFound {
			t.Errorf("%s: the upload waits on: %v", name, err)
		}
		if err := x.Decide(ctx, x.filer, 2, y2025, false); err != nil {
			t.Fatal(err)
		}
	}
}

// What cannot be read is settled before the confirm, and keeps its place.
func TestDoubtfulCellsAreSettled(t *testing.T) {
	x, ctx := openFiles(t), t.Context()
	r := balanced("清源区财政局", 2025, 6, 1)
	r.Cells["T3_GRANTED_NP"] = disclosure.Cell{Kind: disclosure.CellUnread, Raw: "约六件"}
	id, err := x.BringFile(ctx, x.filer, 2, y2025, "年报.docx", word(t, r))
	if err != nil {
		t.Fatal(err)
	}
	_, err = x.TakeUpload(ctx, x.filer, id, Choice{Read: true})
	code(t, err, disclosure.ErrInvalid, "taken with an open cell")
	_, err = x.TakeUpload(ctx, x.filer, id, Choice{Read: true, Settled: map[disclosure.Code]string{"T3_GRANTED_NP": "六"}})
	code(t, err, disclosure.ErrInvalid, "settled with what is no number")
	pv, err := x.SettleUpload(ctx, x.filer, id, Choice{Settled: map[disclosure.Code]string{"T3_GRANTED_NP": "6"}})
	if err != nil || len(pv.Settle) != 1 || !pv.Settle[0].Given || pv.Settle[0].Raw != "约六件" || pv.Settle[0].Place == "" {
		t.Fatalf("%+v, %v", pv.Settle, err)
	}
	if pv, err = x.PreviewUpload(ctx, x.filer, id, 0); err != nil || !pv.Settle[0].Given {
		t.Fatalf("a reload forgets what was settled: %v", err)
	}
	s, err := x.TakeUpload(ctx, x.filer, id, Choice{Read: true, Settled: map[disclosure.Code]string{"T3_GRANTED_NP": "6"}})
	if err != nil {
		t.Fatal(err)
	}
	c := s.National().Cells["T3_GRANTED_NP"]
	if v, ok := s.National().Value("T3_GRANTED_NP"); !ok || v.String() != "6" || c.Source == "" || c.File == "" {
		t.Errorf("%+v", c)
	}
}

// Another unit's report is refused for a filer and must be confirmed by a
// supervisor; another year's must be confirmed by both.
func TestMismatchIsCaught(t *testing.T) {
	x, ctx := openFiles(t), t.Context()
	other := word(t, balanced("清源区教育局", 2025, 2, 0))
	id, err := x.BringFile(ctx, x.filer, 2, y2025, "年报.docx", other)
	if err != nil {
		t.Fatal(err)
	}
	_, err = x.TakeUpload(ctx, x.filer, id, Choice{Read: true, Agreed: []ObjectionKind{ObjectUnit}})
	code(t, err, disclosure.ErrForbidden, "a filer takes another unit's report")
	if id, err = x.BringFile(ctx, x.supervisor, 2, y2025, "年报.docx", other); err != nil {
		t.Fatal(err)
	}
	_, err = x.OpenUpload(ctx, x.filer, id)
	code(t, err, disclosure.ErrNotFound, "a filer opens what a supervisor brought, which is another unit's")
	if waiting, err := x.Uploads(ctx, x.filer, 2, y2025); err != nil || len(waiting) != 1 {
		t.Errorf("a filer's list has %d files, want the own one: %v", len(waiting), err)
	}
	_, err = x.TakeUpload(ctx, x.supervisor, id, Choice{Read: true})
	code(t, err, disclosure.ErrInvalid, "a supervisor does not confirm")
	if _, err = x.TakeUpload(ctx, x.supervisor, id, Choice{Read: true, Agreed: []ObjectionKind{ObjectUnit}}); err != nil {
		t.Errorf("a supervisor confirms: %v", err)
	}
	if id, err = x.BringFile(ctx, x.filer, 2, y2025, "旧.docx", word(t, balanced("区财政局", 2024, 4, 0))); err != nil {
		t.Fatal(err)
	}
	pv, err := x.PreviewUpload(ctx, x.filer, id, 0)
	if err != nil || len(pv.Objections) != 1 || pv.Objections[0].Kind != ObjectYear || pv.Objections[0].Refused {
		t.Fatalf("%+v, %v", pv.Objections, err)
	}
	if len(pv.Differences) == 0 {
		t.Error("the draft's figures are overwritten without a word")
	}
	if id, err = x.BringFile(ctx, x.filer, 2, y2025, "更旧.html", htmlOf(balanced("区财政局", 2020, 2, 0))); err != nil {
		t.Fatal(err)
	}
	if pv, err = x.PreviewUpload(ctx, x.filer, id, 0); err != nil {
		t.Fatal(err)
	}
	kinds := map[ObjectionKind]bool{}
	for _, b := range pv.Objections {
		kinds[b.Kind] = true
	}
	if !kinds[ObjectForm] || !kinds[ObjectYear] || len(pv.LeftOut) == 0 {
		t.Errorf("the 2019 form: %+v, left out %d", pv.Objections, len(pv.LeftOut))
	}
}

// Where both say something, a person chooses cell by cell; a draft that somebody
// else changed meanwhile is looked at anew.
func TestUploadOverADraft(t *testing.T) {
	x, ctx := openFiles(t), t.Context()
	if _, _, err := x.SaveDraft(ctx, x.filer, 2, y2025, Patch{Cells: []CellPatch{{Code: "T3_GRANTED_NP", Now: "9"}, {Code: "T3_PARTIAL_NP", Now: "8"}},
		Prose: []ProsePatch{{Part: 5, Now: "我的文字。"}}}); err != nil {
		t.Fatal(err)
	}
	id, err := x.BringFile(ctx, x.filer, 2, y2025, "年报.docx", word(t, balanced("清源区财政局", 2025, 6, 1)))
	if err != nil {
		t.Fatal(err)
	}
	pv, err := x.PreviewUpload(ctx, x.filer, id, 0)
	if err != nil || len(pv.Differences) != 2 {
		t.Fatalf("%+v, %v", pv.Differences, err)
	}
	if _, _, err := x.SaveDraft(ctx, x.supervisor, 2, y2025, Patch{Cells: []CellPatch{{Code: "T2_LICENSE_DECISIONS", Now: "4"}}}); err != nil {
		t.Fatal(err)
	}
	choice := Choice{Version: pv.Sitting.Draft.Version, Mine: map[disclosure.Code]bool{"T3_GRANTED_NP": true, "T2_LICENSE_DECISIONS": true}, MineParts: map[int]bool{5: true}}
	_, err = x.TakeUpload(ctx, x.filer, id, choice)
	code(t, err, disclosure.ErrConflict, "taken over a draft that was changed")
	choice.Version++
	s, err := x.TakeUpload(ctx, x.filer, id, choice)
	if err != nil {
		t.Fatal(err)
	}
	for cell, want := range map[disclosure.Code]string{"T3_GRANTED_NP": "9", "T3_PARTIAL_NP": "0", "T2_LICENSE_DECISIONS": "4", "T3_NEW_RECEIVED_NP": "7"} {
		if v, _ := s.National().Value(cell); v.String() != want {
			t.Errorf("%s = %s, want %s", cell, v, want)
		}
	}
	if s.ProseOf(5) != "我的文字。" || s.ProseOf(6) == "" {
		t.Errorf("prose %q, %q", s.ProseOf(5), s.ProseOf(6))
	}
}

// Files that are no reports get one sentence each and wait for nothing.
func TestWrongFiles(t *testing.T) {
	x, ctx := openFiles(t), t.Context()
	for name, data := range map[string][]byte{"空.docx": nil} {
		_, err := x.BringFile(ctx, x.filer, 2, y2025, name, data)
		code(t, err, disclosure.ErrInvalid, name)
	}
	encrypted := append([]byte("%PDF-1.4\n"), []byte("junk /Encrypt")...)
	for name, data := range map[string][]byte{"照片.docx": []byte("\x89PNG\r\n\x1a\n0000"), "说明.txt": []byte("这里没有表格。"), "坏.pdf": encrypted,
		"程序.docx": []byte("MZ\x90\x00"), "炸弹.docx": bomb(t), "<script>alert(1)</script>.html": []byte("<html><script>alert(1)</script></html>")} {
		id, err := x.BringFile(ctx, x.filer, 2, y2025, name, data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		up, err := x.OpenUpload(ctx, x.filer, id)
		if err != nil || up.Stage != UploadFailed || up.Problem == "" || strings.Contains(up.Problem, "\n") || strings.Contains(up.Problem, "内部错误") {
			t.Errorf("%s: %+v, %v", name, up, err)
		}
	}
	id, err := x.BringFile(ctx, x.filer, 2, y2025, "宏.docm", withMacro(t, word(t, balanced("清源区财政局", 2025, 1, 0))))
	if err != nil {
		t.Fatal(err)
	}
	if up, err := x.OpenUpload(ctx, x.filer, id); err != nil || len(up.Warnings) == 0 && up.Problem == "" {
		t.Errorf("macros are not spoken of: %+v, %v", up, err)
	}
	for given, want := range map[string]string{"../../etc/passwd": "passwd", "C:\\a\\年报.docx": "年报.docx", "a\u202excod.exe": "axcod.exe", "": "未命名文件"} {
		if got := plainName(given); got != want {
			t.Errorf("plainName(%q) = %q", given, got)
		}
	}
}

// bomb is a Word file that unpacks to far more than it says of itself.
func bomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"[Content_Types].xml", "word/document.xml"} {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		zeros := make([]byte, 1<<20)
		for range 300 {
			if _, err := f.Write(zeros); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func withMacro(t *testing.T, docx []byte) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range in.File {
		if err := out.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	f, err := out.Create("word/vbaProject.bin")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("macro")); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A report that is handed on takes no file until it comes back.
func TestClosedReportsTakeNoFile(t *testing.T) {
	x, ctx := openFiles(t), t.Context()
	r := balanced("清源区财政局", 2025, 6, 1)
	r.Cells["T3_CARRIED_IN_NP"], r.Cells["T3_CARRIED_IN_TOT"] = disclosure.Number(2), disclosure.Number(2)
	for _, col := range []disclosure.Code{"NP", "TOT"} {
		r.Cells["T3_GRANTED_"+col], r.Cells["T3_RESULT_TOTAL_"+col] = disclosure.Number(8), disclosure.Number(8)
	}
	id, err := x.BringFile(ctx, x.filer, 2, y2025, "年报.docx", word(t, r))
	if err != nil {
		t.Fatal(err)
	}
	s, err := x.TakeUpload(ctx, x.filer, id, Choice{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := moved(x.Office, ctx, x.filer, Move{Act: filing.Submit, Unit: 2, Period: y2025, ID: "a-" + id, Version: s.Draft.Version}); err != nil {
		t.Fatal(err)
	}
	if id, err = x.BringFile(ctx, x.filer, 2, y2025, "年报.docx", word(t, r)); err != nil {
		t.Fatal(err)
	}
	pv, err := x.PreviewUpload(ctx, x.filer, id, 0)
	if err != nil || pv.Closed == "" {
		t.Fatalf("%v", err)
	}
	_, err = x.TakeUpload(ctx, x.filer, id, Choice{})
	code(t, err, disclosure.ErrConflict, "taken into a submitted report")
	if s, _ := x.OpenSitting(ctx, x.filer, 2, y2025); store.Status(s.State) != store.StatusSubmitted {
		t.Errorf("state %s", s.State)
	}
}

// An original that holds several units' reports is not for one of them.
func TestSharedOriginalsStayClosed(t *testing.T) {
	x, ctx := openFiles(t), t.Context()
	sum, size, err := x.store.PutFile(strings.NewReader("two units"))
	if err != nil {
		t.Fatal(err)
	}
	r := balanced("清源区财政局", 2023, 3, 0)
	key := store.ReportKey{Unit: 2, Period: r.Period, Family: disclosure.FamilyNational, Scope: disclosure.ScopeAgency}
	state := store.ReportState{Key: key, Revision: 1, Status: store.StatusApproved, FormID: r.Form.ID, Cells: r.Cells,
		Sources: []store.SourceFile{{Name: "全区.xlsx", SHA256: sum, Size: size, Shared: true}}}
	if err := x.append(ctx, machine, uuid.NewString(), store.Entry{Kind: store.KindReport, ID: key.EntityID(), Verb: store.VerbApprove, State: state}); err != nil {
		t.Fatal(err)
	}
	_, _, err = x.SourceFile(ctx, x.filer, key, Approved, sum)
	code(t, err, disclosure.ErrForbidden, "a filer opens it")
	_, _, err = x.OpenReviewSource(ctx, x.filer, 2, r.Period, sum)
	code(t, err, disclosure.ErrForbidden, "a filer opens it on the review page")
	file, _, err := x.SourceFile(ctx, x.supervisor, key, Approved, sum)
	if err != nil {
		t.Fatalf("a supervisor of all units: %v", err)
	}
	_ = file.Close()
	for want, names := range map[bool][]string{false: {"甲局", "甲局"}, true: {"甲局", "甲局", "乙局"}} {
		up := &Upload{}
		for _, n := range names {
			up.Parts = append(up.Parts, UploadPart{Name: n})
		}
		if up.ofSeveral() != want {
			t.Errorf("%v: of several units is %t", names, !want)
		}
	}
}
