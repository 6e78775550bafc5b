package web

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	cd "github.com/chromedp/chromedp"
)

// A supervisor asks for a check and sees it wait, run and end without doing
// anything more; what came of it is then the first of the list.
func TestACheckOnDemandInABrowser(t *testing.T) {
	x := openDesk(t)
	ctx := openBrowser(t)
	heard := listen(ctx)
	server := httptest.NewServer(x.handlerAs(supervisor))
	defer server.Close()
	picture := func(name string) {
		if wide := evaluate[string](t, ctx, tooWide); wide != "" {
			t.Errorf("%s scrolls sideways, because of %s", name, wide)
		}
		if *pictures != "" {
			keepPicture(t, ctx, name)
		}
	}
	const runs = `document.querySelectorAll('table.runs tbody tr').length`
	do(t, ctx, cd.EmulateViewport(1440, 900), cd.Navigate(server.URL+"/matters/runs"), cd.WaitReady("body[data-ready]"))
	before := evaluate[int](t, ctx, runs)
	picture("runs-1440.png")
	do(t, ctx, cd.SetValue(`select[name="year"]`, "2024"), cd.Click(".run-ask button"))
	until(t, ctx, `document.querySelector('#progress progress') && document.querySelector('.run-ask button').disabled`)
	if year := evaluate[string](t, ctx, `document.querySelector('select[name="year"]').value`); year != "2024" {
		t.Errorf("while 2024 waits the page shows %s", year)
	}
	picture("runs-waiting-1440.png")
	do(t, ctx, cd.EmulateViewport(390, 844))
	picture("runs-waiting-390.png")
	checking, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { x.office.KeepChecked(checking, slog.Default()); close(ended) }()
	defer func() { stop(); <-ended }()
	until(t, ctx, `!document.querySelector('#progress progress') && document.querySelector('.run-ask button') && !document.querySelector('.run-ask button').disabled`)
	if after := evaluate[int](t, ctx, runs); after <= before {
		t.Errorf("%d runs before and %d after", before, after)
	}
	if why := evaluate[string](t, ctx, `document.querySelector('table.runs tbody tr').textContent`); !strings.Contains(why, "2024") {
		t.Errorf("the list says %q of the run", why)
	}
	picture("runs-done-390.png")
	do(t, ctx, cd.EmulateViewport(1440, 900))
	picture("runs-done-1440.png")
	if said := heard.take(); len(said) > 0 {
		t.Errorf("the console says: %v", said)
	}
}
