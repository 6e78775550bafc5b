package check

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"mingjing/internal/disclosure"
)

// sentence is one sentence of a report's prose.
type sentence struct {
	part    int
	section string // the heading (二)依申请公开 that it stands under, folded; "" for none
	printed string // as printed, without white space: what is quoted
	// text is printed with full-width letters, digits and marks as ASCII,
	// thousands separators taken out and years in Chinese numerals as digits.
	text string
}

// longestSentence bounds what is looked at as one sentence: text without full
// stops is a broken table or a list of names.
const longestSentence = 1200 // bytes

// sentences takes a report's prose apart. Lines that a reader broke in the
// middle of a sentence are joined.
func sentences(r *disclosure.Report) []sentence {
	var out []sentence
	for _, p := range r.Prose {
		section := ""
		for _, paragraph := range paragraphs(p.Text) {
			if h := sectionHeading(foldText(paragraph)); h != "" {
				section = h
			}
			for _, s := range splitSentences(paragraph) {
				if len(s) <= longestSentence {
					out = append(out, sentence{part: p.Number, section: section, printed: s, text: foldText(s)})
				}
			}
		}
	}
	return out
}

// sentenceEnds are 。!?; in their ASCII and full-width forms.
const sentenceEnds = "。!?;\uff01\uff1f\uff1b"

// paragraphs drops white space and joins lines, unless a line ends as a
// sentence does, is short as headings are, or the next one begins with a number.
func paragraphs(text string) []string {
	var out []string
	open := false
	for _, line := range strings.Split(text, "\n") {
		line = strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' {
				return -1
			}
			return r
		}, line)
		if line == "" {
			continue
		}
		if open && !numbered.MatchString(foldText(line)) {
			out[len(out)-1] += line
		} else {
			out = append(out, line)
		}
		last, _ := utf8.DecodeLastRuneInString(line)
		open = !strings.ContainsRune(sentenceEnds+":\uff1a", last) && utf8.RuneCountInString(line) >= shortestFolded
	}
	return out
}

// shortestFolded is how long a line is at least that a page's width broke.
const shortestFolded = 16

var numbered = regexp.MustCompile(`^(?:\(?[一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}[、是]|\(?\d{1,2}[.、)]|第[一二三四五六七八九十][,、章])`)

// sectionHeading is the heading that a paragraph begins with: (二)依申请公开.
func sectionHeading(paragraph string) string {
	m := numbered.FindString(paragraph)
	if m == "" {
		return ""
	}
	rest := []rune(paragraph[len(m):])
	for i, r := range rest {
		if i == 24 || strings.ContainsRune("。,;:.", r) {
			return string(rest[:i])
		}
	}
	return string(rest)
}

func splitSentences(paragraph string) []string {
	var out []string
	from := 0
	for i, r := range paragraph {
		if strings.ContainsRune(sentenceEnds, r) {
			end := i + utf8.RuneLen(r)
			if i > from {
				out = append(out, paragraph[from:end])
			}
			from = end
		}
	}
	if from < len(paragraph) {
		out = append(out, paragraph[from:])
	}
	return out
}

// foldText brings printed text into the one way of writing that the rules
// know.
func foldText(printed string) string {
	printed = joinThousands(printed)
	var b strings.Builder
	b.Grow(len(printed))
	for _, r := range printed {
		if r >= '!'+0xfee0 && r <= '~'+0xfee0 {
			r -= 0xfee0
		}
		switch {
		case r == '〔' || r == '【' || r == '[':
			r = '〔'
		case r == '〕' || r == '】' || r == ']':
			r = '〕'
		case r == '—' || r == '–' || r == '―' || r == '~' || r == '\u2212':
			r = '-'
		}
		b.WriteRune(r)
	}
	s := b.String()
	if strings.Contains(s, "二〇") || strings.Contains(s, "二○") || strings.Contains(s, "二零") {
		s = chineseYear.ReplaceAllStringFunc(s, digitsOfYear)
	}
	return s
}

var chineseYear = regexp.MustCompile(`二[〇○零][〇○零一二三四五六七八九]{2}年`)

func digitsOfYear(s string) string {
	var b strings.Builder
	for _, r := range s {
		if d, ok := chineseDigit[r]; ok {
			b.WriteString(strconv.Itoa(int(d)))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// joinThousands takes the ASCII comma out of 1,136. A full-width one parts
// clauses and stays.
func joinThousands(s string) string {
	if !strings.Contains(s, ",") {
		return s
	}
	digit := func(i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == ',' && digit(i-1) && digit(i+1) && digit(i+2) && digit(i+3) && !digit(i+4) {
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
