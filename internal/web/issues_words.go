package web

import (
	"strings"

	"mingjing/internal/calendar"
	"mingjing/internal/issue"
	"mingjing/internal/office"
)

// dueWords is a due time as people read it: until when, and how far off.
type dueWords struct {
	When string // 2026年10月15日17:00前
	Left string // 还有3天, 已逾期2天, 按期反馈
	Tone string // late, soon, ok, "" for what no longer matters
}

// soonDays is from when a due time is set off.
const soonDays = 3

func (s *Server) dueWordsOf(l *office.IssueLine) dueWords {
	now := s.clock()
	out := dueWords{}
	if l.Due.IsZero() {
		if l.State.Settled() || l.State == issue.Withdrawn {
			return out
		}
		return dueWords{When: s.text.say("issue.no_due")}
	}
	out.When = s.text.say("issue.due_by", l.Due.Chinese())
	switch {
	case l.State == issue.Found, l.State == issue.Withdrawn:
	case l.State.Owed():
		days := int(l.Due.Date - calendar.DayOf(now))
		switch late := l.Due.DaysLate(now); {
		case late > 0:
			out.Left, out.Tone = s.text.say("issue.late_days", late), "late"
		case days == 0:
			out.Left, out.Tone = s.text.say("issue.due_today"), "soon"
		case days <= soonDays:
			out.Left, out.Tone = s.text.say("issue.days_left", days), "soon"
		default:
			out.Left, out.Tone = s.text.say("issue.days_left", days), "ok"
		}
	case l.Known && l.OnTime && !l.Answered.IsZero():
		out.Left = s.text.say("issue.kept")
	case l.Known && !l.OnTime:
		out.Left, out.Tone = s.text.say("issue.not_kept"), "was-late"
	}
	return out
}

// suggestion is a due time to begin with: ten working days, at the end of work.
func suggestion(c *calendar.Calendar, today calendar.Date) calendar.Moment {
	return calendar.Moment{Date: c.AddWorkdays(today, suggestedDays), Hour: 17}
}

// suggestedDays are the working days that a due time is proposed after; the
// person decides.
const suggestedDays = 10

// marks are points and a deduction in words: "分值5分,扣0.5分".
func (s *Server) marksOf(c *issue.Content) string {
	var out []string
	if c.Points.Valid {
		out = append(out, s.text.say("issue.points_n", c.Points.Decimal))
	}
	if c.Deduction.Valid {
		out = append(out, s.text.say("issue.deduction_n", c.Deduction.Decimal))
	}
	return strings.Join(out, ",")
}

// indicators are the two levels of an issue's indicator in one line.
func indicatorsOf(c *issue.Content) string {
	return strings.Trim(c.Indicator1+" › "+c.Indicator2, " ›")
}
