package office

import (
	"context"
	"fmt"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/shopspring/decimal"
)

// CompareQuery asks for one indicator over units and years. Filter.Year is the
// year that is ranked; nil Years mean all years with reports.
type CompareQuery struct {
	Filter
	Code  disclosure.Code
	Years []disclosure.Year
}

// Comparison is an indicator of units x years.
type Comparison struct {
	Query     CompareQuery
	Choices   Choices
	Indicator Indicator
	Years     []disclosure.Year // rising
	// Groups hold the units by 考核分组: ranks count within a group only.
	Groups []RankGroup
}

// RankGroup is a group's units, ranked first, then those without a rank.
type RankGroup struct {
	Name string // "" when the district made no groups
	// Scope is the one that most of the group's reports have in the ranked
	// year. Reports of another scope are shown, marked, and not ranked.
	Scope disclosure.Scope
	Rows  []RankRow
}

// RankRow is one unit. A Rank of 0 is none.
type RankRow struct {
	Unit     *disclosure.Unit
	Rank     int
	Tied     bool
	LastRank int
	LastTied bool
	Values   map[disclosure.Year]Value
	// OtherScope: the ranked year's report is of another scope than the group's.
	OtherScope bool
	// SplitFrom are units that this one was split off from: their history is
	// nobody's alone and is not carried over.
	SplitFrom []string
}

// Compare answers the compare page. Error: ErrForbidden.
func (o *Office) Compare(ctx context.Context, v people.Visitor, q CompareQuery) (*Comparison, error) {
	// A rank among the units that somebody happens to see is no rank.
	if err := demandBasis(v, q.Basis, 0); err != nil {
		return nil, err
	}
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	if err := q.Filter.reach(v, units, ""); err != nil {
		return nil, err
	}
	return cached(ctx, o, fmt.Sprintf("compare %#v", q), func() (*Comparison, error) { return o.compare(ctx, q) })
}

func (o *Office) compare(ctx context.Context, q CompareQuery) (*Comparison, error) {
	ind, err := IndicatorByCode(q.Code)
	if err != nil {
		return nil, err
	}
	base, err := o.scene(ctx, &q.Filter)
	if err != nil {
		return nil, err
	}
	page := &Comparison{Query: q, Choices: base.choices, Indicator: ind, Years: q.Years}
	if len(page.Years) == 0 {
		page.Years = slices.Clone(base.years)
	}
	if q.Year != 0 && !slices.Contains(page.Years, q.Year) {
		page.Years = append(page.Years, q.Year)
	}
	slices.Sort(page.Years)
	page.Years = slices.Compact(page.Years)
	units := q.units(base.units.list)
	if len(page.Years) == 0 || takesNone(units) {
		return page, nil
	}
	asked := page.Years
	if !slices.Contains(asked, q.Year-1) {
		asked = append(slices.Clone(asked), q.Year-1)
	}
	figures, err := o.store.Figures(ctx, store.FigureQuery{Basis: q.Basis, Codes: ind.Codes(), Years: asked,
		Units: withPredecessors(base.units, units, q.only)})
	if err != nil {
		return nil, err
	}
	index := newFigureIndex(figures)
	index.carryOver(base.units, q.Year, asked)
	_, waiting, err := o.standing(ctx, q.Filter)
	if err != nil {
		return nil, err
	}
	page.Groups = rankGroups(base.units, q.Filter, ind, asked, index, waiting)
	return page, nil
}

// ScopeIn is the scope that a year's value is compared under: what the report
// says, and what the unit list says for a report that does not. "" without a
// report.
func (r *RankRow) ScopeIn(y disclosure.Year) disclosure.Scope {
	key := r.Values[y].Report
	switch {
	case key == nil:
		return ""
	case key.Scope == disclosure.ScopeUnknown:
		return r.Unit.In(y).Scope
	}
	return key.Scope
}

