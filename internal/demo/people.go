package demo

import (
	"fmt"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
)

// Password is everybody's in the demonstration; no other installation has a
// password that is known.
const Password = "Ming-jing-2026"

// Standing is how far a unit's report of the last year is.
type Standing int

// A unit that handed nothing in, one whose report waits for approval, and one
// whose report is approved.
const (
	Missing Standing = iota
	Waiting
	Approved
)

// People are the accounts of the demonstration: each role, the supervisor twice
// (nobody approves what the same person filed), and three departments that file
// by themselves. The first, with a reviewer, and the second have the report of
// the last year still to file where there are such departments; the third has
// one to correct.
func People(units []disclosure.Unit, last disclosure.Year, standing map[disclosure.UnitNumber]Standing) []people.Person {
	person := func(account, name, phone string, role people.Role, unit disclosure.UnitNumber) people.Person {
		return people.Person{Account: account, Name: name, Phone: phone, Grants: []people.Grant{{Role: role, Unit: unit}}}
	}
	all := []people.Person{
		person("admin", "管理员(演示)", "", people.Admin, 0),
		person("admin2", "副管理员(演示)", "", people.Admin, 0),
		person("qushen", "赵审核(演示)", "0000-1001", people.Supervisor, 0),
		person("qushen2", "钱复核(演示)", "0000-1002", people.Supervisor, 0),
		person("lingdao", "孙领导(演示)", "", people.Leader, 0),
		person("pinggu", "李评估(演示)", "0000-1003", people.Evaluator, 0),
	}
	for i, u := range filers(units, last, standing) {
		filed := i + 1
		all = append(all, person(fmt.Sprintf("tianbao%d", filed), fmt.Sprintf("周填报%d(演示)", filed), fmt.Sprintf("0000-20%02d", filed), people.Filer, u.Number))
		if filed == 1 {
			all = append(all, person("shenhe1", "吴审核(演示)", "0000-2101", people.Reviewer, u.Number))
		}
	}
	return all
}

// filers chooses the departments of tianbao1 to tianbao3, the first that suit.
func filers(units []disclosure.Unit, last disclosure.Year, standing map[disclosure.UnitNumber]Standing) []disclosure.Unit {
	var out []disclosure.Unit
	taken := map[disclosure.UnitNumber]bool{}
	for _, wanted := range [][]Standing{{Missing, Waiting, Approved}, {Missing, Waiting, Approved}, {Approved, Waiting, Missing}} {
		at := -1
		for _, s := range wanted {
			if at = slices.IndexFunc(units, func(u disclosure.Unit) bool {
				return u.Kind == disclosure.UnitDepartment && !taken[u.Number] && u.ReportsIn(last) && u.ReportsIn(last+1) && standing[u.Number] == s
			}); at >= 0 {
				break
			}
		}
		if at >= 0 {
			taken[units[at].Number] = true
			out = append(out, units[at])
		}
	}
	return out
}
