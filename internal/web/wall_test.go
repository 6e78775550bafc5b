package web

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/interpret"
	"mingjing/internal/intake/reader"
	"mingjing/internal/people"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"
)

// The desk's pages by route and role: who is answered, and with what.
func TestDeskByRole(t *testing.T) {
	for _, sc := range []struct {
		path       string
		has        []string
		hasNot     []string
		readsOnly  []string // what a leader finds
		notLeader  []string // and does not
		leaderCode int
	}{
		{path: "/progress?year=2025", has: []string{"2025年度报告报送进度表", "提醒选中的单位", "法定期限:部门2026年1月31日", "/review/3/2025", "待审", "逾期"},
			readsOnly: []string{"2025年度报告报送进度表", "区自然资源局"}, notLeader: []string{"提醒选中的单位", `name="unit"`, "/filing/", "延期</a>"}},
		{path: "/progress?year=2025&mark=submitted", has: []string{"/units/3\"", "共 "}, hasNot: []string{"/units/4\""}},
		{path: "/plan?year=2025", has: []string{"2025年度报告工作日历", `name="step"`, "区本级发布", "催办阶梯"}, readsOnly: []string{"2026年1月23日17:00"}, notLeader: []string{"<textarea", `name="step"`, `action="/plan/extend"`}},
		{path: "/plan/holidays?year=2026", has: []string{"春节", "国办发明电", `name="text"`}, readsOnly: []string{"2026年节假日"}, notLeader: []string{`name="text"`}},
		{path: "/plan/holidays?year=2030", has: []string{"2030年未载入节假日"}},
		{path: "/compile?year=2025", has: []string{"年度报告汇总", "缺", "同一案件", "写入", "填写市里下发的表"}, readsOnly: []string{"下载Word"}, notLeader: []string{`action="/compile/take"`, `action="/compile/fills"`, "含已提交"}},
		{path: "/compile?year=2025&code=T3_NEW_RECEIVED_TOT", has: []string{"构成:", `id="parts"`, "/reports/2/2025/national/agency#T3_NEW_RECEIVED_TOT"}},
		{path: "/compile?year=2025&basis=provisional", has: []string{"暂定"}, leaderCode: http.StatusForbidden},
		{path: "/progress/reminders?year=2025", has: []string{"提醒记录", "常用提醒文字"}, leaderCode: http.StatusForbidden},
		{path: "/progress/remind?year=2025&unit=2", leaderCode: http.StatusForbidden},
	} {
		w := ask(district, supervisor, http.MethodGet, sc.path, nil)
		if len(sc.has) > 0 && w.Code != http.StatusOK {
			t.Errorf("%s answers the supervisor %d: %.300s", sc.path, w.Code, w.Body)
			continue
		}
		says(t, sc.path, w, sc.has, sc.hasNot)
		l := ask(district, leader, http.MethodGet, sc.path, nil)
		if want := max(sc.leaderCode, http.StatusOK); l.Code != want {
			t.Errorf("%s answers the leader %d, want %d", sc.path, l.Code, want)
		}
		if l.Code == http.StatusOK {
			says(t, sc.path+" for the leader", l, sc.readsOnly, sc.notLeader)
		}
		for _, account := range []string{filer, reviewer, evaluator} {
			if w := ask(district, account, http.MethodGet, sc.path, nil); w.Code != http.StatusForbidden {
				t.Errorf("%s answers %s %d, want 403", sc.path, account, w.Code)
			}
		}
	}
}

func says(t *testing.T, what string, w *httptest.ResponseRecorder, has, hasNot []string) {
	t.Helper()
	for _, s := range has {
		if !strings.Contains(w.Body.String(), s) {
			t.Errorf("%s does not say %q", what, s)
		}
	}
	for _, s := range hasNot {
		if strings.Contains(w.Body.String(), s) {
			t.Errorf("%s says %q", what, s)
		}
	}
}

