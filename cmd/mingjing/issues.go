package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"iter"
	"os"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake/gather"
	"mingjing/internal/issue"
	"mingjing/internal/office"

	"github.com/google/uuid"
)

// issuesCmd keeps the quarterly lists of issues from the command line.
type issuesCmd struct {
	Import issuesImportCmd `cmd:"" help:"导入一份问题清单、监测结果或得分表(xlsx、docx、csv等)。"`
	List   issuesListCmd   `cmd:"" help:"列出一个季度的问题。"`
}

type issuesImportCmd struct {
	dataFlags
	File string `arg:"" help:"清单文件。" type:"existingfile"`
	issuesImportWork
}

type issuesImportWork struct {
	Quarter      string `help:"季度,如 2026Q3。" required:"" placeholder:"QUARTER"`
	Round        string `help:"轮次:区测、整改、区复测、市测、复核、日常监测。" default:"区测" placeholder:"ROUND"`
	Source       string `help:"来源,如测评机构的名称。" placeholder:"NAME"`
	Title        string `help:"清单名称,缺省由季度、轮次和来源组成。" placeholder:"TITLE"`
	List         string `help:"并入已有的清单(编号见 issues list --json)。" placeholder:"ID"`
	Due          string `help:"没有写整改时限的问题的期限,如 2026-10-15 或“2026-10-15 17:00”。" placeholder:"TIME"`
	Accept       bool   `help:"确认系统建议的列对应关系,并记住。"`
	OtherQuarter bool   `name:"other-quarter" help:"文件名或标题写的是别的季度,确属本季度时加此项。"`
	Rescore      bool   `help:"得分表与清单上现有的得分不同时,以文件为准;请先用 --dry-run 核对。"`
	Historic     bool   `help:"历史清单:整改情况写明已完成的,直接记为已销号。"`
	DryRun       bool   `name:"dry-run" help:"只读取,不保存。"`
	JSON         bool   `name:"json" help:"输出JSON。"`
}

func (c *issuesImportCmd) Run(ctx context.Context, s *streams) error {
	files := iter.Seq[gather.File](func(yield func(gather.File) bool) {
		f := gather.File{Name: c.File}
		if f.Data, f.Err = os.ReadFile(c.File); f.Err != nil {
			f.Err = disclosure.Errorf(disclosure.ErrInvalid, "无法读取清单“%s”,请检查文件和权限。", c.File).Because(f.Err)
		}
		yield(f)
	})
	return runOnData(ctx, s, c.dataFlags, "issues import", &c.issuesImportWork, files, nil)
}

func (w *issuesImportWork) run(ctx context.Context, d *desk) (int, error) {
	opts := office.IssueImportOptions{List: w.List, Accept: w.Accept, Historic: w.Historic, OtherQuarter: w.OtherQuarter,
		Form: office.IssueListForm{Round: issue.Round(w.Round), Title: w.Title, Source: w.Source}}
	var err error
	if opts.Form.Quarter, err = issue.ParseQuarter(w.Quarter); err != nil {
		return 0, err
	}
	if w.Due != "" {
		if opts.Form.Due, err = calendar.ParseMoment(w.Due); err != nil {
			return 0, err
		}
	}
	var src office.IssueSource
	for f := range d.files {
		if f.Err != nil {
			return 0, f.Err
		}
		src = office.IssueSource{Name: f.Name, Data: f.Data}
	}
	preview, err := d.office.PreviewIssues(ctx, d.visitor(), src, opts)
	if err != nil {
		return 0, err
	}
	if w.Rescore {
		opts.Remarks = issue.RemarksPrint(preview.Remarks)
	}
	out := &office.IssueImport{IssuePreview: *preview}
	if !preview.Asked && !w.DryRun {
		if out, err = d.office.ImportIssues(ctx, d.visitor(), uuid.NewString(), src, opts); err != nil {
			return 0, err
		}
	}
	if w.JSON {
		err = indented(d.out).Encode(issueImportJSON(out, w.DryRun))
	} else {
		err = w.print(d.out, out)
	}
	if preview.Asked {
		return 1, err
	}
	return 0, err
}

