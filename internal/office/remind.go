package office

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"mingjing/internal/bulletin"
	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/mail"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// RemindWay is a way on which units are reminded.
type RemindWay string

// The ways.
const (
	WayText   RemindWay = "text"   // to be pasted into the OA or a work group
	WayWord   RemindWay = "word"   // a notice on paper
	WayNotice RemindWay = "notice" // on the unit's first page here
	WayMail   RemindWay = "mail"
)

// RemindWays lists them in the order in which people are shown them, with their
// names.
var (
	RemindWays     = []RemindWay{WayText, WayWord, WayNotice, WayMail}
	RemindWayNames = map[RemindWay]string{WayText: "复制文字发OA或工作群", WayWord: "Word通知", WayNotice: "系统内提醒", WayMail: "电子邮件"}
)

// Reminder is one act of reminding, as it stands in the log.
type Reminder struct {
	ID    string          `json:"id"`
	About string          `json:"about,omitempty"` // AboutIssues; "" is the year's report
	Year  disclosure.Year `json:"year"`
	Ways  []RemindWay     `json:"ways"`
	Text  string          `json:"text"` // for all of them
	Each  string          `json:"each"` // for one, with words in braces
	Time  time.Time       `json:"time"`
	By    string          `json:"by"`   // account
	Name  string          `json:"name"` // of the person
	Units []RemindedUnit  `json:"units"`
	// Mailed are the letters, with what became of each so far: the outbox.
	Mailed []MailOutcome `json:"mailed,omitempty"`
}

// RemindedUnit is whom a reminder was for, as things stood then.
type RemindedUnit struct {
	Unit      disclosure.UnitNumber `json:"unit"`
	Name      string                `json:"name"`
	State     filing.State          `json:"state"`
	Step      calendar.Step         `json:"step"`
	Due       calendar.Moment       `json:"due"`
	Left      int                   `json:"left"`
	Statutory bool                  `json:"statutory,omitempty"`
	Stage     string                `json:"stage,omitempty"` // of the escalation
	Contacts  []Contact             `json:"contacts,omitempty"`
	Text      string                `json:"text"`
	Issues    []RemindedIssue       `json:"issues,omitempty"` // of a reminder on issues
}

// Has says whether the reminder went on a way.
func (r *Reminder) Has(w RemindWay) bool { return slices.Contains(r.Ways, w) }

// UseMailer lets reminders go by e-mail; without one that way is not offered.
func (o *Office) UseMailer(m mail.Sender) { o.mailer = m }

// CanMail says whether e-mail can be sent.
func (o *Office) CanMail() bool { return o.mailer != nil }

// RemindPlan is what a supervisor is about to send.
type RemindPlan struct {
	Year  disclosure.Year
	Lines []ProgressLine
	// Done are chosen units of which nothing is due; they are not reminded.
	Done       []*disclosure.Unit
	Text, Each string
	CanMail    bool
	NoMail     []*disclosure.Unit // units none of whose people has an address
	NoAccount  []*disclosure.Unit
}

// PlanReminder prepares a reminder to the units of a filter, or to the named
// ones of them. Errors: ErrForbidden, ErrInvalid when there is nobody to remind.
func (o *Office) PlanReminder(ctx context.Context, v people.Visitor, f ProgressFilter, units []disclosure.UnitNumber) (*RemindPlan, error) {
	if !v.Anywhere(people.Supervise) {
		return nil, v.Demand(people.Supervise, 0)
	}
	wall, err := o.Progress(ctx, v, f)
	if err != nil {
		return nil, err
	}
	p := &RemindPlan{Year: wall.Filter.Year, CanMail: o.CanMail()}
	for _, l := range wall.Lines {
		switch {
		case units != nil && !slices.Contains(units, l.Unit.Number) || !l.Supervised:
			continue
		case units == nil && l.Next.Step != "" && !f.Reminds(&l):
			continue
		case l.Next.Step == "":
			p.Done = append(p.Done, l.Unit)
			continue
		}
		p.Lines = append(p.Lines, l)
		if len(l.Contacts) == 0 {
			p.NoAccount = append(p.NoAccount, l.Unit)
		} else if !slices.ContainsFunc(l.Contacts, func(c Contact) bool { return c.Email != "" }) {
			p.NoMail = append(p.NoMail, l.Unit)
		}
	}
	if len(p.Lines) == 0 {
		if len(p.Done) > 0 {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "选中的单位都已办结,不需要提醒。")
		}
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "没有要报送或改正的单位,不需要提醒;要提醒登记公开的,请先筛选“未登记公开”或勾选单位。")
	}
	texts, _, err := o.ReminderTexts(ctx)
	if err != nil {
		return nil, err
	}
	settings, _, err := o.Settings(ctx)
	if err != nil {
		return nil, err
	}
	words := wordsFor(p.Lines, settings, p.Year)
	p.Each, p.Text = texts.One, fillTemplate(texts.Many, words)
	if len(p.Lines) == 1 {
		p.Text = fillTemplate(texts.One, words)
	}
	return p, nil
}