// Wrong input is answered with a sentence, never with a failure of the server.
func TestDeskTakesNoNonsense(t *testing.T) {
	act := uuid.NewString()
	for _, sc := range []struct {
		method, path string
		form         url.Values
		code         int
	}{
		{GET, "/progress?mark=nothing", nil, 400},
		{GET, "/progress?year=20x5", nil, 400},
		{GET, "/progress/remind", nil, 303},
		{GET, "/progress/remind?unit=x", nil, 404},
		{GET, "/progress/reminders/none", nil, 404},
		{GET, "/progress/reminders/none/notice.docx", nil, 404},
		{POST, "/progress/remind", url.Values{"year": {"2025"}, "unit": {"2"}, "act": {act}}, 400},
		{POST, "/progress/remind", url.Values{"year": {"2025"}, "act": {act}, "text": {"x"}, "each": {"y"}, "way": {"text"}}, 400},
		{POST, "/plan", url.Values{"year": {"2025"}, "act": {act}, "step": {"初稿"}, "day": {"soon"}}, 400},
		{POST, "/plan", url.Values{"year": {"2025"}, "act": {act}}, 400},
		{POST, "/plan/extend", url.Values{"year": {"2025"}, "act": {act}, "unit": {"2"}, "step": {"定稿"}}, 400},
		{POST, "/plan/extend", url.Values{"year": {"2025"}, "act": {act}, "step": {"定稿"}, "day": {"2026-02-02"}, "reason": {"x"}}, 400},
		{POST, "/plan/ladder", url.Values{"year": {"2025"}, "act": {act}, "rung": {"催"}, "workdays": {"早"}}, 400},
		{POST, "/plan/holidays", url.Values{"year": {"2027"}, "act": {act}, "text": {"没有"}}, 400},
		{POST, "/compile/take", url.Values{"year": {"2025"}, "scope": {"全部"}}, 400},
		{POST, "/compile/fills", url.Values{"year": {"2025"}, "act": {act}}, 400},
		{POST, "/compile/fills", url.Values{"year": {"2025"}}, 400},
		{GET, "/compile?scope=全部", nil, 400},
		{GET, "/compile?year=2025&code=NOTHING", nil, 404},
		{GET, "/compile?government=2", nil, 404},
		{GET, "/compile/report.odt?year=2025", nil, 404},
		{GET, "/compile/fills/none", nil, 404},
	} {
		w := ask(district, supervisor, sc.method, sc.path, sc.form)
		if w.Code != sc.code {
			t.Errorf("%s %s %v answers %d, want %d: %.300s", sc.method, sc.path, sc.form, w.Code, sc.code, w.Body)
		}
	}
	if w := ask(district, filer, POST, "/reminders/none.2/read", url.Values{}); w.Code != http.StatusNotFound {
		t.Errorf("reading a notice that is none answers %d", w.Code)
	}
	if w := ask(district, admin, POST, "/compile/take", url.Values{"year": {"2025"}}); w.Code != http.StatusForbidden {
		t.Errorf("an administrator takes the sum over: %d", w.Code)
	}
}

// A supervisor of one subtree finds that subtree, on the page and in downloads.
func TestDeskKeepsToTheSubtree(t *testing.T) {
	ctx := context.Background()
	p := people.Person{Account: "subtree", Name: "分管审核", Grants: []people.Grant{{Role: people.Supervisor, Unit: 4}}}
	if err := district.office.CreateDemonstration(ctx, people.Machine("os:test", "cli"), p, staffPassword); err != nil {
		t.Fatal(err)
	}
	w := ask(district, stranger, POST, "/sign-in", url.Values{"account": {"subtree"}, "password": {staffPassword}})
	cookies := w.Result().Cookies()
	if len(cookies) != 1 {
		t.Fatalf("signing in answers %d", w.Code)
	}
	district.cookies["subtree"] = cookies[0]
	defer delete(district.cookies, "subtree")
	link := regexp.MustCompile(`href="/units/(\d+)"`)
	page := ask(district, "subtree", GET, "/progress?year=2025", nil)
	for _, m := range link.FindAllStringSubmatch(page.Body.String(), -1) {
		if m[1] != "4" {
			t.Errorf("the subtree's wall names unit %s", m[1])
		}
	}
	if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), `href="/units/4"`) {
		t.Errorf("the subtree's wall answers %d without its unit", page.Code)
	}
	list := ask(district, "subtree", GET, "/progress?year=2025&download=progress.csv", nil)
	if lines := strings.Count(list.Body.String(), "\r\n"); lines != 2 {
		t.Errorf("the subtree's download has %d lines, want a head and one unit", lines)
	}
	for _, path := range []string{"/compile?year=2025", "/compile?year=2025&government=1"} {
		if w := ask(district, "subtree", GET, path, nil); w.Code != http.StatusForbidden && w.Code != http.StatusNotFound {
			t.Errorf("%s answers a subtree %d", path, w.Code)
		}
	}
	if w := ask(district, "subtree", POST, "/progress/remind", url.Values{"year": {"2025"}, "unit": {"2"}, "way": {"text"}, "text": {"x"}, "each": {"y"}, "act": {uuid.NewString()}}); w.Code != http.StatusForbidden {
		t.Errorf("a subtree reminds another unit: %d", w.Code)
	}
}

