package web

import (
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// kindWalked bounds how many pages of one kind (by the first part of their
// address) the walk opens.
const kindWalked = 12

// Every link of the pages leads to a page that is there, and a link to a cell
// to a cell that is there.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	type link struct{ from, to string }
	waiting := []link{{"", "/"}, {"", "/compare?code=M_CARRY&year=2024"}, {"", "/compare?code=D_OTHER"}, {"", "/matters?year=2022"}, {"", "/?basis=provisional"}}
	ids := map[string]map[string]bool{}
	kinds := map[string]int{}
	checked := map[string]bool{}
	for len(waiting) > 0 {
		next := waiting[0]
		waiting = waiting[1:]
		page, fragment, _ := strings.Cut(next.to, "#")
		if page == "" {
			page, _, _ = strings.Cut(next.from, "#")
		}
		if checked[page+"#"+fragment] {
			continue
		}
		checked[page+"#"+fragment] = true
		if ids[page] == nil {
			kind, _, _ := strings.Cut(strings.TrimPrefix(page, "/"), "/")
			kind, _, _ = strings.Cut(kind, "?")
			if kinds[kind]++; kinds[kind] > kindWalked {
				continue
			}
			w := get(t, district, page, "", "")
			ids[page] = map[string]bool{}
			if w.Code != 200 {
				t.Errorf("%s leads to %s, which answers %d", next.from, page, w.Code)
				continue
			}
			if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
				continue
			}
			doc, err := goquery.NewDocumentFromReader(w.Body)
			if err != nil {
				t.Fatal(err)
			}
			doc.Find("[id]").Each(func(_ int, e *goquery.Selection) { ids[page][e.AttrOr("id", "")] = true })
			doc.Find("a[href]").Each(func(_ int, e *goquery.Selection) {
				waiting = append(waiting, link{page, e.AttrOr("href", "")})
			})
		}
		if name, err := url.PathUnescape(fragment); err == nil && fragment != "" && fragment != "_" && len(ids[page]) > 0 && !ids[page][name] {
			t.Errorf("%s leads to %s, which has no place %q", next.from, page, name)
		}
	}
	for _, kind := range []string{"", "compare", "matters", "units", "reports"} {
		if kinds[kind] < 3 {
			t.Errorf("the walk met %d pages of the kind %q", kinds[kind], kind)
		}
	}
}
