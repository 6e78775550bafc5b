package office

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
	"mingjing/internal/issue"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// IssueSource is a file on its way in: its content, or the id of a file of the
// visitor's that waits (see BringIncoming).
type IssueSource struct {
	Name    string
	Data    []byte
	Waiting string
}

// IssueImportOptions say how a list is taken in.
type IssueImportOptions struct {
	// List names the list that the issues go on; "" makes the one of Form.
	List string
	Form IssueListForm
	// Mapping is what a person confirmed or corrected; nil is what was
	// remembered for these heads, or else proposed.
	Mapping *issue.Mapping
	// Accept takes the proposed mapping as it is.
	Accept bool
	// Skip and Take are rows by id: left out, or taken although they are
	// duplicates.
	Skip, Take []string
	// OtherQuarter takes a file that speaks of other quarters than the list's.
	OtherQuarter bool
	// NoScores leaves a score table in the file out.
	NoScores bool
	// Remarks confirms what the score table changes of the list's, by
	// issue.RemarksPrint of the preview's.
	Remarks string
	// Historic: a list of the past. Rows whose 整改情况 says that it is done
	// come in as 已销号, with that as their answer.
	Historic bool
}

// IssuePreview is what an import would do.
type IssuePreview struct {
	File    issue.File
	Quarter disclosure.Period
	issue.Reading
	// Asked: the columns need a person's look before the rows are taken.
	Asked bool
	// Objection says that the file speaks of other quarters than the list's; a
	// person must say that it is meant (IssueImportOptions.OtherQuarter).
	Objection string
	// New and Twins count the rows that would come in, and the duplicates.
	New, Twins int
	// UnitNames are the units found, for the rows.
	UnitNames map[disclosure.UnitNumber]string
	// Scores is the score sheet that stands in the same file, nil when none
	// does; Differences are what its marks and the deductions do not agree on.
	Scores      *issue.ScoreTable
	Differences []issue.Difference
	// Joins: the list has scores already, into which those of the file go. Remarks
	// are what they change there, and want a person's word; KeptMarks counts the
	// marks that the file does not have, which stay.
	Joins     bool
	Remarks   []issue.Remark
	KeptMarks int
}

// IssueImport tells what became of a list.
type IssueImport struct {
	IssuePreview
	List issue.List
	IDs  []string // of the issues made
	// Skipped are the rows that were left out, duplicates among them.
	Skipped []string
}

// maxIssueFile is how large a list may be, in bytes.
const maxIssueFile = 30 << 20

// PreviewIssues reads a list and keeps nothing. Errors: ErrForbidden,
// ErrNotFound (the list, or the waiting file), ErrInvalid (no list in the file,
// wrong mapping).
func (o *Office) PreviewIssues(ctx context.Context, v people.Visitor, src IssueSource, opts IssueImportOptions) (*IssuePreview, error) {
	preview, _, err := o.readIssues(ctx, v, src, opts)
	return preview, err
}

// readIssues is the preview, and the file's content.
func (o *Office) readIssues(ctx context.Context, v people.Visitor, src IssueSource, opts IssueImportOptions) (*IssuePreview, []byte, error) {
	quarter, err := o.importQuarter(ctx, v, opts)
	if err != nil {
		return nil, nil, err
	}
	data, file, err := o.issueFile(v, opts.List, IncomingList, src)
	if err != nil {
		return nil, nil, err
	}
	doc, err := o.readers.Document(ctx, file.Name, data)
	if err != nil {
		return nil, nil, err
	}
	if issue.IsBook(doc) {
		return nil, nil, disclosure.Errorf(disclosure.ErrInvalid, "“%s”是测评工作簿,不是问题清单;请在清单页面的“测评工作簿”处合并。", file.Name)
	}
	preview, err := o.previewIssues(ctx, v, doc, *file, quarter, opts)
	return preview, data, err
}

// importQuarter says which quarter a list is for, to who may bring it.
func (o *Office) importQuarter(ctx context.Context, v people.Visitor, opts IssueImportOptions) (disclosure.Period, error) {
	if opts.List != "" {
		l, err := o.issueList(ctx, v, opts.List)
		if err != nil {
			return disclosure.Period{}, err
		}
		return l.Quarter, nil
	}
	if !makesLists(v) {
		return disclosure.Period{}, v.Demand(people.Supervise, 0)
	}
	return opts.Form.Quarter, o.checkList(ctx, v, &opts.Form)
}

