package office

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// Account is a person with where the entry stands in the log.
type Account struct {
	people.Person
	Seq uint64 // what the next change gives as seen
}

// directory is every account, and the tree that rights are reckoned on.
type directory struct {
	accounts map[string]Account
	tree     *people.Tree
}

func (o *Office) directory(ctx context.Context) (*directory, error) {
	return cachedOf(ctx, o, "directory", ofPeople, nil, func() (*directory, error) {
		units, err := o.units(ctx)
		if err != nil {
			return nil, err
		}
		entries, err := o.store.States(ctx, store.KindPerson)
		if err != nil {
			return nil, err
		}
		d := &directory{accounts: make(map[string]Account, len(entries)), tree: people.NewTree(units.list)}
		for _, e := range entries {
			a := Account{Seq: e.Seq}
			if err := json.Unmarshal(e.State, &a.Person); err != nil {
				return nil, disclosure.Errorf(disclosure.ErrInternal, "账号记录损坏,请联系维护人员。").Because(err)
			}
			d.accounts[a.Account] = a
		}
		return d, nil
	})
}

// Visitor is the person behind an account, as the unit tree stands now.
// Errors: ErrNotFound for no such account, ErrForbidden for a disabled one.
func (o *Office) Visitor(ctx context.Context, account, address string) (people.Visitor, error) {
	d, err := o.directory(ctx)
	if err != nil {
		return people.Visitor{}, err
	}
	a, ok := d.accounts[account]
	switch {
	case !ok:
		return people.Visitor{}, disclosure.Errorf(disclosure.ErrNotFound, "没有账号“%s”。", account)
	case a.Disabled:
		return people.Visitor{}, disclosure.Errorf(disclosure.ErrForbidden, "账号“%s”已停用,请联系管理员。", account)
	}
	return people.NewVisitor(a.Person, address, d.tree), nil
}

// Accounts lists the accounts whose every grant lies in the visitor's keeping,
// by account. Error: ErrForbidden for who keeps none.
func (o *Office) Accounts(ctx context.Context, v people.Visitor) ([]Account, error) {
	if !v.Anywhere(people.KeepAccounts) {
		return nil, v.Demand(people.KeepAccounts, 0)
	}
	d, err := o.directory(ctx)
	if err != nil {
		return nil, err
	}
	var out []Account
	for _, a := range d.accounts {
		if keeps(v, a.Person) {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b Account) int { return cmp.Compare(a.Account, b.Account) })
	return out, nil
}

// Account returns one account in the visitor's keeping. Errors: ErrNotFound,
// also for an account of somebody else's keeping.
func (o *Office) Account(ctx context.Context, v people.Visitor, account string) (Account, error) {
	d, err := o.directory(ctx)
	if err != nil {
		return Account{}, err
	}
	a, ok := d.accounts[people.NormalAccount(account)]
	if !ok || !keeps(v, a.Person) {
		return Account{}, disclosure.Errorf(disclosure.ErrNotFound, "没有账号“%s”,或它不归您管理。", account)
	}
	return a, nil
}

// keeps says whether a visitor keeps an account: all of its grants lie in the
// visitor's subtree, and only an administrator of the whole keeps administrators.
func keeps(v people.Visitor, p people.Person) bool {
	for _, g := range p.Grants {
		if !v.May(people.KeepAccounts, g.Unit) || g.Role == people.Admin && !v.IsMachine() && !v.May(people.EraseContent, 0) {
			return false
		}
	}
	return v.Anywhere(people.KeepAccounts)
}

// mayKeep says whether an entry may be made as it is, and by the visitor.
func (o *Office) mayKeep(ctx context.Context, v people.Visitor, p people.Person) error {
	if err := p.Check(); err != nil {
		return err
	}
	units, err := o.units(ctx)
	if err != nil {
		return err
	}
	for _, g := range p.Grants {
		if g.Unit != 0 && units.byNumber[g.Unit] == nil {
			return disclosure.Errorf(disclosure.ErrInvalid, "没有编号为 %d 的单位,请从单位列表中选择。", g.Unit)
		}
	}
	if !keeps(v, p) {
		return disclosure.Errorf(disclosure.ErrForbidden, "您只能管理本辖区单位的账号;管理员账号由管理员管理。")
	}
	return nil
}

// append files an act of a visitor.
func (o *Office) append(ctx context.Context, v people.Visitor, act string, entries ...store.Entry) error {
	_, err := o.store.Append(ctx, store.Act{ID: act, Actor: actorOf(v), Entries: entries})
	return err
}

func actorOf(v people.Visitor) store.Actor { return store.Actor{Name: v.Account, Address: v.Address} }

// UnitNames are the names of all units, for lists.
func (o *Office) UnitNames(ctx context.Context) (map[disclosure.UnitNumber]string, error) {
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[disclosure.UnitNumber]string, len(units.list))
	for i := range units.list {
		out[units.list[i].Number] = units.list[i].Display()
	}
	return out, nil
}
