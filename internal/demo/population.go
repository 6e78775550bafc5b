package demo

import (
	"fmt"

	"mingjing/internal/disclosure"
)

// profile is what a unit's figures depend on.
type profile struct {
	role       role
	field      string
	department department
	load       load
	// quiet units carry nothing over from year to year, so that they can end
	// or stay silent without breaking the district's sums.
	quiet bool
}

type role int

const (
	roleGovernment role = iota
	roleOffice
	roleDepartment
	roleLocality
)

// populate makes the area's units: its government, its office, two thirds
// departments and one third towns and streets.
func (a *area) populate(first disclosure.UnitNumber, n int) {
	departmentsHere := min(len(departments), (n-2)*2/3+1)
	add := func(u disclosure.Unit, p profile) *body {
		u.Number = first + disclosure.UnitNumber(len(a.bodies))
		u.Sort = int(u.Number) * 10
		u.Code = fmt.Sprintf("D%07d", u.Number)
		if p.role != roleGovernment {
			u.Parent = first
		}
		a.bodies = append(a.bodies, body{u, p})
		return &a.bodies[len(a.bodies)-1]
	}
	start := a.years[0]
	add(disclosure.Unit{Name: a.name + "人民政府", Short: "区政府", Aliases: []string{a.name + "政府"}, Kind: disclosure.UnitGovernment,
		Years: []disclosure.UnitYear{{From: start, Scope: disclosure.ScopeRegion}}},
		profile{role: roleGovernment, field: "重大行政决策和规划计划"})
	if n > 1 {
		add(disclosure.Unit{Name: a.name + "人民政府办公室", Short: "区政府办", Aliases: []string{a.name + "政府办", a.name + "政府办公室"},
			Kind: disclosure.UnitDepartment, Years: counted(start, groupOther)},
			profile{role: roleOffice, field: "政府文件和会议纪要", load: office,
				department: department{documents: 48, group: groupOther}})
	}
	for i := 0; i < departmentsHere && len(a.bodies) < n; i++ {
		dep := departments[i]
		add(disclosure.Unit{Name: a.name + dep.name, Short: "区" + dep.short, Aliases: []string{"区" + dep.name, a.name + dep.short},
			Kind: disclosure.UnitDepartment, Years: counted(start, dep.group)},
			profile{role: roleDepartment, field: dep.field, department: dep, load: dep.load})
	}
	for i := 0; len(a.bodies) < n; i++ {
		name, town := localityName(i)
		full := a.name + name + "人民政府"
		if !town {
			full = a.name + name + "办事处"
		}
		p := profile{role: roleLocality, field: "村居事务和征地补偿", load: rare, department: department{group: groupLocality}}
		if i%5 == 0 {
			p.load = little
		}
		p.quiet = i%2 == 1
		add(disclosure.Unit{Name: full, Short: name, Aliases: []string{a.name + name}, Kind: disclosure.UnitLocality,
			Years: counted(start, groupLocality)}, p)
	}
	a.reorganise()
}

func counted(from disclosure.Year, group string) []disclosure.UnitYear {
	return []disclosure.UnitYear{{From: from, Group: group, Scope: disclosure.ScopeAgency, Counted: true}}
}

// find returns the department of that name, nil when the area is too small to
// have it.
func (a *area) find(name string) *body {
	for i := range a.bodies {
		if a.bodies[i].role == roleDepartment && a.bodies[i].department.name == name {
			return &a.bodies[i]
		}
	}
	return nil
}

// reorganise writes what happens to units over the years into them.
func (a *area) reorganise() {
	last := a.years[len(a.years)-1]
	from, to := a.find(renamedFrom), a.find(renamedTo)
	if from != nil && to != nil && len(a.years) > 3 {
		from.unit.Last, to.unit.First = last-3, last-2
		from.unit.Successors = []disclosure.UnitNumber{to.unit.Number}
	}
	if away, into := a.find(mergedAway), a.find(mergedInto); away != nil && into != nil && len(a.years) > 2 {
		away.unit.Last = last - 2
		away.unit.Successors = []disclosure.UnitNumber{into.unit.Number}
		away.quiet = true
	}
	if u := a.find(uncounted); u != nil {
		u.unit.Years[0].Counted = false
	}
	if u := a.find(regrouped); u != nil && len(a.years) > 1 {
		u.unit.Years = append(u.unit.Years, disclosure.UnitYear{From: last - 1, Group: groupOther, Scope: disclosure.ScopeAgency, Counted: true})
	}
	for _, name := range []string{frozen, leavesBlank} {
		if u := a.find(name); u != nil {
			u.quiet = true
		}
	}
}
