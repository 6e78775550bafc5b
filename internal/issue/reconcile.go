package issue

import (
	"fmt"

	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// Difference is where a score table and the list's deductions do not agree.
type Difference struct {
	Unit      disclosure.UnitNumber `json:"unit,omitempty"`
	UnitText  string                `json:"unit_text"`
	Indicator string                `json:"indicator,omitempty"` // "" is about the unit's total
	// Lost is full marks minus the mark, Deducted the sum of the list's
	// deductions for it.
	Lost     decimal.Decimal `json:"lost"`
	Deducted decimal.Decimal `json:"deducted"`
	Message  string          `json:"message"`
}

// Reconcile holds full marks minus deductions against the marks, indicator by
// indicator, and the printed totals against the sum of the marks or the score
// out of 100 of what applies. Rows without a deduction count as 0. A unit of
// which nothing was entered is 未评分 and not told of.
func (t *ScoreTable) Reconcile(rows []*Content) []Difference {
	type key struct {
		unit      string
		indicator string
	}
	unitKey := func(n disclosure.UnitNumber, text string) string {
		if n != 0 {
			return fmt.Sprint(n)
		}
		return disclosure.NormalName(text)
	}
	deducted, met := map[key]decimal.Decimal{}, map[key]bool{}
	for _, r := range rows {
		k := key{unitKey(r.Unit, r.UnitText), disclosure.NormalName(r.Indicator2)}
		deducted[k] = deducted[k].Add(r.Deduction.Decimal)
	}
	var out []Difference
	for i := range t.Units {
		u := &t.Units[i]
		if !u.Entered() {
			continue
		}
		name := unitKey(u.Unit, u.UnitText)
		for m, mark := range u.Marks {
			item := t.Items[m]
			k := key{name, disclosure.NormalName(item.Indicator2)}
			met[k] = true
			d := Difference{Unit: u.Unit, UnitText: u.UnitText, Indicator: item.Indicator2, Deducted: deducted[k]}
			switch {
			case mark.NotInvolved && d.Deducted.IsPositive():
				d.Message = fmt.Sprintf("“%s”的“%s”在得分表中不涉及,清单却扣了%s分,请核对。", u.UnitText, item.Indicator2, d.Deducted)
			case mark.NotInvolved:
				continue
			case !mark.Value.Valid:
				d.Message = fmt.Sprintf("“%s”的“%s”在得分表中是空的,清单扣分%s,请补上得分或写“不涉及”。", u.UnitText, item.Indicator2, d.Deducted)
			default:
				d.Lost = item.Full.Sub(mark.Value.Decimal)
				if d.Lost.Equal(d.Deducted) {
					continue
				}
				d.Message = fmt.Sprintf("“%s”的“%s”满分%s,得%s,应扣%s分,清单扣分合计%s,请核对。", u.UnitText, item.Indicator2, item.Full, mark.Value.Decimal, d.Lost, d.Deducted)
			}
			out = append(out, d)
		}
		if d := t.total(u); d != nil {
			out = append(out, *d)
		}
	}
	scored := map[string]string{}
	for i := range t.Units {
		if t.Units[i].Entered() {
			scored[unitKey(t.Units[i].Unit, t.Units[i].UnitText)] = t.Units[i].UnitText
		}
	}
	for _, r := range rows { // in the order of the list
		k := key{unitKey(r.Unit, r.UnitText), disclosure.NormalName(r.Indicator2)}
		if unit, ok := scored[k.unit]; ok && !met[k] && deducted[k].IsPositive() {
			met[k] = true
			out = append(out, Difference{Unit: r.Unit, UnitText: unit, Indicator: r.Indicator2, Deducted: deducted[k],
				Message: fmt.Sprintf("“%s”在清单中有“%s”的扣分%s,得分表没有这一指标,请核对指标名称。", unit, r.Indicator2, deducted[k])})
		}
	}
	return out
}

// total holds a printed total against the sum of the marks, or the score out of
// 100 of what applies.
func (t *ScoreTable) total(u *UnitScore) *Difference {
	if !u.Total.Valid {
		return nil
	}
	earned, _, score, ok := t.Rebased(u)
	if earned.Equal(u.Total.Decimal) || ok && score.Sub(u.Total.Decimal).Abs().LessThanOrEqual(decimal.New(5, -2)) {
		return nil // to a tenth, half of which is 0.05, is how tables round
	}
	return &Difference{Unit: u.Unit, UnitText: u.UnitText,
		Message: fmt.Sprintf("“%s”的总分印作%s,各项得分之和是%s,按涉及指标换算是%s,请核对。", u.UnitText, u.Total.Decimal, earned, score)}
}
