package office

import (
	"context"
	"slices"
	"strings"

	"mingjing/internal/bulletin"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
	"mingjing/internal/issue"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// SetIssueItems gives a list the indicators and units that an offline workbook
// is made of. Marks that are there already stay with their unit and indicator.
// Errors: ErrNotFound, ErrInvalid, ErrConflict.
func (o *Office) SetIssueItems(ctx context.Context, v people.Visitor, act, list string, seq uint64, items []issue.ScoreItem, only []disclosure.UnitNumber) error {
	if done, err := o.store.Acted(ctx, act, v.Account, store.Part{Kind: store.KindIssueList, Verb: store.VerbChange, ID: list}); err != nil || done {
		return err
	}
	if _, err := o.issueList(ctx, v, list); err != nil {
		return err
	}
	l, _, err := o.heldList(ctx, list)
	if err != nil {
		return err
	}
	units, err := o.units(ctx)
	if err != nil {
		return err
	}
	if len(items) == 0 || len(items) > 200 || len(only) == 0 {
		return disclosure.Errorf(disclosure.ErrInvalid, "请至少写一项指标(最多200项)、选一个单位。")
	}
	next := &issue.ScoreTable{Items: items}
	for k, item := range items {
		if strings.TrimSpace(item.Indicator2) == "" || !item.Full.IsPositive() {
			return disclosure.Errorf(disclosure.ErrInvalid, "第%d项指标没有名称,或满分不是正数,请补正。", k+1)
		}
	}
	for _, n := range only {
		u := units.byNumber[n]
		if u == nil || u.MergedInto != 0 {
			return disclosure.Errorf(disclosure.ErrInvalid, "没有编号为 %d 的单位,请从单位列表中选择。", n)
		}
		s := issue.UnitScore{Unit: n, UnitText: u.Name}
		for _, item := range items {
			s.Marks = append(s.Marks, markOn(l.Scores, n, item))
		}
		next.Units = append(next.Units, s)
	}
	l.Scores = next
	return o.append(ctx, v, act, store.Entry{Kind: store.KindIssueList, ID: l.ID, Verb: store.VerbChange, Seen: seq, State: l, Year: l.Quarter.Year})
}

// markOn is a unit's mark for an indicator, none when the table has none.
func markOn(t *issue.ScoreTable, unit disclosure.UnitNumber, item issue.ScoreItem) issue.Mark {
	if t == nil {
		return issue.Mark{}
	}
	k := slices.IndexFunc(t.Items, func(i issue.ScoreItem) bool {
		return i.Indicator1 == item.Indicator1 && i.Indicator2 == item.Indicator2
	})
	for _, u := range t.Units {
		if u.Unit == unit && k >= 0 && k < len(u.Marks) {
			return u.Marks[k]
		}
	}
	return issue.Mark{}
}

// bookRows are the rows of a list's workbook as they stand now, and the issue
// behind each, by id. The caller holds the book.
func (b *issueBook) bookRows(l *issue.List) ([]issue.BookRow, map[string]*heldIssue) {
	made := map[string]*heldIssue{}
	for _, h := range b.order {
		if h.List == l.ID && h.Origin.Kind == issue.OriginBook && h.State != issue.Withdrawn {
			made[h.Origin.Ref] = h
		}
	}
	var out []issue.BookRow
	for _, u := range l.Scores.Units {
		if u.Unit == 0 {
			continue
		}
		for k, item := range l.Scores.Items {
			r := issue.BookRow{ID: issue.BookID(l.ID, u.Unit, item), Unit: u.Unit, UnitText: u.UnitText, Item: item}
			if k < len(u.Marks) {
				r.Mark = issue.MarkText(u.Marks[k])
			}
			if h := made[r.ID]; h != nil {
				r.Facts, r.Evidence = h.Facts, evidenceText(h.Evidence)
			}
			out = append(out, r)
		}
	}
	return out, made
}

func evidenceText(list []issue.Evidence) string {
	var out []string
	for _, e := range list {
		if e.Address != "" {
			out = append(out, e.Address)
		}
	}
	return strings.Join(out, "\n")
}

func needsScores(l *issue.List) error {
	if l.Scores == nil || len(l.Scores.Items) == 0 {
		return disclosure.Errorf(disclosure.ErrInvalid, "清单还没有指标和单位,请先设置指标,或导入一份得分表。")
	}
	return nil
}

// EvaluationBook is the offline workbook (测评工作簿) of a list and the name it
// goes out under. Errors: ErrNotFound, ErrInvalid (no indicators yet).
func (o *Office) EvaluationBook(ctx context.Context, v people.Visitor, list string) (data []byte, name string, err error) {
	l, err := o.issueList(ctx, v, list)
	if err == nil {
		err = needsScores(l)
	}
	if err != nil {
		return nil, "", err
	}
	book := bulletin.Book{Title: l.Title + "测评工作簿", Columns: issue.BookColumns, Widths: []float64{24, 14, 24, 8, 14, 40, 40}, Editable: issue.BookEditable, Hidden: issue.BookHidden,
		Notes: []string{"只填写浅色的三列,不要增删行列、改动隐藏的列。", "得分填数字;不涉及的指标填“不涉及”,换算总分时不计。", "证据填网页地址;图片等文件放在同一文件夹,在此填写文件名,带回后在系统中上传到对应问题。", "填好后把工作簿交回,由系统与发出时、现在的内容对照合并。"}}
	err = o.issuesNow(ctx, func(b *issueBook) error {
		rows, _ := b.bookRows(l)
		for _, r := range rows {
			book.Rows = append(book.Rows, r.Cells())
		}
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	data, err = bulletin.BookXlsx(book)
	return data, evidenceName(book.Title + ".xlsx"), err
}

// BookMerge is what a workbook that came back changes.
type BookMerge struct {
	File     issue.File
	List     issue.List
	Changes  []issue.BookChange // those with Conflict wait for a choice
	Problems []string
	// Kept are rows whose issue was handed over already: their facts stay.
	Kept []string
	// IDs are the issues made or corrected; of MergeBook alone.
	IDs []string
}

// PreviewBook compares a workbook that came back and keeps nothing but the file.
func (o *Office) PreviewBook(ctx context.Context, v people.Visitor, list string, src IssueSource) (*BookMerge, error) {
	out, _, err := o.compareBook(ctx, v, list, src)
	return out, err
}

func (o *Office) compareBook(ctx context.Context, v people.Visitor, list string, src IssueSource) (*BookMerge, *document.Document, error) {
	l, err := o.issueList(ctx, v, list)
	if err == nil {
		err = needsScores(l)
	}
	if err != nil {
		return nil, nil, err
	}
	data, file, err := o.issueFile(src)
	if err != nil {
		return nil, nil, err
	}
	doc, err := o.readers.Document(ctx, file.Name, data)
	if err != nil {
		return nil, nil, err
	}
	out := &BookMerge{File: *file, List: *l}
	err = o.issuesNow(ctx, func(b *issueBook) error {
		rows, _ := b.bookRows(l)
		out.Changes, out.Problems, err = issue.CompareBook(doc, rows)
		return err
	})
	return out, doc, err
}

// MergeBook takes a workbook in, in one act: what nobody else changed, and of
// the conflicts those chosen (BookChange.Key). Marks go into the list's scores;
// rows with lost marks or a reason become issues, or correct those that they
// became before, as long as these were not handed over. Errors: as
// PreviewBook; ErrConflict when the list changed meanwhile.
func (o *Office) MergeBook(ctx context.Context, v people.Visitor, act, list string, src IssueSource, chosen []string) (*BookMerge, error) {
	done, err := o.store.Acted(ctx, act, v.Account, store.Part{Kind: store.KindIssueList, Verb: store.VerbChange, ID: list})
	if err != nil {
		return nil, err
	}
	out, _, err := o.compareBook(ctx, v, list, src)
	if err != nil || done {
		return out, err
	}
	l, seq, err := o.heldList(ctx, list)
	if err != nil {
		return nil, err
	}
	rows := issue.TakeBook(out.Changes, chosen)
	if len(rows) == 0 {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "工作簿与现在的内容没有可以合并的不同。")
	}
	l.Scores = withMarks(l.Scores, l.ID, rows)
	if !slices.ContainsFunc(l.Files, func(f issue.File) bool { return f.SHA256 == out.File.SHA256 }) {
		l.Files = append(slices.Clone(l.Files), out.File)
	}
	listEntry := store.Entry{Kind: store.KindIssueList, ID: l.ID, Verb: store.VerbChange, Seen: seq, State: l, Year: l.Quarter.Year}
	add, corrected, err := o.bookIssues(ctx, v, out, &l, rows)
	if err != nil {
		return nil, err
	}
	out.List = l
	ids, err := o.enterIssues(ctx, v, act, l.ID, &listEntry, add, corrected...)
	out.IDs = append(out.IDs, ids...)
	return out, err
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
func (o *Office) bookIssues(ctx context.Context, v people.Visitor, out *BookMerge, l *issue.List, rows []issue.BookRow) (add []newIssue, corrected []store.Entry, err error) {
	err = o.issuesNow(ctx, func(b *issueBook) error {
		_, made := b.bookRows(l)
		for _, r := range rows {
			c, says := r.Content()
			h := made[r.ID]
			switch {
			case h == nil && says:
				add = append(add, newIssue{content: c, origin: issue.Origin{Kind: issue.OriginBook, Ref: r.ID, File: out.File.Name, Place: r.UnitText + " " + r.Item.Indicator2}})
			case h == nil:
			case h.State != issue.Found:
				out.Kept = append(out.Kept, h.Number)
			default:
				m := issue.Move{Act: issue.Correct, Content: &c}
				if !says {
					m = issue.Move{Act: issue.Withdraw, Reason: "测评工作簿改为不失分"}
				}
				c.Due, c.Helpers = h.Due, h.Helpers
				next, err := issue.Apply(h.Issue, m, issue.On(v, l), o.clock())
				if err != nil {
					return err
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
