package office

import (
	"context"
	"io"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// ReportPage is one report as filed, with what the checks say of it.
type ReportPage struct {
	Unit   *disclosure.Unit
	Report *store.StoredReport
	Form   *disclosure.Form
	Basis  store.Basis
	// Matters are findings and anomalies, gravest first; ByCode holds their
	// indexes by cell.
	Matters   []Matter
	ByCode    map[disclosure.Code][]int
	Revisions []store.Revision // latest first
	// Others are the unit's other reports, latest first.
	Others []store.ReportHead
	// Inside: the visitor is of the unit or its district, and sees originals and
	// revisions; Judged: the matters are for the visitor.
	Inside, Judged bool
}

// ReportPage answers a report's page. What the checks say, originals, earlier
// revisions and who filed are for who may see them; what CPY-R1 quotes of
// another unit's report is for supervisors. Errors: ErrNotFound when the unit
// filed none, in this basis; ErrForbidden.
func (o *Office) ReportPage(ctx context.Context, v people.Visitor, key store.ReportKey, basis store.Basis) (*ReportPage, error) {
	if err := demandBasis(v, basis, key.Unit); err != nil {
		return nil, err
	}
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	u := units.byNumber[key.Unit]
	if u == nil {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有编号为 %d 的单位,请从单位列表中选择。", key.Unit)
	}
	report, err := o.store.Report(ctx, key, basis)
	if err != nil {
		return nil, err
	}
	page := &ReportPage{Unit: u, Report: report, Form: disclosure.FormByID(report.FormID), Basis: basis, ByCode: map[disclosure.Code][]int{}}
	if page.Form == nil {
		return nil, disclosure.Errorf(disclosure.ErrUnavailable, "这份报告使用的表单“%s”不在本程序中,请用更新的版本打开。", report.FormID)
	}
	if page.Inside = v.May(people.SeeFiled, key.Unit); page.Inside {
		if page.Revisions, err = o.store.Revisions(ctx, key); err != nil {
			return nil, err
		}
		slices.Reverse(page.Revisions)
	} else {
		page.Report = published(report)
	}
	if page.Others, err = o.store.Heads(ctx, store.HeadQuery{Basis: basis, Units: []disclosure.UnitNumber{key.Unit}}); err != nil {
		return nil, err
	}
	page.Others = slices.DeleteFunc(page.Others, func(h store.ReportHead) bool { return h.Key == key })
	slices.SortStableFunc(page.Others, func(a, b store.ReportHead) int {
		if d := strings.Compare(b.Key.Period.String(), a.Key.Period.String()); d != 0 {
			return d
		}
		return nationalFirst(a.Key.Family) - nationalFirst(b.Key.Family)
	})
	if page.Judged = v.May(people.SeeFindings, key.Unit); !page.Judged {
		return page, nil
	}
	if page.Matters, err = o.reportMatters(ctx, v, key, basis); err != nil {
		return nil, err
	}
	for i, m := range page.Matters {
		for _, c := range m.Codes {
			page.ByCode[c] = append(page.ByCode[c], i)
		}
	}
	return page, nil
}

// published is a report without what concerns its unit and the district only.
func published(r *store.StoredReport) *store.StoredReport {
	out := *r
	out.Sources, out.Explanations, out.Return, out.Origin = nil, nil, nil, nil
	out.FiledBy, out.ReviewedBy, out.WithProblems, out.Authors, out.UnitText = "", "", "", nil, ""
	out.By = store.Actor{}
	return &out
}

// SourceFile opens a file that a report's figures came from; the caller closes
// it. Originals are open to the unit and its supervisors, those that hold
// several units' reports to who sees all units'. Errors: ErrForbidden,
// ErrNotFound when the report has no such source.
func (o *Office) SourceFile(ctx context.Context, v people.Visitor, key store.ReportKey, basis store.Basis, sum string) (io.ReadCloser, store.SourceFile, error) {
	if err := v.Demand(people.SeeFiled, key.Unit); err != nil {
		return nil, store.SourceFile{}, err
	}
	report, err := o.store.Report(ctx, key, basis)
	if err != nil {
		return nil, store.SourceFile{}, err
	}
	return o.openSource(v, report.Sources, sum)
}

// openSource opens one of a report's originals for who sees the report.
func (o *Office) openSource(v people.Visitor, sources []store.SourceFile, sum string) (io.ReadCloser, store.SourceFile, error) {
	at := slices.IndexFunc(sources, func(f store.SourceFile) bool { return f.SHA256 == sum })
	if at < 0 {
		return nil, store.SourceFile{}, disclosure.Errorf(disclosure.ErrNotFound, "这份报告没有这个来源文件。")
	}
	if sources[at].Shared && !v.Everywhere(people.SeeFiled) {
		return nil, store.SourceFile{}, disclosure.Errorf(disclosure.ErrForbidden, "这个文件里还有其他单位的报告,不能由一个单位打开;需要核对的,请联系区级审核员。")
	}
	file, err := o.store.OpenFile(sum)
	if err != nil {
		return nil, sources[at], err
	}
	return file, sources[at], nil
}
