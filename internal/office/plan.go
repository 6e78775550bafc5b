package office

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

const (
	planID   = "plan/" // + the year reported on
	ladderID = "ladder"
)

// plan is the working calendar for a year's reports, and the seq that a change
// gives as seen: 0 for the proposal that is shipped.
func (o *Office) plan(ctx context.Context, year disclosure.Year) (calendar.Plan, uint64, error) {
	type kept struct {
		plan calendar.Plan
		seq  uint64
	}
	k, err := cachedOf(ctx, o, "plan "+year.String(), ofSettings, nil, func() (kept, error) {
		var k kept
		var err error
		if k.seq, err = o.setting(ctx, planID+year.String(), &k.plan); err != nil || k.seq != 0 {
			return k, err
		}
		c, err := o.Workdays(ctx)
		if err != nil {
			return k, err
		}
		k.plan = calendar.DefaultPlan(year, c)
		return k, nil
	})
	k.plan.Steps, k.plan.Groups, k.plan.Extensions = slices.Clone(k.plan.Steps), slices.Clone(k.plan.Groups), slices.Clone(k.plan.Extensions)
	return k.plan, k.seq, err
}

// ladder is the escalation in force, and its seq.
func (o *Office) ladder(ctx context.Context) (calendar.Ladder, uint64, error) {
	var l calendar.Ladder
	seq, err := o.setting(ctx, ladderID, &l)
	if err != nil || seq != 0 {
		return l, seq, err
	}
	return calendar.DefaultLadder(), 0, nil
}

// dueOf is when a step is due for a unit. A plan without the step leaves what
// the law says.
func dueOf(p *calendar.Plan, u *disclosure.Unit, step calendar.Step) calendar.Due {
	d, err := calendar.DueOf(p, u, "", step)
	if err != nil {
		last := calendar.At(calendar.Statutory(p.Year, u))
		return calendar.Due{Step: step, Internal: last, Statutory: last, Applies: last, Basis: calendar.BasisStatute, By: calendar.BasisStatute}
	}
	return d
}

// DuesOf are the due times of all steps for a unit, for whoever files for it or
// supervises it. Errors: ErrNotFound, ErrForbidden.
func (o *Office) DuesOf(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, year disclosure.Year) ([]calendar.Due, error) {
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	u := units.byNumber[unit]
	if u == nil {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有编号为 %d 的单位,请从单位列表中选择。", unit)
	}
	if !v.May(people.SeeFiled, unit) {
		if err := v.Demand(people.SeeProgress, unit); err != nil {
			return nil, err
		}
	}
	p, _, err := o.plan(ctx, year)
	if err != nil {
		return nil, err
	}
	var out []calendar.Due
	for _, m := range p.Steps {
		out = append(out, dueOf(&p, u, m.Step))
	}
	return out, nil
}

// PlanPage is the working calendar of a year, with what was changed in it.
type PlanPage struct {
	Plan calendar.Plan
	Seq  uint64
	// Groups are the 考核分组 of the year, Units those that the visitor may extend.
	Groups []string
	Units  []*disclosure.Unit
	Years  []disclosure.Year
	// Flagged say where an internal time is at odds with the law, units with the
	// same sentence together.
	Flagged   []PlanFlag
	Note      string // days reckoned without holidays
	Ladder    calendar.Ladder
	LadderSeq uint64
	MayChange bool // plan, groups, ladder
	Changes   []PlanChange
	LadderLog []SettingChange
	// IssueLadder is the escalation of issues (问题整改).
	IssueLadder    calendar.Ladder
	IssueLadderSeq uint64
	IssueLadderLog []SettingChange
}

// PlanFlag is a sentence on an internal time, and for whom it holds.
type PlanFlag struct {
	Says  string
	Step  calendar.Step
	Units []string
}

// PlanChange is one change of a plan in words.
type PlanChange struct {
	SettingChange
	Says []string
}

