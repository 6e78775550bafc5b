package office

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake"
	"mingjing/internal/intake/interpret"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// importer takes in one run's files, batch by batch.
type importer struct {
	office   *Office
	opts     ImportOptions
	book     *nameBook
	mappings map[string]interpret.Mapping // confirmed, by fingerprint of the heads
	// foreseen are the reports that a dry run would have filed so far.
	foreseen onFile
	// dry counts the numbers of units that a dry run would have made.
	dry disclosure.UnitNumber
}

func (o *Office) newImporter(ctx context.Context, opts ImportOptions) (*importer, error) {
	units, err := o.store.Units(ctx)
	if err != nil {
		return nil, err
	}
	mappings, err := o.mappings(ctx)
	if err != nil {
		return nil, err
	}
	im := &importer{office: o, opts: opts, book: newNameBook(units), mappings: mappings, foreseen: onFile{}}
	return im, im.remember(ctx, opts.Mappings)
}

func (im *importer) readOptions() intake.Options {
	return intake.Options{Mappings: im.mappings, AcceptMappings: im.opts.AcceptMappings}
}

// incoming is one report of a file on its way in.
type incoming struct {
	file    *takenFile
	report  *disclosure.Report
	out     *ReportOutcome
	unit    *disclosure.Unit
	newUnit bool
	key     store.ReportKey
	entry   *store.Entry
	leaves  *store.Entry // withdraws the report from where it stood without scope
	joined  *incoming    // the report of the same batch whose entry holds this one too
}

// takenFile is one file on its way in: its source, its reports, its outcome.
type takenFile struct {
	read    *intake.FileRead
	source  store.SourceFile
	out     FileOutcome
	reports []*incoming
}

// take brings a batch of files into the store: units are found, reports
// compared with what is on file, and every report appended as one act.
func (im *importer) take(ctx context.Context, batch []*intake.FileRead) ([]FileOutcome, error) {
	filings := make([]*takenFile, len(batch))
	var reports []*incoming
	for i, r := range batch {
		filings[i] = im.open(r)
		reports = append(reports, filings[i].reports...)
	}
	if err := im.rememberMappings(ctx, filings); err != nil {
		return nil, err
	}
	for _, in := range reports {
		if err := im.identify(in); err != nil {
			return nil, err
		}
	}
	if err := im.compare(ctx, reports); err != nil {
		return nil, err
	}
	if !im.opts.DryRun {
		if err := im.append(ctx, reports); err != nil {
			return nil, err
		}
	}
	out := make([]FileOutcome, len(filings))
	for i, f := range filings {
		f.out.settle()
		out[i] = f.out
	}
	return out, nil
}

// open turns what was read of a file into reports on their way in.
func (im *importer) open(r *intake.FileRead) *takenFile {
	f := &takenFile{read: r, out: FileOutcome{File: r.Name, Reports: []ReportOutcome{}}}
	var wants *interpret.NeedsMapping
	switch {
	case errors.As(r.Err, &wants):
		f.out.Status, f.out.Message, f.out.Mapping = OutcomeMapping, disclosure.Sentence(r.Err), &wants.Mapping
		return f
	case r.Err != nil:
		f.out.Status, f.out.Message = OutcomeFailed, disclosure.Sentence(r.Err)
		return f
	}
	sum := sha256.Sum256(r.Data)
	f.source = store.SourceFile{Name: r.Name, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(r.Data)), Format: r.Result.Format}
	f.out.Doubts = append(f.out.Doubts, r.Result.Warnings...)
	f.out.Reports = make([]ReportOutcome, len(r.Result.Readings))
	for i, reading := range r.Result.Readings {
		rep := reading.Report
		refusal := im.complete(rep)
		for code, c := range rep.Cells {
			c.File = f.source.SHA256
			rep.Cells[code] = c
		}
		out := &f.out.Reports[i]
		*out = ReportOutcome{Unit: rep.Unit, Year: rep.Year(), Form: rep.Form.Version, Scope: rep.Scope}
		if refusal != "" {
			out.Status, out.Message = OutcomeFailed, refusal
		}
		for _, d := range reading.Doubts {
			f.out.Doubts = append(f.out.Doubts, d.Message)
		}
		f.reports = append(f.reports, &incoming{file: f, report: rep, out: out})
		f.source.Shared = f.source.Shared || disclosure.NormalName(rep.Unit) != disclosure.NormalName(f.reports[0].report.Unit)
	}
	return f
}

