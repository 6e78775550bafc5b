package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"
	"github.com/xuri/excelize/v2"
)

// enter makes an account of a test and signs it in.
func enter(t *testing.T, x *site, account string, g ...people.Grant) {
	t.Helper()
	ctx := t.Context()
	if err := x.office.CreateDemonstration(ctx, people.Machine("os:test", "cli"), people.Person{Account: account, Name: "测试" + account, Grants: g}, staffPassword); err != nil {
		t.Fatal(err)
	}
	kept, err := x.office.Sessions(ctx)
	if err != nil {
		t.Fatal(err)
	}
	until := time.Now().Add(time.Hour)
	data, err := jsonCodec{}.Encode(until, map[string]any{factsKey: office.SessionFacts{Account: account, Since: testClock()}})
	if err != nil {
		t.Fatal(err)
	}
	if err := kept.CommitCtx(ctx, "token-of-"+account, data, until); err != nil {
		t.Fatal(err)
	}
	x.cookies[account] = &http.Cookie{Name: "mingjing", Value: "token-of-" + account}
}

func wantAnswer(t *testing.T, w *httptest.ResponseRecorder, what string, status int, has ...string) {
	t.Helper()
	if w.Code != status {
		t.Errorf("%s is answered %d, want %d: %.300s", what, w.Code, status, sentenceIn(w.Body.String()))
	}
	for _, part := range has {
		if !strings.Contains(w.Body.String(), part) {
			t.Errorf("%s: the answer lacks %q", what, part)
		}
	}
}

// sentenceIn is what a page says went wrong.
func sentenceIn(body string) string {
	if i := strings.Index(body, `role="alert">`); i >= 0 {
		return body[i:]
	}
	return body
}

// A supervisor of one unit reaches no account, unit or line of the log outside
// of it, by whatever address.
func TestASubtreeIsAFence(t *testing.T) {
	enter(t, district, "fence", people.Grant{Role: people.Supervisor, Unit: 4})
	enter(t, district, "infence", people.Grant{Role: people.Filer, Unit: 4})
	wantAnswer(t, ask(district, "fence", GET, "/admin/accounts", nil), "the list", 200, "infence")
	for _, outside := range []string{"filer", "other", "supervisor", "admin", "leader"} {
		if body := ask(district, "fence", GET, "/admin/accounts?q="+outside, nil).Body.String(); strings.Contains(body, accountHref(outside)) {
			t.Errorf("the list shows %s", outside)
		}
		at := accountHref(outside)
		wantAnswer(t, ask(district, "fence", GET, at, nil), at, 404)
		for _, do := range []string{"disable", "enable", "unlock", "reset"} {
			wantAnswer(t, ask(district, "fence", POST, at+"/switch", url.Values{"do": {do}}), do+" "+outside, 404)
		}
		wantAnswer(t, ask(district, "fence", POST, at, url.Values{"name": {"改名"}, "seen": {"1"}, "role": {"填报员"}, "unit": {"4"}}), "changing "+outside, 404)
		wantAnswer(t, ask(district, "fence", POST, at+"/hand-over", url.Values{"account": {"heir"}, "name": {"接手"}}), "handing over "+outside, 404)
	}
	wantAnswer(t, ask(district, "fence", POST, "/admin/accounts/new", url.Values{"account": {"spy"}, "name": {"越权"}, "role": {"填报员"}, "unit": {"5"}}), "a filer for another unit", 403)
	wantAnswer(t, ask(district, "fence", POST, "/admin/accounts/new", url.Values{"account": {"spy"}, "name": {"越权"}, "role": {"管理员"}, "unit": {"4"}}), "an administrator", 403)
	rows, _ := json.Marshal([]office.ListedAccount{{Place: "第2行", Account: "spy", Name: "越权", Roles: "填报员", Units: "#5"}, {Place: "第3行", Account: "spy2", Name: "越权", Roles: "领导", Units: "全部单位"}})
	wantAnswer(t, ask(district, "fence", POST, "/admin/accounts/list/create", url.Values{"rows": {string(rows)}}), "a list for other units", 409)
	for _, path := range []string{"/admin/units/5", "/admin/units/2", "/admin/audit?unit=5", "/admin/audit?unit=5&download=audit.csv"} {
		wantAnswer(t, ask(district, "fence", GET, path, nil), path, 403)
	}
	for _, path := range []string{"/admin/units/5", "/admin/units/5/merge", "/admin/units/new", "/admin/settings", "/admin/settings/backup"} {
		wantAnswer(t, ask(district, "fence", POST, path, url.Values{"name": {"越权"}, "kind": {"部门"}, "parent": {"0"}, "into": {"4"}, "act": {uuid.NewString()}}), "posting "+path, 403)
	}
	lines, _, err := district.office.Audit(t.Context(), people.Machine("os:test", "cli"), office.AuditQuery{}, 300)
	if err != nil {
		t.Fatal(err)
	}
	opened := 0
	for _, l := range lines {
		w := ask(district, "fence", GET, fmt.Sprintf("/admin/audit/%d", l.Seq), nil)
		inside := l.Unit == 4 || slices.Contains([]string{"fence", "infence"}, l.ID) || l.Account == "fence"
		if inside && w.Code == 200 {
			opened++
		}
		if !inside && w.Code != 404 {
			t.Errorf("line %d (%s %s of unit %d) is answered %d", l.Seq, l.Kind, l.ID, l.Unit, w.Code)
		}
	}
	if opened == 0 {
		t.Error("nothing of the own subtree can be opened")
	}
	for _, path := range []string{"/admin/audit", "/admin/audit?q=filer", "/admin/audit?who=os:test", "/admin/audit?id=5&kind=unit", "/admin/audit?download=audit.csv", "/admin/units?download=units.csv", "/admin/accounts?download=accounts.csv"} {
		body := ask(district, "fence", GET, path, nil).Body.String()
		for _, name := range []string{"测试filer", "测试admin", "测试other"} {
			if strings.Contains(body, name) {
				t.Errorf("%s tells of %s", path, name)
			}
		}
	}
}

