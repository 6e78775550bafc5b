package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"mingjing/internal/filing"
	"mingjing/internal/office"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// Who reaches what on the reviewer's desk. Unit 2 has filer and reviewer, other
// files for unit 5; unit 3's report of 2025 waits for the district.
func TestWhoSeesTheReviewersDesk(t *testing.T) {
	sum := sha256.Sum256([]byte(sourceText))
	file := hex.EncodeToString(sum[:])
	everyone := func(status int) map[string]int {
		out := map[string]int{}
		for _, account := range everybody {
			out[account] = status
		}
		return out
	}
	but := func(all map[string]int, status int, accounts ...string) map[string]int {
		for _, account := range accounts {
			all[account] = status
		}
		return all
	}
	const ok, refused, wrong, missing, stale = http.StatusOK, http.StatusForbidden, http.StatusBadRequest, http.StatusNotFound, http.StatusConflict
	own := func() map[string]int { return but(everyone(refused), ok, filer, reviewer, supervisor, admin) }
	district2 := func() map[string]int { return but(everyone(refused), ok, supervisor, admin) }
	for _, c := range []struct {
		method, path string
		form         url.Values
		want         map[string]int
	}{
		{GET, "/review", nil, but(everyone(refused), ok, reviewer, supervisor)},
		{GET, "/review?mark=clean&state=submitted&year=2025&kind=部门&q=资源", nil, but(everyone(refused), ok, reviewer, supervisor)},
		{GET, "/review?state=lost", nil, but(everyone(refused), wrong, filer, otherFiler, reviewer, supervisor, admin)},
		{GET, "/review/2/2023", nil, own()},
		{GET, "/review/3/2025", nil, district2()},
		{GET, "/review/3/2025/revisions", nil, district2()},
		{GET, "/review/3/2025/slip.docx", nil, but(everyone(refused), missing, supervisor, admin)}, // nothing to put right
		{GET, "/review/3/2025/source/" + file, nil, district2()},
		{GET, "/review/3/2025/source/" + strings.Repeat("0", 64), nil, but(everyone(refused), missing, supervisor, admin)},
		{GET, "/review/3/2025/source/" + file + "/text", nil, but(everyone(refused), http.StatusOK, supervisor, admin)},
		{GET, "/review/2/2023/revisions", nil, own()},
		{GET, "/review/2/2023/revisions?from=1&to=2", nil, but(everyone(refused), missing, filer, reviewer, supervisor, admin)},
		{GET, "/review/2/2023/revisions?from=x", nil, but(everyone(refused), wrong, filer, reviewer, otherFiler, supervisor, admin)},
		{GET, "/review/2/2022/slip.docx", nil, own()},
		{GET, "/review/2/2023?of=draft", nil, but(everyone(refused), missing, filer, reviewer, supervisor, admin)},
		{GET, "/review/999/2023", nil, but(everyone(refused), missing, filer, reviewer, otherFiler, supervisor, admin)},
		{GET, "/review/2/2099", nil, but(everyone(refused), wrong, filer, reviewer, supervisor, admin)},
		{GET, "/review/reasons", nil, but(everyone(refused), ok, supervisor, admin)},
		{POST, "/review/reasons", url.Values{"reasons": {"x"}}, but(everyone(refused), wrong, supervisor, admin)},
		{POST, "/review/batch", url.Values{"act": {uuid.NewString()}}, but(everyone(refused), wrong, supervisor)},
		{POST, "/review/batch", url.Values{"act": {uuid.NewString()}, "pick": {"3/2025"}}, but(everyone(refused), wrong, supervisor)},
		{POST, "/review/3/2025/decision", url.Values{"do": {"approve"}, "act": {uuid.NewString()}, "seq": {"1"}}, but(everyone(refused), stale, supervisor)},
		{POST, "/review/3/2025/decision", url.Values{"do": {"pass"}, "act": {uuid.NewString()}}, everyone(refused)},
		{POST, "/review/3/2025/decision", url.Values{}, but(everyone(refused), wrong, supervisor, admin)},
	} {
		for _, account := range everybody {
			w := ask(district, account, c.method, c.path, c.form)
			if w.Code != c.want[account] {
				t.Errorf("%s %s answers %s %d, want %d", c.method, c.path, account, w.Code, c.want[account])
			}
			if w.Code == refused && account != admin && account != supervisor && strings.Contains(w.Body.String(), "自然资源") {
				t.Errorf("%s %s tells %s about unit 3 in refusing", c.method, c.path, account)
			}
		}
	}
	if s, err := district.office.OpenSitting(t.Context(), as(t, district, supervisor), 3, report2025); err != nil || s.State != filing.Submitted {
		t.Errorf("unit 3's report was moved: %v", err)
	}
}

// What an original holds is downloaded, never shown as a page of this site.
func TestReviewSourcesAreDownloads(t *testing.T) {
	sum := sha256.Sum256([]byte(sourceText))
	w := ask(district, supervisor, http.MethodGet, "/review/3/2025/source/"+hex.EncodeToString(sum[:]), nil)
	if w.Body.String() != sourceText || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") || w.Header().Get("Content-Type") != "application/octet-stream" {
		t.Errorf("the original comes as %v", w.Header())
	}
}

