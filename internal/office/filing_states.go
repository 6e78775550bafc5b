package office

import (
	"context"
	"fmt"
	"slices"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// Explanation is a unit's word on a finding, for callers that do not know the
// store.
type Explanation = store.Explanation

// FilingState is where a unit's national report of a year stands.
type FilingState struct {
	Period disclosure.Period
	State  filing.State
	Since  time.Time // when it came there; of a draft, when it was last saved
	// Draft: somebody works on it now, whatever the state.
	Draft bool
}

// FilingStates tells where the reports of a year stand, of the units whose
// unapproved reports are open to the visitor. A unit that is not in the answer
// has begun nothing, or is not open to the visitor.
func (o *Office) FilingStates(ctx context.Context, v people.Visitor, year disclosure.Year) (map[disclosure.UnitNumber]FilingState, error) {
	out := map[disclosure.UnitNumber]FilingState{}
	if !v.Anywhere(people.SeeFiled) || year == 0 {
		return out, nil
	}
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	standings, err := cached(ctx, o, fmt.Sprintf("standings %d", year), func() (map[disclosure.UnitNumber][]store.Standing, error) {
		all, err := o.store.Standings(ctx, store.HeadQuery{Family: disclosure.FamilyNational, Years: []disclosure.Year{year}})
		byUnit := map[disclosure.UnitNumber][]store.Standing{}
		for _, s := range all {
			byUnit[s.Key.Unit] = append(byUnit[s.Key.Unit], s)
		}
		return byUnit, err
	})
	if err != nil {
		return nil, err
	}
	drafts, err := o.store.Drafts(ctx, year) // drafts come and go without the log
	if err != nil {
		return nil, err
	}
	period := disclosure.Period{Year: year}
	for i := range units.list {
		u := &units.list[i]
		if !v.May(people.SeeFiled, u.Number) {
			continue
		}
		s := FilingState{Period: period}
		if main := mainStanding(standings[u.Number], u, period); main != nil {
			s.State, s.Since = filing.State(main.Status), main.Time
		}
		for _, d := range drafts {
			if d.Unit == u.Number && d.Period == period {
				s.begun(d)
			}
		}
		if s.State != filing.Missing {
			out[u.Number] = s
		}
	}
	return out, nil
}

func (s *FilingState) begun(d store.Draft) {
	s.Draft = true
	if s.State == filing.Missing {
		s.State, s.Since = filing.Draft, d.Time
	}
}

// UnitFilings tells where one unit's reports stand that are not simply
// approved, latest year first; nil for a visitor to whom they are not open.
func (o *Office) UnitFilings(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber) ([]FilingState, error) {
	if !v.May(people.SeeFiled, unit) {
		return nil, nil
	}
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	u := units.byNumber[unit]
	if u == nil {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有编号为 %d 的单位,请从单位列表中选择。", unit)
	}
	standings, err := o.store.Standings(ctx, store.HeadQuery{Family: disclosure.FamilyNational, Units: []disclosure.UnitNumber{unit}})
	if err != nil {
		return nil, err
	}
	states := map[disclosure.Period]FilingState{}
	for _, s := range standings {
		if main := mainStanding(standings, u, s.Key.Period); main != nil {
			states[s.Key.Period] = FilingState{Period: s.Key.Period, State: filing.State(main.Status), Since: main.Time}
		}
	}
	filed := disclosure.Year(o.clock().In(shanghai).Year() - 1) // what is written now is the report for last year
	for _, year := range []disclosure.Year{filed, filed + 1} {
		drafts, err := o.store.Drafts(ctx, year)
		if err != nil {
			return nil, err
		}
		for _, d := range drafts {
			if d.Unit == unit {
				s := states[d.Period]
				s.Period = d.Period
				s.begun(d)
				states[d.Period] = s
			}
		}
	}
	var out []FilingState
	for _, s := range states {
		if s.State != filing.Approved || s.Draft {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b FilingState) int { return int(b.Period.Year) - int(a.Period.Year) })
	return out, nil
}

// Standing is where a report stands by its newest entry, for the report's page;
// "" for a visitor from outside.
func (p *ReportPage) Standing() filing.State {
	for _, r := range p.Revisions { // latest first
		if r.Verb != store.VerbRestore {
			return filing.State(r.Status)
		}
	}
	return filing.Missing
}
