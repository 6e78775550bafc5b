package office

import (
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
	"mingjing/internal/people"

	"github.com/google/uuid"
)

// sheet is a document of one grid.
func sheet(rows [][]string) *document.Document {
	g := &document.Grid{Rows: len(rows), Cols: len(rows[0])}
	for r, row := range rows {
		for c, text := range row {
			g.Cells = append(g.Cells, document.Cell{Row: r, Col: c, Text: text})
		}
	}
	return &document.Document{Format: "xlsx", Blocks: []document.Block{{Grid: g}}}
}

func TestUnitsAreKeptWithinTheSubtree(t *testing.T) {
	o, _, v, _ := staffOffice(t)
	ctx := t.Context()
	two, err := o.UnitEntry(ctx, v["sub"], 2)
	if err != nil {
		t.Fatal(err)
	}
	_, err = o.UnitEntry(ctx, v["sub"], 5)
	wantCode(t, "opening a unit of others", err, disclosure.ErrForbidden)
	out := two.Unit
	out.Parent = 5
	wantCode(t, "moving a unit out", o.ChangeUnit(ctx, v["sub"], out, two.Seq, uuid.NewString()), disclosure.ErrForbidden)
	foreign := disclosure.Unit{Number: 5, Name: "抢来的局", Kind: disclosure.UnitDepartment, Parent: 1}
	wantCode(t, "taking a unit in", o.ChangeUnit(ctx, v["sub"], foreign, 0, uuid.NewString()), disclosure.ErrForbidden)
	_, err = o.CreateUnit(ctx, v["sub"], disclosure.Unit{Name: "新局", Kind: disclosure.UnitDepartment}, uuid.NewString())
	wantCode(t, "a unit at the top", err, disclosure.ErrForbidden)
	wantCode(t, "merging what is not theirs", o.MergeUnconfirmed(ctx, v["sub"], 6, 2), disclosure.ErrForbidden)
	_, err = o.ImportUnitFile(ctx, v["sub"], File{}, true)
	wantCode(t, "importing a list", err, disclosure.ErrForbidden)
	act := uuid.NewString()
	n, err := o.CreateUnit(ctx, v["sub"], disclosure.Unit{Name: "新局", Kind: disclosure.UnitDepartment, Parent: 1}, act)
	if err != nil || n == 0 {
		t.Fatalf("a unit in the own subtree: %d, %v", n, err)
	}
	if again, err := o.CreateUnit(ctx, v["sub"], disclosure.Unit{Name: "新局二", Kind: disclosure.UnitDepartment, Parent: 1}, act); err != nil || again != 0 {
		t.Errorf("a second press makes unit %d, %v", again, err)
	}
	sub, err := o.Visitor(ctx, "sub", "") // over the tree as it stands now
	if err != nil {
		t.Fatal(err)
	}
	kept, err := o.KeptUnits(ctx, sub)
	if err != nil || len(kept) != 4 {
		t.Errorf("the supervisor keeps %d units, %v, want 1, 2, 3 and the new one", len(kept), err)
	}
	_, err = o.KeptUnits(ctx, v["filer2"])
	wantCode(t, "a filer keeps units", err, disclosure.ErrForbidden)
}

