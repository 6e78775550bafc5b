package office

import (
	"context"
	"strings"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// issueLadderID is the setting that holds the district's ladder for issues.
const issueLadderID = "issue-ladder"

// IssueLadder is the escalation of unanswered issues: the district's own, or
// the shipped one.
func (o *Office) IssueLadder(ctx context.Context) (calendar.Ladder, error) {
	l, _, err := o.issueLadder(ctx)
	return l, err
}

func (o *Office) issueLadder(ctx context.Context) (calendar.Ladder, uint64, error) {
	var l calendar.Ladder
	seq, err := o.setting(ctx, issueLadderID, &l)
	if err != nil || seq != 0 {
		return l, seq, err
	}
	return shippedIssueLadder(), 0, nil
}

// shippedIssueLadder differs from the report's by what is done on its rungs.
func shippedIssueLadder() calendar.Ladder {
	return calendar.Ladder{{Name: "提醒", Workdays: -3, Says: "在工作群或OA提醒经办人期限将至。"},
		{Name: "催办", Workdays: 1, Says: "电话或书面催办,告知分管负责人。"},
		{Name: "通报点名", Workdays: 5, Says: "列入季度通报的逾期未整改名单。"}}
}

// PutIssueLadder changes the escalation of issues. Errors: ErrForbidden,
// ErrInvalid, ErrConflict when somebody else changed it meanwhile.
func (o *Office) PutIssueLadder(ctx context.Context, v people.Visitor, l calendar.Ladder, seen uint64, act string) error {
	if err := v.Demand(people.Configure, 0); err != nil {
		return err
	}
	if done, err := o.actDone(ctx, v, act, store.KindSetting); err != nil || done {
		return err
	}
	for i := range l {
		l[i].Name, l[i].Says = strings.TrimSpace(l[i].Name), strings.TrimSpace(l[i].Says)
	}
	if err := l.Validate(); err != nil {
		return err
	}
	return conflictOf(o.putSetting(ctx, v, issueLadderID, l, seen, act), func() error {
		return disclosure.Errorf(disclosure.ErrConflict, "问题整改的催办阶梯在您打开之后已由别人修改,请看过最新的阶梯再改。")
	})
}
