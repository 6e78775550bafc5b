package disclosure

import (
	"fmt"
	"strconv"
)

// Year is a reporting year, 1 January to 31 December. 0 means unknown.
type Year int

// The years a report can be about: the Regulations (国令第492号) are in force
// since 2008, and a year beyond 2100 is a misprint.
const (
	MinYear Year = 2008
	MaxYear Year = 2100
)

// Valid says whether y can be a reporting year at all.
func (y Year) Valid() bool { return y >= MinYear && y <= MaxYear }

// String is the year in figures, "" when unknown.
func (y Year) String() string {
	if y == 0 {
		return ""
	}
	return strconv.Itoa(int(y))
}

// PeriodKind says how often a form is filed.
type PeriodKind string

// The kinds of period.
const (
	PeriodYear    PeriodKind = "year"
	PeriodQuarter PeriodKind = "quarter"
)

// Period is a year, or a quarter of it when Quarter is 1 to 4.
type Period struct {
	Year    Year `json:"year"`
	Quarter int  `json:"quarter,omitempty"`
}

// String is "2023" or "2023Q4".
func (p Period) String() string {
	if p.Quarter == 0 {
		return p.Year.String()
	}
	return fmt.Sprintf("%dQ%d", p.Year, p.Quarter)
}

// Scope (口径) is whose figures a report holds. The same unit's numbers differ
// by it, so reports of different scope are never compared silently.
type Scope string

// The scopes. ScopeUnknown stands until a person or the report settles it.
const (
	ScopeUnknown Scope = ""
	ScopeAgency  Scope = "本机关"
	ScopeLevel   Scope = "本级汇总"
	ScopeRegion  Scope = "全域"
)

// ParseScope accepts the three terms and "".
func ParseScope(s string) (Scope, error) {
	switch sc := Scope(s); sc {
	case ScopeUnknown, ScopeAgency, ScopeLevel, ScopeRegion:
		return sc, nil
	}
	return "", Errorf(ErrInvalid, "口径只能是“本机关”“本级汇总”“全域”之一,不能是“%s”。", s)
}
