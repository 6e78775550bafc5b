package people

import (
	"strings"
	"testing"

	"mingjing/internal/disclosure"
)

// The district of the tests: a government (1) over a department (2) with a
// sub-unit (3), and a town (4); another district (9) stands beside it.
var tree = NewTree([]disclosure.Unit{{Number: 1}, {Number: 2, Parent: 1}, {Number: 3, Parent: 2}, {Number: 4, Parent: 1}, {Number: 9}})

func TestRightsEndAtTheSubtree(t *testing.T) {
	for _, tc := range []struct {
		name  string
		grant Grant
		right Right
		unit  disclosure.UnitNumber
		may   bool
	}{
		{"a filer files for the own unit", Grant{Filer, 2}, FileReport, 2, true},
		{"and for what stands below it", Grant{Filer, 2}, FileReport, 3, true},
		{"not for a sister", Grant{Filer, 2}, FileReport, 4, false},
		{"not for what stands above", Grant{Filer, 3}, FileReport, 2, false},
		{"a filer does not review", Grant{Filer, 2}, ReviewReport, 2, false},
		{"a filer does not supervise", Grant{Filer, 2}, Supervise, 2, false},
		{"a supervisor of a district", Grant{Supervisor, 1}, Supervise, 3, true},
		{"has nothing in another", Grant{Supervisor, 1}, Supervise, 9, false},
		{"nor the whole", Grant{Supervisor, 1}, Supervise, 0, false},
		{"a supervisor of all", Grant{Supervisor, 0}, Supervise, 9, true},
		{"a supervisor does not file as the unit", Grant{Supervisor, 0}, FileReport, 2, false},
		{"a leader sees no drafts", Grant{Leader, 0}, SeeFiled, 2, false},
		{"an evaluator sees no drafts", Grant{Evaluator, 0}, SeeFiled, 2, false},
		{"an administrator does not approve", Grant{Admin, 0}, Supervise, 2, false},
		{"a unit that is not there", Grant{Filer, 2}, FileReport, 77, false},
	} {
		v := NewVisitor(Person{Account: "x", Grants: []Grant{tc.grant}}, "", tree)
		if got := v.May(tc.right, tc.unit); got != tc.may {
			t.Errorf("%s: %s on unit %d is %t", tc.name, tc.right, tc.unit, got)
		}
		if err := v.Demand(tc.right, tc.unit); (err == nil) != tc.may || err != nil && disclosure.CodeOf(err) != disclosure.ErrForbidden {
			t.Errorf("%s: Demand says %v", tc.name, err)
		}
	}
}

func TestCirclesInTheTreeEnd(t *testing.T) {
	circle := NewTree([]disclosure.Unit{{Number: 1, Parent: 2}, {Number: 2, Parent: 1}})
	if circle.Within(1, 7) {
		t.Error("a unit in a circle stands below one that is not there")
	}
	if !circle.Within(1, 2) {
		t.Error("a unit stands below its parent")
	}
}

func TestMachineMayEverything(t *testing.T) {
	v := Machine("os:root", "cli")
	for _, r := range []Right{FileReport, Supervise, EraseContent} {
		if !v.May(r, 9) || !v.Everywhere(r) || !v.Anywhere(r) {
			t.Errorf("the machine may not %s", r)
		}
	}
}

func TestPersonsAreChecked(t *testing.T) {
	good := Person{Account: "zhang.san", Name: "张三", Grants: []Grant{{Filer, 2}}}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for what, spoil := range map[string]func(*Person){
		"account with capitals":    func(p *Person) { p.Account = "Zhang" },
		"account with a space":     func(p *Person) { p.Account = "zhang san" },
		"account of one letter":    func(p *Person) { p.Account = "z" },
		"no name":                  func(p *Person) { p.Name = " " },
		"no grant":                 func(p *Person) { p.Grants = nil },
		"a role that is none":      func(p *Person) { p.Grants = []Grant{{"处长", 2}} },
		"a filer of all units":     func(p *Person) { p.Grants = []Grant{{Filer, 0}} },
		"the same grant twice":     func(p *Person) { p.Grants = []Grant{{Filer, 2}, {Filer, 2}} },
		"a name as long as a page": func(p *Person) { p.Name = strings.Repeat("张", 41) },
	} {
		p := good
		spoil(&p)
		if err := p.Check(); disclosure.CodeOf(err) != disclosure.ErrInvalid {
			t.Errorf("%s: %v", what, err)
		}
	}
	if got := NormalAccount("  Zhang.San　"); got != "zhang.san" {
		t.Errorf("the account is folded to %q", got)
	}
}

func TestPasswords(t *testing.T) {
	for password, good := range map[string]bool{
		"Ab3-xyzuvw":     true,
		"短口令Aa1":         false,
		"abcdefghij":     false,
		"Password-2026":  false,
		"Zhangsan-2026!": false, // holds the account
		"aA1aA1aA1aA1":   false, // three characters over and over
		"钱塘江水Ab12345":    true,
	} {
		if err := CheckPassword(password, "zhangsan", "张三"); (err == nil) != good {
			t.Errorf("%q: %v", password, err)
		}
	}
	seen := map[string]bool{}
	for range 200 {
		p, err := InitialPassword()
		if err != nil {
			t.Fatal(err)
		}
		if err := CheckPassword(p, "zhangsan", "张三"); err != nil {
			t.Errorf("an initial password breaks the rules: %v", err)
		}
		if strings.ContainsAny(p, "0O1lIio") {
			t.Errorf("%s holds characters that look alike", p)
		}
		if seen[p] {
			t.Error("the same initial password twice")
		}
		seen[p] = true
	}
}
