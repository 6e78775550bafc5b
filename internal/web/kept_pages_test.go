package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// After a sign-out the browser's back button shows nothing of what a person
// saw: no answer with data is kept, errors and downloads included. What is
// served from the assets stays, or every page would load it anew.
func TestPagesAreNotKept(t *testing.T) {
	for _, path := range []string{"/", "/units", "/units/3", "/progress", "/review", "/matters", "/work", "/me", "/admin/accounts", "/admin/audit", "/units?download=units.csv", "/no-such-page", "/units/999"} {
		if got := ask(district, supervisor, http.MethodGet, path, nil).Header().Get("Cache-Control"); !strings.Contains(got, "no-store") {
			t.Errorf("%s is answered with Cache-Control %q", path, got)
		}
	}
	page := ask(district, supervisor, http.MethodGet, "/", nil)
	assets := regexp.MustCompile(`"(/assets/[^"]+)"`).FindAllStringSubmatch(page.Body.String(), -1)
	if len(assets) < 3 {
		t.Fatalf("the page names %d assets", len(assets))
	}
	for _, a := range assets {
		if got := ask(district, supervisor, http.MethodGet, a[1], nil).Header().Get("Cache-Control"); !strings.Contains(got, "immutable") || strings.Contains(got, "no-store") {
			t.Errorf("%s is answered with Cache-Control %q", a[1], got)
		}
	}
}
