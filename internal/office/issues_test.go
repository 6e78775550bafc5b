package office

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/people"

	"github.com/google/uuid"
)

var q3 = disclosure.Period{Year: 2026, Quarter: 1}

// person makes an account with a role and returns its visitor.
func person(t *testing.T, o *Office, account string, role people.Role, unit disclosure.UnitNumber) people.Visitor {
	t.Helper()
	ctx := context.Background()
	p := people.Person{Account: account, Name: "测试" + account, Grants: []people.Grant{{Role: role, Unit: unit}}}
	if err := o.CreateDemonstration(ctx, machine, p, "Ming-jing-2026"); err != nil {
		t.Fatal(err)
	}
	v, err := o.Visitor(ctx, account, "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// issueOffice is the office of the reading tests with persons and a list.
type issueOffice struct {
	*Office
	t                                                  *testing.T
	supervisor, evaluator, rival, filer, other, leader people.Visitor
	list                                               *issue.List
}

func newIssueOffice(t *testing.T) *issueOffice {
	o := &issueOffice{Office: readOffice(t), t: t}
	o.supervisor = person(t, o.Office, "qushen", people.Supervisor, 0)
	o.evaluator = person(t, o.Office, "pinggu", people.Evaluator, 0)
	o.rival = person(t, o.Office, "pinggu2", people.Evaluator, 0)
	o.filer = person(t, o.Office, "filer", people.Filer, 2)
	o.other = person(t, o.Office, "other", people.Filer, 3)
	o.leader = person(t, o.Office, "leader", people.Leader, 0)
	l, err := o.PutIssueList(context.Background(), o.evaluator, uuid.NewString(), IssueListForm{Quarter: q3, Round: issue.RoundDistrict, Source: "第三方",
		Due: calendar.At(calendar.Day(2026, 3, 20))})
	if err != nil {
		t.Fatal(err)
	}
	o.list = l
	return o
}

func (o *issueOffice) enter(v people.Visitor, facts string, unit disclosure.UnitNumber) *IssueView {
	o.t.Helper()
	i, err := o.EnterIssue(context.Background(), v, IssueEntryForm{ID: uuid.NewString(), List: o.list.ID, Content: issue.Content{Facts: facts, Unit: unit}})
	if err != nil {
		o.t.Fatal(err)
	}
	return i
}

func (o *issueOffice) move(v people.Visitor, i *IssueView, m issue.Move) (*IssueView, error) {
	return o.DoIssue(context.Background(), v, IssueMove{Move: m, ID: uuid.NewString(), Issue: i.ID, Seq: i.Seq})
}

func (o *issueOffice) must(v people.Visitor, i *IssueView, m issue.Move) *IssueView {
	o.t.Helper()
	out, err := o.move(v, i, m)
	if err != nil {
		o.t.Fatalf("%s: %v", m.Act, err)
	}
	return out
}

func TestIssueFromEntryToClose(t *testing.T) {
	o := newIssueOffice(t)
	i := o.enter(o.evaluator, "通知公告栏目长期未更新", 2)
	if i.Number != "2026Q1-001" || i.Category != "更新不及时" || i.Due != o.list.Due {
		t.Errorf("%+v", i.Issue)
	}
	i = o.must(o.supervisor, i, issue.Move{Act: issue.HandOver})
	i = o.must(o.filer, i, issue.Move{Act: issue.GiveAnswer, Text: "已更新", Link: "https://a.example/1"})
	i = o.must(o.evaluator, i, issue.Move{Act: issue.Return, Reason: "仍是旧内容"})
	i = o.must(o.filer, i, issue.Move{Act: issue.GiveAnswer, Text: "已换新内容"})
	i = o.must(o.evaluator, i, issue.Move{Act: issue.Recheck})
	i = o.must(o.supervisor, i, issue.Move{Act: issue.Close})
	if i.State != issue.Closed || i.Returns != 1 || i.Persons["filer"] != "测试filer" {
		t.Errorf("%+v", i)
	}
}

func TestActsOnIssuesAreDoneOnce(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	form := IssueEntryForm{ID: uuid.NewString(), List: o.list.ID, Content: issue.Content{Facts: "错别字", Unit: 2}}
	first, err := o.EnterIssue(ctx, o.evaluator, form)
	if err != nil {
		t.Fatal(err)
	}
	again, err := o.EnterIssue(ctx, o.evaluator, form)
	if err != nil || again.ID != first.ID || again.Seq != first.Seq {
		t.Errorf("a repeated entry: %v, %+v", err, again)
	}
	m := IssueMove{Move: issue.Move{Act: issue.HandOver}, ID: uuid.NewString(), Issue: first.ID, Seq: first.Seq}
	for range 2 {
		if _, err := o.DoIssue(ctx, o.supervisor, m); err != nil {
			t.Errorf("handing over, and once more: %v", err)
		}
	}
	m.ID = uuid.NewString()
	_, err = o.DoIssue(ctx, o.supervisor, m)
	if disclosure.CodeOf(err) != disclosure.ErrConflict || !strings.Contains(disclosure.Sentence(err), "测试qushen") {
		t.Errorf("a stale act: %v, want a conflict that says who", err)
	}
}

func TestIssuesAreSeenByWhomTheyConcern(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	found, handed, foreign := o.enter(o.evaluator, "栏目空白一处", 2), o.enter(o.evaluator, "链接失效三条", 2), o.enter(o.evaluator, "错别字两处", 3)
	handed = o.must(o.supervisor, handed, issue.Move{Act: issue.HandOver, Helpers: nil})
	foreign = o.must(o.supervisor, foreign, issue.Move{Act: issue.HandOver})
	street := person(t, o.Office, "street", people.Supervisor, 3) // of one subtree
	for _, tc := range []struct {
		name string
		v    people.Visitor
		want int
	}{{"a supervisor of some units", street, 1}, {"the unit", o.filer, 1}, {"another unit", o.other, 1}, {"the evaluator", o.evaluator, 3}, {"another evaluator", o.rival, 0},
		{"the supervisor", o.supervisor, 3}, {"a leader", o.leader, 3}} {
		rows, err := o.Issues(ctx, tc.v, IssueFilter{Quarter: q3})
		if err != nil || rows.Total != tc.want {
			t.Errorf("%s sees %d (%v), want %d", tc.name, rows.Total, err, tc.want)
		}
	}
	for _, i := range []*IssueView{found, foreign} {
		if _, err := o.Issue(ctx, o.filer, i.ID); disclosure.CodeOf(err) != disclosure.ErrNotFound {
			t.Errorf("the unit opens %s: %v", i.Number, err)
		}
	}
	if _, err := o.move(o.filer, foreign, issue.Move{Act: issue.GiveAnswer, Text: "已改"}); disclosure.CodeOf(err) != disclosure.ErrNotFound {
		t.Errorf("a unit answers another's: %v", err)
	}
	if _, err := o.move(o.rival, handed, issue.Move{Act: issue.Attach}); disclosure.CodeOf(err) != disclosure.ErrNotFound {
		t.Errorf("an evaluator touches another's: %v", err)
	}
	// A supervisor of some units enters issues for these, and keeps no list.
	for unit, want := range map[disclosure.UnitNumber]disclosure.ErrorCode{3: "", 2: disclosure.ErrForbidden, 0: disclosure.ErrForbidden} {
		_, err := o.EnterIssue(ctx, street, IssueEntryForm{ID: uuid.NewString(), List: o.list.ID, Content: issue.Content{Facts: "公开电话无人接听", Unit: unit}})
		if (want == "") != (err == nil) || err != nil && disclosure.CodeOf(err) != want {
			t.Errorf("a supervisor of unit 3 enters an issue of %d: %v", unit, err)
		}
	}
	for _, f := range []IssueListForm{{Quarter: q3, Round: issue.RoundCity}, {ID: o.list.ID, Seq: 1 << 40, Quarter: q3, Round: issue.RoundDistrict, State: issue.ListClosed}} {
		if _, err := o.PutIssueList(ctx, street, uuid.NewString(), f); disclosure.CodeOf(err) != disclosure.ErrForbidden {
			t.Errorf("a supervisor of some units puts a list: %v", err)
		}
	}
	if _, _, err := o.EvaluationBook(ctx, street, o.list.ID); disclosure.CodeOf(err) != disclosure.ErrNotFound {
		t.Errorf("a supervisor of some units takes the workbook: %v", err)
	}
	admin := person(t, o.Office, "admin", people.Admin, 0)
	if _, err := o.Issues(ctx, admin, IssueFilter{}); disclosure.CodeOf(err) != disclosure.ErrForbidden {
		t.Errorf("an administrator reads issues: %v", err)
	}
}

func TestFiltersOfIssues(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	a := o.enter(o.supervisor, "通知公告栏目未更新", 2)
	o.must(o.supervisor, a, issue.Move{Act: issue.HandOver})
	o.enter(o.supervisor, "解读材料缺失", 0)
	for _, tc := range []struct {
		name string
		f    IssueFilter
		want int
	}{{"all", IssueFilter{}, 2}, {"by unit", IssueFilter{Unit: 2}, 1}, {"unassigned", IssueFilter{Unassigned: true}, 1}, {"by text", IssueFilter{Text: "解读"}, 1},
		{"by number", IssueFilter{Text: "2026q1-001"}, 1}, {"by state", IssueFilter{States: []issue.State{issue.Handed}}, 1}, {"another quarter", IssueFilter{Quarter: issue.Before(q3)}, 0},
		{"by round", IssueFilter{Round: issue.RoundCity}, 0}, {"overdue", IssueFilter{Overdue: true}, 0}, {"waiting", IssueFilter{Waiting: true}, 0},
		{"by category", IssueFilter{Categories: []issue.Category{"更新不及时"}, Sort: SortDue}, 1}} {
		rows, err := o.Issues(ctx, o.supervisor, tc.f)
		if err != nil || rows.Total != tc.want {
			t.Errorf("%s: %d (%v), want %d", tc.name, rows.Total, err, tc.want)
		}
	}
}

func TestFindingsBecomeIssuesOnce(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	f := IssueEntryForm{ID: uuid.NewString(), List: o.list.ID, Content: issue.Content{Facts: "表三第一行不平", Unit: 2}, Kind: issue.OriginFinding, Ref: "abc"}
	if _, err := o.EnterIssue(ctx, o.supervisor, f); err != nil {
		t.Fatal(err)
	}
	f.ID = uuid.NewString()
	if _, err := o.EnterIssue(ctx, o.supervisor, f); disclosure.CodeOf(err) != disclosure.ErrConflict {
		t.Errorf("a finding made an issue twice: %v", err)
	}
	if i, err := o.IssueOf(ctx, o.supervisor, issue.OriginFinding, "abc"); err != nil || i.Origin.Ref != "abc" {
		t.Errorf("the finding's issue: %v", err)
	}
}

func TestManyIssuesAtOnce(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	var moves []IssueMove
	for _, unit := range []disclosure.UnitNumber{2, 0, 3} {
		i := o.enter(o.supervisor, "平台检索不可用"+string(rune('a'+unit)), unit)
		moves = append(moves, IssueMove{Move: issue.Move{Act: issue.HandOver}, Issue: i.ID, Seq: i.Seq})
	}
	act := uuid.NewString()
	for range 2 { // the button pressed twice
		got, err := o.DoIssues(ctx, o.supervisor, act, moves)
		if err != nil || len(got.Done) != 2 || len(got.Refused) != 1 || got.Refused[0].Number != "2026Q1-002" {
			t.Errorf("%v: %+v", err, got)
		}
	}
	// What was ended before anybody was to answer is nobody's: it counts there,
	// and is found there.
	none := o.enter(o.supervisor, "没有此项业务", 0)
	o.must(o.supervisor, none, issue.Move{Act: issue.EndInapplicable, Reason: "没有此项业务"})
	figures, err := o.IssueFigures(ctx, o.supervisor, IssueFilter{Quarter: q3})
	rows, listErr := o.Issues(ctx, o.supervisor, IssueFilter{Quarter: q3, Unassigned: true, Came: issue.StepFound})
	if last := figures.Units[len(figures.Units)-1]; err != nil || listErr != nil || last.Unit != 0 || last.Issues != 2 || rows.Total != 2 {
		t.Errorf("%+v on the board, %d in the list (%v, %v)", last, rows.Total, err, listErr)
	}
}

func TestEvidenceIsToldByContent(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	png := append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 40)...)
	for _, tc := range []struct {
		name string
		data []byte
		ok   bool
	}{{"截图.png", png, true}, {"..\\..\\截图.PNG", png, true}, {"截图.jpg", png, false}, {"page.html", []byte("<html><script>"), false}, {"x.svg", []byte("<svg onload=''>"), false},
		{"a.pdf", []byte("%PDF-1.7\n"), true}, {"空.png", nil, false}, {"大.png", append(png, make([]byte, MaxEvidence)...), false}} {
		f, err := o.KeepEvidence(ctx, o.filer, tc.name, bytes.NewReader(tc.data))
		if (err == nil) != tc.ok || err != nil && disclosure.CodeOf(err) != disclosure.ErrInvalid {
			t.Errorf("%s: %v", tc.name, err)
		}
		if err == nil && strings.ContainsAny(f.Name, "/\\") {
			t.Errorf("kept as %q", f.Name)
		}
	}
	f, err := o.KeepEvidence(ctx, o.filer, "a.png", bytes.NewReader(png))
	if err != nil {
		t.Fatal(err)
	}
	i := o.must(o.supervisor, o.enter(o.evaluator, "链接打不开", 2), issue.Move{Act: issue.HandOver})
	i = o.must(o.filer, i, issue.Move{Act: issue.GiveAnswer, Text: "已修复", Evidence: []issue.Evidence{{File: f}}})
	_, open, err := o.OpenEvidence(ctx, o.evaluator, i.ID, f.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	if data, err := io.ReadAll(open); err != nil || !bytes.Equal(data, png) {
		t.Errorf("the evidence came back otherwise: %v", err)
	}
	if _, _, err := o.OpenEvidence(ctx, o.other, i.ID, f.SHA256); disclosure.CodeOf(err) != disclosure.ErrNotFound {
		t.Errorf("another unit opens the evidence: %v", err)
	}
}
