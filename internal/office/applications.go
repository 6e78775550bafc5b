package office

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/intake/gather"
	"mingjing/internal/ledger"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// The unit's ledger of applications (依申请公开台账) fills table 三. The file
// itself is never kept: what is stored are the rows that internal/ledger leaves,
// days, codes and places, without names, numbers of persons or free text.

// applications is what is kept of a unit's ledger for a year.
type applications struct {
	Unit   disclosure.UnitNumber `json:"unit"`
	Period disclosure.Period     `json:"period"`
	Format string                `json:"format"`
	// Bytes is the sha256 of the file, which is not kept: erased content is told by it.
	Bytes  string         `json:"bytes,omitempty"`
	Ledger *ledger.Ledger `json:"ledger"`
	By     string         `json:"by"`
	Time   time.Time      `json:"time"`
	Taken  time.Time      `json:"taken,omitzero"` // into the draft, last
}

// ApplicationsPage is a unit's ledger with table 三 as it counts.
type ApplicationsPage struct {
	Sitting *Sitting
	Form    *disclosure.Form
	MayFile bool
	Closed  string // why the draft takes nothing now
	// Seq is what a change gives as seen; 0 when there is no ledger yet.
	Seq    uint64
	Ledger *ledger.Ledger
	Count  *ledger.Count
	By     string
	Time   time.Time
	Taken  time.Time
	// Cells are the cells of table 三 that the ledger counts otherwise than the
	// draft holds.
	Cells []CellDifference
	// InMemory: the file is still at hand, so that columns can be settled anew.
	InMemory bool
	// Late are the rows whose answer is or was overdue.
	Late []ledger.Row
}

func applicationsID(unit disclosure.UnitNumber, period disclosure.Period) string {
	return fmt.Sprintf("applications/%d/%s", unit, period)
}

func ledgerMappingID(unit disclosure.UnitNumber) string {
	return fmt.Sprintf("ledger_mapping/%d", unit)
}

// Applications shows a unit's ledger and what it counts. Errors: as OpenSitting.
func (o *Office) Applications(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period) (*ApplicationsPage, error) {
	s, err := o.OpenSitting(ctx, v, unit, period)
	if err != nil {
		return nil, err
	}
	page := &ApplicationsPage{Sitting: s, Form: disclosure.FormByID(s.Content.Forms[0].Form), MayFile: mayFile(v, unit) == nil}
	if _, err := filing.Next(s.State, filing.Save); err != nil {
		page.Closed = fmt.Sprintf("本单位%s年的报告现在是“%s”,要先撤回或退回,台账才能带入草稿。", period, filing.Names[s.State])
	}
	kept, seq, err := o.applicationsOf(ctx, unit, period)
	if err != nil || kept == nil {
		return page, err
	}
	page.Seq, page.Ledger, page.Time, page.Taken, page.By = seq, kept.Ledger, kept.Time, kept.Taken, o.PersonName(ctx, kept.By)
	page.Count = kept.Ledger.Count()
	page.InMemory = o.ledgers.at(applicationsID(unit, period), o.clock()) != nil
	for _, r := range append(slices.Clone(page.Count.Rows), page.Count.Undecided...) {
		if r.Overdue != nil {
			page.Late = append(page.Late, r)
		}
	}
	for _, def := range page.Form.Cells() {
		counted, ok := page.Count.Cells[def.Code]
		if !ok {
			continue
		}
		cells, _, has := s.peek(def.Code)
		if mine := cells[def.Code]; has && !sameCell(mine, counted) {
			page.Cells = append(page.Cells, CellDifference{Code: def.Code, Label: def.Label(), Mine: Typed(mine), Theirs: Typed(counted)})
		}
	}
	return page, nil
}

