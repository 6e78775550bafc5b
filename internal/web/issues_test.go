package web

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"mingjing/internal/calendar"
	"mingjing/internal/issue"
)

// Each visitor's list holds what is theirs and nothing else, on the page and in
// the download.
func TestEachSeesTheirIssues(t *testing.T) {
	x := openIssues(t)
	const mark = "可见性甲乙丙"
	found := x.enter(t, mark+"未交办", 2)
	mine := x.handed(t, mark+"交给教育局", 2)
	theirs := x.handed(t, mark+"交给卫健局", 5)
	foreign := x.enterOn(t, rival, x.foreign, mark+"另一家的", 2)
	helped := x.enter(t, mark+"请教育局配合", 0)
	helped = x.do(t, supervisor, helped, issue.Move{Act: issue.Assign, Unit: 3, Helpers: nil})
	all := []string{found.ID, mine.ID, theirs.ID, foreign.ID, helped.ID}
	for account, sees := range map[string][]string{
		supervisor: all, leader: all, street: {theirs.ID}, evaluator: {found.ID, mine.ID, theirs.ID, helped.ID}, rival: {foreign.ID}, filer: {mine.ID}, reviewer: {mine.ID}, otherFiler: {theirs.ID},
	} {
		body := x.page(t, account, "/issues?q="+url.QueryEscape(mark), http.StatusOK)
		download := x.page(t, account, "/issues?q="+url.QueryEscape(mark)+"&download=issues.csv", http.StatusOK)
		if n := strings.Count(body, `class="issue-main"`); n != len(sees) {
			t.Errorf("%s is shown %d issues, want %d", account, n, len(sees))
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(download, "\ufeff"))).ReadAll()
		if err != nil || len(rows) != len(sees)+1 {
			t.Errorf("%s downloads %d rows (%v), want %d", account, len(rows), err, len(sees)+1)
		}
		for _, id := range all {
			listed, want := strings.Contains(body, issueHref(id)), slices.Contains(sees, id)
			if listed != want {
				t.Errorf("%s: %s is listed %v, want %v", account, id, listed, want)
			}
			status := http.StatusNotFound
			if want {
				status = http.StatusOK
			}
			for _, path := range []string{issueHref(id), issueHref(id) + "/evidence/" + strings.Repeat("a", 64)} {
				if path != issueHref(id) {
					status = http.StatusNotFound
				}
				x.page(t, account, path, status)
			}
		}
	}
	for _, path := range []string{"/issues", "/issues/new", issueHref(mine.ID)} {
		if w := ask(x.site, admin, http.MethodGet, path, nil); w.Code != http.StatusForbidden && w.Code != http.StatusNotFound {
			t.Errorf("an administrator asks for %s and is answered %d", path, w.Code)
		}
	}
	for account, path := range map[string]string{filer: "/issues/new", leader: "/issues/new", evaluator: "/issues/assign", reviewer: "/issues/remind"} {
		if w := ask(x.site, account, http.MethodGet, path, nil); w.Code != http.StatusForbidden {
			t.Errorf("%s asks for %s and is answered %d", account, path, w.Code)
		}
	}
}

