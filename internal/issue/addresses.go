package issue

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// marks, and white space, end an address in a text; Chinese letters do not:
// paths have them.
const (
	marks = `<>"'，。；、：！？（）【】《》“”`
	stops = `\s` + marks
)

var (
	address = regexp.MustCompile(`https?://[^` + stops + `]+`)
	// anyAddress also finds those without a scheme, where a path or www shows
	// that they are some.
	anyAddress = regexp.MustCompile(`[a-z]{3,5}://[^` + stops + `]+|www\.[^` + stops + `]+|(?:(?:[a-z0-9][a-z0-9-]*\.)+[a-z]{2,}|[0-9]{1,3}(?:\.[0-9]{1,3}){3})(?::[0-9]+)?/[^` + stops + `]*`)
	pathGoesOn = regexp.MustCompile(`[/?=&]|\.[a-z0-9]`)
	hostPort   = regexp.MustCompile(`^([^/:]+):(?:80|443)(/|$)`)
)

// AddressesIn are the web addresses of a text.
func AddressesIn(text string) []string {
	var out []string
	for _, a := range address.FindAllString(text, 20) {
		a = strings.TrimRight(a, ".,;:)]")
		if CheckLink(a) == nil {
			out = append(out, a)
		}
	}
	return out
}

// Addresses are web addresses to be looked for in texts, however they are
// written there: with or without scheme and www, escaped (%E5%85%AC), in
// capitals or full-width letters.
type Addresses struct {
	// inside are found wherever they stand, as the beginning of a longer address
	// too; exact are hosts, and folders of which it is not known whether the
	// address ends there: pages below them are others.
	inside, exact map[string]bool
}

// Add takes the addresses of a text. Where prose follows an address without a
// space (…/1.pdf泄露信息), nobody can say where it ends: every place at which
// Chinese letters begin is taken for its end as well.
func (a *Addresses) Add(text string) {
	plain, _ := plainAddress(text)
	for _, found := range anyAddress.FindAllString(plain, -1) {
		a.take(found)
		before := rune(0)
		for at, r := range found {
			if r >= utf8.RuneSelf && before < utf8.RuneSelf && at > 0 {
				last := found[strings.LastIndexByte(found[:at], '/')+1 : at]
				short, on := bareAddress(found[:at]), runsOn(found[at:])
				if !on || strings.Contains(short, "/") { // a host is not meant where a path follows
					a.put(short, on && !strings.Contains(last, "."))
				}
			}
			before = r
		}
	}
}

// AddLink takes a text that is an address as a whole.
func (a *Addresses) AddLink(link string) {
	plain, _ := plainAddress(strings.TrimSpace(link))
	a.take(plain)
}

func (a *Addresses) take(found string) {
	a.put(bareAddress(found), false)
	// The place in the page is no part of where it lies, unless it is all that
	// tells pages apart.
	if page, _, ok := strings.Cut(found, "#"); ok && strings.Contains(bareAddress(page), "/") {
		a.put(bareAddress(page), false)
	}
}

func (a *Addresses) put(bare string, exact bool) {
	if a.inside == nil {
		a.inside, a.exact = map[string]bool{}, map[string]bool{}
	}
	host, path, _ := strings.Cut(bare, "/")
	if !strings.ContainsAny(host, ".:") || len(host) < 4 {
		return // no host
	}
	into := a.inside
	if exact || path == "" {
		into = a.exact
	}
	into[bare] = true
	if !strings.Contains(host, ":") { // the usual ports, written out
		for _, port := range []string{":80", ":443"} {
			into[strings.TrimSuffix(host+port+"/"+path, "/")] = true
		}
	}
}