var slipAt = regexp.MustCompile(`^/admin/accounts/slips/\w+$`)

// An account from its creation to its successor, as a supervisor works.
func TestAccountsOnPages(t *testing.T) {
	w := ask(district, supervisor, POST, "/admin/accounts/new", url.Values{"account": {"Neu.Konto"}, "name": {"<b>新人</b>"}, "phone": {"123"}, "role": {"填报员", "审核员", ""}, "unit": {"6", "7", ""}})
	at := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !slipAt.MatchString(at) {
		t.Fatalf("creating answers %d to %q: %.300s", w.Code, at, sentenceIn(w.Body.String()))
	}
	slipPage := ask(district, supervisor, GET, at, nil)
	wantAnswer(t, slipPage, "the slip", 200, "neu.konto", "初始口令", "&lt;b&gt;新人")
	if slipPage.Header().Get("Cache-Control") != "private, no-store" {
		t.Errorf("the slip may be cached: %s", slipPage.Header().Get("Cache-Control"))
	}
	wantAnswer(t, ask(district, admin, GET, at, nil), "the slip for somebody else", 404)
	docx := ask(district, supervisor, GET, at+"/slips.docx", nil)
	if wantAnswer(t, docx, "the slip in Word", 200); !bytes.HasPrefix(docx.Body.Bytes(), []byte("PK")) {
		t.Error("the slip is no Word document")
	}
	wantAnswer(t, ask(district, supervisor, POST, at+"/clear", url.Values{}), "clearing", 303)
	wantAnswer(t, ask(district, supervisor, GET, at, nil), "the slip once cleared", 404)

	wantAnswer(t, ask(district, supervisor, POST, "/admin/accounts/new", url.Values{"account": {"neu.konto"}, "name": {"另一人"}, "role": {"领导"}, "unit": {"0"}}), "the same account", 409, "已经存在", "另一人")
	wantAnswer(t, ask(district, supervisor, POST, "/admin/accounts/new", url.Values{"account": {"x1"}, "name": {"缺单位"}, "role": {"填报员"}, "unit": {""}}), "a role without a unit", 400, "请为角色", "缺单位")
	own := accountHref("neu.konto")
	wantAnswer(t, ask(district, supervisor, GET, "/admin/accounts?q=neu.konto&state=initial&role=审核员&unit=7", nil), "the list", 200, own, "未改初始口令")
	if body := ask(district, supervisor, GET, "/admin/accounts?q=neu.konto&state=locked", nil).Body.String(); strings.Contains(body, own) {
		t.Error("the filter lets others through")
	}
	w = ask(district, supervisor, POST, own+"/switch", url.Values{"do": {"reset"}})
	if w.Code != 303 || !slipAt.MatchString(w.Header().Get("Location")) {
		t.Errorf("a reset answers %d to %s", w.Code, w.Header().Get("Location"))
	}
	a, err := district.office.Account(t.Context(), people.Machine("os:test", "cli"), "neu.konto")
	if err != nil {
		t.Fatal(err)
	}
	change := url.Values{"name": {"改了名"}, "seen": {fmt.Sprint(a.Seq)}, "role": {"填报员"}, "unit": {"6"}}
	wantAnswer(t, ask(district, supervisor, POST, own, change), "a change", 303)
	wantAnswer(t, ask(district, admin, POST, own, change), "a stale change", 409, "测试supervisor(supervisor)", "改了名")
	w = ask(district, supervisor, POST, own+"/hand-over", url.Values{"account": {"heir"}, "name": {"接手人"}})
	if w.Code != 303 || !slipAt.MatchString(w.Header().Get("Location")) {
		t.Errorf("handing over answers %d", w.Code)
	}
	wantAnswer(t, ask(district, supervisor, GET, own, nil), "the predecessor", 200, "heir", "已停用")
	wantAnswer(t, ask(district, supervisor, GET, accountHref("heir"), nil), "the successor", 200, "neu.konto", "变更记录")
	wantAnswer(t, ask(district, supervisor, POST, accountHref(supervisor)+"/switch", url.Values{"do": {"disable"}, "sure": {"yes"}, "reason": {"离职"}}), "disabling oneself", 409, "不能停用自己的账号")
}

