package web

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/office"
	"mingjing/internal/people"

	cd "github.com/chromedp/chromedp"
)

// walk is one browser in which people sign in and out, one after the other, at
// the real pages of one server.
type walk struct {
	t   *testing.T
	ctx context.Context
	x   *site
	at  string
	who string
}

// as signs a person in by the sign-in page, after signing the one before out
// by the button that stands on every page.
func (w *walk) as(account string) {
	w.t.Helper()
	if w.who != "" {
		w.press(`form[action="/sign-out"] button`)
	}
	w.who = account
	w.open("/sign-in")
	evaluate[bool](w.t, w.ctx, fmt.Sprintf(`(() => { document.querySelector('input[name="account"]').value = %q; document.querySelector('input[name="password"]').value = %q; return true })()`, account, staffPassword))
	w.press(`form[action="/sign-in"] button`)
	until(w.t, w.ctx, `document.body && document.body.getAttribute('data-ready') && !document.body.hasAttribute('data-old')`)
	if at := evaluate[string](w.t, w.ctx, `location.pathname`); at == "/sign-in" {
		w.t.Fatalf("%s is not let in: %s", account, evaluate[string](w.t, w.ctx, `document.body.innerText.slice(0, 400)`))
	}
}

// open opens a page of the site.
func (w *walk) open(path string) {
	w.t.Helper()
	do(w.t, w.ctx, cd.Navigate("about:blank"), cd.Navigate(w.at+path), cd.WaitReady("body[data-ready]"))
}

// press clicks what leads to another page, and waits for that page.
func (w *walk) press(selector string) {
	w.t.Helper()
	if !evaluate[bool](w.t, w.ctx, `(() => { const e = document.querySelector('`+selector+`'); if (!e) return false;
		document.body.setAttribute('data-old', ''); setTimeout(() => e.click(), 0); return true })()`) {
		w.t.Fatalf("%s finds no %s on %s", w.who, selector, evaluate[string](w.t, w.ctx, `location.pathname`))
	}
	do(w.t, w.ctx, cd.WaitReady("body[data-ready]:not([data-old])"))
}

// enter writes into fields of the form, as if by hand.
func (w *walk) enter(values map[string]string) {
	w.t.Helper()
	for id, text := range values {
		evaluate[bool](w.t, w.ctx, fmt.Sprintf(`(() => { const e = document.getElementById(%q); e.value = %q; e.dispatchEvent(new Event('input', {bubbles: true})); return true })()`, id, text))
	}
}

// explained writes an explanation wherever the server asks for one, until it
// says that the report is ready and all is saved.
func (w *walk) explained() {
	w.t.Helper()
	until(w.t, w.ctx, `(() => { document.querySelectorAll('textarea[data-rule]').forEach(e => { if (e.value) return;
		e.value = '已核对原始台账,情况属实。'; e.dispatchEvent(new Event('input', {bubbles: true})); });
		return /可以提交/.test(document.getElementById('summary').textContent) && /^已保存/.test(document.getElementById('saving').textContent) })()`)
}

// decide does an act of the review page: the button, then the confirmation.
func (w *walk) decide(unit disclosure.UnitNumber, act filing.Act) {
	w.t.Helper()
	if path := reviewHref(unit, report2025); evaluate[string](w.t, w.ctx, `location.pathname`) != path {
		w.open(path)
	}
	do(w.t, w.ctx, cd.WaitReady("#review[data-ready]"))
	evaluate[bool](w.t, w.ctx, `(document.querySelector('[data-act="`+string(act)+`"]').click(), true)`)
	until(w.t, w.ctx, `document.querySelector('#do-`+string(act)+`').offsetHeight > 0`)
	w.press(`#do-` + string(act) + ` .confirm`)
	do(w.t, w.ctx, cd.WaitReady("#review .banner.is-done"))
}

