package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"mingjing/internal/filing"
	"mingjing/internal/people"

	"github.com/google/uuid"
)

// The whole way of a correction: submitted, two cells returned, resubmitted
// with one of them changed, approved. What everybody sees changes with the
// approval and not before, and the log tells the story.
func TestReturnAndApprovalThroughThePages(t *testing.T) {
	x := openDesk(t)
	const unit = 5
	from := lastSeq(t, x)
	shown := func() string {
		w := ask(x, leader, http.MethodGet, "/reports/5/2025/national/agency?download=figures.csv", nil)
		_, line, _ := strings.Cut(w.Body.String(), "T3_NEW_RECEIVED_TOT,")
		line, _, _ = strings.Cut(line, "\r\n")
		return line
	}
	before := shown()
	hand(t, x, otherFiler, filing.Submit, write(t, x, otherFiler, unit, 1, oneMore...))
	if w := ask(x, supervisor, http.MethodGet, "/review", nil); !strings.Contains(w.Body.String(), `href="/review/5/2025"`) || !strings.Contains(w.Body.String(), "更正") {
		t.Error("the queue does not hold the correction")
	}
	page := ask(x, supervisor, http.MethodGet, "/review/5/2025", nil).Body.String()
	for _, want := range []string{"is-changed", "6 处改动", `id="do-approve"`, `id="do-return"`, "更正:第 1 版仍有效"} {
		if !strings.Contains(page, want) {
			t.Errorf("the review page does not say %q", want)
		}
	}
	// The keys stand on the buttons for the eye; a screen reader reads them apart
	// from the button's name.
	for _, key := range []string{"a", "r"} {
		if !strings.Contains(page, ` data-key="`+key+`" aria-keyshortcuts="`+key+`">`) || !strings.Contains(page, `<kbd title="快捷键 `+key+`" aria-hidden="true">`+key+`</kbd></a>`) {
			t.Errorf("the key %s is part of its button's name", key)
		}
	}
	mustDecide(t, x, supervisor, unit, filing.Return, url.Values{"cell": {"T3_GRANTED_NP", "T3_NEW_RECEIVED_NP"}, "why.T3_GRANTED_NP": {"应是不予公开"},
		"why.T3_NEW_RECEIVED_NP": {"请核对台账"}, "due": {"2026-03-09"}, "reason": {"请尽快"}})
	if state := stateOf(t, x, unit); state != filing.Returned {
		t.Fatalf("after the return the report is %q", state)
	}
	if got := shown(); got != before {
		t.Errorf("a returned correction changed what is shown from %q to %q", before, got)
	}
	page = ask(x, otherFiler, http.MethodGet, "/review/5/2025", nil).Body.String()
	if strings.Contains(page, `class="act" id="do-`) {
		t.Error("the filer is offered a decision")
	}
	slip := ask(x, supervisor, http.MethodGet, "/review/5/2025/slip.docx", nil)
	if slip.Code != http.StatusOK || !strings.HasPrefix(slip.Body.String(), "PK") {
		t.Errorf("the slip answers %d %.40s", slip.Code, slip.Body)
	}
	// One of the two cells is changed, and its row and column with it.
	writeUnchecked(t, x, otherFiler, unit, -1, "T3_GRANTED_NP", "T3_GRANTED_TOT")
	hand(t, x, otherFiler, filing.Submit, write(t, x, otherFiler, unit, 1, "T3_DENY_PROCESS_INFO_NP", "T3_DENY_PROCESS_INFO_TOT"))
	page = ask(x, supervisor, http.MethodGet, "/review/5/2025", nil).Body.String()
	for _, want := range []string{"上轮退回 2 格,1 格没改", "应是不予公开", "请核对台账", "still-asked", "was-asked", "与第 2 版相比有 4 处改动"} {
		if !strings.Contains(page, want) {
			t.Errorf("the resubmission does not say %q", want)
		}
	}
	log := ask(x, leader, http.MethodGet, "/review/5/2025/revisions", nil)
	if log.Code != http.StatusForbidden {
		t.Errorf("a reader from outside is answered %d to the revision log", log.Code)
	}
	changes := ask(x, otherFiler, http.MethodGet, "/review/5/2025/revisions", nil).Body.String()
	for _, want := range []string{"退回修改", "应是不予公开", "期限 2026-03-09", "数字有 4 处不同", "正文没有不同", "历史导入"} {
		if !strings.Contains(changes, want) {
			t.Errorf("the revision log does not say %q", want)
		}
	}
	mustDecide(t, x, supervisor, unit, filing.Approve, nil)
	if got := shown(); got == before {
		t.Error("the approval did not change what is shown")
	}
	if story := told(t, x, unit, from); !slices.Equal(slices.DeleteFunc(story, func(s string) bool { return strings.HasSuffix(s, "restore") }),
		[]string{"other submit", "supervisor return", "other submit", "supervisor approve"}) {
		t.Errorf("the log tells %v", story)
	}
}

