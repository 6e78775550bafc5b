package office

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// Overview is a year of the whole district, or of a kind or group of units.
type Overview struct {
	Filter  Filter
	Choices Choices
	// Stands counts the units by where their report stands, as the progress page
	// does: 未报, 待单位审核, 待审, 退回 and 已通过 together are Due, all that must report.
	Stands map[ProgressMark]int
	Due    int
	// Expected units have a report to file for the year; Missing are those
	// without one in this basis, in the district's order.
	Expected int
	Reported int
	Missing  []*disclosure.Unit
	// AtUnit are those whose report is with the unit's own reviewer: that is for
	// who may see the progress page, to others they are among the missing.
	AtUnit []*disclosure.Unit
	// Waiting units have handed in a report that is not approved yet, when only
	// approved ones are shown.
	Waiting []*disclosure.Unit
	// Pending reports are submitted and not approved; Summed counts reports of
	// scope 本级汇总 or 全域, which the totals leave out (they hold other units'
	// figures).
	Pending int
	Summed  int
	// Unconfirmed counts the 待确认 entries with a report: their figures are in
	// the sums until somebody says which unit they are.
	Unconfirmed int
	// Years runs from the first year with reports to the last.
	Years    []YearLine
	Findings FindingSummary
}

// YearLine holds what the district's units reported for one year.
type YearLine struct {
	Year        disclosure.Year
	Provisional bool   // contains reports that are not approved
	Reports     uint64 // that hold 本年新收
	Values      map[disclosure.Code]Value
}

// Line returns the line of a year, an empty one when nothing was reported.
func (o *Overview) Line(y disclosure.Year) YearLine {
	for _, l := range o.Years {
		if l.Year == y {
			return l
		}
	}
	return YearLine{Year: y, Values: map[disclosure.Code]Value{}}
}

// Outcomes are the kinds of result of table 三 in printed order.
var Outcomes = []disclosure.Code{"T3_GRANTED_TOT", "T3_PARTIAL_TOT", "D_DENY", "D_UNAVAIL", "D_REJECT", "D_OTHER"}

// Disputes are the groups of table 四, and the outcomes within a group.
var (
	DisputeGroups   = []string{"REV", "LITD", "LITR"}
	DisputeOutcomes = []string{"UPHELD", "CORRECTED", "OTHER", "PENDING", "TOTAL"}
)

// overviewCodes are the indicators of the overview page.
func overviewCodes() []disclosure.Code {
	codes := []disclosure.Code{"T3_NEW_RECEIVED_TOT", "T3_CARRIED_IN_TOT", "T3_RESULT_TOTAL_TOT", "T3_CARRIED_OUT_TOT"}
	codes = append(codes, Outcomes...)
	for _, m := range disclosure.Measures() {
		codes = append(codes, m.Code)
	}
	for _, g := range DisputeGroups {
		for _, o := range DisputeOutcomes {
			codes = append(codes, disclosure.Code("T4_"+g+"_"+o))
		}
	}
	return codes
}

// Overview answers the page of a year. An empty store gives an empty page, not
// an error. Error: ErrForbidden.
func (o *Office) Overview(ctx context.Context, v people.Visitor, f Filter) (*Overview, error) {
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	if err := f.reach(v, units, people.SeeOverview); err != nil {
		return nil, err
	}
	return cached(ctx, o, fmt.Sprintf("overview %#v", f), func() (*Overview, error) { return o.overview(ctx, f) })
}

func (o *Office) overview(ctx context.Context, f Filter) (*Overview, error) {
	base, err := o.scene(ctx, &f)
	if err != nil {
		return nil, err
	}
	page := &Overview{Filter: f, Choices: base.choices}
	if page.Years, err = o.yearLines(ctx, f, base.units); err != nil {
		return nil, err
	}
	if err := o.whoReported(ctx, page, base.units); err != nil {
		return nil, err
	}
	if err := o.whereStands(ctx, page); err != nil {
		return nil, err
	}
	page.Findings, err = o.findingSummary(ctx, f, base.units)
	return page, err
}

