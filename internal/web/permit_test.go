package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"mingjing/internal/people"
)

// sample fills the parameters of a route with things that are there.
var sample = strings.NewReplacer(":number", "2", ":unit", "2", ":period", "2023", ":family", "national", ":scope", "agency",
	":sum", strings.Repeat("0", 64), ":account", "filer", ":id", "1", ":year", "2023", ":revision", "1", ":name", "x", "*", "app.css")

// ask sends a request as one of staff.
func ask(x *site, account, method, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Host = "localhost:8080"
	r.Header.Set("Accept", "text/html")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	x.sign(r, account)
	w := httptest.NewRecorder()
	x.handler().ServeHTTP(w, r)
	return w
}

// anonymousRoutes are all that a stranger can reach.
var anonymousRoutes = []string{"/help", "/assets/:sum/*", "/favicon.ico", "/healthz", "/readyz", "/sign-in", "/sign-in/code"}

// A stranger reaches nothing of the data: pages lead to the sign-in, everything
// else is refused.
func TestStrangersReachNothing(t *testing.T) {
	for _, r := range district.server.routes() {
		open := slices.Contains(anonymousRoutes, r.path)
		if (r.who == anonymous) != open {
			t.Errorf("%s %s is for %s", r.method, r.path, r.who)
		}
		if open {
			continue
		}
		w := ask(district, stranger, r.method, sample.Replace(r.path), nil)
		switch {
		case r.method == http.MethodGet && w.Code == http.StatusSeeOther && strings.HasPrefix(w.Header().Get("Location"), "/sign-in"):
		case r.method != http.MethodGet && w.Code == http.StatusUnauthorized:
		default:
			t.Errorf("%s %s answers a stranger %d %s", r.method, r.path, w.Code, w.Header().Get("Location"))
		}
	}
}

// Whoever lacks the declared right of a route is refused by it, whatever the
// address says; whoever has it is not.
func TestRoutesKeepToTheirRights(t *testing.T) {
	for _, r := range district.server.routes() {
		if r.who == anonymous || r.who == signedIn || r.method != http.MethodGet {
			continue
		}
		for _, account := range everybody {
			may := grants[account].Role.Gives(people.Right(r.who))
			w := ask(district, account, r.method, sample.Replace(r.path), nil)
			if !may && w.Code != http.StatusForbidden {
				t.Errorf("%s %s answers %s %d, want 403", r.method, r.path, account, w.Code)
			}
			if may && w.Code >= 500 {
				t.Errorf("%s %s answers %s %d", r.method, r.path, account, w.Code)
			}
		}
	}
	for _, r := range district.server.routes() {
		if r.who == anonymous || r.who == signedIn || r.method == http.MethodGet {
			continue
		}
		for _, account := range everybody {
			if grants[account].Role.Gives(people.Right(r.who)) {
				continue
			}
			if w := ask(district, account, r.method, sample.Replace(r.path), url.Values{}); w.Code != http.StatusForbidden {
				t.Errorf("%s %s answers %s %d, want 403", r.method, r.path, account, w.Code)
			}
		}
	}
}

// A request that another site makes the browser send is not carried out.
func TestForgedRequestsAreRefused(t *testing.T) {
	for _, header := range []struct{ name, value string }{{"Origin", "http://evil.test"}, {"Sec-Fetch-Site", "cross-site"}} {
		for _, r := range district.server.routes() {
			if r.method == http.MethodGet {
				continue
			}
			asked := httptest.NewRequest(r.method, sample.Replace(r.path), nil)
			asked.Host = "localhost:8080"
			asked.Header.Set(header.name, header.value)
			district.sign(asked, supervisor)
			w := httptest.NewRecorder()
			district.handler().ServeHTTP(w, asked)
			if w.Code != http.StatusForbidden {
				t.Errorf("%s %s with %s %s answers %d, want 403", r.method, r.path, header.name, header.value, w.Code)
			}
		}
	}
}

