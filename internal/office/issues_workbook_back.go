package office

import (
	"context"
	"fmt"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// BookMerge is what a workbook that came back changes.
type BookMerge struct {
	File     issue.File
	List     issue.List
	Changes  []issue.BookChange // those with Conflict wait for a choice
	Problems []string
	// Kept are the numbers of issues that were handed over already: what they say
	// stays, marks alone are taken.
	Kept []string
	// Files are what came in the evidence folder.
	Files []EvidenceFile
	// IDs are the issues made or corrected; of MergeBook alone.
	IDs []string
}

// Conflicts are the changes that wait for a choice.
func (m *BookMerge) Conflicts() []issue.BookChange {
	var out []issue.BookChange
	for _, c := range m.Changes {
		if c.Conflict {
			out = append(out, c)
		}
	}
	return out
}

// PreviewBook compares a workbook that came back, alone or in a zip with its
// evidence, and keeps nothing. Errors: ErrNotFound (the list, or the waiting
// file), ErrInvalid.
func (o *Office) PreviewBook(ctx context.Context, v people.Visitor, list string, src IssueSource) (*BookMerge, error) {
	out, _, err := o.compareBook(ctx, v, list, src)
	return out, err
}

// bookBack is a workbook that came back with what it came with.
type bookBack struct {
	data []byte
	pack *evidencePack
}

func (o *Office) compareBook(ctx context.Context, v people.Visitor, list string, src IssueSource) (*BookMerge, *bookBack, error) {
	l, err := o.issueList(ctx, v, list)
	if err == nil {
		err = needsScores(l)
	}
	if err == nil {
		err = needsOpen(l)
	}
	if err != nil {
		return nil, nil, err
	}
	data, file, err := o.issueFile(v, list, IncomingBook, src)
	if err != nil {
		return nil, nil, err
	}
	doc, pack, err := o.openBook(ctx, file.Name, data)
	if err != nil {
		return nil, nil, err
	}
	out := &BookMerge{File: *file, List: *l}
	err = o.issuesNow(ctx, func(b *issueBook) error {
		rows, made := b.bookRows(l)
		reading, err := issue.CompareBook(doc, rows)
		if err != nil {
			return err
		}
		out.Changes = pack.match(reading, rows, made)
		out.Problems, out.Files = append(reading.Problems, pack.problems...), pack.files
		for _, c := range out.Changes {
			if h := made[c.Row.ID]; h != nil && h.State != issue.Found && !slices.Contains(out.Kept, h.Number) {
				out.Kept = append(out.Kept, h.Number)
			}
		}
		return nil
	})
	return out, &bookBack{data: data, pack: pack}, err
}

// MergeBook takes a workbook in, in one act: what nobody else changed, and each
// conflict as chosen (BookChange.Key: whether what came back is taken). Marks go
// into the list's scores; rows with lost marks or a reason become issues, or
// correct those that they became before, as long as these were not handed over.
// Errors: as PreviewBook; ErrInvalid when a conflict waits for a choice or there
// is nothing to merge; ErrConflict when the list changed meanwhile.
func (o *Office) MergeBook(ctx context.Context, v people.Visitor, act, list string, src IssueSource, choices map[string]bool) (*BookMerge, error) {
	o.issues.bringing.Lock()
	defer o.issues.bringing.Unlock()
	done, err := o.store.Acted(ctx, act, v.Account, store.Part{Kind: store.KindIssueList, Verb: store.VerbChange, ID: list})
	if err != nil {
		return nil, err
	}
	if done {
		return o.bookMerged(ctx, v, act, list)
	}
	out, back, err := o.compareBook(ctx, v, list, src)
	if err != nil {
		return nil, err
	}
	var taken []string
	open := 0
	for _, c := range out.Conflicts() {
		take, chosen := choices[c.Key()]
		if !chosen {
			open++
		}
		if take {
			taken = append(taken, c.Key())
		}
	}
	if open > 0 {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "还有%d处冲突没有选择,请逐处选定保留现在的还是采用带回的。", open)
	}
	l, seq, err := o.heldList(ctx, list)
	if err != nil {
		return nil, err
	}
	rows := issue.TakeBook(out.Changes, taken)
	if len(rows) == 0 {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "工作簿与现在的内容没有可以合并的不同。")
	}
	l.Scores = withMarks(l.Scores, l.ID, rows)
	if !slices.ContainsFunc(l.Files, func(f issue.File) bool { return f.SHA256 == out.File.SHA256 }) {
		l.Files = append(slices.Clone(l.Files), out.File)
	}
	listEntry := store.Entry{Kind: store.KindIssueList, ID: l.ID, Verb: store.VerbChange, Seen: seq, State: l, Year: l.Quarter.Year}
	add, corrected, err := o.bookIssues(ctx, v, out, back.pack, &l, rows)
	if err != nil {
		return nil, err
	}
	if err := back.keep(o, out.File.Name); err != nil {
		return nil, err
	}
	out.List = l
	ids, err := o.enterIssues(ctx, v, act, l.ID, &listEntry, add, corrected...)
	if err != nil {
		return nil, err
	}
	out.IDs = append(out.IDs, ids...)
	_ = o.store.DropWaiting(src.Waiting) // it is kept now; what is left goes in a day
	return out, nil
}

