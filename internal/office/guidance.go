package office

import (
	"context"
	"unicode/utf8"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
)

// LocalGuidance is what a district says beside the forms: what to count in a
// row (填报口径), and how long a part of the prose may be.
type LocalGuidance struct {
	// Texts hold the district's own words by form and place; what is not there
	// is as shipped.
	Texts map[string]disclosure.Guidance `json:"texts,omitempty"`
	// Limits are the most characters of a part, by its number; none without.
	Limits map[int]int `json:"limits,omitempty"`
}

const guidanceID = "guidance"

// mostGuidance bounds a text, in characters.
const mostGuidance = 500

// Guidance returns the district's guidance, and the seq that a change gives as
// seen. It is for everybody who signs in.
func (o *Office) Guidance(ctx context.Context) (LocalGuidance, uint64, error) {
	var g LocalGuidance
	seq, err := o.setting(ctx, guidanceID, &g)
	return g, seq, err
}

// For is the guidance of a form as people see it.
func (g LocalGuidance) For(form string) disclosure.Guidance {
	return disclosure.ShippedGuidance(form).With(g.Texts[form])
}

// PutGuidance changes the guidance; texts that say what is shipped are left
// out, so that a later release's words come through. Errors: ErrForbidden,
// ErrInvalid, ErrConflict when somebody else changed it meanwhile.
func (o *Office) PutGuidance(ctx context.Context, v people.Visitor, g LocalGuidance, seen uint64, act string) error {
	if err := v.Demand(people.Configure, 0); err != nil {
		return err
	}
	kept := LocalGuidance{Texts: map[string]disclosure.Guidance{}, Limits: map[int]int{}}
	for id, texts := range g.Texts {
		form := disclosure.FormByID(id)
		if form == nil {
			return disclosure.Errorf(disclosure.ErrInvalid, "没有名为“%s”的表单,请刷新页面后重试。", id)
		}
		shipped := disclosure.ShippedGuidance(id)
		own := disclosure.Guidance{}
		for _, p := range form.GuidancePlaces() {
			text := texts[p.Place]
			if utf8.RuneCountInString(text) > mostGuidance {
				return disclosure.Errorf(disclosure.ErrInvalid, "“%s”的填报口径超过%d字,请写得简短些。", p.Label, mostGuidance)
			}
			if text != "" && text != shipped[p.Place] {
				own[p.Place] = text
			}
		}
		if len(own) > 0 {
			kept.Texts[id] = own
		}
	}
	for part, limit := range g.Limits {
		if limit < 0 || limit > mostProse {
			return disclosure.Errorf(disclosure.ErrInvalid, "字数上限请填0至%d之间的整数,0表示不限。", mostProse)
		}
		if limit > 0 {
			kept.Limits[part] = limit
		}
	}
	return o.putSetting(ctx, v, guidanceID, kept, seen, act)
}
