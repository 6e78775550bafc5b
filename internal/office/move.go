package office

import (
	"context"
	"slices"
	"strings"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// Move is one step in the life of a report, as filing.Life allows it.
type Move struct {
	Act    filing.Act
	Unit   disclosure.UnitNumber
	Period disclosure.Period
	// ID is chosen by the form that the person sends; a second press of the
	// button repeats it and changes nothing.
	ID string
	// Version is the draft that the person saw, Seq the revision, for the acts
	// that rest on one.
	Version uint64
	Seq     uint64
	// Reason, Due ("2026-02-10") and Cells are what the act's conditions ask for.
	Reason string
	Due    string
	Cells  []store.CellReturn
}

// fromDraft are the acts that hand a draft on; the others move what is handed in.
var fromDraft = map[filing.Act]bool{filing.HandOn: true, filing.Submit: true, filing.Proxy: true, filing.TakeIn: true}

var verbs = map[filing.Act]store.Verb{filing.HandOn: store.VerbReview, filing.Submit: store.VerbSubmit, filing.Pass: store.VerbSubmit,
	filing.SendBack: store.VerbSendBack, filing.Recall: store.VerbRecall, filing.TakeIn: store.VerbTake, filing.Proxy: store.VerbSubmit,
	filing.Return: store.VerbReturn, filing.Approve: store.VerbApprove, filing.Reopen: store.VerbReopen, filing.Revoke: store.VerbRevoke}

// Do moves a report on. Errors: ErrForbidden, ErrConflict (another state, or
// changed since it was seen), ErrInvalid (a condition does not hold; the
// sentence says which and what to do).
func (o *Office) Do(ctx context.Context, v people.Visitor, m Move) error {
	s, err := o.OpenSitting(ctx, v, m.Unit, m.Period)
	if err != nil {
		return err
	}
	if right, may := filing.MayEver(v, m.Unit, m.Act); !may {
		return v.Demand(right, m.Unit) // then it is no repetition either
	}
	if done, err := o.repeated(ctx, v, m); err != nil || done {
		return err
	}
	if m.Act == filing.Save {
		return disclosure.Errorf(disclosure.ErrInvalid, "保存草稿请用填报页。")
	}
	t, err := filing.Next(s.State, m.Act)
	if err != nil {
		return err
	}
	if !t.Allows(v, m.Unit) {
		return v.Demand(t.Rights[0], m.Unit)
	}
	if err := o.conditions(ctx, v, s, t, m); err != nil {
		return err
	}
	entries, err := o.entriesOf(ctx, v, s, t, m)
	if err != nil {
		return err
	}
	if err := o.append(ctx, v, m.ID, entries...); err != nil {
		return err
	}
	if takesDraft(s, m) {
		// What somebody else saved in this moment stays a draft, out of step.
		err := o.store.RemoveDraftSeen(ctx, m.Unit, m.Period, s.Draft.Version)
		if err != nil && disclosure.CodeOf(err) != disclosure.ErrConflict {
			return err
		}
	}
	o.recheckSoon()
	return nil
}

// takesDraft says whether the act hands the draft on: 带问题收件 of a report that
// waits for its unit's review takes that, not a draft.
func takesDraft(s *Sitting, m Move) bool {
	return fromDraft[m.Act] && !(m.Act == filing.TakeIn && s.State == filing.Review)
}

// repeated says whether this very act stands in the log already: the same
// person's, on the same report, and the same thing done.
func (o *Office) repeated(ctx context.Context, v people.Visitor, m Move) (bool, error) {
	return o.store.Acted(ctx, m.ID, v.Account, store.Part{Kind: store.KindReport, Verb: verbs[m.Act], Unit: m.Unit, Year: m.Period.Year, Seen: m.Seq})
}

func (o *Office) conditions(ctx context.Context, v people.Visitor, s *Sitting, t filing.Transition, m Move) error {
	switch {
	case t.Asks(filing.UnitReviews) && !s.UnitReviews:
		return disclosure.Errorf(disclosure.ErrConflict, "本单位没有设内部审核,请直接提交。")
	case t.Asks(filing.UnitReviewsNot) && s.UnitReviews:
		return disclosure.Errorf(disclosure.ErrConflict, "本单位设有内部审核,请先送单位审核,由审核员提交。")
	}
	if takesDraft(s, m) {
		switch {
		case s.Draft.Version == 0:
			return disclosure.Errorf(disclosure.ErrConflict, "还没有保存过草稿,请先填写并保存。")
		case s.Draft.Version != m.Version:
			return disclosure.Errorf(disclosure.ErrConflict, "草稿在您打开之后由%s修改过(%s),请刷新页面,看过变化再%s。", s.Draft.Name, s.Draft.Time.In(shanghai).Format("15:04:05"), filing.ActNames[m.Act])
		case s.OutOfStep:
			return disclosure.Errorf(disclosure.ErrConflict, "报告在草稿开始之后已有变化(现为“%s”),请打开填报页,选择保留草稿还是以现有报告为准。", filing.Names[s.State])
		}
	} else if s.Standing == nil || s.Standing.Seq != m.Seq {
		return disclosure.Errorf(disclosure.ErrConflict, "报告在您打开之后已有变化,请刷新页面,看过变化再%s。", filing.ActNames[m.Act])
	}
	reason := strings.TrimSpace(m.Reason)
	switch {
	case t.Asks(filing.WithReason) && reason == "":
		return disclosure.Errorf(disclosure.ErrInvalid, "请写明%s的理由。", filing.ActNames[m.Act])
	case t.Asks(filing.WithCells) && reason == "" && len(m.Cells) == 0:
		return disclosure.Errorf(disclosure.ErrInvalid, "请至少指出一个单元格,或写明退回的理由。")
	case len([]rune(reason)) > 1000:
		return disclosure.Errorf(disclosure.ErrInvalid, "理由最多1000字,请写得简短些。")
	}
	if err := checkReturned(s, m.Cells); err != nil {
		return err
	}
	if t.Asks(filing.WithCells) || m.Due != "" {
		due, err := time.ParseInLocation(time.DateOnly, m.Due, shanghai)
		if err != nil {
			return disclosure.Errorf(disclosure.ErrInvalid, "请写明改正的期限(年-月-日)。")
		}
		if !due.AddDate(0, 0, 1).After(o.clock()) {
			return disclosure.Errorf(disclosure.ErrInvalid, "期限%s已经过去,请改为以后的日期。", m.Due)
		}
	}
	if t.Asks(filing.NotOwnFiling) {
		if err := o.notOwn(ctx, v, &s.Standing.ReportState, m.Act); err != nil {
			return err
		}
	}
	if takesDraft(s, m) && m.Act != filing.TakeIn && int(m.Period.Year) >= o.clock().In(shanghai).Year() {
		return disclosure.Errorf(disclosure.ErrConflict, "%s年还没有结束,现在可以先填草稿,%d年1月1日起才能%s。", m.Period, m.Period.Year+1, filing.ActNames[m.Act])
	}
	if !t.Asks(filing.NoErrors) {
		return nil
	}
	judged := s
	if !takesDraft(s, m) { // a draft may have outlived its own submission
		var err error
		if judged, err = o.asFiled(ctx, s); err != nil {
			return err
		}
	}
	return mayGoOn(judged.Judge(), m.Act)
}

// mayGoOn says what stands against handing a report on.
func mayGoOn(verdict Verdict, act filing.Act) error {
	switch {
	case verdict.Errors > 0:
		return disclosure.Errorf(disclosure.ErrInvalid, "还有%d处必须改正的问题(标红的单元格),改正后才能%s。", verdict.Errors, filing.ActNames[act])
	case verdict.Unexplained > 0:
		return disclosure.Errorf(disclosure.ErrInvalid, "还有%d处需要说明的问题没有写说明或说明太短(至少%d个不同的字,数字、标点不算),写明后才能%s。", verdict.Unexplained, LeastExplained, filing.ActNames[act])
	}
	return nil
}

// mostCellReason bounds what is said about one returned cell, in characters.
const mostCellReason = 300

// checkReturned says what is wrong with a return's cells: each stands on a form
// of the sitting, once, with a reason. None is left out in silence.
func checkReturned(s *Sitting, cells []store.CellReturn) error {
	seen := map[disclosure.Code]bool{}
	for _, c := range cells {
		def, _, ok := disclosure.LookupCode(c.Code)
		if !ok || !slices.ContainsFunc(s.Content.Forms, func(f DraftForm) bool { return len(onForm(f.Form, []store.CellReturn{c})) > 0 }) {
			return disclosure.Errorf(disclosure.ErrInvalid, "这份报告的表中没有代码为“%s”的单元格,请刷新页面后重新标记。", c.Code)
		}
		switch {
		case seen[c.Code]:
			return disclosure.Errorf(disclosure.ErrInvalid, "“%s”标记了两次,请只留一条。", def.Label())
		case strings.TrimSpace(c.Reason) == "":
			return disclosure.Errorf(disclosure.ErrInvalid, "请写明“%s”为什么退回。", def.Label())
		case len([]rune(c.Reason)) > mostCellReason:
			return disclosure.Errorf(disclosure.ErrInvalid, "“%s”的退回理由最多%d字,请写得简短些。", def.Label(), mostCellReason)
		}
		seen[c.Code] = true
	}
	return nil
}

// asFiled is the sitting with the content of what was handed in, not of a draft.
func (o *Office) asFiled(ctx context.Context, s *Sitting) (*Sitting, error) {
	onFile, err := o.sittingOnFile(ctx, s.Unit, s.Period)
	if err != nil {
		return nil, err
	}
	filed := *s
	filed.Content = onFile.fresh
	return &filed, nil
}

// notOwn refuses whoever worked on the revision, unless the district allows it.
func (o *Office) notOwn(ctx context.Context, v people.Visitor, r *store.ReportState, act filing.Act) error {
	settings, _, err := o.Settings(ctx)
	if err != nil || settings.OwnApproval {
		return err
	}
	switch {
	case r.FiledBy == v.Account || slices.Contains(r.Authors, v.Account):
		return disclosure.Errorf(disclosure.ErrForbidden, "这份报告由您本人填报,须由另一人%s;确需本人办理,请管理员在设置中放开。", filing.ActNames[act])
	case act == filing.Approve && r.ReviewedBy == v.Account:
		return disclosure.Errorf(disclosure.ErrForbidden, "这份报告由您本人在单位审核,须由另一人%s;确需本人办理,请管理员在设置中放开。", filing.ActNames[act])
	}
	return nil
}

// entriesOf are the log entries of a move: the national report's, and those of
// the local tables that go with it.
func (o *Office) entriesOf(ctx context.Context, v people.Visitor, s *Sitting, t filing.Transition, m Move) ([]store.Entry, error) {
	if takesDraft(s, m) {
		return o.handOn(v, s, t, m)
	}
	entries := []store.Entry{moveEntry(*s.Standing, v, t, m, o.clock())}
	annexes, err := o.annexForms(ctx, m.Period.Year)
	if err != nil {
		return nil, err
	}
	for _, form := range annexes {
		key := s.Standing.Key
		key.Family = form.Family
		r, err := o.store.ReportAtStanding(ctx, key)
		if disclosure.CodeOf(err) == disclosure.ErrNotFound && err != nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		if filing.State(r.Status) == t.From {
			entries = append(entries, moveEntry(*r, v, t, m, o.clock()))
		}
	}
	return entries, nil
}

// moveEntry is a handed-in report's entry in its new state.
func moveEntry(r store.StoredReport, v people.Visitor, t filing.Transition, m Move, now time.Time) store.Entry {
	state := r.ReportState
	state.Status = store.Status(t.To)
	switch m.Act {
	case filing.Return, filing.Reopen, filing.SendBack, filing.Revoke:
		// The national report's entry names all cells of the sitting, so that one
		// note says everything; a local table's names its own.
		cells := m.Cells
		if state.Key.Family != disclosure.FamilyNational {
			cells = onForm(state.FormID, cells)
		}
		state.Return = &store.Return{Reason: strings.TrimSpace(m.Reason), Due: m.Due, Cells: cells, By: v.Account, Time: now}
	case filing.Pass:
		state.ReviewedBy = v.Account
	case filing.TakeIn:
		state.WithProblems = strings.TrimSpace(m.Reason)
	case filing.Approve:
		state.Return = nil
	}
	return store.Entry{Kind: store.KindReport, ID: state.Key.EntityID(), Verb: verbs[m.Act], Seen: r.Seq, State: state}
}

// onForm keeps the cells that stand on a form.
func onForm(formID string, cells []store.CellReturn) []store.CellReturn {
	form := disclosure.FormByID(formID)
	var out []store.CellReturn
	for _, c := range cells {
		if form == nil {
			continue
		}
		if _, ok := form.Cell(c.Code); ok {
			out = append(out, c)
		}
	}
	return out
}

// handOn makes the draft's forms entries of the log, as a new revision each.
func (o *Office) handOn(v people.Visitor, s *Sitting, t filing.Transition, m Move) ([]store.Entry, error) {
	revision := 1
	if s.Standing != nil {
		revision = s.Standing.Revision + 1
	}
	var entries []store.Entry
	for i, part := range s.Content.Forms {
		form := disclosure.FormByID(part.Form)
		if form == nil || i > 0 && !anyFilled(part.Cells) {
			continue
		}
		key := store.ReportKey{Unit: m.Unit, Period: m.Period, Family: form.Family, Scope: s.Content.Scope}
		state := store.ReportState{Key: key, Revision: revision, Status: store.Status(t.To), FormID: form.ID, Cells: part.Cells,
			Sources: s.Content.Sources, UnitText: s.Unit.Name, FiledBy: s.filedBy(), Authors: s.Content.Authors, Origin: s.Content.Origin}
		if i == 0 {
			state.Title, state.Prose, state.HasProse = s.title(), s.Content.Prose, true
			state.Explanations = s.heldExplanations()
		}
		if m.Act == filing.TakeIn {
			state.WithProblems = strings.TrimSpace(m.Reason)
		}
		entries = append(entries, store.Entry{Kind: store.KindReport, ID: key.EntityID(), Verb: verbs[m.Act], Seen: s.Content.Base[form.Family], State: state})
	}
	if len(entries) == 0 {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "草稿是空的,请先填写。")
	}
	return entries, nil
}

