package office

import (
	"archive/zip"
	"bytes"
	"context"
	"slices"
	"strings"

	"mingjing/internal/bulletin"
	"mingjing/internal/calendar"
	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// proxyDrafts are the drafts of the year that a supervisor keeps for units.
func (o *Office) proxyDrafts(ctx context.Context, v people.Visitor, period disclosure.Period, units *unitIndex) ([]ProxyDraft, error) {
	drafts, err := o.store.Drafts(ctx, period.Year)
	if err != nil {
		return nil, err
	}
	var out []ProxyDraft
	for _, d := range drafts {
		if d.Period != period || !v.May(people.Supervise, d.Unit) || units.byNumber[d.Unit] == nil {
			continue
		}
		s, err := o.OpenSitting(ctx, v, d.Unit, period)
		if err != nil || s.Content.Origin == nil || s.Content.Origin.Way != "proxy" || s.Draft.Version == 0 {
			continue
		}
		verdict := s.Judge()
		out = append(out, ProxyDraft{Unit: s.Unit, Version: s.Draft.Version, State: s.State, Origin: *s.Content.Origin, Errors: verdict.Errors, Unexplained: verdict.Unexplained})
	}
	slices.SortStableFunc(out, func(a, b ProxyDraft) int { return byOrder(a.Unit, b.Unit) })
	return out, nil
}

// HandOnClean hands on every 代报 draft of the year that nothing stands against,
// in one go: an act each, with ids that follow from the one given. It returns
// how many, and the sentences of those that could not be.
func (o *Office) HandOnClean(ctx context.Context, v people.Visitor, period disclosure.Period, act string) (done int, refused []string, err error) {
	units, err := o.units(ctx)
	if err != nil {
		return 0, nil, err
	}
	drafts, err := o.proxyDrafts(ctx, v, period, units)
	if err != nil {
		return 0, nil, err
	}
	for _, d := range drafts {
		if !d.Clean() {
			continue
		}
		m := Move{Act: filing.Proxy, Unit: d.Unit.Number, Period: period, ID: actOf(act, d.Unit.Number), Version: d.Version}
		if _, err := o.Do(ctx, v, m); err != nil {
			refused = append(refused, d.Unit.Name+":"+disclosure.Sentence(err))
			continue
		}
		done++
	}
	return done, refused, nil
}

// actOf makes an act's id for each unit out of the one that a form brought: a
// second press of the button repeats them all.
func actOf(act string, unit disclosure.UnitNumber) string {
	if act == "" {
		return ""
	}
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte(act+"/"+store.UnitEntityID(unit))).String()
}

// slipDays is within how many working days a report is to come back, unless the
// supervisor says otherwise.
const slipDays = 3

// SlipDue is the day that a slip made now proposes.
func (o *Office) SlipDue() string {
	return calendar.Shipped().AddWorkdays(calendar.DayOf(o.clock()), slipDays).String()
}

// Slip is the 退回修改单 of what stands against a unit's draft, or of what was
// returned to it: each cell with problem and remedy, one page. due is a day;
// "" proposes one. Errors: ErrForbidden, ErrNotFound when nothing is to be put
// right, ErrInvalid.
func (o *Office) Slip(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, due string) (file []byte, name string, err error) {
	if err := v.Demand(people.Supervise, unit); err != nil {
		return nil, "", err
	}
	s, err := o.OpenSitting(ctx, v, unit, period)
	if err != nil {
		return nil, "", err
	}
	if due == "" {
		due = o.SlipDue()
	}
	day, err := calendar.ParseDate(due)
	if err != nil {
		return nil, "", disclosure.Errorf(disclosure.ErrInvalid, "请写明改正的期限(年-月-日)。")
	}
	settings, _, err := o.Settings(ctx)
	if err != nil {
		return nil, "", err
	}
	slip := bulletin.Slip{Unit: s.Unit.Name, Report: period.String() + "年政府信息公开工作年度报告", Returned: calendar.DayOf(o.clock()).Chinese(),
		Deadline: day.Chinese(), Office: settings.Office, Contact: settings.Contact, Items: slipItems(s)}
	if s.Standing != nil {
		slip.Revision = s.Standing.Revision
	}
	if len(slip.Items) == 0 {
		return nil, "", disclosure.Errorf(disclosure.ErrNotFound, "“%s”的报告没有需要改正或说明的问题,不用退回。", s.Unit.Name)
	}
	file, err = bulletin.ReturnSlip(slip)
	return file, plainName(s.Unit.Name + period.String() + "年年度报告退回修改单.docx"), err
}

// slipItems are what the unit is to put right: the cells that a supervisor
// returned, then what the rules say.
func slipItems(s *Sitting) []bulletin.SlipItem {
	var out []bulletin.SlipItem
	returned := map[disclosure.Code]bool{}
	if s.State == filing.Returned && s.Standing != nil && s.Standing.Return != nil {
		if reason := s.Standing.Return.Reason; reason != "" {
			out = append(out, bulletin.SlipItem{Cell: "整份报告", Problem: reason, Remedy: "按退回意见修改。"})
		}
		for _, c := range s.Standing.Return.Cells {
			returned[c.Code] = true
			out = append(out, bulletin.SlipItem{Cell: disclosure.LabelOf(c.Code), Problem: c.Reason, Remedy: "核对原始材料后改正。"})
		}
	}
	for _, f := range s.Judge().Findings {
		explain := MustExplain(f) && s.Explanation(f) == ""
		if f.Severity != check.Error && !explain || len(f.Codes) > 0 && returned[f.Codes[0]] {
			continue
		}
		item := bulletin.SlipItem{Cell: findingPlace(f), Problem: f.Message, Remedy: "核对原始材料,改正数字。"}
		if explain {
			item.Remedy = "核对;数字有误的改正,无误的写明原因。"
		}
		out = append(out, item)
	}
	return out
}

// findingPlace names a finding's cells briefly.
func findingPlace(f check.Finding) string {
	switch n := len(f.Codes); {
	case n == 0:
		return "正文"
	case n > 2:
		return disclosure.LabelOf(f.Codes[0]) + "等"
	default:
		labels := make([]string, n)
		for i, c := range f.Codes {
			labels[i] = disclosure.LabelOf(c)
		}
		return strings.Join(labels, "、")
	}
}

// SlipsZip is the 退回修改单 of every 代报 draft with something to put right, one
// file a unit. Error: ErrNotFound when there is none.
func (o *Office) SlipsZip(ctx context.Context, v people.Visitor, period disclosure.Period, due string) ([]byte, error) {
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	if !v.Anywhere(people.Supervise) {
		return nil, v.Demand(people.Supervise, 0)
	}
	drafts, err := o.proxyDrafts(ctx, v, period, units)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	n := 0
	for _, d := range drafts {
		if d.Clean() {
			continue
		}
		slip, name, err := o.Slip(ctx, v, d.Unit.Number, period, due)
		if err != nil {
			return nil, err
		}
		f, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: o.clock()})
		if err != nil {
			return nil, err
		}
		if _, err := f.Write(slip); err != nil {
			return nil, err
		}
		n++
	}
	if n == 0 {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有需要退回修改的代报草稿。")
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
