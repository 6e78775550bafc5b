package office

import (
	"context"
	"fmt"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
)

// CheckYearRecorded is CheckYear for who asks for it by a command: it is
// recorded as a run, as one that was asked for on a page is. Error: as
// CheckYear.
func (o *Office) CheckYearRecorded(ctx context.Context, v people.Visitor, year disclosure.Year, progress func(done, total int)) (*YearCheck, error) {
	var out *YearCheck
	run, failed, err := o.observe(ctx, func() (err error) {
		if out, err = o.CheckYear(ctx, year, progress); err == nil {
			o.runs.checked.Store(max(o.runs.checked.Load(), int64(len(out.Reports))))
		}
		return err
	})
	if failed != nil {
		return nil, failed // a year without reports is no run
	}
	if err != nil {
		return nil, err
	}
	run.Why = fmt.Sprintf("命令行核对%s年度", year)
	run.by(v)
	return out, o.recordRun(ctx, run, v)
}

// Recorded does work that has reports checked in a process that does not keep
// them checked (an import while nothing serves, say), and records the run if
// anything was checked or changed by it. The work's error is returned.
func (o *Office) Recorded(ctx context.Context, v people.Visitor, work func() error) error {
	run, failed, err := o.observe(ctx, work)
	if failed != nil || err != nil || run.idle() {
		if failed != nil {
			return failed
		}
		return err
	}
	if run.Upto, err = o.store.LastSeq(ctx); err != nil { // the work itself is why
		return err
	}
	run.by(v)
	return o.recordRun(ctx, run, v)
}