// What the pages offer for download can be read back.
func TestDeskDownloads(t *testing.T) {
	w := ask(district, supervisor, GET, "/progress?year=2025&download=progress.xlsx", nil)
	book, err := excelize.OpenReader(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("数据")
	if err != nil || len(rows) < 20 || rows[0][0] != "单位" || !slices.Contains(rows[0], "催办阶段") {
		t.Errorf("the wall's workbook has %d rows, %v", len(rows), err)
	}
	sum := ask(district, supervisor, GET, "/compile/report.xlsx?year=2025", nil)
	filled, err := excelize.OpenReader(bytes.NewReader(sum.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer filled.Close()
	units, err := filled.GetRows("汇总单位")
	if err != nil || len(units) < 10 {
		t.Fatalf("the attachment has %d rows, %v", len(units), err)
	}
	doc := ask(district, supervisor, GET, "/compile/report.docx?year=2025", nil)
	read, err := reader.Read(t.Context(), "a.docx", doc.Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	readings, err := interpret.Read(read, "a.docx", interpret.Options{})
	if err != nil || len(readings) == 0 {
		t.Fatalf("the Word report is not read back: %v", err)
	}
	at := slices.Index(units[0], disclosure.LabelOf("T3_NEW_RECEIVED_TOT"))
	if n, ok := readings[0].Report.Value("T3_NEW_RECEIVED_TOT"); at < 0 || !ok || n.String() != units[len(units)-1][at] {
		t.Errorf("the Word report says %s, the workbook's total %s", n, units[len(units)-1][max(at, 0)])
	}
}

// The whole way of a reminder: chosen, sent, on the unit's first page, read.
func TestReminderReachesTheUnit(t *testing.T) {
	page := ask(district, supervisor, GET, "/progress/remind?year=2025&unit=5", nil)
	if page.Code != http.StatusOK && page.Code != http.StatusBadRequest {
		t.Fatalf("composing answers %d", page.Code)
	}
	wall := ask(district, supervisor, GET, "/progress?year=2025&mark=open", nil)
	m := regexp.MustCompile(`name="unit" value="(\d+)"`).FindStringSubmatch(wall.Body.String())
	if m == nil {
		t.Fatal("nobody is open on the wall")
	}
	form := url.Values{"year": {"2025"}, "unit": {m[1]}, "way": {"text", "word", "notice"}, "text": {"各单位:请抓紧报送<b>"}, "each": {"请于{期限}前报送{年度}年报告"}, "act": {uuid.NewString()}}
	w := ask(district, supervisor, POST, "/progress/remind", form)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("reminding answers %d: %.400s", w.Code, w.Body)
	}
	at := w.Header().Get("Location")
	says(t, at, ask(district, supervisor, GET, at, nil), []string{"各单位:请抓紧报送&lt;b&gt;", "下载催报通知", "还没有人点"}, []string{"报送<b>"})
	doc := ask(district, supervisor, GET, at+"/notice.docx", nil)
	if read, err := reader.Read(t.Context(), "a.docx", doc.Body.Bytes()); err != nil || read == nil {
		t.Errorf("the notice on paper cannot be read: %v", err)
	}
	if w := ask(district, supervisor, POST, "/progress/remind", form); w.Code != http.StatusSeeOther || w.Header().Get("Location") != at {
		t.Errorf("pressed twice it answers %d %s", w.Code, w.Header().Get("Location"))
	}
	if w := ask(district, leader, GET, at, nil); w.Code != http.StatusForbidden {
		t.Errorf("the leader reads the reminder: %d", w.Code)
	}
}
