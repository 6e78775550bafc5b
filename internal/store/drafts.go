package store

import (
	"context"
	"encoding/json"
	"time"

	"mingjing/internal/disclosure"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Draft is what people are still writing for a unit and period. Drafts are not
// in the log: they are saved every few seconds and forgotten once submitted.
type Draft struct {
	Unit    disclosure.UnitNumber `json:"unit"`
	Period  disclosure.Period     `json:"period"`
	Version uint64                `json:"version"` // rising by one a save; in SaveDraft the one seen, 0: none yet
	Person  string                `json:"person"`  // account that saved it
	Name    string                `json:"name"`    // the person's name, as others are shown it
	Time    time.Time             `json:"time"`    // when it was saved or removed
	State   json.RawMessage       `json:"state,omitempty"`
	Removed bool                  `json:"removed,omitempty"`
}

// SaveDraft keeps a new version of a draft and returns it with its number and
// time; what was seen must be what stands. When it returns, the draft survives
// a power cut; saves that wait at the same time share an insert. Errors:
// ErrConflict (somebody else saved since, or the draft was removed),
// ErrUnavailable; after the latter the draft may be saved all the same.
func (s *Store) SaveDraft(ctx context.Context, d Draft) (Draft, error) {
	if d.Unit == 0 || !d.Period.Year.Valid() || !json.Valid(d.State) {
		return d, disclosure.Errorf(disclosure.ErrInvalid, "草稿缺少单位、年度或内容,不能保存。")
	}
	return s.askDrafter(ctx, draftRequest{draft: d})
}

// RemoveDraft forgets the draft of a unit and period; none is no error. What
// was removed can be found for removedDays more, see RemovedDrafts.
func (s *Store) RemoveDraft(ctx context.Context, unit disclosure.UnitNumber, period disclosure.Period) error {
	_, err := s.askDrafter(ctx, draftRequest{draft: Draft{Unit: unit, Period: period, Removed: true}})
	return err
}

// RemoveDraftSeen is RemoveDraft of one version: a draft that was saved since
// stays. Error: ErrConflict.
func (s *Store) RemoveDraftSeen(ctx context.Context, unit disclosure.UnitNumber, period disclosure.Period, version uint64) error {
	_, err := s.askDrafter(ctx, draftRequest{draft: Draft{Unit: unit, Period: period, Version: version, Removed: true}})
	return err
}

// Draft returns the draft as it stands. Error: ErrNotFound.
func (s *Store) Draft(ctx context.Context, unit disclosure.UnitNumber, period disclosure.Period) (Draft, error) {
	if s.drafter != nil {
		if d, ok := s.drafter.mirror.get(draftKey{unit, period}); ok && d.Version == 0 {
			return Draft{}, noDraft()
		} else if ok {
			return d, nil
		}
	}
	rows, err := s.db.Query(named(ctx, "draft", nil), question("draft", ""), draftQuery{unit: unit, period: period}.key()...)
	found, err := collect(rows, err, scanDraft)
	if err != nil {
		return Draft{}, err
	}
	if len(found) == 0 || found[0].Removed {
		return Draft{}, noDraft()
	}
	if s.drafter != nil {
		s.drafter.mirror.found(found[0].Draft)
	}
	return found[0].Draft, nil
}

func noDraft() error {
	return disclosure.Errorf(disclosure.ErrNotFound, "没有草稿,可能已经提交或还没有保存过。")
}

// DraftVersion returns one version of a draft with its state, the removed ones
// included. Error: ErrNotFound when it is not kept any more.
func (s *Store) DraftVersion(ctx context.Context, unit disclosure.UnitNumber, period disclosure.Period, version uint64) (Draft, error) {
	found, err := s.askDrafts(ctx, draftQuery{unit: unit, period: period, version: version, states: true})
	if err != nil {
		return Draft{}, err
	}
	if len(found) == 0 {
		return Draft{}, noDraft()
	}
	return found[0].Draft, nil
}

// DraftVersions returns the versions of a draft that are kept, newest first
// and without state: the last few, and older ones some minutes apart. The first
// is the draft as it stands; none when there is no draft.
func (s *Store) DraftVersions(ctx context.Context, unit disclosure.UnitNumber, period disclosure.Period) ([]Draft, error) {
	rows, err := s.askDrafts(ctx, draftQuery{unit: unit, period: period})
	if err != nil {
		return nil, err
	}
	var out []Draft
	for _, d := range rows {
		if d.Removed { // what lies before was removed with it
			break
		}
		out = append(out, d.Draft)
	}
	return out, nil
}

// Drafts returns the drafts of a year's periods by unit, without state.
func (s *Store) Drafts(ctx context.Context, year disclosure.Year) ([]Draft, error) {
	rows, err := s.askDrafts(ctx, draftQuery{period: disclosure.Period{Year: year}, year: true})
	if err != nil {
		return nil, err
	}
	var out []Draft
	last := draftKey{}
	for _, d := range rows { // newest first in each unit and period
		if d.key() != last && !d.Removed {
			out = append(out, d.Draft)
		}
		last = d.key()
	}
	return out, nil
}

// RemovedDrafts returns the drafts of a unit and period that were removed and
// are still kept, newest first, with their states.
func (s *Store) RemovedDrafts(ctx context.Context, unit disclosure.UnitNumber, period disclosure.Period) ([]Draft, error) {
	rows, err := s.askDrafts(ctx, draftQuery{unit: unit, period: period, removed: true, states: true})
	if err != nil {
		return nil, err
	}
	var out []Draft
	for _, d := range rows {
		out = append(out, d.Draft)
	}
	return out, nil
}

// draftQuery selects rows of drafts.
type draftQuery struct {
	unit    disclosure.UnitNumber
	period  disclosure.Period
	year    bool   // all of the period's year
	all     bool   // all there are
	version uint64 // 0: all
	removed bool   // only removed ones
	states  bool
}

func (q draftQuery) key() []any {
	return parameters("unit", uint32(q.unit), "year", uint16(q.period.Year), "quarter", uint8(q.period.Quarter))
}

func (q draftQuery) parameters() []any {
	return append(q.key(), parameters("all", q.all, "whole_year", q.year, "version", q.version, "removed", q.removed, "states", q.states)...)
}

// draftRow is a draft with the slot in which it lies.
type draftRow struct {
	Draft
	slot uint64
}

type draftKey struct {
	unit   disclosure.UnitNumber
	period disclosure.Period
}

func (d *Draft) key() draftKey { return draftKey{d.Unit, d.Period} }

func (s *Store) askDrafts(ctx context.Context, q draftQuery) ([]draftRow, error) {
	rows, err := s.db.Query(named(ctx, "drafts", nil), question("drafts", ""), q.parameters()...)
	return collect(rows, err, scanDraft)
}

func scanDraft(rows driver.Rows) (draftRow, error) {
	var d draftRow
	var unit uint32
	var year uint16
	var quarter uint8
	var state string
	err := rows.Scan(&unit, &year, &quarter, &d.Removed, &d.slot, &d.Version, &d.Person, &d.Name, &d.Time, &state)
	d.Unit, d.Period = disclosure.UnitNumber(unit), disclosure.Period{Year: disclosure.Year(year), Quarter: int(quarter)}
	if state != "" {
		d.State = json.RawMessage(state)
	}
	return d, err
}

func (s *Store) insertDrafts(ctx context.Context, drafts []draftRow) error {
	batch, err := s.db.PrepareBatch(ctx, "INSERT INTO secret_drafts (unit, year, quarter, removed, slot, version, person, name, time, state)")
	if err != nil {
		return err
	}
	defer batch.Close()
	for _, d := range drafts {
		if err := batch.Append(uint32(d.Unit), uint16(d.Period.Year), uint8(d.Period.Quarter), d.Removed, d.slot, d.Version, d.Person, d.Name, d.Time, string(d.State)); err != nil {
			return err
		}
	}
	return batch.Send()
}
