package fetch

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
)

// names is a resolver of the tests: what each name resolves to, in turn.
type names map[string][]string

func (n names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	list := n[host]
	if len(list) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	if len(list) > 1 {
		n[host] = list[1:]
	}
	return []netip.Addr{netip.MustParseAddr(list[0])}, nil
}

// site serves a page and some traps, and gives a fetcher that reaches it under
// public-looking addresses: whatever is dialled is the test's server.
func site(t *testing.T, resolver names, hosts ...string) (*Fetcher, *[]string) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<p>年度报告</p>")) })
	mux.HandleFunc("/big", func(w http.ResponseWriter, _ *http.Request) {
		piece := strings.Repeat("大", 1<<20)
		for range 5 {
			_, _ = w.Write([]byte(piece))
		}
	})
	mux.HandleFunc("/to", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Query().Get("u"), http.StatusFound)
	})
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.HandleFunc("/gone", http.NotFound)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	f, err := New(hosts)
	if err != nil {
		t.Fatal(err)
	}
	var dialled []string
	f.resolver = resolver
	f.dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		dialled = append(dialled, address)
		return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
	}
	return f, &dialled
}

func TestFetchesListedHostsOnly(t *testing.T) {
	for _, c := range []struct {
		name, url string
		code      disclosure.ErrorCode // "" for a page
	}{
		{"a listed host", "http://www.example.gov.cn/page", ""},
		{"in capitals, with a dot", "http://WWW.Example.gov.cn./page", ""},
		{"a redirect on the host", "http://www.example.gov.cn/to?u=/page", ""},
		{"a redirect to a listed host", "http://www.example.gov.cn/to?u=http://site.example.gov.cn/page", ""},
		{"inside, with its network", "http://inner.example.gov.cn:8080/page", ""},
		{"no scheme", "www.example.gov.cn/page", disclosure.ErrInvalid},
		{"nothing", "", disclosure.ErrInvalid},
		{"another scheme", "ftp://www.example.gov.cn/page", disclosure.ErrForbidden},
		{"a file", "file:///etc/passwd", disclosure.ErrInvalid},
		{"a host that is not listed", "http://other.example.com/page", disclosure.ErrForbidden},
		{"a host that begins alike", "http://www.example.gov.cn.evil.test/page", disclosure.ErrForbidden},
		{"a password in the address", "http://a:b@www.example.gov.cn/page", disclosure.ErrForbidden},
		{"a host that is meant otherwise", "http://www.example.gov.cn@evil.test/page", disclosure.ErrForbidden},
		{"another port", "http://www.example.gov.cn:6379/page", disclosure.ErrForbidden},
		{"loopback by number", "http://127.0.0.1/page", disclosure.ErrForbidden},
		{"a redirect to a host that is not listed", "http://www.example.gov.cn/to?u=http://other.example.com/page", disclosure.ErrForbidden},
		{"a redirect to loopback", "http://www.example.gov.cn/to?u=http://127.0.0.1/page", disclosure.ErrForbidden},
		{"a redirect to the cloud's metadata", "http://www.example.gov.cn/to?u=http://169.254.169.254/", disclosure.ErrForbidden},
		{"a redirect to a file", "http://www.example.gov.cn/to?u=file:///etc/passwd", disclosure.ErrForbidden},
		{"a listed name inside", "http://private.example.gov.cn/page", disclosure.ErrForbidden},
		{"a listed name that is loopback", "http://loop.example.gov.cn/page", disclosure.ErrForbidden},
		{"a listed name that is link-local", "http://link.example.gov.cn/page", disclosure.ErrForbidden},
		{"loopback in IPv6's clothes", "http://mapped.example.gov.cn/page", disclosure.ErrForbidden},
		{"outside its network", "http://moved.example.gov.cn/page", disclosure.ErrForbidden},
		{"without an address", "http://lost.example.gov.cn/page", disclosure.ErrUnavailable},
		{"not there", "http://www.example.gov.cn/gone", disclosure.ErrUnavailable},
		{"round in circles", "http://www.example.gov.cn/loop", disclosure.ErrUnavailable},
		{"too large", "http://www.example.gov.cn/big", disclosure.ErrInvalid},
	} {
		f, dialled := site(t, names{"www.example.gov.cn": {"1.2.3.4"}, "WWW.Example.gov.cn.": {"1.2.3.4"}, "www.example.gov.cn.": {"1.2.3.4"}, "site.example.gov.cn": {"2.3.4.5"}, "other.example.com": {"3.4.5.6"},
			"private.example.gov.cn": {"10.1.2.3"}, "loop.example.gov.cn": {"127.0.0.1"}, "link.example.gov.cn": {"169.254.1.1"}, "mapped.example.gov.cn": {"::ffff:127.0.0.1"},
			"inner.example.gov.cn": {"10.1.2.3"}, "moved.example.gov.cn": {"10.9.9.9"}},
			"www.example.gov.cn", "site.example.gov.cn", "private.example.gov.cn", "loop.example.gov.cn", "link.example.gov.cn", "mapped.example.gov.cn", "lost.example.gov.cn",
			"inner.example.gov.cn=10.1.2.0/24", "moved.example.gov.cn=10.1.2.0/24")
		page, err := f.Fetch(t.Context(), c.url)
		switch {
		case c.code == "" && (err != nil || !strings.Contains(string(page.Data), "年度报告")):
			t.Errorf("%s: %v", c.name, err)
		case c.code != "" && (err == nil || disclosure.CodeOf(err) != c.code):
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		}
		for _, a := range *dialled {
			ip, _, _ := strings.Cut(a, ":")
			if c.name != "inside, with its network" && !public(netip.MustParseAddr(ip)) {
				t.Errorf("%s: %s was dialled", c.name, a)
			}
		}
	}
}

// A name that resolves to a public address first and to loopback after is
// dialled at the address that was looked at.
func TestRebindingGainsNothing(t *testing.T) {
	f, dialled := site(t, names{"www.example.gov.cn": {"1.2.3.4", "127.0.0.1"}}, "www.example.gov.cn")
	if _, err := f.Fetch(t.Context(), "http://www.example.gov.cn/page"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Fetch(t.Context(), "http://www.example.gov.cn/page"); disclosure.CodeOf(err) != disclosure.ErrForbidden {
		t.Errorf("after the name moved: %v", err)
	}
	if len(*dialled) != 1 || (*dialled)[0] != "1.2.3.4:80" {
		t.Errorf("dialled %v", *dialled)
	}
}

func TestFetchingIsOffByDefault(t *testing.T) {
	f, err := New(nil)
	if err != nil || f.Enabled() {
		t.Fatal(err)
	}
	if _, err := f.Fetch(t.Context(), "http://www.example.gov.cn/"); disclosure.CodeOf(err) != disclosure.ErrForbidden {
		t.Errorf("%v", err)
	}
	for _, wrong := range []string{"http://www.example.gov.cn", "*.gov.cn", "www.example.gov.cn=10.1", "a b"} {
		if _, err := New([]string{wrong}); disclosure.CodeOf(err) != disclosure.ErrInvalid {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}