func (o *Office) applicationsOf(ctx context.Context, unit disclosure.UnitNumber, period disclosure.Period) (*applications, uint64, error) {
	e, err := o.store.State(ctx, store.KindLedger, applicationsID(unit, period))
	if disclosure.CodeOf(err) == disclosure.ErrNotFound && err != nil {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	kept := &applications{}
	if err := json.Unmarshal(e.State, kept); err != nil {
		return nil, 0, disclosure.Errorf(disclosure.ErrInternal, "台账的记录损坏,请重新上传台账。").Because(err)
	}
	if kept.Ledger == nil {
		return nil, e.Seq, nil // removed
	}
	return kept, e.Seq, kept.Ledger.Equip(nil, nil)
}

// ReadLedger reads a unit's ledger of applications and keeps its rows, without
// anything private. A mapping that was settled for the unit before is applied.
// Errors: ErrForbidden, ErrInvalid with a sentence on the file (ErrIsReport).
func (o *Office) ReadLedger(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, name string, data []byte, act string) error {
	if _, err := o.OpenSitting(ctx, v, unit, period); err != nil {
		return err
	}
	if err := mayFile(v, unit); err != nil {
		return err
	}
	if done, err := o.actDone(ctx, v, act, store.KindLedger); err != nil || done {
		return err
	}
	// The name goes no further than the reader: people name files after applicants.
	switch name = plainName(name); {
	case len(data) == 0:
		return disclosure.Errorf(disclosure.ErrInvalid, "没有选择文件,或文件是空的;请选择依申请公开台账。")
	case len(data) > gather.MaxFileBytes:
		return gather.TooLarge(name)
	case o.readers == nil:
		return disclosure.Errorf(disclosure.ErrUnavailable, "本机没有启用文件读取,请在网页上填报,或联系管理员。")
	}
	sum := sha256.Sum256(data)
	bytes := hex.EncodeToString(sum[:])
	if err := o.refuseErased(bytes); err != nil {
		return err
	}
	doc, err := o.readers.Document(ctx, name, data)
	if err != nil {
		return err
	}
	var mapping ledger.Mapping
	seen, err := o.setting(ctx, ledgerMappingID(unit), &mapping)
	if err != nil {
		return err
	}
	opts := o.ledgerOptions(period)
	if seen != 0 {
		opts.Mapping = &mapping
	}
	l, err := ledger.Read(doc, opts)
	if err != nil {
		return o.orReport(ctx, name, data, err)
	}
	o.ledgers.hold(applicationsID(unit, period), doc, o.clock())
	return o.keepApplications(ctx, v, applications{Unit: unit, Period: period, Format: doc.Format, Bytes: bytes, Ledger: l}, act, 0)
}

func (o *Office) ledgerOptions(period disclosure.Period) ledger.Options {
	return ledger.Options{Year: period.Year, Today: calendar.DayOf(o.clock())}
}

// keepApplications appends how a ledger stands; seen 0 is whatever stands now.
func (o *Office) keepApplications(ctx context.Context, v people.Visitor, a applications, act string, seen uint64) error {
	id := applicationsID(a.Unit, a.Period)
	if seen == 0 {
		var err error
		if seen, err = o.lastSeqOf(ctx, store.KindLedger, id); err != nil {
			return err
		}
	}
	verb := store.VerbChange
	if seen == 0 {
		verb = store.VerbCreate
	}
	a.By, a.Time = v.Account, o.clock()
	return o.append(ctx, v, act, store.Entry{Kind: store.KindLedger, ID: id, Verb: verb, Seen: seen, State: a, Unit: a.Unit, Year: a.Period.Year})
}

// ColumnRole is what a person says a column of a ledger holds: "role" or
// "role/KEY" for columns of marks.
type ColumnRole struct {
	Head   string // its fingerprint
	Column int
	Role   string
}

// MapLedger reads the ledger anew with columns as a person settled them, and
// remembers that for the unit. Errors: ErrConflict (the file is no longer at
// hand; changed meanwhile), ErrInvalid.
func (o *Office) MapLedger(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, seen uint64, roles []ColumnRole, yearOfDays disclosure.Year, act string) error {
	kept, err := o.ledgerToChange(ctx, v, unit, period, seen, act)
	if err != nil || kept == nil {
		return err
	}
	id := applicationsID(unit, period)
	doc := o.ledgers.at(id, o.clock())
	if doc == nil {
		return disclosure.Errorf(disclosure.ErrConflict, "为保护个人信息,原文件没有保存,现在已不在内存中;请重新选择台账文件,再确认各栏。")
	}
	mapping := kept.Ledger.Mapping
	mapping.YearOfDays = yearOfDays
	mapping.Heads = slices.Clone(mapping.Heads)
	for i := range mapping.Heads {
		head := &mapping.Heads[i]
		head.Columns = slices.Clone(head.Columns)
		for j := range head.Columns {
			c := &head.Columns[j]
			at := slices.IndexFunc(roles, func(r ColumnRole) bool { return r.Head == head.Fingerprint && r.Column == c.Column })
			if at < 0 {
				continue
			}
			role, key, _ := strings.Cut(roles[at].Role, "/")
			c.Role, c.Key, c.Confidence, c.Why = ledger.Role(role), key, 1, ""
		}
	}
	if err := mapping.Validate(); err != nil {
		return err
	}
	opts := o.ledgerOptions(period)
	opts.Mapping = &mapping
	l, err := ledger.Read(doc, opts)
	if err != nil {
		return err
	}
	for _, r := range kept.Ledger.Rows {
		if r.Decision != nil {
			_ = l.Decide(r.ID, *r.Decision) // a row that is no longer one has nothing to be decided
		}
	}
	remembered := mapping
	mappingSeen, err := o.setting(ctx, ledgerMappingID(unit), &ledger.Mapping{})
	if err != nil {
		return err
	}
	if err := o.putSetting(ctx, v, ledgerMappingID(unit), remembered, mappingSeen, act+"m"); err != nil {
		return err
	}
	return o.keepApplications(ctx, v, applications{Unit: unit, Period: period, Format: kept.Format, Bytes: kept.Bytes, Ledger: l, Taken: kept.Taken}, act, seen)
}

// ledgerToChange is the ledger for a change; nil when the act was done already.
func (o *Office) ledgerToChange(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, seen uint64, act string) (*applications, error) {
	if _, err := o.OpenSitting(ctx, v, unit, period); err != nil {
		return nil, err
	}
	if err := mayFile(v, unit); err != nil {
		return nil, err
	}
	if done, err := o.actDone(ctx, v, act, store.KindLedger); err != nil || done {
		return nil, err
	}
	kept, seq, err := o.applicationsOf(ctx, unit, period)
	switch {
	case err != nil:
		return nil, err
	case kept == nil:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "还没有上传台账,请先选择台账文件。")
	case seq != seen:
		return nil, disclosure.Errorf(disclosure.ErrConflict, "台账在您打开之后有变化,请刷新页面,看过变化再改。")
	}
	return kept, nil
}