func TestWhatAUnitMayNotBe(t *testing.T) {
	o, _, v, _ := staffOffice(t)
	ctx := t.Context()
	one, err := o.UnitEntry(ctx, v["root"], 1)
	if err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(*disclosure.Unit){
		"no name":                     func(u *disclosure.Unit) { u.Name = " " },
		"a kind that is none":         func(u *disclosure.Unit) { u.Kind = "公司" },
		"ends before it begins":       func(u *disclosure.Unit) { u.First, u.Last = 2022, 2021 },
		"below itself":                func(u *disclosure.Unit) { u.Parent = 1 },
		"below its own child":         func(u *disclosure.Unit) { u.Parent = 2 },
		"its own successor":           func(u *disclosure.Unit) { u.Last, u.Successors = 2022, []disclosure.UnitNumber{1} },
		"a successor without an end":  func(u *disclosure.Unit) { u.Successors = []disclosure.UnitNumber{2} },
		"a successor that is not":     func(u *disclosure.Unit) { u.Last, u.Successors = 2022, []disclosure.UnitNumber{99} },
		"another's name":              func(u *disclosure.Unit) { u.Name = "示例单位2" },
		"two agreements for one year": func(u *disclosure.Unit) { u.Years = append(u.Years, u.Years[0]) },
	} {
		u := one.Unit
		u.Years = append([]disclosure.UnitYear(nil), u.Years...)
		edit(&u)
		wantCode(t, name, o.ChangeUnit(ctx, v["root"], u, one.Seq, uuid.NewString()), disclosure.ErrInvalid)
	}
	changed := one.Unit
	changed.Short = "一"
	if err := o.ChangeUnit(ctx, v["chief"], changed, one.Seq, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	err = o.ChangeUnit(ctx, v["root"], changed, one.Seq, uuid.NewString())
	wantCode(t, "a stale change", err, disclosure.ErrConflict)
	if err != nil && !contains(disclosure.Sentence(err), "测试chief(chief)") {
		t.Errorf("%s", disclosure.Sentence(err))
	}
}

// A subtree's supervisor sees of the log what concerns the subtree and what the
// supervisor did, whatever is asked for.
func TestTheLogKeepsToTheSubtree(t *testing.T) {
	o, _, v, _ := staffOffice(t)
	ctx := t.Context()
	if err := o.PutSettings(ctx, v["root"], Settings{Contact: "张三"}, 0, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := o.SignIn(ctx, "filer5", "Wrong-password-1", "10.0.0.5"); err == nil {
		t.Fatal("a wrong password signs in")
	}
	all, more, err := o.Audit(ctx, v["root"], AuditQuery{}, 500)
	if err != nil || more {
		t.Fatal(more, err)
	}
	visible := 0
	for _, l := range all {
		entry, err := o.AuditEntry(ctx, v["sub"], l.Seq)
		inside := l.Unit >= 1 && l.Unit <= 3 || l.ID == "filer2" || l.ID == "sub"
		if inside != (err == nil) {
			t.Errorf("%s %s %s (unit %d): %v", l.Kind, l.Verb, l.ID, l.Unit, err)
		}
		if err == nil {
			visible++
			for _, other := range entry.Others {
				if other.Unit > 3 {
					t.Errorf("beside it unit %d is shown", other.Unit)
				}
			}
		}
	}
	for _, q := range []AuditQuery{{}, {Text: "示例单位5"}, {Actor: "root"}, {Kind: "sign"}, {ID: "filer5"}} {
		lines, _, err := o.Audit(ctx, v["sub"], q, 500)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			if l.Unit > 3 || l.ID == "filer5" || l.ID == "chief" || l.ID == "root" || l.Kind == "setting" || l.Kind == "sign" {
				t.Errorf("%+v shows %+v", q, l)
			}
		}
		if q == (AuditQuery{}) && len(lines) != visible {
			t.Errorf("the list has %d lines, %d can be opened", len(lines), visible)
		}
	}
	_, _, err = o.Audit(ctx, v["sub"], AuditQuery{Unit: 5}, 10)
	wantCode(t, "asking for a unit of others", err, disclosure.ErrForbidden)
	_, _, err = o.Audit(ctx, v["filer2"], AuditQuery{}, 10)
	wantCode(t, "a filer", err, disclosure.ErrForbidden)

	lines, _, _ := o.Audit(ctx, v["root"], AuditQuery{Kind: "person", ID: "filer2"}, 1)
	if err := o.ChangeAccount(ctx, v["sub"], "filer2", AccountChange{Name: "改名", Grants: []people.Grant{{Role: people.Filer, Unit: 3}}}, 0); err != nil {
		t.Fatal(err)
	}
	now, _, _ := o.Audit(ctx, v["root"], AuditQuery{Kind: "person", ID: "filer2"}, 1)
	entry, err := o.AuditEntry(ctx, v["root"], now[0].Seq)
	if err != nil || now[0].Seq == lines[0].Seq {
		t.Fatal(err)
	}
	want := map[string][2]string{"姓名": {"测试filer2", "改名"}, "角色": {"填报员(示例单位2)", "填报员(示例单位3)"}}
	if len(entry.Fields) != len(want) {
		t.Errorf("changes %+v", entry.Fields)
	}
	for _, f := range entry.Fields {
		if want[f.Label] != [2]string{f.Before, f.After} {
			t.Errorf("%+v", f)
		}
	}
}
