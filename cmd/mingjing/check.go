package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake"
	"mingjing/internal/intake/gather"
)

type checkCmd struct {
	dataFlags
	Files          []string `arg:"" optional:"" help:"报告文件、文件夹、压缩包或通配符;不给文件时用 --year 核对数据目录中的报告。" type:"path"`
	AcceptMappings bool     `name:"accept-mappings" help:"对一行一个单位的宽表,按系统建议的列对应关系读取。"`
	// The list is made where the data is and written where the person is.
	Xlsx string `name:"xlsx" help:"另把发现的问题写成Excel问题清单(扣分、整改时限等列留空,供评估人员填写)。" type:"path" placeholder:"FILE"`
	checkWork
}

// checked is a report with its findings, or a file that could not be read.
type checked struct {
	file     string // "" for a stored report
	silent   bool   // a unit that filed nothing
	reading  *intake.Reading
	findings []check.Finding
	warnings []string
	err      error
}

// Exit codes of check: 2 wins over 1.
const (
	exitFindings = 1
	exitUnread   = 2
)

// Run checks files, or the stored reports of a year.
func (c *checkCmd) Run(ctx context.Context, s *streams) error {
	switch {
	case len(c.Files) > 0 && c.Year != 0:
		return disclosure.Errorf(disclosure.ErrInvalid, "核对文件时不用 --year;要核对数据目录中的报告,请去掉文件名。")
	case len(c.Files) > 0:
		return c.checkFiles(ctx, s)
	case !c.Year.Valid():
		return disclosure.Errorf(disclosure.ErrInvalid, "请给出要核对的报告文件,或用 --data 和 --year 核对数据目录中一个年度的报告。")
	}
	var list bytes.Buffer
	c.WantsList = c.Xlsx != ""
	err := runOnData(ctx, s, c.dataFlags, "check", &c.checkWork, nil, &list)
	if list.Len() > 0 {
		if writing := c.writeList(s, list.Bytes()); writing != nil {
			return writing
		}
	}
	return err
}

