package office

import (
	"context"
	"fmt"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/people"

	"github.com/google/uuid"
)

// BatchPick is a report that a supervisor wants approved with others, as it was
// seen.
type BatchPick struct {
	Unit   disclosure.UnitNumber
	Period disclosure.Period
	Seq    uint64
}

// BatchResult says what became of a pick; Why is a sentence when it was not
// approved.
type BatchResult struct {
	Unit     *disclosure.Unit
	Period   disclosure.Period
	Approved bool
	Why      string
}

// mostPicked bounds a batch; a district has up to 120 units.
const mostPicked = 500

// ApproveBatch approves reports in which the checks found nothing to correct or
// explain, each by an act of its own: what cannot be approved stays, and says
// why. The id is the form's; sent again, it changes nothing and answers the
// same. Errors: ErrForbidden, ErrInvalid.
func (o *Office) ApproveBatch(ctx context.Context, v people.Visitor, id string, picks []BatchPick) ([]BatchResult, error) {
	if !v.Anywhere(people.Supervise) {
		return nil, v.Demand(people.Supervise, 0)
	}
	batch, err := uuid.Parse(id)
	switch {
	case err != nil:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "页面缺少操作编号,请刷新页面后重试。")
	case len(picks) == 0:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "还没有勾选报告,请先勾选要通过的报告。")
	case len(picks) > mostPicked:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "一次最多通过%d份报告,请分批办理。", mostPicked)
	}
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	var out []BatchResult
	for _, p := range picks {
		r := BatchResult{Unit: units.byNumber[p.Unit], Period: p.Period}
		if r.Unit == nil {
			return out, disclosure.Errorf(disclosure.ErrNotFound, "没有编号为 %d 的单位,请刷新页面后重新勾选。", p.Unit)
		}
		m := Move{Act: filing.Approve, Unit: p.Unit, Period: p.Period, Seq: p.Seq,
			ID: uuid.NewSHA1(batch, fmt.Appendf(nil, "%d/%s", p.Unit, p.Period)).String()}
		if err := o.approveClean(ctx, v, m); err != nil {
			r.Why = disclosure.Sentence(err)
		}
		r.Approved = r.Why == ""
		out = append(out, r)
	}
	return out, nil
}

// approveClean approves a report unless the checks found something that asks
// for a look.
func (o *Office) approveClean(ctx context.Context, v people.Visitor, m Move) error {
	if err := v.Demand(people.Supervise, m.Unit); err != nil {
		return err
	}
	if done, err := o.repeated(ctx, v, m); err != nil || done {
		return err
	}
	s, err := o.OpenSitting(ctx, v, m.Unit, m.Period)
	if err != nil {
		return err
	}
	if s.State == filing.Submitted && s.Standing.Seq == m.Seq {
		if s.Standing.WithProblems != "" {
			return disclosure.Errorf(disclosure.ErrInvalid, "是带问题收件,须逐份审核。")
		}
		if s, err = o.asFiled(ctx, s); err != nil {
			return err
		}
		findings, err := o.filedFindings(ctx, s, m.Seq)
		if err != nil {
			return err
		}
		for _, f := range findings {
			if f.Severity == check.Error || f.Severity == check.Explain {
				return disclosure.Errorf(disclosure.ErrInvalid, "有必须改正或需要说明的问题,须逐份审核。")
			}
		}
	}
	err = o.Do(ctx, v, m)
	return err
}
