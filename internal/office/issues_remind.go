package office

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"mingjing/internal/bulletin"
	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// AboutIssues is what a Reminder and its notices are about when they are not
// about the year's report.
const AboutIssues = "issues"

// RemindedIssue is an issue that a unit was reminded of, as it stood then.
type RemindedIssue struct {
	ID     string          `json:"id"`
	Number string          `json:"number"`
	Facts  string          `json:"facts"` // shortened
	State  issue.State     `json:"state"`
	Due    calendar.Moment `json:"due,omitzero"`
	Left   int             `json:"left"` // days to the due time, negative when it is past
	Stage  string          `json:"stage,omitempty"`

	seq uint64
}

// DueWords is until when, and how far off that is.
func (i RemindedIssue) DueWords() string {
	if i.Due.IsZero() {
		return "未定期限"
	}
	return i.Due.Chinese() + "前," + leftDays(i.Left)
}

// IssueRemindLine is a unit with the issues that it is to be reminded of.
type IssueRemindLine struct {
	Unit     *disclosure.Unit
	Issues   []RemindedIssue // the earliest due first
	Contacts []Contact
}

// Overdue counts the issues whose due time is past.
func (l *IssueRemindLine) Overdue() int {
	n := 0
	for _, i := range l.Issues {
		if i.Left < 0 {
			n++
		}
	}
	return n
}

// IssueRemindPlan is what a supervisor is about to send on issues.
type IssueRemindPlan struct {
	Lines []IssueRemindLine
	// Answered counts chosen issues that nothing is owed on: they are left out.
	Answered          int
	Text, Each        string
	CanMail           bool
	NoMail, NoAccount []*disclosure.Unit
	Ladder            calendar.Ladder
}

// IssueReminderWords are the placeholders that texts on issues can hold.
var IssueReminderWords = []string{"单位", "件数", "逾期件数", "期限", "剩余天数", "家数", "名单", "办公室", "联系人"}

const (
	issueTextMany = "各单位:以下{家数}家单位共有{件数}个政务公开问题尚未反馈整改情况,其中{逾期件数}个已逾期,请抓紧办理:\n{名单}\n反馈填写整改后的链接或一句话说明即可。如有疑问请联系{联系人}。"
	issueTextOne  = "{单位}:你单位有{件数}个政务公开问题尚未反馈整改情况,其中{逾期件数}个已逾期,最早的期限为{期限}({剩余天数}),请抓紧办理,填写整改后的链接或一句话说明即可:\n{名单}"
	issueSubject  = "请反馈政务公开问题整改情况"
)