// Of two people who decide on what they saw, the second is told, and nothing of
// what was typed is lost; the same form sent twice changes nothing.
func TestStalePagesAndDoubleClicks(t *testing.T) {
	x := openDesk(t)
	const unit = 5
	from := lastSeq(t, x)
	hand(t, x, otherFiler, filing.Submit, write(t, x, otherFiler, unit, 1, oneMore...))
	approve := decision(t, x, supervisor, unit, filing.Approve, nil)
	back := decision(t, x, supervisor, unit, filing.Return, url.Values{"reason": {"整份重核"}, "due": {"2026-03-05"}})
	for range 2 { // a double click
		if status, location, body := decideAs(x, supervisor, unit, back); status != http.StatusSeeOther || location != "/review/5/2025?did=return" {
			t.Fatalf("the return answers %d to %q: %s", status, location, sentenceOf(body))
		}
	}
	approve.Set("reason", "已核")
	status, _, body := decideAs(x, supervisor, unit, approve)
	if status != http.StatusConflict || !strings.Contains(sentenceOf(body), "退回修改") || !strings.Contains(body, `<a href="/review/5/2025">`) {
		t.Errorf("approving what somebody returned answers %d: %s", status, sentenceOf(body))
	}
	// The unit files again: the old page's return is of another revision.
	hand(t, x, otherFiler, filing.Submit, write(t, x, otherFiler, unit, 0))
	stale := url.Values{"do": {"return"}, "act": {uuid.NewString()}, "seq": back["seq"], "due": {"2026-03-06"}, "reason": {"第二次"},
		"cell": {"T3_GRANTED_NP"}, "why.T3_GRANTED_NP": {"写了很久的理由"}}
	status, _, body = decideAs(x, supervisor, unit, stale)
	if status != http.StatusConflict {
		t.Errorf("a stale return answers %d", status)
	}
	for _, kept := range []string{"写了很久的理由", ">第二次</textarea>", `value="2026-03-06"`, `value="T3_GRANTED_NP" form="return-form" aria-keyshortcuts="x" checked`} {
		if !strings.Contains(body, kept) {
			t.Errorf("a stale return loses %q", kept)
		}
	}
	// A number that was used for another act is no repetition of this one.
	other := decision(t, x, supervisor, unit, filing.Approve, url.Values{"act": back["act"]})
	if status, _, body := decideAs(x, supervisor, unit, other); status != http.StatusConflict || stateOf(t, x, unit) != filing.Submitted {
		t.Errorf("an approval under the return's number answers %d: %s", status, sentenceOf(body))
	}
	mustDecide(t, x, supervisor, unit, filing.Approve, nil)
	if story := told(t, x, unit, from); strings.Count(strings.Join(story, ";"), "supervisor return") != 1 {
		t.Errorf("the log tells %v", story)
	}
}

