package office

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/mail"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// The outbox: letters stand in the log with their reminder, and go out apart
// from the request that made them. A server that cannot be reached is tried
// again, and what became of each letter is put beside it. A process that dies
// after a letter was taken and before that was put down sends it once more.

// MailOutcome is a letter with what became of it so far.
type MailOutcome struct {
	Unit    disclosure.UnitNumber `json:"unit"`
	Name    string                `json:"name"`
	Address string                `json:"address"`
	Subject string                `json:"subject,omitempty"`
	// Problem is why the last try failed, "" when it was taken or not tried yet.
	Problem string `json:"problem,omitempty"`
	// Waiting: it is still to be sent, at Next or later; Tries were made before.
	Waiting bool      `json:"waiting,omitempty"`
	Tries   int       `json:"tries,omitempty"`
	Next    time.Time `json:"next,omitzero"`
	Sent    time.Time `json:"sent,omitzero"` // when the server took it
}

// mailPauses are how long is waited after each failed try; after the last one
// the letter is given up, and a person may have it sent again.
var mailPauses = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 8 * time.Hour}

// mailTime bounds one try of all letters of a reminder.
const mailTime = 5 * time.Minute

// sendOut puts a reminder into the log, with its letters and what else belongs
// to the act, and asks for the letters to be sent.
func (o *Office) sendOut(ctx context.Context, v people.Visitor, r *Reminder, more ...store.Entry) error {
	if r.Has(WayMail) {
		if err := o.addLetters(ctx, r); err != nil {
			return err
		}
	}
	if err := o.append(ctx, v, r.ID, append(r.entries(), more...)...); err != nil {
		return err
	}
	o.mailSoon()
	return nil
}

// addLetters puts the letters of a reminder into it.
func (o *Office) addLetters(ctx context.Context, r *Reminder) error {
	texts, _, err := o.ReminderTexts(ctx)
	if err != nil {
		return err
	}
	for _, u := range r.Units {
		subject := issueSubject
		if r.About != AboutIssues {
			subject = fillTemplate(texts.Subject, map[string]string{"单位": u.Name, "年度": r.Year.String(), "期限": u.Due.Chinese()})
		}
		any := false
		for _, c := range u.Contacts {
			if c.Email != "" {
				any = true
				r.Mailed = append(r.Mailed, MailOutcome{Unit: u.Unit, Name: c.Name, Address: c.Email, Subject: subject, Waiting: true, Next: r.Time})
			}
		}
		if !any {
			r.Mailed = append(r.Mailed, MailOutcome{Unit: u.Unit, Name: u.Name, Problem: "没有邮箱,请改用其他方式。"})
		}
	}
	return nil
}

// mailSoon asks for the letters that wait to be sent.
func (o *Office) mailSoon() {
	select {
	case o.letters <- struct{}{}:
	default: // it is asked for already
	}
}

// KeepMailing sends what waits in the outbox, when something was put there and
// when a letter is to be tried again, until ctx ends.
func (o *Office) KeepMailing(ctx context.Context, log *slog.Logger) {
	for {
		next, err := o.sendLetters(ctx)
		if err != nil && ctx.Err() == nil {
			log.Error("letters were not sent", "err", err)
			if again := o.clock().Add(mailPauses[0]); next.IsZero() || again.Before(next) {
				next = again
			}
		}
		wait := time.NewTimer(24 * time.Hour)
		if !next.IsZero() {
			wait.Reset(max(time.Second, next.Sub(o.clock())))
		}
		select {
		case <-wait.C:
		case <-o.letters:
		case <-ctx.Done():
			return
		}
		wait.Stop()
	}
}

// sendLetters tries every letter whose time has come, and says when the next
// one is due; zero: none waits. What goes wrong with one reminder does not keep
// the letters of others back.
func (o *Office) sendLetters(ctx context.Context) (next time.Time, err error) {
	if o.mailer == nil {
		return next, nil
	}
	all, _, err := o.reminded(ctx)
	if err != nil {
		return next, err
	}
	var wrong []error
	for _, known := range all {
		if slices.ContainsFunc(known.Mailed, func(m MailOutcome) bool { return m.Waiting && !m.Next.After(o.clock()) }) {
			sent, err := o.sendReminder(ctx, known.ID)
			if err != nil { // the others do not wait for it
				wrong = append(wrong, fmt.Errorf("reminder %s: %w", known.ID, err))
				continue
			}
			known = sent
		}
		for _, m := range known.Mailed {
			if m.Waiting && (next.IsZero() || m.Next.Before(next)) {
				next = m.Next
			}
		}
	}
	return next, errors.Join(wrong...)
}

