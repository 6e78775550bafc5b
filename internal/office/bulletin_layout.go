package office

import (
	"context"

	"mingjing/internal/bulletin/notice"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// bulletinLayoutID is the setting that holds how the district arranges its
// bulletins.
const bulletinLayoutID = "bulletin-layout"

// BulletinLayout is the district's arrangement, or the shipped one with seq 0.
func (o *Office) BulletinLayout(ctx context.Context) (notice.Layout, uint64, error) {
	l := notice.Layout{}
	seq, err := o.setting(ctx, bulletinLayoutID, &l)
	if err != nil {
		return l, 0, err
	}
	if seq == 0 {
		return notice.Shipped(), 0, nil
	}
	return l, seq, l.Check() // sections that came with a newer version are added
}

// PutBulletinLayout changes the arrangement; bulletins that stand are not
// touched until they are built anew. Errors: ErrForbidden, ErrInvalid,
// ErrConflict when somebody else changed it meanwhile.
func (o *Office) PutBulletinLayout(ctx context.Context, v people.Visitor, l notice.Layout, seen uint64, act string) error {
	if err := v.Demand(people.Supervise, 0); err != nil {
		return err
	}
	if done, err := o.actDone(ctx, v, act, store.KindSetting); err != nil || done {
		return err
	}
	if err := l.Check(); err != nil {
		return err
	}
	return o.conflictBy(ctx, o.putSetting(ctx, v, bulletinLayoutID, l, seen, act), store.KindSetting, bulletinLayoutID)
}

// BulletinLayoutPast are the last changes of the arrangement, newest first.
// Error: ErrForbidden.
func (o *Office) BulletinLayoutPast(ctx context.Context, v people.Visitor, most int) ([]AuditEntry, error) {
	if err := v.Demand(people.Supervise, 0); err != nil {
		return nil, err
	}
	return o.settingPast(ctx, v, bulletinLayoutID, most)
}
