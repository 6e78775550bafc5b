package ledger

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
)

var plainHead = []string{"编号", "申请人类型", "收到日期", "答复日期", "办理结果", "是否延期", "补正日期"}

func TestYears(t *testing.T) {
	for _, test := range []struct {
		what, received, closed, result string
		standing                       Standing
		codes                          string
	}{
		{"new and closed", "2025-01-01", "2025-12-31", "公开", Counted, "NEW_RECEIVED GRANTED RESULT_TOTAL"},
		{"carried in and closed", "2024-12-31", "2025-01-01", "公开", Counted, "CARRIED_IN GRANTED RESULT_TOTAL"},
		{"carried in and out", "2024-12-31", "", "", Counted, "CARRIED_IN CARRIED_OUT"},
		{"closed in the year after", "2025-12-31", "2026-01-04", "公开", Counted, "NEW_RECEIVED CARRIED_OUT"},
		{"closed in the year after, result unread", "2025-12-31", "2026-01-04", "另函", Counted, "NEW_RECEIVED CARRIED_OUT"},
		{"closed on the last day before", "2024-12-01", "2024-12-31", "公开", Outside, ""},
		{"received after the year", "2026-01-01", "2026-01-05", "公开", Outside, ""},
		{"received after the year, not answered", "2026-01-01", "", "", Outside, ""},
		{"closed before it was received", "2025-03-05", "2025-03-01", "公开", Undecided, ""},
		{"a result without a day", "2025-03-05", "", "公开", Undecided, ""},
		{"a day without a result", "2025-03-05", "2025-03-20", "", Undecided, ""},
		{"no day of receipt", "", "2025-03-20", "公开", Undecided, ""},
		{"no year", "3月5日", "2025-03-20", "公开", Undecided, ""},
		{"an answer in the future", "2025-03-05", "2027-03-20", "公开", Undecided, ""},
		{"still at work", "2025-03-05", "未办结", "办理中", Counted, "NEW_RECEIVED CARRIED_OUT"},
		{"an answer without saying which", "2025-03-05", "2025-03-20", "已答复", Undecided, ""},
	} {
		doc := gridOf(plainHead, []string{"1", "公民", test.received, test.closed, test.result})
		l := mustRead(t, doc, Options{Today: on(2026, 1, 20)})
		r := l.Rows[0]
		var want []string
		for _, row := range strings.Fields(test.codes) {
			want = append(want, "T3_"+row+"_NP", "T3_"+row+"_TOT")
		}
		var got []string
		for _, c := range r.Codes {
			got = append(got, string(c))
		}
		if r.Standing != test.standing || !reflect.DeepEqual(sorted(got), sorted(want)) {
			t.Errorf("%s: %s %v, problems %+v", test.what, r.Standing, got, r.Problems)
		}
		if (r.Standing == Undecided) != (len(r.Problems) > 0) || (r.Standing == Outside) != (r.Why != "") {
			t.Errorf("%s: %+v", test.what, r)
		}
	}
}

func sorted(s []string) map[string]bool {
	out := map[string]bool{}
	for _, v := range s {
		out[v] = true
	}
	return out
}

