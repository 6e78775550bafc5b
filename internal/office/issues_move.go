package office

import (
	"context"
	"fmt"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// IssueMove is one step in the life of an issue, as issue.Life allows it.
type IssueMove struct {
	issue.Move
	// ID is chosen by the form that the person sends; a second press of the
	// button repeats it and changes nothing.
	ID    string
	Issue string
	// Seq is where the issue stood when the person saw it.
	Seq uint64
	// Held are the files of Evidence that wait, see HoldEvidence.
	Held []string
}

// issueVerbs are the acts as the log has them.
var issueVerbs = map[issue.Act]store.Verb{issue.Enter: store.VerbCreate, issue.Correct: store.VerbChange, issue.Assign: store.VerbAssign,
	issue.HandOver: store.VerbHandOver, issue.Sign: store.VerbSign, issue.Progress: store.VerbProgress, issue.GiveAnswer: store.VerbAnswer,
	issue.Recall: store.VerbRecall, issue.Attach: store.VerbAttach, issue.Recheck: store.VerbRecheck, issue.Return: store.VerbReturn,
	issue.Close: store.VerbClose, issue.EndInapplicable: store.VerbNotApplicable, issue.Reopen: store.VerbReopenIssue,
	issue.Withdraw: store.VerbWithdraw, issue.AskExtension: store.VerbAskExtension, issue.Extend: store.VerbExtend,
	issue.RefuseExtension: store.VerbRefuseExtension, issue.Object: store.VerbAppeal, issue.Uphold: store.VerbUpholdAppeal,
	issue.Reject: store.VerbRejectAppeal, issue.Remind: store.VerbRemind}

// actOfVerb reads the log's verb back.
func actOfVerb(v store.Verb) issue.Act {
	for act, verb := range issueVerbs {
		if verb == v {
			return act
		}
	}
	return ""
}

// DoIssue moves an issue on and shows it as it stands then. Errors: ErrNotFound
// (or not to be seen), ErrForbidden, ErrConflict (another state, or changed
// since it was seen; the sentence says by whom and how), ErrInvalid.
func (o *Office) DoIssue(ctx context.Context, v people.Visitor, m IssueMove) (*IssueView, error) {
	if done, err := o.store.Acted(ctx, m.ID, v.Account, store.Part{Kind: store.KindIssue, Verb: issueVerbs[m.Act], ID: m.Issue}); err != nil || done {
		if err != nil {
			return nil, err
		}
		return o.Issue(ctx, v, m.Issue)
	}
	entry, err := o.issueEntry(ctx, v, m)
	if err != nil {
		return nil, err
	}
	if err := o.takeEvidence(v, m.Held); err != nil {
		return nil, err
	}
	if err := o.append(ctx, v, m.ID, *entry); err != nil {
		return nil, err
	}
	o.DropEvidence(v, m.Held...)
	return o.Issue(ctx, v, m.Issue)
}

// Refusal is why one of many issues was left as it was.
type Refusal struct {
	Issue, Number, Sentence string
}

// IssueBatch tells what became of an act on many issues.
type IssueBatch struct {
	Done    []string // ids
	Refused []Refusal
}

// mostAtOnce is how many issues one act moves.
const mostAtOnce = 1000

// DoIssues does one act on many issues (分办, 交办, 催办, 销号 of a page): those
// for which it is possible are moved in one append, the others are named with
// a sentence each. id is the form's; moves' own are not looked at.
// Repeated, it changes nothing and answers the same.
// Errors: ErrInvalid when nothing was chosen, ErrConflict when an issue changed
// meanwhile: then nothing was done.
func (o *Office) DoIssues(ctx context.Context, v people.Visitor, id string, moves []IssueMove) (*IssueBatch, error) {
	out := &IssueBatch{}
	if len(moves) == 0 || len(moves) > mostAtOnce {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "请至少选择一个问题,一次最多%d个。", mostAtOnce)
	}
	if done, err := o.store.Acted(ctx, id, v.Account, store.Part{Kind: store.KindIssue, Verb: issueVerbs[moves[0].Act]}); err != nil || done {
		if err != nil {
			return out, err
		}
		return o.doneBefore(ctx, v, id, moves)
	}
	var entries []store.Entry
	for _, m := range moves {
		if slices.Contains(out.Done, m.Issue) {
			continue
		}
		entry, err := o.issueEntry(ctx, v, m)
		if code := disclosure.CodeOf(err); err != nil && (code == disclosure.ErrInternal || code == disclosure.ErrUnavailable) {
			return nil, err
		}
		if err != nil {
			out.Refused = append(out.Refused, Refusal{Issue: m.Issue, Number: o.issueNumber(ctx, v, m.Issue), Sentence: disclosure.Sentence(err)})
			continue
		}
		entries, out.Done = append(entries, *entry), append(out.Done, m.Issue)
	}
	if len(entries) == 0 {
		return out, nil
	}
	return out, o.append(ctx, v, id, entries...)
}

