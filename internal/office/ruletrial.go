package office

import (
	"context"
	"slices"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// RuleTrial is what a rule of the district's own would find on file.
type RuleTrial struct {
	check.Trial
	Lines []FindingLine // Findings with their units, in the order of units and years
}

// TryLocalRule tries a rule on the latest submitted revisions on file, of the
// years given or of all, before it is switched on. Nothing is kept. Errors:
// ErrForbidden, ErrInvalid.
func (o *Office) TryLocalRule(ctx context.Context, v people.Visitor, def check.LocalRuleDef, years []disclosure.Year, progress func(done, total int)) (*RuleTrial, error) {
	for _, right := range []people.Right{people.Configure, people.SeeFiled} {
		if err := v.Demand(right, 0); err != nil {
			return nil, err
		}
	}
	rule, err := check.ParseLocalRule(def)
	if err != nil {
		return nil, err
	}
	units, err := o.store.Units(ctx)
	if err != nil {
		return nil, err
	}
	book := districtsOf(units)
	lineage, err := o.readLineage(ctx, units)
	if err != nil {
		return nil, err
	}
	heads, err := o.store.Heads(ctx, store.HeadQuery{Basis: store.Provisional, Family: rule.Family})
	if err != nil {
		return nil, err
	}
	standing := map[store.ReportKey]uint64{}
	for _, h := range heads {
		standing[h.Key] = h.Seq
	}
	var items []recheckItem
	for _, h := range heads {
		if years != nil && !slices.Contains(years, h.Key.Period.Year) {
			continue
		}
		before := h.Key
		before.Period.Year-- // quarters are compared with those of the year before
		items = append(items, recheckItem{StaleCheck: store.StaleCheck{Key: h.Key, Seq: h.Seq, LastSeq: standing[before]}})
	}
	trial := &RuleTrial{}
	for from := 0; from < len(items); from += recheckBatch {
		part := items[from:min(from+recheckBatch, len(items))]
		reports, err := o.readRevisions(ctx, part, lineage)
		if err != nil {
			return nil, err
		}
		for _, it := range part {
			r := reports[it.Seq]
			if r == nil {
				continue
			}
			u := book.units[it.Key.Unit]
			var last *disclosure.Report
			if l := reports[it.LastSeq]; l != nil {
				last = namedReport(l, u)
			}
			trial.Add(rule, check.Subject(it.Key), namedReport(r, u), lineage.beforeOf(it.Key, last, reports))
		}
		if progress != nil {
			progress(from+len(part), len(items))
		}
	}
	trial.Sort()
	for _, f := range trial.Findings {
		trial.Lines = append(trial.Lines, FindingLine{Unit: book.units[f.Subject.Unit], Report: store.ReportKey(f.Subject), Finding: f.Finding})
	}
	return trial, nil
}
