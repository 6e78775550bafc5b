package main

import (
	"context"
	"fmt"

	"mingjing/internal/check"
	"mingjing/internal/control"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake"
)

// checkWork runs every rule over the stored reports of a year.
type checkWork struct {
	Year disclosure.Year `help:"核对数据目录中该年度的全部报告。" placeholder:"YEAR"`
	JSON bool            `name:"json" help:"输出JSON数组,一份报告一个对象。"`
	// WantsList says that the client keeps the issue list in a file.
	WantsList bool `kong:"-"`
}

// run prints what was found as check does for files, with units in the place
// of file names; units that filed nothing come last.
func (w *checkWork) run(ctx context.Context, d *desk) (int, error) {
	year, err := d.office.CheckYearRecorded(ctx, d.visitor(), w.Year, func(done, total int) {
		d.progress(control.Progress{Done: done, Total: total, Label: "核对"})
	})
	if err != nil {
		return 0, err
	}
	all := make([]*checked, len(year.Reports))
	for i, r := range year.Reports {
		all[i] = &checked{reading: &intake.Reading{Report: r.Report}, findings: r.Findings}
	}
	for i, u := range year.Silent {
		all = append(all, &checked{silent: true, reading: &intake.Reading{Report: &disclosure.Report{Unit: u.Name,
			Period: disclosure.Period{Year: w.Year}, Form: disclosure.FormFor(disclosure.FamilyNational, w.Year)}},
			findings: []check.Finding{year.Missing[i]}})
	}
	if w.JSON {
		err = writeJSON(d.out, all)
	} else {
		err = writeReadable(d.out, all)
	}
	if w.WantsList {
		if writing := writeIssueList(d.file, all); err == nil {
			err = writing
		}
	}
	return verdict(all), err
}

// title is the line over a report's findings.
func (c *checked) title() string {
	if c.file != "" {
		return c.file
	}
	r := c.reading.Report
	return fmt.Sprintf("%s %s年 %s", r.Unit, r.Year(), r.Form.Title)
}
