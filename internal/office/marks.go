package office

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// longestReason bounds a reason and an answer, in characters.
const longestReason = 1000

// SeenMatter is a matter as its marker saw it.
type SeenMatter struct {
	ID   string
	Seen uint64 // Matter.Seen
	Own  string // Matter.Own
}

// MarkOrder is one disposition of any number of a year's matters.
type MarkOrder struct {
	Year        disclosure.Year
	Basis       store.Basis
	Matters     []SeenMatter
	Disposition Disposition
	Reason      string
}

// Marked tells what became of an order: those that somebody marked meanwhile,
// or whose figures changed, stay as they are.
type Marked struct {
	Done  int
	Stale []string // IDs
}

// markTries is how often an order is tried anew when others write at once.
const markTries = 3

// MarkMatters puts a supervisor's disposition on matters, each with the reason.
// A matter that is not as it was seen is left alone and told; the others are
// marked. Errors: ErrInvalid, ErrForbidden, ErrNotFound (none of them is there),
// ErrConflict (all are stale).
func (o *Office) MarkMatters(ctx context.Context, v people.Visitor, order MarkOrder, act string) (*Marked, error) {
	reason := strings.TrimSpace(order.Reason)
	switch {
	case len(order.Matters) == 0:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "请先勾选要处理的事项。")
	case !slices.Contains(Dispositions, order.Disposition):
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "请选择处理意见:属实、已说明、误报或恢复未处理。")
	case reason == "":
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "请写明理由,以后复核时要看。")
	case utf8.RuneCountInString(reason) > longestReason:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "理由最多%d个字,请写简短些。", longestReason)
	}
	order.Reason = reason
	if done, err := o.store.Acted(ctx, act, v.Account, store.Part{Kind: store.KindMark, Verb: store.VerbMark}); err != nil || done {
		return o.markedBefore(ctx, act, err)
	}
	var err error
	for range markTries {
		var out *Marked
		var entries []store.Entry
		if out, entries, err = o.markEntries(ctx, v, order); err != nil {
			return nil, err
		}
		if len(entries) == 0 {
			return out, disclosure.Errorf(disclosure.ErrConflict, "所选事项刚刚被别人处理过,或数字已变,没有改动;请刷新后再处理。")
		}
		if err = o.append(ctx, v, act, entries...); disclosure.CodeOf(err) != disclosure.ErrConflict || err == nil {
			return out, err
		}
	}
	return nil, err
}

// markedBefore is the answer to an order that was sent before.
func (o *Office) markedBefore(ctx context.Context, act string, err error) (*Marked, error) {
	if err != nil {
		return nil, err
	}
	before, err := o.store.Entries(ctx, store.EntryFilter{Act: act})
	return &Marked{Done: len(before)}, err
}