// PlanIssueReminder prepares a reminder on the named issues, or on all that the
// ladder has reached when none is named. Errors: ErrForbidden, ErrInvalid when
// nobody owes an answer.
func (o *Office) PlanIssueReminder(ctx context.Context, v people.Visitor, issues []string) (*IssueRemindPlan, error) {
	if !v.Anywhere(people.Supervise) {
		return nil, v.Demand(people.Supervise, 0)
	}
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	accounts, err := o.directory(ctx)
	if err != nil {
		return nil, err
	}
	workdays, err := o.Workdays(ctx)
	if err != nil {
		return nil, err
	}
	p := &IssueRemindPlan{CanMail: o.CanMail()}
	if p.Ladder, err = o.IssueLadder(ctx); err != nil {
		return nil, err
	}
	byUnit := map[disclosure.UnitNumber][]RemindedIssue{}
	err = o.issuesNow(ctx, func(b *issueBook) error {
		now, chosen := o.clock(), map[string]bool{}
		for _, id := range issues {
			chosen[id] = true
		}
		for _, h := range b.order {
			switch {
			case issues != nil && !chosen[h.ID] || !v.May(people.Supervise, h.Unit):
				continue
			case !h.State.Owed():
				if issues != nil {
					p.Answered++
				}
				continue
			}
			line := RemindedIssue{ID: h.ID, Number: h.Number, Facts: disclosure.Clip(strings.Join(strings.Fields(h.Facts), " "), 60), State: h.State, Due: h.Due, seq: h.Seq}
			if !h.Due.IsZero() {
				line.Left = daysLeft(h.Due, now)
				if s := calendar.Stage(p.Ladder, h.Due, now, workdays); s.Reached != nil {
					line.Stage = s.Reached.Name
				}
			}
			if issues != nil || line.Stage != "" {
				byUnit[h.Unit] = append(byUnit[h.Unit], line)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	contacts := accounts.contacts()
	for k := range units.list {
		u := &units.list[k]
		list := byUnit[u.Number]
		if len(list) == 0 {
			continue
		}
		slices.SortStableFunc(list, func(a, b RemindedIssue) int {
			return cmp.Or(dueOrder(a.Due, b.Due), cmp.Compare(a.Number, b.Number))
		})
		line := IssueRemindLine{Unit: u, Issues: list, Contacts: contacts.of(u, units)}
		p.Lines = append(p.Lines, line)
		if len(line.Contacts) == 0 {
			p.NoAccount = append(p.NoAccount, u)
		} else if !slices.ContainsFunc(line.Contacts, func(c Contact) bool { return c.Email != "" }) {
			p.NoMail = append(p.NoMail, u)
		}
	}
	if len(p.Lines) == 0 {
		if issues != nil {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "选中的问题都不在等单位反馈,不需要催办;请在清单中另选。")
		}
		return p, nil
	}
	settings, _, err := o.Settings(ctx)
	if err != nil {
		return nil, err
	}
	p.Each, p.Text = issueTextOne, fillTemplate(issueTextMany, issueWords(p.Lines, settings))
	if len(p.Lines) == 1 {
		p.Text = fillTemplate(issueTextOne, issueWords(p.Lines, settings))
	}
	return p, nil
}

// dueOrder puts the earliest first, none last.
func dueOrder(a, b calendar.Moment) int {
	if a.IsZero() != b.IsZero() {
		return map[bool]int{true: 1, false: -1}[a.IsZero()]
	}
	return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(minuteOf(a), minuteOf(b)))
}

// minuteOf is a due time within its day; a day without an hour ends at 24:00.
func minuteOf(m calendar.Moment) int {
	if m.Hour == 0 && m.Minute == 0 {
		return 24 * 60
	}
	return m.Hour*60 + m.Minute
}

// daysLeft is the days to a due time, negative when begun days are past.
func daysLeft(due calendar.Moment, now time.Time) int {
	if late := due.DaysLate(now); late > 0 {
		return -late
	}
	return int(due.Date - calendar.DayOf(now))
}

func leftDays(left int) string {
	switch {
	case left < 0:
		return fmt.Sprintf("已逾期%d天", -left)
	case left == 0:
		return "今天到期"
	}
	return fmt.Sprintf("还有%d天", left)
}

// issueWords are the placeholders' words for some units.
func issueWords(lines []IssueRemindLine, s Settings) map[string]string {
	var names, list []string
	issues, late := 0, 0
	first := calendar.Moment{}
	left := 0
	for _, l := range lines {
		names, issues, late = append(names, l.Unit.Display()), issues+len(l.Issues), late+l.Overdue()
		entry := l.Unit.Display()
		if who := contactWords(l.Contacts); who != "" {
			entry += "(" + who + ")"
		}
		if len(lines) > 1 {
			list = append(list, entry)
		}
		for _, i := range l.Issues {
			list = append(list, fmt.Sprintf("%s %s(%s)", i.Number, i.Facts, i.DueWords()))
			if !i.Due.IsZero() && (first.IsZero() || i.Due.Before(first)) {
				first, left = i.Due, i.Left
			}
		}
	}
	due, days := first.Chinese(), leftDays(left)
	if first.IsZero() {
		due, days = "未定", "请尽快办理"
	}
	return map[string]string{"单位": strings.Join(names, "、"), "件数": fmt.Sprint(issues), "逾期件数": fmt.Sprint(late), "期限": due, "剩余天数": days,
		"家数": fmt.Sprint(len(lines)), "名单": strings.Join(list, "\n"), "办公室": orText(s.Office, "区政府办公室"), "联系人": orText(s.Contact, "区政府办公室政务公开工作人员")}
}

// IssueReminding is what a supervisor sends on issues.
type IssueReminding struct {
	Issues     []string
	Ways       []RemindWay
	Text, Each string
	ID         string // of the act
}

// RemindIssues reminds units of issues: 催办 stands in each issue, the reminder
// and a notice to each unit in the same act; letters go out afterwards. Errors:
// ErrForbidden, ErrInvalid, ErrConflict when an issue changed in that moment:
// then nothing was done.
func (o *Office) RemindIssues(ctx context.Context, v people.Visitor, r IssueReminding) (*Reminder, error) {
	if done, err := o.actDone(ctx, v, r.ID, store.KindNotice); err != nil {
		return nil, err
	} else if done {
		return o.Reminder(ctx, v, r.ID)
	}
	if len(r.Issues) == 0 || len(r.Issues) > mostAtOnce {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "请至少选择一个问题再催办,一次最多%d个。", mostAtOnce)
	}
	texts := Reminding{Units: []disclosure.UnitNumber{0}, Ways: r.Ways, Text: r.Text, Each: r.Each}
	if err := o.checkReminding(&texts, IssueReminderWords); err != nil {
		return nil, err
	}
	plan, err := o.PlanIssueReminder(ctx, v, r.Issues)
	if err != nil {
		return nil, err
	}
	settings, _, err := o.Settings(ctx)
	if err != nil {
		return nil, err
	}
	// A reminder on issues stands among those of the year that is filed for then.
	out := &Reminder{ID: r.ID, About: AboutIssues, Year: calendar.FilingYear(o.clock()), Ways: r.Ways, Text: texts.Text, Each: texts.Each,
		Time: o.clock(), By: v.Account, Name: v.Name}
	var moves []store.Entry
	for _, l := range plan.Lines {
		u := RemindedUnit{Unit: l.Unit.Number, Name: l.Unit.Name, Contacts: l.Contacts, Issues: l.Issues, Due: l.Issues[0].Due, Left: l.Issues[0].Left,
			Stage: l.Issues[0].Stage, Text: fillTemplate(texts.Each, issueWords([]IssueRemindLine{l}, settings))}
		out.Units = append(out.Units, u)
		for _, i := range l.Issues {
			entry, err := o.issueEntry(ctx, v, IssueMove{Move: issue.Move{Act: issue.Remind}, Issue: i.ID, Seq: i.seq})
			if err != nil {
				return nil, err
			}
			moves = append(moves, *entry)
		}
	}
	return out, o.sendOut(ctx, v, out, moves...)
}

// issueNotice is a reminder on issues as an official letter.
func (o *Office) issueNotice(r *Reminder, settings Settings) ([]byte, string, error) {
	b := bulletin.IssueReminder{Office: orText(settings.Office, "区政府办公室"), Contact: settings.Contact, Date: calendar.DayOf(r.Time).Chinese()}
	for _, u := range r.Units {
		for _, i := range u.Issues {
			b.Issues = append(b.Issues, bulletin.RemindedIssue{Unit: u.Name, Number: i.Number, Facts: i.Facts, Due: i.Due.Chinese(), Left: leftDays(i.Left), Late: i.Left < 0})
		}
	}
	data, err := bulletin.IssueReminderNotice(b)
	return data, fmt.Sprintf("问题整改催办通知-%s.docx", calendar.DayOf(r.Time)), err
}
