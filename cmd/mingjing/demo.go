package main

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"mingjing/internal/control"
	"mingjing/internal/demo"
	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

type demoCmd struct {
	dataFlags
	demoWork
}

type demoWork struct {
	Units   int    `help:"单位数;超过120时分成多个区。" default:"60"`
	Years   int    `help:"年数,到2025年为止。" default:"6"`
	Seed    uint64 `help:"随机种子,相同的种子生成相同的数据。" default:"0"`
	Answers bool   `help:"只打印埋入的差错清单(JSON),不写数据。"`
}

func (c *demoCmd) Run(ctx context.Context, s *streams) error {
	if c.Answers {
		enc := json.NewEncoder(s.out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(c.district().Answers())
	}
	return runOnData(ctx, s, c.dataFlags, "demo", &c.demoWork, nil, nil)
}

func (w *demoWork) district() *demo.District {
	return demo.Generate(demo.Spec{Units: w.Units, Years: w.Years, Seed: w.Seed})
}

// demoBatch is how many acts are appended together.
const demoBatch = 400

// run files the fictional district into an empty store: units, national
// reports, annexes. Reports handed in after the deadline of the last year
// still wait for approval, so that the provisional view has something to show.
func (w *demoWork) run(ctx context.Context, d *desk) (int, error) {
	units, err := d.store.Units(ctx)
	if err != nil {
		return 0, err
	}
	if len(units) > 0 {
		return 0, disclosure.Errorf(disclosure.ErrConflict, "数据目录里已有%d个单位,演示数据只能放进空的数据目录;请用 --data 另指一个目录。", len(units))
	}
	district := w.district()
	loader := &demoLoader{store: d.store, actor: d.actor, last: district.Years()[len(district.Years())-1], standing: map[disclosure.UnitNumber]demo.Standing{},
		progress: func(n int) { d.progress(control.Progress{Done: n, Label: "演示数据"}) }}
	if err := loader.units(ctx, district); err != nil {
		return 0, err
	}
	for _, filings := range []iter.Seq[demo.Filing]{district.Reports(), district.Annexes()} {
		if err := loader.reports(ctx, filings); err != nil {
			return 0, err
		}
	}
	filed, err := d.store.Units(ctx)
	if err != nil {
		return 0, err
	}
	if err := createDemoPeople(ctx, d.office, filed, loader.last, loader.standing, people.Machine(d.actor.Name, d.actor.Address)); err != nil {
		return 0, err
	}
	issues, err := loader.issues(ctx, district, filed, time.Now())
	if err != nil {
		return 0, err
	}
	checked, err := d.office.Recheck(ctx, func(done, total int) {
		d.progress(control.Progress{Done: done, Total: total, Label: "核对"})
	})
	if err != nil {
		return 0, err
	}
	_, err = fmt.Fprintf(d.out, "已生成演示数据:%s(虚构),%d个单位,%d份报告,核对%d份,问题清单%d条。\n", district.Name, loader.count, loader.filed, checked, issues)
	return 0, err
}

// demoLoader appends demonstration data in batches.
type demoLoader struct {
	store    *store.Store
	actor    store.Actor
	last     disclosure.Year
	acts     []store.Act
	count    int
	filed    int
	progress func(int)
	// standing is how far each unit's national report of the last year is.
	standing map[disclosure.UnitNumber]demo.Standing
}

func (l *demoLoader) add(ctx context.Context, e store.Entry) error {
	l.acts = append(l.acts, store.Act{ID: uuid.NewString(), Actor: l.actor, Entries: []store.Entry{e}})
	if len(l.acts) < demoBatch {
		return nil
	}
	return l.flush(ctx)
}

func (l *demoLoader) flush(ctx context.Context) error {
	if len(l.acts) == 0 {
		return nil
	}
	_, err := l.store.Append(ctx, l.acts...)
	l.acts = nil
	l.progress(l.filed)
	return err
}

// units numbers the units as the store gives numbers out: 1, 2, 3 in an empty
// one, which are the district's own.
func (l *demoLoader) units(ctx context.Context, district *demo.District) error {
	for u := range district.Units() {
		n, err := l.store.NextUnitNumber()
		if err != nil {
			return err
		}
		if n != u.Number {
			return disclosure.Errorf(disclosure.ErrConflict, "数据目录不是空的,演示数据只能放进空的数据目录。")
		}
		l.count++
		if err := l.add(ctx, store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(n), Verb: store.VerbCreate, State: u}); err != nil {
			return err
		}
	}
	return l.flush(ctx)
}

func (l *demoLoader) reports(ctx context.Context, filings iter.Seq[demo.Filing]) error {
	for f := range filings {
		r := f.Report
		key := store.ReportKey{Unit: f.Unit, Period: r.Period, Family: r.Form.Family, Scope: r.Scope}
		state := store.ReportState{Key: key, Revision: 1, Status: store.StatusApproved, FormID: r.Form.ID, Title: r.Title,
			Cells: r.Cells, Prose: r.Prose, HasProse: r.HasProse, UnitText: r.Unit}
		verb := store.VerbApprove
		if r.Year() == l.last && late(f) {
			state.Status, verb = store.StatusSubmitted, store.VerbSubmit
		}
		if r.Year() == l.last && r.Form.Family == disclosure.FamilyNational {
			if l.standing[f.Unit] = demo.Approved; late(f) {
				l.standing[f.Unit] = demo.Waiting
			}
		}
		l.filed++
		if err := l.add(ctx, store.Entry{Kind: store.KindReport, ID: key.EntityID(), Verb: verb, State: state}); err != nil {
			return err
		}
	}
	return l.flush(ctx)
}

// late says whether a report came after 31 January (Regulations, Art. 49).
func late(f demo.Filing) bool {
	deadline := time.Date(int(f.Report.Year())+1, time.February, 1, 0, 0, 0, 0, f.Filed.Location())
	return !f.Filed.Before(deadline)
}
