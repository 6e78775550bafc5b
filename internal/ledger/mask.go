package ledger

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/width"

	"mingjing/internal/disclosure"
)

// width1 folds full-width characters and leaves white space alone.
func width1(s string) string { return width.Fold.String(s) }

// hidden stands where something private was.
const hidden = "(已隐去)"

// mask takes private data out of the few texts of a ledger that are kept: the
// application's number, the sheet's name and the heads. Everything else that is
// kept is a day, a code or a word of the vocabulary.
type mask struct{ names *strings.Replacer }

var (
	// longRun is a run of digits, spaces and hyphens between them allowed, that
	// can hold a telephone or identity number; an X may end the latter.
	longRun = regexp.MustCompile(`\+?[0-9](?:[0-9]|[ -][0-9]){6,}[xX]?`)
	email   = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+`)
	pass    = regexp.MustCompile(`\b[A-Za-z]{1,2}[0-9]{7,8}\b`)
	credit  = regexp.MustCompile(`\b[0-9A-Z]{2}[0-9]{6}[0-9A-Z]{10}\b`)
)

// newMask knows the names that stand in the ledger's private columns.
func newMask(texts []string) *mask {
	seen := map[string]bool{}
	for _, text := range texts {
		for _, name := range strings.FieldsFunc(width1(text), func(r rune) bool { return strings.ContainsRune("、,;/()\n\r\t。:", r) }) {
			name = strings.TrimSuffix(strings.TrimSpace(name), "等")
			for _, form := range []string{name, strings.Join(strings.Fields(name), "")} {
				if n := utf8.RuneCountInString(form); n >= 2 && !ordinary(form) {
					seen[form] = true
				}
			}
		}
	}
	names := make([]string, 0, len(seen))
	for name := range seen {
		names = append(names, name)
	}
	// The longest first: a company's name may hold its owner's.
	slices.SortFunc(names, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	pairs := make([]string, 0, 2*len(names))
	for _, name := range names {
		pairs = append(pairs, name, hidden)
	}
	return &mask{strings.NewReplacer(pairs...)}
}

// ordinary words stand in columns of names too and are nobody's: 公民, 企业.
func ordinary(s string) bool { return ordinaryWords()[bare(s)] || isBlank(s) }

var ordinaryWords = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	add := func(lists ...[]string) {
		for _, list := range lists {
			for _, word := range list {
				out[word] = true
			}
		}
	}
	v := words()
	add(v.Organisations, v.Pending, v.Answered)
	for _, a := range v.Applicants {
		add(a.Words)
	}
	for _, r := range v.Results {
		add(r.Exact, r.Contains)
	}
	for _, g := range v.Groups {
		add(g.Contains)
	}
	return out
})

// text is s without private data.
func (m *mask) text(s string) string {
	s = m.names.Replace(width1(s))
	s = email.ReplaceAllString(s, hidden)
	s = credit.ReplaceAllString(s, hidden)
	s = longRun.ReplaceAllStringFunc(s, func(run string) string {
		if private(run) {
			return hidden
		}
		return run
	})
	return pass.ReplaceAllStringFunc(s, func(run string) string {
		if i := strings.IndexAny(run, "0123456789"); strings.HasPrefix(run[i:], "20") {
			return run // YS20250012: a year and a number
		}
		return hidden
	})
}

// private says that a run of digits can be somebody's number. What begins with
// a year of this century and is too short to hold a telephone number behind it
// is an office's own numbering; no identity number begins with 20.
func private(run string) bool {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, run)
	n := len(digits)
	switch {
	case strings.HasPrefix(digits, "20") && n <= 14:
		return strings.ContainsAny(run, "xX")
	case n < 10: // a local telephone number begins with neither 0 nor 1
		return digits[0] > '1'
	}
	return true
}

// number is an application's own number, fit to be kept: "" for a text without
// a digit, which is no number.
func (m *mask) number(s string) string {
	s = strings.TrimSpace(s)
	if !strings.ContainsAny(width1(s), "0123456789") {
		return ""
	}
	return disclosure.Clip(m.text(s), 40)
}

// head is a column's head, fit to be kept.
func (m *mask) head(s string) string {
	return disclosure.Clip(m.text(strings.Join(strings.Fields(s), " ")), 60)
}
