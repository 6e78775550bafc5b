package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"

	"github.com/google/uuid"
)

// entryForm is the form of a new issue as a browser sends it.
func entryForm(list string, more url.Values) url.Values {
	out := url.Values{"act": {uuid.NewString()}, "list": {list}, "facts": {"政策解读没有与文件关联"}, "indicator1": {"解读互动"}, "indicator2": {"政策解读"}, "points": {"10"},
		"deduction": {"扣0.5分"}, "category": {""}, "unit": {""}, "day": {""}, "hour": {""}}
	for k, v := range more {
		out[k] = v
	}
	return out
}

func TestEnteringAnIssue(t *testing.T) {
	x := openIssues(t)
	body := x.page(t, evaluator, "/issues/new", http.StatusOK)
	if !strings.Contains(body, x.own.ID) || strings.Contains(body, x.foreign.ID) {
		t.Error("an evaluator is not offered the own lists alone")
	}
	if !strings.Contains(body, "2026年3月16日17:00(10个工作日后)") {
		t.Error("no due time is proposed")
	}
	form := entryForm(x.own.ID, url.Values{"unit": {"2"}, "helper": {"3"}, "day": {"2026-03-12"}, "hour": {"17:00"}, "address": {"https://www.example.gov.cn/jd/"}})
	var href string
	for range 2 { // a second press enters nothing more
		w := x.upload(t, evaluator, "/issues/new", form, map[string][]byte{"截图.png": smallPicture})
		if w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/issues/one/") {
			t.Fatalf("an entry is answered %d: %s", w.Code, said(w.Body.String()))
		}
		if href != "" && href != w.Header().Get("Location") {
			t.Error("the form sent again made another issue")
		}
		href = w.Header().Get("Location")
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(href, "/issues/one/"), "?")
	i := x.now(t, supervisor, id)
	if i.Deduction.Decimal.String() != "0.5" || i.Category != "解读互动" || i.Due.String() != "2026-03-12 17:00" || len(i.Evidence) != 2 || !slices.Equal(i.Helpers, []disclosure.UnitNumber{3}) {
		t.Errorf("entered as %+v", i.Content)
	}
	for name, tc := range map[string]struct {
		who    string
		fields url.Values
		status int
		has    string
	}{
		"without facts":       {evaluator, url.Values{"facts": {"  "}}, http.StatusBadRequest, "请写明问题明细"},
		"overlong facts":      {evaluator, url.Values{"facts": {strings.Repeat("字", 4001)}}, http.StatusBadRequest, strings.Repeat("字", 4001)},
		"points that are no":  {evaluator, url.Values{"points": {"很多"}}, http.StatusBadRequest, "很多"},
		"another's list":      {evaluator, url.Values{"list": {x.foreign.ID}}, http.StatusNotFound, "政策解读没有与文件关联"},
		"no list":             {evaluator, url.Values{"list": {""}}, http.StatusBadRequest, "请选择录入到哪份清单"},
		"a day that is none":  {evaluator, url.Values{"day": {"明天"}}, http.StatusBadRequest, "明天"},
		"a unit that is none": {evaluator, url.Values{"unit": {"999"}}, http.StatusBadRequest, "没有编号为"},
		"a filer's":           {filer, nil, http.StatusForbidden, ""},
		"a leader's":          {leader, nil, http.StatusForbidden, ""},
	} {
		w := ask(x.site, tc.who, http.MethodPost, "/issues/new", entryForm(x.own.ID, tc.fields))
		if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.has) {
			t.Errorf("an entry %s is answered %d, want %d with %q: %s", name, w.Code, tc.status, disclosure.Clip(tc.has, 20), said(w.Body.String()))
		}
	}
	more := entryForm(x.own.ID, url.Values{"then": {"more"}})
	if w := ask(x.site, evaluator, http.MethodPost, "/issues/new", more); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/issues/new?list=") {
		t.Errorf("entering one after the other leads to %s", w.Header().Get("Location"))
	}
	next := x.page(t, evaluator, "/issues/new", http.StatusOK)
	if !strings.Contains(next, `value="政策解读" data-indicator1="解读互动" data-points="10"`) {
		t.Error("an indicator that was used is not proposed")
	}
}

