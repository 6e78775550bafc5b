package office

import (
	"context"
	"slices"
	"strings"
	"time"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// The marks by which the queue can be narrowed.
const (
	QueueClean      = "clean"      // nothing to correct or explain: fit for a batch
	QueueErrors     = "errors"     // with something that must be corrected
	QueueProblems   = "problems"   // 带问题收件
	QueueCorrection = "correction" // an approved revision is in force
	QueueAgain      = "again"      // came back and was filed anew
	QueueProxy      = "proxy"      // 代报
)

// QueueMarks lists them in the order in which people are shown them.
var QueueMarks = []string{QueueClean, QueueErrors, QueueAgain, QueueProblems, QueueCorrection, QueueProxy}

// QueueFilter narrows the queue; empty fields mean all.
type QueueFilter struct {
	Year  disclosure.Year
	Kind  disclosure.UnitKind
	Group string
	State filing.State // Review or Submitted
	Mark  string
	Text  string // in the unit's names
}

// Queue is what waits for a visitor's decision, longest waiting first.
type Queue struct {
	Filter  QueueFilter
	Choices Choices
	Lines   []QueueLine
	// All is how many wait without the filter.
	All int
	// Supervises: there may be something for the district to approve.
	Supervises bool
}

// QueueLine is a report that waits.
type QueueLine struct {
	Unit         *disclosure.Unit
	Period       disclosure.Period
	State        filing.State
	Seq          uint64
	Revision     int
	Since        time.Time
	Days         int // whole days in China since it came
	Tally            // what the checks say
	WithProblems string
	InForce      bool // an approved revision stands: this is a correction
	Again        bool // filed anew after it came back
	Proxy        *store.Origin
	Published    bool
	// Obstacle says why the visitor cannot approve it, Unfit why not in a batch.
	Obstacle, Unfit string
}

// ReviewQueue lists what waits for the visitor: reports at the units' own
// review for their reviewers, submitted ones for supervisors.
// Error: ErrForbidden for who does neither.
func (o *Office) ReviewQueue(ctx context.Context, v people.Visitor, f QueueFilter) (*Queue, error) {
	q := &Queue{Filter: f, Supervises: v.Anywhere(people.Supervise)}
	if !q.Supervises && !v.Anywhere(people.ReviewReport) {
		return nil, v.Demand(people.ReviewReport, 0)
	}
	all, err := o.waiting(ctx)
	if err != nil {
		return nil, err
	}
	settings, _, err := o.Settings(ctx)
	if err != nil {
		return nil, err
	}
	now := o.clock()
	units := []disclosure.Unit{}
	for _, w := range all {
		if !waitsFor(v, w.State, w.Unit.Number) {
			continue
		}
		q.All++
		units = append(units, *w.Unit)
		if !slices.Contains(q.Choices.Years, w.Period.Year) {
			q.Choices.Years = append(q.Choices.Years, w.Period.Year)
		}
		line := w.QueueLine
		line.Days = daysBetween(line.Since, now)
		line.judge(v, settings.OwnApproval, w.report)
		if f.takes(&line) {
			q.Lines = append(q.Lines, line)
		}
	}
	year := f.Year
	if year == 0 && len(q.Choices.Years) > 0 {
		year = slices.Max(q.Choices.Years)
	}
	q.Choices = choicesOf(units, q.Choices.Years, year)
	return q, nil
}

// ReviewCount is how many reports wait for the visitor, for the menu.
func (o *Office) ReviewCount(ctx context.Context, v people.Visitor) (int, error) {
	if !v.Anywhere(people.Supervise) && !v.Anywhere(people.ReviewReport) {
		return 0, nil
	}
	all, err := o.waiting(ctx)
	n := 0
	for _, w := range all {
		if waitsFor(v, w.State, w.Unit.Number) {
			n++
		}
	}
	return n, err
}

// NextToReview is what a visitor can turn to after a decision: the report that
// waits longest, the one just decided left out; nil when nothing waits. more
// counts what waits.
func (o *Office) NextToReview(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period) (next *QueueLine, more int, err error) {
	all, err := o.waiting(ctx)
	if err != nil {
		return nil, 0, err
	}
	for i := range all {
		w := &all[i]
		if !waitsFor(v, w.State, w.Unit.Number) || w.Unit.Number == unit && w.Period == period {
			continue
		}
		if next == nil {
			next = &w.QueueLine
		}
		more++
	}
	return next, more, nil
}

func waitsFor(v people.Visitor, state filing.State, unit disclosure.UnitNumber) bool {
	return state == filing.Review && v.May(people.ReviewReport, unit) || state == filing.Submitted && v.May(people.Supervise, unit)
}

// takes says whether a line is among those that the filter asks for.
func (f QueueFilter) takes(l *QueueLine) bool {
	if f.Year != 0 && l.Period.Year != f.Year || f.Kind != "" && l.Unit.Kind != f.Kind || f.Group != "" && l.Unit.In(l.Period.Year).Group != f.Group ||
		f.State != "" && l.State != f.State {
		return false
	}
	if text := disclosure.NormalName(f.Text); text != "" && !strings.Contains(disclosure.NormalName(l.Unit.Name+l.Unit.Short+strings.Join(l.Unit.Aliases, "")), text) {
		return false
	}
	switch f.Mark {
	case QueueClean:
		return l.Errors == 0 && l.Explains == 0 && l.WithProblems == ""
	case QueueErrors:
		return l.Errors > 0
	case QueueProblems:
		return l.WithProblems != ""
	case QueueCorrection:
		return l.InForce
	case QueueAgain:
		return l.Again
	case QueueProxy:
		return l.Proxy != nil
	}
	return true
}

// judge says whether the visitor can approve the report, and in a batch.
func (l *QueueLine) judge(v people.Visitor, ownApproval bool, r *store.ReportState) {
	own := r.FiledBy == v.Account || slices.Contains(r.Authors, v.Account) || l.State == filing.Submitted && r.ReviewedBy == v.Account
	switch {
	case own && !ownApproval:
		l.Obstacle = "由您本人填报或审核,须由另一人办理。"
	case l.State != filing.Submitted:
		l.Unfit = "还在单位审核。"
	case l.WithProblems != "":
		l.Unfit = "带问题收件,须逐份审核。"
	case l.Errors > 0 || l.Explains > 0:
		l.Unfit = "有必须改正或需要说明的问题,须逐份审核。"
	}
	if l.Obstacle != "" {
		l.Unfit = l.Obstacle
	}
}

// daysBetween counts midnights in China.
func daysBetween(from, to time.Time) int {
	day := func(t time.Time) time.Time {
		y, m, d := t.In(shanghai).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return max(0, int(day(to).Sub(day(from)).Hours()/24))
}

// waitingReport is a report that waits for somebody; answers are shared.
type waitingReport struct {
	QueueLine
	report *store.ReportState
}

// waiting reads all reports that wait for a unit's reviewer or the district.
func (o *Office) waiting(ctx context.Context) ([]waitingReport, error) {
	return cached(ctx, o, "waiting", func() ([]waitingReport, error) {
		standings, err := o.store.ReportsWaiting(ctx, disclosure.FamilyNational, store.StatusReview, store.StatusSubmitted)
		if err != nil || len(standings) == 0 {
			return nil, err
		}
		units, err := o.units(ctx)
		if err != nil {
			return nil, err
		}
		if standings, err = o.mainOnly(ctx, units, standings); err != nil {
			return nil, err
		}
		seqs := make([]uint64, len(standings))
		for i, s := range standings {
			seqs[i] = s.Seq
		}
		reports := map[uint64]*store.StoredReport{}
		for r, err := range o.store.ReportsAt(ctx, seqs) {
			if err != nil {
				return nil, err
			}
			reports[r.Seq] = r
		}
		marks, err := o.queueMarks(ctx, standings)
		if err != nil {
			return nil, err
		}
		var out []waitingReport
		for _, s := range standings {
			r := reports[s.Seq]
			if r == nil {
				continue
			}
			line := QueueLine{Unit: units.byNumber[s.Key.Unit], Period: s.Key.Period, State: filing.State(s.Status), Seq: s.Seq, Revision: s.Revision, Since: s.Time,
				WithProblems: r.WithProblems, InForce: marks.inForce[s.Key], Published: marks.published[unitYear{s.Key.Unit, s.Key.Period.Year}]}
			line.Again = s.Revision > 1 && !line.InForce
			if r.Origin != nil && r.Origin.Way == "proxy" {
				line.Proxy = r.Origin
			}
			if err := o.countFindings(ctx, &line, marks.checks[s.Seq], marks.annexes[s.Key], r.Explanations); err != nil {
				return nil, err
			}
			out = append(out, waitingReport{QueueLine: line, report: &r.ReportState})
		}
		return out, nil
	})
}

// mainOnly leaves out reports of another scope than the one that a unit works
// on, and those of units that are not there.
func (o *Office) mainOnly(ctx context.Context, units *unitIndex, standings []store.Standing) ([]store.Standing, error) {
	q := store.HeadQuery{Family: disclosure.FamilyNational}
	for _, s := range standings {
		q.Units, q.Years = append(q.Units, s.Key.Unit), append(q.Years, s.Key.Period.Year)
	}
	all, err := o.store.Standings(ctx, q)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(standings, func(s store.Standing) bool {
		u := units.byNumber[s.Key.Unit]
		if u == nil {
			return true
		}
		main := mainStanding(all, u, s.Key.Period)
		return main == nil || main.Seq != s.Seq
	}), nil
}

type queueMarks struct {
	inForce   map[store.ReportKey]bool
	published map[unitYear]bool
	checks    map[uint64]store.CheckRow
	annexes   map[store.ReportKey][]check.Finding // under the national report's key
}

// queueMarks reads, for all that wait at once, what is in force, published and
// checked.
func (o *Office) queueMarks(ctx context.Context, standings []store.Standing) (queueMarks, error) {
	m := queueMarks{inForce: map[store.ReportKey]bool{}, published: map[unitYear]bool{}, checks: map[uint64]store.CheckRow{},
		annexes: map[store.ReportKey][]check.Finding{}}
	q := store.HeadQuery{Basis: store.Approved, Family: disclosure.FamilyNational}
	for _, s := range standings {
		q.Units, q.Years = append(q.Units, s.Key.Unit), append(q.Years, s.Key.Period.Year)
	}
	heads, err := o.store.Heads(ctx, q)
	if err != nil {
		return m, err
	}
	for _, h := range heads {
		m.inForce[h.Key] = true
	}
	rules, err := o.ruleSet(ctx)
	if err != nil {
		return m, err
	}
	q.Basis, q.Family = store.Provisional, ""
	rows, err := o.store.Checks(ctx, q)
	if err != nil {
		return m, err
	}
	for _, row := range rows {
		if !strings.HasPrefix(row.Rules, rules.Version()) {
			continue
		}
		if row.Key.Family == disclosure.FamilyNational {
			m.checks[row.Seq] = row
			continue
		}
		key := row.Key
		key.Family = disclosure.FamilyNational
		found, err := decodeFindings(row)
		if err != nil {
			return m, err
		}
		m.annexes[key] = append(m.annexes[key], found...)
	}
	published, err := o.store.States(ctx, store.KindPublication)
	for _, e := range published {
		if e.Verb != store.VerbRevoke && e.Verb != store.VerbWithdraw {
			m.published[unitYear{e.Unit, e.Year}] = true
		}
	}
	return m, err
}

// countFindings takes the outcome on file when it is of this revision, else the
// rules run now; annexes are what was found in the local tables filed with it.
func (o *Office) countFindings(ctx context.Context, line *QueueLine, row store.CheckRow, annexes []check.Finding, said []store.Explanation) error {
	var found []check.Finding
	if row.Seq == 0 {
		onFile, err := o.sittingOnFile(ctx, line.Unit, line.Period)
		if err != nil {
			return err
		}
		rules, err := o.ruleSet(ctx)
		if err != nil {
			return err
		}
		s := &Sitting{Unit: line.Unit, Period: line.Period, Content: onFile.fresh, Last: onFile.last, merged: onFile.merged, rules: rules}
		found = s.Judge().Findings // the local tables are judged with it
	} else {
		kept, err := decodeFindings(row)
		if err != nil {
			return err
		}
		found = append(kept[:len(kept):len(kept)], annexes...)
	}
	line.Tally = tallyOf(found, said)
	return nil
}
