package bench

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/office"
	"mingjing/internal/store"
)

// filingLoad is how many people work at the same time, and for how long. The
// usual one is issue 3's: a district's 60 units on the last evening, and 200
// people who look on.
type filingLoad struct {
	units, readers int
	typing         time.Duration // how long each clerk types before handing in
	save           time.Duration // between two saves of a clerk, from answer to request
	look           time.Duration // between two pages of a reader, likewise
}

var lastEvening = filingLoad{units: 60, readers: 200, typing: 20 * time.Second, save: time.Second, look: 20 * time.Second}

// saveAim is issue 3's, for the 95th percentile on 2 cores.
const saveAim = 150 * time.Millisecond

// filed is what a run of the load took.
type filed struct {
	saves, submissions, pages []time.Duration
	takenIn                   int // handed in by the supervisor, with problems
}

// filing measures 60 units that file at once, with readers beside them, and
// fails when an act of theirs is lost or stands in the log twice.
func (r *run) filing(ctx context.Context) error {
	st, err := store.Open(ctx, store.Options{DataDir: r.data("filing"), Library: r.Library})
	if err != nil {
		return err
	}
	defer st.Close()
	before, err := calibrate(ctx, st)
	if err != nil {
		return err
	}
	took, err := fileAtOnce(ctx, st, lastEvening)
	if err != nil {
		return err
	}
	r.table.lines(fmt.Sprintf("填报(%d个单位同时填报约%d秒后同时提交,另有%d人平均每%d秒看一页;每次保存和提交都已在日志和草稿中核对,无丢失、无重复)",
		lastEvening.units, int(lastEvening.typing.Seconds()), lastEvening.readers, int(lastEvening.look.Seconds())), before, took.lines())
	return nil
}

func (f filed) lines() []line {
	percentiles := func(what string, times []time.Duration) []line {
		return []line{
			known(fmt.Sprintf("%s(%d次),一半不超过", what, len(times)), milliseconds(percentile(times, 50))),
			known(what+",95%不超过", milliseconds(percentile(times, 95))),
			known(what+",最慢", milliseconds(percentile(times, 100))),
		}
	}
	saves := percentiles("保存草稿", f.saves)
	saves[1] = below("保存草稿,95%不超过", saveAim, percentile(f.saves, 95))
	return slices.Concat(saves, percentiles(fmt.Sprintf("提交(其中带问题收件%d份)", f.takenIn), f.submissions), percentiles("看网页", f.pages))
}

// percentile is the time that p of 100 measurements did not exceed.
func percentile(times []time.Duration, p int) time.Duration {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	return sorted[(len(sorted)*p+99)/100-1]
}

// fileAtOnce lets clerks and readers work, and proves what they did.
func fileAtOnce(ctx context.Context, st *store.Store, l filingLoad) (filed, error) {
	hall, err := openHall(ctx, st, l)
	if err != nil {
		return filed{}, err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go hall.office.KeepChecked(ctx, hall.log) // as the service does
	var out filed
	var mu sync.Mutex
	var clerks, readers sync.WaitGroup
	finished := make(chan struct{}) // the readers go home with the last clerk
	for i := range l.readers {
		readers.Go(func() {
			times, err := hall.read(ctx, i, finished)
			if err != nil {
				stop(fmt.Errorf("reader %d: %w", i, err))
			}
			mu.Lock()
			defer mu.Unlock()
			out.pages = append(out.pages, times...)
		})
	}
	for _, c := range hall.clerks {
		clerks.Go(func() {
			if err := hall.file(ctx, c); err != nil {
				stop(fmt.Errorf("unit %d: %w", c.unit, err))
			}
			mu.Lock()
			defer mu.Unlock()
			out.saves, out.submissions, out.pages = append(out.saves, c.saves...), append(out.submissions, c.submissions...), append(out.pages, c.pages...)
			if c.takenIn {
				out.takenIn++
			}
		})
	}
	clerks.Wait()
	close(finished)
	readers.Wait()
	if err := context.Cause(ctx); err != nil {
		return out, err
	}
	for _, c := range hall.clerks {
		if err := hall.prove(ctx, c); err != nil {
			return out, fmt.Errorf("unit %d: %w", c.unit, err)
		}
	}
	return out, nil
}

// prove compares what a clerk was told with what stands: the act exactly once,
// no other act of the clerk's, no draft left over, and in what was handed in
// the last text and the last figures that were acknowledged.
func (h *hall) prove(ctx context.Context, c *clerk) error {
	entries, err := h.store.Entries(ctx, store.EntryFilter{Kind: store.KindReport, Unit: c.unit, From: h.from + 1})
	if err != nil {
		return err
	}
	key := store.ReportKey{Unit: c.unit, Period: h.period, Family: disclosure.FamilyNational, Scope: c.scope}
	once := 0
	for _, e := range entries {
		if e.ActID != c.act {
			return fmt.Errorf("act %s by %s is nobody's", e.ActID, e.Actor.Name)
		}
		if e.ID == key.EntityID() {
			once++
		}
	}
	if once != 1 {
		return fmt.Errorf("the submission stands %d times in the log", once)
	}
	if _, err := h.store.Draft(ctx, c.unit, h.period); disclosure.CodeOf(err) != disclosure.ErrNotFound {
		return fmt.Errorf("the draft is still there, %w", err)
	}
	r, err := h.store.ReportAtStanding(ctx, key)
	if err != nil {
		return err
	}
	if r.Status != store.StatusSubmitted {
		return fmt.Errorf("the report is %q", r.Status)
	}
	for code, want := range c.confirmed {
		if got := office.Typed(r.Cells[code]); got != want {
			return fmt.Errorf("%s holds %q, and %q was acknowledged", code, got, want)
		}
	}
	for part, want := range c.prose {
		at := slices.IndexFunc(r.Prose, func(p disclosure.ProsePart) bool { return p.Number == part })
		if at < 0 || r.Prose[at].Text != want {
			return fmt.Errorf("part %d is not the text that was acknowledged last", part)
		}
	}
	return nil
}
