package office

import (
	"slices"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/store"
)

// Filter is what a page is asked for. The zero Year means the latest year with
// reports; empty Kind and Group mean all.
type Filter struct {
	Year  disclosure.Year
	Basis store.Basis
	Kind  disclosure.UnitKind
	Group string // 考核分组, as it is in Year
	// only are the units within the visitor's reach, rising; nil: all.
	only []disclosure.UnitNumber
}

// Basis says which reports are meant.
type Basis = store.Basis

// The bases, for callers that do not know the store.
const (
	Approved    = store.Approved
	Provisional = store.Provisional
)

// Choices are what the filters of a page can be set to.
type Choices struct {
	Years  []disclosure.Year // with reports, latest first
	Kinds  []disclosure.UnitKind
	Groups []string
}

// expects says whether a unit has a report to file in the filter's year and is
// of its kind and group. Of an entry that an import made for an unknown name
// (待确认) nobody knows that it is a unit, so nothing is expected of it.
func (f Filter) expects(u *disclosure.Unit) bool {
	return !u.Unconfirmed && u.ReportsIn(f.Year) && f.includes(u)
}

func (f Filter) includes(u *disclosure.Unit) bool {
	if f.only != nil {
		if _, within := slices.BinarySearch(f.only, u.Number); !within {
			return false
		}
	}
	return (f.Kind == "" || u.Kind == f.Kind) && (f.Group == "" || u.In(f.Year).Group == f.Group)
}

// units narrows a query: nil when the filter takes every unit, and empty when
// it takes none, in which case there is nothing to ask (see takesNone).
func (f Filter) units(all []disclosure.Unit) []disclosure.UnitNumber {
	if f.Kind == "" && f.Group == "" && f.only == nil {
		return nil
	}
	out := []disclosure.UnitNumber{}
	for i := range all {
		if f.includes(&all[i]) {
			out = append(out, all[i].Number)
		}
	}
	return out
}

func takesNone(units []disclosure.UnitNumber) bool { return units != nil && len(units) == 0 }

func choicesOf(units []disclosure.Unit, years []disclosure.Year, y disclosure.Year) Choices {
	c := Choices{Years: slices.Clone(years)}
	slices.Sort(c.Years)
	slices.Reverse(c.Years)
	for i := range units {
		if g := units[i].In(y).Group; g != "" && !slices.Contains(c.Groups, g) {
			c.Groups = append(c.Groups, g)
		}
		if k := units[i].Kind; k != "" && !slices.Contains(c.Kinds, k) {
			c.Kinds = append(c.Kinds, k)
		}
	}
	slices.Sort(c.Groups)
	return c
}

// byOrder puts units as the district lists them: by their sort number, then by
// number.
func byOrder(a, b *disclosure.Unit) int {
	if a.Sort != b.Sort {
		return a.Sort - b.Sort
	}
	if a.Number != b.Number {
		return int(a.Number) - int(b.Number)
	}
	return strings.Compare(a.Name, b.Name)
}
