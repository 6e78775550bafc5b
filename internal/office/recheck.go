package office

import (
	"context"
	"encoding/json"
	"slices"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/store"
)

// recheckBatch bounds how many reports, each with its predecessor, are held in
// memory at once.
const recheckBatch = 500

// Recheck runs the rules over every report whose last outcome is missing or
// rests on an older revision of it, of its predecessor, or of the rules. It
// returns how many reports were checked; progress may be nil.
func (o *Office) Recheck(ctx context.Context, progress func(done, total int)) (int, error) {
	stale, err := o.store.StaleChecks(ctx, check.Version)
	if err != nil {
		return 0, err
	}
	for done := 0; done < len(stale); done += recheckBatch {
		batch := stale[done:min(done+recheckBatch, len(stale))]
		if err := o.recheckBatch(ctx, batch); err != nil {
			return done, err
		}
		if progress != nil {
			progress(done+len(batch), len(stale))
		}
	}
	return len(stale), nil
}

func (o *Office) recheckBatch(ctx context.Context, batch []store.StaleCheck) error {
	seqs := make([]uint64, 0, 2*len(batch))
	for _, c := range batch {
		seqs = append(seqs, c.Seq)
		if c.LastSeq != 0 {
			seqs = append(seqs, c.LastSeq)
		}
	}
	slices.Sort(seqs)
	reports := make(map[uint64]*disclosure.Report, len(seqs))
	for r, err := range o.store.ReportsAt(ctx, slices.Compact(seqs)) {
		if err != nil {
			return err
		}
		reports[r.Seq] = r.Report(r.UnitText)
	}
	rows := make([]store.CheckRow, 0, len(batch))
	for _, c := range batch {
		row := store.CheckRow{Key: c.Key, Seq: c.Seq, LastSeq: c.LastSeq, Rules: check.Version, CheckedAt: o.clock()}
		if err := fillFindings(&row, check.Report(reports[c.Seq], reports[c.LastSeq])); err != nil {
			return err
		}
		rows = append(rows, row)
	}
	return o.store.PutChecks(ctx, rows)
}

func fillFindings(row *store.CheckRow, findings []check.Finding) error {
	for _, f := range findings {
		switch f.Severity {
		case check.Error:
			row.Errors++
		case check.Explain:
			row.Explains++
		case check.Notice:
			row.Notices++
		case check.NotAssessable:
			row.Untried++
		}
	}
	if findings == nil {
		findings = []check.Finding{}
	}
	var err error
	row.Findings, err = json.Marshal(findings)
	return err
}
