package web

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
)

var rulesSeen = regexp.MustCompile(`name="seen" value="(\d+)"`)

// seenOn is which state of the rules a page was made from.
func seenOn(t *testing.T, x *site, path string) string {
	t.Helper()
	m := rulesSeen.FindStringSubmatch(ask(x, supervisor, http.MethodGet, path, nil).Body.String())
	if m == nil {
		t.Fatalf("%s has no form", path)
	}
	return m[1]
}

// A district softens, renames and switches within a rule's limits, and reads
// who did; units read the rules and change nothing.
func TestRulesThroughThePages(t *testing.T) {
	x := openDesk(t)
	put := func(form url.Values) (int, string) {
		t.Helper()
		form.Set("act", uuid.NewString())
		form.Set("seen", seenOn(t, x, "/rules"))
		w := ask(x, supervisor, http.MethodPost, "/rules", form)
		return w.Code, w.Body.String()
	}
	if code, body := put(url.Values{"rule": {"T3-R1"}, "severity": {"explain"}, "title": {"收办平衡"}}); code != http.StatusBadRequest || !strings.Contains(body, "不能停用") || !strings.Contains(body, "<details open") {
		t.Errorf("switching the form's own sum off answers %d", code)
	}
	if code, body := put(url.Values{"rule": {"TXT-R1"}, "severity": {"error"}, "on": {"1"}}); code != http.StatusBadRequest || !strings.Contains(body, "最重只能改为") {
		t.Errorf("hardening a guess answers %d", code)
	}
	if code, body := put(url.Values{"rule": {"TXT-R1"}, "severity": {"notice"}, "advice": {"可电询区政府办"}, "on": {"1"}}); code != http.StatusSeeOther {
		t.Errorf("softening answers %d: %.300s", code, body)
	}
	page := ask(x, supervisor, http.MethodGet, "/rules", nil).Body.String()
	if !strings.Contains(page, "TXT-R1程度改为“提示”") || !strings.Contains(page, "可电询区政府办") {
		t.Error("the rules do not show the change and its history")
	}
	if w := ask(x, filer, http.MethodGet, "/rules", nil); w.Code != http.StatusOK || strings.Contains(w.Body.String(), `action="/rules"`) || strings.Contains(w.Body.String(), "调整记录") {
		t.Errorf("a unit reads the rules: %d", w.Code)
	}
	stale := url.Values{"rule": {"TXT-R1"}, "severity": {"explain"}, "on": {"1"}, "act": {uuid.NewString()}, "seen": {"1"}}
	if w := ask(x, supervisor, http.MethodPost, "/rules", stale); w.Code != http.StatusConflict {
		t.Errorf("a change over another's answers %d", w.Code)
	}
}

