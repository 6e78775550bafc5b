package web

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/office"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// desk is a site of its own for the tests that file and decide: the shared
// district stays as it is.
var desk = sync.OnceValues(func() (*site, error) {
	ctx := context.Background()
	x, err := openSite(ctx)
	if err != nil {
		return nil, err
	}
	return x, errors.Join(fill(ctx, x), staff(ctx, x))
})

func openDesk(t *testing.T) *site {
	t.Helper()
	x, err := desk()
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// as is one of staff as the office knows the person.
func as(t *testing.T, x *site, account string) people.Visitor {
	t.Helper()
	v, err := x.office.Visitor(t.Context(), account, "test")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// report2025 is the year that the tests file for.
var report2025 = disclosure.Period{Year: 2025}

// oneMore is a change that keeps every sum: one more application, granted.
var oneMore = []disclosure.Code{"T3_NEW_RECEIVED_NP", "T3_NEW_RECEIVED_TOT", "T3_GRANTED_NP", "T3_GRANTED_TOT", "T3_RESULT_TOTAL_NP", "T3_RESULT_TOTAL_TOT"}

// write saves changes to a unit's draft: n more in each of codes, and explains
// whatever asks for it.
func write(t *testing.T, x *site, account string, unit disclosure.UnitNumber, n int64, codes ...disclosure.Code) *office.Sitting {
	t.Helper()
	v := as(t, x, account)
	s, err := x.office.OpenSitting(t.Context(), v, unit, report2025)
	if err != nil {
		t.Fatal(err)
	}
	patch := office.Patch{}
	cells := s.Content.Forms[0].Cells
	for _, code := range codes {
		was := cells[code]
		patch.Cells = append(patch.Cells, office.CellPatch{Code: code, Was: office.Typed(was), Now: fmt.Sprint(was.Value.IntPart() + n)})
	}
	save := func(p office.Patch) {
		t.Helper()
		var clashes []office.Clash
		if s, clashes, err = x.office.SaveDraft(t.Context(), v, unit, report2025, p); err != nil || len(clashes) > 0 {
			t.Fatalf("saving: %v, clashes %v", err, clashes)
		}
	}
	save(patch)
	why := office.Patch{}
	for _, f := range s.Judge().Findings {
		if office.MustExplain(f) && s.Explanation(f) == "" {
			why.Explanations = append(why.Explanations, office.ExplanationPatch{Rule: f.Rule, Aspect: f.Aspect, Codes: f.Codes, Now: "已核对原始台账,数字无误。"})
		}
	}
	save(why)
	if verdict := s.Judge(); verdict.Errors > 0 {
		t.Fatalf("the draft has errors: %+v", verdict.Findings)
	}
	return s
}

// hand does an act on the draft as it stands.
func hand(t *testing.T, x *site, account string, act filing.Act, s *office.Sitting) *office.Sitting {
	t.Helper()
	m := office.Move{Act: act, Unit: s.Unit.Number, Period: report2025, ID: uuid.NewString(), Version: s.Draft.Version}
	if s.Standing != nil {
		m.Seq = s.Standing.Seq
	}
	if err := x.office.Do(t.Context(), as(t, x, account), m); err != nil {
		t.Fatalf("%s: %v", act, err)
	}
	out, err := x.office.OpenSitting(t.Context(), as(t, x, account), s.Unit.Number, report2025)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)">`)

// decision reads the form of an act off a review page, as a browser would send
// it; it fails when the page offers no such act.
func decision(t *testing.T, x *site, account string, unit disclosure.UnitNumber, act filing.Act, more url.Values) url.Values {
	t.Helper()
	w := ask(x, account, http.MethodGet, reviewHref(unit, report2025), nil)
	if w.Code != http.StatusOK {
		t.Fatalf("the review page of unit %d answers %s %d: %.300s", unit, account, w.Code, w.Body)
	}
	_, section, found := strings.Cut(w.Body.String(), `<section class="act" id="do-`+string(act)+`"`)
	if !found {
		t.Fatalf("the review page of unit %d does not offer %s %s", unit, account, act)
	}
	section, _, _ = strings.Cut(section, "</section>")
	form := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(section, -1) {
		form.Set(m[1], m[2])
	}
	maps.Copy(form, more)
	return form
}

// decideAs sends a decision.
func decideAs(x *site, account string, unit disclosure.UnitNumber, form url.Values) (status int, location, body string) {
	w := ask(x, account, http.MethodPost, reviewHref(unit, report2025)+"/decision", form)
	return w.Code, w.Header().Get("Location"), w.Body.String()
}

// mustDecide sends a decision that must be taken.
func mustDecide(t *testing.T, x *site, account string, unit disclosure.UnitNumber, act filing.Act, more url.Values) {
	t.Helper()
	form := decision(t, x, account, unit, act, more)
	if status, location, body := decideAs(x, account, unit, form); status != http.StatusSeeOther || !strings.HasSuffix(location, "?did="+string(act)) {
		t.Fatalf("%s by %s answers %d to %q: %.400s", act, account, status, location, sentenceOf(body))
	}
}

var alerts = regexp.MustCompile(`(?s)role="alert">(.*?)</(?:div|p)>`)

// sentenceOf is what a page says is wrong.
func sentenceOf(body string) string {
	if m := alerts.FindStringSubmatch(body); m != nil {
		return m[1]
	}
	return body[:min(len(body), 300)]
}

// stateOf is where a unit's report of 2025 stands.
func stateOf(t *testing.T, x *site, unit disclosure.UnitNumber) filing.State {
	t.Helper()
	s, err := x.office.OpenSitting(t.Context(), as(t, x, supervisor), unit, report2025)
	if err != nil {
		t.Fatal(err)
	}
	return s.State
}

// told are the verbs of a unit's acts since a seq, oldest first.
func told(t *testing.T, x *site, unit disclosure.UnitNumber, since uint64) []string {
	t.Helper()
	entries, err := x.store.Entries(t.Context(), entriesOf(unit, since))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Actor.Name+" "+string(e.Verb))
	}
	return out
}