func (o *Office) markEntries(ctx context.Context, v people.Visitor, order MarkOrder) (*Marked, []store.Entry, error) {
	out := &Marked{}
	var entries []store.Entry
	var missing error
	for i, seen := range order.Matters {
		if slices.ContainsFunc(order.Matters[:i], func(s SeenMatter) bool { return s.ID == seen.ID }) {
			continue
		}
		m, err := o.matter(ctx, v, order.Year, order.Basis, seen.ID)
		if disclosure.CodeOf(err) == disclosure.ErrNotFound {
			missing = err
			out.Stale = append(out.Stale, seen.ID)
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		if err := v.Demand(people.Supervise, m.Unit.Number); err != nil {
			return nil, nil, err
		}
		if m.Seen != seen.Seen || m.Own != seen.Own {
			out.Stale = append(out.Stale, seen.ID)
			continue
		}
		mark := m.Mark
		mark.About, mark.Disposition, mark.Reason, mark.Own = m.about(), order.Disposition, order.Reason, m.Own
		mark.By, mark.ByName, mark.At = v.Account, v.Name, o.clock()
		mark.Answered.Waits = false
		entries = append(entries, m.entry(mark, store.VerbMark))
	}
	if len(entries) == 0 && missing != nil && len(order.Matters) == 1 {
		return nil, nil, missing
	}
	out.Done = len(entries)
	return out, entries, nil
}

func (m *Matter) entry(mark Mark, verb store.Verb) store.Entry {
	return store.Entry{Kind: store.KindMark, ID: m.ID, Verb: verb, Seen: m.Seen, State: mark, Unit: m.Unit.Number, Year: m.Report.Period.Year}
}

// mayAnswer says who answers for a unit: who fills in its report or reviews it.
func mayAnswer(v people.Visitor, unit disclosure.UnitNumber) bool {
	return v.May(people.FileReport, unit) || v.May(people.ReviewReport, unit)
}

// AnswerMatter is the unit's answer to one of its matters; it goes to the
// supervisors' list. Errors: ErrInvalid, ErrForbidden, ErrNotFound, ErrConflict
// (the matter is not as it was seen).
func (o *Office) AnswerMatter(ctx context.Context, v people.Visitor, year disclosure.Year, basis store.Basis, seen SeenMatter, text, act string) error {
	text = strings.TrimSpace(text)
	if text == "" {
		return disclosure.Errorf(disclosure.ErrInvalid, "请写明情况:数字是否有误,属实的说明原因。")
	}
	if utf8.RuneCountInString(text) > longestReason {
		return disclosure.Errorf(disclosure.ErrInvalid, "答复最多%d个字,请写简短些。", longestReason)
	}
	m, err := o.matter(ctx, v, year, basis, seen.ID)
	if err != nil {
		return err
	}
	if !mayAnswer(v, m.Unit.Number) {
		return v.Demand(people.FileReport, m.Unit.Number)
	}
	if done, err := o.store.Acted(ctx, act, v.Account, store.Part{Kind: store.KindMark, Verb: store.VerbAnswer, ID: m.ID}); err != nil || done {
		return err
	}
	if m.Seen != seen.Seen || m.Own != seen.Own {
		return disclosure.Errorf(disclosure.ErrConflict, "这项刚刚有了新的处理,或数字已变;您写的还在,请看过之后再答复。")
	}
	mark := m.Mark
	mark.About, mark.Answer = m.about(), text
	mark.Answered.Own, mark.Answered.By, mark.Answered.ByName, mark.Answered.At, mark.Answered.Waits = m.Own, v.Account, v.Name, o.clock(), true
	return o.append(ctx, v, act, m.entry(mark, store.VerbAnswer))
}

// MarkEntry is one thing that was said of a matter.
type MarkEntry struct {
	Time        time.Time
	Name        string // of the person
	Answer      bool   // by the unit
	Disposition Disposition
	Text        string
	// Own names the unit's figures then: it has lapsed when they are others now.
	Own string
}

// mostMarks is how much of a matter's history a page shows.
const mostMarks = 100

func (o *Office) markHistory(ctx context.Context, id string) ([]MarkEntry, error) {
	entries, err := o.store.Entries(ctx, store.EntryFilter{Kind: store.KindMark, ID: id, Newest: true, Limit: mostMarks, States: true})
	if err != nil {
		return nil, err
	}
	var out []MarkEntry
	for _, e := range entries {
		m, err := decodeMark(e)
		if err != nil {
			return nil, err
		}
		said := MarkEntry{Time: e.Time, Name: m.ByName, Disposition: m.Disposition, Text: m.Reason, Own: m.Own}
		if e.Verb == store.VerbAnswer {
			said = MarkEntry{Time: e.Time, Name: m.Answered.ByName, Answer: true, Text: m.Answer, Own: m.Answered.Own}
		}
		out = append(out, said)
	}
	return out, nil
}

// MatterIssue is what an issue begins with that a matter becomes.
type MatterIssue struct {
	ID      string // of the matter
	Anomaly bool
	Unit    disclosure.UnitNumber
	Year    disclosure.Year
	Report  store.ReportKey
	Name    string
	Facts   string // one sentence, fit for the unit
	Codes   []disclosure.Code
	// Reason is what the supervisor said when it was found true.
	Reason string
}

// MatterIssue hands a matter that is true over to the issue lists. Errors:
// ErrNotFound, ErrForbidden, ErrConflict (it is not marked 属实).
func (o *Office) MatterIssue(ctx context.Context, v people.Visitor, year disclosure.Year, basis store.Basis, id string) (*MatterIssue, error) {
	m, err := o.matter(ctx, v, year, basis, id)
	if err != nil {
		return nil, err
	}
	if err := v.Demand(people.Supervise, m.Unit.Number); err != nil {
		return nil, err
	}
	if m.Mark.Disposition != Confirmed {
		return nil, disclosure.Errorf(disclosure.ErrConflict, "请先核实为“属实”,再转为问题。")
	}
	return &MatterIssue{ID: m.ID, Anomaly: m.Anomaly != nil, Unit: m.Unit.Number, Year: year, Report: m.Report, Name: m.Name, Facts: m.Message,
		Codes: m.Codes, Reason: m.Mark.Reason}, nil
}