// PlanPage answers the working calendar for a year's reports; year 0 is the one
// that is reported on now. Error: ErrForbidden.
func (o *Office) PlanPage(ctx context.Context, v people.Visitor, year disclosure.Year) (*PlanPage, error) {
	if !v.Anywhere(people.SeeProgress) {
		return nil, v.Demand(people.SeeProgress, 0)
	}
	if year == 0 {
		year = calendar.FilingYear(o.clock())
	}
	p := &PlanPage{MayChange: v.May(people.Configure, 0)}
	var err error
	if p.Plan, p.Seq, err = o.plan(ctx, year); err != nil {
		return nil, err
	}
	if p.Ladder, p.LadderSeq, err = o.ladder(ctx); err != nil {
		return nil, err
	}
	if p.IssueLadder, p.IssueLadderSeq, err = o.issueLadder(ctx); err != nil {
		return nil, err
	}
	if p.IssueLadderLog, err = o.settingChanges(ctx, issueLadderID); err != nil {
		return nil, err
	}
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	p.Groups = choicesOf(units.list, nil, year).Groups
	for i := range units.list {
		if u := &units.list[i]; u.ReportsIn(year) && !u.Unconfirmed && v.May(people.Supervise, u.Number) {
			p.Units = append(p.Units, u)
		}
	}
	for _, f := range p.Plan.Flags(units.list) {
		u := units.byNumber[f.Unit]
		if !v.May(people.SeeProgress, f.Unit) {
			continue
		}
		for _, says := range f.Due.Flags {
			p.flag(f.Due.Step, says, u.Display())
		}
	}
	now := calendar.FilingYear(o.clock())
	for y := now + 1; y >= now-4; y-- {
		p.Years = append(p.Years, y)
	}
	c, err := o.Workdays(ctx)
	if err != nil {
		return nil, err
	}
	if n := len(p.Plan.Steps); n > 0 {
		p.Note = c.Note(p.Plan.Steps[0].Due.Date, p.Plan.Steps[n-1].Due.Date)
	}
	changes, err := o.settingChanges(ctx, planID+year.String())
	if err != nil {
		return nil, err
	}
	for _, ch := range changes {
		p.Changes = append(p.Changes, PlanChange{SettingChange: ch, Says: planDifference(ch, units)})
	}
	p.LadderLog, err = o.settingChanges(ctx, ladderID)
	return p, err
}

func (p *PlanPage) flag(step calendar.Step, says, unit string) {
	for i := range p.Flagged {
		if p.Flagged[i].Says == says && p.Flagged[i].Step == step {
			p.Flagged[i].Units = append(p.Flagged[i].Units, unit)
			return
		}
	}
	p.Flagged = append(p.Flagged, PlanFlag{Says: says, Step: step, Units: []string{unit}})
}

// PutPlan changes the steps and the groups' times of a year's plan; what was
// extended stays. Errors: ErrForbidden, ErrInvalid, ErrConflict when somebody
// else changed the plan meanwhile.
func (o *Office) PutPlan(ctx context.Context, v people.Visitor, next calendar.Plan, seen uint64, act string) error {
	if err := v.Demand(people.Configure, 0); err != nil {
		return err
	}
	if done, err := o.actDone(ctx, v, act, store.KindSetting); err != nil || done {
		return err
	}
	if !next.Year.Valid() {
		return disclosure.Errorf(disclosure.ErrInvalid, "工作日历没有写明报告年度或年度不对,请核对。")
	}
	standing, seq, err := o.plan(ctx, next.Year)
	if err != nil {
		return err
	}
	if seq != seen {
		return planMoved()
	}
	next.Extensions = standing.Extensions
	if err := next.Validate(); err != nil {
		return err
	}
	return conflictOf(o.putSetting(ctx, v, planID+next.Year.String(), next, seen, act), planMoved)
}

func planMoved() error {
	return disclosure.Errorf(disclosure.ErrConflict, "工作日历在您打开之后已由别人修改,请看过下面的变更记录,在最新的日历上重新修改。")
}

// conflictOf says a store's conflict in the words of the page.
func conflictOf(err error, say func() error) error {
	if err != nil && disclosure.CodeOf(err) == disclosure.ErrConflict {
		return say()
	}
	return err
}

