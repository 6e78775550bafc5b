package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mingjing/internal/bulletin/notice"
	"mingjing/internal/calendar"
	"mingjing/internal/demo"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"
	"mingjing/internal/store"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"
)

// openBulletins is a district with the demonstration's two quarters of issues;
// each test has its own.
func openBulletins(t *testing.T) *site {
	t.Helper()
	ctx := context.Background()
	x, err := openSite(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.store.Close() })
	d := demo.Generate(demo.Spec{Units: 30, Years: 1, Last: 2025})
	units := slices.Collect(d.Units())
	planted, err := d.Issues(units, testClock())
	if err != nil {
		t.Fatal(err)
	}
	var entries []store.Entry
	for _, u := range units {
		entries = append(entries, store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(u.Number), Verb: store.VerbCreate, State: u})
	}
	for _, l := range planted.Lists {
		entries = append(entries, store.Entry{Kind: store.KindIssueList, ID: l.ID, Verb: store.VerbCreate, State: l, Year: l.Quarter.Year})
	}
	for _, i := range planted.Issues {
		entries = append(entries, store.Entry{Kind: store.KindIssue, ID: i.ID, Verb: store.VerbCreate, State: i.Issue, Unit: i.Unit, Year: i.Quarter.Year})
	}
	_, err = x.store.Append(ctx, store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: "os:test", Address: "cli"}, Entries: entries})
	if err := errors.Join(err, staff(ctx, x)); err != nil {
		t.Fatal(err)
	}
	return x
}

// The document's numbers are those that the board's page shows, as a reader
// finds them in its cards and tables.
func TestNoticeSaysWhatTheBoardShows(t *testing.T) {
	x := openBulletins(t)
	q := issue.QuarterOf(testClock())
	_, n, err := x.office.MakeBulletin(t.Context(), as(t, x, supervisor), q, notice.Internal, true, "docx")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(ask(x, supervisor, http.MethodGet, "/quarter?quarter="+q.String(), nil).Body)
	if err != nil {
		t.Fatal(err)
	}
	figures := n.Figures()
	doc.Find(".wrongs .big").Each(func(k int, e *goquery.Selection) {
		if keys := []string{"now.issues", "now.settled", "now.overdue"}; k < len(keys) && strings.TrimSpace(e.Text()) != figures[keys[k]]+"个" {
			t.Errorf("%s: the page says %q, the document %s", keys[k], e.Text(), figures[keys[k]])
		}
	})
	shown := map[string]string{} // by a row's head and a column's
	doc.Find("table.rows").Each(func(_ int, table *goquery.Selection) {
		var heads []string
		table.Find("thead th").Each(func(_ int, e *goquery.Selection) { heads = append(heads, strings.TrimSpace(e.Text())) })
		table.Find("tbody tr").Each(func(_ int, row *goquery.Selection) {
			name := strings.TrimSpace(row.Find("th").First().Text())
			row.Find("td").Each(func(k int, cell *goquery.Selection) {
				shown[name+"/"+heads[k+1]] = strings.TrimSpace(cell.Text())
			})
		})
	})
	// What the document's columns are called on the page.
	called := map[string]map[string]string{"scores": {"实得分": "实得", "适用分值": "应得", "得分": "得分"}, "units": {"问题": "问题", "扣分": "扣分", "办结": "已办结", "逾期": "逾期"},
		"categories": {"本季度": "问题", "扣分": "扣分", "办结": "已办结", "逾期": "逾期"}}
	compared := 0
	for _, b := range n.Blocks {
		if b.Table == nil || called[b.Table.Name] == nil {
			continue
		}
		name := slices.IndexFunc(b.Table.Columns, func(c notice.Column) bool { return c.Left })
		for _, row := range b.Table.Rows {
			for k, c := range row {
				said, ok := shown[row[name].Text+"/"+called[b.Table.Name][b.Table.Columns[k].Label]]
				if !ok {
					continue
				}
				compared++
				if said != c.Text {
					t.Errorf("%s, %s: the page says %q, the document %q", row[name].Text, b.Table.Columns[k].Label, said, c.Text)
				}
			}
		}
	}
	if compared < 100 {
		t.Errorf("only %d numbers were compared", compared)
	}
}

