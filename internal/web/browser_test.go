package web

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	cd "github.com/chromedp/chromedp"
)

var pictures = flag.String("pictures", "", "folder in which the browser test keeps a picture of each page")

// browserPages are the pages as people see them: an ordinary one, and its
// empty, marked and failing states. charts is how many must be drawn.
var browserPages = []struct {
	name   string
	site   **site
	path   string
	charts int
}{
	{"overview", &district, "/", 4},
	{"overview-provisional", &district, "/?basis=provisional&year=2025", 4},
	{"overview-empty", &empty, "/", 0},
	{"compare", &district, "/compare", 2},
	{"compare-scope", &district, "/compare?code=T4_REV_TOTAL&year=2024", 2},
	{"matters", &district, "/matters?year=2022", 0},
	{"matters-gone", &district, "/matters?year=2022&state=gone", 0},
	{"matter-runs", &district, "/matters/runs", 0},
	{"rules", &district, "/rules", 0},
	{"sources", &district, "/rules/sources", 0},
	{"rule-local", &district, "/rules/local", 0},
	{"units", &district, "/units", 0},
	{"unit", &district, "/units/2", 4},
	{"unit-evil", &district, "/units/24", 4},
	{"report", &district, "/reports/2/2022/national/agency#T3_NEW_RECEIVED_TOT", 0},
	{"report-2019", &district, "/reports/2/2020/national/agency", 0},
	{"queue", &district, "/review", 0},
	{"queue-empty", &empty, "/review", 0},
	{"review", &district, "/review/3/2025", 0},
	{"review-errors", &district, "/review/2/2022", 0},
	{"review-confirm", &district, "/review/3/2025#do-return", 0},
	{"revisions", &district, "/review/3/2025/revisions", 0},
	{"reasons", &district, "/review/reasons", 0},
	{"progress", &district, "/progress?year=2025", 0},
	{"remind", &district, "/progress/remind?year=2025&all=1&mark=overdue", 0},
	{"reminders", &district, "/progress/reminders?year=2025", 0},
	{"plan", &district, "/plan?year=2025", 0},
	{"holidays", &district, "/plan/holidays?year=2026", 0},
	{"compile", &district, "/compile?year=2025&code=T3_NEW_RECEIVED_TOT", 0},
	{"help", &district, "/help", 0},
	{"admin-accounts", &district, "/admin/accounts", 0},
	{"admin-account", &district, "/admin/accounts/of/filer", 0},
	{"admin-units", &district, "/admin/units", 0},
	{"admin-unit", &district, "/admin/units/24", 0},
	{"admin-audit", &district, "/admin/audit", 0},
	{"admin-settings", &district, "/admin/settings", 0},
	{"me", &district, "/me", 0},
	{"not-found", &district, "/units/999", 0},
}

// openBrowser starts a browser for the test. A machine without a browser
// fails: what is tested here cannot be seen any other way.
func openBrowser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{os.Getenv("MINGJING_TEST_BROWSER"), "chromium", "chromium-browser", "google-chrome", "chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Fatal("no browser: install the package chromium (and fonts-noto-cjk), or name one in MINGJING_TEST_BROWSER")
	}
	ctx, cancel := cd.NewContext(context.Background(), cd.WithAllocatorOptions(append(cd.DefaultExecAllocatorOptions[:],
		cd.ExecPath(path), cd.NoSandbox, cd.WindowSize(1440, 900), cd.Flag("lang", "zh-CN"))...))
	t.Cleanup(cancel)
	ctx, stop := context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(stop)
	return ctx
}

// console collects what a page complains about: exceptions, refused content
// and failed requests.
type console struct {
	mu   sync.Mutex
	said []string
}

func listen(ctx context.Context) *console {
	c := &console{}
	messages := cd.Console(ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			c.mu.Lock()
			c.said = append(c.said, m.String())
			c.mu.Unlock()
		}
	}()
	return c
}

// take gives what was said since the last call.
func (c *console) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	said := c.said
	c.said = nil
	return said
}

func TestPagesInABrowser(t *testing.T) {
	axe, err := os.ReadFile("../../node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("axe-core is missing, run npm ci: %v", err)
	}
	t.Parallel()
	// A browser for every core, up to four: pages are looked at side by side, and each browser
	// has one page at a time, as pages in the background draw nothing.
	type looker struct {
		ctx   context.Context
		heard *console
	}
	lookers := make(chan looker, min(4, runtime.GOMAXPROCS(0)))
	for range cap(lookers) {
		ctx := openBrowser(t)
		lookers <- looker{ctx, listen(ctx)}
	}
	servers := map[*site]*httptest.Server{}
	for _, x := range []*site{district, empty} {
		servers[x] = httptest.NewServer(x.handlerAs(supervisor))
		t.Cleanup(servers[x].Close)
	}
	for _, p := range browserPages {
		for _, width := range []int64{1440, 390} {
			t.Run(fmt.Sprintf("%s/%d", p.name, width), func(t *testing.T) {
				t.Parallel()
				by := <-lookers
				defer func() { lookers <- by }()
				ctx, stop := context.WithTimeout(by.ctx, time.Minute)
				defer stop()
				url := servers[*p.site].URL + p.path
				do(t, ctx, cd.EmulateViewport(width, 900), cd.Navigate("about:blank"), cd.Navigate(url), cd.WaitReady("body[data-ready]"))
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
				checkAccessibility(t, ctx, string(axe))
				for _, said := range by.heard.take() {
					if p.name == "not-found" && strings.Contains(said, "404") {
						continue
					}
					t.Errorf("the console says: %.300s", said)
				}
			})
		}
	}
}

