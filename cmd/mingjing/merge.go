package main

import (
	"context"
	"fmt"
)

type mergeCmd = onData[mergeWork, *mergeWork]

type mergeWork struct {
	From string `arg:"" help:"待确认的单位:名称,或“#编号”。"`
	Into string `arg:"" help:"它实际上是哪个单位:名称、代码,或“#编号”。"`
}

func (w *mergeWork) run(ctx context.Context, d *desk) (int, error) {
	from, err := d.office.UnitNamed(ctx, w.From)
	if err != nil {
		return 0, err
	}
	into, err := d.office.UnitNamed(ctx, w.Into)
	if err != nil {
		return 0, err
	}
	if err := d.office.MergeUnit(ctx, from.Number, into.Number, d.actor); err != nil {
		return 0, err
	}
	_, err = fmt.Fprintf(d.out, "“%s”已并入“%s”,今后按此名称识别。\n", from.Name, into.Name)
	return 0, err
}
