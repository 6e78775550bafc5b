package office

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"mingjing/internal/bulletin"
	"mingjing/internal/calendar"
	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// remedies say what to do about a finding, by severity.
var remedies = map[check.Severity]string{
	check.Error:         "核对原始记录后改正。",
	check.Explain:       "核对后改正;确实无误的,附书面说明。",
	check.Notice:        "请核对。",
	check.NotAssessable: "补填后再核对。",
}

// ReturnSlip is the 退回修改单 of a report that was returned, with the day that
// it was given, or, before anything was decided, of what the checks found: in a
// draft taken in on the unit's behalf (代报), or in a report that waits. due is
// a day for the latter; "" proposes one. The unit may print its own.
// Errors: ErrForbidden, ErrNotFound when nothing is to be put right, ErrInvalid.
func (o *Office) ReturnSlip(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, ofDraft bool, due string) (file []byte, name string, err error) {
	r, err := o.Review(ctx, v, unit, period, ofDraft)
	if err == nil && ofDraft && r.State == filing.Returned {
		r, err = o.Review(ctx, v, unit, period, false) // what it was returned for, whatever the unit has begun since
	}
	if err != nil {
		return nil, "", err
	}
	settings, _, err := o.Settings(ctx)
	if err != nil {
		return nil, "", err
	}
	returned := calendar.DayOf(o.clock())
	slip := bulletin.Slip{Unit: r.Unit.Name, Report: period.String() + "年政府信息公开工作年度报告", Revision: r.Report.Revision,
		Office: settings.Office, Contact: settings.Contact}
	if slip.Revision == 1 {
		slip.Revision = 0 // the slip says which revision only where there are several
	}
	if back := r.returnedNow(); back != nil {
		returned, due = calendar.DayOf(back.Time), back.Due
		slip.Note = back.Reason
		for _, c := range back.Cells {
			slip.Items = append(slip.Items, bulletin.SlipItem{Cell: disclosure.LabelOf(c.Code), Problem: c.Reason, Remedy: r.remedyFor(c.Code)})
		}
	} else {
		if due == "" {
			if due, err = o.ReturnDue(ctx); err != nil {
				return nil, "", err
			}
		}
		for _, f := range r.Findings {
			if f.Severity == check.Error || f.Wanting {
				slip.Items = append(slip.Items, bulletin.SlipItem{Cell: cellsOf(f.Finding), Problem: f.Message, Remedy: remedyOf(f.Finding)})
			}
		}
	}
	if !r.Slips() {
		return nil, "", disclosure.Errorf(disclosure.ErrNotFound, "“%s”的报告没有需要改正或说明的问题,不用退回。", r.Unit.Name)
	}
	if due != "" { // a reopened report may have none
		day, err := calendar.ParseDate(due)
		if err != nil {
			return nil, "", disclosure.Errorf(disclosure.ErrInvalid, "请写明改正的期限(年-月-日)。")
		}
		slip.Deadline = day.Chinese()
	}
	slip.Returned = returned.Chinese()
	file, err = bulletin.ReturnSlip(slip)
	return file, plainName(r.Unit.Name + period.String() + "年年度报告退回修改单.docx"), err
}

// returnedNow is what the unit is asked to put right, nil when the report is not
// with the unit for that.
func (r *Review) returnedNow() *store.Return {
	if r.OfDraft || r.State != filing.Returned {
		return nil
	}
	return r.Report.Return
}

// Slips says whether there is anything to put on a slip.
func (r *Review) Slips() bool {
	return r.returnedNow() != nil || slices.ContainsFunc(r.Findings, func(f ReviewFinding) bool { return f.Severity == check.Error || f.Wanting })
}

// remedyFor is what to do about a returned cell: what its gravest finding asks
// for, else to look again.
func (r *Review) remedyFor(code disclosure.Code) string {
	for _, i := range r.ByCode[code] {
		return remedyOf(r.Findings[i].Finding)
	}
	return remedies[check.Explain]
}

func remedyOf(f check.Finding) string {
	if f.Severity == check.Error && f.Expected != "" && f.Actual != "" {
		return fmt.Sprintf("核对后改正:应为%s,现为%s。", f.Expected, f.Actual)
	}
	return remedies[f.Severity]
}

// cellsOf names a finding's cells shortly.
func cellsOf(f check.Finding) string {
	const shown = 3
	labels := f.Labels
	if len(labels) == 0 {
		return strings.TrimSpace(f.Table + " 全文")
	}
	if len(labels) <= shown {
		return strings.Join(labels, ";")
	}
	return fmt.Sprintf("%s等%d格", strings.Join(slices.Clone(labels[:shown]), ";"), len(labels))
}
