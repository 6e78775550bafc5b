package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mingjing/internal/store"
)

// ratioAim is how much longer than the engine alone the store may take.
const ratioAim = 1.3

// rounds is how often store and engine take turns on a data folder: one
// process runs one engine, so each must close it for the other.
const rounds = 3

// asked is what a question took.
type asked struct {
	question
	through, alone []time.Duration
	answer         string // the store's rows, to compare with the engine's
}

func (a *asked) ratio() float64 {
	return float64(median(a.through)) / float64(median(a.alone))
}

// ratioLine puts both times and their ratio into the table; aim is the time
// that the store is wished to take, 0 for none.
func (a *asked) ratioLine(aim time.Duration) line {
	wanted, within := fmt.Sprintf("<= %.1f倍", ratioAim), a.ratio() <= ratioAim
	if aim > 0 {
		wanted, within = wanted+",< "+milliseconds(aim), within && median(a.through) < aim
	}
	return line{what: a.what, aim: wanted, ratio: fmt.Sprintf("%.2f", a.ratio()), verdict: verdict(within),
		measured: fmt.Sprintf("%s(引擎直接 %s)", milliseconds(median(a.through)), milliseconds(median(a.alone)))}
}

// against measures questions through the store and on the engine alone, turn
// by turn on the same folder. An answer that differs is an error: then it was
// not the same question.
func (r *run) against(ctx context.Context, folder string, questions []question) (all []*asked, calibration time.Duration, err error) {
	for _, q := range questions {
		all = append(all, &asked{question: q})
	}
	for range rounds {
		if calibration, err = r.askStore(ctx, folder, all); err != nil {
			return nil, 0, err
		}
		if err := r.askEngine(ctx, folder, all); err != nil {
			return nil, 0, err
		}
	}
	return all, calibration, nil
}

func (r *run) askStore(ctx context.Context, folder string, all []*asked) (calibration time.Duration, err error) {
	st, err := store.Open(ctx, store.Options{DataDir: folder, Library: r.Library})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	for _, a := range all {
		var rows any
		times, err := timed(func() (err error) { rows, err = a.store(ctx, st); return err })
		if err != nil {
			return 0, fmt.Errorf("%s: %w", a.name, err)
		}
		a.through = append(a.through, times...)
		a.answer = fmt.Sprint(rows)
	}
	return calibrate(ctx, st)
}

func (r *run) askEngine(ctx context.Context, folder string, all []*asked) (err error) {
	d, err := openDirect(folder, r.Library)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	for _, a := range all {
		text, err := statement("queries", a.name)
		if err != nil {
			return err
		}
		var rows any
		times, err := timed(func() (err error) { rows, err = a.direct(ctx, d, text); return err })
		if err != nil {
			return fmt.Errorf("%s on the engine: %w", a.name, err)
		}
		a.alone = append(a.alone, times...)
		if answer := fmt.Sprint(rows); answer != a.answer {
			return fmt.Errorf("%s: the engine answers %.200q, the store %.200q", a.name, answer, a.answer)
		}
	}
	return nil
}
