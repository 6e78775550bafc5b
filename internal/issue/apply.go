package issue

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/people"

	"github.com/shopspring/decimal"
)

// Move is one act on an issue with what it brings.
type Move struct {
	Act Act
	// Content is the whole of what the issue says, for Enter and Correct.
	Content *Content
	Reason  string
	Due     calendar.Moment
	// Unit and Helpers are who answers from now on, for Assign; HandOver takes
	// them too when Unit is set.
	Unit    disclosure.UnitNumber
	Helpers []disclosure.UnitNumber
	// Kind, Text, Link and Evidence are what a unit answers; Evidence is what
	// Attach and Object bring.
	Kind     AnswerKind
	Text     string
	Link     string
	Evidence []Evidence
	// Deduction is what an upheld appeal leaves of it.
	Deduction decimal.NullDecimal
}

// Bounds on what people write.
const (
	maxFacts    = 4000 // letters
	maxText     = 2000
	maxLink     = 1000 // bytes
	maxEvidence = 30   // pieces an issue
	maxHelpers  = 20
)

// Apply does a move at a time and returns the issue as it stands afterwards; the
// one given is left as it was. Errors: ErrConflict (another state, a request
// waits), ErrForbidden, ErrInvalid (a condition does not hold; the sentence
// says which and what to do).
func Apply(i Issue, m Move, v Viewer, now time.Time) (Issue, error) {
	t, err := Next(i.State, m.Act)
	if err != nil {
		return i, err
	}
	if m.Act == Enter && m.Content != nil {
		i.Unit = m.Content.Unit
	}
	if !t.Allows(v, &i) || !v.reaches(m) {
		return i, disclosure.Errorf(disclosure.ErrForbidden, "您的账号不能对这个问题%s;如确需办理,请联系区级审核员。", ActNames[m.Act])
	}
	m.tidy()
	if err := t.check(&i, m, now); err != nil {
		return i, err
	}
	i = i.copy()
	i.State = t.To
	i.do(m, v, now)
	return i, nil
}

// reaches says whether the units that a move names are the viewer's to name.
func (v Viewer) reaches(m Move) bool {
	units := append([]disclosure.UnitNumber{m.Unit}, m.Helpers...)
	if m.Content != nil {
		units = append(append(units, m.Content.Unit), m.Content.Helpers...)
	}
	return !slices.ContainsFunc(units, func(u disclosure.UnitNumber) bool {
		return u != 0 && !v.May(people.Supervise, u) && !(v.OwnList && v.May(people.Evaluate, u))
	})
}

// copy keeps a changed issue from writing into the one it was made of.
func (i Issue) copy() Issue {
	i.Evidence, i.Helpers, i.Answers, i.Reviews = slices.Clone(i.Evidence), slices.Clone(i.Helpers), slices.Clone(i.Answers), slices.Clone(i.Reviews)
	i.Extensions, i.Appeals, i.Reminders = slices.Clone(i.Extensions), slices.Clone(i.Appeals), slices.Clone(i.Reminders)
	return i
}

func (m *Move) tidy() {
	m.Reason, m.Text, m.Link = strings.TrimSpace(m.Reason), strings.TrimSpace(m.Text), strings.TrimSpace(m.Link)
	if m.Kind == "" {
		m.Kind = AnswerDone
	}
}

func wrong(format string, args ...any) error {
	return disclosure.Errorf(disclosure.ErrInvalid, format, args...)
}