// Extend moves an internal due time for a unit or a group, with a reason; the
// statutory day never moves. Errors: ErrForbidden, ErrInvalid, ErrConflict.
func (o *Office) Extend(ctx context.Context, v people.Visitor, year disclosure.Year, e calendar.Extension, seen uint64, act string) error {
	right := people.Configure
	if e.Unit != 0 {
		right = people.Supervise
	}
	if err := v.Demand(right, e.Unit); err != nil {
		return err
	}
	if done, err := o.actDone(ctx, v, act, store.KindSetting); err != nil || done {
		return err
	}
	p, seq, err := o.plan(ctx, year)
	if err != nil {
		return err
	}
	if seq != seen {
		return planMoved()
	}
	e.Reason = strings.TrimSpace(e.Reason)
	if len([]rune(e.Reason)) > 500 {
		return disclosure.Errorf(disclosure.ErrInvalid, "延期的理由最多500字,请写得简短些。")
	}
	if err := p.CheckExtension(e); err != nil {
		return err
	}
	units, err := o.units(ctx)
	if err != nil {
		return err
	}
	if e.Unit != 0 {
		u := units.byNumber[e.Unit]
		if u == nil || !u.ReportsIn(year) {
			return disclosure.Errorf(disclosure.ErrInvalid, "没有这个单位,或它在%s年不需要报送,请从列表中选择。", year)
		}
		if now := dueOf(&p, u, e.Step); !now.Internal.Before(e.Due) {
			return disclosure.Errorf(disclosure.ErrInvalid, "“%s”的“%s”现在是%s,延期后的时间应晚于它。", u.Display(), e.Step, now.Internal.Chinese())
		}
	}
	p.Extensions = append(p.Extensions, e)
	return conflictOf(o.append(ctx, v, act, store.Entry{Kind: store.KindSetting, ID: planID + year.String(), Verb: store.VerbExtend, Seen: seen, State: p,
		Unit: e.Unit, Year: year}), planMoved)
}

// PutLadder changes the escalation. Errors as PutPlan.
func (o *Office) PutLadder(ctx context.Context, v people.Visitor, l calendar.Ladder, seen uint64, act string) error {
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
	return conflictOf(o.putSetting(ctx, v, ladderID, l, seen, act), func() error {
		return disclosure.Errorf(disclosure.ErrConflict, "催办阶梯在您打开之后已由别人修改,请看过最新的阶梯再改。")
	})
}

// planDifference says what a change did to a plan.
func planDifference(ch SettingChange, units *unitIndex) []string {
	var before, after calendar.Plan
	if json.Unmarshal(ch.State, &after) != nil {
		return nil
	}
	if ch.Before == nil || json.Unmarshal(ch.Before, &before) != nil {
		before = calendar.Plan{}
	}
	var out []string
	for _, m := range after.Steps {
		old, known := before.Milestone(m.Step)
		switch {
		case ch.Before == nil:
		case !known:
			out = append(out, fmt.Sprintf("新增环节“%s”:%s", m.Step, m.Due.Chinese()))
		case old.Due != m.Due:
			out = append(out, fmt.Sprintf("“%s”由%s改为%s", m.Step, old.Due.Chinese(), m.Due.Chinese()))
		case old.Says != m.Says:
			out = append(out, fmt.Sprintf("修改“%s”的要求", m.Step))
		}
	}
	for _, m := range before.Steps {
		if _, stays := after.Milestone(m.Step); !stays {
			out = append(out, fmt.Sprintf("删去环节“%s”", m.Step))
		}
	}
	for _, g := range after.Groups {
		if !slices.Contains(before.Groups, g) {
			out = append(out, fmt.Sprintf("分组“%s”的“%s”定为%s", g.Group, g.Step, g.Due.Chinese()))
		}
	}
	for _, g := range before.Groups {
		if !slices.ContainsFunc(after.Groups, func(n calendar.GroupDue) bool { return n.Group == g.Group && n.Step == g.Step }) {
			out = append(out, fmt.Sprintf("取消分组“%s”“%s”的单独时间", g.Group, g.Step))
		}
	}
	for _, e := range after.Extensions[min(len(before.Extensions), len(after.Extensions)):] {
		who := "分组“" + e.Group + "”"
		if u := units.byNumber[e.Unit]; u != nil {
			who = u.Display()
		}
		out = append(out, fmt.Sprintf("%s的“%s”延期到%s,理由:%s", who, e.Step, e.Due.Chinese(), e.Reason))
	}
	if len(out) == 0 && ch.Before == nil {
		out = append(out, "建立本年工作日历")
	}
	return out
}

// LastDay is the law's last day for a unit's report of a year (Art. 49).
func LastDay(year disclosure.Year, u *disclosure.Unit) calendar.Date {
	return calendar.Statutory(year, u)
}