// A rule of the district's own: told where the expression goes wrong, tried, and
// only then switched on; the trial shows whom it would hit.
func TestLocalRulesThroughThePages(t *testing.T) {
	x := openDesk(t)
	parse := func(expression string) string {
		return ask(x, supervisor, http.MethodPost, "/rules/local/parse", url.Values{"expression": {expression}}).Body.String()
	}
	if got := parse("新收 + 结转 == 办结 + 结转下年"); !strings.Contains(got, "可以识别") {
		t.Errorf("a right expression: %s", got)
	}
	if got := parse("新收 + 没有这项 == 办结"); !strings.Contains(got, "第6个字") || !strings.Contains(got, "<mark>") {
		t.Errorf("a wrong expression: %s", got)
	}
	form := url.Values{"id": {"LOC-R1"}, "title": {"办结不少于新收"}, "expression": {"办结 >= 新收 + 100000"}, "severity": {"notice"}}
	act := func(do string) (int, string, string) {
		t.Helper()
		form.Set("do", do)
		form.Set("act", uuid.NewString())
		form.Set("seen", seenOn(t, x, "/rules/local"))
		w := ask(x, supervisor, http.MethodPost, "/rules/local", form)
		return w.Code, w.Body.String(), w.Header().Get("Location")
	}
	code, body, _ := act("on")
	if code != http.StatusOK || !strings.Contains(body, "试算结果") || !strings.Contains(body, "/reports/2/") {
		t.Fatalf("switched on untried it answers %d: %.300s", code, body)
	}
	tried := regexp.MustCompile(`name="tried" value="([0-9a-f]+)"`).FindStringSubmatch(body)
	if tried == nil {
		t.Fatal("the trial does not say what was tried")
	}
	form.Set("tried", tried[1])
	form.Set("expression", "办结 >= 新收 + 99999")
	if code, body, _ := act("on"); code != http.StatusOK || !strings.Contains(body, "试算结果") {
		t.Errorf("another condition than was tried is switched on: %d", code)
	}
	form.Set("expression", "办结 >= 新收 + 100000")
	if code, body, at := act("on"); code != http.StatusSeeOther || !strings.HasPrefix(at, "/rules") {
		t.Fatalf("switching on answers %d: %.300s", code, body)
	}
	if page := ask(x, supervisor, http.MethodGet, "/rules/local?id=LOC-R1", nil).Body.String(); !strings.Contains(page, "办结不少于新收") || !strings.Contains(page, "删除这条规则") {
		t.Error("the rule cannot be changed")
	}
	hit := regexp.MustCompile(`/reports/2/(\d{4})/[a-z0-9-]+/[a-z]+`).FindStringSubmatch(body)
	if hit == nil {
		t.Fatal("the trial leads to no report of unit 2")
	}
	rulesByName(t, x, hit[0], hit[1])
	form.Set("expression", "办结 >= ")
	if code, body, _ := act("save"); code != http.StatusBadRequest || !strings.Contains(body, "办结不少于新收") {
		t.Errorf("a wrong expression is kept: %d", code)
	}
	if code, _, _ := act("drop"); code != http.StatusSeeOther {
		t.Errorf("dropping answers %d", code)
	}
	if w := ask(x, supervisor, http.MethodGet, "/rules/local?id=LOC-R1", nil); w.Code != http.StatusNotFound {
		t.Errorf("a dropped rule answers %d", w.Code)
	}
}

// rulesByName looks at the pages that tell of the local rule LOC-R1: those who
// file read what it is called, those who look at the district its number too.
func rulesByName(t *testing.T, x *site, report, year string) {
	t.Helper()
	if _, err := x.office.Recheck(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	list := "/matters?year=" + year + "&unit=2&rule=LOC-R1&basis=approved"
	one := regexp.MustCompile(`href="(/matters/` + year + `/[^"]+)"`).FindStringSubmatch(ask(x, filer, http.MethodGet, list, nil).Body.String())
	if one == nil {
		t.Fatal("no matter of the rule")
	}
	for _, path := range []string{list, html.UnescapeString(one[1]), report, "/rules", "/units/2"} {
		for _, account := range []string{filer, reviewer, evaluator, supervisor} {
			w := ask(x, account, http.MethodGet, path, nil)
			text := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(w.Body.String(), "")
			number := regexp.MustCompile(`\b[A-Z][A-Z0-9]+-R\d+`).FindString(text)
			files := account == filer || account == reviewer
			if w.Code != http.StatusOK || path != "/units/2" && !strings.Contains(text, "办结不少于新收") || files && number != "" || !files && path != "/units/2" && number == "" {
				t.Errorf("%s reads %q on %s (%d)", account, number, path, w.Code)
			}
		}
	}
	for _, path := range []string{list + "&download=matters.csv", report + "?download=figures.csv"} {
		if body := ask(x, filer, http.MethodGet, path, nil).Body.String(); !strings.Contains(body, "办结不少于新收") || strings.Contains(body, "LOC-R1") {
			t.Errorf("a clerk downloads a rule's number from %s", path)
		}
	}
}
