package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"mingjing/internal/disclosure"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// rowToErase is a row of the log with its state.
type rowToErase struct {
	ErasedRow
	state string
}

func (s *Store) rowsToErase(ctx context.Context, seqs []uint64) ([]rowToErase, error) {
	if seqs == nil {
		seqs = []uint64{}
	}
	rows, err := s.db.Query(named(ctx, "erase", longRun), question("rows_to_erase", ""), parameters("seqs", seqs)...)
	return collect(rows, err, func(rows driver.Rows) (r rowToErase, err error) {
		var kind string
		err = rows.Scan(&r.Seq, &kind, &r.ID, &r.state)
		sum := sha256.Sum256([]byte(r.state))
		r.Kind, r.Hash = EntityKind(kind), hex.EncodeToString(sum[:])
		return r, err
	})
}

// Rows are rewritten some at a time: the new states travel as parameters.
const (
	erasedAtOnce = 20
	erasedBytes  = 128 << 10
)

// eraseRows puts tombstones into the log's rows, and makes anew what was made
// from them.
func (s *Store) eraseRows(ctx context.Context, act string, e *Erased) error {
	if len(e.Rows) == 0 {
		return nil
	}
	var seqs []uint64
	figures := len(e.Parts) == 0 || slices.Contains(e.Parts, EraseValues)
	var remade []string
	kept := map[uint64]json.RawMessage{}
	for _, r := range e.Rows {
		kept[r.Seq] = r.Kept
		seqs = append(seqs, r.Seq)
		if r.Kind != KindReport {
			remade = append(remade, "entity_states")
		} else if figures {
			remade = append(remade, "reports_approved", "reports_provisional", "figures_approved", "figures_provisional")
		}
	}
	rows, err := s.rowsToErase(ctx, seqs)
	if err != nil {
		return err
	}
	var updates []string
	var values []any
	bytes := 0
	flush := func() error {
		if len(updates) == 0 {
			return nil
		}
		err := s.db.Exec(named(ctx, "erase", longRun), "ALTER TABLE log "+strings.Join(updates, ", ")+" SETTINGS mutations_sync = 2", values...)
		updates, values, bytes = nil, nil, 0
		return err
	}
	for _, r := range rows {
		if tombstoneOf(r.state).Act == act { // before the erasure broke off
			continue
		}
		r.Kept = kept[r.Seq]
		state, err := r.tombstone(act, e)
		if err != nil {
			return err
		}
		more := ""
		if r.Kind == KindReport && figures {
			more = ", kinds = arrayMap(k -> 'missing', kinds), values = arrayMap(v -> CAST(NULL, 'Nullable(Decimal(18, 4))'), values)"
		}
		name := fmt.Sprintf("state%d", len(updates))
		updates = append(updates, fmt.Sprintf("UPDATE state = {%s:String}%s WHERE seq = %d", name, more, r.Seq))
		values = append(values, parameters(name, state)...)
		if bytes += len(state); len(updates) >= erasedAtOnce || bytes >= erasedBytes {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	for _, p := range projections {
		if slices.Contains(remade, p.table) {
			if _, err := s.rebuildOne(ctx, p); err != nil {
				return err
			}
		}
	}
	// Findings quote figures and prose, of other units' reports too.
	s.checked.Add(1)
	return s.db.Exec(named(ctx, "erase", longRun), "TRUNCATE TABLE checks "+s.dialect.words()[3])
}

func tombstoneOf(state string) Tombstone {
	var v struct {
		Erased *Tombstone `json:"erased"`
	}
	if json.Unmarshal([]byte(state), &v) != nil || v.Erased == nil { // states of other shapes have none
		return Tombstone{}
	}
	return *v.Erased
}

// tombstone is the row's state without what is to be erased.
func (r *rowToErase) tombstone(act string, e *Erased) (string, error) {
	t := Tombstone{Act: act, Time: e.Ordered, Reason: e.Reason, Admins: e.Admins, Hash: r.Hash}
	state := any(map[string]Tombstone{"erased": t})
	switch {
	case r.Kind == KindReport:
		t.Parts = e.Parts
		if len(t.Parts) == 0 {
			t.Parts = allParts
		}
		report := ReportState{}
		if err := json.Unmarshal([]byte(r.state), &report); err != nil {
			return "", err
		}
		if former := report.Erased; former != nil { // what was erased before stays so
			for _, p := range former.Parts {
				if !slices.Contains(t.Parts, p) {
					t.Parts = append(slices.Clone(t.Parts), p)
				}
			}
		}
		report.erase(t.Parts)
		report.Erased = &t
		state = report
	case len(r.Kept) > 0:
		whole := map[string]json.RawMessage{}
		if err := json.Unmarshal(r.Kept, &whole); err != nil {
			return "", err
		}
		mark, err := json.Marshal(t)
		if err != nil {
			return "", err
		}
		whole["erased"] = mark
		state = whole
	}
	data, err := json.Marshal(state)
	return string(data), err
}

// erasedText stands where text was whose being there still means something.
const erasedText = "(已清除)"

func (r *ReportState) erase(parts []ErasedPart) {
	for _, p := range parts {
		switch p {
		case EraseProse:
			r.Prose, r.Title = nil, ""
		case EraseRemarks:
			cells := make(map[disclosure.Code]disclosure.Cell, len(r.Cells))
			for code, c := range r.Cells {
				cells[code] = disclosure.Cell{Kind: c.Kind, Value: c.Value, Source: c.Source, File: c.File}
			}
			r.Cells = cells
			for i := range r.Explanations {
				r.Explanations[i].Text = erasedText
			}
			if r.WithProblems != "" {
				r.WithProblems = erasedText
			}
			if r.Return != nil {
				r.Return.Reason = erasedText
				for i := range r.Return.Cells {
					r.Return.Cells[i].Reason = erasedText
				}
			}
		case EraseValues:
			r.Cells = nil
		case EraseSources:
			r.Sources, r.Origin, r.UnitText = nil, nil, ""
		}
	}
}
