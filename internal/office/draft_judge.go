package office

import (
	"context"
	"fmt"
	"slices"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/people"
)

// FillZeros is 零报告: every blank cell of tables 三 and 四 becomes a confirmed
// zero. What is filled in stays.
func (o *Office) FillZeros(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period) (*Sitting, error) {
	s, _, err := o.changeDraft(ctx, v, unit, period, func(s *Sitting) ([]Clash, error) {
		part := &s.Content.Forms[0]
		for _, def := range disclosure.FormByID(part.Form).Cells() {
			if (def.Table.Key == "T3" || def.Table.Key == "T4") && part.Cells[def.Code].Kind != disclosure.CellNumber &&
				(part.Cells[def.Code].Kind == "" || part.Cells[def.Code].Kind == disclosure.CellBlank) {
				part.Cells[def.Code] = disclosure.ParseCell("0", def.Value, def.Unit)
			}
		}
		return nil, nil
	})
	return s, err
}

// Verdict is what the rules say of a draft.
type Verdict struct {
	Findings []check.Finding
	// Computed are the totals that follow from what is filled in.
	Computed map[disclosure.Code]string
	// Errors and Unexplained count what stands against handing on.
	Errors, Unexplained int
}

// MustExplain says whether a finding asks for an explanation before the report
// is handed on: reading prose is a guess, so TXT and CPY never stand in the way.
func MustExplain(f check.Finding) bool {
	return f.Severity == check.Explain && !check.Guesses(f.Rule)
}

// Judge runs the rules over the draft.
func (s *Sitting) Judge() Verdict {
	var v Verdict
	for i, f := range s.Content.Forms {
		r := s.Report(f.Form)
		if r.Form == nil {
			continue
		}
		var before check.Before
		if i == 0 {
			before = s.merged
			before.Last = s.LastReport()
		} else if !anyFilled(f.Cells) {
			continue // a local table that is not begun is not asked for
		}
		v.Findings = append(v.Findings, s.rules.Report(s.Unit, r, before)...)
	}
	if f, blank := s.blankTotals(); blank {
		v.Findings = append([]check.Finding{f}, v.Findings...)
	}
	v.Computed = s.computed()
	for _, f := range v.Findings {
		switch {
		case f.Severity == check.Error:
			v.Errors++
		case MustExplain(f) && !Explains(s.Explanation(f)):
			v.Unexplained++
		}
	}
	return v
}

// blankTotals finds the totals of the national tables 三 and 四 that hold no
// number. In a report that came from elsewhere a blank total makes a rule not
// assessable; whoever files here is asked for it, or a report could be handed in
// that no sum was tried on.
func (s *Sitting) blankTotals() (f check.Finding, blank bool) {
	part := s.Content.Forms[0]
	form := disclosure.FormByID(part.Form)
	if form == nil {
		return f, false
	}
	var codes []disclosure.Code
	for _, sum := range form.Sums {
		if sum.Table != "T3" && sum.Table != "T4" {
			continue
		}
		for _, line := range form.SumLines(sum) {
			for _, c := range line.Totals {
				def, ok := form.Cell(c)
				if ok && !def.Alternate && !part.Cells[c].IsNumber() && !slices.Contains(codes, c) {
					codes = append(codes, c)
				}
			}
		}
	}
	if len(codes) == 0 {
		return f, false
	}
	slices.SortFunc(codes, func(a, b disclosure.Code) int { return form.Order(a) - form.Order(b) })
	return check.Finding{Rule: "FMT-R3", Aspect: "totals", Severity: check.Error, Codes: codes,
		Message: fmt.Sprintf("表三、表四还有%d处合计没有填写,合计空着就无法核对;请填写,没有的填0,也可以采用算得的合计。", len(codes))}, true
}

func anyFilled(cells map[disclosure.Code]disclosure.Cell) bool {
	for _, c := range cells {
		if c.Kind != disclosure.CellBlank {
			return true
		}
	}
	return false
}

// computed are the totals of the draft's sums, by their single total's cell.
func (s *Sitting) computed() map[disclosure.Code]string {
	out := map[disclosure.Code]string{}
	for _, part := range s.Content.Forms {
		form := disclosure.FormByID(part.Form)
		if form == nil {
			continue
		}
		for _, sum := range form.Sums {
			for _, l := range form.SumLines(sum) {
				if total, ok := l.Total(part.Cells); ok && len(l.Totals) == 1 {
					if _, twice := out[l.Totals[0]]; !twice {
						out[l.Totals[0]] = total.String()
					}
				}
			}
		}
	}
	return out
}
