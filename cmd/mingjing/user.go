package main

import (
	"context"
	"fmt"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
)

type userCmd struct {
	Add   userAddCmd   `cmd:"" help:"建立账号,打印一次性的初始口令。"`
	Reset userResetCmd `cmd:"" help:"重置口令并解锁;最后一个管理员忘记口令时用。"`
	List  userListCmd  `cmd:"" help:"列出账号。"`
}

type userAddCmd = onData[userAddWork, *userAddWork]

type userAddWork struct {
	Account string `arg:"" help:"账号:小写字母、数字、点、横线。"`
	Name    string `help:"姓名。" required:"" placeholder:"姓名"`
	Phone   string `help:"电话。" placeholder:"电话"`
	Role    string `help:"角色:填报员、审核员、区级审核员、评估员、领导、管理员。" default:"管理员"`
	Unit    string `help:"单位的名称、代码或“#编号”;不填为全部单位。" placeholder:"单位"`
}

func (w *userAddWork) run(ctx context.Context, d *desk) (int, error) {
	p := people.Person{Account: w.Account, Name: w.Name, Phone: w.Phone, Grants: []people.Grant{{Role: people.Role(w.Role)}}}
	if w.Unit != "" {
		u, err := d.office.UnitNamed(ctx, w.Unit)
		if err != nil {
			return 0, err
		}
		p.Grants[0].Unit = u.Number
	}
	password, err := d.office.CreateAccount(ctx, d.visitor(), p)
	if err != nil {
		return 0, err
	}
	_, err = fmt.Fprintf(d.out, "已建立账号 %s(%s)。初始口令:%s\n口令只显示这一次,首次登录时须修改。\n", people.NormalAccount(w.Account), w.Role, password)
	return 0, err
}

type userResetCmd = onData[userResetWork, *userResetWork]

type userResetWork struct {
	Account string `arg:"" help:"账号。"`
}

func (w *userResetWork) run(ctx context.Context, d *desk) (int, error) {
	password, err := d.office.ResetPassword(ctx, d.visitor(), w.Account)
	if err != nil {
		return 0, err
	}
	_, err = fmt.Fprintf(d.out, "账号 %s 已解锁,新的初始口令:%s\n口令只显示这一次,登录时须修改;两步验证已关闭。\n", people.NormalAccount(w.Account), password)
	return 0, err
}

type userListCmd = onData[userListWork, *userListWork]

type userListWork struct{}

func (w *userListWork) run(ctx context.Context, d *desk) (int, error) {
	accounts, err := d.office.Accounts(ctx, d.visitor())
	if err != nil {
		return 0, err
	}
	names, err := d.office.UnitNames(ctx)
	if err != nil {
		return 0, err
	}
	for _, a := range accounts {
		state := ""
		if a.Disabled {
			state = "\t已停用"
		}
		for _, g := range a.Grants {
			unit := "全部单位"
			if g.Unit != disclosure.UnitNumber(0) {
				unit = names[g.Unit]
			}
			if _, err := fmt.Fprintf(d.out, "%s\t%s\t%s\t%s%s\n", a.Account, a.Name, g.Role, unit, state); err != nil {
				return 0, err
			}
		}
	}
	return 0, nil
}

// visitor is who runs the command.
func (d *desk) visitor() people.Visitor { return people.Machine(d.actor.Name, d.actor.Address) }