// draftOf is a 征求意见稿 of the present quarter, made if there is none.
func draftOf(t *testing.T, x *site) string {
	t.Helper()
	q := issue.QuarterOf(testClock())
	lines, err := x.office.Bulletins(t.Context(), as(t, x, supervisor))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		if l.Quarter == q && l.State == office.BulletinDraft {
			return l.ID
		}
	}
	w := ask(x, supervisor, http.MethodPost, "/notices", url.Values{"quarter": {q.String()}, "draft": {"1"}, "act": {uuid.NewString()}})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("building answers %d: %.600s", w.Code, w.Body)
	}
	return strings.TrimPrefix(w.Header().Get("Location"), "/notices/")
}

var seenField = regexp.MustCompile(`name="seen" value="(\d+)"`)

// noticeForm is what the page's form for an act would send.
func noticeForm(t *testing.T, x *site, id, what string, more url.Values) url.Values {
	t.Helper()
	m := seenField.FindStringSubmatch(ask(x, supervisor, http.MethodGet, "/notices/"+id, nil).Body.String())
	if m == nil {
		t.Fatal("the page has no form")
	}
	form := url.Values{"what": {what}, "seen": {m[1]}, "act": {uuid.NewString()}}
	for k, v := range more {
		form[k] = v
	}
	return form
}

// Each role and the bulletin from its refusal to its issue.
func TestNoticesByRole(t *testing.T) {
	x := openBulletins(t)
	q := issue.QuarterOf(testClock())
	w := ask(x, supervisor, http.MethodPost, "/notices", url.Values{"quarter": {q.String()}, "act": {uuid.NewString()}})
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "数据尚未审定") || !strings.Contains(w.Body.String(), "没有交办") {
		t.Fatalf("a final one answers %d: %.400s", w.Code, w.Body)
	}
	id := draftOf(t, x)
	page := ask(x, supervisor, http.MethodGet, "/notices/"+id, nil).Body.String()
	for _, want := range []string{"征求意见稿", "一、测评得分与排名", "各镇人民政府", "/picture/1?", "尚未审定", "没有交办", "附件:"} {
		if !strings.Contains(strings.ReplaceAll(page, "：", ":"), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, path := range []string{"/notices/" + id, "/notices/" + id + "/print", "/notices/" + id + "/bulletin.docx", "/notices/" + id + "/picture/1"} {
		for account, want := range map[string]int{supervisor: 200, leader: 404, filer: 403, evaluator: 403, admin: 403} {
			if w := ask(x, account, http.MethodGet, path, nil); w.Code != want {
				t.Errorf("%s answers %s %d, want %d", path, account, w.Code, want)
			}
		}
	}
	for _, path := range []string{"/notices/" + id + "?version=7", "/notices/" + id + "?edition=all", "/notices/" + id + "/bulletin.odt", "/notices/" + id + "/picture/99", "/notices/nothing"} {
		if w := ask(x, supervisor, http.MethodGet, path, nil); w.Code != 404 {
			t.Errorf("%s answers %d", path, w.Code)
		}
	}
	if w := ask(x, supervisor, http.MethodPost, "/notices/"+id+"/act", noticeForm(t, x, id, "issue", nil)); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "不能印发") {
		t.Errorf("issuing a 征求意见稿 answers %d", w.Code)
	}
	if w := ask(x, leader, http.MethodPost, "/notices/"+id+"/act", noticeForm(t, x, id, "build", nil)); w.Code != http.StatusForbidden {
		t.Errorf("a leader builds: %d", w.Code)
	}
	if w := ask(x, supervisor, http.MethodPost, "/notices/"+id+"/act", noticeForm(t, x, id, "drop", url.Values{"reason": {" "}})); w.Code != http.StatusBadRequest {
		t.Errorf("dropping without a reason answers %d", w.Code)
	}
	settleQuarter(t, x, q)
	for _, what := range []struct {
		name string
		more url.Values
	}{{"texts", url.Values{"text.requirements": {"请<认真>整改。"}}}, {"build", nil}, {"issue", nil}} {
		if w := ask(x, supervisor, http.MethodPost, "/notices/"+id+"/act", noticeForm(t, x, id, what.name, what.more)); w.Code != http.StatusSeeOther {
			t.Fatalf("%s answers %d: %.400s", what.name, w.Code, w.Body)
		}
		said := ask(x, supervisor, http.MethodGet, "/notices/"+id, nil).Body.String()
		if what.name == "build" && (!strings.Contains(said, "不再是征求意见稿") || !strings.Contains(said, "请&lt;认真&gt;整改")) {
			t.Error("the page does not tell what changed, or lacks the text")
		}
	}
	if body := ask(x, leader, http.MethodGet, "/notices", nil).Body.String(); !strings.Contains(body, "已印发") || strings.Contains(body, "版式与点名规则") {
		t.Error("the leader's list is wrong")
	}
	for _, path := range []string{"", "/print", "/bulletin.docx", "/bulletin.xlsx", "/picture/1", "?edition=public"} {
		if w := ask(x, leader, http.MethodGet, "/notices/"+id+path, nil); w.Code != 200 {
			t.Errorf("%s answers a leader %d after it was issued", path, w.Code)
		}
	}
	frozen := url.Values{"what": {"build"}, "seen": {"1"}, "act": {uuid.NewString()}}
	if w := ask(x, supervisor, http.MethodPost, "/notices/"+id+"/act", frozen); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "已印发") {
		t.Errorf("building after it was issued answers %d", w.Code)
	}
}