// What is wrong with a decision is said in a sentence, and nothing happens.
func TestDecisionsThatCannotBe(t *testing.T) {
	x := openDesk(t)
	const unit = 5
	hand(t, x, otherFiler, filing.Submit, write(t, x, otherFiler, unit, 1, oneMore...))
	form := func(more url.Values) url.Values {
		f := decision(t, x, supervisor, unit, filing.Return, url.Values{"due": {"2026-03-09"}})
		for k, v := range more {
			f[k] = v
		}
		return f
	}
	for _, c := range []struct {
		name    string
		account string
		form    url.Values
		status  int
		says    string
	}{
		{"no cell and no reason", supervisor, form(nil), 400, "至少指出一个单元格"},
		{"a cell without reason", supervisor, form(url.Values{"cell": {"T3_GRANTED_NP"}}), 400, "为什么退回"},
		{"a cell that is none", supervisor, form(url.Values{"cell": {"T9_X"}, "why.T9_X": {"x"}}), 400, "没有代码为"},
		{"a cell twice", supervisor, form(url.Values{"cell": {"T3_GRANTED_NP", "T3_GRANTED_NP"}, "why.T3_GRANTED_NP": {"x"}}), 400, "标记了两次"},
		{"no due date", supervisor, form(url.Values{"reason": {"x"}, "due": {""}}), 400, "期限"},
		{"a due date that is over", supervisor, form(url.Values{"reason": {"x"}, "due": {"2026-03-01"}}), 400, "已经过去"},
		{"a long reason", supervisor, form(url.Values{"reason": {strings.Repeat("长", 1001)}}), 400, "最多1000字"},
		{"no number", supervisor, form(url.Values{"reason": {"x"}, "act": {""}}), 400, "操作编号"},
		{"no act", supervisor, form(url.Values{"do": {"destroy"}}), 409, "不能"},
		{"the filer's own hand", otherFiler, form(url.Values{"reason": {"x"}}), 403, "没有这项权限"},
		{"another unit's reviewer", reviewer, form(url.Values{"reason": {"x"}}), 403, "没有这项权限"},
		{"the administrator", admin, form(url.Values{"reason": {"x"}}), 403, "没有这项权限"},
		{"a reopening of what is not approved", supervisor, form(url.Values{"do": {"reopen"}, "reason": {"x"}}), 409, "不能退回重开"},
	} {
		status, _, body := decideAs(x, c.account, unit, c.form)
		if status != c.status || !strings.Contains(body, c.says) {
			t.Errorf("%s: answers %d: %s; want %d and %q", c.name, status, sentenceOf(body), c.status, c.says)
		}
	}
	if state := stateOf(t, x, unit); state != filing.Submitted {
		t.Fatalf("the report is %q", state)
	}
	mustDecide(t, x, supervisor, unit, filing.Approve, nil)
	for act, to := range map[filing.Act]filing.State{filing.Revoke: filing.Revoked} {
		f := decision(t, x, supervisor, unit, act, nil)
		if status, _, body := decideAs(x, supervisor, unit, f); status != 400 || !strings.Contains(sentenceOf(body), "理由") {
			t.Errorf("%s without a reason answers %d: %s", act, status, sentenceOf(body))
		}
		mustDecide(t, x, supervisor, unit, act, url.Values{"reason": {"误通过"}})
		if state := stateOf(t, x, unit); state != to {
			t.Errorf("after %s the report is %q", act, state)
		}
	}
	page := ask(x, supervisor, http.MethodGet, "/review/5/2025/revisions", nil).Body.String()
	if !strings.Contains(page, "误通过") {
		t.Error("the log does not say why the approval was revoked")
	}
	// It comes back as a first filing would, and is reopened once more.
	hand(t, x, otherFiler, filing.Submit, write(t, x, otherFiler, unit, 0))
	mustDecide(t, x, supervisor, unit, filing.Approve, nil)
	mustDecide(t, x, supervisor, unit, filing.Reopen, url.Values{"reason": {"需要更正"}})
	if w := ask(x, leader, http.MethodGet, "/reports/5/2025/national/agency", nil); w.Code != http.StatusOK {
		t.Errorf("a reopened report's approved figures answer %d", w.Code)
	}
	hand(t, x, otherFiler, filing.Submit, write(t, x, otherFiler, unit, 0))
	mustDecide(t, x, supervisor, unit, filing.Approve, nil)
}

// The unit's own reviewer passes or sends back, and never what the same person
// filed; the district takes over after that.
func TestTheUnitsOwnReview(t *testing.T) {
	x := openDesk(t)
	const unit = 2
	hand(t, x, filer, filing.HandOn, write(t, x, filer, unit, 1, oneMore...))
	if w := ask(x, reviewer, http.MethodGet, "/review", nil); !strings.Contains(w.Body.String(), `href="/review/2/2025"`) {
		t.Error("the unit's reviewer does not find the report in the queue")
	}
	if w := ask(x, supervisor, http.MethodGet, "/review?state=review", nil); strings.Contains(w.Body.String(), `href="/review/2/2025"`) {
		t.Error("the district's queue holds what the unit has not passed")
	}
	// Who may see how filing goes is told that it is with the unit's reviewer, not that nothing came.
	for _, account := range []string{supervisor, leader} {
		expect(t, account, ask(x, account, http.MethodGet, "/progress?year=2025&mark=review", nil), http.StatusOK, "待单位审核", `href="/units/2`)
		if body := ask(x, account, http.MethodGet, "/?year=2025", nil).Body.String(); !strings.Contains(body, "待单位审核 <b>1</b>") {
			t.Errorf("%s is not told on the overview that one report is with its unit", account)
		}
	}
	if page := ask(x, evaluator, http.MethodGet, "/?year=2025", nil).Body.String(); strings.Contains(page, "待单位审核") {
		t.Error("an evaluator is told where a report stands within its unit")
	}
	if page := ask(x, reviewer, http.MethodGet, "/review/2/2025", nil).Body.String(); !strings.Contains(page, `id="do-pass"`) || strings.Contains(page, `id="do-approve"`) {
		t.Error("the unit's reviewer is not offered what is theirs")
	}
	mustDecide(t, x, reviewer, unit, filing.SendBack, url.Values{"reason": {"附件不全"}, "cell": {"T3_GRANTED_NP"}, "why.T3_GRANTED_NP": {"查无此件"}})
	if state := stateOf(t, x, unit); state != filing.Draft {
		t.Fatalf("sent back, the report is %q", state)
	}
	hand(t, x, filer, filing.HandOn, write(t, x, filer, unit, 0))
	if page := ask(x, reviewer, http.MethodGet, "/review/2/2025", nil).Body.String(); !strings.Contains(page, "上轮退回 1 格,1 格没改") {
		t.Error("the unit's reviewer does not see that nothing was changed")
	}
	mustDecide(t, x, reviewer, unit, filing.Pass, nil)
	if w := ask(x, reviewer, http.MethodGet, "/review", nil); strings.Contains(w.Body.String(), `href="/review/2/2025"`) {
		t.Error("what was passed still waits for the unit's reviewer")
	}
	mustDecide(t, x, supervisor, unit, filing.Approve, nil)
}

