package interpret

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// partHeading is an item that may be the heading of a part.
type partHeading struct {
	at    int    // index of the item
	part  int    // index in vocabulary.parts
	title string // as printed
	rest  string // text behind the heading in the same paragraph
	score float64
}

// longestHeading is the length in characters beyond which a paragraph is a
// heading only when text follows it behind a mark.
const longestHeading = 40

// mostHeadings bounds the candidates; a report has six, a listing of many
// reports' contents some hundred.
const mostHeadings = 2000

// readProse splits the text into the form's parts. Headings are found by their
// words, whatever their numbers, in the form's order; figures in tables are no
// text.
func readProse(doc *document.Document, seg *segment, id identity, t *tablesFound) ([]disclosure.ProsePart, bool) {
	heads := chooseHeadings(headingCandidates(seg, t))
	texts := make([][]string, len(heads)+1)
	runes, now := 0, 0
	for i, it := range seg.items {
		if now < len(heads) && heads[now].at == i {
			if now++; heads[now-1].rest != "" {
				texts[now] = append(texts[now], heads[now-1].rest)
			}
			continue
		}
		if now > 0 && now == len(heads) && beginsAnnex(seg, i) {
			break // the last part ends where the annex begins
		}
		if it.text == "" || id.titled[i] || it.line != nil && (it.line.used || !it.line.sheet.fromText && (it.line.values > 0 || leftOver(it.line))) {
			continue
		}
		text := strings.TrimSpace(it.text)
		runes += utf8.RuneCountInString(text)
		texts[now] = append(texts[now], text)
	}
	var out []disclosure.ProsePart
	if len(texts[0]) > 0 {
		out = append(out, disclosure.ProsePart{Text: strings.Join(texts[0], "\n")})
	}
	for i, h := range heads {
		out = append(out, disclosure.ProsePart{Number: t.v.parts[h.part].part.Number, Title: h.title, Text: strings.Join(texts[i+1], "\n")})
	}
	// A sheet of figures with a title and notes is no report in words.
	sheets := doc.Format == "xlsx" || doc.Format == "csv"
	has := false
	for _, h := range heads {
		has = has || t.v.parts[h.part].part.Prose
	}
	return out, has || !sheets && (len(heads) > 0 || runes > 300)
}

// annexTitle is the title of a local table behind the report, also one broken
// into two lines: 某局2025年政府信息公开工作情况附表(示例).
var annexTitle = regexp.MustCompile(`^[^。;;]{0,90}附表(?:[(（][^()（）]{0,20}[)）])?$`)

// beginsAnnex says that the item is an annex's title: its table follows at once,
// with a line or two between at most.
func beginsAnnex(seg *segment, i int) bool {
	it := seg.items[i]
	if it.text == "" || it.line != nil && it.line.values > 0 {
		return false
	}
	text := strings.TrimSpace(it.text)
	end := min(i+4, len(seg.items))
	if !annexTitle.MatchString(strings.Join(strings.Fields(text), "")) {
		// The first line of a title that goes on in the next paragraph.
		if i+1 >= len(seg.items) || utf8.RuneCountInString(text) > 2*longestHeading || strings.ContainsAny(text, "。;;:") || !disclosureYear.MatchString(text) {
			return false
		}
		next := seg.items[i+1]
		if next.line != nil || !annexTitle.MatchString(strings.Join(strings.Fields(text+next.text), "")) {
			return false
		}
	}
	for _, after := range seg.items[i+1 : end] {
		if after.line != nil && !after.line.sheet.fromText {
			return true
		}
	}
	return false
}

var disclosureYear = regexp.MustCompile(`[0-9〇零一二三四五六七八九]{4}年`)

// leftOver says that a line stands among the lines of a table: the corner, a
// heading that spans its columns, a note in a cell.
func leftOver(ln *line) bool {
	for _, r := range []int{ln.row - 1, ln.row + 1} {
		if r >= 0 && r < len(ln.sheet.lines) && ln.sheet.lines[r].used {
			text, _ := ln.text()
			return utf8.RuneCountInString(text) < 60
		}
	}
	return false
}