// check says which condition fails.
func (t Transition) check(i *Issue, m Move, now time.Time) error {
	if sentence := t.open(i); sentence != "" {
		return disclosure.Errorf(disclosure.ErrConflict, "%s", sentence)
	}
	name := ActNames[m.Act]
	unit := i.Unit
	if m.Unit != 0 || m.Act == Assign {
		unit = m.Unit
	}
	switch {
	case utf8.RuneCountInString(m.Reason) > maxText || utf8.RuneCountInString(m.Text) > maxText:
		return wrong("文字最多%d字,请写得简短些,其余放在附件里。", maxText)
	case t.Asks(WithUnit) && unit == 0:
		return wrong("请先确定牵头单位,再%s。", name)
	case slices.Contains(m.Helpers, unit) || len(m.Helpers) > maxHelpers:
		return wrong("配合单位不能与牵头单位相同,最多%d个,请重新选择。", maxHelpers)
	case t.Asks(WithReason) && m.Reason == "":
		return wrong("请写明%s的理由。", name)
	case t.Asks(WithText) && m.Text == "":
		return wrong("请用一句话写明整改措施或进展。")
	case t.Asks(WithFile) && len(m.Evidence) == 0:
		return wrong("请填写链接或选择文件。")
	case len(i.Evidence)+len(m.Evidence) > maxEvidence:
		return wrong("一个问题最多附%d份材料,请合并后再上传。", maxEvidence)
	}
	for _, check := range []func() error{
		func() error { return t.checkDue(i, m, now) },
		func() error { return t.checkAnswer(m) },
		func() error { return t.checkDeduction(i, m) },
		func() error { return checkEvidence(m.Evidence) },
		func() error { return t.checkContent(m) },
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (t Transition) checkDue(i *Issue, m Move, now time.Time) error {
	due := m.Due
	if due.IsZero() && m.Act == HandOver {
		due = i.Due
	}
	switch {
	case t.Asks(WithDue) && due.IsZero():
		return wrong("请写明%s的期限,如2026-10-15或2026-10-15 17:00。", ActNames[m.Act])
	case !due.IsZero() && m.Act != Enter && m.Act != Correct && !now.Before(due.End()):
		return wrong("期限%s已经过去,请改为以后的时间。", due.Chinese())
	case (m.Act == Extend || m.Act == AskExtension) && !i.Due.Before(due):
		return wrong("延期后的期限应晚于现在的%s,请核对。", i.Due.Chinese())
	case t.Asks(LaterDue) && due.IsZero() && !now.Before(i.Due.End()):
		return wrong("原期限%s已过,请写明新的期限。", i.Due.Chinese())
	}
	return nil
}

func (t Transition) checkAnswer(m Move) error {
	if !t.Asks(WithAnswer) {
		return nil
	}
	switch {
	case m.Kind != AnswerDone && m.Kind != AnswerNotApplicable:
		return wrong("请选择“整改完成”或“申请按不适用处理”。")
	case m.Kind == AnswerNotApplicable && m.Text == "":
		return wrong("请写明不适用的理由,如没有此项业务、已发布说明。")
	case m.Text == "" && m.Link == "":
		return wrong("请填写整改后的链接,或用一句话说明整改情况。")
	}
	return CheckLink(m.Link)
}

func (t Transition) checkDeduction(i *Issue, m Move) error {
	if !t.Asks(WithDeduction) {
		return nil
	}
	if !m.Deduction.Valid || m.Deduction.Decimal.IsNegative() || i.Deduction.Valid && m.Deduction.Decimal.GreaterThan(i.Deduction.Decimal) {
		return wrong("请写明改定的扣分:不小于0,且不多于原来的%s分。", i.Deduction.Decimal)
	}
	return nil
}

func (t Transition) checkContent(m Move) error {
	if !t.Asks(WithFacts) {
		return nil
	}
	if m.Content == nil || strings.TrimSpace(m.Content.Facts) == "" {
		return wrong("请写明问题明细。")
	}
	return m.Content.Check()
}

// Check says what is wrong with an issue's content. Error: ErrInvalid.
func (c *Content) Check() error {
	most := decimal.NewFromInt(1000)
	switch {
	case utf8.RuneCountInString(c.Facts) > maxFacts:
		return wrong("问题明细最多%d字,请写得简短些,其余放在附件里。", maxFacts)
	case utf8.RuneCountInString(c.Indicator1) > 100 || utf8.RuneCountInString(c.Indicator2) > 200 || utf8.RuneCountInString(c.UnitText) > 200:
		return wrong("指标名称或单位名称太长,请核对。")
	case utf8.RuneCountInString(string(c.Category)) > 20:
		return wrong("问题类别最多20个字,请从列表中选择或写得简短些。")
	case c.Points.Valid && (c.Points.Decimal.IsNegative() || c.Points.Decimal.GreaterThan(most)):
		return wrong("指标分值应在0到1000之间,请核对。")
	case c.Deduction.Valid && (c.Deduction.Decimal.IsNegative() || c.Deduction.Decimal.GreaterThan(most)):
		return wrong("扣分应写成0到1000之间的正数,请核对。")
	case slices.Contains(c.Helpers, c.Unit) && c.Unit != 0, len(c.Helpers) > maxHelpers:
		return wrong("配合单位不能与牵头单位相同,最多%d个,请重新选择。", maxHelpers)
	case len(c.Evidence) > maxEvidence:
		return wrong("一个问题最多附%d份材料,请合并后再上传。", maxEvidence)
	}
	return checkEvidence(c.Evidence)
}

func checkEvidence(list []Evidence) error {
	for _, e := range list {
		if utf8.RuneCountInString(e.Note) > 200 {
			return wrong("材料说明最多200字,请写得简短些。")
		}
		if e.Address == "" && e.File == nil {
			return wrong("每份材料应有链接或文件。")
		}
		if err := CheckLink(e.Address); err != nil {
			return err
		}
	}
	return nil
}

// CheckLink refuses what is no web address: a link is shown to be followed, so
// other schemes (javascript:) have no place in it. "" is fine.
func CheckLink(link string) error {
	if link == "" {
		return nil
	}
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(link) > maxLink || strings.ContainsAny(link, " \t\r\n<>\"") {
		return wrong("链接应以http://或https://开头,请完整复制网页地址。")
	}
	return nil
}

// do changes the issue as the act asks, state aside.
func (i *Issue) do(m Move, v Viewer, now time.Time) {
	by := v.Account
	for k := range m.Evidence {
		m.Evidence[k].By, m.Evidence[k].Time, m.Evidence[k].Unit = by, now, 0
		if i.State != Found && !(v.OwnList && v.Anywhere(people.Evaluate) && !v.answers(i)) {
			m.Evidence[k].Unit = i.Unit
		}
	}
	switch m.Act {
	case Enter:
		i.Content, i.Found = *m.Content, now
		i.Facts = strings.TrimSpace(i.Facts)
	case Correct:
		held := i.Evidence
		i.Content = *m.Content
		i.Facts, i.Evidence = strings.TrimSpace(i.Facts), append(held, m.Evidence...)
	case Assign:
		i.assign(m, by, now)
	case HandOver:
		if m.Unit != 0 {
			i.Unit, i.Helpers = m.Unit, m.Helpers
		}
		if !m.Due.IsZero() {
			i.Due = m.Due
		}
		i.Handed, i.FirstDue = now, i.Due
	case Sign:
		i.Signed = now
	case Progress, GiveAnswer:
		i.answer(m, v, now)
	case Recall:
		if a := i.LastAnswer(); a != nil {
			a.Recalled = true
		}
		i.Answered = i.firstAnswer()
	case Attach:
		i.Evidence = append(i.Evidence, m.Evidence...)
	case Recheck, Return, Close, EndInapplicable, Reopen, Withdraw:
		i.review(m, by, now)
	case AskExtension:
		i.Extensions = append(i.Extensions, Extension{From: i.Due, Due: m.Due, Reason: m.Reason, By: by, Time: now, Unit: i.Unit})
	case Extend, RefuseExtension:
		i.extension(m, by, now)
	case Object:
		i.Appeals = append(i.Appeals, Appeal{Reason: m.Reason, Evidence: m.Evidence, By: by, Time: now, Before: i.Deduction, Unit: i.Unit})
	case Uphold, Reject:
		a := i.OpenAppeal()
		a.Answer, a.Decider, a.Decided, a.Outcome, a.After = m.Reason, by, now, Refused, i.Deduction
		if m.Act == Uphold {
			a.Outcome, a.After, i.Deduction = Granted, m.Deduction, m.Deduction
		}
	case Remind:
		i.Reminders = append(i.Reminders, now)
	}
}

// assign hands the issue to a unit; one that was handed over already begins anew,
// and another unit does not find it with the requests of the one before.
func (i *Issue) assign(m Move, by string, now time.Time) {
	if i.State == Handed {
		i.lapse(m, by, now)
	}
	i.Unit, i.Helpers = m.Unit, m.Helpers
	if i.State != Handed {
		return
	}
	if !m.Due.IsZero() {
		i.Due = m.Due
	}
	i.Handed, i.FirstDue, i.Signed, i.Answered = now, i.Due, time.Time{}, time.Time{}
	i.Reviews = append(i.Reviews, Review{Act: Assign, Reason: m.Reason, By: by, Time: now})
}

// lapse ends the requests of a unit that leads no longer.
func (i *Issue) lapse(m Move, by string, now time.Time) {
	if m.Unit == i.Unit {
		return
	}
	if e := i.OpenExtension(); e != nil {
		e.Outcome, e.Answer, e.Decider, e.Decided = Lapsed, m.Reason, by, now
	}
	if a := i.OpenAppeal(); a != nil {
		a.Outcome, a.Answer, a.Decider, a.Decided, a.After = Lapsed, m.Reason, by, now, i.Deduction
	}
}

// answers says whether the viewer answers as one of the issue's own units.
func (v Viewer) answers(i *Issue) bool {
	return !v.IsMachine() && (i.Unit != 0 && v.May(people.AnswerIssue, i.Unit) || v.helps(i))
}

func (i *Issue) answer(m Move, v Viewer, now time.Time) {
	a := Answer{Kind: AnswerProgress, Text: m.Text, Evidence: m.Evidence, By: v.Account, Time: now, Proxy: !v.answers(i), Unit: i.Unit}
	if m.Act == GiveAnswer {
		a.Kind, a.Link = m.Kind, m.Link
		a.Late = !i.Due.IsZero() && !now.Before(i.Due.End())
	}
	if i.Signed.IsZero() {
		i.Signed = now
	}
	i.Answers = append(i.Answers, a)
	i.Answered = i.firstAnswer()
}

// firstAnswer is when the unit first answered after the last 交办.
func (i *Issue) firstAnswer() time.Time {
	for k := range i.Answers {
		if a := &i.Answers[k]; a.Kind != AnswerProgress && !a.Recalled && i.stands(a) {
			return a.Time
		}
	}
	return time.Time{}
}

func (i *Issue) review(m Move, by string, now time.Time) {
	i.Reviews = append(i.Reviews, Review{Act: m.Act, Reason: m.Reason, By: by, Time: now})
	switch m.Act {
	case Return:
		i.Returns++
	case Reopen:
		i.Reopens++
		i.Settled, i.Ended = time.Time{}, ""
	case Close:
		i.Settled = now
	case EndInapplicable:
		i.Settled, i.Ended = now, m.Reason
	case Withdraw:
		i.Ended = m.Reason
	}
	if (m.Act == Return || m.Act == Reopen) && !m.Due.IsZero() {
		i.Due = m.Due
	}
}

// extension grants or refuses: the request that waits, or more time of the
// office's own accord.
func (i *Issue) extension(m Move, by string, now time.Time) {
	e := i.OpenExtension()
	if e == nil {
		i.Extensions = append(i.Extensions, Extension{From: i.Due, Reason: m.Reason, By: by, Time: now, Unit: i.Unit})
		e = &i.Extensions[len(i.Extensions)-1]
	}
	e.Answer, e.Decider, e.Decided, e.Outcome = m.Reason, by, now, Refused
	if m.Act == Extend {
		e.Outcome, e.Due, i.Due = Granted, m.Due, m.Due
	}
}
