package office

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/store"
)

// Beside reports, files and drafts a unit's year has records that hold content
// of their own: the rows of its ledger of applications, what was read of a
// published page, the scan of a sealed copy, its issues. Issues that nobody
// answers for yet, lists and bulletins belong to no unit: they stand under unit
// 0, the district. A record is erased with everything that it ever was in the
// log, and with the files that it names.

// erasableKinds are the kinds of such records.
var erasableKinds = []store.EntityKind{store.KindLedger, store.KindPublication, store.KindSeal, store.KindIssue, store.KindIssueList, store.KindBulletin}

// AskedRecord names a record to be erased.
type AskedRecord struct {
	Kind store.EntityKind `json:"kind"`
	ID   string           `json:"id"`
	// Revision is the report's, of the scan of a sealed copy.
	Revision int `json:"revision,omitempty"`
	// Label is the number of an issue, the title of a list or bulletin: it stays.
	Label string `json:"label,omitempty"`
}

// Name is how a form names the record.
func (r AskedRecord) Name() string { return string(r.Kind) + " " + r.ID }

// ErasableRecord is a record of a unit's year, with how often it was changed.
type ErasableRecord struct {
	AskedRecord
	Changes int       // 0 when nobody counted
	Time    time.Time // of the last one
}

// recordState is what the states of those kinds have in common.
type recordState struct {
	Unit     disclosure.UnitNumber `json:"unit"` // 0 once erased, if it is none of those that keep more
	Erased   json.RawMessage       `json:"erased"`
	Title    string                `json:"title"`
	Revision int                   `json:"revision"`
	// Bytes is the sha256 of a ledger's file, which itself was never kept.
	Bytes string `json:"bytes"`
}

// erasableRecords are those among the entries of a unit's year, the oldest first.
func erasableRecords(entries []store.LogEntry, year disclosure.Year) []ErasableRecord {
	var out []ErasableRecord
	for _, e := range entries {
		var s recordState
		if e.Year != year || e.Kind == store.KindIssue || !slices.Contains(erasableKinds, e.Kind) || json.Unmarshal(e.State, &s) != nil || s.Erased != nil {
			continue
		}
		if e.Kind != store.KindIssueList && e.Kind != store.KindBulletin {
			s.Title = "" // of a page that was published: it goes with the page
		}
		at := slices.IndexFunc(out, func(r ErasableRecord) bool { return r.Kind == e.Kind && r.ID == e.ID })
		if at < 0 {
			at, out = len(out), append(out, ErasableRecord{AskedRecord: AskedRecord{Kind: e.Kind, ID: e.ID, Revision: s.Revision, Label: s.Title}})
		}
		out[at].Changes++
		out[at].Time = e.Time
	}
	return out
}

// erasableIssues are the issues that a unit answers for, with 0 those that
// nobody does, the latest quarter last.
func (o *Office) erasableIssues(ctx context.Context, unit disclosure.UnitNumber, year disclosure.Year) (out []ErasableRecord, err error) {
	err = o.issuesNow(ctx, func(b *issueBook) error {
		for _, h := range b.order {
			if h.Unit == unit && h.Quarter.Year == year && h.HasContent() {
				out = append(out, ErasableRecord{AskedRecord: AskedRecord{Kind: store.KindIssue, ID: h.ID, Label: h.Number}, Time: h.Time})
			}
		}
		return nil
	})
	return out, err
}

// choose turns the names that a form gave into the records of the request.
func (ask *ErasureAsk) choose(there []ErasableRecord) error {
	ask.Records = nil
	for _, name := range ask.RecordNames {
		at := slices.IndexFunc(there, func(r ErasableRecord) bool { return r.Name() == name })
		if at < 0 {
			return disclosure.Errorf(disclosure.ErrNotFound, "选定的记录不存在或已清除,请刷新后重新选择。")
		}
		ask.Records = append(ask.Records, there[at].AskedRecord)
	}
	return nil
}

// addRecords puts the rows of the records and the files that they name to an
// erasure, as they are when it is confirmed.
func (o *Office) addRecords(ctx context.Context, order *erasureOrder, records []AskedRecord) error {
	for _, r := range records {
		entries, err := o.store.Entries(ctx, store.EntryFilter{Kind: r.Kind, ID: r.ID, Limit: mostOfUnit, States: true})
		if err != nil {
			return err
		}
		for _, e := range entries {
			var s recordState
			if json.Unmarshal(e.State, &s) != nil || s.Erased != nil {
				continue
			}
			kept, err := keptOf(e, order.Reason)
			if err != nil {
				return err
			}
			if err := order.add(e.Seq, kept); err != nil {
				return err
			}
			sums := []string{s.Bytes}
			for _, m := range namedFile.FindAllStringSubmatch(string(e.State), -1) {
				sums = append(sums, m[2])
			}
			for _, sum := range sums {
				if sum != "" && !slices.Contains(order.Files, sum) {
					order.Files = append(order.Files, sum)
				}
			}
		}
		if r.Kind == store.KindIssue {
			if err := o.addReminders(ctx, order, r.ID); err != nil {
				return err
			}
		}
		if r.Kind == store.KindLedger {
			o.ledgers.drop(r.ID)
		}
	}
	return nil
}