// A matter that was found true becomes an issue once, and each leads to the other.
func TestMatterBecomesAnIssue(t *testing.T) {
	x := openDesk(t)
	keys := markable(t, x, "/matters?basis=provisional&year=2022&severity=error&state=open")
	key := keys[len(keys)-1]
	id, _, _ := strings.Cut(key, ".")
	at := "/matters/2022/" + id + "?basis=provisional"
	if body := ask(x, supervisor, http.MethodGet, at, nil).Body.String(); strings.Contains(body, "转为问题") {
		t.Error("a matter that nobody found true can be made an issue")
	}
	if w := ask(x, supervisor, http.MethodGet, "/issues/new?from=matter&year=2022&id="+id, nil); w.Code != http.StatusConflict {
		t.Errorf("a matter that nobody found true is answered %d", w.Code)
	}
	if w := ask(x, supervisor, http.MethodPost, "/matters/mark", markForm("/matters", key)); w.Code != http.StatusSeeOther {
		t.Fatalf("marking is answered %d: %s", w.Code, said(w.Body.String()))
	}
	body := ask(x, supervisor, http.MethodGet, at, nil).Body.String()
	href := "/issues/new?basis=provisional&amp;from=matter&amp;id=" + id + "&amp;year=2022"
	if !strings.Contains(body, href) {
		t.Fatalf("the matter's page does not lead to %s", href)
	}
	l, err := x.office.PutIssueList(t.Context(), as(t, x, supervisor), uuid.NewString(), office.IssueListForm{Quarter: issueQuarter, Round: issue.RoundMonitor, Due: calendar.At(calendar.Day(2026, 3, 20))})
	if err != nil {
		t.Fatal(err)
	}
	page := ask(x, supervisor, http.MethodGet, strings.ReplaceAll(href, "&amp;", "&"), nil)
	if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "请核对台账后改正") || !strings.Contains(page.Body.String(), `name="from" value="matter"`) {
		t.Fatalf("the form (%d) does not begin with the matter", page.Code)
	}
	form := url.Values{"act": {uuid.NewString()}, "list": {l.ID}, "facts": {"表三收办不平衡"}, "unit": {"2"}, "from": {"matter"}, "year": {"2022"}, "id": {id}, "basis": {"provisional"}}
	w := ask(x, supervisor, http.MethodPost, "/issues/new", form)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("the entry is answered %d: %s", w.Code, said(w.Body.String()))
	}
	made, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	if body := ask(x, supervisor, http.MethodGet, made, nil).Body.String(); !strings.Contains(body, strings.ReplaceAll(at, "&", "&amp;")) || !strings.Contains(body, "2022年度报告") {
		t.Error("the issue does not lead back to the matter")
	}
	if body := ask(x, supervisor, http.MethodGet, at, nil).Body.String(); !strings.Contains(body, made) || strings.Contains(body, "/issues/new?") {
		t.Error("the matter does not lead to its issue")
	}
	form.Set("act", uuid.NewString())
	if w := ask(x, supervisor, http.MethodPost, "/issues/new", form); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), made) {
		t.Errorf("the matter made an issue once more is answered %d", w.Code)
	}
	for _, account := range []string{evaluator, filer} {
		if w := ask(x, account, http.MethodGet, "/issues/new?from=matter&year=2022&id="+id, nil); w.Code < 400 || w.Code >= 500 {
			t.Errorf("%s makes a matter an issue and is answered %d", account, w.Code)
		}
	}
}