// headingCandidates finds every item that may head a part.
func headingCandidates(seg *segment, t *tablesFound) []partHeading {
	var out []partHeading
	for i, it := range seg.items {
		if it.text == "" || it.line != nil && it.line.used {
			continue
		}
		if len(out) > mostHeadings {
			break
		}
		for p, part := range t.v.parts {
			if h, ok := asHeading(it.text, part); ok {
				h.at, h.part = i, p
				if part.table != nil && tableFollows(seg, i, part.table, t) {
					h.score += 0.4
				}
				out = append(out, h)
			}
		}
	}
	return out
}

// asHeading compares a paragraph with a part's title.
func asHeading(text string, part formPart) (partHeading, bool) {
	text = strings.TrimSpace(text)
	h := partHeading{title: text}
	h.title, h.rest = cutHeading(text, part.label.text)
	if h.rest == "" {
		if h.title = text; utf8.RuneCountInString(text) > longestHeading {
			return h, false
		}
	}
	l := foldLabel(h.title)
	score := similarity(l, part.label)
	if score == 0 && l.number != "" && !strings.HasPrefix(l.number, "(") && numeral(l.number) == part.part.Number {
		// 二、主动公开情况, 三、依申请公开情况: other words under the right number.
		if s := looseSimilarity(l, part.label); s >= 0.4 && l.runes <= 20 {
			score = s
		}
	}
	if score == 0 {
		return h, false
	}
	h.score = score
	switch {
	case l.number == "" && strings.HasSuffix(h.title, "。"):
		h.score -= 0.4 // a sentence: 无其他需要报告的事项。
	case strings.HasPrefix(l.number, "(") && numeral(l.number) == part.part.Number:
		h.score -= 0.2
	case strings.HasPrefix(l.number, "("):
		h.score -= 0.35 // (一)主动公开… is a section of part one, as a rule
	case l.number != "" && numeral(l.number) == part.part.Number:
		h.score += 0.3
	case l.number != "":
		h.score += 0.1
	}
	return h, true
}

func looseSimilarity(a, b label) float64 {
	return 1 - float64(editDistance(a.text, b.text))/float64(max(a.runes, b.runes))
}

// cutHeading parts "六、其他需要报告的事项。无" behind the title's words when a
// mark stands there.
func cutHeading(text, folded string) (title, rest string) {
	want := []rune(folded)
	k := 0
	_, start := splitNumberRaw(text)
	for i, r := range text[start:] {
		if unicode.IsSpace(r) {
			continue
		}
		if k == len(want) {
			if strings.ContainsRune("。::.,,;;、", r) {
				return strings.TrimSpace(text[:start+i]), strings.TrimSpace(text[start+i+utf8.RuneLen(r):])
			}
			return "", ""
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		if unicode.ToLower(r) != want[k] {
			return "", ""
		}
		k++
	}
	return "", ""
}

// splitNumberRaw is where a printed paragraph's words begin, behind its number.
func splitNumberRaw(text string) (number string, start int) {
	for i, r := range text {
		if i > 30 {
			break
		}
		if unicode.IsSpace(r) || isNumeral(r) || strings.ContainsRune("第部分()().,,、.::", r) {
			continue
		}
		return text[:i], i
	}
	return "", 0
}

// tableFollows says that the part's table begins shortly behind the item.
func tableFollows(seg *segment, i int, table *disclosure.Table, t *tablesFound) bool {
	found := t.tables[table]
	if found == nil || found.first == nil {
		return false
	}
	texts := 0
	for _, it := range seg.items[i+1:] {
		if it.line != nil && it.line.sheet == found.first.sheet {
			return true
		}
		if it.line == nil {
			if texts++; texts > 4 {
				break
			}
		}
	}
	return false
}

// chooseHeadings takes the best headings whose parts and places both rise.
func chooseHeadings(all []partHeading) []partHeading {
	n := len(all)
	score, from := make([]float64, n), make([]int, n)
	best := -1
	for i, h := range all {
		score[i], from[i] = h.score, -1
		for j, g := range all[:i] {
			if g.at < h.at && g.part < h.part && score[j]+h.score > score[i] {
				score[i], from[i] = score[j]+h.score, j
			}
		}
		if best < 0 || score[i] > score[best] {
			best = i
		}
	}
	var out []partHeading
	for i := best; i >= 0; i = from[i] {
		out = append([]partHeading{all[i]}, out...)
	}
	return out
}
