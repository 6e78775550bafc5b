package office

import (
	"context"
	"slices"
	"strings"
	"time"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// Review is a unit's report of a period in front of whoever decides on it.
type Review struct {
	Unit   *disclosure.Unit
	Period disclosure.Period
	State  filing.State
	// Report is what is shown: as handed in, or, for OfDraft, the unit's draft
	// as it stands, made out as the revision that it would become.
	Report  *store.StoredReport
	OfDraft bool
	// Seq and Version are what a decision gives as seen.
	Seq, Version uint64
	// DraftBy and DraftAt are of a draft that lies beside what is shown.
	DraftBy string
	DraftAt time.Time

	Forms []ReviewForm // the national form first
	// Publication is where it was published, and how that agrees with the report.
	Publication *PublicationPage
	Findings    []ReviewFinding
	ByCode      map[disclosure.Code][]int // places in Findings
	Prose       []ProseChange
	// Against is the revision that changes are reckoned against, nil for the
	// first one; Returned what was asked for when that one came back.
	Against  *LogLine
	Returned *ReturnedRound

	Decisions []Decision
	Log       []LogLine // newest first
	Names     map[string]string
	// InForce is the approved revision that a correction would replace, 0: none.
	InForce int
	// Supervises: the visitor decides for the district.
	Supervises bool
}

// ReviewForm is one of the sitting's tables with what stands beside each cell.
type ReviewForm struct {
	Form  *disclosure.Form
	Cells map[disclosure.Code]disclosure.Cell
	// Was are the cells of the revision that changes are reckoned against.
	Was map[disclosure.Code]disclosure.Cell
	// Last are last year's, nil without a report.
	Last  map[disclosure.Code]disclosure.Cell
	Peers map[disclosure.Code]PeerMedian
}

// ReviewFinding is a finding with what the unit wrote on it.
type ReviewFinding struct {
	check.Finding
	Explanation *store.Explanation
	// Wanting: an explanation was due and there is none.
	Wanting bool
}

// ReturnedRound is what was asked for when the report came back, and what
// became of it.
type ReturnedRound struct {
	store.Return
	Act   filing.Act
	Cells []ReturnedCell
}

// ReturnedCell is one returned cell. Changed says that it holds something else
// now.
type ReturnedCell struct {
	Code     disclosure.Code
	Label    string
	Reason   string
	Was, Now string
	Changed  bool
}

// Decision is an act that is open to the visitor in the report's state.
// Obstacle says why it cannot be done now, "" when it can.
type Decision struct {
	Act      filing.Act
	Obstacle string
}

// decisions are the acts that the review page offers.
var decisions = []filing.Act{filing.Pass, filing.SendBack, filing.Approve, filing.Return, filing.TakeIn, filing.Reopen, filing.Revoke}

// Review shows a report to the unit and its district. What is shown is the
// newest revision that was handed in; ofDraft, or where there is none yet, the
// unit's draft. Medians over few peers and passages of other units' reports are
// told only to supervisors who may read those. Errors: ErrForbidden,
// ErrNotFound, ErrInvalid.
func (o *Office) Review(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, ofDraft bool) (*Review, error) {
	s, err := o.OpenSitting(ctx, v, unit, period)
	if err != nil {
		return nil, err
	}
	hasDraft := s.Draft.Version > 0
	switch {
	case s.Standing == nil && !hasDraft:
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "“%s”%s年的报告还没有开始填报,没有可审核的内容。", s.Unit.Name, period)
	case ofDraft && !hasDraft:
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有正在填写的草稿,可能已经提交;请看报送的版本。")
	}
	r := &Review{Unit: s.Unit, Period: period, State: s.State, OfDraft: ofDraft || s.Standing == nil, Version: s.Draft.Version,
		Supervises: v.May(people.Supervise, unit)}
	if hasDraft {
		r.DraftBy, r.DraftAt = s.Draft.Name, s.Draft.Time
	}
	shown := s
	if !r.OfDraft {
		if shown, err = o.asFiled(ctx, s); err != nil {
			return nil, err
		}
	}
	r.Report = shown.shown(r.OfDraft)
	if s.Standing != nil {
		r.Seq = s.Standing.Seq
	}
	if s.Approved != nil && (s.State != filing.Approved || r.OfDraft) {
		r.InForce = s.Approved.Revision
	}
	if r.Names, err = o.accountNames(ctx); err != nil {
		return nil, err
	}
	rounds, err := o.roundsOf(ctx, s, r.Names)
	if err != nil {
		return nil, err
	}
	r.Log = rounds.lines()
	before := rounds.before(r.OfDraft, r.Supervises)
	if before != nil {
		line := rounds.log[before.at]
		r.Against = &line
	}
	if err := o.reviewForms(ctx, v, r, shown, before); err != nil {
		return nil, err
	}
	if r.Publication, err = o.PublicationOn(ctx, v, s); err != nil {
		return nil, err
	}
	if err := o.reviewFindings(ctx, v, r, shown); err != nil {
		return nil, err
	}
	r.Prose = proseChanges(disclosure.FormByID(r.Report.FormID), before, r.Report)
	r.Returned = rounds.returned(before, r.Forms)
	return r, o.decisions(ctx, v, r, s)
}