// All issues without a unit are assigned in one sitting; what names a unit is
// chosen already.
func TestAssigningIssues(t *testing.T) {
	x := openIssues(t)
	a := x.enter(t, "分办甲:青山街道办事处与区教育局的指南不一致", 0)
	b := x.enter(t, "分办乙:没有写明单位", 0)
	c := x.enter(t, "分办丙:示范区民政局网站打不开", 0)
	body := x.page(t, supervisor, "/issues/assign", http.StatusOK)
	part := body[strings.Index(body, `name="unit.`+a.ID+`"`):]
	part = part[:strings.Index(part, "</li>")]
	if !strings.Contains(part, `<option value="4" selected`) || !strings.Contains(part[strings.Index(part, "helper."):], `<option value="2" selected`) {
		t.Errorf("the units named in the text are not proposed: %s", part)
	}
	form := url.Values{"act": {uuid.NewString()}, "do": {"assign"}, "id": {a.ID, b.ID}, "seq." + a.ID: {seqOf(x, t, a.ID)}, "seq." + b.ID: {seqOf(x, t, b.ID)},
		"unit." + a.ID: {"4"}, "helper." + a.ID: {"2", "4"}, "unit." + b.ID: {""}}
	if w := ask(x.site, supervisor, http.MethodPost, "/issues/assign", form); w.Code != http.StatusSeeOther || !strings.Contains(w.Header().Get("Location"), "done=1") {
		t.Fatalf("assigning is answered %d %s: %s", w.Code, w.Header().Get("Location"), said(w.Body.String()))
	}
	if i := x.now(t, supervisor, a.ID); i.Unit != 4 || !slices.Equal(i.Helpers, []disclosure.UnitNumber{2}) || i.State != issue.Found {
		t.Errorf("assigned to %d with %v, %s", i.Unit, i.Helpers, i.State)
	}
	form = url.Values{"act": {uuid.NewString()}, "do": {"hand_over"}, "day": {"2026-03-13"}, "hour": {"12:00"}, "id": {b.ID, c.ID}, "seq." + b.ID: {seqOf(x, t, b.ID)}, "seq." + c.ID: {"1"},
		"unit." + b.ID: {"5"}, "unit." + c.ID: {"3"}}
	w := ask(x.site, supervisor, http.MethodPost, "/issues/assign", form)
	if body := w.Body.String(); w.Code != http.StatusConflict || !strings.Contains(body, "已办理1个,另有1个没有办成") || !strings.Contains(body, "is-stale") {
		t.Errorf("one of two that changed meanwhile is answered %d: %s", w.Code, said(body))
	}
	if i := x.now(t, otherFiler, b.ID); i.State != issue.Handed || i.Due.String() != "2026-03-13 12:00" {
		t.Errorf("handed over: %s, due %s", i.State, i.Due)
	}
	for name, wrong := range map[string]url.Values{"nothing chosen": {"act": {"y1"}, "id": {c.ID}}, "a unit that is none": {"act": {"y2"}, "id": {c.ID}, "unit." + c.ID: {"x"}, "seq." + c.ID: {"1"}},
		"an issue that is none": {"act": {"y3"}, "id": {"z"}, "unit.z": {"2"}}} {
		if w := ask(x.site, supervisor, http.MethodPost, "/issues/assign", wrong); w.Code != http.StatusBadRequest || said(w.Body.String()) == "" {
			t.Errorf("%s is answered %d", name, w.Code)
		}
	}
}

