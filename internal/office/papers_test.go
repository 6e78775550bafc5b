package office

import (
	"bytes"
	"testing"

	"mingjing/internal/bulletin"
	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/intake"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// fits makes unit 2's report agree with last year's: two carried in.
func fits(granted int64) *disclosure.Report {
	r := balanced("清源区财政局", 2025, granted, 0)
	for _, col := range []disclosure.Code{"NP", "TOT"} {
		r.Cells["T3_CARRIED_IN_"+col] = disclosure.Number(2)
		r.Cells["T3_GRANTED_"+col] = disclosure.Number(granted + 2)
		r.Cells["T3_RESULT_TOTAL_"+col] = disclosure.Number(granted + 2)
	}
	return r
}

// submit brings a file and hands it on.
func (x *filesOffice) submit(t *testing.T, r *disclosure.Report) *Sitting {
	t.Helper()
	ctx := t.Context()
	id, err := x.BringFile(ctx, x.filer, 2, y2025, "年报.docx", word(t, r))
	if err != nil {
		t.Fatal(err)
	}
	s, err := x.OpenSitting(ctx, x.filer, 2, y2025)
	if err != nil {
		t.Fatal(err)
	}
	if s, err = x.TakeUpload(ctx, x.filer, id, Choice{Version: s.Draft.Version}); err != nil {
		t.Fatal(err)
	}
	if s, err = moved(x.Office, ctx, x.filer, Move{Act: filing.Submit, Unit: 2, Period: y2025, ID: uuid.NewString(), Version: s.Draft.Version}); err != nil {
		t.Fatal(err)
	}
	return s
}

func (x *filesOffice) approve(t *testing.T, s *Sitting) *Sitting {
	t.Helper()
	s, err := moved(x.Office, t.Context(), x.second, Move{Act: filing.Approve, Unit: 2, Period: y2025, ID: uuid.NewString(), Seq: s.Standing.Seq})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A template holds what is known and, handed back, gives exactly these figures.
func TestTemplatesComeBackExactly(t *testing.T) {
	x, ctx := openFiles(t), t.Context()
	if _, _, err := x.SaveDraft(ctx, x.filer, 2, y2025, Patch{Cells: []CellPatch{{Code: "T3_NEW_RECEIVED_NP", Now: "6"}, {Code: "T2_FEE_AMOUNT_WAN", Now: "1.2345"}, {Code: "T4_REV_TOTAL", Now: "/"}}}); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"xlsx", "docx"} {
		data, name, err := x.FormTemplate(ctx, x.filer, 2, y2025, format)
		if err != nil || name == "" {
			t.Fatal(err)
		}
		id, err := x.BringFile(ctx, x.filer, 2, y2025, name, data)
		if err != nil {
			t.Fatal(err)
		}
		pv, err := x.PreviewUpload(ctx, x.filer, id, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(pv.Objections) != 0 || len(pv.Settle) != 0 || len(pv.Differences) != 0 {
			t.Errorf("%s: %+v %+v %+v", format, pv.Objections, pv.Settle, pv.Differences)
		}
		for cell, want := range map[disclosure.Code]string{"T3_NEW_RECEIVED_NP": "6", "T2_FEE_AMOUNT_WAN": "1.2345", "T3_CARRIED_IN_NP": "2"} {
			if v, ok := pv.Forms[0].Value(cell); !ok || v.String() != want {
				t.Errorf("%s: %s = %v, want %s", format, cell, v, want)
			}
		}
		if pv.Forms[0].Cells["T4_REV_TOTAL"].Kind != disclosure.CellSlash {
			t.Errorf("%s: the slash is lost: %+v", format, pv.Forms[0].Cells["T4_REV_TOTAL"])
		}
	}
	_, _, err := x.FormTemplate(ctx, x.leader, 2, y2025, "xlsx")
	code(t, err, disclosure.ErrForbidden, "a leader asks for a template")
}

// Each submission prints with its own code; its sealed copy is void once a later
// one was handed on.
func TestSheetsAndSeals(t *testing.T) {
	x, ctx := openFiles(t), t.Context()
	_, err := x.ReviewSheet(ctx, x.filer, 2, y2025)
	code(t, err, disclosure.ErrConflict, "a review sheet without a draft")
	s := x.submit(t, fits(6))
	file, _, err := x.SheetFile(ctx, x.filer, 2, y2025, 1)
	if err != nil {
		t.Fatal(err)
	}
	read, err := intake.Read(ctx, "报送件.docx", file, intake.Options{})
	if err != nil || len(read.Readings) == 0 || !disclosure.SameFigures(read.Readings[0].Report, fits(6)) {
		t.Errorf("the sheet shows other figures: %v", err)
	}
	_, filed, err := x.FiledRevisions(ctx, x.filer, 2, y2025)
	if err != nil || len(filed) != 1 || filed[0].Code == "" || filed[0].Void {
		t.Fatalf("%+v, %v", filed, err)
	}
	pdf := append([]byte("%PDF-1.4\n"), []byte("1 0 obj\n%%EOF")...)
	for name, data := range map[string][]byte{"a.pdf": []byte("<html>"), "b.png": []byte("\x89PNG"), "c.pdf": []byte("%PDF-1.4 cut"), "d.pdf": nil, "e.pdf": make([]byte, MostScan+1)} {
		code(t, x.AttachScan(ctx, x.filer, 2, y2025, 1, name, data, uuid.NewString()), disclosure.ErrInvalid, name)
	}
	code(t, x.AttachScan(ctx, x.filer, 2, y2025, 2, "a.pdf", pdf, uuid.NewString()), disclosure.ErrNotFound, "a revision to come")
	code(t, x.AttachScan(ctx, x.leader, 2, y2025, 1, "a.pdf", pdf, uuid.NewString()), disclosure.ErrForbidden, "a leader")
	act := uuid.NewString()
	for range 2 { // a double click
		if err := x.AttachScan(ctx, x.filer, 2, y2025, 1, "盖章.pdf", pdf, act); err != nil {
			t.Fatal(err)
		}
	}
	f, scan, err := x.ScanFile(ctx, x.supervisor, 2, y2025, 1)
	if err != nil || scan.Code != filed[0].Code {
		t.Fatalf("%+v, %v", scan, err)
	}
	f.Close()
	if _, err = moved(x.Office, ctx, x.second, Move{Act: filing.Return, Unit: 2, Period: y2025, ID: uuid.NewString(), Seq: s.Standing.Seq, Reason: "重报", Due: "2026-01-28"}); err != nil {
		t.Fatal(err)
	}
	x.submit(t, fits(7))
	if _, filed, err = x.FiledRevisions(ctx, x.filer, 2, y2025); err != nil || len(filed) != 2 {
		t.Fatalf("%+v, %v", filed, err)
	}
	if old := filed[1]; !old.Void || old.Seal == nil || filed[0].Void || filed[0].Seal != nil || old.Code == filed[0].Code {
		t.Errorf("%+v", filed)
	}
	sheet, _, err := x.Sheet(ctx, x.filer, 2, y2025, 1)
	if err != nil || !disclosure.SameFigures(sheet.Report, fits(6)) {
		t.Errorf("the first sheet shows other figures now: %v", err)
	}
}

// Publication is recorded in any state; the page is held against the approved
// report, before that against the submitted one.
func TestPublication(t *testing.T) {
	x, ctx := openFiles(t), t.Context()
	record := func(p PublishedPage) error {
		p.Address, p.Date, p.Act = "https://www.example.gov.cn/zwgk/a.html", "2026-01-19", uuid.NewString()
		return x.RecordPublication(ctx, x.filer, 2, y2025, p)
	}
	if err := record(PublishedPage{}); err != nil {
		t.Fatalf("before anything was filed: %v", err)
	}
	s := x.submit(t, fits(6))
	page := []byte(bulletin.ReportHTML(fits(6), bulletin.Edition{}))
	other := bytes.Replace(page, []byte("<td>8</td>"), []byte("<td>9</td>"), 1)
	if err := record(PublishedPage{Name: "page.html", Data: other}); err != nil {
		t.Fatal(err)
	}
	p, err := x.PublicationOf(ctx, x.filer, 2, y2025)
	if err != nil || p.Approved || p.Against == nil || len(p.Findings) != 1 || p.Findings[0].Rule != "PUB-R1" || !p.Early || p.DaysLate != 0 {
		t.Fatalf("%+v, %v", p, err)
	}
	x.approve(t, s)
	if p, err = x.PublicationOf(ctx, x.filer, 2, y2025); err != nil || !p.Approved || len(p.Findings) != 1 || !p.Early {
		t.Fatalf("%+v, %v", p, err)
	}
	if _, err := x.Recheck(ctx, nil); err != nil {
		t.Fatal(err)
	}
	list, err := x.Matters(ctx, x.supervisor, MatterFilter{Filter: Filter{Basis: store.Approved, Year: 2025}, Rule: "PUB-R1"})
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Matters) != 1 {
		t.Errorf("%d findings in the district's list", len(list.Matters))
	}
	if err := record(PublishedPage{Data: page}); err != nil {
		t.Fatal(err)
	}
	if p, err = x.PublicationOf(ctx, x.filer, 2, y2025); err != nil || len(p.Findings) != 0 || p.Record.Read == nil {
		t.Errorf("%+v, %v", p.Findings, err)
	}
	if err := record(PublishedPage{Data: []byte("只有一句话。")}); err != nil {
		t.Fatal(err)
	}
	if p, err = x.PublicationOf(ctx, x.filer, 2, y2025); err != nil || p.Record.Unread == "" {
		t.Errorf("%+v, %v", p.Record, err)
	}
	code(t, x.RecordPublication(ctx, x.leader, 2, y2025, PublishedPage{Address: "https://a.gov.cn/", Date: "2026-01-19", Act: uuid.NewString()}), disclosure.ErrForbidden, "a leader records")
	r, edition, err := x.Edition(ctx, x.filer, 2, y2025)
	if err != nil || edition.Signed != "清源区财政局" || !disclosure.SameFigures(r, fits(6)) {
		t.Errorf("the edition: %v", err)
	}
}
