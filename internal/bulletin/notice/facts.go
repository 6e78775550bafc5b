package notice

import (
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
)

// Facts are what a bulletin is made of: a quarter's figures, those of the
// quarter before, and the issues behind both. They are the dashboard's own.
type Facts struct {
	Quarter  disclosure.Period
	District string // 澜汀区; "" leaves it out
	Office   string // 落款
	At       time.Time
	// Now and Before are the quarter's statistics and those of the one before.
	Now, Before *issue.Statistics
	Changes     []issue.Change
	BurnDown    []issue.DayCount
	Rankings    []Ranking
	// Lines are the quarter's issues, Earlier those of the quarter before.
	Lines, Earlier []Line
	Names          map[disclosure.UnitNumber]string
	Groups         map[disclosure.UnitNumber]string // 考核分组
	// Reports are on the annual reports that were filed in the quarter; nil
	// outside of the first.
	Reports *Reports
	// Unapproved are sentences on what is not decided yet; a bulletin is built
	// on such figures as 征求意见稿 only.
	Unapproved []string

	// Leaks are all issues about leaks, of any quarter, for their addresses.
	Leaks []*issue.Issue

	hidden *issue.Addresses // see leakAddresses
}

// Ranking is a list's score table in order.
type Ranking struct {
	Title       string
	Groups      []issue.RankedGroup
	Differences []issue.Difference
}

// Line is an issue as the bulletin lists it.
type Line struct {
	issue.Line
	Overdue bool
	// Escalated: the ladder of reminders has reached the rung at which a unit
	// is named in the bulletin (通报点名).
	Escalated bool
}

// Reports are a year's annual reports: filing, and the quality of their data.
type Reports struct {
	Year                               disclosure.Year
	Due, Open, Submitted, Returned     int // units that report; 未报, 待审, 退回
	Approved, Published                int
	Missing                            []string // that have not handed in
	Late                               []Late
	Checked, Errors, Explains, InError int // approved reports; findings; units with an error
	Rules                              []RuleCount
}

// Late is a unit that handed in or published behind the law's day.
type Late struct {
	Number disclosure.UnitNumber
	Unit   string
	Days   int
}

// RuleCount is how many findings a rule made.
type RuleCount struct {
	Rule string
	N    int
}

func (f *Facts) name(u disclosure.UnitNumber) string {
	if n := f.Names[u]; n != "" {
		return n
	}
	return "待分办"
}

// Leaks says whether an issue is about persons' data that lie open: by its
// category, or by what its facts say in so many words.
func Leaks(i *issue.Issue) bool {
	if i.Category.Leak() {
		return true
	}
	said, _ := issue.CategoryOf("", "", i.Facts)
	return said.Leak()
}
