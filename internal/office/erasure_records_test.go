package office

import (
	"bytes"
	"strings"
	"testing"

	"mingjing/internal/bulletin"
	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// Erasing reaches a ledger's rows, the text of a published page and the scan of
// a sealed copy, in every state that the log ever held; the same bytes are
// refused afterwards, wherever they are brought.
func TestErasingReachesEveryRecord(t *testing.T) {
	x, ctx := openFiles(t), t.Context()
	x.submit(t, fits(6))
	ledger := register(t)
	if err := x.ReadLedger(ctx, x.filer, 2, y2025, "台账.xlsx", ledger, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	page := applicationsPage(t, x)
	if err := x.DecideRows(ctx, x.filer, 2, y2025, page.Seq, []RowDecision{{Row: page.Count.Undecided[0].ID, Result: "PARTIAL"}}, nil, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	published := bytes.Replace([]byte(bulletin.ReportHTML(fits(6), bulletin.Edition{})), []byte("<td>8</td>"), []byte("<td>8(绝密字样)</td>"), 1)
	record := func(data []byte) error {
		return x.RecordPublication(ctx, x.filer, 2, y2025, PublishedPage{Address: "https://www.example.gov.cn/a.html", Date: "2026-01-19", Name: "page.html", Data: data, Act: uuid.NewString()})
	}
	if err := record(published); err != nil {
		t.Fatal(err)
	}
	scan := append([]byte("%PDF-1.4\n绝密字样"), []byte("1 0 obj\n%%EOF")...)
	if err := x.AttachScan(ctx, x.filer, 2, y2025, 1, "盖章.pdf", scan, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	admins := make([]people.Visitor, 2)
	for i, account := range []string{"admin1", "admin2"} {
		if _, err := x.CreateAccount(ctx, people.Machine("os:test", "cli"), people.Person{Account: account, Name: "管理员" + account, Grants: []people.Grant{{Role: people.Admin}}}); err != nil {
			t.Fatal(err)
		}
		var err error
		if admins[i], err = x.Visitor(ctx, account, ""); err != nil {
			t.Fatal(err)
		}
	}
	there, err := x.ErasableOf(ctx, admins[0], 2, 2025)
	if err != nil || len(there.Records) != 3 {
		t.Fatalf("%+v, %v", there, err)
	}
	ask := ErasureAsk{Unit: 2, Year: 2025, Reason: "误传"}
	for _, r := range there.Records {
		ask.RecordNames = append(ask.RecordNames, r.Name())
	}
	wrong := ask
	wrong.RecordNames = []string{"unit 2"}
	wantCode(t, "a record of another kind", x.AskErasure(ctx, admins[0], wrong, uuid.NewString()), disclosure.ErrNotFound)
	if err := x.AskErasure(ctx, admins[0], ask, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	cases, err := x.Erasures(ctx, admins[1])
	if err != nil || len(cases) != 1 || len(cases[0].Records) != 3 {
		t.Fatalf("%+v, %v", cases, err)
	}
	if err := x.ConfirmErasure(ctx, admins[1], cases[0].ID); err != nil {
		t.Fatal(err)
	}
	entries, err := x.store.Entries(ctx, store.EntryFilter{Kinds: erasableKinds, Limit: 100, States: true})
	if err != nil || len(entries) != 4 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	for _, e := range entries {
		if s := string(e.State); !strings.HasPrefix(s, `{"erased":`) || strings.Contains(s, "绝密字样") || strings.Contains(s, "2025-001") {
			t.Errorf("%s %s still says %.200s", e.Kind, e.ID, s)
		}
	}
	if page := applicationsPage(t, x); page.Ledger != nil || page.InMemory {
		t.Error("the ledger is still there")
	}
	if p, err := x.PublicationOf(ctx, x.filer, 2, y2025); err != nil || p.Record != nil {
		t.Errorf("the publication is still there: %v", err)
	}
	_, _, err = x.ScanFile(ctx, x.filer, 2, y2025, 1)
	wantCode(t, "the scan", err, disclosure.ErrNotFound)
	if there, err = x.ErasableOf(ctx, admins[0], 2, 2025); err != nil || len(there.Records) != 0 {
		t.Errorf("%+v, %v", there, err)
	}
	wantCode(t, "the same ledger", x.ReadLedger(ctx, x.filer, 2, y2025, "台账.xlsx", ledger, uuid.NewString()), disclosure.ErrForbidden)
	wantCode(t, "the same page", record(published), disclosure.ErrForbidden)
	wantCode(t, "the same scan", x.AttachScan(ctx, x.filer, 2, y2025, 1, "换名.pdf", scan, uuid.NewString()), disclosure.ErrForbidden)
	_, err = x.BringFile(ctx, x.filer, 2, y2025, "换名.html", published)
	wantCode(t, "the same page as a report's file", err, disclosure.ErrForbidden)
	// The unit goes on: another file takes the erased one's place.
	if err := record([]byte(bulletin.ReportHTML(fits(6), bulletin.Edition{}))); err != nil {
		t.Error(err)
	}
}