// doneBefore tells a repeated act what the first one did, and why the others are
// as they were.
func (o *Office) doneBefore(ctx context.Context, v people.Visitor, id string, moves []IssueMove) (*IssueBatch, error) {
	entries, err := o.store.Entries(ctx, store.EntryFilter{Act: id, Actor: v.Account, Kind: store.KindIssue, Limit: mostAtOnce})
	if err != nil {
		return nil, err
	}
	out := &IssueBatch{}
	for _, e := range entries {
		out.Done = append(out.Done, e.ID)
	}
	for _, m := range moves {
		if slices.Contains(out.Done, m.Issue) {
			continue
		}
		sentence := "上一次提交时没有办理这个问题,请看过它现在的情况再提交。"
		if _, err := o.issueEntry(ctx, v, m); err != nil {
			sentence = disclosure.Sentence(err)
		}
		out.Refused = append(out.Refused, Refusal{Issue: m.Issue, Number: o.issueNumber(ctx, v, m.Issue), Sentence: sentence})
	}
	return out, nil
}

func (o *Office) issueNumber(ctx context.Context, v people.Visitor, id string) string {
	number := ""
	_ = o.issuesNow(ctx, func(b *issueBook) error {
		if h, _, err := b.see(v, id); err == nil {
			number = h.Number
		}
		return nil
	})
	return number
}

// issueEntry is the log entry of a move.
func (o *Office) issueEntry(ctx context.Context, v people.Visitor, m IssueMove) (*store.Entry, error) {
	if m.Act == issue.Enter {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "录入问题请用“录入”页面。")
	}
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	if err := knownUnits(units, append([]disclosure.UnitNumber{m.Unit}, m.Helpers...)); err != nil {
		return nil, err
	}
	if m.Content != nil {
		if err := knownUnits(units, append([]disclosure.UnitNumber{m.Content.Unit}, m.Content.Helpers...)); err != nil {
			return nil, err
		}
	}
	accounts, err := o.directory(ctx)
	if err != nil {
		return nil, err
	}
	var out *store.Entry
	err = o.issuesNow(ctx, func(b *issueBook) error {
		h, viewer, err := b.see(v, m.Issue)
		if err != nil {
			return err
		}
		if h.Seq != m.Seq {
			return h.changed(accounts, m.Act)
		}
		next, err := issue.Apply(h.Issue, m.Move, viewer, o.clock())
		if err != nil {
			return err
		}
		out = &store.Entry{Kind: store.KindIssue, ID: h.ID, Verb: issueVerbs[m.Act], Seen: h.Seq, State: next, Unit: next.Unit, Year: next.Quarter.Year}
		return nil
	})
	return out, err
}

// changed says what happened since a person saw the issue.
func (h *heldIssue) changed(d *directory, act issue.Act) error {
	who := h.Actor
	if a, ok := d.accounts[h.Actor]; ok {
		who = a.Name
	}
	return disclosure.Errorf(disclosure.ErrConflict, "问题%s在您打开之后已由%s于%s%s,现为“%s”;请刷新页面,看过变化再%s。",
		h.Number, who, h.Time.In(shanghai).Format("1月2日15:04"), issue.ActNames[actOfVerb(h.Verb)], issue.StateNames[h.State], issue.ActNames[act])
}

// knownUnits refuses units that no issue can be put to.
func knownUnits(units *unitIndex, list []disclosure.UnitNumber) error {
	for k, n := range list {
		if n == 0 && k == 0 {
			continue
		}
		if u := units.byNumber[n]; u == nil || u.MergedInto != 0 {
			return disclosure.Errorf(disclosure.ErrInvalid, "没有编号为 %d 的单位,请从单位列表中选择。", n)
		}
	}
	return nil
}

// IssueEntryForm is an issue entered by hand, or from a finding or an anomaly.
type IssueEntryForm struct {
	ID      string // the form's; repeated, it changes nothing
	List    string
	Content issue.Content
	// Kind is OriginHand, or OriginFinding and OriginAnomaly with Ref, the
	// fingerprint, from which one issue is made once.
	Kind issue.OriginKind
	Ref  string
	// Place says for people where in the source: 2025年度报告.
	Place string
	// Held are the files of its evidence that wait, see HoldEvidence.
	Held []string
}

// issueSpace is the namespace of issues' ids, which follow from the act that
// enters them: a repeated act finds its issues again.
var issueSpace = uuid.MustParse("5b0f6c1e-2f5e-4b8b-9d3c-0f4b8f0a7d21")

func issueID(act string, k int) string {
	return uuid.NewSHA1(issueSpace, fmt.Appendf(nil, "%s/%d", act, k)).String()
}

