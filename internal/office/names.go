package office

import (
	"context"

	"mingjing/internal/people"
)

// nameOf is a person's name, the account itself where nobody bears it.
func (d *directory) nameOf(account string) string {
	if a, ok := d.accounts[account]; ok && a.Name != "" {
		return a.Name
	}
	return people.ActorName(account)
}

// PersonName is the name of who an account stands for, the account itself when
// it is nobody's: a command on the machine.
func (o *Office) PersonName(ctx context.Context, account string) string {
	if d, err := o.directory(ctx); err == nil {
		return d.nameOf(account)
	}
	return people.ActorName(account)
}

// fullNameOf is the name with the account: 张三(zhangsan), for where two people
// may bear one name.
func (o *Office) fullNameOf(ctx context.Context, account string) string {
	if name := o.PersonName(ctx, account); name != people.ActorName(account) {
		return name + "(" + account + ")"
	}
	return people.ActorName(account)
}
