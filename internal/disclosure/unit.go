package disclosure

import "strings"

// UnitNumber is a unit's number in the store, given once and never reused.
type UnitNumber uint32

// UnitKind says what a reporting subject is.
type UnitKind string

// The kinds of unit. A district government reports in its own name beside its
// office (区政府办), which is a department.
const (
	UnitGovernment UnitKind = "政府"
	UnitDepartment UnitKind = "部门"
	UnitLocality   UnitKind = "属地" // 乡镇, 街道, 管理处
	UnitOther      UnitKind = "其他"
)

// Unit is a reporting subject. What differs by year stands in Years.
type Unit struct {
	Number  UnitNumber `json:"number"`
	Code    string     `json:"code"` // 机构代码 or 区划代码; may be empty
	Name    string     `json:"name"` // full name
	Short   string     `json:"short,omitempty"`
	Aliases []string   `json:"aliases,omitempty"`
	Kind    UnitKind   `json:"kind"`
	Parent  UnitNumber `json:"parent,omitempty"` // 0: a root
	Sort    int        `json:"sort"`
	// First and Last are the years for which the unit reports; 0 is open.
	First Year `json:"first,omitempty"`
	Last  Year `json:"last,omitempty"`
	// Successors took over when the unit was merged, split or renamed.
	Successors []UnitNumber `json:"successors,omitempty"`
	// Unconfirmed (待确认): made by an import from a name nobody had listed.
	Unconfirmed bool `json:"unconfirmed,omitempty"`
	// MergedInto is set when the entry turned out to be another unit's name:
	// its reports were handed over, and the name is an alias there.
	MergedInto UnitNumber `json:"merged_into,omitempty"`
	// ReviewOff: the unit's own review is done on paper (审签单), not here.
	ReviewOff bool `json:"review_off,omitempty"`
	// Years holds what is agreed per year; the last entry at or before a year
	// is in force for it.
	Years []UnitYear `json:"years,omitempty"`
}

// UnitYear is what a district decides on a unit from a year on.
type UnitYear struct {
	From    Year   `json:"from"`
	Group   string `json:"group,omitempty"` // 考核分组
	Scope   Scope  `json:"scope,omitempty"` // the scope that comparisons use
	Counted bool   `json:"counted"`         // 计入区汇总
}

// In returns what holds for the unit in a year. Without an entry a unit counts
// into the district's sum, in no group, with the agency's own scope.
func (u *Unit) In(y Year) UnitYear {
	out := UnitYear{Scope: ScopeAgency, Counted: true}
	for _, e := range u.Years {
		if e.From <= y && e.From >= out.From {
			out = e
		}
	}
	return out
}

// ReportsIn says whether the unit has a report to file for y.
func (u *Unit) ReportsIn(y Year) bool {
	return u.MergedInto == 0 && (u.First == 0 || y >= u.First) && (u.Last == 0 || y <= u.Last)
}

// Display is the short name when there is one.
func (u *Unit) Display() string {
	if u.Short != "" {
		return u.Short
	}
	return u.Name
}

// NormalName folds the ways in which one name is written: white space out,
// full-width brackets and letters to ASCII.
func NormalName(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u00a0', r == '\u3000', r == '\ufeff', r == '\u200b', r == ' ', r == '\t', r == '\n', r == '\r':
			return -1
		case r >= '!'+0xfee0 && r <= '~'+0xfee0:
			return r - 0xfee0
		}
		return r
	}, s)
}
