package office

import (
	"context"
	"slices"
	"strings"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/people"
)

// shippedReasons are what reports are returned for most often; a district
// writes its own list in their place.
var shippedReasons = []string{
	"与表中其他数字对不上,请核对后改正。",
	"与上年报告衔接不上,请核对或书面说明。",
	"与正文中的数字不一致,请统一。",
	"应填0的留了空白,请补填。",
	"数量异常,请核对原始台账。",
	"填报口径不符,请按填报说明重新统计。",
}

const (
	reasonsID      = "return_reasons"
	mostReasons    = 9 // each has a key, 1 to 9
	returnWorkdays = 3 // for putting right what was returned
)

type returnReasons struct {
	Reasons []string `json:"reasons"`
}

// ReturnReasons are the standard reasons for a return, and the seq that a change
// gives as seen.
func (o *Office) ReturnReasons(ctx context.Context) ([]string, uint64, error) {
	var s returnReasons
	seq, err := o.setting(ctx, reasonsID, &s)
	if err != nil || len(s.Reasons) > 0 {
		return s.Reasons, seq, err
	}
	return slices.Clone(shippedReasons), seq, nil
}

// PutReturnReasons changes the standard reasons; none brings the shipped ones
// back. Errors: ErrForbidden, ErrInvalid, ErrConflict when somebody else changed
// them meanwhile.
func (o *Office) PutReturnReasons(ctx context.Context, v people.Visitor, reasons []string, seen uint64, act string) error {
	if err := v.Demand(people.Configure, 0); err != nil {
		return err
	}
	var s returnReasons
	for _, r := range reasons {
		r = strings.Join(strings.Fields(r), " ")
		switch {
		case r == "" || slices.Contains(s.Reasons, r):
		case len([]rune(r)) > mostCellReason:
			return disclosure.Errorf(disclosure.ErrInvalid, "“%s…”超过%d字,请写得简短些。", string([]rune(r)[:12]), mostCellReason)
		default:
			s.Reasons = append(s.Reasons, r)
		}
	}
	if len(s.Reasons) > mostReasons {
		return disclosure.Errorf(disclosure.ErrInvalid, "常用理由最多%d条,请删去%d条。", mostReasons, len(s.Reasons)-mostReasons)
	}
	return o.putSetting(ctx, v, reasonsID, s, seen, act)
}

// ReturnDue is the day by which a report that is returned now is due again,
// unless the supervisor says otherwise: three working days on, by the
// district's calendar.
func (o *Office) ReturnDue(ctx context.Context) (string, error) {
	days, err := o.Workdays(ctx)
	if err != nil {
		return "", err
	}
	return days.AddWorkdays(calendar.DayOf(o.clock()), returnWorkdays).String(), nil
}
