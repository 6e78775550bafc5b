package office

import (
	"context"
	"encoding/json"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/gather"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// uploadLedger is the stage of a waiting file that is somebody else's ledger
// and no report: only who brought it may go on with it.
const uploadLedger UploadStage = "ledger"

// ledgerState is what is kept beside a ledger that waits for a word on its
// columns.
type ledgerState struct {
	Stage UploadStage     `json:"stage"`
	Name  string          `json:"name"`
	Year  disclosure.Year `json:"year"`
	Kind  string          `json:"kind,omitempty"`
}

// BringSource takes a ledger in that somebody brings through a page, in two
// steps: first the file, which waits apart from the kept files under the
// number that is returned, with the meaning of its columns proposed; then the
// person's word on them. Errors: as ImportSource, ErrConflict (too much waits).
func (o *Office) BringSource(ctx context.Context, v people.Visitor, f BroughtFile, opts SourceOptions) (*SourceImport, string, error) {
	f.Name = plainName(f.Name)
	switch {
	case len(f.Data) > gather.MaxFileBytes:
		return nil, "", gather.TooLarge(f.Name)
	case o.readers == nil:
		return nil, "", disclosure.Errorf(disclosure.ErrUnavailable, "本机没有启用文件读取,请联系管理员。")
	}
	out, err := o.ImportSource(ctx, v, gather.File{Name: f.Name, Data: f.Data}, opts)
	if err != nil || !out.Asked {
		return out, "", err
	}
	state, err := json.Marshal(ledgerState{uploadLedger, opts.Name, opts.Year, opts.Kind})
	if err != nil {
		return nil, "", err
	}
	w, err := o.store.PutWaiting(store.Waiting{ID: uuid.NewString(), Time: o.clock(), Person: v.Account, File: store.SourceFile{Name: f.Name}, State: state}, f.Data)
	return out, w.ID, err
}

// BroughtSource is a ledger that waits for a word on its columns.
type BroughtSource struct {
	Name string // of the ledger
	Year disclosure.Year
	Kind string
	File string // its name
	// Import is what was read of it, or what became of it once confirmed.
	Import *SourceImport
}

// broughtLedger is a waiting ledger of the visitor's own. Error: ErrNotFound.
func (o *Office) broughtLedger(v people.Visitor, id string) (*BroughtSource, gather.File, error) {
	var kept ledgerState
	w, err := o.store.WaitingFile(id)
	if err != nil {
		return nil, gather.File{}, err
	}
	if err := json.Unmarshal(w.State, &kept); err != nil || kept.Stage != uploadLedger || w.Person != v.Account {
		return nil, gather.File{}, disclosure.Errorf(disclosure.ErrNotFound, "没有您上传的这份台账:可能已经处理,或超过一天没有确认,请重新上传。")
	}
	data, err := o.store.WaitingData(id)
	return &BroughtSource{Name: kept.Name, Year: kept.Year, Kind: kept.Kind, File: w.File.Name}, gather.File{Name: w.File.Name, Data: data}, err
}

// AskedSource reads the visitor's waiting ledger anew, to ask about its columns.
// Errors: as ImportSource, ErrNotFound (also when somebody else brought it).
func (o *Office) AskedSource(ctx context.Context, v people.Visitor, id string) (*BroughtSource, error) {
	if err := v.Demand(people.Configure, 0); err != nil {
		return nil, err
	}
	out, file, err := o.broughtLedger(v, id)
	if err != nil {
		return nil, err
	}
	out.Import, err = o.ImportSource(ctx, v, file, SourceOptions{Name: out.Name, Year: out.Year, Kind: out.Kind, DryRun: true})
	return out, err
}

// SourceOutcome tells what became of a ledger that was taken in; units that the
// list does not bear are looked for as the list stands. Errors: ErrForbidden,
// ErrNotFound.
func (o *Office) SourceOutcome(ctx context.Context, v people.Visitor, year disclosure.Year, name string) (*SourceImport, error) {
	if err := v.Demand(people.Configure, 0); err != nil {
		return nil, err
	}
	var s Source
	seen, err := o.setting(ctx, sourceID(year, name), &s)
	if err != nil {
		return nil, err
	}
	if seen == 0 || s.Dropped {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有%s年的台账“%s”,可能已被移除,请重新上传。", year, name)
	}
	units := slices.Clone(s.Reading.Units)
	for _, e := range s.Entries { // of ledgers that older releases kept
		if !slices.Contains(units, e.Unit) {
			units = append(units, e.Unit)
		}
	}
	out := &SourceImport{Columns: s.Columns, Units: len(units), Figures: len(s.Entries), Skipped: s.Reading.Skipped, Problems: s.Reading.Problems}
	out.Unknown, err = o.unknownUnits(ctx, units, year)
	return out, err
}

// ConfirmSource takes in the ledger that the visitor brought, with the visitor's
// word on its columns. Where the word cannot be taken, what it was asked about
// comes back beside the error. Errors: as ImportSource, ErrNotFound (also when
// somebody else brought it).
func (o *Office) ConfirmSource(ctx context.Context, v people.Visitor, id string, words map[string]string) (*BroughtSource, error) {
	if err := v.Demand(people.Configure, 0); err != nil {
		return nil, err
	}
	out, file, err := o.broughtLedger(v, id)
	if err != nil {
		return nil, err
	}
	opts := SourceOptions{Name: out.Name, Year: out.Year, Kind: out.Kind, Accept: true, Words: words}
	done, err := o.ImportSource(ctx, v, file, opts)
	if err == nil {
		out.Import = done
		return out, o.store.DropWaiting(id)
	}
	opts.Accept, opts.Words, opts.DryRun = false, nil, true
	if out.Import, _ = o.ImportSource(ctx, v, file, opts); out.Import == nil {
		return nil, err
	}
	return out, err
}
