package office

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"mingjing/internal/anomaly"
	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/store"
)

// matterKinds are the entries that change what matters there are; signing in
// does not.
var matterKinds = []store.EntityKind{store.KindUnit, store.KindReport, store.KindSetting, store.KindMark, store.KindIssue,
	store.KindPublication, store.KindErasure}

// cachedMatters remembers an answer until reports, units, rules, marks or the
// checks change.
func cachedMatters[T any](ctx context.Context, o *Office, key string, ask func() (T, error)) (T, error) {
	var none T
	version, err := o.store.Version(ctx)
	if err != nil {
		return none, err
	}
	version, err = remember(ctx, &o.reads, version, "matters' version", func() (string, error) {
		last, err := o.store.Entries(ctx, store.EntryFilter{Kinds: matterKinds, Newest: true, Limit: 1})
		if err != nil || len(last) == 0 {
			return "0", err
		}
		_, checked, _ := strings.Cut(version, ".")
		return fmt.Sprintf("%d.%s", last[0].Seq, checked), nil
	})
	if err != nil {
		return none, err
	}
	return remember(ctx, &o.matters, version, key, ask)
}

// yearMatters are all matters of a year's reports of all units, the gravest
// first. The answer is shared, and is for nobody's eyes as it is: see seen.
func (o *Office) yearMatters(ctx context.Context, year disclosure.Year, basis store.Basis) ([]Matter, error) {
	return cachedMatters(ctx, o, fmt.Sprintf("matters %s %s", year, basis), func() ([]Matter, error) {
		out, err := o.foundIn(ctx, year, basis)
		if err != nil {
			return nil, err
		}
		if err := o.addFigures(ctx, out, year, basis); err != nil {
			return nil, err
		}
		if out, err = o.addMarks(ctx, out, year, basis); err != nil {
			return nil, err
		}
		slices.SortStableFunc(out, func(a, b Matter) int { return a.compare(&b) })
		return out, nil
	})
}

// foundIn are the findings and anomalies of a year, without what people said.
func (o *Office) foundIn(ctx context.Context, year disclosure.Year, basis store.Basis) ([]Matter, error) {
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	lines, _, err := o.findingLines(ctx, Filter{Year: year, Basis: basis}, units)
	if err != nil {
		return nil, err
	}
	out := make([]Matter, 0, len(lines))
	for _, l := range lines {
		out = append(out, ofFinding(l.Finding, l.Report, l.Unit))
	}
	anomalies, err := o.allAnomalies(ctx, basis)
	if err != nil {
		return nil, err
	}
	for _, a := range anomalies[year] {
		if u := units.byNumber[a.Unit]; u != nil {
			out = append(out, ofAnomaly(a, u))
		}
	}
	return out, nil
}

// allAnomalies are those of all years, out of one pass over the figures.
func (o *Office) allAnomalies(ctx context.Context, basis store.Basis) (map[disclosure.Year][]anomaly.Anomaly, error) {
	return cachedMatters(ctx, o, "anomalies "+string(basis), func() (map[disclosure.Year][]anomaly.Anomaly, error) {
		years, err := o.reportYears(ctx, basis)
		if err != nil || len(years) == 0 {
			return nil, err
		}
		asked := make([]disclosure.Year, len(years))
		for i, y := range years {
			asked[i] = y.Year
		}
		found, _, err := o.anomaliesOf(ctx, basis, asked)
		return found, err
	})
}

// addFigures says of every matter what the unit's own figures are, and what the
// unit explained when it filed.
func (o *Office) addFigures(ctx context.Context, matters []Matter, year disclosure.Year, basis store.Basis) error {
	concerned := map[store.ReportKey][]int{}
	for i := range matters {
		concerned[matters[i].Report] = append(concerned[matters[i].Report], i)
	}
	if len(concerned) == 0 {
		return nil
	}
	heads, err := o.store.Heads(ctx, store.HeadQuery{Basis: basis, Years: []disclosure.Year{year}})
	if err != nil {
		return err
	}
	var seqs []uint64
	for _, h := range heads {
		if len(concerned[h.Key]) > 0 {
			seqs = append(seqs, h.Seq)
		}
	}
	slices.Sort(seqs)
	for r, err := range o.store.ReportsAt(ctx, seqs) {
		if err != nil {
			return err
		}
		for _, i := range concerned[r.Key] {
			m := &matters[i]
			if m.Finding != nil {
				m.Own = check.Basis(*m.Finding, r.Cells)
			} else {
				m.Own = check.OwnFigures(m.Codes, r.Cells)
			}
			m.Explanation = m.explained(r.Explanations)
		}
	}
	return nil
}

// explained is the unit's explanation of a finding in its report.
func (m *Matter) explained(all []store.Explanation) *store.Explanation {
	for i := range all {
		if m.Finding != nil && all[i].Rule == m.Rule && all[i].Aspect == m.Finding.Aspect && slices.Equal(all[i].Codes, m.Codes) && strings.TrimSpace(all[i].Text) != "" {
			return &all[i]
		}
	}
	return nil
}

// addMarks puts what people said on the matters, and adds those that were
// marked and are no longer found.
func (o *Office) addMarks(ctx context.Context, matters []Matter, year disclosure.Year, basis store.Basis) ([]Matter, error) {
	marks, err := o.marks(ctx)
	if err != nil {
		return nil, err
	}
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	for i := range matters {
		m := &matters[i]
		found[m.ID] = true
		if e, ok := marks[m.ID]; ok {
			m.Seen, m.Mark = e.seq, e.Mark
		}
		m.settle()
	}
	if basis != store.Provisional {
		return matters, nil // what stands in a newer revision only is not gone
	}
	filed, err := o.filedKeys(ctx, year, basis)
	if err != nil {
		return nil, err
	}
	for _, id := range sortedKeys(marks) {
		e := marks[id]
		u := units.byNumber[e.About.Report.Unit]
		if found[id] || u == nil || e.About.Report.Period.Year != year || !e.marked() && e.Answer == "" {
			continue
		}
		m := ofMark(id, e.Mark, u)
		m.Seen = e.seq
		if !filed[m.Report] {
			// Whoever marks it meanwhile marks the figures that were marked before.
			m.State, m.Own = MatterAway, orElse(e.Own, e.Answered.Own)
		}
		matters = append(matters, m)
	}
	return matters, nil
}

// filedKeys are the reports of a year that are on file.
func (o *Office) filedKeys(ctx context.Context, year disclosure.Year, basis store.Basis) (map[store.ReportKey]bool, error) {
	heads, err := o.store.Heads(ctx, store.HeadQuery{Basis: basis, Years: []disclosure.Year{year}})
	out := make(map[store.ReportKey]bool, len(heads))
	for _, h := range heads {
		out[h.Key] = true
	}
	return out, err
}

// keptMark is a mark with the seq that the next one gives as seen.
type keptMark struct {
	Mark
	seq uint64
}

// marks are the latest marks by the ID of their matter.
func (o *Office) marks(ctx context.Context) (map[string]keptMark, error) {
	return cachedMatters(ctx, o, "marks", func() (map[string]keptMark, error) {
		entries, err := o.store.States(ctx, store.KindMark)
		if err != nil {
			return nil, err
		}
		out := make(map[string]keptMark, len(entries))
		for _, e := range entries {
			m, err := decodeMark(e)
			if err != nil {
				return nil, err
			}
			out[e.ID] = keptMark{m, e.Seq}
		}
		return out, nil
	})
}
