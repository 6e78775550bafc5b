package demo

import (
	"fmt"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
)

// Password is everybody's in the demonstration; no other installation has a
// password that is known.
const Password = "Ming-jing-2026"

// People are the accounts of the demonstration: each role, the supervisor twice
// (nobody approves what the same person filed), and three departments that file
// by themselves, the first with a reviewer.
func People(units []disclosure.Unit) []people.Person {
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
	filed := 0
	for _, u := range units {
		if u.Kind != disclosure.UnitDepartment || filed == 3 {
			continue
		}
		filed++
		all = append(all, person(fmt.Sprintf("tianbao%d", filed), fmt.Sprintf("周填报%d(演示)", filed), fmt.Sprintf("0000-20%02d", filed), people.Filer, u.Number))
		if filed == 1 {
			all = append(all, person("shenhe1", "吴审核(演示)", "0000-2101", people.Reviewer, u.Number))
		}
	}
	return all
}
