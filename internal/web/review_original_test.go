package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mingjing/internal/disclosure"

	cd "github.com/chromedp/chromedp"
)

// proxied brings reports of 2022 by 代报 and waits until they are read.
func proxied(t *testing.T, x *site, files ...sentFile) {
	t.Helper()
	expect(t, "bring", post(t, x, supervisor, "/proxy", map[string]string{"period": "2022", "on": "2026-01-20", "way": "OA", "from": "联系人"}, files...), http.StatusSeeOther)
	for until := time.Now().Add(30 * time.Second); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		if !strings.Contains(ask(x, supervisor, GET, "/proxy?period=2022", nil).Body.String(), "data-wait") {
			return
		}
	}
	t.Fatal("the files are still being read")
}

// The original's text stands beside the tables, at the place where the cell in
// hand was read; a 代报 draft is reached from the same page.
func TestTheOriginalBesideTheTables(t *testing.T) {
	x := openFilesDesk(t)
	doubtful := sound("清源区民政局", 2022, 4)
	doubtful.Cells["T3_GRANTED_NP"] = disclosure.Cell{Kind: disclosure.CellUnread, Raw: "约四件"}
	proxied(t, x, sentFile{"files", "水利局年报.docx", wordOf(t, sound("清源区水利局", 2022, 7))}, sentFile{"files", "民政局年报.docx", wordOf(t, doubtful)})
	expect(t, "the draft", ask(x, supervisor, GET, "/review/5/2022", nil), http.StatusOK, "代报草稿", "来自 联系人 OA", `href="/proxy?period=2022#drafts"`, `href="/filing/5/2022"`)
	if body := ask(x, otherFiler, GET, "/review/5/2022", nil).Body.String(); strings.Contains(body, "/proxy") {
		t.Error("the unit is led to the supervisor's page")
	}
	ctx := openBrowser(t)
	heard := listen(ctx)
	server := httptest.NewServer(x.handlerAs(supervisor))
	defer server.Close()
	do(t, ctx, cd.EmulateViewport(1440, 900), cd.Navigate(server.URL+"/review/5/2022"), cd.WaitReady("#review[data-ready]"), cd.WaitVisible("#original-text table"))
	do(t, ctx, cd.Click(`#T3_GRANTED_NP > a`))
	until(t, ctx, `document.querySelectorAll('#original-text .is-here').length === 1`)
	if text := evaluate[string](t, ctx, `document.querySelector('#original-text .is-here').textContent.trim()`); text != "7" {
		t.Errorf("the place in the original holds %q", text)
	}
	const inSight = `(function () { var a = document.querySelector('#original-text').getBoundingClientRect(), b = document.querySelector('#original-text .is-here').getBoundingClientRect();
		return b.top >= a.top && b.bottom <= a.bottom && a.top >= 0 && a.bottom <= innerHeight + 1; })()`
	until(t, ctx, inSight)
	if beside := evaluate[bool](t, ctx, `document.getElementById('original').getBoundingClientRect().left >= document.getElementById('table-T3').getBoundingClientRect().right`); !beside {
		t.Error("the original does not stand beside the tables")
	}
	if *pictures != "" {
		keepPicture(t, ctx, "review-original-1440.png")
	}
	do(t, ctx, cd.EmulateViewport(390, 844), cd.Navigate("about:blank"), cd.Navigate(server.URL+"/review/5/2022"), cd.WaitReady("#review[data-ready]"), cd.WaitReady("#original-text table"))
	if below := evaluate[bool](t, ctx, `document.getElementById('original').getBoundingClientRect().top >= document.getElementById('table-T3').getBoundingClientRect().bottom`); !below {
		t.Error("at 390 the original does not stand below the tables")
	}
	if wide := evaluate[string](t, ctx, tooWide); wide != "" {
		t.Errorf("the page scrolls sideways, because of %s", wide)
	}
	if *pictures != "" {
		keepPicture(t, ctx, "review-original-390.png")
	}
	heard.take()
}
