package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"mingjing/internal/demo"
	"mingjing/internal/disclosure"
	"mingjing/internal/office"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// reporting is a district in which nobody has filed for 2025 yet: unit 2 has a
// reviewer of its own, unit 5 hands in directly. Tests that file use a unit
// and year of their own.
var reporting struct {
	once sync.Once
	site *site
	err  error
}

func atReporting(t *testing.T) *site {
	t.Helper()
	reporting.once.Do(func() { reporting.site, reporting.err = openReporting(context.Background()) })
	if reporting.err != nil {
		t.Fatal(reporting.err)
	}
	return reporting.site
}

func closeReporting() {
	if reporting.site != nil {
		_ = reporting.site.store.Close()
	}
}

func openReporting(ctx context.Context) (*site, error) {
	x, err := openSite(ctx)
	if err != nil {
		return nil, err
	}
	d := demo.Generate(demo.Spec{Units: 8, Years: 3, Last: 2024})
	entries := []store.Entry{}
	for u := range d.Units() {
		entries = append(entries, store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(u.Number), Verb: store.VerbCreate, State: u})
	}
	for f := range d.Reports() {
		r := f.Report
		state := store.ReportState{Key: store.ReportKey{Unit: f.Unit, Period: r.Period, Family: r.Form.Family, Scope: r.Scope}, Revision: 1,
			Status: store.StatusApproved, FormID: r.Form.ID, Title: r.Title, Cells: r.Cells, Prose: r.Prose, HasProse: r.HasProse, Historic: true, UnitText: r.Unit}
		entries = append(entries, store.Entry{Kind: store.KindReport, ID: state.Key.EntityID(), Verb: store.VerbApprove, State: state})
	}
	_, err = x.store.Append(ctx, store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: "os:test", Address: "cli"}, Entries: entries})
	return x, errors.Join(err, staff(ctx, x))
}

// Each page and each role: who is let in, and what stands there.
func TestFilingPagesByRole(t *testing.T) {
	x := atReporting(t)
	for _, tc := range []struct {
		path  string
		may   []string // everybody else is refused
		has   []string
		hasNo []string
	}{
		{"/work", []string{filer, reviewer, otherFiler, supervisor, admin}, []string{"我的填报"}, nil},
		{"/work?unit=2", []string{filer, reviewer}, []string{"2025年度报告", "法定期限 2026年1月31日", "已超过 30 天"}, []string{"/filing/5/"}},
		{"/work?unit=x", nil, nil, nil},
		{"/filing/2/2025", []string{filer, reviewer, supervisor, admin}, []string{`id="T3_NEW_RECEIVED_NP"`, `rowspan="22"`, "第二十条第(八)项", "附表", "填报口径", "还没有保存过"}, nil},
		{"/filing/2/2031", nil, nil, nil},
		{"/filing/2/2025Q1", nil, nil, nil},
		{"/filing/2/2018", nil, nil, nil},
		{"/filing/999/2025", nil, nil, nil},
		{"/filing/2/2024", []string{filer, reviewer, supervisor, admin}, []string{"已通过"}, []string{"<input id="}},
		{"/filing/2/2024/next", []string{filer, reviewer, supervisor, admin}, []string{"已通过", "请在网站发布"}, nil},
		{"/filing/2/2025/versions", []string{filer, reviewer, supervisor, admin}, []string{"还没有较早的版本"}, nil},
		{"/guidance", []string{supervisor, admin}, []string{"依法未公开", "字数上限"}, nil},
	} {
		for _, account := range everybody {
			w := ask(x, account, http.MethodGet, tc.path, nil)
			may := false
			for _, a := range tc.may {
				may = may || a == account
			}
			body := w.Body.String()
			if !may {
				if w.Code < 400 || w.Code >= 500 {
					t.Errorf("%s asks for %s and is answered %d", account, tc.path, w.Code)
				}
				continue
			}
			if w.Code != http.StatusOK {
				t.Errorf("%s asks for %s and is answered %d: %.300s", account, tc.path, w.Code, body)
				continue
			}
			for _, want := range tc.has {
				if !strings.Contains(body, want) && !(account != filer && want == "还没有保存过") && !(account == reviewer && strings.HasPrefix(tc.path, "/filing/2/2025") && want == "填报口径") {
					t.Errorf("%s on %s does not read %q", account, tc.path, want)
				}
			}
			for _, no := range tc.hasNo {
				if strings.Contains(body, no) {
					t.Errorf("%s on %s reads %q", account, tc.path, no)
				}
			}
		}
	}
	if w := ask(x, filer, http.MethodGet, "/", nil); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/work" {
		t.Errorf("a clerk's home answers %d %s", w.Code, w.Header().Get("Location"))
	}
	if w := ask(x, leader, http.MethodGet, "/", nil); w.Code != http.StatusOK {
		t.Errorf("a leader's home answers %d", w.Code)
	}
	if body := ask(x, filer, http.MethodGet, "/units", nil).Body.String(); !strings.Contains(body, `href="/work"`) || strings.Contains(ask(x, supervisor, http.MethodGet, "/units", nil).Body.String(), `href="/work"`) {
		t.Error("the menu entry 我的填报 is for those who report")
	}
}

