package office

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/people"
)

// SaveDraft keeps a person's changes in the unit's draft. What clashes with
// somebody else's is returned and not kept; the rest is. Errors: ErrForbidden,
// ErrConflict when the report's state takes no changes, ErrInvalid.
func (o *Office) SaveDraft(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, p Patch) (*Sitting, []Clash, error) {
	s, clashes, err := o.changeDraft(ctx, v, unit, period, func(s *Sitting) ([]Clash, error) { return s.apply(p, v, o.clock()) })
	if err != nil {
		return nil, nil, err
	}
	return s, clashes, o.whoWrote(ctx, s, clashes)
}

// TryPatch is SaveDraft without keeping anything: what the checks would say.
func (o *Office) TryPatch(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, p Patch) (*Sitting, []Clash, error) {
	s, err := o.OpenSitting(ctx, v, unit, period)
	if err != nil {
		return nil, nil, err
	}
	s.own()
	clashes, err := s.apply(p, v, o.clock())
	if err != nil {
		return nil, nil, err
	}
	return s, clashes, o.whoWrote(ctx, s, clashes)
}

// saveTries is how often a change is made anew over somebody else's save.
const saveTries = 5

// changeDraft makes a change on the draft as it stands, anew when somebody else
// saved in between, and keeps it.
func (o *Office) changeDraft(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, change func(*Sitting) ([]Clash, error)) (*Sitting, []Clash, error) {
	for try := 1; ; try++ {
		s, err := o.OpenSitting(ctx, v, unit, period)
		if err != nil {
			return nil, nil, err
		}
		t, err := filing.Next(s.State, filing.Save)
		if err != nil {
			return nil, nil, err
		}
		if !t.Allows(v, unit) {
			return nil, nil, v.Demand(people.FileReport, unit)
		}
		s.own()
		clashes, err := change(s)
		if err != nil {
			return nil, nil, err
		}
		if unchanged(s) {
			return s, clashes, nil
		}
		if !slices.Contains(s.Content.Authors, v.Account) {
			s.Content.Authors = append(s.Content.Authors, v.Account)
		}
		if s.Draft.State, err = json.Marshal(s.Content); err != nil {
			return nil, nil, disclosure.Errorf(disclosure.ErrInternal, "草稿无法保存,请联系管理员。").Because(err)
		}
		s.Draft.Person, s.Draft.Name, s.Draft.Time = v.Account, v.Name, o.clock()
		saved, err := o.store.SaveDraft(ctx, s.Draft)
		if disclosure.CodeOf(err) == disclosure.ErrConflict && err != nil && try < saveTries {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		s.Draft = saved
		if s.State == filing.Missing {
			s.State = filing.Draft
		}
		s.Acts = filing.Possible(s.State, v, unit, s.UnitReviews)
		return s, clashes, nil
	}
}

// unchanged says whether the draft holds what it held: then it is not saved
// anew, and whoever looks at it does not become an author.
func unchanged(s *Sitting) bool {
	if s.Draft.Version == 0 {
		return false
	}
	now, err := json.Marshal(s.Content)
	return err == nil && bytes.Equal(now, s.Draft.State)
}

// own gives the sitting cells and texts of its own: those of a report on file
// are shared with other readers.
func (s *Sitting) own() {
	s.Content.Forms = slices.Clone(s.Content.Forms)
	for i, f := range s.Content.Forms {
		cells := make(map[disclosure.Code]disclosure.Cell, len(f.Cells))
		for code, c := range f.Cells {
			cells[code] = c
		}
		s.Content.Forms[i].Cells = cells
	}
	s.Content.Prose = slices.Clone(s.Content.Prose)
	s.Content.Explanations = slices.Clone(s.Content.Explanations)
	s.Content.Authors = slices.Clone(s.Content.Authors)
	s.Content.Sources = slices.Clone(s.Content.Sources)
}