// shown is the content of a sitting as a report.
func (s *Sitting) shown(ofDraft bool) *store.StoredReport {
	if !ofDraft {
		return s.Standing
	}
	part := s.Content.Forms[0]
	form := disclosure.FormByID(part.Form)
	r := &store.StoredReport{ReportState: store.ReportState{Revision: 1, Status: store.StatusDraft, FormID: part.Form, Title: s.title(), Cells: part.Cells,
		Prose: s.Content.Prose, HasProse: true, Explanations: s.Content.Explanations, Sources: s.Content.Sources, Origin: s.Content.Origin,
		Authors: s.Content.Authors, FiledBy: s.Draft.Person}, Time: s.Draft.Time, By: store.Actor{Name: s.Draft.Person}}
	if form != nil {
		r.Key = store.ReportKey{Unit: s.Unit.Number, Period: s.Period, Family: form.Family, Scope: s.Content.Scope}
	}
	if s.Standing != nil {
		r.Revision = s.Standing.Revision + 1
	}
	return r
}

// reviewForms sets the sitting's tables out, with what stood there before, last
// year, and at peers.
func (o *Office) reviewForms(ctx context.Context, v people.Visitor, r *Review, shown *Sitting, before *round) error {
	for i, part := range shown.Content.Forms {
		form := disclosure.FormByID(part.Form)
		if form == nil || i > 0 && !anyFilled(part.Cells) {
			continue
		}
		f := ReviewForm{Form: form, Cells: part.Cells}
		key := r.Report.Key
		key.Family = form.Family
		last := shown.Last
		if i > 0 {
			var err error
			if last, err = o.lastYear(ctx, key); err != nil {
				return err
			}
		}
		if last != nil {
			f.Last = last.Cells
		}
		if before != nil {
			earlier, err := o.besides(ctx, before, key)
			if err != nil {
				return err
			}
			if earlier != nil {
				f.Was = earlier.Cells
			}
		}
		var err error
		if f.Peers, err = o.peersBeside(ctx, v, r.Unit, key, form); err != nil {
			return err
		}
		r.Forms = append(r.Forms, f)
	}
	return nil
}

// filedFindings are what the checks say of a sitting's reports, gravest first.
// The outcome on file is taken when it is of revision seq, since it knows the
// district's other reports; else the rules run now. seq 0 is a draft's.
func (o *Office) filedFindings(ctx context.Context, shown *Sitting, seq uint64) ([]check.Finding, error) {
	found := shown.Judge().Findings
	if seq != 0 {
		rows, err := o.store.Checks(ctx, store.HeadQuery{Basis: store.Provisional, Family: disclosure.FamilyNational, Years: []disclosure.Year{shown.Period.Year},
			Units: []disclosure.UnitNumber{shown.Unit.Number}})
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if row.Seq != seq || !strings.HasPrefix(row.Rules, shown.rules.Version()) {
				continue
			}
			kept, err := decodeFindings(row)
			if err != nil {
				return nil, err
			}
			formID := shown.Content.Forms[0].Form
			found = append(kept, slices.DeleteFunc(found, func(f check.Finding) bool { return onNational(f, formID) })...)
		}
	}
	if err := o.escalated(ctx, found, shown.Unit, shown.Period.Year); err != nil {
		return nil, err
	}
	slices.SortStableFunc(found, func(a, b check.Finding) int { return gravity(a.Severity) - gravity(b.Severity) })
	return found, nil
}

