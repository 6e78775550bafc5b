package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	cd "github.com/chromedp/chromedp"
)

// The board as people see it: of a district, crowded, of one unit, empty; and a
// unit's own.
func TestQuarterInABrowser(t *testing.T) {
	axe, err := os.ReadFile("../../node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("axe-core is missing, run npm ci: %v", err)
	}
	ctx := openBrowser(t)
	heard := listen(ctx)
	for _, p := range []struct {
		name, site, account, path string
		charts                    int
	}{
		{"quarter", "ordinary", supervisor, "/quarter", 7},
		{"quarter-leader", "ordinary", leader, "/quarter?quarter=2025Q4", 7},
		{"quarter-evaluator", "ordinary", evaluator, "/quarter", 7},
		{"quarter-unit", "ordinary", filer, "/quarter", 4},
		{"quarter-of-unit", "ordinary", supervisor, "/quarter?unit=5", 4},
		{"quarter-empty", "ordinary", supervisor, "/quarter?quarter=2030Q1", 0},
		{"quarter-crowded", "crowded", supervisor, "/quarter", 7},
		{"quarter-crowded-all", "crowded", leader, "/quarter?all=1", 7},
		{"quarter-single", "single", supervisor, "/quarter", 6},
		{"quarter-single-empty", "single", leader, "/quarter?round=复核", 0},
	} {
		x := atBoard(t, p.site)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Header.Del("Cookie") // of another account, which the browser keeps for the host
			x.sign(r, p.account)
			x.handler().ServeHTTP(w, r)
		}))
		for _, width := range []int64{1440, 390} {
			t.Run(fmt.Sprintf("%s/%d", p.name, width), func(t *testing.T) {
				ctx, stop := context.WithTimeout(ctx, time.Minute)
				defer stop()
				do(t, ctx, cd.EmulateViewport(width, 900), cd.Navigate("about:blank"), cd.Navigate(server.URL+p.path), cd.WaitReady("body[data-ready]"))
				if *pictures != "" {
					keepPicture(t, ctx, fmt.Sprintf("%s-%d.png", p.name, width))
				}
				if drawn := evaluate[int](t, ctx, countDrawn); drawn < p.charts {
					t.Errorf("%d charts are drawn, want at least %d", drawn, p.charts)
				}
				if wide := evaluate[string](t, ctx, tooWide); wide != "" {
					t.Errorf("the page scrolls sideways, because of %s", wide)
				}
				if evaluate[bool](t, ctx, `!!window.pwned`) {
					t.Error("a unit's name ran as a script")
				}
				if low := evaluate[float64](t, ctx, `Math.max(0, ...Array.from(document.querySelectorAll('.wrong')).map(e => e.getBoundingClientRect().bottom))`); width == 1440 && low > 768 {
					t.Errorf("the answers end %.0f pixels down, want them within 768", low)
				}
				checkAccessibility(t, ctx, string(axe))
				for _, said := range heard.take() {
					t.Errorf("the console says: %.300s", said)
				}
			})
		}
		server.Close()
	}
}
