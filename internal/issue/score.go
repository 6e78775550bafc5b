package issue

import (
	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// ScoreTable (得分表) is an evaluator's sheet of units x indicators.
type ScoreTable struct {
	Items []ScoreItem `json:"items"`
	Units []UnitScore `json:"units"`
	File  string      `json:"file,omitempty"`
	// Problems are sentences on what was not read, or wants a look; they are for
	// the preview and are not kept.
	Problems []string `json:"-"`
}

// ScoreItem is an indicator with its full marks.
type ScoreItem struct {
	Indicator1 string          `json:"indicator1,omitempty"`
	Indicator2 string          `json:"indicator2"`
	Full       decimal.Decimal `json:"full"`
}

// UnitScore is one unit's marks, as many as there are items.
type UnitScore struct {
	Unit     disclosure.UnitNumber `json:"unit,omitempty"` // 0: no unit of the list bears the name
	UnitText string                `json:"unit_text"`
	Marks    []Mark                `json:"marks"`
	// Total is the score as printed; none when the sheet has no such column.
	Total decimal.NullDecimal `json:"total,omitzero"`
}

// Mark is what a unit got for an indicator: a number, nothing (blank), or 不涉及.
type Mark struct {
	Value       decimal.NullDecimal `json:"v,omitzero"`
	NotInvolved bool                `json:"n,omitempty"`
}

// Rebased is earned and applicable marks, and the score out of 100: earned /
// applicable x 100 to two places. ok is false when nothing applies to the unit.
func (t *ScoreTable) Rebased(u *UnitScore) (earned, applicable, score decimal.Decimal, ok bool) {
	for k, m := range u.Marks {
		if m.NotInvolved || !m.Value.Valid || k >= len(t.Items) {
			continue
		}
		earned, applicable = earned.Add(m.Value.Decimal), applicable.Add(t.Items[k].Full)
	}
	if !applicable.IsPositive() {
		return earned, applicable, decimal.Zero, false
	}
	return earned, applicable, earned.Mul(decimal.NewFromInt(100)).DivRound(applicable, ScorePlaces), true
}

// MarkPlaces is how many decimals a column of marks is printed with: those of
// the longest one.
func MarkPlaces(all ...decimal.Decimal) int32 {
	most := int32(0)
	for _, d := range all {
		for most < 4 && !d.Equal(d.Truncate(most)) {
			most++
		}
	}
	return most
}

// ScorePlaces is how many decimals scores out of 100 have, see Rebased.
const ScorePlaces = 2

// Places are the decimals of the columns 实得分 and 适用分值 of a list's table.
func Places(groups []RankedGroup) (earned, of int32) {
	for _, g := range groups {
		for _, u := range g.Units {
			earned, of = max(earned, MarkPlaces(u.Earned)), max(of, MarkPlaces(u.Of))
		}
	}
	return earned, of
}
