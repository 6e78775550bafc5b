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

// actDone says whether the visitor's act, on something of the kind, was done
// before; see store.Acted.
func (o *Office) actDone(ctx context.Context, v people.Visitor, act string, kind store.EntityKind) (bool, error) {
	return o.store.Acted(ctx, act, v.Account, store.Part{Kind: kind})
}
