package notice

import (
	"cmp"
	"fmt"
	"strings"

	"mingjing/internal/bulletin"
	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
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
// internal edition only. Widths are in mm, wide ones those of the attachment: a
// number, and a day with its hour, take one line.
var issueColumns = []struct {
	Column
	wide             float64
	inText, internal bool
	of               func(w *writer, l *Line) string
}{
	{Column{Label: "编号", Width: 23}, 22, true, false, func(_ *writer, l *Line) string { return l.Number }},
	{Column{Label: "责任单位", Width: 25, Left: true}, 27, true, false, func(w *writer, l *Line) string { return w.facts.name(l.Unit) }},
	{Column{Label: "类别", Width: 19}, 19, true, false, func(_ *writer, l *Line) string { return string(l.Category) }},
	{Column{Label: "测评指标", Left: true}, 20, false, false, func(_ *writer, l *Line) string { return cmp.Or(l.Indicator2, l.Indicator1) }},
	{Column{Label: "问题明细", Width: 39, Left: true}, 52, true, false, func(w *writer, l *Line) string { return w.told(l) }},
	{Column{Label: "扣分"}, 10, false, false, func(_ *writer, l *Line) string { return plain(l.Deduction) }},
	{Column{Label: "整改时限", Width: 28}, 28, true, false, func(w *writer, l *Line) string { return dueIn(l.Due, w.facts.Quarter) }},
	{Column{Label: "办理情况", Width: 22}, 20, true, false, func(_ *writer, l *Line) string { return l.stands() }},
	{Column{Label: "整改反馈", Left: true}, 31, false, true, func(_ *writer, l *Line) string { return answered(l.Issue) }},
}

// dueIn is a due time: 8月23日17时, with its year when that is not the quarter's.
func dueIn(m calendar.Moment, quarter disclosure.Period) string {
	if m.IsZero() {
		return ""
	}
	out := m.Date.Chinese()
	if year := quarter.Year.String() + "年"; strings.HasPrefix(out, year) {
		out = strings.TrimPrefix(out, year)
	}
	switch {
	case m.Hour == 0 && m.Minute == 0: // the day's end
	case m.Minute == 0:
		out += fmt.Sprintf("%d时", m.Hour)
	default:
		out += fmt.Sprintf("%d时%02d分", m.Hour, m.Minute)
	}
	return out
}

// issueTable lists issues one by one.
func (w *writer) issueTable(name, caption string, lines []Line) Table {
	t := Table{Name: name, Caption: caption}
	var of []func(*writer, *Line) string
	for _, c := range issueColumns {
		if (w.section == attached || c.inText) && (w.out.Edition == Internal || !c.internal) {
			if w.section == attached {
				c.Width = c.wide
			}
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
	if Leaks(l.Issue) {
		return unsaid
	}
	return strings.TrimSpace(w.shown(l.Facts))
}
