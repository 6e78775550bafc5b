package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"mingjing/internal/calendar"
	"mingjing/internal/issue"

	cd "github.com/chromedp/chromedp"
	"github.com/google/uuid"
)

// longFacts is as much as somebody may write, without a break.
var longFacts = strings.Repeat("政策解读栏目所列文件的解读材料没有与文件相互关联且连续九十天没有更新", 30) + "https://www.example.gov.cn/" + strings.Repeat("verylongaddress", 20)

// only serves as one of staff and nobody else: a browser keeps one session for all
// ports of a host.
func (x *issueSite) only(account string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Cookie")
		x.handlerAs(account).ServeHTTP(w, r)
	})
}

// The pages of issues as each role sees them, empty, full and with long texts.
func TestIssuePagesInABrowser(t *testing.T) {
	axe, err := os.ReadFile("../../node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("axe-core is missing, run npm ci: %v", err)
	}
	x, err := newIssueSite(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx := openBrowser(t)
	heard := listen(ctx)
	servers := map[string]*httptest.Server{}
	for _, account := range []string{supervisor, filer, evaluator, leader, otherFiler} {
		servers[account] = httptest.NewServer(x.only(account))
		defer servers[account].Close()
	}
	see := func(name, account, path string) {
		for _, width := range []int64{1440, 390} {
			t.Run(fmt.Sprintf("%s/%d", name, width), func(t *testing.T) {
				do(t, ctx, cd.EmulateViewport(width, 900), cd.Navigate("about:blank"), cd.Navigate(servers[account].URL+path), cd.WaitReady("body[data-ready]"))
				if *pictures != "" {
					keepPicture(t, ctx, fmt.Sprintf("issues-%s-%d.png", name, width))
				}
				if wide := evaluate[string](t, ctx, tooWide); wide != "" {
					t.Errorf("the page scrolls sideways, because of %s", wide)
				}
				if evaluate[bool](t, ctx, `!!window.pwned`) {
					t.Error("a text ran as a script")
				}
				checkAccessibility(t, ctx, string(axe))
				for _, said := range heard.take() {
					t.Errorf("the console says: %.300s", said)
				}
			})
		}
	}
	see("empty", supervisor, "/issues")
	see("empty-unit", filer, "/issues")

	// A full list: every state, a long text, an unassigned one, requests.
	for n := range 40 {
		i := x.enter(t, fmt.Sprintf("通知公告栏目第%d条链接打不开,点击后提示页面不存在", n), 2)
		if n%2 == 0 {
			x.do(t, supervisor, i, issue.Move{Act: issue.HandOver})
		}
	}
	late := x.overdue(t, "区长信箱三个月没有回复有效留言", 2, calendar.Moment{Date: calendar.Day(2026, 2, 25), Hour: 17})
	x.overdue(t, "机构职能栏目空白", 4, calendar.Moment{Date: calendar.Day(2026, 3, 3), Hour: 12})
	long := x.handed(t, longFacts, 6)
	for _, facts := range []string{"示范区教育局和青山街道办事处的办事指南不一致", "区教育局新媒体两周没有更新", "某单位网站首页有错别字"} {
		x.enter(t, facts, 0)
	}
	answered := x.handed(t, "年报没有放在专栏", 2)
	answered = x.do(t, filer, answered, issue.Move{Act: issue.Progress, Text: "已联系网站维护单位"})
	answered = x.do(t, filer, answered, issue.Move{Act: issue.AskExtension, Reason: "网站正在改版", Due: calendar.Moment{Date: calendar.Day(2026, 4, 1), Hour: 17}})
	answered = x.do(t, filer, answered, issue.Move{Act: issue.Object, Reason: "年报当天已经发布,不应扣分"})
	answered = x.do(t, supervisor, answered, issue.Move{Act: issue.Extend, Reason: "同意", Due: calendar.Moment{Date: calendar.Day(2026, 4, 1), Hour: 17}})
	form := x.formOf(t, filer, answered.ID, issue.GiveAnswer, url.Values{"link": {"https://www.example.gov.cn/nb/2025.html"}, "text": {"已移到专栏"}})
	if w := x.upload(t, filer, issueHref(answered.ID)+"/act", form, map[string][]byte{"整改后.png": smallPicture}); w.Code != http.StatusSeeOther {
		t.Fatalf("the answer with a picture is answered %d: %s", w.Code, said(w.Body.String()))
	}
	closed := x.handed(t, "规范性文件没有标注有效性", 2)
	closed = x.do(t, filer, closed, issue.Move{Act: issue.GiveAnswer, Text: "已标注"})
	closed = x.do(t, evaluator, closed, issue.Move{Act: issue.Recheck})
	x.do(t, supervisor, closed, issue.Move{Act: issue.Close})

	see("list", supervisor, "/issues")
	see("list-late", supervisor, "/issues?overdue=1")
	see("list-unit", filer, "/issues?sort=due")
	see("list-evaluator", evaluator, "/issues?state=answered")
	see("list-leader", leader, "/issues?quarter=2026Q1")
	see("one-answered", supervisor, issueHref(answered.ID))
	see("one-answered-evaluator", evaluator, issueHref(answered.ID))
	see("one-late-unit", filer, issueHref(late))
	see("one-late", supervisor, issueHref(late))
	see("one-long", supervisor, issueHref(long.ID))
	see("one-closed", leader, issueHref(closed.ID))
	see("new", evaluator, "/issues/new")
	see("assign", supervisor, "/issues/assign")
	see("remind", supervisor, "/issues/remind")
	see("plan", supervisor, "/plan#issue-ladder")
	see("work", filer, "/work")

	// A stale page: the colleague answered while the form was open.
	i := x.handed(t, "办事指南缺少收费标准", 2)
	stale := x.formOf(t, filer, i.ID, issue.GiveAnswer, url.Values{"text": {"我写的说明,不能丢"}})
	x.do(t, reviewer, i, issue.Move{Act: issue.Progress, Text: "同事登记的进展"})
	stale.Set("act", uuid.NewString())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/stale" {
			body := ask(x.site, filer, http.MethodPost, issueHref(i.ID)+"/act", stale)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write(body.Body.Bytes())
			return
		}
		x.only(filer).ServeHTTP(w, r)
	}))
	defer server.Close()
	servers["stale"] = server
	see("stale", "stale", "/stale")
}
