package office

import (
	"slices"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

func changeUnits(t *testing.T, o *Office, change map[disclosure.UnitNumber]func(*disclosure.Unit)) {
	t.Helper()
	for n, edit := range change {
		u, err := o.unitEntry(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		edit(&u.unit)
		if err := o.append(t.Context(), people.Machine("os:test", "cli"), uuid.NewString(), u.entry()); err != nil {
			t.Fatal(err)
		}
	}
}

func rowOf(t *testing.T, c *Comparison, n disclosure.UnitNumber) RankRow {
	t.Helper()
	for _, g := range c.Groups {
		for _, r := range g.Rows {
			if r.Unit.Number == n {
				return r
			}
		}
	}
	t.Fatalf("unit %d has no row", n)
	return RankRow{}
}

// Units 3 and 5 end after 2023: 3 is merged into 2, and 4 splits off from 5
// together with 6. The history of 3 goes on in 2, that of 5 in nobody.
func TestSuccessorsCarryTheHistory(t *testing.T) {
	o := readOffice(t)
	changeUnits(t, o, map[disclosure.UnitNumber]func(*disclosure.Unit){
		3: func(u *disclosure.Unit) { u.Last, u.Successors = 2023, []disclosure.UnitNumber{2} },
		5: func(u *disclosure.Unit) { u.Last, u.Successors = 2023, []disclosure.UnitNumber{4, 6} },
	})
	reader := people.NewVisitor(people.Person{Grants: []people.Grant{{Role: people.Leader}}}, "", nil)
	compare := func(y disclosure.Year) *Comparison {
		c, err := o.Compare(t.Context(), reader, CompareQuery{Filter: Filter{Year: y, Basis: store.Approved}, Code: "T3_NEW_RECEIVED_TOT"})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	after := rowOf(t, compare(2024), 2)
	if v := after.Values[2023]; v.Number.IntPart() != 13 || !slices.Equal(v.Carried, []string{"示例单位3"}) || v.Report.Unit != 2 {
		t.Errorf("2023 of the successor is %v with %v, want 4 + 9", v.Number, v.Carried)
	}
	if v := after.Values[2024]; v.Number.IntPart() != 10 || v.Carried != nil {
		t.Errorf("2024 of the successor is %v with %v", v.Number, v.Carried)
	}
	if v := rowOf(t, compare(2023), 2).Values[2023]; v.Number.IntPart() != 4 || v.Carried != nil {
		t.Errorf("in the year in which both reported, the successor has %v with %v, want its own 4", v.Number, v.Carried)
	}
	if r := rowOf(t, compare(2024), 4); len(r.SplitFrom) != 1 || r.Values[2023].State != StateMissing {
		t.Errorf("a unit that split off carries %v, from %v", r.Values[2023], r.SplitFrom)
	}
	page, err := o.UnitPage(t.Context(), reader, 2, store.Approved)
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Predecessors) != 1 || page.Lines[0].Values[2023].Number.IntPart() != 13 {
		t.Errorf("the successor's page has %v and %v", page.Predecessors, page.Lines[0].Values[2023])
	}
	// Another scope is named and left out.
	changeUnits(t, o, map[disclosure.UnitNumber]func(*disclosure.Unit){
		1: func(u *disclosure.Unit) { u.Last, u.Successors = 2024, []disclosure.UnitNumber{2} }})
	page, err = o.UnitPage(t.Context(), reader, 2, store.Approved)
	if err != nil {
		t.Fatal(err)
	}
	if v := page.Lines[0].Values[2024]; v.Number.IntPart() != 10 || v.LeftOut != nil {
		t.Errorf("a predecessor that reported in the latest year shown: %v, %v", v.Number, v.LeftOut)
	}
}

// The list that is exported is the list that is imported: nothing changes.
func TestUnitListRoundTrip(t *testing.T) {
	o, _, v, _ := staffOffice(t)
	ctx := t.Context()
	changeUnits(t, o, map[disclosure.UnitNumber]func(*disclosure.Unit){
		2: func(u *disclosure.Unit) {
			u.Code, u.Short, u.Aliases, u.ReviewOff = "11320001", "示二", []string{"二局", "第二局"}, true
			u.Years = append(u.Years, disclosure.UnitYear{From: 2025, Group: "丙组", Scope: disclosure.ScopeLevel})
		},
		3: func(u *disclosure.Unit) { u.First, u.Last, u.Successors = 2019, 2023, []disclosure.UnitNumber{2, 4} },
		5: func(u *disclosure.Unit) { u.Name, u.Last, u.Successors = "同名局", 2020, []disclosure.UnitNumber{6} },
		6: func(u *disclosure.Unit) { u.Name, u.First = "同名局", 2021 },
	})
	kept, err := o.KeptUnits(ctx, v["root"])
	if err != nil {
		t.Fatal(err)
	}
	later := LaterYears(kept)
	heads := slices.Clone(UnitListHeads)
	for _, y := range later {
		for _, h := range UnitListHeads[7:10] {
			heads = append(heads, LaterHead(h, y))
		}
	}
	rows := [][]string{heads}
	for _, k := range kept {
		rows = append(rows, k.Row(later))
	}
	listed, problems, err := ReadUnitList(sheet(rows))
	if err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	out, err := o.ImportUnits(ctx, listed, actorOf(v["root"]), true)
	if err != nil || out.Unchanged != 6 || len(out.Changes)+len(out.Problems) > 0 {
		t.Errorf("importing the own list: %+v, %v", out, err)
	}
	// One cell changed is one field changed.
	rows[1][2] = "改了简称"
	listed, _, _ = ReadUnitList(sheet(rows))
	out, err = o.ImportUnits(ctx, listed, actorOf(v["root"]), true)
	if err != nil || len(out.Changes) != 1 || len(out.Changes[0].Fields) != 1 || out.Changes[0].Fields[0].Label != "简称" {
		t.Errorf("after one change: %+v, %v", out, err)
	}
}
