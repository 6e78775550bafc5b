package office

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/people"
)

// ProgressMark narrows the wall: the counted tiles, and finer ones.
type ProgressMark string

// The marks.
const (
	MarkOpen        ProgressMark = "open"        // 未报: not handed in, nor with the unit's own reviewer
	MarkSubmitted   ProgressMark = "submitted"   // 待审
	MarkReturned    ProgressMark = "returned"    // 退回
	MarkApproved    ProgressMark = "approved"    // 已通过
	MarkPublished   ProgressMark = "published"   // 已公开
	MarkOverdue     ProgressMark = "overdue"     // 逾期: not handed in, or not put right, past its time
	MarkMissing     ProgressMark = "missing"     // 未开始
	MarkDraft       ProgressMark = "draft"       // 草稿
	MarkReview      ProgressMark = "review"      // 待单位审核
	MarkProblems    ProgressMark = "problems"    // 带问题收件
	MarkCorrection  ProgressMark = "correction"  // 更正中
	MarkUnpublished ProgressMark = "unpublished" // handed in, its publication not on record
	MarkLate        ProgressMark = "late"        // handed in or published behind the law's day
)

// ProgressTiles are the marks that are counted on top; ProgressMarks are all, in
// the order in which people are shown them.
var (
	ProgressTiles = []ProgressMark{MarkOpen, MarkReview, MarkSubmitted, MarkReturned, MarkApproved, MarkPublished, MarkUnpublished, MarkOverdue}
	ProgressMarks = []ProgressMark{MarkOpen, MarkMissing, MarkDraft, MarkReview, MarkSubmitted, MarkReturned, MarkApproved, MarkPublished, MarkUnpublished,
		MarkOverdue, MarkLate, MarkProblems, MarkCorrection}
)

// ProgressFilter narrows the wall; year 0 is the one that is reported on now.
type ProgressFilter struct {
	Year  disclosure.Year
	Mark  ProgressMark
	Kind  disclosure.UnitKind
	Group string
	Text  string // in the unit's names
}

// Progress is the wall (报送进度表): every unit of a year with where its report
// stands, late ones first.
type Progress struct {
	Filter  ProgressFilter
	Choices Choices
	Counts  map[ProgressMark]int
	Lines   []ProgressLine
	All     int // units under the filter, whatever the mark
	// Plan is the year's, for the due times on top; Note says that days were
	// counted without holidays.
	Plan      calendar.Plan
	Note      string
	Now       time.Time
	Supervise bool // the visitor supervises some of the units
}

// ProgressLine is a unit on the wall.
type ProgressLine struct {
	Unit   *disclosure.Unit
	Period disclosure.Period
	State  filing.State
	// Correction: an approved revision stands and another one is under way.
	// WithProblems is the reason of 带问题收件; Historic: taken over by an import.
	Correction   bool
	WithProblems string
	Historic     bool
	Proxy        bool
	Published    *PublishedFact
	Contacts     []Contact
	// Last is the newest thing that happened, zero for nothing.
	Last Activity
	// HandedIn is when the report first came to the district, zero for not yet
	// or for one that was taken over by an import.
	HandedIn time.Time
	// Recalled is when a report was handed in that the unit took back since; zero
	// for none, and again once it is handed in anew.
	Recalled time.Time
	// Final and Publish are the due times of 定稿 and 发布.
	Final, Publish calendar.Due
	// Next is what the unit is to do next, and until when.
	Next ProgressNext
	// Late are the sentences on what came behind its time and stays on record.
	Late          []string
	StatutoryLate int // days behind the law's day, of handing in or publishing
	Stage         calendar.Standing
	// Supervised: the visitor may remind and extend.
	Supervised bool
}

// ProgressNext is a unit's next step.
type ProgressNext struct {
	Step calendar.Step // "" when nothing is due
	Due  calendar.Moment
	By   calendar.Basis
	// Days and Workdays are left after today, negative when past; Overdue counts
	// begun days behind the due time, of what is owed: a publication that nobody
	// put on record is no lateness, the report may well be public.
	Days, Workdays, Overdue int
	// Statutory is the law's day for the step, StatutoryDays what is left of it.
	Statutory     calendar.Moment
	StatutoryDays int
	Reason        string // of an extension
}

// StepCorrect is what a returned report waits for, by the return's own due day.
const StepCorrect calendar.Step = "改正"

// Activity is something that somebody did.
type Activity struct {
	Time time.Time
	By   string
	What string
}

// Contact is somebody to call at a unit.
type Contact struct {
	Account, Name, Phone, Email string
	Role                        people.Role
}

// PublishedFact is where and when a report was published.
type PublishedFact struct {
	Address string
	Date    calendar.Date
}

