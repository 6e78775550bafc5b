package office

import (
	"context"
	"encoding/json"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
)

// Typing is the texts of a whole form, as a page sends them without a script.
type Typing struct {
	Cells        map[disclosure.Code]string
	Prose        map[int]string
	Explanations []ExplanationPatch // Was is not looked at
}

// SaveTyped keeps a whole form that was typed over one version of the draft (0:
// over what the draft would begin with): what differs from that version is the
// person's change, and clashes only where somebody else changed the same place.
// Errors as of SaveDraft.
func (o *Office) SaveTyped(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, version uint64, t Typing) (*Sitting, []Clash, error) {
	s, err := o.OpenSitting(ctx, v, unit, period)
	if err != nil {
		return nil, nil, err
	}
	base := &s.Content
	if version != s.Draft.Version {
		if base, err = o.baseOf(ctx, s, version); err != nil {
			return nil, nil, err
		}
	}
	p := Patch{}
	for code, now := range t.Cells {
		if was := base.textAt(string(code)); was != now {
			p.Cells = append(p.Cells, CellPatch{Code: code, Was: was, Now: now})
		}
	}
	for part, now := range t.Prose {
		if was := proseIn(base, part); was != now {
			p.Prose = append(p.Prose, ProsePatch{Part: part, Was: was, Now: now})
		}
	}
	for _, e := range t.Explanations {
		if e.Was = explanationIn(base.Explanations, e.Rule, e.Aspect, e.Codes); e.Was != e.Now {
			p.Explanations = append(p.Explanations, e)
		}
	}
	return o.SaveDraft(ctx, v, unit, period, p)
}

// baseOf is the draft that a person typed over.
func (o *Office) baseOf(ctx context.Context, s *Sitting, version uint64) (*DraftState, error) {
	if version == 0 {
		onFile, err := o.sittingOnFile(ctx, s.Unit, s.Period)
		if err != nil {
			return nil, err
		}
		return &onFile.fresh, nil
	}
	kept, err := o.store.DraftVersion(ctx, s.Unit.Number, s.Period, version)
	if disclosure.CodeOf(err) == disclosure.ErrNotFound {
		return &s.Content, nil // too long ago: what is typed counts as a change of what stands
	}
	if err != nil {
		return nil, err
	}
	var state DraftState
	return &state, json.Unmarshal(kept.State, &state)
}
