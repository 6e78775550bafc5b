package office

import (
	"strings"
	"unicode/utf8"

	"mingjing/internal/disclosure"
	"mingjing/internal/store"
)

// ProseChange is one part of the report's prose beside an earlier revision.
type ProseChange struct {
	Number     int
	Title      string
	Paragraphs []ParagraphChange
}

// ParagraphChange is a paragraph that stayed (Was = Now), changed, came (Was
// "") or went (Now ""). Of a changed one, Before and After are what both texts
// begin and end with, so that a page can show what lies between.
type ParagraphChange struct {
	Was, Now      string
	Before, After string
}

// Same says whether the paragraph is as it was.
func (p ParagraphChange) Same() bool { return p.Was == p.Now }

// Left and Right are what stood between Before and After, and what does now.
func (p ParagraphChange) Left() string  { return p.between(p.Was) }
func (p ParagraphChange) Right() string { return p.between(p.Now) }

func (p ParagraphChange) between(text string) string {
	return strings.TrimSuffix(strings.TrimPrefix(text, p.Before), p.After)
}

// Changed says whether anything in the part differs.
func (c ProseChange) Changed() bool {
	for _, p := range c.Paragraphs {
		if !p.Same() {
			return true
		}
	}
	return false
}

// proseChanges sets the report's prose beside an earlier revision's, part by
// part in the form's order; before nil gives everything as unchanged.
func proseChanges(form *disclosure.Form, before *round, now *store.StoredReport) []ProseChange {
	if form == nil {
		return nil
	}
	was := map[int]string{}
	if before != nil {
		was = proseByPart(form, before.Prose)
	}
	is := proseByPart(form, now.Prose)
	if before == nil {
		was = is
	}
	var out []ProseChange
	add := func(number int, title string) {
		c := ProseChange{Number: number, Title: title, Paragraphs: paragraphChanges(proseLines(was[number]), proseLines(is[number]))}
		out = append(out, c)
	}
	if was[outside]+is[outside] != "" {
		add(outside, "")
	}
	for _, part := range form.Parts {
		if part.Prose || was[part.Number]+is[part.Number] != "" {
			add(part.Number, part.Title)
		}
	}
	return out
}

// outside is the number under which text stands that is in no part of the form.
const outside = 0

func proseByPart(form *disclosure.Form, prose []disclosure.ProsePart) map[int]string {
	known := map[int]bool{}
	for _, p := range form.Parts {
		known[p.Number] = true
	}
	out := map[int]string{}
	for _, p := range prose {
		number := p.Number
		if !known[number] {
			number = outside
		}
		if strings.TrimSpace(p.Text) != "" {
			out[number] += p.Text + "\n"
		}
	}
	return out
}

func proseLines(text string) []string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// mostCompared bounds the table of the comparison: beyond it a part counts as
// rewritten from the first difference to the last.
const mostCompared = 1_000_000

// paragraphChanges finds the longest common run of paragraphs; what went and
// came at the same place is paired as changed.
func paragraphChanges(was, now []string) []ParagraphChange {
	var head, tail []ParagraphChange
	for len(was) > 0 && len(now) > 0 && was[0] == now[0] {
		head = append(head, ParagraphChange{Was: was[0], Now: now[0]})
		was, now = was[1:], now[1:]
	}
	for len(was) > 0 && len(now) > 0 && was[len(was)-1] == now[len(now)-1] {
		last := now[len(now)-1]
		tail = append([]ParagraphChange{{Was: last, Now: last}}, tail...)
		was, now = was[:len(was)-1], now[:len(now)-1]
	}
	var gone, come []string
	flush := func() {
		head = append(head, paired(gone, come)...)
		gone, come = nil, nil
	}
	i, j := 0, 0
	if len(was)*len(now) <= mostCompared {
		common := commonRuns(was, now)
		for i < len(was) && j < len(now) {
			switch {
			case was[i] == now[j]:
				flush()
				head = append(head, ParagraphChange{Was: was[i], Now: now[j]})
				i, j = i+1, j+1
			case common[i+1][j] >= common[i][j+1]:
				gone = append(gone, was[i])
				i++
			default:
				come = append(come, now[j])
				j++
			}
		}
	}
	gone, come = append(gone, was[i:]...), append(come, now[j:]...)
	flush()
	return append(head, tail...)
}

// commonRuns[i][j] is the length of the longest common subsequence of a[i:] and b[j:].
func commonRuns(a, b []string) [][]int32 {
	table := make([][]int32, len(a)+1)
	cells := make([]int32, (len(a)+1)*(len(b)+1))
	for i := range table {
		table[i], cells = cells[:len(b)+1], cells[len(b)+1:]
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				table[i][j] = table[i+1][j+1] + 1
			} else {
				table[i][j] = max(table[i+1][j], table[i][j+1])
			}
		}
	}
	return table
}

func paired(gone, come []string) []ParagraphChange {
	var out []ParagraphChange
	for i := range max(len(gone), len(come)) {
		p := ParagraphChange{}
		if i < len(gone) {
			p.Was = gone[i]
		}
		if i < len(come) {
			p.Now = come[i]
		}
		if p.Was != "" && p.Now != "" {
			p.Before, p.After = sharedEnds(p.Was, p.Now)
			if !alike(p) { // another paragraph at the same place, not a change of this one
				out = append(out, ParagraphChange{Was: p.Was}, ParagraphChange{Now: p.Now})
				continue
			}
		}
		out = append(out, p)
	}
	return out
}

// alike says whether a quarter of the shorter text stands in both.
func alike(p ParagraphChange) bool {
	return 4*utf8.RuneCountInString(p.Before+p.After) >= min(utf8.RuneCountInString(p.Was), utf8.RuneCountInString(p.Now))
}

// sharedEnds are what two different texts begin and end with alike, in whole
// characters and never overlapping.
func sharedEnds(a, b string) (before, after string) {
	x, y := []rune(a), []rune(b)
	n := 0
	for n < len(x) && n < len(y) && x[n] == y[n] {
		n++
	}
	m := 0
	for m < len(x)-n && m < len(y)-n && x[len(x)-1-m] == y[len(y)-1-m] {
		m++
	}
	return string(x[:n]), string(x[len(x)-m:])
}
