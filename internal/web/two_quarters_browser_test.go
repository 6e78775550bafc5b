package web

import (
	"encoding/base64"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"

	cd "github.com/chromedp/chromedp"
	"github.com/google/uuid"
)

var firstQuarter, secondQuarter = disclosure.Period{Year: 2026, Quarter: 2}, disclosure.Period{Year: 2026, Quarter: 3}

// fill fills fields of a form by their names.
func (d *twoQuarters) fill(form string, values map[string]string) {
	d.t.Helper()
	for name, value := range values {
		if !evaluate[bool](d.t, d.ctx, fmt.Sprintf(`(() => { const f = document.querySelector('%s'); const e = f && f.elements[%q]; if (!e) return false;
			const box = e.closest && e.closest('details'); if (box) box.open = true; e.value = %q; return e.value === %q })()`, form, name, value, value)) {
			d.t.Fatalf("%s cannot fill in %s of %s on %s", d.who, name, form, d.place())
		}
	}
}

func (d *twoQuarters) place() string { return evaluate[string](d.t, d.ctx, `location.pathname`) }

func (d *twoQuarters) said() string {
	return evaluate[string](d.t, d.ctx, `document.querySelector('main').innerText`)
}

// done wants the page to say that something was done.
func (d *twoQuarters) done(what string) {
	d.t.Helper()
	if !evaluate[bool](d.t, d.ctx, `!!document.querySelector('.banner.is-done')`) {
		d.t.Fatalf("%s: %s, and %s says %.600s", d.who, what, d.place(), d.said())
	}
}

// wants says which texts are missing on the page.
func (d *twoQuarters) wants(what string, texts ...string) {
	d.t.Helper()
	said := d.said()
	for _, text := range texts {
		if !strings.Contains(said, text) {
			d.t.Errorf("%s: %s does not say %q:\n%.1500s", what, d.place(), text, said)
		}
	}
}

// shoot keeps a picture of the page, wide and narrow, when pictures are asked for.
func (d *twoQuarters) shoot(name string) {
	if *pictures == "" {
		return
	}
	for _, width := range []int64{1440, 390} {
		do(d.t, d.ctx, cd.EmulateViewport(width, 900))
		keepPicture(d.t, d.ctx, fmt.Sprintf("two-quarters-%s-%d.png", name, width))
	}
	do(d.t, d.ctx, cd.EmulateViewport(1440, 900))
}

// act does one act on an issue's page.
func (d *twoQuarters) act(id string, act issue.Act, values map[string]string) {
	d.t.Helper()
	if d.place() != issueHref(id) {
		d.open(issueHref(id))
	}
	form := "#do-" + string(act) + " form"
	d.fill(form, values)
	d.press(form + " button")
	d.done(string(act))
}

// batch does one act to all issues of a list, page by page.
func (d *twoQuarters) batch(path string, act issue.Act, rounds int) {
	d.t.Helper()
	for range rounds {
		d.open(path)
		evaluate[bool](d.t, d.ctx, `(document.getElementById('choose-all').click(), true)`)
		d.press(fmt.Sprintf(`#batch-form button[value="%s"]`, act))
		d.done(string(act))
	}
	d.wants("after "+string(act), "没有符合条件的问题")
}

// bring makes a list of the quarter and imports a file into it, over its preview.
func (d *twoQuarters) bring(quarter disclosure.Period, due string, file []byte, rows, twins, unknown int) {
	d.t.Helper()
	d.open("/lists/new?quarter=" + quarter.String())
	d.fill(`form[action="/lists/new"]`, map[string]string{"quarter": quarter.String(), "round": string(issue.RoundDistrict), "source": "第三方测评机构", "due_day": due})
	d.press(`form[action="/lists/new"] .btn.main`)
	list := d.place()
	d.press(`.head a[href$="/import"]`)
	path := filepath.Join(d.t.TempDir(), "问题清单.xlsx")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		d.t.Fatal(err)
	}
	do(d.t, d.ctx, cd.SetUploadFiles(`input[name="file"]`, []string{path}))
	d.press(`form[data-once] button.main`)
	for kinds, want := range map[string]int{`tr[data-kinds]`: rows, `tr[data-kinds~="twin"]`: twins, `tr[data-kinds~="unit"]`: unknown} {
		if n := evaluate[int](d.t, d.ctx, fmt.Sprintf(`document.querySelectorAll('.preview-rows %s').length`, kinds)); n != want {
			d.t.Errorf("the preview has %d rows of %s, want %d: %.800s", n, kinds, want, d.said())
		}
	}
	d.shoot("preview-" + quarter.String())
	d.press(`button[value="take"]`)
	if d.place() != list {
		d.t.Fatalf("after the import the evaluator is at %s: %.600s", d.place(), d.said())
	}
	d.wants("after the import", fmt.Sprint(rows-twins))
}

