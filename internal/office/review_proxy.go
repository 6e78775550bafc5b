package office

import (
	"context"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
)

// UnitProxy is what a supervisor keeps for a unit's report that came by other
// ways than the site (代报): a draft that was not handed on, and files that wait
// for a decision.
type UnitProxy struct {
	Draft *ProxyDraft
	Files []ProxyLine
}

// ProxyOf finds it for a unit and period; nil for who does not supervise the
// unit, and where there is nothing. Errors: as OpenSitting.
func (o *Office) ProxyOf(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period) (*UnitProxy, error) {
	if !v.May(people.Supervise, unit) {
		return nil, nil
	}
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	s, err := o.OpenSitting(ctx, v, unit, period)
	if err != nil {
		return nil, err
	}
	out := &UnitProxy{Draft: s.proxyDraft()}
	ups, err := o.uploadsThat(v, func(up *Upload) bool { return up.Unit == 0 && up.Period == period })
	if err != nil {
		return nil, err
	}
	for _, up := range ups {
		lines, err := o.proxyLines(ctx, v, up, units)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			if l.Unit != nil && l.Unit.Number == unit && l.Status != ProxyTaken && l.Status != ProxyDropped {
				out.Files = append(out.Files, l)
			}
		}
	}
	if out.Draft == nil && len(out.Files) == 0 {
		return nil, nil
	}
	return out, nil
}

// proxyDraft is the sitting's draft where a supervisor keeps it for the unit.
func (s *Sitting) proxyDraft() *ProxyDraft {
	if s.Content.Origin == nil || s.Content.Origin.Way != "proxy" || s.Draft.Version == 0 {
		return nil
	}
	verdict := s.Judge()
	return &ProxyDraft{Unit: s.Unit, Version: s.Draft.Version, State: s.State, Origin: *s.Content.Origin, Errors: verdict.Errors, Unexplained: verdict.Unexplained}
}
