package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// matterOnList is what the list offers to mark, and the address of each.
var matterOnList = regexp.MustCompile(`name="matter" value="([0-9a-f]{32}\.\d+\.[0-9a-f]*)"`)

// markable are the keys that a page of the list offers to a supervisor.
func markable(t *testing.T, x *site, path string) []string {
	t.Helper()
	body := ask(x, supervisor, http.MethodGet, path, nil).Body.String()
	var out []string
	for _, m := range matterOnList.FindAllStringSubmatch(body, -1) {
		out = append(out, m[1])
	}
	if len(out) == 0 {
		t.Fatalf("%s offers nothing to mark: %.600s", path, body)
	}
	return out
}

func markForm(back string, keys ...string) url.Values {
	return url.Values{"act": {uuid.NewString()}, "back": {back}, "year": {"2022"}, "basis": {"provisional"}, "matter": append([]string(nil), keys...), "disposition": {"confirmed"}, "reason": {"请核对台账后改正"}}
}

// The whole way: a supervisor finds several true, the unit reads and answers its
// own, the answer comes back to the list, and everybody is shown what is theirs.
func TestMatterThroughThePages(t *testing.T) {
	x := openDesk(t)
	const list = "/matters?basis=provisional&unit=2&year=2022"
	keys := markable(t, x, list+"&severity=error")
	stale := strings.Replace(keys[0], ".0.", ".7.", 1)
	form := markForm(list, keys[0])
	form.Set("reason", " ")
	if w := ask(x, supervisor, http.MethodPost, "/matters/mark", form); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "请写明理由") ||
		!strings.Contains(w.Body.String(), `value="`+keys[0]+`" aria-label`) || !strings.Contains(w.Body.String(), "checked") {
		t.Errorf("a mark without a reason answers %d", w.Code)
	}
	if w := ask(x, supervisor, http.MethodPost, "/matters/mark", markForm(list, stale)); w.Code != http.StatusConflict {
		t.Errorf("a stale mark answers %d", w.Code)
	}
	form = markForm(list, keys...)
	form["matter"][0] = stale
	w := ask(x, supervisor, http.MethodPost, "/matters/mark", form)
	if w.Code != http.StatusSeeOther || !strings.Contains(w.Header().Get("Location"), "stale=") {
		if len(keys) > 1 {
			t.Fatalf("several with one stale answer %d %s", w.Code, w.Header().Get("Location"))
		}
	} else if body := ask(x, supervisor, http.MethodGet, w.Header().Get("Location"), nil).Body.String(); !strings.Contains(body, "is-stale") || !strings.Contains(body, "没有改动") {
		t.Error("the list does not show which one was left alone")
	}
	if w := ask(x, supervisor, http.MethodPost, "/matters/mark", markForm(list, keys[0])); w.Code != http.StatusSeeOther {
		t.Fatalf("marking answers %d: %.300s", w.Code, w.Body)
	}
	id, _, _ := strings.Cut(keys[0], ".")
	at := "/matters/2022/" + id + "?basis=provisional"
	page := ask(x, filer, http.MethodGet, at, nil)
	for _, want := range []string{"请核对台账后改正", "请改正后重新报送,或在此答复", `name="answer"`} {
		if !strings.Contains(page.Body.String(), want) {
			t.Errorf("the unit's page (%d) does not say %q", page.Code, want)
		}
	}
	if strings.Contains(page.Body.String(), `name="disposition"`) {
		t.Error("the unit is offered to mark its own matter")
	}
	for account, want := range map[string]int{otherFiler: http.StatusNotFound, leader: http.StatusForbidden, evaluator: http.StatusForbidden} {
		if w := ask(x, account, http.MethodGet, at, nil); w.Code != want || strings.Contains(w.Body.String(), "请核对台账") {
			t.Errorf("%s is answered %d, want %d", account, w.Code, want)
		}
	}
	key := matterKeyOn(t, page.Body.String())
	answer := url.Values{"act": {uuid.NewString()}, "basis": {"provisional"}, "matter": {key}, "answer": {""}}
	if w := ask(x, filer, http.MethodPost, "/matters/2022/"+id+"/answer", answer); w.Code != http.StatusBadRequest {
		t.Errorf("an empty answer is answered %d", w.Code)
	}
	answer.Set("answer", "自然人一列漏填")
	if w := ask(x, leader, http.MethodPost, "/matters/2022/"+id+"/answer", answer); w.Code != http.StatusForbidden {
		t.Errorf("a leader's answer is answered %d", w.Code)
	}
	if w := ask(x, filer, http.MethodPost, "/matters/2022/"+id+"/answer", answer); w.Code != http.StatusSeeOther {
		t.Fatalf("the answer is answered %d: %.400s", w.Code, w.Body)
	}
	if body := ask(x, supervisor, http.MethodGet, list+"&state=answered", nil).Body.String(); !strings.Contains(body, "自然人一列漏填") || !strings.Contains(body, "单位已答复") {
		t.Error("the answer is not on the supervisor's list")
	}
	// What the two wrote to each other is for them: others see how far it is.
	for _, path := range []string{"/matters?year=2022&unit=2&basis=approved", "/matters?year=2022&basis=approved&download=matters.csv", "/reports/2/2022/national/agency",
		"/units/2", "/matters/2022/" + id + "?basis=approved", "/compare?year=2022"} {
		for _, account := range []string{leader, evaluator, otherFiler} {
			if body := ask(x, account, http.MethodGet, path, nil).Body.String(); strings.Contains(body, "自然人一列漏填") || strings.Contains(body, "请核对台账") {
				t.Errorf("%s reads on %s what unit and district wrote to each other", account, path)
			}
		}
	}
	report := ask(x, filer, http.MethodGet, "/reports/2/2022/national/agency", nil).Body.String()
	if !strings.Contains(report, "单位已答复") || !strings.Contains(report, "自然人一列漏填") || !strings.Contains(report, id) {
		t.Error("the report's page does not show the matter in its cell")
	}
	if csv := ask(x, supervisor, http.MethodGet, list+"&download=matters.csv", nil); !strings.Contains(csv.Body.String(), "自然人一列漏填") {
		t.Error("the download does not hold the answer")
	}
}