// fetch gives the bytes that a link of the page leads to.
func (d *twoQuarters) fetch(link string) []byte {
	d.t.Helper()
	text, err := cd.Run(d.ctx, cd.Evaluate[string](fmt.Sprintf(`(async () => { const r = await fetch(document.querySelector('%s').href); if (!r.ok) return '';
		const b = new Uint8Array(await r.arrayBuffer()); let s = ''; for (let i = 0; i < b.length; i += 8192) s += String.fromCharCode.apply(null, b.subarray(i, i + 8192)); return btoa(s) })()`, link), cd.EvalAwaitPromise))
	if err != nil {
		d.t.Fatalf("%s: %v", link, err)
	}
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(data) == 0 {
		d.t.Fatalf("%s gives %d bytes, %v", link, len(data), err)
	}
	return data
}

// Two quarters by nothing but pages, one of each act, and the office for the
// bulk: the evaluator imports 200 issues, the supervisor assigns and hands them
// out, units answer; one answer is returned, one issue does not apply, one unit
// never answers. In the next quarter one issue comes again and one stays
// overdue until the ladder names its unit. The bulletin names the right units,
// its numbers are the dashboard's, and once issued it is frozen.
func TestTwoQuartersInABrowser(t *testing.T) {
	t.Parallel()
	d := openTwoQuarters(t)
	d.ctx = openBrowser(t)
	heard := listen(d.ctx)
	server := httptest.NewServer(d.x.handler())
	defer server.Close()
	d.at = server.URL
	do(t, d.ctx, cd.EmulateViewport(1440, 900))

	acted := d.firstQuarter()
	d.secondQuarter()
	d.bulletin()
	d.story(acted)

	for _, said := range heard.take() {
		if !strings.Contains(said, "409") { // the bulletin that is refused
			t.Errorf("the console says: %.300s", said)
		}
	}
}

// acted are the issues of the first quarter that pages were walked through with.
type acted struct{ closed, returned, inapplicable string }

func (d *twoQuarters) firstQuarter() acted {
	t, q := d.t, firstQuarter.String()
	d.as(evaluator)
	d.bring(firstQuarter, "2026-05-29", listBook(t, "2026年第二季度政务公开区测问题清单", "2026年5月29日", firstRows(), false), 201, 1, 5)

	d.as(supervisor)
	d.open("/issues/assign")
	if n := evaluate[int](t, d.ctx, `(() => { const all = Array.from(document.querySelectorAll('select[name^="unit."]')); all.forEach((e, i) => { e.value = String(8 + i) }); return all.length })()`); n != 5 {
		t.Fatalf("%d issues are to be assigned, want 5", n)
	}
	d.shoot("assign")
	d.press(`button[value="hand_over"]`)
	d.done("分办并交办")
	d.batch("/issues?quarter="+q+"&state=found", issue.HandOver, 4)

	// A unit finds its issues on its first page, signs for one and answers it with
	// a link, another with a sentence, and says of a third that it does not apply.
	d.set(calendar.Day(2026, 5, 20))
	d.as(filer)
	d.open("/work")
	hrefs := strings.Split(evaluate[string](t, d.ctx, `Array.from(document.querySelectorAll('#issues .issue-main a')).map(a => a.getAttribute('href')).join(' ')`), " ")
	if len(hrefs) < 3 {
		t.Fatalf("the unit finds %v on its first page", hrefs)
	}
	id := func(k int) string { return strings.TrimPrefix(hrefs[k], "/issues/one/") }
	out := acted{id(0), id(1), id(2)}
	d.act(out.closed, issue.Sign, nil)
	d.act(out.closed, issue.GiveAnswer, map[string]string{"link": "https://www.yunxi.example/edu/1.html"})
	d.act(out.returned, issue.GiveAnswer, map[string]string{"text": "已安排专人负责。"})
	d.act(out.inapplicable, issue.GiveAnswer, map[string]string{"kind": "not_applicable", "text": "本单位没有此项业务,已发布说明。"})
	d.shoot("answered")
	owed := func(l office.IssueLine) bool { return !l.State.Owed() }
	d.bulk("many", issue.Move{Act: issue.GiveAnswer, Text: "已整改完成。"}, slices.DeleteFunc(d.issues("many", office.IssueFilter{Quarter: firstQuarter}), func(l office.IssueLine) bool { return owed(l) || l.Unit == quiet }))

	d.as(evaluator)
	d.act(out.closed, issue.Recheck, map[string]string{"reason": "链接可用"})
	d.act(out.returned, issue.Return, map[string]string{"reason": "只有安排,没有改好。", "day": "2026-09-30"})
	d.as(supervisor)
	d.act(out.closed, issue.Close, nil)
	d.act(out.inapplicable, issue.EndInapplicable, map[string]string{"reason": "确无此项业务,说明已公开。"})
	// 200 issues, less quiet's eleven and the three of above.
	d.batch("/issues?quarter="+q+"&state=answered", issue.Close, 4)

	d.set(calendar.Day(2026, 6, 10))
	d.open("/quarter?quarter=" + q)
	d.wants("the first quarter's board", twoQuartersName(quiet), "逾期")
	if names := evaluate[string](t, d.ctx, `Array.from(document.querySelectorAll('.stand-now .names a')).map(a => a.textContent).join()`); names != twoQuartersName(quiet) {
		t.Errorf("without any answer are %q", names)
	}
	d.shoot("board-first")
	return out
}

