package bench

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"mingjing/internal/anomaly"
	"mingjing/internal/check"
	"mingjing/internal/demo"
	"mingjing/internal/disclosure"
)

// growth checks and scans more and more reports, district by district as a
// recheck does: time must grow with the reports, and memory with the units.
func growth(ctx context.Context, until int, prose bool) ([]line, error) {
	what := "不含正文"
	if prose {
		what = "含正文"
	}
	d := demo.Generate(demo.Spec{Units: until / ruledYears, Years: ruledYears})
	var units []disclosure.Unit
	for u := range d.Units() {
		units = append(units, u)
	}
	scans := map[disclosure.Year]*anomaly.Scan{}
	for _, y := range d.Years() {
		scans[y] = anomaly.NewScan(y, units)
	}
	var lines []line
	var part []check.Member
	var rules, scanning time.Duration
	done, next := 0, grownPart
	flush := func() {
		start := time.Now()
		examined(units, part)
		rules += time.Since(start)
		start = time.Now()
		for _, m := range part {
			r := &anomaly.Report{Unit: m.Unit.Number, Year: m.Report.Year(), Scope: m.Report.Scope, Approved: true, Figures: anomaly.FiguresOf(m.Report.Cells)}
			for _, s := range scans {
				s.Add(r)
			}
		}
		scanning += time.Since(start)
		done += len(part)
		part = part[:0]
		if done >= next {
			lines = append(lines, known(fmt.Sprintf("增长,%s:%d份报告", what, done), fmt.Sprintf("规则 %.1f 秒,异常 %.1f 秒;每千份 %s;堆 %d MB",
				rules.Seconds(), scanning.Seconds(), milliseconds((rules+scanning)/time.Duration(max(done/1000, 1))), heapMegabytes())))
			next *= 4
		}
	}
	for f := range d.Reports() {
		u := &units[f.Unit-1]
		if len(part) >= grownPart && rootOf(units, u) != rootOf(units, part[len(part)-1].Unit) {
			if flush(); ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
		}
		if !prose {
			f.Report = withoutProse(f.Report)
		}
		part = append(part, check.Member{Report: f.Report, Unit: u, Filed: f.Filed})
	}
	if next = done; len(part) > 0 {
		flush()
	}
	start, found := time.Now(), 0
	for _, s := range scans {
		found += len(s.Finish())
	}
	return append(lines, known(fmt.Sprintf("与同类单位相比(%d个单位、%d年,异常%d项)", len(units), len(scans), found), milliseconds(time.Since(start)))), nil
}

func heapMegabytes() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc >> 20
}
