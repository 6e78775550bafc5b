package issue

import (
	"cmp"
	"slices"

	"mingjing/internal/disclosure"
)

// StepCode names a step of the funnel in addresses.
type StepCode string

// The steps, each of which an issue passes on its way.
const (
	StepFound     StepCode = "found"     // 发现: all but the withdrawn
	StepHanded    StepCode = "handed"    // 交办
	StepSigned    StepCode = "signed"    // 签收
	StepAnswered  StepCode = "answered"  // 反馈
	StepRechecked StepCode = "rechecked" // 复核通过
	StepSettled   StepCode = "settled"   // 办结
)

// Steps lists them in order.
var Steps = []StepCode{StepFound, StepHanded, StepSigned, StepAnswered, StepRechecked, StepSettled}

// StepNames are the steps as people read them.
var StepNames = map[StepCode]string{StepFound: "发现", StepHanded: "交办", StepSigned: "签收", StepAnswered: "反馈", StepRechecked: "复核通过", StepSettled: "办结"}

// Came says whether the issue came at least as far as a step, so that the
// funnel narrows and a step's count can be followed to its issues.
func (i *Issue) Came(step StepCode) bool {
	settled := i.State.Settled()
	passed := settled || i.State == Rechecked
	answered := passed || i.LastAnswer() != nil
	signed := answered || !i.Signed.IsZero() || i.State == Signed || i.State == Rectifying
	switch {
	case i.State == Withdrawn || i.State == Missing:
		return false
	case step == StepSettled:
		return settled
	case step == StepRechecked:
		return passed
	case step == StepAnswered:
		return answered
	case step == StepSigned:
		return signed
	case step == StepHanded:
		return signed || !i.Handed.IsZero()
	}
	return step == StepFound
}

// Telling says whether the denominator is large enough for a percentage: under
// the floor only the two counts are shown.
func (r Rate) Telling() bool { return r.Whole >= disclosure.FloorUnit }

// Open is how many issues have not come to an end.
func (t *Tally) Open() int { return t.Issues - t.Settled }

// ByNeed orders units by how much they have to be urged: what is overdue, then
// what is open, then what recurs or was opened anew. Who has none of these is
// left out, and so is what nobody answers for.
func ByNeed(units []UnitTally) []UnitTally {
	var out []UnitTally
	for _, u := range units {
		if u.Unit != 0 && (u.Overdue > 0 || u.Open() > 0 || u.Recurring+u.Reopened > 0) {
			out = append(out, u)
		}
	}
	slices.SortStableFunc(out, func(a, b UnitTally) int {
		return cmp.Or(cmp.Compare(b.Overdue, a.Overdue), cmp.Compare(b.Open(), a.Open()), cmp.Compare(b.Recurring+b.Reopened, a.Recurring+a.Reopened))
	})
	return out
}
