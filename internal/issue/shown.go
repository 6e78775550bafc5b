package issue

import (
	"slices"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
)

// reassigned is when the issue was last handed to another unit (改派), and where
// that stands in Reviews; zero and -1 when it never was.
func (i *Issue) reassigned() (time.Time, int) {
	for k := len(i.Reviews) - 1; k >= 0; k-- {
		if i.Reviews[k].Act == Assign {
			return i.Reviews[k].Time, k
		}
	}
	return time.Time{}, -1
}

// leading is the unit that led when something of a time was said; 0 when that is
// not on record: it bears no unit, and the issue was reassigned afterwards.
func (i *Issue) leading(stamp disclosure.UnitNumber, at time.Time) disclosure.UnitNumber {
	if last, _ := i.reassigned(); stamp == 0 && !at.Before(last) {
		return i.Unit
	}
	return stamp
}

// stands says whether an answer is one of the unit that leads now, given after
// the last 交办.
func (i *Issue) stands(a *Answer) bool {
	return i.leading(a.Unit, a.Time) == i.Unit && !a.Time.Before(i.Handed)
}

// Knows says whether the viewer may know what was said while a unit led the
// issue: those who lead it now, that unit's own people, who said it, and who
// looks at that unit's issues or keeps the list. For unit 0, which unit it was
// is not on record.
func (v Viewer) Knows(i *Issue, unit disclosure.UnitNumber, by string) bool {
	return unit != 0 && unit == i.Unit || v.May(people.SeeIssues, unit) || v.OwnList && v.Anywhere(people.Evaluate) ||
		unit != 0 && v.May(people.AnswerIssue, unit) || by != "" && by == v.Account
}

// Shown is the issue as the viewer may know it: of what was said and handed in
// while another unit led it, the unit that leads it now learns nothing.
func (v Viewer) Shown(i *Issue) *Issue {
	last, at := i.reassigned()
	if at < 0 {
		return i
	}
	out, hidden := i.copy(), false
	hide := func(stamp disclosure.UnitNumber, at time.Time, by string) bool {
		h := !v.Knows(i, i.leading(stamp, at), by)
		hidden = hidden || h
		return h
	}
	out.Answers = slices.DeleteFunc(out.Answers, func(a Answer) bool { return hide(a.Unit, a.Time, a.By) })
	out.Appeals = slices.DeleteFunc(out.Appeals, func(a Appeal) bool { return hide(a.Unit, a.Time, a.By) })
	out.Extensions = slices.DeleteFunc(out.Extensions, func(e Extension) bool { return hide(e.Unit, e.Time, e.By) })
	out.Evidence = slices.DeleteFunc(out.Evidence, func(e Evidence) bool {
		return (e.Unit != 0 || i.handedIn(e)) && hide(e.Unit, e.Time, e.By)
	})
	if hidden || !v.May(people.SeeIssues, i.Unit) && !(v.OwnList && v.Anywhere(people.Evaluate)) {
		out.Reviews = out.Reviews[at:]
		out.Reminders = slices.DeleteFunc(out.Reminders, func(t time.Time) bool { return t.Before(last) })
	}
	return &out
}

// handedIn says of evidence that bears no unit, from before it was noted,
// whether it came from a unit: from who answered or appealed for one.
func (i *Issue) handedIn(e Evidence) bool {
	return e.By != "" && (slices.ContainsFunc(i.Answers, func(a Answer) bool { return a.By == e.By && !a.Proxy }) ||
		slices.ContainsFunc(i.Appeals, func(a Appeal) bool { return a.By == e.By }))
}