// Reminding is what a supervisor sends.
type Reminding struct {
	Year  disclosure.Year
	Units []disclosure.UnitNumber
	Ways  []RemindWay
	Text  string // for all
	Each  string // for one, with words in braces
	ID    string // of the act
}

// Remind reminds units and puts it into the log: who, whom, on which ways, with
// which words. Letters go out after it stands there, see the outbox. Errors:
// ErrForbidden, ErrInvalid.
func (o *Office) Remind(ctx context.Context, v people.Visitor, r Reminding) (*Reminder, error) {
	if done, err := o.actDone(ctx, v, r.ID, store.KindNotice); err != nil {
		return nil, err
	} else if done {
		return o.Reminder(ctx, v, r.ID)
	}
	for _, n := range r.Units {
		if err := v.Demand(people.Supervise, n); err != nil {
			return nil, err
		}
	}
	if err := o.checkReminding(&r, ReminderWords); err != nil {
		return nil, err
	}
	plan, err := o.PlanReminder(ctx, v, ProgressFilter{Year: r.Year}, append([]disclosure.UnitNumber{}, r.Units...))
	if err != nil {
		return nil, err
	}
	settings, _, err := o.Settings(ctx)
	if err != nil {
		return nil, err
	}
	out := &Reminder{ID: r.ID, Year: plan.Year, Ways: r.Ways, Text: r.Text, Each: r.Each, Time: o.clock(), By: v.Account, Name: v.Name}
	for _, l := range plan.Lines {
		u := RemindedUnit{Unit: l.Unit.Number, Name: l.Unit.Name, State: l.State, Step: l.Next.Step, Due: l.Next.Due, Left: daysTo(l.Next),
			Statutory: isStatutory(l.Next), Contacts: l.Contacts, Text: fillTemplate(r.Each, wordsFor([]ProgressLine{l}, settings, plan.Year))}
		if l.Stage.Reached != nil {
			u.Stage = l.Stage.Reached.Name
		}
		out.Units = append(out.Units, u)
	}
	return out, o.sendOut(ctx, v, out)
}

// entries are the reminder and a notice to each of its units.
func (r *Reminder) entries() []store.Entry {
	out := []store.Entry{{Kind: store.KindNotice, ID: reminderID(r.ID), Verb: store.VerbRemind, State: r, Year: r.Year}}
	for _, u := range r.Units {
		n := Notice{ID: noticeID(r.ID, u.Unit), Reminder: r.ID, Unit: u.Unit, Year: r.Year, Ways: r.Ways, Text: u.Text, By: r.By, Name: r.Name, Time: r.Time, Due: u.Due}
		out = append(out, store.Entry{Kind: store.KindNotice, ID: n.ID, Verb: store.VerbRemind, State: n, Unit: u.Unit, Year: r.Year})
	}
	return out
}

