package web

import (
	"bytes"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"

	"github.com/google/uuid"
)

// The whole life of an issue through its page, act by act, by who may do each.
func TestIssueThroughItsPage(t *testing.T) {
	x := openIssues(t)
	i := x.enter(t, "办事指南缺少材料清单", 2)
	due := func(day string) url.Values { return url.Values{"day": {day}, "hour": {"17:00"}} }
	reason := func(text string) url.Values { return url.Values{"reason": {text}} }
	both := func(a, b url.Values) url.Values {
		for k, v := range b {
			a[k] = v
		}
		return a
	}
	for n, step := range []struct {
		who    string
		act    issue.Act
		fields url.Values
		state  issue.State
	}{
		{supervisor, issue.Assign, url.Values{"unit": {"2"}, "helper": {"5", "3"}}, issue.Found},
		{supervisor, issue.HandOver, due("2026-03-10"), issue.Handed},
		{filer, issue.Sign, nil, issue.Signed},
		{otherFiler, issue.Progress, url.Values{"text": {"配合单位:材料已提供"}}, issue.Rectifying},
		{filer, issue.AskExtension, both(due("2026-03-25"), reason("网站改版")), issue.Rectifying},
		{supervisor, issue.RefuseExtension, reason("时间够用"), issue.Rectifying},
		{reviewer, issue.AskExtension, both(due("2026-03-20"), reason("再请")), issue.Rectifying},
		{supervisor, issue.Extend, both(due("2026-03-18"), reason("同意延几天")), issue.Rectifying},
		{filer, issue.Object, reason("已按要求公布"), issue.Rectifying},
		{supervisor, issue.Uphold, both(url.Values{"deduction": {"0.2"}}, reason("部分成立")), issue.Rectifying},
		{filer, issue.GiveAnswer, url.Values{"kind": {"done"}, "link": {"https://www.example.gov.cn/a.html"}}, issue.Answered},
		{filer, issue.Recall, nil, issue.Rectifying},
		{filer, issue.GiveAnswer, url.Values{"kind": {"done"}, "text": {"已补充"}}, issue.Answered},
		{evaluator, issue.Return, reason("链接里仍没有材料清单"), issue.Returned},
		{filer, issue.GiveAnswer, url.Values{"kind": {"not_applicable"}, "text": {"没有此项业务,已发布说明"}}, issue.Answered},
		{evaluator, issue.Recheck, reason("属实"), issue.Rechecked},
		{supervisor, issue.Close, nil, issue.Closed},
		{filer, issue.Object, reason("再申诉"), issue.Closed},
		{supervisor, issue.Reject, reason("没有新的理由"), issue.Closed},
		{supervisor, issue.Reopen, both(due("2026-03-30"), reason("又打不开了")), issue.Returned},
		{supervisor, issue.EndInapplicable, reason("机构改革后无此职能"), issue.NotApplicable},
	} {
		w := x.act(t, step.who, i.ID, step.act, http.StatusSeeOther, step.fields)
		if !strings.Contains(w.Header().Get("Location"), "did="+string(step.act)) {
			t.Errorf("step %d leads to %s", n, w.Header().Get("Location"))
		}
		if got := x.now(t, supervisor, i.ID); got.State != step.state {
			t.Fatalf("after step %d (%s) the issue stands at %s, want %s", n, step.act, got.State, step.state)
		}
	}
	got := x.now(t, supervisor, i.ID)
	if got.Deduction.Decimal.String() != "0.2" || got.Returns != 1 || got.Reopens != 1 || got.FirstDue.String() != "2026-03-10 17:00" {
		t.Errorf("deduction %s, returned %d, reopened %d, first due %s", got.Deduction.Decimal, got.Returns, got.Reopens, got.FirstDue)
	}
	body := x.page(t, filer, issueHref(i.ID), http.StatusOK)
	for _, want := range []string{"扣分由0.5改为0.2", "期限由2026年3月10日17:00改为2026年3月18日17:00", "链接里仍没有材料清单", "申请按不适用处理", "办结后重新打开1次", "机构改革后无此职能"} {
		if !strings.Contains(body, want) {
			t.Errorf("the course does not say %q", want)
		}
	}
	if strings.Contains(body, "分办</b>") {
		t.Error("the unit is shown how the issue was prepared")
	}
}

