package bench

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/demo"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/store"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// The amount and the aim of issue 5 for the list of issues.
const (
	listedIssues   = 20_000
	listedQuarters = 8
	listAim        = 50 * time.Millisecond
)

// listing measures the list of issues with filters: the server's time for the
// page, beside the time in which the engine hands out the raw rows that the list
// rests on.
func (r *run) listing(ctx context.Context) error {
	data := r.data("issues")
	calibration, quarter, lines, times, err := r.listPages(ctx, data)
	if err != nil {
		return err
	}
	raw, err := r.rawIssues(ctx, data)
	if err != nil {
		return err
	}
	for k := range lines {
		lines[k].ratio = fmt.Sprintf("%.2f", float64(times[k])/float64(raw))
	}
	lines = append(lines, known(fmt.Sprintf("引擎直接读出全部%d条原始记录(比值的分母)", listedIssues), milliseconds(raw)))
	r.table.lines(fmt.Sprintf("问题清单(%d个问题、%d个季度,筛选到%s)", listedIssues, listedQuarters, quarter), calibration, lines)
	return nil
}

func (r *run) listPages(ctx context.Context, data string) (calibration time.Duration, quarter disclosure.Period, lines []line, times []time.Duration, err error) {
	st, err := store.Open(ctx, store.Options{DataDir: data, Library: r.Library})
	if err != nil {
		return 0, quarter, nil, nil, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if calibration, err = calibrate(ctx, st); err != nil {
		return 0, quarter, nil, nil, err
	}
	if quarter, err = manyIssues(ctx, st); err != nil {
		return 0, quarter, nil, nil, err
	}
	q := quarter.String()
	for _, p := range []page{
		{"筛选季度和类别", "/issues?" + url.Values{"quarter": {q}, "category": {"更新不及时"}}.Encode()},
		{"筛选单位和逾期,各季度", "/issues?overdue=1&unit=2"},
		{"查找文字,各季度", "/issues?" + url.Values{"q": {"第1234个"}}.Encode()},
		{"季度看板", "/quarter?quarter=" + q},
	} {
		cold, warm, err := pageTimes(st, p.address)
		if err != nil {
			return 0, quarter, nil, nil, err
		}
		lines, times = append(lines, below(p.what, listAim, warm)), append(times, warm)
		if len(lines) == 1 { // reads the whole book once, as after a start
			lines, times = append(lines, known(p.what+",启动后第一次", milliseconds(cold))), append(times, cold)
		}
	}
	return calibration, quarter, lines, times, nil
}

// rawIssues is the time in which the engine alone hands out how every issue
// stands.
func (r *run) rawIssues(ctx context.Context, data string) (_ time.Duration, err error) {
	d, err := openDirect(data, r.Library)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	times, err := timed(func() error {
		rows, err := scanAll(ctx, d, "SELECT id, state FROM entities WHERE kind = 'issue' ORDER BY id", nil, func(r *rowReader) [2]string { return [2]string{r.string(), r.string()} })
		if err == nil && len(rows) != listedIssues {
			err = fmt.Errorf("%d issues in the store, want %d", len(rows), listedIssues)
		}
		return err
	})
	return median(times), err
}

// manyIssues appends the demonstration's units and issues in every state over
// several quarters, and returns the latest of these.
func manyIssues(ctx context.Context, st *store.Store) (disclosure.Period, error) {
	now := time.Now()
	quarter := issue.QuarterOf(now)
	var entries []store.Entry
	var units []disclosure.Unit
	for u := range demo.Generate(demo.Spec{Units: 160, Years: 1}).Units() {
		units = append(units, u)
		entries = append(entries, store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(u.Number), Verb: store.VerbCreate, State: u})
	}
	states := []issue.State{issue.Closed, issue.Handed, issue.Answered, issue.Closed, issue.Returned, issue.Rectifying, issue.NotApplicable, issue.Closed}
	kinds := issue.Categories()
	for back, q := 0, quarter; back < listedQuarters; back, q = back+1, issue.Before(q) {
		handed := now.AddDate(0, -3*back, -20)
		for k := range listedIssues / listedQuarters {
			u := units[k%len(units)]
			i := issue.Issue{ID: fmt.Sprintf("bench-%s-%d", q, k), Quarter: q, Number: fmt.Sprintf("%s-%04d", q, k+1), State: states[(k/len(units)+k+back)%len(states)], Found: handed, Handed: handed,
				Content: issue.Content{Indicator1: "平台建设", Indicator2: "栏目更新", Category: kinds[(k+back)%len(kinds)].Name, Unit: u.Number, UnitText: u.Name,
					Facts: fmt.Sprintf("第%d个问题:“通知公告”等栏目超过%d个月未更新,办事指南的附件无法打开", k, k%9+2), Due: calendar.At(calendar.DayOf(handed) + 15),
					Points: decimal.NewNullDecimal(decimal.NewFromInt(5)), Deduction: decimal.NewNullDecimal(decimal.New(5, -1))}}
			if i.State.Settled() {
				i.Settled = handed.AddDate(0, 0, 9)
				i.Reviews = []issue.Review{{Act: issue.Close, By: benchAccount, Time: i.Settled}}
			}
			entries = append(entries, store.Entry{Kind: store.KindIssue, ID: i.ID, Verb: store.VerbCreate, State: i, Unit: i.Unit, Year: q.Year})
		}
	}
	for part := range slices.Chunk(entries, 500) {
		if _, err := st.Append(ctx, store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: "os:bench", Address: "cli"}, Entries: part}); err != nil {
			return quarter, err
		}
	}
	return quarter, nil
}