// reviewFindings joins what the checks say with what the unit wrote.
func (o *Office) reviewFindings(ctx context.Context, v people.Visitor, r *Review, shown *Sitting) error {
	units, err := o.units(ctx)
	if err != nil {
		return err
	}
	seq := r.Seq
	if r.OfDraft {
		seq = 0
	}
	found, err := o.filedFindings(ctx, shown, seq)
	if err != nil {
		return err
	}
	r.ByCode = map[disclosure.Code][]int{}
	for _, f := range found {
		if !units.quotes(v, r.Unit.Number, &f) {
			f.Copied = nil
		}
		line := ReviewFinding{Finding: f, Explanation: explanationOf(&f, r.Report.Explanations)}
		line.Wanting = MustExplain(f) && (line.Explanation == nil || tooShort(line.Explanation))
		for _, c := range f.Codes {
			r.ByCode[c] = append(r.ByCode[c], len(r.Findings))
		}
		r.Findings = append(r.Findings, line)
	}
	return nil
}

// onNational says whether a finding is about the national report: about its
// cells, or about no cell at all.
func onNational(f check.Finding, formID string) bool {
	form := disclosure.FormByID(formID)
	if form == nil || len(f.Codes) == 0 {
		return true
	}
	_, ok := form.Cell(f.Codes[0])
	return ok
}

// Count is how many findings are of a severity, by its name.
func (r *Review) Count(severity string) int { return r.Tally().Of(severity) }

// Tally counts the findings as the queue does.
func (r *Review) Tally() Tally {
	found := make([]check.Finding, len(r.Findings))
	for i := range r.Findings {
		found[i] = r.Findings[i].Finding
	}
	return tallyOf(found, r.Report.Explanations)
}

// decisions lists what the visitor can do, each with what stands against it.
func (o *Office) decisions(ctx context.Context, v people.Visitor, r *Review, s *Sitting) error {
	filed := s
	if s.Standing != nil {
		var err error
		if filed, err = o.asFiled(ctx, s); err != nil {
			return err
		}
	}
	for _, act := range decisions {
		if !slices.Contains(s.Acts, act) {
			continue
		}
		if draft := takesDraft(s, Move{Act: act}); draft != r.OfDraft {
			continue
		}
		t, err := filing.Next(s.State, act)
		if err != nil {
			return err
		}
		d := Decision{Act: act}
		err = nil
		if t.Asks(filing.NotOwnFiling) && s.Standing != nil {
			err = o.notOwn(ctx, v, &s.Standing.ReportState, act)
		}
		if err == nil && t.Asks(filing.NoErrors) {
			err = mayGoOn(filed.Judge(), act)
		}
		switch code := disclosure.CodeOf(err); {
		case err == nil:
		case code == disclosure.ErrForbidden || code == disclosure.ErrInvalid:
			d.Obstacle = disclosure.Sentence(err)
		default:
			return err
		}
		r.Decisions = append(r.Decisions, d)
	}
	return nil
}

// Open is a decision that is open to the visitor, nil when it is not.
func (r *Review) Open(act filing.Act) *Decision {
	for i := range r.Decisions {
		if r.Decisions[i].Act == act {
			return &r.Decisions[i]
		}
	}
	return nil
}

// accountNames are the persons' names by account.
func (o *Office) accountNames(ctx context.Context) (map[string]string, error) {
	d, err := o.directory(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[string]string, len(d.accounts))
	for account, a := range d.accounts {
		out[account] = a.Name
	}
	return out, nil
}