func (w *issuesImportWork) print(out io.Writer, o *office.IssueImport) error {
	for _, h := range o.Mapping.Heads {
		for _, c := range h.Columns {
			if c.Header != "" {
				fmt.Fprintf(out, "  列“%s” → %s\n", c.Header, issue.RoleNames[c.Role])
			}
		}
	}
	if o.Objection != "" {
		fmt.Fprintf(out, "  %s\n", o.Objection)
	}
	if o.Scores != nil {
		for _, p := range o.Scores.Problems {
			fmt.Fprintf(out, "  %s\n", p)
		}
	}
	for _, r := range o.Remarks {
		fmt.Fprintf(out, "  得分表:%s %s 现为%s,文件为%s\n", cmp.Or(r.UnitText, "满分"), cmp.Or(r.Indicator, "总分"), r.Was, cmp.Or(r.Now, "无"))
	}
	for _, p := range o.Problems {
		fmt.Fprintf(out, "  %s\n", p)
	}
	for _, r := range o.Rows {
		for _, p := range r.Problems {
			fmt.Fprintf(out, "  %s:%s\n", r.Place, p)
		}
		if t := r.Twin; t != nil {
			fmt.Fprintf(out, "  %s:与%s%s重复,没有导入。\n", r.Place, t.Number, t.Place)
		}
	}
	for _, d := range o.Differences {
		fmt.Fprintf(out, "  %s\n", d.Message)
	}
	fmt.Fprintf(out, "%s:问题%d条,重复%d条", issue.QuarterName(o.Quarter), o.New, o.Twins)
	if o.Scores != nil {
		fmt.Fprintf(out, ",得分表%d个单位", len(o.Scores.Units))
	}
	tail := "。已导入清单“" + o.List.Title + "”。"
	switch {
	case o.Asked:
		tail = "。有的列含义是系统猜的,没有保存;无误请加 --accept,要改请在网页上导入。"
	case w.DryRun:
		tail = "。这是试运行,没有保存。"
	}
	_, err := fmt.Fprintln(out, tail)
	return err
}

type issuesListCmd struct {
	dataFlags
	issuesListWork
}

type issuesListWork struct {
	Quarter string `help:"季度,如 2026Q3;缺省为全部。" placeholder:"QUARTER"`
	JSON    bool   `name:"json" help:"输出JSON数组。"`
}

func (c *issuesListCmd) Run(ctx context.Context, s *streams) error {
	return runOnData(ctx, s, c.dataFlags, "issues list", &c.issuesListWork, nil, nil)
}

// allIssues is more than any store holds.
const allIssues = 1 << 30

func (w *issuesListWork) run(ctx context.Context, d *desk) (int, error) {
	f := office.IssueFilter{Limit: allIssues}
	if w.Quarter != "" {
		var err error
		if f.Quarter, err = issue.ParseQuarter(w.Quarter); err != nil {
			return 0, err
		}
	}
	rows, err := d.office.Issues(ctx, d.visitor(), f)
	if err != nil {
		return 0, err
	}
	if w.JSON {
		list := make([]issueJSON, len(rows.Rows))
		for i, l := range rows.Rows {
			list[i] = issueOf(l)
		}
		return 0, indented(d.out).Encode(list)
	}
	t := newTableWriter(d.out, "table", []string{"编号", "单位", "类别", "扣分", "状态", "期限", "逾期", "问题明细"})
	for _, l := range rows.Rows {
		deduction, overdue := "", ""
		if l.Deduction.Valid {
			deduction = l.Deduction.Decimal.String()
		}
		if l.Overdue {
			overdue = "逾期"
		}
		if err := t.row([]any{l.Number, l.UnitName, string(l.Category), deduction, issue.StateNames[l.State], l.Due.String(), overdue, l.Facts}); err != nil {
			return 0, err
		}
	}
	if err := t.end(); err != nil {
		return 0, err
	}
	_, err = fmt.Fprintf(d.out, "共%d条,逾期%d条。\n", rows.Total, rows.Overdue)
	return 0, err
}