func TestDecisions(t *testing.T) {
	doc := gridOf(plainHead,
		[]string{"1", "法人", "2025-03-05", "2025-03-20", "不予公开"},
		[]string{"2", "公民", "2025-03-05", "2025-03-20", "公开"},
		[]string{"2", "公民", "2025-03-06", "2025-03-20", "公开"},
		[]string{"3", "公民", "3月5日", "", "公开"},
	)
	l := mustRead(t, doc, Options{})
	if c := l.Count(); len(c.Undecided) != 4 || c.Complete() {
		t.Fatalf("%d rows undecided, want 4", len(c.Undecided))
	}
	decide := func(i int, d Decision) {
		t.Helper()
		if err := l.Decide(l.Rows[i].ID, d); err != nil {
			t.Fatal(err)
		}
	}
	d, err := DecisionOf("T3_DENY_PROCESS_INFO_RES")
	if err != nil {
		t.Fatal(err)
	}
	decide(0, d)
	decide(1, Decision{Distinct: true})
	decide(2, Decision{Skip: true})
	decide(3, Decision{Received: on(2025, 3, 5), Closed: on(2025, 3, 9)})
	c := l.Count()
	if !c.Complete() || len(c.Skipped) != 1 {
		t.Errorf("undecided %+v", c.Undecided)
	}
	cells(t, "decided", c, table("NEW_RECEIVED_RES", "DENY_PROCESS_INFO_RES", "NEW_RECEIVED_NP", "GRANTED_NP", "NEW_RECEIVED_NP", "GRANTED_NP"))

	data, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	var stored Ledger
	if err := json.Unmarshal(data, &stored); err != nil {
		t.Fatal(err)
	}
	if err := stored.Equip(nil, nil); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(stored.Count(), c) {
		t.Error("the count changed on the ledger's way through the store")
	}
	decide(3, Decision{})
	if l.Rows[3].Standing != Undecided || l.Rows[3].Decision != nil {
		t.Error("a decision cannot be taken back")
	}
	decide(3, Decision{Received: on(2025, 3, 5), Open: true})
	if got := l.Rows[3].Standing; got != Counted {
		t.Errorf("not answered: %s %+v", got, l.Rows[3].Problems)
	}
	for name, bad := range map[string]Decision{"kind": {Applicant: "TOT"}, "result": {Result: "NEW_RECEIVED"}, "open": {Open: true, Result: "GRANTED"},
		"days": {Received: on(2025, 3, 5), Closed: on(2025, 3, 1)}} {
		if err := l.Decide(l.Rows[0].ID, bad); disclosure.CodeOf(err) != disclosure.ErrInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := l.Decide("x", Decision{}); disclosure.CodeOf(err) != disclosure.ErrNotFound {
		t.Errorf("an unknown row: %v", err)
	}
	for code, want := range map[disclosure.Code]Decision{"T3_GRANTED_TOT": {Result: "GRANTED"}, "T3_CARRIED_OUT_NP": {Applicant: "NP", Open: true}, "T3_NEW_RECEIVED_LAW": {Applicant: "LAW"}} {
		if got, err := DecisionOf(code); err != nil || got != want {
			t.Errorf("%s: %+v %v", code, got, err)
		}
	}
	if _, err := DecisionOf("T4_REV_TOTAL"); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("a cell of table 四: %v", err)
	}
}

func TestKindsByName(t *testing.T) {
	doc := gridOf([]string{"序号", "申请人", "收到日期", "答复日期", "办理结果"},
		[]string{"1", "张三", "2025-03-05", "2025-03-20", "公开"},
		[]string{"2", "某某实业有限公司", "2025-03-05", "2025-03-20", "公开"},
		[]string{"3", "X", "2025-03-05", "2025-03-20", "公开"},
	)
	l := mustRead(t, doc, Options{})
	if c := l.Count(); len(c.Undecided) != 3 {
		t.Fatalf("a guess was counted: %+v", c.Rows)
	}
	if n := l.AcceptSuggestions(FieldApplicant); n != 2 {
		t.Errorf("%d suggestions accepted, want 2", n)
	}
	cells(t, "accepted", l.Count(), table("NEW_RECEIVED_NP", "GRANTED_NP", "NEW_RECEIVED_BIZ", "GRANTED_BIZ"))
	kinds := gridOf([]string{"序号", "申请人", "收到日期", "答复日期", "办理结果"},
		[]string{"1", "公民", "2025-03-05", "2025-03-20", "公开"}, []string{"2", "企业", "2025-03-05", "2025-03-20", "公开"})
	if c := mustRead(t, kinds, Options{}).Count(); !c.Complete() || len(c.Doubts) == 0 {
		t.Errorf("kinds under 申请人: %+v", c.Undecided)
	}
}