// reminderNow is a reminder with its place in the log, read as one.
func (o *Office) reminderNow(ctx context.Context, id string) (*Reminder, uint64, error) {
	e, err := o.store.State(ctx, store.KindNotice, reminderID(id))
	if err != nil {
		return nil, 0, err
	}
	r := &Reminder{}
	if err := json.Unmarshal(e.State, r); err != nil {
		return nil, 0, disclosure.Errorf(disclosure.ErrInternal, "提醒记录损坏,请联系维护人员。").Because(err)
	}
	return r, e.Seq, nil
}

// sendReminder tries the letters of one reminder whose time has come. What came
// of them is put beside the reminder as it stands afterwards: somebody may have
// changed it meanwhile, and a letter that was taken must not go twice.
func (o *Office) sendReminder(ctx context.Context, id string) (*Reminder, error) {
	r, _, err := o.reminderNow(ctx, id)
	if err != nil {
		return nil, err
	}
	var letters []mail.Letter
	var at []int
	for i, m := range r.Mailed {
		if !m.Waiting || m.Next.After(o.clock()) {
			continue
		}
		u := slices.IndexFunc(r.Units, func(u RemindedUnit) bool { return u.Unit == m.Unit })
		if u < 0 {
			continue
		}
		letters, at = append(letters, mail.Letter{To: m.Address, Name: m.Name, Subject: m.Subject, Text: r.Units[u].Text}), append(at, i)
	}
	limit, cancel := context.WithTimeout(ctx, mailTime)
	defer cancel()
	outcomes := o.mailer.Send(limit, letters)
	now, act := o.clock(), uuid.NewString()
	for try := 1; ; try++ {
		r, seen, err := o.reminderNow(ctx, id)
		if err != nil {
			return nil, err
		}
		for i, outcome := range outcomes {
			if at[i] < len(r.Mailed) { // letters keep their places
				r.Mailed[at[i]].tried(outcome, now)
			}
		}
		err = o.append(ctx, people.Machine("os:serve", "mail"), act, store.Entry{Kind: store.KindNotice, ID: reminderID(id), Verb: store.VerbChange, Seen: seen, State: r, Year: r.Year})
		if err != nil && disclosure.CodeOf(err) == disclosure.ErrConflict && try < saveTries {
			continue
		}
		return r, err
	}
}

// tried puts down what came of a try. What can never arrive is not tried again.
func (m *MailOutcome) tried(err error, now time.Time) {
	m.Tries++
	m.Next = time.Time{}
	switch {
	case err == nil:
		m.Waiting, m.Problem, m.Sent = false, "", now
		return
	case disclosure.CodeOf(err) == disclosure.ErrInvalid || m.Tries > len(mailPauses):
		m.Waiting = false
	default:
		m.Next = now.Add(mailPauses[m.Tries-1])
	}
	m.Problem = disclosure.Sentence(err)
}

// MailAgain has the letters of a reminder that were given up sent once more.
// Errors: as Reminder; ErrInvalid when there are none or no server is set.
func (o *Office) MailAgain(ctx context.Context, v people.Visitor, id, act string) error {
	if _, err := o.Reminder(ctx, v, id); err != nil {
		return err
	}
	if done, err := o.actDone(ctx, v, act, store.KindNotice); err != nil || done {
		return err
	}
	if !o.CanMail() {
		return disclosure.Errorf(disclosure.ErrInvalid, "系统没有设置邮件服务器,不能发邮件;请改用其他方式。")
	}
	r, seen, err := o.reminderNow(ctx, id)
	if err != nil {
		return err
	}
	n := 0
	for i := range r.Mailed {
		if m := &r.Mailed[i]; m.Address != "" && m.Sent.IsZero() && m.Problem != "" {
			m.Waiting, m.Tries, m.Next = true, 0, o.clock()
			n++
		}
	}
	if n == 0 {
		return disclosure.Errorf(disclosure.ErrInvalid, "没有发送失败的邮件,不需要重发。")
	}
	if err := o.append(ctx, v, act, store.Entry{Kind: store.KindNotice, ID: reminderID(id), Verb: store.VerbChange, Seen: seen, State: r, Year: r.Year}); err != nil {
		return err
	}
	o.mailSoon()
	return nil
}

// Failed says whether the letter was given up.
func (m MailOutcome) Failed() bool { return m.Problem != "" && !m.Waiting }

// MailFailed says whether letters of the reminder could be sent again.
func (r *Reminder) MailFailed() bool {
	return slices.ContainsFunc(r.Mailed, func(m MailOutcome) bool { return m.Address != "" && m.Problem != "" })
}
