package web

import (
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"

	cd "github.com/chromedp/chromedp"
	"github.com/google/uuid"
)

// An evaluator imports a list in a browser: the file, the preview, a column set
// right, the confirmation.
func TestAListIsImportedInABrowser(t *testing.T) {
	x := openListsDesk(t)
	list := newList(t, x, disclosure.Period{Year: 2025, Quarter: 2}, issue.RoundCity)
	ctx := openBrowser(t)
	heard := listen(ctx)
	server := httptest.NewServer(x.handlerAs(evaluator))
	defer server.Close()
	file := filepath.Join(t.TempDir(), "第二季度清单.xlsx")
	data := xlsxOf(t, "清单", [][]any{{"二级指标", "扣分", "失分原因", "责任单位", "到哪天为止"}, {"信箱", 1, "信箱来信超过一个月没有答复", "清源区民政局", "2026-05-15"}, {"检索", 0.5, "检索功能不可用", "清源区没有的局", "2026-05-15"}})
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, cd.EmulateViewport(1440, 900), cd.Navigate(server.URL+"/lists/"+list+"/import"), cd.WaitReady("body[data-ready]"))
	do(t, ctx, cd.SetUploadFiles(`input[name="file"]`, []string{file}), cd.Click(`form[data-once] button`))
	until(t, ctx, `document.body && document.body.dataset.ready && document.querySelector('select[aria-label="到哪天为止"]')`)
	if evaluate[bool](t, ctx, `!!document.querySelector('button[value="take"]')`) {
		t.Error("an import is offered before the columns are settled")
	}
	evaluate[bool](t, ctx, `(() => { document.querySelector('select[aria-label="到哪天为止"]').value = 'due'; return true })()`)
	do(t, ctx, cd.Click(`button[value="read"]`))
	until(t, ctx, `document.body && document.body.dataset.ready && location.search === '?read=1' && document.querySelector('button[value="take"]')`)
	if days := evaluate[string](t, ctx, `Array.from(document.querySelectorAll('.preview-rows tbody tr')).map(r => r.cells[4].textContent).join()`); days != "2026-05-15,2026-05-15" {
		t.Errorf("the days are %q", days)
	}
	do(t, ctx, cd.Click(`button[data-show="unit"]`))
	if shown := evaluate[int](t, ctx, `Array.from(document.querySelectorAll('.preview-rows tbody tr')).filter(r => r.offsetHeight > 0).length`); shown != 1 {
		t.Errorf("%d rows without a unit are shown, want 1", shown)
	}
	do(t, ctx, cd.Click(`button[value="take"]`))
	until(t, ctx, `document.body && document.body.dataset.ready && location.pathname === '/lists/`+list+`' && document.querySelector('.banner.is-done')`)
	rows, err := x.office.Issues(t.Context(), visitorFor(t, x, evaluator), office.IssueFilter{List: list})
	if err != nil || rows.Total != 2 || rows.Rows[0].Due.String() != "2026-05-15" {
		t.Errorf("%v: %+v", err, rows)
	}
	if said := heard.take(); len(said) > 0 {
		t.Errorf("the console says: %v", said)
	}
}

