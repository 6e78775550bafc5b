package web

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/demo"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/store"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// boards are sites with issues, each filled when a test first asks for it: an
// ordinary district, a crowded one, and one where
// a single unit has issues.
var boards = map[string]*board{
	"ordinary": {units: 24, fill: plantedIssues},
	"crowded":  {units: 160, fill: crowdedIssues},
	"single":   {units: 6, fill: singleIssues},
}

type board struct {
	units int
	fill  func(*demo.District, []disclosure.Unit) ([]issue.List, []issue.Issue, error)
	once  sync.Once
	site  *site
	err   error
}

func closeBoards() {
	for _, b := range boards {
		if b.site != nil {
			_ = b.site.store.Close()
		}
	}
}

func atBoard(t *testing.T, name string) *site {
	t.Helper()
	b := boards[name]
	b.once.Do(func() { b.site, b.err = b.open(context.Background()) })
	if b.err != nil {
		t.Fatal(b.err)
	}
	return b.site
}

func (b *board) open(ctx context.Context) (*site, error) {
	x, err := openSite(ctx)
	if err != nil {
		return nil, err
	}
	d := demo.Generate(demo.Spec{Units: b.units, Years: 1, Last: 2025})
	var units []disclosure.Unit
	var entries []store.Entry
	for u := range d.Units() {
		if u.Number == 24 {
			u.Name, u.Short = evilName, ""
		}
		units = append(units, u)
		entries = append(entries, store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(u.Number), Verb: store.VerbCreate, State: u})
	}
	lists, issues, err := b.fill(d, units)
	if err != nil {
		return x, err
	}
	for _, l := range lists {
		l.Evaluators = []string{evaluator}
		entries = append(entries, store.Entry{Kind: store.KindIssueList, ID: l.ID, Verb: store.VerbCreate, State: l, Year: l.Quarter.Year})
	}
	for _, i := range issues {
		entries = append(entries, store.Entry{Kind: store.KindIssue, ID: i.ID, Verb: store.VerbCreate, State: i, Unit: i.Unit, Year: i.Quarter.Year})
	}
	for part := range slices.Chunk(entries, 500) {
		_, fault := x.store.Append(ctx, store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: "os:test", Address: "cli"}, Entries: part})
		err = errors.Join(err, fault)
	}
	return x, errors.Join(err, staff(ctx, x))
}

// plantedIssues are those of the demonstration.
func plantedIssues(d *demo.District, units []disclosure.Unit) ([]issue.List, []issue.Issue, error) {
	p, err := d.Issues(units, testClock())
	if err != nil {
		return nil, nil, err
	}
	var out []issue.Issue
	for _, i := range p.Issues {
		out = append(out, i.Issue)
	}
	return p.Lists, out, nil
}

// singleIssues are one unit's alone.
func singleIssues(d *demo.District, units []disclosure.Unit) ([]issue.List, []issue.Issue, error) {
	return plantedIssues(d, units[1:2])
}

// crowdedIssues are thousands: units with long names, 30 categories with long
// names of their own, in every state.
func crowdedIssues(_ *demo.District, units []disclosure.Unit) ([]issue.List, []issue.Issue, error) {
	quarter := issue.QuarterOf(testClock())
	list := issue.List{ID: "crowd", Quarter: quarter, Round: issue.RoundCity, Title: "名称特别长的全市政务公开第三方评估第一轮测评问题清单(含新媒体、专栏和政务公开专区)", State: issue.ListOpen, Created: testClock()}
	states := []issue.State{issue.Found, issue.Handed, issue.Signed, issue.Rectifying, issue.Answered, issue.Returned, issue.Closed, issue.Closed, issue.NotApplicable, issue.Rechecked}
	var out []issue.Issue
	for n, u := range units {
		for k := range 3 + n%22 {
			handed := testClock().Add(-time.Duration(10+(n*7+k)%60) * 24 * time.Hour)
			i := issue.Issue{ID: fmt.Sprintf("crowd-%d-%d", n, k), List: list.ID, Quarter: quarter, Number: fmt.Sprintf("%s-%04d", quarter, len(out)+1), State: states[(n+k*3)%len(states)], Found: handed,
				Content: issue.Content{Facts: fmt.Sprintf("第%d个问题:%s", k, evilName), Unit: u.Number, UnitText: u.Name, Category: issue.Category(fmt.Sprintf("名称很长的问题类别第%02d类政务公开专栏", (n+k*k)%30)),
					Deduction: decimal.NewNullDecimal(decimal.New(5, -1)), Due: calendar.At(calendar.DayOf(handed) + 15)}}
			if i.State != issue.Found {
				i.Handed, i.FirstDue = handed, i.Due
			}
			if i.State.Settled() {
				i.Settled = handed.Add(time.Duration(k%10) * 24 * time.Hour)
				i.Reviews = []issue.Review{{Act: issue.Close, Time: i.Settled}}
			}
			out = append(out, i)
		}
	}
	return []issue.List{list}, out, nil
}
