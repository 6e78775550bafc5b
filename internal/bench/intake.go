package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"mingjing/internal/check"
	"mingjing/internal/demo"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake"
	"mingjing/internal/intake/gather"
	"mingjing/internal/office"
	"mingjing/internal/store"
)

// The amounts that reading, checking and importing are measured on: 500 units
// over 6 years are about 3,000 reports.
const (
	intakeUnits = 500
	intakeYears = 6
	checkReport = 3000
	htmlFiles   = 300
)

// The aims of issue 2 for reading, checking and importing.
const (
	importAim = 500 // reports a second
	htmlAim   = 50  // files a second and core
	checkAim  = time.Second
)

func demoReports(n int) []*disclosure.Report {
	var out []*disclosure.Report
	for f := range demo.Generate(demo.Spec{Units: intakeUnits, Years: intakeYears + 1}).Reports() {
		if out = append(out, f.Report); len(out) == n {
			break
		}
	}
	return out
}

// reading measures what needs no store: reading HTML, and the checks.
func (r *run) reading(ctx context.Context) error {
	reports := demoReports(checkReport)
	start := time.Now()
	findings := 0
	for i, report := range reports {
		var last *disclosure.Report
		if i > 0 && reports[i-1].Unit == report.Unit && reports[i-1].Year() == report.Year()-1 {
			last = reports[i-1]
		}
		findings += len(check.Report(report, last))
	}
	lines := []line{below(fmt.Sprintf("核对%d份报告的全部勾稽关系(发现%d项)", len(reports), findings), checkAim, time.Since(start))}

	pages, err := htmlOf(reports[:htmlFiles])
	if err != nil {
		return err
	}
	start, used := time.Now(), processorTime()
	for _, f := range pages {
		result, err := intake.Read(ctx, f.Name, f.Data, intake.Options{})
		if err != nil || len(result.Readings) != 1 {
			return fmt.Errorf("%s: %d reports read: %w", f.Name, len(result.Readings), err)
		}
	}
	took, used := time.Since(start), processorTime()-used
	if used == 0 {
		used = took
	}
	lines = append(lines, atLeast(fmt.Sprintf("读取HTML(%d个文件,用时%s)", len(pages), milliseconds(took)), htmlAim, float64(len(pages))/used.Seconds(), "个/秒·核"))
	r.table.lines("读取与核对", 0, lines)
	return nil
}

func htmlOf(reports []*disclosure.Report) ([]gather.File, error) {
	var files []gather.File
	for i, report := range reports {
		var page bytes.Buffer
		if err := demo.WriteHTML(&page, report); err != nil {
			return nil, err
		}
		files = append(files, gather.File{Name: fmt.Sprintf("%04d.html", i), Data: page.Bytes()})
	}
	return files, nil
}

// csvOf writes reports as long tables, one file a year: a table of more than
// 200,000 rows is refused.
func csvOf(reports []*disclosure.Report) ([]gather.File, error) {
	byYear := map[disclosure.Year][]*disclosure.Report{}
	for _, report := range reports {
		byYear[report.Year()] = append(byYear[report.Year()], report)
	}
	var files []gather.File
	for _, year := range slices.Sorted(maps.Keys(byYear)) {
		var long bytes.Buffer
		if err := demo.WriteCSV(&long, slices.Values(byYear[year])); err != nil {
			return nil, err
		}
		files = append(files, gather.File{Name: fmt.Sprintf("%d.csv", year), Data: long.Bytes()})
	}
	return files, nil
}

// importing measures import end to end: read in a child process, compared,
// stored with fsync, checked.
func (r *run) importing(ctx context.Context) (err error) {
	reports := demoReports(checkReport)
	sheets, err := csvOf(reports)
	if err != nil {
		return err
	}
	pages, err := htmlOf(reports[:htmlFiles])
	if err != nil {
		return err
	}
	st, err := store.Open(ctx, store.Options{DataDir: r.data("import"), Library: r.Library})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	readers, err := intake.NewClient()
	if err != nil {
		return err
	}
	defer readers.Close()
	calibration, err := calibrate(ctx, st)
	if err != nil {
		return err
	}
	o := office.New(st, readers, nil)
	used := processorTime()
	n, took, err := importAll(ctx, o, slices.Values(sheets), office.OutcomeImported)
	if err != nil {
		return err
	}
	used = processorTime() - used
	lines := []line{atLeast(fmt.Sprintf("导入长表CSV(%d份报告,一年一个文件,含核对;本进程占处理器%.1f秒)", n, used.Seconds()), importAim, float64(n)/took.Seconds(), "份/秒")}
	n, took, err = importAll(ctx, o, slices.Values(sheets), office.OutcomeUnchanged)
	if err != nil {
		return err
	}
	lines = append(lines, known(fmt.Sprintf("再次导入(%d份均无变化)", n), fmt.Sprintf("%.0f 份/秒", float64(n)/took.Seconds())))
	n, took, err = importAll(ctx, o, slices.Values(pages), "")
	if err != nil {
		return err
	}
	lines = append(lines, known(fmt.Sprintf("导入HTML(%d个文件,子进程读取,与已有数据比对)", n), fmt.Sprintf("%.0f 个/秒", float64(n)/took.Seconds())),
		known("本进程内存", memory("self")))
	r.table.lines("导入", calibration, lines)
	return nil
}

// importAll imports files and returns how many reports came in. Every report
// must end as wanted, "" for anything but a failure.
func importAll(ctx context.Context, o *office.Office, files iter.Seq[gather.File], wanted office.FileStatus) (reports int, took time.Duration, err error) {
	var bad error
	start := time.Now()
	err = o.Import(ctx, files, office.ImportOptions{Actor: store.Actor{Name: "bench", Address: "cli"}}, func(f office.FileOutcome) {
		reports += len(f.Reports)
		if f.Status == office.OutcomeFailed || len(f.Reports) == 0 {
			bad = fmt.Errorf("%s: %s %s", f.File, f.Status, f.Message)
		}
		for _, report := range f.Reports {
			if report.Status == office.OutcomeFailed || wanted != "" && report.Status != wanted {
				bad = fmt.Errorf("%s %s %d: %s %s", f.File, report.Unit, report.Year, report.Status, report.Message)
			}
		}
	})
	return reports, time.Since(start), errors.Join(err, bad)
}