// The pages of lists as people see them, each empty, usual, overlong and failing.
func TestListPagesInABrowser(t *testing.T) {
	axe, err := os.ReadFile("../../node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("axe-core is missing, run npm ci: %v", err)
	}
	x := openListsDesk(t)
	ctx := openBrowser(t)
	server := httptest.NewServer(x.handlerAs(evaluator))
	defer server.Close()
	q := disclosure.Period{Year: 2024, Quarter: 3}
	list, bare := newList(t, x, q, issue.RoundDistrict), newList(t, x, q, issue.RoundMonitor)
	at := "/lists/" + list
	act := func() url.Values { return url.Values{"act": {uuid.NewString()}, "do": {"take"}} }
	preview := post(t, x, evaluator, at+"/import", nil, sentFile{"file", "清单.xlsx", evaluatorsBook(t, "改好的那一天")}).Header().Get("Location")
	form := act()
	form.Set("do", "read")
	form.Set("other_quarter", "1")
	ask(x, evaluator, POST, preview, form)
	form = act()
	form.Set("other_quarter", "1")
	if w := ask(x, evaluator, POST, preview, form); w.Code != 303 {
		t.Fatal(sentenceOf(w.Body.String()))
	}
	sheet := [][]any{{"主办单位", "错敏词", "建议修改", "页面地址", "怪列"}}
	for n := range 40 {
		sheet = append(sheet, []any{[]string{"清源区财政局", "没有的单位" + strings.Repeat("名称很长", 8), "清源区教育局、清源区民政局"}[n%3], fmt.Sprintf("帐户%d%s", n, strings.Repeat("一个很长的错误表述", n%4)), "账户", "https://www.example.gov.cn/" + strings.Repeat("long/", n%9) + "1.html", "x"})
	}
	long := post(t, x, evaluator, at+"/import", nil, sentFile{"file", strings.Repeat("名字特别长的监测结果", 6) + ".xlsx", xlsxOf(t, "错敏字", sheet)}).Header().Get("Location")
	settled := post(t, x, evaluator, at+"/import", nil, sentFile{"file", "清单第二稿.xlsx", evaluatorsBook(t, "改好的那一天")}).Header().Get("Location")
	form = act()
	form.Set("do", "read")
	ask(x, evaluator, POST, settled, form)
	if w := ask(x, evaluator, POST, at+"/import", url.Values{}); w.Code != 400 {
		t.Errorf("no file answers %d", w.Code)
	}
	book := map[string][]byte{"工作簿.xlsx": filledBook(t, x, list, map[string]string{"E2": "4", "F2": "另一个原因", "G2": "首页.png\n没有.png", "E4": "5", "E9": "99"}), "证据/首页.png": append([]byte("\x89PNG\r\n\x1a\n"), 1), "证据/坏.svg": []byte("<svg/>")}
	back := post(t, x, evaluator, at+"/book", nil, sentFile{"file", "测评.zip", zipped(t, book)}).Header().Get("Location")
	sup := visitorFor(t, x, supervisor)
	view, err := x.office.IssueList(t.Context(), sup, list)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.office.PutUnitMarks(t.Context(), sup, uuid.NewString(), office.UnitMarks{List: list, Seq: view.Seq, Row: 0, Unit: 2, Marks: []string{"5", "5"}}); err != nil {
		t.Fatal(err)
	}
	for _, p := range []struct{ name, path string }{
		{"lists", "/lists?quarter=2024Q3"}, {"lists-empty", "/lists?quarter=2020Q1"}, {"new", "/lists/new"}, {"edit", at + "/edit"}, {"list", at + "?imported=3&skipped=1"}, {"list-bare", "/lists/" + bare},
		{"import", at + "/import"}, {"preview-asked", long}, {"preview", settled}, {"preview-gone", preview}, {"book", at + "/book"}, {"book-bare", "/lists/" + bare + "/book"}, {"book-preview", back},
		{"items", at + "/items"}, {"marks", at + "/scores/1"}, {"year", "/lists/year?year=2024"}, {"year-empty", "/lists/year?year=2019"},
	} {
		for _, width := range []int64{390, 1440} { // see TestPagesInABrowser
			t.Run(fmt.Sprintf("%s/%d", p.name, width), func(t *testing.T) {
				do(t, ctx, cd.EmulateViewport(width, 900))
				if width == 390 {
					do(t, ctx, cd.Navigate("about:blank"), cd.Navigate(server.URL+p.path), cd.WaitReady("body[data-ready]"))
				}
				if *pictures != "" {
					keepPicture(t, ctx, fmt.Sprintf("lists-%s-%d.png", p.name, width))
				}
				if wide := evaluate[string](t, ctx, tooWide); wide != "" {
					t.Errorf("the page scrolls sideways, because of %s", wide)
				}
				checkAccessibility(t, ctx, string(axe))
			})
		}
	}
}