func (o *Office) previewIssues(ctx context.Context, v people.Visitor, doc *document.Document, file issue.File, quarter disclosure.Period, opts IssueImportOptions) (*IssuePreview, error) {
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	find := issueUnits(units.list, quarter.Year)
	out := &IssuePreview{File: file, Quarter: quarter, UnitNames: map[disclosure.UnitNumber]string{}, Objection: otherQuarter(file.Name, doc, quarter)}
	out.Rows = []issue.Row{}
	if out.Scores = issue.FindScores(doc); out.Scores != nil {
		out.Scores.File = file.Name
		out.Scores.Resolve(find)
	}
	mapping, known, err := o.issueMapping(ctx, doc, opts.Mapping)
	switch {
	case err == nil:
		reading, err := issue.Read(doc, mapping, quarter)
		if err != nil {
			return nil, err
		}
		out.Reading, out.Asked = *reading, !known && !opts.Accept && !mapping.Certain()
		out.Resolve(find)
	case out.Scores == nil || opts.Mapping != nil:
		return nil, err // otherwise it is a score table by itself
	}
	if len(out.Rows) == 0 && out.Scores == nil {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "“%s”里只有表头,没有读到一条问题;请核对是否选错了文件、工作表或问题明细一列。", file.Name)
	}
	if err := o.markKnown(ctx, v, out); err != nil {
		return nil, err
	}
	if opts.Historic {
		out.tellOpen()
	}
	for _, row := range out.Rows {
		if row.Twin != nil {
			out.Twins++
		} else {
			out.New++
		}
		for _, n := range append([]disclosure.UnitNumber{row.Unit}, row.Helpers...) {
			out.UnitNames[n] = units.name(n)
		}
	}
	return out, o.reconcileImport(ctx, out, opts)
}

// otherQuarter is the objection to a file whose name and titles speak of other
// quarters than the list's, "" when there is none.
func otherQuarter(name string, doc *document.Document, quarter disclosure.Period) string {
	named := issue.NamedQuarters(name, doc)
	if len(named) == 0 || slices.Contains(named, quarter) {
		return ""
	}
	return "文件“" + name + "”写的是" + issue.QuarterName(named[0]) + ",这份清单是" + issue.QuarterName(quarter) + ",请核对是否选错了文件或清单。"
}

// reconcileImport holds the marks that would stand against the deductions that
// would: those on the list already, and the new rows.
func (o *Office) reconcileImport(ctx context.Context, p *IssuePreview, opts IssueImportOptions) error {
	return o.issuesNow(ctx, func(b *issueBook) error {
		rows := p.contents()
		held := b.lists[opts.List]
		if held != nil {
			rows = append(b.contentsOf(opts.List), rows...)
		}
		scores := p.Scores
		if held != nil && held.Scores != nil {
			if scores != nil {
				p.Joins = true
				scores, p.Remarks, p.KeptMarks = held.Scores.Merge(scores)
			}
			if scores == nil || opts.NoScores {
				scores = held.Scores
			}
		}
		if scores != nil {
			p.Differences = scores.Reconcile(rows)
		}
		return nil
	})
}

// contentsOf is what the issues of a list say, withdrawn ones left out. The
// caller holds the book.
func (b *issueBook) contentsOf(list string) []*issue.Content {
	var out []*issue.Content
	for _, h := range b.order {
		if h.List == list && h.State != issue.Withdrawn {
			out = append(out, &h.Content)
		}
	}
	return out
}

func (p *IssuePreview) contents() []*issue.Content {
	var out []*issue.Content
	for k := range p.Rows {
		if p.Rows[k].Twin == nil {
			out = append(out, &p.Rows[k].Content)
		}
	}
	return out
}

// issueUnits finds units by the office's name book.
func issueUnits(list []disclosure.Unit, year disclosure.Year) func(string) (disclosure.UnitNumber, string) {
	book := newNameBook(list)
	return func(name string) (disclosure.UnitNumber, string) {
		u, err := book.find(name, year)
		switch {
		case err != nil:
			return 0, disclosure.Sentence(err)
		case u == nil:
			return 0, ""
		}
		return u.Number, ""
	}
}

