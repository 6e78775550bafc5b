package office

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/people"
)

// ReturnSlip is what goes back to a unit with its report (退回修改单): what is
// wrong, cell by cell, what to do, and until when.
type ReturnSlip struct {
	Unit     string
	Report   string
	Revision int
	Returned string // 2026年2月3日
	Due      string // likewise; "" when none is set
	Office   string
	Contact  string
	Note     string
	Items    []SlipItem
}

// SlipItem is one thing to be put right.
type SlipItem struct {
	Cell, Problem, Remedy string
}

// remedies say what to do about a finding, by severity.
var remedies = map[check.Severity]string{
	check.Error:         "核对原始记录后改正。",
	check.Explain:       "核对后改正;确实无误的,附书面说明。",
	check.Notice:        "请核对。",
	check.NotAssessable: "补填后再核对。",
}

// ReturnSlip answers the slip of a report that was returned, or, before
// anything was decided, of what the checks found in it: in a draft taken in on
// the unit's behalf (代报), or in a report that waits.
// Errors: ErrForbidden, ErrNotFound.
func (o *Office) ReturnSlip(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, ofDraft bool) (*ReturnSlip, error) {
	r, err := o.Review(ctx, v, unit, period, ofDraft)
	if err != nil {
		return nil, err
	}
	settings, _, err := o.Settings(ctx)
	if err != nil {
		return nil, err
	}
	slip := &ReturnSlip{Unit: r.Unit.Name, Report: period.String() + "年政府信息公开工作年度报告", Revision: r.Report.Revision, Office: settings.Office,
		Contact: settings.Contact, Returned: chineseDay(o.clock().In(shanghai).Format("2006-01-02"))}
	if slip.Revision == 1 {
		slip.Revision = 0 // the slip says which revision only where there are several
	}
	back := r.Report.Return
	if !r.OfDraft && r.State == filing.Returned && back != nil {
		slip.Returned, slip.Due, slip.Note = chineseDay(back.Time.In(shanghai).Format("2006-01-02")), chineseDay(back.Due), back.Reason
		for _, c := range back.Cells {
			slip.Items = append(slip.Items, SlipItem{Cell: disclosure.LabelOf(c.Code), Problem: c.Reason, Remedy: r.remedyFor(c.Code)})
		}
		return slip, nil
	}
	for _, f := range r.Findings {
		if f.Severity == check.Error || f.Wanting {
			slip.Items = append(slip.Items, SlipItem{Cell: cellsOf(f.Finding), Problem: f.Message, Remedy: remedyOf(f.Finding)})
		}
	}
	return slip, nil
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

// chineseDay writes 2026-02-03 as 2026年2月3日; what is no day stays.
func chineseDay(day string) string {
	var y, m, d int
	if n, err := fmt.Sscanf(day, "%d-%d-%d", &y, &m, &d); err != nil || n != 3 {
		return day
	}
	return fmt.Sprintf("%d年%d月%d日", y, m, d)
}
