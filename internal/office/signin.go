package office

import (
	"context"
	"errors"
	"sync"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"
)

// After so many failures in a row an account is locked for a while.
const (
	mostFailures = 5
	lockTime     = 15 * time.Minute
)

// hashing takes 64 MiB a password: two at a time at most.
var hashing = make(chan struct{}, 2)

// cost is argon2id's, after RFC 9106's second recommendation (64 MiB, 3 passes).
var cost = &argon2id.Params{Memory: 64 * 1024, Iterations: 3, Parallelism: 2, SaltLength: 16, KeyLength: 32}

var zeroTime time.Time

// signIns counts failures by account. Counts are lost at a restart; locks
// stand in the log.
type signIns struct {
	mu       sync.Mutex
	failures map[string]int
}

func (s *signIns) fail(account string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failures == nil || len(s.failures) > 10_000 { // names that guessers make up must not fill the memory
		s.failures = map[string]int{}
	}
	s.failures[account]++
	return s.failures[account]
}

func (s *signIns) forget(account string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.failures, account)
}

// sentenceWrong is the same for a wrong account and a wrong password.
const sentenceWrong = "账号或口令不正确,请核对后重试;连续输错%d次将锁定%d分钟。"

func errWrong() error {
	return disclosure.Errorf(disclosure.ErrForbidden, sentenceWrong, mostFailures, int(lockTime.Minutes()))
}

// ErrCodeWanted is returned by SignIn when the password is right and the
// account asks for the code of a second factor.
var ErrCodeWanted = errors.New("the code of the second factor is wanted")

// SignIn checks a password, and the code of a second factor where the account
// has one, and files the sign-in or the failure. Errors: ErrForbidden (wrong,
// locked, disabled), ErrUnavailable (too many at once), ErrCodeWanted.
func (o *Office) SignIn(ctx context.Context, account, password, code, address string) (people.Visitor, error) {
	account = people.NormalAccount(account)
	d, err := o.directory(ctx)
	if err != nil {
		return people.Visitor{}, err
	}
	a, known := d.accounts[account]
	switch {
	case known && a.Locked(o.clock()):
		return people.Visitor{}, disclosure.Errorf(disclosure.ErrForbidden, "账号因连续输错口令已锁定,请在%s后重试,或请区级审核员解锁。", a.LockedUntil.In(shanghai).Format("15:04"))
	case known && a.Disabled:
		return people.Visitor{}, disclosure.Errorf(disclosure.ErrForbidden, "账号已停用,请联系区级审核员或管理员。")
	}
	right, err := o.passwordRight(ctx, account, password, known)
	if err != nil {
		return people.Visitor{}, err
	}
	if !right {
		return people.Visitor{}, o.failed(ctx, a, known, account, address)
	}
	if a.SecondFactor {
		if code == "" {
			return people.Visitor{}, ErrCodeWanted
		}
		if ok, err := o.codeRight(ctx, account, code); err != nil || !ok {
			return people.Visitor{}, errors.Join(err, o.failed(ctx, a, known, account, address))
		}
	}
	o.signIns.forget(account)
	v := people.NewVisitor(a.Person, address, d.tree)
	return v, o.append(ctx, v, uuid.NewString(), signEntry(account, store.VerbSignIn))
}

// SignOut files that a person left.
func (o *Office) SignOut(ctx context.Context, v people.Visitor) error {
	return o.append(ctx, v, uuid.NewString(), signEntry(v.Account, store.VerbSignOut))
}

// signEntry is an entry of its own for each sign-in, so that it never stands
// against a change of the account.
func signEntry(account string, verb store.Verb) store.Entry {
	return store.Entry{Kind: store.KindSign, ID: uuid.NewString(), Verb: verb, State: signState{Account: account}}
}

type signState struct {
	Account string `json:"account"`
}

