package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"

	cd "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A reviewer returns a cell and approves the resubmission without touching the
// mouse: j to the finding, x, a reason, r, enter; then a, enter.
func TestDecisionsByKeyboard(t *testing.T) {
	x := openDesk(t)
	const unit = 7
	p := x.account(t, "filer7", unit)
	// A blank cell is a notice: the reviewer has something to go to.
	s := write(t, x, p, unit, 1, oneMore...)
	from := lastSeq(t, x)
	hand(t, x, p, filing.Submit, s)

	ctx := openBrowser(t)
	heard := listen(ctx)
	server := httptest.NewServer(x.handlerAs(supervisor))
	defer server.Close()
	// On a keyboard a key that a script keeps for itself types no letter;
	// chromedp sends the letter apart from the key, so shortcuts send none.
	for _, key := range "jkxarnq123456789" {
		known := kb.Keys[key]
		printed := known.Print
		known.Print = false
		t.Cleanup(func() { known.Print = printed }) // the keys are everybody's
	}
	press := func(keys string) { t.Helper(); do(t, ctx, cd.KeyEvent(keys)) }
	at := server.URL + "/review/7/2025"
	do(t, ctx, cd.EmulateViewport(1366, 768), cd.Navigate(at), cd.WaitReady("#review[data-ready]"))
	if *pictures != "" {
		keepPicture(t, ctx, "review-1366.png")
	}
	// What is wrong and what can be done about it stand on the first screen.
	if low := evaluate[float64](t, ctx, `document.querySelector('.decide').getBoundingClientRect().bottom`); low <= 0 || low > 400 {
		t.Errorf("the decision stands %.0f pixels down", low)
	}
	notes := evaluate[int](t, ctx, `document.querySelectorAll('.notes > li').length`)
	if notes > 0 {
		press("j")
		until(t, ctx, `document.querySelectorAll('.notes > li.is-current').length === 1`)
	}
	evaluate[bool](t, ctx, `(document.querySelector('#T3_GRANTED_NP > a').focus(), true)`)
	press("x")
	until(t, ctx, `document.activeElement.name === 'why.T3_GRANTED_NP' && location.hash === '#T3_GRANTED_NP'`)
	press("2") // the second standard reason
	until(t, ctx, `document.activeElement.value.indexOf('上年') >= 0`)
	press(kb.Enter)
	until(t, ctx, `document.activeElement.parentNode.id === 'T3_GRANTED_NP' && document.querySelector('#T3_GRANTED_NP.is-marked') !== null`)
	press(kb.ArrowDown)
	until(t, ctx, `document.activeElement.parentNode.id === 'T3_PARTIAL_NP'`)
	press("x")
	until(t, ctx, `document.activeElement.name === 'why.T3_PARTIAL_NP'`)
	press("请核对")
	press(kb.Enter)
	until(t, ctx, `document.querySelector('.marked-count').textContent === '2格'`)
	press("r")
	until(t, ctx, `document.querySelector('#do-return').offsetHeight > 0 && document.querySelectorAll('#mark-list li').length === 2`)
	if *pictures != "" {
		keepPicture(t, ctx, "review-return-1366.png")
	}
	press(kb.Escape)
	until(t, ctx, `document.querySelector('#do-return').offsetHeight === 0`)
	press("r")
	until(t, ctx, `document.activeElement.className.indexOf('confirm') >= 0`)
	press(kb.Enter)
	do(t, ctx, cd.WaitReady("#review[data-ready] .banner.is-done"))
	if state := stateOf(t, x, unit); state != filing.Returned {
		t.Fatalf("after r and enter the report is %q", state)
	}
	hand(t, x, p, filing.Submit, write(t, x, p, unit, 1, "T2_LICENSE_DECISIONS"))
	do(t, ctx, cd.Navigate(at), cd.WaitReady("#review[data-ready]"))
	if *pictures != "" {
		keepPicture(t, ctx, "review-again-1366.png")
	}
	press("a")
	until(t, ctx, `document.activeElement.className.indexOf('confirm') >= 0 && location.hash === '#do-approve'`)
	press(kb.Enter)
	do(t, ctx, cd.WaitReady("#review[data-ready] #next-report"))
	if *pictures != "" {
		keepPicture(t, ctx, "review-done-1366.png")
	}
	story := slices.DeleteFunc(told(t, x, unit, from), func(s string) bool { return strings.HasSuffix(s, "restore") })
	if !slices.Equal(story, []string{"filer7 submit", "supervisor return", "filer7 submit", "supervisor approve"}) {
		t.Errorf("the log tells %v", story)
	}
	if said := heard.take(); len(said) > 0 {
		t.Errorf("the console says: %v", said)
	}
}

// The whole of a batch: one report is stale, one is clean; the stale one stays
// and says why, and the same form sent again changes nothing.
func TestBatchWithAStaleReport(t *testing.T) {
	x := openDesk(t)
	var fit []string // of the units that file, those without findings
	for unit := disclosure.UnitNumber(8); unit < 16; unit++ {
		account := x.account(t, fmt.Sprintf("batch%d", unit), unit)
		if s, err := x.office.OpenSitting(t.Context(), as(t, x, account), unit, report2025); err != nil || s.Judge().Errors > 0 {
			continue // a fault of the demonstration
		}
		hand(t, x, account, filing.Submit, write(t, x, account, unit, 0))
	}
	page := ask(x, supervisor, http.MethodGet, "/review", nil).Body.String()
	form := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(page, -1) {
		form.Set(m[1], m[2])
	}
	for _, m := range regexp.MustCompile(`name="pick" value="((\d+)/2025/\d+)"([^>]*)>`).FindAllStringSubmatch(page, -1) {
		if strings.Contains(m[3], "checked") {
			t.Errorf("unit %s is picked already", m[2])
		}
		if n, _ := strconv.Atoi(m[2]); n >= 8 && n < 16 && len(fit) < 2 {
			fit = append(fit, m[2])
			form.Add("pick", m[1])
		}
	}
	if len(fit) < 2 {
		t.Fatalf("only %v can be picked", fit)
	}
	clean, stale := number(t, fit[0]), number(t, fit[1])
	mustDecide(t, x, supervisor, stale, filing.Return, url.Values{"reason": {"同时退回"}, "due": {"2026-03-09"}})
	from := lastSeq(t, x)
	for range 2 {
		w := ask(x, supervisor, http.MethodPost, "/review/batch", form)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "批量通过:通过 1 份,未通过 1 份") || !strings.Contains(w.Body.String(), "现在是“退回修改”") {
			t.Fatalf("the batch answers %d: %.2000s", w.Code, w.Body)
		}
	}
	if a, b := stateOf(t, x, clean), stateOf(t, x, stale); a != filing.Approved || b != filing.Returned {
		t.Errorf("the reports are %q and %q", a, b)
	}
	if entries, err := x.store.Entries(t.Context(), entriesOf(0, from)); err != nil || len(entries) != 1 {
		t.Errorf("the batch left %d entries, %v; want one", len(entries), err)
	}
}

func number(t *testing.T, text string) disclosure.UnitNumber {
	t.Helper()
	n, err := parseUnit(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