// countDrawn counts charts that hold shapes, not only a place.
const countDrawn = `Array.from(document.querySelectorAll('.chart')).filter(c => c.querySelectorAll('svg path').length > 3).length`

// tooWide names an element that makes the page wider than the window.
const tooWide = `(() => {
	const w = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth <= w) return '';
	const e = Array.from(document.querySelectorAll('main *')).find(e => e.getBoundingClientRect().right > w + 1 && !e.closest('.scroll') && !e.closest('.menu'));
	return e ? e.tagName + '.' + e.className : 'an element outside main';
})()`

func checkAccessibility(t *testing.T, ctx context.Context, axe string) {
	t.Helper()
	evaluate[int](t, ctx, axe+";0")
	answer, err := cd.Run(ctx, cd.Evaluate[string](`axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], resultTypes: ['violations'], selectors: false})
		.then(r => JSON.stringify(r.violations.map(v => ({id: v.id, impact: v.impact, help: v.help, html: v.nodes[0].html, n: v.nodes.length, why: v.nodes[0].failureSummary}))))`, cd.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("axe: %v", err)
	}
	var violations []struct {
		ID, Impact, Help, HTML, Why string
		N                           int
	}
	if err := json.Unmarshal([]byte(answer), &violations); err != nil {
		t.Fatal(err)
	}
	for _, v := range violations {
		if v.Impact == "serious" || v.Impact == "critical" {
			t.Errorf("axe %s (%s, %d places): %s\n%.200s\n%.300s", v.ID, v.Impact, v.N, v.Help, v.HTML, v.Why)
		}
	}
}

// The filters work without a reload and keep the address; a cell's panel opens
// from its link alone.
func TestFiltersAndCellsInABrowser(t *testing.T) {
	ctx := openBrowser(t)
	heard := listen(ctx)
	server := httptest.NewServer(district.handlerAs(supervisor))
	defer server.Close()
	do(t, ctx, cd.EmulateViewport(1366, 768), cd.Navigate(server.URL+"/"), cd.WaitReady("body[data-ready]"))
	if *pictures != "" {
		keepPicture(t, ctx, "first-screen.png")
	}
	// Who has not filed, what does not add up, and the key numbers stand on the
	// first screen of an office's usual monitor.
	if low := evaluate[float64](t, ctx, `Math.max(...Array.from(document.querySelectorAll('.wrong, .numbers:not(.rates) .number')).map(e => e.getBoundingClientRect().bottom))`); low <= 0 || low > 768 {
		t.Errorf("the key numbers end %.0f pixels down, want them within 768", low)
	}
	evaluate[int](t, ctx, `window.kept = 7`)
	evaluate[bool](t, ctx, `(() => { const y = document.querySelector('#filter-year'); y.value = '2023'; y.dispatchEvent(new Event('change', {bubbles: true})); return true })()`)
	until(t, ctx, `location.search === '?year=2023' && document.querySelector('h1').textContent.startsWith('2023')`)
	until(t, ctx, `(`+countDrawn+`) >= 4`)
	if evaluate[int](t, ctx, `window.kept || 0`) != 7 {
		t.Error("the filter loaded the whole page anew")
	}
	do(t, ctx, cd.Navigate(server.URL+"/reports/2/2023/national/agency#T3_GRANTED_TOT"), cd.WaitVisible("#T3_GRANTED_TOT > .panel"))
	if hidden := evaluate[bool](t, ctx, `getComputedStyle(document.querySelector('#T3_PARTIAL_TOT > .panel')).display === 'none'`); !hidden {
		t.Error("another cell's panel is open too")
	}
	if said := heard.take(); len(said) > 0 {
		t.Errorf("the console says: %v", said)
	}
}

func do(t *testing.T, ctx context.Context, steps ...cd.Action[cd.Void]) {
	t.Helper()
	if err := cd.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func evaluate[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	v, err := cd.Run(ctx, cd.Evaluate[T](script))
	if err != nil {
		t.Fatalf("script %.120s: %v", script, err)
	}
	return v
}

// until waits for a condition in the page.
func until(t *testing.T, ctx context.Context, condition string) {
	t.Helper()
	var err error
	for range 5 { // a page that goes over to the next ends the question with it
		_, err = cd.Run(ctx, cd.Evaluate[bool](`new Promise((yes, no) => {
			const started = Date.now();
			(function look() { if (`+condition+`) yes(true); else if (Date.now() - started > 30000) no(new Error("not within 30 s")); else setTimeout(look, 30); })();
		})`, cd.EvalAwaitPromise))
		if err == nil || !strings.Contains(err.Error(), "navigated") {
			break
		}
	}
	if err != nil {
		t.Fatalf("%s: %v", condition, err)
	}
}

func keepPicture(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	png, err := cd.Run(ctx, cd.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(*pictures, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*pictures, name), png, 0o644); err != nil {
		t.Fatal(err)
	}
}
