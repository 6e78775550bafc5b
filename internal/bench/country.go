package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/store"
)

// The made-up country: every unit has a report of ten years.
const (
	countryYears = 10
	lastYear     = disclosure.Year(2025)
	firstYear    = lastYear - countryYears + 1
)

// sizes are the numbers of units at which the growth is looked at; the last
// makes 40 million figures, and nationUnits ten times as many.
var sizes = []int{60, 600, 6000, 20000}

const nationUnits = 200000

// size is what was measured at a number of units.
type size struct {
	units       int
	figures     uint64
	parts       uint64
	disk        uint64
	filling     time.Duration
	calibration time.Duration
	questions   []*asked
	overview    time.Duration // pages, without answers at hand
	unit        time.Duration
}

// country fills the projections with made-up figures in steps and measures at
// each; at the largest the questions are put to the engine alone too.
func (r *run) country(ctx context.Context) error {
	steps := sizes
	if r.Nation {
		steps = append(steps, nationUnits)
	}
	data := r.data("country")
	list, err := questions(lastYear)
	if err != nil {
		return err
	}
	var measured []*size
	before := 0
	for _, units := range steps {
		fmt.Fprintf(r.notes, "正在生成:%d个单位、%d年\n", units, countryYears)
		s := &size{units: units}
		if err := r.grow(ctx, data, before, s); err != nil {
			return fmt.Errorf("%d units: %w", units, err)
		}
		if err := r.look(ctx, data, s, list); err != nil {
			return fmt.Errorf("%d units: %w", units, err)
		}
		measured, before = append(measured, s), units
		if units == sizes[len(sizes)-1] || units == nationUnits {
			if err := r.large(ctx, data, s, list); err != nil {
				return err
			}
		}
	}
	r.growth(measured, list)
	return nil
}

// grow adds the units, reports, figures and findings beyond those that are
// there.
func (r *run) grow(ctx context.Context, data string, before int, s *size) (err error) {
	st, err := store.Open(ctx, store.Options{DataDir: data, Library: r.Library})
	if err != nil {
		return err
	}
	err = fill(ctx, st, before, s)
	if err = errors.Join(err, st.Close()); err != nil {
		return err
	}
	d, err := openDirect(data, r.Library)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	if err := d.settle(ctx); err != nil {
		return err
	}
	const parts = "SELECT %s FROM system.parts WHERE active AND database = 'mingjing'"
	if s.parts, err = d.number(ctx, fmt.Sprintf(parts, "count()")+" AND table = 'figures_approved'"); err != nil {
		return err
	}
	if s.disk, err = d.number(ctx, fmt.Sprintf(parts, "sum(bytes_on_disk)")); err != nil {
		return err
	}
	s.figures, err = d.number(ctx, "SELECT count() FROM figures_approved")
	return err
}

func fill(ctx context.Context, st *store.Store, before int, s *size) error {
	if err := makeUnits(ctx, st, before, s.units); err != nil {
		return err
	}
	if err := makeChecks(ctx, st, before, s.units); err != nil {
		return err
	}
	start := time.Now()
	_, _, err := st.FillProjections(ctx, store.BenchSpec{Form: disclosure.FormFor(disclosure.FamilyNational, lastYear),
		FirstUnit: disclosure.UnitNumber(before + 1), Units: s.units - before, FirstYear: firstYear, Years: countryYears}, nil)
	s.filling += time.Since(start)
	return err
}

// look measures questions and pages at one size.
func (r *run) look(ctx context.Context, data string, s *size, list []question) (err error) {
	st, err := store.Open(ctx, store.Options{DataDir: data, Library: r.Library})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if s.calibration, err = calibrate(ctx, st); err != nil {
		return err
	}
	for _, q := range list {
		times, err := timed(func() error { _, err := q.store(ctx, st); return err })
		if err != nil {
			return err
		}
		s.questions = append(s.questions, &asked{question: q, through: times})
	}
	if s.overview, _, err = pageTimes(st, "/"); err != nil {
		return err
	}
	s.unit, _, err = pageTimes(st, fmt.Sprintf("/units/%d", s.units/2))
	return err
}

// large prints what issue 2 asks at 40 million figures.
func (r *run) large(ctx context.Context, data string, s *size, list []question) error {
	all, calibration, err := r.against(ctx, data, list)
	if err != nil {
		return err
	}
	lines := []line{known("生成(INSERT SELECT,数字与报告两张表)", fmt.Sprintf("%.0f 秒", s.filling.Seconds()))}
	for _, a := range all {
		lines = append(lines, a.ratioLine(questionAim))
	}
	lines = append(lines, below("单位页,冷", countryPageAim, s.unit), known("总览页,冷", milliseconds(s.overview)), known("本进程内存", memory("self")))
	r.table.lines(fmt.Sprintf("%s个数字(%d个单位、%d年;figures_approved共%d个分片,全部表%s)",
		inTenThousands(s.figures), s.units, countryYears, s.parts, megabytes(s.disk)), calibration, lines)
	return nil
}

// growth prints the times of all sizes side by side. Linear growth would be as
// steep as the units'.
func (r *run) growth(measured []*size, list []question) {
	r.table.printf("\n随单位数增长(%d年;经数据层,不含引擎直接)\n", countryYears)
	rows := [][]string{{"项目"}}
	add := func(what string, value func(*size) string) {
		row := []string{what}
		for _, s := range measured {
			row = append(row, value(s))
		}
		rows = append(rows, row)
	}
	for _, s := range measured {
		rows[0] = append(rows[0], fmt.Sprintf("%d个单位", s.units))
	}
	add("数字", func(s *size) string { return inTenThousands(s.figures) })
	add("分片", func(s *size) string { return fmt.Sprint(s.parts) })
	add("校准查询", func(s *size) string { return milliseconds(s.calibration) })
	for i, q := range list {
		add(q.what, func(s *size) string { return milliseconds(median(s.questions[i].through)) })
	}
	add("总览页,冷", func(s *size) string { return milliseconds(s.overview) })
	add("单位页,冷", func(s *size) string { return milliseconds(s.unit) })
	r.table.grid(rows)
}

// inTenThousands writes a count the way people here say it.
func inTenThousands(n uint64) string {
	if n < 1_000_000 {
		return fmt.Sprintf("%.1f万", float64(n)/1e4)
	}
	return fmt.Sprintf("%.0f万", math.Round(float64(n)/1e4))
}