func rankGroups(units *unitIndex, f Filter, ind Indicator, years []disclosure.Year, figures figureIndex, waiting map[disclosure.UnitNumber]bool) []RankGroup {
	byGroup := map[string][]RankRow{}
	for i := range units.list {
		u := &units.list[i]
		if !f.includes(u) {
			continue
		}
		row := RankRow{Unit: u, Values: map[disclosure.Year]Value{}, SplitFrom: units.splitFrom(u.Number)}
		for _, y := range years {
			row.Values[y] = figures.value(u.Number, y, ind)
		}
		if v := row.Values[f.Year]; v.State == StateMissing {
			if !f.expects(u) {
				continue
			}
			if waiting[u.Number] {
				v.State = StateWaiting
				row.Values[f.Year] = v
			}
		}
		g := u.In(f.Year).Group
		byGroup[g] = append(byGroup[g], row)
	}
	out := []RankGroup{}
	names := sortedKeys(byGroup)
	if len(names) > 0 && names[0] == "" {
		names = append(names[1:], "") // units in no group come last
	}
	for _, name := range names {
		g := RankGroup{Name: name, Rows: byGroup[name]}
		g.Scope = commonScope(g.Rows, f.Year)
		g.rank(ind, f.Year)
		out = append(out, g)
	}
	return out
}

func commonScope(rows []RankRow, y disclosure.Year) disclosure.Scope {
	count := map[disclosure.Scope]int{}
	best, most := disclosure.ScopeAgency, 0
	for _, r := range rows {
		if r.Values[y].Report != nil {
			count[r.ScopeIn(y)]++
		}
	}
	for _, s := range []disclosure.Scope{disclosure.ScopeAgency, disclosure.ScopeLevel, disclosure.ScopeRegion, disclosure.ScopeUnknown} {
		if count[s] > most {
			best, most = s, count[s]
		}
	}
	return best
}

// rank gives ranks, equal values the same one (1, 2, 2, 4), and puts the rows
// in order.
func (g *RankGroup) rank(ind Indicator, y disclosure.Year) {
	for i := range g.Rows {
		if g.Rows[i].Values[y].Report != nil {
			g.Rows[i].OtherScope = g.Rows[i].ScopeIn(y) != g.Scope
		}
	}
	if ind.Ranked {
		ranks, tied := g.ranksIn(y)
		lastRanks, lastTied := g.ranksIn(y - 1)
		for i := range g.Rows {
			g.Rows[i].Rank, g.Rows[i].Tied = ranks[i], tied[i]
			g.Rows[i].LastRank, g.Rows[i].LastTied = lastRanks[i], lastTied[i]
		}
	}
	slices.SortStableFunc(g.Rows, func(a, b RankRow) int {
		x, z := a.Values[y], b.Values[y]
		if x.OK() != z.OK() {
			if x.OK() {
				return -1
			}
			return 1
		}
		if x.OK() {
			if a.OtherScope != b.OtherScope {
				if b.OtherScope {
					return -1
				}
				return 1
			}
			if d := z.Number.Cmp(x.Number); d != 0 {
				return d
			}
		}
		return byOrder(a.Unit, b.Unit)
	})
}

func (g *RankGroup) ranksIn(y disclosure.Year) (ranks []int, tied []bool) {
	ranks, tied = make([]int, len(g.Rows)), make([]bool, len(g.Rows))
	order := []int{}
	for i, r := range g.Rows {
		if v := r.Values[y]; v.OK() && v.Report != nil && r.ScopeIn(y) == g.Scope {
			order = append(order, i)
		}
	}
	number := func(i int) decimal.Decimal { return g.Rows[i].Values[y].Number }
	slices.SortFunc(order, func(a, b int) int { return number(b).Cmp(number(a)) })
	for place, i := range order {
		ranks[i] = place + 1
		if before := place - 1; before >= 0 && number(order[before]).Equal(number(i)) {
			ranks[i], tied[i], tied[order[before]] = ranks[order[before]], true, true
		}
	}
	return ranks, tied
}

