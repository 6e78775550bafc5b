package notice

import (
	"regexp"
	"strings"

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

// issueTable lists issues one by one.
func (w *writer) issueTable(name, caption string, lines []Line) Table {
	t := Table{Name: name, Caption: caption, Columns: []Column{{Label: "编号", Width: .12}, {Label: "责任单位", Width: .16, Left: true}, {Label: "类别", Width: .11}, {Label: "测评指标", Width: .13, Left: true},
		{Label: "问题明细", Width: .25, Left: true}, {Label: "扣分", Width: .06}, {Label: "整改时限", Width: .1}, {Label: "办理情况", Width: .1}}}
	if w.out.Edition == Internal {
		t.Columns[4].Width = .17
		t.Columns = append(t.Columns, Column{Label: "整改反馈", Width: .11, Left: true})
		t.Columns[7].Width = .08
	}
	for i := range lines {
		l := &lines[i]
		if l.State == issue.Withdrawn {
			continue
		}
		state := issue.StateNames[l.State]
		switch {
		case l.Escalated:
			state += "（逾期，通报点名）"
		case l.Overdue:
			state += "（逾期）"
		}
		indicator := l.Indicator2
		if indicator == "" {
			indicator = l.Indicator1
		}
		row := []Cell{{Text: l.Number}, {Text: w.facts.name(l.Unit)}, {Text: string(l.Category)}, {Text: indicator}, {Text: w.told(l)}, {Text: plain(l.Deduction)}, {Text: l.Due.String()}, {Text: state}}
		if w.out.Edition == Internal {
			row = append(row, Cell{Text: answered(l.Issue)})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// answered is what the unit said last.
func answered(i *issue.Issue) string {
	if i.Ended != "" {
		return clip(i.Ended, 60)
	}
	a := i.LastAnswer()
	if a == nil {
		return ""
	}
	return clip(strings.TrimSpace(strings.Join([]string{a.Text, a.Link}, " ")), 80)
}

// address is a web address in a text, with or without a scheme.
var address = regexp.MustCompile(`(?i)(?:https?://|www\.)[^\s<>"'，。；、（）()】》]+`)

const unsaid = "涉及个人信息，具体情况已另行通知责任单位"

// told is what is said of an issue. The internal edition adds the addresses of
// its evidence. The public one tells nothing of a leak but that there is one,
// and no address at which any other issue's list shows a leak.
func (w *writer) told(l *Line) string {
	if w.out.Edition == Internal {
		said := l.Facts
		if w.section == attached || w.section == Recheck {
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
	hidden := w.facts.leakAddresses()
	return strings.TrimSpace(address.ReplaceAllStringFunc(l.Facts, func(found string) string {
		if hidden[bare(found)] {
			return "（地址略）"
		}
		return found
	}))
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

// bare is an address without scheme, www and the mark behind it.
func bare(a string) string {
	a = strings.ToLower(strings.TrimRight(a, "/.,;:!?#"))
	for _, head := range []string{"http://", "https://", "www."} {
		a = strings.TrimPrefix(a, head)
	}
	return a
}