// What a page offers is what the table allows to the one who looks; nothing is
// offered that would be refused.
func TestOffersFollowTheTable(t *testing.T) {
	x := openIssues(t)
	found, handed := x.enter(t, "只对各人开放的操作", 2), x.handed(t, "只对各人开放的操作二", 2)
	for _, tc := range []struct {
		who  string
		id   string
		want []issue.Act
	}{
		{evaluator, found.ID, []issue.Act{issue.Attach, issue.Withdraw}},
		{supervisor, found.ID, []issue.Act{issue.HandOver, issue.Assign, issue.Attach, issue.EndInapplicable, issue.Withdraw}},
		{leader, found.ID, nil},
		{filer, handed.ID, []issue.Act{issue.GiveAnswer, issue.Sign, issue.Progress, issue.AskExtension, issue.Object, issue.Attach}},
		{evaluator, handed.ID, []issue.Act{issue.Attach}},
		{leader, handed.ID, nil},
		{supervisor, handed.ID, []issue.Act{issue.Extend, issue.Assign, issue.Attach, issue.EndInapplicable, issue.Withdraw, issue.Sign, issue.GiveAnswer, issue.Progress}},
	} {
		body := x.page(t, tc.who, issueHref(tc.id), http.StatusOK)
		var got []issue.Act
		for _, a := range offered(body) {
			got = append(got, issue.Act(a))
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s is offered %v, want %v", tc.who, got, tc.want)
		}
		if tc.want == nil && !strings.Contains(body, "您现在没有要办理的事项") {
			t.Errorf("%s is not told that there is nothing to do", tc.who)
		}
	}
}

// Acts that are not somebody's to do are refused, whatever form is sent; what was
// typed is on the page that says so.
func TestRefusedActsOnIssues(t *testing.T) {
	x := openIssues(t)
	i := x.handed(t, "被拒绝的操作", 2)
	for _, tc := range []struct {
		who    string
		act    issue.Act
		fields url.Values
		status int
		has    string
	}{
		{rival, issue.Attach, url.Values{"address": {"https://a.example/"}}, http.StatusNotFound, ""},
		{otherFiler, issue.GiveAnswer, url.Values{"text": {"别的单位"}}, http.StatusNotFound, ""},
		{leader, issue.Close, nil, http.StatusConflict, "不能销号"},
		{leader, issue.GiveAnswer, url.Values{"text": {"领导代答"}}, http.StatusForbidden, "领导代答"},
		{filer, issue.Extend, url.Values{"reason": {"自己批"}, "day": {"2026-04-01"}}, http.StatusForbidden, "自己批"},
		{filer, issue.Withdraw, url.Values{"reason": {"撤销"}}, http.StatusForbidden, ""},
		{evaluator, issue.GiveAnswer, url.Values{"text": {"评估员代答"}}, http.StatusForbidden, "评估员代答"},
		{evaluator, issue.HandOver, nil, http.StatusConflict, ""},
		{admin, issue.Sign, nil, http.StatusNotFound, ""},
		{filer, issue.GiveAnswer, url.Values{"kind": {"done"}}, http.StatusBadRequest, "填写整改后的链接,或用一句话说明"},
		{filer, issue.GiveAnswer, url.Values{"kind": {"not_applicable"}, "link": {"https://a.example/x"}}, http.StatusBadRequest, "https://a.example/x"},
		{filer, issue.GiveAnswer, url.Values{"link": {"javascript:alert(1)"}}, http.StatusBadRequest, "http://或https://"},
		{filer, issue.GiveAnswer, url.Values{"text": {strings.Repeat("长", 2001)}}, http.StatusBadRequest, strings.Repeat("长", 2001)},
		{filer, issue.AskExtension, url.Values{"reason": {"没有写日期"}}, http.StatusBadRequest, "没有写日期"},
		{filer, issue.AskExtension, url.Values{"reason": {"过去"}, "day": {"2020-01-01"}}, http.StatusBadRequest, "已经过去"},
		{supervisor, issue.Uphold, url.Values{"reason": {"没有申诉"}, "deduction": {"0"}}, http.StatusConflict, "没有待处理的申诉"},
		{supervisor, issue.Assign, url.Values{"unit": {"999"}, "reason": {"改派"}}, http.StatusBadRequest, "改派"},
		{supervisor, issue.EndInapplicable, nil, http.StatusBadRequest, "理由"},
		{supervisor, "dance", nil, http.StatusBadRequest, "请选择要办理的事项"},
		{supervisor, issue.Enter, nil, http.StatusBadRequest, ""},
	} {
		form := url.Values{"act": {uuid.NewString()}, "seq": {seqOf(x, t, i.ID)}, "do": {string(tc.act)}}
		for k, v := range tc.fields {
			form[k] = v
		}
		w := ask(x.site, tc.who, http.MethodPost, issueHref(i.ID)+"/act", form)
		if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.has) {
			t.Errorf("%s of %s is answered %d, want %d with %q: %s", tc.act, tc.who, w.Code, tc.status, disclosure.Clip(tc.has, 20), said(w.Body.String()))
		}
		if tc.status != http.StatusNotFound && said(w.Body.String()) == "" {
			t.Errorf("%s of %s is refused without a sentence", tc.act, tc.who)
		}
	}
	if now := x.now(t, supervisor, i.ID); now.Seq != i.Seq {
		t.Errorf("the issue stands at %s, though every act was refused", now.State)
	}
	form := x.formOf(t, filer, i.ID, issue.Sign, nil)
	for range 2 {
		if w := ask(x.site, filer, http.MethodPost, issueHref(i.ID)+"/act", form); w.Code != http.StatusSeeOther {
			t.Errorf("signing, and once more: %d", w.Code)
		}
	}
}