// EnterIssue puts an issue on a list. Errors: ErrForbidden, ErrNotFound (the
// list), ErrInvalid, ErrConflict (the list is closed; the finding or anomaly
// has been made an issue already).
func (o *Office) EnterIssue(ctx context.Context, v people.Visitor, f IssueEntryForm) (*IssueView, error) {
	id := issueID(f.ID, 0)
	if done, err := o.store.Acted(ctx, f.ID, v.Account, store.Part{Kind: store.KindIssue, Verb: store.VerbCreate, ID: id}); err != nil || done {
		if err != nil {
			return nil, err
		}
		return o.Issue(ctx, v, id)
	}
	if f.Kind == "" {
		f.Kind = issue.OriginHand
	}
	if made := (f.Kind == issue.OriginFinding || f.Kind == issue.OriginAnomaly); made != (f.Ref != "") || !made && f.Kind != issue.OriginHand {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "问题的来源不完整,请从校验结果或异常页面重新转为问题。")
	}
	if f.Content.Category == "" {
		f.Content.Category, _ = issue.CategoryOf(f.Content.Indicator1, f.Content.Indicator2, f.Content.Facts)
	}
	add := []newIssue{{content: f.Content, origin: issue.Origin{Kind: f.Kind, Ref: f.Ref, Place: f.Place}, held: f.Held}}
	if _, err := o.enterIssues(ctx, v, f.ID, f.List, nil, add); err != nil {
		return nil, err
	}
	o.DropEvidence(v, f.Held...)
	return o.Issue(ctx, v, id)
}

// newIssue is an issue on its way in. settle brings a historic one to where it
// stands today.
type newIssue struct {
	content issue.Content
	origin  issue.Origin
	settle  func(*issue.Issue)
	held    []string // see IssueEntryForm.Held
}

// enterIssues appends issues in one act, numbered after those of the quarter.
// list is the list's new state when it changes with them, nil otherwise; others
// are entries that go into the same act.
func (o *Office) enterIssues(ctx context.Context, v people.Visitor, act, listID string, list *store.Entry, add []newIssue, others ...store.Entry) (ids []string, err error) {
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	for _, n := range add {
		if err := knownUnits(units, append([]disclosure.UnitNumber{n.content.Unit}, n.content.Helpers...)); err != nil {
			return nil, err
		}
	}
	o.issues.entering.Lock()
	defer o.issues.entering.Unlock()
	var entries []store.Entry
	err = o.issuesNow(ctx, func(b *issueBook) error {
		l, err := b.openList(v, listID, list)
		if err != nil {
			return err
		}
		serial := b.serial[l.Quarter]
		for k, n := range add {
			if n.content.Due.IsZero() {
				n.content.Due = l.Due
			}
			if old := b.madeOf(n.origin); old != nil {
				return disclosure.Errorf(disclosure.ErrConflict, "这一项已经转为问题%s,不必重复录入。", old.Number)
			}
			n.origin.By = v.Account
			i := issue.Issue{ID: issueID(act, k), List: l.ID, Quarter: l.Quarter, Origin: n.origin}
			i, err := issue.Apply(i, issue.Move{Act: issue.Enter, Content: &n.content}, issue.On(v, l), o.clock())
			if err != nil {
				return err
			}
			if n.settle != nil {
				n.settle(&i)
			}
			serial++
			i.Number = fmt.Sprintf("%s-%03d", l.Quarter, serial)
			entries, ids = append(entries, store.Entry{Kind: store.KindIssue, ID: i.ID, Verb: store.VerbCreate, State: i, Unit: i.Unit, Year: i.Quarter.Year}), append(ids, i.ID)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, n := range add {
		if err := o.takeEvidence(v, n.held); err != nil {
			return nil, err
		}
	}
	if list != nil {
		entries = append([]store.Entry{*list}, entries...)
	}
	return ids, o.append(ctx, v, act, append(entries, others...)...)
}

// madeOf finds what a finding or an anomaly was made into before.
func (b *issueBook) madeOf(origin issue.Origin) *heldIssue {
	if origin.Kind != issue.OriginFinding && origin.Kind != issue.OriginAnomaly {
		return nil
	}
	for _, h := range b.order {
		if h.Origin.Kind == origin.Kind && h.Origin.Ref == origin.Ref && h.State != issue.Withdrawn {
			return h
		}
	}
	return nil
}

// IssueOf finds the issue that a finding or an anomaly was made into, by its
// fingerprint. Error: ErrNotFound when there is none that the visitor may see.
func (o *Office) IssueOf(ctx context.Context, v people.Visitor, kind issue.OriginKind, fingerprint string) (*IssueView, error) {
	id := ""
	err := o.issuesNow(ctx, func(b *issueBook) error {
		if h := b.madeOf(issue.Origin{Kind: kind, Ref: fingerprint}); h != nil {
			id = h.ID
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return o.Issue(ctx, v, id)
}