// What one unit handed in and nobody has approved is not for another unit: no
// page, download or error shows it. Unit 3's report for 2025 waits for approval.
func TestUnitsDoNotSeeEachOthersDrafts(t *testing.T) {
	for _, account := range []string{filer, reviewer, otherFiler, evaluator, leader} {
		for _, path := range []string{"/reports/3/2025/national/agency?basis=provisional", "/units/3?basis=provisional",
			"/reports/3/2025/national/agency?basis=provisional&download=figures.csv", "/units/3?basis=provisional&download=history.csv"} {
			if w := ask(district, account, http.MethodGet, path, nil); w.Code != http.StatusForbidden {
				t.Errorf("%s asks for %s and is answered %d, want 403", account, path, w.Code)
			}
		}
		if w := ask(district, account, http.MethodGet, "/reports/3/2025/national/agency", nil); w.Code != http.StatusNotFound {
			t.Errorf("%s asks for a report that is not approved and is answered %d, want 404", account, w.Code)
		}
		for _, path := range []string{"/compare?basis=provisional", "/units?basis=provisional", "/matters?basis=provisional", "/?basis=provisional"} {
			w := ask(district, account, http.MethodGet, path, nil)
			if strings.Contains(w.Body.String(), "/reports/3/2025/") {
				t.Errorf("%s finds unit 3's unapproved report on %s", account, path)
			}
		}
	}
	if w := ask(district, supervisor, http.MethodGet, "/reports/3/2025/national/agency?basis=provisional", nil); w.Code != http.StatusOK {
		t.Errorf("the supervisor is answered %d", w.Code)
	}
}

func TestSignInAndOut(t *testing.T) {
	form := url.Values{"account": {" Leader "}, "password": {staffPassword}, "next": {"/compare?year=2023"}}
	w := ask(district, stranger, http.MethodPost, "/sign-in", form)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/compare?year=2023" {
		t.Fatalf("signing in answers %d to %q: %.300s", w.Code, w.Header().Get("Location"), w.Body)
	}
	cookies := w.Result().Cookies()
	if len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteLaxMode {
		t.Fatalf("cookies %v", cookies)
	}
	with := func(method, path string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, nil)
		r.Host = "localhost:8080"
		r.Header.Set("Accept", "text/html")
		r.AddCookie(cookies[0])
		w := httptest.NewRecorder()
		district.handler().ServeHTTP(w, r)
		return w
	}
	if w := with(http.MethodGet, "/me"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "测试leader") {
		t.Errorf("the own page answers %d", w.Code)
	}
	if w := with(http.MethodPost, "/sign-out"); w.Code != http.StatusSeeOther {
		t.Errorf("signing out answers %d", w.Code)
	}
	if w := with(http.MethodGet, "/me"); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/sign-in") {
		t.Errorf("after signing out the own page answers %d", w.Code)
	}
}

// An address of another site in "next" is not followed.
func TestNextStaysHere(t *testing.T) {
	for next, want := range map[string]string{"/units?year=2023": "/units?year=2023", "//evil.test/": "/", "https://evil.test/": "/", "/\\evil.test": "/", "": "/", "javascript:1": "/"} {
		if got := localPath(next); got != want {
			t.Errorf("localPath(%q) = %q, want %q", next, got, want)
		}
	}
}

func TestWrongPasswordsLockAnAccount(t *testing.T) {
	machine := people.Machine("os:test", "cli")
	p := people.Person{Account: "locked", Name: "将被锁定", Grants: []people.Grant{{Role: people.Leader}}}
	if err := district.office.CreateDemonstration(t.Context(), machine, p, staffPassword); err != nil {
		t.Fatal(err)
	}
	form := url.Values{"account": {"locked"}, "password": {"Wrong-password-1"}}
	for range 5 {
		if w := ask(district, stranger, http.MethodPost, "/sign-in", form); w.Code != http.StatusForbidden {
			t.Fatalf("a wrong password answers %d", w.Code)
		}
	}
	form.Set("password", staffPassword)
	if w := ask(district, stranger, http.MethodPost, "/sign-in", form); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "锁定") {
		t.Errorf("a locked account answers the right password with %d", w.Code)
	}
	unknown := ask(district, stranger, http.MethodPost, "/sign-in", url.Values{"account": {"nobody"}, "password": {"Wrong-password-1"}})
	if unknown.Code != http.StatusForbidden || !strings.Contains(unknown.Body.String(), "账号或口令不正确") {
		t.Errorf("an unknown account answers %d", unknown.Code)
	}
	if err := district.office.Unlock(t.Context(), machine, "locked"); err != nil {
		t.Fatal(err)
	}
	if w := ask(district, stranger, http.MethodPost, "/sign-in", form); w.Code != http.StatusSeeOther {
		t.Errorf("after unlocking, signing in answers %d", w.Code)
	}
}
