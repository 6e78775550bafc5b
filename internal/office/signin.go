package office

import (
	"cmp"
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

// hashing takes 64 MiB a password: two at a time at most.
var hashing = make(chan struct{}, 2)

// cost is argon2id's, after RFC 9106's second recommendation (64 MiB, 3 passes).
var cost = &argon2id.Params{Memory: 64 * 1024, Iterations: 3, Parallelism: 2, SaltLength: 16, KeyLength: 32}

// sentenceWrong is the same for a wrong account and a wrong password.
const sentenceWrong = "账号或口令不正确,请核对后重试;连续输错%d次将锁定%d分钟。"

func errWrong() error {
	return disclosure.Errorf(disclosure.ErrForbidden, sentenceWrong, mostFailures, int(lockTime.Minutes()))
}

func errLocked(until time.Time) error {
	return disclosure.Errorf(disclosure.ErrForbidden, "账号因连续输错已锁定,请在%s后重试,或请区级审核员解锁。", until.In(shanghai).Format("15:04"))
}

// SignIn checks a password and files the sign-in or the failure. Where the
// account has a second factor, step is what SignInCode is given with the code,
// and nobody is signed in yet. Errors: ErrForbidden (wrong, locked, disabled),
// ErrUnavailable (too many at once).
func (o *Office) SignIn(ctx context.Context, account, password, address string) (v people.Visitor, step string, err error) {
	account = people.NormalAccount(account)
	a, known, err := o.accountNow(ctx, account)
	if err != nil {
		return v, "", err
	}
	if known && a.Locked(o.clock()) {
		return v, "", errLocked(a.LockedUntil)
	}
	if until := o.signIns.begin(account, o.clock()); !until.IsZero() {
		return v, "", errLocked(until)
	}
	right, err := o.passwordRight(ctx, account, password, known)
	if err != nil {
		o.signIns.undo(account)
		return v, "", err
	}
	if !right {
		return v, "", cmp.Or(o.fileFailure(ctx, known, account, address), errWrong())
	}
	o.signIns.undo(account) // codes that were wrong before still count
	if a.Disabled {         // told to who knows the password only
		return v, "", disclosure.Errorf(disclosure.ErrForbidden, "账号已停用,请联系区级审核员或管理员。")
	}
	if a.SecondFactor {
		return v, o.signIns.wait(account, o.clock()), nil
	}
	v, err = o.signedIn(ctx, account, address)
	return v, "", err
}

// ErrStepOver says that the code came too late, or that there was no password
// before it: the sign-in begins anew.
var ErrStepOver = errors.New("the sign-in has to begin anew")

// SignInCode checks the code of the second factor. Errors: ErrForbidden (wrong,
// locked), ErrStepOver.
func (o *Office) SignInCode(ctx context.Context, step, code, address string) (people.Visitor, error) {
	account, ok := o.signIns.waited(step, o.clock())
	if !ok {
		return people.Visitor{}, ErrStepOver
	}
	a, known, err := o.accountNow(ctx, account)
	switch {
	case err != nil:
		return people.Visitor{}, err
	case !known || a.Disabled || !a.SecondFactor:
		return people.Visitor{}, ErrStepOver
	case a.Locked(o.clock()):
		return people.Visitor{}, errLocked(a.LockedUntil)
	}
	if until := o.signIns.begin(account, o.clock()); !until.IsZero() {
		return people.Visitor{}, errLocked(until)
	}
	right, err := o.codeRight(ctx, account, code)
	if err != nil {
		o.signIns.undo(account)
		return people.Visitor{}, err
	}
	if !right {
		return people.Visitor{}, cmp.Or(o.fileFailure(ctx, true, account, address), errCode())
	}
	o.signIns.done(step)
	return o.signedIn(ctx, account, address)
}

func (o *Office) accountNow(ctx context.Context, account string) (Account, bool, error) {
	d, err := o.directory(ctx)
	if err != nil {
		return Account{}, false, err
	}
	a, known := d.accounts[account]
	return a, known, nil
}

// signedIn files a sign-in.
func (o *Office) signedIn(ctx context.Context, account, address string) (people.Visitor, error) {
	o.signIns.forget(account)
	v, err := o.Visitor(ctx, account, address)
	if err != nil {
		return v, err
	}
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

// fileFailure files a failed sign-in, and locks the account after too many.
func (o *Office) fileFailure(ctx context.Context, known bool, account, address string) error {
	v := people.NewVisitor(people.Person{Account: account}, address, nil)
	if !known {
		v.Account = "未知账号" // what was typed may be a password in the wrong field
	}
	entries := []store.Entry{signEntry(v.Account, store.VerbFail)}
	if o.signIns.failed(account, o.clock()) && known {
		o.accounts.Lock()
		defer o.accounts.Unlock()
		a, known, err := o.accountNow(ctx, account)
		if err != nil || !known {
			return err
		}
		a.LockedUntil = o.clock().Add(lockTime)
		entries = append(entries, store.Entry{Kind: store.KindPerson, ID: account, Verb: store.VerbLock, Seen: a.Seq, State: a.Person})
	}
	return o.append(ctx, v, uuid.NewString(), entries...)
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

func hashPassword(ctx context.Context, password string) (string, error) {
	release, err := takeHashing(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	hash, err := argon2id.CreateHash(password, cost)
	if err != nil {
		return "", disclosure.Errorf(disclosure.ErrInternal, "口令无法保存,请联系管理员。").Because(err)
	}
	return hash, nil
}

// putHash keeps the hash of a password; fresh forgets a second factor too.
func (o *Office) putHash(ctx context.Context, account, hash string, fresh bool) error {
	secret, err := o.store.Secret(ctx, account)
	if err != nil && disclosure.CodeOf(err) != disclosure.ErrNotFound {
		return err
	}
	secret.Person, secret.Hash, secret.Changed = account, hash, o.clock()
	if fresh {
		secret.TOTP = nil
	}
	return o.store.PutSecret(ctx, secret)
}

// ChangePassword changes the visitor's own password. Errors: ErrInvalid for one
// that does not fit the rules or is the old one, ErrForbidden for a wrong old
// one (which counts as a failed sign-in) or a locked account.
func (o *Office) ChangePassword(ctx context.Context, v people.Visitor, old, password string) error {
	a, known, err := o.accountNow(ctx, v.Account)
	switch {
	case err != nil:
		return err
	case !known:
		return disclosure.Errorf(disclosure.ErrNotFound, "没有账号“%s”。", v.Account)
	}
	if err := people.CheckPassword(password, a.Account, a.Name); err != nil {
		return err
	}
	if password == old {
		return disclosure.Errorf(disclosure.ErrInvalid, "新口令与原口令相同,请换一个。")
	}
	if until := o.signIns.begin(a.Account, o.clock()); !until.IsZero() {
		return errLocked(until)
	}
	right, err := o.passwordRight(ctx, a.Account, old, true)
	if err != nil {
		o.signIns.undo(a.Account)
		return err
	}
	if !right {
		return cmp.Or[error](o.fileFailure(ctx, true, a.Account, v.Address), disclosure.Errorf(disclosure.ErrForbidden, "原口令不正确,口令没有修改。"))
	}
	o.signIns.forget(a.Account)
	hash, err := hashPassword(ctx, password)
	if err != nil {
		return err
	}
	o.accounts.Lock()
	defer o.accounts.Unlock()
	if a, known, err = o.accountNow(ctx, v.Account); err != nil || !known {
		return errors.Join(err, disclosure.Errorf(disclosure.ErrNotFound, "没有账号“%s”。", v.Account))
	}
	if err := o.putHash(ctx, a.Account, hash, false); err != nil {
		return err
	}
	a.MustChange = false
	if err := o.append(ctx, v, uuid.NewString(), store.Entry{Kind: store.KindPerson, ID: a.Account, Verb: store.VerbPassword, Seen: a.Seq, State: a.Person}); err != nil {
		return err
	}
	return o.endSessions(ctx, a.Account)
}