// send posts JSON as the form's script does.
func send(x *site, account, path string, body any) *httptest.ResponseRecorder {
	data, isText := body.(string)
	if !isText {
		b, _ := json.Marshal(body)
		data = string(b)
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(data))
	r.Host = "localhost:8080"
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Content-Type", "application/json")
	x.sign(r, account)
	w := httptest.NewRecorder()
	x.handler().ServeHTTP(w, r)
	return w
}

func cells(pairs ...string) draftPatch {
	p := draftPatch{Save: true}
	for i := 0; i+2 < len(pairs); i += 3 {
		p.Cells = append(p.Cells, office.CellPatch{Code: disclosure.Code(pairs[i]), Was: pairs[i+1], Now: pairs[i+2]})
	}
	return p
}

func answerOf(t *testing.T, w *httptest.ResponseRecorder) draftAnswer {
	t.Helper()
	var a draftAnswer
	if w.Code != http.StatusOK {
		t.Fatalf("answered %d: %.300s", w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// Nonsense is refused with 400 and one sentence, and leaves nothing behind.
func TestPatchRefusesNonsense(t *testing.T) {
	x := atReporting(t)
	const path = "/filing/5/2022/draft" // approved: a save would begin a correction
	before := x.openAs(t, otherFiler, 5, 2022).Draft.Version
	for name, body := range map[string]any{
		"no JSON":           "{",
		"a list":            "[]",
		"a number":          "7",
		"text as version":   `{"version":"x","save":true}`,
		"negative version":  `{"version":-1,"save":true}`,
		"number as cell":    `{"save":true,"cells":[{"code":"T2_REG_ISSUED","was":"","now":7}]}`,
		"cells as object":   `{"save":true,"cells":{"T2_REG_ISSUED":"7"}}`,
		"unknown field":     `{"save":true,"sells":[]}`,
		"unknown code":      cells("T9_NOTHING", "", "1"),
		"code of 2019":      cells("T2_19_REG_MADE", "", "1"),
		"empty code":        cells("", "", "1"),
		"huge text":         cells("T2_REG_ISSUED", "0", strings.Repeat("9", 500)),
		"text as part":      `{"save":true,"prose":[{"part":"one","was":"","now":"x"}]}`,
		"no such part":      `{"save":true,"prose":[{"part":99,"was":"","now":"x"}]}`,
		"huge prose":        map[string]any{"save": true, "prose": []map[string]any{{"part": 1, "was": "", "now": strings.Repeat("长", 70_000)}}},
		"rule that is none": `{"save":true,"explanations":[{"rule":"<script>","codes":[],"aspect":"","was":"","now":"x"}]}`,
		"number as rule":    `{"save":true,"explanations":[{"rule":5,"codes":[],"was":"","now":"x"}]}`,
	} {
		w := send(x, otherFiler, path, body)
		var said struct{ Error string }
		if err := json.Unmarshal(w.Body.Bytes(), &said); w.Code != http.StatusBadRequest || err != nil || said.Error == "" {
			t.Errorf("%s: answered %d %.200s", name, w.Code, w.Body)
		}
	}
	if w := send(x, otherFiler, path, `{"save":true,"cells":[`+strings.Repeat(" ", mostForm)+`]}`); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a body over the limit is answered %d", w.Code)
	}
	if now := x.openAs(t, otherFiler, 5, 2022).Draft.Version; now != before {
		t.Errorf("version %d, want %d", now, before)
	}
	for account, want := range map[string]int{stranger: 401, filer: 403, reviewer: 403, leader: 403, evaluator: 403, admin: 403} {
		if w := send(x, account, path, cells("T2_REG_ISSUED", "", "1")); w.Code != want {
			t.Errorf("%s is answered %d, want %d", account, w.Code, want)
		}
	}
}

func (x *site) openAs(t *testing.T, account string, unit disclosure.UnitNumber, year disclosure.Year) *office.Sitting {
	t.Helper()
	v, err := x.office.Visitor(context.Background(), account, "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	s, err := x.office.OpenSitting(context.Background(), v, unit, disclosure.Period{Year: year})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// An answer says what the rules say, which total was computed, and stays small.
func TestPatchAnswersWithTheRules(t *testing.T) {
	x := atReporting(t)
	const path = "/filing/2/2025/draft"
	p := cells("T3_NEW_RECEIVED_NP", "", "5", "T3_NEW_RECEIVED_BIZ", "", "７", "T3_NEW_RECEIVED_TOT", "", "11", "T3_GRANTED_NP", "", "/", "T3_PARTIAL_NP", "", "两件", "T2_NORM_ISSUED", "", "22(其中修订16件)")
	p.Save = false
	w := send(x, filer, path, p)
	a := answerOf(t, w)
	if a.Version != 0 || a.Saved != "" || x.openAs(t, filer, 2, 2025).Draft.Version != 0 {
		t.Errorf("a trial was kept: version %d, saved %q", a.Version, a.Saved)
	}
	if a.Totals["T3_NEW_RECEIVED_TOT"] != (totalView{"12", "differs"}) || a.Marks["T3_NEW_RECEIVED_TOT"] != "error" || a.Ready {
		t.Errorf("total %v, mark %q", a.Totals["T3_NEW_RECEIVED_TOT"], a.Marks["T3_NEW_RECEIVED_TOT"])
	}
	for code, want := range map[disclosure.Code]string{"T3_GRANTED_NP": "slash", "T3_PARTIAL_NP": "unread", "T2_NORM_ISSUED": "number", "T3_NEW_RECEIVED_BIZ": "number"} {
		if a.Kinds[code] != want {
			t.Errorf("%s is %q, want %q", code, a.Kinds[code], want)
		}
	}
	if w.Body.Len() > 20_000 {
		t.Errorf("the answer takes %d bytes", w.Body.Len())
	}
	p.Save = true
	if a = answerOf(t, send(x, filer, path, p)); a.Version != 1 || a.Saved != "17:00:00" {
		t.Errorf("saved as version %d at %q", a.Version, a.Saved)
	}
	if a.Fresh != nil {
		t.Error("the only writer is told of others")
	}
	// A second person, whose page is from before: one cell clashes, the others' texts come along.
	p = cells("T3_NEW_RECEIVED_NP", "", "6", "T2_REG_ISSUED", "", "1")
	a = answerOf(t, send(x, supervisor, path, p))
	if len(a.Clashes) != 1 || a.Clashes[0].Theirs != "5" || a.Clashes[0].Yours != "6" || a.Clashes[0].By != "测试filer" || a.Clashes[0].When == "" {
		t.Errorf("clashes %+v", a.Clashes)
	}
	if a.Fresh == nil || a.Fresh.Cells["T3_NEW_RECEIVED_TOT"] != "11" {
		t.Errorf("the other's texts are missing: %+v", a.Fresh)
	}
	// Every cell wrong at once, and the answer is small all the same.
	all := draftPatch{Version: 2}
	for _, def := range disclosure.NationalForm("2021").Cells() {
		all.Cells = append(all.Cells, office.CellPatch{Code: def.Code, Was: office.Typed(cellsOf(x.openAs(t, filer, 2, 2025))[def.Code]), Now: "错" + string(def.Code)})
	}
	if w := send(x, filer, path, all); w.Code != 200 || w.Body.Len() > 30_000 || !strings.Contains(w.Body.String(), "还有") {
		t.Errorf("answered %d with %d bytes", w.Code, w.Body.Len())
	}
}

// The form works without a script: what was typed comes with the button.
func TestFormWithoutScript(t *testing.T) {
	x := atReporting(t)
	form := url.Values{"typed": {"1"}, "version": {"0"}, "do": {"save"}, "c.T2_REG_ISSUED": {"3"}, "p.1": {"第一段\r\n第二段"}, "act": {uuid.NewString()}}
	if w := ask(x, otherFiler, http.MethodPost, "/filing/5/2025", form); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/filing/5/2025" {
		t.Fatalf("saving answers %d: %.400s", w.Code, w.Body)
	}
	s := x.openAs(t, otherFiler, 5, 2025)
	if office.Typed(cellsOf(s)["T2_REG_ISSUED"]) != "3" || s.ProseOf(1) != "第一段\n第二段" {
		t.Errorf("kept %q, %q", office.Typed(cellsOf(s)["T2_REG_ISSUED"]), s.ProseOf(1))
	}
	// A page from before the save: the same place clashes and shows both texts.
	form.Set("c.T2_REG_ISSUED", "4")
	w := ask(x, otherFiler, http.MethodPost, "/filing/5/2025", form)
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), `data-theirs="3"`) || !strings.Contains(w.Body.String(), `data-yours="4"`) {
		t.Errorf("a clash answers %d", w.Code)
	}
	// Handing on is refused with the sentence, and everything stays.
	form = url.Values{"typed": {"1"}, "version": {fmt.Sprint(s.Draft.Version)}, "do": {"submit"}, "c.T3_GRANTED_NP": {"8"}, "act": {uuid.NewString()}}
	w = ask(x, otherFiler, http.MethodPost, "/filing/5/2025", form)
	if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), `id="sentence"`) || !strings.Contains(w.Body.String(), `name="c.T3_GRANTED_NP" value="8"`) {
		t.Errorf("a refusal answers %d: %.300s", w.Code, w.Body)
	}
	for name, form := range map[string]url.Values{"no act": {"do": {"submit"}}, "no such act": {"do": {"fly"}, "act": {uuid.NewString()}}, "nothing": {},
		"approve": {"do": {"approve"}, "act": {uuid.NewString()}}, "bad act": {"do": {"recall"}, "act": {"x"}}} {
		if w := ask(x, otherFiler, http.MethodPost, "/filing/5/2025", form); w.Code < 400 || w.Code >= 500 {
			t.Errorf("%s answers %d", name, w.Code)
		}
	}
}

