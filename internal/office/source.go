package office

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
	"mingjing/internal/intake/gather"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// Source is somebody else's ledger of one year, as kept in the log.
type Source struct {
	Name    string           `json:"name"` // 司法局规范性文件台账
	Year    disclosure.Year  `json:"year"`
	File    store.SourceFile `json:"file"`
	Columns SourceColumns    `json:"columns"`
	Entries []SourceEntry    `json:"entries"`
	Reading SourceReading    `json:"reading,omitzero"`
	// Dropped: it was taken away again.
	Dropped bool `json:"dropped,omitempty"`
}

// SourceReading is what was told of a ledger when it was taken in.
type SourceReading struct {
	Units    []string `json:"units,omitempty"` // as printed
	Skipped  int      `json:"skipped,omitempty"`
	Problems []string `json:"problems,omitempty"`
}

// SourceOptions say how a ledger is taken in.
type SourceOptions struct {
	Name string
	Year disclosure.Year
	Kind string // one of SourceKinds; "" when every head is a code or known
	// Accept confirms the proposed meaning of columns and outcomes; Words are
	// corrections of it, see SourceColumns. What was confirmed is remembered.
	Accept bool
	Words  map[string]string
	DryRun bool
}

// SourceImport tells what became of a ledger.
type SourceImport struct {
	Columns SourceColumns `json:"columns"`
	// Asked: the columns need a person's word; nothing was kept.
	Asked    bool     `json:"asked"`
	Units    int      `json:"units"`
	Figures  int      `json:"figures"`
	Skipped  int      `json:"skipped"`  // rows of other years
	Unknown  []string `json:"unknown"`  // units that no unit of the list bears
	Problems []string `json:"problems"` // rows and cells that were not read
	// Unsaid are outcomes in the ledger of which nobody has said what they count
	// as.
	Unsaid []string `json:"unsaid"`
}

// Prefixes of the settings that hold ledgers and the meaning of their heads.
const (
	sourcePrefix  = "source-ledger/"
	columnsPrefix = "source-columns/"
)

func sourceID(y disclosure.Year, name string) string {
	return fmt.Sprintf("%s%s/%s", sourcePrefix, y, name)
}

// ImportSource takes a ledger in, in the place of the one of the same name and
// year. Reports are held against it from then on (SRC-R1). Errors:
// ErrForbidden, ErrInvalid (no such columns, wrong options).
func (o *Office) ImportSource(ctx context.Context, v people.Visitor, f gather.File, opts SourceOptions) (*SourceImport, error) {
	if err := v.Demand(people.Configure, 0); err != nil {
		return nil, err
	}
	if err := opts.validate(); err != nil {
		return nil, err
	}
	if f.Err != nil {
		return nil, f.Err
	}
	doc, err := o.readers.Document(ctx, f.Name, f.Data)
	if err != nil {
		return nil, err
	}
	rows, headRow, columns, err := o.sourceColumns(ctx, doc, opts)
	if err != nil {
		return nil, err
	}
	out := &SourceImport{Columns: columns, Unknown: []string{}, Problems: []string{}, Unsaid: []string{}}
	reading := readSource(rows, headRow, columns, opts.Year)
	out.Units, out.Figures, out.Skipped = len(reading.units), len(reading.entries), reading.skipped
	out.Problems = append(out.Problems, reading.problems...)
	out.Unsaid = append(out.Unsaid, reading.unsaid...)
	if out.Unknown, err = o.unknownUnits(ctx, reading.units, opts.Year); err != nil {
		return nil, err
	}
	known, err := o.setting(ctx, columnsPrefix+columns.Fingerprint, &SourceColumns{})
	if err != nil {
		return nil, err
	}
	sure := known != 0 || columns.certain()
	if out.Asked = !opts.Accept && len(opts.Words) == 0 && (!sure || len(out.Unsaid) > 0); out.Asked || opts.DryRun {
		return out, nil
	}
	if len(reading.entries) == 0 {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "“%s”中没有读到%s年度任何单位的数字,请核对文件和年度。", f.Name, opts.Year)
	}
	return out, o.keepSource(ctx, v, f, opts, columns, known, reading)
}

const maxSourceName = 40

func (opts SourceOptions) validate() error {
	name := strings.TrimSpace(opts.Name)
	switch {
	case name == "" || name != opts.Name || utf8.RuneCountInString(name) > maxSourceName || strings.ContainsAny(name, "/\n\r\t。"):
		return disclosure.Errorf(disclosure.ErrInvalid, "请给台账写一个不超过%d个字的名称,不含“/”和句号,如“司法局规范性文件台账”。", maxSourceName)
	case !opts.Year.Valid():
		return disclosure.Errorf(disclosure.ErrInvalid, "请写明台账的年度。")
	case opts.Kind != "" && !slices.Contains(SourceKinds(), opts.Kind):
		return disclosure.Errorf(disclosure.ErrInvalid, "没有台账类别“%s”,可写%s。", opts.Kind, strings.Join(SourceKinds(), "、"))
	}
	return nil
}

// sourceColumns finds the ledger in a document, and what its columns mean: as
// remembered, or else as proposed, with the person's corrections over it.
func (o *Office) sourceColumns(ctx context.Context, doc *document.Document, opts SourceOptions) (rows [][]*document.Cell, headRow int, columns SourceColumns, err error) {
	for _, b := range doc.Blocks {
		if b.Grid == nil {
			continue
		}
		rows = b.Grid.Layout()
		var ok bool
		if columns, headRow, ok = propose(rows, opts.Kind); !ok {
			continue
		}
		remembered := SourceColumns{}
		if _, err := o.setting(ctx, columnsPrefix+columns.Fingerprint, &remembered); err != nil {
			return nil, 0, columns, err
		}
		if remembered.Fingerprint != "" {
			columns = remembered
		}
		return rows, headRow, columns, columns.correct(opts.Words)
	}
	hint := ""
	if opts.Kind == "" {
		hint = ",或写明台账类别(" + strings.Join(SourceKinds(), "、") + ")"
	}
	return nil, 0, columns, disclosure.Errorf(disclosure.ErrInvalid, "没有找到台账:需要一行表头,有“单位”一列和至少一列数字或“结果”%s。", hint)
}

