package web

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/office"

	cd "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A clerk fills the form in by keyboard, pastes a block, sees a cross-footing
// error come and go, takes a total over, finds it all again after a reload, and
// hands the report in.
func TestAClerkFilesInABrowser(t *testing.T) {
	t.Parallel() // beside the other walks: units and accounts of its own
	x := atReporting(t)
	ctx := openBrowser(t)
	heard := listen(ctx)
	server := httptest.NewServer(x.handlerAs(otherFiler))
	defer server.Close()
	path := "/filing/6/2025"
	unit := disclosure.UnitNumber(6)
	grantFiler(t, x, unit)

	keys := func(s string) { t.Helper(); do(t, ctx, cd.KeyEvent(s)) }
	value := func(code string) string {
		t.Helper()
		return evaluate[string](t, ctx, `document.getElementById('`+code+`').value`)
	}
	focused := func(want string) {
		t.Helper()
		if got := evaluate[string](t, ctx, `document.activeElement.id || document.activeElement.outerHTML.slice(0, 200)`); got != want {
			t.Fatalf("the focus is on %q, want %s", got, want)
		}
	}
	open := func() {
		t.Helper()
		do(t, ctx, cd.Navigate("about:blank"), cd.Navigate(server.URL+path), cd.WaitReady("body[data-filing]"))
	}
	saved := func() {
		t.Helper()
		until(t, ctx, `/^已保存/.test(document.getElementById('saving').textContent)`)
	}

	do(t, ctx, cd.EmulateViewport(1440, 900), cd.Navigate(server.URL+"/work?unit=6"), cd.WaitReady("body[data-ready]"))
	evaluate[bool](t, ctx, `(document.querySelector('.work-card .btn.main').click(), true)`)
	do(t, ctx, cd.WaitReady("body[data-filing]"))

	// Moving about.
	evaluate[bool](t, ctx, `(document.getElementById('T3_NEW_RECEIVED_NP').focus(), true)`)
	keys("3" + kb.Tab + "2" + kb.Enter)
	focused("T3_CARRIED_IN_BIZ")
	keys(kb.ArrowUp + kb.ArrowRight + "0" + kb.ArrowRight + "0" + kb.ArrowRight)
	focused("T3_NEW_RECEIVED_LAW") // with the caret at the end, an arrow moves on
	keys("0" + kb.ArrowRight + "0" + kb.ArrowRight + "6")
	focused("T3_NEW_RECEIVED_TOT")
	if value("T3_NEW_RECEIVED_NP") != "3" || value("T3_NEW_RECEIVED_TOT") != "6" {
		t.Fatalf("typed %q and %q", value("T3_NEW_RECEIVED_NP"), value("T3_NEW_RECEIVED_TOT"))
	}
	// Escape gives the cell's former text back; so does the browser's own undo.
	keys(kb.Enter + kb.ArrowUp + kb.Home)
	focused("T3_NEW_RECEIVED_NP")
	keys("99" + kb.Escape)
	if value("T3_NEW_RECEIVED_NP") != "3" {
		t.Errorf("after Escape the cell holds %q", value("T3_NEW_RECEIVED_NP"))
	}

	// 6 does not foot: the server says so, in the cell and in the list.
	until(t, ctx, `document.getElementById('T3_NEW_RECEIVED_TOT').parentNode.classList.contains('has-error')`)
	until(t, ctx, `Array.from(document.querySelectorAll('#finding-list .is-error')).some(li => /申请人合计/.test(li.textContent))`)
	if got := evaluate[string](t, ctx, `document.querySelector('#T3_NEW_RECEIVED_TOT + .aids .take').textContent`); got != "算得 5" {
		t.Errorf("beside the total stands %q", got)
	}
	keep(t, ctx, "filing-error-1440.png")
	// Taken over by F9, the error goes.
	evaluate[bool](t, ctx, `(document.getElementById('T3_NEW_RECEIVED_TOT').focus(), true)`)
	keys(kb.F9)
	if value("T3_NEW_RECEIVED_TOT") != "5" {
		t.Errorf("F9 took %q over", value("T3_NEW_RECEIVED_TOT"))
	}
	until(t, ctx, `!document.getElementById('T3_NEW_RECEIVED_TOT').parentNode.classList.contains('has-error')`)
	until(t, ctx, `document.querySelector('#T3_NEW_RECEIVED_TOT + .aids .take').textContent === '✓'`)

	// A block out of Excel, over what is there; and back.
	evaluate[bool](t, ctx, `(document.getElementById('T3_GRANTED_NP').focus(), true)`)
	paste := func(text string) {
		t.Helper()
		evaluate[bool](t, ctx, fmt.Sprintf(`(() => { const d = new DataTransfer(); d.setData('text/plain', %q);
			document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: d, bubbles: true, cancelable: true})); return true })()`, text))
	}
	paste("3\t2\t0\t0\t0\t0\t5\r\n0\t0\t0\t0\t0\t0\t0\r\n")
	if value("T3_GRANTED_TOT") != "5" || value("T3_PARTIAL_TOT") != "0" {
		t.Errorf("pasted %q and %q", value("T3_GRANTED_TOT"), value("T3_PARTIAL_TOT"))
	}
	if n := evaluate[int](t, ctx, `document.querySelectorAll('td.is-chosen').length`); n != 14 {
		t.Errorf("%d cells are shown as selected, want 14", n)
	}
	evaluate[bool](t, ctx, `(document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'z', ctrlKey: true, bubbles: true, cancelable: true})), true)`)
	if value("T3_GRANTED_TOT") != "" {
		t.Errorf("after undo the cell holds %q", value("T3_GRANTED_TOT"))
	}
	paste("3\t2\t0\t0\t0\t0\t5")
	evaluate[bool](t, ctx, `(document.getElementById('T3_RESULT_TOTAL_NP').focus(), true)`)
	paste("3\t2\t0\t0\t0\t0\t5\t77")
	if said := evaluate[string](t, ctx, `document.getElementById('filing-toast').textContent`); !strings.Contains(said, "1 格没有粘贴") {
		t.Errorf("what does not fit is not told: %q", said)
	}
	// Last year's 结转 is offered, and taken only by a press.
	if value("T3_CARRIED_IN_NP") != "" {
		t.Error("上年结转 was filled in silently")
	}
	evaluate[bool](t, ctx, `(document.querySelector('[data-offer-row]').click(), true)`)
	last := x.openAs(t, supervisor, unit, 2025).LastReport()
	want := office.Typed(last.Cells["T3_CARRIED_OUT_TOT"])
	if value("T3_CARRIED_IN_TOT") != want {
		t.Errorf("上年结转 is %q, last year's is %q", value("T3_CARRIED_IN_TOT"), want)
	}
	saved()
	keep(t, ctx, "filing-1440.png")

	// Prose with its length.
	evaluate[bool](t, ctx, `(document.getElementById('part1').focus(), true)`)
	keys("2025年,本机关依法做好政务公开各项工作。")
	saved()
	if said := evaluate[string](t, ctx, `document.querySelector('#len-1 .count').textContent`); !strings.HasPrefix(said, "22 字") {
		t.Errorf("the length reads %q", said)
	}

	// A reload keeps everything.
	open()
	for code, want := range map[string]string{"T3_NEW_RECEIVED_NP": "3", "T3_NEW_RECEIVED_TOT": "5", "T3_GRANTED_BIZ": "2", "T3_PARTIAL_TOT": "", "part1": "2025年,本机关依法做好政务公开各项工作。"} {
		if value(code) != want {
			t.Errorf("after a reload %s holds %q, want %q", code, value(code), want)
		}
	}
	for width, name := range map[int64]string{1440: "filing-reload-1440.png", 390: "filing-390.png"} {
		do(t, ctx, cd.EmulateViewport(width, 900))
		keep(t, ctx, name)
		if wide := evaluate[string](t, ctx, tooWide); wide != "" {
			t.Errorf("at %d the page scrolls sideways, because of %s", width, wide)
		}
	}
	axe, err := os.ReadFile("../../node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	checkAccessibility(t, ctx, string(axe))
	do(t, ctx, cd.EmulateViewport(1440, 900))

	// A lost connection: the text stays, the line says so, and it is saved afterwards.
	evaluate[bool](t, ctx, `(window.realFetch = window.fetch, window.fetch = () => Promise.reject(new Error('down')), document.getElementById('T2_LICENSE_DECISIONS').focus(), true)`)
	keys("12")
	until(t, ctx, `/网络中断/.test(document.getElementById('saving').textContent)`)
	until(t, ctx, `Object.keys(localStorage).some(k => /^mingjing /.test(k))`)
	if evaluate[bool](t, ctx, `window.dispatchEvent(new Event('beforeunload', {cancelable: true}))`) {
		t.Error("leaving with unsaved work gives no warning")
	}
	// As if the browser had died now: the copy is what is left, and it is offered.
	evaluate[bool](t, ctx, `(() => { const k = Object.keys(localStorage).find(k => /^mingjing /.test(k));
		window.sessionStorage.setItem('k', k); window.sessionStorage.setItem('copy', localStorage.getItem(k));
		window.fetch = window.realFetch;
		const i = document.getElementById('T2_LICENSE_DECISIONS'); i.value = ''; i.dispatchEvent(new Event('input', {bubbles: true})); return true })()`)
	until(t, ctx, `!Object.keys(localStorage).some(k => /^mingjing /.test(k))`)
	evaluate[bool](t, ctx, `(localStorage.setItem(sessionStorage.getItem('k'), sessionStorage.getItem('copy')), true)`)
	do(t, ctx, cd.Navigate(server.URL+path+"?again"), cd.WaitReady("body[data-filing]"))
	until(t, ctx, `!!document.getElementById('local-copy')`)
	if value("T2_LICENSE_DECISIONS") != "" {
		t.Error("the local copy was put back silently")
	}
	evaluate[bool](t, ctx, `(document.querySelector('#local-copy .btn').click(), true)`)
	saved()
	if got := office.Typed(cellsOf(x.openAs(t, supervisor, unit, 2025))["T2_LICENSE_DECISIONS"]); got != "12" || value("T2_LICENSE_DECISIONS") != "12" {
		t.Errorf("after putting back, the draft holds %q", got)
	}

	// Somebody else writes: their cell appears, and one in both hands is asked about.
	v, err := x.office.Visitor(context.Background(), supervisor, "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := x.office.SaveDraft(context.Background(), v, unit, disclosure.Period{Year: 2025}, office.Patch{Cells: []office.CellPatch{
		{Code: "T2_LICENSE_DECISIONS", Was: "12", Now: "13"}, {Code: "T2_PENALTY_DECISIONS", Was: "", Now: "4"}}}); err != nil {
		t.Fatal(err)
	}
	evaluate[bool](t, ctx, `(document.getElementById('T2_LICENSE_DECISIONS').focus(), true)`)
	keys("14")
	until(t, ctx, `document.getElementById('T2_PENALTY_DECISIONS').value === '4'`)
	until(t, ctx, `document.querySelectorAll('#clashes li').length === 1`)
	keep(t, ctx, "filing-clash-1440.png")
	evaluate[bool](t, ctx, `(document.querySelectorAll('#clashes .btn')[1].click(), true)`)
	until(t, ctx, `document.getElementById('clashes').hidden`)
	saved()
	if got := office.Typed(cellsOf(x.openAs(t, supervisor, unit, 2025))["T2_LICENSE_DECISIONS"]); got != "14" {
		t.Errorf("the choice kept %q, want 14", got)
	}

	// Zeros for the rest, explanations for what asks for them, and in.
	evaluate[bool](t, ctx, `(document.body.setAttribute('data-old', ''), document.querySelector('button[value=zeros]').click(), true)`)
	do(t, ctx, cd.WaitReady("body[data-filing]:not([data-old])"))
	if value("T4_REV_TOTAL") != "0" || value("T3_GRANTED_BIZ") != "2" {
		t.Errorf("the zero report filled %q and %q", value("T4_REV_TOTAL"), value("T3_GRANTED_BIZ"))
	}
	evaluate[bool](t, ctx, `(() => {
		const set = (e, v) => { e.value = v; e.dispatchEvent(new Event('input', {bubbles: true})); };
		document.querySelectorAll('td.cell > input').forEach(i => { if (/^T2_/.test(i.id) && i.value === '') set(i, i.dataset.last || '0'); });
		['NP', 'BIZ', 'RES', 'NPO', 'LAW', 'OTH', 'TOT'].forEach(c => set(document.getElementById('T3_CARRIED_IN_' + c), '0'));
		set(document.getElementById('T2_NORM_IN_FORCE'), '9999'); // asks for an explanation
		['part5', 'part6'].forEach(id => set(document.getElementById(id), '没有需要说明的事项,工作正常开展。'));
		return true })()`)
	saved()
	until(t, ctx, `Array.from(document.querySelectorAll('textarea[data-rule]')).some(e => e.dataset.rule === 'T2-R1')`)
	// An explanation that says nothing is told so while it is written.
	evaluate[bool](t, ctx, `(() => { const e = document.querySelector('textarea[data-rule="T2-R1"]'); e.value = '。。。。。'; e.dispatchEvent(new Event('input', {bubbles: true})); return true })()`)
	until(t, ctx, `/不同的字/.test(document.querySelector('textarea[data-rule="T2-R1"]').parentNode.textContent)`)
	saved()
	if evaluate[bool](t, ctx, `/可以提交/.test(document.getElementById('summary').textContent)`) {
		t.Error("an explanation that says nothing lets the report pass")
	}
	evaluate[bool](t, ctx, `(() => { document.querySelectorAll('textarea[data-rule]').forEach(e => { e.value = '情况属实。'; e.dispatchEvent(new Event('input', {bubbles: true})); }); return true })()`)
	until(t, ctx, `/可以提交/.test(document.getElementById('summary').textContent)`)
	saved()
	keep(t, ctx, "filing-ready-1440.png")
	evaluate[bool](t, ctx, `(document.querySelector('button[value=submit]').click(), true)`)
	do(t, ctx, cd.WaitReady("ol.way"))
	keep(t, ctx, "filing-next-1440.png")
	if s := x.openAs(t, supervisor, unit, 2025); s.State != "submitted" || s.Draft.Version != 0 || len(s.Standing.Explanations) == 0 {
		t.Errorf("handed in as %q, draft %d, explanations %v", s.State, s.Draft.Version, s.Standing.Explanations)
	}
	for page, name := range map[string]string{"/work?unit=6": "work", path: "filing-submitted", path + "/versions": "filing-versions", "/filing/6/2024": "filing-approved"} {
		for _, width := range []int64{390, 1440} { // see TestPagesInABrowser
			do(t, ctx, cd.EmulateViewport(width, 900))
			if width == 390 {
				do(t, ctx, cd.Navigate(server.URL+page), cd.WaitReady("body[data-ready]"))
			}
			keep(t, ctx, fmt.Sprintf("%s-%d.png", name, width))
			if wide := evaluate[string](t, ctx, tooWide); wide != "" {
				t.Errorf("%s at %d scrolls sideways, because of %s", page, width, wide)
			}
			checkAccessibility(t, ctx, string(axe))
		}
	}
	for _, said := range heard.take() {
		t.Errorf("the console says: %.300s", said)
	}
}

func keep(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	if *pictures != "" {
		keepPicture(t, ctx, name)
	}
}

// grantFiler lets the other filer file for one more unit.
func grantFiler(t *testing.T, x *site, unit disclosure.UnitNumber) {
	t.Helper()
	v, err := x.office.Visitor(context.Background(), admin, "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	a, err := x.office.Account(context.Background(), v, otherFiler)
	if err != nil {
		t.Fatal(err)
	}
	a.Grants = append(a.Grants[:len(a.Grants):len(a.Grants)], a.Grants[0])
	a.Grants[len(a.Grants)-1].Unit = unit
	if err := x.office.ChangeAccount(context.Background(), v, a.Account, office.AccountChange{Name: a.Name, Phone: a.Phone, Grants: a.Grants}, a.Seq); err != nil {
		t.Fatal(err)
	}
}