func (d *twoQuarters) secondQuarter() {
	t, q := d.t, secondQuarter.String()
	d.set(calendar.Day(2026, 8, 10))
	d.as(evaluator)
	d.bring(secondQuarter, "2026-08-28", listBook(t, "2026年第三季度政务公开区测问题清单", "2026年8月28日", secondRows(), true), 56, 0, 1)

	d.as(supervisor)
	// What has no unit yet is left for later.
	d.open("/issues?quarter=" + q + "&recurring=1")
	if n := evaluate[int](t, d.ctx, `document.querySelectorAll('.issue-line').length`); n != 1 {
		t.Errorf("%d issues recur, want 1", n)
	}
	d.wants("what recurs", twoQuartersName(again), "以前出现过1次")
	d.press(".issue-main a")
	d.wants("the issue that recurs", "以前季度的同类问题(1个)", firstQuarter.String()+"-")
	d.shoot("recurring")
	given := slices.DeleteFunc(d.issues(supervisor, office.IssueFilter{Quarter: secondQuarter}), func(l office.IssueLine) bool { return l.Unit == 0 })
	d.act(given[0].ID, issue.HandOver, nil)
	d.bulk(supervisor, issue.Move{Act: issue.HandOver}, given[1:])

	// All answer but late, which leaves one open and objects to a deduction.
	d.set(calendar.Day(2026, 8, 20))
	own := d.issues(otherFiler, office.IssueFilter{Quarter: secondQuarter, Unit: late})
	d.bulk("many", issue.Move{Act: issue.GiveAnswer, Text: "已整改完成。"}, slices.DeleteFunc(d.issues("many", office.IssueFilter{Quarter: secondQuarter}), func(l office.IssueLine) bool { return l.ID == own[0].ID }))
	d.as(otherFiler)
	d.act(own[1].ID, issue.Object, map[string]string{"reason": "当天已经公开,不应扣分。"})
	d.as(supervisor)
	d.batch(fmt.Sprintf("/issues?quarter=%s&unit=%d&state=answered", q, praised), issue.Close, 1)

	// Five working days behind the due day the ladder names the unit.
	d.set(calendar.Day(2026, 9, 7))
	d.open("/issues/remind")
	d.wants("who is to be reminded", twoQuartersName(late), twoQuartersName(quiet), "通报点名")
	d.shoot("remind")
	d.press(`form[action="/issues/remind"] .btn.main`)
	d.done("催办")
	d.as(otherFiler)
	d.open("/work")
	d.wants("the notice to the unit", own[0].Number)
	d.press(".unit-notice button")
	d.open(issueHref(own[0].ID))
	d.wants("the overdue issue", "已超过期限")
	d.shoot("overdue")
}

