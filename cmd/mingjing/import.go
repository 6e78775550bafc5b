package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"mingjing/internal/control"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake/gather"
	"mingjing/internal/intake/interpret"
	"mingjing/internal/office"
)

type importCmd struct {
	dataFlags
	Paths []string `arg:"" optional:"" help:"报告文件、文件夹、压缩包或通配符。" type:"path"`
	Units string   `help:"单位名单(xlsx或csv),先于报告导入。" type:"existingfile" placeholder:"FILE"`
	// A wide table's proposal goes out as a file, is edited, and comes back.
	SaveMappings string `name:"save-mappings" help:"把系统建议的宽表列对应关系写入此文件,改好后用 --mappings 读回。" type:"path" placeholder:"FILE"`
	MappingFile  string `name:"mappings" help:"按此文件中的列对应关系读取宽表,并记住。" type:"existingfile" placeholder:"FILE"`
	importWork
}

type importWork struct {
	Replace        bool             `help:"与已入库报告数字不同时,以本次文件为准,追加一个修订版。"`
	DryRun         bool             `name:"dry-run" help:"只读取和比对,不写入。"`
	AcceptMappings bool             `name:"accept-mappings" help:"确认系统建议的宽表列对应关系,并记住。"`
	Unit           string           `help:"文件中没有写明单位时,指定单位。" placeholder:"NAME"`
	Year           disclosure.Year  `help:"文件中没有写明年度时,指定年度。" placeholder:"YEAR"`
	Scope          disclosure.Scope `help:"文件中没有写明口径时,指定口径:本机关、本级汇总或全域。" placeholder:"SCOPE"`
	JSON           bool             `help:"输出JSON。"`
	// Total is how many files the client has counted.
	Total int `kong:"-"`
	// Mappings are those of --mappings.
	Mappings []interpret.Mapping `kong:"-"`
	// WantsProposals says that the client keeps the proposals in a file.
	WantsProposals bool `kong:"-"`
	// HasUnits says that the first file is the unit list.
	HasUnits bool `kong:"-"`
}

func (c *importCmd) Run(ctx context.Context, s *streams) error {
	if len(c.Paths) == 0 && c.Units == "" {
		return disclosure.Errorf(disclosure.ErrInvalid, "请写明要导入的文件或文件夹,或用 --units 指定单位名单。")
	}
	if _, err := disclosure.ParseScope(string(c.Scope)); err != nil {
		return err
	}
	c.HasUnits, c.Total = c.Units != "", gather.Count(c.Paths)
	if err := c.readMappings(); err != nil {
		return err
	}
	var proposals bytes.Buffer
	err := runOnData(ctx, s, c.dataFlags, "import", &c.importWork, c.files(), &proposals)
	if proposals.Len() > 0 {
		if writing := os.WriteFile(c.SaveMappings, proposals.Bytes(), 0o644); writing != nil {
			return disclosure.Errorf(disclosure.ErrUnavailable, "无法写入“%s”,请检查目录和权限。", c.SaveMappings).Because(writing)
		}
		fmt.Fprintf(s.out, "列对应关系的建议已写入 %s,改好后用 --mappings 读回。\n", c.SaveMappings)
	}
	return err
}

func (c *importCmd) readMappings() error {
	c.WantsProposals = c.SaveMappings != ""
	if c.MappingFile == "" {
		return nil
	}
	data, err := os.ReadFile(c.MappingFile)
	if err != nil {
		return disclosure.Errorf(disclosure.ErrInvalid, "无法读取“%s”,请检查文件和权限。", c.MappingFile).Because(err)
	}
	c.Mappings, err = interpret.ParseMappings(data, nil)
	return err
}

// files yields the unit list first, and then the reports.
func (c *importCmd) files() iter.Seq[gather.File] {
	return func(yield func(gather.File) bool) {
		if c.Units != "" {
			f := gather.File{Name: c.Units}
			if f.Data, f.Err = os.ReadFile(c.Units); f.Err != nil {
				f.Err = disclosure.Errorf(disclosure.ErrInvalid, "无法读取单位名单“%s”,请检查文件和权限。", c.Units).Because(f.Err)
			}
			if !yield(f) {
				return
			}
		}
		gather.Walk(c.Paths)(yield)
	}
}

// importSummary is what --json prints.
type importSummary struct {
	Units *office.UnitListOutcome `json:"units,omitempty"`
	Files []office.FileOutcome    `json:"files"`
	// Count is how many files ended in each way.
	Count map[office.FileStatus]int `json:"count"`
}

