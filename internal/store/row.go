package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"mingjing/internal/disclosure"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"
)

// row is a row of the log. The columns from Unit on are empty but for reports;
// Unit is filled for units too, and Unit and Year for whatever concerns them.
type row struct {
	Seq            uint64
	Act            string
	Time           time.Time
	Actor, Address string
	Kind, ID       string
	Seen           uint64
	Verb           string
	State          string

	Unit          uint32
	Year          uint16
	Quarter       uint8
	Family, Scope string
	Form          string
	Revision      uint32
	Status        string
	Historic      bool
	Approved      string // keep, put or drop
	Provisional   string
	Codes, Kinds  []string
	Values        []*decimal.Decimal
}

// What a row does to a projection of its report.
const (
	keep = "keep"
	put  = "put"
	drop = "drop"
)

const kindMissing = "missing" // a code of the family that the report does not have

const logColumns = "seq, act, time, actor, address, kind, id, seen, verb, state, unit, year, quarter, family, scope, form, " +
	"revision, status, historic, approved, provisional, codes, kinds, values"

func (r *row) append(b driver.Batch) error {
	return b.Append(r.Seq, r.Act, r.Time, r.Actor, r.Address, r.Kind, r.ID, r.Seen, r.Verb, r.State, r.Unit, r.Year, r.Quarter,
		r.Family, r.Scope, r.Form, r.Revision, r.Status, r.Historic, r.Approved, r.Provisional, r.Codes, r.Kinds, r.Values)
}

// key is the report's key; of rows of reports only.
func (r *row) key() ReportKey { return keyOf(r.Unit, r.Year, r.Quarter, r.Family, r.Scope) }

// size is about what the row takes in memory, in bytes.
func (r *row) size() int { return 512 + len(r.State) + 48*len(r.Codes) }

// insertRows sends rows to the log as one block: all or nothing.
func (s *Store) insertRows(ctx context.Context, rows []*row) error {
	batch, err := s.db.PrepareBatch(ctx, "INSERT INTO log ("+logColumns+")")
	if err != nil {
		return err
	}
	defer batch.Close()
	for _, r := range rows {
		if err := r.append(batch); err != nil {
			return fmt.Errorf("row %d: %w", r.Seq, err)
		}
	}
	return batch.Send()
}

// newRow makes the row of an entry, without seq, act, time and actor.
// Errors: ErrInvalid for a state that its kind cannot have.
func newRow(e Entry) (*row, error) {
	r := &row{Kind: string(e.Kind), ID: e.ID, Seen: e.Seen, Verb: string(e.Verb), Approved: keep, Provisional: keep}
	if e.Kind == "" || e.Kind == KindAct || e.ID == "" || e.Verb == "" {
		return nil, disclosure.Errorf(disclosure.ErrInternal, "写入的记录缺少类别、编号或动作。")
	}
	switch state := e.State.(type) {
	case ReportState:
		return r, r.report(&state)
	case *ReportState:
		return r, r.report(state)
	case disclosure.Unit:
		return r, r.aboutUnit(&state)
	case *disclosure.Unit:
		return r, r.aboutUnit(state)
	}
	if e.Kind == KindReport || e.Kind == KindUnit {
		return nil, disclosure.Errorf(disclosure.ErrInternal, "写入的记录与类别“%s”不符。", e.Kind)
	}
	r.Unit, r.Year = uint32(e.Unit), uint16(e.Year)
	return r, r.setState(e.State)
}

func (r *row) setState(state any) error {
	data, err := json.Marshal(state)
	if err != nil {
		return disclosure.Errorf(disclosure.ErrInternal, "写入的记录不能保存。").Because(err)
	}
	r.State = string(data)
	return nil
}

func (r *row) aboutUnit(u *disclosure.Unit) error {
	if r.Kind != string(KindUnit) || u.Number == 0 || r.ID != UnitEntityID(u.Number) {
		return disclosure.Errorf(disclosure.ErrInternal, "单位记录的编号不对。")
	}
	r.Unit = uint32(u.Number)
	return r.setState(u)
}

func (r *row) report(state *ReportState) error {
	k := state.Key
	if r.Kind != string(KindReport) || r.ID != k.EntityID() {
		return disclosure.Errorf(disclosure.ErrInternal, "报告记录的编号不对。")
	}
	if err := k.validate(); err != nil {
		return err
	}
	r.Unit, r.Year, r.Quarter = uint32(k.Unit), uint16(k.Period.Year), uint8(k.Period.Quarter)
	r.Family, r.Scope, r.Form = k.Family, string(k.Scope), state.FormID
	r.Revision, r.Status, r.Historic = uint32(state.Revision), string(state.Status), state.Historic
	switch state.Status {
	case StatusSubmitted:
		r.Provisional = put
	case StatusApproved:
		r.Approved, r.Provisional = put, put
	case StatusReturned, StatusDraft, StatusReview:
		r.Provisional = drop // if a submission put it there, see writer.standing
	case StatusRevoked, StatusWithdrawn:
		r.Approved, r.Provisional = drop, drop
	default:
		return disclosure.Errorf(disclosure.ErrInternal, "报告的状态“%s”不能写入。", state.Status)
	}
	if err := r.setCells(state.Cells, nil); err != nil {
		return err
	}
	return r.setState(state)
}

// setCells fills the arrays: every code of the family, the cells' own codes
// and the former ones, so that no figure of an older revision outlives it.
func (r *row) setCells(cells map[disclosure.Code]disclosure.Cell, former []string) error {
	codes := make([]disclosure.Code, 0, len(cells)+64)
	seen := make(map[disclosure.Code]bool, len(cells)+64)
	add := func(c disclosure.Code) {
		if !seen[c] {
			seen[c] = true
			codes = append(codes, c)
		}
	}
	for _, def := range disclosure.FamilyCells(r.Family) {
		add(def.Code)
	}
	for c := range cells {
		add(c)
	}
	for _, c := range former {
		add(disclosure.Code(c))
	}
	r.Codes, r.Kinds, r.Values = make([]string, len(codes)), make([]string, len(codes)), make([]*decimal.Decimal, len(codes))
	for i, c := range codes {
		r.Codes[i], r.Kinds[i] = string(c), kindMissing
		cell, ok := cells[c]
		if !ok {
			continue
		}
		r.Kinds[i] = string(cell.Kind)
		switch cell.Kind {
		case disclosure.CellNumber:
			if err := storable(cell.Value); err != nil {
				return disclosure.Errorf(disclosure.ErrInvalid, "%s 的数值 %s 不能保存:小数最多4位,整数最多14位。", disclosure.LabelOf(c), cell.Value).Because(err)
			}
			value := cell.Value
			r.Values[i] = &value
		case disclosure.CellBlank, disclosure.CellSlash, disclosure.CellUnread:
		default:
			return disclosure.Errorf(disclosure.ErrInternal, "%s 的单元格类型“%s”不能保存。", disclosure.LabelOf(c), cell.Kind)
		}
	}
	return nil
}

var largest = decimal.New(1, 14) // Decimal(18,4) holds 14 digits before the point

// storable refuses what Decimal(18,4) would round or cut off.
func storable(v decimal.Decimal) error {
	if !v.Truncate(4).Equal(v) {
		return fmt.Errorf("%s has more than 4 decimal places", v)
	}
	if v.Abs().GreaterThanOrEqual(largest) {
		return fmt.Errorf("%s has more than 14 digits", v)
	}
	return nil
}
