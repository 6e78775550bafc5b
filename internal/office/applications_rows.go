package office

import (
	"context"
	"slices"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/ledger"
	"mingjing/internal/people"
)

// RowDecision is what a person settled about a row of a ledger; empty fields
// leave it as read.
type RowDecision struct {
	Row               string
	Applicant, Result string // keys of table 三
	Received, Closed  string // days
	Open, Distinct    bool
	Skip              bool
	Undo              bool // takes back what was settled before
}

// over is the decision over what was settled before.
func (d RowDecision) over(before *ledger.Decision) (ledger.Decision, error) {
	if d.Undo || before == nil {
		before = &ledger.Decision{}
	}
	out := *before
	if d.Applicant != "" {
		out.Applicant = d.Applicant
	}
	if d.Result != "" {
		out.Result, out.Open = d.Result, false
	}
	out.Open, out.Distinct, out.Skip = out.Open || d.Open, out.Distinct || d.Distinct, out.Skip || d.Skip
	for _, day := range []struct {
		text string
		to   *calendar.Date
	}{{d.Received, &out.Received}, {d.Closed, &out.Closed}} {
		if day.text == "" {
			continue
		}
		parsed, err := calendar.ParseDate(day.text)
		if err != nil {
			return out, disclosure.Errorf(disclosure.ErrInvalid, "日期“%s”看不懂,请写成年-月-日。", day.text)
		}
		*day.to = parsed
	}
	return out, nil
}

// DecideRows settles rows of a ledger, and accepts all suggestions for the
// fields named. Errors: ErrConflict, ErrInvalid, ErrNotFound.
func (o *Office) DecideRows(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, seen uint64, rows []RowDecision, accept []string, act string) error {
	kept, err := o.ledgerToChange(ctx, v, unit, period, seen, act)
	if err != nil || kept == nil {
		return err
	}
	for _, r := range rows {
		at := slices.IndexFunc(kept.Ledger.Rows, func(row ledger.Row) bool { return row.ID == r.Row })
		if at < 0 {
			return disclosure.Errorf(disclosure.ErrNotFound, "台账里没有这一行,请刷新后再选。")
		}
		d, err := r.over(kept.Ledger.Rows[at].Decision)
		if err != nil {
			return err
		}
		if err := kept.Ledger.Decide(r.Row, d); err != nil {
			return err
		}
	}
	for _, field := range accept {
		kept.Ledger.AcceptSuggestions(ledger.Field(field))
	}
	return o.keepApplications(ctx, v, *kept, act, seen)
}

// DropLedger takes a unit's ledger back; the draft stays as it is.
func (o *Office) DropLedger(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, seen uint64, act string) error {
	kept, err := o.ledgerToChange(ctx, v, unit, period, seen, act)
	if err != nil || kept == nil {
		return err
	}
	o.ledgers.drop(applicationsID(unit, period))
	return o.keepApplications(ctx, v, applications{Unit: unit, Period: period}, act, seen)
}

// TakeLedger puts chosen cells of table 三 as the ledger counts them into the
// draft. version is the draft that the person saw. Errors: ErrConflict, ErrInvalid.
func (o *Office) TakeLedger(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, seen, version uint64, codes []disclosure.Code, act string) (*Sitting, error) {
	kept, err := o.ledgerToChange(ctx, v, unit, period, seen, act)
	if err != nil {
		return nil, err
	}
	if kept == nil {
		return o.OpenSitting(ctx, v, unit, period)
	}
	if len(codes) == 0 {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "没有选择要带入的单元格,请至少勾选一格。")
	}
	count := kept.Ledger.Count()
	s, _, err := o.changeDraft(ctx, v, unit, period, func(s *Sitting) ([]Clash, error) {
		if s.Draft.Version != version {
			return nil, disclosure.Errorf(disclosure.ErrConflict, "草稿在您打开之后由%s修改过,请核对新的差别,再带入一次。", s.Draft.Name)
		}
		for _, code := range codes {
			cells, _, ok := s.place(code)
			counted, has := count.Cells[code]
			if !ok || !has {
				return nil, disclosure.Errorf(disclosure.ErrInvalid, "台账不统计“%s”,请刷新页面后重选。", code)
			}
			cells[code] = counted
		}
		return nil, nil
	})
	if err != nil {
		return nil, err
	}
	o.ledgers.drop(applicationsID(unit, period))
	kept.Taken = o.clock()
	return s, o.keepApplications(ctx, v, *kept, act, seen)
}
