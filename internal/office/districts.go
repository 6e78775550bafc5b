package office

import (
	"cmp"

	"mingjing/internal/disclosure"
)

// district is whose reports are compared with one another: those of the units
// under one root. Units that stand alone, as an import without a unit list
// makes them, are taken together in parts.
type district struct {
	root disclosure.UnitNumber // 0: units that stand alone
	part int
}

func (d district) compare(o district) int {
	return cmp.Or(cmp.Compare(d.root, o.root), cmp.Compare(d.part, o.part))
}

// alonePart is how many units that stand alone make a district.
const alonePart = 1000

// districtIndex knows which units belong together.
type districtIndex struct {
	units   map[disclosure.UnitNumber]*disclosure.Unit
	byUnit  map[disclosure.UnitNumber]district
	members map[district][]disclosure.UnitNumber
}

func districtsOf(list []disclosure.Unit) *districtIndex {
	x := &districtIndex{units: map[disclosure.UnitNumber]*disclosure.Unit{}, byUnit: map[disclosure.UnitNumber]district{},
		members: map[district][]disclosure.UnitNumber{}}
	hasChildren := map[disclosure.UnitNumber]bool{}
	for i := range list {
		x.units[list[i].Number] = &list[i]
		hasChildren[list[i].Parent] = true
	}
	alone := 0
	for i := range list {
		u := &list[i]
		d := district{root: x.root(u)}
		if d.root == u.Number && !hasChildren[u.Number] {
			d = district{part: alone / alonePart}
			alone++
		}
		x.byUnit[u.Number] = d
		x.members[d] = append(x.members[d], u.Number)
	}
	return x
}

// root climbs to the unit that has no parent; a list that runs in circles ends
// at the unit itself.
func (x *districtIndex) root(u *disclosure.Unit) disclosure.UnitNumber {
	at := u
	for range 16 {
		parent := x.units[at.Parent]
		if at.Parent == 0 || parent == nil {
			return at.Number
		}
		at = parent
	}
	return u.Number
}

func (x *districtIndex) of(u disclosure.UnitNumber) district { return x.byUnit[u] }

// listed are the units of a unit's district.
func (x *districtIndex) listed(u disclosure.UnitNumber) []disclosure.Unit {
	numbers := x.members[x.of(u)]
	out := make([]disclosure.Unit, 0, len(numbers))
	for _, n := range numbers {
		out = append(out, *x.units[n])
	}
	return out
}
