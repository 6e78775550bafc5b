package office

import (
	"context"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/people"
)

// IssueYear sets the quarter scores of a year side by side, of the lists whose
// scores the visitor sees; years are those with scores, the latest first. A zero
// year is the latest of them. Error: ErrForbidden.
func (o *Office) IssueYear(ctx context.Context, v people.Visitor, year disclosure.Year) (t *issue.YearTable, years []disclosure.Year, err error) {
	if err := demandIssues(v); err != nil {
		return nil, nil, err
	}
	units, err := o.units(ctx)
	if err != nil {
		return nil, nil, err
	}
	err = o.issuesNow(ctx, func(b *issueBook) error {
		var lists []issue.List
		for _, l := range b.lists {
			if l.Scores == nil || !seesScores(v, &l.List) {
				continue
			}
			lists = append(lists, l.List)
			if !slices.Contains(years, l.Quarter.Year) {
				years = append(years, l.Quarter.Year)
			}
		}
		slices.Sort(years)
		slices.Reverse(years)
		if year == 0 && len(years) > 0 {
			year = years[0]
		}
		if year == 0 {
			year = issue.QuarterOf(o.clock()).Year
		}
		t = issue.YearScores(year, lists, func(n disclosure.UnitNumber) (group, name string) {
			if u := units.byNumber[n]; u != nil {
				return u.In(year).Group, u.Display()
			}
			return "", ""
		})
		return nil
	})
	return t, years, err
}
