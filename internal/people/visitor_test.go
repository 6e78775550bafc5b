package people

import (
	"testing"

	"mingjing/internal/disclosure"
)

// A district 1 with 2 and 3 below it, 4 below 2; 5 was merged into 3 after
// 2024, 6 into 5 before that; 7 stands in another district; 8 names a
// successor and is not abolished. 20 and 21 stand above one another.
func testTree() *Tree {
	return NewTree([]disclosure.Unit{{Number: 1}, {Number: 2, Parent: 1}, {Number: 3, Parent: 1}, {Number: 4, Parent: 2},
		{Number: 5, Parent: 2, Last: 2024, Successors: []disclosure.UnitNumber{3}}, {Number: 6, Last: 2020, Successors: []disclosure.UnitNumber{5}},
		{Number: 7}, {Number: 8, Successors: []disclosure.UnitNumber{3}}, {Number: 20, Parent: 21}, {Number: 21, Parent: 20}})
}

func TestRightsHoldOnASubtree(t *testing.T) {
	visitor := func(grants ...Grant) Visitor { return NewVisitor(Person{Grants: grants}, "", testTree()) }
	for _, c := range []struct {
		name  string
		v     Visitor
		right Right
		unit  disclosure.UnitNumber
		want  bool
	}{
		{"the own unit", visitor(Grant{Filer, 2}), FileReport, 2, true},
		{"below", visitor(Grant{Filer, 2}), FileReport, 4, true},
		{"above", visitor(Grant{Filer, 4}), FileReport, 2, false},
		{"beside", visitor(Grant{Filer, 2}), FileReport, 3, false},
		{"another role's right", visitor(Grant{Filer, 2}), Supervise, 2, false},
		{"the district as a whole", visitor(Grant{Supervisor, 1}), Supervise, 0, false},
		{"everything", visitor(Grant{Supervisor, 0}), Supervise, 0, true},
		{"a unit that nobody listed", visitor(Grant{Supervisor, 1}), Supervise, 99, false},
		{"another district", visitor(Grant{Supervisor, 1}), Supervise, 7, false},
		{"a second grant", visitor(Grant{Filer, 2}, Grant{Filer, 7}), FileReport, 7, true},
		{"the predecessor's last report", visitor(Grant{Filer, 3}), FileReport, 5, true},
		{"and what came before it", visitor(Grant{Filer, 3}), SeeFiled, 6, true},
		{"a unit that goes on reporting", visitor(Grant{Filer, 3}), FileReport, 8, false},
		{"the predecessor does not get the successor", visitor(Grant{Filer, 5}), FileReport, 3, false},
		{"accounts are not inherited", visitor(Grant{Supervisor, 3}), KeepAccounts, 5, false},
		{"a list that runs in circles", visitor(Grant{Filer, 2}), FileReport, 20, false},
		{"nobody", NewVisitor(Person{}, "", nil), SeeOverview, 2, false},
		{"the machine", Machine("os:root", "cli"), EraseContent, 0, true},
	} {
		if got := c.v.May(c.right, c.unit); got != c.want {
			t.Errorf("%s: May(%s, %d) = %t", c.name, c.right, c.unit, got)
		}
	}
}
