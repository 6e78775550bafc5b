package office

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"
)

// Passwords of tests cost little: what they cost people is argon2id's business.
func init() {
	cost = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// testClock is a clock that tests move.
type testClock struct{ at atomic.Int64 }

func (c *testClock) now() time.Time          { return time.Unix(c.at.Load(), 0).UTC() }
func (c *testClock) advance(d time.Duration) { c.at.Add(int64(d / time.Second)) }

// staffOffice is readOffice with a tree (2 and 3 below 1, 4 to 6 alone), a
// clock to move, and an administrator, a supervisor of all, and one of unit 1.
func staffOffice(t *testing.T) (*Office, *testClock, map[string]people.Visitor, map[string]string) {
	t.Helper()
	ctx := t.Context()
	o := readOffice(t)
	clock := &testClock{}
	clock.at.Store(o.clock().Unix())
	o.clock = clock.now
	o.UseKey(make([]byte, 32))
	for _, n := range []disclosure.UnitNumber{2, 3} {
		u, err := o.unitEntry(ctx, n)
		if err != nil {
			t.Fatal(err)
		}
		u.unit.Parent = 1
		if err := o.append(ctx, people.Machine("os:test", "cli"), uuid.NewString(), u.entry()); err != nil {
			t.Fatal(err)
		}
	}
	visitors, passwords := map[string]people.Visitor{}, map[string]string{}
	for account, grant := range map[string]people.Grant{"root": {Role: people.Admin}, "chief": {Role: people.Supervisor},
		"sub": {Role: people.Supervisor, Unit: 1}, "filer2": {Role: people.Filer, Unit: 2}, "filer5": {Role: people.Filer, Unit: 5}} {
		password, err := o.CreateAccount(ctx, people.Machine("os:test", "cli"), people.Person{Account: account, Name: "测试" + account, Grants: []people.Grant{grant}})
		if err != nil {
			t.Fatal(err)
		}
		passwords[account] = password
		if visitors[account], err = o.Visitor(ctx, account, "10.0.0.1"); err != nil {
			t.Fatal(err)
		}
	}
	return o, clock, visitors, passwords
}

func wantCode(t *testing.T, what string, err error, code disclosure.ErrorCode) {
	t.Helper()
	if err == nil || disclosure.CodeOf(err) != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

// A supervisor of a subtree reaches no account outside of it, and nobody but an
// administrator reaches administrators.
func TestAccountsKeepToTheSubtree(t *testing.T) {
	o, _, v, _ := staffOffice(t)
	ctx := t.Context()
	list, err := o.Accounts(ctx, v["sub"])
	if err != nil || len(list) != 2 || list[0].Account != "filer2" || list[1].Account != "sub" {
		t.Fatalf("the supervisor of unit 1 keeps %v, %v", list, err)
	}
	for _, other := range []string{"filer5", "chief", "root", "nobody"} {
		_, err := o.Account(ctx, v["sub"], other)
		wantCode(t, "looking at "+other, err, disclosure.ErrNotFound)
		wantCode(t, "disabling "+other, o.Disable(ctx, v["sub"], other, "离职"), disclosure.ErrNotFound)
		wantCode(t, "unlocking "+other, o.Unlock(ctx, v["sub"], other), disclosure.ErrNotFound)
		_, err = o.ResetPassword(ctx, v["sub"], other)
		wantCode(t, "resetting "+other, err, disclosure.ErrNotFound)
		_, err = o.HandOver(ctx, v["sub"], other, people.Person{Account: "new-" + other, Name: "新人"})
		wantCode(t, "handing over "+other, err, disclosure.ErrNotFound)
	}
	for _, g := range []people.Grant{{Role: people.Filer, Unit: 5}, {Role: people.Supervisor}, {Role: people.Leader}, {Role: people.Admin}, {Role: people.Admin, Unit: 1}} {
		_, err := o.CreateAccount(ctx, v["sub"], people.Person{Account: "new", Name: "新人", Grants: []people.Grant{g}})
		wantCode(t, "giving "+string(g.Role), err, disclosure.ErrForbidden)
		err = o.ChangeAccount(ctx, v["sub"], "filer2", AccountChange{Name: "新人", Grants: []people.Grant{{Role: people.Filer, Unit: 2}, g}}, 0)
		wantCode(t, "adding "+string(g.Role), err, disclosure.ErrForbidden)
	}
	_, err = o.ResetPassword(ctx, v["chief"], "root")
	wantCode(t, "a supervisor resets an administrator", err, disclosure.ErrNotFound)
	_, err = o.CreateAccount(ctx, v["chief"], people.Person{Account: "new", Name: "新人", Grants: []people.Grant{{Role: people.Admin}}})
	wantCode(t, "a supervisor makes an administrator", err, disclosure.ErrForbidden)
	_, err = o.Accounts(ctx, v["filer2"])
	wantCode(t, "a filer lists accounts", err, disclosure.ErrForbidden)
}

func TestNobodyLocksThemselvesOut(t *testing.T) {
	o, _, v, _ := staffOffice(t)
	ctx := t.Context()
	machine := people.Machine("os:test", "cli")
	wantCode(t, "disabling oneself", o.Disable(ctx, v["root"], "root", "离职"), disclosure.ErrConflict)
	wantCode(t, "the last administrator, from the machine", o.Disable(ctx, machine, "root", "离职"), disclosure.ErrConflict)
	err := o.ChangeAccount(ctx, machine, "root", AccountChange{Name: "测试", Grants: []people.Grant{{Role: people.Leader}}}, 0)
	wantCode(t, "the last administrator's role", err, disclosure.ErrConflict)
	err = o.ChangeAccount(ctx, v["chief"], "chief", AccountChange{Name: "测试", Grants: []people.Grant{{Role: people.Leader}}}, 0)
	wantCode(t, "the own keeping of accounts", err, disclosure.ErrConflict)
	if _, err := o.CreateAccount(ctx, v["root"], people.Person{Account: "root2", Name: "第二", Grants: []people.Grant{{Role: people.Admin}}}); err != nil {
		t.Fatal(err)
	}
	root2, err := o.Visitor(ctx, "root2", "")
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, "without a reason", o.Disable(ctx, root2, "root", " "), disclosure.ErrInvalid)
	if err := o.Disable(ctx, root2, "root", "调离岗位"); err != nil {
		t.Errorf("one of two administrators: %v", err)
	}
	if a, err := o.Account(ctx, root2, "root"); err != nil || !a.Disabled || a.DisabledWhy != "调离岗位" {
		t.Errorf("the reason is not kept: %+v, %v", a, err)
	}
	if err := o.Enable(ctx, root2, "root"); err != nil {
		t.Error(err)
	}
}

func TestHandingAPostOver(t *testing.T) {
	o, _, v, passwords := staffOffice(t)
	ctx := t.Context()
	_, err := o.HandOver(ctx, v["sub"], "sub", people.Person{Account: "sub-next", Name: "新人"})
	wantCode(t, "handing over oneself", err, disclosure.ErrConflict)
	_, err = o.HandOver(ctx, v["sub"], "filer2", people.Person{Account: "filer5", Name: "新人"})
	wantCode(t, "to an account that exists", err, disclosure.ErrConflict)
	password, err := o.HandOver(ctx, v["sub"], "filer2", people.Person{Account: "Filer2b", Name: "新人", Phone: "1"})
	if err != nil {
		t.Fatal(err)
	}
	before, _ := o.Account(ctx, v["sub"], "filer2")
	after, _ := o.Account(ctx, v["sub"], "filer2b")
	if !before.Disabled || before.Successor != "filer2b" || after.SuccessorOf != "filer2" || !after.MustChange ||
		len(after.Grants) != 1 || after.Grants[0] != before.Grants[0] {
		t.Errorf("after handing over: %+v and %+v", before, after)
	}
	if _, _, err := o.SignIn(ctx, "filer2b", password, ""); err != nil {
		t.Errorf("the successor signs in: %v", err)
	}
	_, _, err = o.SignIn(ctx, "filer2", passwords["filer2"], "")
	wantCode(t, "the predecessor signs in", err, disclosure.ErrForbidden)
	wantCode(t, "enabling the predecessor", o.Enable(ctx, v["sub"], "filer2"), disclosure.ErrConflict)
	_, err = o.HandOver(ctx, v["sub"], "filer2", people.Person{Account: "third", Name: "新人"})
	wantCode(t, "handing over twice", err, disclosure.ErrConflict)
}

// Whoever changes an account that somebody changed meanwhile is told who.
func TestAStaleChangeNamesWhoWasFaster(t *testing.T) {
	o, _, v, _ := staffOffice(t)
	ctx := t.Context()
	a, err := o.Account(ctx, v["sub"], "filer2")
	if err != nil {
		t.Fatal(err)
	}
	change := AccountChange{Name: "改名", Grants: a.Grants}
	if err := o.ChangeAccount(ctx, v["chief"], "filer2", change, a.Seq); err != nil {
		t.Fatal(err)
	}
	err = o.ChangeAccount(ctx, v["sub"], "filer2", change, a.Seq)
	wantCode(t, "a stale change", err, disclosure.ErrConflict)
	if err != nil && !contains(disclosure.Sentence(err), "测试chief(chief)") {
		t.Errorf("%s", disclosure.Sentence(err))
	}
}

// Tries at one moment are no more than are allowed, for accounts that exist and
// for names that do not; a lock ends by itself.
func TestTooManyTriesLock(t *testing.T) {
	o, clock, v, passwords := staffOffice(t)
	ctx := context.Background()
	for _, name := range []string{"filer2", "nobody-at-all"} {
		var wg sync.WaitGroup
		var compared atomic.Int32
		for range 12 {
			wg.Go(func() {
				_, _, err := o.SignIn(ctx, name, "Wrong-password-1", "10.9.9.9")
				if err != nil && contains(disclosure.Sentence(err), "口令不正确") {
					compared.Add(1)
				}
			})
		}
		wg.Wait()
		if n := compared.Load(); n != mostFailures {
			t.Errorf("%d passwords of %s were compared, want %d", n, name, mostFailures)
		}
		_, _, err := o.SignIn(ctx, name, passwords["filer2"], "")
		wantCode(t, "the right password of locked "+name, err, disclosure.ErrForbidden)
		if err != nil && !contains(disclosure.Sentence(err), "已锁定") {
			t.Errorf("%s: %v", name, err)
		}
	}
	a, err := o.Account(ctx, v["sub"], "filer2")
	if err != nil || !a.Locked(clock.now()) {
		t.Errorf("the account is %+v, %v; want it locked", a, err)
	}
	clock.advance(lockTime + time.Second)
	if _, _, err := o.SignIn(ctx, "filer2", passwords["filer2"], ""); err != nil {
		t.Errorf("after the lock: %v", err)
	}
}

func TestSecondFactor(t *testing.T) {
	o, clock, v, passwords := staffOffice(t)
	ctx := t.Context()
	me := v["filer2"]
	if err := o.BeginSecondFactor(ctx, me); err != nil {
		t.Fatal(err)
	}
	pending, err := o.PendingSecondFactor(ctx, me)
	if err != nil || pending == nil {
		t.Fatal(pending, err)
	}
	if picture, err := pending.Picture(220); err != nil || len(picture) < 100 {
		t.Errorf("a picture of %d bytes, %v", len(picture), err)
	}
	code := func() string {
		c, err := totp.GenerateCode(pending.Secret, clock.now())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	wantCode(t, "a wrong code", o.ConfirmSecondFactor(ctx, me, "000000"), disclosure.ErrForbidden)
	used := code()
	if err := o.ConfirmSecondFactor(ctx, me, used); err != nil {
		t.Fatal(err)
	}
	who, step, err := o.SignIn(ctx, "filer2", passwords["filer2"], "")
	if err != nil || step == "" || who.Account != "" {
		t.Fatalf("the password alone gives %q, step %q, %v", who.Account, step, err)
	}
	_, err = o.SignInCode(ctx, step, used, "")
	wantCode(t, "the same code once more", err, disclosure.ErrForbidden)
	clock.advance(time.Minute)
	if who, err := o.SignInCode(ctx, step, code(), ""); err != nil || who.Account != "filer2" {
		t.Errorf("the code gives %q, %v", who.Account, err)
	}
	if _, err := o.SignInCode(ctx, step, code(), ""); err != ErrStepOver { //nolint:errorlint // returned as it is
		t.Errorf("a step twice: %v", err)
	}
	_, step, _ = o.SignIn(ctx, "filer2", passwords["filer2"], "")
	clock.advance(codeTime + time.Minute)
	if _, err := o.SignInCode(ctx, step, code(), ""); err != ErrStepOver { //nolint:errorlint // returned as it is
		t.Errorf("a step that is over: %v", err)
	}
	// Knowing the password does not give more guesses at the code.
	for range mostFailures {
		_, step, err = o.SignIn(ctx, "filer2", passwords["filer2"], "")
		if err != nil {
			t.Fatal(err)
		}
		_, err = o.SignInCode(ctx, step, "000000", "")
		wantCode(t, "guessing", err, disclosure.ErrForbidden)
	}
	_, _, err = o.SignIn(ctx, "filer2", passwords["filer2"], "")
	wantCode(t, "after guessing codes", err, disclosure.ErrForbidden)
	// A reset takes the factor away with the lock.
	password, err := o.ResetPassword(ctx, v["sub"], "filer2")
	if err != nil {
		t.Fatal(err)
	}
	if who, step, err := o.SignIn(ctx, "filer2", password, ""); err != nil || step != "" || !who.MustChange {
		t.Errorf("after a reset: %+v %q %v", who.Person, step, err)
	}
	if pending, err := o.PendingSecondFactor(ctx, me); err != nil || pending != nil {
		t.Errorf("after a reset a secret stays: %v, %v", pending, err)
	}
}

// A session that was ended does not come back with a request that was under way.
func TestEndedSessionsStayEnded(t *testing.T) {
	o, _, v, _ := staffOffice(t)
	ctx := t.Context()
	kept, err := o.Sessions(ctx)
	if err != nil {
		t.Fatal(err)
	}
	data, until := []byte(`{"account":"filer2","agent":"x"}`), time.Now().Add(time.Hour)
	for _, token := range []string{"one", "two", "three"} {
		if err := kept.CommitCtx(ctx, token, data, until); err != nil {
			t.Fatal(err)
		}
	}
	list, own := kept.Of("filer2", "two")
	if len(list) != 3 || own != hashToken("two") {
		t.Fatalf("%d sessions", len(list))
	}
	if err := kept.EndOne(ctx, "filer5", hashToken("one")); err != nil {
		t.Fatal(err)
	}
	if list, _ := kept.Of("filer2", ""); len(list) != 3 {
		t.Error("somebody else ended the session")
	}
	if err := kept.EndOthers(ctx, "filer2", "two"); err != nil {
		t.Fatal(err)
	}
	if err := kept.CommitCtx(ctx, "one", data, until); err != nil {
		t.Fatal(err)
	}
	if list, _ := kept.Of("filer2", ""); len(list) != 1 || list[0].ID != own {
		t.Errorf("after ending the others: %v", list)
	}
	again, err := loadSessions(ctx, o.store)
	if err != nil {
		t.Fatal(err)
	}
	if list, _ := again.Of("filer2", ""); len(list) != 1 || list[0].Agent != "x" {
		t.Errorf("after a restart: %v", list)
	}
	if err := o.Disable(ctx, v["sub"], "filer2", "离职"); err != nil {
		t.Fatal(err)
	}
	if list, _ := kept.Of("filer2", ""); len(list) != 0 {
		t.Error("a disabled account keeps its session")
	}
}

// An abolished unit's last report is filed by who took it over.
func TestTheSuccessorFilesTheLastReport(t *testing.T) {
	o, _, v, _ := staffOffice(t)
	ctx := t.Context()
	period := disclosure.Period{Year: 2025}
	_, err := o.OpenSitting(ctx, v["filer2"], 5, period)
	wantCode(t, "before", err, disclosure.ErrForbidden)
	u, err := o.unitEntry(ctx, 5)
	if err != nil {
		t.Fatal(err)
	}
	u.unit.Last, u.unit.Successors = 2025, []disclosure.UnitNumber{2}
	if err := o.append(ctx, people.Machine("os:test", "cli"), uuid.NewString(), u.entry()); err != nil {
		t.Fatal(err)
	}
	heir, err := o.Visitor(ctx, "filer2", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.OpenSitting(ctx, heir, 5, period); err != nil {
		t.Errorf("the successor opens the last report: %v", err)
	}
	_, err = o.OpenSitting(ctx, heir, 5, disclosure.Period{Year: 2026})
	wantCode(t, "a year after the last", err, disclosure.ErrInvalid)
}

func contains(s, part string) bool { return strings.Contains(s, part) }

// A row without a unit is no grant on all units.
func TestListedAccountsNameTheirUnits(t *testing.T) {
	o, _, visitors, _ := staffOffice(t)
	rows := []ListedAccount{{Account: "boss", Name: "甲", Roles: "领导"}, {Account: "chief2", Name: "乙", Roles: "领导", Units: "全部单位"}}
	if err := o.CheckAccounts(t.Context(), visitors["root"], rows); err != nil {
		t.Fatal(err)
	}
	if rows[0].Problem == "" || rows[1].Problem != "" {
		t.Errorf("a blank unit: %q, all units: %q", rows[0].Problem, rows[1].Problem)
	}
}