// Who filed does not approve, by page, by form or in a batch, unless the
// district allows it; who took a draft in on deadline day leaves a mark.
func TestOwnFilingsAndProblems(t *testing.T) {
	x := openDesk(t)
	const unit = 6
	machine := people.Machine("os:test", "cli")
	for _, account := range []string{"second", "both"} {
		p := people.Person{Account: account, Name: "另一位" + account, Grants: []people.Grant{{Role: people.Supervisor}}}
		if account == "both" {
			p.Grants = append(p.Grants, people.Grant{Role: people.Filer, Unit: unit})
		}
		if err := x.office.CreateDemonstration(t.Context(), machine, p, staffPassword); err != nil {
			t.Fatal(err)
		}
		signInto(t, x, account)
	}
	hand(t, x, "both", filing.Submit, write(t, x, "both", unit, 1, oneMore...))
	page := ask(x, "both", http.MethodGet, "/review/6/2025", nil).Body.String()
	if !strings.Contains(page, "由您本人填报,须由另一人通过") || strings.Contains(page, `id="do-approve"`) {
		t.Error("the page does not say why the own filing cannot be approved")
	}
	own := decision(t, x, "second", unit, filing.Approve, nil)
	if status, _, body := decideAs(x, "both", unit, own); status != http.StatusForbidden || !strings.Contains(sentenceOf(body), "本人填报") {
		t.Errorf("approving the own filing answers %d: %s", status, sentenceOf(body))
	}
	queue := ask(x, "both", http.MethodGet, "/review", nil).Body.String()
	if strings.Contains(queue, `value="6/2025/`) || !strings.Contains(queue, "本人填报") {
		t.Error("the queue offers the own filing to a batch")
	}
	w := ask(x, "both", http.MethodPost, "/review/batch", url.Values{"act": {uuid.NewString()}, "pick": {"6/2025/" + own.Get("seq")}})
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "批量通过:通过 0 份,未通过 1 份") || stateOf(t, x, unit) != filing.Submitted {
		t.Errorf("a batch with the own filing answers %d", w.Code)
	}
	// 带问题收件 of what was returned and worked on.
	mustDecide(t, x, "second", unit, filing.Return, url.Values{"reason": {"请核对"}, "due": {"2026-03-09"}})
	writeUnchecked(t, x, "both", unit, 3, "T3_GRANTED_NP")
	draft := ask(x, "second", http.MethodGet, "/review/6/2025?of=draft", nil).Body.String()
	if !strings.Contains(draft, "草稿,未提交") || !strings.Contains(draft, "has-error") {
		t.Error("the draft is not shown with what is wrong in it")
	}
	take := url.Values{}
	_, section, _ := strings.Cut(draft, `id="do-take"`)
	for _, m := range hidden.FindAllStringSubmatch(section, 5) {
		take.Set(m[1], m[2])
	}
	if status, _, body := decideAs(x, "second", unit, take); status != 400 || !strings.Contains(sentenceOf(body), "理由") {
		t.Errorf("taking in without a reason answers %d: %s", status, sentenceOf(body))
	}
	take.Set("reason", "截止日来不及改")
	if status, location, body := decideAs(x, "second", unit, take); status != http.StatusSeeOther || location != "/review/6/2025?did=take" {
		t.Fatalf("taking in answers %d to %q: %s", status, location, sentenceOf(body))
	}
	for _, path := range []string{"/review", "/review/6/2025"} {
		if page := ask(x, "second", http.MethodGet, path, nil).Body.String(); !strings.Contains(page, "带问题收件") {
			t.Errorf("%s does not mark what was taken in with problems", path)
		}
	}
	if page := ask(x, "second", http.MethodGet, "/review?mark=clean", nil).Body.String(); strings.Contains(page, `href="/review/6/2025"`) {
		t.Error("what was taken in with problems counts as clean")
	}
	mustDecide(t, x, "second", unit, filing.Approve, nil)
	if page := ask(x, supervisor, http.MethodGet, "/reports/6/2025/national/agency", nil).Body.String(); !strings.Contains(page, "带问题收件") {
		t.Error("the approved report's page has lost the mark")
	}
}