// bulletin builds the second quarter's 通报: first as 征求意见稿, as something is
// not decided yet, then for good; what is in it is proved in proveBulletin.
func (d *twoQuarters) bulletin() {
	t, q := d.t, secondQuarter.String()
	const build = `form[action="/notices"][method="post"]`
	d.as(supervisor)
	d.open("/notices?quarter=" + q)
	d.wants("what is not decided", "1件问题没有交办", "1件扣分申诉没有处理")
	d.press(build + " .btn.main")
	d.wants("a final bulletin on figures that are not approved", "数据尚未审定,不能生成正式通报", "1件问题没有交办", "1件扣分申诉没有处理")
	if d.place() != "/notices" {
		t.Fatalf("the bulletin that is refused leads to %s", d.place())
	}
	evaluate[bool](t, d.ctx, `(document.querySelector('`+build+` input[name="draft"]').checked = true)`)
	d.press(build + " .btn.main")
	at := d.place()
	d.wants("the draft", "征求意见稿,不能印发")
	if evaluate[bool](t, d.ctx, `!!document.querySelector('input[value="issue"] ~ button')`) {
		t.Error("a 征求意见稿 can be issued")
	}
	d.shoot("draft")
	const word = `a.btn.main[href*="bulletin.docx"]`
	first := d.readBulletin(d.fetch(word))
	if !first.has("征求意见稿") {
		t.Error("the draft does not say what it is")
	}

	// What stood against it is decided.
	d.open("/issues/assign")
	evaluate[bool](t, d.ctx, fmt.Sprintf(`(() => { document.querySelector('select[name^="unit."]').value = '%d'; document.querySelector('input[name="day"]').value = '2026-09-25'; return true })()`, receiver))
	d.press(`button[value="hand_over"]`)
	d.done("分办并交办")
	for _, l := range d.issues(supervisor, office.IssueFilter{Quarter: secondQuarter, Unit: late}) {
		if l.OpenAppeal() != nil {
			d.act(l.ID, issue.Reject, map[string]string{"reason": "测评时点没有公开,扣分有据。"})
		}
	}
	d.open(at)
	d.wants("what changed since", "生成以后数据有变化")
	evaluate[bool](t, d.ctx, `(document.querySelector('#work input[name="draft"]').checked = false, true)`)
	d.press(`#work form .btn.main`)
	d.done("重新生成")
	d.wants("the second version", "第2版", "不再是征求意见稿", "本版与上一版相比")
	final := d.fetch(word)
	if *pictures != "" {
		if err := os.WriteFile(filepath.Join(*pictures, "two-quarters.docx"), final, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d.proveBulletin(d.readBulletin(final))
	d.open(at)
	d.press(`input[value="issue"] ~ button`)
	d.done("印发")
	d.wants("the issued bulletin", "内容已冻结")
	d.shoot("issued")
	if evaluate[bool](t, d.ctx, `!!document.getElementById('work')`) {
		t.Error("an issued bulletin can be worked on")
	}

	// Frozen: the figures go on, the document does not.
	d.bulk(supervisor, issue.Move{Act: issue.Close}, d.issues(supervisor, office.IssueFilter{Quarter: secondQuarter, States: []issue.State{issue.Answered}})[:3])
	d.as(leader)
	d.open(at)
	if data := d.fetch(word); string(data) != string(final) {
		t.Error("an issued bulletin changed with the figures")
	}
	v := as(t, d.x, supervisor)
	b, err := d.x.office.Bulletin(t.Context(), v, strings.TrimPrefix(at, "/notices/"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.x.office.BuildBulletin(t.Context(), v, uuid.NewString(), office.BulletinBuild{ID: b.ID, Seq: b.Seq}); disclosure.CodeOf(err) != disclosure.ErrConflict {
		t.Errorf("an issued bulletin is built anew: %v", err)
	}
}

// story reads the audit log: each act, by whom, in order.
func (d *twoQuarters) story(a acted) {
	d.as(admin)
	for query, want := range map[string][]string{
		"kind=issue&id=" + a.closed:       {"evaluator 录入", "supervisor 交办", "filer 签收", "filer 反馈", "evaluator 复核通过", "supervisor 销号"},
		"kind=issue&id=" + a.returned:     {"evaluator 录入", "supervisor 交办", "filer 反馈", "evaluator 退回重改"},
		"kind=issue&id=" + a.inapplicable: {"evaluator 录入", "supervisor 交办", "filer 反馈", "supervisor 按不适用办结"},
		"kind=bulletin":                   {"supervisor 新建", "supervisor 生成通报", "supervisor 印发"},
		"kind=issue_list":                 {"evaluator 新建", "evaluator 修改", "evaluator 新建", "evaluator 修改"},
	} {
		lines := d.audited(query)
		for _, subject := range strings.Split(evaluate[string](d.t, d.ctx, `Array.from(document.querySelectorAll('table.audit tbody tr')).map(r => r.cells[4].textContent).join('\n')`), "\n") {
			if !strings.Contains(subject, firstQuarter.String()+"-") && !strings.Contains(subject, issue.QuarterName(firstQuarter)) && !strings.Contains(subject, issue.QuarterName(secondQuarter)) {
				d.t.Errorf("the log of %s does not name what was acted on: %q", query, subject)
			}
		}
		if len(lines) != len(want) {
			d.t.Errorf("the log of %s has %d lines, want %d: %q", query, len(lines), len(want), lines)
			continue
		}
		for k, line := range lines {
			who, what, _ := strings.Cut(want[k], " ")
			if !strings.Contains(line, who) || !strings.HasSuffix(line, " "+what) {
				d.t.Errorf("the log of %s says %q, want %q", query, line, want[k])
			}
		}
	}
	d.shoot("audit")
}