// Keys are the addresses without scheme, www and escapes that no text may hold.
func (a *Addresses) Keys() []string {
	var out []string
	for key := range a.inside {
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}

// Replace puts words in place of each of the addresses in a text.
func (a *Addresses) Replace(text, words string) string {
	if len(a.inside)+len(a.exact) == 0 || !strings.ContainsAny(text, ".．:：%％") {
		return text
	}
	plain, at := plainAddress(text)
	type span struct{ from, to int }
	var spans []span
	look := func(key string, exact bool) {
		for from := 0; ; {
			k := strings.Index(plain[from:], key)
			if k < 0 {
				return
			}
			begin, end := from+k, from+k+len(key)
			from = end
			if exact && !standsAlone(plain, begin, end) {
				continue
			}
			for begin > 0 && (hostByte(plain[begin-1]) || plain[begin-1] == '.') {
				begin--
			}
			if rest := strings.TrimSuffix(plain[:begin], "://"); rest != plain[:begin] {
				for begin = len(rest); begin > 0 && plain[begin-1] >= 'a' && plain[begin-1] <= 'z'; {
					begin--
				}
			}
			for end < len(plain) && addressByte(plain[end]) {
				end++
			}
			for end > from && strings.IndexByte(".:!?", plain[end-1]) >= 0 {
				end--
			}
			spans = append(spans, span{at[begin], at[end]})
		}
	}
	for key := range a.inside {
		look(key, false)
	}
	for key := range a.exact {
		look(key, true)
	}
	if len(spans) == 0 {
		return text
	}
	slices.SortFunc(spans, func(x, y span) int { return x.from - y.from })
	var b strings.Builder
	done := 0
	for _, s := range spans {
		if s.from >= done {
			b.WriteString(text[done:s.from] + words)
		}
		done = max(done, s.to)
	}
	return b.String() + text[done:]
}

// standsAlone says that an address goes on neither before nor behind.
func standsAlone(plain string, begin, end int) bool {
	head := strings.TrimSuffix(plain[:begin], "www.")
	if head != "" && (hostByte(head[len(head)-1]) || strings.HasSuffix(head, ".") || strings.HasSuffix(head, "/") && !strings.HasSuffix(head, "://")) {
		return false
	}
	rest := strings.TrimPrefix(plain[end:], "/")
	if rest != "" && (hostByte(rest[0]) || rest[0] == ':' && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9') {
		return false
	}
	if k := strings.IndexFunc(rest, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(marks, r) }); k >= 0 {
		rest = rest[:k]
	}
	return !runsOn(rest)
}

// runsOn says whether what stands behind Chinese letters is still a path.
func runsOn(rest string) bool {
	return pathGoesOn.MatchString(strings.TrimRight(rest, ".,;:!?)]/"))
}

func hostByte(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' }

func addressByte(c byte) bool {
	return c > ' ' && c < 0x7f && strings.IndexByte("<>\"'`,;()|{}[]", c) < 0
}

// bareAddress is a plain address without scheme, account, www, the usual port
// and the marks behind it.
func bareAddress(a string) string {
	if _, rest, ok := strings.Cut(a, "://"); ok {
		a = rest
	}
	host, path, _ := strings.Cut(a, "/")
	host = host[strings.LastIndexByte(host, '@')+1:]
	a = hostPort.ReplaceAllString(strings.TrimPrefix(host, "www.")+"/"+path, "$1$2")
	return strings.TrimRight(a, "/.,;:!?)]#")
}

// plainAddress writes a text small, without escapes, full-width forms of an
// address's signs and signs of no width; at says where in the text each byte
// stood, and where the text ends.
func plainAddress(text string) (plain string, at []int) {
	out := make([]byte, 0, len(text))
	add := func(from int, s string) {
		for range len(s) {
			at = append(at, from)
		}
		out = append(out, s...)
	}
	for i := 0; i < len(text); {
		if c, n := escapedByte(text[i:]); n > 0 {
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			add(i, string([]byte{c}))
			i += n
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if r > 0xff00 && r < 0xff5f && (r-0xfee0 == '/' || r-0xfee0 == '.' || r-0xfee0 == '%' || unicode.IsLetter(r) || unicode.IsDigit(r)) {
			r -= 0xfee0
		}
		switch {
		case r == utf8.RuneError && n == 1:
			add(i, text[i:i+1])
		case r == 0xad || r >= 0x200b && r <= 0x200f || r == 0x2060 || r == 0xfeff:
		default:
			add(i, string(unicode.ToLower(r)))
		}
		i += n
	}
	return string(out), append(at, len(text))
}

// escapedByte reads %E5, and what was escaped more than once (%25E5).
func escapedByte(s string) (c byte, n int) {
	if len(s) < 3 || s[0] != '%' {
		return 0, 0
	}
	n = 1
	for len(s) > n+2 && s[n:n+2] == "25" && hexDigit(s[n+2]) >= 0 {
		n += 2
	}
	if len(s) < n+2 || hexDigit(s[n]) < 0 || hexDigit(s[n+1]) < 0 {
		return 0, 0
	}
	return byte(hexDigit(s[n])<<4 | hexDigit(s[n+1])), n + 2
}

func hexDigit(c byte) int { return strings.IndexByte("0123456789abcdef", c|0x20) }
