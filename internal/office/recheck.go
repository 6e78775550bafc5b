package office

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"time"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/store"
)

// recheckBatch bounds how many reports, each with its predecessor, are held in
// memory at once; a district is never parted for it.
const recheckBatch = 500

// Recheck runs the rules over every report whose last outcome is missing or
// rests on an older revision of it, of its predecessor, or of the rules, and
// over the other reports of its district and year, whose sums and likenesses
// it may have changed. It returns how many reports wanted checking; progress
// may be nil.
func (o *Office) Recheck(ctx context.Context, progress func(done, total int)) (int, error) {
	x, err := o.examiner(ctx)
	if err != nil {
		return 0, err
	}
	stale, err := x.stale(ctx)
	if err != nil || len(stale) == 0 {
		return 0, err
	}
	done := 0
	for _, part := range byFamilyAndYear(stale) {
		items := make([]recheckItem, len(part))
		for i, c := range part {
			items[i] = recheckItem{StaleCheck: c, stale: true}
		}
		if items, err = x.withNeighbours(ctx, items); err != nil {
			return done, err
		}
		err := x.recheckItems(ctx, items, func(it recheckItem, _ *store.StoredReport, _ []check.Finding) {
			if !it.stale {
				return
			}
			if done++; progress != nil && (done%recheckBatch == 0 || done == len(stale)) {
				progress(done, len(stale))
			}
		})
		if err != nil {
			return done, err
		}
	}
	o.runs.checked.Add(int64(len(stale)))
	return len(stale), nil
}

// byFamilyAndYear parts reports that no rule compares, oldest year first.
func byFamilyAndYear(stale []store.StaleCheck) [][]store.StaleCheck {
	type familyYear struct {
		year   disclosure.Year
		family string
	}
	groups := map[familyYear][]store.StaleCheck{}
	for _, c := range stale {
		k := familyYear{c.Key.Period.Year, c.Key.Family}
		groups[k] = append(groups[k], c)
	}
	var keys []familyYear
	for k := range groups {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b familyYear) int {
		if a.year != b.year {
			return int(a.year - b.year)
		}
		return bytes.Compare([]byte(a.family), []byte(b.family))
	})
	out := make([][]store.StaleCheck, len(keys))
	for i, k := range keys {
		out[i] = groups[k]
	}
	return out
}

// recheckItem is a revision to be checked.
type recheckItem struct {
	store.StaleCheck
	stale bool
	// had are the findings on file; nil when there are none yet.
	had json.RawMessage
	// superseded: a later revision of the report has been submitted.
	superseded bool
	// apart is last year's revision of another scope where there is none of the
	// same, 0 for none: it is not compared, and that is said.
	apart uint64
}

// fewDistricts is up to how many districts are asked for by their units; the
// reports of more are read whole.
const fewDistricts = 20