func (w *importWork) run(ctx context.Context, d *desk) (int, error) {
	next, stop := iter.Pull(d.files)
	defer stop()
	sum := importSummary{Files: []office.FileOutcome{}, Count: map[office.FileStatus]int{}}
	if w.HasUnits {
		f, _ := next()
		units, err := d.office.ImportUnitList(ctx, f, d.actor, w.DryRun)
		if err != nil {
			return 0, err
		}
		sum.Units = &units
	}
	rest := func(yield func(gather.File) bool) {
		for f, ok := next(); ok && yield(f); f, ok = next() {
		}
	}
	err := d.office.Import(ctx, rest, office.ImportOptions{Replace: w.Replace, DryRun: w.DryRun, AcceptMappings: w.AcceptMappings,
		Unit: w.Unit, Year: w.Year, Scope: w.Scope, Mappings: w.Mappings, Actor: d.actor}, func(f office.FileOutcome) {
		sum.Files = append(sum.Files, f)
		sum.Count[f.Status]++
		d.progress(control.Progress{Done: len(sum.Files), Total: w.Total, Label: "导入"})
	})
	if w.WantsProposals {
		if writing := sum.writeProposals(d.file); err == nil {
			err = writing
		}
	}
	// What came in before a break stands, so it is told too.
	if printed := sum.tell(d.out, w); err == nil {
		err = printed
	}
	if sum.Count[office.OutcomeFailed]+sum.Count[office.OutcomeConflict]+sum.Count[office.OutcomeMapping] > 0 {
		return 1, err
	}
	return 0, err
}

// writeProposals writes what was proposed for wide tables as ParseMappings
// reads it; nothing when nothing was.
func (s *importSummary) writeProposals(w io.Writer) error {
	var proposals []interpret.Mapping
	for _, f := range s.Files {
		if f.Mapping != nil {
			proposals = append(proposals, *f.Mapping)
		}
	}
	if proposals == nil {
		return nil
	}
	data, err := json.MarshalIndent(proposals, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(data, '\n'))
	return err
}

func (s *importSummary) tell(out io.Writer, w *importWork) error {
	if !w.JSON {
		return s.print(out, w.DryRun)
	}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(s)
}

// outcomeWords are the outcomes as people read them, in the summary's order.
var outcomeWords = []struct {
	status office.FileStatus
	word   string
}{{office.OutcomeImported, "已导入"}, {office.OutcomeReplaced, "已替换"}, {office.OutcomeSource, "数字相同,记为又一来源"}, {office.OutcomeUnchanged, "已在库中,无变化"},
	{office.OutcomeConflict, "与库中数字不同,未导入"}, {office.OutcomeMapping, "需确认列对应关系,未导入"}, {office.OutcomeFailed, "未能导入"}}

func (s *importSummary) print(w io.Writer, dry bool) error {
	word := map[office.FileStatus]string{}
	for _, o := range outcomeWords {
		word[o.status] = o.word
		if dry {
			word[o.status] = strings.Replace(o.word, "已导入", "将导入", 1)
			word[o.status] = strings.Replace(word[o.status], "已替换", "将替换", 1)
		}
	}
	if u := s.Units; u != nil {
		fmt.Fprintf(w, "单位名单:新增%d个,更改%d个,无变化%d个,并入%d个待确认单位。\n", u.Created, u.Changed, u.Unchanged, u.Merged)
		for _, p := range u.Problems {
			fmt.Fprintf(w, "  %s\n", p)
		}
	}
	for _, f := range s.Files {
		fmt.Fprintf(w, "%s:%s", f.File, word[f.Status])
		if f.Message != "" {
			fmt.Fprintf(w, "。%s", f.Message)
		}
		fmt.Fprintln(w)
		for _, m := range columnsOf(f) {
			fmt.Fprintf(w, "  列“%s” → %s", m.Header, m.Meaning())
			if m.Why != "" {
				fmt.Fprintf(w, "(%s)", m.Why)
			}
			fmt.Fprintln(w)
		}
		if f.Mapping != nil {
			fmt.Fprintln(w, "  这样对应无误,请加 --accept-mappings 再导入一次;要修改,请用 --save-mappings 文件 写出,改好后用 --mappings 文件 读回。")
		}
		s.printReports(w, f, word)
	}
	if len(s.Files) == 0 {
		return nil
	}
	fmt.Fprintf(w, "共%d个文件:", len(s.Files))
	separator := ""
	for _, o := range outcomeWords {
		if n := s.Count[o.status]; n > 0 {
			fmt.Fprintf(w, "%s%s%d个", separator, word[o.status], n)
			separator = ";"
		}
	}
	if dry {
		fmt.Fprint(w, "。这是试运行,没有写入任何内容")
	}
	_, err := fmt.Fprintln(w, "。")
	return err
}

func columnsOf(f office.FileOutcome) []interpret.MappedColumn {
	if f.Mapping == nil {
		return nil
	}
	return f.Mapping.Columns
}

// maxPrintedReports keeps a sheet of ten thousand reports from flooding the
// screen; what went wrong is always printed.
const maxPrintedReports = 5

func (s *importSummary) printReports(w io.Writer, f office.FileOutcome, word map[office.FileStatus]string) {
	printed := 0
	for _, r := range f.Reports {
		bad := r.Status == office.OutcomeFailed || r.Status == office.OutcomeConflict
		if !bad {
			if printed++; printed > maxPrintedReports {
				continue
			}
		}
		fmt.Fprintf(w, "  %s %s年:%s", r.Unit, r.Year, word[r.Status])
		if r.NewUnit {
			fmt.Fprint(w, "(新单位,待确认)")
		}
		if r.Message != "" {
			fmt.Fprintf(w, "。%s", r.Message)
		}
		fmt.Fprintln(w)
	}
	if printed > maxPrintedReports {
		fmt.Fprintf(w, "  ……另有%d份报告,无异常\n", printed-maxPrintedReports)
	}
	for _, d := range f.Doubts {
		fmt.Fprintf(w, "  [读取] %s\n", d)
	}
}
