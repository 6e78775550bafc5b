package office

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/store"
)

// Beside reports, files and drafts a unit's year has records that hold content
// of their own: the rows of its ledger of applications, what was read of a
// published page, the scan of a sealed copy. One is erased with everything that
// it ever was in the log, and with the files that it names.

// erasableKinds are the kinds of such records.
var erasableKinds = []store.EntityKind{store.KindLedger, store.KindPublication, store.KindSeal}

// AskedRecord names a record to be erased.
type AskedRecord struct {
	Kind store.EntityKind `json:"kind"`
	ID   string           `json:"id"`
	// Revision is the report's, of the scan of a sealed copy.
	Revision int `json:"revision,omitempty"`
}

// Name is how a form names the record.
func (r AskedRecord) Name() string { return string(r.Kind) + " " + r.ID }

// ErasableRecord is a record of a unit's year, with how often it was changed.
type ErasableRecord struct {
	AskedRecord
	Changes int
	Time    time.Time // of the last one
}

// recordState is what the states of those kinds have in common.
type recordState struct {
	Unit     disclosure.UnitNumber `json:"unit"` // 0 once erased
	Revision int                   `json:"revision"`
	// Bytes is the sha256 of a ledger's file, which itself was never kept.
	Bytes string `json:"bytes"`
}

// erasableRecords are those among the entries of a unit's year, the oldest first.
func erasableRecords(entries []store.LogEntry, year disclosure.Year) []ErasableRecord {
	var out []ErasableRecord
	for _, e := range entries {
		var s recordState
		if e.Year != year || !slices.Contains(erasableKinds, e.Kind) || json.Unmarshal(e.State, &s) != nil || s.Unit == 0 {
			continue
		}
		at := slices.IndexFunc(out, func(r ErasableRecord) bool { return r.Kind == e.Kind && r.ID == e.ID })
		if at < 0 {
			at, out = len(out), append(out, ErasableRecord{AskedRecord: AskedRecord{Kind: e.Kind, ID: e.ID, Revision: s.Revision}})
		}
		out[at].Changes++
		out[at].Time = e.Time
	}
	return out
}

// choose turns the names that a form gave into the records of the request.
func (ask *ErasureAsk) choose(there []ErasableRecord) error {
	ask.Records = nil
	for _, name := range ask.RecordNames {
		at := slices.IndexFunc(there, func(r ErasableRecord) bool { return r.Name() == name })
		if at < 0 {
			return disclosure.Errorf(disclosure.ErrNotFound, "选定的记录不存在或已清除,请刷新后重新选择。")
		}
		ask.Records = append(ask.Records, there[at].AskedRecord)
	}
	return nil
}

// addRecords puts the rows of the records and the files that they name to an
// erasure, as they are when it is confirmed.
func (o *Office) addRecords(ctx context.Context, order *store.Erasure, records []AskedRecord) error {
	for _, r := range records {
		entries, err := o.store.Entries(ctx, store.EntryFilter{Kind: r.Kind, ID: r.ID, Limit: mostOfUnit, States: true})
		if err != nil {
			return err
		}
		for _, e := range entries {
			var s recordState
			if json.Unmarshal(e.State, &s) != nil || s.Unit == 0 {
				continue
			}
			order.Seqs = append(order.Seqs, e.Seq)
			sums := []string{s.Bytes}
			for _, m := range namedFile.FindAllStringSubmatch(string(e.State), -1) {
				sums = append(sums, m[1])
			}
			for _, sum := range sums {
				if sum != "" && !slices.Contains(order.Files, sum) {
					order.Files = append(order.Files, sum)
				}
			}
		}
		if r.Kind == store.KindLedger {
			o.ledgers.drop(r.ID)
		}
	}
	return nil
}

// refuseErased refuses content that was erased before, by its hash.
func (o *Office) refuseErased(sum string) error {
	if o.store.FileErased(strings.ToLower(sum)) {
		return store.ErasedContent()
	}
	return nil
}
