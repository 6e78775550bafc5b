package office

import (
	"context"
	"slices"
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// Work is a reporter's first page: what is due for a unit, and what to do next.
type Work struct {
	// Units are those that the visitor files or reviews for.
	Units []WorkUnit
	// Chosen is the unit of the page, nil when the visitor has none.
	Chosen *WorkUnit
	Items  []WorkItem
}

// WorkUnit is a unit of the visitor, and where its report of the filing year
// stands.
type WorkUnit struct {
	Unit           *disclosure.Unit
	State          filing.State
	Files, Reviews bool
	// Calls: the visitor has something to do for it now.
	Calls bool
}

// WorkItem is a unit's report of a year.
type WorkItem struct {
	*Sitting
	Verdict Verdict
	// LastDay is the last day that the law leaves (《条例》第四十九条), DaysLeft how
	// many days remain after today: negative once it is over.
	LastDay  time.Time
	DaysLeft int
	// Dues are the district's own due times in the filing year, step by step.
	Dues    []WorkDue
	Earlier bool // of a year before the filing year
}

// FilingYear is the year that is reported on now: the last one.
func (o *Office) FilingYear() disclosure.Year {
	return calendar.FilingYear(o.clock())
}

// earlierYears is how far back missing reports are asked for.
const earlierYears = 5

// Work returns what a visitor has to file or review; unit 0 is the first one
// that calls for something. Error: ErrForbidden for a unit of somebody else.
func (o *Office) Work(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber) (*Work, error) {
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	w := &Work{}
	numbers := []disclosure.UnitNumber{}
	for i := range units.list {
		u := &units.list[i]
		entry := WorkUnit{Unit: u, Files: v.May(people.FileReport, u.Number), Reviews: v.May(people.ReviewReport, u.Number)}
		if u.MergedInto == 0 && (entry.Files || entry.Reviews) {
			w.Units, numbers = append(w.Units, entry), append(numbers, u.Number)
		}
	}
	if unit != 0 && !slices.Contains(numbers, unit) {
		return nil, v.Demand(people.FileReport, unit)
	}
	if len(w.Units) == 0 {
		return w, nil
	}
	standings, err := o.store.Standings(ctx, store.HeadQuery{Family: disclosure.FamilyNational, Units: numbers})
	if err != nil {
		return nil, err
	}
	drafted, err := o.drafted(ctx)
	if err != nil {
		return nil, err
	}
	year := o.FilingYear()
	for i := range w.Units {
		e := &w.Units[i]
		e.State = stateIn(standings, drafted, e.Unit, year)
		e.Calls = e.Unit.ReportsIn(year) && (e.Files && unfinished[e.State] || e.Reviews && e.State == filing.Review)
		if unit == e.Unit.Number || unit == 0 && e.Calls && (w.Chosen == nil || !w.Chosen.Calls) {
			w.Chosen = e
		}
	}
	if w.Chosen == nil {
		w.Chosen = &w.Units[0]
	}
	return w, o.workItems(ctx, v, w, standings, drafted)
}

// unfinished are the states in which the filer has something to do.
var unfinished = map[filing.State]bool{filing.Missing: true, filing.Draft: true, filing.Returned: true}

// drafted are the drafts of the years that are looked back on.
func (o *Office) drafted(ctx context.Context) (map[disclosure.Period][]disclosure.UnitNumber, error) {
	out := map[disclosure.Period][]disclosure.UnitNumber{}
	for year := o.FilingYear(); year >= o.FilingYear()-earlierYears; year-- {
		drafts, err := o.store.Drafts(ctx, year)
		if err != nil {
			return nil, err
		}
		for _, d := range drafts {
			out[d.Period] = append(out[d.Period], d.Unit)
		}
	}
	return out, nil
}

func stateIn(standings []store.Standing, drafted map[disclosure.Period][]disclosure.UnitNumber, u *disclosure.Unit, year disclosure.Year) filing.State {
	p := disclosure.Period{Year: year}
	if best := mainStanding(standings, u, p); best != nil {
		return filing.State(best.Status)
	}
	if slices.Contains(drafted[p], u.Number) {
		return filing.Draft
	}
	return filing.Missing
}

// workItems opens the filing year's report, and those of earlier years that
// came back, were begun, or are missing though the district has that year.
func (o *Office) workItems(ctx context.Context, v people.Visitor, w *Work, standings []store.Standing, drafted map[disclosure.Period][]disclosure.UnitNumber) error {
	known, err := o.reportYears(ctx, store.Approved)
	if err != nil {
		return err
	}
	year, u := o.FilingYear(), w.Chosen.Unit
	for y := year; y >= year-earlierYears; y-- {
		if !u.ReportsIn(y) || disclosure.FormFor(disclosure.FamilyNational, y) == nil {
			continue
		}
		state := stateIn(standings, drafted, u, y)
		drafted := slices.Contains(drafted[disclosure.Period{Year: y}], u.Number)
		open := state == filing.Returned || state == filing.Draft || state == filing.Review || drafted
		missing := state == filing.Missing && slices.ContainsFunc(known, func(k store.YearReports) bool { return k.Year == y })
		if y < year && !open && !missing {
			continue
		}
		item := WorkItem{Earlier: y < year, LastDay: check.Deadline(y, u).AddDate(0, 0, -1)}
		item.DaysLeft = int(check.Deadline(y, u).Sub(startOfDay(o.clock())).Hours()/24) - 1
		if item.Sitting, err = o.OpenSitting(ctx, v, u.Number, disclosure.Period{Year: y}); err != nil {
			return err
		}
		if y == year {
			if item.Dues, err = o.reporterDues(ctx, v, u.Number, y); err != nil {
				return err
			}
		}
		if item.Editable() && item.State != filing.Missing {
			item.Verdict = item.Judge()
		}
		w.Items = append(w.Items, item)
	}
	return nil
}

// WorkDue is one of the district's own due times, for people.
type WorkDue struct {
	Step, When string // 初稿; 2026年1月10日17:00
	Extended   string // why it was put off
	Over       bool
}

// reporterDues are the due times that the unit works to: first version, final
// version, publication.
func (o *Office) reporterDues(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, year disclosure.Year) ([]WorkDue, error) {
	dues, err := o.DuesOf(ctx, v, unit, year)
	if err != nil {
		return nil, err
	}
	var out []WorkDue
	for _, d := range dues {
		if d.Internal.IsZero() || d.Basis == calendar.BasisStatute || d.Step != calendar.StepDraft && d.Step != calendar.StepFinal && d.Step != calendar.StepPublish {
			continue
		}
		due := WorkDue{Step: string(d.Step), When: d.Internal.Chinese(), Over: d.Internal.End().Before(o.clock())}
		if d.Basis == calendar.BasisExtension {
			due.Extended = d.Reason
		}
		out = append(out, due)
	}
	return out, nil
}

func startOfDay(t time.Time) time.Time {
	y, m, d := t.In(shanghai).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, shanghai)
}
