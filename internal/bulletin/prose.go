package bulletin

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"mingjing/internal/bulletin/word"
	"mingjing/internal/disclosure"
)

// paragraphs are a text's lines with something in them.
func paragraphs(text string) []string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimFunc(line, isBlank); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func isBlank(r rune) bool {
	return r == ' ' || r == '\t' || r == '\r' || r == '\u00a0' || r == '\u3000' || r == '\ufeff'
}

var (
	secondLevel = regexp.MustCompile(`^[(（][一二三四五六七八九十]{1,3}[)）]`)
	thirdLevel  = regexp.MustCompile(`^[0-9]{1,2}[.．、]`)
)

// longestHeading is in characters; a longer line is text.
const longestHeading = 30

// headingLevel says that a line of a filed text is a heading: 2 or 3, and 0 for
// text. A sentence with its full stop is text.
func headingLevel(line string) int {
	if utf8.RuneCountInString(line) > longestHeading || strings.ContainsAny(line, "。；;") {
		return 0
	}
	switch {
	case secondLevel.MatchString(line):
		return 2
	case thirdLevel.MatchString(line):
		return 3
	}
	return 0
}

// leadIn parts a text that begins with its heading: （一）主动公开。全年……
func leadIn(line string) (head, rest string) {
	if !secondLevel.MatchString(line) {
		return "", line
	}
	at := strings.Index(line, "。")
	if at < 0 || utf8.RuneCountInString(line[:at]) > longestHeading || strings.ContainsAny(line[:at], "，,；;") {
		return "", line
	}
	at += len("。")
	return line[:at], line[at:]
}

// writeProse sets a filed text: headings in their type, the rest as text.
func writeProse(d *word.Document, text string) {
	for _, line := range paragraphs(text) {
		if level := headingLevel(line); level > 0 {
			d.HeadingAs(level, line)
			continue
		}
		head, rest := leadIn(line)
		p := word.Paragraph{Style: word.StyleBody}
		if head != "" {
			p.Runs = append(p.Runs, word.Run{Text: head, Font: word.FontKai})
		}
		if rest != "" {
			p.Runs = append(p.Runs, word.Run{Text: rest})
		}
		d.Add(p)
	}
}

// Official gives our own sentences the full-width marks of official documents.
// A mark between figures or letters (10:20, 1,234) stays. What units filed is
// printed as they filed it. Brackets go in pairs: one that turns full-width
// takes its other half along.
func Official(s string) string {
	letters := []rune(s)
	var open []int
	half := map[int]int{} // bracket to its other half
	for i, r := range letters {
		switch r {
		case '(':
			open = append(open, i)
		case ')':
			if n := len(open); n > 0 {
				half[i], half[open[n-1]] = open[n-1], i
				open = open[:n-1]
			}
		}
	}
	for i, r := range letters {
		if r > 0x7f {
			continue
		}
		before := i > 0 && letters[i-1] >= 0x2e80
		after := i+1 < len(letters) && letters[i+1] >= 0x2e80 || i+1 == len(letters)
		if full := disclosure.Typeset(string(r)); full != string(r) && (before || after) {
			letters[i] = []rune(full)[0]
			if other, paired := half[i]; paired {
				letters[other] = []rune(disclosure.Typeset(map[rune]string{'(': ")", ')': "("}[r]))[0]
			}
		}
	}
	return string(letters)
}

// partText is what a report says in one of its parts.
func partText(r *disclosure.Report, number int) string {
	var texts []string
	for _, p := range r.Prose {
		if p.Number == number && strings.TrimSpace(p.Text) != "" {
			texts = append(texts, p.Text)
		}
	}
	return strings.Join(texts, "\n")
}

// title is the report's own, or one in the national form's words.
func title(r *disclosure.Report) string {
	if t := strings.TrimSpace(r.Title); t != "" {
		return t
	}
	return titleOf(r.Unit, r.Period, r.Form)
}

// longestTitle is how many characters of a title go on one line.
const longestTitle = 19

// titleLines breaks a long title where its sense does: before what kind of
// report it is.
func titleLines(r *disclosure.Report) string {
	whole := title(r)
	unit, found := strings.CutSuffix(whole, r.Form.Title)
	if word.Length(whole) <= longestTitle || !found || unit == "" {
		return whole
	}
	return unit + "\n" + r.Form.Title
}

func titleOf(unit string, p disclosure.Period, form *disclosure.Form) string {
	return unit + periodWords(p) + form.Title
}

// periodWords is a period in words: 2025年, 2025年第三季度; "" when unknown.
func periodWords(p disclosure.Period) string {
	switch {
	case p.Year == 0:
		return ""
	case p.Quarter == 0:
		return p.Year.String() + "年"
	}
	return p.Year.String() + "年第" + word.Numeral(p.Quarter) + "季度"
}
