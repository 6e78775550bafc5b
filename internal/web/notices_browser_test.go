package web

import (
	"fmt"
	"net/http/httptest"
	"os"
	"regexp"
	"testing"

	"mingjing/internal/issue"

	cd "github.com/chromedp/chromedp"
)

// The bulletin's pages fit both widths, can be read by everybody, and the brief
// is printed on one side.
func TestNoticesInABrowser(t *testing.T) {
	axe, err := os.ReadFile("../../node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("axe-core is missing, run npm ci: %v", err)
	}
	x := openBulletins(t)
	q := issue.QuarterOf(testClock())
	id := draftOf(t, x)
	ctx := openBrowser(t)
	heard := listen(ctx)
	server := httptest.NewServer(x.handlerAs(supervisor))
	defer server.Close()
	for _, p := range []struct{ name, path string }{{"notices", "/notices"}, {"notice", "/notices/" + id}, {"notice-public", "/notices/" + id + "?edition=public"},
		{"notice-print", "/notices/" + id + "/print"}, {"notice-settings", "/notices/settings"}, {"brief", "/notices/brief?quarter=" + q.String()}} {
		for _, width := range []int64{1440, 390} {
			do(t, ctx, cd.EmulateViewport(width, 900), cd.Navigate("about:blank"), cd.Navigate(server.URL+p.path), cd.WaitReady("body[data-ready]"))
			if *pictures != "" {
				keepPicture(t, ctx, fmt.Sprintf("%s-%d.png", p.name, width))
			}
			if wide := evaluate[string](t, ctx, tooWide); wide != "" {
				t.Errorf("%s scrolls sideways at %d, because of %s", p.name, width, wide)
			}
			until(t, ctx, `Array.from(document.querySelectorAll('.notice-paper img')).every(i => { i.loading = 'eager'; return i.complete; })`)
			if broken := evaluate[int](t, ctx, `Array.from(document.querySelectorAll('.notice-paper img')).filter(i => !(i.naturalWidth > 0)).length`); broken > 0 {
				t.Errorf("%s: %d pictures are broken", p.name, broken)
			}
			if met := evaluate[int](t, ctx, `document.querySelectorAll('.notice-paper img').length`); met == 0 && p.name != "notices" && p.name != "notice-settings" {
				t.Errorf("%s shows no picture", p.name)
			}
			checkAccessibility(t, ctx, string(axe))
			for _, said := range heard.take() {
				t.Errorf("%s: the console says: %.300s", p.name, said)
			}
		}
	}
	until(t, ctx, `document.querySelector('.notice-paper img').complete`)
	printed, err := cd.Run(ctx, cd.PrintToPDF(cd.PDFPreferCSSPageSize()))
	if err != nil {
		t.Fatal(err)
	}
	if pages := len(regexp.MustCompile(`/Type\s*/Page\b[^s]`).FindAll(printed, -1)); pages != 1 {
		t.Errorf("the brief is printed on %d pages", pages)
	}
	if *pictures != "" {
		if err := os.WriteFile(*pictures+"/brief.pdf", printed, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
