package office

import (
	"context"
	"slices"
	"strings"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/store"
)

// LogLine is one act in the life of a report, for the revision log.
type LogLine struct {
	Seq      uint64
	ActID    string
	Time     time.Time
	By       string // account, or "os:..." for a command
	Name     string // the person's, "" for a command
	Did      string // as people read it: 退回修改
	Verb     store.Verb
	State    filing.State // afterwards
	Revision int
	Reason   string
	Due      string
	Cells    []store.CellReturn
	// Round counts the filings: acts on one and the same content share it.
	Round int
}

// CellReturn is what is wrong with one figure, for callers that do not know the
// store.
type CellReturn = store.CellReturn

// round is a revision that changes are reckoned against.
type round struct {
	*store.StoredReport
	at  int // place in the log
	act string
}

// rounds is the whole life of a sitting's national report, oldest first.
type rounds struct {
	log    []LogLine
	states []*store.StoredReport // beside log
}

// roundsOf reads the life of the report that stands. A restored revision, which
// the store writes before a return, is no act of a person and left out.
func (o *Office) roundsOf(ctx context.Context, s *Sitting, names map[string]string) (*rounds, error) {
	out := &rounds{}
	if s.Standing == nil {
		return out, nil
	}
	revisions, err := o.store.Revisions(ctx, s.Standing.Key)
	if err != nil {
		return nil, err
	}
	revisions = slices.DeleteFunc(revisions, func(r store.Revision) bool { return r.Verb == store.VerbRestore })
	seqs := make([]uint64, len(revisions))
	for i, r := range revisions {
		seqs[i] = r.Seq
	}
	states := map[uint64]*store.StoredReport{}
	for r, err := range o.store.ReportsAt(ctx, seqs) {
		if err != nil {
			return nil, err
		}
		states[r.Seq] = r
	}
	for i, r := range revisions {
		state := states[r.Seq]
		if state == nil {
			return nil, disclosure.Errorf(disclosure.ErrInternal, "版本记录不完整,请运行 mingjing rebuild 后重试。")
		}
		line := LogLine{Seq: r.Seq, ActID: r.ActID, Time: r.Time, By: r.By.Name, Name: names[r.By.Name], Verb: r.Verb,
			State: filing.State(r.Status), Revision: r.Revision, Round: 1}
		line.Did = didName(r, state)
		switch r.Verb {
		case store.VerbReturn, store.VerbReopen, store.VerbSendBack, store.VerbRevoke:
			if b := state.Return; b != nil {
				line.Reason, line.Due, line.Cells = b.Reason, b.Due, b.Cells
			}
		case store.VerbTake:
			line.Reason = state.WithProblems
		}
		if i > 0 {
			line.Round = out.log[i-1].Round
			if r.Revision != revisions[i-1].Revision || revisions[i-1].Status == store.StatusWithdrawn {
				line.Round++
			}
		}
		out.log, out.states = append(out.log, line), append(out.states, state)
	}
	return out, nil
}

// didNames are what verbs are called in a report's log.
var didNames = map[store.Verb]string{store.VerbReview: filing.ActNames[filing.HandOn], store.VerbSubmit: filing.ActNames[filing.Submit],
	store.VerbSendBack: filing.ActNames[filing.SendBack], store.VerbRecall: filing.ActNames[filing.Recall], store.VerbTake: filing.ActNames[filing.TakeIn],
	store.VerbReturn: filing.ActNames[filing.Return], store.VerbApprove: filing.ActNames[filing.Approve], store.VerbReopen: filing.ActNames[filing.Reopen],
	store.VerbRevoke: filing.ActNames[filing.Revoke], store.VerbWithdraw: "撤出", store.VerbSource: "补充来源文件", store.VerbExplain: "补充说明",
	store.VerbCreate: "录入", store.VerbChange: "修改", store.VerbErase: "清除"}

func didName(r store.Revision, state *store.StoredReport) string {
	switch {
	case r.Historic && r.Verb == store.VerbApprove:
		return "历史导入"
	case r.Verb == store.VerbSubmit && state.ReviewedBy != "" && state.ReviewedBy == r.By.Name:
		return filing.ActNames[filing.Pass]
	case r.Verb == store.VerbSubmit && state.Origin != nil && state.Origin.Way == "proxy":
		return filing.ActNames[filing.Proxy]
	}
	if name := didNames[r.Verb]; name != "" {
		return name
	}
	return string(r.Verb)
}

