package office

import (
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/store"
)

// ReturnedUnchanged are the cells of the report that came back, still hold what
// they held, and have no explanation: most likely forgotten.
func (s *Sitting) ReturnedUnchanged() []disclosure.Code {
	if s.State != filing.Returned || s.Standing == nil || s.Standing.Return == nil {
		return nil
	}
	form := disclosure.FormByID(s.Standing.FormID)
	if form == nil {
		return nil
	}
	now := s.National()
	var out []disclosure.Code
	for _, c := range s.Standing.Return.Cells {
		if _, ok := form.Cell(c.Code); !ok || !sameCell(s.Standing.Cells[c.Code], now.Cells[c.Code]) {
			continue
		}
		if !slices.ContainsFunc(s.Content.Explanations, func(e store.Explanation) bool {
			return e.Text != "" && slices.Contains(e.Codes, c.Code)
		}) {
			out = append(out, c.Code)
		}
	}
	return out
}
