package bench

import (
	"context"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"time"

	"mingjing/internal/demo"
	"mingjing/internal/disclosure"
	"mingjing/internal/office"
	"mingjing/internal/people"
	"mingjing/internal/store"
	"mingjing/internal/web"
)

// The aims of issue 2 for pages and for the overview's questions.
const (
	districtPageAim = 20 * time.Millisecond
	countryPageAim  = 50 * time.Millisecond
	questionAim     = 200 * time.Millisecond
)

// page is an address whose server time is measured.
type page struct{ what, address string }

var reportLink = regexp.MustCompile(`href="(/reports/[^"]+)"`)

// reportOf follows a link of a unit's page to one of its reports.
func reportOf(st *store.Store, unit string) (string, error) {
	handler, err := newHandler(st)
	if err != nil {
		return "", err
	}
	_, answer, err := visit(handler, unit)
	if err != nil {
		return "", err
	}
	link := reportLink.FindSubmatch(answer)
	if link == nil {
		return "", fmt.Errorf("%s: no link to a report", unit)
	}
	return html.UnescapeString(string(link[1])), nil
}

// district measures the pages and the questions on the demonstration data.
func (r *run) district(ctx context.Context) error {
	data := r.data("district")
	year, calibration, lines, err := r.districtPages(ctx, data)
	if err != nil {
		return err
	}
	r.table.lines("网页(60个单位、6年;冷:不用已有的答案)", calibration, lines)
	list, err := questions(year)
	if err != nil {
		return err
	}
	all, calibration, err := r.against(ctx, data, list)
	if err != nil {
		return err
	}
	lines = nil
	for _, a := range all {
		lines = append(lines, a.ratioLine(0))
	}
	r.table.lines("查询与引擎直接执行之比(60个单位、6年)", calibration, lines)
	return nil
}

func (r *run) districtPages(ctx context.Context, data string) (year disclosure.Year, calibration time.Duration, lines []line, err error) {
	st, err := store.Open(ctx, store.Options{DataDir: data, Library: r.Library})
	if err != nil {
		return 0, 0, nil, err
	}
	defer st.Close()
	if calibration, err = calibrate(ctx, st); err != nil {
		return 0, 0, nil, err
	}
	heads, err := st.Heads(ctx, store.HeadQuery{Basis: store.Approved, Family: disclosure.FamilyNational})
	if err != nil {
		return 0, 0, nil, err
	}
	if len(heads) == 0 {
		return 0, 0, nil, fmt.Errorf("no reports in the demonstration data")
	}
	key := heads[len(heads)/2].Key
	for _, h := range heads {
		year = max(year, h.Key.Period.Year)
	}
	unit := fmt.Sprintf("/units/%d", key.Unit)
	report, err := reportOf(st, unit)
	if err != nil {
		return 0, 0, nil, err
	}
	for _, p := range []page{
		{"总览", "/"},
		{"比较", "/compare"},
		{"单位", unit},
		{"报告", report},
	} {
		cold, warm, err := pageTimes(st, p.address)
		if err != nil {
			return 0, 0, nil, err
		}
		lines = append(lines, below(p.what+"页,冷", districtPageAim, cold), below(p.what+"页,热", districtPageAim, warm))
	}
	return year, calibration, lines, nil
}

// pageTimes takes the server time of a page: cold with an office that holds no
// answers, warm with one that has just answered it.
func pageTimes(st *store.Store, address string) (cold, warm time.Duration, err error) {
	var colds []time.Duration
	var handler http.Handler
	if err := oneSupervisor(st); err != nil {
		return 0, 0, err
	}
	for i := range repeats + 1 {
		if handler, err = newHandler(st); err != nil {
			return 0, 0, err
		}
		took, _, err := visit(handler, address)
		if err != nil {
			return 0, 0, err
		}
		if i > 0 { // the first fills the engine's caches
			colds = append(colds, took)
		}
	}
	warms, err := timed(func() error { _, _, err := visit(handler, address); return err })
	return median(colds), median(warms), err
}

func newHandler(st *store.Store) (http.Handler, error) {
	site, err := web.New(web.Config{Office: office.New(st, nil, nil), Logger: slog.New(slog.DiscardHandler), Unpaced: true})
	if err != nil {
		return nil, err
	}
	return signedIn(site.Handler())
}

// benchAccount reads the pages that are measured.
const benchAccount = "bench"

// oneSupervisor makes the account that the pages are read under.
func oneSupervisor(st *store.Store) error {
	p := people.Person{Account: benchAccount, Name: "bench", Grants: []people.Grant{{Role: people.Supervisor}}}
	err := office.New(st, nil, nil).CreateDemonstration(context.Background(), people.Machine("os:bench", "cli"), p, demo.Password)
	if disclosure.CodeOf(err) == disclosure.ErrConflict {
		return nil // an earlier page's run made it
	}
	return err
}

// signedIn puts a supervisor's session on every request.
func signedIn(h http.Handler) (http.Handler, error) {
	form := url.Values{"account": {benchAccount}, "password": {demo.Password}}
	request := httptest.NewRequest(http.MethodPost, "http://localhost/sign-in", strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, request)
	cookies := answer.Result().Cookies()
	if len(cookies) != 1 {
		return nil, fmt.Errorf("sign-in: status %d", answer.Code)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.AddCookie(cookies[0])
		h.ServeHTTP(w, r)
	}), nil
}

// visit asks for a page and returns the server's time and the page.
func visit(h http.Handler, address string) (took time.Duration, body []byte, err error) {
	request := httptest.NewRequest(http.MethodGet, "http://localhost"+address, nil)
	answer := httptest.NewRecorder()
	start := time.Now()
	h.ServeHTTP(answer, request)
	took = time.Since(start)
	if answer.Code != http.StatusOK {
		return 0, nil, fmt.Errorf("%s: status %d", address, answer.Code)
	}
	return took, answer.Body.Bytes(), nil
}