// From nothing to approved by the buttons of the pages.
func TestFilingByButtons(t *testing.T) {
	x := atReporting(t)
	const path = "/filing/2/2023"
	press := func(account, do string, want int, more ...string) string {
		t.Helper()
		s := x.openAs(t, filer, 2, 2023)
		form := url.Values{"do": {do}, "act": {uuid.NewString()}, "version": {fmt.Sprint(s.Draft.Version)}}
		if s.Standing != nil {
			form.Set("seq", fmt.Sprint(s.Standing.Seq))
		}
		for i := 0; i+1 < len(more); i += 2 {
			form.Set(more[i], more[i+1])
		}
		w := ask(x, account, http.MethodPost, path, form)
		if w.Code != want {
			t.Fatalf("%s presses %s and is answered %d, want %d: %.600s", account, do, w.Code, want, w.Body)
		}
		return w.Header().Get("Location") + w.Body.String()
	}
	reads := func(account, path, want string) {
		t.Helper()
		if w := ask(x, account, http.MethodGet, path, nil); w.Code != 200 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s on %s (%d) does not read %q", account, path, w.Code, want)
		}
	}
	reads(filer, path, "开始更正")
	press(leader, "correct", http.StatusForbidden)
	press(filer, "correct", http.StatusSeeOther)
	reads(filer, path, "在更正通过之前继续有效")
	reads(filer, "/work?unit=2", "正在更正")
	s := x.openAs(t, filer, 2, 2023)
	texts := []string{"typed", "1", "c.T2_REG_ISSUED", office.Typed(cellsOf(s)["T2_REG_ISSUED"])}
	for _, f := range s.Judge().Findings {
		texts = append(texts, "e."+findingKey(f), "情况属实。")
	}
	if s.Judge().Errors > 0 {
		t.Fatalf("the demonstration report has errors: %+v", s.Judge().Findings)
	}
	if to := press(filer, "review", http.StatusSeeOther, texts...); to != path+"/next" {
		t.Errorf("handing on leads to %s", to)
	}
	reads(filer, path+"/next", "已送单位审核")
	reads(filer, path, "报告在单位审核中")
	reads(reviewer, path, "/review/2/2023")
	reads(reviewer, "/work?unit=2", "去审核")
	press(filer, "submit", http.StatusConflict)
	press(reviewer, "recall", http.StatusForbidden)
	press(filer, "recall", http.StatusSeeOther)
	reads(filer, path, `data-typing="true"`)
	press(filer, "zeros", http.StatusSeeOther)
	press(filer, "review", http.StatusSeeOther, texts...)
	if s := x.openAs(t, filer, 2, 2023); s.Approved == nil || s.State != "review" {
		t.Errorf("during the correction: %q, approved %v", s.State, s.Approved != nil)
	}
}