// withNeighbours adds the reports on file of the same districts and year, and
// marks revisions that a later one supersedes. All items are of one family and
// year.
func (x *examiner) withNeighbours(ctx context.Context, items []recheckItem) ([]recheckItem, error) {
	key := items[0].Key
	if key.Family != disclosure.FamilyNational {
		return items, nil
	}
	touched := map[district]bool{}
	known := map[uint64]bool{}
	for _, it := range items {
		touched[x.districts.of(it.Key.Unit)] = true
		known[it.Seq] = true
	}
	q := store.HeadQuery{Family: key.Family, Years: []disclosure.Year{key.Period.Year}}
	if len(touched) <= fewDistricts {
		for d := range touched {
			q.Units = append(q.Units, x.districts.members[d]...)
		}
	}
	latest := map[uint64]bool{}
	for _, basis := range []store.Basis{store.Provisional, store.Approved} {
		q.Basis = basis
		rows, err := x.office.store.Checks(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if !known[row.Seq] && row.Rules == x.version(row.Key) && touched[x.districts.of(row.Key.Unit)] {
				known[row.Seq] = true
				items = append(items, recheckItem{StaleCheck: store.StaleCheck{Key: row.Key, Seq: row.Seq, LastSeq: row.LastSeq}, had: row.Findings})
			}
		}
	}
	q.Basis = store.Provisional
	heads, err := x.office.store.Heads(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, h := range heads {
		latest[h.Seq] = true
	}
	for i := range items {
		items[i].superseded = !latest[items[i].Seq]
	}
	return items, nil
}

// recheckItems checks items of one family and year, district by district, and
// keeps what is new. each is told of every item.
func (x *examiner) recheckItems(ctx context.Context, items []recheckItem, each func(recheckItem, *store.StoredReport, []check.Finding)) error {
	if err := x.ofAnotherScope(ctx, items); err != nil {
		return err
	}
	of := func(it recheckItem) district { return x.districts.of(it.Key.Unit) }
	slices.SortStableFunc(items, func(a, b recheckItem) int { return of(a).compare(of(b)) })
	for from := 0; from < len(items); {
		to := from
		for to < len(items) && (to-from < recheckBatch || of(items[to]) == of(items[to-1])) {
			to++
		}
		reports, err := x.office.readRevisions(ctx, items[from:to], x.lineage)
		if err != nil {
			return err
		}
		var rows []store.CheckRow
		for from < to {
			next := from
			for next < to && of(items[next]) == of(items[from]) {
				next++
			}
			found, err := x.recheckDistrict(items[from:next], reports, each)
			if err != nil {
				return err
			}
			rows = append(rows, found...)
			from = next
		}
		if err := x.office.store.PutChecks(ctx, rows); err != nil {
			return err
		}
	}
	return nil
}

func (o *Office) readRevisions(ctx context.Context, items []recheckItem, lineage *lineage) (map[uint64]*store.StoredReport, error) {
	seqs := make([]uint64, 0, 2*len(items))
	for _, c := range items {
		seqs = append(seqs, c.Seq)
		if c.LastSeq != 0 {
			seqs = append(seqs, c.LastSeq)
		}
		if c.apart != 0 {
			seqs = append(seqs, c.apart)
		}
		merged, _ := lineage.before(c.Key)
		for _, p := range merged {
			if p.seq != 0 {
				seqs = append(seqs, p.seq)
			}
		}
	}
	slices.Sort(seqs)
	reports := make(map[uint64]*store.StoredReport, len(seqs))
	for r, err := range o.store.ReportsAt(ctx, slices.Compact(seqs)) {
		if err != nil {
			return nil, err
		}
		reports[r.Seq] = r
	}
	return reports, nil
}

// recheckDistrict checks a district's items of one year and returns the
// outcomes that are not on file.
func (x *examiner) recheckDistrict(items []recheckItem, reports map[uint64]*store.StoredReport, each func(recheckItem, *store.StoredReport, []check.Finding)) ([]store.CheckRow, error) {
	work := make([]check.Work, len(items))
	for i, it := range items {
		u := x.districts.units[it.Key.Unit]
		var last *disclosure.Report
		if r := reports[it.LastSeq]; r != nil {
			last = namedReport(r, u)
		} else if r := reports[it.apart]; r != nil {
			last = namedReport(r, u)
		}
		work[i] = check.Work{Member: check.Member{Report: namedReport(reports[it.Seq], u), Unit: u, Filed: filingTime(reports[it.Seq]), Superseded: it.superseded},
			Before: x.lineage.beforeOf(it.Key, last, reports)}
		if it.Key.Family == disclosure.FamilyNational {
			work[i].Sources = x.sources[it.Key.Period.Year][it.Key.Unit]
		}
	}
	found := x.rules.District(work, x.districts.listed(items[0].Key.Unit))
	var rows []store.CheckRow
	for i, it := range items {
		findings := found[i]
		each(it, reports[it.Seq], findings)
		row := store.CheckRow{Key: it.Key, Seq: it.Seq, LastSeq: it.LastSeq, Rules: x.version(it.Key), CheckedAt: x.office.clock()}
		if err := fillFindings(&row, findings); err != nil {
			return nil, err
		}
		if it.stale || !bytes.Equal(row.Findings, it.had) {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// namedReport is a revision under its unit's name in the list; a report that
// was copied from another unit may print that one's.
func namedReport(r *store.StoredReport, u *disclosure.Unit) *disclosure.Report {
	name := r.UnitText
	if u != nil && !u.Unconfirmed {
		name = u.Name
	}
	return r.Report(name)
}

// filingTime is when a report was handed in: the time of its first revision
// while that awaits approval. An approved revision carries the time of the
// approval, or that of being taken in from files, which say nothing of it.
func filingTime(r *store.StoredReport) time.Time {
	if r.Historic || r.Revision != 1 || r.Status != store.StatusSubmitted {
		return time.Time{}
	}
	return r.Time
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
