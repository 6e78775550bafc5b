package office

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// desk is an office with people, shared by the tests: each takes units of its
// own from it.
type desk struct {
	*Office
	t *testing.T
}

// The units that are filed for by filer and filer2: direct ones hand in by
// themselves, reviewed ones have a reviewer. Unit 3 is direct and has a report
// for 2024.
const (
	parent                      = disclosure.UnitNumber(100)
	firstDirect, lastDirect     = disclosure.UnitNumber(101), disclosure.UnitNumber(130)
	firstReviewed, lastReviewed = disclosure.UnitNumber(201), disclosure.UnitNumber(206)
	withLastYear                = disclosure.UnitNumber(3)
)

var shared struct {
	once                 sync.Once
	office               *Office
	close                func()
	usedDirect, reviewed atomic.Uint32
}

func TestMain(m *testing.M) {
	code := m.Run()
	if shared.close != nil {
		shared.close()
	}
	os.Exit(code)
}

// atDesk is the desk and a direct unit that no other test uses.
func atDesk(t *testing.T) (*desk, disclosure.UnitNumber) {
	t.Helper()
	shared.once.Do(func() { setUpDesk(t) })
	if shared.office == nil {
		t.Fatal("the desk could not be set up")
	}
	unit := firstDirect + disclosure.UnitNumber(shared.usedDirect.Add(1)) - 1
	if unit > lastDirect {
		t.Fatal("too few units at the desk")
	}
	return &desk{shared.office, t}, unit
}

// reviewedUnit is a unit with a reviewer that no other test uses.
func (d *desk) reviewedUnit() disclosure.UnitNumber {
	unit := firstReviewed + disclosure.UnitNumber(shared.reviewed.Add(1)) - 1
	if unit > lastReviewed {
		d.t.Fatal("too few units with a reviewer at the desk")
	}
	return unit
}

func setUpDesk(t *testing.T) {
	o, closeStore := openReadOffice(t)
	shared.close = closeStore
	entries := []store.Entry{unitEntry(parent, 0)}
	for n := firstDirect; n <= lastDirect; n++ {
		entries = append(entries, unitEntry(n, parent))
	}
	for n := firstReviewed; n <= lastReviewed; n++ {
		entries = append(entries, unitEntry(n, parent))
	}
	if err := o.append(context.Background(), machine, uuid.NewString(), entries...); err != nil {
		t.Fatal(err)
	}
	files := []people.Grant{{Role: people.Filer, Unit: parent}, {Role: people.Filer, Unit: withLastYear}}
	var reviews []people.Grant
	for n := firstReviewed; n <= lastReviewed; n++ {
		reviews = append(reviews, people.Grant{Role: people.Reviewer, Unit: n})
	}
	for account, p := range map[string]people.Person{
		"filer":      {Name: "张三", Grants: files},
		"filer2":     {Name: "李四", Grants: files},
		"reviewer":   {Name: "王五", Grants: reviews},
		"both":       {Name: "赵六", Grants: append(slices.Clone(files), reviews...)},
		"supervisor": {Name: "区办", Grants: []people.Grant{{Role: people.Supervisor}}},
		"evaluator":  {Name: "评估", Grants: []people.Grant{{Role: people.Evaluator}}},
		"leader":     {Name: "领导", Grants: []people.Grant{{Role: people.Leader}}},
		"admin":      {Name: "管理", Grants: []people.Grant{{Role: people.Admin}}},
		"stranger":   {Name: "外单位", Grants: []people.Grant{{Role: people.Filer, Unit: 5}, {Role: people.Reviewer, Unit: 5}}},
	} {
		p.Account = account
		if err := o.CreateDemonstration(context.Background(), machine, p, "Ming-jing-2026"); err != nil {
			t.Fatal(err)
		}
	}
	shared.office = o
}

func unitEntry(n, above disclosure.UnitNumber) store.Entry {
	u := disclosure.Unit{Number: n, Name: fmt.Sprintf("示例报送单位%d", n), Kind: disclosure.UnitDepartment, Sort: int(n), Parent: above}
	return store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(n), Verb: store.VerbCreate, State: u}
}

