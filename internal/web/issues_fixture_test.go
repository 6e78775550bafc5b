package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// rival is a second evaluator, who must see nothing of the first one's lists.
const rival = "pinggu2"

// issueQuarter is the quarter of the tests' clock.
var issueQuarter = disclosure.Period{Year: 2026, Quarter: 1}

// issueSite is a site with units and people, two lists of two evaluators, and no
// issue yet: each test enters its own.
type issueSite struct {
	*site
	own, foreign *issue.List // of evaluator, of rival
}

var issueDesk = sync.OnceValues(func() (*issueSite, error) { return newIssueSite(context.Background()) })

func newIssueSite(ctx context.Context) (*issueSite, error) {
	s, err := openSite(ctx)
	if err != nil {
		return nil, err
	}
	x := &issueSite{site: s}
	var entries []store.Entry
	for n, name := range []string{"示范区人民政府", "示范区教育局", "示范区民政局", "青山街道办事处", "示范区卫生健康局", evilName} {
		u := disclosure.Unit{Number: disclosure.UnitNumber(n + 1), Name: name, Kind: disclosure.UnitDepartment, Sort: n + 1}
		if n == 1 {
			u.Short = "区教育局"
		}
		entries = append(entries, store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(u.Number), Verb: store.VerbCreate, State: u})
	}
	if _, err := s.store.Append(ctx, store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: "os:test", Address: "cli"}, Entries: entries}); err != nil {
		return nil, err
	}
	p := people.Person{Account: rival, Name: "另一家评估", Grants: []people.Grant{{Role: people.Evaluator}}}
	local := people.Person{Account: street, Name: "街道审核员", Grants: []people.Grant{{Role: people.Supervisor, Unit: 5}}}
	machine := people.Machine("os:test", "cli")
	err = errors.Join(staff(ctx, s), s.office.CreateDemonstration(ctx, machine, p, staffPassword), s.office.CreateDemonstration(ctx, machine, local, staffPassword))
	for account, list := range map[string]**issue.List{evaluator: &x.own, rival: &x.foreign} {
		v, visitErr := s.office.Visitor(ctx, account, "test")
		l, listErr := s.office.PutIssueList(ctx, v, uuid.NewString(), office.IssueListForm{Quarter: issueQuarter, Round: issue.RoundDistrict, Source: "第三方" + account,
			Due: calendar.Moment{Date: calendar.Day(2026, 3, 20), Hour: 17}})
		*list, err = l, errors.Join(err, visitErr, listErr)
	}
	return x, errors.Join(err, s.signIn(ctx, rival), s.signIn(ctx, street))
}

// signIn gives an account a session, as staff does for its own.
func (x *site) signIn(ctx context.Context, account string) error {
	kept, err := x.office.Sessions(ctx)
	if err != nil {
		return err
	}
	until := time.Now().Add(time.Hour)
	data, err := jsonCodec{}.Encode(until, map[string]any{factsKey: office.SessionFacts{Account: account, Since: testClock()}})
	if err != nil {
		return err
	}
	x.cookies[account] = &http.Cookie{Name: "mingjing", Value: "token-of-" + account}
	return kept.CommitCtx(ctx, "token-of-"+account, data, until)
}