// The filters stand in the address, and the tiles say what following them shows.
func TestIssueFilters(t *testing.T) {
	x := openIssues(t)
	const mark = "筛选子丑寅"
	x.enter(t, mark+"栏目未更新", 2)
	x.handed(t, mark+"链接打不开", 2)
	x.enter(t, mark+"没有单位", 0)
	late := x.overdue(t, mark+"早就到期", 2, calendar.At(calendar.Day(2026, 2, 20)))
	at := "/issues?q=" + url.QueryEscape(mark)
	for query, want := range map[string]int{"": 4, "&state=found": 2, "&state=found&state=handed": 4, "&overdue=1": 1, "&unassigned=1": 1, "&unit=2": 3, "&unit=5": 0,
		"&quarter=2026Q1": 4, "&quarter=2025Q4": 0, "&list=" + x.own.ID: 4, "&category=" + url.QueryEscape("链接失效"): 2, "&indicator=" + url.QueryEscape("栏目更新"): 3,
		"&round=" + url.QueryEscape("区测"): 4, "&round=" + url.QueryEscape("市测"): 0, "&waiting=1": 0, "&came=found": 4, "&came=handed": 2, "&came=settled": 0, "&stand=owed": 2, "&stand=going": 3, "&lead=2": 3, "&late=1": 1, "&reopened=1": 0, "&returned=1": 0, "&sort=due": 4, "&page=9": 4} {
		body := x.page(t, supervisor, at+query, http.StatusOK)
		if n := strings.Count(body, `class="issue-main"`); n != want {
			t.Errorf("%s shows %d, want %d", query, n, want)
		}
	}
	body := x.page(t, supervisor, at+"&state=found", http.StatusOK)
	for _, want := range []string{`<b>4</b><span>全部`, `<b>1</b><span>已逾期`, `<b>2</b><span>发现`, `<b>2</b><span>已交办`} {
		if !strings.Contains(body, want) {
			t.Errorf("the tiles beside a filter lack %s", want)
		}
	}
	byDue := x.page(t, supervisor, at+"&sort=due", http.StatusOK)
	if first := strings.Index(byDue, issueHref(late)); first < 0 || first > strings.Index(byDue, "栏目未更新") {
		t.Error("the earliest due does not stand first")
	}
	if !strings.Contains(byDue, "2026年2月20日24:00前 <b>已逾期10天</b>") {
		t.Error("the list does not say how long it is overdue")
	}
	for _, query := range []string{"&state=nothing", "&quarter=2026Q9", "&round=x", "&unit=x", "&lead=x", "&came=x", "&stand=x", "&list=nosuch", "&unit=999999", "&quarter=2031Q4"} {
		if w := ask(x.site, supervisor, http.MethodGet, at+query, nil); w.Code != http.StatusBadRequest && w.Code != http.StatusNotFound {
			t.Errorf("%s is answered %d", query, w.Code)
		}
	}
}

// Several issues are handed over at once; what cannot be stays, chosen, and says why.
func TestBatchOfIssues(t *testing.T) {
	x := openIssues(t)
	const mark = "批量卯辰巳"
	a, b, none := x.enter(t, mark+"一", 2), x.enter(t, mark+"二", 5), x.enter(t, mark+"三没有单位", 0)
	back := "/issues?q=" + url.QueryEscape(mark)
	form := url.Values{"act": {"batch-" + a.ID}, "back": {back}, "do": {"hand_over"}, "day": {"2026-03-18"}, "hour": {"17:00"},
		"issue": {issueKey(a.ID, a.Seq), issueKey(b.ID, b.Seq), issueKey(none.ID, none.Seq)}}
	w := ask(x.site, supervisor, http.MethodPost, "/issues/batch", form)
	at := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(at, "/issues?") {
		t.Fatalf("a batch of which some was done is answered %d %s", w.Code, at)
	}
	w = ask(x.site, supervisor, http.MethodGet, at, nil)
	if other := ask(x.site, leader, http.MethodGet, at, nil).Body.String(); strings.Contains(other, "先确定牵头单位") {
		t.Error("somebody else is told what became of it")
	}
	if body := w.Body.String(); w.Code != http.StatusOK || !strings.Contains(body, "已对2个问题办理“交办”") || !strings.Contains(body, "先确定牵头单位") || !strings.Contains(body, "is-stale") {
		t.Errorf("a batch with one that cannot be is answered %d: %.300s", w.Code, said(body))
	}
	if i := x.now(t, supervisor, a.ID); i.State != issue.Handed || i.Due.String() != "2026-03-18 17:00" {
		t.Errorf("the first stands at %s, due %s", i.State, i.Due)
	}
	before := x.now(t, supervisor, a.ID).Seq
	again := ask(x.site, supervisor, http.MethodPost, "/issues/batch", form)
	if again.Code != http.StatusSeeOther || x.now(t, supervisor, a.ID).Seq != before {
		t.Errorf("the form sent again is answered %d, want the same once more", again.Code)
	}
	if body := x.page(t, supervisor, again.Header().Get("Location"), http.StatusOK); !strings.Contains(body, "已对2个问题办理“交办”") || !strings.Contains(body, "先确定牵头单位") {
		t.Errorf("the form sent again leads to %.300s, want the same once more", said(body))
	}
	form = url.Values{"act": {"remind-" + a.ID}, "back": {back}, "do": {"remind"}, "issue": {issueKey(a.ID, 1), issueKey(b.ID, 1)}}
	w = ask(x.site, supervisor, http.MethodPost, "/issues/batch", form)
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/issues/remind?issue=") {
		t.Errorf("a reminder for several is answered %d %s", w.Code, w.Header().Get("Location"))
	}
	for name, wrong := range map[string]url.Values{"nothing chosen": {"act": {"x1"}, "do": {"hand_over"}}, "no act": {"act": {"x2"}, "issue": {issueKey(a.ID, a.Seq)}},
		"a key that is none": {"act": {"x3"}, "do": {"close"}, "issue": {"zzz"}}, "a day that is none": {"act": {"x4"}, "do": {"hand_over"}, "day": {"morgen"}, "issue": {issueKey(b.ID, b.Seq)}}} {
		if w := ask(x.site, supervisor, http.MethodPost, "/issues/batch", wrong); w.Code != http.StatusBadRequest || said(w.Body.String()) == "" {
			t.Errorf("%s is answered %d", name, w.Code)
		}
	}
	other := x.enter(t, mark+"四", 2)
	for _, account := range []string{filer, leader, evaluator} {
		form := url.Values{"act": {account + other.ID}, "do": {"hand_over"}, "issue": {issueKey(other.ID, other.Seq)}}
		if w := ask(x.site, account, http.MethodPost, "/issues/batch", form); w.Code != http.StatusConflict {
			t.Errorf("%s hands over and is answered %d", account, w.Code)
		}
	}
	if i := x.now(t, supervisor, other.ID); i.State != issue.Found {
		t.Errorf("an issue was handed over by somebody who may not: %s", i.State)
	}
}

