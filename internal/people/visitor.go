package people

import (
	"slices"

	"mingjing/internal/disclosure"
)

// Tree knows which unit stands above which, and who took abolished units over.
type Tree struct {
	parent map[disclosure.UnitNumber]disclosure.UnitNumber
	heirs  map[disclosure.UnitNumber][]disclosure.UnitNumber
}

// NewTree reads parents and successors out of a unit list.
func NewTree(units []disclosure.Unit) *Tree {
	t := &Tree{parent: make(map[disclosure.UnitNumber]disclosure.UnitNumber, len(units)), heirs: map[disclosure.UnitNumber][]disclosure.UnitNumber{}}
	for i := range units {
		t.parent[units[i].Number] = units[i].Parent
		if units[i].Last != 0 && len(units[i].Successors) > 0 {
			t.heirs[units[i].Number] = units[i].Successors
		}
	}
	return t
}

// inherited are the rights that go over to the successor of an abolished unit:
// its last report is filed by who took it over.
var inherited = []Right{SeeFindings, SeeFiled, FileReport, ReviewReport}

// takenOver says whether a unit that took over an abolished one, at once or in
// turn, lies within root.
func (t *Tree) takenOver(unit, root disclosure.UnitNumber) bool {
	if t == nil {
		return false
	}
	seen := map[disclosure.UnitNumber]bool{unit: true}
	for next := t.heirs[unit]; len(next) > 0; {
		var further []disclosure.UnitNumber
		for _, heir := range next {
			if seen[heir] {
				continue
			}
			seen[heir] = true
			if t.Within(heir, root) {
				return true
			}
			further = append(further, t.heirs[heir]...)
		}
		next = further
	}
	return false
}

// deepest bounds the climb: a list that runs in circles ends.
const deepest = 16

// Within says whether unit is root or stands below it; root 0 holds all.
func (t *Tree) Within(unit, root disclosure.UnitNumber) bool {
	if root == 0 {
		return true
	}
	for range deepest {
		switch {
		case unit == root:
			return true
		case unit == 0 || t == nil:
			return false
		}
		unit = t.parent[unit]
	}
	return false
}

// Visitor is who does something now: a person who signed in, or a command on
// the machine, which may do everything that the owner of the data folder may.
type Visitor struct {
	Person
	Address string
	tree    *Tree
	machine bool
}

// NewVisitor is a person over the tree of units as it stands.
func NewVisitor(p Person, address string, tree *Tree) Visitor {
	return Visitor{Person: p, Address: address, tree: tree}
}

// Machine is the operating-system user who runs a command ("os:root").
func Machine(account, address string) Visitor {
	return Visitor{Person: Person{Account: account, Name: account}, Address: address, machine: true}
}

// IsMachine says whether a command acts, not a person.
func (v Visitor) IsMachine() bool { return v.machine }

// May says whether the visitor has the right on a unit; unit 0 asks for the
// district as a whole.
func (v Visitor) May(right Right, unit disclosure.UnitNumber) bool {
	if v.machine {
		return true
	}
	for _, g := range v.Grants {
		if !g.Role.Gives(right) {
			continue
		}
		if v.tree.Within(unit, g.Unit) || slices.Contains(inherited, right) && v.tree.takenOver(unit, g.Unit) {
			return true
		}
	}
	return false
}

// Anywhere says whether the visitor has the right on any unit.
func (v Visitor) Anywhere(right Right) bool {
	if v.machine {
		return true
	}
	for _, g := range v.Grants {
		if g.Role.Gives(right) {
			return true
		}
	}
	return false
}

// Everywhere says whether the visitor has the right on all units.
func (v Visitor) Everywhere(right Right) bool { return v.May(right, 0) }

// Demand is May as an error: ErrForbidden with one sentence.
func (v Visitor) Demand(right Right, unit disclosure.UnitNumber) error {
	if v.May(right, unit) {
		return nil
	}
	return disclosure.Errorf(disclosure.ErrForbidden, "您的账号没有这项权限(%s);如确需办理,请联系区级审核员或管理员。", right)
}
