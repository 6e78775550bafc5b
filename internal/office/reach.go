package office

import (
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
)

// reach narrows a filter to what the visitor may see under a right, and, on
// the provisional basis, to units whose unapproved reports are open to the
// visitor. Approved figures are for everybody who signs in.
// Error: ErrForbidden when nothing is left.
func (f *Filter) reach(v people.Visitor, units *unitIndex, right people.Right) error {
	rights := []people.Right{}
	if right != "" {
		rights = append(rights, right)
	}
	if f.Basis == Provisional {
		rights = append(rights, people.SeeFiled)
	}
	for _, r := range rights {
		if !v.Anywhere(r) {
			return v.Demand(r, 0)
		}
	}
	f.only = nil
	if !slices.ContainsFunc(rights, func(r people.Right) bool { return !v.Everywhere(r) }) {
		return nil
	}
	f.only = []disclosure.UnitNumber{}
	for i := range units.list {
		n := units.list[i].Number
		if !slices.ContainsFunc(rights, func(r people.Right) bool { return !v.May(r, n) }) {
			f.only = append(f.only, n)
		}
	}
	if len(f.only) == 0 { // each right on some unit, both on none
		return v.Demand(rights[len(rights)-1], 0)
	}
	slices.Sort(f.only)
	return nil
}

// demandBasis refuses the provisional basis of a unit whose unapproved reports
// are not open to the visitor.
func demandBasis(v people.Visitor, basis Basis, unit disclosure.UnitNumber) error {
	if basis != Provisional {
		return nil
	}
	return v.Demand(people.SeeFiled, unit)
}