// complete fills in what the person gave for files that do not say. A file
// that says otherwise is refused with a sentence: one of the two is wrong.
func (im *importer) complete(rep *disclosure.Report) (refusal string) {
	const contradicts = "文件中写明的%s是“%s”,与指定的“%s”不同,没有导入;请核对文件,或去掉该选项。"
	o := im.opts
	switch {
	case o.Unit != "" && rep.Unit != "" && disclosure.NormalName(rep.Unit) != disclosure.NormalName(o.Unit):
		return fmt.Sprintf(contradicts, "单位", rep.Unit, o.Unit)
	case o.Year != 0 && rep.Year() != 0 && rep.Year() != o.Year:
		return fmt.Sprintf(contradicts, "年度", rep.Year(), o.Year)
	case o.Scope != disclosure.ScopeUnknown && rep.Scope != disclosure.ScopeUnknown && rep.Scope != o.Scope:
		return fmt.Sprintf(contradicts, "口径", rep.Scope, o.Scope)
	}
	if o.Unit != "" {
		rep.Unit = o.Unit
	}
	if o.Year != 0 {
		rep.Period.Year = o.Year
	}
	if o.Scope != disclosure.ScopeUnknown {
		rep.Scope = o.Scope
	}
	return ""
}

// identify finds the report's unit, or makes one marked 待确认 for a name that
// nobody has listed.
func (im *importer) identify(in *incoming) error {
	rep := in.report
	switch {
	case in.out.Status != OutcomeNothing:
		return nil
	case disclosure.NormalName(rep.Unit) == "":
		in.fail("没有找到单位名称,请在标题或文件名中写明单位,或用 --unit 指定。")
		return nil
	case rep.Year() == 0:
		in.fail("没有找到年度,请在标题或文件名中写明年度,或用 --year 指定。")
		return nil
	case !rep.Year().Valid():
		in.fail("年度“" + rep.Year().String() + "”不对,请核对标题,或用 --year 指定。")
		return nil
	case int(rep.Year()) > im.office.clock().In(shanghai).Year():
		in.fail(rep.Year().String() + "年还没有到,请核对标题中的年度。")
		return nil
	}
	u, err := im.book.find(rep.Unit, rep.Year())
	if err != nil {
		in.fail(disclosure.Sentence(err))
		return nil
	}
	if u == nil {
		if u, err = im.newUnit(rep.Unit); err != nil {
			return err
		}
		in.newUnit, in.out.NewUnit = true, true
	}
	in.unit, in.out.Unit = u, u.Name
	return nil
}

func (im *importer) newUnit(name string) (*disclosure.Unit, error) {
	u := &disclosure.Unit{Name: name, Kind: disclosure.UnitOther, Unconfirmed: true}
	if im.opts.DryRun {
		im.dry++
		u.Number = ^disclosure.UnitNumber(0) - im.dry // never stored, only told apart
	} else {
		var err error
		if u.Number, err = im.office.store.NextUnitNumber(); err != nil {
			return nil, err
		}
	}
	im.book.add(u)
	return u, nil
}

func (in *incoming) fail(sentence string) {
	in.out.Status, in.out.Message = OutcomeFailed, sentence
}