func seqOf(x *issueSite, t *testing.T, id string) string {
	_, seq, _ := strings.Cut(issueKey("", x.now(t, supervisor, id).Seq), ".")
	return seq
}

// Two people at once: the slower one sees both versions, what happened, and what
// was typed, and can send it from there.
func TestStaleIssuePage(t *testing.T) {
	x := openIssues(t)
	i := x.handed(t, "两人同时办理", 2)
	form := x.formOf(t, filer, i.ID, issue.GiveAnswer, url.Values{"text": {"我写了很久的说明"}})
	i = x.do(t, reviewer, i, issue.Move{Act: issue.Progress, Text: "审核员先登记了进展"})
	w := ask(x.site, filer, http.MethodPost, issueHref(i.ID)+"/act", form)
	body := w.Body.String()
	for _, want := range []string{"您打开时", "已交办", "整改中", "我写了很久的说明", "审核员先登记了进展", "刚刚发生", "测试reviewer"} {
		if w.Code != http.StatusConflict || !strings.Contains(body, want) {
			t.Errorf("the stale page (%d) does not say %q", w.Code, want)
		}
	}
	// Sent from that page it goes through.
	at := body[strings.Index(body, `id="do-answer"`):]
	next := url.Values{"text": {"我写了很久的说明"}}
	for _, m := range hidden.FindAllStringSubmatch(at[:strings.Index(at, "</form>")], -1) {
		next.Set(m[1], m[2])
	}
	if w := ask(x.site, filer, http.MethodPost, issueHref(i.ID)+"/act", next); w.Code != http.StatusSeeOther {
		t.Fatalf("sending it again is answered %d: %s", w.Code, said(w.Body.String()))
	}
	// An act that is possible no more: the words are there to be copied.
	form = x.formOf(t, filer, i.ID, issue.Attach, url.Values{"address": {"https://www.example.gov.cn/copied.html"}})
	i = x.now(t, supervisor, i.ID)
	x.do(t, supervisor, i, issue.Move{Act: issue.Close})
	w = ask(x.site, filer, http.MethodPost, issueHref(i.ID)+"/act", form)
	if body := w.Body.String(); w.Code != http.StatusConflict || !strings.Contains(body, "需要的话请复制") || !strings.Contains(body, "https://www.example.gov.cn/copied.html") {
		t.Errorf("an act that is possible no more is answered %d without what was typed", w.Code)
	}
}

// A correction that came too late shows three columns: then, now, one's own.
func TestStaleCorrection(t *testing.T) {
	x := openIssues(t)
	i := x.enter(t, "原来的问题明细", 2)
	body := x.page(t, evaluator, issueHref(i.ID)+"/edit", http.StatusOK)
	form := url.Values{"facts": {"我改的明细"}, "unit": {"3"}, "points": {"5"}, "deduction": {"0.5"}, "indicator2": {"栏目更新"}, "category": {"更新不及时"}}
	for _, m := range hidden.FindAllStringSubmatch(body, -1) {
		form.Set(m[1], m[2])
	}
	content := i.Content
	content.Facts = "区里改的明细"
	x.do(t, supervisor, i, issue.Move{Act: issue.Correct, Content: &content})
	w := ask(x.site, evaluator, http.MethodPost, issueHref(i.ID)+"/act", form)
	for _, want := range []string{"原来的问题明细", "区里改的明细", "我改的明细", "您写的", `<option value="3" selected`} {
		if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), want) {
			t.Errorf("the stale correction (%d) does not show %q", w.Code, want)
		}
	}
	form.Set("seq", seqOf(x, t, i.ID))
	form.Set("act", uuid.NewString())
	if w := ask(x.site, evaluator, http.MethodPost, issueHref(i.ID)+"/act", form); w.Code != http.StatusSeeOther {
		t.Errorf("the correction on the latest version is answered %d: %s", w.Code, said(w.Body.String()))
	}
	if got := x.now(t, supervisor, i.ID); got.Facts != "我改的明细" || got.Unit != 3 {
		t.Errorf("the issue says %q of unit %d", got.Facts, got.Unit)
	}
	handed := x.handed(t, "已经交办的", 2)
	x.page(t, evaluator, issueHref(handed.ID)+"/edit", http.StatusConflict)
}

