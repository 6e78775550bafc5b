package office

import (
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/store"
)

// ReturnedUnchanged are the cells that came back, of the report and of the
// annexes filed with it, that still hold what they held and have no explanation:
// most likely forgotten.
func (s *Sitting) ReturnedUnchanged() []disclosure.Code {
	if s.State != filing.Returned || s.Standing == nil || s.Standing.Return == nil {
		return nil
	}
	var out []disclosure.Code
	for _, c := range s.Standing.Return.Cells {
		was, known := cellIn(s.filed, c.Code)
		now, _ := cellIn(s.Content.Forms, c.Code)
		if !known || !sameCell(was, now) {
			continue
		}
		if !slices.ContainsFunc(s.Content.Explanations, func(e store.Explanation) bool {
			return Explains(e.Text) && slices.Contains(e.Codes, c.Code)
		}) {
			out = append(out, c.Code)
		}
	}
	return out
}

// cellIn finds a cell among a sitting's tables; known says whether one of them
// has such a cell.
func cellIn(forms []DraftForm, code disclosure.Code) (c disclosure.Cell, known bool) {
	for _, f := range forms {
		if form := disclosure.FormByID(f.Form); form != nil {
			if _, known = form.Cell(code); known {
				return f.Cells[code], true
			}
		}
	}
	return c, false
}