func (d *desk) visitor(account string) people.Visitor {
	d.t.Helper()
	v, err := d.Visitor(context.Background(), account, "127.0.0.1")
	if err != nil {
		d.t.Fatal(err)
	}
	return v
}

// stand puts a unit's report of a year in a state, as if it had come there.
func (d *desk) stand(unit disclosure.UnitNumber, year disclosure.Year, state filing.State) {
	d.t.Helper()
	ctx := context.Background()
	p := disclosure.Period{Year: year}
	if err := d.store.RemoveDraft(ctx, unit, p); err != nil {
		d.t.Fatal(err)
	}
	if state == filing.Missing {
		return
	}
	key := store.ReportKey{Unit: unit, Period: p, Family: disclosure.FamilyNational, Scope: disclosure.ScopeAgency}
	e := testFiling{unit: unit, year: year, scope: key.Scope, status: store.Status(state)}.entry()
	s := e.State.(store.ReportState)
	s.Prose, s.HasProse, s.FiledBy, s.Revision = threeParts(), true, "filer2", 1
	e.State, e.Verb = s, store.VerbChange
	if r, err := d.store.ReportAtStanding(ctx, key); err == nil {
		e.Seen = r.Seq
	}
	if _, err := d.store.Append(ctx, store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: "os:test", Address: "cli"}, Entries: []store.Entry{e}}); err != nil {
		d.t.Fatal(err)
	}
}

func threeParts() []disclosure.ProsePart {
	var out []disclosure.ProsePart
	for _, part := range disclosure.NationalForm("2021").Parts {
		p := disclosure.ProsePart{Number: part.Number, Title: part.Title}
		if part.Prose {
			p.Text = "本机关依法做好政务公开各项工作,具体情况如上。"
		}
		out = append(out, p)
	}
	return out
}

// fill saves a draft that the rules have nothing against.
func (d *desk) fill(account string, unit disclosure.UnitNumber, year disclosure.Year) *Sitting {
	d.t.Helper()
	ctx, v, p := context.Background(), d.visitor(account), disclosure.Period{Year: year}
	s, err := d.FillZeros(ctx, v, unit, p)
	if err != nil {
		d.t.Fatal(err)
	}
	patch := Patch{}
	for _, def := range disclosure.NationalForm("2021").Cells() {
		if def.Table.Key == "T2" && Typed(s.Content.Forms[0].Cells[def.Code]) == "" {
			patch.Cells = append(patch.Cells, CellPatch{Code: def.Code, Now: "0"})
		}
	}
	for _, part := range threeParts() {
		if part.Text != "" && s.ProseOf(part.Number) != part.Text {
			patch.Prose = append(patch.Prose, ProsePatch{Part: part.Number, Was: s.ProseOf(part.Number), Now: part.Text})
		}
	}
	s, clashes, err := d.SaveDraft(ctx, v, unit, p, patch)
	if err != nil || len(clashes) > 0 {
		d.t.Fatal(err, clashes)
	}
	if verdict := s.Judge(); verdict.Errors+verdict.Unexplained > 0 {
		d.t.Fatalf("a zero report has findings: %+v", verdict.Findings)
	}
	return s
}

// move is a move as a page would send it: on what the sitting shows.
func move(s *Sitting, act filing.Act) Move {
	m := Move{Act: act, Unit: s.Unit.Number, Period: s.Period, ID: uuid.NewString(), Version: s.Draft.Version, Reason: "有误", Due: "2026-03-10"}
	if s.Standing != nil {
		m.Seq = s.Standing.Seq
	}
	return m
}

// moved is how the report stands after a move.
func moved(o *Office, ctx context.Context, v people.Visitor, m Move) (*Sitting, error) {
	if err := o.Do(ctx, v, m); err != nil {
		return nil, err
	}
	return o.OpenSitting(ctx, v, m.Unit, m.Period)
}

var everyAct = []filing.Act{filing.Save, filing.HandOn, filing.Submit, filing.Pass, filing.SendBack, filing.Recall, filing.TakeIn, filing.Proxy,
	filing.Return, filing.Approve, filing.Reopen, filing.Revoke}

