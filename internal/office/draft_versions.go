package office

import (
	"context"
	"encoding/json"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// DraftVersion is an earlier state of a draft that can be brought back.
type DraftVersion struct {
	store.Draft // without state
	// Cells and Parts are how many figures and parts of the prose would change
	// in the draft as it stands.
	Cells, Parts int
}

// DraftHistory lists what is kept of a draft, newest first: its versions, and
// drafts that were removed in the last 30 days. The draft as it stands is not
// among them. Errors as of OpenSitting.
func (o *Office) DraftHistory(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period) (*Sitting, []DraftVersion, error) {
	s, err := o.OpenSitting(ctx, v, unit, period)
	if err != nil {
		return nil, nil, err
	}
	versions, err := o.store.DraftVersions(ctx, unit, period)
	if err != nil {
		return nil, nil, err
	}
	var out []DraftVersion
	add := func(d store.Draft) {
		var state DraftState
		if json.Unmarshal(d.State, &state) != nil {
			return // a version that cannot be read cannot be brought back
		}
		d.State = nil
		entry := DraftVersion{Draft: d}
		for i := range max(len(state.Forms), len(s.Content.Forms)) {
			entry.Cells += len(changedCells(&state, &s.Content, i))
		}
		for part := 1; part <= mostParts; part++ {
			if proseIn(&state, part) != proseIn(&s.Content, part) {
				entry.Parts++
			}
		}
		out = append(out, entry)
	}
	for _, d := range versions {
		if d.Version == s.Draft.Version {
			continue
		}
		kept, err := o.store.DraftVersion(ctx, unit, period, d.Version)
		if disclosure.CodeOf(err) == disclosure.ErrNotFound {
			continue // overwritten by a save in this moment
		}
		if err != nil {
			return nil, nil, err
		}
		add(kept)
	}
	removed, err := o.store.RemovedDrafts(ctx, unit, period)
	if err != nil {
		return nil, nil, err
	}
	for _, d := range removed {
		add(d)
	}
	return s, out, nil
}

// mostParts is more than any form has.
const mostParts = 20

func proseIn(d *DraftState, part int) string {
	for _, p := range d.Prose {
		if p.Number == part {
			return p.Text
		}
	}
	return ""
}

// RestoreDraft brings the figures, the prose and the explanations of an
// earlier version back into the draft; what stands now stays among the
// versions. Errors: ErrNotFound when the version is not kept any more, and
// those of SaveDraft.
func (o *Office) RestoreDraft(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, version uint64) (*Sitting, error) {
	if err := v.Demand(people.SeeFiled, unit); err != nil {
		return nil, err
	}
	kept, err := o.store.DraftVersion(ctx, unit, period, version)
	if err != nil {
		return nil, err
	}
	var state DraftState
	if err := json.Unmarshal(kept.State, &state); err != nil {
		return nil, disclosure.Errorf(disclosure.ErrInternal, "这个版本的草稿损坏,请换一个版本。").Because(err)
	}
	s, _, err := o.changeDraft(ctx, v, unit, period, func(s *Sitting) ([]Clash, error) {
		s.Content.Forms, s.Content.Prose, s.Content.Explanations = state.Forms, state.Prose, state.Explanations
		s.Content.Title, s.Content.Sources, s.Content.Origin = state.Title, state.Sources, state.Origin
		for _, a := range state.Authors {
			if !slices.Contains(s.Content.Authors, a) {
				s.Content.Authors = append(s.Content.Authors, a)
			}
		}
		return nil, nil
	})
	return s, err
}

// whoWrote names, for each clash, the person who wrote what stands there, and
// when: by the oldest of the latest versions that hold it.
func (o *Office) whoWrote(ctx context.Context, s *Sitting, clashes []Clash) error {
	if len(clashes) == 0 {
		return nil
	}
	versions, err := o.store.DraftVersions(ctx, s.Unit.Number, s.Period)
	if err != nil {
		return err
	}
	if s.Standing != nil { // what was handed in holds it, unless a draft does
		by := o.PersonName(ctx, s.Standing.By.Name)
		for i := range clashes {
			clashes[i].By, clashes[i].Time = by, s.Standing.Time
		}
	}
	settled := make([]bool, len(clashes))
	for _, d := range versions {
		kept, err := o.store.DraftVersion(ctx, s.Unit.Number, s.Period, d.Version)
		if disclosure.CodeOf(err) == disclosure.ErrNotFound {
			continue
		}
		if err != nil {
			return err
		}
		var state DraftState
		if json.Unmarshal(kept.State, &state) != nil {
			continue
		}
		for i := range clashes {
			switch {
			case settled[i]:
			case state.textAt(clashes[i].Place) == clashes[i].Theirs:
				clashes[i].By, clashes[i].Time = d.Name, d.Time
			default:
				settled[i] = true
			}
		}
	}
	return nil
}

// textAt is what stands at a place of a draft, see Clash.
func (d *DraftState) textAt(place string) string {
	for _, f := range d.Forms {
		if c, ok := f.Cells[disclosure.Code(place)]; ok {
			return Typed(c)
		}
	}
	for _, p := range d.Prose {
		if ProsePlace(p.Number) == place {
			return p.Text
		}
	}
	for _, e := range d.Explanations {
		if ExplanationPlace(e.Rule, e.Aspect, e.Codes) == place {
			return e.Text
		}
	}
	return ""
}
