package interpret

import (
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// label is a printed text as it is compared: folded (NFKC, no spaces, no
// punctuation), without its number, and also without what stands in brackets,
// so that 本年(2023)制发件数 and 现行有效件数(历史累计) are known again.
type label struct {
	text   string // folded, numbering and brackets' content kept out of it
	full   string // folded, brackets' content kept
	number string // "一", "(一)", "1" as folded numbering; "" without
	runes  int    // of text
}

// maxLabel is the length in bytes beyond which a text is prose, not a label.
// The longest label of the national form has 40 characters.
const maxLabel = 400

// memo remembers what a function made of short texts: reports consist of the
// same few hundred labels. It stops taking more when it is full.
type memo[T any] struct {
	make   func(string) T
	values sync.Map
	count  atomic.Int64
}

// most bounds a memo's entries, longest the bytes of a text in it.
const (
	most    = 16 << 10
	longest = 200
)

func (m *memo[T]) of(s string) T {
	if v, ok := m.values.Load(s); ok {
		return v.(T)
	}
	v := m.make(s)
	if len(s) <= longest && m.count.Add(1) <= most {
		m.values.Store(strings.Clone(s), v)
	}
	return v
}

var (
	foldedLabels = &memo[label]{make: newLabel}
	valueTexts   = &memo[bool]{make: readsAsValue}
)

// foldLabel prepares a printed text for comparison.
func foldLabel(s string) label { return foldedLabels.of(s) }

func newLabel(s string) label {
	if len(s) > maxLabel {
		s = s[:maxLabel]
	}
	if !norm.NFKC.IsNormalString(s) {
		s = norm.NFKC.String(s)
	}
	s = squeeze(s)
	number, rest := splitNumber(s)
	l := label{number: number, full: keepLetters(rest), text: keepLetters(dropBrackets(rest))}
	if l.text == "" {
		l.text = l.full
	}
	if l.text == "" {
		l.text = keepLetters(s)
		l.full = l.text
		l.number = ""
	}
	l.runes = utf8.RuneCountInString(l.text)
	return l
}

// squeeze takes out white space and invisible characters.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.Is(unicode.Cf, r), unicode.IsControl(r):
			return -1
		case r == '\u3000', r == '\u00a0':
			return -1
		}
		return r
	}, s)
}

// keepLetters drops everything but letters and digits.
func keepLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// dropBrackets takes out bracketed remarks, also one that is never closed.
func dropBrackets(s string) string {
	if !strings.ContainsAny(s, "([〔【") {
		return s
	}
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch r {
		case '(', '[', '〔', '【':
			depth++
		case ')', ']', '〕', '】':
			depth = max(0, depth-1)
		default:
			if depth == 0 {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

const chineseDigits = "一二三四五六七八九十"

// splitNumber takes the numbering from the front of a squeezed text: 一、 (一)
// 1. 1、 ① 第一、 and returns it with its brackets folded: "一", "(一)", "1".
func splitNumber(s string) (number, rest string) {
	body := strings.TrimPrefix(s, "第")
	if digits, after := leading(body, isNumeral); digits != "" && len(digits) <= 9 {
		for _, mark := range []string{"、", ".", ",", "．", "部分", ":", "。", "，"} {
			if t, ok := strings.CutPrefix(after, mark); ok && t != "" {
				return digits, strings.TrimLeft(t, "、.:")
			}
		}
	}
	if strings.HasPrefix(s, "(") {
		if digits, after := leading(s[1:], isNumeral); digits != "" && len(digits) <= 9 {
			if t, ok := strings.CutPrefix(after, ")"); ok && t != "" {
				return "(" + digits + ")", strings.TrimLeft(t, "、.")
			}
		}
	}
	if digits, after := leading(s, isNumeral); digits != "" && len(digits) <= 9 {
		if t, ok := strings.CutPrefix(after, ")"); ok && t != "" {
			return "(" + digits + ")", strings.TrimLeft(t, "、.")
		}
	}
	return "", s
}

func isNumeral(r rune) bool {
	return r >= '0' && r <= '9' || strings.ContainsRune(chineseDigits, r)
}

func leading(s string, keep func(rune) bool) (head, tail string) {
	for i, r := range s {
		if !keep(r) {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// numeral is the value of a number like 六, 十二 or 6; 0 when it is none.
func numeral(s string) int {
	s = strings.Trim(s, "()")
	if s == "" {
		return 0
	}
	n := 0
	if s[0] >= '0' && s[0] <= '9' {
		for _, r := range s {
			if r < '0' || r > '9' || n > 100 {
				return 0
			}
			n = n*10 + int(r-'0')
		}
		return n
	}
	for _, r := range s {
		i := strings.IndexRune(chineseDigits, r)
		if i < 0 {
			return 0
		}
		d := i/len("一") + 1
		switch {
		case d == 10 && n == 0:
			n = 10
		case d == 10:
			n *= 10
		default:
			n += d
		}
	}
	return n
}