func matterKeyOn(t *testing.T, body string) string {
	t.Helper()
	m := matterOnList.FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("the page names no matter: %.400s", body)
	}
	return m[1]
}

// A unit finds its own matters and nobody else's on any page or download.
func TestUnitsSeeTheirOwnMatters(t *testing.T) {
	body := ask(district, filer, http.MethodGet, "/matters?year=2022", nil).Body.String()
	if !strings.Contains(body, "/reports/2/2022/") {
		t.Error("a filer does not find the own unit's matters")
	}
	for _, path := range []string{"/matters?year=2022", "/matters?year=2022&unit=5", "/matters?year=2022&download=matters.csv", "/matters?year=2022&basis=approved"} {
		body := ask(district, filer, http.MethodGet, path, nil).Body.String()
		for unit := 3; unit < 24; unit++ {
			if strings.Contains(body, unitHref(5)+`"`) || strings.Contains(body, "/reports/5/") {
				t.Errorf("a filer of unit 2 finds unit %d on %s", unit, path)
				break
			}
		}
	}
	// The anomalies that unit 2's charts flag are not told to another unit.
	own := ask(district, supervisor, http.MethodGet, "/units/2", nil).Body.String()
	if !strings.Contains(own, `class="flag"`) || !strings.Contains(own, `"markPoint"`) {
		t.Error("no point of unit 2's charts is marked, in the table and on the drawing")
	}
	if other := ask(district, otherFiler, http.MethodGet, "/units/2", nil).Body.String(); strings.Contains(other, `class="flag"`) || strings.Contains(other, `"markPoint"`) {
		t.Error("another unit sees what is to be cleared up of unit 2")
	}
}

// Addresses of the list of findings, which people keep, lead to the new list.
func TestOldFindingsLeadOn(t *testing.T) {
	w := ask(district, leader, http.MethodGet, "/findings?year=2022&rule=T3-R1&severity=error", nil)
	if w.Code != http.StatusMovedPermanently || w.Header().Get("Location") != "/matters?rule=T3-R1&severity=error&year=2022" {
		t.Errorf("%d %s", w.Code, w.Header().Get("Location"))
	}
}

// A run is asked for, and its progress told to supervisors alone.
func TestRunsThroughThePages(t *testing.T) {
	x := openDesk(t)
	if w := ask(x, supervisor, http.MethodPost, "/matters/runs", url.Values{"year": {"abc"}}); w.Code != http.StatusBadRequest {
		t.Errorf("a year that is none is answered %d", w.Code)
	}
	if w := ask(x, supervisor, http.MethodPost, "/matters/runs", url.Values{"year": {"2022"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("asking answers %d: %.300s", w.Code, w.Body)
	}
	if body := ask(x, supervisor, http.MethodGet, "/matters/runs", nil).Body.String(); !strings.Contains(body, "已排队") || !strings.Contains(body, `hx-get="/matters/runs/progress"`) {
		t.Error("the page does not say that the run waits")
	}
	if w := ask(x, supervisor, http.MethodPost, "/matters/runs", url.Values{"year": {"2022"}}); w.Code != http.StatusConflict {
		t.Errorf("asking twice answers %d", w.Code)
	}
	w := ask(x, supervisor, http.MethodGet, "/matters/runs/progress", nil)
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), `<div id="progress"`) {
		t.Errorf("the progress answers %d: %.200s", w.Code, w.Body)
	}
}
