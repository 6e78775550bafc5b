package office

import (
	"errors"
	"strings"
	"testing"
	"time"

	"mingjing/internal/disclosure"

	"github.com/google/uuid"
)

// A ledger that is brought as a report is told from what it holds, is not kept,
// and the person is told where it belongs; a report brought as a ledger likewise.
func TestMisplacedFiles(t *testing.T) {
	x, ctx := openFiles(t), t.Context()
	book := register(t)
	id, err := x.BringFile(ctx, x.filer, 2, y2025, private[0]+".xlsx", book)
	if id != "" || !errors.Is(err, ErrIsLedger) || disclosure.CodeOf(err) != disclosure.ErrInvalid || strings.Contains(disclosure.Sentence(err), private[0]) {
		t.Errorf("a ledger as a report: %q, %v", id, err)
	}
	if waiting, err := x.store.AllWaiting(); err != nil || len(waiting) != 0 {
		t.Errorf("%+v wait, %v", waiting, err)
	}
	err = x.ReadLedger(ctx, x.filer, 2, y2025, "年报.docx", word(t, balanced("清源区财政局", 2025, 1, 0)), uuid.NewString())
	if !errors.Is(err, ErrIsReport) || disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("a report as a ledger: %v", err)
	}
	err = x.ReadLedger(ctx, x.filer, 2, y2025, "说明.txt", []byte("这里没有表格。"), uuid.NewString())
	if err == nil || errors.Is(err, ErrIsReport) {
		t.Errorf("something else as a ledger: %v", err)
	}
	// In a supervisor's batch it stays listed as what it was, without name and content.
	refused, err := x.BringBatch(ctx, x.supervisor, y2025, Received{On: "2026-01-19"}, []BroughtFile{{Name: private[0] + ".xlsx", Data: book}})
	if err != nil || len(refused) != 0 {
		t.Fatalf("%v, %v", refused, err)
	}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		desk, err := x.ProxyDesk(ctx, x.supervisor, y2025)
		if err != nil || len(desk.Lines) != 1 {
			t.Fatalf("%+v, %v", desk, err)
		}
		if desk.Busy && time.Now().Before(end) {
			continue
		}
		up := desk.Lines[0].Upload
		if desk.Lines[0].Status != ProxyFailed || !up.IsLedger || strings.Contains(up.File.Name, private[0]) {
			t.Errorf("%+v", desk.Lines[0])
		}
		if data, err := x.store.WaitingData(up.ID); err != nil || len(data) != 0 {
			t.Errorf("%d bytes of it are kept, %v", len(data), err)
		}
		return
	}
}