// markKnown holds the rows against the issues of the quarter on file that the
// visitor may see: evaluators learn nothing of each other's lists.
func (o *Office) markKnown(ctx context.Context, v people.Visitor, p *IssuePreview) error {
	return o.issuesNow(ctx, func(b *issueBook) error {
		var held []issue.Known
		for _, h := range b.order {
			if h.Quarter != p.Quarter || h.State == issue.Withdrawn {
				continue
			}
			if _, _, err := b.see(v, h.ID); err == nil {
				held = append(held, issue.Known{ID: h.ID, Number: h.Number, Content: &h.Content, Print: h.print})
			}
		}
		p.MarkDuplicates(held)
		return nil
	})
}

// ImportIssues takes a list in, in one act. Rows that are duplicates stay out
// unless they are named in Take. Imports come one after the other, so that of
// two people who bring the same list at once the second finds its rows on file.
// Errors: those of PreviewIssues; ErrInvalid when the columns need a person's
// look first, the file speaks of another quarter, or nothing is left to take in.
func (o *Office) ImportIssues(ctx context.Context, v people.Visitor, act string, src IssueSource, opts IssueImportOptions) (*IssueImport, error) {
	o.issues.bringing.Lock()
	defer o.issues.bringing.Unlock()
	done, err := o.store.Acted(ctx, act, v.Account, store.Part{Kind: store.KindIssueList, ID: opts.List})
	if err != nil {
		return nil, err
	}
	if done {
		return o.importedBefore(ctx, v, act)
	}
	preview, data, err := o.readIssues(ctx, v, src, opts)
	if err != nil {
		return nil, err
	}
	if opts.NoScores {
		preview.Scores = nil
	}
	switch {
	case preview.Asked:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "有的列含义不确定,请先核对各列的用途,确认后再导入。")
	case preview.Objection != "" && !opts.OtherQuarter:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "%s确属这份清单的,请勾选确认后再导入。", preview.Objection)
	}
	out := &IssueImport{IssuePreview: *preview}
	var add []newIssue
	for _, row := range preview.Rows {
		if slices.Contains(opts.Skip, row.ID) || row.Twin != nil && !slices.Contains(opts.Take, row.ID) {
			out.Skipped = append(out.Skipped, row.ID)
			continue
		}
		add = append(add, o.issueOfRow(row, preview, v, opts))
	}
	if len(add) == 0 && preview.Scores == nil {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "没有可以导入的问题:%d行都已录入过或被略去。", len(preview.Rows))
	}
	list, l, err := o.importList(ctx, v, act, preview, opts)
	if err != nil {
		return nil, err
	}
	if _, _, err := o.store.PutFile(bytes.NewReader(data)); err != nil {
		return nil, err
	}
	if out.IDs, err = o.enterIssues(ctx, v, act, l.ID, list, add); err != nil {
		return nil, err
	}
	out.List = *l
	_ = o.store.DropWaiting(src.Waiting) // it is kept now; what is left goes in a day
	// The list is in. That its columns are asked about again next time is no
	// reason to tell its bringer that it failed.
	if err := o.rememberIssueColumns(ctx, v, preview.Mapping); err != nil {
		slog.Default().Warn("the columns of a list are not remembered", "list", l.ID, "error", err.Error())
	}
	return out, nil
}

// importList is the list's new state: with the file, and the scores when the
// file has some.
func (o *Office) importList(ctx context.Context, v people.Visitor, act string, p *IssuePreview, opts IssueImportOptions) (*store.Entry, *issue.List, error) {
	form, scores := opts.Form, p.Scores
	if opts.List != "" {
		held, seq, err := o.heldList(ctx, opts.List)
		if err != nil {
			return nil, nil, err
		}
		form = IssueListForm{ID: held.ID, Seq: seq, Quarter: held.Quarter, Round: held.Round, Title: held.Title, Source: held.Source, State: held.State, Evaluators: held.Evaluators, Due: held.Due, Counted: held.Counted}
		if err := needsOpen(&held); err != nil {
			return nil, nil, err
		}
		if scores != nil { // into what stands now, not what stood at the preview
			var remarks []issue.Remark
			if scores, remarks, _ = held.Scores.Merge(scores); issue.RemarksPrint(remarks) != "" && issue.RemarksPrint(remarks) != opts.Remarks {
				return nil, nil, disclosure.Errorf(disclosure.ErrInvalid, "得分表有%d处与清单上现在的不同,请逐处核对后勾选确认,或选择不导入得分表。", len(remarks))
			}
		}
	}
	entry, l, err := o.listEntry(ctx, v, act, form)
	if err != nil {
		return nil, nil, err
	}
	if !slices.ContainsFunc(l.Files, func(f issue.File) bool { return f.SHA256 == p.File.SHA256 }) {
		l.Files = append(slices.Clone(l.Files), p.File)
	}
	if scores != nil {
		l.Scores = scores
	}
	entry.State = *l
	return entry, l, nil
}

