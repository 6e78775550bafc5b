package office

import (
	"context"
	"errors"
	"iter"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake"
	"mingjing/internal/intake/document"
	"mingjing/internal/intake/gather"
	"mingjing/internal/intake/interpret"
	"mingjing/internal/store"
)

// File is an uploaded or opened file, whole.
type File = gather.File

// Readers reads foreign files, away from this process; *intake.Client does.
type Readers interface {
	intake.Reader
	Document(ctx context.Context, name string, data []byte) (*document.Document, error)
}

// ImportOptions say how historic files are taken in.
type ImportOptions struct {
	// Replace appends a revision where a report with other figures stands.
	Replace bool
	// DryRun reads and compares, and keeps nothing.
	DryRun bool
	// AcceptMappings confirms the proposed meaning of a wide table's columns;
	// it is remembered for tables with the same heads.
	AcceptMappings bool
	// Mappings are meanings of columns that a person has written down; they are
	// remembered, in the place of what was confirmed before for the same heads.
	Mappings []interpret.Mapping
	// Unit, Year and Scope are given by the person for files that do not say.
	Unit  string
	Year  disclosure.Year
	Scope disclosure.Scope
	Actor store.Actor
}

// FileStatus is what became of a file or of a report in it.
type FileStatus string

// The outcomes. A file's is the gravest of its reports', in this order.
const (
	OutcomeFailed    FileStatus = "failed"        // nothing of it was kept
	OutcomeMapping   FileStatus = "needs_mapping" // its columns need a person's word
	OutcomeConflict  FileStatus = "conflict"      // other figures are on file
	OutcomeReplaced  FileStatus = "replaced"      // a new revision over other figures
	OutcomeImported  FileStatus = "imported"
	OutcomeSource    FileStatus = "source"    // the figures stood; the file is one more source
	OutcomeUnchanged FileStatus = "unchanged" // this very file is on file
	OutcomeNothing   FileStatus = ""
)

var outcomeGravity = map[FileStatus]int{OutcomeFailed: 7, OutcomeMapping: 6, OutcomeConflict: 5, OutcomeReplaced: 4,
	OutcomeImported: 3, OutcomeSource: 2, OutcomeUnchanged: 1}

// FileOutcome tells what became of one file.
type FileOutcome struct {
	File    string          `json:"file"`
	Status  FileStatus      `json:"status"`
	Message string          `json:"message,omitempty"` // why, for failed and needs_mapping
	Reports []ReportOutcome `json:"reports"`
	// Doubts are sentences on what could not be read or had to be settled.
	Doubts []string `json:"doubts,omitempty"`
	// Mapping is the proposed meaning of a wide table's columns.
	Mapping *interpret.Mapping `json:"mapping,omitempty"`
}

// ReportOutcome tells what became of one report in a file.
type ReportOutcome struct {
	Unit    string           `json:"unit"`
	Year    disclosure.Year  `json:"year"`
	Form    string           `json:"form"`
	Scope   disclosure.Scope `json:"scope"`
	Status  FileStatus       `json:"status"`
	Message string           `json:"message,omitempty"`
	// NewUnit: the name was unknown and stands in the unit list as 待确认.
	NewUnit bool `json:"new_unit,omitempty"`
	// Differing lists the codes whose figures differ from those on file.
	Differing []disclosure.Code `json:"differing,omitempty"`
}

func (f *FileOutcome) settle() {
	for _, r := range f.Reports {
		if outcomeGravity[r.Status] > outcomeGravity[f.Status] {
			f.Status = r.Status
		}
	}
}

// Import takes in historic reports: each file is read, its reports are
// compared with what is on file, and what is new is appended as approved and
// marked 历史导入, with the file as its source. report is told of every file's
// outcome, in the order of the files. A bad file never stops the rest, and
// importing again changes nothing. At the end the checks are brought up to date.
//
// The error is for what stops the whole import (store, cancellation); what was
// reported until then stands.
func (o *Office) Import(ctx context.Context, files iter.Seq[gather.File], opts ImportOptions, report func(FileOutcome)) (err error) {
	select {
	case o.importing <- struct{}{}: // two imports at once would make one new unit twice
		defer func() { <-o.importing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	im, err := o.newImporter(ctx, opts)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer func() {
		if !opts.DryRun { // also what came in before a break is checked
			_, checking := o.Recheck(context.WithoutCancel(ctx), nil)
			err = errors.Join(err, checking)
			o.recheckSoon() // records the run
		}
	}()
	for batch := range batches(intake.ReadAhead(ctx, o.readers, files, im.readOptions())) {
		outcomes, err := im.take(ctx, batch)
		if err != nil {
			return err
		}
		for _, f := range outcomes {
			report(f)
		}
	}
	return ctx.Err()
}

// batchReports is how many reports are compared and appended together.
const batchReports = 200

// batches groups what is ready: a slow reader gives files one by one, a quick
// one gives many at a time, and the store is asked once for each group.
func batches(in <-chan *intake.FileRead) iter.Seq[[]*intake.FileRead] {
	return func(yield func([]*intake.FileRead) bool) {
		for f := range in {
			batch, reports := []*intake.FileRead{f}, len(f.Result.Readings)
			for more := true; more && reports < batchReports; {
				select {
				case next, ok := <-in:
					if ok {
						batch, reports = append(batch, next), reports+len(next.Result.Readings)
					}
					more = ok
				default:
					more = false
				}
			}
			if !yield(batch) {
				return
			}
		}
	}
}
