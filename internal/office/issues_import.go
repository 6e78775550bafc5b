package office

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
	"mingjing/internal/issue"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// IssueSource is a file on its way in: what was uploaded, or, on the second
// step, the hash under which the preview kept it.
type IssueSource struct {
	Name   string
	Data   []byte
	SHA256 string
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
	// New and Twins count the rows that would come in, and the duplicates.
	New, Twins int
	// UnitNames are the units found, for the rows.
	UnitNames map[disclosure.UnitNumber]string
	// Scores is the score sheet that stands in the same file, nil when none
	// does; Differences are what its marks and the deductions do not agree on.
	Scores      *issue.ScoreTable
	Differences []issue.Difference
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

// PreviewIssues reads a list and keeps nothing but the file, whose hash the
// second step gives back. Errors: ErrForbidden, ErrNotFound (the list),
// ErrInvalid (no list in the file, wrong mapping).
func (o *Office) PreviewIssues(ctx context.Context, v people.Visitor, src IssueSource, opts IssueImportOptions) (*IssuePreview, error) {
	quarter, err := o.importQuarter(ctx, v, opts)
	if err != nil {
		return nil, err
	}
	data, file, err := o.issueFile(src)
	if err != nil {
		return nil, err
	}
	doc, err := o.readers.Document(ctx, file.Name, data)
	if err != nil {
		return nil, err
	}
	return o.previewIssues(ctx, doc, *file, quarter, opts)
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
	if !v.Anywhere(people.Supervise) && !v.Anywhere(people.Evaluate) {
		return disclosure.Period{}, v.Demand(people.Supervise, 0)
	}
	return opts.Form.Quarter, o.checkList(ctx, v, &opts.Form)
}

// issueFile keeps an upload, or opens one that was kept.
func (o *Office) issueFile(src IssueSource) ([]byte, *issue.File, error) {
	f := &issue.File{Name: evidenceName(src.Name), SHA256: src.SHA256}
	data := src.Data
	if src.SHA256 != "" {
		kept, err := o.store.OpenFile(src.SHA256)
		if err != nil {
			return nil, nil, err
		}
		defer kept.Close()
		if data, err = io.ReadAll(io.LimitReader(kept, maxIssueFile+1)); err != nil {
			return nil, nil, disclosure.Errorf(disclosure.ErrUnavailable, "读取文件失败,请重新上传。").Because(err)
		}
	}
	if len(data) == 0 || len(data) > maxIssueFile {
		return nil, nil, disclosure.Errorf(disclosure.ErrInvalid, "文件“%s”是空的或超过%dMB,请核对后重新选择。", f.Name, maxIssueFile>>20)
	}
	if src.SHA256 == "" {
		var err error
		if f.SHA256, _, err = o.store.PutFile(bytes.NewReader(data)); err != nil {
			return nil, nil, err
		}
	}
	f.Size = int64(len(data))
	return data, f, nil
}

// issueColumnsPrefix is of the settings that hold what heads of lists mean.
const issueColumnsPrefix = "issue-columns/"

func (o *Office) previewIssues(ctx context.Context, doc *document.Document, file issue.File, quarter disclosure.Period, opts IssueImportOptions) (*IssuePreview, error) {
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	find := issueUnits(units.list, quarter.Year)
	out := &IssuePreview{File: file, Quarter: quarter, UnitNames: map[disclosure.UnitNumber]string{}}
	if out.Scores = issue.FindScores(doc); out.Scores != nil {
		out.Scores.File = file.Name
		out.Scores.Resolve(find)
	}
	mapping, known, err := o.issueMapping(ctx, doc, opts.Mapping)
	if err != nil {
		if out.Scores == nil {
			return nil, err
		}
		out.Rows = []issue.Row{} // a score sheet by itself
		return out, nil
	}
	reading, err := issue.Read(doc, mapping, quarter)
	if err != nil {
		return nil, err
	}
	out.Reading, out.Asked = *reading, !known && !opts.Accept && !mapping.Certain()
	out.Resolve(find)
	if err := o.markKnown(ctx, out); err != nil {
		return nil, err
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
	if out.Scores != nil {
		out.Differences = out.Scores.Reconcile(out.contents())
	}
	return out, nil
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

// issueMapping is a person's mapping, or the remembered or proposed one; known
// says that a person has confirmed all of it, now or before.
func (o *Office) issueMapping(ctx context.Context, doc *document.Document, given *issue.Mapping) (m issue.Mapping, known bool, err error) {
	if given != nil {
		return *given, true, given.Validate()
	}
	proposed, err := issue.Propose(doc)
	if err != nil {
		return proposed, false, err
	}
	m, known = proposed.Remember(func(print string) (issue.Head, bool) {
		var h issue.Head
		seq, settingErr := o.setting(ctx, issueColumnsPrefix+print, &h)
		if settingErr != nil {
			err = settingErr
		}
		return h, seq != 0
	})
	return m, known, err
}

// markKnown holds the rows against the issues of the quarter on file.
func (o *Office) markKnown(ctx context.Context, p *IssuePreview) error {
	return o.issuesNow(ctx, func(b *issueBook) error {
		var held []issue.Known
		for _, h := range b.order {
			if h.Quarter == p.Quarter && h.State != issue.Withdrawn {
				held = append(held, issue.Known{ID: h.ID, Number: h.Number, Content: &h.Content, Print: h.print})
			}
		}
		p.MarkDuplicates(held)
		return nil
	})
}

// ImportIssues takes a list in, in one act. Rows that are duplicates stay out
// unless they are named in Take. Errors: those of PreviewIssues; ErrInvalid
// when the columns need a person's look first, or nothing is left to take in.
func (o *Office) ImportIssues(ctx context.Context, v people.Visitor, act string, src IssueSource, opts IssueImportOptions) (*IssueImport, error) {
	done, err := o.store.Acted(ctx, act, v.Account, store.Part{Kind: store.KindIssueList})
	if err != nil {
		return nil, err
	}
	if done {
		return o.importedBefore(ctx, v, act)
	}
	preview, err := o.PreviewIssues(ctx, v, src, opts)
	if err != nil {
		return nil, err
	}
	if preview.Asked {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "有的列含义不确定,请先核对各列的用途,确认后再导入。")
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
	if out.IDs, err = o.enterIssues(ctx, v, act, l.ID, list, add); err != nil {
		return nil, err
	}
	out.List = *l
	return out, o.rememberIssueColumns(ctx, v, preview.Mapping)
}

// importList is the list's new state: with the file, and the scores when the
// file has some.
func (o *Office) importList(ctx context.Context, v people.Visitor, act string, p *IssuePreview, opts IssueImportOptions) (*store.Entry, *issue.List, error) {
	form := opts.Form
	if opts.List != "" {
		held, seq, err := o.heldList(ctx, opts.List)
		if err != nil {
			return nil, nil, err
		}
		form = IssueListForm{ID: held.ID, Seq: seq, Quarter: held.Quarter, Round: held.Round, Title: held.Title, Source: held.Source, State: held.State, Evaluators: held.Evaluators, Due: held.Due}
		if held.State == issue.ListClosed {
			return nil, nil, disclosure.Errorf(disclosure.ErrConflict, "清单“%s”已经结束,不再录入;确需补录,请先把清单改回“进行中”。", held.Title)
		}
	}
	entry, l, err := o.listEntry(ctx, v, act, form)
	if err != nil {
		return nil, nil, err
	}
	if !slices.ContainsFunc(l.Files, func(f issue.File) bool { return f.SHA256 == p.File.SHA256 }) {
		l.Files = append(slices.Clone(l.Files), p.File)
	}
	if p.Scores != nil {
		l.Scores = p.Scores
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

// rectified says whether a list's 整改情况 says that it is done.
func rectified(text string) bool {
	plain := disclosure.NormalName(text)
	for _, not := range []string{"未整改", "未完成", "正在", "整改中", "推进中", "部分", "尚未", "未反馈", "未落实"} {
		if strings.Contains(plain, not) {
			return false
		}
	}
	for _, done := range []string{"已", "完成", "整改到位", "销号", "不适用"} {
		if strings.Contains(plain, done) {
			return true
		}
	}
	return false
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

// rememberIssueColumns keeps what heads mean. Evaluators do so too: it is said
// of the file's shape, not of the district.
func (o *Office) rememberIssueColumns(ctx context.Context, v people.Visitor, m issue.Mapping) error {
	for _, h := range m.Heads {
		held := issue.Head{}
		id := issueColumnsPrefix + h.Fingerprint
		seen, err := o.setting(ctx, id, &held)
		if err != nil {
			return err
		}
		h.Places, h.Columns = nil, slices.Clone(h.Columns)
		for k := range h.Columns {
			h.Columns[k].Samples = nil // texts of a list are no setting
		}
		if seen != 0 && slices.EqualFunc(held.Columns, h.Columns, func(a, b issue.Column) bool { return a.Role == b.Role }) {
			continue
		}
		// Somebody else who confirmed the same heads meanwhile has the last word.
		if err := o.putSetting(ctx, v, id, h, seen, uuid.NewString()); err != nil && disclosure.CodeOf(err) != disclosure.ErrConflict {
			return err
		}
	}
	return nil
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
