package office

import (
	"context"
	"fmt"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// UnitPage is one unit over the years.
type UnitPage struct {
	Unit       *disclosure.Unit
	Parent     *disclosure.Unit
	Successors []*disclosure.Unit
	// Predecessors were merged into the unit or renamed to it: their years are
	// carried over. What it was split off from stands in SplitFrom, and is not.
	Predecessors []*disclosure.Unit
	SplitFrom    []string
	Basis        store.Basis
	Years        []disclosure.Year // rising
	Group        string            // in the latest year
	Peers        int               // like units: same kind and 考核分组, this one left out
	Lines        []UnitLine
	Reports      []ReportLine // latest first
}

// UnitLine is one indicator of the unit over the years, beside its peers.
type UnitLine struct {
	Indicator Indicator
	Values    map[disclosure.Year]Value
	Medians   map[disclosure.Year]PeerMedian
}

// PeerMedian is the median over N like units whose report is of the unit's own
// scope; OtherScope units have a number too, and were left out.
type PeerMedian struct {
	Median     float64
	N          int
	OtherScope int
}

// ReportLine is a report in a list.
type ReportLine struct {
	Head   store.ReportHead
	Errors int
	Others int // findings that are no errors
	// Hidden: the findings are not for the visitor, the counts are empty.
	Hidden bool
}

// UnitIndicators are what the unit page shows, in its order.
func UnitIndicators() []Indicator {
	codes := []disclosure.Code{"T3_NEW_RECEIVED_TOT", "T3_CARRIED_IN_TOT", "T3_RESULT_TOTAL_TOT"}
	codes = append(codes, Outcomes...)
	codes = append(codes, "T3_CARRIED_OUT_TOT")
	for _, m := range disclosure.Measures() {
		codes = append(codes, m.Code)
	}
	codes = append(codes, "T4_REV_TOTAL", "T4_REV_CORRECTED", "T4_LITD_TOTAL", "T4_LITR_TOTAL",
		"T2_NORM_IN_FORCE", "T2_LICENSE_DECISIONS", "T2_PENALTY_DECISIONS", "T2_COERCION_DECISIONS", "T2_FEE_AMOUNT_WAN")
	out := []Indicator{}
	for _, c := range codes {
		if ind, err := IndicatorByCode(c); err == nil {
			out = append(out, ind)
		}
	}
	return out
}

// UnitPage answers a unit's page. How many findings a report has is for who may see
// them. Errors:
// ErrNotFound when there is no such unit, ErrForbidden.
func (o *Office) UnitPage(ctx context.Context, v people.Visitor, number disclosure.UnitNumber, basis store.Basis) (*UnitPage, error) {
	if err := demandBasis(v, basis, number); err != nil {
		return nil, err
	}
	// Another unit's unapproved figures serve only those as a measure who may see them.
	all := v.Everywhere(people.SeeFiled)
	page, err := o.cachedUnitPage(ctx, number, basis, all)
	if err != nil || all {
		return page, err
	}
	own := *page // the answer is shared with other requests
	own.Lines = withoutFewPeers(page.Lines)
	if v.May(people.SeeFindings, number) {
		return &own, nil
	}
	own.Reports = slices.Clone(page.Reports)
	for i := range own.Reports {
		own.Reports[i].Errors, own.Reports[i].Others, own.Reports[i].Hidden = 0, 0, true
	}
	return &own, nil
}

// fewestPeers is over how many reports a median is told to units: over fewer it
// would give single units' figures away.
const fewestPeers = 5

func withoutFewPeers(lines []UnitLine) []UnitLine {
	out := slices.Clone(lines)
	for i := range out {
		medians := make(medianByYear, len(out[i].Medians))
		for y, m := range out[i].Medians {
			if m.N < fewestPeers {
				m.Median, m.N = 0, 0
			}
			medians[y] = m
		}
		out[i].Medians = medians
	}
	return out
}

func (o *Office) cachedUnitPage(ctx context.Context, number disclosure.UnitNumber, basis store.Basis, pendingPeers bool) (*UnitPage, error) {
	return cached(ctx, o, fmt.Sprintf("unit %d %s %t", number, basis, pendingPeers), func() (*UnitPage, error) { return o.unitPage(ctx, number, basis, pendingPeers) })
}

func (o *Office) unitPage(ctx context.Context, number disclosure.UnitNumber, basis store.Basis, pendingPeers bool) (*UnitPage, error) {
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	u := units.byNumber[number]
	if u == nil {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有编号为 %d 的单位,请从单位列表中选择。", number)
	}
	page := &UnitPage{Unit: u, Parent: units.byNumber[u.Parent], Basis: basis}
	for _, s := range u.Successors {
		if next := units.byNumber[s]; next != nil {
			page.Successors = append(page.Successors, next)
		}
	}
	page.Predecessors, page.SplitFrom = units.predecessors(number), units.splitFrom(number)
	if err := o.unitReports(ctx, page); err != nil {
		return nil, err
	}
	if err := o.predecessorYears(ctx, page); err != nil {
		return nil, err
	}
	if len(page.Years) == 0 {
		return page, nil
	}
	return page, o.unitLines(ctx, page, units, pendingPeers)
}

// unitReports fills the reports and years of the unit.
func (o *Office) unitReports(ctx context.Context, page *UnitPage) error {
	one := []disclosure.UnitNumber{page.Unit.Number}
	heads, err := o.store.Heads(ctx, store.HeadQuery{Basis: page.Basis, Units: one})
	if err != nil {
		return err
	}
	checks, err := o.store.Checks(ctx, store.HeadQuery{Basis: page.Basis, Units: one})
	if err != nil {
		return err
	}
	byKey := map[store.ReportKey]store.CheckRow{}
	for _, c := range checks {
		byKey[c.Key] = c
	}
	slices.SortStableFunc(heads, func(a, b store.ReportHead) int {
		if d := int(b.Key.Period.Year) - int(a.Key.Period.Year); d != 0 {
			return d
		}
		if d := b.Key.Period.Quarter - a.Key.Period.Quarter; d != 0 {
			return d
		}
		return nationalFirst(a.Key.Family) - nationalFirst(b.Key.Family)
	})
	for _, h := range heads {
		row := byKey[h.Key]
		page.Reports = append(page.Reports, ReportLine{Head: h, Errors: int(row.Errors), Others: int(row.Explains + row.Notices + row.Untried)})
		page.Years = append(page.Years, h.Key.Period.Year)
	}
	slices.Sort(page.Years)
	page.Years = slices.Compact(page.Years)
	return nil
}

// nationalFirst puts the national report before the local ones of its period.
func nationalFirst(family string) int {
	if family == disclosure.FamilyNational {
		return 0
	}
	return 1
}

func (o *Office) unitLines(ctx context.Context, page *UnitPage, units *unitIndex, pendingPeers bool) error {
	latest := page.Years[len(page.Years)-1]
	page.Group = page.Unit.In(latest).Group
	peers := []disclosure.UnitNumber{}
	for i := range units.list {
		other := &units.list[i]
		if other.Number != page.Unit.Number && other.Kind == page.Unit.Kind && other.In(latest).Group == page.Group && other.ReportsIn(latest) {
			peers = append(peers, other.Number)
		}
	}
	page.Peers = len(peers)
	indicators := UnitIndicators()
	codes := map[disclosure.Code]bool{}
	for _, ind := range indicators {
		for _, c := range ind.Codes() {
			codes[c] = true
		}
	}
	query := store.FigureQuery{Basis: page.Basis, Codes: sortedKeys(codes), Years: page.Years, Units: withPredecessors(units, []disclosure.UnitNumber{page.Unit.Number}, nil)}
	own, err := o.store.Figures(ctx, query)
	if err != nil {
		return err
	}
	figures := newFigureIndex(own)
	figures.carryOver(units, latest, page.Years)
	scopes := map[disclosure.Year]disclosure.Scope{}
	for _, y := range page.Years {
		scopes[y] = page.Unit.In(y).Scope
	}
	for _, f := range own {
		if f.Unit == page.Unit.Number {
			scopes[f.Year] = f.Scope
		}
	}
	query.Units = peers
	if !pendingPeers {
		query.Basis = store.Approved
	}
	medians, err := o.peerMedians(ctx, query, indicators, scopes)
	if err != nil {
		return err
	}
	for _, ind := range indicators {
		line := UnitLine{Indicator: ind, Values: map[disclosure.Year]Value{}, Medians: medians[ind.Code]}
		for _, y := range page.Years {
			line.Values[y] = figures.value(page.Unit.Number, y, ind)
		}
		page.Lines = append(page.Lines, line)
	}
	return nil
}

type medianByYear = map[disclosure.Year]PeerMedian

// peerMedians takes medians over the units of q, in the engine, and only over
// reports of the given scope of the year.
func (o *Office) peerMedians(ctx context.Context, q store.FigureQuery, indicators []Indicator,
	scopes map[disclosure.Year]disclosure.Scope) (map[disclosure.Code]medianByYear, error) {
	out := map[disclosure.Code]medianByYear{}
	if takesNone(q.Units) {
		return out, nil
	}
	parts := []store.MeasureParts{}
	for _, ind := range indicators {
		parts = append(parts, ind.parts())
	}
	rows, err := o.store.Measures(ctx, q, parts)
	for _, r := range rows {
		if out[r.Measure] == nil {
			out[r.Measure] = medianByYear{}
		}
		m := out[r.Measure][r.Year]
		if r.Scope == scopes[r.Year] {
			m.Median, m.N = r.Median, int(r.N)
		} else {
			m.OtherScope += int(r.N)
		}
		out[r.Measure][r.Year] = m
	}
	return out, err
}