// The unit's first page and the supervisor's overview lead to the issues.
func TestIssuesOnFirstPages(t *testing.T) {
	x := openIssues(t)
	i := x.handed(t, "首页午未申", 2)
	late := x.overdue(t, "首页逾期酉戌亥", 2, calendar.Moment{Date: calendar.Day(2026, 1, 5), Hour: 17})
	body := x.page(t, filer, "/work", http.StatusOK)
	for _, want := range []string{"要整改的问题", issueHref(late), "已超过期限,请立即整改并反馈", `<span class="nav-count" title="`} {
		if !strings.Contains(body, want) {
			t.Errorf("the unit's first page does not say %q", want)
		}
	}
	x.act(t, filer, i.ID, issue.GiveAnswer, http.StatusSeeOther, url.Values{"text": {"已改"}})
	if body := x.page(t, filer, "/work", http.StatusOK); strings.Contains(body, issueHref(i.ID)) {
		t.Error("an answered issue still stands on the unit's first page")
	}
	// The overview is one of a year with reports: the desk has them.
	d := &issueSite{site: openDesk(t), own: &issue.List{}}
	d.overdue(t, "总览上的逾期", 2, calendar.Moment{Date: calendar.Day(2026, 1, 5), Hour: 17})
	if body := d.page(t, supervisor, "/", http.StatusOK); !strings.Contains(body, `<a href="/issues?overdue=1" class="mark-error">`) {
		t.Error("the overview does not lead to the overdue issues")
	}
}

// The number beside 问题清单 in the menu is a tile of the list, which opens it.
func TestTheMenusCountIsATile(t *testing.T) {
	x := openIssues(t)
	x.enter(t, "菜单计数", 2)
	for _, account := range []string{supervisor, filer, evaluator} {
		n, err := x.office.IssueCount(t.Context(), as(t, x.site, account))
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			continue
		}
		body := x.page(t, account, "/issues", http.StatusOK)
		if !strings.Contains(body, fmt.Sprintf(`title="%d个问题待我办理`, n)) || !strings.Contains(body, fmt.Sprintf(`<b>%d</b><span>待我办理`, n)) {
			t.Errorf("%s: %d wait, and no tile says so", account, n)
		}
		if mine := x.page(t, account, "/issues?mine=1", http.StatusOK); !strings.Contains(mine, fmt.Sprintf("%d个问题", n)) {
			t.Errorf("%s: the tile does not open %d issues", account, n)
		}
	}
}
