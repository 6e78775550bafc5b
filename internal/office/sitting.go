package office

import (
	"context"
	"fmt"
	"slices"
	"time"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// Sitting is what a unit works on for a year: where its report stands, its
// draft, and what it goes on from.
type Sitting struct {
	Unit   *disclosure.Unit
	Period disclosure.Period
	State  filing.State
	// Standing is the newest revision that left a draft, nil before the first.
	Standing *store.StoredReport
	// Approved is the revision in force, nil when none is.
	Approved *store.StoredReport
	// Draft is what is being worked on; its Version is 0 when nobody saved yet.
	Draft   store.Draft
	Content DraftState
	// Last is last year's national report, nil when there is none.
	Last *store.StoredReport
	// UnitReviews: the unit has a reviewer who passes the report on.
	UnitReviews bool
	// Acts are what the visitor may do now, conditions aside.
	Acts []filing.Act
	// OutOfStep: the report moved on (another person handed it on) after the
	// draft was begun; the draft stays until somebody decides. While the report
	// waits for a review or the district, Content is what was handed in, and the
	// draft that was left over is in Draft.
	OutOfStep bool
	// rules and merged are what the draft is judged by beside Last.
	rules  *check.RuleSet
	merged check.Before
	// filed are the tables as they were last handed in, those of annexes too.
	filed []DraftForm
}

// Editable says whether the report's state takes changes, from those who may.
func (s *Sitting) Editable() bool {
	_, err := filing.Next(s.State, filing.Save)
	return err == nil
}

// OpenSitting shows a unit's work on a year to who may see or do it.
// Errors: ErrNotFound (no such unit), ErrForbidden, ErrInvalid (no form for the year).
func (o *Office) OpenSitting(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period) (*Sitting, error) {
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	u := units.byNumber[unit]
	if u == nil {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有编号为 %d 的单位,请从单位列表中选择。", unit)
	}
	if err := v.Demand(people.SeeFiled, unit); err != nil {
		return nil, err
	}
	if err := o.fileable(u, period); err != nil {
		return nil, err
	}
	s := &Sitting{Unit: u, Period: period}
	if s.UnitReviews, err = o.unitReviews(ctx, u); err != nil {
		return nil, err
	}
	onFile, err := o.sittingOnFile(ctx, u, period)
	if err != nil {
		return nil, err
	}
	s.State, s.Standing, s.Approved, s.Last, s.merged = onFile.state, onFile.standing, onFile.approved, onFile.last, onFile.merged
	s.filed = onFile.fresh.Forms
	if err := o.draftOf(ctx, s, onFile.fresh); err != nil {
		return nil, err
	}
	if s.rules, err = o.ruleSet(ctx); err != nil {
		return nil, err
	}
	s.Acts = filing.Possible(s.State, v, unit, s.UnitReviews)
	return s, nil
}

// fileable says whether a unit has a report to file for a period.
func (o *Office) fileable(u *disclosure.Unit, p disclosure.Period) error {
	switch {
	case p.Quarter != 0 || disclosure.FormFor(disclosure.FamilyNational, p.Year) == nil:
		return disclosure.Errorf(disclosure.ErrInvalid, "%s年没有适用的年度报告表单,请核对年份。", p)
	case int(p.Year) > o.clock().In(shanghai).Year():
		return disclosure.Errorf(disclosure.ErrInvalid, "%s年还没有到,请核对年份。", p)
	case !u.ReportsIn(p.Year):
		return disclosure.Errorf(disclosure.ErrInvalid, "“%s”在%s年不需要报送,请核对单位的起止年。", u.Name, p)
	}
	return nil
}

// unitReviews says whether a unit passes its report through a reviewer of its
// own: it has one, and the review is not switched off for the unit.
func (o *Office) unitReviews(ctx context.Context, u *disclosure.Unit) (bool, error) {
	if u.ReviewOff {
		return false, nil
	}
	d, err := o.directory(ctx)
	if err != nil {
		return false, err
	}
	for _, a := range d.accounts {
		if !a.Disabled && slices.Contains(a.Grants, people.Grant{Role: people.Reviewer, Unit: u.Number}) {
			return true, nil
		}
	}
	return false, nil
}

// sittingOnFile is what the log says of a sitting: all of it but the draft.
type sittingOnFile struct {
	state                    filing.State
	standing, approved, last *store.StoredReport
	merged                   check.Before
	fresh                    DraftState
}

// sittingOnFile reads what a sitting goes on from, and remembers it until the
// unit's reports, the unit list or the settings change: sixty people save their
// drafts every few seconds, and others hand theirs in meanwhile. The answer is
// shared; whoever changes a draft takes cells of its own first.
func (o *Office) sittingOnFile(ctx context.Context, u *disclosure.Unit, p disclosure.Period) (*sittingOnFile, error) {
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	now := []store.ReportsOf{{Unit: u.Number, Year: p.Year}}
	return cachedOf(ctx, o, fmt.Sprintf("sitting %d %s", u.Number, p), ofSitting, append(now, beforeOf(units, u, p)...), func() (*sittingOnFile, error) {
		out := &sittingOnFile{}
		standings, err := o.store.Standings(ctx, store.HeadQuery{Years: []disclosure.Year{p.Year}, Units: []disclosure.UnitNumber{u.Number}})
		if err != nil {
			return nil, err
		}
		if err := o.standingOf(ctx, out, standings, u, p); err != nil {
			return nil, err
		}
		if out.fresh, err = o.freshDraft(ctx, out.standing, standings, u, p); err != nil {
			return nil, err
		}
		earlier, err := o.sittingBefore(ctx, units, u, p, out.fresh.Scope)
		if err != nil {
			return nil, err
		}
		out.last, out.merged = earlier.last, earlier.merged
		return out, nil
	})
}

// beforeOf are the reports that a report is compared with: the unit's own of
// the year before, and those of whom it took over.
func beforeOf(units *unitIndex, u *disclosure.Unit, p disclosure.Period) []store.ReportsOf {
	out := []store.ReportsOf{{Unit: u.Number, Year: p.Year - 1}}
	for i := range units.list {
		if slices.Contains(units.list[i].Successors, u.Number) {
			out = append(out, store.ReportsOf{Unit: units.list[i].Number, Year: p.Year - 1})
		}
	}
	return out
}

// sittingBefore is what a sitting is compared with. It outlasts the unit's own
// acts on the year.
func (o *Office) sittingBefore(ctx context.Context, units *unitIndex, u *disclosure.Unit, p disclosure.Period, scope disclosure.Scope) (*sittingOnFile, error) {
	return cachedOf(ctx, o, fmt.Sprintf("before %d %s %s", u.Number, p, scope), ofUnits, beforeOf(units, u, p), func() (*sittingOnFile, error) {
		out := &sittingOnFile{}
		key := store.ReportKey{Unit: u.Number, Period: p, Family: disclosure.FamilyNational, Scope: scope}
		var err error
		if out.last, err = o.lastYear(ctx, key); err != nil {
			return nil, err
		}
		out.merged, err = o.mergedBefore(ctx, units.list, key)
		return out, err
	})
}

// standingOf finds where the unit's national report stands. Of reports that
// differ by scope the one that the unit names for the year is meant, else the
// newest.
func (o *Office) standingOf(ctx context.Context, s *sittingOnFile, standings []store.Standing, u *disclosure.Unit, p disclosure.Period) error {
	national := slices.DeleteFunc(slices.Clone(standings), func(c store.Standing) bool { return c.Key.Family != disclosure.FamilyNational })
	best := mainStanding(national, u, p)
	if best == nil {
		return nil
	}
	var err error
	s.state = filing.State(best.Status)
	if s.standing, err = o.store.ReportAtStanding(ctx, best.Key); err != nil {
		return err
	}
	s.approved, err = o.store.Report(ctx, best.Key, store.Approved)
	if disclosure.CodeOf(err) == disclosure.ErrNotFound {
		s.approved, err = nil, nil
	}
	return err
}

// mainStanding picks a unit's report of a period among those of several scopes;
// one that was taken out only when there is no other.
func mainStanding(standings []store.Standing, u *disclosure.Unit, p disclosure.Period) *store.Standing {
	wanted := u.In(p.Year).Scope
	rank := func(s *store.Standing) int {
		switch {
		case s.Status == store.StatusWithdrawn:
			return 0
		case s.Key.Scope != wanted:
			return 1
		}
		return 2
	}
	var best *store.Standing
	for i := range standings {
		c := &standings[i]
		if c.Key.Unit != u.Number || c.Key.Period != p {
			continue
		}
		if best == nil || rank(c) > rank(best) || rank(c) == rank(best) && c.Seq > best.Seq {
			best = c
		}
	}
	return best
}

// lastYear is the report for the year before, as it was handed in; of another
// scope when there is none of the same. nil when there is none at all.
func (o *Office) lastYear(ctx context.Context, key store.ReportKey) (*store.StoredReport, error) {
	key.Period.Year--
	r, err := o.store.Report(ctx, key, store.Provisional)
	if disclosure.CodeOf(err) != disclosure.ErrNotFound {
		return r, err
	}
	heads, err := o.store.Heads(ctx, store.HeadQuery{Basis: store.Provisional, Family: key.Family, Years: []disclosure.Year{key.Period.Year},
		Units: []disclosure.UnitNumber{key.Unit}})
	if err != nil || len(heads) == 0 {
		return nil, err
	}
	return o.store.Report(ctx, heads[0].Key, store.Provisional)
}

// Report is one form of the draft as the checks take it.
func (s *Sitting) Report(form string) *disclosure.Report {
	for _, f := range s.Content.Forms {
		if f.Form != form {
			continue
		}
		r := &disclosure.Report{Unit: s.Unit.Name, Period: s.Period, Scope: s.Content.Scope, Form: disclosure.FormByID(f.Form), Cells: f.Cells}
		if r.Form != nil && r.Form.Family == disclosure.FamilyNational {
			r.Title, r.Prose, r.HasProse = s.Content.Title, s.Content.Prose, true
		}
		return r
	}
	return nil
}

// National is the draft's national report.
func (s *Sitting) National() *disclosure.Report { return s.Report(s.Content.Forms[0].Form) }

// LastReport is last year's report as the checks take it, nil when there is none.
func (s *Sitting) LastReport() *disclosure.Report {
	if s.Last == nil {
		return nil
	}
	return s.Last.Report(s.Unit.Name)
}

// SavedAt is when the draft was last kept; zero for one that nobody saved.
func (s *Sitting) SavedAt() time.Time { return s.Draft.Time }