func (o *Office) unknownUnits(ctx context.Context, names []string, year disclosure.Year) ([]string, error) {
	units, err := o.store.Units(ctx)
	if err != nil {
		return nil, err
	}
	book, out := newNameBook(units), []string{}
	for _, n := range names {
		if u, err := book.find(n, year); u == nil || err != nil {
			out = append(out, n)
		}
	}
	return out, nil
}

// keepSource appends the ledger and what its columns mean.
func (o *Office) keepSource(ctx context.Context, v people.Visitor, f gather.File, opts SourceOptions, columns SourceColumns, known uint64, reading *sourceReading) error {
	sum, size, err := o.store.PutFile(bytes.NewReader(f.Data))
	if err != nil {
		return err
	}
	if err := o.putChanged(ctx, v, columnsPrefix+columns.Fingerprint, columns, known); err != nil {
		return err
	}
	id := sourceID(opts.Year, opts.Name)
	seen, err := o.setting(ctx, id, &Source{})
	if err != nil {
		return err
	}
	return o.putChanged(ctx, v, id, Source{Name: opts.Name, Year: opts.Year, Columns: columns, Entries: reading.entries,
		Reading: SourceReading{Units: reading.units, Skipped: reading.skipped, Problems: reading.problems},
		File:    store.SourceFile{Name: f.Name, SHA256: sum, Size: size}}, seen)
}

// putChanged keeps a setting unless it stands like that already, and asks for
// a check.
func (o *Office) putChanged(ctx context.Context, v people.Visitor, id string, what any, seen uint64) error {
	entries, err := o.settingEntries(ctx)
	if err != nil {
		return err
	}
	state, err := json.Marshal(what)
	if err != nil {
		return disclosure.Errorf(disclosure.ErrInternal, "台账无法保存,请联系维护人员。").Because(err)
	}
	if seen != 0 && bytes.Equal(state, entries[id].State) {
		return nil
	}
	if err := o.putSetting(ctx, v, id, what, seen, uuid.NewString()); err != nil {
		return err
	}
	o.recheckSoon()
	return nil
}

// SourceLine is a ledger with when and by whom it was taken in.
type SourceLine struct {
	Source
	Seq   uint64
	Time  time.Time
	Actor store.Actor
}

// Sources lists the ledgers on file, newest year first, then by name. Error:
// ErrForbidden.
func (o *Office) Sources(ctx context.Context, v people.Visitor) ([]SourceLine, error) {
	if err := v.Demand(people.Configure, 0); err != nil {
		return nil, err
	}
	return o.sources(ctx)
}

func (o *Office) sources(ctx context.Context) ([]SourceLine, error) {
	entries, err := o.settingEntries(ctx)
	if err != nil {
		return nil, err
	}
	var out []SourceLine
	for id, e := range entries {
		if !strings.HasPrefix(id, sourcePrefix) {
			continue
		}
		l := SourceLine{Seq: e.Seq, Time: e.Time, Actor: e.Actor}
		if err := json.Unmarshal(e.State, &l.Source); err != nil {
			return nil, disclosure.Errorf(disclosure.ErrInternal, "台账“%s”已损坏,请联系维护人员。", id).Because(err)
		}
		if !l.Dropped {
			out = append(out, l)
		}
	}
	slices.SortFunc(out, func(a, b SourceLine) int {
		if a.Year != b.Year {
			return int(b.Year - a.Year)
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out, nil
}

// DropSource takes a ledger away; its history stays. Errors: ErrForbidden,
// ErrNotFound.
func (o *Office) DropSource(ctx context.Context, v people.Visitor, year disclosure.Year, name string) error {
	if err := v.Demand(people.Configure, 0); err != nil {
		return err
	}
	var s Source
	seen, err := o.setting(ctx, sourceID(year, name), &s)
	if err != nil {
		return err
	}
	if seen == 0 || s.Dropped {
		return disclosure.Errorf(disclosure.ErrNotFound, "没有%s年的台账“%s”,请核对名称。", year, name)
	}
	return o.putChanged(ctx, v, sourceID(year, name), Source{Name: name, Year: year, Dropped: true}, seen)
}

// sourceFigures are what the ledgers on file say of each unit's figures of a
// year.
type sourceFigures map[disclosure.Year]map[disclosure.UnitNumber][]check.LedgerFigure

func figuresOf(lines []SourceLine, units []disclosure.Unit) sourceFigures {
	out := sourceFigures{}
	if len(lines) == 0 {
		return out
	}
	book := newNameBook(units)
	for _, l := range lines {
		if out[l.Year] == nil {
			out[l.Year] = map[disclosure.UnitNumber][]check.LedgerFigure{}
		}
		for _, e := range l.Entries {
			u, err := book.find(e.Unit, l.Year)
			if u == nil || err != nil {
				continue // told when it was taken in
			}
			out[l.Year][u.Number] = append(out[l.Year][u.Number], check.LedgerFigure{Ledger: l.Name, Code: e.Code, Value: e.Value, Where: e.Where})
		}
	}
	return out
}