// settleQuarter decides what stands against a final bulletin.
func settleQuarter(t *testing.T, x *site, q disclosure.Period) {
	t.Helper()
	v := as(t, x, supervisor)
	rows, err := x.office.Issues(t.Context(), v, office.IssueFilter{Quarter: q, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range rows.Rows {
		m := issue.Move{Act: issue.HandOver, Due: calendar.At(calendar.DayOf(testClock()) + 20)}
		if l.OpenAppeal() != nil {
			m = issue.Move{Act: issue.Reject, Reason: "扣分有据"}
		} else if l.State != issue.Found {
			continue
		}
		if _, err := x.office.DoIssue(t.Context(), v, office.IssueMove{Move: m, ID: uuid.NewString(), Issue: l.ID, Seq: l.Seq}); err != nil {
			t.Fatal(err)
		}
	}
	// The first quarter's bulletin tells of the annual reports too: none of them
	// waits for review here.
}

// What a person typed into the arrangement comes back with the sentence.
func TestNoticeLayoutForm(t *testing.T) {
	x := openBulletins(t)
	form := url.Values{"seen": {"0"}, "title": {"关于{季度}的通报"}, "to": {"各单位:"}, "rate_base": {"5"}, "kind.0": {"opening"}, "on.0": {"1"}, "kind.1": {"own"}, "on.1": {"1"}, "heading.1": {"说<明>"}, "text.1": {"一二三"},
		"rule.0": {"R1"}, "rulekind.0": {"praise"}, "says.0": {"整改好"}, "ruleon.0": {"1"}, "conditions.0": {"整改完成率 是 100"}}
	form.Set("act", uuid.NewString())
	w := ask(x, supervisor, http.MethodPost, "/notices/settings", form)
	if body := w.Body.String(); w.Code != http.StatusBadRequest || !strings.Contains(body, "看不懂") || !strings.Contains(body, "整改完成率 是 100") || !strings.Contains(body, "说&lt;明&gt;") {
		t.Errorf("a condition that is none answers %d: %.300s", w.Code, body)
	}
	for account, want := range map[string]int{leader: 403, admin: 403, filer: 403} {
		if w := ask(x, account, http.MethodPost, "/notices/settings", form); w.Code != want {
			t.Errorf("%s arranges: %d", account, w.Code)
		}
	}
	form.Set("conditions.0", "整改完成率≥100%\n逾期未反馈数 <= 0")
	if w := ask(x, supervisor, http.MethodPost, "/notices/settings", form); w.Code != http.StatusSeeOther {
		t.Fatalf("keeping answers %d: %.400s", w.Code, w.Body)
	}
	page := ask(x, supervisor, http.MethodGet, "/notices/settings?done=1", nil).Body.String()
	for _, want := range []string{"整改完成率 &gt;= 100", "说&lt;明&gt;", "修改记录"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	m := seenField.FindStringSubmatch(page)
	back := url.Values{"seen": {m[1]}, "title": {"x"}, "rate_base": {"5"}, "shipped": {"1"}, "act": {uuid.NewString()}}
	if w := ask(x, supervisor, http.MethodPost, "/notices/settings", back); w.Code != http.StatusSeeOther {
		t.Errorf("going back to what is shipped answers %d: %.300s", w.Code, w.Body)
	}
}