// heldList is a list on file with its seq.
func (o *Office) heldList(ctx context.Context, id string) (l issue.List, seq uint64, err error) {
	err = o.issuesNow(ctx, func(b *issueBook) error {
		held := b.lists[id]
		if held == nil {
			return disclosure.Errorf(disclosure.ErrNotFound, "没有这份问题清单,请从列表中选择。")
		}
		l, seq = held.List, held.Seq
		return nil
	})
	return l, seq, err
}

// issueOfRow makes a row an issue on its way in.
func (o *Office) issueOfRow(row issue.Row, p *IssuePreview, v people.Visitor, opts IssueImportOptions) newIssue {
	kind := issue.OriginList
	if p.Monitor {
		kind = issue.OriginMonitor
	}
	n := newIssue{content: row.Content, origin: issue.Origin{Kind: kind, File: p.File.Name, Place: row.Place}}
	if opts.Historic && rectified(row.Rectified) {
		now := o.clock()
		n.settle = func(i *issue.Issue) { settleHistoric(i, row.Rectified, v.Account, now) }
	}
	return n
}

// Words of a list's 整改情况: notRectified are looked for first. What says
// neither that it is done (已交办, 已督办, 已通知) leaves the issue open.
var (
	notRectified = []string{"未整改", "未完成", "未办结", "未销号", "未修复", "未落实", "未反馈", "未到位", "不到位", "尚未", "正在", "整改中", "推进中", "处理中", "办理中",
		"部分", "计划", "拟于", "拟整改", "将于", "预计", "待整改", "待处理", "待核实"}
	isRectified = []string{"已整改", "已完成", "已办结", "已办毕", "已销号", "已解决", "已修复", "已更正", "已改正", "已更新", "已删除",
		"整改完毕", "整改完成", "整改到位", "全部整改", "完成整改", "落实到位", "不适用"}
)

// rectified says whether a list's 整改情况 says that it is done.
func rectified(text string) bool {
	plain := disclosure.NormalName(text)
	within := func(words []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(plain, w) })
	}
	switch plain {
	case "完成", "是", "办结", "销号", "已改":
		return true
	}
	return !within(notRectified) && within(isRectified)
}

// tellOpen says of a list of the past which rows' 整改情况 does not say that it
// is done: these come in open.
func (p *IssuePreview) tellOpen() {
	for k := range p.Rows {
		if row := &p.Rows[k]; strings.TrimSpace(row.Rectified) != "" && !rectified(row.Rectified) {
			row.Problems = append(row.Problems, "整改情况“"+disclosure.Clip(strings.TrimSpace(row.Rectified), 30)+"”没有写明已完成,导入后仍待办理;确已完成的,请在导入后办结。")
		}
	}
}

// settleHistoric brings an issue of the past to its end. When it was handed
// over and answered nobody knows, so that it counts in no rate of time.
func settleHistoric(i *issue.Issue, said, account string, now time.Time) {
	i.State, i.Settled = issue.Closed, now
	kind := issue.AnswerDone
	if strings.Contains(said, "不适用") {
		i.State, i.Ended, kind = issue.NotApplicable, said, issue.AnswerNotApplicable
	}
	i.Answers = []issue.Answer{{Kind: kind, Text: said, By: account, Time: now, Proxy: true}}
}

// importedBefore is the answer to a repeated import.
func (o *Office) importedBefore(ctx context.Context, v people.Visitor, act string) (*IssueImport, error) {
	entries, err := o.store.Entries(ctx, store.EntryFilter{Act: act, Limit: issue.MaxRows + 1})
	if err != nil {
		return nil, err
	}
	out := &IssueImport{}
	for _, e := range entries {
		switch e.Kind {
		case store.KindIssueList:
			if out.List, _, err = o.heldList(ctx, e.ID); err != nil {
				return nil, err
			}
		case store.KindIssue:
			out.IDs = append(out.IDs, e.ID)
		}
	}
	out.New = len(out.IDs)
	return out, nil
}