// filedBy is who kept the draft last.
func (s *Sitting) filedBy() string { return s.Draft.Person }

func (s *Sitting) title() string {
	if s.Content.Title != "" {
		return s.Content.Title
	}
	return s.Unit.Name + s.Period.String() + "年政府信息公开工作年度报告"
}

// heldExplanations are those that still answer a finding.
func (s *Sitting) heldExplanations() []store.Explanation {
	var out []store.Explanation
	for _, f := range s.Judge().Findings {
		for _, e := range s.Content.Explanations {
			if e.Rule == f.Rule && e.Aspect == f.Aspect && slices.Equal(e.Codes, f.Codes) {
				out = append(out, e)
			}
		}
	}
	return out
}

// Decide settles a draft that is out of step: keep it over the report as it
// stands now, or drop it. Dropped drafts can be found for 30 days.
func (o *Office) Decide(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, keep bool) error {
	if !keep {
		if err := v.Demand(people.FileReport, unit); err != nil && !v.May(people.Supervise, unit) {
			return err
		}
		return o.store.RemoveDraft(ctx, unit, period)
	}
	_, _, err := o.changeDraft(ctx, v, unit, period, func(s *Sitting) ([]Clash, error) {
		onFile, err := o.sittingOnFile(ctx, s.Unit, period)
		if err != nil {
			return nil, err
		}
		s.Content.Base = onFile.fresh.Base
		return nil, nil
	})
	return err
}