// Progress answers the wall for the units within the visitor's reach.
// Error: ErrForbidden.
func (o *Office) Progress(ctx context.Context, v people.Visitor, f ProgressFilter) (*Progress, error) {
	if !v.Anywhere(people.SeeProgress) {
		return nil, v.Demand(people.SeeProgress, 0)
	}
	p, lines, err := o.progressLines(ctx, f.Year)
	if err != nil {
		return nil, err
	}
	f.Year = p.Filter.Year
	p.Filter, p.Counts = f, map[ProgressMark]int{}
	units := []disclosure.Unit{}
	for _, l := range lines {
		if !v.May(people.SeeProgress, l.Unit.Number) {
			continue
		}
		units = append(units, *l.Unit)
		if !f.takesUnit(l.Unit) {
			continue
		}
		p.All++
		l.Supervised = v.May(people.Supervise, l.Unit.Number)
		p.Supervise = p.Supervise || l.Supervised
		for _, m := range ProgressMarks {
			if l.Is(m) {
				p.Counts[m]++
			}
		}
		if f.Mark == "" || l.Is(f.Mark) {
			p.Lines = append(p.Lines, l)
		}
	}
	p.Choices = choicesOf(units, p.Choices.Years, f.Year)
	slices.SortStableFunc(p.Lines, lateFirst)
	return p, nil
}

func (f ProgressFilter) takesUnit(u *disclosure.Unit) bool {
	if f.Kind != "" && u.Kind != f.Kind || f.Group != "" && u.In(f.Year).Group != f.Group {
		return false
	}
	text := disclosure.NormalName(f.Text)
	return text == "" || strings.Contains(disclosure.NormalName(u.Name+" "+u.Short+" "+u.Code+" "+strings.Join(u.Aliases, " ")), text)
}

// lateFirst puts what is most overdue on top, then what is due soonest, then
// what is done, each in the district's order.
func lateFirst(a, b ProgressLine) int {
	pending := func(l ProgressLine) int {
		switch {
		case l.Next.Step == "":
			return 2
		case !l.Owes():
			return 1
		}
		return 0
	}
	return cmp.Or(
		cmp.Compare(b.Next.Overdue, a.Next.Overdue),
		cmp.Compare(pending(a), pending(b)),
		cmp.Compare(a.Next.Due.End().Unix(), b.Next.Due.End().Unix()),
		byOrder(a.Unit, b.Unit))
}

// Open says whether the report has not come to the district.
func (l *ProgressLine) Open() bool {
	switch l.State {
	case filing.Submitted, filing.Returned, filing.Approved:
		return false
	}
	return true
}

// Owes says whether the unit has yet to hand in its report or to put it right.
func (l *ProgressLine) Owes() bool { return l.Next.Step != "" && l.Next.Step != calendar.StepPublish }

// Reminds says whether a reminder to all that the filter lists takes the line:
// units that owe a report, and those without a publication on record only when
// these are asked for.
func (f ProgressFilter) Reminds(l *ProgressLine) bool {
	return l.Supervised && (l.Owes() || f.Mark == MarkUnpublished && l.Next.Step != "")
}

// Is says whether the unit is among those of a mark.
func (l *ProgressLine) Is(m ProgressMark) bool {
	switch m {
	case MarkOpen:
		return l.Open() && l.State != filing.Review
	case MarkMissing:
		return l.State == filing.Missing || l.State == filing.Revoked || l.State == filing.Withdrawn
	case MarkDraft:
		return l.State == filing.Draft
	case MarkReview:
		return l.State == filing.Review
	case MarkSubmitted:
		return l.State == filing.Submitted
	case MarkReturned:
		return l.State == filing.Returned
	case MarkApproved:
		return l.State == filing.Approved
	case MarkPublished:
		return l.Published != nil
	case MarkUnpublished:
		return !l.Open() && l.Published == nil && !l.Historic
	case MarkOverdue:
		return l.Next.Overdue > 0
	case MarkLate:
		return l.StatutoryLate > 0
	case MarkProblems:
		return l.WithProblems != ""
	case MarkCorrection:
		return l.Correction
	}
	return false
}

// EscalationOf is where an unfinished report stands on the escalation ladder:
// for the bulletin and DUE-R1's finding. A zero Standing: nothing is due of it.
// Errors: ErrNotFound, ErrForbidden.
func (o *Office) EscalationOf(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, year disclosure.Year) (calendar.Standing, error) {
	if !v.May(people.SeeFiled, unit) {
		if err := v.Demand(people.SeeProgress, unit); err != nil {
			return calendar.Standing{}, err
		}
	}
	_, lines, err := o.progressLines(ctx, year)
	if err != nil {
		return calendar.Standing{}, err
	}
	for i := range lines {
		if lines[i].Unit.Number == unit {
			return lines[i].Stage, nil
		}
	}
	return calendar.Standing{}, disclosure.Errorf(disclosure.ErrNotFound, "没有编号为 %d 的单位,或它在%s年不需要报送。", unit, year)
}
