package office

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// Accounts are changed one at a time (Office.accounts): a password stands
// beside the log, and must never be that of an act which was refused.

// CreateAccount makes an account with an initial password, which is returned
// once and kept nowhere. Errors: ErrInvalid, ErrForbidden for grants that are
// not the visitor's to give, ErrConflict for an account that exists.
func (o *Office) CreateAccount(ctx context.Context, v people.Visitor, p people.Person) (password string, err error) {
	p.Account, p.MustChange = people.NormalAccount(p.Account), true
	p.Name, p.Phone, p.Email, p.Post = strings.TrimSpace(p.Name), strings.TrimSpace(p.Phone), strings.TrimSpace(p.Email), strings.TrimSpace(p.Post)
	if err := o.mayKeep(ctx, v, p); err != nil {
		return "", err
	}
	if password, err = people.InitialPassword(); err != nil {
		return "", err
	}
	return password, o.createWith(ctx, v, p, password)
}

// createWith makes an account with a given password.
func (o *Office) createWith(ctx context.Context, v people.Visitor, p people.Person, password string) error {
	hash, err := hashPassword(ctx, password)
	if err != nil {
		return err
	}
	o.accounts.Lock()
	defer o.accounts.Unlock()
	return o.createHashed(ctx, v, p, hash)
}

// createHashed makes an account, with what else belongs to the same act. The
// caller holds Office.accounts.
func (o *Office) createHashed(ctx context.Context, v people.Visitor, p people.Person, hash string, with ...store.Entry) error {
	d, err := o.directory(ctx)
	if err != nil {
		return err
	}
	if _, taken := d.accounts[p.Account]; taken {
		return disclosure.Errorf(disclosure.ErrConflict, "账号“%s”已经存在,请换一个账号,或修改已有账号。", p.Account)
	}
	if err := o.putHash(ctx, p.Account, hash, true); err != nil {
		return err
	}
	entry := store.Entry{Kind: store.KindPerson, ID: p.Account, Verb: store.VerbCreate, State: p}
	return o.append(ctx, v, uuid.NewString(), append([]store.Entry{entry}, with...)...)
}

// CreateDemonstration makes an account whose password everybody may read, for
// demonstration data. Error: ErrForbidden for anybody but the machine.
func (o *Office) CreateDemonstration(ctx context.Context, v people.Visitor, p people.Person, password string) error {
	if !v.IsMachine() {
		return disclosure.Errorf(disclosure.ErrForbidden, "演示账号只能由 mingjing demo 生成。")
	}
	p.Demonstration = true
	if err := o.mayKeep(ctx, v, p); err != nil {
		return err
	}
	return o.createWith(ctx, v, p, password)
}

// AccountChange is what a person can change of an account in one step.
type AccountChange struct {
	Name, Phone, Email, Post string
	Grants                   []people.Grant
}

// ChangeAccount changes an account; seen is the seq that the visitor looked
// at. Errors: ErrInvalid, ErrForbidden, ErrNotFound, ErrConflict when somebody
// else changed it meanwhile or nobody would be left to administer.
func (o *Office) ChangeAccount(ctx context.Context, v people.Visitor, account string, c AccountChange, seen uint64) error {
	return o.editAccount(ctx, v, account, store.VerbChange, seen, func(p *people.Person) error {
		p.Name, p.Phone, p.Email, p.Post, p.Grants = strings.TrimSpace(c.Name), strings.TrimSpace(c.Phone), strings.TrimSpace(c.Email), strings.TrimSpace(c.Post), c.Grants
		return nil
	})
}

// mostWhy bounds the reason for disabling an account, in characters.
const mostWhy = 200

// Disable closes an account for a reason, which stands in the log; its history
// stays, its sessions end. Errors: ErrInvalid (no reason), as ChangeAccount.
func (o *Office) Disable(ctx context.Context, v people.Visitor, account, why string) error {
	why = strings.TrimSpace(why)
	err := o.editAccount(ctx, v, account, store.VerbChange, 0, func(p *people.Person) error {
		if why == "" || utf8.RuneCountInString(why) > mostWhy {
			return disclosure.Errorf(disclosure.ErrInvalid, "请写明停用的理由,不超过%d个字。", mostWhy)
		}
		p.Disabled, p.DisabledWhy = true, why
		return nil
	})
	if err != nil {
		return err
	}
	return o.endSessions(ctx, people.NormalAccount(account))
}

// Enable opens a disabled account again. Error: ErrConflict for one whose post
// was handed over: two would stand for it.
func (o *Office) Enable(ctx context.Context, v people.Visitor, account string) error {
	return o.editAccount(ctx, v, account, store.VerbChange, 0, func(p *people.Person) error {
		if p.Successor != "" {
			return disclosure.Errorf(disclosure.ErrConflict, "账号“%s”的工作已移交给“%s”,不能再启用;需要时请新建账号。", p.Account, p.Successor)
		}
		p.Disabled, p.DisabledWhy = false, ""
		return nil
	})
}

// Unlock lifts a lock before its time.
func (o *Office) Unlock(ctx context.Context, v people.Visitor, account string) error {
	return o.editAccount(ctx, v, account, store.VerbUnlock, 0, func(p *people.Person) error {
		p.LockedUntil = zeroTime
		o.signIns.forget(p.Account)
		return nil
	})
}

