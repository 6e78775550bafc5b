package office

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"mingjing/internal/bulletin/notice"
	"mingjing/internal/calendar"
	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// bulletinFacts are a quarter's figures, the very ones of IssueFigures, with
// the issues behind them as they stood in the same moment.
func (o *Office) bulletinFacts(ctx context.Context, v people.Visitor, quarter disclosure.Period) (*notice.Facts, error) {
	if err := v.Demand(people.Supervise, 0); err != nil {
		return nil, err
	}
	ladder, err := o.IssueLadder(ctx)
	if err != nil {
		return nil, err
	}
	days, err := o.Workdays(ctx)
	if err != nil {
		return nil, err
	}
	out := &notice.Facts{}
	figures, err := o.issueFigures(ctx, v, IssueFilter{Quarter: quarter}, func(f *IssueFigures, b *issueBook) {
		line := func(l issue.Line) notice.Line {
			return notice.Line{Line: l, Overdue: l.Overdue(f.At), Escalated: l.Overdue(f.At) && namesUnits(ladder, l.Due, f.At, days)}
		}
		for _, l := range b.lines(v, IssueFilter{}, f.Quarter, f.At) {
			out.Lines = append(out.Lines, line(l))
		}
		for _, l := range b.lines(v, IssueFilter{}, issue.Before(f.Quarter), f.At) {
			out.Earlier = append(out.Earlier, line(l))
		}
		for _, h := range b.order {
			if notice.Leaks(&h.Issue) {
				out.Leaks = append(out.Leaks, &h.Issue)
			}
		}
	})
	if err != nil {
		return nil, err
	}
	out.Quarter, out.At, out.Now, out.Before, out.Changes, out.BurnDown = figures.Quarter, figures.At, figures.Statistics, figures.Before, figures.Changes, figures.BurnDown
	out.Names, out.Groups = figures.UnitNames, figures.Groups
	for _, r := range figures.Rankings {
		out.Rankings = append(out.Rankings, notice.Ranking{Title: r.List.Title, Groups: r.Groups, Differences: r.Differences})
	}
	if err := o.bulletinOffice(ctx, out); err != nil {
		return nil, err
	}
	if quarter.Quarter == 1 {
		if out.Reports, err = o.bulletinReports(ctx, quarter.Year-1); err != nil {
			return nil, err
		}
	}
	out.Unapproved = unapproved(out)
	return out, nil
}

// namesUnits says whether the ladder has come to the rung at which units are
// named in the bulletin, or beyond it.
func namesUnits(l calendar.Ladder, due calendar.Moment, now time.Time, days *calendar.Calendar) bool {
	reached := calendar.Stage(l, due, now, days).Reached
	if reached == nil {
		return false
	}
	for i := range l {
		if strings.Contains(l[i].Name, "通报") {
			return reached.Workdays >= l[i].Workdays
		}
	}
	return false
}

// unapproved says what must be decided before figures go out under the
// office's name: issues that nobody has handed over (发现, 分办), appeals
// against deductions, annual reports that wait for review.
func unapproved(f *notice.Facts) []string {
	found, appeals := 0, 0
	for _, l := range f.Lines {
		if l.State == issue.Found {
			found++
		}
		if l.State != issue.Withdrawn && l.OpenAppeal() != nil {
			appeals++
		}
	}
	var out []string
	if found > 0 {
		out = append(out, fmt.Sprintf("本季度有%d件问题没有交办(发现或待分办)。", found))
	}
	if appeals > 0 {
		out = append(out, fmt.Sprintf("本季度有%d件扣分申诉没有处理。", appeals))
	}
	if r := f.Reports; r != nil && r.Submitted > 0 {
		out = append(out, fmt.Sprintf("%s年度报告有%d家待审。", r.Year, r.Submitted))
	}
	return out
}

// bulletinOffice fills in who the bulletin is by.
func (o *Office) bulletinOffice(ctx context.Context, f *notice.Facts) error {
	settings, _, err := o.Settings(ctx)
	if err != nil {
		return err
	}
	units, err := o.units(ctx)
	if err != nil {
		return err
	}
	for i := range units.list {
		if u := &units.list[i]; u.Kind == disclosure.UnitGovernment && u.MergedInto == 0 && u.Parent == 0 {
			f.District = strings.TrimSuffix(u.Name, "人民政府")
			break
		}
	}
	if f.Office = settings.Office; f.Office == "" && f.District != "" {
		f.Office = f.District + "人民政府办公室"
	}
	return nil
}

// bulletinReports are a year's filing and data quality, as the wall and the
// overview count them over approved reports.
func (o *Office) bulletinReports(ctx context.Context, year disclosure.Year) (*notice.Reports, error) {
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	_, lines, err := o.progressLines(ctx, year)
	if err != nil {
		return nil, err
	}
	out := &notice.Reports{Year: year, Due: len(lines)}
	lines = slices.Clone(lines)
	slices.SortFunc(lines, func(a, b ProgressLine) int { return byOrder(a.Unit, b.Unit) })
	for i := range lines {
		l := &lines[i]
		for mark, n := range map[ProgressMark]*int{MarkOpen: &out.Open, MarkSubmitted: &out.Submitted, MarkReturned: &out.Returned, MarkApproved: &out.Approved, MarkPublished: &out.Published} {
			if l.Is(mark) {
				*n++
			}
		}
		if l.Open() {
			out.Missing = append(out.Missing, l.Unit.Display())
		}
		if l.StatutoryLate > 0 {
			out.Late = append(out.Late, notice.Late{Number: l.Unit.Number, Unit: l.Unit.Display(), Days: l.StatutoryLate})
		}
	}
	found, err := o.findingSummary(ctx, Filter{Year: year, Basis: store.Approved}, units)
	if err != nil {
		return nil, err
	}
	out.Checked, out.Errors, out.Explains, out.InError = found.Reports, found.BySeverity[check.Error], found.BySeverity[check.Explain], found.Units[check.Error]
	for _, r := range found.ByRule {
		if n := r.BySeverity[check.Error]; n > 0 {
			out.Rules = append(out.Rules, notice.RuleCount{Rule: ruleTitle(r.Rule), N: n})
		}
	}
	return out, nil
}

// ruleTitle is a shipped rule's title, the id of any other.
func ruleTitle(id string) string {
	if r, ok := check.RuleByID(id); ok {
		return r.Title
	}
	return id
}