func TestOverdue(t *testing.T) {
	for _, test := range []struct {
		what, received, closed, result, extended, corrected string
		due                                                 string
		workdays                                            int
		open                                                bool
	}{
		{"in time over the Spring Festival", "2025-01-15", "2025-02-18", "公开", "", "", "", 0, false},
		{"a day late", "2025-01-15", "2025-02-19", "公开", "", "", "2025-02-18", 1, false},
		{"extended", "2025-01-15", "2025-02-19", "公开", "是", "", "", 0, false},
		{"not extended", "2025-01-15", "2025-02-19", "公开", "否", "", "2025-02-18", 1, false},
		{"restarted", "2025-01-15", "2025-02-19", "公开", "", "2025-02-10", "", 0, false},
		{"open and late", "2025-12-01", "", "", "", "", "2025-12-29", 13, true},
		{"open and in time", "2026-01-05", "", "", "", "", "", 0, false},
	} {
		l := mustRead(t, gridOf(plainHead, []string{"1", "公民", test.received, test.closed, test.result, test.extended, test.corrected}), Options{Today: on(2026, 1, 16)})
		o := l.Rows[0].Overdue
		switch {
		case (o == nil) != (test.due == ""):
			t.Errorf("%s: %+v", test.what, o)
		case o != nil && (o.Due.String() != test.due || o.Workdays != test.workdays || o.Open != test.open || o.Note != ""):
			t.Errorf("%s: %+v", test.what, o)
		}
	}
}

func TestMappings(t *testing.T) {
	doc := gridOf([]string{"编号", "类别", "来的日子", "答复日期", "办理结果"}, []string{"1", "公民", "2025-03-05", "2025-03-20", "公开"})
	m, err := Propose(doc)
	if err != nil {
		t.Fatal(err)
	}
	if m.Certain() {
		t.Error("a mapping without a day of receipt is certain")
	}
	if _, err := Read(doc, Options{Year: 2025}); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("read without a day of receipt: %v", err)
	}
	m.Heads[0].Columns[1].Role, m.Heads[0].Columns[2].Role = RoleKind, RoleReceived
	data, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseMapping(data)
	if err != nil {
		t.Fatal(err)
	}
	if c := mustRead(t, doc, Options{Mapping: &again}).Count(); len(c.Rows) != 1 {
		t.Errorf("with the mapping settled: %+v", c.Undecided)
	}
	if good, err := Propose(gridOf(plainHead, []string{"1", "公民", "2025-03-05", "2025-03-20", "公开"})); err != nil || !good.Certain() {
		t.Errorf("a plain ledger is not certain: %+v %v", good, err)
	}
	for name, change := range map[string]func(m *Mapping){
		"nothing":         func(m *Mapping) { m.Heads = nil },
		"year":            func(m *Mapping) { m.YearOfDays = 5 },
		"fingerprint":     func(m *Mapping) { m.Heads[0].Fingerprint = "" },
		"role":            func(m *Mapping) { m.Heads[0].Columns[0].Role = "x" },
		"twice":           func(m *Mapping) { m.Heads[0].Columns[1].Role = RoleReceived },
		"column":          func(m *Mapping) { m.Heads[0].Columns[1].Column = 0 },
		"negative column": func(m *Mapping) { m.Heads[0].Columns[1].Column = -1 },
		"key":             func(m *Mapping) { m.Heads[0].Columns[1] = Column{Column: 1, Role: RoleKindMarked, Key: "TOT"} },
		"no result":       func(m *Mapping) { m.Heads[0].Columns[4].Role = RoleIgnore },
		"no answer":       func(m *Mapping) { m.Heads[0].Columns[3].Role = RoleIgnore },
	} {
		bad, _ := ParseMapping(data)
		change(&bad)
		if err := bad.Validate(); disclosure.CodeOf(err) != disclosure.ErrInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