// expected is what the table says of an act by a person in a state.
func expected(state filing.State, act filing.Act, v people.Visitor, unit disclosure.UnitNumber) (filing.Transition, bool) {
	reviews := unit >= firstReviewed
	for _, t := range filing.Life {
		if t.From == state && t.Act == act {
			fits := !(t.Asks(filing.UnitReviews) && !reviews) && !(t.Asks(filing.UnitReviewsNot) && reviews)
			return t, fits && t.Allows(v, unit)
		}
	}
	return filing.Transition{}, false
}

// Every act by every role in every state: what the table allows leads where the
// table says, and everything else is refused and changes nothing.
func TestLifePairByPair(t *testing.T) {
	d, direct := atDesk(t)
	ctx := context.Background()
	const year = disclosure.Year(2025)
	for _, unit := range []disclosure.UnitNumber{d.reviewedUnit(), direct} {
		for _, state := range filing.States {
			prepare := func() {
				d.stand(unit, year, state)
				if _, err := filing.Next(state, filing.Save); err == nil && state != filing.Missing {
					d.fill("filer2", unit, year)
				}
			}
			prepare()
			before := d.open(machine, unit, year)
			if before.State != state {
				t.Fatalf("unit %d begins in %q, want %q", unit, before.State, state)
			}
			for _, act := range everyAct {
				for _, account := range []string{"filer", "reviewer", "supervisor", "evaluator", "leader", "admin", "stranger"} {
					v := d.visitor(account)
					name := fmt.Sprintf("unit %d %q %s %s", unit, state, act, account)
					tr, allowed := expected(state, act, v, unit)
					after, err := d.act(ctx, v, before, act)
					if !allowed {
						if code := disclosure.CodeOf(err); err == nil || code != disclosure.ErrConflict && code != disclosure.ErrForbidden {
							t.Errorf("%s: refused with %v, want a conflict or forbidden", name, err)
						}
						continue
					}
					if err != nil {
						t.Errorf("%s: refused: %v", name, err)
						continue
					}
					if after.State != tr.To {
						t.Errorf("%s: leads to %q, want %q", name, after.State, tr.To)
					}
					if state == filing.Missing { // a unit that had nothing cannot have nothing again
						if err := d.store.RemoveDraft(ctx, unit, disclosure.Period{Year: year}); err != nil {
							t.Fatal(err)
						}
					} else {
						prepare()
					}
					before = d.open(machine, unit, year)
				}
				if now := d.open(machine, unit, year); now.State != state || now.Draft.Version != before.Draft.Version {
					t.Fatalf("unit %d %q %s: a refused act left %q version %d", unit, state, act, now.State, now.Draft.Version)
				}
			}
		}
	}
}

func (d *desk) open(v people.Visitor, unit disclosure.UnitNumber, year disclosure.Year) *Sitting {
	d.t.Helper()
	s, err := d.OpenSitting(context.Background(), v, unit, disclosure.Period{Year: year})
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

// act is a move, or a save of one cell.
func (d *desk) act(ctx context.Context, v people.Visitor, s *Sitting, act filing.Act) (*Sitting, error) {
	if act != filing.Save {
		return moved(d.Office, ctx, v, move(s, act))
	}
	const code = "T2_LICENSE_DECISIONS"
	was := Typed(s.Content.Forms[0].Cells[code])
	after, _, err := d.SaveDraft(ctx, v, s.Unit.Number, s.Period, Patch{Cells: []CellPatch{{Code: code, Was: was, Now: was + "1"}}})
	return after, err
}

// The table is whole: each state can be left, no pair stands twice.
func TestLifeNamesEachPairOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, tr := range filing.Life {
		key := fmt.Sprintf("%q %s", tr.From, tr.Act)
		if seen[key] {
			t.Errorf("%s stands twice", key)
		}
		seen[key] = true
		if len(tr.Rights) == 0 || !slices.Contains(filing.States, tr.To) {
			t.Errorf("%s: rights %v, to %q", key, tr.Rights, tr.To)
		}
	}
}
