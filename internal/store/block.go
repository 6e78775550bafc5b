package store

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/klauspost/compress/zstd"
	"github.com/shopspring/decimal"
)

// logBlock is a piece of the log in ClickHouse's format Native, as `clickhouse
// local` and INSERT ... FORMAT Native read it. Enumerations, low-cardinality
// texts and decimals travel as plain strings, which ClickHouse converts.
type logBlock struct {
	seq, seen                           proto.ColUInt64
	act, actor, address, kind, id, verb proto.ColStr
	state, family, scope, form, status  proto.ColStr
	approved, provisional               proto.ColStr
	time                                *proto.ColDateTime64
	unit, revision                      proto.ColUInt32
	year                                proto.ColUInt16
	quarter                             proto.ColUInt8
	historic                            proto.ColBool
	codes, kinds                        *proto.ColArr[string]
	values                              *proto.ColArr[proto.Nullable[string]]
	bytes                               int
}

func newLogBlock() *logBlock {
	return &logBlock{
		time:   new(proto.ColDateTime64).WithPrecision(proto.PrecisionMilli).WithLocation(time.UTC),
		codes:  proto.NewArray(new(proto.ColStr)),
		kinds:  proto.NewArray(new(proto.ColStr)),
		values: proto.NewArray(proto.NewColNullable(new(proto.ColStr))),
	}
}

func (b *logBlock) columns() []proto.InputColumn {
	return []proto.InputColumn{
		{Name: "seq", Data: &b.seq}, {Name: "act", Data: &b.act}, {Name: "time", Data: b.time}, {Name: "actor", Data: &b.actor},
		{Name: "address", Data: &b.address}, {Name: "kind", Data: &b.kind}, {Name: "id", Data: &b.id}, {Name: "seen", Data: &b.seen},
		{Name: "verb", Data: &b.verb}, {Name: "state", Data: &b.state}, {Name: "unit", Data: &b.unit}, {Name: "year", Data: &b.year},
		{Name: "quarter", Data: &b.quarter}, {Name: "family", Data: &b.family}, {Name: "scope", Data: &b.scope}, {Name: "form", Data: &b.form},
		{Name: "revision", Data: &b.revision}, {Name: "status", Data: &b.status}, {Name: "historic", Data: &b.historic},
		{Name: "approved", Data: &b.approved}, {Name: "provisional", Data: &b.provisional},
		{Name: "codes", Data: b.codes}, {Name: "kinds", Data: b.kinds}, {Name: "values", Data: b.values},
	}
}

func (b *logBlock) rows() int { return b.seq.Rows() }

func (b *logBlock) add(r *row) {
	b.seq.Append(r.Seq)
	b.act.Append(r.Act)
	b.time.Append(r.Time)
	b.actor.Append(r.Actor)
	b.address.Append(r.Address)
	b.kind.Append(r.Kind)
	b.id.Append(r.ID)
	b.seen.Append(r.Seen)
	b.verb.Append(r.Verb)
	b.state.Append(r.State)
	b.unit.Append(r.Unit)
	b.year.Append(r.Year)
	b.quarter.Append(r.Quarter)
	b.family.Append(r.Family)
	b.scope.Append(r.Scope)
	b.form.Append(r.Form)
	b.revision.Append(r.Revision)
	b.status.Append(r.Status)
	b.historic.Append(r.Historic)
	b.approved.Append(r.Approved)
	b.provisional.Append(r.Provisional)
	b.codes.Append(r.Codes)
	b.kinds.Append(r.Kinds)
	values := make([]proto.Nullable[string], len(r.Values))
	for i, v := range r.Values {
		if v != nil {
			values[i] = proto.NewNullable(v.String())
		}
	}
	b.values.Append(values)
	b.bytes += r.size()
}

func (b *logBlock) row(i int) (*row, error) {
	r := &row{Seq: b.seq.Row(i), Act: b.act.Row(i), Time: b.time.Row(i), Actor: b.actor.Row(i), Address: b.address.Row(i),
		Kind: b.kind.Row(i), ID: b.id.Row(i), Seen: b.seen.Row(i), Verb: b.verb.Row(i), State: b.state.Row(i),
		Unit: b.unit.Row(i), Year: b.year.Row(i), Quarter: b.quarter.Row(i), Family: b.family.Row(i), Scope: b.scope.Row(i),
		Form: b.form.Row(i), Revision: b.revision.Row(i), Status: b.status.Row(i), Historic: b.historic.Row(i),
		Approved: b.approved.Row(i), Provisional: b.provisional.Row(i), Codes: b.codes.Row(i), Kinds: b.kinds.Row(i)}
	for _, v := range b.values.Row(i) {
		if !v.Set {
			r.Values = append(r.Values, nil)
			continue
		}
		value, err := decimal.NewFromString(v.Value)
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", r.Seq, err)
		}
		r.Values = append(r.Values, &value)
	}
	return r, nil
}

// nativeRevision is the layout of Native in files: no block info, no custom
// serialization.
const nativeRevision = 0

// encode gives the block as a compressed file.
func (b *logBlock) encode() ([]byte, error) {
	var buffer proto.Buffer
	columns := b.columns()
	if err := (proto.Block{Columns: len(columns), Rows: b.rows()}).EncodeRawBlock(&buffer, nativeRevision, columns); err != nil {
		return nil, err
	}
	packer, err := zstd.NewWriter(nil)
	if err != nil {
		return nil, err
	}
	defer packer.Close()
	return packer.EncodeAll(buffer.Buf, nil), nil
}

// decodeLogBlock reads what encode wrote.
func decodeLogBlock(r io.Reader) ([]*row, error) {
	unpacker, err := zstd.NewReader(r)
	if err != nil {
		return nil, err
	}
	defer unpacker.Close()
	data, err := io.ReadAll(unpacker)
	if err != nil {
		return nil, err
	}
	b := newLogBlock()
	var results proto.Results
	for _, c := range b.columns() {
		results = append(results, proto.ResultColumn{Name: c.Name, Data: c.Data.(proto.ColResult)})
	}
	var block proto.Block
	if err := block.DecodeRawBlock(proto.NewReader(bytes.NewReader(data)), nativeRevision, results); err != nil {
		return nil, err
	}
	out := make([]*row, block.Rows)
	for i := range out {
		if out[i], err = b.row(i); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// scanRow reads a row of sql/queries/whole_log.sql.
func scanRow(rows driver.Rows) (*row, error) {
	r := &row{}
	err := rows.Scan(&r.Seq, &r.Act, &r.Time, &r.Actor, &r.Address, &r.Kind, &r.ID, &r.Seen, &r.Verb, &r.State, &r.Unit, &r.Year, &r.Quarter,
		&r.Family, &r.Scope, &r.Form, &r.Revision, &r.Status, &r.Historic, &r.Approved, &r.Provisional, &r.Codes, &r.Kinds, &r.Values)
	return r, err
}
