package office

import (
	"context"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
)

// UnitChoice is a unit to pick out of the tree.
type UnitChoice struct {
	Number disclosure.UnitNumber
	Name   string
	Depth  int
	Gone   bool // abolished, or merged into another entry
}

// Indented is the name at its place in the tree, for lists that are plain text.
func (c UnitChoice) Indented() string { return strings.Repeat("　", c.Depth) + c.Name }

// UnitChoices lists the units on which the visitor has a right, parents before
// their children. Entries that were merged into others are left out.
func (o *Office) UnitChoices(ctx context.Context, v people.Visitor, right people.Right) ([]UnitChoice, error) {
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	year := disclosure.Year(o.clock().In(shanghai).Year())
	var out []UnitChoice
	for _, n := range treeOrder(units) {
		u := units.byNumber[n.number]
		if u.MergedInto == 0 && v.May(right, u.Number) {
			out = append(out, UnitChoice{Number: u.Number, Name: u.Name, Depth: n.depth, Gone: u.Last != 0 && u.Last < year-1})
		}
	}
	return out, nil
}

type treeNode struct {
	number disclosure.UnitNumber
	depth  int
}

// treeOrder walks the unit tree, each unit once, in the district's order; what
// hangs on a circle or on nothing comes last, as roots.
func treeOrder(units *unitIndex) []treeNode {
	children := map[disclosure.UnitNumber][]disclosure.UnitNumber{}
	for i := range units.list {
		parent := units.list[i].Parent
		if units.byNumber[parent] == nil {
			parent = 0
		}
		children[parent] = append(children[parent], units.list[i].Number)
	}
	var out []treeNode
	seen := map[disclosure.UnitNumber]bool{}
	var walk func(n disclosure.UnitNumber, depth int)
	walk = func(n disclosure.UnitNumber, depth int) {
		if seen[n] {
			return
		}
		seen[n] = true
		out = append(out, treeNode{n, depth})
		for _, child := range children[n] {
			walk(child, depth+1)
		}
	}
	for _, root := range children[0] {
		walk(root, 0)
	}
	for i := range units.list {
		walk(units.list[i].Number, 0)
	}
	return out
}