// editAccount changes one account under the rules that hold for every change.
// A seen of 0 takes the account as it stands.
func (o *Office) editAccount(ctx context.Context, v people.Visitor, account string, verb store.Verb, seen uint64, edit func(*people.Person) error) error {
	o.accounts.Lock()
	defer o.accounts.Unlock()
	before, err := o.Account(ctx, v, account)
	if err != nil {
		return err
	}
	if seen == 0 {
		seen = before.Seq
	}
	after := before.Person
	if err := edit(&after); err != nil {
		return err
	}
	if err := o.mayKeep(ctx, v, after); err != nil {
		return err
	}
	if err := o.keepsAKey(ctx, v, before.Person, after); err != nil {
		return err
	}
	err = o.append(ctx, v, uuid.NewString(), store.Entry{Kind: store.KindPerson, ID: after.Account, Verb: verb, Seen: seen, State: after})
	return o.conflictBy(ctx, err, store.KindPerson, after.Account)
}

// keepsAKey refuses a change by which people lock themselves out: nobody
// disables the own account or takes the own keeping of accounts away, and the
// last administrator stays one.
func (o *Office) keepsAKey(ctx context.Context, v people.Visitor, before, after people.Person) error {
	if before.Account == v.Account && !v.IsMachine() {
		keepsAccounts := func(p people.Person) bool {
			return slices.ContainsFunc(p.Grants, func(g people.Grant) bool { return g.Role.Gives(people.KeepAccounts) })
		}
		switch {
		case after.Disabled && !before.Disabled:
			return disclosure.Errorf(disclosure.ErrConflict, "不能停用自己的账号,请由另一位管理人员办理。")
		case keepsAccounts(before) && !keepsAccounts(after):
			return disclosure.Errorf(disclosure.ErrConflict, "不能去掉自己管理账号的角色,请由另一位管理人员办理。")
		}
	}
	active := func(p people.Person) bool {
		return !p.Disabled && slices.Contains(p.Grants, people.Grant{Role: people.Admin})
	}
	if !active(before) || active(after) {
		return nil
	}
	d, err := o.directory(ctx)
	if err != nil {
		return err
	}
	for _, a := range d.accounts {
		if a.Account != before.Account && active(a.Person) {
			return nil
		}
	}
	return disclosure.Errorf(disclosure.ErrConflict, "这是最后一个管理员账号,不能停用或去掉管理员角色;请先设置另一个管理员。")
}

// ResetPassword gives an account a new initial password, returned once, and
// unlocks it; a second factor is switched off. The person's sessions end.
// Error: ErrConflict for a disabled account.
func (o *Office) ResetPassword(ctx context.Context, v people.Visitor, account string) (password string, err error) {
	if password, err = people.InitialPassword(); err != nil {
		return "", err
	}
	hash, err := hashPassword(ctx, password)
	if err != nil {
		return "", err
	}
	o.accounts.Lock()
	defer o.accounts.Unlock()
	a, err := o.Account(ctx, v, account)
	if err != nil {
		return "", err
	}
	if a.Disabled {
		return "", disclosure.Errorf(disclosure.ErrConflict, "账号“%s”已停用,请先启用,再重置口令。", a.Account)
	}
	if err := o.putHash(ctx, a.Account, hash, true); err != nil {
		return "", err
	}
	a.MustChange, a.LockedUntil, a.SecondFactor = true, zeroTime, false
	o.signIns.forget(a.Account)
	if err := o.append(ctx, v, uuid.NewString(), store.Entry{Kind: store.KindPerson, ID: a.Account, Verb: store.VerbPassword, Seen: a.Seq, State: a.Person}); err != nil {
		return "", err
	}
	return password, o.endSessions(ctx, a.Account)
}

// HandOver gives a person's post to a successor: a new account takes the
// grants, the old one is disabled, and each names the other. Nothing moves:
// drafts and reports belong to the unit. The successor's initial password is
// returned once. Errors: as CreateAccount; ErrConflict when the post was handed
// over already.
func (o *Office) HandOver(ctx context.Context, v people.Visitor, from string, to people.Person) (password string, err error) {
	if password, err = people.InitialPassword(); err != nil {
		return "", err
	}
	hash, err := hashPassword(ctx, password)
	if err != nil {
		return "", err
	}
	o.accounts.Lock()
	defer o.accounts.Unlock()
	old, err := o.Account(ctx, v, from)
	if err != nil {
		return "", err
	}
	if old.Successor != "" {
		return "", disclosure.Errorf(disclosure.ErrConflict, "账号“%s”的工作已移交给“%s”。", old.Account, old.Successor)
	}
	to.Account, to.Name, to.Phone, to.Email, to.Post = people.NormalAccount(to.Account), strings.TrimSpace(to.Name), strings.TrimSpace(to.Phone), strings.TrimSpace(to.Email), strings.TrimSpace(to.Post)
	to.Grants, to.SuccessorOf, to.MustChange = slices.Clone(old.Grants), old.Account, true
	if err := o.mayKeep(ctx, v, to); err != nil {
		return "", err
	}
	gone := old.Person
	gone.Disabled, gone.DisabledWhy, gone.Successor = true, "移交给"+to.Account, to.Account
	// The successor is an administrator where the predecessor was, so that the
	// last one may be handed over; only the own account may not.
	if old.Account == v.Account && !v.IsMachine() {
		return "", disclosure.Errorf(disclosure.ErrConflict, "不能移交自己的账号,请由另一位管理人员办理。")
	}
	err = o.createHashed(ctx, v, to, hash, store.Entry{Kind: store.KindPerson, ID: gone.Account, Verb: store.VerbChange, Seen: old.Seq, State: gone})
	if err != nil {
		return "", err
	}
	return password, o.endSessions(ctx, old.Account)
}
