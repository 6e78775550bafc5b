package ledger

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// verdict is what a text of the ledger was understood as.
type verdict struct {
	key        string   // settled; "" otherwise
	candidates []string // what it may be, when not settled
	suggested  string   // the likeliest of them, to be confirmed
	open       bool     // the text says that there is no result yet
	note       string   // how a settled one is counted, where that is a convention
	// said are the words that were recognised, and nothing else of the text:
	// free text of a ledger may name people, so none of it leaves this room.
	said string
	// known is false when no word of the text was recognised.
	known bool
}

// applicantOf classifies a text of the column of applicants' kinds.
func applicantOf(text string) verdict {
	plain := bare(text)
	if plain == "" || isBlank(text) {
		return verdict{candidates: applicantKeys}
	}
	if v, ok := applicantWord(plain); ok {
		return v
	}
	if slices.Contains(words().Organisations, plain) {
		return verdict{candidates: applicantKeys[1:], said: plain, known: true}
	}
	return wordsTogether(plain)
}

// wordsTogether reads what is made of several words: 法人或其他组织-商业企业,
// 公民(自然人), 民营企业. Every character must belong to a word, so that nobody's
// name is read as a kind.
func wordsTogether(plain string) verdict {
	v := verdict{candidates: applicantKeys}
	rest, organisation := plain, false
	for rest != "" {
		word, a := longestWord(rest)
		switch {
		case word == "":
			return verdict{candidates: applicantKeys}
		case a == nil:
			organisation = organisation || slices.Contains(words().Organisations, word)
		case v.key != "" && v.key != a.Key:
			return verdict{candidates: applicantKeys}
		default:
			v.key, v.note = a.Key, a.Note
		}
		v.said = join(v.said, word)
		rest = rest[len(word):]
	}
	switch {
	case v.key == "" && !organisation, v.key == "NP" && organisation: // 公民或法人
		return verdict{candidates: applicantKeys}
	case v.key == "":
		v.candidates = applicantKeys[1:]
	default:
		v.candidates = nil
	}
	v.known = true
	return v
}

// longestWord is the longest word that a text begins with; a is nil for one
// that says nothing of the kind by itself.
func longestWord(text string) (word string, a *applicantWords) {
	take := func(list []string, of *applicantWords) {
		for _, w := range list {
			if len(w) > len(word) && strings.HasPrefix(text, w) {
				word, a = w, of
			}
		}
	}
	for i := range words().Applicants {
		take(words().Applicants[i].Words, &words().Applicants[i])
	}
	take(words().Organisations, nil)
	take(words().Fillers, nil)
	return word, a
}

func applicantWord(plain string) (verdict, bool) {
	for _, a := range words().Applicants {
		if slices.Contains(a.Words, plain) {
			return verdict{key: a.Key, said: plain, note: a.Note, known: true}, true
		}
	}
	return verdict{}, false
}

// applicantByName guesses the kind from the applicant's name: "" when nothing
// speaks for any. A guess is never counted before a person confirmed it.
func applicantByName(name string) string {
	plain := bare(name)
	n := utf8.RuneCountInString(plain)
	if n >= 4 {
		for _, a := range words().Applicants {
			if slices.ContainsFunc(a.Names, func(end string) bool { return strings.HasSuffix(plain, end) }) {
				return a.Key
			}
		}
	}
	if n >= 2 && n <= 4 && strings.IndexFunc(plain, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) < 0 {
		return "NP"
	}
	return ""
}