// lines are the log, newest first.
func (r *rounds) lines() []LogLine {
	out := slices.Clone(r.log)
	slices.Reverse(out)
	return out
}

// before is the revision that a reader has seen: what was last decided on. For
// the district that is what it returned or approved, whatever the unit did
// meanwhile; for the unit's reviewer what came back last from anybody. Without a
// decision it is the round before; nil for a first filing.
func (r *rounds) before(ofDraft, supervises bool) *round {
	if len(r.log) == 0 {
		return nil
	}
	now := r.log[len(r.log)-1].Round
	if ofDraft {
		now++ // the draft is a round of its own
	}
	fallback := -1
	for i := len(r.log) - 1; i >= 0; i-- {
		if r.log[i].Round >= now {
			continue
		}
		if fallback < 0 {
			fallback = i
		}
		switch r.log[i].Verb {
		case store.VerbReturn, store.VerbReopen, store.VerbApprove, store.VerbRevoke:
			return r.round(i)
		case store.VerbSendBack:
			if !supervises {
				return r.round(i)
			}
		}
	}
	if fallback < 0 {
		return nil
	}
	return r.round(fallback)
}

func (r *rounds) round(i int) *round {
	return &round{StoredReport: r.states[i], at: i, act: r.log[i].ActID}
}

// returned compares what was asked for with what is there now; nil when the
// report was not returned before.
func (r *rounds) returned(before *round, forms []ReviewForm) *ReturnedRound {
	if before == nil || before.Return == nil {
		return nil
	}
	out := &ReturnedRound{Return: *before.Return, Act: filing.Return}
	switch r.log[before.at].Verb {
	case store.VerbSendBack:
		out.Act = filing.SendBack
	case store.VerbReopen:
		out.Act = filing.Reopen
	case store.VerbReturn:
	default:
		return nil
	}
	for _, c := range before.Return.Cells {
		cell := ReturnedCell{Code: c.Code, Label: disclosure.LabelOf(c.Code), Reason: c.Reason}
		for _, f := range forms {
			if _, ok := f.Form.Cell(c.Code); ok {
				cell.Was, cell.Now = Typed(f.Was[c.Code]), Typed(f.Cells[c.Code])
				cell.Changed = !sameCell(f.Was[c.Code], f.Cells[c.Code])
			}
		}
		out.Cells = append(out.Cells, cell)
	}
	return out
}

// Unchanged counts the returned cells that hold what they held.
func (r *ReturnedRound) Unchanged() int {
	n := 0
	for _, c := range r.Cells {
		if !c.Changed {
			n++
		}
	}
	return n
}

// sameCell says whether two cells say the same: 12 and 12.0 do, blank and 0 do not.
func sameCell(a, b disclosure.Cell) bool {
	if a.IsNumber() && b.IsNumber() {
		return a.Value.Equal(b.Value) && strings.TrimSpace(a.Remark) == strings.TrimSpace(b.Remark)
	}
	return kindOf(a) == kindOf(b) && strings.TrimSpace(Typed(a)) == strings.TrimSpace(Typed(b))
}

func kindOf(c disclosure.Cell) disclosure.CellKind {
	if c.Kind == "" {
		return disclosure.CellBlank
	}
	return c.Kind
}

// besides is the report of a family that stood together with a revision of the
// national one: of the same act, or filed before it. nil when there was none.
func (o *Office) besides(ctx context.Context, r *round, key store.ReportKey) (*store.StoredReport, error) {
	if key.Family == r.Key.Family {
		return r.StoredReport, nil
	}
	revisions, err := o.store.Revisions(ctx, key)
	if err != nil {
		return nil, err
	}
	for _, step := range slices.Backward(revisions) {
		if step.Verb == store.VerbRestore || step.ActID != r.act && step.Seq > r.Seq {
			continue
		}
		if step.Status == store.StatusWithdrawn {
			return nil, nil
		}
		for found, err := range o.store.ReportsAt(ctx, []uint64{step.Seq}) {
			return found, err
		}
	}
	return nil, nil
}
