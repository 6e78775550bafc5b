package office

import (
	"context"
	"fmt"
	"slices"
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// progressFacts is what the log says of a year's units: everything on the wall
// but the drafts and the time. It is shared.
type progressFacts struct {
	year  disclosure.Year
	lines []ProgressLine
	years []disclosure.Year
	// accounts are kept for the names of who keeps drafts.
	people *directory
	// returnDue is the day by which a returned report is due again.
	returnDue map[disclosure.UnitNumber]calendar.Date
	plan      calendar.Plan
	ladder    calendar.Ladder
	workdays  *calendar.Calendar
}

// progressLines are the units of a year as they stand now, in the district's
// order. The log's part is remembered until the log changes; drafts are asked
// for each time, in one question.
func (o *Office) progressLines(ctx context.Context, year disclosure.Year) (*Progress, []ProgressLine, error) {
	if year == 0 {
		year = calendar.FilingYear(o.clock())
	}
	facts, err := cached(ctx, o, "progress "+year.String(), func() (*progressFacts, error) { return o.progressFacts(ctx, year) })
	if err != nil {
		return nil, nil, err
	}
	drafts, err := o.store.Drafts(ctx, year)
	if err != nil {
		return nil, nil, err
	}
	byUnit := map[disclosure.UnitNumber]store.Draft{}
	for _, d := range drafts {
		if d.Period.Quarter == 0 {
			byUnit[d.Unit] = d
		}
	}
	now := o.clock()
	lines := slices.Clone(facts.lines)
	for i := range lines {
		if d, drafted := byUnit[lines[i].Unit.Number]; drafted {
			lines[i].drafted(d)
		}
		facts.reckon(&lines[i], now)
	}
	p := &Progress{Filter: ProgressFilter{Year: year}, Plan: facts.plan, Now: now, Choices: Choices{Years: facts.years}}
	today := calendar.DayOf(now)
	p.Note = facts.workdays.Note(today, calendar.Day(int(year)+1, 3, 31))
	return p, lines, nil
}

// drafted takes a draft that somebody keeps into account.
func (l *ProgressLine) drafted(d store.Draft) {
	switch l.State {
	case filing.Missing:
		l.State = filing.Draft
	case filing.Approved:
		l.Correction = true
	}
	if d.Time.After(l.Last.Time) {
		l.Last = Activity{Time: d.Time, By: d.Name, What: "保存草稿"}
	}
}

// reckon sets what depends on the time: what is next, what is late, the rung of
// the escalation.
func (f *progressFacts) reckon(l *ProgressLine, now time.Time) {
	today := calendar.DayOf(now)
	due := calendar.Due{}
	switch {
	case l.Open():
		l.Next.Step, due = calendar.StepFinal, l.Final
	case l.State == filing.Returned:
		l.Next.Step, due = StepCorrect, l.Final
		if day := f.returnDue[l.Unit.Number]; day != 0 {
			due.Applies, due.By = calendar.At(day), calendar.Basis("退回期限")
		}
	case l.Published == nil && !l.Historic:
		l.Next.Step, due = calendar.StepPublish, l.Publish
	}
	if l.Next.Step == "" {
		return
	}
	l.Next.Due, l.Next.By, l.Next.Statutory, l.Next.Reason = due.Applies, due.By, due.Statutory, due.Reason
	l.Next.Days = int(due.Applies.Date - today)
	l.Next.Workdays = f.workdays.WorkdaysBetween(today, due.Applies.Date)
	l.Next.StatutoryDays = int(due.Statutory.Date - today)
	if !l.Owes() {
		return
	}
	l.Next.Overdue = due.Applies.DaysLate(now)
	if l.Open() {
		what := "至今未报送"
		if !l.Recalled.IsZero() {
			what = fmt.Sprintf("已撤回,曾于%s报送", calendar.DayOf(l.Recalled).Chinese())
		}
		lateness(l.Final).record(l, what, now)
	}
	l.Stage = calendar.Stage(f.ladder, due.Applies, now, f.workdays)
}

// lateness is a due time against which something is held.
type lateness calendar.Due

// record keeps what missed the law's day, or the district's.
func (d lateness) record(l *ProgressLine, what string, at time.Time) {
	internal, statutory := calendar.Due(d).Late(at)
	switch {
	case statutory > 0:
		l.StatutoryLate = max(l.StatutoryLate, statutory)
		l.Late = append(slices.Clip(l.Late), fmt.Sprintf("%s,晚于法定期限%d天", what, statutory))
	case internal > 0:
		l.Late = append(slices.Clip(l.Late), fmt.Sprintf("%s,晚于内部时间%d天", what, internal))
	}
}

func (o *Office) progressFacts(ctx context.Context, year disclosure.Year) (*progressFacts, error) {
	f := &progressFacts{year: year, returnDue: map[disclosure.UnitNumber]calendar.Date{}}
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	if f.people, err = o.directory(ctx); err != nil {
		return nil, err
	}
	if f.plan, _, err = o.plan(ctx, year); err != nil {
		return nil, err
	}
	if f.ladder, _, err = o.ladder(ctx); err != nil {
		return nil, err
	}
	if f.workdays, err = o.Workdays(ctx); err != nil {
		return nil, err
	}
	counts, err := o.reportYears(ctx, store.Provisional)
	if err != nil {
		return nil, err
	}
	for _, c := range counts {
		f.years = append(f.years, c.Year)
	}
	if now := calendar.FilingYear(o.clock()); !slices.Contains(f.years, now) {
		f.years = append(f.years, now)
	}
	if !slices.Contains(f.years, year) {
		f.years = append(f.years, year)
	}
	standings, err := o.store.Standings(ctx, store.HeadQuery{Family: disclosure.FamilyNational, Years: []disclosure.Year{year}})
	if err != nil {
		return nil, err
	}
	published, err := o.publishedFacts(ctx)
	if err != nil {
		return nil, err
	}
	period := disclosure.Period{Year: year}
	contacts := f.people.contacts()
	main := map[string]disclosure.UnitNumber{}
	keys := []store.ReportKey{}
	byUnit := map[disclosure.UnitNumber][]store.Standing{}
	for _, s := range standings {
		byUnit[s.Key.Unit] = append(byUnit[s.Key.Unit], s)
	}
	at := map[disclosure.UnitNumber]int{}
	for i := range units.list {
		u := &units.list[i]
		if u.Unconfirmed || !u.ReportsIn(year) {
			continue
		}
		l := ProgressLine{Unit: u, Period: period, Contacts: contacts.of(u, units), Final: dueOf(&f.plan, u, calendar.StepFinal), Publish: dueOf(&f.plan, u, calendar.StepPublish)}
		if fact, ok := published[unitPeriod{u.Number, period}]; ok {
			l.Published = &fact
		}
		if best := mainStanding(byUnit[u.Number], u, period); best != nil {
			l.State, l.Historic = filing.State(best.Status), best.Historic
			main[best.Key.EntityID()] = u.Number
			keys = append(keys, best.Key)
		}
		at[u.Number] = len(f.lines)
		f.lines = append(f.lines, l)
	}
	steps, err := o.store.FilingSteps(ctx, keys)
	if err != nil {
		return nil, err
	}
	byReport := map[disclosure.UnitNumber][]store.FilingStep{}
	for _, s := range steps {
		n := main[s.Report]
		byReport[n] = append(byReport[n], s)
	}
	for n, steps := range byReport {
		f.follow(&f.lines[at[n]], steps)
	}
	for i := range f.lines {
		f.lines[i].settled()
	}
	return f, nil
}

// follow reads a report's life, oldest step first.
func (f *progressFacts) follow(l *ProgressLine, steps []store.FilingStep) {
	approved := false
	for _, s := range steps {
		switch s.Verb {
		case store.VerbSubmit, store.VerbTake:
			if l.HandedIn.IsZero() && !s.Historic {
				l.HandedIn = s.Time
			}
			l.Recalled = time.Time{}
		case store.VerbRecall:
			if !approved && !l.HandedIn.IsZero() {
				l.Recalled, l.HandedIn = l.HandedIn, time.Time{}
			}
		case store.VerbWithdraw:
			l.HandedIn, approved = time.Time{}, false
		case store.VerbApprove:
			approved = true
		case store.VerbRevoke:
			approved = false
		}
		if s.Verb != store.VerbRestore {
			l.Last = Activity{Time: s.Time, By: f.people.nameOf(s.By), What: stepNames[s.Verb]}
			l.WithProblems, l.Proxy = s.WithProblems, s.Way == "proxy"
		}
	}
	last := steps[len(steps)-1]
	if l.State == filing.Returned && last.ReturnDue != "" {
		if day, err := calendar.ParseDate(last.ReturnDue); err == nil {
			f.returnDue[l.Unit.Number] = day
		}
	}
	l.Correction = approved && l.State != filing.Approved
}

// settled puts on record what is done and was late.
func (l *ProgressLine) settled() {
	if !l.HandedIn.IsZero() {
		lateness(l.Final).record(l, fmt.Sprintf("%s报送", calendar.DayOf(l.HandedIn).Chinese()), l.HandedIn)
	}
	if l.Published != nil {
		at := l.Published.Date.Start() // a day is known and no hour: only a later day is late
		lateness(l.Publish).record(l, fmt.Sprintf("%s公开", l.Published.Date.Chinese()), at)
	}
}

// stepNames are the verbs of a report's life as people read them.
var stepNames = map[store.Verb]string{store.VerbReview: "送单位审核", store.VerbSubmit: "提交", store.VerbSendBack: "单位审核退回", store.VerbRecall: "撤回",
	store.VerbTake: "带问题收件", store.VerbReturn: "退回修改", store.VerbApprove: "通过", store.VerbReopen: "退回重开", store.VerbRevoke: "撤销通过",
	store.VerbWithdraw: "撤出", store.VerbSource: "补充来源", store.VerbErase: "清除", store.VerbChange: "修改", store.VerbCreate: "录入"}

type unitPeriod struct {
	unit   disclosure.UnitNumber
	period disclosure.Period
}

// publishedFacts are the publications on record.
func (o *Office) publishedFacts(ctx context.Context) (map[unitPeriod]PublishedFact, error) {
	return cached(ctx, o, "published facts", func() (map[unitPeriod]PublishedFact, error) {
		records, err := o.publications(ctx)
		if err != nil {
			return nil, err
		}
		out := map[unitPeriod]PublishedFact{}
		for _, p := range records {
			if day, err := calendar.ParseDate(p.Date); err == nil {
				out[unitPeriod{p.Unit, p.Period}] = PublishedFact{Address: p.Address, Date: day}
			}
		}
		return out, nil
	})
}

// contactBook is who files and reviews for units.
type contactBook map[disclosure.UnitNumber][]Contact

func (d *directory) contacts() contactBook {
	out := contactBook{}
	for _, account := range sortedKeys(d.accounts) {
		a := d.accounts[account]
		if a.Disabled {
			continue
		}
		for _, role := range []people.Role{people.Filer, people.Reviewer} {
			for _, unit := range a.Units(role) {
				out[unit] = append(out[unit], Contact{Account: a.Account, Name: a.Name, Phone: a.Phone, Email: a.Email, Role: role})
			}
		}
	}
	for n := range out {
		slices.SortStableFunc(out[n], func(a, b Contact) int { return slices.Index(people.Roles, a.Role) - slices.Index(people.Roles, b.Role) })
	}
	return out
}

// of are a unit's own people, else those of the nearest unit above that files
// for it; a government's own people are not called for what stands below it.
func (b contactBook) of(u *disclosure.Unit, units *unitIndex) []Contact {
	for range 16 {
		if found := b[u.Number]; len(found) > 0 {
			return found
		}
		if u = units.byNumber[u.Parent]; u == nil || u.Kind == disclosure.UnitGovernment {
			return nil
		}
	}
	return nil
}
