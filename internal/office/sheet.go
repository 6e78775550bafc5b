package office

import (
	"context"
	"slices"
	"time"

	"mingjing/internal/bulletin"
	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// FiledRevision is one submission of a unit's report, as it can be printed.
type FiledRevision struct {
	Revision int
	Status   store.Status // how it ended or stands
	Time     time.Time    // when it was handed on
	By       store.Actor
	Code     string // check code, as printed on each page
	// Seal is the scan of the sealed copy, nil when none was attached.
	Seal *SealedCopy
	// Void (已失效): a later revision has been handed on.
	Void bool

	first, last uint64 // seqs of its entries in the log
}

// FiledRevisions lists what a unit handed on for a year, latest first.
// Errors: as OpenSitting.
func (o *Office) FiledRevisions(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period) (*Sitting, []FiledRevision, error) {
	s, err := o.OpenSitting(ctx, v, unit, period)
	if err != nil || s.Standing == nil {
		return s, nil, err
	}
	history, err := o.store.Revisions(ctx, s.Standing.Key)
	if err != nil {
		return nil, nil, err
	}
	var out []FiledRevision
	var seqs []uint64
	for _, h := range history {
		if h.Verb == store.VerbRestore {
			continue
		}
		if n := len(out); n > 0 && out[n-1].Revision == h.Revision {
			out[n-1].Status, out[n-1].last = h.Status, h.Seq
			continue
		}
		if slices.ContainsFunc(out, func(f FiledRevision) bool { return f.Revision == h.Revision }) {
			continue
		}
		h.By.Name = o.PersonName(ctx, h.By.Name) // pages show people, not accounts
		out = append(out, FiledRevision{Revision: h.Revision, Status: h.Status, Time: h.Time, By: h.By, first: h.Seq, last: h.Seq})
		seqs = append(seqs, h.Seq)
	}
	codes := map[int]string{}
	for r, err := range o.store.ReportsAt(ctx, seqs) {
		if err != nil {
			return nil, nil, err
		}
		codes[r.Revision] = bulletin.CheckCode(filedReport(s.Unit, r), r.Revision)
	}
	seals, err := o.sealedCopies(ctx, unit, period)
	if err != nil {
		return nil, nil, err
	}
	for i := range out {
		f := &out[i]
		f.Code, f.Void = codes[f.Revision], f.Revision < s.Standing.Revision
		if seal, ok := seals[f.Revision]; ok {
			f.Seal = &seal
		}
	}
	slices.Reverse(out)
	return s, out, nil
}

// filedReport is a revision under the name that the unit bore when it filed it:
// the check code must not change when a unit is renamed.
func filedReport(u *disclosure.Unit, r *store.StoredReport) *disclosure.Report {
	name := u.Name
	if r.UnitText != "" {
		name = r.UnitText
	}
	out := r.Report(name)
	out.HasProse = out.HasProse || len(out.Prose) > 0
	return out
}

// Sheet is what the 报送件 of a revision says; revision 0 is the latest one.
// Errors: as OpenSitting, ErrNotFound without such a revision.
func (o *Office) Sheet(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, revision int) (*bulletin.Filing, *FiledRevision, error) {
	s, filed, err := o.FiledRevisions(ctx, v, unit, period)
	if err != nil {
		return nil, nil, err
	}
	at := slices.IndexFunc(filed, func(f FiledRevision) bool { return revision == 0 || f.Revision == revision })
	if at < 0 {
		return nil, nil, disclosure.Errorf(disclosure.ErrNotFound, "“%s”%s年的报告没有这一次报送,请从报送记录中选择。", s.Unit.Name, period)
	}
	f := &filed[at]
	var report *store.StoredReport
	for r, err := range o.store.ReportsAt(ctx, []uint64{f.last}) {
		if err != nil {
			return nil, nil, err
		}
		report = r
	}
	if report == nil {
		return nil, nil, disclosure.Errorf(disclosure.ErrNotFound, "这一次报送的内容已被清除。")
	}
	out := &bulletin.Filing{Report: filedReport(s.Unit, report), Revision: f.Revision, Code: f.Code,
		Filed: f.Time.In(shanghai).Format("2006年1月2日 15:04"), By: o.PersonName(ctx, report.FiledBy), Reviewed: o.PersonName(ctx, report.ReviewedBy), Via: viaOf(report.Origin)}
	if out.By == "" {
		out.By = o.PersonName(ctx, f.By.Name)
	}
	if out.Annexes, err = o.annexesUpTo(ctx, s, report.Key, f.Revision); err != nil {
		return nil, nil, err
	}
	before := s.merged
	before.Last = s.LastReport()
	for _, found := range s.rules.Report(s.Unit, out.Report, before) {
		if text := explanationIn(report.Explanations, found.Rule, found.Aspect, found.Codes); text != "" {
			out.Explanations = append(out.Explanations, bulletin.Explanation{Finding: found, Text: text})
		}
		if report.WithProblems != "" && found.Severity == check.Error {
			out.OpenFaults = append(out.OpenFaults, found.Message)
		}
	}
	return out, f, nil
}

// annexesUpTo are the local tables that were filed with a revision, or before
// it and not since.
func (o *Office) annexesUpTo(ctx context.Context, s *Sitting, key store.ReportKey, revision int) ([]*disclosure.Report, error) {
	forms, err := o.annexForms(ctx, key.Period.Year)
	if err != nil {
		return nil, err
	}
	var out []*disclosure.Report
	for _, form := range forms {
		key.Family = form.Family
		history, err := o.store.Revisions(ctx, key)
		if err != nil {
			return nil, err
		}
		seq := uint64(0)
		for _, h := range history {
			if h.Verb != store.VerbRestore && h.Revision <= revision {
				seq = h.Seq
			}
		}
		if seq == 0 {
			continue
		}
		for r, err := range o.store.ReportsAt(ctx, []uint64{seq}) {
			if err != nil {
				return nil, err
			}
			out = append(out, filedReport(s.Unit, r))
		}
	}
	return out, nil
}

// ReviewSheet is the 审签单 of the draft, for a unit whose own review is on paper:
// to be printed and signed before the report is handed on.
// Errors: as OpenSitting, ErrConflict without a draft.
func (o *Office) ReviewSheet(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period) (*bulletin.Filing, error) {
	s, err := o.OpenSitting(ctx, v, unit, period)
	if err != nil {
		return nil, err
	}
	if s.Draft.Version == 0 {
		return nil, disclosure.Errorf(disclosure.ErrConflict, "还没有草稿,请先填写并保存,再打印审签单。")
	}
	revision := 1
	if s.Standing != nil {
		revision = s.Standing.Revision + 1
	}
	out := &bulletin.Filing{Report: s.National(), Revision: revision, By: s.Draft.Name, Filed: "", Via: viaOf(s.Content.Origin)}
	out.Report.Title = s.title()
	for i, part := range s.Content.Forms {
		if i > 0 && anyFilled(part.Cells) {
			out.Annexes = append(out.Annexes, s.Report(part.Form))
		}
	}
	for _, found := range s.Judge().Findings {
		if text := s.Explanation(found); text != "" {
			out.Explanations = append(out.Explanations, bulletin.Explanation{Finding: found, Text: text})
		}
		if found.Severity == check.Error {
			out.OpenFaults = append(out.OpenFaults, found.Message)
		}
	}
	return out, nil
}

// viaOf says in words how a revision came in.
func viaOf(origin *store.Origin) string {
	if origin == nil {
		return "网上填报"
	}
	switch origin.Way {
	case "proxy":
		via := "代报"
		if origin.From != "" {
			via += ":" + origin.From
		}
		if origin.Received != "" {
			via += "(" + origin.Received + "收到)"
		}
		return via
	case "file":
		return "上传文件"
	case "template":
		return "上传填报表"
	case "import":
		return "历史导入"
	}
	return "网上填报"
}

// AsStored is a report in the shape of those on file, for pages that show both.
func AsStored(r *disclosure.Report) *store.StoredReport {
	return &store.StoredReport{ReportState: store.ReportState{FormID: r.Form.ID, Title: r.Title, Cells: r.Cells, Prose: r.Prose, HasProse: r.HasProse,
		Key: store.ReportKey{Period: r.Period, Family: r.Form.Family, Scope: r.Scope}}}
}