// failed counts a failure, locks the account after too many, and files both.
func (o *Office) failed(ctx context.Context, a Account, known bool, account, address string) error {
	v := people.NewVisitor(people.Person{Account: account}, address, nil)
	if !known {
		v.Account = "未知账号" // what was typed may be a password in the wrong field
	}
	entries := []store.Entry{signEntry(v.Account, store.VerbFail)}
	if o.signIns.fail(account) >= mostFailures && known {
		o.signIns.forget(account)
		a.LockedUntil = o.clock().Add(lockTime)
		entries = append(entries, store.Entry{Kind: store.KindPerson, ID: account, Verb: store.VerbLock, Seen: a.Seq, State: a.Person})
	}
	if err := o.append(ctx, v, uuid.NewString(), entries...); err != nil && disclosure.CodeOf(err) != disclosure.ErrConflict {
		return err
	}
	return errWrong()
}

// passwordRight compares a password; for an unknown account it takes as long.
func (o *Office) passwordRight(ctx context.Context, account, password string, known bool) (bool, error) {
	hash := unknownHash()
	if known {
		secret, err := o.store.Secret(ctx, account)
		switch {
		case err == nil:
			hash = secret.Hash
		case disclosure.CodeOf(err) != disclosure.ErrNotFound:
			return false, err
		default:
			known = false
		}
	}
	release, err := takeHashing(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	right, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, disclosure.Errorf(disclosure.ErrInternal, "口令记录损坏,请联系管理员重置口令。").Because(err)
	}
	return right && known, nil
}

var unknownHash = sync.OnceValue(func() string {
	hash, err := argon2id.CreateHash(uuid.NewString(), cost)
	if err != nil {
		panic(err) // the random source of the machine is gone
	}
	return hash
})

func takeHashing(ctx context.Context) (release func(), err error) {
	wait, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	select {
	case hashing <- struct{}{}:
		return func() { <-hashing }, nil
	case <-wait.Done():
		return nil, disclosure.Errorf(disclosure.ErrUnavailable, "同时登录的人较多,请稍候几秒再试。")
	}
}

// putPassword keeps the hash of a password.
func (o *Office) putPassword(ctx context.Context, account, password string) error {
	release, err := takeHashing(ctx)
	if err != nil {
		return err
	}
	hash, err := argon2id.CreateHash(password, cost)
	release()
	if err != nil {
		return disclosure.Errorf(disclosure.ErrInternal, "口令无法保存,请联系管理员。").Because(err)
	}
	secret, err := o.store.Secret(ctx, account)
	if err != nil && disclosure.CodeOf(err) != disclosure.ErrNotFound {
		return err
	}
	secret.Person, secret.Hash, secret.Changed = account, hash, o.clock()
	return o.store.PutSecret(ctx, secret)
}

// ChangePassword changes the visitor's own password. Errors: ErrInvalid for one
// that does not fit the rules or is the old one, ErrForbidden for a wrong old one.
func (o *Office) ChangePassword(ctx context.Context, v people.Visitor, old, password string) error {
	d, err := o.directory(ctx)
	if err != nil {
		return err
	}
	a, known := d.accounts[v.Account]
	if !known {
		return disclosure.Errorf(disclosure.ErrNotFound, "没有账号“%s”。", v.Account)
	}
	right, err := o.passwordRight(ctx, a.Account, old, true)
	if err != nil {
		return err
	}
	if !right {
		return disclosure.Errorf(disclosure.ErrForbidden, "原口令不正确,口令没有修改。")
	}
	if err := people.CheckPassword(password, a.Account, a.Name); err != nil {
		return err
	}
	if password == old {
		return disclosure.Errorf(disclosure.ErrInvalid, "新口令与原口令相同,请换一个。")
	}
	if err := o.putPassword(ctx, a.Account, password); err != nil {
		return err
	}
	a.MustChange = false
	if err := o.append(ctx, v, uuid.NewString(), store.Entry{Kind: store.KindPerson, ID: a.Account, Verb: store.VerbPassword, Seen: a.Seq, State: a.Person}); err != nil {
		return err
	}
	return o.endSessions(ctx, a.Account)
}
