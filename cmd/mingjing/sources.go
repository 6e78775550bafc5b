package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"mingjing/internal/control"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake/gather"
	"mingjing/internal/office"
)

// sourcesCmd keeps what others count: reports are held against it (SRC-R1).
type sourcesCmd struct {
	Import sourcesImportCmd `cmd:"" help:"导入一份台账(xlsx等):有单位一列,和数字列或办理结果列。"`
	List   sourcesListCmd   `cmd:"" help:"列出已导入的台账。"`
	Drop   sourcesDropCmd   `cmd:"" help:"撤下一份台账。"`
}

type sourcesImportCmd struct {
	dataFlags
	File string `arg:"" help:"台账文件。" type:"existingfile"`
	sourcesImportWork
}

type sourcesImportWork struct {
	Name   string          `help:"台账的名称,写进问题说明,如:司法局规范性文件台账。" required:"" placeholder:"NAME"`
	Year   disclosure.Year `help:"台账的年度;文件有“年度”列时只读该年度的行。" required:"" placeholder:"YEAR"`
	Kind   string          `help:"台账类别:规范性文件、规章、复议、诉讼、复议后诉讼、收费、许可处罚、申请。" placeholder:"KIND"`
	Map    []string        `help:"说明列的含义,如 制发数=T2_NORM_ISSUED(代码见 mingjing rules names);不读的列写“不读取”;结果列中的文字写 结果=撤回=T4_REV_OTHER。可写多次。" sep:"none" placeholder:"HEAD=CODE"`
	Accept bool            `help:"确认系统建议的列对应关系,并记住。"`
	DryRun bool            `name:"dry-run" help:"只读取,不保存。"`
	JSON   bool            `name:"json" help:"输出JSON。"`
}

func (c *sourcesImportCmd) Run(ctx context.Context, s *streams) error {
	files := iter.Seq[gather.File](func(yield func(gather.File) bool) {
		f := gather.File{Name: c.File}
		if f.Data, f.Err = os.ReadFile(c.File); f.Err != nil {
			f.Err = disclosure.Errorf(disclosure.ErrInvalid, "无法读取台账“%s”,请检查文件和权限。", c.File).Because(f.Err)
		}
		yield(f)
	})
	return runOnData(ctx, s, c.dataFlags, "sources import", &c.sourcesImportWork, files, nil)
}

func (w *sourcesImportWork) run(ctx context.Context, d *desk) (int, error) {
	opts := office.SourceOptions{Name: w.Name, Year: w.Year, Kind: w.Kind, Accept: w.Accept, DryRun: w.DryRun, Words: map[string]string{}}
	for _, m := range w.Map {
		i := strings.LastIndexByte(m, '=')
		if i <= 0 {
			return 0, disclosure.Errorf(disclosure.ErrInvalid, "“%s”不对,请写成 列名=代码。", m)
		}
		opts.Words[m[:i]] = m[i+1:]
	}
	var file gather.File
	for f := range d.files {
		file = f
	}
	out, err := d.office.ImportSource(ctx, d.visitor(), file, opts)
	if err != nil {
		return 0, err
	}
	if w.JSON {
		err = indented(d.out).Encode(out)
	} else {
		err = w.print(d.out, out)
	}
	if err != nil || out.Asked {
		return 1, err
	}
	if w.DryRun {
		return 0, nil
	}
	n, err := d.office.Recheck(ctx, func(done, total int) { d.progress(control.Progress{Done: done, Total: total, Label: "核对"}) })
	if err == nil && !w.JSON {
		_, err = fmt.Fprintf(d.out, "已保存,重新核对了%d份报告。\n", n)
	}
	return 0, err
}

func (w *sourcesImportWork) print(out io.Writer, o *office.SourceImport) error {
	for _, c := range o.Columns.Columns {
		if c.Head != "" {
			fmt.Fprintf(out, "  列“%s” → %s\n", c.Head, c)
		}
	}
	for _, p := range o.Problems {
		fmt.Fprintf(out, "  %s\n", p)
	}
	for _, text := range o.Unsaid {
		fmt.Fprintf(out, "  结果“%s”请用 --map 结果=%s=代码 说明,不计的写“不读取”。\n", text, text)
	}
	if len(o.Unknown) > 0 {
		fmt.Fprintf(out, "  单位名单中没有:%s。请在名单中加别名,否则不参加核对。\n", strings.Join(o.Unknown, "、"))
	}
	fmt.Fprintf(out, "%s年“%s”:%d个单位,%d个数字", w.Year, w.Name, o.Units, o.Figures)
	if o.Skipped > 0 {
		fmt.Fprintf(out, ",其他年度%d行未读", o.Skipped)
	}
	switch {
	case o.Asked:
		_, err := fmt.Fprintln(out, "。列和结果的含义还没有确认,没有保存;无误请加 --accept,要改请用 --map。")
		return err
	case w.DryRun:
		_, err := fmt.Fprintln(out, "。这是试运行,没有保存。")
		return err
	}
	_, err := fmt.Fprintln(out, "。")
	return err
}

type sourcesListCmd = onData[sourcesListWork, *sourcesListWork]

type sourcesListWork struct{}

func (w *sourcesListWork) run(ctx context.Context, d *desk) (int, error) {
	lines, err := d.office.Sources(ctx, d.visitor())
	if err != nil {
		return 0, err
	}
	t := newTableWriter(d.out, "table", []string{"年度", "台账", "数字", "文件", "导入时间", "导入人"})
	for _, l := range lines {
		if err := t.row([]any{l.Year.String(), l.Name, fmt.Sprint(len(l.Entries)), l.File.Name, l.Time.In(china).Format("2006-01-02 15:04"), l.Actor.Name}); err != nil {
			return 0, err
		}
	}
	return 0, t.end()
}

type sourcesDropCmd = onData[sourcesDropWork, *sourcesDropWork]

type sourcesDropWork struct {
	Name string          `arg:"" help:"台账的名称。"`
	Year disclosure.Year `help:"台账的年度。" required:"" placeholder:"YEAR"`
}

func (w *sourcesDropWork) run(ctx context.Context, d *desk) (int, error) {
	if err := d.office.DropSource(ctx, d.visitor(), w.Year, w.Name); err != nil {
		return 0, err
	}
	return 0, recheckAfterRules(ctx, d)
}