func (o *Office) checkReminding(r *Reminding, words []string) error {
	r.Text, r.Each = strings.TrimSpace(strings.ReplaceAll(r.Text, "\r\n", "\n")), strings.TrimSpace(strings.ReplaceAll(r.Each, "\r\n", "\n"))
	switch {
	case len(r.Units) == 0:
		return disclosure.Errorf(disclosure.ErrInvalid, "请至少选择一个单位再提醒。")
	case len(r.Ways) == 0:
		return disclosure.Errorf(disclosure.ErrInvalid, "请至少选择一种提醒方式。")
	case r.Text == "":
		return disclosure.Errorf(disclosure.ErrInvalid, "提醒的文字不能是空的,请填写。")
	case len([]rune(r.Text)) > 4*mostReminder:
		return disclosure.Errorf(disclosure.ErrInvalid, "提醒的文字超过%d字,请精简。", 4*mostReminder)
	}
	for _, w := range r.Ways {
		if _, known := RemindWayNames[w]; !known {
			return disclosure.Errorf(disclosure.ErrInvalid, "没有这种提醒方式,请从列表中选择。")
		}
		if w == WayMail && !o.CanMail() {
			return disclosure.Errorf(disclosure.ErrInvalid, "系统没有设置邮件服务器,不能发邮件;请改用其他方式,或请管理员用 --smtp-server 设置。")
		}
	}
	return checkTemplate(r.Each, words)
}

const reminderPrefix = "remind/"

func reminderID(act string) string { return reminderPrefix + act }

// Reminder returns a reminder to who supervises all of its units.
// Errors: ErrNotFound, ErrForbidden.
func (o *Office) Reminder(ctx context.Context, v people.Visitor, id string) (*Reminder, error) {
	e, err := o.store.State(ctx, store.KindNotice, reminderID(id))
	if err != nil {
		if disclosure.CodeOf(err) == disclosure.ErrNotFound {
			return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有这次提醒,请从提醒记录中选择。")
		}
		return nil, err
	}
	r := &Reminder{}
	if err := json.Unmarshal(e.State, r); err != nil {
		return nil, disclosure.Errorf(disclosure.ErrInternal, "提醒记录损坏,请联系维护人员。").Because(err)
	}
	for _, u := range r.Units {
		if err := v.Demand(people.Supervise, u.Unit); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// Reminders lists the reminders of a year whose units the visitor supervises,
// newest first. Error: ErrForbidden.
func (o *Office) Reminders(ctx context.Context, v people.Visitor, year disclosure.Year) ([]*Reminder, error) {
	if !v.Anywhere(people.Supervise) {
		return nil, v.Demand(people.Supervise, 0)
	}
	all, _, err := o.reminded(ctx)
	if err != nil {
		return nil, err
	}
	var out []*Reminder
	for _, r := range all {
		if r.Year == year && !slices.ContainsFunc(r.Units, func(u RemindedUnit) bool { return !v.May(people.Supervise, u.Unit) }) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b *Reminder) int { return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

// ReminderNotice is a reminder as an official letter. Errors: as Reminder.
func (o *Office) ReminderNotice(ctx context.Context, v people.Visitor, id string) ([]byte, string, error) {
	r, err := o.Reminder(ctx, v, id)
	if err != nil {
		return nil, "", err
	}
	settings, _, err := o.Settings(ctx)
	if err != nil {
		return nil, "", err
	}
	if r.About == AboutIssues {
		return o.issueNotice(r, settings)
	}
	report := r.Year.String() + "年政府信息公开工作年度报告"
	first := r.Units[0]
	b := bulletin.Reminder{Report: report, Deadline: first.Due.Chinese(), Statutory: first.Statutory, Left: first.Left,
		Office: orText(settings.Office, "区政府办公室"), Contact: settings.Contact, Date: calendar.DayOf(r.Time).Chinese()}
	mixed := false
	for _, u := range r.Units {
		if u.Due.Before(first.Due) {
			first = u
		}
		mixed = mixed || u.Due != r.Units[0].Due
	}
	for _, u := range r.Units {
		entry := bulletin.ReminderUnit{Name: u.Name, State: filing.Names[u.State], Contact: contactWords(u.Contacts)}
		if mixed {
			entry.State += "\n" + u.Due.Date.Chinese()
		}
		b.Units = append(b.Units, entry)
	}
	if mixed {
		b.Deadline, b.Statutory, b.Left = first.Due.Chinese(), first.Statutory, first.Left
		b.Require = []string{"各单位期限不同的,以名单所列日期为准,上文为其中最早的期限。", "登录系统办理,或下载表格填写后报送;网上办理有困难的,可以通过OA或移动存储介质报送。",
			"已经报送尚未公开的,请在网站公布后填写公布网址和日期。"}
	}
	data, err := bulletin.ReminderNotice(b)
	return data, fmt.Sprintf("催报通知-%s年-%s.docx", r.Year, calendar.DayOf(r.Time)), err
}
