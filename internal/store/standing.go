package store

import (
	"context"
	"encoding/json"
	"slices"

	"mingjing/internal/disclosure"
)

// standing completes a report's row: it carries every code that an older row
// of the report has, and when it takes a revision back (退回, 撤回, 撤销), the
// approved revision that stands then is written once more before it.
func (w *writer) standing(ctx context.Context, r *row, exists bool, earlier []*row) ([]*row, error) {
	if r.Kind != string(KindReport) {
		return nil, nil
	}
	former, err := w.formerCodes(ctx, r, exists, earlier)
	if err != nil {
		return nil, err
	}
	r.carry(former)
	if r.Approved != drop && r.Provisional != drop || r.Status == string(StatusWithdrawn) {
		return nil, nil
	}
	if r.Approved == keep {
		submitted, err := w.isSubmitted(ctx, r, exists, earlier)
		if err != nil {
			return nil, err
		}
		if !submitted { // what is approved, or nothing, stands as provisional already
			r.Provisional = keep
			return nil, nil
		}
	}
	state, err := w.standingState(ctx, r, exists, earlier)
	if err != nil || state == nil {
		return nil, err
	}
	restored, err := newRow(Entry{Kind: KindReport, ID: r.ID, Verb: VerbRestore, State: state})
	if err != nil {
		return nil, err
	}
	restored.carry(former)
	if r.Approved == keep { // came back: what is approved is in force as it was
		restored.Approved = keep
	}
	r.Approved, r.Provisional = keep, keep
	return []*row{restored}, nil
}

// isSubmitted tells whether the report stood as submitted before r: only then
// is a revision that was not approved what the provisional basis shows.
func (w *writer) isSubmitted(ctx context.Context, r *row, exists bool, earlier []*row) (bool, error) {
	for _, e := range slices.Backward(earlier) {
		if e.Kind == r.Kind && e.ID == r.ID {
			return e.Status == string(StatusSubmitted), nil
		}
	}
	if !exists {
		return false, nil
	}
	rows, err := w.store.db.Query(named(ctx, "standing", nil), question("standing", ""), keyParameters(r.key())...)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	var status string
	for rows.Next() {
		if err := rows.Scan(&status); err != nil {
			return false, err
		}
	}
	return status == string(StatusSubmitted), rows.Err()
}

// formerCodes are the codes that the report's last rows carry.
func (w *writer) formerCodes(ctx context.Context, r *row, exists bool, earlier []*row) ([]string, error) {
	var out []string
	for _, e := range earlier {
		if e.Kind == r.Kind && e.ID == r.ID {
			out = append(out, e.Codes...)
		}
	}
	if !exists {
		return out, nil
	}
	rows, err := w.store.db.Query(named(ctx, "former codes", nil), question("former_codes", ""),
		parameters("units", []uint32{r.Unit}, "years", []uint16{r.Year})...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var k keyColumns
		var codes []string
		if err := rows.Scan(k.targets(&codes)...); err != nil {
			return nil, err
		}
		if k.key() == r.key() {
			out = append(out, codes...)
		}
	}
	return out, rows.Err()
}

// carry adds codes that the row lacks, as missing.
func (r *row) carry(codes []string) {
	seen := make(map[string]bool, len(r.Codes))
	for _, c := range r.Codes {
		seen[c] = true
	}
	for _, c := range codes {
		if !seen[c] {
			seen[c] = true
			r.Codes, r.Kinds, r.Values = append(r.Codes, c), append(r.Kinds, kindMissing), append(r.Values, nil)
		}
	}
}

// standingState is the approved revision that is in force once r is appended,
// nil when there is none.
func (w *writer) standingState(ctx context.Context, r *row, exists bool, earlier []*row) (*ReportState, error) {
	type step struct {
		seq      uint64 // 0 for a row of the same act
		state    string
		revision int
		status   Status
	}
	var steps []step
	if exists {
		history, err := w.store.Revisions(ctx, r.key())
		if err != nil {
			return nil, err
		}
		for _, h := range history {
			steps = append(steps, step{seq: h.Seq, revision: h.Revision, status: h.Status})
		}
	}
	for _, e := range earlier {
		if e.Kind == r.Kind && e.ID == r.ID {
			steps = append(steps, step{state: e.State, revision: int(e.Revision), status: Status(e.Status)})
		}
	}
	steps = append(steps, step{revision: int(r.Revision), status: Status(r.Status)})
	var approved []step // by rising approval; the last one is in force
	for _, s := range steps {
		if s.status == StatusWithdrawn {
			approved = nil
		}
		if s.status != StatusApproved && s.status != StatusRevoked {
			continue
		}
		approved = slices.DeleteFunc(approved, func(a step) bool { return a.revision == s.revision })
		if s.status == StatusApproved {
			approved = append(approved, s)
		}
	}
	if len(approved) == 0 {
		return nil, nil
	}
	top := approved[len(approved)-1]
	if top.seq != 0 {
		reports, err := w.store.collectReports(ctx, []uint64{top.seq})
		if err != nil {
			return nil, err
		}
		if len(reports) != 1 {
			return nil, disclosure.Errorf(disclosure.ErrInternal, "找不到报告以前通过的版本。")
		}
		return &reports[0].ReportState, nil
	}
	state := &ReportState{}
	return state, json.Unmarshal([]byte(top.state), state)
}
