package main

import (
	"context"
	"errors"
	"fmt"

	"mingjing/internal/disclosure"
	"mingjing/internal/store"
)

// sqlCmd is for people who want to look: one SELECT, read-only, within limits.
type sqlCmd = onData[sqlWork, *sqlWork]

type sqlWork struct {
	Query   string `arg:"" help:"一条SELECT语句,如 'SELECT code, sum(value) FROM approved_figures WHERE year = 2024 GROUP BY code';用 'SHOW TABLES' 看有哪些表。"`
	Rows    int    `help:"最多返回的行数。" default:"10000"`
	Seconds int    `help:"最长执行秒数。" default:"30"`
	Format  string `help:"输出格式:table、csv或json。" enum:"table,csv,json" default:"table"`
}

func (w *sqlWork) run(ctx context.Context, d *desk) (int, error) {
	result, err := d.store.Query(ctx, w.Query, store.QueryLimits{Rows: w.Rows, Seconds: w.Seconds})
	if err != nil {
		return 0, withCause(err)
	}
	defer result.Close()
	t := newTableWriter(d.out, w.Format, result.Columns)
	for {
		values, ok, err := result.Next()
		if err != nil {
			return 0, withCause(err)
		}
		if !ok {
			break
		}
		if err := t.row(values); err != nil {
			return 0, err
		}
	}
	if err := t.end(); err != nil {
		return 0, err
	}
	if w.Format == "table" {
		fmt.Fprintf(d.out, "共%d行\n", t.rows)
	}
	return 0, nil
}

// withCause shows the one who wrote a query what the engine says of it.
func withCause(err error) error {
	var e *disclosure.Error
	if errors.As(err, &e) && e.Code == disclosure.ErrInvalid && e.Cause != nil {
		return disclosure.Errorf(e.Code, "%s\n%v", e.Message, e.Cause)
	}
	return err
}
