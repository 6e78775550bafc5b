package issue

import (
	"flag"
	"os"
	"slices"
	"testing"
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/people"

	"github.com/shopspring/decimal"
)

var update = flag.Bool("update", false, "write the generated documents anew")

const lifeDocument = "../../docs/问题清单流程.md"

func TestLifeIsDocumented(t *testing.T) {
	if *update {
		if err := os.WriteFile(lifeDocument, []byte(Markdown()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(lifeDocument)
	if err != nil || string(data) != Markdown() {
		t.Errorf("%s is not what the table says (%v): run go test ./internal/issue -update", lifeDocument, err)
	}
}

// The district of the tests: government 1 over departments 2 and 3, and another
// district 9.
var tree = people.NewTree([]disclosure.Unit{{Number: 1}, {Number: 2, Parent: 1}, {Number: 3, Parent: 1}, {Number: 9}})

var list = &List{ID: "l", Evaluators: []string{"pinggu"}}

func viewer(account string, role people.Role, unit disclosure.UnitNumber) Viewer {
	return On(people.NewVisitor(people.Person{Account: account, Grants: []people.Grant{{Role: role, Unit: unit}}}, "", tree), list)
}

var (
	filer      = viewer("filer", people.Filer, 2)
	helper     = viewer("helper", people.Filer, 3)
	supervisor = viewer("qushen", people.Supervisor, 1)
	evaluator  = viewer("pinggu", people.Evaluator, 0)
	rival      = viewer("pinggu2", people.Evaluator, 0)
	leader     = viewer("lingdao", people.Leader, 0)
	elsewhere  = viewer("other", people.Supervisor, 9)
)

var (
	noon  = time.Date(2026, 7, 20, 12, 0, 0, 0, calendar.China)
	later = calendar.Moment{Date: calendar.Day(2026, 8, 10)}
)

// what each state allows, in the order of Acts; everything else is refused.
var allowed = map[State]string{
	Missing:       "enter",
	Found:         "correct assign hand_over attach not_applicable withdraw",
	Handed:        "assign sign progress answer attach not_applicable withdraw ask_extension extend refuse_extension appeal uphold_appeal reject_appeal remind",
	Signed:        "assign progress answer attach not_applicable withdraw ask_extension extend refuse_extension appeal uphold_appeal reject_appeal remind",
	Rectifying:    "assign progress answer attach not_applicable withdraw ask_extension extend refuse_extension appeal uphold_appeal reject_appeal remind",
	Returned:      "assign progress answer attach not_applicable withdraw ask_extension extend refuse_extension appeal uphold_appeal reject_appeal remind",
	Answered:      "recall attach recheck return close not_applicable withdraw extend refuse_extension appeal uphold_appeal reject_appeal",
	Rechecked:     "attach return close not_applicable withdraw extend refuse_extension appeal uphold_appeal reject_appeal",
	Closed:        "reopen appeal uphold_appeal reject_appeal",
	NotApplicable: "reopen appeal uphold_appeal reject_appeal",
	Withdrawn:     "",
}

func TestEveryPairOfStateAndAct(t *testing.T) {
	for _, s := range States {
		got := ""
		for _, a := range Acts {
			next, err := Next(s, a)
			if err == nil {
				if got != "" {
					got += " "
				}
				got += string(a)
				if next.From != s || StateNames[next.To] == "" || len(next.Rights) == 0 {
					t.Errorf("%s, %s: %+v", s, a, next)
				}
			} else if disclosure.CodeOf(err) != disclosure.ErrConflict {
				t.Errorf("%s, %s: %v, want a conflict", s, a, err)
			}
		}
		if got != allowed[s] {
			t.Errorf("%q allows %q, want %q", s, got, allowed[s])
		}
	}
	for k, a := range Life {
		if slices.ContainsFunc(Life[:k], func(b Transition) bool { return a.From == b.From && a.Act == b.Act }) {
			t.Errorf("%s in %s stands twice", a.Act, a.From)
		}
	}
}

// sample is an issue of unit 2 in a state, unit 3 helping.
func sample(s State) Issue {
	i := Issue{ID: "i", List: "l", State: s, Content: Content{Facts: "通知公告栏目超过6个月未更新", Unit: 2, Helpers: []disclosure.UnitNumber{3},
		Due: calendar.Moment{Date: calendar.Day(2026, 7, 31)}, Deduction: decimal.NewNullDecimal(decimal.New(5, -1))}}
	if s != Missing && s != Found {
		i.Handed = noon.Add(-time.Hour)
	}
	if s == Answered || s == Rechecked || s == Closed {
		i.Answers = []Answer{{Kind: AnswerDone, Text: "已更新", Time: noon.Add(-time.Minute)}}
	}
	return i
}

// whole is a move with all that any act asks for.
func whole(a Act) Move {
	m := Move{Act: a, Reason: "理由", Due: later, Text: "已整改", Link: "https://www.example.gov.cn/1.html",
		Evidence: []Evidence{{Address: "https://www.example.gov.cn/2.html"}}, Deduction: decimal.NewNullDecimal(decimal.Zero)}
	if a == Assign || a == HandOver {
		m.Unit = 2
	}
	if a == Enter || a == Correct {
		m.Content = &Content{Facts: "栏目空白", Unit: 2}
	}
	return m
}

func TestWhoMayDoWhat(t *testing.T) {
	for _, tc := range []struct {
		who  Viewer
		name string
		may  map[State]string
	}{
		{filer, "the unit", map[State]string{Found: "", Handed: "sign progress answer attach ask_extension appeal", Answered: "recall attach appeal", Rechecked: "attach appeal", Closed: "appeal"}},
		{helper, "a helping unit", map[State]string{Found: "", Handed: "progress attach", Answered: "attach", Closed: ""}},
		{evaluator, "the list's evaluator", map[State]string{Missing: "enter", Found: "correct attach withdraw", Handed: "attach", Answered: "attach recheck return", Rechecked: "attach return", Closed: ""}},
		{rival, "another evaluator", map[State]string{Missing: "", Found: "", Answered: ""}},
		{leader, "a leader", map[State]string{Found: "", Answered: ""}},
		{elsewhere, "another district's supervisor", map[State]string{Found: "", Answered: ""}},
		{supervisor, "the supervisor", map[State]string{Found: "correct assign hand_over attach not_applicable withdraw",
			Answered: "recall attach recheck return close not_applicable withdraw", Closed: "reopen"}},
	} {
		for s, want := range tc.may {
			i := sample(s)
			got := ""
			for _, a := range Possible(&i, tc.who) {
				if got != "" {
					got += " "
				}
				got += string(a)
			}
			if got != want {
				t.Errorf("%s, %q: %q, want %q", tc.name, s, got, want)
			}
			for _, a := range Acts {
				_, err := Apply(i, whole(a), tc.who, noon)
				next, none := Next(s, a)
				if none == nil && !next.Allows(tc.who, &i) && disclosure.CodeOf(err) != disclosure.ErrForbidden {
					t.Errorf("%s, %q, %s: %v, want it forbidden", tc.name, s, a, err)
				}
			}
		}
	}
}

func TestWhoSeesWhat(t *testing.T) {
	for _, tc := range []struct {
		name  string
		who   Viewer
		state State
		sees  bool
	}{
		{"a unit before 交办", filer, Found, false}, {"a unit after it", filer, Handed, true}, {"a helping unit", helper, Handed, true},
		{"another unit", viewer("x", people.Filer, 9), Handed, false}, {"the evaluator", evaluator, Found, true}, {"another evaluator", rival, Handed, false},
		{"a leader", leader, Found, true}, {"another district", elsewhere, Handed, false}, {"an administrator", viewer("admin", people.Admin, 0), Handed, false},
	} {
		i := sample(tc.state)
		if got := tc.who.Sees(&i); got != tc.sees {
			t.Errorf("%s sees it: %t", tc.name, got)
		}
	}
}

func TestConditions(t *testing.T) {
	for _, tc := range []struct {
		name  string
		state State
		who   Viewer
		act   Act
		spoil func(*Move, *Issue)
		want  disclosure.ErrorCode
	}{
		{"facts are asked for", Missing, supervisor, Enter, func(m *Move, _ *Issue) { m.Content = &Content{Facts: "  ", Unit: 2} }, disclosure.ErrInvalid},
		{"a negative deduction", Missing, supervisor, Enter, func(m *Move, _ *Issue) { m.Content.Deduction = decimal.NewNullDecimal(decimal.New(-1, 0)) }, disclosure.ErrInvalid},
		{"a script as evidence", Missing, supervisor, Enter, func(m *Move, _ *Issue) { m.Content.Evidence = []Evidence{{Address: "javascript:alert(1)"}} }, disclosure.ErrInvalid},
		{"no unit to hand over to", Found, viewer("q", people.Supervisor, 0), HandOver, func(m *Move, i *Issue) { m.Unit, i.Unit = 0, 0 }, disclosure.ErrInvalid},
		{"the due time of the list will do", Found, supervisor, HandOver, func(m *Move, _ *Issue) { m.Due = calendar.Moment{} }, ""},
		{"no due time at all", Found, supervisor, HandOver, func(m *Move, i *Issue) { m.Due, i.Due = calendar.Moment{}, calendar.Moment{} }, disclosure.ErrInvalid},
		{"a due time that has passed", Found, supervisor, HandOver, func(m *Move, _ *Issue) { m.Due = calendar.At(calendar.Day(2026, 7, 1)) }, disclosure.ErrInvalid},
		{"the lead does not help itself", Found, supervisor, HandOver, func(m *Move, _ *Issue) { m.Helpers = []disclosure.UnitNumber{2} }, disclosure.ErrInvalid},
		{"one sentence is an answer", Signed, filer, GiveAnswer, func(m *Move, _ *Issue) { m.Link, m.Evidence = "", nil }, ""},
		{"a link is an answer", Signed, filer, GiveAnswer, func(m *Move, _ *Issue) { m.Text, m.Evidence = "", nil }, ""},
		{"pictures alone are none", Signed, filer, GiveAnswer, func(m *Move, _ *Issue) { m.Text, m.Link = "", "" }, disclosure.ErrInvalid},
		{"not applicable needs its reason", Signed, filer, GiveAnswer, func(m *Move, _ *Issue) { m.Kind, m.Text = AnswerNotApplicable, "" }, disclosure.ErrInvalid},
		{"a link is an address", Signed, filer, GiveAnswer, func(m *Move, _ *Issue) { m.Link = "见附件" }, disclosure.ErrInvalid},
		{"a return needs its reason", Answered, evaluator, Return, func(m *Move, _ *Issue) { m.Reason = " " }, disclosure.ErrInvalid},
		{"a return may keep the due time", Answered, evaluator, Return, func(m *Move, _ *Issue) { m.Due = calendar.Moment{} }, ""},
		{"unless it has passed", Answered, evaluator, Return, func(m *Move, i *Issue) { m.Due, i.Due = calendar.Moment{}, calendar.At(calendar.Day(2026, 7, 1)) }, disclosure.ErrInvalid},
		{"not applicable by the office needs its reason", Handed, supervisor, EndInapplicable, func(m *Move, _ *Issue) { m.Reason = "" }, disclosure.ErrInvalid},
		{"an extension is later", Handed, filer, AskExtension, func(m *Move, _ *Issue) { m.Due = calendar.At(calendar.Day(2026, 7, 25)) }, disclosure.ErrInvalid},
		{"one request at a time", Handed, filer, AskExtension, func(_ *Move, i *Issue) { i.Extensions = []Extension{{}} }, disclosure.ErrConflict},
		{"nothing to refuse", Handed, supervisor, RefuseExtension, func(*Move, *Issue) {}, disclosure.ErrConflict},
		{"nothing to decide", Handed, supervisor, Uphold, func(*Move, *Issue) {}, disclosure.ErrConflict},
		{"an appeal does not raise a deduction", Handed, supervisor, Uphold, func(m *Move, i *Issue) {
			i.Appeals, m.Deduction = []Appeal{{}}, decimal.NewNullDecimal(decimal.New(2, 0))
		}, disclosure.ErrInvalid},
	} {
		i, m := sample(tc.state), whole(tc.act)
		tc.spoil(&m, &i)
		if _, err := Apply(i, m, tc.who, noon); tc.want == "" && err != nil || tc.want != "" && disclosure.CodeOf(err) != tc.want {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
		}
	}
}

// do is a chain of moves, an hour each.
func do(t *testing.T, i Issue, steps ...func() (Viewer, Move)) Issue {
	t.Helper()
	at := noon
	for _, s := range steps {
		v, m := s()
		at = at.Add(time.Hour)
		var err error
		if i, err = Apply(i, m, v, at); err != nil {
			t.Fatalf("%s in %s: %v", m.Act, i.State, err)
		}
	}
	return i
}

func by(v Viewer, m Move) func() (Viewer, Move) { return func() (Viewer, Move) { return v, m } }

func TestAWholeLife(t *testing.T) {
	before := sample(Found)
	i := do(t, before,
		by(supervisor, Move{Act: HandOver}), by(filer, Move{Act: AskExtension, Reason: "供应商排期", Due: later}),
		by(supervisor, Move{Act: Extend, Reason: "同意", Due: later}), by(filer, Move{Act: GiveAnswer, Text: "已更新"}),
		by(evaluator, Move{Act: Return, Reason: "仍未更新"}), by(filer, Move{Act: GiveAnswer, Link: "http://a.example/1"}),
		by(filer, Move{Act: Object, Reason: "扣分过重"}), by(supervisor, Move{Act: Uphold, Reason: "减半", Deduction: decimal.NewNullDecimal(decimal.New(25, -2))}),
		by(evaluator, Move{Act: Recheck}), by(supervisor, Move{Act: Close}), by(supervisor, Move{Act: Reopen, Reason: "再次失效", Due: later}),
		by(supervisor, Move{Act: GiveAnswer, Text: "单位来函已整改"}), by(supervisor, Move{Act: Close}))
	if i.State != Closed || i.Returns != 1 || i.Reopens != 1 || i.Due != later || i.FirstDue != before.Due || i.Signed.IsZero() || i.Settled.IsZero() {
		t.Errorf("%+v", i)
	}
	if i.Deduction.Decimal.String() != "0.25" || i.Appeals[0].Before.Decimal.String() != "0.5" || i.Extensions[0].Outcome != Granted {
		t.Errorf("deduction %v, appeals %+v, extensions %+v", i.Deduction, i.Appeals, i.Extensions)
	}
	if len(i.Answers) != 3 || i.Answers[0].Proxy || !i.Answers[2].Proxy || i.Answered != i.Answers[0].Time {
		t.Errorf("answers %+v", i.Answers)
	}
	if before.State != Found || len(before.Answers) != 0 {
		t.Error("the issue that was given has changed")
	}
}

func TestOverdueDoesNotWaitForSigning(t *testing.T) {
	i := sample(Handed)
	end := i.Due.End()
	for _, tc := range []struct {
		at          time.Time
		over        bool
		kept, known bool
	}{{end.Add(-time.Second), false, false, false}, {end, true, false, true}} {
		if got := i.Overdue(tc.at); got != tc.over {
			t.Errorf("at %s overdue is %t", tc.at, got)
		}
		if kept, known := i.OnTime(tc.at); kept != tc.kept || known != tc.known {
			t.Errorf("at %s on time %t, known %t", tc.at, kept, known)
		}
	}
	late, err := Apply(i, Move{Act: GiveAnswer, Text: "已整改"}, filer, end.Add(time.Hour))
	if err != nil || !late.Answers[0].Late || late.Overdue(end.Add(2*time.Hour)) {
		t.Errorf("%v: %+v", err, late.Answers)
	}
	if kept, known := late.OnTime(end.Add(2 * time.Hour)); kept || !known {
		t.Error("a late answer counts as on time")
	}
}

func TestRecalledAnswersDoNotCount(t *testing.T) {
	i := do(t, sample(Signed), by(filer, Move{Act: GiveAnswer, Text: "已整改"}), by(filer, Move{Act: Recall}))
	if i.State != Rectifying || i.LastAnswer() != nil || !i.Answered.IsZero() {
		t.Errorf("%s, %+v", i.State, i.Answers)
	}
}

func TestReassignedIssuesBeginAnew(t *testing.T) {
	i := do(t, sample(Signed), by(supervisor, Move{Act: Assign, Unit: 3, Reason: "职责不在该单位"}))
	if i.State != Handed || i.Unit != 3 || len(i.Helpers) != 0 || !i.Signed.IsZero() {
		t.Errorf("%+v", i)
	}
}

// A request that is open when its issue ends ends with it; an appeal is decided
// afterwards, or falls away with a withdrawn issue.
func TestNothingWaitsForEver(t *testing.T) {
	for _, act := range []Act{Close, EndInapplicable, Withdraw} {
		i := do(t, sample(Signed), by(filer, Move{Act: AskExtension, Reason: "供应商排期", Due: later}), by(filer, Move{Act: Object, Reason: "扣分过重"}),
			by(filer, Move{Act: GiveAnswer, Text: "已更新"}), by(supervisor, Move{Act: act, Reason: "已办结"}))
		if e := i.Extensions[0]; i.OpenExtension() != nil || e.Outcome != Lapsed || e.Answer != EndedWithIssue || e.Decider != "qushen" || e.Decided.IsZero() {
			t.Errorf("%s: extension %+v", act, e)
		}
		mayDecide := slices.Contains(Possible(&i, supervisor), Reject)
		if open := i.OpenAppeal() != nil; open != (act != Withdraw) || open != mayDecide {
			t.Errorf("%s: open %t, to be decided %t, appeal %+v", act, open, mayDecide, i.Appeals[0])
		}
	}
	old := sample(Closed) // of before that was noted
	if old.Extensions = []Extension{{Reason: "供应商排期", Due: later}}; old.OpenExtension() != nil {
		t.Error("a request of a closed issue waits")
	}
}

// The district grants late what was asked for in time.
func TestASlowDistrictDoesNotMakeAUnitLate(t *testing.T) {
	i := sample(Signed)
	at := i.Due.End()
	for _, s := range []struct {
		v    Viewer
		m    Move
		when time.Time
	}{{filer, Move{Act: AskExtension, Reason: "供应商排期", Due: later}, at.Add(-time.Hour)}, {filer, Move{Act: GiveAnswer, Text: "已更新"}, at.Add(time.Hour)},
		{supervisor, Move{Act: Extend, Reason: "同意", Due: later}, later.End().Add(time.Hour)}} {
		var err error
		if i, err = Apply(i, s.m, s.v, s.when); err != nil {
			t.Fatalf("%s: %v", s.m.Act, err)
		}
	}
	if kept, known := i.OnTime(later.End()); !kept || !known || i.State != Answered || i.Due != later {
		t.Errorf("%+v", i)
	}
	if _, err := Apply(sample(Answered), whole(Extend), supervisor, noon); disclosure.CodeOf(err) != disclosure.ErrConflict {
		t.Errorf("more time after the answer that nobody asked for: %v", err)
	}
}