// Reminders: what the ladder has reached, in words to paste, on paper and on the
// unit's first page; the issue's course has it.
func TestRemindingOfIssues(t *testing.T) {
	x := openIssues(t)
	late := x.overdue(t, "催办一:区长信箱没有回复", 5, calendar.Moment{Date: calendar.Day(2026, 2, 25), Hour: 17})
	far := x.handed(t, "催办二:还早", 5)
	body := x.page(t, supervisor, "/issues/remind", http.StatusOK)
	if !strings.Contains(body, late) || strings.Contains(body, far.ID) || !strings.Contains(body, "已逾期5天 · 催办") {
		t.Error("the page does not offer what the ladder has reached, and nothing else")
	}
	body = x.page(t, supervisor, "/issues/remind?issue="+late+"&issue="+far.ID, http.StatusOK)
	if !strings.Contains(body, far.ID) {
		t.Error("what was chosen is not offered")
	}
	form := url.Values{"act": {uuid.NewString()}, "shown": {late, far.ID}, "issue": {late}, "way": {"text", "notice", "word"}, "text": {"请抓紧:2026年2月25日"}, "each": {"{单位}有{件数}个问题:{名单}"}}
	wrong := url.Values{}
	for k, v := range form {
		wrong[k] = v
	}
	wrong["each"] = []string{"{年度}"}
	if w := ask(x.site, supervisor, http.MethodPost, "/issues/remind", wrong); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "{年度}") || !strings.Contains(w.Body.String(), `value="`+far.ID+`">`) {
		t.Errorf("a word that nobody knows is answered %d", w.Code)
	}
	w := ask(x.site, supervisor, http.MethodPost, "/issues/remind", form)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("reminding is answered %d: %s", w.Code, said(w.Body.String()))
	}
	again := ask(x.site, supervisor, http.MethodPost, "/issues/remind", form)
	if again.Code != http.StatusSeeOther || again.Header().Get("Location") != w.Header().Get("Location") {
		t.Errorf("the form sent again is answered %d", again.Code)
	}
	body = x.page(t, supervisor, w.Header().Get("Location"), http.StatusOK)
	for _, want := range []string{"请抓紧:2026年2月25日", issueHref(late), "示范区卫生健康局有1个问题", "notice.docx"} {
		if !strings.Contains(body, want) {
			t.Errorf("the reminder's page does not say %q", want)
		}
	}
	document := ask(x.site, supervisor, http.MethodGet, w.Header().Get("Location")+"/notice.docx", nil)
	if document.Code != http.StatusOK || !strings.HasPrefix(document.Body.String(), "PK") {
		t.Errorf("the notice is answered %d", document.Code)
	}
	if body := x.page(t, otherFiler, "/work", http.StatusOK); !strings.Contains(body, "示范区卫生健康局有1个问题") {
		t.Error("the unit is not reminded on its first page")
	}
	if i := x.now(t, otherFiler, late); len(i.Reminders) != 1 || !strings.Contains(x.page(t, otherFiler, issueHref(late), http.StatusOK), "<b>催办</b>") {
		t.Errorf("%d reminders in the issue's course, want 1", len(i.Reminders))
	}
	if body := x.page(t, supervisor, "/progress/reminders?year=2025", http.StatusOK); !strings.Contains(body, "问题整改") {
		t.Error("the reminder does not stand among the others")
	}
	for _, account := range []string{filer, evaluator, leader} {
		if w := ask(x.site, account, http.MethodPost, "/issues/remind", form); w.Code != http.StatusForbidden {
			t.Errorf("%s reminds and is answered %d", account, w.Code)
		}
	}
}

// The ladder of issues has a place beside the report's, and a change that comes
// too late is refused with what was typed.
func TestIssueLadder(t *testing.T) {
	x, err := newIssueSite(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"act": {uuid.NewString()}, "seen": {"0"}, "year": {"2025"}, "rung": {"预警", "点名"}, "workdays": {"-30", "2"}, "rung_says": {"提前告知", ""}}
	for name, days := range map[string][]string{"words": {"三天", "2"}, "out of order": {"5", "2"}} {
		wrong := url.Values{"act": {uuid.NewString()}, "seen": {"0"}, "year": {"2025"}, "rung": form["rung"], "rung_says": form["rung_says"], "workdays": days}
		if w := ask(x.site, supervisor, http.MethodPost, "/plan/issue-ladder", wrong); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), `value="`+days[0]+`"`) {
			t.Errorf("a ladder with %s is answered %d", name, w.Code)
		}
	}
	if w := ask(x.site, supervisor, http.MethodPost, "/plan/issue-ladder", form); w.Code != http.StatusSeeOther || !strings.Contains(w.Header().Get("Location"), "#issue-ladder") {
		t.Fatalf("the ladder is answered %d", w.Code)
	}
	body := x.page(t, supervisor, "/plan?done=issue-ladder", http.StatusOK)
	if !strings.Contains(body, `value="预警"`) || !strings.Contains(body, `value="催办"`) || !strings.Contains(body, "问题整改的催办阶梯已保存") {
		t.Error("the page does not show both ladders")
	}
	form.Set("act", uuid.NewString())
	if w := ask(x.site, supervisor, http.MethodPost, "/plan/issue-ladder", form); w.Code != http.StatusConflict {
		t.Errorf("a ladder on an old version is answered %d", w.Code)
	}
	i := x.handed(t, "按新阶梯", 2)
	if body := x.page(t, supervisor, issueHref(i.ID), http.StatusOK); !strings.Contains(body, "“预警”") {
		t.Error("the issue's page does not go by the district's ladder")
	}
	if w := ask(x.site, leader, http.MethodPost, "/plan/issue-ladder", form); w.Code != http.StatusForbidden {
		t.Errorf("a leader's ladder is answered %d", w.Code)
	}
}