// yearLines sums the overview's indicators over the counted units of the
// filter, all years at once: counts in one question, and in another what must
// be reckoned report by report.
func (o *Office) yearLines(ctx context.Context, f Filter, units *unitIndex) ([]YearLine, error) {
	q := store.FigureQuery{Basis: f.Basis, Units: f.units(units.list), CountedOnly: true}
	if takesNone(q.Units) {
		return nil, nil
	}
	indicators, parts := []Indicator{}, []store.MeasureParts{}
	for _, c := range overviewCodes() {
		ind, err := IndicatorByCode(c)
		if err != nil {
			return nil, err
		}
		indicators = append(indicators, ind)
		if ind.adds() {
			q.Codes = append(q.Codes, ind.Codes()...)
		} else {
			parts = append(parts, ind.parts())
		}
	}
	counted, err := o.store.Sums(ctx, q)
	if err != nil {
		return nil, err
	}
	ratios, err := o.store.Measures(ctx, q, parts)
	if err != nil {
		return nil, err
	}
	counts, err := o.reportYears(ctx, f.Basis)
	if err != nil {
		return nil, err
	}
	pending := map[disclosure.Year]bool{}
	for _, c := range counts {
		pending[c.Year] = c.Pending > 0
	}
	byYear := map[disclosure.Year]map[disclosure.Code]store.MeasureSum{}
	add := func(m store.MeasureSum) {
		if byYear[m.Year] == nil {
			byYear[m.Year] = map[disclosure.Code]store.MeasureSum{}
		}
		all := byYear[m.Year][m.Measure] // over the scopes that count
		all.Reports += m.Reports
		all.Numerator, all.Denominator = all.Numerator.Add(m.Numerator), all.Denominator.Add(m.Denominator)
		byYear[m.Year][m.Measure] = all
	}
	for _, c := range counted {
		add(store.MeasureSum{Year: c.Year, Measure: c.Code, Reports: c.Reports, Numerator: c.Sum})
	}
	for _, r := range ratios {
		add(r)
	}
	lines := []YearLine{}
	for _, y := range sortedKeys(byYear) {
		line := YearLine{Year: y, Provisional: pending[y], Reports: byYear[y]["T3_NEW_RECEIVED_TOT"].Reports, Values: map[disclosure.Code]Value{}}
		for _, ind := range indicators {
			sum := byYear[y][ind.Code]
			if ind.adds() {
				sum = store.MeasureSum{}
				for _, c := range ind.Codes() {
					sum.Reports = max(sum.Reports, byYear[y][c].Reports)
					sum.Numerator = sum.Numerator.Add(byYear[y][c].Numerator)
				}
			}
			line.Values[ind.Code] = ind.summed(sum)
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// whoReported tells apart, on either basis, the units whose report is approved
// or counts as such, those whose report waits for approval, and those that have
// handed nothing in.
func (o *Office) whoReported(ctx context.Context, page *Overview, units *unitIndex) error {
	if page.Filter.Year == 0 {
		return nil
	}
	heads, waiting, err := o.standing(ctx, page.Filter)
	if err != nil {
		return err
	}
	filed := map[disclosure.UnitNumber]bool{}
	for _, h := range heads {
		u := units.byNumber[h.Key.Unit]
		if u == nil || !page.Filter.includes(u) {
			continue
		}
		filed[h.Key.Unit] = true
		if h.Status != store.StatusApproved {
			page.Pending++
		}
		if h.Key.Scope == disclosure.ScopeLevel || h.Key.Scope == disclosure.ScopeRegion {
			page.Summed++
		}
	}
	for i := range units.list {
		u := &units.list[i]
		if filed[u.Number] && page.Filter.includes(u) {
			page.Expected++
			page.Reported++
			if u.Unconfirmed {
				page.Unconfirmed++
			}
			continue
		}
		if !page.Filter.expects(u) {
			continue
		}
		page.Expected++
		if waiting[u.Number] {
			page.Waiting = append(page.Waiting, u)
		} else {
			page.Missing = append(page.Missing, u)
		}
	}
	slices.SortFunc(page.Waiting, byOrder)
	slices.SortFunc(page.Missing, byOrder)
	return nil
}

// whereStands counts the units of the page's year by their report's true state;
// what is missing is what the progress page calls 未报.
func (o *Office) whereStands(ctx context.Context, page *Overview) error {
	page.Stands = map[ProgressMark]int{}
	if page.Filter.Year == 0 {
		return nil
	}
	_, lines, err := o.progressLines(ctx, page.Filter.Year)
	if err != nil {
		return err
	}
	page.Missing = nil
	for i := range lines {
		l := &lines[i]
		if !page.Filter.includes(l.Unit) {
			continue
		}
		page.Due++
		for _, m := range []ProgressMark{MarkOpen, MarkReview, MarkSubmitted, MarkReturned, MarkApproved} {
			if l.Is(m) {
				page.Stands[m]++
			}
		}
		if l.Is(MarkOpen) {
			page.Missing = append(page.Missing, l.Unit)
		} else if l.Is(MarkReview) {
			page.AtUnit = append(page.AtUnit, l.Unit)
		}
	}
	slices.SortFunc(page.Missing, byOrder)
	slices.SortFunc(page.AtUnit, byOrder)
	return nil
}

// WithoutProgress is the page for who may not see the progress page: what is
// with a unit's own reviewer has not been handed in.
func (o *Overview) WithoutProgress() *Overview {
	if len(o.AtUnit) == 0 {
		return o
	}
	own := *o // the answer is shared with other requests
	own.Missing = append(slices.Clone(o.Missing), o.AtUnit...)
	slices.SortFunc(own.Missing, byOrder)
	own.AtUnit, own.Stands = nil, maps.Clone(o.Stands)
	own.Stands[MarkOpen] += own.Stands[MarkReview]
	delete(own.Stands, MarkReview)
	return &own
}

// standing returns the national reports of a year on the filter's basis, and
// the units that have handed in a report which that basis does not show yet.
func (o *Office) standing(ctx context.Context, f Filter) ([]store.ReportHead, map[disclosure.UnitNumber]bool, error) {
	q := store.HeadQuery{Basis: store.Provisional, Family: disclosure.FamilyNational, Years: []disclosure.Year{f.Year}}
	submitted, err := o.store.Heads(ctx, q)
	if err != nil || f.Basis == store.Provisional {
		return submitted, nil, err
	}
	q.Basis = f.Basis
	heads, err := o.store.Heads(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	waiting := map[disclosure.UnitNumber]bool{}
	for _, h := range submitted {
		waiting[h.Key.Unit] = true
	}
	for _, h := range heads {
		delete(waiting, h.Key.Unit)
	}
	return heads, waiting, nil
}
