package check

import (
	"fmt"
	"slices"
	"strings"

	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// aggregates tries AGG-R1 on every member that sums up others by its scope.
func (a *assembly) aggregates() {
	for i, m := range a.members {
		s := m.Report.Scope
		if a.exams[i] != nil && m.Unit != nil && (s == disclosure.ScopeLevel || s == disclosure.ScopeRegion) {
			a.aggregate(i)
		}
	}
}

// summed is the sum of a unit's reports and those below it.
type summed struct {
	totals  map[disclosure.Code]decimal.Decimal
	unknown map[disclosure.Code]bool // a report holds text there, its form has no such cell, or its source, one of figures only, mentions none
	reports int
	missing []string
}

func (a *assembly) aggregate(i int) {
	m, e := a.members[i], a.exams[i]
	s := &summed{totals: map[disclosure.Code]decimal.Decimal{}, unknown: map[disclosure.Code]bool{}}
	if own := a.reportOf(m.Unit.Number, disclosure.ScopeAgency); own >= 0 {
		s.add(e, a.exams[own])
	}
	a.below(s, i, m.Unit.Number, 0)
	if s.reports == 0 {
		return
	}
	var differing []int
	var told []string
	disputesDiffer := false
	for _, c := range e.comparable() {
		code := e.defs[c].Code
		sum := s.totals[code]
		if !e.known(c) || s.unknown[code] || e.valueAt(c).Equal(sum) {
			continue
		}
		if e.defs[c].Table.Key == "T4" {
			disputesDiffer = true
			continue
		}
		differing = append(differing, c)
		if len(told) < 3 && (e.defs[c].Table.Key != "T3" || e.defs[c].Column.Key == "TOT") {
			told = append(told, fmt.Sprintf("%s报%s、各单位之和%s", cellName(e.defs[c]), number(e.valueAt(c)), number(sum)))
		}
	}
	if len(differing) == 0 {
		return
	}
	if len(told) == 0 {
		c := differing[0]
		told = append(told, fmt.Sprintf("%s报%s、各单位之和%s", cellName(e.defs[c]), number(e.valueAt(c)), number(s.totals[e.defs[c].Code])))
	}
	first := differing[0]
	f := Finding{Rule: "AGG-R1", Severity: Explain}
	f.Expected, f.Actual, f.Difference = compare(s.totals[e.defs[first].Code], e.valueAt(first))
	missing := ""
	if len(s.missing) > 0 {
		missing = fmt.Sprintf(";另缺%s的报告未计入", some(s.missing))
	}
	about := ""
	if disputesDiffer {
		about = ";表四也不一致,但同一案件可能同时计入政府和部门,不作判断"
	}
	f.Message = fmt.Sprintf("口径为“%s”,与%d份所辖单位报告之和有%d项不符:%s%s%s,请核对汇总范围和各单位数据,无误的请书面说明。",
		m.Report.Scope, s.reports, len(differing), strings.Join(told, ";"), missing, about)
	e.find(f, differing)
}

// deepest bounds a chain of units, should a list run in circles.
const deepest = 8

// below adds the reports of the counted units under one. 本级汇总 leaves out
// governments and localities; a unit that sums up others itself stands for
// them.
func (a *assembly) below(s *summed, parent int, number disclosure.UnitNumber, depth int) {
	r := a.members[parent].Report
	for u := range a.units {
		child := &a.units[u]
		if child.Parent != number || number == 0 || child.Number == number || !child.In(r.Year()).Counted || !child.ReportsIn(r.Year()) {
			continue
		}
		if r.Scope == disclosure.ScopeLevel && (child.Kind == disclosure.UnitLocality || child.Kind == disclosure.UnitGovernment) {
			continue
		}
		found := -1
		for _, scope := range []disclosure.Scope{disclosure.ScopeRegion, disclosure.ScopeLevel} {
			if found = a.reportOf(child.Number, scope); found >= 0 {
				break
			}
		}
		if found >= 0 {
			s.add(a.exams[parent], a.exams[found])
			continue
		}
		found = a.reportOf(child.Number, disclosure.ScopeAgency)
		if found < 0 {
			found = a.reportOf(child.Number, disclosure.ScopeUnknown)
		}
		if found >= 0 {
			s.add(a.exams[parent], a.exams[found])
		} else {
			s.missing = append(s.missing, child.Display())
		}
		if depth < deepest {
			a.below(s, parent, child.Number, depth+1)
		}
	}
}

// reportOf is the member that is a unit's report of a scope, -1 for none.
func (a *assembly) reportOf(unit disclosure.UnitNumber, scope disclosure.Scope) int {
	return slices.IndexFunc(a.members, func(m Member) bool {
		return m.Unit != nil && m.Unit.Number == unit && m.Report.Scope == scope && !m.Superseded && m.Report.Form != nil &&
			m.Report.Form.Family == disclosure.FamilyNational
	})
}

// add takes a report into the sum, on the cells that the summing report's form
// compares.
func (s *summed) add(to, from *examination) {
	s.reports++
	for _, c := range to.comparable() {
		code := to.defs[c].Code
		at := from.form.Order(code)
		if at == len(from.defs) {
			s.unknown[code] = true
			continue
		}
		if from.kinds[at] == disclosure.CellUnread || from.silent(append([]int{at}, from.details[at]...)) {
			s.unknown[code] = true
		}
		s.totals[code] = s.totals[code].Add(from.valueAt(at))
	}
}

// comparable are the cells that reports are added up by: an alternate in the
// place of the details that it stands for, so that both ways of printing agree.
func (e *examination) comparable() []int {
	var out []int
	for c := range e.defs {
		if _, detail := e.stands[c]; !detail {
			out = append(out, c)
		}
	}
	return out
}

// known says whether the cell, or the details of an alternate, hold a number.
func (e *examination) known(cell int) bool {
	return e.isNumber(cell) || e.numbers(e.details[cell]) > 0
}

// valueAt is a cell's number, an alternate's details' sum, 0 for a blank.
func (e *examination) valueAt(cell int) decimal.Decimal {
	if !e.isNumber(cell) && len(e.details[cell]) > 0 {
		return e.total(e.details[cell])
	}
	return e.total([]int{cell})
}
