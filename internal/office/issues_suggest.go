package office

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/people"
)

// UnassignedIssue is an issue that no unit answers for yet, with the units
// whose names its text holds.
type UnassignedIssue struct {
	IssueLine
	Suggested []disclosure.UnitNumber // the likeliest first: 牵头, then 配合
}

// mostSuggested bounds the suggestions for an issue.
const mostSuggested = 4

// UnassignedIssues are what the 分办 page shows, the latest quarter first: at
// most limit, and how many there are. Error: ErrForbidden.
func (o *Office) UnassignedIssues(ctx context.Context, v people.Visitor, f IssueFilter) ([]UnassignedIssue, int, error) {
	if !v.Anywhere(people.Supervise) {
		return nil, 0, v.Demand(people.Supervise, 0)
	}
	f.Unassigned, f.States = true, []issue.State{issue.Found}
	rows, err := o.Issues(ctx, v, f)
	if err != nil {
		return nil, 0, err
	}
	units, err := o.units(ctx)
	if err != nil {
		return nil, 0, err
	}
	names := unitNames(units, disclosure.Year(o.clock().In(shanghai).Year()))
	var out []UnassignedIssue
	for _, row := range rows.Rows {
		out = append(out, UnassignedIssue{IssueLine: row, Suggested: suggestUnits(names, row.UnitText, row.Facts)})
	}
	return out, rows.Total, nil
}

// unitName is a name that a unit goes by, as disclosure.NormalName folds it.
type unitName struct {
	name string
	unit disclosure.UnitNumber
}

// shortestName is the least that is taken for a unit's name in a text: 某局
// would be found everywhere.
const shortestName = 3

// unitNames are all names of the units of a year, the longest first, so that
// 区教育局 is not taken for another's 教育局.
func unitNames(units *unitIndex, year disclosure.Year) []unitName {
	var out []unitName
	for k := range units.list {
		u := &units.list[k]
		if u.MergedInto != 0 || u.Last != 0 && u.Last < year-1 {
			continue
		}
		seen := map[string]bool{}
		for _, n := range append([]string{u.Name, u.Short}, u.Aliases...) {
			if n = disclosure.NormalName(n); utf8.RuneCountInString(n) >= shortestName && !seen[n] {
				seen[n] = true
				out = append(out, unitName{n, u.Number})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b unitName) int { return cmp.Compare(len(b.name), len(a.name)) })
	return out
}

// suggestUnits finds the units whose names stand in the texts: those of an
// earlier text first, within a text in the order of their places.
func suggestUnits(names []unitName, texts ...string) []disclosure.UnitNumber {
	var out []disclosure.UnitNumber
	for _, text := range texts {
		text = disclosure.NormalName(text)
		type place struct {
			at   int
			unit disclosure.UnitNumber
		}
		var found []place
		for _, n := range names {
			at := strings.Index(text, n.name)
			if at < 0 || n.name == "" {
				continue
			}
			found = append(found, place{at, n.unit})
			text = strings.ReplaceAll(text, n.name, strings.Repeat("\x00", len(n.name))) // a name within it is no other unit's
		}
		slices.SortFunc(found, func(a, b place) int { return cmp.Compare(a.at, b.at) })
		for _, p := range found {
			if !slices.Contains(out, p.unit) && len(out) < mostSuggested {
				out = append(out, p.unit)
			}
		}
	}
	return out
}
