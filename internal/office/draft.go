package office

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/store"
)

// DraftState is what a draft holds: the unit's whole sitting for a year, the
// national report and the local tables that are filed with it.
type DraftState struct {
	Scope disclosure.Scope `json:"scope"`
	Title string           `json:"title,omitempty"`
	// Forms hold the figures, the national form first.
	Forms        []DraftForm            `json:"forms"`
	Prose        []disclosure.ProsePart `json:"prose,omitempty"`
	Explanations []store.Explanation    `json:"explanations,omitempty"`
	Sources      []store.SourceFile     `json:"sources,omitempty"`
	Origin       *store.Origin          `json:"origin,omitempty"`
	// Base is the seq of each report, by family, that the draft goes on from;
	// none for a first one.
	Base map[string]uint64 `json:"base,omitempty"`
	// Authors are those who changed the draft: none of them reviews it.
	Authors []string `json:"authors,omitempty"`
}

// DraftForm is one form's figures in a draft.
type DraftForm struct {
	Form  string                              `json:"form"`
	Cells map[disclosure.Code]disclosure.Cell `json:"cells"`
}

// draftOf reads the draft, or makes the one that a first save will keep.
func (o *Office) draftOf(ctx context.Context, s *Sitting, fresh DraftState) error {
	s.Draft, s.Content = store.Draft{Unit: s.Unit.Number, Period: s.Period}, fresh
	d, err := o.store.Draft(ctx, s.Unit.Number, s.Period)
	switch {
	case disclosure.CodeOf(err) == disclosure.ErrNotFound:
		return nil
	case err != nil:
		return err
	}
	s.Draft = d
	var kept DraftState
	if err := json.Unmarshal(d.State, &kept); err != nil {
		return disclosure.Errorf(disclosure.ErrInternal, "草稿损坏,请联系管理员从较早的版本恢复。").Because(err)
	}
	if s.State == filing.Missing {
		s.State = filing.Draft
	}
	switch {
	case sameBase(kept.Base, fresh.Base):
		s.Content = kept
	case sameWork(&kept, &fresh):
		// The process ended between handing the draft on and forgetting it.
	default:
		s.OutOfStep = true
		if s.Editable() {
			s.Content = kept
		}
	}
	return nil
}

// sameWork says whether two drafts hold the same: then nobody's work is lost
// with one of them.
func sameWork(a, b *DraftState) bool {
	for i := range max(len(a.Forms), len(b.Forms)) {
		if len(changedCells(a, b, i)) > 0 {
			return false
		}
	}
	text := func(d *DraftState) string {
		var out strings.Builder
		for _, p := range d.Prose {
			if p.Text != "" {
				fmt.Fprintf(&out, "%d %s\n", p.Number, p.Text)
			}
		}
		return out.String()
	}
	return text(a) == text(b)
}

// changedCells lists the codes that stand otherwise in two drafts' i-th form.
func changedCells(a, b *DraftState, i int) []disclosure.Code {
	var x, y map[disclosure.Code]disclosure.Cell
	if i < len(a.Forms) {
		x = a.Forms[i].Cells
	}
	if i < len(b.Forms) {
		y = b.Forms[i].Cells
	}
	var out []disclosure.Code
	for code, c := range x {
		if Typed(c) != Typed(y[code]) {
			out = append(out, code)
		}
	}
	for code, c := range y {
		if _, both := x[code]; !both && Typed(c) != "" {
			out = append(out, code)
		}
	}
	return out
}

func sameBase(a, b map[string]uint64) bool {
	if len(a) != len(b) {
		return false
	}
	for family, seq := range a {
		if b[family] != seq {
			return false
		}
	}
	return true
}

// freshDraft is what work begins with: the newest revision, or empty forms.
func (o *Office) freshDraft(ctx context.Context, r *store.StoredReport, standings []store.Standing, u *disclosure.Unit, p disclosure.Period) (DraftState, error) {
	out := DraftState{Scope: u.In(p.Year).Scope, Base: map[string]uint64{}}
	national := disclosure.FormFor(disclosure.FamilyNational, p.Year)
	if r != nil {
		out.Scope, out.Base[r.Key.Family] = r.Key.Scope, r.Seq
	}
	if r != nil && r.Status != store.StatusWithdrawn {
		out.Title, out.Prose, out.Sources, out.Origin = r.Title, r.Prose, r.Sources, r.Origin
		out.Explanations = r.Explanations
		out.Forms = append(out.Forms, DraftForm{Form: r.FormID, Cells: r.Cells})
		if r.Status != store.StatusApproved { // their work is in it until others have passed it
			out.Authors = r.Authors
		}
	} else {
		out.Forms = append(out.Forms, DraftForm{Form: national.ID, Cells: map[disclosure.Code]disclosure.Cell{}})
	}
	annexes, err := o.annexForms(ctx, p.Year)
	if err != nil {
		return out, err
	}
	for _, form := range annexes {
		part := DraftForm{Form: form.ID, Cells: map[disclosure.Code]disclosure.Cell{}}
		key := store.ReportKey{Unit: u.Number, Period: p, Family: form.Family, Scope: out.Scope}
		if slices.ContainsFunc(standings, func(c store.Standing) bool { return c.Key == key }) {
			r, err := o.store.ReportAtStanding(ctx, key)
			if err != nil {
				return out, err
			}
			out.Base[form.Family] = r.Seq
			if r.Status != store.StatusWithdrawn {
				part.Cells = r.Cells
			}
		}
		out.Forms = append(out.Forms, part)
	}
	return out, nil
}

// annexForms are the local tables that are filed with a year's report.
func (o *Office) annexForms(ctx context.Context, y disclosure.Year) ([]*disclosure.Form, error) {
	settings, _, err := o.Settings(ctx)
	if err != nil || settings.NoAnnex {
		return nil, err
	}
	var out []*disclosure.Form
	for _, f := range disclosure.Forms() {
		if f.Family != disclosure.FamilyNational && f.Subject == disclosure.SubjectUnit && f.Period == disclosure.PeriodYear && disclosure.FormFor(f.Family, y) == f {
			out = append(out, f)
		}
	}
	return out, nil
}