// checkFiles reads and checks files without any store. Reports of one unit in
// one call serve each other as last year's; texts of different units in one
// year are compared with each other.
func (c *checkCmd) checkFiles(ctx context.Context, s *streams) error {
	readers, err := intake.NewClient()
	if err != nil {
		return err
	}
	defer readers.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var all []*checked
	for f := range intake.ReadAhead(ctx, readers, gather.Walk(c.Files), intake.Options{AcceptMappings: c.AcceptMappings, TrustCertain: true}) {
		if f.Err != nil {
			all = append(all, &checked{file: f.Name, err: f.Err})
			continue
		}
		for _, r := range f.Result.Readings {
			all = append(all, &checked{file: f.Name, reading: r, warnings: f.Result.Warnings})
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	examine(all)
	if c.JSON {
		err = writeJSON(s.out, all)
	} else {
		err = writeReadable(s.out, all)
	}
	if err != nil {
		return err
	}
	if c.Xlsx != "" {
		var list bytes.Buffer
		if err := writeIssueList(&list, all); err != nil {
			return err
		}
		if err := c.writeList(s, list.Bytes()); err != nil {
			return err
		}
	}
	if code := verdict(all); code != 0 {
		return exitCode(code)
	}
	return nil
}

func (c *checkCmd) writeList(s *streams, list []byte) error {
	if err := os.WriteFile(c.Xlsx, list, 0o644); err != nil {
		return disclosure.Errorf(disclosure.ErrUnavailable, "无法写入“%s”,请检查目录和权限。", c.Xlsx).Because(err)
	}
	if !c.JSON {
		fmt.Fprintf(s.out, "问题清单已写入 %s。\n", c.Xlsx)
	}
	return nil
}

func verdict(all []*checked) int {
	code := 0
	for _, c := range all {
		if c.err != nil {
			return exitUnread
		}
		if slices.ContainsFunc(c.findings, func(f check.Finding) bool { return f.Severity == check.Error }) {
			code = exitFindings
		}
	}
	return code
}

// series is the reports of one unit in one form family.
type series struct{ unit, family string }

// examine checks every report against its unit's report of the year before,
// if the call holds one: of the same scope if there is, else of any; the
// checks refuse to compare across scopes.
func examine(all []*checked) {
	bySeries := map[series]map[disclosure.Period][]*disclosure.Report{}
	key := func(r *disclosure.Report) series {
		return series{disclosure.NormalName(r.Unit), r.Form.Family}
	}
	for _, c := range all {
		if c.err != nil || c.reading.Report.Unit == "" || c.reading.Report.Year() == 0 {
			continue
		}
		r := c.reading.Report
		if bySeries[key(r)] == nil {
			bySeries[key(r)] = map[disclosure.Period][]*disclosure.Report{}
		}
		bySeries[key(r)][r.Period] = append(bySeries[key(r)][r.Period], r)
	}
	for _, c := range all {
		if c.err != nil {
			continue
		}
		r := c.reading.Report
		before := r.Period
		before.Year--
		c.findings = check.Report(r, lastOf(bySeries[key(r)][before], r.Scope))
	}
	examineTogether(all)
}

// examineTogether compares the texts of each year's reports with one another.
func examineTogether(all []*checked) {
	byYear := map[disclosure.Year][]*checked{}
	for _, c := range all {
		if c.err == nil && c.reading.Report.Year() != 0 {
			byYear[c.reading.Report.Year()] = append(byYear[c.reading.Report.Year()], c)
		}
	}
	for _, of := range byYear {
		members := make([]check.Member, len(of))
		for i, c := range of {
			members[i].Report = c.reading.Report
		}
		for i, found := range check.Among(members, nil) {
			of[i].findings = check.Merge(of[i].reading.Report.Form, of[i].findings, found)
		}
	}
}

func lastOf(candidates []*disclosure.Report, scope disclosure.Scope) *disclosure.Report {
	for _, r := range candidates {
		if r.Scope == scope {
			return r
		}
	}
	if len(candidates) > 0 {
		return candidates[0]
	}
	return nil
}

// checkedJSON is one object of --json: one a report, or one a file that could
// not be read. See docs/check-json.md.
type checkedJSON struct {
	File     string                      `json:"file"`
	Unit     *string                     `json:"unit"`
	Year     *disclosure.Year            `json:"year"`
	Form     *string                     `json:"form"`
	Scope    *disclosure.Scope           `json:"scope"`
	Figures  map[disclosure.Code]*string `json:"figures"`
	Slashes  []disclosure.Code           `json:"slashes"`
	Findings []check.Finding             `json:"findings"`
	Warnings []string                    `json:"warnings"` // what the file's reader left out
	Doubts   []intake.Doubt              `json:"doubts"`
	Error    *string                     `json:"error"`
}

func writeJSON(w interface{ Write([]byte) (int, error) }, all []*checked) error {
	out := make([]checkedJSON, len(all))
	for i, c := range all {
		out[i] = c.json()
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

func (c *checked) json() checkedJSON {
	j := checkedJSON{File: c.file, Figures: map[disclosure.Code]*string{}, Slashes: []disclosure.Code{},
		Findings: []check.Finding{}, Warnings: []string{}, Doubts: []intake.Doubt{}}
	if c.err != nil {
		sentence := disclosure.Sentence(c.err)
		j.Error = &sentence
		return j
	}
	r := c.reading.Report
	if r.Unit != "" {
		j.Unit = &r.Unit
	}
	if y := r.Year(); y != 0 {
		j.Year = &y
	}
	if r.Scope != disclosure.ScopeUnknown {
		j.Scope = &r.Scope
	}
	if !c.silent {
		j.Form = &r.Form.Version
	}
	for code, cell := range r.Cells {
		j.Figures[code] = nil
		switch cell.Kind {
		case disclosure.CellNumber:
			v := cell.Value.String()
			j.Figures[code] = &v
		case disclosure.CellSlash:
			j.Slashes = append(j.Slashes, code)
		}
	}
	slices.SortFunc(j.Slashes, func(a, b disclosure.Code) int { return r.Form.Order(a) - r.Form.Order(b) })
	j.Findings = append(j.Findings, c.findings...)
	j.Warnings = append(j.Warnings, c.warnings...)
	j.Doubts = append(j.Doubts, c.reading.Doubts...)
	return j
}
