package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"mingjing/internal/people"

	"github.com/xuri/excelize/v2"
)

// ledgerFile is a ledger as an office keeps it.
func ledgerFile(t *testing.T, name string, rows ...[]any) sentFile {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetSheetRow("Sheet1", cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return sentFile{field: "file", name: name, data: b.Bytes()}
}

var ledgerWaits = regexp.MustCompile(`name="waiting" value="([0-9a-f-]{36})"`)

// The whole way of a ledger through the page: it is read, asked about, corrected
// where a word cannot be taken, confirmed once and by who brought it, and held
// against what was filed.
func TestLedgerThroughThePage(t *testing.T) {
	x := openFilesDesk(t)
	ctx := context.Background()
	file := ledgerFile(t, "复议台账.xlsx", []any{"年度", "被申请人", "案号", "复议结果"}, []any{2024, "清源区财政局", "1号", "维持"},
		[]any{2024, "清源区财政局", "2号", "不予受理"}, []any{2024, "不在名单局", "3号", "维持"}, []any{"去年", "清源区财政局", "4号", "维持"})
	fields := map[string]string{"name": "司法局复议台账", "year": "2024", "kind": "复议"}
	// told follows an answer to the page that tells of it, which a reload repeats
	// without sending anything again.
	told := func(w *httptest.ResponseRecorder) *httptest.ResponseRecorder {
		t.Helper()
		at := w.Header().Get("Location")
		if w.Code != http.StatusSeeOther || !strings.HasPrefix(at, "/rules/sources?") {
			t.Fatalf("answered %d to %q: %.800s", w.Code, at, w.Body)
		}
		first, again := ask(x, admin, http.MethodGet, at, nil), ask(x, admin, http.MethodGet, at, nil)
		if first.Code != http.StatusOK || again.Code != http.StatusOK {
			t.Fatalf("%s answers %d, then %d", at, first.Code, again.Code)
		}
		return again
	}
	w := told(post(t, x, admin, "/rules/sources", fields, file))
	page := w.Body.String()
	found := ledgerWaits.FindStringSubmatch(page)
	if w.Code != http.StatusOK || found == nil {
		t.Fatalf("an upload answers %d: %.800s", w.Code, page)
	}
	for _, want := range []string{"请确认各列的含义", "司法局复议台账", "复议台账.xlsx", `value="结果=不予受理"`, "不在名单局", "的年度“去年”不能识别"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not show %s", want)
		}
	}
	if strings.Contains(page, "--map") || strings.Contains(page, "--kind") || strings.Contains(page, "mingjing ") {
		t.Error("the page speaks of the command line")
	}
	sum := sha256.Sum256(file.data)
	if f, err := x.store.OpenFile(hex.EncodeToString(sum[:])); err == nil {
		f.Close()
		t.Error("a ledger that nobody has confirmed is among the kept files")
	}
	if lines, err := x.office.Sources(ctx, people.Machine("os:test", "cli")); err != nil || len(lines) != 0 {
		t.Errorf("kept before it was confirmed: %v %v", lines, err)
	}

	word := func(code string) url.Values {
		return url.Values{"waiting": {found[1]}, "head": {"结果=不予受理", "结果=调解"}, "code": {code, ""}}
	}
	if w := ask(x, supervisor, http.MethodPost, "/rules/sources", word("T4_REV_OTHER")); w.Code < 400 {
		t.Errorf("somebody else's word on it answers %d", w.Code)
	}
	if w := ask(x, supervisor, http.MethodGet, "/rules/sources?waiting="+found[1], nil); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "不予受理") {
		t.Errorf("somebody else's look at it answers %d", w.Code)
	}
	if w := ask(x, admin, http.MethodGet, "/uploads/"+found[1], nil); w.Code != http.StatusNotFound {
		t.Errorf("as an upload of a report it answers %d", w.Code)
	}
	w = ask(x, admin, http.MethodPost, "/rules/sources", word("T4_NO_SUCH"))
	page = w.Body.String()
	if w.Code != http.StatusBadRequest || !strings.Contains(page, "没有代码“T4_NO_SUCH”") || !strings.Contains(page, `value="T4_NO_SUCH"`) || !ledgerWaits.MatchString(page) || strings.Contains(page, "mingjing ") {
		t.Errorf("a code that is none answers %d and does not keep what was typed: %.600s", w.Code, page)
	}
	w = told(ask(x, admin, http.MethodPost, "/rules/sources", word("T4_REV_OTHER")))
	for _, want := range []string{"已导入“司法局复议台账”", "不在名单局", "的年度“去年”不能识别"} {
		if !strings.Contains(w.Body.String(), want) || ledgerWaits.MatchString(w.Body.String()) {
			t.Fatalf("the outcome does not say %q: %.800s", want, w.Body)
		}
	}
	lines, err := x.office.Sources(ctx, people.Machine("os:test", "cli"))
	if err != nil || len(lines) != 1 || lines[0].Name != "司法局复议台账" || lines[0].File.Name != "复议台账.xlsx" || lines[0].Actor.Name == "os:test" {
		t.Fatalf("on file: %+v %v", lines, err)
	}
	if f, err := x.store.OpenFile(lines[0].File.SHA256); err != nil {
		t.Errorf("the original is not kept: %v", err)
	} else {
		f.Close()
	}
	if w := ask(x, admin, http.MethodPost, "/rules/sources", word("T4_REV_OTHER")); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "请重新上传") {
		t.Errorf("confirmed twice: %d", w.Code)
	}
	// The heads are known now; only a new outcome is asked about.
	if w := told(post(t, x, admin, "/rules/sources", fields, file)); !strings.Contains(w.Body.String(), "已导入") {
		t.Errorf("the same heads again: %d %.600s", w.Code, w.Body)
	}
	more := ledgerFile(t, "复议台账2.xlsx", []any{"年度", "被申请人", "案号", "复议结果"}, []any{2024, "清源区财政局", "5号", "告知补正"})
	if w := told(post(t, x, admin, "/rules/sources", fields, more)); !strings.Contains(w.Body.String(), `value="结果=告知补正"`) {
		t.Errorf("a new outcome: %d %.600s", w.Code, w.Body)
	}
	if w := post(t, x, admin, "/rules/sources", fields, ledgerFile(t, "别的.xlsx", []any{"甲", "乙"}, []any{1, 2})); w.Code != http.StatusBadRequest || strings.Contains(w.Body.String(), "--") && strings.Contains(w.Body.String(), "--kind") {
		t.Errorf("no ledger at all: %d", w.Code)
	}
	if w := ask(x, admin, http.MethodPost, "/rules/sources/drop", url.Values{"name": {"司法局复议台账"}, "year": {"2024"}}); w.Code != http.StatusSeeOther {
		t.Errorf("taking it away: %d", w.Code)
	}
	if w := ask(x, admin, http.MethodGet, "/rules/sources?taken="+url.QueryEscape("司法局复议台账")+"&year=2024", nil); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "请重新上传") {
		t.Errorf("the outcome of what was taken away: %d", w.Code)
	}
}
