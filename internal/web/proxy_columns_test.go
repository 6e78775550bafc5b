package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/store"

	cd "github.com/chromedp/chromedp"
	"github.com/google/uuid"
)

// A table with a row for each unit goes the whole way in the browser: the
// supervisor is asked what its columns are, corrects one, and the rows become
// parts of the batch; the next table with the same heads is read at once.
func TestATableOfTheDistrictThroughThePages(t *testing.T) {
	x := openFilesDesk(t)
	heads := []any{"序号", "单位名称", "新收", "上年结转", "予以公开", "甲项"}
	bring := func(name string, rows ...[]any) string {
		t.Helper()
		file := ledgerFile(t, name, append([][]any{{"2024年清源区政府信息公开情况统计表"}, heads}, rows...)...)
		file.field = "files"
		expect(t, "bring", post(t, x, supervisor, "/proxy", map[string]string{"period": "2024", "on": "2026-01-20", "way": "OA", "from": "统计"}, file), http.StatusSeeOther)
		return readBatch(t, x)
	}
	page := bring("汇总.xlsx", []any{1, "清源区教育局", 5, 0, 5, 12}, []any{2, "清源区体育局", 0, 0, 0, 3})
	at := regexp.MustCompile(`href="(/proxy/columns/[0-9a-f-]{36})"`).FindStringSubmatch(page)
	if at == nil || !strings.Contains(page, "待确认各栏") {
		t.Fatalf("nobody is asked about the columns: %s", page)
	}
	for _, account := range []string{filer, reviewer, evaluator, leader, admin} {
		expect(t, account, ask(x, account, GET, at[1], nil), http.StatusForbidden)
	}
	expect(t, "the columns", ask(x, supervisor, GET, at[1], nil), http.StatusOK, "汇总.xlsx", "甲项", "12、3", "清源区教育局、清源区体育局", `value="T3_NEW_RECEIVED_TOT"`, "单位", "请核对")
	columnsInABrowser(t, x, at[1])
	say := func(means, act string) url.Values {
		return url.Values{"act": {act}, "column": {"5", "1"}, "means": {means, "单位"}}
	}
	expect(t, "a code that is none", ask(x, supervisor, POST, at[1], say("T9_NOTHING", uuid.NewString())), http.StatusBadRequest, "T9_NOTHING", "不在任何表单里")
	expect(t, "one figure twice", ask(x, supervisor, POST, at[1], say("T3_NEW_RECEIVED_TOT", uuid.NewString())), http.StatusBadRequest, "请只保留一栏", `value="T3_NEW_RECEIVED_TOT"`)
	without := say("", uuid.NewString())
	without["means"][1] = ""
	expect(t, "no unit", ask(x, supervisor, POST, at[1], without), http.StatusBadRequest, "没有一栏标为单位")
	act := uuid.NewString()
	for range 2 { // a double click
		expect(t, "confirm", ask(x, supervisor, POST, at[1], say("T2_LICENSE_DECISIONS", act)), http.StatusSeeOther)
	}
	page = readBatch(t, x)
	for _, want := range []string{"清源区教育局", "清源区体育局", "已成为代报草稿", "代报草稿(2)", "改各栏含义"} {
		if !strings.Contains(page, want) {
			_, lines, _ := strings.Cut(page, `id="outcomes"`)
			t.Errorf("after the word on the columns the batch does not say %q: %.3000s", want, regexp.MustCompile(`<[^>]*>|\s+`).ReplaceAllString(lines, " "))
		}
	}
	draft, err := x.office.OpenSitting(t.Context(), visitorFor(t, x, supervisor), 3, disclosure.Period{Year: 2024})
	if err != nil {
		t.Fatal(err)
	}
	if cells := draft.Content.Forms[0].Cells; cells["T2_LICENSE_DECISIONS"].Value.String() != "12" || cells["T3_NEW_RECEIVED_TOT"].Value.String() != "5" {
		t.Errorf("the row became %+v", cells)
	}
	kept, err := x.store.Entries(t.Context(), store.EntryFilter{Kind: store.KindMapping})
	if err != nil || len(kept) != 1 || kept[0].Actor.Name != supervisor {
		t.Errorf("the word on the columns stands in the log as %+v, %v", kept, err)
	}
	if page = bring("汇总二.xlsx", []any{1, "清源区水利局", 1, 0, 1, 2}); strings.Contains(page, "待确认各栏") || !strings.Contains(page, "清源区水利局") {
		t.Error("a table with the same heads is asked about again")
	}
}

// readBatch is the batch of 2024 once its files are read.
func readBatch(t *testing.T, x *site) string {
	t.Helper()
	for until := time.Now().Add(30 * time.Second); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		if page := ask(x, supervisor, GET, "/proxy?period=2024", nil).Body.String(); !strings.Contains(page, "data-wait") {
			return page
		}
	}
	t.Fatal("the files are still being read")
	return ""
}

func columnsInABrowser(t *testing.T, x *site, path string) {
	t.Helper()
	ctx := openBrowser(t)
	server := httptest.NewServer(x.handlerAs(supervisor))
	defer server.Close()
	for _, width := range []int64{1440, 390} {
		do(t, ctx, cd.EmulateViewport(width, 900), cd.Navigate(server.URL+path), cd.WaitReady("body[data-ready]"))
		if wide := evaluate[string](t, ctx, tooWide); wide != "" {
			t.Errorf("at %d the page scrolls sideways, because of %s", width, wide)
		}
		if *pictures != "" {
			keepPicture(t, ctx, fmt.Sprintf("columns-%d.png", width))
		}
	}
}
