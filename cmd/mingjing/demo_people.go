package main

import (
	"context"
	"fmt"
	"io"

	"mingjing/internal/demo"
	"mingjing/internal/disclosure"
	"mingjing/internal/office"
	"mingjing/internal/people"
)

func createDemoPeople(ctx context.Context, o *office.Office, units []disclosure.Unit, last disclosure.Year, standing map[disclosure.UnitNumber]demo.Standing, machine people.Visitor) error {
	for _, p := range demo.People(units, last, standing) {
		if err := o.CreateDemonstration(ctx, machine, p, demo.Password); err != nil {
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
			fmt.Fprintf(w, "演示账号(口令都是 %s):\n", demo.Password)
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
