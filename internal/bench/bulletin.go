package bench

import (
	"context"
	"fmt"
	"slices"
	"time"

	"mingjing/internal/bulletin/notice"
	"mingjing/internal/demo"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// bulletinAim is issue 5's, for a bulletin with eight charts.
const bulletinAim = 6 * time.Second

// bulletins measures the bulletin of the demonstration's quarter (100 issues,
// and as many before): with all charts, with the drawing engine still to be
// started and without, and with none.
func (r *run) bulletins(ctx context.Context) error {
	st, err := store.Open(ctx, store.Options{DataDir: r.data("bulletin"), Library: r.Library})
	if err != nil {
		return err
	}
	defer st.Close()
	calibration, err := calibrate(ctx, st)
	if err != nil {
		return err
	}
	quarter, err := plantIssues(ctx, st)
	if err != nil {
		return err
	}
	o, machine := office.New(st, nil, nil), people.Machine("os:bench", "cli")
	seen := uint64(0)
	build := func(charts []string) (time.Duration, error) {
		layout := notice.Shipped()
		layout.Charts = charts
		if err := o.PutBulletinLayout(ctx, machine, layout, seen, uuid.NewString()); err != nil {
			return 0, err
		}
		if _, seen, err = o.BulletinLayout(ctx); err != nil {
			return 0, err
		}
		began := time.Now()
		_, n, err := o.MakeBulletin(ctx, machine, quarter, notice.Internal, true, "docx")
		took := time.Since(began)
		if err == nil && len(n.Charts()) != len(charts) {
			err = fmt.Errorf("%d charts in the bulletin, want %d", len(n.Charts()), len(charts))
		}
		return took, err
	}
	var times []time.Duration
	for _, charts := range [][]string{notice.ChartOrder, notice.ChartOrder, nil} {
		took, err := build(charts)
		if err != nil {
			return err
		}
		times = append(times, took)
	}
	what := fmt.Sprintf("含%d张图", len(notice.ChartOrder))
	first, again := below("通报("+what+"),画图引擎未启动", bulletinAim, times[0]), below("通报("+what+"),再次生成", bulletinAim, times[1])
	plain := known("通报(不含图)", milliseconds(times[2]))
	again.ratio, first.ratio = fmt.Sprintf("%.0f", times[1].Seconds()/times[2].Seconds()), fmt.Sprintf("%.0f", times[0].Seconds()/times[2].Seconds())
	r.table.lines("通报(两个季度200条问题;比值:与不含图的同一份Word之比)", calibration, []line{first, again, plain})
	return nil
}

// plantIssues appends the demonstration's units and issues.
func plantIssues(ctx context.Context, st *store.Store) (disclosure.Period, error) {
	now := time.Now()
	district := demo.Generate(demo.Spec{})
	units := slices.Collect(district.Units())
	planted, err := district.Issues(units, now)
	if err != nil {
		return disclosure.Period{}, err
	}
	var entries []store.Entry
	for _, u := range units {
		entries = append(entries, store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(u.Number), Verb: store.VerbCreate, State: u})
	}
	for _, l := range planted.Lists {
		entries = append(entries, store.Entry{Kind: store.KindIssueList, ID: l.ID, Verb: store.VerbCreate, State: l, Year: l.Quarter.Year})
	}
	for _, i := range planted.Issues {
		entries = append(entries, store.Entry{Kind: store.KindIssue, ID: i.ID, Verb: store.VerbCreate, State: i.Issue, Unit: i.Unit, Year: i.Quarter.Year})
	}
	_, err = st.Append(ctx, store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: "os:bench", Address: "cli"}, Entries: entries})
	return issue.QuarterOf(now), err
}