func TestListsOfAccounts(t *testing.T) {
	template := ask(district, supervisor, GET, "/admin/accounts/template.xlsx", nil)
	f, err := excelize.OpenReader(bytes.NewReader(template.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, _ := f.GetRows("Sheet1"); len(got) != 1 || !slices.Equal(got[0], office.AccountListHeads) {
		t.Errorf("the template has %v", got)
	}
	rows, _ := json.Marshal([]office.ListedAccount{{Place: "第2行", Account: "liste1", Name: "甲", Roles: "填报员", Units: "#8"}, {Place: "第3行", Account: "liste2", Name: "乙", Roles: "科员", Units: "全部单位"},
		{Place: "第4行", Account: "liste1", Name: "丙", Roles: "领导"}, {Place: "第5行", Account: "liste3", Name: "丁", Roles: "领导、评估员", Units: "全部单位"}})
	w := ask(district, supervisor, POST, "/admin/accounts/list/create", url.Values{"rows": {string(rows)}})
	slipsPage := ask(district, supervisor, GET, w.Header().Get("Location"), nil)
	wantAnswer(t, slipsPage, "the slips", 200, "liste3")
	if strings.Contains(slipsPage.Body.String(), "liste2") {
		t.Error("a row with a problem was created")
	}
	wantAnswer(t, ask(district, supervisor, POST, "/admin/accounts/list/create", url.Values{"rows": {string(rows)}}), "the same list again", 409, "已经存在", "没有名为“科员”的角色")
}

func TestUnitsOnPages(t *testing.T) {
	x, err := openSite(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer x.store.Close()
	if err := staff(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	top := url.Values{"act": {uuid.NewString()}, "name": {"网页示范区"}, "kind": {"政府"}, "parent": {"0"}}
	wantAnswer(t, ask(x, admin, POST, "/admin/units/new", top), "a unit at the top", 303)
	act := uuid.NewString()
	form := url.Values{"act": {act}, "name": {"网页新建局"}, "kind": {"部门"}, "parent": {"1"}, "sort": {"990"}, "from": {"", ""}, "group": {"甲组", ""}, "scope": {"本机关", ""}, "counted": {"no", "yes"}, "aliases": {"新局、网局"}, "review": {"off"}}
	w := ask(x, admin, POST, "/admin/units/new", form)
	wantAnswer(t, w, "creating", 303)
	at, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	if again := ask(x, admin, POST, "/admin/units/new", form); again.Code != 303 && again.Code != 400 {
		t.Errorf("a second press is answered %d", again.Code)
	}
	page := ask(x, admin, GET, at, nil)
	wantAnswer(t, page, "the unit", 200, "网页新建局", "新局、网局", "甲组")
	seen := regexp.MustCompile(`name="seen" value="(\d+)"`).FindStringSubmatch(page.Body.String())[1]
	form.Set("seen", seen)
	form.Set("act", uuid.NewString())
	form.Set("short", "网局")
	wantAnswer(t, ask(x, supervisor, POST, at, form), "a change", 303)
	form.Set("act", uuid.NewString())
	wantAnswer(t, ask(x, admin, POST, at, form), "a stale change", 409, "测试supervisor(supervisor)")
	form.Set("sort", "最后")
	wantAnswer(t, ask(x, admin, POST, at, form), "an order that is no number", 400, "排序应是数字", "网页新建局")
	wantAnswer(t, ask(x, admin, GET, "/admin/units?q=网局", nil), "the list", 200, at, "纸质审签")
	wantAnswer(t, ask(x, admin, POST, at+"/merge", url.Values{"into": {"1"}}), "merging a confirmed unit", 400, "不是待确认的单位")
	wantAnswer(t, ask(x, admin, POST, "/admin/units/import", url.Values{}), "an import without a file", 400, "请选择一个文件")
	wantAnswer(t, ask(x, admin, POST, "/admin/units/import/accept", url.Values{"id": {"none"}}), "accepting nothing", 400, "预览已过期")
	list := ask(x, admin, GET, "/admin/units?download=units.csv", nil).Body.String()
	if !strings.HasPrefix(list, "\ufeff"+strings.Join(office.UnitListHeads, ",")) || !strings.Contains(list, "网页新建局") {
		t.Errorf("the list begins %.200s", list)
	}
}

func TestTheLogOnPages(t *testing.T) {
	enter(t, district, "leaves-traces", people.Grant{Role: people.Leader})
	wantAnswer(t, ask(district, admin, GET, "/admin/audit?id=leaves-traces", nil), "the log", 200, "本机命令行(test)", "测试leaves-traces")
	lines, _, err := district.office.Audit(t.Context(), people.Machine("os:test", "cli"), office.AuditQuery{ID: "leaves-traces"}, 1)
	if err != nil || len(lines) != 1 {
		t.Fatal(lines, err)
	}
	wantAnswer(t, ask(district, admin, GET, fmt.Sprintf("/admin/audit/%d", lines[0].Seq), nil), "the act", 200, "领导(全部单位)", "本机命令行(test)")
	wantAnswer(t, ask(district, admin, GET, "/admin/audit?from=2026-13-01", nil), "a day that is none", 400, "日期应写成")
	if body := ask(district, admin, GET, "/admin/audit?id=leaves-traces&to=2020-01-01", nil).Body.String(); strings.Contains(body, fmt.Sprintf("/admin/audit/%d", lines[0].Seq)) {
		t.Error("acts after the last day are shown")
	}
	if body := ask(district, admin, GET, "/admin/audit?who="+url.QueryEscape("本机命令行(test)")+"&id=leaves-traces", nil).Body.String(); !strings.Contains(body, fmt.Sprintf("/admin/audit/%d", lines[0].Seq)) || strings.Contains(body, "os:test") {
		t.Error("the log cannot be filtered by what it calls a command")
	}
	// Disabling asks for a reason and a tick in the form itself; the reason stands in the log.
	at := accountHref("leaves-traces")
	for _, form := range []url.Values{{"do": {"disable"}}, {"do": {"disable"}, "reason": {"离职"}}, {"do": {"disable"}, "sure": {"yes"}, "reason": {" "}}} {
		wantAnswer(t, ask(district, admin, POST, at+"/switch", form), "disabling without a word", 400, "理由")
	}
	wantAnswer(t, ask(district, admin, POST, at+"/switch", url.Values{"do": {"disable"}, "sure": {"yes"}, "reason": {"已调离政务公开岗位"}}), "disabling", 303)
	gone, _, err := district.office.Audit(t.Context(), people.Machine("os:test", "cli"), office.AuditQuery{ID: "leaves-traces"}, 1)
	if err != nil || len(gone) != 1 {
		t.Fatal(gone, err)
	}
	wantAnswer(t, ask(district, admin, GET, fmt.Sprintf("/admin/audit/%d", gone[0].Seq), nil), "the act of disabling", 200, "停用理由", "已调离政务公开岗位")
	wantAnswer(t, ask(district, admin, GET, at, nil), "the account", 200, "已调离政务公开岗位")
	export := ask(district, admin, GET, "/admin/audit?id=leaves-traces&download=audit.csv", nil)
	wantAnswer(t, export, "the export", 200, "leaves-traces", "本机命令行(test)")
	own, _, err := district.office.Audit(t.Context(), people.Machine("os:test", "cli"), office.AuditQuery{Actor: admin, Verb: "export"}, 1)
	if err != nil || len(own) != 1 {
		t.Errorf("the export is not in the log: %v, %v", own, err)
	}
	// A report's figures are told by their labels.
	lines, _, err = district.office.Audit(t.Context(), people.Machine("os:test", "cli"), office.AuditQuery{Kind: "report", Unit: 3}, 1)
	if err != nil || len(lines) != 1 {
		t.Fatal(lines, err)
	}
	wantAnswer(t, ask(district, supervisor, GET, fmt.Sprintf("/admin/audit/%d", lines[0].Seq), nil), "a report's act", 200, "本年新收政府信息公开申请数量")
}

func TestSettingsOnPages(t *testing.T) {
	page := ask(empty, admin, GET, "/admin/settings", nil)
	wantAnswer(t, page, "the settings", 200, "还没有备份", "还没有修改过")
	form := url.Values{"seen": {"0"}, "act": {uuid.NewString()}, "notice": {"本区提示:不得上传国家秘密"}, "contact": {"张三 0000"}, "office": {"某区政府办"}, "own_approval": {"no"}, "annex": {"yes"}}
	wantAnswer(t, ask(empty, admin, POST, "/admin/settings", form), "a change", 303)
	for _, path := range []string{"/sign-in", "/help"} {
		wantAnswer(t, ask(empty, stranger, GET, path, nil), path, 200, "本区提示:不得上传国家秘密")
	}
	form.Set("act", uuid.NewString())
	wantAnswer(t, ask(empty, admin, POST, "/admin/settings", form), "a stale change", 409, "测试admin(admin)")
	wantAnswer(t, ask(empty, admin, GET, "/admin/settings", nil), "the history", 200, "页面提示", "测试admin")
	form.Set("notice", strings.Repeat("长", 201))
	wantAnswer(t, ask(empty, admin, POST, "/admin/settings", form), "a long notice", 400, "不超过200个字")
}

func TestErasingOnPages(t *testing.T) {
	enter(t, empty, "admin2", people.Grant{Role: people.Admin})
	enter(t, district, "admin2", people.Grant{Role: people.Admin})
	wantAnswer(t, ask(district, supervisor, GET, "/admin/erase", nil), "a supervisor", 403)
	wantAnswer(t, ask(district, admin, GET, "/admin/erase?unit=0&year=2021", nil), "what belongs to no unit", 200, `<option value="0" selected>`)
	page := ask(district, admin, GET, "/admin/erase?unit=9&year=2021", nil)
	wantAnswer(t, page, "what can be erased", 200, "报告版本")
	report := regexp.MustCompile(`name="report" value="(\d+)"`).FindStringSubmatch(page.Body.String())
	if report == nil {
		t.Fatal("no revision can be chosen")
	}
	form := url.Values{"unit": {"9"}, "year": {"2021"}, "act": {uuid.NewString()}, "report": report[1:], "part": {"prose"}, "reason": {""}}
	wantAnswer(t, ask(district, admin, POST, "/admin/erase", form), "without a reason", 400, "请写明清除的理由")
	form.Set("reason", "误传个人信息")
	wantAnswer(t, ask(district, admin, POST, "/admin/erase", form), "asking", 303)
	list := ask(district, "admin2", GET, "/admin/erase", nil).Body.String()
	at := regexp.MustCompile(`action="(/admin/erase/[^"]+)"`).FindStringSubmatch(list)
	if at == nil || !strings.Contains(list, "误传个人信息") {
		t.Fatal("the second administrator does not see the request")
	}
	wantAnswer(t, ask(district, admin, POST, at[1], url.Values{"do": {"confirm"}, "sure": {"yes"}}), "one alone", 403, "另一名管理员")
	wantAnswer(t, ask(district, "admin2", POST, at[1], url.Values{"do": {"confirm"}}), "without a tick", 400, "不能恢复")
	wantAnswer(t, ask(district, "admin2", POST, at[1], url.Values{"do": {"confirm"}, "sure": {"yes"}}), "two", 303)
	wantAnswer(t, ask(district, admin, GET, "/admin/erase", nil), "afterwards", 200, "清除完成", "误传个人信息")
	if _, err := district.office.Recheck(t.Context(), nil); err != nil { // an erasure takes the checks' results along
		t.Fatal(err)
	}
	if body := ask(district, admin, GET, "/reports/9/2021/national/agency", nil); body.Code != 200 {
		t.Errorf("the report whose prose was erased is answered %d", body.Code)
	}
}

// The password is asked for once; then the code, for a few minutes.
func TestTheCodeComesAfterThePassword(t *testing.T) {
	district.office.UseKey(make([]byte, 32))
	defer district.office.UseKey(nil)
	enter(t, district, "zwei", people.Grant{Role: people.Leader})
	wantAnswer(t, ask(district, "zwei", POST, "/me/second-factor", url.Values{"do": {"begin"}}), "beginning", 303)
	page := ask(district, "zwei", GET, "/me", nil)
	wantAnswer(t, page, "the own page", 200, "/me/second-factor.png", "当前登录")
	picture := ask(district, "zwei", GET, "/me/second-factor.png", nil)
	if picture.Header().Get("Cache-Control") != "no-store" || !bytes.HasPrefix(picture.Body.Bytes(), []byte("\x89PNG")) {
		t.Errorf("the picture is answered %d, %s", picture.Code, picture.Header().Get("Cache-Control"))
	}
	wantAnswer(t, ask(district, "zwei", POST, "/me/second-factor", url.Values{"do": {"confirm"}, "code": {"000000"}}), "a wrong code", 403, "验证码不正确")
	secret := regexp.MustCompile(`class="secret">(\w+)<`).FindStringSubmatch(page.Body.String())[1]
	wantAnswer(t, ask(district, "zwei", POST, "/me/second-factor", url.Values{"do": {"confirm"}, "code": {codeAt(t, secret, testClock())}}), "the right code", 303)
	w := ask(district, stranger, POST, "/sign-in", url.Values{"account": {"zwei"}, "password": {staffPassword}, "next": {"/compare"}})
	wantAnswer(t, w, "the password", 200, "/sign-in/code", `autocomplete="one-time-code"`)
	if len(w.Result().Cookies()) != 0 {
		t.Error("the password alone begins a session")
	}
	step := regexp.MustCompile(`name="step" value="(\w+)"`).FindStringSubmatch(w.Body.String())[1]
	wantAnswer(t, ask(district, stranger, POST, "/sign-in/code", url.Values{"step": {step}, "code": {"000000"}, "next": {"/compare"}}), "a wrong code", 403, "验证码不正确", step)
	// One step of the clock on: each code is good once, and a phone may be 30 s ahead.
	w = ask(district, stranger, POST, "/sign-in/code", url.Values{"step": {step}, "code": {codeAt(t, secret, testClock().Add(30*time.Second))}, "next": {"/compare"}})
	if w.Code != 303 || w.Header().Get("Location") != "/compare" || len(w.Result().Cookies()) != 1 {
		t.Errorf("the right code is answered %d to %q: %.200s", w.Code, w.Header().Get("Location"), sentenceIn(w.Body.String()))
	}
	wantAnswer(t, ask(district, stranger, POST, "/sign-in/code", url.Values{"step": {"made-up"}, "code": {"123456"}}), "a step that nobody began", 403, "请重新输入账号和口令")
}

// Who is signed in stays so over a restart: another server over the same store.
func TestSessionsSurviveARestart(t *testing.T) {
	enter(t, district, "stays", people.Grant{Role: people.Leader})
	again := office.New(district.store, nil, testClock)
	server, err := New(Config{Office: again, Logger: district.server.log, Clock: testClock})
	if err != nil {
		t.Fatal(err)
	}
	x := &site{server: server, cookies: district.cookies}
	wantAnswer(t, ask(x, "stays", GET, "/me", nil), "after a restart", 200, "测试stays")
	for range 400 { // far more at once than a person asks for
		if w := ask(x, "stays", GET, "/me/second-factor.png", nil); w.Code == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("one person's requests are not bounded")
}

func TestIdleSessionsEnd(t *testing.T) {
	if m := district.server.sessions; m.IdleTimeout != 30*time.Minute || m.Lifetime > 24*time.Hour {
		t.Errorf("sessions last %s idle, %s in all", m.IdleTimeout, m.Lifetime)
	}
	kept, err := district.office.Sessions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	data, _ := jsonCodec{}.Encode(time.Now(), map[string]any{factsKey: office.SessionFacts{Account: leader}})
	if err := kept.CommitCtx(t.Context(), "idle", data, time.Now().Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, found, _ := kept.FindCtx(t.Context(), "idle"); found {
		t.Error("a session that is over is found")
	}
}

func codeAt(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}