func entriesOf(unit disclosure.UnitNumber, since uint64) store.EntryFilter {
	return store.EntryFilter{Kind: store.KindReport, Unit: unit, From: since + 1}
}

func lastSeq(t *testing.T, x *site) uint64 {
	t.Helper()
	seq, err := x.store.LastSeq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return seq
}

// writeUnchecked saves changes that need not add up.
func writeUnchecked(t *testing.T, x *site, account string, unit disclosure.UnitNumber, n int64, codes ...disclosure.Code) *office.Sitting {
	t.Helper()
	v := as(t, x, account)
	s, err := x.office.OpenSitting(t.Context(), v, unit, report2025)
	if err != nil {
		t.Fatal(err)
	}
	patch := office.Patch{}
	for _, code := range codes {
		was := s.Content.Forms[0].Cells[code]
		patch.Cells = append(patch.Cells, office.CellPatch{Code: code, Was: office.Typed(was), Now: fmt.Sprint(was.Value.IntPart() + n)})
	}
	s, clashes, err := x.office.SaveDraft(t.Context(), v, unit, report2025, patch)
	if err != nil || len(clashes) > 0 {
		t.Fatalf("saving: %v, clashes %v", err, clashes)
	}
	return s
}

// signInto signs in an account that a test made.
func signInto(t *testing.T, x *site, account string) {
	t.Helper()
	w := ask(x, stranger, http.MethodPost, "/sign-in", url.Values{"account": {account}, "password": {staffPassword}})
	if w.Code != http.StatusSeeOther || len(w.Result().Cookies()) != 1 {
		t.Fatalf("signing %s in answers %d", account, w.Code)
	}
	x.cookies[account] = w.Result().Cookies()[0]
}

// account makes a filer of a unit, signed in.
func (x *site) account(t *testing.T, name string, unit disclosure.UnitNumber) string {
	t.Helper()
	p := people.Person{Account: name, Name: "填报" + name, Grants: []people.Grant{{Role: people.Filer, Unit: unit}}}
	if err := x.office.CreateDemonstration(t.Context(), people.Machine("os:test", "cli"), p, staffPassword); err != nil {
		t.Fatal(err)
	}
	signInto(t, x, name)
	return name
}
