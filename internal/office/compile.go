package office

import (
	"context"
	"fmt"
	"slices"

	"mingjing/internal/calendar"
	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// CompileFilter says which report is put together: a government's, for a year,
// over a scope. Zero values: the year that is reported on now, the first
// government within reach, 全域.
type CompileFilter struct {
	Year       disclosure.Year
	Government disclosure.UnitNumber
	Scope      disclosure.Scope
	// Provisional takes submitted reports in as well; the result is 暂定.
	Provisional bool
}

// Compilation is a district's report summed figure by figure out of its units'.
// It is shared: callers must not change it.
type Compilation struct {
	Filter      CompileFilter
	Government  *disclosure.Unit
	Governments []*disclosure.Unit // that the visitor can choose from
	Form        *disclosure.Form
	// Sum is the report in the government's name; Cells say what each of its
	// figures rests on.
	Sum     *disclosure.Report
	Cells   map[disclosure.Code]CompiledCell
	Members []CompiledUnit
	// Missing units count and have no report that may be summed; of those,
	// Waiting have handed one in that is not approved.
	Missing, Waiting []*disclosure.Unit
	// MergedBy are units that print (六)其他处理 as one row: the sum does too.
	MergedBy []string
	// Findings are what tables 三 and 四 break on the sum, with the units that
	// break the same rule themselves.
	Findings []CompiledFinding
	Annexes  []CompiledAnnex
	// Facts are sentences for part one, out of the local tables' sums.
	Facts []string
	// Own is the government's own filed report of the scope, nil for none.
	Own         *store.StoredReport
	Differences []CompiledDifference
	// MayTake: the visitor may put the sum into the government's draft.
	MayTake bool
}

// CompiledCell is what a summed figure rests on.
type CompiledCell struct{ Numbers, Blank, Unread, Absent int }

// CompiledUnit is a unit in the sum.
type CompiledUnit struct {
	Unit        *disclosure.Unit
	Report      *disclosure.Report
	Key         store.ReportKey
	Provisional bool
}

// CompiledFinding is a rule that the sum breaks.
type CompiledFinding struct {
	check.Finding
	Units []string // that break the rule themselves
}

// CompiledAnnex is a local table summed over the units that filed it.
type CompiledAnnex struct {
	Sum     *disclosure.Report
	Members []CompiledUnit
	Cells   map[disclosure.Code]CompiledCell
}

// CompiledDifference is a figure in which the government's own report differs
// from the sum (AGG-R1).
type CompiledDifference struct {
	Code              disclosure.Code
	Label             string
	Own, Sum          string
	DisputesMayDouble bool // table 四: one case may count twice, nothing is asserted
}

// CompileScopes are the scopes that can be compiled, the default first.
var CompileScopes = []disclosure.Scope{disclosure.ScopeRegion, disclosure.ScopeLevel}

// Compile sums a district's report out of its units' approved ones. Errors:
// ErrForbidden (no government within reach; provisional figures of others),
// ErrInvalid, ErrNotFound.
func (o *Office) Compile(ctx context.Context, v people.Visitor, f CompileFilter) (*Compilation, error) {
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	if f.Year == 0 {
		f.Year = calendar.FilingYear(o.clock())
	}
	if f.Scope == "" {
		f.Scope = disclosure.ScopeRegion
	}
	form := disclosure.FormFor(disclosure.FamilyNational, f.Year)
	switch {
	case form == nil:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "%s年没有适用的年度报告表单,请核对年份。", f.Year)
	case !slices.Contains(CompileScopes, f.Scope):
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "汇总范围只能选“全域”或“本级汇总”。")
	}
	var governments []*disclosure.Unit
	for i := range units.list {
		if u := &units.list[i]; u.Kind == disclosure.UnitGovernment && u.MergedInto == 0 && v.May(people.SeeProgress, u.Number) {
			governments = append(governments, u)
		}
	}
	if len(governments) == 0 {
		if v.Anywhere(people.SeeProgress) {
			return nil, disclosure.Errorf(disclosure.ErrForbidden, "您的辖区里没有“政府”类单位,不能汇总区政府年报;请先在单位名单中设置,或由全区的审核员办理。")
		}
		return nil, v.Demand(people.SeeProgress, 0)
	}
	if f.Government == 0 {
		f.Government = governments[0].Number
	}
	at := slices.IndexFunc(governments, func(u *disclosure.Unit) bool { return u.Number == f.Government })
	if at < 0 {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有这个政府单位,或它不在您的辖区,请从列表中选择。")
	}
	if f.Provisional {
		if err := v.Demand(people.SeeFiled, f.Government); err != nil {
			return nil, err
		}
	}
	c, err := cached(ctx, o, fmt.Sprintf("compile %+v", f), func() (*Compilation, error) { return o.compile(ctx, f, units, governments[at], form) })
	if err != nil {
		return nil, err
	}
	out := *c
	out.Governments = governments
	out.MayTake = v.May(people.Supervise, f.Government) || v.May(people.FileReport, f.Government)
	if out.Own != nil && out.Own.Status != store.StatusApproved && !v.May(people.SeeFiled, f.Government) {
		out.Own, out.Differences = nil, nil
	}
	return &out, nil
}