// Texts are text wherever they stand.
func TestScriptsInIssuesAreText(t *testing.T) {
	x := openIssues(t)
	const evil = `</textarea><script>window.pwned=1</script>`
	i := x.handed(t, "问题"+evil, 2)
	x.act(t, filer, i.ID, issue.Progress, http.StatusSeeOther, url.Values{"text": {"进展" + evil}})
	x.act(t, filer, i.ID, issue.Object, http.StatusSeeOther, url.Values{"reason": {"申诉" + evil}})
	for _, path := range []string{issueHref(i.ID), "/issues?q=" + url.QueryEscape("pwned")} {
		if body := x.page(t, supervisor, path, http.StatusOK); strings.Contains(body, evil) || !strings.Contains(body, "&lt;script&gt;") {
			t.Errorf("%s carries a text as a script", path)
		}
	}
}

// Evidence: taken by content, given out for download only, and not lost when
// something else is wrong.
func TestEvidenceOfIssues(t *testing.T) {
	x := openIssues(t)
	i := x.handed(t, "附件", 2)
	at := issueHref(i.ID) + "/act"
	page := []byte("<html><script>window.pwned=1</script></html>")
	for name, data := range map[string][]byte{"page.html": page, "page.png": page, "drawing.svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>`), "empty.png": {}} {
		w := x.upload(t, filer, at, x.formOf(t, filer, i.ID, issue.GiveAnswer, url.Values{"text": {"随附件的说明"}}), map[string][]byte{name: data})
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "随附件的说明") {
			t.Errorf("%s is answered %d", name, w.Code)
		}
	}
	// The file came, the answer was wanting: the form carries the file on.
	w := x.upload(t, filer, at, x.formOf(t, filer, i.ID, issue.GiveAnswer, url.Values{"link": {"ftp://wrong"}}), map[string][]byte{"截图.png": smallPicture})
	token := regexp.MustCompile(`name="kept" value="([^"]+)"`).FindStringSubmatch(w.Body.String())
	if w.Code != http.StatusBadRequest || token == nil || !strings.Contains(w.Body.String(), "已上传:截图.png") {
		t.Fatalf("a wrong link with a file is answered %d and the file is not kept", w.Code)
	}
	foreign := x.handed(t, "别人的附件", 5)
	x.act(t, otherFiler, foreign.ID, issue.GiveAnswer, http.StatusSeeOther, url.Values{"text": {"好"}, "kept": {token[1]}})
	if got := x.now(t, supervisor, foreign.ID); len(got.AllEvidence()) != 0 {
		t.Error("a file was taken with another person's token")
	}
	x.act(t, filer, i.ID, issue.GiveAnswer, http.StatusSeeOther, url.Values{"text": {"好"}, "kept": {token[1]}})
	got := x.now(t, supervisor, i.ID)
	if len(got.AllEvidence()) != 1 {
		t.Fatalf("%d pieces of evidence, want 1", len(got.AllEvidence()))
	}
	sum := got.AllEvidence()[0].File.SHA256
	for account, status := range map[string]int{filer: 200, supervisor: 200, evaluator: 200, leader: 200, otherFiler: 404, admin: 404} {
		w := ask(x.site, account, http.MethodGet, issueHref(i.ID)+"/evidence/"+sum, nil)
		if w.Code != status {
			t.Errorf("%s asks for the evidence and is answered %d, want %d", account, w.Code, status)
		}
		if h := w.Header(); status == 200 && (!strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Type") != "image/png" || !bytes.Equal(w.Body.Bytes(), smallPicture)) {
			t.Errorf("the evidence comes with %v", h)
		}
	}
	var many = map[string][]byte{}
	for n := range mostFiles + 1 {
		many[strings.Repeat("a", n+1)+".png"] = smallPicture
	}
	if w := x.upload(t, supervisor, at, x.formOf(t, supervisor, i.ID, issue.Attach, nil), many); w.Code != http.StatusBadRequest {
		t.Errorf("too many files are answered %d", w.Code)
	}
}
