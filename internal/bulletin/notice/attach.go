package notice

import (
	"cmp"
	"regexp"
	"strings"

	"mingjing/internal/bulletin"
	"mingjing/internal/issue"
)

// attachments are the quarter's list, and the look at the one before.
func (w *writer) attachments() {
	w.section = attached
	if len(w.facts.Lines) > 0 {
		w.out.Attached = append(w.out.Attached, w.issueTable("issues", issue.QuarterName(w.facts.Quarter)+"政务公开问题清单", w.facts.Lines))
	}
	if len(w.facts.Earlier) > 0 {
		w.out.Attached = append(w.out.Attached, w.issueTable("earlier", issue.QuarterName(issue.Before(w.facts.Quarter))+"问题整改复核情况表", w.facts.Earlier))
	}
}

// issueColumns are the columns of a list: on a page turned sideways all of
// them, in the text those that matter; the units' own words stand in the
// internal edition only.
var issueColumns = []struct {
	Column
	inText, internal bool
	of               func(w *writer, l *Line) string
}{
	{Column{Label: "编号", Width: 16}, true, false, func(_ *writer, l *Line) string { return l.Number }},
	{Column{Label: "责任单位", Width: 13, Left: true}, true, false, func(w *writer, l *Line) string { return w.facts.name(l.Unit) }},
	{Column{Label: "类别", Width: 10}, true, false, func(_ *writer, l *Line) string { return string(l.Category) }},
	{Column{Label: "测评指标", Width: 10, Left: true}, false, false, func(_ *writer, l *Line) string { return cmp.Or(l.Indicator2, l.Indicator1) }},
	{Column{Label: "问题明细", Width: 26, Left: true}, true, false, func(w *writer, l *Line) string { return w.told(l) }},
	{Column{Label: "扣分", Width: 5}, false, false, func(_ *writer, l *Line) string { return plain(l.Deduction) }},
	{Column{Label: "整改时限", Width: 14}, true, false, func(_ *writer, l *Line) string { return l.Due.String() }},
	{Column{Label: "办理情况", Width: 14}, true, false, func(_ *writer, l *Line) string { return l.stands() }},
	{Column{Label: "整改反馈", Width: 18, Left: true}, false, true, func(_ *writer, l *Line) string { return answered(l.Issue) }},
}

// issueTable lists issues one by one.
func (w *writer) issueTable(name, caption string, lines []Line) Table {
	t := Table{Name: name, Caption: caption}
	var of []func(*writer, *Line) string
	for _, c := range issueColumns {
		if (w.section == attached || c.inText) && (w.out.Edition == Internal || !c.internal) {
			t.Columns, of = append(t.Columns, c.Column), append(of, c.of)
		}
	}
	for i := range lines {
		if lines[i].State == issue.Withdrawn {
			continue
		}
		var row []Cell
		for _, text := range of {
			row = append(row, Cell{Text: text(w, &lines[i])})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// stands says where an issue is.
func (l *Line) stands() string {
	switch state := issue.StateNames[l.State]; {
	case l.Escalated:
		return state + "（逾期，通报点名）"
	case l.Overdue:
		return state + "（逾期）"
	default:
		return state
	}
}

// answered is what the unit said last.
func answered(i *issue.Issue) string {
	if i.Ended != "" {
		return bulletin.Fit(i.Ended, 60)
	}
	a := i.LastAnswer()
	if a == nil {
		return ""
	}
	return bulletin.Fit(strings.TrimSpace(strings.Join([]string{a.Text, a.Link}, " ")), 80)
}

// address is a web address in a text, with or without a scheme.
var address = regexp.MustCompile(`(?i)(?:https?://|www\.)[^\s<>"'()\x{80}-\x{10ffff}]+`)

const unsaid = "涉及个人信息，具体情况已另行通知责任单位"

// told is what is said of an issue. The internal edition adds the addresses of
// its evidence. The public one tells nothing of a leak but that there is one,
// and no address at which any other issue's list shows a leak.
func (w *writer) told(l *Line) string {
	if w.out.Edition == Internal {
		said := l.Facts
		if w.section == attached {
			for _, e := range l.Evidence {
				if e.Address != "" && !strings.Contains(said, e.Address) {
					said += " " + e.Address
				}
			}
		}
		return said
	}
	if leaks(l.Issue) {
		return unsaid
	}
	return strings.TrimSpace(w.shown(l.Facts))
}

// shown is a text without addresses of leaks in the public edition.
func (w *writer) shown(words string) string {
	if w.out.Edition == Internal {
		return words
	}
	hidden := w.facts.leakAddresses()
	return address.ReplaceAllStringFunc(words, func(found string) string {
		if hidden[bare(found)] {
			return "（地址略）"
		}
		return found
	})
}

// leakAddresses are the addresses that any issue about a leak names, as bare
// ones; pages below them are others.
func (f *Facts) leakAddresses() map[string]bool {
	if f.hidden != nil {
		return f.hidden
	}
	f.hidden = map[string]bool{}
	for _, lines := range [][]Line{f.Lines, f.Earlier} {
		for _, l := range lines {
			if !leaks(l.Issue) {
				continue
			}
			for _, found := range address.FindAllString(l.Facts, -1) {
				f.hidden[bare(found)] = true
			}
			for _, e := range l.AllEvidence() {
				if e.Address != "" {
					f.hidden[bare(e.Address)] = true
				}
			}
		}
	}
	return f.hidden
}

// bare is an address without scheme, www, the place in the page and the mark
// behind it.
func bare(a string) string {
	a, _, _ = strings.Cut(a, "#")
	a = strings.ToLower(strings.TrimRight(a, "/.,;:!?#"))
	for _, head := range []string{"http://", "https://", "www."} {
		a = strings.TrimPrefix(a, head)
	}
	return a
}
