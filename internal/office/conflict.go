package office

import (
	"context"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// conflictBy makes a refusal for a stale version say who changed the thing
// meanwhile, and when. Other errors stay as they are.
func (o *Office) conflictBy(ctx context.Context, err error, kind store.EntityKind, id string) error {
	if err == nil || disclosure.CodeOf(err) != disclosure.ErrConflict {
		return err
	}
	last, lookup := o.store.Latest(ctx, kind, id)
	if lookup != nil {
		return err
	}
	return disclosure.Errorf(disclosure.ErrConflict, "%s在%s修改了这项内容,您的修改没有保存;请核对下面现在的内容后重做。",
		o.fullNameOf(ctx, last.Actor.Name), last.Time.In(shanghai).Format("15:04")).Because(err)
}

// fullNameOf is what people call an account: 张三(zhangsan).
func (o *Office) fullNameOf(ctx context.Context, account string) string {
	if d, err := o.directory(ctx); err == nil {
		if a, ok := d.accounts[account]; ok {
			return a.Name + "(" + account + ")"
		}
	}
	return people.ActorName(account)
}

// actDone says whether the act was done before: a second press of the same
// button. A number that was used for anything else is refused, or a page would
// say of an act that it is done when nothing was.
func (o *Office) actDone(ctx context.Context, v people.Visitor, act string, kind store.EntityKind) (bool, error) {
	if act == "" || len(act) > 64 {
		return false, disclosure.Errorf(disclosure.ErrInvalid, "页面缺少操作编号,请刷新页面后重试。")
	}
	first, err := o.store.Entries(ctx, store.EntryFilter{Act: act, Limit: 1})
	if err != nil || len(first) == 0 {
		return false, err
	}
	if first[0].Kind == kind && first[0].Actor.Name == v.Account {
		return true, nil
	}
	return false, disclosure.Errorf(disclosure.ErrConflict, "这个操作编号已经用过,没有再次执行;请刷新页面后重试。")
}

// acted says whether an act with this id stands in the log at all: one look-up
// by key, before the entries are read.
func (o *Office) acted(ctx context.Context, id string) (bool, error) {
	if id == "" || len(id) > 64 {
		return false, disclosure.Errorf(disclosure.ErrInvalid, "页面缺少操作编号,请刷新页面后重试。")
	}
	seqs, err := o.store.LatestSeqs(ctx, store.KindAct, []string{id})
	return seqs[id] != 0, err
}