func openIssues(t *testing.T) *issueSite {
	t.Helper()
	x, err := issueDesk()
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// enter puts an issue on the evaluator's list.
func (x *issueSite) enter(t *testing.T, facts string, unit disclosure.UnitNumber) *office.IssueView {
	t.Helper()
	return x.enterOn(t, evaluator, x.own, facts, unit)
}

func (x *issueSite) enterOn(t *testing.T, account string, l *issue.List, facts string, unit disclosure.UnitNumber) *office.IssueView {
	t.Helper()
	c := issue.Content{Facts: facts, Unit: unit, Indicator1: "主动公开", Indicator2: "栏目更新", Points: decimal.NewNullDecimal(decimal.NewFromInt(5)),
		Deduction: decimal.NewNullDecimal(decimal.RequireFromString("0.5"))}
	i, err := x.office.EnterIssue(t.Context(), as(t, x.site, account), office.IssueEntryForm{ID: uuid.NewString(), List: l.ID, Content: c})
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// do moves an issue on in the office.
func (x *issueSite) do(t *testing.T, account string, i *office.IssueView, m issue.Move) *office.IssueView {
	t.Helper()
	out, err := x.office.DoIssue(t.Context(), as(t, x.site, account), office.IssueMove{Move: m, ID: uuid.NewString(), Issue: i.ID, Seq: i.Seq})
	if err != nil {
		t.Fatalf("%s: %v", m.Act, err)
	}
	return out
}

// handed is an issue that was handed to a unit.
func (x *issueSite) handed(t *testing.T, facts string, unit disclosure.UnitNumber) *office.IssueView {
	t.Helper()
	return x.do(t, supervisor, x.enter(t, facts, unit), issue.Move{Act: issue.HandOver})
}

// overdueSerial numbers what overdue makes: two with one number would be one
// row in a test's eyes.
var overdueSerial atomic.Int64

// overdue is an issue of a unit whose due time is past: it stands in the log as
// it stood then, since nobody can hand one over for a day that is past.
func (x *issueSite) overdue(t *testing.T, facts string, unit disclosure.UnitNumber, due calendar.Moment) string {
	t.Helper()
	i := issue.Issue{ID: uuid.NewString(), List: x.own.ID, Quarter: issueQuarter, Number: fmt.Sprintf("2026Q1-9%02d", overdueSerial.Add(1)), State: issue.Handed,
		Content: issue.Content{Facts: facts, Category: "链接失效", Unit: unit, Due: due}, FirstDue: due, Found: testClock().AddDate(0, 0, -30), Handed: testClock().AddDate(0, 0, -28)}
	act := store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: evaluator, Address: "test"},
		Entries: []store.Entry{{Kind: store.KindIssue, ID: i.ID, Verb: store.VerbCreate, State: i, Unit: unit, Year: 2026}}}
	if _, err := x.store.Append(t.Context(), act); err != nil {
		t.Fatal(err)
	}
	return i.ID
}

func (x *issueSite) now(t *testing.T, account, id string) *office.IssueView {
	t.Helper()
	i, err := x.office.Issue(t.Context(), as(t, x.site, account), id)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// page asks for an address and gives its text.
func (x *issueSite) page(t *testing.T, account, path string, status int) string {
	t.Helper()
	w := ask(x.site, account, http.MethodGet, path, nil)
	if w.Code != status {
		t.Fatalf("%s asks for %s and is answered %d, want %d: %.300s", account, path, w.Code, status, w.Body)
	}
	return w.Body.String()
}

// offered are the acts for which a page of an issue has a form.
var offeredAct = regexp.MustCompile(`name="do" value="([a-z_]+)"`)

func offered(body string) []string {
	var out []string
	for _, m := range offeredAct.FindAllStringSubmatch(body, -1) {
		out = append(out, m[1])
	}
	return out
}

// formOf is the form of an act as a browser would send it, read off the page.
func (x *issueSite) formOf(t *testing.T, account, id string, act issue.Act, more url.Values) url.Values {
	t.Helper()
	body := x.page(t, account, issueHref(id), http.StatusOK)
	at := strings.Index(body, `id="do-`+string(act)+`"`)
	if at < 0 {
		t.Fatalf("%s is offered %v, not %s", account, offered(body), act)
	}
	out := url.Values{}
	form := body[at:]
	for _, m := range hidden.FindAllStringSubmatch(form[:strings.Index(form, "</form>")], -1) {
		out.Set(m[1], m[2])
	}
	for k, v := range more {
		out[k] = v
	}
	return out
}

// act sends an act from the page, and wants a status.
func (x *issueSite) act(t *testing.T, account, id string, act issue.Act, status int, more url.Values) *httptest.ResponseRecorder {
	t.Helper()
	w := ask(x.site, account, http.MethodPost, issueHref(id)+"/act", x.formOf(t, account, id, act, more))
	if w.Code != status {
		t.Fatalf("%s of %s is answered %d, want %d: %.600s", act, account, w.Code, status, said(w.Body.String()))
	}
	return w
}

// said is the sentence on top of a page.
func said(body string) string {
	_, rest, _ := strings.Cut(body, `role="alert">`)
	text, _, _ := strings.Cut(rest, "</p>")
	return text
}

// upload sends a form with files, as browsers do.
func (x *issueSite) upload(t *testing.T, account, path string, form url.Values, files map[string][]byte) *httptest.ResponseRecorder {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, vals := range form {
		for _, v := range vals {
			_ = w.WriteField(k, v)
		}
	}
	for name, data := range files {
		part, err := w.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write(data)
	}
	w.Close()
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Host = "localhost:8080"
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Content-Type", w.FormDataContentType())
	x.sign(r, account)
	out := httptest.NewRecorder()
	x.handler().ServeHTTP(out, r)
	return out
}

// smallPicture is a PNG of one pixel.
var smallPicture = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82")