func TestGuidanceByDistrict(t *testing.T) {
	x := atReporting(t)
	form := url.Values{"act": {uuid.NewString()}, "seen": {"0"}, "g.national-2021.T2_LICENSE": {"只数纸质决定。"}, "limit.1": {"1500"}}
	if w := ask(x, filer, http.MethodPost, "/guidance", form); w.Code != http.StatusForbidden {
		t.Errorf("a clerk is answered %d", w.Code)
	}
	if w := ask(x, supervisor, http.MethodPost, "/guidance", form); w.Code != http.StatusSeeOther {
		t.Fatalf("answered %d: %.300s", w.Code, w.Body)
	}
	body := ask(x, filer, http.MethodGet, "/filing/2/2025", nil).Body.String()
	if !strings.Contains(body, "只数纸质决定。") || !strings.Contains(body, "上限 1500 字") {
		t.Error("the form does not show the district's words")
	}
	form.Set("act", uuid.NewString()) // an old page
	if w := ask(x, supervisor, http.MethodPost, "/guidance", form); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "只数纸质决定。") {
		t.Errorf("a stale page is answered %d", w.Code)
	}
	form.Set("limit.1", "很多")
	if w := ask(x, supervisor, http.MethodPost, "/guidance", form); w.Code != http.StatusBadRequest {
		t.Errorf("a limit that is no number is answered %d", w.Code)
	}
}