// compileSources are a family's reports of a year that may be summed, without
// their prose.
type compileSources map[disclosure.UnitNumber][]*store.StoredReport

func (s compileSources) of(unit disclosure.UnitNumber, scopes ...disclosure.Scope) *store.StoredReport {
	for _, scope := range scopes {
		for _, r := range s[unit] {
			if r.Key.Scope == scope {
				return r
			}
		}
	}
	return nil
}

func (o *Office) compileSources(ctx context.Context, basis store.Basis, year disclosure.Year) (map[string]compileSources, error) {
	return cached(ctx, o, fmt.Sprintf("compile sources %s %s", basis, year), func() (map[string]compileSources, error) {
		out := map[string]compileSources{}
		for r, err := range o.store.Reports(ctx, store.HeadQuery{Basis: basis, Years: []disclosure.Year{year}}) {
			if err != nil {
				return nil, err
			}
			if r.Key.Period.Quarter != 0 {
				continue
			}
			r.Prose, r.Sources = nil, nil
			if out[r.Key.Family] == nil {
				out[r.Key.Family] = compileSources{}
			}
			out[r.Key.Family][r.Key.Unit] = append(out[r.Key.Family][r.Key.Unit], r)
		}
		return out, nil
	})
}

func (o *Office) compile(ctx context.Context, f CompileFilter, units *unitIndex, government *disclosure.Unit, form *disclosure.Form) (*Compilation, error) {
	basis := store.Approved
	if f.Provisional {
		basis = store.Provisional
	}
	sources, err := o.compileSources(ctx, basis, f.Year)
	if err != nil {
		return nil, err
	}
	c := &Compilation{Filter: f, Government: government, Form: form}
	g := gathering{filter: f, units: units, sources: sources[disclosure.FamilyNational]}
	if own := g.sources.of(government.Number, disclosure.ScopeAgency); own != nil {
		g.take(government, own)
	}
	g.below(government.Number, 0)
	c.Members, c.Missing = g.members, g.missing
	if err := o.whoWaits(ctx, c); err != nil {
		return nil, err
	}
	var merged []string
	c.Sum, c.Cells, merged = sumOf(government, f, form, c.Members)
	c.MergedBy = merged
	if err := o.examineSum(ctx, c); err != nil {
		return nil, err
	}
	for _, family := range sortedKeys(sources) {
		annex := disclosure.FormFor(family, f.Year)
		if family == disclosure.FamilyNational || annex == nil || annex.Subject != disclosure.SubjectUnit {
			continue
		}
		part := CompiledAnnex{}
		for _, m := range c.Members {
			if r := sources[family].of(m.Unit.Number, m.Key.Scope, disclosure.ScopeAgency, disclosure.ScopeUnknown); r != nil {
				part.Members = append(part.Members, CompiledUnit{Unit: m.Unit, Report: r.Report(m.Unit.Name), Key: r.Key, Provisional: r.Status != store.StatusApproved})
			}
		}
		if len(part.Members) > 0 {
			part.Sum, part.Cells, _ = sumOf(government, f, annex, part.Members)
			c.Annexes = append(c.Annexes, part)
			c.Facts = append(c.Facts, part.facts()...)
		}
	}
	c.Sum.Prose, c.Sum.HasProse = compiledProse(form, c.Facts), true
	return c, o.compareOwn(ctx, c)
}

// gathering picks the reports that a sum holds, as AGG-R1 does: the
// government's own agency, then the counted units below it; 本级汇总 leaves out
// localities and governments; a unit that sums others up itself stands for them.
type gathering struct {
	filter  CompileFilter
	units   *unitIndex
	sources compileSources
	members []CompiledUnit
	missing []*disclosure.Unit
}

// deepestUnit bounds the descent, should the list run in circles.
const deepestUnit = 8

