package expression

import (
	"strings"
	"unicode"
)

// typed is an expression as the grammar wants it, and where each of its runes
// stood in what a person typed: full-width signs, ≤ and a single = are what a
// Chinese keyboard gives.
type typed struct {
	text   string
	source []rune
	places []int // of each rune of text, in source; one more for the end
}

var signs = map[rune]string{'≤': "<=", '≥': ">=", '≠': "!=", '×': "*", '÷': "/", '−': "-", '–': "-", '—': "-", '【': "(", '】': ")"}

var words = map[string]string{"且": "and", "并且": "and", "或": "or", "或者": "or", "非": "not", "真": "true", "假": "false"}

func readTyped(source string) typed {
	t := typed{source: []rune(source)}
	var b strings.Builder
	put := func(s string, at int) {
		for range []rune(s) {
			t.places = append(t.places, at)
		}
		b.WriteString(s)
	}
	folded := make([]rune, len(t.source))
	for i, r := range t.source {
		if r >= '!'+0xfee0 && r <= '~'+0xfee0 {
			r -= 0xfee0
		}
		if unicode.IsSpace(r) {
			r = ' '
		}
		folded[i] = r
	}
	for i := 0; i < len(folded); i++ {
		r := folded[i]
		switch sign, known := signs[r]; {
		case known:
			put(sign, i)
		case r == '=' && (i == 0 || !strings.ContainsRune("=<>!", folded[i-1])) && (i+1 == len(folded) || folded[i+1] != '='):
			put("==", i)
		case letter(r):
			end := i
			for end < len(folded) && (letter(folded[end]) || unicode.IsDigit(folded[end])) {
				end++
			}
			word := string(folded[i:end])
			if w, ok := words[word]; ok {
				put(w, i)
			} else {
				for k, r := range folded[i:end] {
					put(string(r), i+k)
				}
			}
			i = end - 1
		default:
			put(string(r), i)
		}
	}
	t.text = b.String()
	t.places = append(t.places, len(t.source))
	return t
}

func letter(r rune) bool { return unicode.IsLetter(r) || r == '_' }

// place turns a place in text into the one that a person counts, from 1.
func (t *typed) place(at int) int {
	if at < 0 || at >= len(t.places) {
		at = len(t.places) - 1
	}
	return t.places[at] + 1
}