// Earlier versions are listed and come back.
func TestVersionsComeBack(t *testing.T) {
	x := atReporting(t)
	const path = "/filing/5/2023"
	if w := send(x, otherFiler, path+"/draft", cells("T2_LICENSE_DECISIONS", office.Typed(cellsOf(x.openAs(t, otherFiler, 5, 2023))["T2_LICENSE_DECISIONS"]), "71")); w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	send(x, otherFiler, path+"/draft", cells("T2_LICENSE_DECISIONS", "71", "72"))
	w := ask(x, otherFiler, http.MethodGet, path+"/versions", nil)
	if w.Code != 200 || !strings.Contains(w.Body.String(), "1 格、0 段正文不同") || !bytes.Contains(w.Body.Bytes(), []byte(`name="version" value="1"`)) {
		t.Fatalf("the list: %d", w.Code)
	}
	for _, tc := range []struct {
		account, version string
		want             int
	}{{filer, "1", 403}, {otherFiler, "", 400}, {otherFiler, "99", 404}, {otherFiler, "1", 303}} {
		if w := ask(x, tc.account, http.MethodPost, path+"/versions", url.Values{"version": {tc.version}}); w.Code != tc.want {
			t.Errorf("%s restores %q and is answered %d, want %d", tc.account, tc.version, w.Code, tc.want)
		}
	}
	if got := office.Typed(cellsOf(x.openAs(t, otherFiler, 5, 2023))["T2_LICENSE_DECISIONS"]); got != "71" {
		t.Errorf("restored %q, want 71", got)
	}
}
