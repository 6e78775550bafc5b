package main

import (
	"context"
	"fmt"
)

type rebuildCmd struct{ dataFlags }

type rebuildWork struct{}

func (c *rebuildCmd) Run(ctx context.Context, s *streams) error {
	return runOnData(ctx, s, c.dataFlags, "rebuild", &rebuildWork{}, nil, nil)
}

// run exits with 1 when the projections had differed from the log: they are
// right now, but somebody should know.
func (w *rebuildWork) run(ctx context.Context, d *desk) (int, error) {
	differences, err := d.store.Rebuild(ctx)
	if err != nil {
		return 0, err
	}
	checked, err := d.office.Recheck(ctx, nil)
	if err != nil {
		return 0, err
	}
	if len(differences) == 0 {
		_, err = fmt.Fprintf(d.out, "统计表已由日志重建,与原有的一致;重新核对了%d份报告。\n", checked)
		return 0, err
	}
	for _, t := range differences {
		fmt.Fprintf(d.out, "%s:原表少%d行、多%d行,已改正。\n", t.Table, t.Missing, t.Surplus)
	}
	return 1, nil
}