func (g *gathering) below(parent disclosure.UnitNumber, depth int) {
	for i := range g.units.list {
		u := &g.units.list[i]
		if u.Parent != parent || u.Number == parent || u.Unconfirmed || !u.ReportsIn(g.filter.Year) || !u.In(g.filter.Year).Counted {
			continue
		}
		if g.filter.Scope == disclosure.ScopeLevel && (u.Kind == disclosure.UnitLocality || u.Kind == disclosure.UnitGovernment) {
			continue
		}
		if r := g.sources.of(u.Number, disclosure.ScopeRegion, disclosure.ScopeLevel); r != nil {
			g.take(u, r)
			continue
		}
		if r := g.sources.of(u.Number, disclosure.ScopeAgency, disclosure.ScopeUnknown); r != nil {
			g.take(u, r)
		} else {
			g.missing = append(g.missing, u)
		}
		if depth < deepestUnit {
			g.below(u.Number, depth+1)
		}
	}
}

func (g *gathering) take(u *disclosure.Unit, r *store.StoredReport) {
	g.members = append(g.members, CompiledUnit{Unit: u, Report: r.Report(u.Name), Key: r.Key, Provisional: r.Status != store.StatusApproved})
}

// whoWaits tells apart, of the missing, those whose report waits for approval.
func (o *Office) whoWaits(ctx context.Context, c *Compilation) error {
	if c.Filter.Provisional || len(c.Missing) == 0 {
		return nil
	}
	heads, err := o.store.Heads(ctx, store.HeadQuery{Basis: store.Provisional, Family: disclosure.FamilyNational, Years: []disclosure.Year{c.Filter.Year}})
	if err != nil {
		return err
	}
	for _, u := range c.Missing {
		if slices.ContainsFunc(heads, func(h store.ReportHead) bool { return h.Key.Unit == u.Number }) {
			c.Waiting = append(c.Waiting, u)
		}
	}
	return nil
}

// examineSum tries the sums of tables 三 and 四 on the sum, and on the units
// whenever one breaks.
func (o *Office) examineSum(ctx context.Context, c *Compilation) error {
	rules, err := o.ruleSet(ctx)
	if err != nil {
		return err
	}
	broken := func(r *disclosure.Report, u *disclosure.Unit) []check.Finding {
		plain := *r
		plain.HasProse, plain.Prose = false, nil
		return slices.DeleteFunc(rules.Report(u, &plain, check.Before{}), func(f check.Finding) bool {
			return !slices.Contains([]string{"T3-R1", "T3-R2", "T3-R3", "T4-R1"}, f.Rule) || f.Severity == check.NotAssessable
		})
	}
	byRule := map[string][]string{}
	for _, f := range broken(c.Sum, c.Government) {
		c.Findings = append(c.Findings, CompiledFinding{Finding: f})
	}
	if len(c.Findings) == 0 {
		return nil
	}
	for _, m := range c.Members {
		for _, f := range broken(m.Report, m.Unit) {
			if !slices.Contains(byRule[f.Rule], m.Unit.Display()) {
				byRule[f.Rule] = append(byRule[f.Rule], m.Unit.Display())
			}
		}
	}
	for i := range c.Findings {
		c.Findings[i].Units = byRule[c.Findings[i].Rule]
	}
	return nil
}

// compareOwn holds the government's own filed report against the sum.
func (o *Office) compareOwn(ctx context.Context, c *Compilation) error {
	own, err := o.store.ReportAtStanding(ctx, store.ReportKey{Unit: c.Government.Number, Period: disclosure.Period{Year: c.Filter.Year}, Family: disclosure.FamilyNational, Scope: c.Filter.Scope})
	if disclosure.CodeOf(err) == disclosure.ErrNotFound && err != nil {
		return nil
	}
	if err != nil || own.Status == store.StatusWithdrawn || own.Status == store.StatusDraft {
		return err
	}
	c.Own = own
	filed := own.Report(c.Government.Name)
	for _, def := range c.Form.AllCells() {
		a, aOK := memberValue(filed, def)
		b, bOK := memberValue(c.Sum, def)
		if !aOK || !bOK || a.Equal(b) || def.Alternate && filed.Cells[def.Code].Kind == "" && c.Sum.Cells[def.Code].Kind == "" {
			continue
		}
		c.Differences = append(c.Differences, CompiledDifference{Code: def.Code, Label: def.Label(), Own: a.String(), Sum: b.String(), DisputesMayDouble: def.Table.Key == "T4"})
	}
	return nil
}