// figureIndex finds figures by unit, year and code.
type figureIndex struct {
	figures map[unitYear]map[disclosure.Code]store.Figure
	carried map[unitYear]carried
}

type unitYear struct {
	unit disclosure.UnitNumber
	year disclosure.Year
}

func newFigureIndex(figures []store.Figure) figureIndex {
	idx := figureIndex{figures: map[unitYear]map[disclosure.Code]store.Figure{}, carried: map[unitYear]carried{}}
	for _, f := range figures {
		if f.Quarter != 0 {
			continue // the pages compare years
		}
		key := unitYear{f.Unit, f.Year}
		if idx.figures[key] == nil {
			idx.figures[key] = map[disclosure.Code]store.Figure{}
		}
		idx.figures[key][f.Code] = f
	}
	return idx
}

// value computes an indicator of one unit's report; StateMissing when there is
// no report.
func (idx figureIndex) value(u disclosure.UnitNumber, y disclosure.Year, ind Indicator) Value {
	cells := idx.figures[unitYear{u, y}]
	if len(cells) == 0 {
		return Value{State: StateMissing, Code: ind.Code, Percent: ind.Percent, Ratio: ind.measure != nil}
	}
	v := ind.value(func(c disclosure.Code) (store.Figure, bool) { f, ok := cells[c]; return f, ok })
	v.Carried, v.LeftOut = idx.carried[unitYear{u, y}].added, idx.carried[unitYear{u, y}].leftOut
	for _, f := range cells {
		v.Report = &store.ReportKey{Unit: f.Unit, Period: disclosure.Period{Year: y}, Family: familyOf(ind), Scope: f.Scope}
		break
	}
	return v
}

func familyOf(ind Indicator) string {
	if _, form, ok := disclosure.LookupCode(ind.Codes()[0]); ok {
		return form.Family
	}
	return disclosure.FamilyNational
}

// IndicatorGroup is a heading in the list of things to compare.
type IndicatorGroup struct {
	Name       string
	Indicators []Indicator
}

// Indicators lists everything that can be compared, under headings: derived
// measures, subtotals, then the form's cells by table and column, newest
// version first.
func Indicators() []IndicatorGroup {
	out := []IndicatorGroup{{Name: "派生指标"}, {Name: "表三小计"}}
	add := func(name string, code disclosure.Code) {
		ind, err := IndicatorByCode(code)
		if err != nil {
			return
		}
		for i := range out {
			if out[i].Name == name {
				out[i].Indicators = append(out[i].Indicators, ind)
				return
			}
		}
		out = append(out, IndicatorGroup{Name: name, Indicators: []Indicator{ind}})
	}
	for _, m := range disclosure.Measures() {
		add("派生指标", m.Code)
	}
	for _, s := range Subtotals() {
		add("表三小计", s.Code)
	}
	seen := map[disclosure.Code]bool{}
	for _, form := range disclosure.Forms() {
		cells := form.Cells()
		newest := slices.IndexFunc(disclosure.Forms(), func(f *disclosure.Form) bool { return f.Family == form.Family })
		// The totals are what people look for first.
		slices.SortStableFunc(cells, func(a, b disclosure.CellDef) int { return totalFirst(a) - totalFirst(b) })
		for _, def := range cells {
			if seen[def.Code] {
				continue
			}
			seen[def.Code] = true
			name := def.Table.Name
			if _, byColumn := totalColumn(def.Block); byColumn {
				name += "·" + def.Column.FullLabel()
			}
			if _, current := disclosure.Forms()[newest].Cell(def.Code); !current {
				name += "(" + form.Version + "年版)"
			}
			add(name, def.Code)
		}
	}
	return out
}

func totalFirst(d disclosure.CellDef) int {
	if key, ok := totalColumn(d.Block); ok && key == d.Column.Key {
		return 0
	}
	return 1
}