// The preview of an original holds what our reader understood, as text.
func TestPreviewOfAnOriginal(t *testing.T) {
	x := openDesk(t)
	sum, size, err := x.store.PutFile(strings.NewReader(`<html><body><p>年度报告&lt;b&gt;原文</p><script>window.pwned=1</script><table><tr><td colspan="2">合并的格</td></tr><tr><td>甲</td><td>12</td></tr></table></body></html>`))
	if err != nil {
		t.Fatal(err)
	}
	s, err := x.office.OpenSitting(t.Context(), as(t, x, supervisor), 4, report2025)
	if err != nil {
		t.Fatal(err)
	}
	state := s.Standing.ReportState
	state.Sources = []office.SourceFile{{Name: "原文.html", SHA256: sum, Size: size, Format: "html"}}
	act := store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: "os:test"}, Entries: []store.Entry{{Kind: store.KindReport, ID: state.Key.EntityID(), Verb: store.VerbSource, Seen: s.Standing.Seq, State: state}}}
	if _, err := x.store.Append(t.Context(), act); err != nil {
		t.Fatal(err)
	}
	w := ask(x, supervisor, http.MethodGet, "/review/4/2025/source/"+sum+"/text", nil)
	body := w.Body.String()
	for _, want := range []string{"年度报告&lt;b&gt;原文", `<td colspan="2"`, "合并的格"} {
		if !strings.Contains(body, want) {
			t.Errorf("the preview (%d) does not hold %q", w.Code, want)
		}
	}
	if strings.Contains(body, "pwned") {
		t.Error("the preview holds the file's script")
	}
	if page := ask(x, supervisor, http.MethodGet, "/review/4/2025", nil).Body.String(); !strings.Contains(page, "/source/"+sum+"/text") {
		t.Error("the review page does not lead to the original")
	}
}

// The menu counts what waits, and only for those who decide.
func TestTheMenuCountsWhatWaits(t *testing.T) {
	for account, want := range map[string]bool{supervisor: true, reviewer: false, filer: false, leader: false} {
		body := ask(district, account, http.MethodGet, "/units", nil).Body.String()
		if got := regexp.MustCompile(`<span class="nav-count" title="[^"]+">1</span>`).MatchString(body); got != want {
			t.Errorf("%s sees a count in the menu: %v, want %v", account, got, want)
		}
		if got := strings.Contains(body, `href="/review"`); got != grants[account].Role.Gives(people.ReviewReport) && account != supervisor {
			t.Errorf("%s sees the entry in the menu: %v", account, got)
		}
	}
}

// Where a report truly stands is told to its unit and the district only.
func TestTrueStatesAreForThoseInside(t *testing.T) {
	for account, sees := range map[string]bool{supervisor: true, admin: true, filer: false, leader: false} {
		for _, path := range []string{"/units?year=2025", "/units/3"} {
			body := ask(district, account, http.MethodGet, path, nil).Body.String()
			if got := strings.Contains(body, "/review/3/2025"); got != sees {
				t.Errorf("%s finds unit 3's report under way on %s: %v, want %v", account, path, got, sees)
			}
		}
		if got := strings.Contains(ask(district, account, http.MethodGet, "/reports/3/2024/national/agency", nil).Body.String(), `href="/review/3/2024/revisions`); got != sees {
			t.Errorf("%s is led to unit 3's revisions: %v, want %v", account, got, sees)
		}
	}
}

// The standard reasons are the district's own, changed by an act in the log;
// two people who change them at once see both.
func TestStandardReasons(t *testing.T) {
	x := openDesk(t)
	t.Cleanup(func() { // other tests press the shipped ones' keys
		_, seen, err := x.office.ReturnReasons(context.Background())
		if err == nil {
			err = x.office.PutReturnReasons(context.Background(), people.Machine("os:test", "cli"), nil, seen, uuid.NewString())
		}
		if err != nil {
			t.Error(err)
		}
	})
	page := ask(x, supervisor, http.MethodGet, "/review/reasons", nil).Body.String()
	form := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(page, -1) {
		form.Set(m[1], m[2])
	}
	form.Set("reasons", "表内不平。\n\n  与台账不符。 \n表内不平。")
	from := lastSeq(t, x)
	for range 2 {
		if w := ask(x, supervisor, http.MethodPost, "/review/reasons", form); w.Code != http.StatusSeeOther {
			t.Fatalf("saving answers %d: %s", w.Code, sentenceOf(w.Body.String()))
		}
	}
	reasons, _, err := x.office.ReturnReasons(t.Context())
	if err != nil || len(reasons) != 2 || reasons[1] != "与台账不符。" {
		t.Errorf("the reasons are %q, %v", reasons, err)
	}
	if seq := lastSeq(t, x); seq != from+1 {
		t.Errorf("saving twice left %d entries", seq-from)
	}
	form.Set("act", uuid.NewString())
	w := ask(x, supervisor, http.MethodPost, "/review/reasons", form)
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "与台账不符。 / ") && !strings.Contains(w.Body.String(), "表内不平。 / 与台账不符。") {
		t.Errorf("a stale change answers %d: %s", w.Code, sentenceOf(w.Body.String()))
	}
}
