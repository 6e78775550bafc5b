package calendar

import (
	"fmt"
	"time"

	"mingjing/internal/disclosure"
)

// Basis says where a due time comes from.
type Basis string

// The bases.
const (
	BasisPlan      Basis = "工作日历"
	BasisGroup     Basis = "分组时间"
	BasisExtension Basis = "延期"
	BasisStatute   Basis = "法定期限"
)

// Due is when a step is due for a unit.
type Due struct {
	Step Step `json:"step"`
	// Internal is the district's own due time, with where it comes from, and
	// the reason or notice when there is one.
	Internal Moment `json:"internal"`
	Basis    Basis  `json:"basis"`
	Reason   string `json:"reason,omitempty"`
	// Original is what Internal was before it was extended.
	Original Moment `json:"original,omitzero"`
	// Statutory is the law's last day; none for steps that it does not know.
	Statutory Moment `json:"statutory,omitzero"`
	// Applies is the one to work to, By says which: the earlier of both, but a
	// local notice stands for localities (属地), whose reports the law does not
	// name (Art. 49 speaks of departments and governments from the county up).
	Applies Moment `json:"applies"`
	By      Basis  `json:"by"`
	// Flags are sentences on an internal due time that is at odds with the law.
	Flags []string `json:"flags,omitempty"`
}

// DueOf says when a step is due for a unit. group is its 考核分组, "" for what
// the unit itself says for the year. unit may be nil: then the plan's time and
// 31 January hold. ErrNotFound for a step that the plan does not have.
func DueOf(p *Plan, unit *disclosure.Unit, group string, step Step) (Due, error) {
	m, ok := p.Milestone(step)
	if !ok {
		return Due{}, disclosure.Errorf(disclosure.ErrNotFound, "工作日历里没有“%s”这一环节,请先添加。", clip(string(step)))
	}
	if group == "" && unit != nil {
		group = unit.In(p.Year).Group
	}
	d := Due{Step: step, Internal: m.Due, Basis: BasisPlan}
	for _, g := range p.Groups {
		if group != "" && g.Group == group && g.Step == step {
			d.Internal, d.Basis, d.Reason = g.Due, BasisGroup, g.Notice
		}
	}
	d.extend(p, unit, group)
	switch m.Statute {
	case StatuteUnit:
		d.Statutory = At(Statutory(p.Year, unit))
	case StatuteGovernment:
		d.Statutory = At(Day(int(p.Year)+1, 3, 31))
	}
	d.settle(unit)
	return d, nil
}

// extend applies what was granted: of a unit's and its group's extension the
// later, each the last one granted; one that would come earlier than what holds
// without it changes nothing.
func (d *Due) extend(p *Plan, unit *disclosure.Unit, group string) {
	var ofUnit, ofGroup *Extension
	for i := range p.Extensions {
		e := &p.Extensions[i]
		switch {
		case e.Step != d.Step:
		case e.Unit != 0 && unit != nil && e.Unit == unit.Number:
			ofUnit = e
		case e.Unit == 0 && group != "" && e.Group == group:
			ofGroup = e
		}
	}
	original := d.Internal
	for _, e := range []*Extension{ofGroup, ofUnit} {
		if e != nil && d.Internal.Before(e.Due) {
			d.Internal, d.Basis, d.Reason, d.Original = e.Due, BasisExtension, e.Reason, original
		}
	}
}

func (d *Due) settle(unit *disclosure.Unit) {
	d.Applies, d.By = d.Internal, d.Basis
	if d.Statutory.IsZero() || !d.Statutory.Before(d.Internal) {
		return
	}
	if unit != nil && unit.Kind == disclosure.UnitLocality {
		d.Flags = append(d.Flags, fmt.Sprintf("内部时间%s晚于%s,按地方通知执行,请确认通知依据。", d.Internal.Chinese(), d.Statutory.Date.Chinese()))
		return
	}
	d.Applies, d.By = d.Statutory, BasisStatute
	d.Flags = append(d.Flags, fmt.Sprintf("内部时间%s晚于法定期限%s,法定期限不因延期改变,逾期仍按法定期限记录。", d.Internal.Chinese(), d.Statutory.Date.Chinese()))
}

// Flagged is a unit's due time that is at odds with the law.
type Flagged struct {
	Unit disclosure.UnitNumber `json:"unit"`
	Due  Due                   `json:"due"`
}

// Flags lists what is at odds with the law in a plan, for the units that report
// for its year: to be shown before a plan or an extension is put in force.
func (p *Plan) Flags(units []disclosure.Unit) []Flagged {
	var out []Flagged
	for i := range units {
		if !units[i].ReportsIn(p.Year) {
			continue
		}
		for _, m := range p.Steps {
			if d, err := DueOf(p, &units[i], "", m.Step); err == nil && len(d.Flags) > 0 {
				out = append(out, Flagged{Unit: units[i].Number, Due: d})
			}
		}
	}
	return out
}

// Late says by how many days something done at a moment missed the internal and
// the statutory due time; 0 for one that was kept or is not there.
func (d Due) Late(at time.Time) (internal, statutory int) {
	return d.Internal.DaysLate(at), d.Statutory.DaysLate(at)
}

// Countdown is what is left until the due time that applies: working days after
// today up to and with the due day, negative when it is past.
func (d Due) Countdown(now time.Time, c *Calendar) (workdays int, note string) {
	today := DayOf(now)
	return c.WorkdaysBetween(today, d.Applies.Date), c.Note(today, d.Applies.Date)
}

// FilingYear is the year that is reported on at a moment: the last one.
func FilingYear(now time.Time) disclosure.Year { return DayOf(now).Year() - 1 }