// bookMerged is the answer to a repeated merge.
func (o *Office) bookMerged(ctx context.Context, v people.Visitor, act, list string) (*BookMerge, error) {
	before, err := o.importedBefore(ctx, v, act)
	if err != nil {
		return nil, err
	}
	return &BookMerge{List: before.List, IDs: before.IDs}, nil
}

// withMarks is the score table with the rows' marks.
func withMarks(t *issue.ScoreTable, list string, rows []issue.BookRow) *issue.ScoreTable {
	next := *t
	next.Units = slices.Clone(t.Units)
	for n := range next.Units {
		u := &next.Units[n]
		u.Marks = slices.Clone(u.Marks)
		for k, item := range t.Items {
			id := issue.BookID(list, u.Unit, item)
			for _, r := range rows {
				if r.ID == id && k < len(u.Marks) {
					u.Marks[k] = issue.MarkOf(r.Mark)
				}
			}
		}
	}
	return &next
}

// bookIssues are the issues that the rows make, and the entries that correct
// those of before.
func (o *Office) bookIssues(ctx context.Context, v people.Visitor, out *BookMerge, pack *evidencePack, l *issue.List, rows []issue.BookRow) (add []newIssue, corrected []store.Entry, err error) {
	err = o.issuesNow(ctx, func(b *issueBook) error {
		_, made := b.bookRows(l)
		was := map[string]issue.BookRow{}
		for _, ch := range out.Changes {
			was[ch.Row.ID] = ch.Row
		}
		for _, r := range rows {
			c, says := r.Content()
			h, now := made[r.ID], o.clock()
			if h != nil {
				c, says = r.Correct(h.Content, was[r.ID], issue.Evidence{By: v.Account, Time: now})
			}
			c.Evidence = pack.add(c.Evidence, r, v.Account, now)
			switch {
			case h == nil && says:
				add = append(add, newIssue{content: c, origin: issue.Origin{Kind: issue.OriginBook, Ref: r.ID, File: out.File.Name, Place: r.UnitText + " " + r.Item.Indicator2}})
			case h == nil, h.State != issue.Found:
			default:
				m := issue.Move{Act: issue.Correct, Content: &c}
				if !says {
					m = issue.Move{Act: issue.Withdraw, Reason: "测评工作簿改为不失分"}
				}
				next, err := issue.Apply(h.Issue, m, issue.On(v, l), o.clock())
				if err != nil {
					return fmt.Errorf("%s: %w", h.Number, err)
				}
				if says {
					next.Evidence = c.Evidence
				}
				corrected = append(corrected, store.Entry{Kind: store.KindIssue, ID: h.ID, Verb: issueVerbs[m.Act], Seen: h.Seq, State: next, Unit: next.Unit, Year: next.Quarter.Year})
				out.IDs = append(out.IDs, h.ID)
			}
		}
		return nil
	})
	return add, corrected, err
}
