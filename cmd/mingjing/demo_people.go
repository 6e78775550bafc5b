package main

import (
	"context"
	"fmt"
	"io"

	"mingjing/internal/disclosure"
	"mingjing/internal/office"
	"mingjing/internal/people"
)

// demoPassword is everybody's in the demonstration; no other installation has
// a password that is known.
const demoPassword = "Ming-jing-2026"

// demoPeople are the accounts of the demonstration: each role once, and two
// units that file by themselves, one of them with a reviewer.
func demoPeople(units []disclosure.Unit) []people.Person {
	person := func(account, name, phone string, role people.Role, unit disclosure.UnitNumber) people.Person {
		return people.Person{Account: account, Name: name, Phone: phone, Grants: []people.Grant{{Role: role, Unit: unit}}}
	}
	all := []people.Person{
		person("admin", "管理员(演示)", "", people.Admin, 0),
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

func createDemoPeople(ctx context.Context, o *office.Office, units []disclosure.Unit, machine people.Visitor) error {
	for _, p := range demoPeople(units) {
		if err := o.CreateDemonstration(ctx, machine, p, demoPassword); err != nil {
			return err
		}
	}
	return nil
}

// printDemoPeople says who can sign in, for whoever starts the demonstration.
func printDemoPeople(w io.Writer, accounts []office.Account, names map[disclosure.UnitNumber]string) {
	printed := false
	for _, a := range accounts {
		if !a.Demonstration {
			continue
		}
		if !printed {
			fmt.Fprintf(w, "演示账号(口令都是 %s):\n", demoPassword)
			printed = true
		}
		for _, g := range a.Grants {
			unit := "全部单位"
			if g.Unit != 0 {
				unit = names[g.Unit]
			}
			fmt.Fprintf(w, "  %-10s %s · %s\n", a.Account, g.Role, unit)
		}
	}
}
