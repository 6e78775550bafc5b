// Package fetch reads a published page by its address. Fetching is off unless
// hosts are listed: a server that fetches what people type would otherwise be a
// door into the network behind it (SSRF).
package fetch

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"mingjing/internal/disclosure"
)

// A page has this long to arrive, this many bytes at most, and this many
// redirects before it.
const (
	Timeout       = 10 * time.Second
	MostBytes     = 10 << 20
	mostRedirects = 5
)

// Resolver finds the addresses of a name; net.DefaultResolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Fetcher reads pages of the hosts that are listed.
type Fetcher struct {
	hosts    map[string][]netip.Prefix // the networks that a host may stand in besides the public one
	resolver Resolver
	dial     func(ctx context.Context, network, address string) (net.Conn, error)
}

// Page is a fetched page.
type Page struct {
	URL  string // where it was found, after redirects
	Type string // Content-Type as sent
	Data []byte
}

// New makes a fetcher for hosts: "www.example.gov.cn", or with networks outside
// the public ones in which that host stands, "www.example.gov.cn=10.1.2.0/24".
// Without hosts nothing is fetched. Error: ErrInvalid.
func New(hosts []string) (*Fetcher, error) {
	f := &Fetcher{hosts: map[string][]netip.Prefix{}, resolver: net.DefaultResolver, dial: (&net.Dialer{Timeout: Timeout}).DialContext}
	for _, text := range hosts {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		host, network, within := strings.Cut(text, "=")
		host = normalHost(host)
		if host == "" || strings.ContainsAny(host, "/*@ ") {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "--fetch-hosts 的“%s”不是主机名,应如 www.example.gov.cn。", text)
		}
		networks := f.hosts[host]
		if within {
			p, err := netip.ParsePrefix(network)
			if err != nil {
				return nil, disclosure.Errorf(disclosure.ErrInvalid, "--fetch-hosts 的“%s”中网段有误,应如 www.example.gov.cn=10.1.2.0/24。", text).Because(err)
			}
			networks = append(networks, p.Masked())
		}
		f.hosts[host] = networks
	}
	return f, nil
}

func normalHost(host string) string {
	return strings.TrimSuffix(strings.ToLower(strings.TrimSpace(host)), ".")
}

// Enabled says whether any host is listed.
func (f *Fetcher) Enabled() bool { return f != nil && len(f.hosts) > 0 }

// Fetch reads a page. Errors: ErrForbidden for an address that is not to be
// fetched, ErrInvalid for one that is none, ErrUnavailable when no page came.
func (f *Fetcher) Fetch(ctx context.Context, address string) (*Page, error) {
	if !f.Enabled() {
		return nil, disclosure.Errorf(disclosure.ErrForbidden, "本系统没有开启按网址读取页面;请打开网页,把内容复制粘贴过来,或请管理员设置 --fetch-hosts。")
	}
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "网址写法有误,应如 https://www.example.gov.cn/…。")
	}
	if err := f.allows(u); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	client := &http.Client{CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if len(via) > mostRedirects {
			return disclosure.Errorf(disclosure.ErrUnavailable, "该网址跳转次数过多,没有读取。")
		}
		return f.allows(r.URL)
	}, Transport: &http.Transport{DialContext: f.dialAllowed, Proxy: nil, DisableKeepAlives: true, TLSHandshakeTimeout: Timeout, ResponseHeaderTimeout: Timeout, MaxResponseHeaderBytes: 64 << 10}}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "网址写法有误,请核对。").Because(err)
	}
	r.Header.Set("User-Agent", "Mingjing")
	r.Header.Set("Accept", "text/html,*/*;q=0.5")
	resp, err := client.Do(r)
	if err != nil {
		return nil, said(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, disclosure.Errorf(disclosure.ErrUnavailable, "网页返回了状态 %d,没有读到内容;请核对网址。", resp.StatusCode)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, MostBytes+1)) // after decompression
	if err != nil {
		return nil, said(err)
	}
	if len(data) > MostBytes {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "网页超过10MB,没有读取;请把内容复制粘贴过来。")
	}
	return &Page{URL: resp.Request.URL.String(), Type: resp.Header.Get("Content-Type"), Data: data}, nil
}

// said gives an error of ours, which net/http wraps, back as it is.
func said(err error) error {
	var ours *disclosure.Error
	switch {
	case errors.As(err, &ours):
		return ours
	case errors.Is(err, context.DeadlineExceeded):
		return disclosure.Errorf(disclosure.ErrUnavailable, "网页在10秒内没有读完,请稍后再试,或把内容复制粘贴过来。").Because(err)
	}
	return disclosure.Errorf(disclosure.ErrUnavailable, "网页无法读取,请核对网址,或把内容复制粘贴过来。").Because(err)
}

// allows looks at an address before it is asked, at the first one and at each
// redirect.
func (f *Fetcher) allows(u *url.URL) error {
	_, listed := f.hosts[normalHost(u.Hostname())]
	switch port := u.Port(); {
	case u.Scheme != "http" && u.Scheme != "https":
		return disclosure.Errorf(disclosure.ErrForbidden, "只能读取 http 或 https 网址。")
	case u.User != nil:
		return disclosure.Errorf(disclosure.ErrForbidden, "网址中不能带账号口令。")
	case !listed:
		return disclosure.Errorf(disclosure.ErrForbidden, "“%s”不在允许读取的主机之列;请把网页内容复制粘贴过来,或请管理员加入 --fetch-hosts。", u.Hostname())
	case port != "" && port != "80" && port != "443" && len(f.hosts[normalHost(u.Hostname())]) == 0:
		return disclosure.Errorf(disclosure.ErrForbidden, "只能读取 80 和 443 端口上的网页。")
	}
	return nil
}

// dialAllowed connects to an address of the host that may be fetched from. The
// address that was looked at is the one that is dialled: a name that resolves
// to another one a moment later gains nothing.
func (f *Fetcher) dialAllowed(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	var addresses []netip.Addr
	if ip, err := netip.ParseAddr(host); err == nil {
		addresses = []netip.Addr{ip}
	} else if addresses, err = f.resolver.LookupNetIP(ctx, "ip", host); err != nil {
		return nil, err
	}
	networks := f.hosts[normalHost(host)]
	var last error
	for _, ip := range addresses {
		ip = ip.Unmap()
		if !public(ip) && !slices.ContainsFunc(networks, func(p netip.Prefix) bool { return p.Contains(ip) }) {
			last = disclosure.Errorf(disclosure.ErrForbidden, "“%s”的地址在内网或本机,没有读取;确是本单位网站的,请管理员在 --fetch-hosts 中写明它的网段。", host)
			continue
		}
		conn, err := f.dial(ctx, network, net.JoinHostPort(ip.String(), port))
		if err == nil {
			return conn, nil
		}
		last = err
	}
	if last == nil {
		last = disclosure.Errorf(disclosure.ErrUnavailable, "找不到主机“%s”的地址。", host)
	}
	return nil, last
}

// special are ranges that are not of the public network, beyond those that
// netip knows: IANA's special-purpose registries (RFC 6890 and its updates).
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("fec0::/10"),
}

func public(ip netip.Addr) bool {
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && ip.Zone() == "" && !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(ip) })
}