// audited reads the audit page's verbs of a unit's reports, oldest first.
func (w *walk) audited(query string) []string {
	w.t.Helper()
	w.open("/admin/audit?" + query)
	text := evaluate[string](w.t, w.ctx, `Array.from(document.querySelectorAll('table.audit tbody tr')).map(r => r.cells[1].textContent + ' ' + r.cells[2].textContent).join('\n')`)
	lines := strings.Split(text, "\n")
	slices.Reverse(lines)
	return lines
}

// The whole way, by nothing but pages: one clerk files by form and one by
// file, the unit's reviewer passes, the supervisor returns two cells, the clerk
// corrects them, the supervisor approves; the overview counts the reports, and
// the log tells who did what.
func TestTheWholeWayInABrowser(t *testing.T) {
	t.Parallel() // beside the other walks: units and accounts of its own
	x := atReporting(t)
	const byForm, byFile = disclosure.UnitNumber(7), disclosure.UnitNumber(8)
	for account, g := range map[string]people.Grant{"way-clerk": {Role: people.Filer, Unit: byForm}, "way-reviewer": {Role: people.Reviewer, Unit: byForm}, "way-uploader": {Role: people.Filer, Unit: byFile}} {
		p := people.Person{Account: account, Name: "姓名" + account, Grants: []people.Grant{g}}
		if err := x.office.CreateDemonstration(t.Context(), people.Machine("os:test", "cli"), p, staffPassword); err != nil {
			t.Fatal(err)
		}
	}
	ctx := openBrowser(t)
	heard := listen(ctx)
	server := httptest.NewServer(x.handler())
	defer server.Close()
	w := &walk{t: t, ctx: ctx, x: x, at: server.URL}
	do(t, ctx, cd.EmulateViewport(1440, 900))

	// By form, from the clerk's first page.
	w.as("way-clerk")
	if at := evaluate[string](t, ctx, `location.pathname`); at != "/work" {
		t.Fatalf("a clerk begins at %s", at)
	}
	w.press(".work-card .btn.main")
	w.press(`button[value="zeros"]`)
	evaluate[bool](t, ctx, `(() => { const set = (e, v) => { e.value = v; e.dispatchEvent(new Event('input', {bubbles: true})); };
		document.querySelectorAll('td.cell > input').forEach(i => { if (/^T2_/.test(i.id) && i.value === '') set(i, i.dataset.last || '0'); });
		['part1', 'part5', 'part6'].forEach(id => { const e = document.getElementById(id); if (e) set(e, '本机关依法做好政务公开各项工作,具体情况如上。'); }); return true })()`)
	w.enter(map[string]string{"T3_NEW_RECEIVED_NP": "5", "T3_NEW_RECEIVED_TOT": "5", "T3_GRANTED_NP": "5", "T3_GRANTED_TOT": "5", "T3_RESULT_TOTAL_NP": "5", "T3_RESULT_TOTAL_TOT": "5"})
	w.explained()
	w.press(`button[value="review"]`)
	if state := stateOf(t, x, byForm); state != filing.Review {
		t.Fatalf("after 送单位审核 the report is %q", state)
	}

	// By file.
	w.as("way-uploader")
	file := filepath.Join(t.TempDir(), "年报.docx")
	unit := x.openAs(t, supervisor, byFile, 2025).Unit
	if err := os.WriteFile(file, wordOf(t, sound(unit.Name, 2025, 6)), 0o600); err != nil {
		t.Fatal(err)
	}
	w.open(fmt.Sprintf("/filing/%d/2025/upload", byFile))
	do(t, ctx, cd.SetUploadFiles(`input[name="file"]`, []string{file}), cd.Click(`form[data-upload] button`), cd.WaitVisible(`button[value="take"]`))
	w.press(`button[value="take"]`)
	if at := evaluate[string](t, ctx, `location.pathname`); at != filingHref(byFile, report2025) {
		t.Fatalf("after taking the file over the clerk is at %s: %s", at, evaluate[string](t, ctx, `document.querySelector('main').innerText.slice(0, 400)`))
	}
	w.enter(map[string]string{"part6": "没有其他需要报告的事项。"})
	w.explained()
	w.press(`button[value="submit"]`)
	if state := stateOf(t, x, byFile); state != filing.Submitted {
		t.Fatalf("after 提交 the report by file is %q", state)
	}

	w.as("way-reviewer")
	w.decide(byForm, filing.Pass)

	// The supervisor looks at the overview, then returns two cells.
	w.as(supervisor)
	filed := func() string {
		t.Helper()
		w.open("/?year=2025")
		return evaluate[string](t, ctx, `(document.querySelector('.wrong') || document.querySelector('main')).innerText`)
	}
	before := filed()
	w.open(reviewHref(byForm, report2025))
	evaluate[bool](t, ctx, `(() => { ['T3_GRANTED_NP', 'T3_GRANTED_TOT'].forEach(code => {
		const mark = document.querySelector('.mark[value="' + code + '"]'); mark.checked = true; mark.dispatchEvent(new Event('change', {bubbles: true}));
		const why = document.querySelector('input[name="why.' + code + '"]'); why.value = '与台账不符,请核对'; why.dispatchEvent(new Event('input', {bubbles: true})); }); return true })()`)
	w.decide(byForm, filing.Return)

	// The clerk sees which, corrects them, and hands on again.
	w.as("way-clerk")
	w.open(filingHref(byForm, report2025))
	if seen := evaluate[string](t, ctx, `document.querySelector('main').innerText`); !strings.Contains(seen, "与台账不符") {
		t.Errorf("the clerk does not read why cells came back: %.600s", seen)
	}
	w.enter(map[string]string{"T3_GRANTED_NP": "4", "T3_GRANTED_TOT": "4", "T3_PARTIAL_NP": "1", "T3_PARTIAL_TOT": "1"})
	w.explained()
	w.press(`button[value="review"]`)
	w.as("way-reviewer")
	w.decide(byForm, filing.Pass)

	w.as(supervisor)
	w.open(reviewHref(byForm, report2025))
	if asked := evaluate[int](t, ctx, `document.querySelectorAll('#returned .asked li .is-good').length`); asked != 2 {
		t.Errorf("%d of the two returned cells are shown as changed", asked)
	}
	w.decide(byForm, filing.Approve)
	w.decide(byFile, filing.Approve)

	after := filed()
	if after == before {
		t.Errorf("the overview says the same after two approvals: %s", after)
	}
	names := evaluate[string](t, ctx, `(document.querySelector('.wrong') || document.querySelector('main')).innerHTML`)
	if strings.Contains(names, fmt.Sprintf(`/units/%d"`, byForm)) || strings.Contains(names, fmt.Sprintf(`/units/%d"`, byFile)) {
		t.Errorf("approved units still stand among those that are waited for: %s", after)
	}
	if s := x.openAs(t, supervisor, byForm, 2025); s.Approved == nil || office.Typed(s.Approved.Cells["T3_GRANTED_NP"]) != "4" {
		t.Errorf("in force is %+v", s.Approved)
	}

	// The log, by its page: each act, by whom, in order.
	has := func(query string, want ...string) {
		t.Helper()
		lines := w.audited(query)
		at := 0
		for _, line := range lines {
			if at < len(want) && strings.Contains(line, strings.Fields(want[at])[0]) && strings.HasSuffix(line, " "+strings.Fields(want[at])[1]) {
				at++
			}
		}
		if at < len(want) {
			t.Errorf("the log of %s does not go on with %q:\n%s", query, want[at], strings.Join(lines, "\n"))
		}
	}
	has(fmt.Sprintf("kind=report&unit=%d", byForm), "way-clerk 送单位审核", "way-reviewer 提交", "supervisor 退回修改", "way-clerk 送单位审核", "way-reviewer 提交", "supervisor 通过")
	has(fmt.Sprintf("kind=report&unit=%d", byFile), "way-uploader 提交", "supervisor 通过")
	has("kind=sign", "way-clerk 登录", "way-uploader 登录", "way-reviewer 登录", "supervisor 登录")
	for _, said := range heard.take() {
		t.Errorf("the console says: %.300s", said)
	}
}