// resultOf classifies a text of the column of results, with the reason that
// stands beside it.
func resultOf(text, reason string) verdict {
	v := resultText(text)
	if v.key != "" || v.open || isBlank(reason) {
		return v
	}
	why := resultText(reason)
	switch {
	case why.key != "" && (!v.known || len(v.candidates) == 0 || slices.Contains(v.candidates, why.key)):
		// A reason alone proves no answer: an unread result stays unread.
		if v.known {
			return verdict{key: why.key, note: why.note, said: join(v.said, why.said), known: true}
		}
		v.suggested, v.said = why.key, why.said
		v.candidates = []string{why.key}
	case len(v.candidates) > 0:
		if both := common(v.candidates, why.candidates); len(both) > 0 {
			v.candidates, v.said = both, join(v.said, why.said)
		} else if why.key != "" { // the reason contradicts the result
			v.candidates, v.said = append(slices.Clone(v.candidates), why.key), join(v.said, why.said)
		}
	case v.known && len(why.candidates) > 0:
		v.candidates, v.said = why.candidates, join(v.said, why.said)
	}
	return v
}

func resultText(text string) verdict {
	plain := bare(text)
	if plain == "" || isBlank(text) {
		return verdict{}
	}
	for _, r := range words().Results {
		if slices.Contains(r.Exact, plain) {
			return verdict{key: r.Key, note: r.Note, said: plain, known: true}
		}
	}
	if slices.Contains(words().Pending, plain) {
		return verdict{open: true, said: plain, known: true}
	}
	if slices.Contains(words().Answered, plain) {
		return verdict{said: plain, known: true}
	}
	hits := findHits(plain)
	for _, h := range hits {
		if h.words != nil && h.words.Final {
			return verdict{key: h.words.Key, note: h.words.Note, said: h.text, known: true}
		}
	}
	return weigh(hits)
}

// hit is a phrase of the vocabulary in a text; words is nil for a group's.
type hit struct {
	from, to int
	text     string
	words    *resultWords
	group    []string
}

// findHits finds every phrase that does not lie inside a longer one: 同意公开 in
// 不同意公开 is no hit.
func findHits(plain string) []hit {
	var all []hit
	add := func(phrases []string, r *resultWords, group []string) {
		for _, p := range phrases {
			for at := 0; ; {
				i := strings.Index(plain[at:], p)
				if i < 0 {
					break
				}
				all = append(all, hit{at + i, at + i + len(p), p, r, group})
				at += i + len(p)
			}
		}
	}
	for i := range words().Results {
		add(words().Results[i].Contains, &words().Results[i], nil)
	}
	for _, g := range words().Groups {
		add(g.Contains, nil, inGroup(g.Prefix))
	}
	return slices.DeleteFunc(slices.Clone(all), func(h hit) bool {
		return slices.ContainsFunc(all, func(o hit) bool {
			return o.from <= h.from && h.to <= o.to && o.to-o.from > h.to-h.from
		})
	})
}

// weigh settles a text by its phrases: one row, in every group that the text
// names, or none.
func weigh(hits []hit) verdict {
	v := verdict{known: len(hits) > 0}
	var keys []string
	var group []string
	for _, h := range hits {
		v.said = join(v.said, h.text)
		switch {
		case h.words == nil && group == nil:
			group = h.group
		case h.words == nil:
			if both := common(group, h.group); len(both) > 0 {
				group = both
			} else {
				group = append(slices.Clone(group), h.group...)
			}
		case !slices.Contains(keys, h.words.Key):
			keys = append(keys, h.words.Key)
			v.note = h.words.Note
		}
	}
	switch {
	case len(keys) == 1 && (group == nil || slices.Contains(group, keys[0])):
		v.key = keys[0]
	case len(keys) > 0:
		v.note = ""
		v.candidates = inOrder(append(keys, group...))
	default:
		v.note = ""
		v.candidates = inOrder(group)
	}
	return v
}

// inOrder sorts rows as the form prints them, each once.
func inOrder(keys []string) []string {
	var out []string
	for _, k := range resultKeys {
		if slices.Contains(keys, k) {
			out = append(out, k)
		}
	}
	return out
}

func common(a, b []string) []string {
	var out []string
	for _, k := range a {
		if slices.Contains(b, k) {
			out = append(out, k)
		}
	}
	return out
}

func join(a, b string) string {
	switch {
	case a == "" || b == "":
		return a + b
	case slices.Contains(strings.Split(a, "、"), b):
		return a
	}
	return a + "、" + b
}