// erasureOrder is what is handed to the store.
type erasureOrder struct{ store.Erasure }

// add puts a row to the order, with what stays of it.
func (order *erasureOrder) add(seq uint64, kept any) error {
	if !slices.Contains(order.Seqs, seq) {
		order.Seqs = append(order.Seqs, seq)
	}
	if kept == nil {
		return nil
	}
	data, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	if order.Kept == nil {
		order.Kept = map[uint64]json.RawMessage{}
	}
	order.Kept[seq] = data
	return nil
}

// keptOf is what stays of a record's state: of issues, lists and bulletins the
// frame, so that numbers are not given again and counts stay what they were.
func keptOf(e store.LogEntry, reason string) (any, error) {
	var err error
	switch e.Kind {
	case store.KindIssue:
		i := &issue.Issue{}
		if err = json.Unmarshal(e.State, i); err == nil && i.ID != "" {
			return i.WithoutContent(reason), nil
		}
	case store.KindIssueList:
		l := &issue.List{}
		if err = json.Unmarshal(e.State, l); err == nil && l.ID != "" {
			return l.WithoutContent(), nil
		}
	case store.KindBulletin:
		b := &Bulletin{}
		if err = json.Unmarshal(e.State, b); err == nil && b.ID != "" {
			return b.withoutContent(), nil
		}
	}
	return nil, err
}

// addReminders takes what an issue says out of the reminders that quoted it, and
// out of the notices to the units.
func (o *Office) addReminders(ctx context.Context, order *erasureOrder, id string) error {
	quoting, err := o.store.Entries(ctx, store.EntryFilter{Kind: store.KindNotice, Text: id, Limit: mostOfUnit, States: true})
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, e := range quoting {
		var r Reminder
		if !strings.HasPrefix(e.ID, reminderPrefix) || json.Unmarshal(e.State, &r) != nil {
			continue
		}
		for _, u := range r.Units {
			quotes := slices.ContainsFunc(u.Issues, func(i RemindedIssue) bool { return i.ID == id })
			notice := noticeID(r.ID, u.Unit)
			if !quotes || known[notice] {
				continue
			}
			known[notice] = true
			if err := o.addNotice(ctx, order, notice); err != nil {
				return err
			}
		}
		r.withoutContent()
		if err := order.add(e.Seq, r); err != nil {
			return err
		}
	}
	return nil
}

func (o *Office) addNotice(ctx context.Context, order *erasureOrder, id string) error {
	entries, err := o.store.Entries(ctx, store.EntryFilter{Kind: store.KindNotice, ID: id, Limit: mostOfUnit, States: true})
	if err != nil {
		return err
	}
	for _, e := range entries {
		var n Notice
		if json.Unmarshal(e.State, &n) != nil || n.ID == "" {
			continue
		}
		n.Text = issue.ErasedText
		if err := order.add(e.Seq, n); err != nil {
			return err
		}
	}
	return nil
}

// withoutContent takes out of a reminder what it says of issues, of all of them:
// what is kept of it stands in the erasure's record too, where a later erasure
// does not come. A letter that was not sent yet is not sent any more.
func (r *Reminder) withoutContent() {
	r.Text, r.Each = issue.ErasedText, issue.ErasedText
	for k := range r.Units {
		r.Units[k].Text = issue.ErasedText
		for n := range r.Units[k].Issues {
			r.Units[k].Issues[n].Facts = issue.ErasedText
		}
	}
	for k := range r.Mailed {
		if m := &r.Mailed[k]; m.Sent.IsZero() && m.Address != "" {
			m.Waiting, m.Next, m.Address, m.Problem = false, time.Time{}, "", "所催问题的内容已清除,这封邮件不再发送。"
		}
	}
}

// withoutContent is what stays of a bulletin: its versions with who made them
// and the hashes of their documents, which say that they were erased.
func (b *Bulletin) withoutContent() *Bulletin {
	out := *b
	out.Texts, out.Versions = nil, slices.Clone(b.Versions)
	for k := range out.Versions {
		out.Versions[k].Changes = nil
	}
	if out.Dropped != "" {
		out.Dropped = issue.ErasedText
	}
	return &out
}

// refuseErased refuses content that was erased before, by its hash.
func (o *Office) refuseErased(sum string) error {
	if o.store.FileErased(strings.ToLower(sum)) {
		return store.ErasedContent()
	}
	return nil
}
