package issue

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// Remark is a mark, printed total or full mark that a second score sheet has
// otherwise than the table that it is merged into.
type Remark struct {
	UnitText  string `json:"unit_text"` // "" for an indicator's full marks
	Indicator string `json:"indicator"` // "" for the unit's printed total
	Was       string `json:"was"`
	Now       string `json:"now"`
}

// RemarksPrint names a set of remarks, so that a person confirms what was seen
// and nothing else; "" for none.
func RemarksPrint(list []Remark) string {
	if len(list) == 0 {
		return ""
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", list))
	return hex.EncodeToString(sum[:8])
}

// Merge is the table with a second sheet's marks put in, unit by unit and
// indicator by indicator. What the sheet does not have, or leaves blank, stays;
// kept counts such marks. remarks are all that is otherwise afterwards than it
// was, blank marks that are filled in left out. A nil table takes the sheet.
func (t *ScoreTable) Merge(sheet *ScoreTable) (out *ScoreTable, remarks []Remark, kept int) {
	if t == nil {
		return sheet, nil, 0
	}
	out = &ScoreTable{Items: slices.Clone(t.Items), Units: slices.Clone(t.Units), File: sheet.File, Problems: sheet.Problems}
	at := make([]int, len(sheet.Items)) // of the sheet's indicators in the table
	for k, item := range sheet.Items {
		at[k] = out.item(item)
		if at[k] < 0 || slices.Contains(at[:k], at[k]) {
			at[k] = len(out.Items)
			out.Items = append(out.Items, item)
			continue
		}
		if held := &out.Items[at[k]]; !held.Full.Equal(item.Full) {
			remarks = append(remarks, Remark{Indicator: held.Indicator2, Was: held.Full.String(), Now: item.Full.String()})
			held.Full = item.Full
		}
	}
	for n := range out.Units { // as many marks as indicators
		u := &out.Units[n]
		u.Marks = slices.Clone(u.Marks)
		for len(u.Marks) < len(out.Items) {
			u.Marks = append(u.Marks, Mark{})
		}
	}
	held, met := len(t.Units), map[int]bool{}
	for _, row := range sheet.Units {
		n := out.unit(&row, held)
		if n < 0 || met[n] { // a unit that stands in the sheet twice stays to be seen twice
			out.Units = append(out.Units, UnitScore{Unit: row.Unit, UnitText: row.UnitText, Marks: make([]Mark, len(out.Items)), Total: row.Total})
			u := &out.Units[len(out.Units)-1]
			for k := range min(len(row.Marks), len(at)) {
				u.Marks[at[k]] = row.Marks[k]
			}
			continue
		}
		met[n] = true
		remarks = append(remarks, out.Units[n].take(&row, at, out.Items)...)
	}
	for n := range t.Units {
		for k := range t.Units[n].Marks {
			if MarkText(t.Units[n].Marks[k]) != "" && (!met[n] || !slices.Contains(at, k)) {
				kept++
			}
		}
	}
	return out, remarks, kept
}

// take puts a sheet's row into the unit's; at says where its marks go.
func (u *UnitScore) take(row *UnitScore, at []int, items []ScoreItem) (remarks []Remark) {
	if u.Unit == 0 {
		u.Unit = row.Unit
	}
	changed, covered := false, map[int]bool{}
	for k := range min(len(row.Marks), len(at)) {
		was, now := MarkText(u.Marks[at[k]]), MarkText(row.Marks[k])
		if now == "" {
			continue
		}
		covered[at[k]] = true
		if was == now {
			continue
		}
		changed = true
		u.Marks[at[k]] = row.Marks[k]
		if was != "" {
			remarks = append(remarks, Remark{UnitText: u.UnitText, Indicator: items[at[k]].Indicator2, Was: was, Now: now})
		}
	}
	// A total is printed over its own sheet's marks: it stands for the row when
	// that sheet has all of them.
	total := u.Total
	whole := true
	for k, m := range u.Marks {
		whole = whole && (covered[k] || MarkText(m) == "")
	}
	switch {
	case whole && row.Total.Valid:
		total = row.Total
	case changed:
		total = decimal.NullDecimal{}
	}
	if u.Total.Valid && (!total.Valid || !total.Decimal.Equal(u.Total.Decimal)) {
		r := Remark{UnitText: u.UnitText, Was: u.Total.Decimal.String()}
		if total.Valid {
			r.Now = total.Decimal.String()
		}
		remarks = append(remarks, r)
	}
	u.Total = total
	return remarks
}

// item is where an indicator stands in the table, below 0 for nowhere. Where one
// side does not say the upper level, the only one of the name is meant.
func (t *ScoreTable) item(item ScoreItem) int {
	found, same := -1, 0
	for k, held := range t.Items {
		if disclosure.NormalName(held.Indicator2) != disclosure.NormalName(item.Indicator2) {
			continue
		}
		if disclosure.NormalName(held.Indicator1) == disclosure.NormalName(item.Indicator1) {
			return k
		}
		if same++; held.Indicator1 == "" || item.Indicator1 == "" {
			found = k
		}
	}
	if same > 1 {
		return -1
	}
	return found
}

// unit is where a row's unit stands among the first rows of the table, below 0
// for nowhere. A row that no unit is known for goes by its name, also to a row
// for which a person chose the unit.
func (t *ScoreTable) unit(row *UnitScore, first int) int {
	if row.Unit != 0 {
		if n := slices.IndexFunc(t.Units[:first], func(u UnitScore) bool { return u.Unit == row.Unit }); n >= 0 {
			return n
		}
	}
	return slices.IndexFunc(t.Units[:first], func(u UnitScore) bool {
		return (row.Unit == 0 || u.Unit == 0) && disclosure.NormalName(u.UnitText) == disclosure.NormalName(row.UnitText)
	})
}