// append stores the files' originals, the units that are new, and then one act
// a report with its whole state.
func (im *importer) append(ctx context.Context, reports []*incoming) error {
	if err := im.keepFiles(reports); err != nil {
		return err
	}
	if err := im.appendUnits(ctx, reports); err != nil {
		return err
	}
	var acts []store.Act
	var acting []*incoming
	for _, in := range reports {
		if in.entry != nil {
			act := store.Act{ID: uuid.NewString(), Actor: im.opts.Actor}
			if in.leaves != nil {
				act.Entries = append(act.Entries, *in.leaves)
			}
			act.Entries = append(act.Entries, *in.entry)
			acts, acting = append(acts, act), append(acting, in)
		}
	}
	if len(acts) == 0 {
		return nil
	}
	receipts, err := im.office.store.Append(ctx, acts...)
	refused := false
	for i, r := range receipts {
		if r.Err != nil {
			refused = true
			acting[i].fail(disclosure.Sentence(r.Err))
		}
	}
	if err != nil && !refused {
		return err
	}
	for _, in := range reports {
		if in.joined != nil && in.joined.out.Status == OutcomeFailed {
			in.fail(in.joined.out.Message)
		}
	}
	return nil
}

func (im *importer) keepFiles(reports []*incoming) error {
	kept := map[*takenFile]bool{}
	for _, in := range reports {
		if in.entry == nil && in.joined == nil || kept[in.file] {
			continue
		}
		kept[in.file] = true
		if _, _, err := im.office.store.PutFile(bytes.NewReader(in.file.read.Data)); err != nil {
			return err
		}
	}
	return nil
}

// appendUnits files the new units before any report names their number.
func (im *importer) appendUnits(ctx context.Context, reports []*incoming) error {
	var acts []store.Act
	for _, in := range reports {
		if in.newUnit && in.entry != nil {
			acts = append(acts, store.Act{ID: uuid.NewString(), Actor: im.opts.Actor, Entries: []store.Entry{
				{Kind: store.KindUnit, ID: store.UnitEntityID(in.unit.Number), Verb: store.VerbCreate, State: *in.unit}}})
		}
	}
	if len(acts) == 0 {
		return nil
	}
	_, err := im.office.store.Append(ctx, acts...)
	return err
}

// mostMappings is far more tables than a district's predecessors kept.
const mostMappings = 10_000

// mappings loads the column mappings that people have confirmed.
func (o *Office) mappings(ctx context.Context) (map[string]interpret.Mapping, error) {
	entries, err := o.store.Entries(ctx, store.EntryFilter{Kind: store.KindMapping, States: true, Limit: mostMappings})
	if err != nil {
		return nil, err
	}
	out := make(map[string]interpret.Mapping, len(entries))
	for _, e := range entries {
		var m interpret.Mapping
		if err := json.Unmarshal(e.State, &m); err != nil {
			return nil, disclosure.Errorf(disclosure.ErrInternal, "已记住的列对应关系损坏,请联系维护人员。").Because(err)
		}
		out[m.Fingerprint] = m
	}
	return out, nil
}

// rememberMappings keeps the proposals that this run's AcceptMappings
// confirmed, so that nobody is asked again.
func (im *importer) rememberMappings(ctx context.Context, filings []*takenFile) error {
	for _, f := range filings {
		if err := im.remember(ctx, f.read.Result.Accepted); err != nil {
			return err
		}
	}
	return nil
}

// remember keeps what people have confirmed of columns; a dry run only heeds it.
func (im *importer) remember(ctx context.Context, confirmed []interpret.Mapping) error {
	for _, m := range confirmed {
		old, known := im.mappings[m.Fingerprint]
		if known && reflect.DeepEqual(old, m) {
			continue
		}
		im.mappings[m.Fingerprint] = m
		if im.opts.DryRun {
			continue
		}
		seen, err := im.office.lastSeqOf(ctx, store.KindMapping, m.Fingerprint)
		if err != nil {
			return err
		}
		verb := store.VerbCreate
		if seen != 0 {
			verb = store.VerbChange
		}
		act := store.Act{ID: uuid.NewString(), Actor: im.opts.Actor, Entries: []store.Entry{{Kind: store.KindMapping, ID: m.Fingerprint, Verb: verb, Seen: seen, State: m}}}
		if _, err := im.office.store.Append(ctx, act); err != nil {
			return err
		}
	}
	return nil
}
