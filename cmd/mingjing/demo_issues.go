package main

import (
	"context"
	"time"

	"mingjing/internal/demo"
	"mingjing/internal/disclosure"
	"mingjing/internal/store"
)

// issues files two quarters of issues as they stand today: what is overdue
// must be so on the day of the demonstration.
func (l *demoLoader) issues(ctx context.Context, district *demo.District, units []disclosure.Unit, now time.Time) (int, error) {
	planted, err := district.Issues(units, now)
	if err != nil {
		return 0, err
	}
	for _, list := range planted.Lists {
		if err := l.add(ctx, store.Entry{Kind: store.KindIssueList, ID: list.ID, Verb: store.VerbCreate, State: list, Year: list.Quarter.Year}); err != nil {
			return 0, err
		}
	}
	for _, i := range planted.Issues {
		if err := l.add(ctx, store.Entry{Kind: store.KindIssue, ID: i.ID, Verb: store.VerbCreate, State: i.Issue, Unit: i.Unit, Year: i.Quarter.Year}); err != nil {
			return 0, err
		}
	}
	return len(planted.Issues), l.flush(ctx)
}
